"""What the command fetch does, behind the command line that only shows it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from cwb.base.errors import Fault
from cwb.base.months import parse_month
from cwb.base.progress import Progress
from cwb.base.values import parse_date
from cwb.council.config import load_config
from cwb.sources.fetch.address import FetchError
from cwb.sources.fetch.datasets import fetch_file
from cwb.sources.fetch.line import open_line
from cwb.sources.fetch.notices import fetch_notices


def fetch_dataset(name: str, first: str | None, last: str | None, config: Path, progress: Progress) -> Path:
    """Fetch a dataset, or the notices of a range of days; raise `FetchError` for days that cannot be read."""
    settings = load_config(config)
    with open_line(minutes=settings.fetch.most_minutes) as line:
        if name != "notices":
            if first or last:
                raise FetchError(Fault(rule="--from and --to are for notices", remedy="Leave them out."))
            return fetch_file(settings, name, line, progress)
        return fetch_notices(settings, _day("--from", first), _day("--to", last), line, progress)


def _day(option: str, text: str | None) -> date:
    found = None if parse_month(text) else parse_date(text)
    if found is None:
        raise FetchError(
            Fault(rule=f"{option} is not a day", value=text or "", remedy="Write the day as 2026-08-01.")
        )
    return found
