"""What a report tells of a figure: value, low, high, how much is known, and whether it is stated.

Below half known (the illustrative council's floor) a sum or a count is the least that it can be, and anything else is not known.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from statistics import median
from typing import NamedTuple

from oracle.bounds import Figure, Thing, share, total

FLOOR = Fraction(1, 2)
FEWEST_PEOPLE = 5
NOTHING = Fraction(0)


class Answer(NamedTuple):
    """`known` is the part of the base that is known, None where there is no base."""

    value: Fraction | None
    low: Fraction | None
    high: Fraction | None
    known: Fraction | None
    state: str


class Maybe(NamedTuple):
    """A thing of which it may not be known whether it belongs to the base, nor whether the fact is true."""

    is_base: bool | None
    fact: bool | None
    weight: Fraction = Fraction(1)


UNDEFINED = Answer(None, None, None, None, "undefined")
FEWER = Answer(None, None, None, None, "fewer_than_5")


def exactly(value: Fraction | int | None, known: Fraction | None = Fraction(1)) -> Answer:
    """A figure without anything unknown; `known` is None where nothing is counted."""
    return (
        UNDEFINED if value is None else Answer(Fraction(value), Fraction(value), Fraction(value), known, "stated")
    )


def between(value: Fraction, low: Fraction, high: Fraction) -> Answer:
    """A figure with a range of its own, of which all rows are known."""
    return Answer(value, low, high, Fraction(1), "stated")


def known_part(things: Sequence[Thing]) -> Fraction | None:
    size = sum((abs(one.weight) for one in things), NOTHING)
    unknown = sum((abs(one.weight) for one in things if one.fact is None), NOTHING)
    return 1 - unknown / size if size else None


def added(things: Iterable[Thing]) -> Answer:
    """A total; undefined where nothing is there to look at."""
    things = list(things)
    known = known_part(things)
    if known is None:
        return UNDEFINED
    figure = total(things)
    if known < FLOOR:
        return Answer(figure.low, figure.low, figure.high, known, "at_least")
    return Answer(*figure, known, "stated")


def least_of(told: Iterable[tuple[Fraction | None, bool | None]]) -> Answer:
    """A total of which some may state no number: then no more is known than the least."""
    told = list(told)
    whole = added(Thing(number or NOTHING, fact) for number, fact in told)
    return whole if all(number is not None or fact is False for number, fact in told) else at_least(whole)


def at_least(seen: Answer) -> Answer:
    """A figure beside which there may be more: what is sure of it; where nothing is, nothing is known."""
    if seen.state in ("undefined", "not_known"):
        return seen
    return Answer(seen.low, seen.low, seen.high, seen.known, "at_least") if seen.low else UNDEFINED


def at_most(seen: Answer) -> Answer:
    """A figure from which nobody knows how much is still to be taken: it has no low end, and a least is none."""
    return seen._replace(low=None) if seen.state == "stated" else UNDEFINED


def counted(facts: Iterable[bool | None]) -> Answer:
    return added(Thing(Fraction(1), fact) for fact in facts)


def part(facts: Iterable[bool | None]) -> Answer:
    """A share of things, each counted once."""
    return part_of(Thing(Fraction(1), fact) for fact in facts)


def part_of(things: Iterable[Thing]) -> Answer:
    things = list(things)
    return _stated(share(things), known_part(things))


def among(rows: Iterable[Maybe]) -> Answer:
    """A share of which the base may not be known either: the value counts what is not known as outside it, or as not so."""
    rows = [row for row in rows if row.is_base is not False]

    def pounds(*wanted: tuple[bool | None, bool | None]) -> Fraction:
        return sum((row.weight for row in rows if (row.is_base, row.fact) in wanted), NOTHING)

    sure, base = pounds((True, True)), pounds((True, True), (True, False), (True, None))
    if base <= 0:
        return UNDEFINED
    against = pounds((True, False), (True, None), (None, False), (None, None))
    most = sure + pounds((True, None), (None, True), (None, None))
    figure = Figure(sure / base, sure / (sure + against), most / (most + pounds((True, False))))
    return _stated(figure, pounds((True, True), (True, False)) / sum(row.weight for row in rows))


def _stated(figure: Figure, known: Fraction | None) -> Answer:
    if figure.value is None or known is None:
        return UNDEFINED
    if known < FLOOR:
        return Answer(None, figure.low, figure.high, known, "not_known")
    return Answer(*figure, known, "stated")


def mean(values: Sequence[Fraction | int]) -> Answer:
    return exactly(sum(map(Fraction, values)) / len(values) if values else None)


def middle(values: Sequence[Fraction | int]) -> Answer:
    return exactly(median(map(Fraction, values)) if values else None)


def people(number: Fraction | int) -> Answer:
    """How many people, all of them known: fewer than five are not counted out."""
    return FEWER if number < FEWEST_PEOPLE else exactly(number)
