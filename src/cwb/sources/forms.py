"""Empty forms to send to those who publish nothing: an anchor without a spending file, a supplier, a service.

Each is a CSV file with the headings that our readers take.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

from cwb.base.errors import CwbError, Fault
from cwb.base.progress import written
from cwb.council.anchor_table import HEADINGS
from cwb.sources.registry import sources

# The first row of every form that names whom the council pays.
NAMES_PAYEES = (
    "This list names payees, who may be persons: keep it to those who fill it in, and publish no part of it."
)


def templates() -> dict[str, tuple[str, ...]]:
    """Name of each form → its headings."""
    forms = {name.replace("_", "-"): form for name, source in sources().items() if (form := source.form())}
    return {"anchors": HEADINGS, **forms}


def write_template(name: str, folder: Path, filled: Iterable[str] = ()) -> Path:
    """Write an empty form into a folder and return its path; raise `CwbError` for an unknown name or a file that is there.

    `filled` are forms of other names, which what is known of a council fills in: an unknown name is answered with these too.
    """
    known = templates()
    if name not in known:
        remedy = f"Choose from {', '.join((*known, *(one for one in filled if one not in known)))}."
        raise CwbError(Fault(rule="this form is not known", value=name, remedy=remedy))
    path = new_form(name, folder)
    write_form(path, [known[name]])
    return path


def new_form(name: str, folder: Path) -> Path:
    """The path of a form that is not there yet; raise `CwbError` where it is, for somebody may have filled it in."""
    path = folder / f"{name}.csv"
    if path.exists():
        remedy = (
            "Nothing is filled in: delete it, and run again; or name another folder."
            if _is_empty(path)
            else "Move it, or name another folder."
        )
        raise CwbError(Fault(file=path.name, rule="a file of this name is there", remedy=remedy))
    return path


def _is_empty(path: Path) -> bool:
    """Whether a form has its headings alone, as `cwb init` writes it."""
    return sum(any(byte not in b" ,;\t\r" for byte in line) for line in path.read_bytes().split(b"\n")) <= 1


def write_form(path: Path, rows: Iterable[Sequence[str]]) -> None:
    """Write a form's headings and rows so that a spreadsheet program reads them."""
    with written(path) as part, part.open("w", encoding="utf-8-sig", newline="") as handle:
        csv.writer(handle).writerows(rows)
