"""A publisher on this machine for tests of fetching: what it does at each request is said by the test."""

from __future__ import annotations

import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

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
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                path = self.path.split("?", 1)[0]
                outer.asked.append((self.path, self.headers.get("Range")))
                count = sum(p.split("?", 1)[0] == path for p, _ in outer.asked)
                outer.answers.get(path, lambda h, _: send(h, b"", status=404))(self, count)

            def log_message(self, *_: object) -> None:
                """Quiet."""

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True
        threading.Thread(target=self.http.serve_forever, daemon=True).start()
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
