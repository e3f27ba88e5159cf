"""The sheets of a report's workbook before they are laid out: its findings, and the table of every exhibit, with typed cells.

Tables are read from the texts of their CSV files, so names are withheld alike, by the columns' own formats.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import ceil
from pathlib import Path

from cwb.base.characters import plain_cell
from cwb.charts.figure import ExhibitRecord
from cwb.charts.tables import Column, Format
from cwb.evidence.definitions import definition
from cwb.evidence.finding import State
from cwb.evidence.headcounts import FEWER, HIDDEN_TEXTS, KEPT_BACK
from cwb.evidence.record import FindingRecord
from cwb.packs.pack import Pack

FINDINGS = "Findings"
Cell = str | float | None
# What Excel allows in the name of a sheet.
LONGEST_NAME = 31
# Widths of columns, in its own unit of about a digit; of the letters of the theme fewer find room. Points of a line, and of the
# highest row that there may be.
_WIDEST, _NARROWEST, _LETTER = 45, 11, 1.15
_LINE, _HIGHEST = 15.75, 409.0
NOT_KNOWN = "not known"
_NUMBERS: dict[Format, str] = {
    "gbp": "£#,##0.00;-£#,##0.00", "share": "0.0%", "count": "#,##0", "decimal": "#,##0.0", "decimal2": "#,##0.00",
    "tonnes": "#,##0.0",
}  # fmt: skip
# Unit of a finding → its name, and the format of its numbers.
_UNITS = {
    "gbp": ("pounds", _NUMBERS["gbp"]),
    "share": ("share, shown in percent", "0.0%"),
    "points": ("percentage points", "0.0%"),
    "change": ("change, shown in percent", "0.0%"),
    "count": ("number", "#,##0"),
    "rate": ("rate per 1,000", "#,##0.0"),
    "ratio": ("ratio", "0.00"),
    "intensity": ("kgCO2e per pound", "0.00"),
    "kgco2e": ("kgCO2e", "#,##0"),
    "days": ("days", "#,##0.0"),
    "weeks": ("weeks", "#,##0.0"),
    "tonnes": ("tonnes", "#,##0.0"),
    "fte_years": ("full-time years", "#,##0.0"),
}
_STATES = {
    State.STATED: "stated",
    State.AT_LEAST: "at least this",
    State.NOT_KNOWN: "not known: too little of it is known",
    State.UNDEFINED: "not known: it cannot be computed",
    State.FEWER: "fewer than 5 people",
    State.WITHHELD: "withheld: it would tell of fewer than 5 people",
}
_FINDING_COLUMNS = (
    "Finding", "Value", "Unit", "From", "To", "Part that is known (%)", "State", "Why it is not known, and what would settle it",
    "Definition", "Id", "Pack", "To be read with it",
)  # fmt: skip


@dataclass(frozen=True)
class Sheet:
    """One sheet: its name and texts, its rows, the format of numbers by column, and of single cells by row and column."""

    name: str
    title: str
    subtitles: tuple[str, ...]
    source: str
    headings: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    formats: Mapping[int, str]
    cells: Mapping[tuple[int, int], str]
    notes: Mapping[int, str]

    def widths(self) -> list[int]:
        """Of each column: wide enough for the words of the heading and for most cells; longer texts run over several lines."""
        columns = zip(*self.rows, strict=True)
        return [
            min(_WIDEST, max(_NARROWEST, *map(_width, heading.split()), *map(_width, cells)))
            for heading, cells in zip(self.headings, columns, strict=True)
        ]

    def lines(self) -> Iterator[tuple[Cell, ...]]:
        """The row of headings, with room for notes, and all others."""
        yield tuple(f"{text}\n[note]" if at in self.notes else text for at, text in enumerate(self.headings))
        yield from self.rows


def table_sheets(exhibits: Mapping[Pack, tuple[ExhibitRecord, ...]]) -> list[Sheet]:
    """The tables of all packs and of the annex."""
    names: set[str] = {"cover", "contents", "notes", FINDINGS.casefold()}
    return [
        _table(_unique(f"{_short(pack)} {exhibit.id.replace('-', ' ')}", names), exhibit, _short(pack))
        for pack, of_pack in exhibits.items()
        for exhibit in of_pack
        if exhibit.csv is not None
    ]


def _short(pack: Pack) -> str:
    """The number of a pack, "annex" for that."""
    return Path(pack.notebook).stem.partition("_")[0]


def _unique(name: str, taken: set[str]) -> str:
    """A name as Excel takes it for a sheet, which no other has; it is added to those that are `taken`."""
    legal = re.sub(r"[\[\]:*?/\\']", " ", name)
    number, found = 1, legal[:LONGEST_NAME].strip()
    while found.casefold() in taken:
        number += 1
        found = f"{legal[: LONGEST_NAME - len(str(number)) - 1].strip()} {number}"
    taken.add(found.casefold())
    return found


def _table(name: str, exhibit: ExhibitRecord, pack: str) -> Sheet:
    _, *rows = csv.reader(io.StringIO(exhibit.csv or "", newline=""))
    typed = tuple(_typed(row, exhibit.columns) for row in rows)
    where = f"Pack {pack}" if pack.isdigit() else pack.capitalize()
    return Sheet(
        name=name,
        title=f"{where}: {exhibit.caption}",
        subtitles=tuple(text for text in (exhibit.title, exhibit.subtitle) if text),
        source=exhibit.source,
        headings=tuple(column.heading for column in exhibit.columns),
        rows=typed or _no_rows(len(exhibit.columns)),
        formats={at: _NUMBERS[c.format] for at, c in enumerate(exhibit.columns) if c.format in _NUMBERS},
        cells={},
        notes={at: NOT_KNOWN for at in range(len(exhibit.columns)) if any(row[at] is None for row in typed)},
    )


def _no_rows(columns: int) -> tuple[tuple[Cell, ...], ...]:
    """What stands in a table without rows, which gptables refuses."""
    return (("[no rows]", *[""] * (columns - 1)),)


def _typed(row: Iterable[str], columns: Iterable[Column]) -> tuple[Cell, ...]:
    cells = tuple(_value(text, column) for text, column in zip(row, columns, strict=True))
    is_blank = all(isinstance(cell, str) and not cell.strip() for cell in cells)
    # A row of nothing is a row of the table too, which gptables refuses.
    return ("[nothing stated]", *cells[1:]) if is_blank else cells


def _value(text: str, column: Column) -> Cell:
    """A cell of a CSV file as its column's format reads it; None for a number that is not known."""
    if text in HIDDEN_TEXTS:
        return f"[{text}]"
    if column.format in _NUMBERS:
        return float(text) if text else (None if column.missing == NOT_KNOWN else _bracketed(column.missing))
    if column.format == "flag" and not text:
        return None
    return plain_cell(text)


def _bracketed(missing: str) -> str:
    return f"[{missing}]" if missing else ""


def findings_sheet(findings: Iterable[FindingRecord], label: str) -> Sheet:
    """One row a finding. Values, From and To are of the unit that stands beside them, each cell with its format."""
    rows: list[tuple[Cell, ...]] = []
    cells: dict[tuple[int, int], str] = {}
    for finding in findings:
        unit, form = _UNITS.get(finding.unit, (finding.unit, "General"))
        defined = definition(finding.id)
        none = "[no range]" if finding.high is None else "[not known]"
        ends = [end if end is not None else none for end in (finding.low, finding.high)]
        why = " ".join(text for text in (finding.undefined, finding.settles) if text)
        cells |= {(len(rows), at): form for at in (1, 3, 4)}
        numbers: tuple[Cell, ...] = (finding.label, _number(finding), unit, *ends, _known(finding))
        means = f"{defined.text} Left out: {defined.excluded}" if defined.excluded else defined.text
        rows.append(
            (*numbers, _STATES[finding.state], why, means, finding.id, finding.pack, " ".join(finding.caveats))
        )
    return Sheet(
        name=FINDINGS,
        title=f"Every finding of {label}",
        subtitles=("One row a number: its value, its range, how much of it is known, and what it means.",),
        source="findings.json beside this workbook, and the definitions of the measures",
        headings=_FINDING_COLUMNS,
        rows=tuple(rows) or _no_rows(len(_FINDING_COLUMNS)),
        formats={1: "General", 3: "General", 4: "General", 5: "0.0%"},
        cells=cells,
        notes={1: NOT_KNOWN, 3: "range", 4: "range"},
    )


def _number(finding: FindingRecord) -> Cell:
    hidden = {State.FEWER: FEWER, State.WITHHELD: KEPT_BACK}.get(finding.state)
    return f"[{hidden}]" if hidden else finding.value


def _known(finding: FindingRecord) -> Cell:
    return finding.coverage if finding.coverage is not None else "[no coverage]"


def _width(cell: Cell) -> int:
    return ceil((len(cell) if isinstance(cell, str) else len(f"{cell or 0:,.0f}") + 4) * _LETTER) + 1


def height_of(row: Iterable[Cell], widths: Iterable[int]) -> float:
    """The height of a row whose texts run over several lines, in points."""
    return min(_HIGHEST, _LINE * max(map(_lines, row, widths)))


def _lines(cell: Cell, width: int) -> int:
    return (
        sum(max(1, ceil(len(line) * _LETTER / width)) for line in cell.split("\n")) if isinstance(cell, str) else 1
    )
