"""What a figure is, at least and at most, when some facts are not known.

A thing is what a fact belongs to, such as a supplier; `weight` is its net pounds (all its lines and credits together),
or 1; `fact` is True, False or None for not known. One unknown thing goes one way, with all of its lines. The value
counts unknown as false.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable
from fractions import Fraction
from typing import NamedTuple


class Figure(NamedTuple):
    """A value and, where something is not known, the least and the most that it can be."""

    value: Fraction | None
    low: Fraction | None = None
    high: Fraction | None = None


class Thing(NamedTuple):
    weight: Fraction
    fact: bool | None


UNDEFINED = Figure(None)


def nets(parts: Iterable[tuple[Hashable, Fraction, bool | None]]) -> list[Thing]:
    """Things from lines (thing, weight, fact): one thing a supplier, its weights added up."""
    weights: dict[Hashable, Fraction] = defaultdict(Fraction)
    facts: dict[Hashable, bool | None] = {}
    for thing, weight, fact in parts:
        if facts.setdefault(thing, fact) != fact:
            raise ValueError(f"{thing} has two facts")
        weights[thing] += weight
    return [Thing(weights[thing], facts[thing]) for thing in weights]


def total(things: Iterable[Thing]) -> Figure:
    """Total or count of the things of which the fact is true; a change, where weights are differences."""
    things = list(things)
    true = sum((t.weight for t in things if t.fact is True), Fraction())
    unknown = [t.weight for t in things if t.fact is None]
    return Figure(true, true + sum(min(w, 0) for w in unknown), true + sum(max(w, 0) for w in unknown))


def over(figure: Figure, whole: Fraction | int) -> Figure:
    """A figure divided by a whole that is known; undefined where that is not above nought."""
    if whole <= 0:
        return UNDEFINED
    return Figure(*(None if part is None else Fraction(part) / whole for part in figure))


def share(things: Iterable[Thing]) -> Figure:
    """Share of the things of which the fact is true, by weight."""
    things = list(things)
    return over(total(things), sum((t.weight for t in things), Fraction()))


def largest(groups: dict[str, list[Thing]]) -> Figure:
    """The largest of several totals; low is the largest low, high the largest high."""
    totals = [total(things) for things in groups.values()]
    return Figure(*(max(getattr(t, end) for t in totals) for end in ("value", "low", "high")))
