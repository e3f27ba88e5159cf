"""Which addresses data are fetched from: over HTTPS alone, and never into the own network on a publisher's word."""

from __future__ import annotations

import ipaddress
import re
import socket

import httpx

from cwb.base.characters import printable
from cwb.base.errors import CwbError, Fault

# Names that Windows keeps for devices, whatever their ending.
_DEVICES = frozenset({"CON", "PRN", "AUX", "NUL", *(f"{kind}{n}" for kind in ("COM", "LPT") for n in range(10))})


class FetchError(CwbError):
    """A dataset could not be fetched; nothing was put in its place."""


def shown(url: str) -> str:
    """An address as messages name it: without its query, which may hold a key, and without who signs in."""
    bare = re.split(r"[?#]", printable(url), maxsplit=1)[0]
    return re.sub(r"//[^/]*@", "//", bare)[:200]


def check_address(url: str, *, named_by_server: bool, loopback: bool = False) -> None:
    """Raise `FetchError` unless data may be fetched from this address.

    It is HTTPS and holds no name or password. One that a publisher's answer names (a redirect, a link) leads to no private,
    local or reserved address either; the settings may name a server of the own network. `loopback` allows this machine,
    over plain HTTP, and is for tests.
    """
    try:
        parsed = httpx.URL(url)
        host = parsed.host
        if not re.fullmatch(r"[a-z0-9_.-]*", parsed.raw_host.decode("ascii")):
            ipaddress.ip_address(host)
    except (httpx.InvalidURL, ValueError):
        raise FetchError(_refusal(url, "this is no address", named_by_server)) from None
    if loopback and host == "127.0.0.1" and parsed.scheme in ("http", "https") and not parsed.userinfo:
        return
    if parsed.scheme != "https" or not host:
        raise FetchError(_refusal(url, "the address does not begin with https://", named_by_server))
    if parsed.userinfo:
        raise FetchError(_refusal(url, "the address holds a name or a password", named_by_server))
    if named_by_server and _is_inside(host):
        raise FetchError(_refusal(url, "the address is of this machine or of a private network", named_by_server))


def _refusal(url: str, rule: str, named_by_server: bool) -> Fault:
    remedy = (
        "The publisher's answer leads there, and it was not followed: find the file on the publisher's page and name its "
        "address under [data.addresses]."
        if named_by_server
        else "Mend it under [data.addresses] in cwb.toml."
    )
    return Fault(file=shown(url), rule=rule, remedy=remedy)


def _is_inside(host: str) -> bool:
    """Whether a host is, by its number in any notation or by what its name stands for, no host of the open Internet."""
    try:
        found = {str(entry[4][0]) for entry in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)}
    except (OSError, UnicodeError):
        # Behind a proxy names may be known to the proxy alone; where there is none, connecting will say so.
        return False
    numbers = [ipaddress.ip_address(one.partition("%")[0]) for one in found]
    return any(not number.is_global or number.is_multicast for number in numbers)


def own_name(name: str, endings: tuple[str, ...]) -> str | None:
    """The name if a file may have it here: letters, digits, `_`, `-`, and one of the endings; None for any other."""
    fits = re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}", name) and name.lower().endswith(endings)
    return name if fits and name.partition(".")[0].upper() not in _DEVICES else None
