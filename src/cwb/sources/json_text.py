"""JSON as publishers write it: in any encoding, with invisible characters, with halves of a pair, with numbers that are none."""

from __future__ import annotations

import codecs
import json
import math
import re
from dataclasses import dataclass
from pathlib import Path

from cwb.base.characters import cleaned_note, cleaned_tree, has_unprintable
from cwb.council.bounds import DEFAULT, Bounds

_CHUNK = 1 << 22
# Escapes that may encode what no text may hold; others ("\u2018") are plain letters and need no second look.
_SUSPECT = re.compile(r"\\u(?:00[01789]|00ad|034f|061c|11[56]|17b|180|20[026]|2800|3164|d|e|f)", re.IGNORECASE)
_LONGEST_NUMBER = 20
# White space may be anything between members, and only the blank within a text.
_BLANKED = bytes(0x20 if byte < 0x20 and byte != 0x0A else byte for byte in range(256))
_DROPPED = bytes([*range(0x09), *range(0x0E, 0x1C)])
# A whole pair, an escaped backslash, or a lone half; of these only the last goes.
_OTHERS = {
    b"%PDF": "it is a PDF. Download the notice as JSON (OCDS) instead, or remove it.",
    b"\x1f\x8b": "it is packed with gzip. Unpack it, or remove it.",
    b"PK\x03\x04": "it is a zip archive or a workbook. Unpack it, or remove it.",
    b"<": "it is a web page or XML, perhaps the service's error in place of the notices. Fetch it again, or remove it.",
}
_HALVES = re.compile(rb"(\\u[dD][89abAB]..\\u[dD][c-fC-F]..|\\\\)|\\u[dD][89a-fA-F]..")


def text_of_json(path: Path) -> tuple[str, str | None]:
    """The text of a file, and a note where it is in none of the encodings of JSON."""
    content = path.read_bytes()
    try:
        return content.decode(json.detect_encoding(content)).removeprefix("\ufeff"), None
    except UnicodeDecodeError:
        note = "bytes that are not UTF-8 were read as Windows-1252"
        return content.decode("cp1252", errors="replace").removeprefix(codecs.BOM_UTF8.decode("cp1252")), note


def other_than_json(path: Path) -> str | None:
    """What a file is by its first bytes, and what to do with it; None for one that may be JSON."""
    with path.open("rb") as handle:
        head = handle.read(1024)
    start = head.removeprefix(codecs.BOM_UTF8).lstrip()
    if not start:
        return "the file is empty. Fetch it again, or remove it."
    return next((advice for mark, advice in _OTHERS.items() if start.startswith(mark)), None)


@dataclass(frozen=True)
class Loaded:
    """What a JSON text holds, every text of it printable: from how many of them something was taken out for that, and in how
    many objects a field is stated twice, of which the last counts."""

    tree: object
    cleaned: int = 0
    twice: int = 0


def notes_of(loaded: list[Loaded]) -> tuple[str, ...]:
    """What the account of a file tells of how it was read."""
    cleaned, twice = sum(one.cleaned for one in loaded), sum(one.twice for one in loaded)
    notes = (cleaned_note(cleaned).replace("cell", "text"),) if cleaned else ()
    objects = "1 object states" if twice == 1 else f"{twice:,} objects state"
    return (*notes, f"{objects} a field twice: the last counts") if twice else notes


class BeyondError(Exception):
    """A JSON text is beyond a bound; the message says which, and what to do."""


def check_size(path: Path, bounds: Bounds) -> None:
    """Raise `BeyondError` for a file of more bytes than are read."""
    size = path.stat().st_size
    if size > bounds.json_bytes:
        raise BeyondError(
            f"it has {size:,} bytes, and at most {bounds.json_bytes:,} are read. Fetch fewer days at once, or raise "
            "json_bytes under [bounds] in cwb.toml"
        )


def load_json(text: str, bounds: Bounds = DEFAULT) -> Loaded:
    """Read a JSON text. A number that is none (NaN) or that no program holds (1e-400) becomes the text that was written.

    Raises `ValueError` for a text that is not JSON, and `BeyondError` for one that is beyond a bound.
    """
    values = text.count(",") + text.count("[") + text.count("{")
    if values > bounds.json_values:
        raise BeyondError(
            f"it has about {values:,} values, and at most {bounds.json_values:,} are read. Fetch fewer days at once, or raise "
            "json_values under [bounds] in cwb.toml"
        )
    twice = 0

    def as_object(pairs: list[tuple[str, object]]) -> dict[str, object]:
        nonlocal twice
        found = dict(pairs)
        twice += len(found) < len(pairs)
        return found

    # Not strict: a control character inside a text is against the rule and takes nothing from the rest.
    decoder = json.JSONDecoder(
        strict=False, parse_constant=str, parse_int=_whole, parse_float=_decimal, object_pairs_hook=as_object
    )
    try:
        tree = decoder.decode(text)
    except RecursionError:
        raise _too_deep(bounds) from None
    _check_depth(tree, bounds)
    if not _SUSPECT.search(text) and not has_unprintable(text.encode("utf-8", errors="surrogatepass")):
        return Loaded(tree, 0, twice)
    return Loaded(*cleaned_tree(tree), twice)


def _whole(text: str) -> int | str:
    return int(text) if len(text) <= _LONGEST_NUMBER else text


def _decimal(text: str) -> float | str:
    number = float(text)
    is_lost = math.isinf(number) or (number == 0 and re.search("[1-9]", re.split("[eE]", text)[0]) is not None)
    return text if is_lost else number


def _check_depth(tree: object, bounds: Bounds) -> None:
    level = [tree]
    for _ in range(bounds.json_depth):
        level = [
            one
            for parent in level
            if isinstance(parent, dict | list)
            for one in (parent.values() if isinstance(parent, dict) else parent)
            if isinstance(one, dict | list)
        ]
        if not level:
            return
    raise _too_deep(bounds)


def _too_deep(bounds: Bounds) -> BeyondError:
    return BeyondError(
        f"its lists and objects nest more than {bounds.json_depth} deep. Fetch it again from its publisher, or raise json_depth "
        "under [bounds] in cwb.toml"
    )


def plain_json(path: Path, scratch: Path) -> tuple[Path, bool]:
    """The file itself where DuckDB can read it, else a copy in `scratch` without what it stumbles over; and whether a text
    of it may hold what is not printable."""
    with path.open("rb") as handle:
        is_plain, may_hide = handle.read(3) != codecs.BOM_UTF8, False
        handle.seek(0)
        tail = b""
        while chunk := handle.read(_CHUNK):
            piece, tail = tail + chunk, chunk[-5:]
            hides = has_unprintable(piece)
            may_hide = may_hide or hides or rb"\u" in piece
            is_plain = is_plain and not hides and b"\t" not in piece and rb"\ud" not in piece.lower()
    if is_plain:
        return path, may_hide
    scratch.mkdir(parents=True, exist_ok=True)
    copy = scratch / "plain.json"
    with path.open("rb") as handle, copy.open("wb") as out:
        left = handle.read(3).removeprefix(codecs.BOM_UTF8)
        while chunk := handle.read(_CHUNK):
            # Cut between two members, so that no escape is parted.
            whole, comma, left = (left + chunk).rpartition(b",")
            out.write(_plain(whole + comma))
        out.write(_plain(left))
    return copy, may_hide


def _plain(piece: bytes) -> bytes:
    return _HALVES.sub(lambda found: found[1] or b"", piece.translate(_BLANKED, _DROPPED))
