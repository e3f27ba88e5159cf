"""The first place at which two pages differ, as members would find it: the heading above it and the text itself."""

from __future__ import annotations

import html
import re
from itertools import zip_longest

# Style sheets, scripts and comments are no text of a page; a tag is one piece, and so is the text between two.
_PIECES = re.compile(r"(?s)<style\b.*?</style>|<script\b.*?</script>|<!--.*?-->|<[^>]*>|[^<]+|<")
_HEADING = re.compile(r"(?i)<(?:h[1-6]|figcaption|caption)\b")


def place_in_page(here: str, again: str) -> tuple[str, str, str]:
    """The heading above the first difference, the text here and the text made again; where only the page's code differs, its
    code. All are empty where neither does."""
    pieces = [_PIECES.findall(page) for page in (here, again)]
    texts = [[(at, piece.strip()) for at, piece in enumerate(of) if _is_text(piece)] for of in pieces]
    codes = [list(enumerate(of)) for of in pieces]
    for compared in (texts, codes):
        for (_, one), (at, other) in zip_longest(*compared, fillvalue=(len(pieces[1]), "")):
            if one != other:
                read = html.unescape(one), html.unescape(other)
                return _heading(pieces[1][:at]), *(read if read[0] != read[1] else (one, other))
    return "", "", ""


def _is_text(piece: str) -> bool:
    return not piece.startswith("<") and bool(piece.strip())


def _heading(pieces: list[str]) -> str:
    """The text of the last heading among the pieces of a page."""
    starts = [at for at, piece in enumerate(pieces) if _HEADING.match(piece)]
    return (
        next((html.unescape(piece.strip()) for piece in pieces[starts[-1] :] if _is_text(piece)), "")
        if starts
        else ""
    )
