"""Published figures, beside what the rows say now."""

from __future__ import annotations

from typing import Any

from cwb.figures.exhibits import exhibit
from cwb.measures.workbench import Measure
from cwb.tables import Column


@exhibit("Do the figures agree with those published before?")
def revisions(measure: Measure) -> dict[str, Any]:
    restated = measure["published_restated"]
    total = f"{restated.of or 0:,.0f}"
    return {
        "title": f"{restated} of {total} figures published before differ from what the rows say now"
        if restated.of
        else "No figure published before is named in the settings",
        "subtitle": f"Published figures beside today's, rounded as published. {measure.about.settings.council.name}",
        "columns": (
            Column("label", "Figure"),
            Column("period", "Period"),
            Column("published", "Published"),
            Column("now", "Now"),
            Column("agrees", "Agrees"),
            Column("source", "Where published"),
        ),
        "caption": "Figures published before, and now",
    }
