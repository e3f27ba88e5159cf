"""Bounds of numbers that rest on factors and assumptions: amounts times a factor that is itself a range."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from cwb.evidence.bounded import ONE, ZERO, Bounded, coverage_of, exactly, undefined


@exactly
def modelled(
    factors: Sequence[tuple[Decimal, Decimal, Decimal, Decimal]], unknown_size: Decimal = ZERO
) -> Bounded:
    """Σ net × factor, over (net, factor, low factor, high factor) of each factor that is shared.

    A factor is off for all that shares it, so amounts are netted before: £100 and a credit of −£60 of one product
    at 0.5 (0.2 to 0.8) are £40: 20, from 8 to 32. Where the net is a credit, the high factor takes away most.
    `unknown_size` is Σ|£| of what no factor is known for: it is in no sum and lowers the coverage.
    """
    value = sum((net * factor for net, factor, _, _ in factors), ZERO)
    low = sum((net * (least if net >= 0 else most) for net, _, least, most in factors), ZERO)
    high = sum((net * (most if net >= 0 else least) for net, _, least, most in factors), ZERO)
    known_size = sum((abs(net) for net, _, _, _ in factors), ZERO)
    return Bounded(value, low, high, coverage_of(unknown_size, known_size + unknown_size))


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
    whole is nought or less, or could be with credits.
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
