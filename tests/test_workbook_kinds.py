"""A file under the name of a workbook of another kind is refused by what it is, with what to do, before a reader gives up on it."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from cwb.base.errors import SourceError
from cwb.sources.workbook_kinds import check_kind

_CFB = b"\xd0\xcf\x11\xe0" + b"\0" * 600


def _archive(*names: str, mimetype: bytes = b"") -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        if mimetype:
            archive.writestr("mimetype", mimetype)
        for name in names:
            archive.writestr(name, b"<xml/>")
    return written.getvalue()


XLSX = _archive("[Content_Types].xml", "xl/workbook.xml")
XLS = _CFB + "Workbook".encode("utf-16-le")
ODS = _archive("content.xml", mimetype=b"application/vnd.oasis.opendocument.spreadsheet")


@pytest.mark.parametrize(
    ("name", "content", "wanted"),
    [
        ("april.xls", XLSX, "it is an XLSX workbook, though its name ends in .xls. Give it the ending .xlsx."),
        ("april.xlsx", XLS, "it is an XLS workbook, though its name ends in .xlsx. Give it the ending .xls."),
        ("april.xlsx", ODS, "it is an ODS workbook, though its name ends in .xlsx. Give it the ending .ods."),
        ("april.xlsx", _archive("xl/workbook.bin"), "Give it the ending .xlsb."),
        ("april.xlsx", b"%PDF-1.7 \0", "it is no workbook but a PDF. Ask the publisher for the table as CSV or XLSX."),
        ("april.xls", b"<!DOCTYPE html><title>Sign in</title>", "it is no workbook but a web page. Save the file itself"),
        ("april.xls", b"Supplier\tAmount\nAlpha\t5\n", "it is no workbook but text. Give it the ending .csv"),
        ("april.xlsx", _archive("april.csv"), "it is no workbook but an archive (ZIP) of other files. Unpack it"),
        ("april.xlsx", _archive("word/document.xml"), "it is no workbook but a text of a word processor."),
        ("april.ods", b"\x1f\x8b\x08\0", "it is no workbook but a compressed file. Unpack it"),
        ("april.xlsx", _CFB + "EncryptedPackage".encode("utf-16-le"), "it is a workbook that is locked with a password."),
        ("april.xlsx", _CFB, "another file of an office program, or locked with a password"),
    ],
)  # fmt: skip
def test_it_is_called_what_it_is(tmp_path: Path, name: str, content: bytes, wanted: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(SourceError) as refused:
        check_kind(tmp_path / name)
    assert wanted in str(refused.value)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.xlsx", XLSX),
        ("a.XLSM", XLSX),
        ("a.xls", XLS),
        ("a.ods", ODS),
        ("a.xlsx", XLSX[:40]),
        ("a.xlsx", b"\0\1"),
        ("a.xlsx", b""),
    ],
)
def test_its_own_name_and_what_nobody_knows_are_left_to_the_reader(
    tmp_path: Path, name: str, content: bytes
) -> None:
    (tmp_path / name).write_bytes(content)
    check_kind(tmp_path / name)
