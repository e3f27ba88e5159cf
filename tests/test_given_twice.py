"""A row that a form gives twice counts once: one that says the same is told as repeated, one that says another thing is refused."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from cwb.sources.check import check_paths

# The headings, a row, what the same thing says another time, and the reason by which that is refused.
FORMS = {
    "income": (
        "Contract reference or unit,Kind,Financial year,Income,Direct cost",
        "Trade waste,external trading,2021-22,120000,90000",
        "Trade waste,external trading,2021-22,125000,90000",
        "income given twice for one kind and year",
    ),
    "tenders": (
        "Reference,Title,Route,Bids received,Valid bids",
        "T1,Cafe,open,5,5",
        "T1,Cafe,open,3,3",
        "procurement or lot given twice",
    ),
    "savings": (
        "Reference,Title,Kind,Cash released,Baseline cost,Baseline is,New cost,Financial year,Realised",
        "S1,Paper,price,yes,100,budget,90,2021-22,yes",
        "S1,Paper,price,yes,100,budget,60,2021-22,no",
        "saving given twice for one year",
    ),
    "invoices": (
        "Supplier id,Invoice number,Received on,Paid on,Amount gross",
        "V1,I1,01/04/2021,01/05/2021,120.00",
        "V1,I1,01/04/2021,09/06/2021,120.00",
        "invoice given twice",
    ),
    "decisions": (
        "Date,Decision,Due,Done on",
        "01/05/2021,Buy nearer,01/06/2021,",
        "01/05/2021,Buy nearer,01/09/2021,",
        "decision given twice",
    ),
}


def write(path: Path, *lines: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


@pytest.mark.parametrize("source", sorted(FORMS))
def test_a_row_of_a_form_counts_once(source: str, tmp_path: Path) -> None:
    headings, row, other, reason = FORMS[source]
    write(tmp_path / source / "all.csv", headings, row, row, other)
    (report,) = check_paths([tmp_path])
    # Three rows in: the first kept, its repetition counted as such, and what contradicts it left out.
    assert (report.rows, report.kept, report.duplicates) == (3, 1, 1)
    assert report.refused_by_reason() == {reason: 1}
    assert report.reconciles()


def test_of_income_given_twice_the_pounds_count_once(tmp_path: Path) -> None:
    headings, row, other, _ = FORMS["income"]
    write(tmp_path / "income" / "all.csv", headings, row, row, other)
    (report,) = check_paths([tmp_path])
    # 120,000 + 120,000 + 125,000 in.
    assert (report.gbp_in, report.gbp_kept, report.gbp_duplicates, report.gbp_refused) == (
        Decimal(365000), Decimal(120000), Decimal(120000), Decimal(125000),
    )  # fmt: skip


def test_invoices_without_a_number_may_look_the_same(tmp_path: Path) -> None:
    """Three fares of one firm, day and amount; nothing says that they are one."""
    fare = "V1,,01/04/2021,01/05/2021,12.00"
    write(tmp_path / "invoices" / "all.csv", FORMS["invoices"][0], fare, fare, "V1,,01/04/2021,02/05/2021,12.00")
    (report,) = check_paths([tmp_path])
    assert (report.kept, report.duplicates, report.refused) == (3, 0, 0)


def test_two_lots_of_a_procurement_are_told_apart_by_their_titles(tmp_path: Path) -> None:
    headings, row, _, _ = FORMS["tenders"]
    write(tmp_path / "tenders" / "all.csv", headings, row, "T1,Cafe lot 2,open,5,5")
    (report,) = check_paths([tmp_path])
    assert (report.kept, report.duplicates, report.refused) == (2, 0, 0)


def test_of_three_rows_the_last_stands_where_a_later_decision_does(tmp_path: Path) -> None:
    """Passed on, a purchase, passed on again: what was decided first is not what repeats."""
    head = "Supplier name,Kind,Decision,Reason,Approved by (role),Approved on"
    on, bought = (
        "Acme,grant,pass-through,Paid on,Officer,01/05/2023",
        "Acme,grant,purchase,Ours,Officer,01/05/2023",
    )
    write(tmp_path / "pass_through" / "all.csv", head, on, bought, on)
    (report,) = check_paths([tmp_path])
    assert (report.kept, report.duplicates) == (1, 1)
    assert [refusal.row for refusal in report.refusals] == [3]


def test_a_decision_in_two_files_counts_as_before(tmp_path: Path) -> None:
    headings, row, _, _ = FORMS["decisions"]
    write(tmp_path / "decisions" / "2021.csv", headings, row)
    write(tmp_path / "decisions" / "2022.csv", headings, row)
    assert [report.kept for report in check_paths([tmp_path])] == [1, 0]


def test_a_day_before_the_decision_is_not_known(tmp_path: Path) -> None:
    """Neither overdue from the first day, nor done before it was decided."""
    write(
        tmp_path / "decisions" / "all.csv",
        FORMS["decisions"][0],
        "01/05/2021,Buy nearer,01/04/2021,",
        "01/05/2021,Pay faster,,30/04/2021",
        "01/05/2021,Train all,01/05/2021,01/05/2021",
    )
    (report,) = check_paths([tmp_path])
    assert (report.kept, {one.column: one.rows for one in report.unread}) == (3, {"due": 1, "done": 1})
    assert report.notes == (
        "Due: before the day of the decision in 1 row, and is not known (first: row 2). Correct one of the two days.",
        "Done on: before the day of the decision in 1 row, and is not known (first: row 3). Correct one of the two days.",
    )


def test_more_bids_of_a_kind_than_all_are_not_known(tmp_path: Path) -> None:
    write(
        tmp_path / "tenders" / "all.csv",
        FORMS["tenders"][0],
        "T1,Cafe,open,5,9",
        "T2,Roads,open,5,5",
        "T3,Bins,open,,2",
    )
    (report,) = check_paths([tmp_path])
    assert (report.kept, [(one.column, one.row) for one in report.unread]) == (3, [("valid_bids", 2)])
