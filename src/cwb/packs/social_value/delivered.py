"""Social value by theme, as the portal states it: what was promised over whole contracts, what is due by now, what was delivered."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd

from cwb.council.periods import long_date
from cwb.packs.exhibits import Bar, Bars, or_why, palette, plural, range_text, sentence_case
from cwb.packs.measure import Column, Definition, Measured, PackData, Result, Shown, Undefined, ask, measure
from cwb.packs.questions import (
    ZERO,
    Bounded,
    Fact,
    Finding,
    Relation,
    Thing,
    bound_below,
    count,
    coverage,
    derived,
    exactly,
    number,
    total,
)
from cwb.packs.social_value.portal import MEASURE, portal
from cwb.packs.social_value.returns import overlap
from cwb.sources.datasets.social_value import THEMES

_LINE = Thing("", "measure", "rows of the export")
_PLACES = palette("Promised over whole contracts", "Due by now", "Delivered")
_VERIFIED_RULE = (
    "Divide the weight of the rows that are in (evidence verified) by the weight of all; low is the same, for high add the rows "
    "whose evidence is submitted (`is_submitted`) and those whose status is not known. Rows whose periods overlap others' (`is_sure` is 0) "
    "are left out: for low those that are not in are added to all, for high those that are in or may be to both."
)
_IS_SURE = Fact(
    "is_sure",
    "what was delivered once is known",
    "An export whose periods do not overlap would settle it.",
)
_LOCAL = "Local economic value."
_LATER_ROWS = "An export that tells of each contract to the end of the period, or to its own, would settle it."


@exactly
def _verified(rows: pd.DataFrame) -> Bounded:
    is_in, is_sure = rows["part"] == "in", rows["is_sure"] == 1
    may_be = is_in | (rows["part"] == "unknown") | (rows["is_submitted"] == 1)

    def pounds(of: pd.Series) -> Decimal:
        return sum(rows.loc[of, "weight"], ZERO)

    verified, everything, most = (pounds(of & is_sure) for of in (is_in, is_in | True, may_be))
    if everything <= 0:
        return Bounded(None, None, None, None)
    against, more = (max(pounds(of & ~is_sure), ZERO) for of in (~is_in, may_be))
    low, high = verified / (everything + against), (most + more) / (everything + more)
    return Bounded(verified / everything, low, high, coverage(rows))


@measure(
    Definition(
        "sv_committed", "Social value promised", "gbp", "total",
        "Targets in pounds of the portal's export, each of the whole contract, of measures told of by the end of the period.",
        excluded=_LOCAL,
    ),
    Definition(
        "sv_delivered", "Social value delivered", "gbp", "total",
        "Pounds delivered by the end of the period, as the portal states them. Rows whose period lies in another's are not added. Of "
        "rows whose periods overlap, those that add up; high: the others were delivered beside them.",
        excluded=_LOCAL,
        version=2,
    ),
    *(
        Definition(
            f"sv_delivered_{theme}", f"Social value delivered: {theme}", "gbp", "total",
            f"The same of measures whose theme is {theme}.",
            excluded=_LOCAL,
            version=2,
        )
        for theme in THEMES
    ),
    Definition(
        "sv_local_value", "Local economic value delivered", "gbp", "total",
        "Pounds of local pay and local spend that the portal states. It repeats money that pack 01 counts, and is added to nothing.",
    ),
    Definition(
        "sv_verified_share", "Delivered value with verified evidence", "share", "derived",
        "Pounds delivered whose evidence is verified divided by all delivered. High: what is submitted is verified too. Low and high: "
        "what overlaps other rows is told twice or not.",
        excluded=_LOCAL,
        version=2,
    ),
    Definition(
        "sv_proxy_versions", "Versions of the portal's values", "count", "count",
        "Different versions of the values in pounds by which the portal multiplies. Above one, totals are of unlike pounds.",
        excluded="Rows that state none.",
    ),
    question="How much social value was promised, and how much has been delivered?",
    needs=("social_value",),
    main=("sv_committed", "sv_delivered"),
    columns=(
        Column("theme", "Theme"),
        Column("measures", "Measures", "count"),
        Column("committed_gbp", "Promised over whole contracts (£)", "gbp"),
        Column("due_gbp", "Due by now (£)", "gbp"),
        Column("delivered_gbp", "Delivered (£)", "gbp"),
        Column("contracts_without_term", "Contracts whose term is not known", "count"),
    ),
)  # fmt: skip
def delivered(data: PackData) -> Result:
    """Promised and delivered by theme, up to the end of the period.

    One row per theme, local economic value left out: `theme`, `measures`, `committed_gbp`, `due_gbp` (None where no term of its contracts
    is known), `delivered_gbp`, `contracts_without_term` (contracts whose term the register does not tell). Pounds are those of the
    council's own export; no value of ours is in them.
    """
    found = portal(data)
    if not data.count(found.measures):
        raise Undefined(f"the export reports nothing up to {long_date(data.period.end)}")
    social, local = found.lines.where("NOT is_local_value"), found.lines.where("is_local_value")
    priced = social.where("delivered_gbp IS NOT NULL")
    targets = found.measures.where("NOT is_local_value", "target_gbp IS NOT NULL")
    versions = social.where("proxy_version IS NOT NULL")
    no_pounds = None if data.count(priced) else "the export states quantities and no pounds delivered"
    mixed = _mixed(data, versions)
    answers = ask(
        data,
        total("sv_committed", targets, by="target_gbp", per=MEASURE, caveats=mixed).if_empty(
            "the export states no target in pounds"
        ),
        total("sv_delivered", priced, _IS_SURE, "delivered_gbp", _LINE, caveats=mixed).unless(no_pounds),
        *(
            total(
                f"sv_delivered_{theme}",
                priced.where(f"theme = '{theme}'"),
                _IS_SURE,
                "delivered_gbp",
                _LINE,
                caveats=mixed,
                is_whole=True,
            ).unless(no_pounds or _no_pounds_of(data, theme, social, priced))
            for theme in THEMES
        ),
        total("sv_local_value", local.where("delivered_gbp IS NOT NULL"), _IS_SURE, "delivered_gbp", _LINE)
        .if_empty("the export states no pounds of it delivered")
        .unless(None if data.count(local) else "the export has no local economic value"),
        derived(
            "sv_verified_share", priced, _VERIFIED_RULE, _verified, _IS_VERIFIED, "delivered_gbp", _LINE,
            columns=(
                ("is_submitted", "CASE WHEN evidence_status = 'submitted' THEN 1 ELSE 0 END"),
                ("is_sure", "CASE WHEN is_sure THEN 1 ELSE 0 END"),
            ),
            caveats=mixed,
        ).unless(no_pounds),
        count("sv_proxy_versions", versions, per=Thing("proxy_version", "proxy_version", "versions")).if_empty(
            "the export states no version of its values"
        ),
    )  # fmt: skip
    silent = [row for row in found.rows if not row["is_told_to_end"]]
    if silent:
        of_themes = {str(row["theme"]) for row in silent if not row["is_local_value"]}
        names = [
            *(["sv_delivered"] if of_themes else []),
            *(f"sv_delivered_{theme}" for theme in sorted(of_themes)),
        ]
        names += ["sv_local_value"] if any(row["is_local_value"] for row in silent) else []
        bound_below(
            answers,
            _LATER_ROWS,
            "the export does not tell of all contracts to the end of the period, and shows none",
            *names,
        )
    rows = [
        _row(theme.capitalize(), [m for m in found.rows if m["theme"] == theme and not m["is_local_value"]])
        for theme in THEMES
    ]
    facts = {
        name: f"{n:,}"
        for name, n in (
            ("left_out", found.left_out),
            ("overlapping", found.overlapping),
            ("later", found.later),
            ("no_pounds", found.no_pounds),
            ("not_told", len({row["contract_key"] for row in silent})),
            ("most_run", found.most_run),
        )
        if n
    }
    return Result.of(answers, pd.DataFrame(rows), facts=facts)


_IS_VERIFIED = Fact(
    "CASE WHEN evidence_status IS NULL THEN NULL ELSE evidence_status = 'verified' END",
    "the status of evidence is known",
    "Checking the evidence that is submitted, and an export with the status of each measure's, would settle it.",
)


def _no_pounds_of(data: PackData, theme: str, social: Relation, priced: Relation) -> str | None:
    """Why the pounds of a theme are not known: the export has measures of it, and states pounds delivered of none."""
    of_theme = f"theme = '{theme}'"
    if data.count(social.where(of_theme)) and not data.count(priced.where(of_theme)):
        return "the export states no pounds delivered of this theme"
    return None


def _mixed(data: PackData, versions: Relation) -> tuple[str, ...]:
    sql = f"SELECT count(DISTINCT proxy_version) AS n FROM {versions.source} WHERE {versions.condition}"
    many = int(data.rows(sql)[0]["n"]) > 1
    return (
        ("The export mixes versions of the portal's values: its total adds pounds of unlike worth.",)
        if many
        else ()
    )


def _row(theme: str, measures: list[dict[str, object]]) -> dict[str, object]:
    def sum_of(name: str) -> float | None:
        stated = [Decimal(str(m[name])) for m in measures if m[name] is not None]
        return float(sum(stated, ZERO)) if stated else None

    return {
        "theme": theme,
        "measures": len(measures),
        "committed_gbp": sum_of("target_gbp"),
        "due_gbp": sum_of("due_target_gbp"),
        "delivered_gbp": sum_of("delivered_gbp"),
        "contracts_without_term": len({m["contract_key"] for m in measures if m["is_live"] is None}),
    }


def _title(committed: Finding, done: Finding) -> str:
    if committed.value is None:
        return f"{sentence_case(f'{done}')} of social value was delivered; what was promised is not known"
    if done.value is None:
        return f"{committed} of social value is promised; what was delivered is not known"
    return (
        f"{sentence_case(f'{done}')} of social value was delivered, of {committed} promised over whole contracts"
    )


@delivered.shown
def exhibit(m: Measured) -> Shown:
    committed, done, local, verified, versions = (
        m[f"sv_{name}"] for name in ("committed", "delivered", "local_value", "verified_share", "proxy_versions")
    )
    bars: list[Bar] = []
    for r in m.table.itertuples():
        parts = [
            (name, value)
            for name, value in zip(_PLACES, (r.committed_gbp, r.due_gbp, r.delivered_gbp), strict=True)
            if value is not None and not pd.isna(value)
        ]
        bars += [
            Bar(f"{r.theme}: {name.split()[0].lower()}", value, number(value, "gbp"), name)
            for name, value in parts
        ]
    says = [
        f"What is promised is for the whole of each contract{', and most still run' if 'most_run' in m.facts else ''}: what was delivered does "
        "not say which promises were met. "
        "Due by now is the part of the term that has passed, as if it came in evenly.",
        or_why(
            verified,
            f"Evidence is verified for {verified} of what was delivered{range_text(verified)}.",
            "How much of it was verified",
        ),
    ]
    if local.value is not None:
        says.append(
            f"Apart from it, {local} of local pay and local spend is stated. It repeats spend that pack 01 counts."
        )
    if versions.value is not None and versions.value > 1:
        says.append(
            f"The export has {versions} versions of the portal's values: one thing done may be worth more pounds by one than by another."
        )
    if n := m.facts.get("no_pounds"):
        says.append(f"{plural(n, 'measure')} with a quantity that states no pounds: it is in no sum.")
    if n := m.facts.get("left_out"):
        says.append(f"{plural(n, 'row')} not added, because another row's period includes it.")
    if n := m.facts.get("overlapping"):
        says.append(f"{overlap(n, 'row')} Delivered: {done}{range_text(done)}.")
    if n := m.facts.get("not_told"):
        says.append(f"{plural(n, 'contract')} not told of to the end: what came after is not known.")
    if n := m.facts.get("later"):
        says.append(f"{plural(n, 'row')} not counted yet: the period ends later.")
    return Shown(
        title=_title(committed, done),
        subtitle=f"Social value by theme in the portal's own pounds, up to {long_date(m.data.period.end)}. {m.where}",
        chart=Bars(tuple(bars), _PLACES),
        says=(says[0], " ".join(says[1:])),
        caption="Social value promised, due by now and delivered, by theme",
    )
