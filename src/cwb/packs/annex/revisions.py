"""Figures published before, beside what the rows say now."""

from __future__ import annotations

from decimal import Decimal

from cwb.base.errors import ConfigError, Fault
from cwb.council.periods import Period
from cwb.council.report_sections import Published
from cwb.packs.measure import Column, Definition, Measured, PackData, Result, Shown, ask, measure
from cwb.packs.questions import PLACE, Fact, Finding, Relation, Thing, count, number
from cwb.packs.registry import pack_of
from cwb.packs.targets import PUBLISHED_PACK
from cwb.sources.tabular import sql_text

# One figure may have been published twice, with different values.
_FIGURE = Thing("source_row", "figure", "published figures")
_DIFFERS = Fact("NOT agrees", "today's figures are known", "The files of the published periods would settle it.")


@measure(
    Definition(
        "published_restated", "Published figures that differ now", "count", "count",
        "Figures published before that the rows no longer give when rounded as they were published.",
    ),
    question="Do the figures agree with those published before?",
    needs=(),
    columns=(
        Column("label", "Figure"),
        Column("period", "Period"),
        Column("published", "Published"),
        Column("now", "Now"),
        Column("agrees", "Agrees"),
        Column("source", "Where published"),
    ),
)  # fmt: skip
def revisions(data: PackData) -> Result:
    """Figures published before, beside what the rows say now.

    One row per figure that was published of this period or of one before it: `label`, `period`, `published`, `now`, `agrees`, `source`. A figure agrees when today's
    value, rounded as the published one was, equals it.
    """
    rows, values = [], []
    for place, figure in enumerate(published_by_then(data), start=1):
        period, finding = Period.parse(figure.period), _recompute(data, figure.finding, figure.period)
        # A year of which the ledger lacks months is no other figure than the one that was published.
        is_part = "spend_lines" in tables_of(finding) and not data.is_whole(period)
        is_comparable = finding.value is not None and finding.is_stated and not is_part
        agrees = _agrees(finding.value or 0.0, figure.value, figure.rounding) if is_comparable else None
        values.append(
            f"({sql_text(f'{finding.label}, {period.label}')}, {'NULL' if agrees is None else str(agrees).upper()}, "
            f"'cwb.toml', '', {place})"
        )
        now = f"{finding}" if finding.value is not None else f"Not known: {finding.undefined}"
        published, word = number(figure.value, finding.unit), {True: "Yes", False: "No", None: "Not known"}[agrees]
        rows.append([finding.label, period.label, published, now, word, figure.source])
    no_figure = None if values else "the settings name no figure published before"
    source = f"""(SELECT CAST(figure AS VARCHAR) AS figure, CAST(agrees AS BOOLEAN) AS agrees, {PLACE}
        FROM (VALUES {", ".join(values)}) AS t(figure, agrees, {PLACE}))"""
    restated = count("published_restated", of=Relation(source, ("published",)), where=_DIFFERS, per=_FIGURE)
    return Result.of(ask(data, restated.unless(no_figure)), rows)


def published_by_then(data: PackData) -> tuple[Published, ...]:
    """The figures of the settings of which a report of this period can speak: one of a later period was not published yet."""
    return tuple(one for one in data.settings.published if Period.parse(one.period).end <= data.period.end)


def tables_of(finding: Finding) -> tuple[str, ...]:
    """The line-level tables that a finding is computed from; none where it has no rows."""
    return finding.question.sources if finding.question is not None else ()


def _agrees(value: float, published: float, step: float) -> bool:
    """Whether a value may have been published so: just between two steps it may have been rounded to either."""
    exact, stated, half = (Decimal(repr(number)) for number in (value, published, step / 2))
    return abs(exact - stated) <= half


def _recompute(data: PackData, finding_id: str, period: str) -> Finding:
    wanted = Period.parse(period)
    try:
        if finding_id == "published_restated":
            raise KeyError(finding_id)
        return pack_of(PUBLISHED_PACK).find(data if wanted == data.period else data.at(wanted), finding_id)
    except KeyError:
        raise ConfigError(
            Fault(
                file=data.settings.file,
                column="[[published]]",
                rule="this finding is not known",
                value=finding_id,
                remedy="Use an id of pack 01, as the list of definitions in the annex gives them.",
            )
        ) from None


@revisions.shown
def exhibit(m: Measured) -> Shown:
    restated = m["published_restated"]
    if not len(m.table):
        title = "No figure published before is named in the settings"
    elif restated.value is None:
        title = "Whether figures published before still hold is not known"
    else:
        title = f"{f'{restated}'.capitalize()} of {len(m.table)} figures published before differ from what the rows say now"
    return Shown(
        title=title,
        subtitle=f"Published figures beside today's, rounded as published. {m.data.settings.council.name}",
        caption="Figures published before, and now",
    )
