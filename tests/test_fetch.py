"""Fetching against a server on this machine that stalls, cuts off, asks for patience and sends the wrong file."""

from __future__ import annotations

import hashlib
import json
import time
import tomllib
from collections.abc import Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from cwb.base.errors import SourceError
from cwb.council.config import Settings
from cwb.sources.fetch.address import FetchError
from cwb.sources.fetch.datasets import datasets, fetch_file
from cwb.sources.fetch.line import Line, open_line
from cwb.sources.fetch.notices import fetch_notices
from publisher import MUTUALS, TODAY, Server, addressed, fetch, kept, send, small_settings, whole


@pytest.fixture
def settings(tmp_path: Path, server: Server) -> Settings:
    return small_settings(tmp_path, server)


@pytest.fixture
def waits() -> list[float]:
    return []


@pytest.fixture
def line(waits: list[float]) -> Iterator[Line]:
    with open_line(timeout=0.5, loopback=True) as opened:
        opened.wait = waits.append
        yield opened


def test_a_file_with_its_sidecar_and_hash(settings: Settings, line: Line, server: Server) -> None:
    server.answers["/mutuals"] = lambda h, _: whole(h)
    seen: list[int] = []
    target = fetch_file(settings, "mutuals", line, lambda _n, done, _t: seen.append(done), TODAY)
    assert target.read_bytes() == MUTUALS
    assert target.name == "SocietyList_2026-11-24.csv"
    beside = tomllib.loads((target.parent / f"{target.name}.source.toml").read_text(encoding="utf-8"))
    assert beside["sha256"] == hashlib.sha256(MUTUALS).hexdigest()
    assert (beside["url"], beside["retrieved"]) == (f"{server.url}/mutuals", "2026-11-24")
    assert beside["publisher"] == "Financial Conduct Authority"
    assert seen[-1] == len(MUTUALS)
    assert len(kept(settings)) == 2


def test_a_file_that_breaks_off_is_continued(settings: Settings, line: Line, server: Server) -> None:
    server.answers["/mutuals"] = lambda h, n: (
        send(h, MUTUALS, stop_at=50_000, ETag='"one"') if n == 1 else whole(h)
    )
    assert fetch(settings, line).read_bytes() == MUTUALS
    ranges = [r for _, r in server.asked]
    assert ranges[0] is None
    assert ranges[1] is not None
    assert ranges[1].startswith("bytes=")


def test_a_file_that_changed_in_between_is_taken_anew(settings: Settings, line: Line, server: Server) -> None:
    server.answers["/mutuals"] = lambda h, n: (
        send(h, b"x" * 90_000, stop_at=50_000, ETag='"old"') if n == 1 else whole(h)
    )
    assert fetch(settings, line).read_bytes() == MUTUALS


def test_what_an_earlier_run_left_is_continued(settings: Settings, line: Line, server: Server) -> None:
    line.tries = 1
    server.answers["/mutuals"] = lambda h, n: (
        send(h, MUTUALS, stop_at=50_000, ETag='"one"') if n == 1 else send(h, b"", 503)
    )
    with pytest.raises(FetchError, match="goes on where it stopped"):
        fetch(settings, line)
    assert kept(settings) == []
    server.answers["/mutuals"] = lambda h, _: whole(h)
    assert fetch(settings, line).read_bytes() == MUTUALS
    assert server.asked[-1][1] is not None


def test_a_server_that_stalls_is_asked_again(settings: Settings, line: Line, server: Server) -> None:
    server.answers["/mutuals"] = lambda h, n: time.sleep(1.2) if n == 1 else whole(h)
    assert fetch(settings, line).read_bytes() == MUTUALS
    assert len(server.asked) == 2


@pytest.mark.parametrize(
    ("status", "header", "expected"), [(429, "7", 7.0), (503, "3", 3.0), (429, "soon", 2.0), (500, "", 2.0)]
)
def test_retry_after_is_kept(
    status: int, header: str, expected: float, settings: Settings, line: Line, server: Server, waits: list[float]
) -> None:
    headers = {"Retry_After": header} if header else {}
    server.answers["/mutuals"] = lambda h, n: (
        send(h, b"Too Many Requests", status, **headers) if n == 1 else whole(h)
    )
    assert fetch(settings, line).read_bytes() == MUTUALS
    assert waits == [expected]


def test_a_wait_of_hours_is_told_and_not_waited(
    settings: Settings, line: Line, server: Server, waits: list[float]
) -> None:
    server.answers["/mutuals"] = lambda h, _: send(h, b"", 429, Retry_After="7200")
    with pytest.raises(FetchError, match="wait 120 minutes"):
        fetch(settings, line)
    assert waits == []


def test_a_server_that_never_answers_well_is_given_up(settings: Settings, line: Line, server: Server) -> None:
    server.answers["/mutuals"] = lambda h, _: send(h, b"", 503)
    with pytest.raises(FetchError, match="not fetched after 6 tries: the server answered 503"):
        fetch(settings, line)
    assert kept(settings) == []


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"<!DOCTYPE html><title>Sign in</title>", "a web page and not the data"),
        (b"name,colour\nred,blue\n", "SocietyList_2026-11-24.csv"),
        (b"", "SocietyList_2026-11-24.csv"),
    ],
)
def test_a_wrong_file_is_not_kept(
    body: bytes, message: str, settings: Settings, line: Line, server: Server
) -> None:
    server.answers["/mutuals"] = lambda h, _: send(h, body)
    with pytest.raises(SourceError, match=message):
        fetch(settings, line)
    assert kept(settings) == []
    assert not list(settings.raw.rglob("*.part"))


def test_an_address_that_has_moved_says_where_to_name_the_new_one(settings: Settings, line: Line) -> None:
    with pytest.raises(FetchError, match=r"answered 404.*\[data.addresses\]"):
        fetch(settings, line)


def test_a_month_that_is_not_out_yet_is_the_month_before(settings: Settings, line: Line, server: Server) -> None:
    given = addressed(settings, "companies", f"{server.url}/Basic-{{month}}.csv")
    body = b'CompanyName, CompanyNumber,RegAddress.PostCode,CompanyStatus\n"ACME","00000001","SG1 1AA","Active"\n'
    server.answers["/Basic-2026-10.csv"] = lambda h, _: send(h, body)
    assert fetch(given, line, "companies").name == "BasicCompanyDataAsOneFile-2026-10-01.csv"
    assert [p for p, _ in server.asked] == ["/Basic-2026-11.csv", "/Basic-2026-10.csv"]


def test_an_unknown_dataset_names_those_there_are(settings: Settings, line: Line) -> None:
    with pytest.raises(FetchError, match="Choose from companies, mutuals"):
        fetch(settings, line, "weather")


def test_a_dataset_without_a_lasting_address_says_where_it_is(settings: Settings, line: Line) -> None:
    with pytest.raises(FetchError, match="Download it by hand"):
        fetch(settings, line, "coops")


def test_every_dataset_of_the_table_has_a_page_and_a_date() -> None:
    for one in datasets().values():
        assert one.page.startswith("https://")
        assert one.checked
        date.fromisoformat(one.valid_from)


def at_government(settings: Settings, server: Server) -> Settings:
    return addressed(settings, "factors", f"{server.url}/api/content/footprint")


def test_the_newest_attachment_of_a_page_is_fetched(settings: Settings, line: Line, server: Server) -> None:
    names = ("report.pdf", "eeio-factors-by-sic-2022.xlsx", "spend_multipliers_2023.ods")
    page = {"details": {"attachments": [{"url": f"{server.url}/media/{name}"} for name in names]}}
    server.answers["/api/content/footprint"] = lambda h, _: send(h, json.dumps(page).encode())
    server.answers["/media/spend_multipliers_2023.ods"] = lambda h, _: send(h, b"no workbook")
    with pytest.raises(SourceError, match=r"spend_multipliers_2023\.ods"):
        fetch(at_government(settings, server), line, "factors")
    assert kept(settings) == []
    assert server.asked[-1][0] == "/media/spend_multipliers_2023.ods"


def test_a_page_without_such_a_file_says_where_to_look(settings: Settings, line: Line, server: Server) -> None:
    server.answers["/api/content/footprint"] = lambda h, _: send(h, b'{"details": {}}')
    with pytest.raises(FetchError, match="Download it by hand"):
        fetch(at_government(settings, server), line, "factors")


# --- notices of a range of days -------------------------------------------------------------------------------


def pages(server: Server, count: int) -> None:
    """`count` pages linked by cursor, as Find a Tender gives them."""

    def answer(handler: BaseHTTPRequestHandler, _: int) -> None:
        at = int(handler.path.rpartition("cursor=")[2]) if "cursor=" in handler.path else 1
        body = {"uri": "x", "version": "1.1", "releases": [{"ocid": f"o{at}", "id": f"{at:06d}-2026"}]}
        if at < count:
            body["links"] = {"next": f"{server.url}/notices?cursor={at + 1}"}
        send(handler, json.dumps(body).encode())

    server.answers["/notices"] = answer


def days(settings: Settings, line: Line) -> Path:
    return fetch_notices(settings, date(2026, 8, 10), date(2026, 8, 11), line, lambda *_: None, TODAY)


def test_all_pages_of_a_range_of_days(settings: Settings, line: Line, server: Server) -> None:
    pages(server, 3)
    folder = days(settings, line)
    assert folder.name == "find_a_tender_2026-08-10_2026-08-11"
    assert [p.name for p in sorted(folder.glob("*.json"))] == [
        "page-0001.json",
        "page-0002.json",
        "page-0003.json",
    ]
    first = server.asked[0][0]
    assert "updatedFrom=2026-08-10T00%3A00%3A00" in first
    assert "updatedTo=2026-08-11T23%3A59%3A59" in first
    # `stages` was seen to leave out notices under the Procurement Act.
    assert "stages" not in first


def test_pages_are_resumed_at_the_one_that_broke_off(settings: Settings, line: Line, server: Server) -> None:
    pages(server, 3)
    good = server.answers["/notices"]
    server.answers["/notices"] = lambda h, n: send(h, b"", 503) if "cursor=2" in h.path else good(h, n)
    with pytest.raises(FetchError):
        days(settings, line)
    # Nothing stands where the notices' reader would look.
    assert settings.files("notices") == []
    server.answers["/notices"] = good
    before = len(server.asked)
    assert len(list(days(settings, line).glob("*.json"))) == 3
    assert len(server.asked) - before == 2


def test_a_next_page_at_another_host_is_not_followed(settings: Settings, line: Line, server: Server) -> None:
    body = json.dumps({"releases": [], "links": {"next": "http://127.0.0.1:9/notices"}}).encode()
    server.answers["/notices"] = lambda h, _: send(h, body)
    with pytest.raises(FetchError, match="another host"):
        days(settings, line)


def test_an_answer_that_is_no_package_is_not_kept(settings: Settings, line: Line, server: Server) -> None:
    server.answers["/notices"] = lambda h, _: send(h, b'{"error": "busy"}')
    with pytest.raises(SourceError, match="not an OCDS release package"):
        days(settings, line)


def test_days_in_the_wrong_order(settings: Settings, line: Line) -> None:
    with pytest.raises(FetchError, match="before the first"):
        fetch_notices(settings, date(2026, 8, 11), date(2026, 8, 10), line, lambda *_: None, TODAY)
