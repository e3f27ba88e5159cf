"""The check value of a report: one number that stands for all its bytes, printed on its first page.

It is the SHA-256 of manifest.json, which lists the SHA-256 of every other file. The first page bears the value and cannot list
itself as it stands: it is listed with each digit of the value's one place written as 0. So the value binds the first page's
text too, and any tool that computes SHA-256 gives it: `sha256sum manifest.json`. Nothing heavy is imported here.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from cwb.base.errors import CwbError, Fault
from cwb.base.kept import sha256_of

INDEX = "index.html"
_GROUPS, _DIGITS = 16, 4
# What the page bears while the value is not known.
BLANK = "-".join(["0" * _DIGITS] * _GROUPS)
_PLACE = re.compile(rb'(?<=<code id="check-value">)[0-9a-f]{4}(?:-[0-9a-f]{4}){15}(?=</code>)')


def grouped(digest: str) -> str:
    """A SHA-256 in groups that can be read aloud."""
    return "-".join(digest[at : at + _DIGITS] for at in range(0, _GROUPS * _DIGITS, _DIGITS))


def ungrouped(value: str) -> str:
    """A check value as somebody typed or pasted it, as SHA-256; raise `CwbError` for what is none."""
    digits = re.sub(r"[\s:.‐-–-]+", "", value).lower()
    if not re.fullmatch(r"[0-9a-f]{64}", digits):
        remedy = "Copy it whole from where the council published it; spaces and hyphens do not matter."
        rule = f"a check value has {_GROUPS} groups of {_DIGITS} of the characters 0 to 9 and a to f"
        raise CwbError(Fault(rule=rule, value=value, remedy=remedy))
    return digits


def printed(page: bytes) -> str | None:
    """The check value that a first page bears; None where it has no place for one, or several."""
    places = _PLACE.findall(page)
    return places[0].decode() if len(places) == 1 else None


def bearing(page: bytes, value: str) -> bytes:
    """The first page with a value in its place; one without such a place, or with several, as it is."""
    return page if printed(page) is None else _PLACE.sub(value.encode(), page)


def listed_hash(report: Path, name: str) -> str:
    """The SHA-256 by which a report's manifest lists a file of it."""
    path = report / name
    if name != INDEX:
        return sha256_of(path)
    return hashlib.sha256(bearing(path.read_bytes(), BLANK)).hexdigest()
