"""How much, Chart A and Chart B, rings and districts."""

from __future__ import annotations

from typing import Any

from cwb.evidence.finding import number
from cwb.figures.charts import Areas, Bar, Bars, Stack
from cwb.figures.exhibits import POUNDS, SHARE, SUPPLIERS, exhibit, range_text, where
from cwb.measures.workbench import Measure
from cwb.places import HOME, LOCAL, UNKNOWN
from cwb.tables import Column


@exhibit("How much was spent with suppliers?")
def total_spend(measure: Measure) -> dict[str, Any]:
    rows = measure.table
    two = bool(rows["is_divided"].any())
    bars = []
    for row in rows.itertuples():
        text = number(row.total_gbp, "gbp") + ("" if row.is_whole else " (months missing)")
        whole = "Recurrent" if row.is_divided else "All spend"
        bars.append(Bar(row.year, row.recurrent_gbp, "" if row.one_off_gbp else text, whole))
        if row.one_off_gbp:
            bars.append(
                Bar(row.year, row.total_gbp, text, "One-off projects", start=row.recurrent_gbp, joins=True)
            )
    groups = {"Recurrent": 0, "One-off projects": 1} if two else {}
    if not rows["is_divided"].all():
        groups["All spend"] = 2
    return {
        "title": f"{measure['total_spend']} paid to {measure['supplier_count']} suppliers in {measure.about.period.short_label}",
        "subtitle": f"Spend with suppliers in the same months of each year, net of VAT where stated. {where(measure)}",
        "chart": Bars(tuple(bars), "gbp", groups) if len(rows) > 1 else None,
        "says": (
            f"The ledger holds {measure['payment_count']} payments in the period, credits included. "
            f"{measure['withheld_share']} of spend is with suppliers whose names are withheld or not stated; "
            "it stays in every total.",
        ),
        "columns": (
            Column("year", "Period"),
            Column("recurrent_gbp", "Recurrent (£)", "gbp"),
            Column("one_off_gbp", "One-off projects (£)", "gbp"),
            Column("total_gbp", "All spend (£)", "gbp"),
            SUPPLIERS,
            Column("payments", "Payments", "count"),
            Column("is_whole", "All months present", "flag"),
        ),
        "caption": "Spend, suppliers and payments in the same months of each year",
    }


@exhibit("What share of spend is local (Chart A and Chart B)?")
def charts_a_and_b(measure: Measure) -> dict[str, Any]:
    rows = measure.table
    a, b = measure["local_share"], measure["local_share_without_one_offs"]
    bars = tuple(
        (chart, tuple((r.part, r.share or 0.0, number(r.share or 0.0, "share")) for r in own.itertuples()))
        for chart, own in rows.groupby("chart", sort=True)
    )
    title = f"{a} of all spend is local"
    says = [
        f"Chart A: {a} of all spend is with local suppliers{range_text(a)}, depending on those whose place is not known."
    ]
    if b.value is not None:
        title += f"; {b} without capital and one-off projects"
        says.append(
            f"Chart B: without {measure['one_off_spend']} of capital and one-off projects on the approved list, "
            f"{b} of {measure['spend_without_one_offs']} is local{range_text(b)}."
        )
    else:
        says.append(f"Chart B is not known, because {b.undefined}.")
    return {
        "title": title,
        "subtitle": f"Share of spend by whether the supplier is in {measure.about.settings.local.name}. {where(measure)}",
        "chart": Stack(bars),
        "says": tuple(says),
        "columns": (Column("chart", "Chart"), Column("part", "Supplier's place"), POUNDS, SHARE),
        "caption": "Chart A and Chart B: pounds and shares by place",
    }


@exhibit("What leads from Chart A to Chart B?")
def bridge(measure: Measure) -> dict[str, Any]:
    rows = measure.table
    bars = []
    before = 0.0
    for position, row in enumerate(rows.itertuples()):
        last = position == len(rows) - 1
        if position == 0 or last:
            bars.append(Bar(row.step, row.remaining_gbp, number(row.remaining_gbp, "gbp"), "Spend"))
        else:
            bars.append(
                Bar(row.step, before, f"−{number(row.found_gbp, 'gbp')}", "Taken out", start=row.remaining_gbp)
            )
        before = row.remaining_gbp
    first, end = rows.iloc[0], rows.iloc[-1]
    difference = measure["one_off_difference"]
    check = (
        f"The list finds {number(difference.n or 0, 'gbp')} in the ledger against {number(difference.of or 0, 'gbp')} approved."
        if difference.value is not None
        else "Amounts are approved for a whole year, so a quarter's are not compared with them."
    )
    count = len(rows) - 2
    return {
        "title": f"{count} approved projects lead from {number(first.remaining_gbp, 'gbp')} to {number(end.remaining_gbp, 'gbp')}",
        "subtitle": f"Capital and one-off projects taken out of spend, line by line. {where(measure)}",
        "chart": Bars(tuple(bars), "gbp", {"Spend": 0, "Taken out": 3}, kind="Bridge chart"),
        "says": (
            f"The local share goes from {number(first.remaining_local_share, 'share')} to "
            f"{number(end.remaining_local_share, 'share')} as these projects leave. {check}",
        ),
        "columns": (
            Column("step", "Step"),
            Column("kind", "Kind"),
            Column("reason", "Reason"),
            Column("approving_role", "Approved by"),
            Column("approved_gbp", "Approved, whole year (£)", "gbp", missing=""),
            Column("found_gbp", "Found in the ledger (£)", "gbp", missing=""),
            Column("found_local_gbp", "Of which local (£)", "gbp", missing=""),
            Column("remaining_gbp", "Spend left (£)", "gbp"),
            Column("remaining_local_share", "Local share of it", "share"),
        ),
        "caption": "The bridge from Chart A to Chart B",
    }


@exhibit("How near are our suppliers?")
def spend_by_ring(measure: Measure) -> dict[str, Any]:
    rows = measure.table
    near = {HOME: "Local", LOCAL: "Local", UNKNOWN: "Not known"}
    bars = tuple(
        Bar(
            row.label,
            row.pounds_gbp,
            f"{number(row.pounds_gbp, 'gbp')} ({number(row.share or 0.0, 'share')})",
            near.get(row.ring, "Not local"),
        )
        for row in rows.itertuples()
    )
    home, unknown = measure["home_share"], measure["unknown_place_share"]
    name = measure.about.settings.home_name
    return {
        "title": f"{home} of spend stays within {name} itself",
        "subtitle": f"Spend by how near the supplier is. {where(measure)}",
        "chart": Bars(bars, "gbp", {"Local": 0, "Not local": 1, "Not known": 2}),
        "says": (
            f"{measure['home_spend']} went to suppliers within {name}{range_text(measure['home_spend'])}. "
            f"{measure['local_supplier_share']} of suppliers are local{range_text(measure['local_supplier_share'])}. "
            f"The place of {unknown} of spend is not known.",
        ),
        "columns": (
            Column("label", "Supplier's place"),
            POUNDS,
            SHARE,
            SUPPLIERS,
            Column("supplier_share", "Share of suppliers", "share"),
        ),
        "caption": "Spend and suppliers by how near they are",
    }


@exhibit("Which districts of the local area benefit?")
def spend_by_district(measure: Measure) -> dict[str, Any]:
    rows = measure.table
    areas = tuple((r.lad_code, r.district, r.share, number(r.share, "share")) for r in rows.itertuples())
    outlines = measure.about.lineage.sources["boundaries"]
    return {
        "title": f"{measure.facts['top_district']} receives {measure['top_district_share']} of spend, the most of any local district",
        "subtitle": f"Share of all spend by the supplier's district, in {measure.about.settings.local.name}. {where(measure)}",
        "chart": Areas(measure.about.outlines, areas),
        "says": (f"Darker districts receive more; each district's share is printed in it. {outlines}",),
        "columns": (Column("district", "District"), POUNDS, SHARE, SUPPLIERS),
        "caption": "Spend by district of the local area, most first",
    }
