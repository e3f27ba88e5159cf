"""How far a number depends on choices: the least and the most of it over all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import pandas as pd

from cwb.charts.wording import listed, mid_sentence
from cwb.evidence.bounded import ONE, Bounded, coverage_of, exactly
from cwb.evidence.finding import Finding, number
from cwb.evidence.questions import Question, derived
from cwb.evidence.relation import Fact, Relation, Thing

_RULE = (
    "For each group (a choice) count the rows that are in, for high with the unknown rows of the group; value, low and high "
    "are the {} of these over the groups."
)


def least_and_most(least: str, most: str, of: Relation, where: Fact, per: Thing) -> tuple[Question, Question]:
    """Two questions, by their ids, of lines that occur once under every choice, which the column `choice` names."""
    return (
        derived(least, of, _RULE.format("least"), _least, where, by=None, per=per, group="choice"),
        derived(most, of, _RULE.format("greatest"), _most, where, by=None, per=per, group="choice"),
    )


def _least(rows: pd.DataFrame) -> Bounded:
    return _over_choices(rows, min)


def _most(rows: pd.DataFrame) -> Bounded:
    return _over_choices(rows, max)


@exactly
def _over_choices(rows: pd.DataFrame, of: Callable[[list[int]], int]) -> Bounded:
    served = [int((choice["part"] == "in").sum()) for _, choice in rows.groupby("group")]
    possible = [int((choice["part"] != "out").sum()) for _, choice in rows.groupby("group")]
    value = ONE * of(served)
    known = coverage_of(ONE * int((rows["part"] == "unknown").sum()), ONE * len(rows))
    return Bounded(value, value, ONE * of(possible), known)


def beyond(findings: Iterable[Finding], table: pd.DataFrame, columns: Mapping[str, str]) -> tuple[str, ...]:
    """Which of the first numbers other choices would move beyond their ranges, in a sentence; `columns` names for a finding's id the
    column of the sensitivity's table that holds it. A range is of what is not known, and what was chosen is in none."""
    other_ranges = []
    for finding in findings:
        values = table[columns[finding.id]].dropna() if columns.get(finding.id) in table else ()
        if finding.value is None or not len(values):
            continue
        least, most = float(min(values)), float(max(values))
        low, high = (finding.value if end is None else end for end in (finding.low, finding.high))
        if least < low or most > high:
            ends = [number(end, finding.unit) for end in (least, most)]
            other_ranges.append(f"{mid_sentence(finding.label)} between {ends[0]} and {ends[1]}")
    if not other_ranges:
        return ()
    return (f"Other choices than ours would give {listed(other_ranges)}. The section on our choices shows each.",)
