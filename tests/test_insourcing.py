"""Windows for review: calendar months, a real register in which every row has one state, and decisions held against the register."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb
import pytest

from conftest import SHARED
from cwb.council.config import load_config
from cwb.council.reviews import Reviews
from cwb.evidence.data import open_data
from cwb.packs.insourcing import PACK
from cwb.packs.insourcing.in_house import in_house
from cwb.packs.insourcing.queue import queue
from cwb.packs.insourcing.review_windows import DECIDED_IN_TIME
from cwb.publish.explorer import has_rows

CASES = Path(__file__).parent / "cases" / "pack_07"
SALFORD = SHARED / "contracts" / "salford_contracts_register_2022-07.csv"


@pytest.mark.parametrize(
    ("decided", "begun", "is_so"),
    [
        ("2026-09-30", None, True),  # on the last day of the window
        ("2026-10-01", "2026-09-01", False),  # a review that began in time makes no late decision one in time
        (None, "2026-09-30", None),
        (None, "2026-10-01", False),
        (None, None, False),
    ],
)
def test_whether_a_window_was_decided_in_time(decided: str | None, begun: str | None, is_so: bool | None) -> None:
    days = "DATE '2026-09-30' AS closes_date, ?::DATE AS decided_date, ?::DATE AS review_begun_date"
    found = duckdb.execute(f"SELECT {DECIDED_IN_TIME.sql} FROM (SELECT {days})", [decided, begun]).fetchall()
    assert found == [(is_so,)]


@pytest.mark.shared
def test_every_row_of_a_real_register_has_one_state(council: Callable[..., Path]) -> None:
    """Salford at 31 July 2022, counted by hand by `Current Expiry Date`: 8 + 104 + 49 + 47 + 22 + 130 = 360. Of these our reader refuses
    four rows without a start date that can be read (one of no known end, one ended, two closed), and it takes the end date of one row
    that has no current expiry (not due). Of four rows the current expiry lies before the start, and is not known: of rows 327 and 359 the
    end date too; row 48 has an end date of four months, and row 289 one that is over. Two of
    the terms that are too short have not begun: they are not due."""
    toml = (CASES / "cwb.toml").read_text(encoding="utf-8")
    made = council(toml, contracts=[SALFORD])
    data = open_data("insourcing", "2022-23-Q1", str(made / "cwb.toml"))
    # The period ends on 30 June; the register's own day is a month later.
    rows = data.rows(queue(data).sql.replace("2022-06-30", "2022-07-31"))
    states = [row["state"] for row in rows]
    counted = {state: states.count(state) for state in sorted(set(states))}
    assert counted == {
        "End not known": 8 - 1 - 1 + 2,
        "Ended": 104 - 1 - 3,
        "In the window": 22,
        "Not due yet": 47 + 1 + 2,
        "Term too short to review": 49 + 1 - 2,
        "Window closed, no decision on record": 130 - 2,
    }
    (report,) = data.lineage.of("contracts")
    assert (report.rows, report.kept, sum(counted.values())) == (360, 356, 356)
    assert sorted(one.row for one in report.refusals) == [27, 28, 80, 310]
    # 23 rows have two ends that differ; those of rows 48 and 289 that lie before the start are not known, the other 21 were extended.
    two = data.rows("SELECT count(*) AS n FROM contract_lines WHERE end_date <> expiry_date")
    extended = data.rows("SELECT count(*) AS n FROM review_lines WHERE extended_date IS NOT NULL")
    assert (two[0]["n"], extended[0]["n"]) == (23 - 2, 21)
    # Months typed as a number of extensions give no last end.
    typed = data.rows(
        "SELECT max(last_end_date) AS last FROM review_lines WHERE contract_reference IN ('S1107', 'S1202')"
    )
    assert typed[0]["last"] == date(2023, 3, 31)


def test_windows_are_calendar_months_and_a_decision_is_no_earlier_than_its_contract(
    council: Callable[..., Path],
) -> None:
    folder = CASES / "a_register_with_every_state"
    files = {name: [folder / f"{name}.csv"] for name in ("contracts", "insourcing", "income", "savings")}
    made = council((CASES / "cwb.toml").read_text(encoding="utf-8"), **files)
    data = open_data("insourcing", "2026-27-Q2", str(made / "cwb.toml"))
    windows = {
        row["expiry_date"]: (row["opens_date"], row["closes_date"])
        for row in data.rows("SELECT expiry_date, opens_date, closes_date FROM review_lines")
    }
    assert windows[date(2027, 3, 31)] == (date(2025, 3, 31), date(2025, 9, 30))
    assert windows[date(2028, 8, 31)] == (date(2026, 8, 31), date(2027, 2, 28))
    assert windows[date(2028, 2, 29)] == (date(2026, 2, 28), date(2026, 8, 29))
    assert windows[date(2027, 12, 31)] == (date(2025, 12, 31), date(2026, 6, 30))
    (report,) = data.lineage.of("insourcing")
    told = [(one.row, one.column, one.reason) for one in report.refusals]
    assert told == [
        (12, "decision", "the decision is not one of the list"),
        (13, "decided", "decided before the contract began"),
    ]
    assert all(one.remedy for one in report.refusals)
    # No exhibit failed, and what each says can be read aloud.
    for measure in PACK.measures:
        figure = measure(data).figure()
        assert not figure.failed
        assert figure.title


def test_a_reference_that_is_used_again_has_the_decisions_of_each_term(
    council: Callable[..., Path], tmp_path: Path
) -> None:
    register, form = tmp_path / "contracts.csv", tmp_path / "insourcing.csv"
    register.write_text(
        "Contract reference,Title,Supplier name,Start date,End date\n"
        "C1,First,Alpha Ltd,01/04/2018,31/03/2022\nC1,Second,Alpha Ltd,01/04/2022,31/03/2028\n",
        encoding="utf-8",
    )
    form.write_text(
        "Contract reference,Service,Decision,Decided on,Reason,Test part 1: value\n"
        "c1 ,Cleaning,re-procure,01/09/2020,Strong market,\nC1,Cleaning again,extend,01/06/2026,,\n",
        encoding="utf-8",
    )
    made = council((CASES / "cwb.toml").read_text(encoding="utf-8"), contracts=[register], insourcing=[form])
    data = open_data("insourcing", "2026-27-Q2", str(made / "cwb.toml"))
    rows = data.rows(f"SELECT title, decision, state FROM {queue(data).source} ORDER BY title")
    assert [tuple(row.values()) for row in rows] == [
        ("First", "re-procure", "Decided in time"),
        ("Second", "extend", "Decided in time"),
    ]


def test_a_window_that_closes_before_it_opens_is_refused() -> None:
    assert (Reviews().opens_months, Reviews().closes_months) == (24, 18)  # rows of reference/duties.csv
    with pytest.raises(ValueError, match="opens before it closes"):
        Reviews(opens_months=18, closes_months=18)
    assert load_config(Path(__file__).parents[1] / "cwb.toml").reviews.counted_from == date(2025, 4, 1)


def test_a_reference_that_names_a_person_is_not_shown_and_ends_no_build(
    council: Callable[..., Path], tmp_path: Path
) -> None:
    savings, tenders = tmp_path / "savings.csv", tmp_path / "tenders.csv"
    savings.write_text(
        "Reference,Title,Kind,Cash released,Baseline cost,Baseline is,New cost,Financial year,Realised\n"
        "Jane Doe,Cleaning,price,yes,100,budget,80,2026-27,yes\nJohn Smith,Cleaning,price,yes,100,budget,80,2026-27,yes\n"
        "S1,Cleaning,price,yes,100,budget,80,2026-27,yes\nJANE DOE,Cleaning,price,yes,100,budget,80,2027-28,yes\n",
        encoding="utf-8",
    )
    tenders.write_text("Reference,Title,Route\nJane Doe,Cleaning,open\n", encoding="utf-8")
    made = council((CASES / "cwb.toml").read_text(encoding="utf-8"), savings=[savings], tenders=[tenders])
    data = open_data("insourcing", "2026-27-Q2", str(made / "cwb.toml"))
    found = data.rows("SELECT saving_reference AS r FROM savings ORDER BY source_row")
    # One reference is one in all its rows.
    assert [row["r"] for row in found] == [
        "not shown (savings/savings.csv, row 2)",
        "not shown (savings/savings.csv, row 3)",
        "S1",
        "not shown (savings/savings.csv, row 2)",
    ]
    (row,) = data.rows("SELECT tender_reference FROM tenders")
    assert row == {"tender_reference": "not shown (tenders/tenders.csv, row 2)"}


@pytest.mark.parametrize(
    ("posts", "jobs", "cells"),
    [
        # 2 + 2: the sum is few itself.
        (("2", "2"), "withheld", ["fewer than 5", "fewer than 5"]),
        # 11.5 + 4 = 15.5: with 11.5 and the sum 4 would follow.
        (("11.5", "4"), "15.5 full-time years", ["withheld", "fewer than 5"]),
        (("11.5", "5"), "16.5 full-time years", ["11.5", "5"]),
        (("7", ""), "at least 7 full-time years", ["7", "not stated"]),
    ],
)
def test_few_jobs_in_house_are_not_told(
    posts: tuple[str, str], jobs: str, cells: list[str], council: Callable[..., Path], tmp_path: Path
) -> None:
    rows = "".join(
        f"X{at},Service {at},,{number},Insource,30/06/2025,01/0{4 + at}/2026\n" for at, number in enumerate(posts)
    )
    form = tmp_path / "insourcing.csv"
    form.write_text(
        f"Contract reference,Service,In-house cost a year,Posts (FTE),Decision,Decided on,Start in house\n{rows}"
        # Nobody adds up what does not count as in-house: one that is few hides no other.
        "X8,Payroll,,3,Shared service,30/06/2025,01/05/2026\nX9,Desk,,30,Shared service,30/06/2025,01/05/2026\n",
        encoding="utf-8",
    )
    toml = (CASES / "cwb.toml").read_text(encoding="utf-8")
    data = open_data("insourcing", "2026-27-Q1", str(council(toml, insourcing=[form]) / "cwb.toml"))
    found = in_house(data)
    assert f"{found.findings['jobs_in_house']}" == jobs
    table = found.table.set_index("service")["posts"]
    assert [table[f"Service {at}"] for at in range(2)] == cells
    assert (table["Payroll"], table["Desk"]) == ("fewer than 5", "30")
    assert not has_rows(found.findings["jobs_in_house"])
