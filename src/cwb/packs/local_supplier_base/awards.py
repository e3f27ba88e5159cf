"""How many contracts went to local suppliers, according to notices. Notices and register are never added together."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd

from cwb.charts.tables import Column
from cwb.charts.wording import listed
from cwb.evidence.table_sources import givers_of
from cwb.packs.exhibits import as_reason, bars, counted, or_why, range_sentence, range_text, sentence_case, silent
from cwb.packs.measure import Definition, Measured, PackData, Result, Shown, Undefined, ask, measure
from cwb.packs.questions import AWARD, IS_LOCAL, Finding, Leg, Relation, add_up, bound_below, count, share, total
from cwb.sources.registry import why_absent

VALUE = "coalesce(value_part_gbp, 0)"
_EVERY_VALUE = "The value of each award would settle it."

AWARD_COLUMNS = (
    Column("awards", "Awards", "count"),
    Column("local_awards", "Known to be local", "count"),
    Column("unknown_awards", "Place not known", "count"),
    Column("value_gbp", "Value stated (£)", "gbp"),
    Column("local_value_gbp", "Known to be local (£)", "gbp"),
    Column("without_value", "Without a value", "count"),
)


def awards_by(data: PackData, lines: Relation, group: str) -> pd.DataFrame:
    """One row a group, in the column of that name: `awards`, `local_awards`, `unknown_awards`, `value_gbp`, `local_value_gbp`, `unknown_value_gbp`,
    `without_value`.

    An award is local when one of its suppliers is; its value is divided equally among its suppliers. An award none of
    whose suppliers is known to be local and one of whose places is not known is of unknown place. Pounds are those stated: at least
    so much where an award states none, and None where no award states any.
    """
    legs = [Leg(lines.condition, None, IS_LOCAL), Leg(f"{lines.condition} AND value_gbp IS NULL", None, IS_LOCAL)]
    by_award = add_up(data.engine, lines.source, AWARD, legs, group)
    sql = f"""SELECT {group} AS grp, sum({VALUE}) AS pounds, sum(CASE WHEN is_local THEN {VALUE} ELSE 0 END) AS local,
        sum(CASE WHEN is_local IS NULL THEN {VALUE} ELSE 0 END) AS unknown
        FROM {lines.source} WHERE {lines.condition} GROUP BY {group} ORDER BY {group}"""
    pounds = {row["grp"]: row for row in data.rows(sql)}
    rows = [
        {
            group: name,
            "awards": int(sums.all),
            "local_awards": int(sums.true),
            "unknown_awards": int(sums.unknown_high),
            "value_gbp": _stated(pounds[name]["pounds"], no_value.all),
            "local_value_gbp": _stated(pounds[name]["local"], no_value.true),
            "unknown_value_gbp": _stated(pounds[name]["unknown"], no_value.unknown_high),
            "without_value": int(no_value.all),
        }
        for name, (sums, no_value) in by_award.items()
    ]
    return pd.DataFrame(rows)


def _stated(pounds: Decimal, without: Decimal) -> float | None:
    """Pounds of awards, some of which state none: £0 of these is not known."""
    return None if without and not pounds else float(pounds)


def notices_missing(data: PackData) -> str:
    """Which notices of awards were not supplied, as a clause; "" where those of both publishers were."""
    kinds = [kind for kind in givers_of("award_lines") if not any(file.kept for file in data.lineage.of(kind))]
    return listed(list(map(why_absent, kinds)))


def in_no_notice(data: PackData, what: str) -> str:
    """Why there is no award: the notices hold none, and which of them are missing."""
    missing = notices_missing(data)
    return f"the notices supplied hold {what}" + (f", and {missing}" if missing else "")


def may_be_more_awards(data: PackData) -> tuple[str, ...]:
    """The caveat that notices which were not supplied may tell of more awards."""
    missing = notices_missing(data)
    return (f"{sentence_case(missing)}: there may be more awards.",) if missing else ()


@measure(
    Definition(
        "award_count", "Contracts awarded", "count", "count",
        "Number of the council's awards with an award date in the period, each published on Contracts Finder or Find"
        " a Tender and counted once.",
        excluded="Awards that needed no notice; notices left out for their dates.",
    ),
    Definition(
        "award_local_count", "Contracts awarded to local suppliers", "count", "count",
        "Awards with at least one local supplier.",
    ),
    Definition(
        "award_value", "Value of contracts awarded", "gbp", "total",
        "Sum of the stated values of awards, over their whole terms: at least that where one states none.",
        excluded="Awards without a stated value.",
    ),
    Definition(
        "award_local_value", "Value awarded to local suppliers", "gbp", "total",
        "Each award's value divided equally among its suppliers; the parts of local suppliers added up.",
        excluded="Awards without a stated value.",
    ),
    Definition(
        "award_local_value_share", "Local share of award value", "share", "share",
        "Value awarded to local suppliers divided by the value of contracts awarded.",
        excluded="Awards without a stated value.",
    ),
    question="How many contracts went to local suppliers?",
    needs=("award_lines",),
    columns=(
        Column("notice_source", "Notices"),
        *AWARD_COLUMNS,
        Column("unknown_value_gbp", "Value, place not known (£)", "gbp"),
    ),
)  # fmt: skip
def awards(data: PackData) -> Result:
    """The council's awards of the period, from Contracts Finder and Find a Tender, each counted once.

    One row per source of notices: `notice_source`, then the columns of `awards_by`. Undefined in a period without an
    award of the council in the notices.
    """
    lines = data.relation("award_lines").where("is_own")
    if not data.count(lines):
        raise Undefined(in_no_notice(data, f"no award of the council in {data.period.label}"))
    table = awards_by(data, lines, "notice_source")
    without = int(table["without_value"].sum())
    no_value = f"no award of {data.period.label} states its value" if without == table["awards"].sum() else None
    more = may_be_more_awards(data)
    caveats = (*silent(without, "award states", "awards state"), *more)
    by_value = (
        total("award_value", of=lines, by=VALUE, caveats=caveats),
        total("award_local_value", of=lines, where=IS_LOCAL, by=VALUE, caveats=caveats),
        share("award_local_value_share", of=lines, where=IS_LOCAL, by=VALUE, caveats=caveats),
    )
    answers = ask(
        data,
        count("award_count", of=lines, per=AWARD, caveats=more),
        count("award_local_count", of=lines, where=IS_LOCAL, per=AWARD, caveats=more),
        *(question.unless(no_value) for question in by_value),
    )
    if without:
        why = as_reason(silent(without, "award states", "awards state"))
        bound_below(answers, _EVERY_VALUE, why, "award_value", "award_local_value")
    return Result.of(answers, table)


@awards.shown
def exhibit(m: Measured) -> Shown:
    awarded_count, local = m["award_count"], m["award_local_count"]
    value, part = m["award_local_value"], m["award_local_value_share"]
    drawn = [("all awards", "awards", "All awards"), ("local", "local_awards", "To local suppliers")]
    cells = [
        (f"{row['notice_source']}: {what}", row[column], group)
        for row in m.table.to_dict("records")
        for what, column, group in drawn[: 1 + local.is_stated]
    ]
    labels, counts, groups = zip(*cells, strict=True)
    rule = "An award is local when one of its suppliers is; its value is divided equally among its suppliers."
    awarded = m["award_value"]
    of = f"{awarded}" if awarded.is_stated else "the value that awards state"
    by_value = f"Of {of} {value} went to local suppliers ({part}{range_text(part)})."
    return Shown(
        title=titled(local, awarded_count),
        subtitle=f"Awards from published notices, each counted once. {m.where}",
        chart=bars(labels, counts, "count", groups=groups, places={"All awards": 1, "To local suppliers": 0}),
        says=(
            *range_sentence("How many went to local suppliers", local),
            f"{or_why(part, by_value, 'What part of the value awarded went to local suppliers')} {rule}",
            *may_be_more_awards(m.data),
        ),
        caption="Awards by source of notices",
    )


def titled(local: Finding, awarded_count: Finding) -> str:
    """How many of how many went to local suppliers, or that it is not known."""
    awarded = f"{counted(awarded_count, 'contract', 'contracts')} awarded"
    if local.value is None:
        return f"{awarded}; how many went to local suppliers is not known"
    return f"{sentence_case(f'{local}')} of {awarded} went to local suppliers"
