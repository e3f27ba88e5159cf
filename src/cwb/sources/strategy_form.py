"""The form `strategy`, filled with the strategy of the council where one is shipped: a row of `reference/strategies.csv` is of the
council of a district, and another council brings its own."""

from __future__ import annotations

from pathlib import Path

from cwb.base.progress import Progress
from cwb.council.config import Settings
from cwb.reference import table
from cwb.sources.forms import new_form, write_form
from cwb.sources.registry import sources

FORM = "strategy"


def shipped_rows(district: str) -> list[dict[str, str]]:
    """The items of the strategy of a district's council by the form's headings; none where none is shipped."""
    rows = table("strategies")
    found: list[dict[str, str]] = rows[rows["lad_code"] == district].to_dict("records")
    return found


def write_strategy_form(settings: Settings, folder: Path, progress: Progress) -> tuple[Path, str]:
    """Write the form into a folder; its path, and what it is filled with. Raises `CwbError` where it is there."""
    path = new_form(FORM, folder)
    headings = sources()[FORM].form()
    rows = shipped_rows(settings.council.home_district)
    write_form(path, [headings, *([row[heading] for heading in headings] for row in rows)])
    if not rows:
        return (
            path,
            "it is empty, for no strategy of this council is shipped: docs/strategy.md says how to write one",
        )
    return (
        path,
        f"it has the {len(rows)} rows of the council's strategy: add roles, targets, intervals and days of review",
    )
