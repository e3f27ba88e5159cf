"""The line to a publisher: secure, patient where the server asks for patience, and not for ever."""

from __future__ import annotations

import math
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx

from cwb import __version__
from cwb.base.errors import Fault
from cwb.sources.fetch.address import FetchError, check_address, shown

TRIES = 6
MOST_REDIRECTS = 5
_LONGEST_WAIT = 300.0
_REDIRECTS = (301, 302, 303, 307, 308)
_NO_NAME = {socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)}


@dataclass
class Line:
    """A connection with its patience. `wait`, `tries` and `loopback` are for tests.

    `minutes` is how long all that is asked of the line may take together, `until` when that time is over.
    """

    client: httpx.Client
    wait: Callable[[float], None] = time.sleep
    tries: int = TRIES
    loopback: bool = False
    minutes: float = math.inf
    until: float = math.inf
    _streams: list[object] = field(default_factory=list)

    def pause(self, attempt: int, response: httpx.Response | None = None) -> None:
        """Wait as long as the server asks (`Retry-After`, in seconds or as a date), else longer each time."""
        usual = min(2.0**attempt, 60.0)
        seconds = _asked(response.headers.get("retry-after", "").strip()) if response is not None else 0.0
        seconds = seconds if seconds > 0 else usual
        if seconds > _LONGEST_WAIT:
            raise FetchError(
                Fault(
                    rule=f"the server asks to wait {seconds / 60:,.0f} minutes",
                    remedy="Fetch again after that time.",
                )
            )
        if time.monotonic() + seconds > self.until:
            raise self._too_long()
        self.wait(seconds)

    def check_time(self) -> None:
        """Raise `FetchError` when the time is over."""
        if time.monotonic() > self.until:
            raise self._too_long()

    def _too_long(self) -> FetchError:
        rule = f"it takes longer than the {self.minutes:g} minutes that it may take"
        remedy = "Run the command again: it goes on where it stopped. For a slow line raise most_minutes under [fetch] in cwb.toml."
        return FetchError(Fault(rule=rule, remedy=remedy))

    @contextmanager
    def get(
        self, url: str, headers: Mapping[str, str], *, named_by_server: bool = False
    ) -> Iterator[httpx.Response]:
        """The answer to a request, after at most five redirects, each to an address that may be asked."""
        with self._timed():
            for _ in range(MOST_REDIRECTS + 1):
                check_address(url, named_by_server=named_by_server, loopback=self.loopback)
                self.check_time()
                with self.client.stream(
                    "GET", url, headers=dict(headers), extensions={"trace": self._connected}
                ) as response:
                    location = response.headers.get("location")
                    if response.status_code not in _REDIRECTS or location is None:
                        yield response
                        return
                    url, named_by_server = _joined(response.url, location), True
        raise FetchError(
            Fault(
                file=shown(url),
                rule=f"the publisher leads on from address to address, more than {MOST_REDIRECTS} times",
                remedy="Find the file on the publisher's page and name its address under [data.addresses].",
            )
        )

    def _connected(self, event: str, info: Mapping[str, object]) -> None:
        if event.endswith(("connect_tcp.complete", "start_tls.complete")):
            self._streams[:] = [info["return_value"]]

    @contextmanager
    def _timed(self) -> Iterator[None]:
        """Cut the connection when the time is over: a server that sends a byte now and then never stalls."""
        if math.isinf(self.until):
            yield
            return
        timer = threading.Timer(max(self.until - time.monotonic(), 0.0), self._cut)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def _cut(self) -> None:
        for stream in self._streams:
            held = getattr(stream, "get_extra_info", lambda _: None)("socket")
            if isinstance(held, socket.socket):
                with suppress(OSError):
                    held.shutdown(socket.SHUT_RDWR)


def _asked(header: str) -> float:
    """Seconds that a `Retry-After` asks for; 0 for none, for a moment that is past and for what is neither."""
    if re.fullmatch(r"[0-9]+", header):
        return float(header)
    with suppress(TypeError, ValueError, OverflowError):
        return (parsedate_to_datetime(header) - datetime.now(UTC)).total_seconds()
    return 0.0


def _joined(url: httpx.URL, location: str) -> str:
    try:
        return str(url.join(location))
    except (httpx.InvalidURL, ValueError):
        raise FetchError(
            Fault(
                file=shown(str(url)),
                rule="the publisher leads on to something that is no address",
                remedy="Find the file on the publisher's page and name its address under [data.addresses].",
            )
        ) from None


@contextmanager
def open_line(timeout: float = 30.0, minutes: float = math.inf, *, loopback: bool = False) -> Iterator[Line]:
    """A line to publishers; a server that sends nothing for `timeout` seconds has stalled.

    Certificates are checked against those that come with cwb and those of the system, where a council keeps its proxy's;
    `SSL_CERT_FILE` names others. `loopback` is for tests: it lets this machine be asked, without HTTPS.
    """
    with _client(timeout) as client:
        yield Line(client, loopback=loopback, minutes=minutes, until=time.monotonic() + minutes * 60)


def _client(timeout: float) -> httpx.Client:
    """Raises `FetchError` for a variable of the system that names certificates or a proxy which cannot be used."""
    try:
        trusted = httpx.create_ssl_context()
        trusted.load_default_certs()
    except OSError:
        rule = "the variable SSL_CERT_FILE or SSL_CERT_DIR names no certificates that can be read"
        raise FetchError(Fault(rule=rule, remedy="Mend it, or take it away.")) from None
    trusted.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        return httpx.Client(
            timeout=httpx.Timeout(timeout),
            headers={"User-Agent": f"cwb/{__version__}", "Accept-Encoding": "identity"},
            verify=trusted,
            follow_redirects=False,
            limits=httpx.Limits(max_connections=1),
        )
    except (ImportError, ValueError, httpx.InvalidURL):
        rule = "the proxy that the variable HTTPS_PROXY, HTTP_PROXY or ALL_PROXY names cannot be used"
        remedy = "Give it as http://proxy.council.example:8080; SOCKS is not spoken."
        raise FetchError(Fault(rule=rule, remedy=remedy)) from None


def hopeless(error: httpx.TransportError | httpx.InvalidURL) -> Fault | None:
    """The fault of an error that no further try can mend: certificate, unknown name, a proxy that refuses; else None."""
    host = None if isinstance(error, httpx.InvalidURL) else error.request.url.host
    causes: list[BaseException] = []
    cause: BaseException | None = error
    while cause is not None and cause not in causes:
        causes.append(cause)
        cause = cause.__cause__ or cause.__context__
    for one in causes:
        if isinstance(one, ssl.SSLCertVerificationError):
            return Fault(
                file=host,
                rule=f"its certificate is not accepted ({one.verify_message})",
                remedy="Where your network looks into web traffic, ask IT for its root certificate as a .pem file and name that "
                "file in the variable SSL_CERT_FILE. Otherwise check this computer's clock, and that the address is right.",
            )
        if isinstance(one, ssl.SSLError) and not isinstance(one, ssl.SSLEOFError | ssl.SSLZeroReturnError):
            if not isinstance(error, httpx.ConnectError):
                return None
            rule = f"no secure connection can be made ({one.reason or 'TLS'})"
            remedy = "Check the address; behind a proxy ask IT whether the host may be reached."
            return Fault(file=host, rule=rule, remedy=remedy)
        if isinstance(one, socket.gaierror) and one.errno in _NO_NAME:
            return Fault(
                file=host,
                rule="there is no host of this name, or no connection to the Internet",
                remedy="Check the address and the connection; behind a proxy name it in the variable HTTPS_PROXY.",
            )
    if isinstance(error, httpx.ProxyError) and str(error).startswith("4"):
        return Fault(
            file=host,
            rule=f"the proxy does not let it through ({str(error)[:60]})",
            remedy="Ask IT for access; a proxy that wants a name and a password has them in the variable HTTPS_PROXY.",
        )
    if isinstance(error, httpx.UnsupportedProtocol | httpx.LocalProtocolError | httpx.InvalidURL):
        return Fault(
            file=host,
            rule="the address cannot be asked",
            remedy="Mend it under [data.addresses] in cwb.toml.",
        )
    return None
