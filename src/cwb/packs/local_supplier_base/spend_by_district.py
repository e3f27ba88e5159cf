"""Which districts of the local area benefit most."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from cwb.charts.wording import AS_FAR_AS_KNOWN
from cwb.packs.exhibits import POUNDS, SHARE, SUPPLIERS, Areas, or_why, range_text, ratio
from cwb.packs.measure import Column, Definition, Measured, PackData, Result, Shown, ask, measure
from cwb.packs.questions import IS_HOME, IS_LOCAL, LINE, largest, number, rate, total
from cwb.sources.places import district_names

_COLUMNS = ["lad_code", "district", "pounds_gbp", "share", "suppliers", "businesses", "per_business_gbp"]

_EACH = (
    Column("businesses", "Businesses", "count"),
    Column("per_business_gbp", "For each business (£)", "gbp"),
)


@measure(
    Definition(
        "top_district_share", "Largest district's share", "share", "largest",
        "Share of all spend with suppliers of the district that receives most of it among the local districts.",
    ),
    Definition(
        "home_spend_per_business", "Spend per business in the council's own district", "gbp", "rate",
        "Spend with suppliers within the council's own district divided by the businesses there by the newest official count.",
    ),
    question="Which districts of the local area benefit?",
    main=("top_district_share",),
)  # fmt: skip
def spend_by_district(data: PackData) -> Result:
    """Spend by district of the local area, most first.

    One row per district: `lad_code`, `district`, `pounds_gbp`, `share` (of all spend), `suppliers`, `businesses` (newest
    official count), `per_business_gbp` (so that large districts do not lead by size alone; None without a count). A supplier
    whose place is not known may be in any of them: the title names every district that could be the largest, and what goes to
    one where nobody is known is not known.
    """
    lines, businesses = data.spend(), data.relation("business_counts").where("is_newest", "size_band = 'Total'")
    uncounted = data.why_not("business_counts")
    own = businesses.where(f"lad_code = '{data.settings.council.home_district}'")
    if not uncounted and not data.count(own):
        uncounted = f"the official count names no business in {data.settings.home_name}"
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
        rate(
            "home_spend_per_business",
            total("", of=lines.with_sources("business_counts"), where=IS_HOME),
            total("", of=own, by="units", per=LINE),
            times=1,
        ).unless(uncounted),
    )
    counts = f"""SELECT lad_code, sum(units) AS businesses FROM {businesses.source} WHERE {businesses.condition}
        GROUP BY lad_code ORDER BY lad_code"""
    units = {} if uncounted else {row["lad_code"]: row["businesses"] for row in data.rows(counts)}
    sql = f"""SELECT lad_code, sum(amount_gbp) AS pounds, count(DISTINCT supplier_key) AS suppliers
        FROM {lines.source} WHERE {lines.condition} AND is_local GROUP BY lad_code ORDER BY lad_code"""
    found = {row["lad_code"]: row for row in data.rows(sql)}
    sums, names = answers.sums["top_district_share"], district_names()
    rows = []
    for code in data.settings.local.districts:
        of = units.get(code)
        if code not in found and sums.unknown_size:
            rows.append([code, names[code], None, None, None, of, None])
            continue
        row = found.get(code, {"pounds": 0, "suppliers": 0})
        pounds = row["pounds"]
        each = ratio(pounds, of) if of else None
        rows.append([code, names[code], float(pounds), ratio(pounds, sums.all), row["suppliers"], of, each])
    table = pd.DataFrame(rows, columns=_COLUMNS).astype(dict.fromkeys(_COLUMNS[2:], float))
    table = table.sort_values(["pounds_gbp", "district"], ascending=[False, True], ignore_index=True)
    leader = answers.leaders["top_district_share"]
    possible = [names[code] for code in leader.possibly]
    facts = {
        "top": names[leader.name] if leader.name else "",
        "surely": names[leader.surely] if leader.surely else "",
        "possibly": ", ".join(sorted(possible)),
        "known": AS_FAR_AS_KNOWN * bool(sums.unknown_size),
        # A credit of unknown place may be in any: then no least is sure.
        "least": "at least " if sums.unknown_size and not sums.unknown_low else "",
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
    each, home = m["home_spend_per_business"], m.data.settings.home_name
    # Without a count of businesses the map can show no rate.
    column, unit, shown = "share", "share", "Share of all spend"
    if m.table["per_business_gbp"].notna().any():
        column, unit, shown = "per_business_gbp", "gbp", "Pounds for each business in the district"
    ends = f"{range_text(share)}, by suppliers whose place is not known" if share.bounds else ""
    says = [
        f"The largest district's share is {share}{ends}.",
        or_why(
            each,
            f"In {home} that is {each} for each business there{range_text(each)}.",
            "What each business receives",
        ),
    ]
    if facts["top"] and not facts["surely"] and not facts["tied"]:
        says.insert(1, f"Were the unknown all in one district, the largest could be any of: {facts['possibly']}.")
    areas = tuple(
        (
            r["lad_code"],
            r["district"],
            *(
                (None, "not known")
                if pd.isna(r[column])
                else (r[column], facts["least"] + number(r[column], unit))
            ),
        )
        for r in m.table.to_dict("records")
    )
    return Shown(
        title=title,
        subtitle=f"{shown}{facts['known']}, by the supplier's district, in {m.data.settings.local.name}. {m.where}",
        chart=Areas(
            m.data.outlines,
            areas,
            shown,
            unit,
            m.data.settings.council.home_district,
            m.data.lineage.sources["boundaries"],
        ),
        says=tuple(says),
        columns=(
            Column("district", "District"),
            *(
                replace(one, heading=f"{one.heading}{facts['known']}" if one.name != "businesses" else one.heading)
                for one in (POUNDS, SHARE, SUPPLIERS, *(_EACH if column == "per_business_gbp" else ()))
            ),
        ),
        caption="Spend by district of the local area, most first",
    )
