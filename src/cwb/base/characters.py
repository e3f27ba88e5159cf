"""Characters that no text of ours may hold: those that a terminal obeys, and those that nobody sees.

Spreadsheets and ledgers let them slip into names. XML and HTML forbid some of them, and the program that draws the charts ends
the whole process on these; others turn the order of a line round, or make two names of one. They go when a file is read, and
once more when anything is drawn or written.
"""

from __future__ import annotations

import re
from typing import TypeVar, cast

_Tree = TypeVar("_Tree")
_Ranges = tuple[tuple[int, int], ...]

# Space of a kind (vertical tab, form feed, separators, next line, line and paragraph separators, a filler of Braille and of
# Hangul): a blank takes its place, so that words stay apart.
_BLANK: _Ranges = (
    (0x0B, 0x0C), (0x1C, 0x1F), (0x85, 0x85), (0x2028, 0x2029), (0x115F, 0x1160), (0x2800, 0x2800), (0x3164, 0x3164),
    (0xFFA0, 0xFFA0),
)  # fmt: skip
_SURROGATES = (0xD800, 0xDFFF)
_NOTHING: _Ranges = (
    # control characters
    (0x00, 0x08), (0x0E, 0x1B), (0x7F, 0x84), (0x86, 0x9F),
    # what is not drawn: soft hyphen, joiners, zero width, marks and overrides of direction, isolates, byte order marks
    (0xAD, 0xAD), (0x034F, 0x034F), (0x061C, 0x061C), (0x17B4, 0x17B5), (0x180B, 0x180F), (0x200B, 0x200F),
    (0x202A, 0x202E), (0x2060, 0x206F), (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF), (0xFFF9, 0xFFFC),
    # what stands for nothing: halves of a pair, private use, what Unicode calls no character
    _SURROGATES, (0xE000, 0xF8FF), (0xFDD0, 0xFDEF), (0xFFFE, 0xFFFF),
    # musical beams and shorthand that are not drawn, tags, more selectors, and all beyond
    (0x1BCA0, 0x1BCA3), (0x1D173, 0x1D17A), (0xE0000, 0x10FFFF),
)  # fmt: skip
_BLANKS = re.compile("[" + "".join(f"{chr(a)}-{chr(b)}" for a, b in _BLANK) + "]")
_GONE = re.compile("[" + "".join(f"{chr(a)}-{chr(b)}" for a, b in _NOTHING) + "]")
_UNPRINTABLE = re.compile(f"{_BLANKS.pattern}|{_GONE.pattern}")
_HARMLESS_ASCII = bytes([0x09, 0x0A, 0x0D, *range(0x20, 0x7F)])

# A spreadsheet takes a cell that begins so for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def printable(text: str) -> str:
    """The text without such characters; tab, line feed and carriage return stay."""
    return _GONE.sub("", _BLANKS.sub(" ", text)) if _UNPRINTABLE.search(text) else text


def visible(text: str) -> str:
    """The text with such characters shown as their codes ("\\x1b"), so that a message is safe and two names stay apart."""
    return _UNPRINTABLE.sub(lambda found: ascii(found[0])[1:-1], text)


def neutral(text: str) -> str:
    """A printable text that no spreadsheet runs as a formula: an apostrophe goes in front of = + - @, tab, CR and LF."""
    text = printable(text)
    return f"'{text}" if text.startswith(_FORMULA) else text


def plain_cell(text: str) -> str:
    """The text that `neutral` made harmless, for what is no spreadsheet's cell to be typed: without the apostrophe."""
    return text[1:] if text.startswith("'") and text[1:].startswith(_FORMULA) else text


def printable_tree(value: _Tree) -> _Tree:
    """A value of JSON or TOML, with every text in it printable."""
    return cleaned_tree(value)[0]


def cleaned_tree(value: _Tree) -> tuple[_Tree, int]:
    """As `printable_tree`, and how many texts of it had such a character."""
    cleaned = 0

    def plain(item: object) -> object:
        nonlocal cleaned
        if isinstance(item, str):
            text = printable(item)
            cleaned += text != item
            return text
        if isinstance(item, dict):
            return {plain(key): plain(one) for key, one in item.items()}
        return [plain(one) for one in item] if isinstance(item, list) else item

    return cast("_Tree", plain(value)), cleaned


def cleaned_note(cells: int, first_row: int | None = None) -> str:
    """The sentence in a file's account on cells from which such characters were taken out."""
    where = "" if first_row is None else f" (first: row {first_row})"
    return f"{cells:,} {'cell' if cells == 1 else 'cells'} had invisible characters taken out{where}"


def has_unprintable(chunk: bytes) -> bool:
    """Whether a piece of UTF-8 holds such a character."""
    # What is left of an ordinary file are its few letters beyond ASCII, whole: a look that costs next to nothing.
    rest = chunk.translate(None, _HARMLESS_ASCII)
    return bool(rest) and _UNPRINTABLE.search(rest.decode("utf-8", errors="ignore")) is not None


def sql_printable(column: str) -> str:
    """SQL: `printable` of a text. DuckDB's texts hold no lone halves."""
    blanked = f"regexp_replace({column}, '{_sql_class(_BLANK)}', ' ', 'g')"
    return f"regexp_replace({blanked}, '{_sql_class(_NOTHING)}', '', 'g')"


def sql_is_unprintable(column: str) -> str:
    """SQL: whether a text holds such a character."""
    return f"regexp_matches({column}, '{_sql_class((*_BLANK, *_NOTHING))}')"


def _sql_class(ranges: _Ranges) -> str:
    return "[" + "".join(f"\\x{{{a:x}}}-\\x{{{b:x}}}" for a, b in ranges if (a, b) != _SURROGATES) + "]"
