"""Files that are broken in every way in which files are: made of a good CSV of any source."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable, Sequence

Rows = Sequence[Sequence[object]]


def text_of(rows: Rows) -> str:
    """Rows as CSV."""
    buffer = io.StringIO()
    csv.writer(buffer).writerows(rows)
    return buffer.getvalue()


def _bytes(rows: Rows) -> bytes:
    return text_of(rows).encode()


def workbook(rows: Rows) -> bytes:
    """Rows as XLSX."""
    import xlsxwriter  # noqa: PLC0415 - only where it is wanted

    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet("data")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, [str(cell) for cell in row])
    return buffer.getvalue()


def zipped(name: str, content: bytes) -> bytes:
    """An archive of one file."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return buffer.getvalue()


def with_part(archive: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    """An archive with one part changed."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            content = old.read(info.filename)
            new.writestr(info.filename, change(content) if info.filename == part else content)
    return buffer.getvalue()


def corner(rows: Rows) -> bytes:
    """A workbook with one more cell, the last that a sheet has."""
    cell = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    return with_part(workbook(rows), "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b"</sheetData>", cell))


# Name of the file → its content, made of a good file's rows. Of each the account must say what is wrong with it.
BROKEN: dict[str, Callable[[Rows], bytes]] = {
    "cut.xlsx": lambda rows: workbook(rows)[:1500],
    "locked.xlsx": lambda rows: bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 4096,
    "page.xlsx": lambda rows: b"<html><body><table><tr><td>Not found</td></tr></table></body></html>",
    "corner.xlsx": corner,
    "broken-list.xlsx": lambda rows: with_part(workbook(rows), "xl/workbook.xml", lambda xml: xml[:150]),
    "broken-sheet.xlsx": lambda rows: with_part(
        workbook(rows), "xl/worksheets/sheet1.xml", lambda xml: xml[:-200]
    ),
    "text.xls": _bytes,
    "text.ods": _bytes,
    "cut.xlsb": lambda rows: workbook(rows)[:900],
    "page.csv": lambda rows: b"<!DOCTYPE html><html><body><h1>503 Service unavailable</h1></body></html>",
    "parquet.csv": lambda rows: b"PAR1" + bytes(range(256)) * 20 + b"PAR1",
    "picture.csv": lambda rows: b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20,
    "empty.csv": lambda rows: b"",
    "blank.csv": lambda rows: b"\r\n \r\n,,,\r\n",
    "nothing.csv": lambda rows: b"\0" * 3000,
    "headings.csv": lambda rows: _bytes(rows[:1]),
    "no-headings.csv": lambda rows: _bytes([["", *["" for _ in rows[0][1:]]], *rows[1:]]),
    "wide.csv": lambda rows: _bytes([[*rows[0], *(f"x{n}" for n in range(10_000))], *rows[1:]]),
    "long-cell.csv": lambda rows: _bytes([rows[0], ["A" * 300_000, *rows[1][1:]], *rows[1:]]),
    "one-line.csv": lambda rows: b"A" * 5_000_000,
    "open-quote.csv": lambda rows: _bytes(rows[:1]) + b'"' + _bytes(rows[1:]) * 3,
    "deep.json": lambda rows: b"[" * 50_000,
    "deeper.json": lambda rows: b'{"releases":' * 3_000 + b"[]" + b"}" * 3_000,
    "cut.json": lambda rows: json.dumps({"releases": [{"ocid": "a"}]}).encode()[:-5],
    "page.json": lambda rows: b"<html></html>",
    "number.json": lambda rows: b'[{"a": ' + b"9" * 10_000 + b"}]",
    "cut.zip": lambda rows: zipped("a.csv", _bytes(rows))[:60],
    "other.zip": lambda rows: zipped("a.exe", b"MZ"),
    "nested.zip": lambda rows: zipped("a.zip", zipped("a.csv", _bytes(rows))),
    "null.geojson": lambda rows: (
        b'{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"LAD25CD":"E07000243"},"geometry":null}]}'
    ),
    "paper.pdf": lambda rows: b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
}
# Odd and yet whole: of each the rows are read.
ODD: dict[str, Callable[[Rows], bytes]] = {
    "utf16.csv": lambda rows: text_of(rows).encode("utf-16"),
    "mixed-ends.csv": lambda rows: (
        _bytes(rows[:2]).replace(b"\r\n", b"\r") + _bytes(rows[2:]).replace(b"\r\n", b"\n")
    ),
    "mark-inside.csv": lambda rows: _bytes([rows[0], [f"\ufeff{rows[1][0]}", *rows[1][1:]], *rows[2:]]),
    "nul.csv": lambda rows: _bytes([rows[0], [f"{rows[1][0]}\0", *rows[1][1:]], *rows[2:]]),
    "headings-twice.csv": lambda rows: _bytes([rows[0], rows[1], rows[0], *rows[2:]]),
    "blank-between.csv": lambda rows: _bytes([rows[0], [], rows[1], [], *rows[2:]]),
}
