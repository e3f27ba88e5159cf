"""Purchases that could be targeted, the two geographies, other choices."""

from __future__ import annotations

from typing import Any

from cwb.figures.charts import Bar, Bars
from cwb.figures.exhibits import exhibit, where
from cwb.figures.gap_analysis.lines import ahead
from cwb.measures.workbench import Measure
from cwb.tables import Column


@exhibit("Which planned purchases could be targeted, and by which route?")
def targets(measure: Measure) -> dict[str, Any]:
    count, value = measure["se_target_count"], measure["se_target_value"]
    worth = f", worth {value}" if value.value is not None else ""
    return {
        "title": f"{count} planned purchases{worth}, could be targeted at social enterprises",
        "subtitle": f"Purchases in an industry of a local social enterprise, with possible routes. {ahead(measure)}",
        "says": (
            "Every route is for legal confirmation: which one is lawful depends on facts that no file holds. Routes are "
            "those in force on the expected day of tender.",
        ),
        "columns": (
            Column("title", "Purchase"),
            Column("tender_date", "Expected"),
            Column("value_gbp", "Value (£)", "gbp"),
            Column("band", "Threshold band"),
            Column("social", "Social enterprises", "count"),
            Column("candidates", "Some candidates"),
            Column("routes", "Possible routes"),
            Column("standing", "Standing", csv_only=True),
        ),
        "caption": "Planned purchases that could be targeted at social enterprises",
        "most_rows": 40,
    }


@exhibit("What does local mean, for measuring and for reserving?")
def geographies(measure: Measure) -> dict[str, Any]:
    most = measure["se_reservation_count"]
    title = (
        f"At most {most} of the social enterprises are in an area that could be reserved"
        if most.value is not None
        else "Local for measurement and local for reservation are two things"
    )
    return {
        "title": title,
        "subtitle": f"Areas of the settings and the social enterprises of grades A and B in each. {where(measure)}",
        "says": (
            "The strategy measures one area; the law lets a council reserve a below-threshold competition to another one: its "
            "own, its county's, or with bordering counties. Where a supplier has substantive operations counts there, not its "
            "registered office.",
        ),
        "columns": (
            Column("area", "Area"),
            Column("use", "Used for"),
            Column("districts", "Districts"),
            Column("social", "Social enterprises", "count"),
            Column("organisations", "Organisations in business", "count"),
            Column("standing", "Standing"),
        ),
        "caption": "The areas for measurement and for reservation",
    }


@exhibit("How far do the counts depend on choices?")
def sensitivity(measure: Measure) -> dict[str, Any]:
    rows = measure.table
    least, most = measure["se_count_least"], measure["se_count_most"]
    return {
        "title": f"Between {least} and {most} social enterprises under other choices",
        "subtitle": f"Local social enterprises and spend with social enterprises under each choice. {where(measure)}",
        "chart": Bars(
            tuple(Bar(r.choice, r.organisations, f"{r.organisations:,}") for r in rows.itertuples()),
            "count",
            {"": 0},
        ),
        "says": ("Spend moves with the matches that stand: the rows on matches show how far.",),
        "columns": (
            Column("choice", "Choice"),
            Column("organisations", "Local social enterprises", "count"),
            Column("pounds_gbp", "Spend with them (£)", "gbp", missing=""),
            Column("share", "Share of spend", "share", missing=""),
        ),
        "caption": "Social enterprises under other choices",
    }
