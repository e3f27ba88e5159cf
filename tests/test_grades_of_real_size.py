"""The grades tell markets apart, with the firms of the illustrative council and with as many as a real county has."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from decimal import Decimal

import pytest

from conftest import Opened
from cwb.council.periods import Period
from cwb.evidence.data import PackData
from cwb.packs.market.demand import planned_purchases
from cwb.packs.market.grading import Grade, grade_of
from cwb.packs.market.supply import Supply, supply_of
from cwb.packs.market.turnover import Certainty, Turnover, company_sizes, turnover_of

# The sample has 1,965 local firms, its area about 65,000.
_REAL = 33
_MOST = 0.65


def _grades(data: PackData, supply: Supply) -> Counter[Grade]:
    rule = data.settings.gap
    return Counter(grade_of(supply.capable(p.need), p.need.is_mapped, rule) for p in planned_purchases(data))


@pytest.mark.parametrize("times", [1, _REAL])
@pytest.mark.parametrize("period", ["2023-24", "2026-27-Q2"])
def test_no_grade_holds_most_markets(illustrative: Opened, period: str, times: int) -> None:
    data = illustrative("gap_analysis", period)
    supply = supply_of(data)
    firms = tuple(replace(one, org_id=f"{one.org_id}-{n}") for n in range(times) for one in supply.organisations)
    found = _grades(data, replace(supply, organisations=firms))
    known = sum(number for grade, number in found.items() if grade not in (Grade.NOT_MAPPED, Grade.NOT_KNOWN))
    assert known > 0.9 * found.total()
    assert max(found.values()) <= _MOST * known, found
    assert sum(number >= 0.1 * known for number in found.values()) >= 2, found


def test_a_larger_purchase_never_has_the_better_market(illustrative: Opened) -> None:
    data = illustrative("gap_analysis", "2023-24")
    supply, rule = supply_of(data), data.settings.gap
    order = [Grade.NONE, Grade.THIN, Grade.WORKABLE, Grade.STRONG]
    for purchase in planned_purchases(data)[::10]:
        needs = [replace(purchase.need, annual_gbp=Decimal(10) ** n) for n in range(3, 9)]
        found = [order.index(grade_of(supply.capable(need), True, rule)) for need in needs]
        assert found == sorted(found, reverse=True)
        assert found[0] > found[-1]


SIZES = company_sizes(Period.parse("2025-26").end)


@pytest.mark.parametrize(
    ("accounts", "income", "best_year", "needed", "chance", "sure", "possible"),
    [
        ("MICRO ENTITY", None, 0, 1_000_000, 0, 0, 0),
        # (a third of those from £100,000 to £250,000 + 390,055 + 244,225) of the 2,420,495 below £1m
        ("MICRO ENTITY", None, 0, 200_000, (873_705 / 3 + 634_280) / 2_420_495, 0, 1),
        ("MICRO ENTITY", None, 300_000, 200_000, 1, 1, 1),
        # More was paid than a micro-entity may turn over: of all that turn over £2m or more, those of £10m or more.
        ("MICRO ENTITY", None, 2_000_000, 10_000_000, 44_545 / 176_795, 0, 1),
        ("FULL", None, 0, 10_000_000, 1, 1, 1),
        (None, None, 0, 5_000_000, 81_320 / 2_734_610, 0, 1),
        (None, Decimal(40_000), 0, 40_000, 1, 1, 1),
        (None, Decimal(40_000), 0, 41_000, 0, 0, 0),
        (None, Decimal(40_000), 50_000, 50_000, 1, 1, 1),
    ],
)
def test_whether_a_firm_turns_over_enough(
    accounts: str | None,
    income: Decimal | None,
    best_year: int,
    needed: int,
    chance: float,
    sure: float,
    possible: float,
) -> None:
    firm = turnover_of(accounts, income, Decimal(best_year), SIZES)
    found = [firm.chance(Decimal(needed), one) for one in (Certainty.LIKELY, Certainty.SURE, Certainty.POSSIBLE)]
    assert found == pytest.approx([chance, sure, possible])


def test_a_firm_of_which_nothing_is_known_may_be_of_any_size() -> None:
    assert Turnover().chance(Decimal(0)) == 1
    assert 0 < Turnover().chance(Decimal(10**9)) < 0.01
