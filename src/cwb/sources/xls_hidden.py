"""What a workbook of Excel 97 (XLS) hides: the flags of its rows and columns, from its binary records.

Of these (MS-XLS) only four kinds are looked at: where a sheet begins (BOUNDSHEET), rows (ROW), columns (COLINFO), and beginnings and
ends of parts.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

from cwb.sources.compound_file import workbook_stream

_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BEGIN, _END, _SHEET, _ROW, _COLUMNS = 0x0809, 0x000A, 0x0085, 0x0208, 0x007D
_BIFF8 = 0x0600


def hidden_of_xls(path: Path) -> dict[str, tuple[set[int], set[int]]] | None:
    """Sheet → the hidden rows (from 1) and columns (from 0); None for a file that is not of this format or is damaged."""
    content = path.read_bytes()
    if not content.startswith(_MAGIC):
        return None
    try:
        stream, length = workbook_stream(content)
        return dict(_sheets(stream)) if len(stream) == length else None
    except (struct.error, IndexError, ValueError):
        return None


def _records(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """The records of one part of a stream, those of parts within it left out."""
    depth = 0
    while at < len(stream):
        kind, length = struct.unpack_from("<2H", stream, at)
        depth += (kind == _BEGIN) - (kind == _END)
        if depth == 1:
            yield kind, stream[at + 4 : at + 4 + length]
        elif depth < 1:
            return
        at += 4 + length


def _sheets(stream: bytes) -> Iterator[tuple[str, tuple[set[int], set[int]]]]:
    is_new = struct.unpack_from("<H", stream, 4)[0] == _BIFF8
    for kind, record in _records(stream, 0):
        if kind == _SHEET:
            (start,), letters = struct.unpack_from("<I", record), record[6]
            wide = is_new and record[7] & 1
            text = record[8 if is_new else 7 :][: letters * (2 if wide else 1)]
            yield text.decode("utf-16-le" if wide else "cp1252"), _hidden(stream, start)


def _hidden(stream: bytes, start: int) -> tuple[set[int], set[int]]:
    rows: set[int] = set()
    columns: set[int] = set()
    for kind, record in _records(stream, start):
        if kind == _ROW and struct.unpack_from("<H", record, 12)[0] & 0x20:
            rows.add(struct.unpack_from("<H", record)[0] + 1)
        elif kind == _COLUMNS and struct.unpack_from("<H", record, 8)[0] & 1:
            first, last = struct.unpack_from("<2H", record)
            columns |= set(range(first, last + 1))
    return rows, columns
