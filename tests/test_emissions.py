"""Greenhouse gas: crosswalks and published tables, reports, parts that sum to the whole, and the way to net zero.

What a council's files give is in the hand-counted cases of `tests/cases/pack_05`.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cwb.base.days import months_after
from cwb.council.periods import Period
from cwb.evidence.bounds import Term, ratio_of, sum_of
from cwb.lines.emissions import ENERGY, Products
from cwb.packs.contract_emissions.factors import due_share, half_widths
from cwb.packs.contract_emissions.parts import CARRIED, METHOD, MIX, SUPPLIERS, Whole, explain, units_of
from cwb.packs.contract_emissions.reports import Report
from cwb.reference import table
from cwb.sources.datasets.factors import product_code
from cwb.sources.fields import financial_year
from raw_files import read_table

REPORT = Report(
    "C1", 2024, "C1", "Acme Ltd", "hybrid", None, Decimal(30_000), Decimal(1_000_000), False, False, False, None, "r.csv", None, 2
)  # fmt: skip


def test_hybrid_example_of_the_protocol() -> None:
    # Technical Guidance for scope 3, example 1.3: the supplier's own energy and waste by what we buy of its output. A supplier
    # that sells us a tenth of its output and emits ten times as much gives the same 3,000 and 50.
    waste = replace(REPORT, supplier_kgco2e=Decimal(500))
    ours = [report.kilograms(Decimal(100_000)) for report in (REPORT, waste)]
    assert ours == [3_000, 50]
    assert REPORT.kilograms(Decimal(0)) is None
    assert replace(REPORT, kgco2e=Decimal(7)).kilograms(Decimal(0)) == 7


@pytest.mark.parametrize(
    ("method", "assured", "upstream", "expected"),
    [
        ("supplier-specific", True, False, 1),
        ("supplier-specific", False, False, 2),
        ("hybrid", True, False, 4),  # scopes 1 and 2 alone, or not stated
        ("hybrid", False, True, 3),
        ("average-data", False, False, 3),
    ],
)
def test_scores(method: str, assured: bool, upstream: bool, expected: int) -> None:
    assert replace(REPORT, method=method, is_assured=assured, has_upstream=upstream).score == expected
    assert set(half_widths()) == {1, 2, 3, 4, 5}


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


def test_an_industry_alone_tells_the_category_and_water_is_no_energy() -> None:
    products = Products()
    found = {sic: products.find(None, sic) for sic in ("35110", "38110", "43910")}
    assert [p.category for p in found.values() if p] == [ENERGY, "waste", "purchased goods and services"]
    water = products.find("65100000", None)
    assert water is not None
    assert water.category == "purchased goods and services"
    # Bought as a utility: what the supplier produces tells which is energy.
    of_industry = {
        (cpv, sic): products.find(cpv, sic)
        for cpv in ("09300000", "65000000")
        for sic in ("36000", "37000", "38110", "35110")
    }
    is_energy = {key for key, found in of_industry.items() if found and found.category == ENERGY}
    assert is_energy == {("09300000", "35110"), ("65000000", "35110")}


def test_a_total_shared_out_by_revenue_is_named_so() -> None:
    assert REPORT.method_name == "hybrid by revenue share"
    assert replace(REPORT, kgco2e=Decimal(5)).method_name == "hybrid"
    assert replace(REPORT, method="average-data", kgco2e=Decimal(5)).method_name == "average-data"


# --- factors that are shared -----------------------------------------------------------------------------------

FACTORS = st.tuples(st.integers(-5, 9), st.integers(-5, 9), st.sampled_from(((4, 2, 6), (5, 1, 9), (10, 8, 12))))


@settings(deadline=None, max_examples=150)
@given(st.lists(FACTORS, min_size=1, max_size=6))
def test_ends_are_those_of_every_choice_of_factors(drawn: list[tuple[int, int, tuple[int, int, int]]]) -> None:
    """Two terms in a row share their factor: the ends of sum and ratio are the least and most over all low and high."""
    of_key: dict[str, tuple[int, int, int]] = {}
    terms = []
    for number, (amount, base, factor) in enumerate(drawn):
        ends = of_key.setdefault(f"{number // 2}", factor)
        value, low, high = map(Decimal, ends)
        terms.append(Term(f"{number // 2}", Decimal(amount), value, low, high, Decimal(base)))
    every = [{}]
    for key, ends in of_key.items():
        every = [chosen | {key: end} for chosen in every for end in ends[1:]]

    def whole(chosen: dict[str, int], name: str) -> Fraction:
        return sum((Fraction(getattr(t, name)) * chosen[t.key] for t in terms), Fraction(0))

    sums = [whole(chosen, "amount") for chosen in every]
    assert tuple(map(Fraction, sum_of(terms)))[1:] == (min(sums), max(sums))
    bases = [whole(chosen, "base") for chosen in every]
    made = ratio_of(terms)
    if min(bases) <= 0:
        assert made.value is None
        return
    ratios = [a / b for a, b in zip(sums, bases, strict=True)]
    assert made.low is not None
    assert made.high is not None
    assert float(made.low) == pytest.approx(float(min(ratios)), abs=1e-12)
    assert float(made.high) == pytest.approx(float(max(ratios)), abs=1e-12)


# --- the parts of a change ---------------------------------------------------------------------------------------

Line = tuple[int, int, int, str, str, bool]
LINE = st.tuples(
    st.integers(1, 1000), st.integers(0, 1000), st.integers(0, 1000),
    st.sampled_from(["spend-based", "supplier-specific", "hybrid"]), st.sampled_from(["c1", "c2", "c3"]), st.booleans(),
)  # fmt: skip


def parts_of(before: list[Line], after: list[Line], one: str = "1", two: str = "1") -> dict[str, Decimal]:
    """Lines of pounds, spend-based kg, kg reported, method, unit and whether the report is carried, as pounds and factors."""
    rows = []
    for lines, weights in ((before, ("weight_then", "weight_now")), (after, ("weight_now", "weight_then"))):
        for pounds, spend_kg, kg, method, unit, is_carried in lines:
            if method != "spend-based":
                factor = Decimal(kg) / pounds
                of_row = {
                    "factor": factor,
                    "low_factor": factor,
                    "high_factor": factor,
                    "spend_factor": Decimal(spend_kg) / pounds,
                }
                told = {"unit": unit, "method": method, "is_carried": is_carried, "shared": unit}
                rows.append({weights[0]: Decimal(pounds), weights[1]: Decimal(0), **of_row, **told})
    wholes = [
        Whole(
            Decimal(sum(line[0] for line in lines)), Decimal(sum(line[1] for line in lines)), emitted(lines),
            frozenset(line[4] for line in lines),
        )
        for lines in (before, after)
    ]  # fmt: skip
    return explain(*wholes, units_of(pd.DataFrame(rows)), Decimal(one), Decimal(two))


def emitted(lines: list[Line]) -> Decimal:
    return Decimal(sum(line[1] if line[3] == "spend-based" else line[2] for line in lines))


@settings(deadline=None, max_examples=60)
@given(st.lists(LINE, min_size=1), st.lists(LINE, min_size=1), st.sampled_from(["0.5", "1", "2"]))
def test_the_parts_of_a_change_sum_to_the_whole(before: list[Line], after: list[Line], step: str) -> None:
    parts = parts_of(before, after, "1", step)
    assert float(sum(parts.values()) - (emitted(after) - emitted(before))) == pytest.approx(0, abs=1e-9)


def test_a_supplier_s_cut_is_its_own_and_nobody_else_s() -> None:
    # The same money, prices and products; the contract's own figure falls from 100 to 70.
    other = (10, 50, 0, "spend-based", "", False)
    first = [(10, 50, 100, "supplier-specific", "c1", False), other]
    parts = parts_of(first, [(10, 50, 70, "supplier-specific", "c1", False), other])
    assert parts.pop(SUPPLIERS) == -30
    assert set(parts.values()) == {0}
    # Twice the pounds and one and a half times the emissions is a cut of a quarter.
    assert parts_of(first, [(20, 100, 150, "supplier-specific", "c1", False), other])[SUPPLIERS] == -50


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
    parts = parts_of([(10, 50, 100, "supplier-specific", "c1", False)], [line])
    assert parts[part] == expected
    assert parts[SUPPLIERS] == 0


# --- ways and days -----------------------------------------------------------------------------------------------


def test_every_year_s_step_to_net_zero_is_the_same() -> None:
    for base in (Period(2023), Period(2023, 2)):
        ways = [due_share(base, Period(year, base.quarter), 2030) for year in range(2023, 2030)]
        steps = [round(one - two, 2) for one, two in pairwise(ways)]
        assert len(set(steps)) == 1, steps


def test_a_straight_way_to_net_zero() -> None:
    first = Period(2023)
    assert due_share(first, first, 2030) == 1
    assert due_share(first, Period(2031), 2030) == 0
    assert due_share(Period(2031), Period(2031), 2030) == 0
    assert float(due_share(first, Period(2026), 2030)) == 1371 / 2466


@pytest.mark.parametrize(
    ("last", "months", "expected"),
    [(date(2026, 9, 30), 18, date(2025, 3, 30)), (date(2026, 3, 31), 1, date(2026, 2, 28)), (date(2024, 3, 31), 1, date(2024, 2, 29))],
)  # fmt: skip
def test_the_first_day_of_a_current_plan(last: date, months: int, expected: date) -> None:
    assert months_after(last, -months) == expected


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


def test_a_year_whose_deflator_cannot_be_read_is_refused(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    path = tmp_path / "deflators.csv"
    path.write_text(
        "Financial year,GDP deflator\n2022-23,96.1\n2023-24,x\n2024-25,104.2 p\n2025-26,\n2024-25 as revised,\n"
    )
    found, report = read_table(con, "deflators", path, tmp_path)
    assert list(found["year"]) == ["2022-23"]
    assert [(one.row, one.value) for one in report.refusals] == [(3, "x"), (4, "104.2 p")]
    assert (report.rows, report.kept, report.reconciles()) == (3, 1, True)
    path.write_text("Financial year,Index,Calendar year,Index\n2022-23,96.1,2022,x\n")
    _, report = read_table(con, "deflators", path, tmp_path)
    assert (report.kept, report.refused, [one.examples for one in report.unread]) == (1, 0, [("x",)])


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


def test_emissions_have_a_unit_and_a_figure(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    path = tmp_path / "reports.csv"
    # Kilograms or tonnes: the heading does not say.
    path.write_text("Contract reference,Year,Method,Emissions\nC1,2024-25,Supplier-specific,172.99\n")
    _, report = read_table(con, "supplier_emissions", path, tmp_path)
    assert "missing" in (report.error or "")
    assert "kgco2e" in (report.error or "")
    path.write_text(
        'Contract reference,Year,Method,Emissions (tCO2e)\nC1,2024-25,Supplier-specific,"172,99"\n'
        "C2,2024-25,Supplier-specific,n/a\nC3,2024-25,Supplier-specific,1.5\n"
    )
    found, report = read_table(con, "supplier_emissions", path, tmp_path)
    assert list(found["kgco2e"]) == [1500]
    assert [(one.row, one.reason, one.column, one.value) for one in report.refusals] == [
        (2, "the emissions, or what they are computed from, cannot be read", "tco2e", "172,99"),
        (3, "no emissions are stated", "kgco2e", None),
    ]


def test_a_suppliers_total_by_another_method_than_hybrid_says_which_method_reads_it(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    path = tmp_path / "reports.csv"
    path.write_text(
        "Supplier name,Year,Method,Supplier total emissions (tCO2e),Supplier turnover\n"
        'Xerox,2022-23,Supplier-specific,"12,000","350,000,000"\nXerox,2023-24,Hybrid,"12,000","350,000,000"\n'
    )
    found, report = read_table(con, "supplier_emissions", path, tmp_path)
    assert list(found["supplier_kgco2e"]) == [12_000_000]
    (refused,) = report.refusals
    assert (refused.row, refused.column, refused.value) == (2, "method", "Supplier-specific")
    assert "Write hybrid" in refused.remedy


def test_a_turnover_is_pounds_however_they_are_written(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    path = tmp_path / "reports.csv"
    written = ('"£18,243,851"', "18243851.00", '"£ 18,243,851.00 "', "£18.243851m")
    lines = (f"C{n},2024-25,Hybrid,6088.9,{turnover}" for n, turnover in enumerate(written))
    heading = "Contract reference,Year,Method,Supplier total emissions (tCO2e),Turnover"
    path.write_text("\n".join((heading, *lines, "")), encoding="utf-8")
    found, report = read_table(con, "supplier_emissions", path, tmp_path)
    assert (list(found["turnover_gbp"]), report.refusals) == ([18_243_851] * len(written), ())
