"""What measures ask with, in one place: constructors of questions, the facts and relations of lines, arithmetic with bounds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pandas as pd

from cwb.base.rows import PLACE, Row
from cwb.evidence.answers import Answers, answer
from cwb.evidence.bounded import ONE, ZERO, Bounded, Sums, coverage_of, exactly
from cwb.evidence.bounds import Term, ratio_of, sum_of
from cwb.evidence.contract_values import CONTRACT_MOST, CONTRACT_VALUE, value_of_rows
from cwb.evidence.coverage import Floors
from cwb.evidence.data import PackData
from cwb.evidence.definitions import definition
from cwb.evidence.facts import (
    HAS_LOCAL_OFFICE,
    IS_HOME,
    IS_LOCAL,
    IS_MATCHED,
    IS_SME,
    IS_SOCIAL_ENTERPRISE,
    IS_UNDER_REVIEW,
    IS_VCSE,
    LEAVES,
    always,
)
from cwb.evidence.finding import Finding, State, number
from cwb.evidence.questions import (
    TRUE,
    Question,
    Unanswerable,
    change,
    change_of_share,
    count,
    derived,
    half,
    largest,
    mean,
    median,
    modelled,
    product,
    rate,
    share,
    share_among,
    share_of_modelled,
    survival,
    top,
    total,
)
from cwb.evidence.relation import (
    AWARD,
    CONTRACT,
    FILE,
    FIRST_LINE,
    LINE,
    ORGANISATION,
    POUNDS,
    SUPPLIER,
    Assumption,
    Fact,
    Factor,
    Relation,
    Thing,
    numbered,
)
from cwb.evidence.sums import Group, Leg, add_up
from cwb.evidence.typed_rows import as_table
from cwb.lines.engine import as_float
from cwb.packs.registers_at_hand import still_asked

__all__ = [
    "AWARD", "CONTRACT", "CONTRACT_MOST", "CONTRACT_VALUE", "FILE", "FIRST_LINE", "HAS_LOCAL_OFFICE", "IS_HOME", "IS_LOCAL", "IS_MATCHED", "IS_SME",
    "IS_SOCIAL_ENTERPRISE", "IS_UNDER_REVIEW", "IS_VCSE", "LEAVES", "LINE", "ONE", "ORGANISATION", "PLACE", "POUNDS",
    "SUPPLIER", "TRUE", "ZERO", "Answers", "Assumption", "Bounded", "Fact", "Factor", "Finding", "Group", "Leg", "Question",
    "Relation", "Row", "Sums", "Term", "Thing", "Unanswerable", "add_up", "always", "as_float", "as_table", "ask", "at_least", "at_most", "bound_below", "change",
    "change_of_share", "count", "coverage", "derived", "exactly", "half", "is_enough_known", "largest", "mean", "median",
    "modelled", "number", "numbered", "product", "rate", "ratio_of", "share", "share_among", "share_of_modelled", "sum_of",
    "survival", "top", "total", "undefined", "value_of_rows",
]  # fmt: skip


@exactly
def coverage(rows: pd.DataFrame, weights: tuple[str, ...] = ("weight",)) -> Decimal | None:
    """The part of all weight, credits by their size, of which it is known whether it is in."""
    unknown = rows[rows["part"] == "unknown"]
    sizes = [sum((abs(w) for name in weights for w in part[name]), ZERO) for part in (unknown, rows)]
    return coverage_of(*sizes)


def is_enough_known(data: PackData, sums: Sums) -> bool:
    """Whether enough is known of some pounds to state a share of them."""
    return sums.all > 0 and (sums.coverage or 0) >= Decimal(str(data.settings.evidence.floor_pounds))


def undefined(data: PackData, finding_ids: Sequence[str], reason: str) -> dict[str, Finding]:
    """Findings that cannot be computed, each with the reason."""
    return {
        name: Finding(
            id=name, pack=data.pack, period=str(data.period), unit=definition(name).unit, undefined=reason,
            state=State.UNDEFINED,
        )
        for name in finding_ids
    }  # fmt: skip


def at_least(found: Finding, settles: str, why: str) -> Finding:
    """What is sure of a total or a count beside which there may be more, nobody knows how much. Where nothing is sure, nothing
    follows: then it is not known, and `why` says why. Low and high stay those of its rows, as for every least."""
    if found.value is None and found.state is not State.FEWER:
        return found
    least = found.value if found.low is None else found.low
    if least is not None and least > 0:
        return replace(found, value=least, state=State.AT_LEAST, settles=settles)
    return _not_known(found, settles, why)


def bound_below(answers: Answers, settles: str, why: str, *names: str) -> None:
    """Make some of the answers what is sure of them (`at_least`)."""
    answers.findings |= {name: at_least(answers[name], settles, why) for name in names}


def at_most(found: Finding, settles: str, why: str) -> Finding:
    """A number of what is stated, from which nobody knows how much is still to be taken: it has no low end. What would be a least, or
    of which too little is known, is not known, and `why` says why."""
    if found.value is None and found.low is None:
        return found
    return replace(found, low=None, settles=settles) if found.is_stated else _not_known(found, settles, why)


def _not_known(found: Finding, settles: str, why: str) -> Finding:
    return replace(
        found, value=None, n=None, of=None, low=None, high=None, coverage=None, evidence=None, state=State.UNDEFINED,
        undefined=why, settles=settles,
    )  # fmt: skip


def ask(data: PackData, *questions: Question | Unanswerable) -> Answers:
    """Answer a measure's questions in as few passes over the lines as they have relations and things."""
    evidence = data.settings.evidence
    floors = Floors(Decimal(str(evidence.floor_pounds)), Decimal(str(evidence.floor_things)))
    questions = tuple(_or_empty(data, question) for question in questions)
    askable = [still_asked(data, question) for question in questions if isinstance(question, Question)]
    sources = {question.sources: data.source_files(question.sources) for question in askable}
    answers = answer(data.engine, askable, data.pack, str(data.period), floors, sources)
    for question in questions:
        if isinstance(question, Unanswerable):
            answers.findings |= undefined(data, (question.id,), question.reason)
    # In the order asked, whatever could be answered.
    answers.findings = {question.id: answers.findings[question.id] for question in questions}
    return answers


def _or_empty(data: PackData, question: Question | Unanswerable) -> Question | Unanswerable:
    if isinstance(question, Unanswerable) or not question.empty or data.count(question.of):
        return question
    return Unanswerable(question.id, question.empty)
