"""A change is explained and not claimed: the difference between two periods in parts that sum to the whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

import pandas as pd

from cwb.packs.contract_emissions.emissions import WEIGHTS
from cwb.packs.questions import ONE, ZERO, Bounded, Term, coverage, exactly, sum_of

RELEASE, FACTOR_YEAR, SPEND, PRICE, MIX, METHOD, CARRIED, SUPPLIERS = (
    "Another release of the factors", "Another year of the factors", "More or less spent", "Prices",
    "Other things bought", "Other methods", "Suppliers' last reports, carried forward", "What suppliers did",
)  # fmt: skip
WHAT = {
    RELEASE: "The publisher restated its factors for the same year.",
    FACTOR_YEAR: "Factors of a later year: the economy's average changed, not our suppliers.",
    SPEND: "Pounds paid for what is known.",
    PRICE: "The same pounds buy less, or more.",
    MIX: "Money moved between product groups.",
    METHOD: "Contracts reported on in one of the two periods alone, or by another method.",
    CARRIED: "The latest report is an earlier year's: a cut that was reported, not yet for this period.",
    SUPPLIERS: "Contracts reported on for both periods by one method: the only part that is a reduction.",
}
# A contract whose spend-based figure is under a kilogram has no growth that means anything.
_LEAST_KG = ONE
RULE = (
    "By unit, of those with rows in both periods, whose first method is the same and of which {which} is carried: weight_now × "
    "factor less weight_then × factor × growth, where growth is Σ weight_now × spend_factor ÷ Σ weight_then × spend_factor; "
    "low and high with low_factor or high_factor, one choice for all rows with the same text in shared."
)


@dataclass
class Side:
    """One period of a contract or supplier that is reported on."""

    kgco2e: Decimal = ZERO
    spend_kgco2e: Decimal = ZERO
    methods: list[str] = field(default_factory=list)

    @property
    def off(self) -> Decimal:
        """How far the report is from the spend-based figure."""
        return self.kgco2e - self.spend_kgco2e


@dataclass
class Unit:
    """A contract or supplier that is reported on, in both periods, and its rows."""

    then: Side = field(default_factory=Side)
    now: Side = field(default_factory=Side)
    is_carried: bool = False
    rows: list[tuple[Decimal, Decimal, Term]] = field(default_factory=list)

    @property
    def is_in_both(self) -> bool:
        return bool(self.now.methods and self.then.methods) and self.then.spend_kgco2e > _LEAST_KG

    @property
    def is_alike(self) -> bool:
        return min(self.now.methods) == min(self.then.methods)

    @property
    def is_compared(self) -> bool:
        """Whether it is reported on by one method in both periods, so that what changed is its own doing."""
        return self.is_in_both and self.is_alike

    @cached_property
    def growth(self) -> Decimal:
        """How many times as much the spend-based figure is as then."""
        return self.now.spend_kgco2e / self.then.spend_kgco2e

    @property
    def own_change(self) -> Decimal:
        """What it emits less what it would for the same real pounds as before: 100 kg for £10, then 150 kg for £20 is
        150 − 200 = −50 kg."""
        return self.now.kgco2e - self.growth * self.then.kgco2e


@exactly
def units_of(rows: pd.DataFrame) -> dict[str, Unit]:
    """The units of rows with `unit`, `weight_now`, `weight_then`, `factor` and its range, `spend_factor`, `method`,
    `is_carried` and `shared`."""
    units: dict[str, Unit] = {}
    for row in rows.itertuples():
        unit = units.setdefault(row.unit, Unit())
        for side, pounds in ((unit.now, row.weight_now), (unit.then, row.weight_then)):
            if pounds:
                side.kgco2e += pounds * row.factor
                side.spend_kgco2e += pounds * (row.spend_factor or ZERO)
                side.methods.append(row.method)
        unit.is_carried |= bool(row.is_carried)
        factor = Term(row.shared, ONE, row.factor, row.low_factor, row.high_factor)
        unit.rows.append((row.weight_now, row.weight_then, factor))
    return units


@exactly
def reported_change(rows: pd.DataFrame, is_carried: bool) -> Bounded:
    """What suppliers did (or, `is_carried`, what their last reports say), over the units reported on in both periods."""
    terms = [
        Term(t.key, now - unit.growth * then, t.factor, t.low_factor, t.high_factor)
        for unit in units_of(rows).values()
        if unit.is_compared and unit.is_carried == is_carried
        for now, then, t in unit.rows
    ]
    return Bounded(*sum_of(terms), coverage(rows, WEIGHTS))


def without_reports(units: Mapping[str, Unit], own_reports: int, year: str) -> dict[str, str]:
    """The parts that rest on reports, where no two of one method can be compared, each with why."""
    reasons = {}
    for part, is_carried in ((CARRIED, True), (SUPPLIERS, False)):
        of_kind = [unit for unit in units.values() if unit.is_carried == is_carried]
        if not units:
            reasons[part] = "no supplier reports on either period"
        elif of_kind and not any(unit.is_compared for unit in of_kind):
            reasons[part] = "no supplier reports by one method on both periods"
    return reasons if own_reports else {**reasons, SUPPLIERS: f"no supplier has reported for {year} yet"}


@dataclass(frozen=True)
class Whole:
    """All that is known of a period: pounds, emissions if spend-based throughout, emissions, the units paid."""

    pounds: Decimal
    spend_kgco2e: Decimal
    kgco2e: Decimal
    paid: frozenset[str]


@exactly
def explain(
    before: Whole, after: Whole, units: dict[str, Unit], step_before: Decimal, step_after: Decimal
) -> dict[str, Decimal]:
    """The change between two footprints of one release and factor year, in parts that sum to it.

    `step_…` turn pounds into prices of the factor's year. Spend: as if only the pounds had changed. Price: what those
    pounds buy. Suppliers: of contracts reported on by one method in both periods, each for its own year, their own change.
    Carried: the same where one of the reports is an earlier year's, so that nobody has reported this period yet. Method:
    contracts reported on by another method, or paid in both periods and reported on in one. Mix: the rest, money that
    moved between products and contracts, contracts that began or ended among them.
    """
    spend = (after.pounds / before.pounds - 1) * before.spend_kgco2e
    price = after.pounds / before.pounds * (step_after / step_before - 1) * before.spend_kgco2e
    both = [unit for unit in units.values() if unit.is_in_both]
    lone = {name: unit for name, unit in units.items() if not unit.is_in_both}
    moved = _sum((unit.growth - 1) * unit.then.off for unit in both)
    method = began = ZERO
    for name, unit in lone.items():
        for side, other, sign in ((unit.now, before, 1), (unit.then, after, -1)):
            if name in other.paid:
                method += sign * side.off
            else:
                began += sign * side.off
    return {
        SPEND: spend,
        PRICE: price,
        MIX: after.spend_kgco2e - before.spend_kgco2e - spend - price + moved + began,
        METHOD: method + _sum(unit.own_change for unit in both if not unit.is_alike),
        CARRIED: _sum(unit.own_change for unit in both if unit.is_alike and unit.is_carried),
        SUPPLIERS: _sum(unit.own_change for unit in both if unit.is_alike and not unit.is_carried),
    }


def _sum(numbers: Iterable[Decimal]) -> Decimal:
    return sum(numbers, ZERO)
