"""Every publisher at hand: files, rows and pounds that `cwb check` reads, beside an independent count of what is there.

    python tests/benchmarks/publishers.py [FOLDER …]

A folder has one publisher's files; without one, those of ../shared/data/spend and of ../shared/cases (of the cases of
other files than payments only what is read). "True" is counted with nothing but the csv module and python-calamine: the column of amounts by its heading (the last
one of those named below that the file has), rows in which it is a number and a date stands beside it. Files are counted
once, so what a publisher delivers twice shows as "twice" and not as missing. Exits with 1 when a file with known headings
is not read, or pounds are missing.
"""

from __future__ import annotations

import csv
import io
import re
import sys
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from pathlib import Path

from python_calamine import CalamineWorkbook, SheetVisibleEnum

from cwb.sources.check import check_paths
from cwb.sources.report import FileReport

SHARED = Path(__file__).parents[3] / "shared"
# Words of headings of amounts, the best last.
AMOUNTS = (
    "spend", "total", "total invoice amount", "gross", "amount", "amount paid", "payment amount", "billing gross amt", "net", "net amount",
)  # fmt: skip
WORKBOOKS = {".xlsx", ".xls", ".xlsm", ".xlsb", ".ods"}
DATE = re.compile(r"\d{1,4}[-/. ]\w{1,9}([-/. ]\d{2,4})?|[A-Za-z]{3,9}[- ]\d{2,4}|4\d{4}")


@dataclass(frozen=True)
class Counted:
    """Rows with an amount and a date, and the sum of the amounts."""

    rows: int = 0
    pounds: Decimal = Decimal(0)

    def __add__(self, other: Counted) -> Counted:
        return Counted(self.rows + other.rows, self.pounds + other.pounds)


def grids(path: Path) -> list[list[list[str]]]:
    """The sheets that are shown of a workbook, or the one of a text file."""
    if path.suffix.lower() in WORKBOOKS:
        book = CalamineWorkbook.from_path(str(path))
        shown = [s.name for s in book.sheets_metadata if s.visible == SheetVisibleEnum.Visible]
        return [
            [[str(cell) for cell in row] for row in book.get_sheet_by_name(name).to_python(skip_empty_area=False)]
            for name in shown
        ]
    raw = path.read_bytes()
    text = raw.decode("utf-16") if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else raw.decode("latin-1")
    return [list(csv.reader(io.StringIO(text.replace("\r\n", "\n").replace("\r", "\n"))))]


def plain(heading: str) -> str:
    return " ".join(re.sub(r"[^a-z ]", " ", heading.lower()).split())


def amount(text: str) -> Decimal | None:
    cleaned = re.sub(r"[^\d.()-]", "", text)
    sign = -1 if cleaned.startswith("(") or cleaned.endswith("-") else 1
    try:
        return sign * Decimal(cleaned.strip("()").rstrip("-")).quantize(Decimal("0.01"), ROUND_HALF_UP)
    except InvalidOperation:
        return None


def count(grid: list[list[str]]) -> Counted | None:
    """What a sheet holds; None where no heading names an amount."""
    best: tuple[int, int, int] | None = None
    for number, row in enumerate(grid[:60]):
        for index, cell in enumerate(row):
            if (name := plain(cell)) in AMOUNTS and len([c for c in row if c.strip()]) >= 3:
                best = max(best or (-1, 0, 0), (AMOUNTS.index(name), -number, -index))
    if best is None:
        return None
    start, column = -best[1] + 1, -best[2]
    rows, pounds = 0, Decimal(0)
    for row in grid[start:]:
        value = amount(row[column]) if column < len(row) else None
        beside = [cell for index, cell in enumerate(row) if index != column]
        if value is not None and any(DATE.match(cell.strip()) for cell in beside):
            rows, pounds = rows + 1, pounds + value
    return Counted(rows, pounds)


def true_of(path: Path) -> Counted | None:
    found = [counted for grid in grids(path) if (counted := count(grid)) is not None]
    return sum(found, Counted()) if found else None


def publishers() -> list[Path]:
    given = [Path(name) for name in sys.argv[1:]]
    cases = sorted(folder / "spend" for folder in (SHARED / "cases").glob("*") if (folder / "spend").is_dir())
    return given or [*sorted((SHARED / "data" / "spend").iterdir()), *cases]


def shown(name: str, reports: list[FileReport], true: dict[str, Counted | None]) -> tuple[str, bool]:
    """One row of the table, and whether all is read of files whose amounts the count knows."""
    known = {file: counted for file, counted in true.items() if counted is not None}
    stated = sum(known.values(), Counted())
    # What is kept, refused and twice of the same files; rows of totals are no payments.
    read = [report for report in reports if report.file in known]
    kept = sum((report.gbp_kept for report in read), Decimal(0))
    twice = sum((report.gbp_duplicates for report in read), Decimal(0))
    refused = sum((r.gbp for report in read for r in report.refusals if r.reason != "total row"), Decimal(0))
    unread = sum(1 for report in reports if report.error)
    share = f"{(kept + twice) / stated.pounds:.2%}" if stated.pounds else "-"
    whole = sum(report.rows for report in reports)
    row = (
        f"| {name} | {len(reports)} | {unread} | {whole:,} | {sum(r.kept for r in reports):,} | "
        f"{sum(r.gbp_kept for r in reports):,.2f} | {twice:,.2f} | {refused:,.2f} | {stated.rows:,} | {stated.pounds:,.2f} | "
        f"{share} | {len(true) - len(known)} |"
    )
    is_whole = not unread and abs(kept + twice + refused - stated.pounds) < 1
    return row, is_whole


def other_cases() -> None:
    """The cases of other files than payments: what `cwb check` keeps, refuses and cannot read of them."""
    print(
        "\n| case | files | not read | rows | kept | refused | £ kept | values stated and not read |\n|"
        + "---|" * 8
    )
    for folder in sorted(
        path for path in (SHARED / "cases").glob("*/*") if path.is_dir() and path.name != "spend"
    ):
        reports = check_paths([folder])
        unread = "; ".join(f"{one.column}: {one.rows}" for report in reports for one in report.unread)
        print(
            f"| {folder.parent.name}/{folder.name} | {len(reports)} | {sum(bool(r.error) for r in reports)} | "
            f"{sum(r.rows for r in reports)} | {sum(r.kept for r in reports)} | {sum(r.refused for r in reports)} | "
            f"{sum((r.gbp_kept for r in reports), Decimal(0)):,.2f} | {unread} |",
            flush=True,
        )


def main() -> int:
    print(
        "| publisher | files | not read | rows | kept | £ kept | £ twice | £ refused | true rows | true £ | read of true | "
        "files without a count |\n|" + "---|" * 12
    )
    complete = True
    for folder in publishers():
        name = folder.parent.name if folder.name == "spend" else folder.name
        reports = check_paths([folder])
        true = {report.file: true_of(folder / report.file) for report in reports}
        row, is_whole = shown(name, reports, true)
        print(row, flush=True)
        complete = complete and is_whole
    if not sys.argv[1:]:
        other_cases()
    return 0 if complete else 1


if __name__ == "__main__":
    sys.exit(main())
