"""What a publisher, or whoever stands between, can do to a fetch: nothing wrong is kept, and nothing is asked in vain."""

from __future__ import annotations

import contextlib
import hashlib
import shutil
import socket
import ssl
import subprocess
import time
import tomllib
import zipfile
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler
from io import BytesIO
from pathlib import Path

import pytest

from cwb.base.errors import CwbError, SourceError
from cwb.base.progress import quiet
from cwb.council.config import Settings
from cwb.council.sections import Data, Fetch
from cwb.sources.fetch import place
from cwb.sources.fetch.address import FetchError, check_address, own_name
from cwb.sources.fetch.download import Fetched, download
from cwb.sources.fetch.line import TRIES, Line, open_line
from cwb.sources.report import Amount, FileReport
from publisher import MUTUALS, Dies, Killed, Server, addressed, fault, fetch, kept, send, small_settings, whole

BODY = b"".join(b"%06d,a line of a file\n" % number for number in range(2_000))
MOST = 1_000_000


@pytest.fixture
def settings(tmp_path: Path, server: Server) -> Settings:
    return small_settings(tmp_path, server)


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "file.csv"


def get(line: Line, server: Server, target: Path, most: int = MOST) -> Fetched:
    return download(line, f"{server.url}/file", target, quiet, most)


def broken(handler: BaseHTTPRequestHandler, body: bytes = BODY, **headers: str) -> None:
    """A file that breaks off in its middle."""
    send(handler, body, stop_at=len(body) // 2, **headers)


def part(handler: BaseHTTPRequestHandler, start: int, total: object = len(BODY), **headers: str) -> None:
    """A partial answer from a byte on."""
    told = {"Content_Range": f"bytes {start}-{len(BODY) - 1}/{total}", **headers}
    send(handler, BODY[start:], 206, **told)


def raw(handler: BaseHTTPRequestHandler, *pieces: bytes, pause: float = 0) -> None:
    """Bytes as they are, a pause between, then an end of the connection."""
    try:
        for piece in pieces:
            handler.wfile.write(piece)
            handler.wfile.flush()
            time.sleep(pause)
    except OSError:
        pass
    handler.close_connection = True


def leads_to(server: Server, where: str) -> None:
    server.answers["/file"] = lambda h, _: send(h, b"", 302, Location=where)


# --- addresses ------------------------------------------------------------------------------------------------


@fault("N01", "The settings name an address without HTTPS", "They are refused")
def test_settings_take_https_alone() -> None:
    with pytest.raises(ValueError, match="begins with https://"):
        Data(addresses={"mutuals": "http://publisher.example/list.csv"})


@fault("N02", "A plain HTTP address, of this machine or another, comes past the settings", "Nothing is asked")
def test_nothing_is_asked_over_plain_http(server: Server, target: Path) -> None:
    with open_line() as line, pytest.raises(FetchError, match="does not begin with https"):
        get(line, server, target)
    with open_line(loopback=True) as line, pytest.raises(FetchError, match="does not begin with https"):
        download(line, "http://publisher.example/list.csv", target, quiet, MOST)
    assert server.asked == []


REDIRECTS = (
    ("N03", "to plain HTTP", "http://publisher.example/list.csv", "does not begin with https"),
    ("N04", "to a file of this machine", "file:///etc/passwd", "does not begin with https"),
    ("N05", "to a private network", "https://10.1.2.3/list.csv", "private network"),
    ("N06", "to this machine, its number written as one", "https://2130706433/list.csv", "private network"),
    ("N07", "to the service of a cloud's own secrets", "https://169.254.169.254/latest", "private network"),
    ("N08", "to this machine over IPv6", "https://[::1]/list.csv", "private network"),
    ("N09", "with a name and a password in it", "https://a:b@publisher.example/x", "a name or a password"),
    ("N10", "to what is no address", "https://[publisher/list.csv", "no address"),
)


@pytest.mark.parametrize(
    ("where", "said"),
    [pytest.param(w, s, marks=fault(n, f"A redirect {d}", "It is not followed")) for n, d, w, s in REDIRECTS],
)
def test_a_redirect_that_is_not_followed(where: str, said: str, line: Line, server: Server, target: Path) -> None:
    leads_to(server, where)
    with pytest.raises(FetchError, match=said) as raised:
        get(line, server, target)
    assert "a:b@" not in str(raised.value)
    assert len(server.asked) == 1


@fault("N11", "A redirect to a host whose name stands for a private number", "It is not followed")
def test_a_name_of_a_private_number(
    line: Line, server: Server, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = socket.getaddrinfo

    def found(host: str, *rest: object, **more: object) -> object:
        if host == "inside.example":
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("192.168.0.7", 0))]
        return real(host, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", found)
    leads_to(server, "https://inside.example/list.csv")
    with pytest.raises(FetchError, match="private network"):
        get(line, server, target)


@fault("N12", "Redirects in a circle, and six in a row", "Five are followed, then it is told")
def test_at_most_five_redirects(line: Line, server: Server, target: Path) -> None:
    leads_to(server, "/file")
    with pytest.raises(FetchError, match="more than 5 times"):
        get(line, server, target)
    assert len(server.asked) == 6


@fault("N13", "A file behind five redirects", "It is fetched, and both addresses are recorded")
def test_the_final_address_is_recorded(line: Line, server: Server, settings: Settings) -> None:
    for number in range(5):
        here = "/mutuals" if number == 0 else f"/{number}"
        to = f"/{number + 1}" if number < 4 else "/real.csv?of=today"
        server.answers[here] = lambda h, _, to=to: send(h, b"", 301, Location=to)  # type: ignore[misc]
    server.answers["/real.csv"] = lambda h, _: whole(h)
    told = sidecar(fetch(settings, line))
    assert (told["url"], told["final_url"]) == (f"{server.url}/mutuals", f"{server.url}/real.csv?of=today")


def sidecar(path: Path) -> dict[str, object]:
    return tomllib.loads(path.with_name(f"{path.name}.source.toml").read_text(encoding="utf-8"))


# --- a part is joined -----------------------------------------------------------------------------------------

WRONG_PARTS = (
    ("N14", "at another byte than was asked for", {"start": 7, "ETag": '"one"'}),
    ("N15", "of a file of another length", {"start": len(BODY) // 2, "total": len(BODY) + 5, "ETag": '"one"'}),
    ("N16", "of a file with another ETag", {"start": len(BODY) // 2, "ETag": '"two"'}),
    ("N17", "without the ETag", {"start": len(BODY) // 2}),
    (
        "N18",
        "that does not say which part it is",
        {"start": len(BODY) // 2, "ETag": '"one"', "Content_Range": "all"},
    ),
)


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(a, marks=fault(n, f"A partial answer {d}", "It is not joined; the file is taken anew"))
        for n, d, a in WRONG_PARTS
    ],
)
def test_a_part_that_does_not_fit(answer: dict[str, object], line: Line, server: Server, target: Path) -> None:
    def answered(handler: BaseHTTPRequestHandler, count: int) -> None:
        if count == 1:
            broken(handler, ETag='"one"')
        elif count == 2:
            part(handler, **answer)  # type: ignore[arg-type]
        else:
            whole(handler, BODY)

    server.answers["/file"] = answered
    assert get(line, server, target).part.read_bytes() == BODY
    assert [asked for _, asked in server.asked] == [None, f"bytes={len(BODY) // 2}-", None]


@fault("N19", "A partial answer to a request for the whole", "It is not taken for the whole")
def test_a_part_that_was_not_asked_for(line: Line, server: Server, target: Path) -> None:
    server.answers["/file"] = lambda h, n: part(h, 900, ETag='"one"') if n == 1 else whole(h, BODY)
    assert get(line, server, target).part.read_bytes() == BODY


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param(
            {"ETag": 'W/"one"'},
            marks=fault(
                "N20", "A file that broke off has a weak ETag", "No part is asked for: it may stand for two files"
            ),
        ),
        pytest.param(
            {"Last_Modified": "of this moment"},
            marks=fault("N21", "A file that broke off was changed in this minute", "No part is asked for"),
        ),
        pytest.param({}, marks=fault("N22", "A file that broke off has no mark at all", "No part is asked for")),
    ],
)
def test_without_a_strong_mark_a_file_is_taken_anew(
    headers: dict[str, str], line: Line, server: Server, target: Path
) -> None:
    if "Last_Modified" in headers:
        headers = {"Last_Modified": format_datetime(datetime.now(UTC), usegmt=True)}
    server.answers["/file"] = lambda h, n: broken(h, **headers) if n == 1 else whole(h, BODY)
    assert get(line, server, target).part.read_bytes() == BODY
    assert [asked for _, asked in server.asked] == [None, None]


@fault("N23", "A file that broke off has an old date of change, and the rest has it too", "It is joined")
def test_a_date_that_is_old_is_a_mark(line: Line, server: Server, target: Path) -> None:
    day = {"Last_Modified": format_datetime(datetime.now(UTC) - timedelta(days=3), usegmt=True)}
    server.answers["/file"] = lambda h, n: broken(h, **day) if n == 1 else part(h, len(BODY) // 2, **day)
    assert get(line, server, target).part.read_bytes() == BODY


@pytest.mark.parametrize(
    "held",
    [
        pytest.param(text, marks=fault("N24", "The note beside a part is damaged", "The part is dropped and the file taken anew"))
        for text in ("", "{", "[]", '{"url": 5, "mark": "x", "total": null}', "[" * 100_000, '{"url": "x"}', "\udcff")
    ],
)  # fmt: skip
def test_a_damaged_note(held: str, line: Line, server: Server, target: Path) -> None:
    target.with_name("file.csv.part").write_bytes(b"of something else")
    target.with_name("file.csv.part.json").write_bytes(held.encode("utf-8", "surrogateescape"))
    server.answers["/file"] = lambda h, _: whole(h, BODY)
    assert get(line, server, target).part.read_bytes() == BODY
    assert server.asked[0][1] is None


def left(target: Path, server: Server, body: bytes) -> None:
    """What a killed fetch left: a part and the note on it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    target.with_name(f"{target.name}.part").write_bytes(body)
    note = f'{{"url": "{server.url}/{"mutuals" if "Society" in target.name else "file"}", "mark": "\\"one\\"", "total": null}}'
    target.with_name(f"{target.name}.part.json").write_text(note, encoding="utf-8")


@fault("N25", "The part that is here is longer than the file", "It is dropped and the file taken anew")
def test_a_part_that_is_too_long(line: Line, server: Server, target: Path) -> None:
    left(target, server, BODY + b"more")
    over = {"Content_Range": f"bytes */{len(BODY)}"}
    server.answers["/file"] = lambda h, n: send(h, b"", 416, **over) if n == 1 else whole(h, BODY)
    assert get(line, server, target).part.read_bytes() == BODY


@fault(
    "N26", "A fetch is killed between the last byte and the check", "The next takes the part, and no byte again"
)
def test_a_part_that_is_whole(line: Line, server: Server, target: Path) -> None:
    left(target, server, BODY)
    server.answers["/file"] = lambda h, _: send(h, b"", 416, Content_Range=f"bytes */{len(BODY)}")
    fetched = get(line, server, target)
    assert fetched.part.read_bytes() == BODY
    assert fetched.completeness.startswith("whole")


@fault(
    "N27", "A fetch is killed while the file is checked", "The next goes on with it, and no hidden folder stays"
)
def test_a_check_that_was_killed(line: Line, server: Server, settings: Settings) -> None:
    stands = settings.raw / "mutuals" / "SocietyList_2026-11-24.csv"
    left(stands, server, MUTUALS[:5_000])
    checked = stands.parent / f".check-{stands.name}"
    checked.mkdir()
    stands.with_name(f"{stands.name}.part").rename(checked / stands.name)
    server.answers["/mutuals"] = lambda h, _: whole(h)
    assert fetch(settings, line).read_bytes() == MUTUALS
    assert server.asked[0][1] == "bytes=5000-"
    assert sorted(p.name for p in stands.parent.iterdir()) == [stands.name, f"{stands.name}.source.toml"]


@fault(
    "N28", "A fetch of another day was killed and left its part, its note and its hidden folder", "They are gone"
)
def test_litter_of_another_day(line: Line, server: Server, settings: Settings) -> None:
    old = settings.raw / "mutuals" / "SocietyList_2026-11-20.csv"
    left(old, server, b"half")
    (old.parent / f".check-{old.name}").mkdir()
    (old.parent / f".check-{old.name}" / old.name).write_bytes(b"whole")
    server.answers["/mutuals"] = lambda h, _: whole(h)
    assert len(list(fetch(settings, line).parent.iterdir())) == 2


# --- whether it is whole --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        pytest.param(
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n",
            "whole: the server stated no length and marked the end",
            marks=fault("N29", "A file comes in chunks, with the mark of the end", "It is whole, and the sidecar says how that is known"),
        ),
        pytest.param(
            b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nab",
            "not known: the server stated no length and marked no end",
            marks=fault("N30", "A file ends with the connection, its length unsaid", "The sidecar says that completeness is not known"),
        ),
        pytest.param(
            b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nab",
            "whole: all 2 bytes that the server stated came",
            marks=fault("N31", "A file comes with its length", "It is whole, and the sidecar says how that is known"),
        ),
    ],
)  # fmt: skip
def test_how_it_is_known_to_be_whole(answer: bytes, told: str, line: Line, server: Server, target: Path) -> None:
    server.answers["/file"] = lambda h, _: raw(h, answer)
    fetched = get(line, server, target)
    assert fetched.part.read_bytes() == b"ab"
    assert fetched.completeness == told


@fault("N32", "Chunks break off before the mark of the end", "It is no whole file: asked again, then told")
def test_chunks_that_break_off(line: Line, server: Server, target: Path) -> None:
    server.answers["/file"] = lambda h, _: raw(
        h, b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n8\r\nabcd"
    )
    line.tries = 2
    with pytest.raises(FetchError, match="not fetched after 2 tries"):
        get(line, server, target)
    assert not target.exists()


@fault(
    "N63",
    "A file without a mark breaks off at the same byte each time",
    "It ends after six tries, and does not begin anew for ever",
)
def test_a_file_that_always_breaks_off(line: Line, server: Server, target: Path) -> None:
    server.answers["/file"] = lambda h, _: broken(h)
    with pytest.raises(FetchError, match="not fetched after 6 tries"):
        get(line, server, target)
    assert len(server.asked) == 7


# --- bounds ---------------------------------------------------------------------------------------------------


@fault("N33", "A file states a length over the bound", "Refused before a byte is taken, once, with what to do")
def test_a_length_over_the_bound(line: Line, server: Server, settings: Settings) -> None:
    server.answers["/mutuals"] = lambda h, _: send(h, b"x" * 2_000_000)
    narrow = settings.model_copy(update={"fetch": Fetch(most_megabytes={"mutuals": 1})})
    with pytest.raises(FetchError, match=r"1.0 MB is the most that is taken.*most_megabytes"):
        fetch(narrow, line)
    assert len(server.asked) == 1
    assert kept(narrow) == []


@fault("N34", "A file without end states no length", "It is cut at the bound, and nothing of it stays")
def test_a_file_without_end(line: Line, server: Server, target: Path) -> None:
    chunk = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    server.answers["/file"] = lambda h, _: raw(h, head, *[chunk] * 40)
    with pytest.raises(FetchError, match="is the most that is taken"):
        get(line, server, target)
    assert len(server.asked) == 1
    assert list(target.parent.glob("file.csv*")) == []


DRIPS = (
    ("N35", "body", (b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n", *[b"x"] * 60)),
    ("N36", "headers", (b"HTTP/1.1 200 OK\r\n", *[b"X-Slow: 1\r\n"] * 60)),
    ("N37", "body without stated length", (b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n", *[b"x"] * 60)),
)
PAUSE = 0.1
# How long the server drips, in seconds, if nobody cuts it.
DRIPS_FOR = 60 * PAUSE


@pytest.mark.parametrize(
    "pieces",
    [
        pytest.param(
            p,
            marks=fault(
                n,
                f"A server sends the {d} a few bytes at a time",
                "It ends when the time that it may take is over",
            ),
        )
        for n, d, p in DRIPS
    ],
)
def test_a_server_that_drips(pieces: tuple[bytes, ...], server: Server, target: Path) -> None:
    server.answers["/file"] = lambda h, _: raw(h, *pieces, pause=PAUSE)
    begun = time.monotonic()
    with (
        open_line(timeout=5, minutes=0.01, loopback=True) as line,
        pytest.raises(FetchError, match="takes longer than"),
    ):
        get(line, server, target)
    assert time.monotonic() - begun < DRIPS_FOR
    assert not target.exists()


@fault("N38", "A server gives one byte more each time and breaks off", "It ends when the time is over")
def test_a_byte_at_each_try(server: Server, target: Path) -> None:
    def answered(handler: BaseHTTPRequestHandler, _: int) -> None:
        start = int((handler.headers.get("Range") or "bytes=0-").removeprefix("bytes=").rstrip("-"))
        told = {"ETag": '"one"', "Content_Range": f"bytes {start}-{len(BODY) - 1}/{len(BODY)}"}
        send(handler, BODY[start:], 206 if start else 200, stop_at=1, **told)

    server.answers["/file"] = answered
    with open_line(timeout=5, minutes=5, loopback=True) as line:

        def wait(_: float) -> None:
            if len(server.asked) == 2 * TRIES:
                line.until = time.monotonic() - 1

        line.wait = wait
        with pytest.raises(FetchError, match="takes longer than"):
            get(line, server, target)
    assert len(server.asked) == 2 * TRIES


@pytest.mark.parametrize(
    ("header", "wait"),
    [
        pytest.param(text, wait, marks=fault("N39", "Retry-After is negative, past, no number, or of another script", "The usual pause is made"))
        for text, wait in (("-30", 2.0), ("0", 2.0), ("\xb2", 2.0), ("1e9", 2.0), ("nan", 2.0), ("", 2.0),
                           ("Mon, 01 Jan 1990 00:00:00 GMT", 2.0), ("Mon, 01 Jan 99999 00:00:00 GMT", 2.0))
    ],
)  # fmt: skip
def test_retry_after_that_is_no_wait(header: str, wait: float, line: Line, server: Server, target: Path) -> None:
    waits: list[float] = []
    line.wait = waits.append
    server.answers["/file"] = lambda h, n: send(h, b"", 503, Retry_After=header) if n == 1 else whole(h, BODY)
    get(line, server, target)
    assert waits == [wait]


@pytest.mark.parametrize(
    "header",
    [
        pytest.param(text, marks=fault("N40", "Retry-After asks for days, years, or more than a number holds", "It is told and not waited for"))
        for text in ("90000", "9" * 400, "Fri, 31 Dec 9999 23:59:59 GMT")
    ],
)  # fmt: skip
def test_retry_after_without_end(header: str, line: Line, server: Server, target: Path) -> None:
    server.answers["/file"] = lambda h, _: send(h, b"", 429, Retry_After=header)
    with pytest.raises(FetchError, match="asks to wait"):
        get(line, server, target)
    assert len(server.asked) == 1


@fault("N41", "Retry-After asks for more than is left of the whole time", "It ends at once")
def test_retry_after_past_the_end(server: Server, target: Path) -> None:
    server.answers["/file"] = lambda h, _: send(h, b"", 503, Retry_After="100")
    with open_line(minutes=1, loopback=True) as line, pytest.raises(FetchError, match="takes longer than"):
        get(line, server, target)


# --- what cannot get better is not tried again ----------------------------------------------------------------


@pytest.mark.parametrize(
    "status",
    [
        pytest.param(status, marks=fault("N42", "The publisher refuses (400, 401, 403, 404, 410, 451), or answers with what is no file", "Asked once, told with what to do"))
        for status in (204, 304, 400, 401, 403, 404, 410, 451, 501)
    ],
)  # fmt: skip
def test_a_refusal_is_not_tried_again(status: int, line: Line, server: Server, target: Path) -> None:
    server.answers["/file"] = lambda h, _: send(h, b"", status)
    with pytest.raises(FetchError, match=f"answered {status}"):
        get(line, server, target)
    assert len(server.asked) == 1


def certified(server: Server, folder: Path) -> Path:
    """Let a server speak TLS with a certificate of its own, and return that."""
    key, own = folder / "key.pem", folder / "own.pem"
    made = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=127.0.0.1",
        "-addext",
        "subjectAltName=IP:127.0.0.1",
    ]
    subprocess.run([*made, "-keyout", str(key), "-out", str(own)], check=True, capture_output=True)
    secure = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    secure.load_cert_chain(own, key)
    server.http.socket = secure.wrap_socket(server.http.socket, server_side=True)
    return own


@pytest.mark.skipif(not shutil.which("openssl"), reason="needs openssl to make a certificate")
@fault(
    "N43",
    "The certificate is one that nobody vouches for",
    "Asked once; told, with what to do behind a council's proxy",
)
def test_a_certificate_that_is_not_accepted(line: Line, server: Server, target: Path, tmp_path: Path) -> None:
    certified(server, tmp_path)
    waits: list[float] = []
    line.wait = waits.append
    with pytest.raises(FetchError, match=r"certificate is not accepted.*SSL_CERT_FILE"):
        download(line, server.url.replace("http:", "https:") + "/file", target, quiet, MOST)
    assert waits == []


@fault("N44", "There is no host of the name", "Told at once, with the proxy's setting")
def test_a_host_that_is_not_there(line: Line, target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(*_: object, **__: object) -> object:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", nobody)
    waits: list[float] = []
    line.wait = waits.append
    with pytest.raises(FetchError, match=r"no host of this name.*HTTPS_PROXY"):
        download(line, "https://publisher.example/list.csv", target, quiet, MOST)
    assert waits == []


@fault("N45", "The council's proxy refuses (407)", "Told at once, with whom to ask")
def test_a_proxy_that_refuses(server: Server, target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", server.url)
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    server.connect = lambda h: send(h, b"", 407)
    waits: list[float] = []
    with open_line(timeout=2) as line:
        line.wait = waits.append
        with pytest.raises(FetchError, match="proxy does not let it through"):
            download(line, "https://publisher.example/list.csv", target, quiet, MOST)
    assert waits == []


@fault(
    "N46",
    "A page to sign in is answered with 200, over a part that is here",
    "Asked once; the part stays for the next try",
)
def test_a_web_page_in_place_of_data(line: Line, server: Server, target: Path) -> None:
    left(target, server, BODY[:900])
    server.answers["/file"] = lambda h, _: send(h, b"<html>Sign in", Content_Type="text/html; charset=utf-8")
    with pytest.raises(FetchError, match="a web page and not the data"):
        get(line, server, target)
    assert len(server.asked) == 1
    assert target.with_name("file.csv.part").read_bytes() == BODY[:900]


@fault("N47", "The file comes packed (gzip, br), unasked", "It is not stored as if it were the data; asked once")
def test_an_encoding_that_was_not_asked_for(line: Line, server: Server, target: Path) -> None:
    server.answers["/file"] = lambda h, _: send(h, b"\x1f\x8b", Content_Encoding="gzip")
    with pytest.raises(FetchError, match="packed"):
        get(line, server, target)
    assert len(server.asked) == 1


@fault("N48", "What answers does not speak HTTP", "Told in a line, nothing is kept")
def test_an_answer_that_is_not_http(line: Line, server: Server, target: Path) -> None:
    server.answers["/file"] = lambda h, _: raw(h, b"\x1b[2JSSH-2.0\r\n\r\n")
    line.tries = 2
    with pytest.raises(FetchError, match="not fetched after 2 tries") as raised:
        get(line, server, target)
    assert "\x1b" not in str(raised.value)


@fault("N49", "The disk is full in the middle of a file", "The error names the file")
def test_a_full_disk_names_the_file(line: Line, server: Server, target: Path) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    server.answers["/file"] = lambda h, _: whole(h, BODY)
    with pytest.raises(OSError, match=r"No space left on device.*file\.csv\.part"):
        download(line, f"{server.url}/file", target, full, MOST)


# --- what came is checked before it has a name ----------------------------------------------------------------

LIES = (b"Service temporarily unavailable", b'{"error": "quota"}', b"\x00\x01\x02", b"name,colour\nred,blue\n")


@pytest.mark.parametrize("name", ["mutuals", "employers"])
@fault(
    "N50",
    "An error in words, JSON or bytes is answered with 200 in place of a table",
    "It is not kept, and the good file stays",
)
def test_an_error_with_200(name: str, line: Line, server: Server, settings: Settings) -> None:
    good = settings.raw / name / "good.csv"
    good.parent.mkdir(parents=True)
    good.write_text("kept", encoding="utf-8")
    for body in LIES:
        server.answers[f"/{name}"] = lambda h, _, body=body: send(h, body)  # type: ignore[misc]
        with pytest.raises(SourceError):
            fetch(settings, line, name)
        assert kept(settings) == ["good.csv"]
    assert len(server.asked) == len(LIES)


def zipped(text: bytes, name: str = "companies.csv") -> bytes:
    held = BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, text)
    return held.getvalue()


COMPANIES = b'CompanyName, CompanyNumber,RegAddress.PostCode,CompanyStatus\n"ACME","00000001","SG1 1AA","Active"\n'


def spoilt(archive: bytes) -> bytes:
    """An archive one of whose packed bytes is another."""
    place = archive.index(b"companies.csv") + 40
    return archive[:place] + bytes([archive[place] ^ 0xFF]) + archive[place + 1 :]


def locked_up(archive: bytes) -> bytes:
    """An archive that says that it wants a password."""
    head = archive.index(b"PK\x01\x02")
    changed = bytearray(archive)
    changed[6] |= 1
    changed[head + 8] |= 1
    return bytes(changed)


ARCHIVES = (
    ("N51", "has one byte changed", spoilt(zipped(COMPANIES * 50)), "damaged|broken"),
    ("N52", "is cut short, its length unsaid", zipped(COMPANIES * 500)[:-30], "damaged"),
    ("N53", "unpacks to a thousand times its size", zipped(b"\0" * 120_000_000), "unpacks to 0.1 GB"),
    ("N54", "wants a password", locked_up(zipped(COMPANIES)), "password"),
    ("N55", "is no archive", COMPANIES, "damaged"),
    ("N56", "holds no table", zipped(b"hello", "../../readme.exe"), "no CSV"),
)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        pytest.param(b, s, marks=fault(n, f"A zip {d}", "It is not kept, and the good one stays"))
        for n, d, b, s in ARCHIVES
    ],
)
def test_a_zip_is_checked_before_it_replaces_the_good_one(
    body: bytes, said: str, line: Line, server: Server, settings: Settings
) -> None:
    given = addressed(settings, "companies", f"{server.url}/companies-{{month}}.zip")
    good = settings.raw / "companies" / "BasicCompanyDataAsOneFile-2026-11-01.zip"
    good.parent.mkdir(parents=True)
    good.write_bytes(b"the good one")
    server.answers["/companies-2026-11.zip"] = lambda h, _: raw(h, b"HTTP/1.1 200 OK\r\n\r\n", body)
    with pytest.raises(SourceError, match=said):
        fetch(given, line, "companies")
    assert good.read_bytes() == b"the good one"
    assert [p.name for p in good.parent.iterdir()] == [good.name]


@fault("N57", "The server names the file ../../evil.csv (Content-Disposition)", "Its name is never taken")
def test_a_name_from_the_server(line: Line, server: Server, settings: Settings) -> None:
    evil = 'attachment; filename="../../evil.csv"'
    server.answers["/mutuals"] = lambda h, _: whole(h, Content_Disposition=evil)
    assert fetch(settings, line).name == "SocietyList_2026-11-24.csv"
    assert list(settings.folder.rglob("evil*")) == []


@fault(
    "N58",
    "A page lists attachments with names that leave the folder, are hidden, or are a device",
    "None is taken",
)
def test_names_of_attachments() -> None:
    endings = (".ods", ".csv")
    for name in (
        "..",
        "a\\..\\b.ods",
        "..%2Fx.ods",
        ".hidden.ods",
        "CON.ods",
        "com1.x.ods",
        "a" * 200 + ".ods",
        "a:b.ods",
        "x.exe",
        "x.ods ",
    ):
        assert own_name(name, endings) is None, name
    assert own_name("spend_multipliers_2023.ods", endings) == "spend_multipliers_2023.ods"


@pytest.mark.parametrize("name", ["multipliers_../../x.ods", "multipliers.ods"])
@fault("N59", "A page lists an attachment on a private host", "It is not asked for")
def test_an_attachment_of_a_private_host(name: str, line: Line, server: Server, settings: Settings) -> None:
    given = addressed(settings, "factors", f"{server.url}/page")
    listed = f'{{"details": {{"attachments": [{{"url": "https://10.0.0.1/{name}"}}]}}}}'.encode()
    server.answers["/page"] = lambda h, _: send(h, listed)
    with pytest.raises(FetchError):
        fetch(given, line, "factors")
    assert kept(given) == []


@fault(
    "N60",
    "A register comes with less than half of the bytes of the one that stands",
    "It is not kept; told, with what to do",
)
def test_a_register_that_shrank(line: Line, server: Server, settings: Settings) -> None:
    good = settings.raw / "mutuals" / "SocietyList_2026-10-20.csv"
    good.parent.mkdir(parents=True)
    good.write_bytes(MUTUALS)
    server.answers["/mutuals"] = lambda h, _: send(h, MUTUALS[: len(MUTUALS) // 3].rpartition(b"\n")[0] + b"\n")
    with pytest.raises(SourceError, match=r"less than half.*move the older file"):
        fetch(settings, line)
    assert [p.name for p in good.parent.iterdir()] == [good.name]


@fault(
    "N61",
    "An address holds quotes, a line break and what TOML does not allow",
    "The sidecar reads as it was written",
)
def test_a_sidecar_of_odd_addresses(line: Line, server: Server, settings: Settings) -> None:
    given = addressed(settings, "mutuals", f'{server.url}/mutuals?q="\\{{}}')
    server.answers["/mutuals"] = lambda h, _: whole(h)
    told = sidecar(fetch(given, line))
    assert told["url"] == f'{server.url}/mutuals?q="\\{{}}'
    assert told["bytes"] == len(MUTUALS)
    assert set(told) == {
        "publisher", "url", "final_url", "retrieved", "licence", "bytes", "sha256", "completeness",
    }  # fmt: skip


@fault("N62", "A setting of the bounds is negative, or of a dataset that is not there", "It is refused, and named")
def test_bounds_that_make_no_sense() -> None:
    for given in ({"most_minutes": -1}, {"most_megabytes": {"mutuals": 0}}, {"most_megabytes": {"mutual": 5}}):
        with pytest.raises(ValueError, match=next(iter(given))):
            Fetch.model_validate(given)


def test_an_address_of_the_own_network_may_stand_in_the_settings() -> None:
    check_address("https://10.0.0.9/mirror.csv", named_by_server=False)
    with pytest.raises(CwbError):
        check_address("https://10.0.0.9/mirror.csv", named_by_server=True)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        pytest.param("SSL_CERT_FILE", "nowhere/proxy.pem", marks=fault("N80", "SSL_CERT_FILE names a file that is not there", "Told in a line that names the variable")),
        pytest.param("HTTPS_PROXY", "socks5://proxy.example:1080", marks=fault("N81", "HTTPS_PROXY names a kind of proxy that is not spoken", "Told in a line that names the variable")),
    ],
)  # fmt: skip
def test_variables_that_cannot_be_used(variable: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(FetchError, match=variable), open_line():
        pass


@pytest.mark.skipif(not shutil.which("openssl"), reason="needs openssl to make a certificate")
@fault(
    "N82",
    "A server of a council's own certificate, named in SSL_CERT_FILE, sends the body a few bytes at a time",
    "It is trusted, and cut when the time is over",
)
def test_a_secure_server_that_drips(
    server: Server, target: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certified(server, tmp_path)))
    server.answers["/file"] = lambda h, _: raw(h, *DRIPS[1][2], pause=PAUSE)
    begun = time.monotonic()
    with (
        open_line(timeout=5, minutes=0.05, loopback=True) as line,
        pytest.raises(FetchError, match="takes longer than"),
    ):
        download(line, server.url.replace("http:", "https:") + "/file", target, quiet, MOST)
    assert server.asked
    assert time.monotonic() - begun < DRIPS_FOR


@fault(
    "N83",
    "A fetch is killed at every file that it names, writes, moves or removes",
    "The next fetch ends as if nothing had been, and nothing else stays",
)
def test_a_fetch_that_is_killed_anywhere(
    line: Line, server: Server, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = [FileReport("x", "mutuals", "").account(Amount(1))]
    monkeypatch.setattr(place, "check_files", lambda *_: good)
    body = MUTUALS[:3_000].rpartition(b"\n")[0] + b"\n"
    server.answers["/mutuals"] = lambda h, _: whole(h, body)
    folder = settings.raw / "mutuals"
    for at in range(40):
        shutil.rmtree(folder, ignore_errors=True)
        with pytest.MonkeyPatch.context() as patch:
            killer = Dies(patch, at)
            with contextlib.suppress(Killed):
                fetch(settings, line)
        if not killer.is_dead:
            break
        target = fetch(settings, line)
        assert target.read_bytes() == body, at
        assert sidecar(target)["sha256"] == hashlib.sha256(body).hexdigest(), at
        assert sorted(p.name for p in folder.iterdir()) == [target.name, f"{target.name}.source.toml"], at
    assert 8 < at < 39
