"""How far a count depends on choices: the least and the most of it over all of them."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from cwb.evidence.bounded import ONE, Bounded, coverage_of, exactly
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
