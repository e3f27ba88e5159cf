"""What has changed: a finding now beside the same of the period before and of the baseline, each change a question of its own.

Nothing is read from earlier reports: both periods are computed from today's files, so that a better vendor list does not look
like progress.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from cwb.charts.wording import perhaps
from cwb.council.periods import Period, long_date
from cwb.evidence.data import PackData
from cwb.evidence.finding import Finding, number
from cwb.evidence.questions import Question
from cwb.evidence.relation import Relation
from cwb.packs.measure import ask

_KINDS = ("total", "count", "share")
IS_BASELINE = "this is the baseline period itself"


@dataclass(frozen=True)
class Comparison:
    """A finding now and then, and the change; where they cannot be compared, `then` is None and `why_not` says why."""

    now: Finding
    then: Finding | None
    change: Finding | None
    why_not: str = ""


def period_before(period: Period) -> Period:
    """The quarter before a quarter, the year before a year."""
    if period.quarter > 1:
        return Period(period.start_year, period.quarter - 1)
    return Period(period.start_year - 1, 4 if period.quarter else 0)


def compare(data: PackData, findings: Sequence[Finding], then: Period) -> dict[str, Comparison]:
    """Each finding that is computed from the lines of a period, beside the same of another period.

    Findings with groups or columns of their own, and those of the very period, are not followed over two periods.
    """
    questions: list[Question] = []
    comparisons: dict[str, Comparison] = {}
    for finding in findings:
        reason = _why_not(data, finding, then)
        if reason or finding.question is None:
            comparisons[finding.id] = Comparison(finding, None, None, reason)
        else:
            questions.append(finding.question)
    befores = ask(data, *(question.at(then) for question in questions))
    changes = ask(data, *(question.since(then) for question in questions))
    by_id = {finding.id: finding for finding in findings}
    for question in questions:
        change = changes[question.since(then).id]
        comparisons[question.id] = Comparison(by_id[question.id], befores[question.id], change)
    return comparisons


def asked_at(data: PackData, findings: Sequence[Finding], then: Period) -> dict[str, Finding]:
    """Those of the findings that can be compared with another period, as they were then; the others are left out."""
    questions = [
        finding.question
        for finding in findings
        if finding.question is not None and not _why_not(data, finding, then)
    ]
    found = ask(data, *(question.at(then) for question in questions))
    return {question.id: found[question.id] for question in questions}


def _why_not(data: PackData, finding: Finding, then: Period) -> str:
    if finding.value is None:
        return finding.undefined or "it is not known"
    question = finding.question
    if question is None or question.of.period is None or question.kind not in _KINDS:
        return "it is of today's files alone"
    if question.group or question.columns or question.of.is_of_period:
        return "it is not followed over two periods"
    if bool(then.quarter) != bool(data.period.quarter):
        return "a quarter is not compared with a year"
    if then == data.period:
        return "it is the baseline itself"
    if later := then.later_than(data.period):
        return later
    if "spend_lines" in question.of.tables:
        for period in (data.period, then):
            if not data.is_whole(period):
                return f"months are missing in {period.label}"
        if "anchor_lines" in question.of.tables and (bodies := _bodies_without_months(data, question.of, then)):
            return f"months of {', '.join(bodies)} are missing in {data.period.label} or in {then.label}"
    elif reason := not_over(data):
        return reason
    elif not data.count(question.of.at(then)):
        return f"the files hold nothing of {then.label}"
    if "one_offs" in question.of.tables and not data.has_one_offs(then):
        return f"{then.year.label} has no list of one-off projects that was approved by the report's day"
    return ""


def not_over(data: PackData) -> str:
    """Why what was counted in the period is not all of it: the ledger ends before its last month, and the other files were taken at
    the same time. Empty where the ledger goes on to that month, or has no payment of the period."""
    days = data.ledger_months.last_days
    if not days or not data.period.contains(days[-1]) or days[-1] >= data.period.end.replace(day=1):
        return ""
    return f"the ledger ends on {long_date(days[-1])}, within {data.period.label}"


def _bodies_without_months(data: PackData, lines: Relation, then: Period) -> list[str]:
    """Whose payments are among these lines in one of the two periods and are not there for every month of both."""
    paid: set[str] = set()
    whole: list[set[str]] = []
    for period in (data.period, then):
        of = lines.at(period)
        paid |= {row["body"] for row in data.rows(f"SELECT DISTINCT body FROM {of.source} WHERE {of.condition}")}
        # A month of which a payment is too small to be compared is there all the same.
        every = replace(of, conditions=())
        held = data.rows(
            f"SELECT body, count(DISTINCT payment_month) AS months FROM {every.source} WHERE {every.condition} GROUP BY body"
        )
        whole.append({row["body"] for row in held if row["months"] == period.months})
    return sorted(paid - (whole[0] & whole[1]))


def not_compared(data: PackData) -> str | None:
    """Why payments of the period cannot be compared with those of its baseline: it is that period, or a month of either has none."""
    if data.period == data.baseline:
        return IS_BASELINE
    return data.months_missing(data.baseline)


def moved(change: Finding) -> str:
    """Which way and how far, in words; "perhaps" where what is not known could undo it."""
    if change.value is None:
        return f"change {change.missing}"
    if number(abs(change.value), change.unit) == number(0.0, change.unit):
        return "level"
    return f"{perhaps(change)}{'up' if change.value > 0 else 'down'} {change:magnitude}"


def is_certain(change: Finding) -> bool:
    """Whether it moved for certain, and by enough to show."""
    return change.value is not None and moved(change).startswith(("up", "down"))
