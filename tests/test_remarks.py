"""What is odd about a ledger is remarked under the first heading, and what is usual is not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from cwb.cli import main
from cwb.evidence.data import PackData, open_data
from cwb.packs.registry import pack_of
from cwb.packs.remarks import remarks

TOML = (Path(__file__).parent / "cases" / "pack_01" / "cwb.toml").read_text(encoding="utf-8")
HEAD = "Supplier Name,Payment Date,Net Amount,Department,Service,Expenditure Category,Purpose"


def ledger(*months: tuple[int, int, int, int, dict[str, str]]) -> str:
    """Lines of months (year, month, how many, pence of the first), the pence rising by one; of each of 12 suppliers."""
    rows = [HEAD]
    for year, month, lines, pence, said in months:
        for n in range(lines):
            day = date(year, month, 1) + timedelta(days=n % 28)
            texts = ",".join(
                said.get(name, f"{name} {n % 7}") for name in ("department", "service", "category", "purpose")
            )
            rows.append(f"Firm {n % 12} Ltd,{day:%d/%m/%Y},{(pence + n) / 100:.2f},{texts}")
    return "\n".join(rows) + "\n"


def year(start: int, lines: int, pence: int, **said: str) -> list[tuple[int, int, int, int, dict[str, str]]]:
    return [(start + (m > 12), (m - 1) % 12 + 1, lines, pence, said) for m in range(4, 16)]


@pytest.fixture
def told(council: Callable[..., Path], tmp_path: Path) -> Callable[..., tuple[str, ...]]:
    def tell(period: str, *months: tuple[int, int, int, int, dict[str, str]], **more: str) -> tuple[str, ...]:
        files = {}
        for name, text in {"spend": ledger(*months), **more}.items():
            path = tmp_path / f"{name}.csv"
            path.write_text(text, encoding="utf-8")
            files[name] = [path]
        return remarks(opened(council(TOML, **files), period))

    return tell


def opened(folder: Path, period: str) -> PackData:
    return open_data("local_supplier_base", period, str(folder / "cwb.toml"))


def test_usual_years_have_no_remark(told: Callable[..., tuple[str, ...]]) -> None:
    assert told("2023-24", *year(2021, 50, 10001), *year(2022, 50, 12001), *year(2023, 55, 14001)) == ()


def test_spend_five_times_as_large_is_remarked(told: Callable[..., tuple[str, ...]]) -> None:
    (remark,) = told("2023-24", *year(2022, 50, 10_000_01), *year(2023, 50, 51_000_01))
    assert remark.startswith("Spend went from £6.0m in 2022/23 to £30.6m in 2023/24.")


def test_a_fifth_is_remarked_and_a_quarter_is_not(told: Callable[..., tuple[str, ...]]) -> None:
    (remark,) = told("2023-24", *year(2022, 50, 51_000_01), *year(2023, 50, 10_000_01))
    assert "from £30.6m in 2022/23 to £6.0m in 2023/24" in remark


def test_four_times_is_no_jump(told: Callable[..., tuple[str, ...]]) -> None:
    assert told("2023-24", *year(2022, 50, 10_000_01), *year(2023, 50, 40_000_01)) == ()


def test_of_years_of_which_months_are_missing_those_of_both_are_compared(
    told: Callable[..., tuple[str, ...]],
) -> None:
    (remark,) = told("2023-24", *year(2022, 50, 10_000_01)[:11], *year(2023, 50, 51_000_01))
    assert remark.startswith(
        "Spend went from £5.5m in 2022/23 to £28.1m in 2023/24, in the 11 months that are held of both."
    )


def test_of_few_months_nothing_is_compared(told: Callable[..., tuple[str, ...]]) -> None:
    assert told("2023-24", *year(2022, 50, 10_000_01)[:5], *year(2023, 50, 90_000_01)) == ()


def test_a_month_of_a_twentieth_of_the_usual_lines_is_remarked(told: Callable[..., tuple[str, ...]]) -> None:
    months = year(2023, 60, 10001)
    months[5] = (2023, 9, 3, 10001, {})
    months[6] = (2023, 10, 4, 10001, {})
    assert told("2023-24", *months) == (
        "September 2023 holds 3 lines, and a usual month 60: a file may be missing or cut short.",
    )


def test_a_month_of_a_twentieth_of_the_usual_pounds_is_remarked(told: Callable[..., tuple[str, ...]]) -> None:
    """Of a month whose file holds the card payments alone: 5 of 60 lines, too many to be seen by their number."""
    months = year(2023, 60, 100_001)
    months[5] = (2023, 9, 5, 50_001, {})
    # A third of the lines, and all lines after a large credit, are no file cut short.
    months[6] = (2023, 10, 20, 10_001, {})
    months[7] = (2023, 11, 60, 1_001, {})
    assert told("2023-24", *months) == (
        "September 2023 holds 5 lines of £2,500, and a usual month 60 of £60,018: a file may be missing or cut short.",
    )


@pytest.mark.parametrize("lines", [120, 40])
def test_amounts_that_begin_to_include_vat_are_remarked(told: Callable[..., tuple[str, ...]], lines: int) -> None:
    rows = [HEAD]
    for start, month, _, _, _ in (*year(2022, 0, 0), *year(2023, 0, 0)):
        is_gross = (start, month) >= (2023, 8)
        for n in range(lines):
            net = 10_000 + 5 * n
            pence = net * 6 // 5 if is_gross else net + n % 5
            rows.append(f"Firm Ltd,01/{month:02d}/{start},{pence / 100:.2f},,,,")
    (remark,) = told("2023-24", spend="\n".join(rows) + "\n")
    assert remark.startswith(
        "From August 2023 amounts look as if they include VAT from then on: 100% of them can be"
    )


def test_a_column_that_holds_what_another_held_is_remarked(told: Callable[..., tuple[str, ...]]) -> None:
    turned = {"service": "department 1"}
    found = told("2023-24", *year(2021, 50, 10001), *year(2022, 50, 10001), *year(2023, 50, 10001, **turned))
    assert found == (
        "The column service holds other values than in 2022/23: 0% of payments have one that was used then; the year before it was "
        "100%. It holds what was under department. The heading may have changed its meaning.",
    )


def test_a_column_that_is_empty_now_is_not_remarked(told: Callable[..., tuple[str, ...]]) -> None:
    empty = {"service": ""}
    assert told("2023-24", *year(2021, 50, 10001), *year(2022, 50, 10001), *year(2023, 50, 10001, **empty)) == ()


def test_a_column_that_never_repeats_is_not_remarked(told: Callable[..., tuple[str, ...]]) -> None:
    years = [{"service": f"job {number}"} for number in range(3)]
    months = [month for number, said in enumerate(years) for month in year(2021 + number, 50, 10001, **said)]
    assert told("2023-24", *months) == ()


def test_what_may_be_passed_on_is_remarked_by_kind_and_listed_in_the_form(
    council: Callable[..., Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    spend = tmp_path / "spend.csv"
    spend.write_text(
        "Supplier ID,Supplier Name,Payment Date,Net Amount,Purpose\n"
        "9,Shire County Council,01/04/2023,700000.00,April\n"
        "9,Shire County Council,01/04/2023,900000.00,Care home contract\n"
        "9,Shire County Council,02/04/2023,600.00,Survey\n"
        "7,=Alpha Ltd,01/04/2023,80.00,NNDR refund\n"
        "7,=Alpha Ltd,01/04/2023,20.00,nndr  refund\n"
        ",Pat Person,01/04/2023,30.00,Heating grant\n"
        "5,Beta Ltd,01/04/2023,40.00,Bid writing for a grant: grant application\n",
        encoding="utf-8",
    )
    folder = council(TOML, spend=[spend])
    assert remarks(opened(folder, "2023-24")) == (
        "At least £700,000 of the council's spend in 2023/24 may be money passed on to others, which buys nothing (precept £700,000, refund £100, grant £30). It "
        "counts as spend until a person has decided: the finance team can list it on a form and say so.",
    )
    monkeypatch.chdir(folder)
    monkeypatch.setattr("sys.argv", ["cwb", "template", "pass-through"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code in (0, None), capsys.readouterr()
    rows = [line.split(",") for line in (folder / "pass-through.csv").read_text(encoding="utf-8-sig").splitlines()]
    assert [(r[0], r[1], r[2], r[3], r[10], r[11]) for r in rows[1:]] == [
        ("9", "Shire County Council", "", "precept", "1", "700000.00"),
        ("", "Payee not shown", "refund", "refund", "2", "100.00"),
        ("", "Payee not shown", "grant", "grant", "1", "30.00"),
    ]


def test_the_form_decided_is_read_and_what_is_left_is_nothing(
    council: Callable[..., Path], tmp_path: Path
) -> None:
    spend, form = tmp_path / "spend.csv", tmp_path / "pass_through.csv"
    spend.write_text(
        "Supplier Name,Payment Date,Net Amount,Purpose\n=Alpha Ltd,01/04/2023,80.00,Refund\n", encoding="utf-8"
    )
    form.write_text(
        "Supplier name,Words of the purpose,Kind,Pass-through or purchase,Reason,Approved by (role),Approved on\n"
        "'=Alpha Ltd,refund,refund,pass-through,Paid back,Section 151 officer,01/05/2023\n",
        encoding="utf-8",
    )
    data = opened(council(TOML, spend=[spend], pass_through=[form]), "2023-24")
    assert remarks(data) == ()
    total = pack_of("local_supplier_base").find(data, "total_spend")
    assert total.undefined == "every payment of 2023/24 was decided to be money passed on"


def test_a_column_of_one_value_says_nothing(told: Callable[..., tuple[str, ...]]) -> None:
    years = [{"service": name} for name in ("Corporate", "Corporate", "General")]
    months = [month for number, said in enumerate(years) for month in year(2021 + number, 50, 10001, **said)]
    assert told("2023-24", *months) == ()


PASSED_ON = """Supplier Name,Payment Date,Net Amount,Purpose
SHIRE C.C.,01/04/2023,1000000.00,May
H.M. Revenue & Customs,01/04/2023,1.00,
H.M.R.C.,01/04/2023,1.00,
Lancashire Constabulary,01/04/2023,60000.00,
PCC for Lancashire,01/04/2023,60000.00,
Mayor's Office for Policing and Crime,01/04/2023,60000.00,
Borough Collection Fund,01/04/2023,1.00,
Secretary of State,01/04/2023,1.00,NNDR3 payment
Local Pensions Partnership,01/04/2023,1.00,
Fund Ltd,01/04/2023,1.00,Employers superann
UK Debt Mgmt Office,01/04/2023,1.00,
CCLA,01/04/2023,1.00,Public Sector Deposit Fund
Thurrock Council,01/04/2023,1.00,Temporary Lending
Claimant Ltd,01/04/2023,1.00,DHP
Staff Ltd,01/04/2023,1.00,Net pay week 3
Fen Ltd,01/04/2023,1.00,Drainage rates
"""
BOUGHT = """Supplier Name,Payment Date,Net Amount,Purpose
SHIRE C.C.,01/04/2023,900000.00,Care home contract
Shire County Council,01/04/2023,4000.00,Survey
Levy Restaurants,01/04/2023,1.00,Catering
Paper Ltd,01/04/2023,1.00,Grants Team stationery
Alpha Ltd,01/04/2023,1.00,NNDR software
Police Supplies Ltd,01/04/2023,60000.00,Uniforms
Grant Thornton LLP,01/04/2023,1.00,Audit
Beta Ltd,01/04/2023,1.00,Housing benefits stationery
"""


@pytest.mark.parametrize(("rows", "are_suggested"), [(PASSED_ON, True), (BOUGHT, False)])
def test_what_is_suggested_and_what_only_looks_so(
    council: Callable[..., Path], tmp_path: Path, rows: str, are_suggested: bool
) -> None:
    spend = tmp_path / "spend.csv"
    spend.write_text(rows, encoding="utf-8")
    data = opened(council(TOML, spend=[spend]), "2023-24")
    found = data.rows("SELECT source_row, suggested_as FROM spend_lines ORDER BY source_row")
    wrong = [row["source_row"] for row in found if (row["suggested_as"] is not None) is not are_suggested]
    assert wrong == []


def test_a_decision_after_the_reports_day_of_the_settings_does_not_count(
    council: Callable[..., Path], tmp_path: Path
) -> None:
    spend, form = tmp_path / "spend.csv", tmp_path / "pass_through.csv"
    spend.write_text(
        "Supplier Name,Payment Date,Net Amount\nAlpha Ltd,01/04/2023,80.00\nBeta Ltd,01/04/2023,20.00\n",
        encoding="utf-8",
    )
    head = "Supplier name,Kind,Decision,Reason,Approved by (role),Approved on\n"
    form.write_text(
        f"{head}Alpha Ltd,grant,pass-through,Paid on,Officer,01/06/2024\nBeta Ltd,grant,pass-through,Paid on,Officer,31/05/2024\n",
        encoding="utf-8",
    )
    folder = council(f"{TOML}\n[report]\nas_of = 2024-05-31\n", spend=[spend], pass_through=[form])
    left = opened(folder, "2023-24").rows("SELECT display_name FROM spend_lines")
    assert [row["display_name"] for row in left] == ["Alpha Ltd"]


def test_a_decision_reads_names_and_words_as_the_form_writes_them(
    council: Callable[..., Path], tmp_path: Path
) -> None:
    spend, form = tmp_path / "spend.csv", tmp_path / "pass_through.csv"
    spend.write_text(
        "Supplier Name,Payment Date,Net Amount,Purpose\nCox & Sons Ltd,01/04/2023,80.00,Grants & loans\n"
        "Other Ltd,01/04/2023,5.00,Grants & loans\n",
        encoding="utf-8",
    )
    head = "Supplier name,Words of the purpose,Kind,Decision,Reason,Approved by (role),Approved on\n"
    form.write_text(
        f"{head}cox and sons ltd.,grants and loans,grant,pass-through,Paid on,Officer,31/05/2023\n",
        encoding="utf-8",
    )
    left = opened(council(TOML, spend=[spend], pass_through=[form]), "2023-24").rows(
        "SELECT display_name FROM spend_lines"
    )
    assert [row["display_name"] for row in left] == ["Other Ltd"]
