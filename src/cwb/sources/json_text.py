"""JSON as publishers write it: with a byte-order mark, with control characters, with halves of a pair of characters."""

from __future__ import annotations

import codecs
import json
import re
from pathlib import Path

from cwb.base.characters import has_unprintable, printable_tree

_CHUNK = 1 << 22
# Escapes that may encode what no text may hold; others ("\u2019") are plain letters and need no second look.
_SUSPECT = re.compile(r"\\u(?:00[01789]|d|f)", re.IGNORECASE)
# White space may be anything between members, and only the blank within a text.
_BLANKED = bytes(0x20 if byte < 0x20 and byte != 0x0A else byte for byte in range(256))
_DROPPED = bytes([*range(0x09), *range(0x0E, 0x1C)])
# A whole pair, an escaped backslash, or a lone half; of these only the last goes.
_HALVES = re.compile(rb"(\\u[dD][89abAB]..\\u[dD][c-fC-F]..|\\\\)|\\u[dD][89a-fA-F]..")


def load_json(path: Path) -> tuple[object, bool]:
    """What a JSON file holds, every text of it printable, and whether anything was taken out for that.

    Raises `ValueError` for a file that is not JSON.
    """
    text = path.read_text(encoding="utf-8-sig")
    # Not strict: a control character inside a text is against the rule and takes nothing from the rest.
    tree = json.loads(text, strict=False)
    if not _SUSPECT.search(text) and not has_unprintable(text.encode()):
        return tree, False
    cleaned = printable_tree(tree)
    return cleaned, cleaned != tree


def plain_json(path: Path, scratch: Path) -> Path:
    """The file itself where DuckDB can read it, else a copy in `scratch` without what it stumbles over."""
    with path.open("rb") as handle:
        is_plain = handle.read(3) != codecs.BOM_UTF8
        handle.seek(0)
        tail = b""
        while is_plain and (chunk := handle.read(_CHUNK)):
            piece, tail = tail + chunk, chunk[-2:]
            is_plain = not has_unprintable(piece) and b"\t" not in piece and rb"\ud" not in piece.lower()
    if is_plain:
        return path
    scratch.mkdir(parents=True, exist_ok=True)
    copy = scratch / "plain.json"
    with path.open("rb") as handle, copy.open("wb") as out:
        left = handle.read(3).removeprefix(codecs.BOM_UTF8)
        while chunk := handle.read(_CHUNK):
            # Cut between two members, so that no escape is parted.
            whole, comma, left = (left + chunk).rpartition(b",")
            out.write(_plain(whole + comma))
        out.write(_plain(left))
    return copy


def _plain(piece: bytes) -> bytes:
    return _HALVES.sub(lambda found: found[1] or b"", piece.translate(_BLANKED, _DROPPED))
