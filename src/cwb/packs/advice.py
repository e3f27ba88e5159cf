"""Recommendations: what follows from a pack's findings, who owns it and by when, by the dated rules of `advice_rules`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from cwb.base.days import month_end_after
from cwb.charts.figure import Figure
from cwb.charts.tables import Column
from cwb.charts.wording import mid_sentence
from cwb.council.config import Settings
from cwb.council.periods import long_date
from cwb.evidence.record import FindingRecord, record
from cwb.packs.advice_facts import Facts, Judged, facts_of, judge, say
from cwb.packs.advice_rules import Rule, rules_of
from cwb.packs.measure import Measure, PackData
from cwb.packs.questions import Finding

# Without a day of its own something is due by the end of the month in which the next report could come.
_NEXT_REPORT_MONTHS = 4
# Its place among what was computed of a pack and period.
_KEPT = "recommendations"


@dataclass(frozen=True)
class Recommendation:
    """One thing to do.

    `finding` heads it; `findings` are all whose numbers its sentences state. `pounds` are those at stake a year, None where
    that is not known. One that `is_find_out` asks for what is not known, and its `because` says what would settle it.
    """

    rule: str
    finding: str
    pack: str
    text: str
    because: str
    role: str
    start_by: date
    pounds: float | None
    findings: tuple[FindingRecord, ...]
    is_find_out: bool


def advise(measures: Sequence[Measure], data: PackData) -> tuple[Recommendation, ...]:
    """What the pack of `data`, with these measures, recommends: most pounds first, of equal ones the nearest day first.

    A rule whose condition is not known becomes "find out", once for each reason. No day is before the report's. Raises
    `ConfigError` for rules of the council's own that do not fit the pack.
    """
    return _advice(measures, data).recommendations


@dataclass(frozen=True)
class _Advice:
    """What a pack recommends, and the facts that it was judged by."""

    recommendations: tuple[Recommendation, ...]
    facts: Facts


def _advice(measures: Sequence[Measure], data: PackData) -> _Advice:
    """Judged once for the exhibit and for the brief."""
    if (kept := data.measured.get(_KEPT)) is None:
        rules = rules_of(data.settings, data.pack, data.report_day)
        facts = facts_of(measures, data, rules)
        kept = _Advice(recommend(rules, facts, data.settings, data.report_day), facts)
        data.measured[_KEPT] = kept
    assert isinstance(kept, _Advice)
    return kept


def recommend(rules: tuple[Rule, ...], facts: Facts, settings: Settings, day: date) -> tuple[Recommendation, ...]:
    """The recommendations of rules on facts, for a report of a day."""
    judged = judge(rules, facts)
    found = [one for rule in rules for one in _recommended(rule, judged[rule.rule], facts, settings, day)]
    once = {one.because if one.is_find_out else one.rule: one for one in reversed(found)}
    return tuple(sorted(once.values(), key=lambda one: (-(one.pounds or 0.0), one.start_by, one.rule)))


def _recommended(
    rule: Rule, judged: Judged, facts: Facts, settings: Settings, day: date
) -> Iterator[Recommendation]:
    if judged.holds is False:
        return
    stated = list(dict.fromkeys((facts.findings[rule.finding], *facts.named_in(rule.text, rule.because))))
    asked = [*stated, *facts.named_in(rule.condition)]
    asked += [finding for name, finding in facts.why_not.items() if name in rule.picks]
    if any(finding.is_hidden for finding in asked):
        return  # that a rule holds would tell how few people there are
    unknown = next((finding for finding in asked if finding.value is None), None)
    next_report = month_end_after(day, _NEXT_REPORT_MONTHS)
    roles = settings.recommendations.roles
    if unknown is None and judged.holds:
        names = {**facts.setting, **facts.findings, **judged.picked}
        yield Recommendation(
            rule.rule, stated[0].id, rule.pack, say(rule.text, names), say(rule.because, names),
            roles.get(rule.role, rule.role), max(judged.start_by or next_report, day), judged.pounds,
            tuple(record(finding) for finding in stated), is_find_out=False,
        )  # fmt: skip
    elif unknown is not None and rule.settled_by:
        yield Recommendation(
            rule.rule, unknown.id, rule.pack, f"Find out: {mid_sentence(unknown.label)}.", _why(unknown),
            roles.get(rule.settled_by, rule.settled_by), next_report, None, (record(unknown),), is_find_out=True,
        )  # fmt: skip


def _why(unknown: Finding) -> str:
    settles = f" {unknown.settles}" if unknown.settles else ""
    return f"It is not known, because {unknown.undefined}.{settles}"


def recommendations(measures: Sequence[Measure], data: PackData) -> Figure:
    """The end of a pack: one row a recommendation: what, why, who by when (`owner`; apart in the CSV), pounds a year."""
    advice = _advice(measures, data)
    given, facts = advice.recommendations, advice.facts
    stated = {finding.id for one in given for finding in one.findings}
    rows = [
        [one.text, one.because, f"{one.role}, by {day}", one.role, day, one.finding, one.pounds]
        for one in given
        for day in (long_date(one.start_by),)
    ]
    first = min((one.start_by for one in given), default=data.report_day)
    many = "1 thing" if len(given) == 1 else f"{len(given)} things"
    return Figure(
        id="recommendations",
        title=f"{many} to do, the first by {long_date(first)}" if given else "What follows from this pack",
        subtitle=f"Made from this pack's numbers by a table of rules, for members to decide. {data.settings.council.name}, {data.period.label}",
        table=pd.DataFrame(
            rows, columns=["text", "because", "owner", "role", "start_by", "finding", "pounds_gbp"]
        ),
        columns=(
            Column("text", "What"),
            Column("because", "Why"),
            Column("owner", "Who, by when"),
            Column("role", "Who", csv_only=True),
            Column("start_by", "By when", csv_only=True),
            Column("finding", "Finding", csv_only=True),
            Column("pounds_gbp", "At stake a year (£)", "gbp", csv_only=True),
        ),
        caption="What is recommended, why, who owns it and by when",
        source=f"{data.settings.council.name}, this pack's findings; cwb, table of recommendations",
        findings=tuple(finding for finding in facts.findings.values() if finding.id in stated),
        undefined=None if given else "no rule of the table of recommendations fits what this pack found",
        pack=data.pack,
    )
