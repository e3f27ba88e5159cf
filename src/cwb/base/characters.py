"""Characters that no text of ours may hold: control characters, lone halves of a pair, and what Unicode calls no character.

Spreadsheets and ledgers let them slip into names. XML and HTML forbid them, and the program that draws the charts ends
the whole process on them. They go when a file is read, and once more when anything is drawn or written.
"""

from __future__ import annotations

import re
from typing import TypeVar, cast

_Tree = TypeVar("_Tree")

# Space of a kind (vertical tab, form feed, separators, next line): a blank takes its place, so that words stay apart.
_BLANK = ((0x0B, 0x0C), (0x1C, 0x1F), (0x85, 0x85))
_NOTHING = (
    (0x00, 0x08), (0x0E, 0x1B), (0x7F, 0x84), (0x86, 0x9F), (0xD800, 0xDFFF), (0xFDD0, 0xFDEF), (0xFFFE, 0xFFFF),
)  # fmt: skip
_TO_PRINTABLE = {
    code: " " if ranges is _BLANK else ""
    for ranges in (_BLANK, _NOTHING)
    for a, b in ranges
    for code in range(a, b + 1)
}
_UNPRINTABLE = re.compile("[" + "".join(f"{chr(a)}-{chr(b)}" for a, b in (*_BLANK, *_NOTHING)) + "]")
_HARMLESS_ASCII = bytes([0x09, 0x0A, 0x0D, *range(0x20, 0x7F)])
_UNPRINTABLE_UTF8 = re.compile(rb"[\x00-\x7f]|\xc2[\x80-\x9f]|\xef(?:\xb7[\x90-\xaf]|\xbf[\xbe\xbf])")

# A spreadsheet takes a cell that begins so for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def printable(text: str) -> str:
    """The text without such characters; tab, line feed and carriage return stay."""
    return text.translate(_TO_PRINTABLE) if _UNPRINTABLE.search(text) else text


def neutral(text: str) -> str:
    """A printable text that no spreadsheet runs as a formula: an apostrophe goes in front of = + - @, tab, CR and LF."""
    text = printable(text)
    return f"'{text}" if text.startswith(_FORMULA) else text


def printable_tree(value: _Tree) -> _Tree:
    """A value of JSON or TOML, with every text in it printable."""
    result: object = value
    if isinstance(value, str):
        result = printable(value)
    elif isinstance(value, dict):
        result = {printable_tree(key): printable_tree(item) for key, item in value.items()}
    elif isinstance(value, list):
        result = [printable_tree(item) for item in value]
    return cast("_Tree", result)


def has_unprintable(chunk: bytes) -> bool:
    """Whether a piece of UTF-8 holds such a character."""
    # What is left of an ordinary file are its few letters beyond ASCII, whole: a look that costs next to nothing.
    return _UNPRINTABLE_UTF8.search(chunk.translate(None, _HARMLESS_ASCII)) is not None


def sql_printable(column: str) -> str:
    """SQL: `printable` of a text. DuckDB's texts hold no lone halves."""

    def among(ranges: tuple[tuple[int, int], ...]) -> str:
        return "[" + "".join(f"\\x{{{a:x}}}-\\x{{{b:x}}}" for a, b in ranges if a != 0xD800) + "]"

    blanked = f"regexp_replace({column}, '{among(_BLANK)}', ' ', 'g')"
    return f"regexp_replace({blanked}, '{among(_NOTHING)}', '', 'g')"
