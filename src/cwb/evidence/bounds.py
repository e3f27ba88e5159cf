"""Value, low, high and coverage of each kind of finding, from what SQL has already reduced to one row per thing.

A fact is true, false or not known of a thing, and a thing goes one way with all of its lines. The value takes what
is not known as not so. Low and high are the least and the most over every way in which the unknown things could
go: they are reached, not only not passed. Kinds that rank are in `bounds_ranked`, modelled ones in
`bounds_modelled`, each kind's rule in plain English in `bounds_rules`; all are imported from here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from cwb.evidence.bounded import NOTHING, ZERO, Bounded, Sums, coverage_of, exactly, undefined
from cwb.evidence.bounds_modelled import Term, modelled, product, ratio_of, share_of_modelled, sum_of
from cwb.evidence.bounds_ranked import Largest, half, largest, mean, median, top, weighted_mean
from cwb.evidence.bounds_rules import RULES

__all__ = [
    "NOTHING",
    "RULES",
    "Among",
    "Bounded",
    "Largest",
    "Sums",
    "Term",
    "change",
    "change_of_share",
    "half",
    "largest",
    "mean",
    "median",
    "modelled",
    "product",
    "rate",
    "ratio_of",
    "share",
    "share_among",
    "share_of_modelled",
    "sum_of",
    "top",
    "total",
    "weighted_mean",
]


def total(s: Sums) -> Bounded:
    """Pounds, or a count, of the things of which the fact holds.

    Local £60, unknown £20 and −£10: £60, from £50 (the credit is local, the £20 is not) to £80.
    """
    return Bounded(s.true, s.low, s.high, s.coverage)


@exactly
def share(s: Sums) -> Bounded:
    """The total of the things of which the fact holds divided by that of all; undefined where all ≤ 0.

    The same things, all £100: 0.60, from 0.50 to 0.80, known for 1 − 30 ÷ 120 = 0.75 of the pounds.
    """
    if s.all <= 0:
        return undefined(s.coverage)
    return Bounded(s.true / s.all, s.low / s.all, s.high / s.all, s.coverage)


@exactly
def rate(n: Bounded, of: Decimal, per: Decimal) -> Bounded:
    """So many per 1,000, or kilograms per pound: a total for each `per` of a base that is itself known.

    6 social enterprises, from 5 to 9, in 3,000 businesses: 2 per 1,000, from 1.67 to 3. Undefined without a base.
    """
    if n.value is None or n.low is None or n.high is None or of <= 0:
        return undefined(n.coverage)
    return Bounded(n.value * per / of, n.low * per / of, n.high * per / of, n.coverage)


@exactly
def change(now: Sums, then: Sums, change: Sums) -> Bounded:
    """Change of a total or count. `change` has each thing's weight now less its weight then.

    One unknown thing goes one way in both periods, so that a supplier paid in both moves no count. In the
    district: A now only, B and F then only, E both; not known: one both, one now only, one then only. −1,
    from −2 to 0.
    """
    known = coverage_of(now.unknown_size + then.unknown_size, now.all_size + then.all_size)
    return Bounded(change.true, change.low, change.high, known)


@exactly
def change_of_share(now: Sums, then: Sums, unknown: Iterable[tuple[Decimal, Decimal]]) -> Bounded:
    """Change of a share, in points; `unknown` has the weights now and then of each unknown thing.

    Local 80 of 200, then 30 of 100: 0.40 − 0.30 = 0.10. An unknown supplier with 20 in both periods moves it by 20
    ÷ 200 − 20 ÷ 100 = −0.10 if it is local: from 0.00 to 0.10. Undefined where all is zero or less in a period.
    """
    known = coverage_of(now.unknown_size + then.unknown_size, now.all_size + then.all_size)
    if now.all <= 0 or then.all <= 0:
        return undefined(known)
    # Over the common denominator, so that each end is divided once.
    bottom = now.all * then.all
    value = now.true * then.all - then.true * now.all
    moves = [weight_now * then.all - weight_then * now.all for weight_now, weight_then in unknown]
    low = value + sum((move for move in moves if move < 0), ZERO)
    high = value + sum((move for move in moves if move > 0), ZERO)
    return Bounded(value / bottom, low / bottom, high / bottom, known)


@dataclass(frozen=True)
class Among:
    """Σw of the things by whether they are of the base (q) and whether the fact (p) holds; not q is left out.

    Spend with social enterprises that is local: q is "a social enterprise", p is "local".
    """

    base_in: Decimal
    """q true, p true."""
    base_out: Decimal
    """q true, p false."""
    base_unknown: Decimal
    """q true, p not known."""
    maybe_in: Decimal
    """q not known, p true."""
    maybe_out: Decimal
    """q not known, p false."""
    maybe_unknown: Decimal
    """Neither known."""

    @property
    def cells(self) -> tuple[Decimal, ...]:
        sure = (self.base_in, self.base_out, self.base_unknown)
        return (*sure, self.maybe_in, self.maybe_out, self.maybe_unknown)


@exactly
def share_among(a: Among) -> Bounded:
    """The share of p among the things that are q, where either may be unknown; every weight is zero or more.

    Sure and local 30, sure and not local 20, perhaps social and local 10, sure and of unknown place 15: 30 ÷ 65 =
    0.462, from 30 ÷ (30 + 35) = 0.462 to 55 ÷ (55 + 20) = 0.733. Undefined where nothing is surely q, and where a
    sum is negative, of which the rule does not hold. Coverage is of the weight that may be q, since what is surely
    not q says nothing about the share.
    """
    if min(a.cells) < 0:
        return undefined()
    settled, may_be_base = a.base_in + a.base_out, sum(a.cells, ZERO)
    known = coverage_of(may_be_base - settled, may_be_base)
    base = settled + a.base_unknown
    if base <= 0:
        return undefined(known)
    may_be_out = a.base_out + a.base_unknown + a.maybe_out + a.maybe_unknown
    may_be_in = a.base_in + a.base_unknown + a.maybe_in + a.maybe_unknown
    return Bounded(
        a.base_in / base, a.base_in / (a.base_in + may_be_out), may_be_in / (may_be_in + a.base_out), known
    )
