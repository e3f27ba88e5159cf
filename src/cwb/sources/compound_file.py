"""The stream of records in a workbook of Excel 97 (XLS), which is a compound file (MS-CFB): streams in chains of sectors."""

from __future__ import annotations

import struct
from collections.abc import Iterator

_ENTRY = 128
_END = 0xFFFFFFFA  # from here on numbers are no sectors


def workbook_stream(content: bytes) -> tuple[bytes, int]:
    """The records of the workbook as far as its sectors are there, and how long they are said to be; nothing where there is no stream of
    that name. Raises `struct.error` for a file that is damaged and `ValueError` for one whose sectors run in a circle."""
    shift, small_shift = struct.unpack_from("<HH", content, 30)
    first_directory, _, cutoff, first_small = struct.unpack_from("<4I", content, 48)
    if shift not in (9, 12):
        raise struct.error("there are no sectors of such a size")
    sector = 1 << shift

    def sector_of(number: int) -> bytes:
        # The header fills the first sector, whatever its size.
        return content[(number + 1) * sector : (number + 2) * sector]

    tables = list(struct.unpack_from("<109I", content, 76))
    more = struct.unpack_from("<I", content, 68)[0]
    while more < _END and len(tables) < len(content) // sector:
        *listed, more = struct.unpack(f"<{sector // 4}I", sector_of(more))
        tables += listed
    table = [n for at in tables if at < _END for n in struct.unpack(f"<{sector // 4}I", sector_of(at))]

    def whole(first: int) -> bytes:
        return b"".join(map(sector_of, _chain(first, table)))

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
        return whole(start)[:size], size
    small = list(struct.unpack(f"<{len(rest := whole(first_small)) // 4}I", rest))
    within = whole(entries.get("Root Entry", (_END, 0))[0])
    step = 1 << min(small_shift, 12)
    return b"".join(within[at * step : (at + 1) * step] for at in _chain(start, small))[:size], size


def _chain(first: int, follow: list[int]) -> Iterator[int]:
    """The sectors that follow one another from `first`, up to one that is not there."""
    seen: set[int] = set()
    while first < len(follow):
        if first in seen:
            raise ValueError("its sectors run in a circle")
        seen.add(first)
        yield first
        first = follow[first]
