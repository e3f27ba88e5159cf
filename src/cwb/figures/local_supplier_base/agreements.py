"""Contracts: awards, the register, the anchor institutions."""

from __future__ import annotations

from typing import Any

from cwb.figures.charts import Bar, Bars
from cwb.figures.exhibits import exhibit, range_text, where
from cwb.measures.workbench import Measure
from cwb.tables import Column


@exhibit("How many contracts went to local suppliers?")
def awards(measure: Measure) -> dict[str, Any]:
    count, local = measure["award_count"], measure["award_local_count"]
    value, share = measure["award_local_value"], measure["award_local_value_share"]
    rows = measure.table
    bars = []
    for row in rows.itertuples():
        bars += [
            Bar(f"{row.notice_source}: all awards", row.awards, f"{row.awards:,}", "All awards"),
            Bar(f"{row.notice_source}: local", row.local_awards, f"{row.local_awards:,}", "To local suppliers"),
        ]
    says = (
        f"Of {measure['award_value']} awarded, {value} went to local suppliers ({share}{range_text(share)}). "
        "An award is local when one of its suppliers is; its value is divided equally among its suppliers."
        if share.value is not None
        else "The notices supplied hold no award of the council with a value in this period."
    )
    return {
        "title": f"{local} of {count} contracts awarded went to local suppliers",
        "subtitle": f"Awards told by notices, each counted once. {where(measure)}",
        "chart": Bars(tuple(bars), "count", {"All awards": 1, "To local suppliers": 0}),
        "says": (says,),
        "columns": (
            Column("notice_source", "Notices"),
            Column("awards", "Awards", "count"),
            Column("local_awards", "Local", "count"),
            Column("unknown_awards", "Place not known", "count"),
            Column("value_gbp", "Value (£)", "gbp"),
            Column("local_value_gbp", "Local value (£)", "gbp"),
            Column("unknown_value_gbp", "Value, place not known (£)", "gbp"),
            Column("without_value", "Without a value", "count"),
        ),
        "caption": "Awards by source of notices",
    }


@exhibit("What does the contracts register say?")
def register(measure: Measure) -> dict[str, Any]:
    count, local = measure["register_count"], measure["register_local_count"]
    return {
        "title": f"{local} of {count} contracts that start in the period are local",
        "subtitle": f"Contracts of the council's register by their start date. {where(measure)}",
        "says": ("Register and notices overlap, so the two are never added together.",),
        "columns": (
            Column("place", "Supplier's place"),
            Column("contracts", "Contracts", "count"),
            Column("value_gbp", "Value over the whole term (£)", "gbp"),
        ),
        "caption": "Contracts of the register that start in the period",
    }


@exhibit("What do the anchor institutions award locally?")
def awards_by_body(measure: Measure) -> dict[str, Any]:
    rows = measure.table
    count, local = measure["anchor_award_count"], measure["anchor_award_local_count"]
    return {
        "title": f"{local} of {count} awards by the anchor institutions went to local suppliers",
        "subtitle": f"Awards by the council and the bodies that its settings name. {measure.about.period.label}",
        "chart": Bars(
            tuple(
                Bar(r.body, r.awards, f"{r.local_awards:,} local of {r.awards:,}", "Awards")
                for r in rows.itertuples()
            ),
            "count",
            {"Awards": 0},
        ),
        "columns": (
            Column("body", "Body"),
            Column("awards", "Awards", "count"),
            Column("local_awards", "Local", "count"),
            Column("unknown_awards", "Place not known", "count"),
            Column("value_gbp", "Value (£)", "gbp"),
            Column("local_value_gbp", "Local value (£)", "gbp"),
        ),
        "caption": "Awards by body",
    }
