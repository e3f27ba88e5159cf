"""The library's findings against the oracle: value, low and high.

Nothing of `cwb` is imported: only the findings.json of the session's reports are read.
"""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from oracle import bounds
from oracle.bounds import Figure, Thing
from oracle.first_page import compute

PERIODS = ("2023-24", "2026-27-Q2")
IDS = (
    "total_spend", "payment_count", "supplier_count", "withheld_share", "local_spend", "local_share", "one_off_spend",
    "spend_without_one_offs", "local_share_without_one_offs", "home_spend", "home_share", "unknown_place_share",
    "local_supplier_share", "top_district_share", "home_supplier_count", "home_supplier_count_baseline",
    "home_supplier_change", "award_count", "award_local_count", "award_value", "award_local_value",
    "award_local_value_share", "register_count", "register_local_count", "anchor_award_count",
    "anchor_award_local_count", "sme_share", "vcse_share", "size_known_share", "leaving_spend", "largest_leak_spend",
    "top_ten_share", "suppliers_for_half", "suppliers_new", "suppliers_kept", "suppliers_lost", "local_share_baseline",
    "local_share_change", "local_share_without_one_offs_baseline", "local_share_without_one_offs_change",
    "local_share_known", "mean_of_quarter_shares", "published_restated", "rows_in", "rows_kept", "rows_refused",
    "rows_of_totals", "rows_duplicated", "pounds_in", "pounds_kept", "pounds_refused", "pounds_of_totals", "pounds_duplicated", "anchor_local_share", "anchor_spend_total", "anchor_body_count",
    "anchor_threshold", "shared_supplier_count", "shared_supplier_spend", "shared_supplier_share", "journey_change",
    "initiative_count",
    "plan_spend_share", "plan_supplier_share", "plan_count",
    "demand_count", "demand_value", "demand_valued_share", "pipeline_past_count", "opportunity_count",
    "se_certain_count", "se_likely_count", "se_possible_count", "se_count", "se_home_count", "se_reservation_count",
    "se_count_least", "se_count_most", "se_largest_form_share", "se_service_known_share", "se_young_share",
    "se_top_district_rate", "se_births", "se_survival_share", "se_spend", "se_spend_share", "se_supplier_count",
    "local_organisation_count", "known_local_supplier_count", "business_unit_count", "influenceable_spend",
    # Pack 05
    "emissions_total", "emissions_known_share", "emissions_per_pound", "energy_emissions", "reported_emissions_share",
    "reported_spend_share", "hot_spot_emissions", "emissions_baseline", "emissions_change", "factor_trap_change",
    "release_median_difference", "reported_contract_count", "contract_reduction", "contract_planned_left",
    "checklist_share", "checklist_count",
)  # fmt: skip


def _found(project: Path, period: str) -> dict[str, dict[str, Any]]:
    told = json.loads((project / "reports" / period / "findings.json").read_text(encoding="utf-8"))
    return {one["id"]: one for one in reversed(told)}


def _agree(ours: Fraction | None, theirs: float | None, unit: str) -> bool:
    """To the penny for pounds; findings.json has twelve digits of a share."""
    if ours is None or theirs is None:
        return ours is None and theirs is None
    # findings.json has twelve digits.
    return abs(float(ours) - theirs) < max(0.005 if unit == "gbp" else 1e-9, 1e-11 * abs(theirs))


@pytest.mark.parametrize("period", PERIODS)
def test_oracle_gives_every_figure(project: Path, period: str) -> None:
    assert set(compute(project, period)) == set(IDS)


@pytest.mark.parametrize("name", IDS)
@pytest.mark.parametrize("period", PERIODS)
def test_value(project: Path, period: str, name: str) -> None:
    ours, theirs = compute(project, period)[name], _found(project, period)[name]
    if theirs["state"] == "not_known":
        # Too little is known to state it; how much of it is, and how far it could go, is compared below.
        assert theirs["known_share"] < 0.5
        return
    assert _agree(ours.value, theirs.get("value"), theirs["unit"]), (ours, theirs.get("value"))


@pytest.mark.parametrize("name", IDS)
@pytest.mark.parametrize("period", PERIODS)
def test_bounds(project: Path, period: str, name: str) -> None:
    """The oracle leaves out the bounds of a figure without anything unknown: they are its value."""
    ours, theirs = compute(project, period)[name], _found(project, period)[name]
    low, high = (ours.value if end is None else end for end in (ours.low, ours.high))
    assert _agree(low, theirs.get("low"), theirs["unit"]), ("low", float(low or 0), theirs.get("low"))
    assert _agree(high, theirs.get("high"), theirs["unit"]), ("high", float(high or 0), theirs.get("high"))


def test_change_of_suppliers_within_the_district(project: Path) -> None:
    """Of eighteen unknown now and fifteen then, eleven are paid in both and cancel out: seven and four are left."""
    assert compute(project, "2026-27-Q2")["home_supplier_change"] == Figure(-8, -12, -1)


def _things(*pairs: tuple[int, bool | None]) -> list[Thing]:
    return [Thing(Fraction(weight), fact) for weight, fact in pairs]


def test_examples_of_the_rules_of_bounds() -> None:
    """A share; a change of a count; a change of a share; the largest group."""
    one = _things((60, True), (30, False), (20, None), (-10, None))
    assert bounds.share(one) == Figure(Fraction(6, 10), Fraction(5, 10), Fraction(8, 10))
    assert bounds.total(_things((1, True), (-2, True), (0, None), (1, None), (-1, None))) == Figure(-1, -2, 0)
    parts = [("A", Fraction(80, 200), True), ("U", Fraction(20, 200), None), ("B", Fraction(100, 200), False)]
    parts += [("A", Fraction(-30, 100), True), ("U", Fraction(-20, 100), None), ("B", Fraction(-50, 100), False)]
    assert bounds.total(bounds.nets(parts)) == Figure(Fraction(1, 10), 0, Fraction(1, 10))
    groups = {"IT": _things((50, True), (10, None)), "care": _things((45, True), (20, None))}
    assert bounds.largest(groups) == Figure(50, 50, 65)
