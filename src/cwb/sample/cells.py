"""How cells are written."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

from cwb.sources.registry import sources


def write_csv(
    path: Path, rows: Iterable[Sequence[object]], encoding: str = "utf-8", newline: str = "\r\n"
) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding=encoding, newline="") as handle:
        csv.writer(handle, lineterminator=newline).writerows(rows)
    return path


def headed(form: str) -> list[list[object]]:
    """A form as it is sent out: the row of its headings, below which those who fill it in write."""
    return [list(sources()[form].form())]


def yes_no(flag: object) -> str:
    return {True: "Yes", False: "No"}.get(flag, "") if isinstance(flag, bool) else ""
