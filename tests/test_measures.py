"""Measures on ledgers small enough to add up by hand, and what must hold of all of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cwb.base.privacy import WITHHELD
from cwb.council.config import Settings
from cwb.dataset import Dataset, open_dataset
from cwb.evidence.definitions import definition
from cwb.evidence.finding import Finding, number
from cwb.measures import local_supplier_base as measures
from cwb.measures import measures_of
from cwb.measures.local_supplier_base.agreements import count_awards
from cwb.measures.shares import Split, mean_of_shares, share_of_sums, split
from cwb.pack.registry import PACKS
from cwb.reference import table

UNITS = {"gbp", "share", "points", "count", "change", "rate", "intensity", "kgco2e"}
TOML = """
baseline = "2023-24"
[council]
name = "Small Council"
home_district = "E07000243"
buyer_names = ["Small Council"]
[local]
name = "Hertfordshire"
districts = ["E07000243", "E07000099"]
"""
VENDORS = (
    "Supplier ID,Supplier name,Postcode,SME,VCSE,Size\n"
    "H,Home Ltd,SG1 1AA,Yes,Yes,Micro\nL,Local Ltd,SG5 1LA,Yes,No,Small\nE,Else Ltd,EC1A 1BB,No,,Large\n"
    "U,Unplaced Ltd,,,,\nP,Pat Person,SG1 1AA,,,\n"
)
# In 2023-24: home 10 + 5 (a person), local 20, elsewhere 50 (30 of it one-off), unknown 10, redacted 5: 100 in all.
LINES = [
    ("H", "Home Ltd", "10/04/2023", "10.00", "C1"),
    ("P", "Pat Person", "10/05/2023", "5.00", ""),
    ("L", "Local Ltd", "10/07/2023", "20.00", ""),
    ("E", "Else Ltd", "10/10/2023", "20.00", ""),
    ("E", "Else Ltd", "11/10/2023", "30.00", "CAP"),
    ("U", "Unplaced Ltd", "10/01/2024", "10.00", ""),
    ("", "REDACTED PERSONAL DATA", "11/01/2024", "5.00", ""),
]
ONE_OFFS = (
    "Project,Kind,Reason,Approved by (role),Financial year,Match on,Match value,Expected amount\n"
    "Homes,capital,New homes,Section 151 officer,2023-24,contract reference,cap,40.00\n"
)


@pytest.fixture
def small(tmp_path: Path, council: Callable[..., Path]) -> Callable[..., Dataset]:
    def make(
        lines: list[tuple[str, ...]] = LINES, one_offs: str | None = ONE_OFFS, period: str = "2023-24"
    ) -> Dataset:
        given = tmp_path / "given"
        given.mkdir()
        head = "Supplier ID,Supplier Name,Payment Date,Net Amount,Contract Ref"
        files = {
            "spend": ("spend.csv", "\n".join([head, *(",".join(line) for line in lines)]) + "\n"),
            "vendors": ("vendors.csv", VENDORS),
        }
        if one_offs:
            files["one_offs"] = ("one_offs.csv", one_offs)
        paths = {}
        for source, (name, text) in files.items():
            (given / name).write_text(text, encoding="utf-8")
            paths[source] = [given / name]
        folder = council(TOML, **paths)
        return open_dataset(measures.PACK, period, str(folder / "cwb.toml"))

    return make


def test_shares_bounds_and_the_bridge(small: Callable[..., Dataset]) -> None:
    data = small()
    charts = measures.charts_a_and_b(data)
    a, b = charts["local_share"], charts["local_share_without_one_offs"]
    # Local: 10 + 5 + 20 = 35 of 100; with the 15 of unknown place 50 of 100.
    assert (a.value, a.n, a.of, a.low, a.high, a.coverage) == (0.35, 35.0, 100.0, 0.35, 0.50, 0.85)
    # Without the one-off of 30: 35 of 70, and at most 50 of 70.
    assert (b.value, b.of) == (0.5, 70.0)
    assert b.high == pytest.approx(50 / 70)
    bridge = measures.bridge(data)
    assert list(bridge.table["remaining_gbp"]) == [100.0, 70.0, 70.0]
    # Found 30, approved 40: the difference is shown.
    assert bridge["one_off_difference"].value == -10.0


def test_rings_suppliers_and_withheld(small: Callable[..., Dataset]) -> None:
    data = small()
    rings = measures.spend_by_ring(data).table.set_index("ring")
    assert rings["pounds_gbp"].to_dict() == {
        "home": 15.0,
        "local": 20.0,
        "region": 0.0,
        "elsewhere": 50.0,
        "unknown": 15.0,
    }
    assert rings["suppliers"].to_dict() == {"home": 2, "local": 1, "region": 0, "elsewhere": 1, "unknown": 1}
    total = measures.total_spend(data)
    assert (total["supplier_count"].value, total["payment_count"].value) == (5, 7)
    assert total["withheld_share"].value == 0.05


def test_no_person_is_ranked(small: Callable[..., Dataset]) -> None:
    ranked = measures.concentration(small()).table
    assert "Pat Person" not in set(ranked["supplier"])
    assert WITHHELD not in set(ranked["supplier"])
    assert ranked.iloc[0].to_dict() | {"cumulative": 0} == {
        "rank": 1, "supplier": "Else Ltd", "place": "Elsewhere", "pounds_gbp": 50.0, "share": 0.5, "cumulative": 0,
    }  # fmt: skip


def test_flags_that_are_not_stated_widen_the_range(small: Callable[..., Dataset]) -> None:
    sizes = measures.business_size(small())
    # SME: yes 10 + 20, no 50, not stated 5 + 10 + 5.
    assert (sizes["sme_share"].value, sizes["sme_share"].high) == (0.30, 0.50)
    # VCSE: yes 10, no 20, not stated 70.
    assert (sizes["vcse_share"].value, sizes["vcse_share"].high) == (0.10, 0.80)


def test_without_an_approved_list_chart_b_says_why(small: Callable[..., Dataset]) -> None:
    finding = measures.charts_a_and_b(small(one_offs=None))["local_share_without_one_offs"]
    assert finding.value is None
    assert (
        finding.as_dict()["undefined"]
        == "no approved list of capital and one-off projects for 2023/24 was supplied"
    )
    assert "value" not in finding.as_dict()


def test_a_year_with_months_missing_is_not_compared(small: Callable[..., Dataset]) -> None:
    data = small()
    assert measures.home_suppliers(data)["home_supplier_change"].undefined
    assert measures.churn(data).undefined
    assert measures.total_spend(data)["total_spend"].caveats


def test_the_order_of_rows_is_irrelevant(small: Callable[..., Dataset], settings: Settings) -> None:
    data = small(lines=LINES[::-1])
    assert measures.charts_a_and_b(data)["local_share"].value == 0.35


def test_credits_are_taken_off(small: Callable[..., Dataset]) -> None:
    data = small(lines=[*LINES, ("E", "Else Ltd", "12/10/2023", "-20.00", "")])
    assert measures.total_spend(data)["total_spend"].value == 80.0


def test_every_measure_agrees_with_its_declaration(settings: Settings) -> None:
    data = open_dataset(measures.PACK, "2026-27-Q2", str(settings.folder / "cwb.toml"))
    for function in measures.MEASURES:
        measure = function(data)
        assert set(measure.findings) == set(function.finding_ids)
        for finding in measure.findings.values():
            assert finding.label
            assert (finding.value is None) == (finding.undefined is not None)
            if finding.unit == "share" and finding.value is not None:
                assert 0 <= finding.value <= 1
            if None not in (finding.low, finding.high, finding.value):
                assert finding.low <= finding.value <= finding.high


def test_each_finding_is_declared_once_and_documented() -> None:
    # Coverage and matches are in every pack: the same measures.
    every = dict.fromkeys(function for pack in PACKS for function in measures_of(pack.id))
    declared = [name for function in every for name in function.finding_ids]
    assert len(declared) == len(set(declared))
    assert set(declared) == set(table("findings")["id"])
    for name in declared:
        assert definition(name)["definition"]
        assert definition(name)["unit"] in UNITS


def test_parts_sum_to_the_whole_on_the_sample(settings: Settings) -> None:
    data = open_dataset(measures.PACK, "2023-24", str(settings.folder / "cwb.toml"))
    total = measures.total_spend(data)["total_spend"].value
    assert total == pytest.approx(70_000_000)
    assert measures.spend_by_ring(data).table["pounds_gbp"].sum() == pytest.approx(total)
    leaks = measures.leakage(data).table
    parts = leaks[["local_gbp", "leaving_gbp", "unknown_gbp"]].sum(axis=1)
    assert list(parts) == pytest.approx(list(leaks["pounds_gbp"]))
    local = measures.spend_by_district(data).table["pounds_gbp"].sum()
    assert local == pytest.approx(measures.charts_a_and_b(data)["local_spend"].value)


# --- the arithmetic of shares -------------------------------------------------------------------------------


def test_the_published_manchester_figures() -> None:
    """CLES for AGMA: £31,179,554.05 of £68,330,289.71 spent in the authority's own area is 45.6%."""
    assert round(share_of_sums([31_179_554.05], [68_330_289.71]), 3) == 0.456


def test_the_mean_of_shares_is_another_number() -> None:
    # 1 of 2 is 50%, 1 of 8 is 12.5%: their mean is 31.25%, but 2 of 10 pounds is 20%.
    assert mean_of_shares([1, 1], [2, 8]) == 0.3125
    assert share_of_sums([1, 1], [2, 8]) == 0.2


pounds = st.floats(min_value=0, max_value=1e9, allow_nan=False)


@given(pounds, pounds, pounds)
def test_a_share_lies_within_its_bounds(local: float, away: float, unknown: float) -> None:
    parts = Split(local, away, unknown)
    if parts.total:
        bounds = parts.bounds
        assert 0 <= bounds["low"] <= bounds["high"] <= 1 + 1e-9
        assert bounds["low"] == pytest.approx(local / parts.total)


@given(st.permutations(["home", "local", "region", "elsewhere", "unknown", "home"]))
def test_splitting_does_not_depend_on_order(rings: list[str]) -> None:
    frame = pd.DataFrame({"ring": rings, "amount_gbp": [1.0] * 6})
    assert split(frame) == Split(3.0, 2.0, 1.0)


def test_awards_with_several_suppliers_are_divided_equally() -> None:
    frame = pd.DataFrame(
        {
            "award_key": ["a", "a", "b", "c"],
            "ring": ["home", "elsewhere", "unknown", "elsewhere"],
            "value_gbp": [100.0, 100.0, 30.0, None],
            "supplier_count": [2, 2, 1, 1],
        }
    )
    counted = count_awards(frame)
    assert (counted["awards"], counted["local_awards"], counted["unknown_awards"]) == (3, 1, 1)
    # £100 divided by two, one of them local; £30 unknown; one award without a value.
    assert (counted["value_gbp"], counted["local_value_gbp"], counted["unknown_value_gbp"]) == (130.0, 50.0, 30.0)
    assert counted["without_value"] == 1


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


def test_a_range_is_told_only_where_it_shows() -> None:
    finding = Finding("local_share", "p", "2023-24", "share", 0.181, low=0.181, high=0.184)
    assert finding.bounds == ""
    assert (
        Finding("local_share", "p", "2023-24", "share", 0.18, low=0.18, high=0.20).bounds == "between 18% and 20%"
    )
