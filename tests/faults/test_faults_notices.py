"""What the service of notices can do to a fetch of some days: all pages stand in the folder, or none."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from cwb.base.errors import CwbError, SourceError
from cwb.council.config import Settings
from cwb.sources.fetch import notices
from cwb.sources.fetch.address import FetchError
from cwb.sources.fetch.line import Line, open_line
from cwb.sources.fetch.notices import fetch_notices
from publisher import TODAY, Dies, Killed, Server, fault, send, small_settings

Page = Callable[[int], dict[str, object]]


@pytest.fixture
def settings(tmp_path: Path, server: Server) -> Settings:
    return small_settings(tmp_path, server)


def days(settings: Settings, line: Line, last: int = 11, today: date = TODAY) -> Path:
    return fetch_notices(settings, date(2026, 11, 10), date(2026, 11, last), line, lambda *_: None, today)


def page(number: int, following: object = None, releases: int = 2) -> dict[str, object]:
    """A page of some releases of its own, and what it names as the next one."""
    held = [{"ocid": f"o{number}-{n}", "id": f"{number:05d}{n}-2026"} for n in range(releases)]
    return {"releases": held, **({"links": {"next": following}} if following else {})}


def serve(server: Server, content: Page | None = None, count: int = 3) -> None:
    """Pages by cursor, as the service gives them; `content` makes those of another kind."""

    def answered(handler: object, _: int) -> None:
        path = str(getattr(handler, "path", ""))
        at = int(path.rpartition("cursor=")[2]) if "cursor=" in path else 1
        usual = page(at, f"{server.url}/notices?cursor={at + 1}" if at < count else None)
        made = (content or (lambda _: usual))(at) or usual
        send(handler, made if isinstance(made, bytes) else json.dumps(made).encode())  # type: ignore[arg-type]

    server.answers["/notices"] = answered


def nothing_stands(settings: Settings) -> bool:
    return settings.files("notices") == []


LINKS = (
    ("N64", "at another host", "https://publisher.example/notices?cursor=2", "another host"),
    ("N65", "at the same host without HTTPS", "ftp://127.0.0.1/notices", "another host"),
    ("N66", "with a name and a password in it", "http://a:b@{host}/notices?cursor=2", "another host"),
    ("N67", "which is the page itself", "{url}/notices?cursor=2", "no last page"),
    ("N89", "which is no address", "http://[", "is no address"),
    ("N68", "which is no text", {"href": "{url}/notices?cursor=2"}, "is no address"),
)


@pytest.mark.parametrize(
    ("following", "said"),
    [
        pytest.param(
            f, s, marks=fault(n, f"A page names a next one {d}", "It is not followed, and no folder stands")
        )
        for n, d, f, s in LINKS
    ],
)
def test_a_next_page_that_is_not_followed(
    following: object, said: str, settings: Settings, line: Line, server: Server
) -> None:
    if isinstance(following, str):
        following = following.format(url=server.url, host=server.url.removeprefix("http://"))
    serve(server, lambda at: page(at, following))
    with pytest.raises(FetchError, match=said):
        days(settings, line)
    assert nothing_stands(settings)
    assert len(server.asked) <= 2


@fault("N69", "Pages name one another in a circle", "The circle is told")
def test_a_circle_of_pages(settings: Settings, line: Line, server: Server) -> None:
    serve(server, lambda at: page(at, f"{server.url}/notices?cursor={2 if at == 3 else at + 1}"))
    with pytest.raises(FetchError, match="no last page"):
        days(settings, line)
    assert len(server.asked) == 3
    assert nothing_stands(settings)


@fault(
    "N85",
    "Pages went in a circle, and the service has been mended",
    "The next fetch takes every page anew and is whole",
)
def test_a_mended_service(settings: Settings, line: Line, server: Server) -> None:
    serve(server, lambda at: page(at, f"{server.url}/notices?cursor=2"))
    with pytest.raises(FetchError, match="no last page"):
        days(settings, line)
    serve(server)
    assert len(list(days(settings, line).glob("page-*.json"))) == 3


@fault("N70", "There is a next page for ever, each with the same notices", "The repetition is told")
def test_the_same_notices_again(settings: Settings, line: Line, server: Server) -> None:
    serve(server, lambda at: page(1, f"{server.url}/notices?cursor={at + 1}"))
    with pytest.raises(FetchError, match="page 2 holds the same notices as page 1"):
        days(settings, line)
    assert nothing_stands(settings)


@fault("N71", "There is a next page for ever, none with a notice", "It is told after a few")
def test_empty_pages_for_ever(settings: Settings, line: Line, server: Server) -> None:
    serve(server, lambda at: page(at, f"{server.url}/notices?cursor={at + 1}", 0))
    with pytest.raises(FetchError, match="hold no notice and name a next page"):
        days(settings, line)
    assert len(server.asked) < 6


@fault(
    "N72",
    "There are more pages than any range of days has had, all different",
    "It ends, and what came is not taken for the whole",
)
def test_pages_without_end(
    settings: Settings, line: Line, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notices, "_MOST_PAGES", 5)
    serve(server, count=10_000)
    with pytest.raises(FetchError, match="more than 5 pages"):
        days(settings, line)
    assert nothing_stands(settings)


BROKEN = (b'{"releases": [{"ocid"', b"[]", b'{"releases": "none"}', b'{"releases": ' + b"[" * 100_000, b"\xff\xfe")


@pytest.mark.parametrize(
    "body",
    [pytest.param(body, marks=fault("N73", "A page in the middle is cut, is no package, is nested without end, or is no text", "The good folder of these days stays; the next fetch goes on at that page")) for body in BROKEN],
    ids=range(len(BROKEN)),
)  # fmt: skip
def test_a_page_that_is_no_package(body: bytes, settings: Settings, line: Line, server: Server) -> None:
    serve(server)
    folder = days(settings, line)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    serve(server, lambda at: body if at == 2 else None)  # type: ignore[arg-type, return-value]
    with pytest.raises(SourceError, match=r"page-0002\.json: the answer is not an OCDS"):
        days(settings, line)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    serve(server)
    asked = len(server.asked)
    days(settings, line)
    assert len(server.asked) - asked == 2


@fault(
    "N74", "A page of a fetch that broke off is damaged on the disk", "It and those behind it are fetched again"
)
def test_a_stored_page_that_is_damaged(settings: Settings, line: Line, server: Server) -> None:
    serve(server, lambda at: b"busy" if at == 3 else None)  # type: ignore[arg-type, return-value]
    with pytest.raises(SourceError):
        days(settings, line)
    (stored,) = settings.raw.rglob("page-0001.json")
    stored.write_text('{"releases": []}', encoding="utf-8")
    serve(server)
    asked = len(server.asked)
    assert len(list(days(settings, line).glob("page-*.json"))) == 3
    assert len(server.asked) - asked == 3


@fault(
    "N75",
    "The same days come with fewer notices than the folder that stands",
    "It stays; told, with both numbers and what to do",
)
def test_fewer_notices_than_before(settings: Settings, line: Line, server: Server) -> None:
    serve(server)
    folder = days(settings, line)
    serve(server, count=1)
    with pytest.raises(FetchError, match="2 notices came, and the folder that stands has 6"):
        days(settings, line)
    assert len(list(folder.glob("page-*.json"))) == 3


@fault(
    "N76",
    "A fetch is killed between moving the old folder away and naming the new one",
    "The next fetch puts the old one back first",
)
def test_a_folder_that_was_moved_away(settings: Settings, line: Line, server: Server) -> None:
    serve(server)
    folder = days(settings, line)
    folder.rename(folder.with_name(f".{folder.name}.old"))
    server.answers["/notices"] = lambda h, _: send(h, b"", 404)
    with pytest.raises(FetchError, match="answered 404"):
        days(settings, line)
    assert len(list(folder.glob("page-*.json"))) == 3


@fault(
    "N77",
    "The last day is not over when its notices are fetched",
    "The sidecar says so, and the next day's fetch takes every page anew",
)
def test_a_day_that_is_not_over(settings: Settings, line: Line, server: Server) -> None:
    serve(server, lambda at: b"busy" if at == 3 else None)  # type: ignore[arg-type, return-value]
    with pytest.raises(SourceError):
        days(settings, line, last=24)
    (told,) = settings.raw.rglob("page-0001.json.source.toml")
    assert "the last day asked for was not over" in told.read_text(encoding="utf-8")
    serve(server)
    asked = len(server.asked)
    days(settings, line, last=24, today=date(2026, 11, 25))
    assert len(server.asked) - asked == 3


@fault("N78", "A page leads on to a private host by a redirect", "It is not followed")
def test_a_page_that_leads_inside(settings: Settings, line: Line, server: Server) -> None:
    server.answers["/notices"] = lambda h, _: send(h, b"", 302, Location="https://192.168.1.1/notices")
    with pytest.raises(FetchError, match="private network"):
        days(settings, line)


@fault(
    "N79", "The pages of one range take longer together than a fetch may", "It ends, and goes on at the next fetch"
)
def test_pages_that_take_too_long(settings: Settings, line: Line, server: Server) -> None:
    serve(server)
    with open_line(minutes=0, loopback=True) as spent, pytest.raises(CwbError, match="takes longer than"):
        days(settings, spent)
    assert len(list(days(settings, line).glob("page-*.json"))) == 3


@fault(
    "N84",
    "A fetch of days that stand already is killed at every file that it names, writes, moves or removes",
    "A whole folder of these days stands after it or after the next fetch, and nothing else",
)
def test_a_fetch_of_days_that_is_killed_anywhere(settings: Settings, line: Line, server: Server) -> None:
    serve(server, count=2)
    folder = days(settings, line)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    for at in range(80):
        with pytest.MonkeyPatch.context() as patch:
            killer = Dies(patch, at)
            with contextlib.suppress(Killed):
                days(settings, line)
        if not killer.is_dead:
            break
        days(settings, line)
        assert {path.name: path.read_bytes() for path in folder.iterdir()} == before, at
        assert [path.name for path in folder.parent.iterdir()] == [folder.name], at
    assert 12 < at < 79


@fault(
    "N86",
    "The cursor of a fetch that broke off has run out (400, 404)",
    "It is told, and the next fetch begins anew",
)
def test_a_cursor_that_has_run_out(settings: Settings, line: Line, server: Server) -> None:
    serve(server, lambda at: b"busy" if at == 2 else None)  # type: ignore[arg-type, return-value]
    with pytest.raises(SourceError):
        days(settings, line)
    good = server.answers["/notices"]
    server.answers["/notices"] = lambda h, n: send(h, b"", 400) if "cursor" in h.path else good(h, n)
    with pytest.raises(FetchError, match=r"page-0002\.json is not there any more"):
        days(settings, line)
    serve(server)
    asked = len(server.asked)
    assert len(list(days(settings, line).glob("page-*.json"))) == 3
    assert len(server.asked) - asked == 3


@fault("N87", "All pages together have far more bytes than days of notices have", "It ends")
def test_pages_of_too_many_bytes(
    settings: Settings, line: Line, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notices, "_MOST_TIMES", 1e-6)
    serve(server)
    with pytest.raises(FetchError, match="MB together"):
        days(settings, line)
    assert nothing_stands(settings)


@fault("N88", "The folder of the days that stands is damaged", "A whole new one takes its place")
def test_a_damaged_folder_is_replaced(settings: Settings, line: Line, server: Server) -> None:
    serve(server)
    folder = days(settings, line)
    (folder / "page-0001.json").write_text("{", encoding="utf-8")
    days(settings, line)
    assert json.loads((folder / "page-0001.json").read_text(encoding="utf-8"))
