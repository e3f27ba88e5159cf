"""The strategy of the illustrative council: the shipped table, with what its officers have added so far, which is fictional."""

from __future__ import annotations

from pathlib import Path

from cwb.council.config import Settings
from cwb.sample.cells import write_csv
from cwb.sources.registry import sources
from cwb.sources.strategy_form import FORM, shipped_rows

_OWNERS = {
    "A": "Procurement manager",
    "B": "Head of procurement",
    "I": "Procurement manager",
    "O": "Head of procurement",
}


def write_strategy(path: Path, settings: Settings) -> Path:
    """The shipped rows; owners of most, one target, and days of review of two foundations alone, some of them long past."""
    headings = sources()[FORM].form()
    year = settings.baseline_period.start_year
    rows: list[list[object]] = [list(headings)]
    for row in shipped_rows(settings.council.home_district):
        letter, foundation = row["Item"][0], row["Item"][1]
        own: dict[str, object] = {"Owner (role)": _OWNERS.get(letter, "")}
        if letter in _OWNERS and foundation in "125":
            own["Last reviewed on"] = f"14/01/{year + (2 if foundation == '2' else 3)}"
        if row["Item"] == "B3.1":
            own |= {
                "Target": "60%",
                "Target date": f"31/03/{year + 5}",
                "Note": "Agreed with the portfolio holder",
            }
        rows.append([own.get(heading, row[heading]) for heading in headings])
    return write_csv(path, rows)
