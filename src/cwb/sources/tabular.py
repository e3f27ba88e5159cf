"""Any CSV or workbook → grids of text that DuckDB can read, with the row numbers a spreadsheet would show.

Published files come as UTF-8 with no, one or two BOMs, cp1252, DOS cp437 and UTF-16, with LF, CRLF or bare CR
line ends, with title and blank rows, spacer columns and several sheets. What comes out is always the same:
a relation with `source_row` and text columns `c0 … cN`.
"""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import duckdb

from cwb.base.characters import (
    cleaned_note,
    printable,
    sql_is_unprintable,
    sql_printable,
)
from cwb.base.database import connect, file_sql
from cwb.base.errors import SourceError, fault
from cwb.council.bounds import DEFAULT, Bounds
from cwb.sources.bounded import beyond, bounded_lines
from cwb.sources.csv_rows import CUT_AMOUNT, csv_rows, detect_encoding, lines_of, scan, shape, usual_width
from cwb.sources.workbooks import WORKBOOKS, hides_untold, sheets_of

_PREVIEW_ROWS = 200
# What stands for the encoding of a sheet.
WORKBOOK = "workbook"
_FEW = 5
# Cells may hold line breaks: no file has more lines than so many a row.
_LINES_OF_A_ROW = 3
# Below this a file is always re-written row by row, which forgives everything; above it DuckDB reads the file
# itself, which is about ten times as fast, and the slow way is taken only when the file turns out untidy.
DIRECT_BYTES = 2 * 2**20
# What DuckDB says of cells that it cannot read; its other errors are ours, or the machine's, and must be seen.
_UNREADABLE = (duckdb.InvalidInputException, duckdb.DataError)


@dataclass(frozen=True)
class Grid:
    """One sheet of cells. `relation` is SQL that yields `source_row` and `c0 … c{width-1}`, all text.

    No cell holds a character that is not printable. `notes` say what was mended to read it, `left_out` what any sheet of its workbook
    hides. A direct grid is the file itself: its `source_row` is empty, because numbering rows would keep DuckDB to one
    core; a row's number is its place, and `lines` how many lines the file has. `has_wide_blanks` says whether a cell may
    begin or end with a blank other than " ", `may_hold_errors` whether one may hold "#N/A" or the like.
    """

    path: Path
    sheet: str | None
    preview: list[list[str]]
    width: int
    relation: str
    encoding: str
    notes: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    is_direct: bool = False
    lines: int = 0
    has_wide_blanks: bool = True
    may_hold_errors: bool = True


def sql_text(text: object) -> str:
    """A text as an SQL literal."""
    return "'" + str(text).replace("'", "''") + "'"


def _is_blank(row: list[str]) -> bool:
    return not any(cell.strip() for cell in row)


def _holds_rows(grid: Grid) -> bool:
    return any(not _is_blank(row) for row in grid.preview)


def _holds_table(grid: Grid) -> bool:
    """Whether a row has more than one cell: a title or a note has not."""
    return any(sum(bool(cell.strip()) for cell in row) > 1 for row in grid.preview)


def _write_grid(
    path: Path,
    sheet: str | None,
    rows: Iterator[list[str]],
    target: Path,
    encoding: str,
    bounds: Bounds,
    is_held: bool,
    usual: int = 0,
) -> Grid:
    """Re-write rows as uniform UTF-8 with their row numbers; the row count of a sheet may exceed memory. `usual` is how many cells
    the rows of a CSV file have."""
    preview: list[list[str]] = []
    cleaned, first_cleaned = 0, None
    width = 1
    body = target.with_suffix(".rows")
    # Two passes over a temporary file: the widest row is known only at the end.
    with body.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle)
        for number, row in enumerate(rows, start=1):
            if printable(together := "".join(row)) != together:
                plain = [printable(cell) for cell in row]
                cleaned += sum(before != after for before, after in zip(row, plain, strict=True))
                first_cleaned, row = first_cleaned or number, plain
            if len(together) > bounds.cell_characters and max(map(len, row)) > bounds.cell_characters:
                rule = f"a cell has more than {bounds.cell_characters:,} characters"
                remedy = "Look for a quotation mark that is not closed, or shorten the text"
                raise beyond(path, rule, "cell_characters", remedy, sheet=sheet, row=number)
            if is_held and number > bounds.rows:
                raise _too_long(path, bounds)
            if number <= _PREVIEW_ROWS:
                preview.append(row)
            if _is_blank(row):
                continue
            reach = len(row)
            while row and not row[-1].strip():
                row = row[:-1]
            if reach > usual >= len(row) and re.search(CUT_AMOUNT, ",".join(row)):
                row = [
                    *row,
                    *[""] * (usual - len(row)),
                    " ",
                ]  # its last cell was blank, and shows that an amount is cut
            width = max(width, len(row))
            if width > bounds.columns:
                rule = f"it has {width:,} columns, and at most {bounds.columns:,} are read"
                raise beyond(path, rule, "columns", "Look whether it is the right file", sheet=sheet, row=number)
            writer.writerow([number, *row])
    with (
        body.open(encoding="utf-8", newline="") as source,
        target.open("w", encoding="utf-8", newline="") as handle,
    ):
        writer = csv.writer(handle, quoting=csv.QUOTE_ALL)
        for row in csv.reader(source):
            writer.writerow(row + [""] * (width + 1 - len(row)))
    body.unlink()
    names = ["source_row", *(f"c{i}" for i in range(width))]
    # Left to find the end of a line itself, DuckDB takes a line break within the first cells for it.
    cells = _read_csv(target, names, ",", ", new_line='\\r\\n'")
    relation = f"SELECT source_row::BIGINT AS source_row, * EXCLUDE (source_row) FROM {cells}"
    notes = (cleaned_note(cleaned, first_cleaned),) if cleaned else ()
    return Grid(path, sheet, preview, width, relation, encoding, notes)


def _too_long(path: Path, bounds: Bounds) -> SourceError:
    return beyond(path, f"it has more than {bounds.rows:,} rows", "rows", "Give the rows of fewer years")


def _read_csv(path: Path, names: list[str], delimiter: str, more: str = "") -> str:
    columns = ", ".join(f"'{name}': 'VARCHAR'" for name in names)
    return (
        f"read_csv({file_sql(path)}, columns={{{columns}}}, header=false, auto_detect=false, hive_partitioning=false, "
        f"delim={sql_text(delimiter)}, quote='\"', escape='\"', nullstr=''{more})"
    )


def _direct_grid(path: Path, bounds: Bounds) -> Grid | None:
    """A grid that DuckDB reads from the file itself, on all cores; None when the file's first rows are not tidy.

    Tidy means: UTF-8 without BOM and the same number of cells in every row. The rest is checked when it is read: an
    untidy row raises `duckdb.Error`, and blank lines, which DuckDB passes over, show in the number of `lines`.
    """
    # A name that is no text (bytes of another encoding) cannot be given to DuckDB.
    if path.stat().st_size < DIRECT_BYTES or printable(str(path)) != str(path):
        return None
    with path.open("rb") as handle:
        head = handle.read(_PREVIEW_ROWS)
        # Of no text of UTF-8 a byte is empty.
        if b"\0" in head or head.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return None
    try:
        rows = islice(csv_rows(path, "utf-8", [], bounds), _PREVIEW_ROWS)
        preview = [[printable(cell) for cell in row] for row in rows]
        with path.open(encoding="utf-8") as text:
            delimiter, width = shape(list(islice(bounded_lines(text, path, bounds), 50)))
    except UnicodeDecodeError:
        return None
    if any(len(row) != width for row in preview) or width > bounds.columns:
        return None
    names = [f"c{i}" for i in range(width)]
    contents = scan(path)
    is_clean = contents.is_printable
    cells = ", ".join(names if is_clean else (f"{sql_printable(name)} AS {name}" for name in names))
    # A line that is longer than its cells may be is read the other way, which says what is wrong with it.
    source = _read_csv(path, names, delimiter, f", max_line_size={max(bounds.cell_characters, 1 << 16)}")
    relation = f"SELECT NULL::BIGINT AS source_row, {cells} FROM {source}"
    try:
        notes = () if is_clean else (cleaned_note(_cells_unprintable(source, names)),)
    except duckdb.Error:
        return None
    wide = contents.has_wide_blanks or not is_clean
    return Grid(
        path, None, preview, width, relation, "utf-8-sig", notes,
        is_direct=True, lines=contents.lines, has_wide_blanks=wide, may_hold_errors=contents.may_hold_errors,
    )  # fmt: skip


def _cells_unprintable(source: str, names: list[str]) -> int:
    counts = " + ".join(f"count(*) FILTER ({sql_is_unprintable(name)})" for name in names)
    with connect() as con:
        return int(con.execute(f"SELECT {counts} FROM {source}").fetchall()[0][0])


_HIDES_UNTOLD = (
    "hidden rows and columns of such a workbook cannot be told and count; saved as XLSX they are left out"
)


def _table_grid(
    path: Path, target: Path, direct: bool, bounds: Bounds, is_held: bool, written: list[Path]
) -> Grid:
    """The grid of a CSV file; one that is re-written goes to `target`, which is put among `written`."""
    if is_held and lines_of(path) > _LINES_OF_A_ROW * bounds.rows:
        raise _too_long(path, bounds)
    if direct and (grid := _direct_grid(path, bounds)):
        return grid
    encoding = detect_encoding(path)
    written.append(target)
    mended: list[int] = []
    rows = csv_rows(path, encoding, mended, bounds)
    usual = usual_width(path, encoding, bounds)
    grid = _write_grid(path, None, rows, target, encoding, bounds, is_held, usual)
    strays = tuple(f"row {n}: a stray quotation mark was passed over" for n in mended[:_FEW])
    if len(mended) > _FEW:
        strays += (f"stray quotation marks were passed over in {len(mended) - _FEW:,} more rows",)
    return replace(grid, notes=strays + grid.notes)


@contextmanager
def open_grids(
    path: Path, scratch: Path, direct: bool = True, bounds: Bounds = DEFAULT, is_held: bool = False
) -> Iterator[list[Grid]]:
    """Every non-empty sheet that is shown of a CSV file or workbook, as grids that live as long as the context.

    `scratch` is a folder for re-written text, `is_held` whether all rows will be held in Python. Raises `SourceError` for a
    file that is neither, is broken, or beyond a bound, and for one whose cells DuckDB gives up on while the context lives.
    """
    scratch.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    grids: list[Grid] = []
    try:
        if path.suffix.lower() in WORKBOOKS:
            left_out: list[str] = []
            hidden: list[str] = []
            for position, sheet in enumerate(sheets_of(path, bounds)):
                if not sheet.is_hidden:
                    target = scratch / f"sheet-{position}.csv"
                    written.append(target)
                    grids.append(_write_grid(path, sheet.name, sheet.rows(), target, WORKBOOK, bounds, is_held))
                left_out += (hidden_parts := sheet.left_out())
                hidden += [f"'{sheet.name}'"] if sheet.is_hidden and hidden_parts else []
            grids = [replace(grid, left_out=tuple(left_out)) for grid in grids]
            if grids and hides_untold(path):
                grids[0] = replace(grids[0], notes=(*grids[0].notes, _HIDES_UNTOLD))
            if left_out and not any(_holds_rows(grid) for grid in grids):
                # Read all the same, it would publish what its owner hid; to unhide it is one click.
                raise SourceError(
                    fault(
                        f"no sheet that is shown holds rows; {'; '.join(left_out)}",
                        "Unhide what is published.",
                        path,
                    )
                )
            if hidden and not any(_holds_table(grid) for grid in grids):
                sheets = f"the hidden {'sheet' if len(hidden) == 1 else 'sheets'} {' and '.join(hidden)}"
                raise SourceError(fault(f"all its data stand in {sheets}", "Unhide what is published.", path))
        elif path.suffix.lower() in {".csv", ".txt", ".tsv", ""}:
            grids.append(_table_grid(path, scratch / "table.csv", direct, bounds, is_held, written))
        else:
            raise SourceError(
                fault(
                    f"files of type {path.suffix!r} are not read",
                    "Save it as CSV or XLSX, or move it out of data/raw.",
                    path,
                )
            )
        yield [grid for grid in grids if _holds_rows(grid)]
    except _UNREADABLE as error:
        # A file that DuckDB reads itself is read again the slow way.
        if any(grid.is_direct for grid in grids):
            raise
        rule = f"its rows cannot be read ({printable(str(error)).splitlines()[0]})"
        remedy = "Open it in a spreadsheet program and save it again as XLSX."
        raise SourceError(fault(rule, remedy, path)) from None
    finally:
        for target in written:
            target.unlink(missing_ok=True)
            target.with_suffix(".rows").unlink(missing_ok=True)
