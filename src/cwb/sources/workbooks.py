"""The sheets of a workbook as rows of text: what a reader sees of them. What is hidden is not published and left out.

A working copy beside the published sheet would count pounds twice and give back names that were withheld. Of every format
hidden sheets are known; hidden rows and columns of XLSX, XLSM and ODS, by looking at the tags of their XML, and of XLS by its
records. Those of XLSB, and of an XLS whose records cannot be followed, are read like others, and the account says so.
"""

from __future__ import annotations

import os
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import reduce
from pathlib import Path, PurePosixPath
from xml.etree import ElementTree

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from cwb.base.characters import printable
from cwb.base.errors import SourceError, fault
from cwb.council.bounds import DEFAULT, Bounds
from cwb.sources.bounded import BROKEN_ARCHIVE, beyond
from cwb.sources.workbook_kinds import CFB, ZIP, check_kind
from cwb.sources.workbook_size import check_size, pieces
from cwb.sources.xls_hidden import hidden_of_xls

BINARY = {".xls", ".xlsb"}
WORKBOOKS = {".xlsx", ".xlsm", ".ods", *BINARY}
_MOST_COLUMNS = 16_384
_STDERR = 2
_MOST_ROWS = 1_048_576
# The list of a workbook's sheets is no longer.
_LONGEST_LIST = 1 << 24
# Rows and columns of XLSX (`row`, `col`) and of ODS (`table-row`, `table-column`), and the sheets of ODS (`table`).
_TAG = re.compile(rb"<(?:\w+:)?(row|col|table-row|table-column|table)(?=[\s/>])([^>]*)>")
_ATTRIBUTE = re.compile(rb"""([\w:-]+)\s*=\s*["']([^"']*)["']""")
# The cells of XLSX that hold an error, and what it says.
_HAS_ERRORS = re.compile(rb"""\bt=["']e["']""")
_ERROR = re.compile(rb"""<(?:\w+:)?c\s([^>]*\bt=["']e["'][^>]*)>|<(?:\w+:)?v>(#[^<]*)""")
_PLACE = re.compile(rb"([A-Z]{1,3})([1-9]\d{0,6})")
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


@dataclass
class Hidden:
    """What the reader of workbooks does not tell of a sheet: its hidden rows (from 1) and columns (from 0), and the errors in its
    cells (row → column → "#N/A"), which it leaves blank."""

    rows: set[int] = field(default_factory=set)
    columns: set[int] = field(default_factory=set)
    errors: dict[int, dict[int, str]] = field(default_factory=dict)


@dataclass
class Sheet:
    """One sheet. `is_hidden` is whether a reader sees it at all; `left_out` tells, once `rows` are read, what was not shown."""

    name: str
    is_hidden: bool
    sheet: CalamineSheet
    hidden: Hidden
    hidden_rows: int = 0
    hidden_columns: int = 0

    def cells(self) -> Iterator[list[object]]:
        """The rows from the sheet's first, one at a time: what stands left of the first filled column is blank."""
        left: list[object] = [""] * (self.sheet.start[1] if self.sheet.start else 0)
        for row in self.sheet.iter_rows():
            yield [*left, *row]

    def rows(self) -> Iterator[list[str]]:
        """The rows as a reader sees them: a hidden row is blank, so that the others keep their numbers."""
        hidden_columns = set()
        for number, row in enumerate(self.cells(), start=1):
            texts = [_cell_text(cell) for cell in row]
            if number in self.hidden.rows:
                self.hidden_rows += any(text.strip() for text in texts)
                yield []
                continue
            for index, error in self.hidden.errors.get(number, {}).items():
                texts += [""] * (index + 1 - len(texts))
                texts[index] = error
            for index in self.hidden.columns & set(range(len(texts))):
                if texts[index].strip():
                    hidden_columns.add(index)
                    texts[index] = ""
            yield texts
        self.hidden_columns = len(hidden_columns)

    def left_out(self) -> list[str]:
        """A sentence for all that was hidden and held anything."""
        if self.is_hidden:
            filled = sum(any(_cell_text(cell).strip() for cell in row) for row in self.cells())
            sentences = (
                [f"the hidden sheet '{self.name}' ({_several(filled, 'row')}) is left out"] if filled else []
            )
        else:
            of = [
                _several(number, what)
                for number, what in ((self.hidden_rows, "hidden row"), (self.hidden_columns, "hidden column"))
                if number
            ]
            sentences = [f"{' and '.join(of)} of sheet '{self.name}' left out"] if of else []
        return [f"{text}: what is hidden is not published; unhide it if it should count" for text in sentences]


def sheets_of(path: Path, bounds: Bounds = DEFAULT) -> Iterator[Sheet]:
    """The worksheets of a workbook in order, hidden ones among them. Raises `SourceError` for a broken one or one that is
    beyond a bound: measured first, for the reader takes the memory that a file asks for."""
    check_kind(path)
    check_size(path, bounds)
    book = hidden = None
    with _faults_of(path):
        book = CalamineWorkbook.from_path(str(path))
        hidden = _hidden_parts(path)
    assert book is not None
    assert hidden is not None
    cells = 0
    for sheet in book.sheets_metadata:
        if sheet.typ != SheetTypeEnum.WorkSheet:
            continue  # a chart or a macro has no cells
        with _faults_of(path):
            found = book.get_sheet_by_name(sheet.name)
        cells += found.total_height * found.total_width
        if cells > bounds.cells:
            rule = f"its sheets reach over more than {bounds.cells:,} cells"
            raise beyond(path, rule, "cells", "Save the table as CSV")
        is_hidden = sheet.visible != SheetVisibleEnum.Visible
        yield Sheet(printable(sheet.name), is_hidden, found, hidden.get(sheet.name, Hidden()))


@contextmanager
def _faults_of(path: Path) -> Iterator[None]:
    """What a reader of workbooks says of a broken one as a fault of the file."""
    try:
        with _silent():
            yield
    except (CalamineError, ElementTree.ParseError, KeyError, ValueError, *BROKEN_ARCHIVE) as error:
        raise _cannot_open(path, str(error)) from None
    except BaseException as error:
        # How a fault of the reader itself reaches Python; it is no `Exception`.
        if type(error).__name__ != "PanicException":
            raise
        raise _cannot_open(path, "its parts contradict one another") from None


@contextmanager
def _silent() -> Iterator[None]:
    """Keep what the reader writes by itself, past Python, when it gives up on a broken file, from the screen."""
    screen, nowhere = os.dup(_STDERR), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, _STDERR)
        yield
    finally:
        os.dup2(screen, _STDERR)
        os.close(screen)
        os.close(nowhere)


def _cannot_open(path: Path, why: str) -> SourceError:
    with path.open("rb") as handle:
        is_workbook = handle.read(len(ZIP)) in (ZIP, CFB)
    rule = (
        f"the workbook cannot be opened ({printable(why)})"
        if is_workbook
        else "it is no workbook, though its name says so"
    )
    remedy = "Open it in a spreadsheet program and save it again as XLSX, without a password."
    return SourceError(fault(rule, remedy, path))


def hides_untold(path: Path) -> bool:
    """Whether a workbook may hide rows or columns that cannot be told."""
    kind = path.suffix.lower()
    return kind == ".xlsb" or (kind == ".xls" and hidden_of_xls(path) is None)


def _several(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


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
        case _:
            return str(value)


def _hidden_parts(path: Path) -> dict[str, Hidden]:
    """Sheet → what of it is hidden; empty for formats of which it cannot be told."""
    if path.suffix.lower() == ".xls":
        return {name: Hidden(*of) for name, of in (hidden_of_xls(path) or {}).items()}
    if path.suffix.lower() not in {".xlsx", ".xlsm", ".ods"} or not zipfile.is_zipfile(path):
        return {}
    with zipfile.ZipFile(path) as archive:
        if path.suffix.lower() == ".ods":
            return _hidden_of_ods(archive)
        return {name: _hidden_of_xlsx(archive, part) for name, part in _parts_of_xlsx(archive).items()}


def _parts_of_xlsx(archive: zipfile.ZipFile) -> dict[str, str]:
    """Sheet → the part of the archive that holds it."""
    present = set(archive.namelist())
    lists = {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"}
    if not lists <= present or max(archive.getinfo(part).file_size for part in lists) > _LONGEST_LIST:
        return {}
    relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    targets = {one.get("Id"): str(PurePosixPath("/xl") / one.get("Target", "")) for one in relations}
    sheets = ElementTree.fromstring(archive.read("xl/workbook.xml")).iterfind(".//{*}sheet")
    parts = {one.get("name", ""): targets.get(one.get(_RELATION), "").lstrip("/") for one in sheets}
    return {name: part for name, part in parts.items() if part in present}


def _tags(piece: bytes) -> Iterator[tuple[bytes, dict[bytes, bytes]]]:
    """The tags that may hide something, with their attributes."""
    for tag, attributes in _TAG.findall(piece):
        yield tag, dict(_ATTRIBUTE.findall(attributes))


def _hidden_of_xlsx(archive: zipfile.ZipFile, part: str) -> Hidden:
    hidden, number, cell = Hidden(), 0, b""
    for piece in pieces(archive, part):
        for tag, given in _tags(piece):
            is_hidden = given.get(b"hidden") in (b"1", b"true")
            if tag == b"row":
                number = int(given.get(b"r", number + 1))
                if is_hidden:
                    hidden.rows.add(number)
            elif tag == b"col" and is_hidden:
                first = int(given.get(b"min", 1))
                last = int(given.get(b"max", first))
                hidden.columns |= set(range(max(first - 1, 0), min(last, _MOST_COLUMNS)))
        cell = _add_errors(hidden.errors, piece, cell)
    return hidden


def _add_errors(errors: dict[int, dict[int, str]], piece: bytes, cell: bytes) -> bytes:
    """Add the errors that stand in a piece of XML; `cell` and what is returned are the cell whose error stands in the next piece."""
    if not cell and not _HAS_ERRORS.search(piece):
        return b""
    for attributes, text in _ERROR.findall(piece):
        if attributes:
            cell = dict(_ATTRIBUTE.findall(attributes)).get(b"r", b"")
        elif place := _PLACE.fullmatch(cell):
            column = reduce(lambda so_far, letter: 26 * so_far + letter - 64, place[1], 0) - 1
            if column < _MOST_COLUMNS:
                errors.setdefault(int(place[2]), {})[column] = printable(text.decode("utf-8", "replace"))
            cell = b""
    return cell


def _hidden_of_ods(archive: zipfile.ZipFile) -> dict[str, Hidden]:
    found: dict[str, Hidden] = {}
    sheet, row, column = Hidden(), 0, 0
    for tag, given in (tag for piece in pieces(archive, "content.xml") for tag in _tags(piece)):
        is_hidden = given.get(b"table:visibility") in (b"collapse", b"filter")
        if tag == b"table":
            name = ElementTree.fromstring(b"<a>" + given.get(b"table:name", b"") + b"</a>").text or ""
            sheet, row, column = found.setdefault(name, Hidden()), 0, 0
        elif tag == b"table-row":
            times = int(given.get(b"table:number-rows-repeated", 1))
            if is_hidden:
                sheet.rows |= set(range(row + 1, min(row + times, _MOST_ROWS) + 1))
            row += times
        elif tag == b"table-column":
            times = int(given.get(b"table:number-columns-repeated", 1))
            if is_hidden:
                sheet.columns |= set(range(column, min(column + times, _MOST_COLUMNS)))
            column += times
    return found
