"""What a person sees of an account of files, of faults and of a long run, at 80 columns and in old code pages."""

from __future__ import annotations

import io
import re
from decimal import Decimal
from importlib import import_module

import pytest

from cwb.base.errors import Fault
from cwb.cli import terminal
from cwb.cli.grouped import grouped
from cwb.cli.show import show_next, show_reports
from cwb.sources.refusal import TOTAL_ROW, Refusal
from cwb.sources.report import Amount, FileReport, Unread

ROWS = range(3, 200, 2)


def refusal(row: int) -> Refusal:
    value = "n/a" if row % 9 == 0 else "TBC"
    return Refusal(row, "start date cannot be read", "Ask the owner.", None, "Start Date", value, Decimal("1.50"))


REPORTS = [
    FileReport(
        "spend/q1.csv",
        "spend",
        "",
        newest="2026-06-30",
        unmatched_columns=("a[b]",),
        unread=(Unread("net", 2, 5, ("x",)),),
    ).account(
        Amount(20_000, Decimal("63220917.00")),
        [Refusal(9, TOTAL_ROW, "None.", gbp=Decimal(5))],
        Amount(3, Decimal(7)),
    ),
    FileReport(
        "spend/q2.csv", "spend", "", unmatched_columns=("a[b]",), unread=(Unread("net", 1, 7, ("y",)),)
    ).account(Amount(10, Decimal(1))),
    FileReport("contracts/r.csv", "contracts", "").account(Amount(5), [refusal(row) for row in ROWS]),
]


def test_like_faults_are_one_line() -> None:
    faults = [
        Fault(one.reason, one.remedy, "r.csv", None, one.row, one.column, one.value) for one in map(refusal, ROWS)
    ]
    other = Fault("it is empty", "Ask for another.", "q.csv")
    first, second = grouped([*faults[:50], other, *faults[50:]])
    assert first == (
        "r.csv, column 'Start Date': 99 rows: start date cannot be read (found 'TBC' 88 times, 'n/a' 11 times), "
        "rows 3, 5, 7, 9, 11 …. Ask the owner."
    )
    assert second == str(other)
    assert grouped([faults[0]]) == [str(faults[0])]
    # Faults of no row stay apart, though they are alike.
    assert len(grouped([other, other])) == 2


def test_the_table_comes_last_and_totals_stand_apart(capsys: pytest.CaptureFixture[str]) -> None:
    show_reports(REPORTS)
    shown = capsys.readouterr().out
    assert "contracts/r.csv: 99 rows refused, £148.50" in shown
    assert "  column 'Start Date': 99 rows: start date cannot be read (found 'TBC' 88 times" in shown
    assert "spend/q1.csv: 1 row of totals (£5.00)" in shown
    assert "spend/q1.csv: 3 rows (£7.00) delivered twice in it" in shown
    assert "spend: 3 values of net in 2 files cannot be read" in shown
    assert "spend/q1.csv, spend/q2.csv: columns not used: a[b]" in shown
    table = shown[shown.index("Source") :]
    assert re.search(r"spend +2 +20,014 +20,010 +0 +1 +3 +63,220,918 +2026-06-30", table)
    assert re.search(r"contracts +1 +104 +5 +99 +0 +0", table)
    assert "in = £63,220,918.00 kept + £5.00 refused or totals + £7.00 twice" in table
    assert max(len(line.rstrip()) for line in table.splitlines() if " 20" in line) <= 80
    show_reports(REPORTS, shows_all=True)
    assert (
        "row 199, column 'Start Date': start date cannot be read (found 'TBC'). Ask the owner."
        in capsys.readouterr().out
    )


@pytest.mark.parametrize("code_page", ["cp1252", "utf-8"])
def test_an_old_code_page_shows_it_too(code_page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    page = io.TextIOWrapper(io.BytesIO(), encoding=code_page, errors="replace")
    monkeypatch.setattr("sys.stdout", page)
    show_reports(REPORTS)
    page.flush()
    shown = page.buffer.getvalue().decode(code_page)  # type: ignore[attr-defined]
    assert "20,014" in shown
    assert "?" not in shown


def test_a_redirected_run_says_now_and_then_where_it_is(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = iter([0.0, 1.0, 2.5, 3.0, 60.0, 62.5, 66.5])
    monkeypatch.setattr(import_module("time"), "monotonic", lambda: next(clock))
    step = terminal._lines_of("Checking", False)
    for number in range(5):
        step("spend/[1].csv", number, 9)
    terminal_lines = capsys.readouterr().err
    assert terminal_lines == "Checking: spend/[1].csv (1 of 9), 2 s\nChecking: spend/[1].csv (3 of 9), 60 s\n"


def ledger(oldest: str, newest: str) -> FileReport:
    return FileReport(f"spend/{newest}.csv", "spend", "", oldest=oldest, newest=newest)


@pytest.mark.parametrize(
    ("files", "told"),
    [
        # The last year that is over, by one file or by several.
        ([("2023-04-01", "2026-06-30")], "2025-26 (the last financial year"),
        ([("2025-04-01", "2025-09-30"), ("2025-10-01", "2026-03-31")], "2025-26 (the last financial year"),
        # The last payments of a year are made a few days before its end.
        ([("2021-04-01", "2022-03-30")], "2021-22 (the last financial year"),
        # Of the year before nothing is held, and this one is not over.
        ([("2026-07-01", "2026-09-30")], "2026-27-Q2 (the last quarter"),
        ([("2026-07-01", "2026-10-20")], "2026-27-Q2 (the last quarter"),
        # Of no period that is over anything is held.
        ([("2026-07-01", "2026-08-20")], ""),
        ([], ""),
    ],
)
def test_the_next_command_is_of_a_period_with_payments(
    files: list[tuple[str, str]], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    show_next([ledger(*days) for days in files])
    said = capsys.readouterr().out
    assert said.startswith(f"Next: cwb run {told}") if told else said == ""
