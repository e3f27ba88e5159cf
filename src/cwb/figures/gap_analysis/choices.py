"""What suppliers may want to know, and the gap under other choices."""

from __future__ import annotations

from typing import Any

from cwb.evidence.finding import number
from cwb.figures.charts import Bar, Bars
from cwb.figures.exhibits import exhibit
from cwb.figures.gap_analysis.lines import ahead
from cwb.measures.workbench import Measure
from cwb.tables import Column


@exhibit("What is coming that a supplier could bid for?")
def opportunities(measure: Measure) -> dict[str, Any]:
    count = measure["opportunity_count"]
    return {
        "title": f"{count} purchases are still open to suppliers",
        "subtitle": f"Soonest first; sizes are ranges and dates may move. {ahead(measure)}",
        "columns": (
            Column("title", "Purchase"),
            Column("what", "What"),
            Column("expected", "Expected"),
            Column("size", "Size over the whole term"),
            Column("starts", "Starts"),
            Column("suits", "Said to suit"),
            Column("status", "Standing"),
            Column("cpv_code", "CPV"),
            Column("reference", "Reference"),
        ),
        "caption": "Planned purchases that are still open",
    }


@exhibit("How far does the gap depend on choices?")
def sensitivity(measure: Measure) -> dict[str, Any]:
    rows = measure.table
    least, most = measure["lines_served_least"], measure["lines_served_most"]
    return {
        "title": f"Between {least} and {most} purchases find a local market under other choices",
        "subtitle": f"Purchases with a workable or strong local market under each choice. {ahead(measure)}",
        "chart": Bars(
            tuple(
                Bar(r.choice, r.served, f"{r.served:,} ({number(r.share, 'share')})") for r in rows.itertuples()
            ),
            "count",
            {"": 0},
        ),
        "says": (
            f"The bridge from CPV codes to industries is version {measure.about.bridge.version}: a dated judgement, not an official table.",
        ),
        "columns": (
            Column("choice", "Choice"),
            Column("served", "Workable or strong", "count"),
            Column("share", "Share", "share"),
            Column("none_or_thin", "All others", "count"),
        ),
        "caption": "Purchases with a local market under other choices",
    }
