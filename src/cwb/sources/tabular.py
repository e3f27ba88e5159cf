"""Any CSV or workbook → grids of text that DuckDB can read, with the row numbers a spreadsheet would show.

Published files come as UTF-8 with no, one or two BOMs, cp1252, DOS cp437 and UTF-16, with LF, CRLF or bare CR
line ends, with title and blank rows, spacer columns and several sheets. What comes out is always the same:
a relation with `source_row` and text columns `c0 … cN`.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from typing import TextIO

from python_calamine import CalamineError, CalamineWorkbook

from cwb.base.errors import SourceError, fault

WORKBOOKS = {".xlsx", ".xls", ".xlsm", ".xlsb", ".ods"}
_DOUBLE_BOM = "\ufeff".encode().decode("cp1252").encode()
_PREVIEW_ROWS = 200
# Below this a file is always re-written row by row, which forgives everything; above it DuckDB reads the file
# itself, which is about ten times as fast, and the slow way is taken only when the file turns out untidy.
DIRECT_BYTES = 32 * 2**20


@dataclass(frozen=True)
class Grid:
    """One sheet of cells. `relation` is SQL that yields `source_row` and `c0 … c{width-1}`, all text.

    `mended` are rows that a stray quotation mark had run together. A direct grid is the file itself: its `source_row`
    is empty, because numbering rows would keep DuckDB to one core; a row's number is its place.
    """

    path: Path
    sheet: str | None
    preview: list[list[str]]
    width: int
    relation: str
    encoding: str
    mended: tuple[int, ...] = ()
    is_direct: bool = False


def sql_text(text: object) -> str:
    """A text as an SQL literal."""
    return "'" + str(text).replace("'", "''") + "'"


def detect_encoding(path: Path) -> str:
    """One of "utf-8-sig", "double" (UTF-8 encoded twice), "utf-16", "cp437", "cp1252"."""
    with path.open("rb") as handle:
        head = handle.read(8)
        if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16"
        if head.startswith((_DOUBLE_BOM, codecs.BOM_UTF8 + _DOUBLE_BOM)):
            return "double"
        handle.seek(0)
        decoder = codecs.getincrementaldecoder("utf-8")()
        has_cp1252_pound = has_cp437_pound = False
        is_utf8 = True
        while chunk := handle.read(1 << 20):
            if is_utf8:
                try:
                    decoder.decode(chunk)
                except UnicodeDecodeError:
                    is_utf8 = False
            has_cp1252_pound |= b"\xa3" in chunk
            has_cp437_pound |= b"\x9c" in chunk
    if is_utf8:
        return "utf-8-sig"
    # £ is 0x9C in DOS code pages and 0xA3 in Windows ones.
    return "cp437" if has_cp437_pound and not has_cp1252_pound else "cp1252"


def _open_text(path: Path, encoding: str) -> TextIO:
    if encoding == "double":
        text = path.read_bytes().decode("utf-8-sig")
        try:
            text = text.encode("cp1252").decode("utf-8-sig")
        except UnicodeError:
            text = text.removeprefix(_DOUBLE_BOM.decode())
        return io.StringIO(text.replace("\r\n", "\n").replace("\r", "\n"))
    errors = "replace" if encoding in ("cp1252", "utf-16") else "strict"
    return path.open(encoding=encoding, errors=errors, newline=None)


def _shape(lines: list[str]) -> tuple[str, int]:
    """The mark that cuts most lines into the same number of cells (of two such, into more), and that number."""

    def evenness(mark: str) -> tuple[int, int]:
        widths = Counter(len(row) for row in csv.reader(lines, delimiter=mark) if len(row) > 1)
        width, count = widths.most_common(1)[0] if widths else (0, 0)
        return count, width

    mark = max(",;\t|", key=evenness)
    return mark, evenness(mark)[1]


def _mend(line: str, mark: str, width: int) -> list[str] | None:
    """A line on its own, without the one quotation mark too many; None unless it then has the file's width."""
    strays = [i for i, character in enumerate(line) if character == '"'] if line.count('"') % 2 else []
    for candidate in [line[:i] + line[i + 1 :] for i in strays] or [line]:
        row = next(csv.reader([candidate], delimiter=mark), [])
        if len(row) == width:
            return row
    return None


class _Lines:
    """The lines of a file, and those that the current record has taken."""

    def __init__(self, handle: TextIO):
        self._lines = (line.replace("\0", "") for line in handle)
        self.taken: list[str] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self.taken.append(line)
        return line


def _csv_rows(path: Path, encoding: str, mended: list[int]) -> Iterator[list[str]]:
    """The records of a CSV file. A stray quotation mark does not swallow lines: their numbers go into `mended`.

    A quoted cell may hold line breaks. But a record all of whose lines are as wide as the file's rows is several
    records that a mark opened and not closed has run together: they are read one by one, and where that does not
    give rows of the file's width the file is refused, because what it says cannot be known.
    """
    csv.field_size_limit(1 << 24)
    with _open_text(path, encoding) as handle:
        mark, width = _shape(list(islice(handle, 50)))
        handle.seek(0)
        lines = _Lines(handle)
        number = 0
        try:
            for row in csv.reader(lines, delimiter=mark):
                taken, lines.taken = lines.taken, []
                full = [line for line in taken if line.strip()]
                together = len(full) > 1 and width > 2 and all(line.count(mark) >= width - 1 for line in full)
                unclosed = len(full) == 1 and len(row) < width and full[0].count('"') % 2 == 1
                if not together and not unclosed:
                    number += 1
                    yield row
                    continue
                rows = [_mend(line.rstrip("\n"), mark, width) for line in full]
                if together and None in rows:
                    raise SourceError(
                        fault(
                            "a quotation mark is opened and not closed, so rows run together",
                            "Close or remove the quotation mark in that row.",
                            path,
                            row=number + 1,
                        )
                    )
                for line in taken:
                    number += 1
                    whole = rows.pop(0) if line.strip() else []
                    if whole:
                        mended.append(number)
                    yield row if whole is None else whole
        except csv.Error as error:
            raise SourceError(
                fault(f"the file is not readable as CSV ({error})", "Save it again as CSV.", path, row=number + 1)
            ) from None


def _cell_text(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "Yes" if value else "No"
        case datetime():
            return value.isoformat(sep=" ") if value.time() != time() else value.date().isoformat()
        case date():
            return value.isoformat()
        case float():
            return str(int(value)) if value.is_integer() else repr(value)
        case timedelta() | time():
            return str(value)
        case _:
            return str(value)


def _is_blank(row: list[str]) -> bool:
    return not any(cell.strip() for cell in row)


def _write_grid(path: Path, sheet: str | None, rows: Iterator[list[str]], target: Path, encoding: str) -> Grid:
    """Re-write rows as uniform UTF-8 with their row numbers; the row count of a sheet may exceed memory."""
    preview: list[list[str]] = []
    width = 1
    body = target.with_suffix(".rows")
    # Two passes over a temporary file: the widest row is known only at the end.
    with body.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle)
        for number, row in enumerate(rows, start=1):
            if number <= _PREVIEW_ROWS:
                preview.append(row)
            if _is_blank(row):
                continue
            while row and not row[-1].strip():
                row = row[:-1]
            width = max(width, len(row))
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
    relation = (
        f"SELECT source_row::BIGINT AS source_row, * EXCLUDE (source_row) FROM {_read_csv(target, names, ',')}"
    )
    return Grid(path, sheet, preview, width, relation, encoding)


def _read_csv(path: Path, names: list[str], delimiter: str) -> str:
    columns = ", ".join(f"'{name}': 'VARCHAR'" for name in names)
    return (
        f"read_csv({sql_text(path.as_posix())}, columns={{{columns}}}, header=false, auto_detect=false, "
        f"delim={sql_text(delimiter)}, quote='\"', escape='\"', nullstr='')"
    )


def _direct_grid(path: Path) -> Grid | None:
    """A grid that DuckDB reads from the file itself, on all cores; None when the file's first rows are not tidy.

    Tidy means: UTF-8 without BOM and the same number of cells in every row. The rest is checked when it is read: an
    untidy row raises `duckdb.Error`, and `has_line_for_each` finds blank lines, which DuckDB passes over.
    """
    if path.stat().st_size < DIRECT_BYTES:
        return None
    with path.open("rb") as handle:
        if handle.read(3).startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return None
    try:
        preview = list(islice(_csv_rows(path, "utf-8", []), _PREVIEW_ROWS))
        with path.open(encoding="utf-8") as text:
            delimiter, width = _shape(list(islice(text, 50)))
    except UnicodeDecodeError:
        return None
    if any(len(row) != width for row in preview):
        return None
    names = [f"c{i}" for i in range(width)]
    relation = f"SELECT NULL::BIGINT AS source_row, {', '.join(names)} FROM {_read_csv(path, names, delimiter)}"
    return Grid(path, None, preview, width, relation, "utf-8-sig", is_direct=True)


def has_line_for_each(path: Path, rows: int) -> bool:
    """Whether a file has just as many lines as rows were read of it; if so, a row's number is its line's."""
    lines, last = 0, b"\n"
    with path.open("rb") as handle:
        while chunk := handle.read(1 << 24):
            lines += chunk.count(b"\n")
            last = chunk[-1:]
    return rows == lines + (last != b"\n")


@contextmanager
def open_grids(path: Path, scratch: Path, direct: bool = True) -> Iterator[list[Grid]]:
    """Every non-empty sheet of a CSV file or workbook, as grids that live as long as the context.

    `scratch` is a folder for re-written text. Raises `SourceError` for a file that is neither, or is broken.
    """
    scratch.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    grids: list[Grid] = []
    try:
        if path.suffix.lower() in WORKBOOKS:
            for position, (name, rows) in enumerate(_workbook_rows(path)):
                target = scratch / f"{path.stem}-{position}.csv"
                written.append(target)
                grids.append(_write_grid(path, name, rows, target, "workbook"))
        elif path.suffix.lower() in {".csv", ".txt", ".tsv", ""}:
            grid = _direct_grid(path) if direct else None
            if grid is None:
                encoding = detect_encoding(path)
                target = scratch / f"{path.stem}.csv"
                written.append(target)
                mended: list[int] = []
                grid = _write_grid(path, None, _csv_rows(path, encoding, mended), target, encoding)
                grid = replace(grid, mended=tuple(mended))
            grids.append(grid)
        else:
            raise SourceError(
                fault(
                    f"files of type {path.suffix!r} are not read",
                    "Save it as CSV or XLSX, or move it out of data/raw.",
                    path,
                )
            )
        yield [grid for grid in grids if any(not _is_blank(row) for row in grid.preview)]
    finally:
        for target in written:
            target.unlink(missing_ok=True)
            target.with_suffix(".rows").unlink(missing_ok=True)


def _workbook_rows(path: Path) -> Iterator[tuple[str, Iterator[list[str]]]]:
    try:
        book = CalamineWorkbook.from_path(str(path))
        for name in book.sheet_names:
            rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            yield name, ([_cell_text(cell) for cell in row] for row in rows)
    except CalamineError as error:
        raise SourceError(
            fault(
                f"the workbook cannot be opened ({error})",
                "Open it in a spreadsheet program and save it again as XLSX, without a password.",
                path,
            )
        ) from None
