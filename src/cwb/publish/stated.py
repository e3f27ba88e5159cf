"""Numbers as sentences state them, and what an exhibit has for each: its findings, its table, and sums and counts of the table."""

from __future__ import annotations

import calendar
import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from cwb.charts.figure import ExhibitRecord
from cwb.evidence.headcounts import FEWER
from cwb.evidence.record import FindingRecord

_NUMBER = re.compile(
    r"(?P<about>[Oo]ver (?=99%)|[Uu]nder (?=0\.1%))?(?<![\w/.,-])(?P<pound>£?)(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(?P<million>m\b)?"
    r"(?:\s?(?P<unit>%|percentage points?|tCO2e|kgCO2e|tonnes))?(?![\w/])(?!-\w)"
)
_YEAR = re.compile(r"(19|20)\d\d")
_MONTH = re.compile(rf" ({'|'.join(calendar.month_name[1:])})\b")
_SCALE = {
    "%": 0.01,
    "percentage point": 0.01,
    "percentage points": 0.01,
    "tCO2e": 1e3,
    "tonnes": 1e3,
    "kgCO2e": 1.0,
}
_KINDS = {"%": "share", "percentage point": "share", "percentage points": "share"}
_OF_UNIT = {
    "gbp": "gbp",
    "share": "share",
    "points": "share",
    "change": "share",
    "kgco2e": "kgco2e",
    "tonnes": "kgco2e",
}
# A text column with more different values names things, and is not what rows are grouped by.
_MOST_GROUPS = 12


@dataclass(frozen=True)
class Stated:
    """A number in a text: as written, its size in pounds, kilograms, parts of one or things, by how much the last digit shown
    may be off, its kind ("gbp", "share", "kgco2e", "count"), and where it begins and ends."""

    text: str
    value: float
    off: float
    kind: str
    start: int
    end: int

    def is_of(self, value: float) -> bool:
        """Whether this is how the value is written, its sign told by words."""
        return abs(abs(value) - self.value) <= self.off * 1.0001


def stated(text: str) -> Iterator[Stated]:
    """The numbers of a text; years, days of a month and parts of names and codes are none."""
    for found in _NUMBER.finditer(text):
        digits, unit = found["digits"], found["unit"] or ""
        is_bare = not found["pound"] and not unit
        if text[: found.end()].casefold().endswith(FEWER):
            continue  # it hides a number and states none
        if is_bare and (_YEAR.fullmatch(digits) or _MONTH.match(text, found.end())):
            continue
        value, places = float(digits.replace(",", "")), len(digits.partition(".")[2])
        off, scale = 0.5 / 10**places, _SCALE.get(unit, 1.0)
        kind = "gbp" if found["pound"] else _KINDS.get(unit, "kgco2e") if unit else "count"
        if found["million"]:
            scale = 1e6
        elif kind == "gbp" and value >= 100_000 and value % 1000 == 0:
            off = 500.0
        if found["about"]:
            # "over 99%" and "under 0.1%" are all that is between it and the whole, or nothing.
            value, off = (value + 1, 1.0) if found["about"].lower() == "over " else (value / 2, value / 2)
        yield Stated(found[0], value * scale, off * scale, kind, found.start(), found.end())


@dataclass(frozen=True)
class Grounds:
    """What an exhibit may state numbers of: (kind, value), the kind of a table's numbers not being known."""

    of_findings: tuple[tuple[str, float], ...]
    of_table: tuple[float, ...]
    of_sums: tuple[float, ...]

    def has(self, number: Stated) -> bool:
        """Whether the number is a finding's, stands in the table, or is the sum or count of rows of it."""
        if any(kind == number.kind and number.is_of(value) for kind, value in self.of_findings):
            return True
        # Tables hold tonnes, findings kilograms.
        scale = 1e3 if number.kind == "kgco2e" else 1.0
        return any(number.is_of(scale * value) for value in (*self.of_table, *self.of_sums))


def grounds_of(exhibit: ExhibitRecord) -> Grounds:
    """The numbers that an exhibit has."""
    cells, sums = _of_table(exhibit.csv or "")
    return Grounds(tuple(_of_findings(exhibit.findings)), tuple(cells), tuple(sums))


def _of_findings(findings: Iterable[FindingRecord]) -> Iterator[tuple[str, float]]:
    for finding in findings:
        kind, scale = _OF_UNIT.get(finding.unit, "count"), 1e3 if finding.unit == "tonnes" else 1.0
        yield from ((kind, scale * end) for end in (finding.value, finding.low, finding.high) if end is not None)
        if finding.unit == "share":
            # A share is so many things, or pounds, of so many; and the rest is a share too.
            counts = [count for count in (finding.n, finding.of) if count is not None]
            yield from ((of_what, count) for count in counts for of_what in ("gbp", "count", "kgco2e"))
            yield from (
                ("share", 1 - end) for end in (finding.value, finding.low, finding.high) if end is not None
            )
        if finding.coverage is not None:
            yield from (("share", finding.coverage), ("share", 1 - finding.coverage))


def _of_table(text: str) -> tuple[list[float], list[float]]:
    """The numbers of a table, and what may be said of several rows: how many there are, and their sums, of all rows and of those
    that have the same text in a column."""
    rows = list(csv.reader(io.StringIO(text)))[1:]
    if not rows:
        return [], [0.0]
    columns = list(zip(*rows, strict=True))
    numbers = [[_number(cell) for cell in column] for column in columns]
    cells = [number for column in numbers for number in column if number is not None]
    groups = [set(range(len(rows)))]
    for column, values in zip(columns, numbers, strict=True):
        if all(value is None for value in values) and len(set(column)) <= _MOST_GROUPS:
            groups += [{n for n, cell in enumerate(column) if cell == name} for name in set(column)]
    sums = [float(len(group)) for group in groups]
    for values in numbers:
        held = {n: value for n, value in enumerate(values) if value is not None}
        sums += [sum(held[n] for n in group if n in held) for group in groups if group & held.keys()]
    return cells, [*sums, *(float(len(set(column))) for column in columns)]


def _number(cell: str) -> float | None:
    try:
        return float(cell)
    except ValueError:
        return None
