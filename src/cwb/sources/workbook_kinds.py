"""What a file with the name of a workbook really is, by its content: told in plain words before a reader of workbooks gives up on it."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from pathlib import Path

from cwb.base.errors import SourceError, fault
from cwb.sources.bounded import BROKEN_ARCHIVE

ZIP, CFB = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_HEAD = 4096
_AS_TABLE = "Ask the publisher for the table as CSV or XLSX."
_SAVE = "Open it in a spreadsheet program and save it again as XLSX"


@dataclass(frozen=True)
class _Kind:
    """What a file is, in words, the endings that it may have, and what to do where it has another."""

    what: str
    remedy: str
    endings: tuple[str, ...] = ()


_XLSX = _Kind("an XLSX workbook", "Give it the ending .xlsx.", (".xlsx", ".xlsm"))
_XLSB = _Kind("an XLSB workbook", "Give it the ending .xlsb.", (".xlsb",))
_ODS = _Kind("an ODS workbook", "Give it the ending .ods.", (".ods",))
_XLS = _Kind("an XLS workbook", "Give it the ending .xls.", (".xls",))
_LOCKED = _Kind("a workbook that is locked with a password", f"{_SAVE}, without a password.")
_OFFICE = _Kind("another file of an office program, or locked with a password", f"{_SAVE}, without a password.")
_ARCHIVE = _Kind("an archive (ZIP) of other files", "Unpack it, and put what is in it here.")
_PAGE = _Kind("a web page", "Save the file itself: this is the page that leads to it, or that it is not there.")
_TEXT = _Kind("text", "Give it the ending .csv if it is a table, or ask for the file again.")
_STARTS = {
    b"%PDF": _Kind("a PDF", _AS_TABLE),
    b"{\\rtf": _Kind("a text of a word processor", _AS_TABLE),
    b"\x1f\x8b": _Kind("a compressed file", "Unpack it, and put what is in it here."),
}
# By the folder in the archive that holds what it is.
_FOLDERS = {"xl": _XLSX, "word": _Kind("a text of a word processor", _AS_TABLE), "ppt": _Kind("slides", _AS_TABLE)}
# By the names of parts of a compound file.
_PARTS = {"EncryptedPackage": _LOCKED, "Workbook": _XLS, "Book": _XLS}


def check_kind(path: Path) -> None:
    """Raise `SourceError` where a file is surely of another kind than its name says; what is none of those known is left to the
    reader."""
    kind, ending = _kind_of(path), path.suffix.lower()
    if kind is None or ending in kind.endings:
        return
    rule = f"it is {kind.what}, though its name ends in {ending}"
    if not kind.endings:
        rule = f"it is {kind.what}" if kind is _LOCKED else f"it is no workbook but {kind.what}"
    raise SourceError(fault(rule, kind.remedy, path))


def _kind_of(path: Path) -> _Kind | None:
    with path.open("rb") as handle:
        head = handle.read(_HEAD)
    if head.startswith(ZIP):
        return _kind_of_archive(path)
    if head.startswith(CFB):
        content = path.read_bytes()
        return next((kind for name, kind in _PARTS.items() if name.encode("utf-16-le") in content), _OFFICE)
    found = next((kind for start, kind in _STARTS.items() if head.startswith(start)), None)
    if found or not head or b"\0" in head:
        return found
    text = head.lower()
    return _PAGE if b"<html" in text or b"<!doctype html" in text else _TEXT


def _kind_of_archive(path: Path) -> _Kind | None:
    try:
        with zipfile.ZipFile(path) as archive:
            names = [name.lower() for name in archive.namelist()]
            kind = archive.open("mimetype").read(_HEAD) if "mimetype" in names else b""
    except (*BROKEN_ARCHIVE, KeyError):
        return None
    if b"opendocument" in kind:
        return _ODS if b"spreadsheet" in kind else _FOLDERS["word"]
    if "xl/workbook.bin" in names:
        return _XLSB
    folders = {name.partition("/")[0] for name in names}
    if "content.xml" in names:
        return _ODS
    return next((kind for folder, kind in _FOLDERS.items() if folder in folders), _ARCHIVE)
