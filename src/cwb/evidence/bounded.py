"""A number with its range, and the sums it is computed from; all arithmetic is Decimal, exact until the one division."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Context, Decimal, localcontext
from functools import wraps
from typing import ParamSpec, TypeVar

ZERO, ONE = Decimal(0), Decimal(1)

# Pounds have up to 18 digits, and a change of shares multiplies two of them: 40 digits keep every sum exact.
_DIGITS = Context(prec=40)

P = ParamSpec("P")
R = TypeVar("R")


def exactly(function: Callable[P, R]) -> Callable[P, R]:
    """Run a function in a decimal context of 40 digits, whatever context the caller has."""

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        with localcontext(_DIGITS):
            return function(*args, **kwargs)

    return run


@dataclass(frozen=True)
class Bounded:
    """A value, how low and how high the unknowns could make it, and the part of the weight that is known.

    None is undefined: value, low and high are so together, coverage where there is no weight at all.
    """

    value: Decimal | None
    low: Decimal | None
    high: Decimal | None
    coverage: Decimal | None


def undefined(coverage: Decimal | None = None) -> Bounded:
    """No value; the coverage may still be known."""
    return Bounded(None, None, None, coverage)


@exactly
def coverage_of(unknown_size: Decimal, all_size: Decimal) -> Decimal | None:
    """1 − unknown ÷ all, both as Σ|w|; None without weight. £30 unknown of £120: 0.75."""
    return None if all_size == 0 else (all_size - unknown_size) / all_size


@dataclass(frozen=True)
class Sums:
    """Things of one relation, added up by whether the fact holds of them; w is a thing's net pounds, or 1.

    A local £60, B not £30, C unknown £20, D unknown −£10: true 60, unknown −10 and 20, all 100, sizes 120.
    """

    true: Decimal
    """Σw of the things of which the fact is true."""
    unknown_low: Decimal
    """Σ min(w, 0) of the things of which it is not known: what they take away if it holds of the credits alone."""
    unknown_high: Decimal
    """Σ max(w, 0) of them: what they add if it holds of all but the credits."""
    all: Decimal
    """Σw of all things."""
    all_size: Decimal
    """Σ|w| of all things."""

    @property
    @exactly
    def unknown_size(self) -> Decimal:
        """Σ|w| of the things of which the fact is not known."""
        return self.unknown_high - self.unknown_low

    @property
    @exactly
    def unknown(self) -> Decimal:
        """Σw of the things of which the fact is not known."""
        return self.unknown_low + self.unknown_high

    @property
    @exactly
    def false(self) -> Decimal:
        """Σw of the things of which the fact is false."""
        return self.all - self.true - self.unknown

    @property
    def coverage(self) -> Decimal | None:
        return coverage_of(self.unknown_size, self.all_size)

    @property
    @exactly
    def low(self) -> Decimal:
        return self.true + self.unknown_low

    @property
    @exactly
    def high(self) -> Decimal:
        return self.true + self.unknown_high

    @exactly
    def __add__(self, other: Sums) -> Sums:
        """The sums of two sets of things that have none in common."""
        return Sums(
            self.true + other.true,
            self.unknown_low + other.unknown_low,
            self.unknown_high + other.unknown_high,
            self.all + other.all,
            self.all_size + other.all_size,
        )


NOTHING = Sums(ZERO, ZERO, ZERO, ZERO, ZERO)
