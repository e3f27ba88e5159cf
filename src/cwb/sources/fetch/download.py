"""One file over HTTP: whole or not at all, resumed where it broke off, with a word on how it is known to be whole."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from email.utils import parsedate_to_datetime
from pathlib import Path

import httpx

from cwb.base.characters import printable
from cwb.base.errors import Fault
from cwb.base.progress import Progress, written
from cwb.sources.fetch.address import FetchError, shown
from cwb.sources.fetch.line import Line, hopeless

_AGAIN = {408, 425, 429, 500, 502, 503, 504}
_GONE = {400, 404, 410}
_DENIED = {401, 403, 407, 451}
MEGABYTE = 1_000_000
_RANGE = r"bytes (\d{1,18})-(\d{1,18})/(\d{1,18}|\*)"
_UNFIT = "what the server sent does not continue the part that is here"


class NotThereError(FetchError):
    """The publisher has nothing at the address."""


@dataclass(frozen=True)
class Fetched:
    """A file that has come, still under its temporary name.

    `url` was asked for, `final_url` answered; `completeness` says how it is known that nothing is missing, or that it is not.
    """

    part: Path
    url: str
    final_url: str
    completeness: str


@dataclass(frozen=True)
class _State:
    """What is known of a part: of which address, the publisher's mark of the file (an ETag, a date), bytes of the whole."""

    url: str
    mark: str
    total: int | None

    @classmethod
    def read(cls, path: Path) -> _State | None:
        """The state beside a part; None where there is none that can be read."""
        try:
            held = json.loads(path.read_text(encoding="utf-8"))
            url, mark, total = held["url"], held["mark"], held["total"]
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return None
        fits = isinstance(url, str) and isinstance(mark, str) and (total is None or isinstance(total, int))
        return cls(url, mark, total) if fits else None


def part_of(target: Path) -> Path:
    return target.with_name(target.name + ".part")


def state_of(target: Path) -> Path:
    return target.with_name(target.name + ".part.json")


def discard(target: Path) -> None:
    """Remove what a fetch of this file has left."""
    part_of(target).unlink(missing_ok=True)
    state_of(target).unlink(missing_ok=True)


def download(
    line: Line, url: str, target: Path, progress: Progress, most: int, *, named_by_server: bool = False
) -> Fetched:
    """Fetch `url` into `<target>.part`; the caller checks it and puts it in place.

    What an earlier run left is continued when the server says that it is the same file and continues it at the right byte.
    `most` is how many bytes the file may have. Raises `FetchError` when it is not there or is too large, when the line breaks
    more often than `line.tries` in a row without a byte gained, when time is over.
    """
    part = part_of(target)
    part.parent.mkdir(parents=True, exist_ok=True)
    attempt, farthest = 0, _size(part)
    while True:
        transfer = _Transfer(url, target, progress, most)
        again: httpx.Response | None = None
        try:
            with line.get(url, transfer.headers(), named_by_server=named_by_server) as response:
                if response.status_code in _AGAIN:
                    again, reason = response, f"the server answered {response.status_code}"
                else:
                    reason = transfer.take(response, line)
                    line.check_time()
                    if not reason:
                        return Fetched(part, url, str(response.url), transfer.completeness)
        except httpx.TimeoutException:
            reason = "the server stalled"
        except (httpx.TransportError, httpx.InvalidURL) as error:
            if fault := hopeless(error):
                raise FetchError(fault) from None
            reason = printable(str(error))[:200] or type(error).__name__
        line.check_time()
        attempt = 0 if _size(part) > farthest else attempt + 1
        farthest = max(farthest, _size(part))
        if attempt >= line.tries:
            raise FetchError(
                Fault(
                    file=target.name,
                    rule=f"not fetched after {line.tries} tries: {reason}",
                    remedy="Run the command again later: it goes on where it stopped.",
                )
            )
        line.pause(attempt, again)


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0


@dataclass(frozen=True)
class _Span:
    """Which bytes an answer holds: from `start` to before `end`, of `total` in all; None where the server does not say."""

    start: int
    end: int | None
    total: int | None

    @classmethod
    def of(cls, response: httpx.Response) -> _Span | None:
        """None for a partial answer that does not say which part it is."""
        if response.status_code == 200:
            length = response.headers.get("content-length", "")
            total = int(length) if re.fullmatch(r"\d{1,18}", length) else None
            return cls(0, total, total)
        stated = re.fullmatch(_RANGE, response.headers.get("content-range", ""))
        if stated is None:
            return None
        return cls(int(stated[1]), int(stated[2]) + 1, None if stated[3] == "*" else int(stated[3]))


class _Transfer:
    """One request for a file, or for the rest of one."""

    def __init__(self, url: str, target: Path, progress: Progress, most: int):
        self.url, self.target, self.progress, self.most = url, target, progress, most
        self.part = part_of(target)
        self.have = _size(self.part)
        state = _State.read(state_of(target)) if self.have else None
        self.state = state if state and state.url == url and state.mark else None
        if self.state is None:
            discard(target)
            self.have = 0
        self.completeness = ""

    def headers(self) -> dict[str, str]:
        """What asks for the rest, only where the server can tell that it is the rest of the same file."""
        return {"Range": f"bytes={self.have}-", "If-Range": self.state.mark} if self.state else {}

    def take(self, response: httpx.Response, line: Line) -> str:
        """Write what comes and say how it is known to be whole; returns why it is not, "" for a whole file."""
        if response.status_code == 416 and self.state:
            return self._nothing_more(response)
        self._check(response)
        span = _Span.of(response)
        if response.status_code == 206:
            if span is None or not self._continues(span, response):
                discard(self.target)
                return _UNFIT
            total = span.total or (self.state.total if self.state else None)
        else:
            assert span is not None
            total, self.have = span.total, 0
            with written(state_of(self.target)) as path:
                state = _State(self.url, _mark(response), total)
                path.write_text(json.dumps(asdict(state)), encoding="utf-8")
        if (total or 0) > self.most:
            raise self._too_large(total or 0)
        self._write(response, line, total or 0)
        ends = total if span.end is None else max(span.end, total or 0)
        if ends is not None and self.have != ends:
            if self.have > ends:
                discard(self.target)
            return "the file broke off"
        self.completeness = _completeness(response, total)
        return ""

    def _nothing_more(self, response: httpx.Response) -> str:
        """The server has no byte after ours: the part is whole, or is not of this file."""
        whole = re.fullmatch(r"bytes \*/(\d{1,18})", response.headers.get("content-range", ""))
        if whole and int(whole[1]) == self.have:
            self.completeness = _stated(self.have)
            return ""
        discard(self.target)
        return _UNFIT

    def _check(self, response: httpx.Response) -> None:
        """Raise `FetchError` for an answer that is no file, and will not be one at the next try."""
        status = response.status_code
        kind = response.headers.get("content-type", "").lower()
        packed = response.headers.get("content-encoding", "").lower()
        if status not in (200, 206):
            if status in _GONE:
                discard(self.target)
                raise NotThereError(_refused(self.url, status))
            raise FetchError(_refused(self.url, status))
        if kind.startswith(("text/html", "application/xhtml")):
            rule = "the address gave a web page and not the data"
            remedy = "A page to sign in, or of your network's filter, looks like this: open the address in a browser to see it."
            raise FetchError(Fault(file=self.target.name, rule=rule, remedy=remedy))
        if packed not in ("", "identity"):
            rule = f"the server sent the file packed ({printable(packed)[:40]}), which was not asked for"
            raise FetchError(Fault(file=self.target.name, rule=rule, remedy="Download it by hand in a browser."))

    def _continues(self, span: _Span, response: httpx.Response) -> bool:
        """Whether a partial answer goes on at our last byte, of a file of the same length and mark.

        By RFC 9110 (15.3.7) a partial answer repeats the ETag, and need not repeat the date.
        """
        state = self.state
        if state is None or span.start != self.have or (span.end or 0) <= span.start:
            return False
        by_etag = state.mark.startswith('"')
        mark = response.headers.get("etag" if by_etag else "last-modified")
        lengths = {span.total, state.total} - {None}
        return (mark == state.mark or (mark is None and not by_etag)) and len(lengths) < 2

    def _write(self, response: httpx.Response, line: Line, total: int) -> None:
        """Write the answer's bytes; the drive's own errors name the file."""
        try:
            with self.part.open("ab" if response.status_code == 206 else "wb") as handle:
                for chunk in response.iter_raw():
                    line.check_time()
                    self.have += len(chunk)
                    if self.have > self.most:
                        raise self._too_large(self.have)
                    handle.write(chunk)
                    self.progress(self.target.name, self.have, total)
        except OSError as error:
            raise OSError(error.errno, error.strerror, str(self.part)) from None

    def _too_large(self, size: int) -> FetchError:
        discard(self.target)
        rule = f"it has {size / MEGABYTE:,.1f} MB or more, and {self.most / MEGABYTE:,.1f} MB is the most that is taken"
        remedy = "If the publisher's file is that large, raise most_megabytes under [fetch] in cwb.toml."
        return FetchError(Fault(file=self.target.name, rule=rule, remedy=remedy))


def _mark(response: httpx.Response) -> str:
    """What tells this file from a later one, to the byte: a strong ETag, or a date of change that was over a minute ago.

    A date nearer to the answer's own may stand for two files (RFC 9110, 8.8.2.2).
    """
    etag = response.headers.get("etag", "")
    if re.fullmatch(r'"[^"]*"', etag):
        return str(etag)
    changed, now = response.headers.get("last-modified", ""), response.headers.get("date", "")
    try:
        old = (parsedate_to_datetime(now) - parsedate_to_datetime(changed)).total_seconds() > 60
    except (TypeError, ValueError, OverflowError):
        return ""
    return str(changed) if old else ""


def _stated(total: int) -> str:
    return f"whole: all {total:,} bytes that the server stated came"


def _completeness(response: httpx.Response, total: int | None) -> str:
    if total is not None:
        return _stated(total)
    if response.status_code == 200 and "chunked" in response.headers.get("transfer-encoding", "").lower():
        return "whole: the server stated no length and marked the end"
    return "not known: the server stated no length and marked no end"


def _refused(url: str, status: int) -> Fault:
    if status in _DENIED:
        remedy = "It may want a name and password, or your network may block it: open the publisher's page in a browser."
    else:
        remedy = (
            "Its address may have changed: find it on the publisher's page and name it under [data.addresses]."
        )
    return Fault(file=shown(url), rule=f"the publisher answered {status}", remedy=remedy)
