"""The records of a CSV file as publishers write it: any encoding, line end and separator, stray quotation marks mended."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TextIO

import numpy as np

from cwb.base.characters import has_unprintable
from cwb.base.errors import SourceError, fault
from cwb.council.bounds import DEFAULT, Bounds
from cwb.sources.bounded import beyond, bounded_lines

# Blanks of Unicode beyond " ", as UTF-8 has them.
_WIDE_BLANK = re.compile(rb"\xc2\xa0|\xe1\x9a\x80|\xe2\x80[\x80-\x8a\xaf]|\xe2\x81\x9f|\xe3\x80\x80")
# As the errors of a spreadsheet program begin.
_ERROR = re.compile(rb"#[NRVDSCFUBG][AEIUNPLOI/]", re.IGNORECASE)
_DOUBLE_BOM = "\ufeff".encode().decode("cp1252").encode()
# What a quotation mark that is not closed may swallow before the file is given up.
_LONGEST_CELL = 1 << 24
_MOST_STRAYS = 100
# Cells beside one another that are one amount, cut at the comma of its thousands.
CUT_AMOUNT = r"(^|,) *[-(]?£?[0-9]{1,3}(,[0-9]{3})+([.][0-9]*)?[-)]? *(,|$)"


# So many bytes tell whether every second one is empty, as those of plain letters are in UTF-16.
_HEAD = 4096
# With which bytes a file begins that is no text: what it is, and what to do with it.
_AS_WORKBOOK = "Give it its own ending (.xlsx, .xls or .ods), or save it as CSV in a spreadsheet program."
_AS_TABLE = "Ask the publisher for the table as CSV or XLSX."
_NO_TEXT = {
    b"PK\x03\x04": ("a workbook, or another archive,", _AS_WORKBOOK),
    b"\xd0\xcf\x11\xe0": ("a workbook, or another file of an office program,", _AS_WORKBOOK),
    b"\x1f\x8b": ("a compressed file", "Unpack it, and put what is in it here."),
    b"%PDF": ("a PDF", _AS_TABLE),
}


def detect_encoding(path: Path) -> str:
    """One of "utf-8-sig", "double" (UTF-8 encoded twice), "utf-16" with a BOM, "utf-16-le" and "utf-16-be"
    without one, "cp437", "cp1252". Raises `SourceError` for bytes that are no text."""
    with path.open("rb") as handle:
        head = handle.read(_HEAD)
        for start, (what, remedy) in _NO_TEXT.items():
            if head.startswith(start):
                raise SourceError(fault(f"it is {what} under the name of a table", remedy, path))
        if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16"
        for name, empty, filled in (("utf-16-le", head[1::2], head[::2]), ("utf-16-be", head[::2], head[1::2])):
            if empty.count(0) > len(empty) / 2 and not filled.count(0):
                return name
        if head.startswith((_DOUBLE_BOM, codecs.BOM_UTF8 + _DOUBLE_BOM)):
            return "double"
        handle.seek(0)
        decoder = codecs.getincrementaldecoder("utf-8")()
        has_cp1252_pound = has_cp437_pound = False
        is_utf8 = True
        chunk = b"\n"
        while chunk:
            chunk = handle.read(1 << 20)
            if is_utf8:
                try:
                    # At the end: a file may break off within a character.
                    decoder.decode(chunk, final=not chunk)
                except UnicodeDecodeError:
                    is_utf8 = False
            has_cp1252_pound |= b"\xa3" in chunk
            has_cp437_pound |= b"\x9c" in chunk
    if is_utf8:
        return "utf-8-sig"
    # £ is 0x9C in DOS code pages and 0xA3 in Windows ones.
    return "cp437" if has_cp437_pound and not has_cp1252_pound else "cp1252"


def _open_text(path: Path, encoding: str, bounds: Bounds) -> TextIO:
    if encoding == "double":
        if path.stat().st_size > bounds.json_bytes:
            rule = f"it is encoded twice, and has more than {bounds.json_bytes:,} bytes"
            raise beyond(path, rule, "json_bytes", "Save it again as UTF-8")
        text = path.read_bytes().decode("utf-8-sig")
        try:
            text = text.encode("cp1252").decode("utf-8-sig")
        except UnicodeError:
            text = text.removeprefix(_DOUBLE_BOM.decode())
        return io.StringIO(text.replace("\r\n", "\n").replace("\r", "\n"))
    errors = "replace" if encoding.startswith(("cp1252", "utf-16")) else "strict"
    return path.open(encoding=encoding, errors=errors, newline=None)


def shape(lines: list[str]) -> tuple[str, int]:
    """The mark that cuts most lines into the same number of cells (of two such, into more), and that number."""

    def evenness(mark: str) -> tuple[int, int]:
        try:
            widths = Counter(len(row) for row in csv.reader(lines, delimiter=mark) if len(row) > 1)
        except csv.Error:
            return 0, 0
        width, count = widths.most_common(1)[0] if widths else (0, 0)
        return count, width

    mark = max(",;\t|", key=evenness)
    return mark, evenness(mark)[1]


def usual_width(path: Path, encoding: str, bounds: Bounds) -> int:
    """How many cells most rows of a file have."""
    with _open_text(path, encoding, bounds) as handle:
        return shape(list(islice(bounded_lines(handle, path, bounds), 50)))[1]


def _mend(line: str, mark: str, width: int) -> list[str] | None:
    """A line on its own, without the one quotation mark too many; None unless it then has the file's width."""
    strays = [i for i, character in enumerate(line) if character == '"'] if line.count('"') % 2 else []
    for candidate in (line[:i] + line[i + 1 :] for i in strays[:_MOST_STRAYS]) if strays else [line]:
        row = next(csv.reader([candidate], delimiter=mark), [])
        if len(row) == width:
            return row
    return None


class _Lines:
    """The lines of a file, and those that the current record has taken."""

    def __init__(self, lines: Iterator[str], path: Path):
        self._lines, self._path = lines, path
        self._taken: list[str] = []
        self._characters = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self._taken.append(line)
        self._characters += len(line)
        if self._characters > 2 * _LONGEST_CELL:
            raise SourceError(
                fault(
                    f"one row has more than {2 * _LONGEST_CELL:,} characters",
                    "Close or remove the quotation mark with which it begins.",
                    self._path,
                )
            )
        return line

    def take(self) -> list[str]:
        """The lines read since the last call."""
        taken, self._taken, self._characters = self._taken, [], 0
        return taken


def csv_rows(path: Path, encoding: str, mended: list[int], bounds: Bounds = DEFAULT) -> Iterator[list[str]]:
    """The records of a CSV file. A stray quotation mark does not swallow lines: their numbers go into `mended`.

    A quoted cell may hold line breaks. But a record all of whose lines are as wide as the file's rows is several
    records that a mark opened and not closed has run together: they are read one by one, and where that does not
    give rows of the file's width the file is refused, because what it says cannot be known.
    """
    csv.field_size_limit(_LONGEST_CELL)
    with _open_text(path, encoding, bounds) as handle:
        mark, width = shape(list(islice(bounded_lines(handle, path, bounds), 50)))
        handle.seek(0)
        lines = _Lines(bounded_lines(handle, path, bounds), path)
        number = 0
        try:
            for row in csv.reader(lines, delimiter=mark):
                taken = lines.take()
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
            rule = f"the file is not readable as CSV ({error})"
            if "field larger" in str(error):
                rule = f"a cell has more than {_LONGEST_CELL:,} characters, or a quotation mark is opened and not closed"
            raise SourceError(fault(rule, "Save it again as CSV.", path, row=number + 1)) from None


@dataclass(frozen=True)
class Contents:
    """What one look through the bytes of a file of UTF-8 tells of it, in a small part of the time of reading it."""

    lines: int
    is_printable: bool
    has_wide_blanks: bool
    may_hold_errors: bool


def scan(path: Path) -> Contents:
    """Count a file's lines and look for characters that are not printable, for blanks of more than one byte and for what may be an
    error of a spreadsheet program."""
    lines, last = 0, 10
    is_printable, has_wide_blanks, may_hold_errors = True, False, False
    tail = b""
    with path.open("rb") as handle:
        while chunk := handle.read(1 << 22):
            cells = np.frombuffer(chunk, np.uint8)
            ends = int(np.count_nonzero(cells == 10))
            lines, last = lines + ends, chunk[-1]
            is_plain = np.count_nonzero(cells < 32) == ends + chunk.count(b"\r") and cells.max() < 127
            if not is_plain:
                # A character of several bytes may lie across two chunks.
                is_printable = is_printable and not has_unprintable(tail + chunk)
                has_wide_blanks = has_wide_blanks or _WIDE_BLANK.search(tail + chunk) is not None
            may_hold_errors = may_hold_errors or _ERROR.search(tail + chunk) is not None
            tail = chunk[-3:]
    return Contents(lines + (last != 10), is_printable, has_wide_blanks, may_hold_errors)


def lines_of(path: Path) -> int:
    """How many line feeds a file has."""
    with path.open("rb") as handle:
        return sum(chunk.count(b"\n") for chunk in iter(lambda: handle.read(1 << 22), b""))
