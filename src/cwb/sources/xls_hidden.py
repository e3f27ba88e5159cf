"""What a workbook of Excel 97 (XLS) hides: the flags of its rows and columns, from its binary records.

An XLS file is a container of streams in sectors (MS-CFB); its stream "Workbook" is a list of records (MS-XLS). Of these only four
kinds are looked at: where a sheet begins (BOUNDSHEET), rows (ROW), columns (COLINFO), and beginnings and ends of parts.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Sector numbers from here on end a chain.
_NO_SECTOR = 0xFFFFFFFC
_BEGIN, _END, _SHEET, _ROW, _COLUMNS = 0x0809, 0x000A, 0x0085, 0x0208, 0x007D
_BIFF8 = 0x0600


def hidden_of_xls(path: Path) -> dict[str, tuple[set[int], set[int]]] | None:
    """Sheet → the hidden rows (from 1) and columns (from 0); None for a file that is not of this format or is damaged."""
    content = path.read_bytes()
    if not content.startswith(_MAGIC):
        return None
    try:
        return dict(_sheets(_workbook(content)))
    except (struct.error, IndexError, ValueError, UnicodeDecodeError):
        return None


def _workbook(content: bytes) -> bytes:
    """The stream of the workbook's records."""
    shift, small_shift = struct.unpack_from("<2H", content, 30)
    if shift not in (9, 12) or small_shift != 6:
        raise ValueError("sectors of such a size there are none")
    size, small = 1 << shift, 1 << small_shift
    cutoff, small_table, _, more, _ = struct.unpack_from("<5I", content, 56)
    tables = list(struct.unpack_from("<109I", content, 76))
    while more < _NO_SECTOR and len(tables) * size <= len(content):
        *listed, more = struct.unpack_from(f"<{size // 4}I", content, (more + 1) * size)
        tables += listed
    sectors = [content[at : at + size] for at in range(size, len(content), size)]
    table = _numbers(b"".join(sectors[number] for number in tables if number < _NO_SECTOR))
    folder = _chain(sectors, table, *struct.unpack_from("<I", content, 48))
    entries = [folder[at : at + 128] for at in range(0, len(folder) - 127, 128)]
    found = {one[: max(struct.unpack_from("<H", one, 64)[0] - 2, 0)].decode("utf-16-le"): one for one in entries}
    entry = found.get("Workbook") or found.get("Book")
    if entry is None:
        raise ValueError("there is no stream of the workbook")
    start, length = struct.unpack_from("<2I", entry, 116)
    if length >= cutoff:
        return _chain(sectors, table, start)[:length]
    inner = _chain(sectors, table, *struct.unpack_from("<I", entries[0], 116))
    pieces = [inner[at : at + small] for at in range(0, len(inner), small)]
    return _chain(pieces, _numbers(_chain(sectors, table, small_table)), start)[:length]


def _numbers(table: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(table) // 4}I", table)


def _chain(sectors: list[bytes], table: tuple[int, ...], start: int) -> bytes:
    """The sectors that follow one another from `start`; raise `ValueError` where they run in a circle."""
    found: list[bytes] = []
    while start < _NO_SECTOR:
        if len(found) > len(sectors):
            raise ValueError("a chain of sectors has no end")
        found.append(sectors[start])
        start = table[start]
    return b"".join(found)


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
