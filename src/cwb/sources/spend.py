"""Payments to suppliers, of any publisher, one Parquet file for each raw file.

One row of the result is one line of the ledger or of the published spending file. Columns: `source_file`,
`source_sheet`, `source_row`, `organisation_name`, `payment_date`, `supplier_name` (empty when withheld or blank),
`supplier_id`, `company_number`, `charity_number`, `postcode` (of the supplier, where a file has it), `amount_gbp` (the amount that is measured: net of VAT where the
file allows it), `net_gbp`, `gross_gbp`, `vat_gbp`, `irrecoverable_vat_gbp`, `vat_basis`, `department`, `service`,
`purpose`, `category`, `cpv_code`, `proclass_code`, `transaction_number`, `card`, `contract_reference`,
`capital_revenue`, `is_redacted`, `reason` (empty for a row that is kept).

Irrecoverable VAT is kept apart and never added: under the 2015 Code it is already inside the net amount.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

import duckdb

from cwb.base.database import parquet_sql
from cwb.base.errors import SourceError, fault
from cwb.base.folders import emptied
from cwb.base.progress import written
from cwb.base.values import parse_date, parse_money
from cwb.sources.constraints import at_least, check, dated, given, one_of
from cwb.sources.day_order import DayOrder
from cwb.sources.duplicates import find_duplicates
from cwb.sources.headers import Header, find_header, headings_of, unmapped, unmatched_headers
from cwb.sources.layout import Layout, normalise_header
from cwb.sources.registry import sources
from cwb.sources.report import FileReport, RawFile
from cwb.sources.sides import refuse_unsigned
from cwb.sources.source import Holds, Job, Source
from cwb.sources.spend_account import account
from cwb.sources.spend_dates import Neighbours, Reading, readings
from cwb.sources.spend_sql import AMOUNTS, lines_of, typed_select
from cwb.sources.spend_totals import copy_typed, settle_totals
from cwb.sources.tables_of_sheet import tables_of_sheet
from cwb.sources.tabular import DIRECT_BYTES, Grid, open_grids

CHECKS = (
    *given("source_row", "payment_date", "amount_gbp", "vat_basis", "is_redacted"),
    at_least("source_row", 1),
    dated("payment_date"),
    one_of("vat_basis", "net", "gross", "not stated"),
)


def _unswap(grid: Grid, header: Header) -> Header:
    """Hertfordshire swaps its code and its department from file to file: decide by what the cells look like."""
    columns = header.columns
    if {"department", "service"} <= columns.keys():
        body = grid.preview[header.row :]

        def codes(index: int) -> float:
            cells = [row[index].strip() for row in body if index < len(row) and row[index].strip()]
            return sum(cell[:3].isdigit() for cell in cells) / len(cells) if cells else 0.0

        if codes(columns["department"]) > 0.8 and codes(columns["service"]) < 0.2:
            columns = {**columns, "department": columns["service"], "service": columns["department"]}
    return replace(header, columns=columns)


def _is_date(text: str) -> bool:
    """Whether a text is a date in either order: which one the file has is known only when it is read whole."""
    return parse_date(text) is not None or parse_date(text, True) is not None


def _fits(grid: Grid, header: Header) -> bool:
    """Whether a borrowed layout finds dates and money where it expects them, and no headings of the grid's own above them."""
    money = next(header.columns[name] for name in AMOUNTS if name in header.columns)
    day = header.columns["payment_date"]
    rows = [row for row in grid.preview if any(cell.strip() for cell in row)][:20]
    good = [
        len(row) > max(money, day) and _is_date(row[day]) and parse_money(row[money]) is not None for row in rows
    ]
    above = rows[: good.index(True)] if any(good) else rows
    return sum(good) >= 0.8 * len(rows) > 0 and not any(map(_is_headings, above))


def _is_headings(row: list[str]) -> bool:
    """Whether a row looks like names of columns, known or not: several texts, and none a date or a number."""
    cells = [cell for cell in row if cell.strip()]
    return len(cells) > 2 and not any(_is_date(cell) or parse_money(cell) is not None for cell in cells)


class _UntidyError(Exception):
    """A large file whose lines are not its rows: it must be read the forgiving way."""


def _holds_payments(grid: Grid) -> bool:
    """Whether a sheet without a header that we know looks like payments: rows with a date and an amount."""
    for row in grid.preview:
        cells = [cell for cell in row if cell.strip()]
        dates = [_is_date(cell) for cell in cells]
        money = [parse_money(cell) is not None for cell in cells]
        if len(cells) >= 3 and any(dates) and sum(money) > sum(d and m for d, m in zip(dates, money, strict=True)):
            return True
    return False


def read_spend(
    con: duckdb.DuckDBPyConnection,
    file: RawFile,
    target: Path,
    scratch: Path,
    known: Neighbours | None = None,
    source: str = "spend",
) -> FileReport:
    """Read one spending file into `target` (Parquet) and return its account.

    `known` is what the other files of the folder tell: a header for one without, and the order of day and month. A file
    that cannot be read as spend gives a report with `error` set and writes nothing.
    """
    remembered = Neighbours() if known is None else known
    report = FileReport(file.label, source, file.sha256)
    try:
        try:
            return _read(con, file, target, scratch, remembered, report, direct=True)
        except (duckdb.InvalidInputException, _UntidyError) as error:
            if not isinstance(error, _UntidyError) and file.path.stat().st_size < DIRECT_BYTES:
                raise
            # The file was not as tidy as it looked: read it again the slow way, which forgives.
            return _read(con, file, target, scratch, remembered, report, direct=False)
    except SourceError as error:
        target.unlink(missing_ok=True)
        return replace(report, error=error.of_file(file.label))


def _read(
    con: duckdb.DuckDBPyConnection,
    file: RawFile,
    target: Path,
    scratch: Path,
    known: Neighbours,
    report: FileReport,
    direct: bool,
) -> FileReport:
    payments = sources()["spend"]
    layout = payments.layout
    assert layout is not None
    layout = layout.with_columns(file.columns)
    with open_grids(file.path, scratch, direct, file.bounds) as grids:
        if not grids:
            raise SourceError(fault("the file holds no rows", "Fetch it again from its publisher.", file.path))
        read: list[tuple[Grid, Header]] = []
        own: list[Header] = []
        notes: list[str] = []
        faults, lost, titles = [], 0, 0
        for grid in grids:
            try:
                header = find_header(grid, layout, known.headers, _fits)
                tables = tables_of_sheet(con, grid, header, layout, payments.holds)
                refuse_unsigned(con, tables, layout, payments.holds, file)
            except SourceError as error:
                faults.extend(error.faults)
                lost += _holds_payments(grid)
                continue
            if header.row:
                known.headers[grid.width] = header
                own.append(header)
            else:
                neighbour = "another sheet" if known.headers[grid.width] in own else "the neighbouring file"
                notes.append(f"no header row: columns read as in {neighbour} of the same width")
            if header.above and grid.is_direct:
                raise _UntidyError  # its rows have no numbers
            titles += header.titles
            notes += [*tables[0][0].notes, *unmapped(header, layout)]
            read += [(part_of_it, _unswap(part_of_it, here)) for part_of_it, here in tables]
        if lost or len(faults) == len(grids):
            raise SourceError(faults)
        notes += [*grids[0].left_out, *(f"sheet not read: {skipped}" for skipped in faults)]
        part = target.with_suffix(".part")
        _write(
            con, [typed_select(grid, header, file.label, currency=file.currency) for grid, header in read], part
        )
        if grids[0].is_direct:
            written = con.execute(f"SELECT count(*) FROM {parquet_sql(part)}").fetchall()
            if grids[0].lines != written[0][0] or _holds_headings(con, part, layout):
                part.unlink()
                raise _UntidyError
        found, notes_of_dates = readings(con, read, file, part, known)
        if any(reading != Reading() for reading in found):
            pairs = zip(read, found, strict=True)
            selects = [
                typed_select(grid, header, file.label, *how, currency=file.currency)
                for (grid, header), how in pairs
            ]
            _write(con, selects, part)
        notes += [*notes_of_dates, *settle_totals(con, part)]
    report = replace(
        report,
        other_rows=titles,
        unmatched_columns=unmatched_headers(read[-1][1]),
        headings=headings_of(header for _, header in read),
        encoding=grids[0].encoding,
        notes=tuple(notes),
    )
    report = account(con, part, report)
    check(con, f"(FROM {lines_of([part])} WHERE reason IS NULL)", report.source, CHECKS)
    part.replace(target)
    return report


def _holds_headings(con: duckdb.DuckDBPyConnection, part: Path, layout: Layout) -> bool:
    """Whether a heading stands where a date should: below the first table another may begin."""
    texts = con.execute(
        f"SELECT DISTINCT offending_text FROM {lines_of([part])} WHERE reason IS NOT NULL"
    ).fetchall()
    return any(normalise_header(text).replace(" ", "") in layout.headings for (text,) in texts)


def _write(con: duckdb.DuckDBPyConnection, selects: list[str], part: Path) -> None:
    copy_typed(con, " UNION ALL BY NAME ".join(f"({select})" for select in selects), part)


@dataclass(frozen=True, kw_only=True)
class PaymentsSource(Source):
    """Payments to suppliers by the council or by another body. `headings` are those of the empty form."""

    fields: dict[str, tuple[str, ...]] = field(default_factory=dict)
    headings: tuple[str, ...] = ()
    by_folder: bool = True

    @property
    def layout(self) -> Layout:
        return Layout(self.name, self.fields, ("payment_date", "supplier_name", AMOUNTS))

    @property
    def holds(self) -> dict[str, Holds]:
        amounts = dict.fromkeys(AMOUNTS, Holds.POUNDS)
        return {"payment_date": Holds.DATES, "supplier_name": Holds.NAMES, **amounts}

    def stored_as(self, name: str) -> str:
        return "amount_gbp" if name in AMOUNTS else name

    def form(self) -> tuple[str, ...]:
        return self.headings

    def store(self, job: Job, files: Sequence[RawFile]) -> list[FileReport]:
        """One Parquet file for each raw file, numbered, and the table of rows that an earlier file has delivered."""
        folder = emptied(job.folder / self.name)
        reports = read_files(job, files, folder, self.name)
        duplicates, reports = find_duplicates(job.con, reports, folder)
        with written(job.table(f"{self.name}_duplicates")) as part:
            duplicates.to_parquet(part, index=False)
        return reports


def read_files(job: Job, files: Sequence[RawFile], folder: Path, source: str = "spend") -> list[FileReport]:
    """Read spending files in order into `folder`, one Parquet each, named 0000.parquet onwards.

    Files that need their neighbours, for a header or for the order of day and month, are read again after all others.
    """
    reports: list[FileReport] = []
    known: dict[Path, Neighbours] = {}

    def read(number: int, file: RawFile) -> FileReport:
        neighbours = known.setdefault(file.path.parent, Neighbours())
        return read_spend(job.con, file, folder / f"{number:04d}.parquet", job.scratch, neighbours, source)

    for number, file in enumerate(files):
        job.progress(file.label, number, len(files))
        reports.append(read(number, file))
    # The council's files are one body's; another body's stand in the folder of its name.
    body_of = {
        file.path.parent: PurePosixPath(file.label).parts[1:2] if source != "spend" else () for file in files
    }
    for here, neighbours in known.items():
        of_body = (other.order for there, other in known.items() if body_of[there] == body_of[here])
        neighbours.is_complete, neighbours.body = True, sum(of_body, start=DayOrder())
    for number, file in enumerate(files):
        neighbours = known[file.path.parent]
        borrows = reports[number].error and neighbours.headers
        if borrows or file.label in neighbours.undecided:
            reports[number] = read(number, file)
    return reports
