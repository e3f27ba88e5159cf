"""The coverage floor: how much must be known for a number to be stated, and what is said where it is not.

Below the floor a share, a change and a rank are not known, and a count or a total is at least what is
certain; where that is zero it is not known either.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from cwb.evidence.bounded import ONE, Bounded, Sums
from cwb.evidence.definitions import definition
from cwb.evidence.finding import Finding, State, number
from cwb.evidence.headcounts import is_few, is_headcount, is_small
from cwb.evidence.questions import Question
from cwb.evidence.rows import Evidence

NO_WHOLE = "there is nothing to take a share of"
_LEAST = ("total", "count")
# Amounts besides pounds that are added up.
_AMOUNTS = ("days", "weeks", "tonnes", "fte_years")
# Columns of a line that say how many things it stands for, and what these are; "" for the things of the question.
_NUMBERS = {"cells": "cells", "units": "enterprises", "weight": ""}
_WITH_BASE = ("total", "count", "share", "largest", "top")


@dataclass(frozen=True)
class Floors:
    """The shares of pounds, and of things, that must be known."""

    pounds: Decimal
    things: Decimal

    def of(self, question: Question) -> Decimal:
        return self.pounds if question.by else self.things


def known_text(question: Question, coverage: Decimal, everything: Decimal, floor: Decimal) -> str:
    """What is known of a question, in words: "suppliers' places are known for 1.3% of £94.1m"."""
    defined = definition(question.id)
    unit = defined.unit if defined.unit in _AMOUNTS or defined.is_headcount else "gbp"
    if question.by is None or question.by in _NUMBERS:
        of = _NUMBERS.get(question.by or "") or question.per.plural
        base = f"the {of}, of which there is 1" if everything == 1 else f"{everything:,.0f} {of}"
    else:
        base = number(float(everything), unit)
    shown = number(float(coverage), "share")
    if coverage < floor <= round(coverage, 2):
        # Just below the floor must not read as the floor.
        shown = f"{int(coverage * 1000) / 10:.1f}%"
    part = f"only {shown} of {base}" if coverage > 0 else f"none of {base}"
    return f"{question.fact.known} for {part}"


def finding_of(
    question: Question,
    bounded: Bounded,
    sums: Sums,
    then: Sums | None,
    evidence: Evidence,
    pack: str,
    period: str,
    floors: Floors,
    sources: tuple[str, ...],
) -> Finding:
    """The finding of a question: stated, at least, not known, undefined; of people also fewer than 5, or withheld.

    `sums` are those of the question's relation, `then` those of the earlier period of a change.
    """
    common = Finding(
        id=question.id,
        pack=pack,
        period=question.period or period,
        unit=definition(question.id).unit or _unit(question),
        sources=sources,
        caveats=question.caveats,
        coverage=None if bounded.coverage is None else float(bounded.coverage),
        evidence=evidence,
        undefined=NO_WHOLE,
        state=State.UNDEFINED,
    )
    # A change is stated where enough is known of both periods; its coverage is that of the less known one.
    periods = [sums] if then is None else [sums, then]
    least = min(periods, key=lambda sums: sums.coverage if sums.coverage is not None else ONE)
    found = _by_the_floor(common, question, bounded, sums, least, floors)
    if found.state is State.UNDEFINED or not is_headcount(question.id):
        return found
    if any(_reveals_few(question, one) for one in periods):
        return found.withheld()
    if found.state in (State.AT_LEAST, State.NOT_KNOWN):
        # Alike, whether the floor or few people make it so.
        return replace(found, settles=question.fact.settles or None)
    if then is not None and any(one.unknown_size for one in periods):
        return replace(found, low=None, high=None, coverage=None)
    return found


def _reveals_few(question: Question, people: Sums) -> bool:
    """Whether a number derived from a number of people, and none itself, gives away that they are fewer than 5."""
    if question.kind in ("total", "count"):
        return False
    if not question.is_share or question.kind == "largest":
        return is_small(float(people.true))
    ends = (people.true, people.all, people.all - people.high)
    return any(is_small(float(end)) for end in ends) or is_few(float(people.unknown_size))


def _by_the_floor(
    common: Finding, question: Question, bounded: Bounded, sums: Sums, least: Sums, floors: Floors
) -> Finding:
    """The finding with its value and ends, as far as enough is known to state them."""
    coverage = bounded.coverage
    worse = coverage if question.then is None else least.coverage
    is_known = worse is None or worse >= floors.of(question)
    if bounded.value is None or bounded.low is None or bounded.high is None:
        # Where there is something to take a share of, what is missing is knowledge.
        missing = replace(common, of=float(sums.all))
        if coverage is None and sums.all_size > 0:
            missing = replace(missing, undefined="credits are larger than payments in a part of it")
        if is_known or sums.all <= 0:
            return missing
        return _not_known(missing, question, worse, least, floors)
    is_empty = coverage is None and question.fact.sql != "TRUE"
    if is_empty and not question.is_whole and question.kind in (*_LEAST, "change"):
        # "0 of 0" would read as though somebody had looked and found none.
        return replace(common, undefined="there is nothing to count", of=float(sums.all))
    low, high = float(bounded.low), float(bounded.high)
    has_base = (
        question.kind in _WITH_BASE and not question.columns and (question.is_share or question.fact.sql != "TRUE")
    )
    of = float(sums.all) if has_base and not (is_empty and question.is_whole) else None
    known = replace(common, of=of, low=low, high=high)
    if not is_known:
        if question.kind in _LEAST and bounded.low > 0:
            settles = question.fact.settles or None
            return replace(known, value=low, undefined=None, state=State.AT_LEAST, settles=settles)
        bounded_by = common if question.is_modelled else known
        return _not_known(bounded_by, question, worse, least, floors)
    n = float(sums.true) if has_base and question.kind == "share" else None
    return replace(known, value=float(bounded.value), n=n, undefined=None, state=State.STATED)


def _unit(question: Question) -> str:
    """The unit of a question that no table of findings defines."""
    if question.is_share:
        return "points" if question.then is not None else "share"
    return "gbp" if question.by else "count"


def _not_known(
    finding: Finding, question: Question, coverage: Decimal | None, sums: Sums, floors: Floors
) -> Finding:
    # The base of coverage: net pounds, or their sizes where credits bring the net to zero or less.
    base = sums.all if sums.all > 0 else sums.all_size
    reason = known_text(question, coverage or Decimal(0), base, floors.of(question))
    return replace(finding, undefined=reason, state=State.NOT_KNOWN, settles=question.fact.settles or None)
