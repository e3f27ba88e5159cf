"""JSON as publishers write it: in any encoding, with control characters, with halves of a pair of characters."""

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
    return next((said for mark, said in _OTHERS.items() if start.startswith(mark)), None)


def load_json(text: str) -> tuple[object, bool]:
    """What a JSON text holds, every text of it printable, and whether anything was taken out for that.

    Raises `ValueError` for a text that is not JSON.
    """
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
