"""Errors that a council officer can act on: each names file, row, column, rule and remedy.

A `Fault` is one thing wrong with one input. Readers collect faults and raise them together, so that
a file with nine problems is mended once and not nine times.
"""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path


@dataclass(frozen=True)
class Fault:
    """One thing wrong with one input.

    `rule` says what should hold, `remedy` what the reader of the message can do about it. `row` is the
    row as a spreadsheet numbers it (the first line of the file is 1).
    """

    rule: str
    remedy: str
    file: str | None = None
    sheet: str | None = None
    row: int | None = None
    column: str | None = None
    value: str | None = None

    def __str__(self) -> str:
        place = [self.file or ""]
        if self.sheet:
            place.append(f"sheet '{self.sheet}'")
        if self.row is not None:
            place.append(f"row {self.row}")
        if self.column:
            place.append(f"column '{self.column}'")
        found = f" (found {self.value!r})" if self.value is not None else ""
        where = ", ".join(part for part in place if part)
        return f"{where}: {self.rule}{found}. {self.remedy}" if where else f"{self.rule}{found}. {self.remedy}"


class CwbError(Exception):
    """A fault of the user's input or settings, shown without a traceback."""

    def __init__(self, faults: Fault | Iterable[Fault]):
        self.faults = [faults] if isinstance(faults, Fault) else list(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))

    def of_file(self, label: str) -> str:
        """The faults as text, where those of one file, or of none that is named, are told of its label: "contracts/register.csv"."""
        own = (None, Path(label).name)
        return "\n".join(f"{replace(one, file=label) if one.file in own else one}" for one in self.faults)


class ConfigError(CwbError):
    """cwb.toml cannot be used as it is."""


class SourceError(CwbError):
    """A raw file cannot be read as the source it is said to be; no row of it is taken."""


class PackError(CwbError):
    """A pack could not be built or did not pass its own checks; nothing is left that looks whole."""


def fault(rule: str, remedy: str, path: Path | str | None = None, **where: object) -> Fault:
    """Make a fault about `path`, shown by its name alone so that no message carries a private folder."""
    name = Path(path).name if path is not None else None
    return Fault(rule=rule, remedy=remedy, file=name, **where)  # type: ignore[arg-type]


# What a drive says, in plain words, and what to do.
_DRIVE = {
    errno.ENOSPC: ("the disk is full", "Free some space, and run again: nothing half written counts."),
    errno.EDQUOT: (
        "your share of the disk is full",
        "Free some space, and run again: nothing half written counts.",
    ),
    errno.EROFS: ("the disk can only be read", "Choose a folder that can be written, in [data] of the settings."),
    errno.EACCES: (
        "there is no permission for it",
        "Let the account that runs cwb use it, or close it in other programs.",
    ),
    errno.EPERM: (
        "there is no permission for it",
        "Let the account that runs cwb use it, or close it in other programs.",
    ),
    errno.ENOTDIR: ("a file stands where a folder is expected", "Move that file away, or name another folder."),
    errno.EEXIST: ("something else of this name is there", "Move it away, or name another."),
    errno.EISDIR: ("a folder stands where a file is expected", "Move that folder away, or name another file."),
    errno.ENOENT: ("it is not there", "Check that the file or folder is there."),
    errno.EMFILE: ("too many files are open", "Close other programs, and run again."),
    errno.ENAMETOOLONG: ("its name is too long", "Shorten the name of the file, or of the folders above it."),
}
# How Python and DuckDB call it; a notebook's cell tells only the name.
SHORT_OF_MEMORY = ("MemoryError", "OutOfMemoryException")
NO_MEMORY = Fault(
    "there is not enough memory", "Close other programs, or set [engine] memory in the settings to what there is."
)
_DUCKDB_FILE = re.compile(r'(?:file|pattern) "(.+?)"(?=: |\n|$| and )')


def machine_fault(error: BaseException) -> Fault | None:
    """What the machine lacks (disk, memory, permission), as a fault of the file where one is known; None for other errors.

    A file is named as seen from here, or by its name alone, never with private folders.
    """
    if isinstance(error, MemoryError) or type(error).__name__ in SHORT_OF_MEMORY:
        return NO_MEMORY
    if isinstance(error, OSError):
        rule, remedy = _DRIVE.get(
            error.errno or 0, (error.strerror or str(error), "Check the drive, and run again.")
        )
        if error.filename and os.path.islink(error.filename) and not os.path.exists(error.filename):  # noqa: PTH110, PTH114
            rule, remedy = "the link leads nowhere", "Put back what it links to, such as a drive."
        return Fault(file=_shown(error.filename), rule=rule, remedy=remedy)
    if type(error).__module__ == "_duckdb" and type(error).__name__ == "IOException":
        # One of its messages is JSON within text, its quotes escaped.
        message = str(error).replace('\\"', '"')
        name = _DUCKDB_FILE.search(message)
        missing = errno.ENOENT if "No files found" in message else 0
        number = next((n for n in _DRIVE if os.strerror(n) in message), missing)
        rule, remedy = _DRIVE.get(number, ("it cannot be read or written", "Check the drive, and run again."))
        return Fault(file=_shown(name[1]) if name else None, rule=rule, remedy=remedy)
    return None


def _shown(name: object) -> str | None:
    if not name:
        return None
    path = Path((os.fsdecode(name) if isinstance(name, str | bytes) else str(name)).removesuffix(".part"))
    try:
        return Path(os.path.abspath(path)).relative_to(Path.cwd()).as_posix()  # noqa: PTH100 - links keep their names
    except (OSError, ValueError):
        return path.name
