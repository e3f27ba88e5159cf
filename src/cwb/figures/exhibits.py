"""What all packs' exhibits share: how a measure becomes a figure, and the words around its numbers."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from cwb.evidence.finding import Finding
from cwb.figures.charts import is_empty
from cwb.figures.figure import Figure
from cwb.figures.wording import source_line
from cwb.measures.workbench import Measure


def exhibit(question: str) -> Callable[[Callable[[Measure], dict[str, Any]]], Callable[[Measure], Figure]]:
    """Make a figure of a function that gives its parts; an undefined measure gives a figure that says why.

    `question` heads the exhibit when it cannot be shown.
    """

    def wrap(function: Callable[[Measure], dict[str, Any]]) -> Callable[[Measure], Figure]:
        @wraps(function)
        def run(measure: Measure) -> Figure:
            common: dict[str, Any] = {
                "id": measure.id.replace("_", "-"),
                "table": measure.table,
                "findings": tuple(measure.findings.values()),
                "source": source_line(
                    measure.about.settings.council.name,
                    (name for finding in measure.findings.values() for name in finding.sources),
                ),
                "pack": measure.about.pack,
            }
            if measure.undefined:
                empty: dict[str, Any] = {"title": question, "subtitle": "", "columns": (), "caption": question}
                return Figure(**common, **empty, undefined=measure.undefined)
            parts = function(measure)
            # Of nothing there is a table without rows and no drawing.
            if parts.get("chart") is not None and is_empty(parts["chart"]):
                parts["chart"] = None
            return Figure(**(common | parts))

        return run

    return wrap


def where(measure: Measure) -> str:
    return f"{measure.about.settings.council.name}, {measure.about.period.label}"


def direction(finding: Finding) -> str:
    assert finding.value is not None
    return "up" if finding.value > 0.0005 else "down" if finding.value < -0.0005 else "level"
