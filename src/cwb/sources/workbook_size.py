"""How large a workbook becomes once it is read: measured on its packed XML, before the reader takes any memory.

A reader holds every cell from a sheet's first to its last filled one, and a copy of a shared text for each cell that shows it. So
a file of a few bytes with one cell in the far corner, or with one long text in a million cells, would end the process.
"""

from __future__ import annotations

import re
import struct
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from cwb.council.bounds import Bounds
from cwb.sources.bounded import beyond, opened_archive
from cwb.sources.workbook_xls import extents_of_xls

_CHUNK = 1 << 20
# A cell or row of XLSX: its letters and digits where it says them, and whether it is closed at once, and so empty.
_XLSX = re.compile(
    rb"""<(?:\w+:)?(?:c|(row))(?=[\s/>])(?:[^>]*?\sr\s*=\s*["']([A-Za-z]{0,7})([0-9]{1,10})["'])?[^>]*?(/?)>"""
)
# As nearly all programs write a cell; it is looked at no closer while the sheet stays within its bounds even so.
_PLAIN = re.compile(rb'<c r="([A-Z]{1,3})([0-9]{1,7})"')
_OTHERWISE = (b"<c>", b"<c\t", b"<c\n", b"<c\r", b":c ", b":c>")
_BYTES_OF_A_CELL = 12
_SHARED = re.compile(
    rb"""\st\s*=\s*["']s["'][^>]*>\s*(?:<(?:\w+:)?f(?:\s[^>]*)?/>)?<(?:\w+:)?v[^>]*>\s*(\d{1,9})\s*<"""
)
_ODS = re.compile(rb"<(?:\w+:)?(table-row|table-cell|covered-table-cell|table)(?=[\s/>])([^>]*?)(/?)>")
_REPEATED = re.compile(rb"""number-(?:rows|columns)-repeated\s*=\s*["']\s*(\d{1,12})""")
_BLANKS = re.compile(rb"""\bc\s*=\s*["']\s*(\d{1,12})""")
_SPACES = re.compile(rb"<(?:\w+:)?s\s[^>]*>")
# Records of XLSB: the beginning of a row, a shared text, and cells that hold something (2 to 11).
_ROW_OF_XLSB, _TEXT_OF_XLSB, _SHARED_OF_XLSB, _CELLS_OF_XLSB = 0, 19, 7, range(2, 12)


@dataclass
class _Extent:
    """How far a sheet reaches, and how many bytes its texts have when each cell has its own."""

    rows: int = 0
    columns: int = 0
    text: int = 0

    @property
    def cells(self) -> int:
        return self.rows * self.columns

    def reach(self, cells: list[tuple[bytes, bytes]]) -> None:
        """Take in cells by their letters and digits."""
        self.columns = max(self.columns, max(map(_column, {letters for letters, _ in cells}), default=0))
        self.rows = max(self.rows, max(map(int, {digits for _, digits in cells}), default=0))


def check_size(path: Path, bounds: Bounds) -> None:
    """Raise `SourceError` for a workbook that is broken, locked or beyond a bound."""
    suffix = path.suffix.lower()
    if suffix == ".xls":
        _within(path, bounds, (_Extent(rows, columns) for rows, columns in extents_of_xls(path)))
    elif zipfile.is_zipfile(path):  # what is none is told by the reader
        with opened_archive(path, bounds.workbook_bytes, "workbook_bytes", bounds) as archive:
            _within(path, bounds, _SHEETS[suffix](archive, bounds))


def _within(path: Path, bounds: Bounds, sheets: Iterator[_Extent]) -> None:
    cells = text = 0
    for extent in sheets:
        cells, text = cells + extent.cells, text + extent.text
        if cells > bounds.cells:
            rule = f"its sheets reach over more than {bounds.cells:,} cells"
            remedy = "Take out what stands far from the table, or save the table as CSV"
            raise beyond(path, rule, "cells", remedy)
        if text > bounds.workbook_bytes:
            rule = f"the texts of its cells have more than {bounds.workbook_bytes:,} characters together"
            raise beyond(path, rule, "workbook_bytes", "Save the table as CSV")


def pieces(archive: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    """The XML of a part in pieces that cut no tag, in one pass that keeps nothing."""
    rest = b""
    with archive.open(part) as handle:
        while chunk := handle.read(_CHUNK):
            text = rest + chunk
            whole = text.rfind(b"<")
            if whole > 0:
                yield text[:whole]
            rest = text[max(whole, 0) :]
            # Nothing of interest is as long: a text without a tag, or a tag without an end.
            rest = rest if len(rest) < _CHUNK else b""
    yield rest


def _of_xlsx(archive: zipfile.ZipFile, bounds: Bounds) -> Iterator[_Extent]:
    parts = [part for part in archive.namelist() if part.lower().endswith(".xml")]
    lengths = _lengths(archive, [part for part in parts if part.lower().endswith("sharedstrings.xml")])
    longest = int(lengths.max(initial=0))
    for part in parts:
        if part.lower().endswith("sharedstrings.xml"):
            continue
        extent = _too_many(archive, part, bounds) or _plain(archive, part, bounds) or _exact(archive, part, bounds)
        if extent.cells * longest > bounds.workbook_bytes >= extent.text and extent.cells <= bounds.cells:
            for piece in pieces(archive, part):
                at = np.array([int(one) for one in _SHARED.findall(piece)], dtype=np.int64)
                extent.text += int(lengths[at[at < len(lengths)]].sum())
                if extent.text > bounds.workbook_bytes:
                    break
        yield extent


def _too_many(archive: zipfile.ZipFile, part: str, bounds: Bounds) -> _Extent | None:
    """The extent of a part with more values than cells may be: counting takes a fraction of the time of looking where they are."""
    filled = 0
    if archive.getinfo(part).file_size > _BYTES_OF_A_CELL * bounds.cells:
        for piece in pieces(archive, part):
            filled += piece.count(b"<v>") + piece.count(b"<is>")
            if filled > bounds.cells:
                return _Extent(filled, 1)
    return None


def _plain(archive: zipfile.ZipFile, part: str, bounds: Bounds) -> _Extent | None:
    """The extent of a part whose cells are written as usual, empty ones among them; None where it must be looked at closer."""
    extent = _Extent()
    for piece in pieces(archive, part):
        cells = _PLAIN.findall(piece)
        if len(cells) != piece.count(b"<c ") or any(one in piece for one in _OTHERWISE):
            return None
        extent.reach(cells)
        if extent.cells > bounds.cells:
            return None
    return extent


def _exact(archive: zipfile.ZipFile, part: str, bounds: Bounds) -> _Extent:
    """The extent of a part's filled cells, wherever they say that they are; those that do not say it stand one after another."""
    extent = _Extent()
    rows = in_row = most_in_row = unplaced = 0
    for piece in pieces(archive, part):
        found = _XLSX.findall(piece)
        extent.reach(
            [(letters, digits) for row, letters, digits, empty in found if not (row or empty) and letters]
        )
        for row, letters, digits, _ in found:
            if row:
                rows, in_row = max(rows + 1, int(digits or 0)), 0
            else:
                unplaced += not letters
                in_row += 1
                most_in_row = max(most_in_row, in_row)
        if unplaced:
            extent.columns, extent.rows = max(extent.columns, most_in_row), max(extent.rows, rows)
        if extent.cells > bounds.cells:
            break
    return extent


def _column(letters: bytes) -> int:
    """1 for A, 27 for AA."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _lengths(archive: zipfile.ZipFile, parts: list[str]) -> np.ndarray:
    """How many bytes each shared text has at most."""
    found: list[int] = []
    last = 0
    for part in parts:
        for piece in pieces(archive, part):
            first, *others = re.split(rb"<(?:\w+:)?si(?=[\s/>])", piece)
            last += len(first)
            for text in others:
                found.append(last)
                last = len(text)
    return np.array([*found[1:], last], dtype=np.int64)


def _of_ods(archive: zipfile.ZipFile, bounds: Bounds) -> Iterator[_Extent]:
    extent = _Extent()
    row, times, column = 0, 1, 0
    for piece in pieces(archive, "content.xml") if "content.xml" in archive.namelist() else ():
        tags = list(_ODS.finditer(piece))
        for tag, after in zip(tags, [*tags[1:], None][: len(tags)], strict=True):
            kind, given, is_closed = tag.groups()
            repeated = int(found[1]) if (found := _REPEATED.search(given)) else 1
            if kind == b"table":
                yield extent
                extent, row, times = _Extent(), 0, 0
            elif kind == b"table-row":
                row, times, column = row + repeated, repeated, 0
            else:
                column += repeated
                if not is_closed:
                    body = piece[tag.end() : after.start() if after else len(piece)]
                    blanks = sum(int(one[1]) for tag in _SPACES.findall(body) if (one := _BLANKS.search(tag)))
                    extent.rows, extent.columns = row, max(extent.columns, column)
                    extent.text += (len(body) + blanks) * repeated * max(times, 1)
            if extent.cells > bounds.cells or extent.text > bounds.workbook_bytes:
                break
    yield extent


def _of_xlsb(archive: zipfile.ZipFile, bounds: Bounds) -> Iterator[_Extent]:
    longest = max(
        (
            len(content)
            for part in archive.namelist()
            if part.lower().endswith("sharedstrings.bin")
            for kind, content in _records(archive.read(part))
            if kind == _TEXT_OF_XLSB
        ),
        default=0,
    )
    for part in archive.namelist():
        if not part.lower().endswith(".bin") or part.lower().endswith("sharedstrings.bin"):
            continue
        extent, row = _Extent(), 0
        for kind, content in _records(archive.read(part)):
            if kind == _ROW_OF_XLSB and len(content) >= 4:
                row = struct.unpack_from("<I", content)[0] + 1
            elif kind in _CELLS_OF_XLSB and len(content) >= 4:
                extent.columns = max(extent.columns, struct.unpack_from("<I", content)[0] + 1)
                extent.rows = max(extent.rows, row)
                extent.text += longest if kind == _SHARED_OF_XLSB else len(content)
                if extent.cells > bounds.cells or extent.text > bounds.workbook_bytes:
                    break
        yield extent


def _records(content: bytes) -> Iterator[tuple[int, bytes]]:
    """The records of a binary part: their kind, and what they hold."""
    at = 0
    while at < len(content):
        kind, at = content[at], at + 1
        if kind & 0x80 and at < len(content):
            kind, at = (kind & 0x7F) | (content[at] & 0x7F) << 7, at + 1
        size = 0
        for place in range(4):
            if at >= len(content):
                return
            size |= (content[at] & 0x7F) << (7 * place)
            at += 1
            if not content[at - 1] & 0x80:
                break
        yield kind, content[at : at + size]
        at += size


_SHEETS = {".xlsx": _of_xlsx, ".xlsm": _of_xlsx, ".ods": _of_ods, ".xlsb": _of_xlsb}
