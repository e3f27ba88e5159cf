"""The rows of a CSV file whose writer puts a cell with a comma or a line break in quotation marks, and does not double the marks
within it: `"Smith, "Acme" Ltd"`. By the rules of CSV such a row cannot be read; by its writer's own rule most can.

A cell in marks holds a comma or a line break, else it would be in none; a row has as many cells as the heading; and marks within
a text come in pairs, or if no way fits so, in any number (12" pipes). A row is split in the first way that fits. One that fits in
no way is told and not guessed.
"""

from __future__ import annotations

import csv
import io
import re
from collections import deque
from collections.abc import Iterable, Iterator
from itertools import islice

_MARK = '"'
_BREAK = re.compile(r"[\r\n]")
# What a row may cost that fits in no way.
_MOST_STEPS = 50_000
_MOST_CHARACTERS = 2_000_000
_MOST_PARTS = 6
Found = tuple[list[str] | None, bool]


def rows(lines: Iterable[str], width: int, starts: re.Pattern[str]) -> Iterator[Found]:
    """Each row below the heading as its cells, None where it cannot be split, and whether its marks were mended.

    `starts` fits the beginning of a line with which a row begins. A list within a cell may have such lines too: a part that does
    not fit by itself is read together with those after it that do not either.
    """
    parts = _parts(lines, starts)
    ahead = deque(islice(parts, _MOST_PARTS))
    while ahead:
        found, taken = _together(list(ahead), width)
        yield found
        for _ in range(taken):
            ahead.popleft()
        ahead.extend(islice(parts, taken))


def _together(parts: list[str], width: int) -> tuple[Found, int]:
    """The row with which some parts begin, and how many of them it takes."""
    alone = _split(parts[0], width)
    if alone[0] is not None:
        return alone, 1
    for taken, after in enumerate(parts[1:], start=2):
        if _split(after, width)[0] is not None:
            break
        found = _split("".join(parts[:taken]), width)
        if found[0] is not None:
            return found, taken
    return _split(parts[0], width, in_pairs=False), 1


def _parts(lines: Iterable[str], starts: re.Pattern[str]) -> Iterator[str]:
    """What stands from one line that `starts` fits to the next."""
    held: list[str] = []
    for line in lines:
        if held and starts.match(line):
            yield "".join(held)
            held = []
        if held or line.strip():
            held.append(line)
    if held:
        yield "".join(held)


def _split(text: str, width: int, in_pairs: bool = True) -> Found:
    """The cells of one row, and whether CSV's own rules did not do; with marks `in_pairs` alone, or in any number."""
    text = text.rstrip("\r\n")
    try:
        read = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error:
        read = []
    if len(read) == 1 and len(read[0]) == width and not (in_pairs and any(c.count(_MARK) % 2 for c in read[0])):
        return read[0], False
    if len(text) > _MOST_CHARACTERS:
        return None, True
    return _Search(text, in_pairs).cells(0, width), True


class _Search:
    """One row, tried cell by cell; what is known to lead nowhere is not tried again."""

    def __init__(self, text: str, in_pairs: bool):
        self.text, self.in_pairs = text, in_pairs
        self._dead: set[tuple[int, int]] = set()
        self._steps = 0

    def cells(self, at: int, left: int) -> list[str] | None:
        """The cells from a place on, of which there must be `left`; None where there is no way."""
        if (at, left) in self._dead:
            return None
        for cell, end in self._first(at):
            self._steps += 1
            if self._steps > _MOST_STEPS:
                return None
            if self.in_pairs and cell.count(_MARK) % 2:
                continue
            is_last = end == len(self.text)
            if is_last and left == 1:
                return [cell]
            if not is_last and left > 1 and (others := self.cells(end + 1, left - 1)) is not None:
                return [cell, *others]
        self._dead.add((at, left))
        return None

    def _first(self, at: int) -> Iterator[tuple[str, int]]:
        """What the first cell from a place may be, and where it ends: at a comma or at the end of the row."""
        if self.text.startswith(_MARK, at):
            end = self.text.find(_MARK, at + 1)
            while end >= 0:
                after, cell = end + 1, self.text[at + 1 : end]
                is_closed = after == len(self.text) or self.text[after] == ","
                if is_closed and (not cell or "," in cell or _BREAK.search(cell)):
                    yield cell.replace(_MARK * 2, _MARK), after
                end = self.text.find(_MARK, end + 1)
        end = self.text.find(",", at)
        end = len(self.text) if end < 0 else end
        if not _BREAK.search(self.text, at, end):
            yield self.text[at:end], end
