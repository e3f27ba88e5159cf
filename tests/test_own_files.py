"""What a pack says of the rows of its own files: counted by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest

from cwb.packs.account.own_files import OwnFiles
from cwb.sources.refusal import TOTAL_ROW, Refusal
from cwb.sources.report import Amount, FileReport, Unread


def report(
    source: str, kept: int, refused: int = 0, repeated: int = 0, totals: int = 0, unread: int = 0
) -> FileReport:
    rows = [Refusal(n, "no start date") for n in range(refused)] + [Refusal(n, TOTAL_ROW) for n in range(totals)]
    values = (Unread("end_date", unread, 2, ("TBC",)),) if unread else ()
    return FileReport(f"{source}/a.csv", source, "", unread=values).account(
        Amount(kept), rows, Amount(repeated, Decimal(0))
    )


@pytest.mark.parametrize(
    ("reports", "told"),
    [
        ((), ""),
        ((report("contracts", 1),), "The only row is counted."),
        ((report("contracts", 3), report("income", 2)), "All 5 rows of 2 files are counted."),
        (
            (report("contracts", 1, refused=2),),
            "Of 3 rows of 1 file 1 is counted and 2 left out with a reason (2 of contracts).",
        ),
        # Rows of totals are not left out, and repeated ones are counted once.
        (
            (report("anchor_spend", 1_000, repeated=4, totals=1),),
            "Of 1,005 rows of 1 file 1,000 are counted, 4 repeated and 1 total of the files' own.",
        ),
        (
            (report("contracts", 3, unread=1), report("income", 2, unread=1)),
            "All 5 rows of 2 files are counted. 2 values cannot be read.",
        ),
        # The kinds of which most is left out by name, the others together.
        (
            tuple(report(source, 1, n) for n, source in enumerate(("contracts", "income", "savings", "tenders", "activity", "invoices"))),
            "Of 21 rows of 6 files 6 are counted and 15 left out with a reason (5 of invoices, 4 of activity, 3 of tenders "
            "and 3 of others).",
        ),
        (
            (report("contracts", 1), FileReport("notices/b.json", "notices", "", error="it is no JSON", is_skipped=True)),
            "The only row is counted. Not read: notices/b.json.",
        ),
    ],
)  # fmt: skip
def test_the_rows_of_files(reports: tuple[FileReport, ...], told: str) -> None:
    assert OwnFiles(reports, False, False).in_words() == told
