"""The records of a CSV file as publishers write it: any encoding, line end and separator, stray quotation marks mended."""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TextIO

from cwb.base.errors import SourceError, fault

_DOUBLE_BOM = "\ufeff".encode().decode("cp1252").encode()


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


def shape(lines: list[str]) -> tuple[str, int]:
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


def csv_rows(path: Path, encoding: str, mended: list[int]) -> Iterator[list[str]]:
    """The records of a CSV file. A stray quotation mark does not swallow lines: their numbers go into `mended`.

    A quoted cell may hold line breaks. But a record all of whose lines are as wide as the file's rows is several
    records that a mark opened and not closed has run together: they are read one by one, and where that does not
    give rows of the file's width the file is refused, because what it says cannot be known.
    """
    csv.field_size_limit(1 << 24)
    with _open_text(path, encoding) as handle:
        mark, width = shape(list(islice(handle, 50)))
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
