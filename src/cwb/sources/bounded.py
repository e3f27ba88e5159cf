"""What is beyond the bounds of the settings, told in one way; and archives and lines, measured before they are read."""

from __future__ import annotations

import errno
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from cwb.base.errors import SourceError, fault
from cwb.council.bounds import Bounds

# Below this many bytes an archive may be packed as tightly as it likes.
_SMALL = 100_000_000
# What Python says of an archive that is cut, damaged, locked, or packed in a way that it does not know.
BROKEN_ARCHIVE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    RuntimeError,
    NotImplementedError,
    UnicodeError,
    struct.error,
)


def beyond(path: Path, rule: str, setting: str, remedy: str = "", **where: object) -> SourceError:
    """The error for a file that is beyond a bound; `setting` is the one of [bounds] that moves it."""
    raise_it = f"raise {setting} under [bounds] in cwb.toml if the file is right"
    remedies = f"{remedy}, or {raise_it}." if remedy else f"{raise_it[0].upper()}{raise_it[1:]}."
    return SourceError(fault(rule, remedies, path, **where))


@contextmanager
def opened_archive(path: Path, most: int, setting: str, bounds: Bounds) -> Iterator[zipfile.ZipFile]:
    """A zip archive whose own directory says that it stays within its bounds; Python reads no more of a part than it says.

    Raises `SourceError` for one that is broken or locked, too large unpacked, or packed like a bomb.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            if len({part.filename for part in parts}) < len(parts):
                raise zipfile.BadZipFile("two parts of it have one name")
            size, packed = sum(part.file_size for part in parts), max(path.stat().st_size, 1)
            if size > most:
                rule = f"unpacked it has {size:,} bytes, and at most {most:,} are read"
                raise beyond(path, rule, setting, "Ask for the data in smaller files")
            if size > max(_SMALL, bounds.ratio * packed):
                rule = f"unpacked it has {size:,} bytes, {size // packed:,} times as many as packed, and at most {bounds.ratio:,} times are read"
                raise beyond(path, rule, "ratio", "Ask the publisher for another file")
            yield archive
    except BROKEN_ARCHIVE as error:
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EACCES):
            raise  # nothing is wrong with the archive
        rule = f"the archive cannot be unpacked ({error})"
        raise SourceError(fault(rule, "Fetch it again from its publisher, without a password.", path)) from None


def bounded_lines(handle: TextIO, path: Path, bounds: Bounds) -> Iterator[str]:
    """The lines of a text; raise `SourceError` at one without an end."""
    most = max(10 * bounds.cell_characters, 1 << 20)
    number = 0
    while line := handle.readline(most):
        number += 1
        if len(line) == most and not line.endswith("\n"):
            rule = f"a line has more than {most:,} characters"
            raise beyond(path, rule, "cell_characters", "Ask the publisher for the file as CSV", row=number)
        yield line
