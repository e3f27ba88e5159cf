"""Columns and words that exhibits of several packs share."""

from __future__ import annotations

from cwb.evidence.finding import Finding
from cwb.tables import Column

POUNDS, SHARE, SUPPLIERS = (
    Column("pounds_gbp", "Pounds (£)", "gbp"),
    Column("share", "Share of spend", "share"),
    Column("suppliers", "Suppliers", "count"),
)


def range_text(finding: Finding) -> str:
    """The range of a finding after a comma; empty where unknowns cannot move it."""
    return f", {finding.bounds}" if finding.bounds else ""


def or_why(finding: Finding, sentence: str, subject: str) -> str:
    """The sentence where the finding is known, else that its subject is not known and why."""
    if finding.value is not None:
        return sentence
    settles = f" {finding.settles}" if finding.settles else ""
    return f"{subject} is not known, because {finding.undefined}.{settles}"
