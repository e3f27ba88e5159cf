"""What all packs' exhibits share: how a measure becomes a figure, and the words around its numbers."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from cwb.evidence.finding import Finding
from cwb.figures.charts import is_empty
from cwb.figures.figure import Figure
from cwb.measures.workbench import Measure
from cwb.tables import Column

POUNDS, SHARE, SUPPLIERS = (
    Column("pounds_gbp", "Pounds (£)", "gbp"),
    Column("share", "Share of spend", "share"),
    Column("suppliers", "Suppliers", "count"),
)


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
                "source": source_line(measure),
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


def source_line(measure: Measure) -> str:
    """The council's files behind a measure, few by name and many by number."""
    names = sorted({name for finding in measure.findings.values() for name in finding.sources})
    council = measure.about.settings.council.name
    if not names:
        return f"{council}, own files"
    shown = ", ".join(names) if len(names) <= 3 else f"{len(names)} files listed under Sources"
    return f"{council}: {shown}"


def where(measure: Measure) -> str:
    return f"{measure.about.settings.council.name}, {measure.about.period.label}"


def industry(section: str) -> str:
    """A section's name without the letter that the code list sets before it."""
    return section[2:] if section[1:2] == " " else section


def range_text(finding: Finding) -> str:
    return f", {finding.bounds}" if finding.bounds else ""


def why_not(finding: Finding, subject: str) -> tuple[str, ...]:
    """That a finding is not known, why, and what would settle it; nothing where it is known."""
    if finding.value is not None:
        return ()
    settles = f" {finding.settles}" if finding.settles else ""
    return (f"{subject} is not known, because {finding.undefined}.{settles}",)


def direction(finding: Finding) -> str:
    assert finding.value is not None
    return "up" if finding.value > 0.0005 else "down" if finding.value < -0.0005 else "level"


def signed(finding: Finding) -> str:
    return finding.signed
