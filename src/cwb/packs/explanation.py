"""How the numbers of a measure are computed, in words and SQL, for an analyst."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cwb.evidence.bounds_rules import RULES
from cwb.evidence.definitions import definition
from cwb.evidence.finding import Finding


@dataclass(frozen=True)
class Explanation:
    """What a measure says of itself, its findings and the SQL of its table; a notebook shows it as text."""

    text: str
    findings: tuple[Finding, ...]
    sql: tuple[str, ...]

    def __str__(self) -> str:
        lines = [self.text, ""]
        for finding in self.findings:
            lines += _of_finding(finding)
        for sql in self.sql:
            lines += ["", "SQL:", sql]
        return "\n".join(lines)

    __repr__ = __str__


def _of_finding(finding: Finding) -> Iterator[str]:
    """Definition, rule, what is left out, coverage, sources and rows of one number."""
    defined = definition(finding.id)
    yield f"{finding.id}: {finding.label} = {finding}"
    yield f"  kind: {defined.kind}; {defined.text}"
    question = finding.question
    yield f"  rule: {question.rule if question is not None and question.rule else RULES[defined.kind]}"
    if defined.excluded:
        yield f"  left out: {defined.excluded}"
    if finding.coverage is not None:
        ends = f"from {finding.low} to" if finding.low is not None else "at most"
        yield f"  known for {finding.coverage:.1%}, {ends} {finding.high}"
    if finding.undefined:
        yield f"  {finding.missing.replace(', because', ':')}. {finding.settles or ''}".rstrip()
    yield f"  sources: {', '.join(finding.sources) or 'none'}"
    if finding.evidence is not None:
        yield "  rows:"
        yield from (f"    {line.strip()}" for line in finding.evidence.sql.splitlines())
