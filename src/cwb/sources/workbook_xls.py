"""How far the sheets of an XLS reach: its cells, read from the records of its stream before a reader makes room for them."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

_ENTRY = 128
_END = 0xFFFFFFFA  # from here on numbers are no sectors
_BEGIN = 0x0809
# Records of one cell, whose row and column stand first, and of several beside one another, whose last column stands last.
_CELLS = (0x0006, 0x00FD, 0x0203, 0x0204, 0x0205, 0x00D6, 0x027E)
_SEVERAL = 0x00BD
# What a sheet says of its own size, for which a reader makes room: often too much, but no sheet of its kind is larger, and none
# ends before it begins.
_SIZE = {10: (0x0200, "<HHHH"), 14: (0x0200, "<IIHH")}
_LARGEST = (65_536, 256)


def extents_of_xls(path: Path) -> Iterator[tuple[int, int]]:
    """Rows and columns of each sheet, from its first to its last filled cell; none of a file that is no such workbook."""
    try:
        stream = _workbook(path.read_bytes())
    except (struct.error, IndexError):
        return  # told by the reader
    rows = columns = at = 0
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        at += 4
        if kind == _BEGIN:
            yield rows, columns
            rows = columns = 0
        elif (kind in _CELLS or kind == _SEVERAL) and size >= 4 and at + size <= len(stream):
            row, column = struct.unpack_from("<HH", stream, at)
            if kind == _SEVERAL:
                column = max(column, struct.unpack_from("<H", stream, at + size - 2)[0])
            rows, columns = max(rows, row + 1), max(columns, column + 1)
        elif kind == _SIZE.get(size, (-1, ""))[0] and at + size <= len(stream):
            top, bottom, left, right = struct.unpack_from(_SIZE[size][1], stream, at)
            if bottom < top or right < left or bottom > _LARGEST[0] or right > _LARGEST[1]:
                yield 1 << 32, 1
        at += size
    yield rows, columns


def _workbook(content: bytes) -> bytes:
    """The stream of records in a compound file."""
    shift, small_shift = struct.unpack_from("<HH", content, 30)
    first_directory, _, cutoff, first_small = struct.unpack_from("<4I", content, 48)
    sector = 1 << min(shift, 12)

    def sector_of(number: int) -> bytes:
        # The header fills the first sector, whatever its size.
        return content[(number + 1) * sector : (number + 2) * sector]

    tables = list(struct.unpack_from("<109I", content, 76))
    more = struct.unpack_from("<I", content, 68)[0]
    while more < _END and len(tables) < len(content) // sector:
        *listed, more = struct.unpack(f"<{sector // 4}I", sector_of(more))
        tables += listed
    table = [n for at in tables if at < _END for n in struct.unpack(f"<{sector // 4}I", sector_of(at))]

    def chain(first: int, follow: list[int]) -> Iterator[int]:
        for _ in range(len(follow)):
            if first >= len(follow):
                return
            yield first
            first = follow[first]

    def whole(first: int) -> bytes:
        return b"".join(map(sector_of, chain(first, table)))

    directory = whole(first_directory)
    # By the name up to its end, as the reader of workbooks finds it, whatever length is stated.
    entries = {
        directory[at : at + 64].decode("utf-16-le", "ignore").split("\0")[0]: struct.unpack_from(
            "<II", directory, at + 116
        )
        for at in range(0, len(directory) - _ENTRY + 1, _ENTRY)
    }
    start, size = next((entries[name] for name in ("Workbook", "Book") if name in entries), (_END, 0))
    if size >= cutoff:
        return whole(start)[:size]
    small = list(struct.unpack(f"<{len(rest := whole(first_small)) // 4}I", rest))
    within = whole(entries.get("Root Entry", (_END, 0))[0])
    step = 1 << min(small_shift, 12)
    return b"".join(within[at * step : (at + 1) * step] for at in chain(start, small))[:size]
