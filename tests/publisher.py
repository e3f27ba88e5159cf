"""A publisher on this machine for tests of fetching: what it does at each request is said by the test."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from cwb.council.config import Settings
from cwb.council.sections import Council, Data, Local
from cwb.sources.fetch.datasets import fetch_file
from cwb.sources.fetch.line import Line

TODAY = date(2026, 11, 24)

MUTUALS = (
    "Society Number,Full Registation Number,Society Name,Society Address,Registered As,Registration Act,"
    "Registration Date,Deregistration Date,Society Status,Reporting Classification\n"
    + "".join(
        f'{n},{n}R,Society {n} Limited,"1 Road, SG1 1AA",Co-operative Society,Act,01/02/2003,,Registered,\n'
        for n in range(1, 3000)
    )
).encode()
Answer = Callable[[BaseHTTPRequestHandler, int], None]


class Server:
    """A publisher. `answers` maps a path to what it does at each request (the count begins with 1)."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {}
        self.asked: list[tuple[str, str | None]] = []
        self.connect: Callable[[BaseHTTPRequestHandler], None] = lambda h: send(h, b"", status=405)
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                path = self.path.split("?", 1)[0]
                outer.asked.append((self.path, self.headers.get("Range")))
                count = sum(p.split("?", 1)[0] == path for p, _ in outer.asked)
                outer.answers.get(path, lambda h, _: send(h, b"", status=404))(self, count)

            def do_CONNECT(self) -> None:
                outer.connect(self)

            def log_message(self, *_: object) -> None:
                """Quiet."""

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True
        self.http.handle_error = lambda *_: None  # type: ignore[method-assign]
        threading.Thread(target=self.http.serve_forever, args=(0.01,), daemon=True).start()
        self.url = f"http://127.0.0.1:{self.http.server_port}"


def send(
    handler: BaseHTTPRequestHandler, body: bytes, status: int = 200, stop_at: int | None = None, **headers: str
) -> None:
    handler.send_response(status)
    for name, value in {"Content-Length": str(len(body)), **headers}.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    handler.wfile.write(body if stop_at is None else body[:stop_at])
    if stop_at is not None:
        handler.wfile.flush()
        handler.close_connection = True
        handler.connection.close()


def whole(handler: BaseHTTPRequestHandler, body: bytes = MUTUALS, **headers: str) -> None:
    """A file as a good server gives it: with an ETag, and from the middle where that is asked for."""
    wanted = handler.headers.get("Range")
    if wanted and handler.headers.get("If-Range") == '"one"':
        start = int(wanted.removeprefix("bytes=").rstrip("-"))
        send(handler, body[start:], 206, ETag='"one"', Content_Range=f"bytes {start}-{len(body) - 1}/{len(body)}")
    else:
        send(handler, body, ETag='"one"', **headers)


def small_settings(folder: Path, server: Server) -> Settings:
    """A council whose datasets are at a server of the test. The settings take HTTPS alone, which that server has not."""
    names = ("mutuals", "companies", "employers", "notices")
    return Settings(
        council=Council(name="Small", home_district="E07000243"),
        local=Local(name="Here", districts=("E07000243",)),
        data=Data().model_copy(update={"addresses": {name: f"{server.url}/{name}" for name in names}}),
        folder=folder,
    )


def addressed(settings: Settings, name: str, url: str) -> Settings:
    """The settings with another address of one dataset."""
    return settings.model_copy(update={"data": settings.data.model_copy(update={"addresses": {name: url}})})


def fetch(settings: Settings, line: Line, name: str = "mutuals") -> Path:
    return fetch_file(settings, name, line, lambda *_: None, TODAY)


def kept(settings: Settings) -> list[str]:
    """Names of the raw files and of all that is beside them but the parts."""
    return sorted(p.name for p in settings.raw.rglob("*") if p.is_file() and ".part" not in p.name)


class Killed(BaseException):
    """The process has ended: nothing more of it is done, in `finally` neither."""


class Dies:
    """Ends at the n-th call by which a file is named, written, moved or removed; so does every call after it."""

    def __init__(self, patch: pytest.MonkeyPatch, at: int):
        self.left, self.is_dead = at, False
        for name in ("replace", "rename", "unlink", "write_text", "rmdir", "mkdir"):
            patch.setattr(Path, name, self._of(getattr(Path, name)))

    def _of(self, real: Callable[..., object]) -> Callable[..., object]:
        def called(*given: object, **named: object) -> object:
            self.left -= 1
            self.is_dead = self.is_dead or self.left < 0
            if self.is_dead:
                raise Killed
            return real(*given, **named)

        return called


def fault(number: str, done: str, holds: str) -> pytest.MarkDecorator:
    """One fault of docs/faults.md."""
    return pytest.mark.fault(number, done, holds)
