"""Which districts of the local area benefit most."""

from __future__ import annotations

import pandas as pd

from cwb.packs.exhibits import POUNDS, SHARE, SUPPLIERS, Areas, range_text, ratio
from cwb.packs.measure import Column, Definition, Measured, PackData, Result, Shown, ask, measure
from cwb.packs.questions import IS_LOCAL, largest, number
from cwb.sources.places import district_names


@measure(
    Definition(
        "top_district_share", "Largest district's share", "share", "largest",
        "Share of all spend with suppliers of the district that receives most of it among the local districts.",
    ),
    question="Which districts of the local area benefit?",
    main=("top_district_share",),
)  # fmt: skip
def spend_by_district(data: PackData) -> Result:
    """Spend by district of the local area, most first.

    One row per district: `lad_code`, `district`, `pounds_gbp`, `share` (of all spend), `suppliers`. A supplier whose place
    is not known may be in any of them: the title names every district that could be the largest.
    """
    lines = data.spend()
    answers = ask(
        data,
        largest(
            "top_district_share",
            of=lines,
            group="CASE WHEN is_local THEN lad_code END",
            where=IS_LOCAL,
            is_share=True,
            among=tuple(data.settings.local.districts),
        ),
    )
    sql = f"""SELECT lad_code, sum(amount_gbp) AS pounds, count(DISTINCT supplier_key) AS suppliers
        FROM {lines.source} WHERE {lines.condition} AND is_local GROUP BY lad_code ORDER BY lad_code"""
    found = {row["lad_code"]: row for row in data.rows(sql)}
    all_spend, names = answers.sums["top_district_share"].all, district_names()
    rows = []
    for code in data.settings.local.districts:
        row = found.get(code, {"pounds": 0, "suppliers": 0})
        rows.append([code, names[code], float(row["pounds"]), ratio(row["pounds"], all_spend), row["suppliers"]])
    table = pd.DataFrame(rows, columns=["lad_code", "district", "pounds_gbp", "share", "suppliers"])
    table = table.sort_values(["pounds_gbp", "district"], ascending=[False, True], ignore_index=True)
    leader = answers.leaders["top_district_share"]
    possible = [names[code] for code in leader.possibly]
    facts = {
        "top": names[leader.name] if leader.name else "",
        "surely": names[leader.surely] if leader.surely else "",
        "possibly": ", ".join(sorted(possible)),
        "tied": _tied(table) if answers["top_district_share"].coverage == 1 else "",
    }
    return Result.of(answers, table, facts=facts)


def _tied(table: pd.DataFrame) -> str:
    """Two or more districts that receive the very same, and most: "A and B"; empty where one leads."""
    first = table[table["pounds_gbp"] == table["pounds_gbp"].max()]["district"].tolist()
    return f"{', '.join(first[:-1])} and {first[-1]}" if 1 < len(first) <= 3 else ""


@spend_by_district.shown
def exhibit(m: Measured) -> Shown:
    share, facts = m["top_district_share"], m.facts
    if not facts["top"]:
        title = "No district of the local area receives any of the spend whose place is known"
    elif facts["surely"]:
        title = f"{facts['top']} receives {share} of spend, the most of any local district"
    elif facts["tied"]:
        title = f"{facts['tied']} receive {share} of spend each, the most of any local district"
    else:
        title = f"{facts['top']} receives {share} of spend; which receives most is not certain"
    ends = f"{range_text(share)}, by suppliers whose place is not known" if share.bounds else ""
    says = [
        f"The largest district's share is {share}{ends}.",
        m.data.lineage.sources["boundaries"],
    ]
    if facts["top"] and not facts["surely"] and not facts["tied"]:
        says.insert(1, f"Were the unknown all in one district, the largest could be any of: {facts['possibly']}.")
    areas = tuple(
        (row["lad_code"], row["district"], row["share"], number(row["share"], "share"))
        for row in m.table.to_dict("records")
    )
    return Shown(
        title=title,
        subtitle=f"Share of all spend by the supplier's district, in {m.data.settings.local.name}. {m.where}",
        chart=Areas(m.data.outlines, areas, "Share of all spend", "share", m.data.settings.council.home_district),
        says=tuple(says),
        columns=(Column("district", "District"), POUNDS, SHARE, SUPPLIERS),
        caption="Spend by district of the local area, most first",
    )
