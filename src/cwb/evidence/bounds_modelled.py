"""Bounds of numbers that rest on factors and assumptions: amounts times a factor that is itself a range."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from cwb.evidence.bounded import ONE, ZERO, Bounded, exactly, undefined


@dataclass(frozen=True)
class Term:
    """A net amount whose factor is off together with that of every term of the same `key`, all low or all high.

    `amount` is what is added up; `base` what is divided by, in a ratio.
    """

    key: str
    amount: Decimal
    factor: Decimal
    low_factor: Decimal
    high_factor: Decimal
    base: Decimal = ZERO


@exactly
def sum_of(terms: Iterable[Term]) -> tuple[Decimal, Decimal, Decimal]:
    """Σ amount × factor with its least and its most, over terms that share factors.

    £100 now less £60 then of one product at 0.5 (0.2 to 0.8) is £40: 20, from 8 to 32, and not from 80 × … less 48.
    """
    by_key: dict[str, tuple[Decimal, Decimal, Decimal]] = {}
    for term in terms:
        value, low, high = by_key.get(term.key, (ZERO, ZERO, ZERO))
        by_key[term.key] = (
            value + term.amount * term.factor, low + term.amount * term.low_factor, high + term.amount * term.high_factor,
        )  # fmt: skip
    sums = by_key.values()
    return (
        sum((value for value, _, _ in sums), ZERO),
        sum((min(low, high) for _, low, high in sums), ZERO),
        sum((max(low, high) for _, low, high in sums), ZERO),
    )


@exactly
def ratio_of(terms: Iterable[Term], coverage: Decimal | None = None) -> Bounded:
    """Σ amount × factor ÷ Σ base × factor, where factors are shared between the two; undefined where the base could be
    zero or less.

    Of one product £30 of £40 at 0.5 (0.2 to 0.8), of another none of £60 at 0.2 (0.1 to 0.3): 15 ÷ 32 = 0.469, from
    6 ÷ (8 + 18) = 0.231 to 24 ÷ (32 + 6) = 0.632. Each end is found by steps: with a ratio at hand every factor takes
    the end that lowers (or raises) amount − ratio × base, which gives a lower (higher) ratio until none does.
    """
    by_key: dict[str, list[list[Decimal]]] = {}
    for term in terms:
        ends = by_key.setdefault(term.key, [[ZERO, ZERO] for _ in range(3)])
        for end, factor in zip(ends, (term.factor, term.low_factor, term.high_factor), strict=True):
            end[0] += term.amount * factor
            end[1] += term.base * factor
    keys = list(by_key.values())
    if sum((min(low[1], high[1]) for _, low, high in keys), ZERO) <= 0:
        return undefined(coverage)

    def divided(chosen: Sequence[list[Decimal]]) -> Decimal:
        return sum((amount for amount, _ in chosen), ZERO) / sum((base for _, base in chosen), ZERO)

    def extreme(sign: int) -> Decimal:
        best = divided([value for value, _, _ in keys])
        while True:
            chosen = [min(ends[1:], key=lambda end: sign * (end[0] - best * end[1])) for ends in keys]
            found = divided(chosen)
            if sign * found >= sign * best:
                return best
            best = found

    return Bounded(divided([value for value, _, _ in keys]), extreme(1), extreme(-1), coverage)


@exactly
def modelled(
    factors: Sequence[tuple[Decimal, Decimal, Decimal, Decimal]], coverage: Decimal | None = None
) -> Bounded:
    """Σ net × factor, over (net, factor, low factor, high factor) of each factor that is shared.

    A factor is off for all that shares it, so amounts are netted before: £100 and a credit of −£60 of one product
    at 0.5 (0.2 to 0.8) are £40: 20, from 8 to 32. Where the net is a credit, the high factor takes away most.
    What no factor is known for is in no sum; `coverage` says how much that is.
    """
    value = sum((net * factor for net, factor, _, _ in factors), ZERO)
    low = sum((net * (least if net >= 0 else most) for net, _, least, most in factors), ZERO)
    high = sum((net * (most if net >= 0 else least) for net, _, least, most in factors), ZERO)
    return Bounded(value, low, high, coverage)


@exactly
def share_of_modelled(
    low_in: Decimal,
    value_in: Decimal,
    high_in: Decimal,
    low_out: Decimal,
    value_out: Decimal,
    high_out: Decimal,
    coverage: Decimal | None = None,
) -> Bounded:
    """The share of modelled amounts that is in, where no factor is shared between in and out.

    In 20 (8 to 32), out 12 (6 to 18): 20 ÷ 32 = 0.625, from 8 ÷ 26 = 0.308 to 32 ÷ 38 = 0.842. Undefined where the
    whole is zero or less, or could be with credits.
    """
    if value_in + value_out <= 0:
        return undefined(coverage)
    value = value_in / (value_in + value_out)
    if low_in >= 0 and low_out >= 0:
        # A whole that could vanish with nothing out, or nothing in, leaves the share at all, or at none, of it.
        least, most = low_in + high_out, high_in + low_out
        return Bounded(value, low_in / least if least else ONE, high_in / most if most else ZERO, coverage)
    if low_in + low_out <= 0:
        return undefined(coverage)
    # A credit on one side turns round which end of the other raises the share: look at all four corners.
    corners = [i / (i + o) for i in (low_in, high_in) for o in (low_out, high_out)]
    return Bounded(value, min(corners), max(corners), coverage)


@exactly
def product(finding: Bounded, value: Decimal, low: Decimal, high: Decimal) -> Bounded:
    """A finding times an assumption that has a range of its own; the least and the most of the four corner
    products.

    £100 (80 to 120) that could move, a quarter of it (a tenth to a half): £25, from £8 to £60. −£20 to £10 times 1
    to 2 is −£40 to £20. Coverage is the finding's.
    """
    if finding.value is None or finding.low is None or finding.high is None:
        return undefined(finding.coverage)
    corners = [end * assumed for end in (finding.low, finding.high) for assumed in (low, high)]
    return Bounded(finding.value * value, min(corners), max(corners), finding.coverage)
