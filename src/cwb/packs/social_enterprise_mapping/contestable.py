"""Which social enterprises could have bid for what was bought elsewhere."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from cwb.packs.exhibits import bars, or_why, palette, range_text
from cwb.packs.market.industry import Need, needs_of_what_leaves
from cwb.packs.market.supply import Capable, supply_of
from cwb.packs.measure import Column, Definition, Measured, PackData, Result, Shown, ask, measure
from cwb.packs.one_offs import base_of, without_one_offs
from cwb.packs.questions import LEAVES, Fact, number, share_among, total
from cwb.sources.tabular import sql_text

_DRAWN = 12
_COLUMNS = ["category", "leaving_gbp", "has_one", "social", "possible", "contestable_gbp"]
_WORDS = {True: "There is one", None: "Not known", False: "There is none"}
_SETTLES = "Suppliers' places, a product code of each payment, and what bodies of grade C are would settle it."


@measure(
    Definition(
        "se_contestable_spend", "Spend that leaves where there is a social enterprise", "gbp", "total",
        "Spend that leaves the local area, without the one-offs of the year's approved list where there is one, in categories in "
        "whose industries there is a local social enterprise of grade A or B. High: also where there is only one of grade C, where the category "
        "leads to no industry, where a register that might list one is missing, and where the supplier's place is not known.",
        excluded="One-offs, where there is an approved list.",
        version=4,
    ),
    Definition(
        "se_contestable_share", "Share of what leaves where there is a social enterprise", "share", "share",
        "The same divided by all spend that leaves the local area, one-offs left out alike, with the same range.",
        excluded="One-offs, where there is an approved list.",
        version=4,
    ),
    question="Which could have bid for what we bought elsewhere?",
    needs=("spend_lines", "organisations"),
    main=("se_contestable_spend",),
    columns=(
        Column("category", "Category"),
        Column("leaving_gbp", "Leaves (£)", "gbp"),
        Column("has_one", "Is there one?"),
        Column("social", "Social enterprises (A, B)", "count"),
        Column("possible", "Possible ones (C)", "count"),
        Column("contestable_gbp", "Leaves where there is one (£)", "gbp"),
    ),
)  # fmt: skip
def contestable(data: PackData) -> Result:
    """Spend that left the local area in categories for which a local social enterprise exists.

    One row per category, first where there is one, then where it is not known, most leaving first: `category`, `leaving_gbp`, `has_one` (in
    words), `social` (local social enterprises of grades A and B in industries that supply it), `possible` (grade C; both None where none is
    known and there may be some), `contestable_gbp` (what leaves, where there is one; None where that is not known). One-offs are left out
    where the year has an approved list. Where only a body of grade C is in the industry, the category leads to no industry, or a register
    that might list one was not supplied, it is not known whether there is one. That a body is in the industry does not say that it could
    have taken a contract of that size.
    """
    lines, (base, caveats) = without_one_offs(data), base_of(data)
    needs, served, rows = needs_of_what_leaves(data, lines), {}, []
    sql = f"""SELECT category, sum(CASE WHEN {LEAVES.sql} THEN amount_gbp ELSE 0 END) AS pounds FROM {lines.source}
        WHERE {lines.condition} AND is_local IS NOT TRUE GROUP BY category ORDER BY category"""
    supply = supply_of(data)
    for row in data.rows(sql):
        category, pounds = row["category"], float(row["pounds"])
        # Who is in the industry is asked, and not who was paid for the same.
        found = supply.capable(replace(needs[category], also_bought=()))
        served[category] = is_served(found, needs[category], supply.lists_social)
        able = {True: pounds, None: None, False: 0.0}[served[category]]
        none = 0 if supply.lists_social and needs[category].is_mapped else None
        rows.append(
            [category, pounds, _WORDS[served[category]], found.social_ab or none, found.social_c or none, able]
        )
    table = pd.DataFrame(rows, columns=_COLUMNS)
    places = table["has_one"].map({word: place for place, word in enumerate(_WORDS.values())})
    table = table.assign(place=places).sort_values(
        ["place", "leaving_gbp", "category"], ascending=[True, False, True], ignore_index=True
    )
    has_one = _sql(served)
    both = Fact(f"NOT is_local AND ({has_one})", "where spend goes and who could supply it is known", _SETTLES)
    all_lines = lines.with_sources(*lines.tables, "organisations")
    answers = ask(
        data,
        total("se_contestable_spend", of=all_lines, where=both, caveats=caveats, within="category"),
        share_among(
            "se_contestable_share", of=all_lines, base=LEAVES, where=Fact(has_one, both.known, _SETTLES), caveats=caveats,
            within="category",
        ),
    )  # fmt: skip
    return Result.of(answers, table[_COLUMNS], sql, facts={"base": base})


def is_served(found: Capable, need: Need, lists_social: bool) -> bool | None:
    """Whether a local social enterprise is in the industry; not known where one is only possible, without an industry, and where a
    register that might list one was not supplied."""
    if found.social_ab:
        return True
    return None if found.social_c or not need.is_mapped or not lists_social else False


def _sql(served: dict[str, bool | None]) -> str:
    """SQL: whether a local social enterprise is in the industry of a line's category; a category that is local for sure is
    left out."""
    words = {True: "TRUE", None: "NULL"}
    cases = [
        f"WHEN category = {sql_text(name)} THEN {words[kind]}" for name, kind in served.items() if kind in words
    ]
    return f"CASE {' '.join(cases)} ELSE FALSE END" if cases else "FALSE"


def _how_many(social: float | None, possible: float | None) -> str:
    if pd.notna(social) and social:
        return f"{social:.0f} social enterprise{'s' if social > 1 else ''}"
    return f"{possible:.0f} possible" if pd.notna(possible) and possible else "none known"


@contestable.shown
def exhibit(m: Measured) -> Shown:
    spend, share = m["se_contestable_spend"], m["se_contestable_share"]
    leaving = m.table[m.table["leaving_gbp"] > 0]
    drawn = leaving.sort_values("leaving_gbp", ascending=False, kind="stable").head(_DRAWN)
    texts = [f"{number(r.leaving_gbp, 'gbp')}, {_how_many(r.social, r.possible)}" for r in drawn.itertuples()]
    part = f"That is {share} of what leaves{range_text(share)}."
    return Shown(
        title=f"{spend} left the area in industries that have a local social enterprise",
        subtitle=f"Spend that leaves the local area by category, {m.facts['base']}. {m.where}",
        chart=bars(
            drawn["category"], drawn["leaving_gbp"], "gbp", texts, drawn["has_one"], palette(*_WORDS.values())
        ),
        says=(
            f"{or_why(share, part, 'The share of what leaves')} Being in the industry does not mean that a body could have "
            "taken a contract of that size: this is the most that is possible.",
            *(spend.caveats if m.data.one_offs_missing() else ()),
        ),
        caption="What leaves the local area and the social enterprises of its industries",
    )
