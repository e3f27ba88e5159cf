"""Bounds of numbers that rank things: means and medians, the largest group, the largest n, suppliers for half."""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from cwb.evidence.bounded import NOTHING, ONE, ZERO, Bounded, Sums, coverage_of, exactly, undefined


def _size(numbers: Iterable[Decimal]) -> Decimal:
    return sum((abs(number) for number in numbers), ZERO)


@exactly
def mean(known: Sequence[Decimal], unknown: Sequence[Decimal], others: Sequence[Decimal] = ()) -> Bounded:
    """The mean of the things of which the fact holds: `known`; `unknown` may join, `others` count in coverage.

    Local contracts of 100 and 50, of unknown place 10 and 200: 75. With 10 53.3, with 200 116.7, with both 90: so
    from 53.3 to 116.7. For the least it is enough to add the smallest unknown, then the next; for the most the
    largest. Undefined where the fact is known to hold of nothing.
    """
    bounds = weighted_mean([(number, ONE) for number in known], [(number, ONE) for number in unknown])
    return Bounded(bounds.value, bounds.low, bounds.high, _known_part(known, unknown, others))


@exactly
def weighted_mean(
    known: Sequence[tuple[Decimal, Decimal]],
    unknown: Sequence[tuple[Decimal, Decimal]],
    others: Sequence[tuple[Decimal, Decimal]] = (),
) -> Bounded:
    """The mean of (number, weight) by weights of zero or more; coverage is of the weights.

    Scores 2 of 100 kg and 4 of 300 kg: 1,400 ÷ 400 = 3.5. With a score of 5 of 100 kg that may count, up to 3.8.
    """
    coverage = _known_part(*([weight for _, weight in part] for part in (known, unknown, others)))
    top_sum, bottom = sum((n * w for n, w in known), ZERO), sum((w for _, w in known), ZERO)
    if bottom <= 0:
        return undefined(coverage)

    def candidates(ordered: Iterable[tuple[Decimal, Decimal]]) -> Iterator[Decimal]:
        over, under = top_sum, bottom
        yield over / under
        for number, weight in ordered:
            over, under = over + number * weight, under + weight
            yield over / under

    least = min(candidates(sorted(unknown)))
    most = max(candidates(sorted(unknown, reverse=True)))
    return Bounded(top_sum / bottom, least, most, coverage)


@exactly
def median(known: Sequence[Decimal], unknown: Sequence[Decimal], others: Sequence[Decimal] = ()) -> Bounded:
    """The middle of the things of which the fact holds, of an even number the mean of the two middle ones.

    100 and 50, not known 10 and 200: 75, from 50 (with 10: 10, 50, 100) to 100 (with 200). Bounds as for the mean.
    """
    coverage = _known_part(known, unknown, others)
    if not known:
        return undefined(coverage)

    def candidates(ordered: Iterable[Decimal]) -> Iterator[Decimal]:
        numbers = sorted(known)
        yield _middle(numbers)
        for number in ordered:
            insort(numbers, number)
            yield _middle(numbers)

    least, most = min(candidates(sorted(unknown))), max(candidates(sorted(unknown, reverse=True)))
    return Bounded(_middle(sorted(known)), least, most, coverage)


def _middle(numbers: Sequence[Decimal]) -> Decimal:
    return (numbers[(len(numbers) - 1) // 2] + numbers[len(numbers) // 2]) / 2


def _known_part(known: Sequence[Decimal], unknown: Sequence[Decimal], others: Sequence[Decimal]) -> Decimal | None:
    return coverage_of(_size(unknown), _size(known) + _size(unknown) + _size(others))


@dataclass(frozen=True)
class Largest:
    """The largest group's amount, or its share of all, and which group that is.

    `name` has the largest value, of several the first by name. `surely` is the group that is alone at the top
    however the unknowns go, None where there is none. `possibly` are all that could be at the top, ties among
    them, by value and then by name: where `surely` is None a title names them all. A group that has nothing is
    never named.
    """

    bounded: Bounded
    name: str | None
    surely: str | None
    possibly: tuple[str, ...]


@exactly
def largest(groups: Mapping[str, Sums], of: Decimal | None = None, outside: Sums | None = None) -> Largest:
    """The largest of the groups. `of` gives it as a share of all, undefined where all is zero or less.

    IT leaves 50 and perhaps 10 more, care 45 and perhaps 20 more: 50 (IT), from max(50, 45) = 50 to max(60, 65) =
    65; surely largest none, possibly IT and care. `outside` are things in no group: its unknown ones are those
    whose group is not known, each of which may be in any one group or in none; the rest of it counts in coverage
    alone. With credits among those whose group is not known the low is not passed, but may not be reached.
    """
    beside = outside or NOTHING
    everything = sum(groups.values(), beside)
    coverage = everything.coverage
    if not groups:
        return Largest(undefined(coverage), None, None, ())
    low = {name: sums.low + beside.unknown_low for name, sums in groups.items()}
    high = {name: sums.high + beside.unknown_high for name, sums in groups.items()}
    order = sorted(groups, key=lambda name: (-groups[name].true, name))
    value, least, most = groups[order[0]].true, max(low.values()), max(high.values())

    def others(ends: Mapping[str, Decimal], name: str) -> list[Decimal]:
        return [end for other, end in ends.items() if other != name]

    surely = next((n for n in order if low[n] > 0 and all(low[n] > h for h in others(high, n))), None)
    possibly = tuple(n for n in order if high[n] > 0 and all(high[n] >= h for h in others(low, n)))
    name = order[0] if value > 0 else None
    if of is None:
        return Largest(Bounded(value, least, most, coverage), name, surely, possibly)
    bounded = undefined(coverage) if of <= 0 else Bounded(value / of, least / of, most / of, coverage)
    return Largest(bounded, name, surely, possibly)


@exactly
def top(n: int, named: Sequence[Decimal], unnamed_size: Decimal, everything: Decimal) -> Bounded:
    """The share of `everything` that the n largest of the named things have.

    50, 20, 20, without a name 10, together 100, the largest two: 70 ÷ 100, from 0.70 (the 10 are with nobody named) to
    0.80 (with one of the two). `unnamed_size` is Σ|w| of lines without a name; their credits, if any, lower the low.
    Weights of zero or more reach both ends. Undefined without a name, and where everything ≤ 0.
    """
    coverage = coverage_of(unnamed_size, _size(named) + unnamed_size)
    if not named or everything <= 0:
        return undefined(coverage)
    # Net and size of the unnamed lines give the payments and the credits among them.
    unnamed = everything - sum(named, ZERO)
    payments, credits = (unnamed + unnamed_size) / 2, (unnamed - unnamed_size) / 2
    value = sum(sorted(named, reverse=True)[:n], ZERO)
    return Bounded(value / everything, (value + credits) / everything, (value + payments) / everything, coverage)


@exactly
def half(named: Sequence[Decimal], unnamed: Sequence[Decimal]) -> Bounded:
    """The fewest suppliers that together make half of all spend; `unnamed` are lines, `named` suppliers' nets.

    Value and high take every line without a name as a supplier of its own; low puts all their pounds with the
    largest named supplier. Where nets are zero or more these are the ends: any other way of giving the lines to
    suppliers majorises the first and is majorised by the second, that is, its k largest make at least, and at
    most, as much for every k. Named 40, 30, 20, lines 25 and 15, all 130: 40 + 30 reach 65, so 2; with 40 on the
    largest 80, so from 1. Undefined where all spend is zero or less.
    """
    everything = sum((*named, *unnamed), ZERO)
    coverage = coverage_of(_size(unnamed), _size((*named, *unnamed)))
    if everything <= 0:
        return undefined(coverage)
    apart = Decimal(_reaching(everything, (*named, *unnamed)))
    with_largest = max(named, default=ZERO) + sum((line for line in unnamed if line > 0), ZERO)
    others = sorted(named, reverse=True)[1:]
    return Bounded(apart, Decimal(_reaching(everything, (with_largest, *others))), apart, coverage)


def _reaching(everything: Decimal, nets: Iterable[Decimal]) -> int:
    """How many of the largest it takes to make half. It is always reached: the positive nets add up to all or more."""
    running = ZERO
    for count, net in enumerate(sorted(nets, reverse=True), start=1):
        running += net
        if 2 * running >= everything:
            return count
    raise AssertionError("the nets make less than half of their own sum")
