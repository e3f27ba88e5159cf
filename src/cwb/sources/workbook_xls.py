"""How far the sheets of an XLS reach: its cells, read from the records of its stream before a reader makes room for them."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

from cwb.base.errors import SourceError, fault
from cwb.sources.compound_file import workbook_stream

_BEGIN = 0x0809
# Records of one cell, whose row and column stand first, and of several beside one another, whose last column stands last.
_CELLS = (0x0006, 0x00FD, 0x0203, 0x0204, 0x0205, 0x00D6, 0x027E)
_SEVERAL = 0x00BD
# What a sheet says of its own size, for which a reader makes room: often too much, but no sheet of its kind is larger, and none
# ends before it begins.
_SIZE = {10: (0x0200, "<HHHH"), 14: (0x0200, "<IIHH")}
_LARGEST = (65_536, 256)


def extents_of_xls(path: Path) -> Iterator[tuple[int, int]]:
    """Rows and columns of each sheet, from its first to its last filled cell; none of a file that is no such workbook.

    Raises `SourceError` for one whose sectors run in a circle.
    """
    try:
        stream, _ = workbook_stream(path.read_bytes())
    except struct.error:
        return  # told by the reader
    except ValueError as error:
        # The reader would follow them until no memory is left.
        raise SourceError(
            fault(f"the workbook is damaged: {error}", "Save it anew, or ask for it again.", path)
        ) from None
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
