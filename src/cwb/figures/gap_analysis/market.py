"""Supply by industry, and what could stay."""

from __future__ import annotations

from typing import Any

from cwb.evidence.finding import number
from cwb.figures.charts import Bar, Bars
from cwb.figures.exhibits import exhibit, industry, where
from cwb.figures.wording import range_text
from cwb.measures.workbench import Measure
from cwb.tables import Column

_SHOWN = 12


@exhibit("Who is there to supply it?")
def supply(measure: Measure) -> dict[str, Any]:
    rows = measure.table
    total, known, units = (
        measure[name] for name in ("local_organisation_count", "known_local_supplier_count", "business_unit_count")
    )
    bars = tuple(
        Bar(industry(r.section), r.registered, f"{r.registered:,}") for r in rows.head(_SHOWN).itertuples()
    )
    counted = (
        f" The ONS count of businesses gives {units} in the same districts: it counts only those registered for VAT or PAYE."
        if units.value is not None
        else f" The ONS count of businesses is not known, because {units.undefined}."
    )
    known_text = (
        f"We know {known} local suppliers from three years of payments."
        if known.value is not None
        else f"How many of them we know is not known, because {known.undefined}."
    )
    return {
        "title": f"{total} organisations in business have their office in the local area",
        "subtitle": f"Active organisations by the industry they state first. {measure.about.settings.local.name}, registers as supplied",
        "chart": Bars(bars, "count", {"": 0}),
        "says": (
            known_text + counted,
            "An office is evidence of registration, not of where the work is done: many are accountants' addresses.",
        ),
        "columns": (
            Column("section", "Industry (SIC section)"),
            Column("registered", "Registered office here", "count"),
            Column("social", "Social enterprises", "count"),
            Column("known", "Known to us", "count"),
            Column("units", "ONS count", "count"),
        ),
        "caption": "Local organisations by industry",
    }


@exhibit("What leaves the area and could stay?")
def shifts(measure: Measure) -> dict[str, Any]:
    rows = measure.table
    data = measure.about
    free, realistic, after = (
        measure[name] for name in ("influenceable_spend", "realistic_shift", "local_share_after_shift")
    )
    bars = tuple(
        Bar(r.category, r.influenceable_gbp, f"{number(r.influenceable_gbp, 'gbp')}, market {r.grade.lower()}")
        for r in rows.itertuples()
        if r.influenceable_gbp > 0
    )
    share = number(data.settings.gap.shift, "share")
    return {
        "title": f"{free} of what leaves could be influenced, {realistic} realistically",
        "subtitle": f"Influenceable spend that leaves the local area by category, one-offs left out. {where(measure)}",
        "chart": Bars(bars, "gbp", {"": 1}),
        "says": (
            f"Influenceable is what leaves, less payments to public bodies and under contracts that end beyond "
            f"{data.settings.gap.horizon_months} months. Realistic is {share} of it where the local market is workable or "
            f"strong{range_text(realistic)}: an assumption, set as gap.shift in the settings.",
            f"If so much moved, the local share of this spend would be {after}{range_text(after)}.",
        ),
        "columns": (
            Column("category", "Category"),
            Column("leaving_gbp", "Leaves (£)", "gbp"),
            Column("public_gbp", "To public bodies (£)", "gbp"),
            Column("tied_gbp", "Tied beyond the horizon (£)", "gbp"),
            Column("influenceable_gbp", "Influenceable (£)", "gbp"),
            Column("capable", "Capable local suppliers", "count"),
            Column("grade", "Market"),
            Column("realistic_gbp", "Realistic shift (£)", "gbp"),
        ),
        "caption": "What leaves the local area and could stay, by category",
    }
