"""What must hold of all measures, and the numbers as members read them.

The numbers of pack 01 are held by tests/test_pack_cases.py, case by case.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from conftest import Opened
from cwb.council.periods import Period
from cwb.evidence import bounds
from cwb.evidence.bounded import Sums
from cwb.evidence.data import open_data
from cwb.evidence.definitions import definition
from cwb.evidence.finding import Finding, State, number
from cwb.evidence.record import record
from cwb.evidence.relation import Relation
from cwb.packs.account import matches
from cwb.packs.account.files import _unread_cells
from cwb.packs.local_supplier_base import PACK as pack
from cwb.packs.registry import all_packs
from cwb.sources.report import Unread

UNITS = {
    "gbp",
    "share",
    "points",
    "count",
    "change",
    "rate",
    "ratio",
    "intensity",
    "kgco2e",
    "days",
    "weeks",
    "tonnes",
    "fte_years",
}
CASES = Path(__file__).parent / "cases" / "pack_01"


def test_the_order_of_rows_is_irrelevant(council: Callable[..., Path], tmp_path: Path) -> None:
    """The year of one hundred pounds, its ledger turned upside down."""
    case = CASES / "a_year_of_one_hundred_pounds"
    head, *rows = (case / "spend.csv").read_text(encoding="utf-8").splitlines()
    turned = tmp_path / "spend.csv"
    turned.write_text("\n".join([head, *rows[::-1]]) + "\n", encoding="utf-8")
    toml = (CASES / "cwb.toml").read_text(encoding="utf-8")
    folder = council(toml, spend=[turned], **{name: [case / f"{name}.csv"] for name in ("vendors", "one_offs")})
    data = open_data(pack.id, "2023-24", str(folder / "cwb.toml"))
    share = pack.charts_a_and_b(data)["local_share"]
    assert (share.value, share.low, share.high, share.n, share.of) == (0.35, 0.35, 0.50, 35.0, 100.0)
    assert list(pack.concentration(data).table["supplier"]) == [
        "Else Ltd",
        "Local Ltd",
        "Home Ltd",
        "Unplaced Ltd",
    ]


def test_a_year_with_months_missing_says_so(council: Callable[..., Path]) -> None:
    case = CASES / "months_missing_are_not_compared"
    toml = (CASES / "cwb.toml").read_text(encoding="utf-8")
    folder = council(toml, spend=[case / "spend.csv"], vendors=[case / "vendors.csv"])
    data = open_data(pack.id, "2024-25-Q1", str(folder / "cwb.toml"))
    assert pack.total_spend(data)["total_spend"].caveats == ("Some months of the period hold no payment.",)
    change = record(pack.trend(data)["local_share_change"])
    assert (change.value, change.state) == (None, State.UNDEFINED)


@pytest.mark.parametrize(("last", "months"), [(("02", "28"), 12), (("02", "05"), 11)])
def test_a_month_is_whole_by_its_last_payment(
    last: tuple[str, str], months: int, council: Callable[..., Path], tmp_path: Path
) -> None:
    """Each month begins and ends with a payment, and so may the last, in which payments may as well stop."""
    days = [(f"{month:02}", day) for month in (*range(4, 13), 1, 2) for day in ("02", "28")]
    rows = [f"Acme Ltd,{day}/{month}/{2025 + (month < '04')},10.00" for month, day in days]
    rows += [f"Acme Ltd,{day}/03/2026,10.00" for day in last]
    ledger = tmp_path / "spend.csv"
    ledger.write_text("\n".join(["Supplier Name,Payment Date,Net Amount", *rows]) + "\n", encoding="utf-8")
    folder = council((CASES / "cwb.toml").read_text(encoding="utf-8"), spend=[ledger])
    data = open_data(pack.id, "2025-26", str(folder / "cwb.toml"))
    assert data.months_held() == (months, 12)


def test_every_measure_agrees_with_its_declaration(illustrative: Opened) -> None:
    data = illustrative(pack.id, "2026-27-Q2")
    for function in pack.measures:
        measured = function(data)
        assert set(measured.findings) == set(function.finding_ids)
        for finding in measured.findings.values():
            assert finding.label
            assert (finding.value is None) == (finding.undefined is not None)
            assert finding.is_stated == (finding.state is State.STATED)
            if finding.unit == "share" and finding.value is not None:
                assert 0 <= finding.value <= 1
            if finding.value is not None:
                assert finding.low <= finding.value <= finding.high


def test_each_finding_is_declared_once_and_documented() -> None:
    every = {(one.id, one.finding_ids) for pack in all_packs() for one in pack.measures}
    declared = [name for _, ids in every for name in ids]
    assert len(declared) == len(set(declared))
    for name in declared:
        assert definition(name).text.endswith(".")
        assert definition(name).unit in UNITS


def test_parts_sum_to_the_whole_on_the_sample(illustrative: Opened) -> None:
    data = illustrative(pack.id, "2023-24")
    total = pack.total_spend(data)["total_spend"].value
    assert total == pytest.approx(70_000_000)
    assert pack.spend_by_ring(data).table["pounds_gbp"].sum() == pytest.approx(total)
    leaks = pack.leakage(data).table
    parts = leaks[["local_gbp", "leaving_gbp", "unknown_gbp"]].sum(axis=1)
    assert list(parts) == pytest.approx(list(leaks["pounds_gbp"]))
    local = pack.spend_by_district(data).table["pounds_gbp"].sum()
    assert local == pytest.approx(pack.charts_a_and_b(data)["local_spend"].value)
    charts = pack.charts_a_and_b(data)
    assert charts["one_off_spend"].value + charts["spend_without_one_offs"].value == pytest.approx(total)
    assert matches(data).table["pounds_gbp"].sum() == pytest.approx(total)


# --- the arithmetic of shares -------------------------------------------------------------------------------


def test_the_published_manchester_figures() -> None:
    """CLES for AGMA: £31,179,554.05 of £68,330,289.71 spent in the authority's own area is 45.6%."""
    local, everything, none = Decimal("31179554.05"), Decimal("68330289.71"), Decimal(0)
    share = bounds.share(Sums(local, none, none, everything, everything))
    assert share.value is not None
    assert round(share.value, 3) == Decimal("0.456")


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (70_000_000, "gbp", "£70.0m"),
        (999_999, "gbp", "£1.0m"),
        (949_999, "gbp", "£950,000"),
        (12_345.6, "gbp", "£12,346"),
        (-2_500_000, "gbp", "−£2.5m"),
        (0.184, "share", "18%"),
        (0.061, "share", "6.1%"),
        (0, "share", "0%"),
        (0.031, "points", "3.1 percentage points"),
        (1234, "count", "1,234"),
    ],
)
def test_numbers_as_members_read_them(value: float, unit: str, text: str) -> None:
    assert number(value, unit) == text


def test_lines_that_are_made_for_a_period_have_no_other() -> None:
    now, then = Period(2026, 2), Period(2025, 2)
    made = Relation("(SELECT 1)", (), period=now, is_of_period=True)
    assert made.at(now) == made
    with pytest.raises(ValueError, match="made for 2026-27-Q2 alone"):
        made.at(then)
    assert Relation("spend_lines", (), period=now).at(then).period == then


def test_a_range_is_told_only_where_it_shows() -> None:
    finding = Finding("local_share", "p", "2023-24", "share", 0.181, low=0.181, high=0.184)
    assert finding.bounds == ""
    assert (
        Finding("local_share", "p", "2023-24", "share", 0.18, low=0.18, high=0.20).bounds == "between 18% and 20%"
    )


def test_examples_of_what_was_not_read_hold_no_names_and_no_addresses() -> None:
    assert (
        _unread_cells(Unread("end_date", 4, 2, ("TBC", "rolling", "Jane Smith")), "Ends on")
        == "Ends on: 4 (“TBC”, “rolling”)"
    )
    assert (
        _unread_cells(Unread("end_date", 1, 2, ("as agreed by telephone with Jane Smith last year",)), "Ends on")
        == "Ends on: 1"
    )
    assert _unread_cells(Unread("postcode", 1, 2, ("12 High St",)), "Code") == "Code: 1"
