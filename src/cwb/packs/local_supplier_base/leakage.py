"""What leaves the local area, by what is bought."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from cwb.charts.tables import Column, cell
from cwb.lines.categories import NOT_CATEGORISED
from cwb.packs.exhibits import BY_PLACE, POUNDS, bars, range_text, with_rest
from cwb.packs.measure import Definition, Measured, PackData, Result, Shown, ask, measure
from cwb.packs.one_offs import base_of, without_one_offs
from cwb.packs.questions import LEAVES, largest, number, total

_CATEGORIES = 12
_COLUMNS = ["category", "pounds_gbp", "local_gbp", "leaving_gbp", "unknown_gbp", "size_gbp", "unknown_size_gbp"]


@measure(
    Definition(
        "leaving_spend", "Spend that leaves the local area", "gbp", "total",
        "Spend with suppliers known to be outside the local area, without the one-offs of the year's approved list; "
        "all such spend where no list of the year was approved.",
        excluded="One-offs, where there is an approved list; suppliers whose place is not known.",
        version=2,
    ),
    Definition(
        "largest_leak_spend", "Largest leak", "gbp", "largest",
        "The largest amount that leaves the local area within one category, without the one-offs of the year's approved "
        "list; with them where no list of the year was approved.",
        excluded="One-offs, where there is an approved list; suppliers whose place is not known.",
        version=2,
    ),
    question="What leaves the local area?",
    main=("largest_leak_spend",),
    columns=(Column("category", "Category"), POUNDS, *BY_PLACE, "is_known"),
)  # fmt: skip
def leakage(data: PackData) -> Result:
    """What is bought, and how much of it leaves the local area, one-offs left out where the year has an approved list.

    One row per category, largest leak first, the rest as one row: `category`, `pounds_gbp`, `local_gbp`, `leaving_gbp`,
    `unknown_gbp`, `size_gbp` and `unknown_size_gbp` (credits by their size), `is_known` (places of enough of it),
    `local_share` (of spend whose place is known).
    """
    lines, (base, caveats) = without_one_offs(data), base_of(data)
    answers = ask(
        data,
        total("leaving_spend", of=lines, where=LEAVES, caveats=caveats),
        replace(largest("largest_leak_spend", of=lines, group="category", where=LEAVES), caveats=caveats),
    )
    rows = []
    for category, sums in answers.groups["largest_leak_spend"].items():
        pounds = (sums.all, sums.false, sums.true, sums.unknown, sums.all_size, sums.unknown_size)
        rows.append([category, *(float(p) for p in pounds)])
    table = pd.DataFrame(rows, columns=_COLUMNS)
    table = table.sort_values(["leaving_gbp", "category"], ascending=[False, True], ignore_index=True)
    table = with_rest(table, _CATEGORIES, "category", "categories")
    known = table["local_gbp"] + table["leaving_gbp"]
    table["local_share"] = (table["local_gbp"] / known).where(known > 0)
    # A category of which too little is known has no share of its own, and what leaves of it is at least so much.
    floor = data.settings.evidence.floor_pounds
    table["is_known"] = (table["size_gbp"] - table["unknown_size_gbp"]) >= floor * table["size_gbp"]
    table["local_share"] = table["local_share"].where(table["is_known"])
    leader = answers.leaders["largest_leak_spend"]
    facts = {
        "name": leader.name or "",
        "surely": leader.surely or "",
        "possibly": "; ".join(leader.possibly),
        "scheme": data.category_scheme,
        "base": base,
        "is_tie": "yes"
        if not leader.surely and len(leader.possibly) > 1 and answers["largest_leak_spend"].coverage == 1
        else "",
    }
    return Result.of(answers, table, facts=facts)


@leakage.shown
def exhibit(m: Measured) -> Shown:
    leaving, biggest, facts = m["leaving_spend"], m["largest_leak_spend"], m.facts
    title = f"{leaving} leaves the local area, {biggest} of it in one category"
    if not facts["name"]:
        title, says = "No spend is known to leave the local area, credits taken off", ""
    elif facts["name"] == NOT_CATEGORISED:
        title = f"{leaving} leaves the local area; what most of it bought is not stated"
        says = "Lines without a category or code are the largest part of what leaves."
    elif facts["surely"]:
        says = f"The largest leak is {facts['name']}."
    elif facts["is_tie"]:
        says = f"The largest leaks are equal: {facts['possibly']}."
    else:
        says = f"Which leak is largest is not certain, because not all is known: it could be {facts['possibly']}."
    return Shown(
        title=title,
        subtitle=f"Spend known to leave the local area by category ({facts['scheme']}), {facts['base']}. {m.where}",
        chart=bars(
            m.table["category"],
            m.table["leaving_gbp"],
            "gbp",
            groups=["Leaves"] * len(m.table),
            places={"Leaves": 1},
            texts=[_label(r.leaving_gbp, r.local_share, r.is_known) for r in m.table.itertuples()],
        ),
        says=(
            f"{leaving} is known to leave{range_text(leaving)}. {says} In brackets: the share of each category's spend of "
            "known place that leaves.",
            *(leaving.caveats if m.data.one_offs_missing() else ()),
        ),
        caption="Spend by category and what leaves the local area",
    )


def _label(leaving: float, local_share: float, is_known: bool) -> str:
    """What leaves of a category, and in brackets which share of what is known that is."""
    pounds = number(leaving, "gbp")
    if not is_known:
        return f"at least {pounds}" if leaving > 0 else "not known"
    return f"{pounds} ({'not known' if pd.isna(local_share) else cell(1 - local_share, 'share')})"
