"""Find a Tender notices of a range of days: every page of the API, as published, resumed at the page that broke off.

The API gives newest first, 100 releases a page, and the whole address of the next page; it is requested without `stages`,
which was seen to leave out notices under the Procurement Act (formats.md 2.1).
"""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from cwb.base.errors import Fault, SourceError
from cwb.base.progress import Progress, quiet
from cwb.council.config import Settings
from cwb.sources.fetch.datasets import Dataset, check_file, dataset, put_in_place
from cwb.sources.fetch.download import FetchError, Line, download

_MOST_PAGES = 5_000


def fetch_notices(
    settings: Settings, first: date, last: date, line: Line, progress: Progress, today: date | None = None
) -> Path:
    """Fetch all notices published from `first` to `last` into one folder of pages and return it.

    Pages are kept in a hidden folder until the last one is there. Raises `FetchError` or `SourceError`.
    """
    if last < first:
        raise FetchError(Fault(rule="the last day is before the first", remedy="Give --from and --to in order."))
    wanted, today = dataset("notices", settings), today or date.today()
    target = settings.raw / wanted.source / wanted.file.format(**{"from": first, "to": last})
    stage = target.with_name(f".{target.name}")
    stage.mkdir(parents=True, exist_ok=True)
    query = {"limit": 100, "updatedFrom": f"{first}T00:00:00", "updatedTo": f"{last}T23:59:59"}
    url: str | None = f"{wanted.url}?{urlencode(query)}"
    host = urlsplit(wanted.url).netloc
    for number in range(1, _MOST_PAGES + 1):
        page = stage / f"page-{number:04d}.json"
        progress(f"page {number}", number, 0)
        if not page.is_file():
            assert url is not None
            _fetch_page(line, url, page, wanted, today)
        url = _next(page)
        if url is None:
            break
        if urlsplit(url).netloc != host:
            raise FetchError(
                Fault(rule=f"the next page is at another host, {urlsplit(url).netloc}", remedy="Stop.")
            )
    if target.exists():
        shutil.rmtree(target)
    stage.rename(target)
    return target


def _fetch_page(line: Line, url: str, page: Path, wanted: Dataset, today: date) -> None:
    part = download(line, url, page, quiet)

    def check(path: Path) -> None:
        check_file(wanted.source, path, page)
        _package(path)

    put_in_place(part, page, wanted, url, today, check)


def _package(path: Path) -> dict[str, object]:
    try:
        package = json.loads(path.read_text(encoding="utf-8-sig"))
    except ValueError:
        package = None
    if not isinstance(package, dict) or "releases" not in package:
        raise SourceError(
            Fault(
                file=path.name,
                rule="the answer is not an OCDS release package",
                remedy="Fetch again later: the service may have been down.",
            )
        )
    return package


def _next(page: Path) -> str | None:
    """The address of the next page; none when there are no links, which is how the last page says so."""
    links = _package(page).get("links")
    following = links.get("next") if isinstance(links, dict) else None
    return str(following) if following else None
