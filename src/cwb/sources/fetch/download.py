"""One file over HTTP: resumed where it broke off, patient where the server asks for patience, never half in place."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

import httpx

from cwb import __version__
from cwb.base.errors import CwbError, Fault
from cwb.base.progress import Progress

TRIES = 6
_LONGEST_WAIT = 300.0
_AGAIN = {408, 425, 429, 500, 502, 503, 504}


class FetchError(CwbError):
    """A dataset could not be fetched; nothing was put in its place."""


@dataclass
class Line:
    """A connection with its patience. `wait` and `tries` are for tests and slow networks."""

    client: httpx.Client
    wait: Callable[[float], None] = time.sleep
    tries: int = TRIES

    def pause(self, attempt: int, response: httpx.Response | None = None) -> None:
        """Wait as long as the server asks (`Retry-After`, in seconds or as a date), else longer each time."""
        seconds = min(2.0**attempt, 60.0)
        header = response.headers.get("retry-after", "") if response is not None else ""
        if header.strip().isdigit():
            seconds = float(header)
        elif header:
            with suppress(TypeError, ValueError):
                seconds = (parsedate_to_datetime(header) - datetime.now(UTC)).total_seconds()
        if seconds > _LONGEST_WAIT:
            raise FetchError(
                Fault(
                    rule=f"the server asks to wait {seconds / 60:.0f} minutes",
                    remedy="Fetch again after that time.",
                )
            )
        self.wait(max(seconds, 0.0))


@contextmanager
def open_line(timeout: float = 30.0) -> Iterator[Line]:
    """A line to publishers; a server that sends nothing for `timeout` seconds has stalled."""
    headers = {"User-Agent": f"cwb/{__version__}", "Accept-Encoding": "identity"}
    with httpx.Client(timeout=httpx.Timeout(timeout), headers=headers, follow_redirects=True) as client:
        yield Line(client)


def download(line: Line, url: str, target: Path, progress: Progress) -> Path:
    """Fetch `url` into `<target>.part` and return that path; the caller checks it and puts it in place.

    What an earlier run left is continued with a range request when the server says that it is the same file.
    Raises `FetchError` when the file is not there, or when the line breaks more often than `line.tries` in a row
    without a byte gained.
    """
    part, state = target.with_name(target.name + ".part"), target.with_name(target.name + ".part.json")
    part.parent.mkdir(parents=True, exist_ok=True)
    attempt = 0
    while True:
        had = part.stat().st_size if part.is_file() else 0
        response: httpx.Response | None = None
        reason = ""
        try:
            with line.client.stream("GET", url, headers=_range(part, state, url)) as response:
                if response.status_code == 416:
                    part.unlink(missing_ok=True)
                    reason = "the part that was there does not fit the file"
                elif response.status_code in _AGAIN:
                    reason = f"the server answered {response.status_code}"
                elif response.status_code not in (200, 206):
                    raise FetchError(_refused(url, response.status_code))
                elif _receive(response, url, part, state, target.name, progress):
                    state.unlink(missing_ok=True)
                    return part
                else:
                    reason = "the file broke off"
        except httpx.TimeoutException:
            reason = "the server stalled"
        except httpx.TransportError as error:
            reason = str(error) or type(error).__name__
        gained = (part.stat().st_size if part.is_file() else 0) > had
        attempt = 0 if gained else attempt + 1
        if attempt >= line.tries:
            raise FetchError(
                Fault(
                    file=target.name,
                    rule=f"not fetched after {line.tries} tries: {reason}",
                    remedy="Run the command again later: it goes on where it stopped.",
                )
            )
        line.pause(attempt, response if response is not None and response.status_code in _AGAIN else None)


def _refused(url: str, status: int) -> Fault:
    return Fault(
        file=url.split("?", 1)[0],
        rule=f"the publisher answered {status}",
        remedy="Its address may have changed: find it on the publisher's page and name it under [data.addresses].",
    )


def _range(part: Path, state: Path, url: str) -> dict[str, str]:
    """Headers that ask for the rest, only where the server can tell that it is the rest of the same file."""
    if not part.is_file() or not state.is_file():
        part.unlink(missing_ok=True)
        return {}
    stored = json.loads(state.read_text(encoding="utf-8"))
    if stored["url"] != url or not stored["mark"]:
        part.unlink(missing_ok=True)
        return {}
    return {"Range": f"bytes={part.stat().st_size}-", "If-Range": stored["mark"]}


def _receive(response: httpx.Response, url: str, part: Path, state: Path, name: str, progress: Progress) -> bool:
    """Write what comes; True when as much came as was promised."""
    continues = response.status_code == 206
    have = part.stat().st_size if continues else 0
    length = response.headers.get("content-length", "")
    total = have + int(length) if length.isdigit() else 0
    etag = response.headers.get("etag", "")
    mark = etag if etag and not etag.startswith("W/") else response.headers.get("last-modified", "")
    state.write_text(json.dumps({"url": url, "mark": mark}), encoding="utf-8")
    with part.open("ab" if continues else "wb") as handle:
        for chunk in response.iter_raw(1 << 18):
            handle.write(chunk)
            have += len(chunk)
            progress(name, have, total)
    return not total or have == total
