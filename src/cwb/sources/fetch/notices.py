"""Find a Tender notices of a range of days: every page of the API, as published, resumed at the page that broke off.

The API gives newest first, 100 releases a page, and the whole address of the next page; it is requested without `stages`,
which was seen to leave out notices under the Procurement Act (formats.md 2.1).
"""

from __future__ import annotations

import hashlib
import json
import shutil
from datetime import date
from pathlib import Path
from urllib.parse import urlencode, urljoin, urlsplit

from cwb.base.errors import Fault, SourceError
from cwb.base.folders import exchanged
from cwb.base.kept import sha256_of
from cwb.base.progress import Progress, quiet
from cwb.council.config import Settings
from cwb.sources.fetch.address import FetchError, shown
from cwb.sources.fetch.datasets import Dataset, dataset
from cwb.sources.fetch.download import MEGABYTE, NotThereError, download
from cwb.sources.fetch.line import Line
from cwb.sources.fetch.place import check_file, put_in_place
from cwb.sources.inputs import read_sidecar, sidecar_of

_MOST_PAGES = 5_000
_MOST_EMPTY = 3
# All pages together have at most this many times the bytes that one may have.
_MOST_TIMES = 200
_ASK_LESS = "Fetch fewer days; if it stays so, the service has a fault: try again later."


def fetch_notices(
    settings: Settings, first: date, last: date, line: Line, progress: Progress, today: date | None = None
) -> Path:
    """Fetch all notices published from `first` to `last` into one folder of pages and return it.

    Pages are kept in a hidden folder until the last one is there. Raises `FetchError` or `SourceError`; also where fewer
    notices came than the folder of these days holds, which then stays.
    """
    if last < first:
        raise FetchError(Fault(rule="the last day is before the first", remedy="Give --from and --to in order."))
    wanted, today = dataset("notices", settings), today or date.today()
    target = settings.raw / wanted.source / wanted.file.format(**{"from": first, "to": last})
    stage, old = target.with_name(f".{target.name}"), target.with_name(f".{target.name}.old")
    if old.is_dir() and not target.exists():
        old.rename(target)
    stage.mkdir(parents=True, exist_ok=True)
    query = {"limit": 100, "updatedFrom": f"{first}T00:00:00", "updatedTo": f"{last}T23:59:59"}
    walk = _Walk(line, wanted, stage, wanted.most_bytes(settings), today, last)
    count = walk.all_pages(f"{wanted.url}?{urlencode(query)}", progress)
    before = sum(_count(page) for page in target.glob("page-*.json"))
    if count < before:
        shutil.rmtree(stage)
        rule = f"{count:,} notices came, and the folder that stands has {before:,} of the same days"
        remedy = "If notices were withdrawn, move that folder out of data/raw and fetch again."
        raise FetchError(Fault(file=target.name, rule=rule, remedy=remedy))
    # The old folder stays beside until the new one has its name: whenever this is cut off, one of them is there.
    exchanged(stage, target)
    return target


class _Walk:
    """One walk from page to page of a range of days, in the folder that holds its pages."""

    def __init__(self, line: Line, wanted: Dataset, stage: Path, most: int, today: date, last: date):
        self.line, self.wanted, self.stage, self.most, self.today = line, wanted, stage, most, today
        self.note = "" if last < today else "; the last day asked for was not over"
        self._asked: set[str] = set()
        self._seen: dict[str, int] = {}
        self._empty = 0
        self._bytes = 0

    def all_pages(self, url: str, progress: Progress) -> int:
        """Fetch every page that is not there yet; returns how many notices there are."""
        origin, count = urlsplit(url)[:2], 0
        keep = True
        for number in range(1, _MOST_PAGES + 1):
            page = self.stage / f"page-{number:04d}.json"
            progress(f"page {number}", number, 0)
            # Behind a page that is fetched again others may follow than did before.
            keep = keep and self._is_kept(page)
            if not keep:
                self._fetch(url, page)
            self._asked.add(url)
            count += self._judge(page, number)
            following = self._next(page, url, origin)
            if following is None:
                self._keep_only(number)
                return count
            url = following
        raise self._wrong(f"there are more than {_MOST_PAGES:,} pages")

    def _fetch(self, url: str, page: Path) -> None:
        for stale in (page, sidecar_of(page)):
            stale.unlink(missing_ok=True)
        try:
            fetched = download(self.line, url, page, quiet, self.most)
        except NotThereError as error:
            # A cursor of an earlier run may have run out.
            if self._asked:
                raise self._wrong(f"{page.name} is not there any more ({error.faults[0].rule})") from None
            raise

        def check(part: Path) -> None:
            check_file(self.wanted.source, part, page, ())
            _package(part)

        wanted = self.wanted
        put_in_place(fetched, page, wanted.publisher, wanted.licence, self.today, check, self.note)

    def _is_kept(self, page: Path) -> bool:
        """Whether a page of an earlier run stands as it came, and no notice can have come since into its days."""
        try:
            sidecar = read_sidecar(page)
        except SourceError:
            return False
        closed = "was not over" not in sidecar.get("completeness", "")
        of_day = closed or sidecar.get("retrieved") == f"{self.today:%Y-%m-%d}"
        return page.is_file() and of_day and sidecar.get("sha256") == sha256_of(page)

    def _keep_only(self, number: int) -> None:
        """Remove what an earlier run left behind the last page, and beside the others."""
        pages = [self.stage / f"page-{one:04d}.json" for one in range(1, number + 1)]
        whole = {*pages, *map(sidecar_of, pages)}
        for path in self.stage.iterdir():
            if path not in whole:
                path.unlink()

    def _judge(self, page: Path, number: int) -> int:
        """How many notices a page holds; raises `FetchError` for a page that came before, and for many without any."""
        releases = _releases(page)
        self._bytes += page.stat().st_size
        if self._bytes > _MOST_TIMES * self.most:
            raise self._wrong(f"the pages have more than {_MOST_TIMES * self.most / MEGABYTE:,.0f} MB together")
        self._empty = 0 if releases else self._empty + 1
        if self._empty > _MOST_EMPTY:
            rule = f"{self._empty} pages in a row, to page {number}, hold no notice and name a next page"
            raise self._wrong(rule)
        content = hashlib.sha256(json.dumps(releases, sort_keys=True).encode()).hexdigest()
        if releases and (earlier := self._seen.setdefault(content, number)) != number:
            rule = f"page {number} holds the same notices as page {earlier}"
            raise self._wrong(rule)
        return len(releases)

    def _wrong(self, rule: str) -> FetchError:
        """A fault of how pages follow one another; none is kept, so that the next fetch does not meet it again."""
        shutil.rmtree(self.stage)
        return FetchError(Fault(rule=rule, remedy=_ASK_LESS))

    def _next(self, page: Path, url: str, origin: tuple[str, ...]) -> str | None:
        """The address of the next page; none when there are no links, which is how the last page says so.

        Raises `FetchError` for one at another host or without HTTPS, and for a page that has been read.
        """
        links = _package(page).get("links")
        following = links.get("next") if isinstance(links, dict) else None
        if not following:
            return None
        try:
            address = urljoin(url, following if isinstance(following, str) else "http://[")
            same = urlsplit(address)[:2] == origin
        except ValueError:
            raise self._wrong(f"what {page.name} names as the next page is no address") from None
        if not same:
            raise self._wrong(f"the next page is at another host, {shown(address)}")
        if address in self._asked:
            raise self._wrong(f"{page.name} names as the next page one that has been read: there is no last page")
        return address


def _package(path: Path) -> dict[str, object]:
    try:
        package = json.loads(path.read_text(encoding="utf-8-sig"))
    except (ValueError, RecursionError):
        package = None
    if not isinstance(package, dict) or not isinstance(package.get("releases"), list):
        raise SourceError(
            Fault(
                file=path.name.removesuffix(".part"),
                rule="the answer is not an OCDS release package",
                remedy="Fetch again later: the service may have been down.",
            )
        )
    return package


def _releases(path: Path) -> list[object]:
    releases = _package(path)["releases"]
    return releases if isinstance(releases, list) else []


def _count(path: Path) -> int:
    """How many notices a page that stands holds; 0 for one that cannot be read, which a new one may replace."""
    try:
        return len(_releases(path))
    except SourceError:
        return 0
