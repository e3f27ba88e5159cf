"""The form `checklists`, with a column for each commitment of the council's strategy where these are shipped."""

from __future__ import annotations

from pathlib import Path

from cwb.base.progress import Progress
from cwb.council.config import Settings
from cwb.sources.datasets.checklists import ANSWERS, SOURCE, commitments_of
from cwb.sources.forms import new_form, write_form

FORM = "checklists"
_ONE_CELL = "Commitments touched"


def write_checklist_form(settings: Settings, folder: Path, progress: Progress) -> tuple[Path, str]:
    """Write the form into a folder; its path, and what to fill in. Raises `CwbError` where it is there."""
    path = new_form(FORM, folder)
    known = commitments_of(settings.council.home_district)
    headings = SOURCE.form()
    if known:
        headings = (
            *(one for one in headings if one != _ONE_CELL),
            *(f"{item} {words}" for item, words in known.items()),
        )
    write_form(path, [headings])
    if not known:
        return (
            path,
            "add a column for each commitment of your strategy, headed by its number and words (B2.7 less waste)",
        )
    return path, f"its {len(known)} columns of commitments take {', '.join(ANSWERS[:-1])} or {ANSWERS[-1]}"
