"""What the command fetch does, behind the command line that only shows it."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from cwb.base.errors import Fault
from cwb.base.months import parse_month
from cwb.base.progress import Progress
from cwb.base.values import parse_date
from cwb.council.config import load_config
from cwb.sources.fetch.address import FetchError
from cwb.sources.fetch.datasets import fetch_file, fetch_years, is_yearly
from cwb.sources.fetch.line import open_line
from cwb.sources.fetch.notices import fetch_notices

# Unless years are asked for, three come: this one, the one before, and one from which it is known what has lapsed.
_YEARS_BACK = 2


def fetch_dataset(name: str, first: str | None, last: str | None, config: Path, progress: Progress) -> Path:
    """Fetch a dataset, the notices of a range of days, or the files of a range of registry years; raise `FetchError` for days or
    years that cannot be read."""
    settings = load_config(config)
    with open_line(minutes=settings.fetch.most_minutes) as line:
        if is_yearly(settings, name):
            return fetch_years(settings, name, _years(first, last), line, progress)
        if name != "notices":
            if first or last:
                rule = "--from and --to are for notices and for files of registry years"
                raise FetchError(Fault(rule=rule, remedy="Leave them out."))
            return fetch_file(settings, name, line, progress)
        return fetch_notices(settings, _day("--from", first), _day("--to", last), line, progress)


def _day(option: str, text: str | None) -> date:
    found = None if parse_month(text) else parse_date(text)
    if found is None:
        raise FetchError(
            Fault(rule=f"{option} is not a day", value=text or "", remedy="Write the day as 2026-08-01.")
        )
    return found


def _years(first: str | None, last: str | None) -> range:
    """The registry years from one to another, by default from two years ago to this one."""
    for option, text in (("--from", first), ("--to", last)):
        if text is not None and not re.fullmatch(r"20\d\d", text):
            raise FetchError(Fault(rule=f"{option} is not a year", value=text, remedy="Write the year as 2026."))
    until = int(last or date.today().year)
    since = int(first or until - _YEARS_BACK)
    if until < since:
        raise FetchError(Fault(rule="the last year is before the first", remedy="Give --from and --to in order."))
    return range(since, until + 1)
