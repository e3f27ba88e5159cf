"""Errors that a council officer can act on: each names file, row, column, rule and remedy.

A `Fault` is one thing wrong with one input. Readers collect faults and raise them together, so that
a file with nine problems is mended once and not nine times.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
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


def drive_fault(error: OSError) -> Fault:
    """What the drive said, as a fault of the file: seen from here, or by its name alone, never with private folders."""
    path = Path(str(error.filename or ""))
    near = path.resolve().relative_to(Path.cwd()) if path.resolve().is_relative_to(Path.cwd()) else Path(path.name)
    return Fault(
        file=near.as_posix() if error.filename else None,
        rule=error.strerror or str(error),
        remedy="Check that the file is there, closed in other programs, and that the disk is not full.",
    )
