"""Columns of persons: a form that has one is refused whole, since roles are asked for and nobody's name is needed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from cwb.base.errors import Fault
from cwb.sources.layout import normalise_header

_WHO = (
    "apprentice|attendee|beneficiary|candidate|caseworker|child|claimant|client|contact|customer|delegate|employee|individual|learner|"
    "manager|member|officer|participant|person|resident|staff|student|trainee|volunteer|worker"
)
_PERSON = re.compile(
    rf"(?:first|last|full|given|family|fore|sur|middle|maiden|preferred)\s?names?|names?|names? of (?:the )?(?:{_WHO})s?(?: .*)?|"
    rf"(?:{_WHO})s?(?:'s|s'|\u2019s)? (?:full |first |last )?names?|.*\be-?mail\b.*|.*\b(?:tele)?phone\b.*|mobile(?: number)?|"
    r"(?:date of birth|dob|birth date|national insurance(?: number)?|ni number|nino|home address)"
)


def person_column(cells: Iterable[str]) -> tuple[int, str] | None:
    """The place and heading of the first column that holds persons by its heading; None where there is none."""
    return next(((at, cell) for at, cell in enumerate(cells) if _PERSON.fullmatch(normalise_header(cell))), None)


def person_fault(path: Path, sheet: str | None, row: int, heading: str) -> Fault:
    """Why a form with such a column is not read."""
    return Fault(
        file=path.name,
        sheet=sheet,
        row=row,
        column=heading.strip(),
        rule="this column is for persons, and no form keeps persons",
        remedy="Take the column out, and give roles where the form asks for them. Nothing of the file was kept.",
    )
