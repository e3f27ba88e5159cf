"""With whom: the district, size and kind, leaks, concentration, coming and going."""

from __future__ import annotations

from typing import Any

import pandas as pd

from cwb.evidence.finding import number
from cwb.figures.charts import Bar, Bars, Stack
from cwb.figures.exhibits import POUNDS, SHARE, SUPPLIERS, exhibit, range_text, where
from cwb.measures.workbench import Measure
from cwb.tables import Column, cell


@exhibit("How many suppliers are within our own district?")
def home_suppliers(measure: Measure) -> dict[str, Any]:
    rows = measure.table
    name, data = measure.about.settings.home_name, measure.about
    now, base = measure["home_supplier_count"], measure["home_supplier_count_baseline"]
    change = measure["home_supplier_change"]
    says = f"{now} suppliers within {name} were paid at least once."
    if change.value is not None and data.period != data.baseline:
        word = "more" if change.value >= 0 else "fewer"
        says += (
            f" That is {abs(change.value):,.0f} {word} than the {base} of {data.baseline.label}: the same months, "
            "and places taken from the same files for both."
        )
    elif change.value is None:
        says += f" The comparison with {data.baseline.label} is not known, because {change.undefined}."
    return {
        "title": f"{now} suppliers within {name} were paid in {data.period.short_label}",
        "subtitle": f"Suppliers within {name}, like for like with {data.baseline.short_label}. {where(measure)}",
        "chart": Bars(
            tuple(Bar(r.group, r.suppliers, f"{r.suppliers:,}") for r in rows.itertuples()), "count", {"": 0}
        ),
        "says": (says,),
        "columns": (
            Column("group", "Suppliers"),
            SUPPLIERS,
            Column("pounds_now_gbp", "Paid in the period (£)", "gbp"),
            Column("pounds_baseline_gbp", "Paid in the baseline (£)", "gbp"),
        ),
        "caption": f"Suppliers within {name}, this period and the baseline",
    }


@exhibit("How large are our suppliers, and how many are social enterprises?")
def business_size(measure: Measure) -> dict[str, Any]:
    rows = measure.table
    sme, vcse = measure["sme_share"], measure["vcse_share"]
    bars = tuple(
        (question, tuple(_part(answers, name) for name in ("Yes", "No", "Not known")))
        for question, answers in rows[rows["question"] != "Business size"].groupby("question", sort=True)
    )
    return {
        "title": f"{sme} of spend is with small and medium businesses, {vcse} with social enterprises",
        "subtitle": f"Share of spend by what the vendor list or the notices state. {where(measure)}",
        "chart": Stack(bars),
        "says": (
            f"SMEs: {sme}{range_text(sme)}. VCSEs: {vcse}{range_text(vcse)}. What is not stated is not known, and not a no. "
            f"A size band is stated for {measure['size_known_share']} of spend.",
        ),
        "columns": (Column("question", "Question"), Column("answer", "Answer"), POUNDS, SHARE, SUPPLIERS),
        "caption": "Spend by business size, SME and VCSE",
    }


def _part(answers: pd.DataFrame, name: str) -> tuple[str, float, str]:
    share = float(answers.loc[answers["answer"] == name, "share"].iloc[0] or 0.0)
    return name, share, number(share, "share")


@exhibit("What leaves the local area?")
def leakage(measure: Measure) -> dict[str, Any]:
    rows = measure.table
    leaving, largest = measure["leaving_spend"], measure["largest_leak_spend"]
    return {
        "title": f"{leaving} leaves the local area, {largest} of it in one category",
        "subtitle": f"Spend known to leave the local area by category ({measure.facts['scheme']}), {measure.facts['base']}. {where(measure)}",
        "chart": Bars(
            tuple(
                Bar(
                    r.category,
                    r.leaving_gbp,
                    f"{number(r.leaving_gbp, 'gbp')} ({cell(1 - r.local_share, 'share') if pd.notna(r.local_share) else 'not known'})",
                    "Leaves",
                )
                for r in rows.itertuples()
            ),
            "gbp",
            {"Leaves": 1},
        ),
        "says": (
            f"The largest leak is {measure.facts['largest_leak']}. In brackets: the share of each category's spend of "
            "known place that leaves.",
        ),
        "columns": (
            Column("category", "Category"),
            POUNDS,
            Column("local_gbp", "Local (£)", "gbp"),
            Column("leaving_gbp", "Leaves (£)", "gbp"),
            Column("unknown_gbp", "Place not known (£)", "gbp"),
            Column("local_share", "Local share where known", "share"),
        ),
        "caption": "Spend by category and what leaves the local area",
    }


@exhibit("Who are our largest suppliers?")
def concentration(measure: Measure) -> dict[str, Any]:
    rows = measure.table
    half = measure["suppliers_for_half"]
    near = {"Within": "Local", "Rest of the local area": "Local", "Not known": "Not known"}

    def group(place: str) -> str:
        return "Local" if place.startswith("Within") else near.get(place, "Not local")

    bars = tuple(
        Bar(r.supplier, r.pounds_gbp, number(r.pounds_gbp, "gbp"), group(r.place)) for r in rows.itertuples()
    )
    present = {bar.group for bar in bars}
    groups = {name: n for n, name in enumerate(("Local", "Not local", "Not known")) if name in present}
    says = (
        f"Half of all spend goes to {half} suppliers."
        if half.value is not None
        else f"How many make half is not known, because {half.undefined}."
    )
    return {
        "title": f"The ten largest suppliers receive {measure['top_ten_share']} of spend",
        "subtitle": f"The {len(rows)} suppliers paid most, names of possible individuals withheld. {where(measure)}",
        "chart": Bars(bars, "gbp", groups),
        "says": (says,),
        "columns": (
            Column("supplier", "Supplier"),
            Column("rank", "Rank", "count"),
            Column("place", "Place"),
            POUNDS,
            SHARE,
            Column("cumulative", "Running share", "share"),
        ),
        "caption": "The suppliers paid most",
    }


@exhibit("Which suppliers are new, kept or lost?")
def churn(measure: Measure) -> dict[str, Any]:
    rows = measure.table
    new, kept, lost = (measure[f"suppliers_{word}"] for word in ("new", "kept", "lost"))
    shown = rows[rows["place"] != "Not known"]
    bars = tuple(
        Bar(f"{r.group}, {r.place.lower()}", r.suppliers, f"{r.suppliers:,}", r.place) for r in shown.itertuples()
    )
    previous = measure.about.period.previous().short_label
    return {
        "title": f"{new} suppliers are new since {previous}, {kept} kept, {lost} no longer paid",
        "subtitle": f"Suppliers paid in the period against the same months a year before. {where(measure)}",
        "chart": Bars(bars, "count", {"Local": 0, "Not local": 1}),
        "says": ("A supplier that is paid once in two years counts as lost and then as new.",),
        "columns": (
            Column("group", "Group"),
            Column("place", "Place"),
            SUPPLIERS,
            Column("pounds_gbp", "Pounds in the period, or the year before if lost (£)", "gbp"),
        ),
        "caption": "New, kept and lost suppliers by place",
    }
