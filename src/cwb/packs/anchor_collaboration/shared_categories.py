"""In which industries more than one body buys."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

import pandas as pd

from cwb.packs.anchor_collaboration.payments import BODY, local_sums, payments_of
from cwb.packs.exhibits import BY_PLACE, POUNDS, bars, range_sentence
from cwb.packs.market.industry import NOT_STATED, section_name
from cwb.packs.measure import Column, Definition, Measured, PackData, Result, Shown, ask, measure
from cwb.packs.questions import Bounded, Fact, Sums, coverage, derived, exactly, is_enough_known, number, total
from cwb.sources.tabular import sql_text

_SHOWN = 12
_KNOWN = "the industries of suppliers are known"
_SETTLES = (
    "The public register of companies would settle it, and the procurement team's decisions about matches.",
    ("companies",),
    "the procurement team's decisions about matches",
)
_SECTIONS = 21  # of the classification of industries
_RULE = (
    "A row is what one body pays in one industry (group). The value is the number of groups with two rows or more, and low is "
    "the same. For high each line of the unknown rows may be of any industry: one completes a group of one row of another "
    f"body, two of different bodies make a new group; there are no more than {_SECTIONS} groups."
)


@measure(
    Definition(
        "shared_category_count", "Industries in which anchors share", "count", "derived",
        "Industries (sections of the Standard Industrial Classification, SIC) in which more than one body pays suppliers.",
        excluded="Suppliers whose industry is not stated, but in the high.",
        version=2,
    ),
    Definition(
        "shared_category_spend", "Spend in shared industries", "gbp", "total",
        "Payments of all bodies to suppliers of shared industries.",
        excluded="Suppliers whose industry is not stated, but in the high.",
        version=2,
    ),
    question="What do we all buy?",
    needs=(),
    main=("shared_category_count",),
    columns=(
        Column("section", "Industry of the supplier"),
        Column("bodies", "Bodies", "count"),
        POUNDS,
        *BY_PLACE,
    ),
)  # fmt: skip
def shared_categories(data: PackData) -> Result:
    """Industries in which more than one body buys, by the industry that the supplier states first.

    One row per industry, most pounds first: `section`, `bodies`, `pounds_gbp`, `local_gbp`, `leaving_gbp`, `unknown_gbp`,
    `local_share` (of known place; None where that is too little). Bodies classify their spend each in its own way; the
    supplier's industry is what they have in common. Suppliers without a match are "Industry not stated".
    """
    paid = payments_of(data, 2)
    joined = (
        f"(SELECT l.*, s.section FROM {paid.source} l LEFT JOIN suppliers s ON s.supplier_key = l.supplier_key)"
    )
    lines = replace(paid, source=joined, is_of_period=True)
    bodies: dict[str | None, set[str]] = {}
    for row in data.rows(
        f"SELECT DISTINCT section, body FROM {joined} WHERE {lines.condition} ORDER BY section, body"
    ):
        bodies.setdefault(row["section"], set()).add(row["body"])
    answers = ask(
        data,
        derived(
            "shared_category_count", of=lines, rule=_RULE, compute=_count, per=BODY, group="section",
            where=Fact("CASE WHEN section IS NULL THEN NULL ELSE TRUE END", _KNOWN, *_SETTLES),
        ),
        total("shared_category_spend", of=lines, where=_is_shared(bodies)),
    )  # fmt: skip
    rows = [
        {
            "section": section or NOT_STATED, "bodies": len(bodies[None if section is None else str(section)]),
            "pounds_gbp": float(sums.all), "local_gbp": float(sums.true), "leaving_gbp": float(sums.false),
            "unknown_gbp": float(sums.unknown),
            "local_share": _share_of_known(data, sums),
        }
        for section, sums in local_sums(data, lines, "section").items()
    ]  # fmt: skip
    table = pd.DataFrame(rows).sort_values(["pounds_gbp", "section"], ascending=[False, True], ignore_index=True)
    return Result.of(answers, table)


def _share_of_known(data: PackData, sums: Sums) -> float | None:
    known = sums.true + sums.false
    return float(sums.true / known) if known > 0 and is_enough_known(data, sums) else None


def _is_shared(bodies: dict[str | None, set[str]]) -> Fact:
    """Whether the supplier's industry is one in which more than one body buys. Where one body does, another may too, if it
    pays suppliers whose industry is not stated."""
    by_section = {section: buyers for section, buyers in bodies.items() if section is not None}
    may = [name for name, buyers in by_section.items() if len(buyers) == 1 and bodies.get(None, set()) - buyers]
    sure = [name for name, buyers in by_section.items() if len(buyers) > 1]
    sql = f"CASE WHEN {_one_of(sure)} THEN TRUE WHEN section IS NULL OR {_one_of(may)} THEN NULL ELSE FALSE END"
    return Fact(sql, _KNOWN, *_SETTLES)


def _one_of(sections: Iterable[str]) -> str:
    names = ", ".join(sql_text(name) for name in sections)
    return f"section IN ({names})" if names else "FALSE"


@exactly
def _count(rows: pd.DataFrame) -> Bounded:
    unknown = rows[rows["part"] == "unknown"]
    bodies = [set(buyers["thing"]) for _, buyers in rows[rows["part"] == "in"].groupby("group")]
    value = sum(len(buyers) > 1 for buyers in bodies)
    lines = int(unknown["lines"].sum())
    completed = min(sum(len(buyers) == 1 and bool(set(unknown["thing"]) - buyers) for buyers in bodies), lines)
    pairs = min((lines - completed) // 2, lines - int(unknown["lines"].max())) if lines else 0
    high = min(value + completed + pairs, _SECTIONS)
    return Bounded(Decimal(value), Decimal(value), Decimal(high), coverage(rows))


@shared_categories.shown
def exhibit(m: Measured) -> Shown:
    many, spend = m["shared_category_count"], m["shared_category_spend"]
    drawn = m.table[(m.table["bodies"] > 1) & (m.table["section"] != NOT_STATED)]
    texts = [f"{number(r.pounds_gbp, 'gbp')}, {r.bodies} bodies" for r in drawn.itertuples()]
    industries = "industry" if many.value == 1 else "industries"
    return Shown(
        title=f"Two or more anchors buy in {many} {industries}, {spend} together",
        subtitle=f"Payments by the industry that the supplier states first, like for like. {m.where}",
        chart=bars(drawn["section"].map(section_name), drawn["pounds_gbp"].clip(lower=0.0), "gbp", texts),
        says=(
            *range_sentence("The number of such industries", many),
            *range_sentence("What is paid in them", spend),
            "Bodies classify their spend each in its own way; the supplier's industry is what all have in common.",
        ),
        caption="What the anchors buy, by industry of the supplier",
    )
