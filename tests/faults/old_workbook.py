"""A workbook of the oldest kind (XLS), byte by byte: a compound file with one stream of records."""

from __future__ import annotations

import struct
from collections.abc import Sequence

_SECTOR = 512
_FREE, _END, _TABLE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def _record(kind: int, content: bytes) -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


def _label(row: int, column: int, text: str) -> bytes:
    return _record(0x0204, struct.pack("<HHHHB", row, column, 0, len(text), 0) + text.encode("latin-1"))


def xls(rows: Sequence[Sequence[object]], corner: tuple[int, int] | None = None) -> bytes:
    """Rows of texts as XLS, and a number in one more cell."""
    begin = struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0x0006)
    cells = b"".join(_label(r, c, str(text)) for r, row in enumerate(rows) for c, text in enumerate(row))
    if corner:
        cells += _record(0x0203, struct.pack("<HHHd", *corner, 0, 1.0))
    sheet = _record(0x0809, begin[:2] + b"\x10\0" + begin[4:]) + cells + _record(0x000A, b"")
    head = _record(0x0809, begin) + _record(0x0042, struct.pack("<H", 1200))
    offset = len(head) + 4 + 6 + 2 + 4 + 4
    stream = (
        head + _record(0x0085, struct.pack("<IBBBB", offset, 0, 0, 4, 0) + b"data") + _record(0x000A, b"") + sheet
    )
    stream = stream.ljust(max(4096, -(-len(stream) // _SECTOR) * _SECTOR), b"\0")
    sectors = len(stream) // _SECTOR
    fat = [*range(1, sectors), _END, _END, _TABLE]
    header = (
        bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 16 + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + b"\0" * 6
    )
    header += struct.pack("<IIIIIIIII", 0, 1, sectors, 0, 4096, _END, 0, _END, 0)
    header += struct.pack("<109I", sectors + 1, *[_FREE] * 108)

    def entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
        encoded = name.encode("utf-16-le") + b"\0\0"
        fields = struct.pack("<HBBIII", len(encoded), kind, 1, _FREE, _FREE, child)
        return encoded.ljust(64, b"\0") + fields + b"\0" * 36 + struct.pack("<IQ", start, size)

    directory = entry("Root Entry", 5, 1, _END, 0) + entry("Workbook", 2, _FREE, 0, len(stream))
    table = struct.pack(f"<{len(fat)}I", *fat).ljust(_SECTOR, b"\xff")
    return header + stream + directory.ljust(_SECTOR, b"\0") + table
