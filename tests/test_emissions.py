"""Greenhouse gas: worked examples of the GHG Protocol, parts that sum to the whole, and what a council's files give."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from itertools import pairwise
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cwb.council.periods import Period
from cwb.dataset import Dataset, open_dataset
from cwb.emissions import ENERGY, Factors, Products, by_quantity, half_widths, revenue_share, spend_based
from cwb.measures import contract_emissions as measures
from cwb.measures.contract_emissions.change import CARRIED, METHOD, MIX, SUPPLIERS, explain
from cwb.measures.contract_emissions.contracts import due_share
from cwb.measures.contract_emissions.footprint import footprint, half_range, score_of
from cwb.measures.contract_emissions.plans import CURRENT, NOT_SIGNED, NOT_VALID, OLD, standing
from cwb.reference import table
from cwb.sources.datasets.factors import product_code
from cwb.sources.fields import financial_year
from raw_files import read_table

NOTHING = pd.DataFrame()


def test_supplier_specific_example_of_the_protocol() -> None:
    # Technical Guidance, example 1.1: kilograms bought, each supplier's own kgCO2e per kilogram.
    bought = [(200_000, 0.15), (600_000, 0.10), (200_000, 0.10), (100_000, 0.25), (50_000, 0.20)]
    assert by_quantity(bought) == pytest.approx(145_000)


def test_hybrid_example_of_the_protocol() -> None:
    # Example 1.3: the supplier's own energy and waste by what we buy of its output, and its material by a factor. A supplier
    # that sells us a tenth of its output and emits ten times as much gives the same 3,000 and 50.
    ours = revenue_share(30_000, 1_000_000, 100_000) + revenue_share(500, 1_000_000, 100_000)
    assert ours == pytest.approx(3_050)
    assert ours + by_quantity([(12_000, 5.6)]) == pytest.approx(70_250)


def test_average_and_spend_add_up_to_the_protocol_s_total() -> None:
    # Example 1.4 comes to 54,100 kg by average-data for what is weighed and spend for the rest; the split here is ours.
    assert by_quantity([(10_000, 4.0), (2_000, 5.0)]) + spend_based(20_500, 0.2) == pytest.approx(54_100)


def test_pounds_are_brought_to_the_factor_s_prices() -> None:
    assert spend_based(120, 0.5, price_then=1.2, price_of_factor=1.0) == pytest.approx(50)
    assert revenue_share(1_000_000, 50_000_000, 100_000) == pytest.approx(2_000)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("01", "1"), ("12.0", "12"), ("42.1-2", "42.1-2"), ("10.2 -3", "10.2 -3"), ("23OTHER", "23OTHER"), ("68.2IMP", "68.2IMP"),
     ("20A", "20A"), ("Notes", None), ("", None)],
)  # fmt: skip
def test_codes_of_product_groups(text: str, expected: str | None) -> None:
    assert product_code(text) == expected


def test_goods_are_never_wholesale() -> None:
    products = Products()
    # A wholesaler's industry says nothing: the CPV division decides, one score worse.
    found = products.find("39000000", "46900 46730")
    assert found is not None
    assert (found.code, found.score) == ("31", 5)
    assert products.find(None, "46900") is None
    by_industry = products.find("39000000", "31090")
    assert by_industry is not None
    assert (by_industry.code, by_industry.score) == ("31", 4)
    assert all(row["code"] != "46" for row in table("cpv_to_emission").to_dict("records"))


def test_two_releases_of_one_year_differ_by_a_median_of_eight_per_cent() -> None:
    factors = Factors(NOTHING)
    assert factors.releases[0] == "2026-06-30"
    one, other = factors.of("2022-edition", 2022), factors.of("2026-06-30", 2022)
    ratios = pd.Series([abs(other[code] / one[code] - 1) for code in one if code in other])
    assert ratios.median() == pytest.approx(0.08, abs=0.01)
    assert factors.of("2026-06-30", 2023)["42.1-2"] == pytest.approx(0.2655, abs=1e-4)


@pytest.mark.parametrize(
    ("method", "assured", "expected"),
    [
        ("supplier-specific", True, 1),
        ("supplier-specific", False, 2),
        ("hybrid", True, 4),  # scopes 1 and 2 alone, or not stated
        ("average-data", False, 3),
    ],
)
def test_scores(method: str, assured: bool, expected: int) -> None:
    assert score_of(method, assured) == expected
    assert score_of("hybrid", False, has_upstream=True) == 3
    assert set(half_widths()) == {1, 2, 3, 4, 5}


def test_groups_are_off_independently() -> None:
    lines = pd.DataFrame({"code": ["1", "1", "2"], "score": [4, 4, 5], "kgco2e": [60.0, 40.0, 100.0]})
    assert half_range(lines) == pytest.approx((50**2 + 80**2) ** 0.5)


LINE = st.tuples(
    st.floats(1, 1e6), st.floats(0, 1e6), st.floats(0, 1e6), st.sampled_from(["spend-based", "supplier-specific", "hybrid"]),
    st.sampled_from(["c1", "c2", "c3"]), st.booleans(),
)  # fmt: skip
Line = tuple[float, float, float, str, str, bool]


def frame(rows: list[Line]) -> pd.DataFrame:
    made = pd.DataFrame(rows, columns=["amount_gbp", "spend_kgco2e", "kgco2e", "method", "unit", "is_carried"])
    made["kgco2e"] = made["kgco2e"].where(made["method"] != "spend-based", made["spend_kgco2e"])
    return made


@settings(deadline=None, max_examples=60)
@given(st.lists(LINE, min_size=1), st.lists(LINE, min_size=1), st.floats(0.5, 2), st.floats(0.5, 2))
def test_the_parts_of_a_change_sum_to_the_whole(
    before: list[Line],
    after: list[Line],
    one: float,
    two: float,
) -> None:
    first, second = frame(before), frame(after)
    parts = explain(first, second, one, two)
    whole = float(second["kgco2e"].sum() - first["kgco2e"].sum())
    size = sum(abs(part) for part in parts.values()) + 1
    assert sum(parts.values()) == pytest.approx(whole, abs=1e-6 * size)


def test_a_supplier_s_cut_is_its_own_and_nobody_else_s() -> None:
    # The same money, prices and products; the contract's own figure falls from 100 to 70.
    other = (10, 50, 0, "spend-based", "", False)
    first = frame([(10, 50, 100, "supplier-specific", "c1", False), other])
    second = frame([(10, 50, 70, "supplier-specific", "c1", False), other])
    parts = explain(first, second, 1.0, 1.0)
    assert parts[SUPPLIERS] == pytest.approx(-30)
    assert [round(value, 9) for name, value in parts.items() if name != SUPPLIERS] == [0, 0, 0, 0, 0]
    # Twice the pounds and one and a half times the emissions is a cut of a quarter.
    doubled = frame([(20, 100, 150, "supplier-specific", "c1", False), other])
    assert explain(first, doubled, 1.0, 1.0)[SUPPLIERS] == pytest.approx(-50)


@pytest.mark.parametrize(
    ("line", "part", "expected"),
    [
        # The same pounds, another method: the method moved the figure.
        ((10, 50, 70, "hybrid", "c1", False), METHOD, -30),
        # The last report is an earlier year's.
        ((10, 50, 70, "supplier-specific", "c1", True), CARRIED, -30),
        # Paid, and not reported on any more: back to the spend-based figure.
        ((10, 50, 0, "spend-based", "c1", False), METHOD, -50),
        # Another contract in its place.
        ((10, 50, 0, "spend-based", "c9", False), MIX, -50),
    ],
)
def test_what_is_no_cut_of_a_supplier(line: Line, part: str, expected: float) -> None:
    first = frame([(10, 50, 100, "supplier-specific", "c1", False)])
    parts = explain(first, frame([line]), 1.0, 1.0)
    assert parts[part] == pytest.approx(expected)
    assert parts[SUPPLIERS] == 0


def test_every_year_s_step_to_net_zero_is_the_same() -> None:
    for base in (Period(2023), Period(2023, 2)):
        ways = [due_share(base, Period(year, base.quarter), 2030) for year in range(2023, 2030)]
        steps = [round(one - two, 2) for one, two in pairwise(ways)]
        assert len(set(steps)) == 1, steps


def test_energy_of_our_own_is_in_no_total(small: Callable[..., Dataset], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(FILES, "spend", FILES["spend"] + "Volt Ltd,15/05/2025,600.00,09310000,\n")
    data = small("spend")
    made = measures.emissions(data)
    kilograms = Factors(NOTHING).of("2026-06-30", 2023)
    assert made["emissions_total"].value == pytest.approx(2400 * kilograms["81"])
    assert made["energy_emissions"].value == pytest.approx(600 * kilograms["35.1"])
    assert set(made.table["ghg_category"]) == {"purchased goods and services", ENERGY}
    assert measures.pathway(data)["pathway_emissions"].value == pytest.approx(made["emissions_total"].value)


def test_an_industry_alone_tells_the_category_and_water_is_no_energy() -> None:
    products = Products()
    found = {sic: products.find(None, sic) for sic in ("35110", "38110", "43910")}
    assert [p.ghg_category for p in found.values() if p] == [ENERGY, "waste", "purchased goods and services"]
    water = products.find("65100000")
    assert water is not None
    assert water.ghg_category == "purchased goods and services"


def test_whom_to_ask_is_chosen_by_the_range_of_the_total(
    small: Callable[..., Dataset], monkeypatch: pytest.MonkeyPatch
) -> None:
    # Two suppliers of one group are off together; a third, a little larger than either, stands alone.
    rows = ("Aye Ltd,05/05/2025,100000.00,72000000,", "Bee Ltd,05/05/2025,100000.00,72000000,",
            "Cee Ltd,05/05/2025,60000.00,77310000,")  # fmt: skip
    monkeypatch.setitem(FILES, "spend", FILES["spend"].split("\n")[0] + "\n" + "\n".join(rows) + "\n")
    data = small("spend")
    made = measures.ask_next(data).table
    factor = Factors(NOTHING).of("2026-06-30", 2023)
    a, c = 100_000 * factor["62"], 60_000 * factor["81"]
    wide = half_widths()
    # 72 is a division, score 5; 773 a group, score 4.
    first = ((2 * a * wide[5]) ** 2 + (c * wide[4]) ** 2) ** 0.5
    after = {"Aye Ltd": ((a * wide[5]) ** 2 + (a * wide[2]) ** 2 + (c * wide[4]) ** 2) ** 0.5,
             "Cee Ltd": ((2 * a * wide[5]) ** 2 + (c * wide[2]) ** 2) ** 0.5}  # fmt: skip
    best = min(after, key=lambda name: after[name])
    assert made["supplier"].iloc[0] == best
    assert made["narrows_kgco2e"].iloc[0] == pytest.approx(first - after[best])
    assert measures.ask_next(data)["ask_next_share"].n == pytest.approx(first - made["left_kgco2e"].iloc[-1])


def test_a_straight_way_to_net_zero() -> None:
    first = Period(2023)
    assert due_share(first, first, 2030) == 1
    assert due_share(first, Period(2031), 2030) == 0
    assert 0.4 < due_share(first, Period(2026), 2030) < 0.6


@pytest.mark.parametrize(
    ("year", "signed", "expected"),
    [(2045, date(2026, 1, 1), CURRENT), (float("nan"), date(2026, 1, 1), NOT_VALID), (2045, date(2024, 1, 1), OLD), (2060, date(2026, 1, 1), NOT_VALID), (2045, None, NOT_SIGNED),
     (2045, date(2027, 1, 1), OLD)],
)  # fmt: skip
def test_what_a_plan_is_worth(year: int, signed: date | None, expected: str) -> None:
    assert standing(year, signed, pd.Timestamp(2026, 9, 30), 18) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("2024/25", "2024-25"), ("2024-25", "2024-25"), ("2024", "2024-25"), ("2024/26", None), ("x", None)],
)
def test_a_financial_year(text: str, expected: str | None) -> None:
    assert financial_year(text) == expected


def test_both_layouts_of_factors(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    new = tmp_path / "spend_based_emissions_multipliers_1997_to_2023.csv"
    new.write_text(
        "Code,Product,2021,2022,2023\n01,Farming,2.5,2.1,1.9\n12.0,Tobacco,0.1,0.2,\nNotes,below,,,\n",
        encoding="utf-8",
    )
    frame_new, report = read_table(con, "factors", new, tmp_path)
    assert [(r.code, r.year, r.kgco2e_per_gbp) for r in frame_new.itertuples()][:2] == [
        ("1", 2021, 2.5),
        ("1", 2022, 2.1),
    ]
    assert (report.rows, report.kept, report.refused) == (3, 2, 1)
    old = tmp_path / "eeio-factors-by-sic-2022.csv"
    old.write_text(",,,\n,,GHG (kgCO2e per £),CO2 (kgCO2 per £)\n01,Farming,2.6,0.6\n", encoding="utf-8")
    frame_old, report = read_table(con, "factors", old, tmp_path)
    assert [(r.code, r.year, r.kgco2e_per_gbp) for r in frame_old.itertuples()] == [("1", 2022, 2.6)]
    wrong = tmp_path / "other.csv"
    wrong.write_text("a,b\n1,2\n", encoding="utf-8")
    assert "Give the publisher's workbook" in (read_table(con, "factors", wrong, tmp_path)[1].error or "")


def test_deflators_by_their_headings(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    path = tmp_path / "GDP_Deflators_Qtrly_National_Accounts_March_2026_update.csv"
    path.write_text(
        "GDP deflators at market prices,,,,\n,,,,\nFinancial year,GDP deflator,change,,Calendar year,GDP deflator\n"
        "2022-23 [note 1],93.1,6,,2022,91.9\n2023-24,100.0,6,,2023,98.4\nSources and footnotes:,,,,\n2030-31,1,,,\n"
        "Forecast from 2023-24: OBR,,,,\n",
        encoding="utf-8",
    )
    found, _ = read_table(con, "deflators", path, tmp_path)
    assert dict(zip(found["year"], found["index_value"], strict=True)) == {
        "2022-23": 93.1,
        "2023-24": 100.0,
        "2022": 91.9,
        "2023": 98.4,
    }
    assert dict(zip(found["year"], found["is_forecast"], strict=True)) == {
        "2022-23": False,
        "2023-24": True,
        "2022": False,
        "2023": True,
    }


TOML = """
baseline = "2024-25"
[council]
name = "Small Council"
home_district = "E07000243"
[local]
name = "Hertfordshire"
districts = ["E07000243"]
"""


def months(reference: str, amount: float, year: int) -> str:
    days = [f"15/{m:02d}/{year + (m < 4)}" for m in (*range(4, 13), 1, 2, 3)]
    return "".join(f"Acme Ltd,{day},{amount / 12:.2f},90911000,{reference}\n" for day in days)


FILES = {
    "spend": "Supplier Name,Payment Date,Net Amount,CPV Code,Contract Ref\n"
    + months("C1", 1200, 2024) + months("C2", 1200, 2024) + months("C1", 1200, 2025) + months("C2", 1200, 2025),
    "supplier_emissions": "Contract reference,Year,Method,kgCO2e,Assured,Baseline,Planned reduction by 2030\n"
    "C1,2024/25,supplier-specific,100,yes,yes,50%\nC1,2025/26,supplier-specific,80,no,,50%\n",
    "carbon_plans": "Supplier,Net zero commitment year,Signed off on\nAcme Limited,2045,01/01/2026\n",
    "checklists": "Procurement reference,Checklist completed,Started on,Commitments touched\nP1,Yes,01/06/2025,Local; Carbon\nP2,,01/06/2025,\n",
}  # fmt: skip


@pytest.fixture
def small(tmp_path: Path, council: Callable[..., Path]) -> Callable[..., Dataset]:
    def make(*sources: str, period: str = "2025-26") -> Dataset:
        given_files = tmp_path / "given"
        given_files.mkdir()
        paths = {}
        for source in sources or FILES:
            (given_files / f"{source}.csv").write_text(FILES[source], encoding="utf-8")
            paths[source] = [given_files / f"{source}.csv"]
        return open_dataset(measures.PACK, period, str(council(TOML, **paths) / "cwb.toml"))

    return make


def test_a_small_council_s_footprint(small: Callable[..., Dataset]) -> None:
    data = small()
    factor = Factors(NOTHING).of("2026-06-30", 2023)["81"]
    lines = footprint(data)
    # Contract C1 is reported: 80 kg; C2 is spend-based. Nobody supplied prices.
    assert lines.groupby("contract_reference")["kgco2e"].sum().to_dict() == pytest.approx(
        {"C1": 80, "C2": 1200 * factor}
    )
    assert set(lines.loc[lines["contract_reference"] == "C1", "score"]) == {2}
    total = measures.emissions(data)
    assert total["emissions_total"].value == pytest.approx(80 + 1200 * factor)
    assert total["emissions_known_share"].value == 1
    changed = measures.change(data)
    assert changed["emissions_change"].value == pytest.approx(-20)
    assert changed["emissions_supplier_change"].value == pytest.approx(-20)
    reported = measures.contracts(data)
    assert reported["contract_reduction"].value == pytest.approx(20)
    assert measures.plans(data)["plan_spend_share"].value == 1
    checked = measures.checklist(data)
    assert (checked["checklist_share"].value, checked["checklist_share"].high) == (0.5, 1.0)
    assert set(checked.table["commitment"]) == {"Local", "Carbon"}


def test_a_quarter_carries_last_year_s_report_forward(small: Callable[..., Dataset]) -> None:
    data = small(period="2025-26-Q1")
    # 2025-26 is whole, so that its first quarter has its own report's part: a quarter of the pounds.
    own = footprint(data)
    own = own[own["contract_reference"] == "C1"]
    assert own["kgco2e"].sum() == pytest.approx(20)
    assert set(own["report_period"]) == {"2025-26"}
    assert measures.change(data)["emissions_supplier_change"].value == pytest.approx(20 - 25)


def test_a_year_without_a_report_yet_carries_the_last_and_says_so(
    small: Callable[..., Dataset], monkeypatch: pytest.MonkeyPatch
) -> None:
    told = FILES["supplier_emissions"].replace("C1,2025/26,supplier-specific,80,no,,50%\n", "")
    monkeypatch.setitem(FILES, "supplier_emissions", told)
    data = small()
    own = footprint(data)
    own = own[own["contract_reference"] == "C1"]
    # 100 kg for £1,200 last year; the same pounds now, one score worse than an assured report.
    assert own["kgco2e"].sum() == pytest.approx(100)
    assert (set(own["report_period"]), set(own["score"])) == ({"2024-25"}, {2})
    changed = measures.change(data)
    assert changed["emissions_supplier_change"].undefined == "no supplier has reported for 2025/26 yet"
    assert (changed["emissions_carried_change"].value, changed["emissions_carried_change"].n) == (0, 1)


def test_rows_of_one_contract_and_year_add_up(
    small: Callable[..., Dataset], monkeypatch: pytest.MonkeyPatch
) -> None:
    more = "C1,2025/26,average-data,20,no,,\n"
    monkeypatch.setitem(FILES, "supplier_emissions", FILES["supplier_emissions"] + more)
    data = small()
    lines = footprint(data)
    own = lines[lines["contract_reference"] == "C1"]
    assert own["kgco2e"].sum() == pytest.approx(100)
    # Average data are in it: the sum is no better than they are.
    assert (set(own["method"]), set(own["score"])) == ({"average-data"}, {3})
    assert measures.change(data)["emissions_supplier_change"].value == 0
    assert measures.contracts(data).undefined is None


def test_a_hybrid_report_counts_by_its_share_of_revenue(
    small: Callable[..., Dataset], monkeypatch: pytest.MonkeyPatch
) -> None:
    head = "Contract reference,Year,Method,Supplier total emissions (tCO2e),Turnover,Scopes covered,Planned reduction by 2030\n"
    rows = "C1,2024/25,hybrid,10,120000,1 2 and 3,40%\nC1,2025/26,hybrid,8,120000,1 2 and 3,40%\n"
    monkeypatch.setitem(FILES, "supplier_emissions", head + rows)
    data = small()
    lines = footprint(data)
    own = lines[lines["contract_reference"] == "C1"]
    # 8 t of which £1,200 of £120,000 are ours.
    assert own["kgco2e"].sum() == pytest.approx(80)
    assert set(own["score"]) == {3}
    told = measures.contracts(data)
    assert told["reported_contract_count"].value == 1
    assert told["contract_reduction"].value == pytest.approx(20)
    assert told["contract_planned_left"].value == pytest.approx(60)


def test_plans_signed_later_say_nothing_of_the_period(small: Callable[..., Dataset]) -> None:
    data = small(period="2024-25")
    assert measures.plans(data)["plan_spend_share"].undefined is not None


def test_procurements_that_are_not_on_the_list_are_not_known(
    small: Callable[..., Dataset], monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = "".join(f"C{n},Title {n},x,01/06/2025,01/06/2027,1000,Acme Ltd\n" for n in range(4))
    head = (
        "Contract Reference number / ID,Title of the Agreement,Description of goods and services,Contract start date,End date,"
        "Contract value,Supplier name\n"
    )
    monkeypatch.setitem(FILES, "contracts", head + rows)
    share = measures.checklist(small())["checklist_share"]
    # One of two on the list is done; four contracts began: three are not known.
    assert (share.value, share.high) == (0.25, 1.0)


def test_part_of_a_year_is_no_measure_of_a_report(
    small: Callable[..., Dataset], monkeypatch: pytest.MonkeyPatch
) -> None:
    # Of 2024-25 the ledger holds two months alone: its report must not be shared out by their pounds.
    head, *rows = FILES["spend"].splitlines(keepends=True)
    kept = [row for row in rows if ("/2025" in row and "/01/2025" not in row) or "/2026" in row]
    monkeypatch.setitem(FILES, "spend", head + "".join(kept))
    monkeypatch.setitem(
        FILES,
        "supplier_emissions",
        FILES["supplier_emissions"].replace("C1,2025/26,supplier-specific,80,no,,50%\n", ""),
    )
    lines = footprint(small(period="2025-26-Q1"))
    assert set(lines["method"]) == {"spend-based"}


def test_without_codes_nothing_is_nought(small: Callable[..., Dataset], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(FILES, "spend", FILES["spend"].replace("90911000", ""))
    data = small("spend")
    for function in (measures.emissions, measures.pathway, measures.factor_trap, measures.change):
        assert "known" in (function(data).undefined or "") or "no payment of the period has" in (
            function(data).undefined or ""
        )


def test_the_pack_without_reports_says_so(small: Callable[..., Dataset]) -> None:
    data = small("spend")
    assert measures.contracts(data).undefined == "no supplier's report of emissions was supplied"
    assert measures.plans(data).undefined == "no register of carbon reduction plans was supplied"
    assert measures.change(data)["emissions_supplier_change"].value is None
