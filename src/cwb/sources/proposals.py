"""What the columns of a file that no known heading tells may hold: a mapping to be looked at by a person.

A heading near a known one is taken for it unless its values contradict. For what is then still missing, the values are
looked at: one column of dates, of pounds or of firms' names, and no second one like it, is proposed. Where two could be
meant, nothing is proposed for them and the account says so. A proposal is a file that has been read so: `cwb check` shows
its account and three of its rows, and `cwb check --write-mapping` writes it into cwb.toml.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
from rapidfuzz import fuzz

from cwb.base.errors import CwbError, SourceError, fault
from cwb.base.privacy import display_name
from cwb.base.values import parse_date, parse_money
from cwb.council.config import Settings
from cwb.council.sections import FileMapping
from cwb.sources.database import connect
from cwb.sources.headers import SEARCHED_ROWS
from cwb.sources.layout import Layout, normalise_header
from cwb.sources.mapping import one_a_folder
from cwb.sources.registry import recognise, sources
from cwb.sources.report import FileReport, RawFile
from cwb.sources.source import Holds, Job, Source
from cwb.sources.spend import PaymentsSource
from cwb.sources.spend_sql import lines_of
from cwb.sources.tabular import Grid, open_grids, sql_text

# From this likeness of 100 a heading is near a known one; for a field that a file may lack it must be nearer.
_NEAR, _VERY_NEAR = 86, 92
# So many of a column's values must be of a kind, and so many rows must hold one, before they tell what it is.
_MOST, _FEWEST = 0.8, 3
_LEGAL_FORM = re.compile(r"\b(ltd|limited|plc|llp|cic|cio)\b\.?", re.IGNORECASE)
_FIRMS = 0.1
_SAMPLES = 3


@dataclass(frozen=True)
class Proposal:
    """How a file may be read: heading → field, why, and what is left open; the account of the file so read, and three rows.

    `columns` is empty where nothing can be proposed; `doubts` then say why.
    """

    file: RawFile
    source: str
    columns: Mapping[str, str]
    reasons: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    report: FileReport | None = None
    samples: tuple[str, ...] = ()


def proposals(files: Mapping[str, Sequence[RawFile]], reports: Sequence[FileReport]) -> list[Proposal]:
    """A proposal for each file that cannot be read for want of headings, in the order of the reports."""
    by_label = {(name, file.label): file for name, given in files.items() for file in given}
    found = []
    for report in reports:
        file = by_label.get((report.source, report.file))
        source = sources()[report.source]
        if report.error and file is not None and source.layout is not None:
            found.append(_propose(source, file))
    return [one for one in found if one is not None]


def mappings_of(
    proposed: Sequence[Proposal],
    files: Mapping[str, Sequence[RawFile]],
    settings: Settings | None,
    is_strict: bool = False,
) -> list[FileMapping]:
    """What cwb.toml would say of the files that may be read so, one mapping for a folder whose files are alike.

    Raises `CwbError` when `is_strict` for a file that is not below the raw folder of the settings, which cannot be mapped.
    """

    def label(file: RawFile) -> str:
        if settings is not None and file.path.is_relative_to(settings.raw):
            return settings.label_of(file.path)
        if is_strict:
            remedy = "Move it there, into the folder of its source, and check it again."
            raise CwbError(fault("only files below the raw folder of cwb.toml are mapped", remedy, file.label))
        return file.label

    there = [label(file) for given in files.values() for file in given] if proposed else []
    return one_a_folder([(label(one.file), one.columns) for one in proposed if one.columns], there)


def _propose(source: Source, file: RawFile) -> Proposal | None:
    """The proposal for a file; None for one that is no table, or that lacks no heading."""
    with tempfile.TemporaryDirectory() as scratch:
        try:
            with open_grids(file.path, Path(scratch), direct=False) as grids:
                guesses = [guess for grid in grids if (guess := _guess(grid, source, file)) is not None]
        except SourceError:
            return None
    # Of several sheets the one of which most is known.
    best = max(
        guesses, key=lambda guess: (bool(guess.columns), len(guess.columns), -len(guess.doubts)), default=None
    )
    if best is None or not best.columns:
        return best
    return _tried(best, source)


def _guess(grid: Grid, source: Source, file: RawFile) -> Proposal | None:
    assert source.layout is not None
    layout = source.layout.with_columns(file.columns)
    row = _likely_header(grid, layout)
    if row is None:
        return None
    cells = grid.preview[row - 1]
    found = layout.match(cells)
    if not layout.missing(found) or recognise(cells) not in (None, source.name):
        return None  # nothing is missing, or it is a file of another source
    body = [one for one in grid.preview[row:] if any(cell.strip() for cell in one)]
    columns = _Columns(cells, body, dict(found))
    near, doubts = _by_heading(columns, layout, source.holds)
    columns.found |= {name: cells.index(heading) for heading, name in near.items()}
    by_value, more = _by_values(columns, layout, source.holds)
    reasons = [f"'{heading}' is near a heading of {name}" for heading, name in near.items()]
    reasons += [
        f"'{heading}' holds {source.holds[name]}, and no other column does" for heading, name in by_value.items()
    ]
    proposed = {**file.columns, **near, **by_value}
    left = layout.missing({**columns.found, **dict.fromkeys(by_value.values(), 0)})
    doubts += [text for name, text in more if name in left]
    return Proposal(file, source.name, {} if left else proposed, tuple(reasons), tuple(doubts))


@dataclass
class _Columns:
    """A row of headings, the rows below it, and the columns of which it is known what they hold (field → index)."""

    headings: list[str]
    body: list[list[str]]
    found: dict[str, int]

    @property
    def free(self) -> list[int]:
        taken = set(self.found.values())
        return [
            index
            for index, heading in enumerate(self.headings)
            if index not in taken and normalise_header(heading) and self.headings.count(heading) == 1
        ]

    def values(self, index: int) -> list[str]:
        return [row[index].strip() for row in self.body if index < len(row) and row[index].strip()]


def _likely_header(grid: Grid, layout: Layout) -> int | None:
    """The number of the row that looks most like headings: at least three texts above rows of data."""
    best: tuple[int, int, int] | None = None
    for number, row in enumerate(grid.preview[:SEARCHED_ROWS], start=1):
        cells = [cell for cell in row if cell.strip()]
        if len(cells) < 3 or any(_is_day(cell) or parse_money(cell) is not None for cell in cells):
            continue
        known = len(layout.match(row))
        rank = (known, len(cells), -number)
        if best is None or rank > best:
            best = rank
    return -best[2] if best else None


def _by_heading(columns: _Columns, layout: Layout, holds: Mapping[str, Holds]) -> tuple[dict[str, str], list[str]]:
    """Headings near one of a field that has no column yet, and what is in doubt among them."""
    needed = {name for need in layout.required for name in (need if isinstance(need, tuple) else (need,))}
    wanted: dict[str, list[tuple[float, int]]] = {}
    for index in columns.free:
        heading = normalise_header(columns.headings[index])
        likeness = {
            name: max(max(fuzz.ratio(heading, alias), fuzz.token_sort_ratio(heading, alias)) for alias in aliases)
            for name, aliases in layout.fields.items()
            if name not in columns.found
        }
        best = max(likeness.values(), default=0.0)
        names = [name for name, value in likeness.items() if value == best]
        if len(names) == 1 and best >= (_NEAR if names[0] in needed else _VERY_NEAR):
            kind = holds.get(names[0])
            if kind is None or _hold(columns.values(index), kind) or kind is Holds.NAMES:
                wanted.setdefault(names[0], []).append((best, index))
    found, doubts = {}, []
    for name, candidates in wanted.items():
        top = [index for value, index in candidates if value == max(candidates)[0]]
        if len(top) == 1:
            found[columns.headings[top[0]]] = name
        else:
            listed = _listed([columns.headings[index] for index in top])
            doubts.append(f"nothing is proposed for {name}: {listed} are equally near")
    return found, doubts


def _by_values(
    columns: _Columns, layout: Layout, holds: Mapping[str, Holds]
) -> tuple[dict[str, str], list[tuple[str, str]]]:
    """Headings of the only column whose values are what a missing field holds; and by what is missing, why it is not found."""
    missing = [
        need
        for need in layout.required
        if not columns.found.keys() & {*(need if isinstance(need, tuple) else (need,))}
    ]
    # Of several alternatives the last asks least: an amount, net or gross.
    fields = [need[-1] if isinstance(need, tuple) else need for need in missing]
    found, doubts = {}, []
    for need, name in zip(missing, fields, strict=True):
        shown = " or ".join(need) if isinstance(need, tuple) else need
        kind = holds.get(name)
        like = [columns.headings[i] for i in columns.free if kind and _hold(columns.values(i), kind)]
        if kind is None:
            doubts.append((shown, f"nothing is proposed for {shown}: values do not show what it is"))
        elif not like:
            doubts.append((shown, f"nothing is proposed for {shown}: no other column holds {kind}"))
        elif len(like) > 1:
            doubts.append((shown, f"nothing is proposed for {shown}: {_listed(like)} all hold {kind}"))
        elif len(rivals := [other for other in fields if holds.get(other) is kind]) > 1:
            doubts.append(
                (shown, f"nothing is proposed for {shown}: {_listed(like)} may be {' or '.join(rivals)}")
            )
        else:
            found[like[0]] = name
    return found, doubts


def _listed(headings: Sequence[str]) -> str:
    return " and ".join(f"'{heading}'" for heading in headings)


def _hold(values: Sequence[str], kind: Holds) -> bool:
    if len(values) < _FEWEST:
        return False
    if kind is Holds.DATES:
        return sum(map(_is_day, values)) >= _MOST * len(values)
    if kind is Holds.POUNDS:
        # Numbers of documents and years are whole, amounts are not all.
        pennies = sum("." in value or "£" in value for value in values)
        return pennies > 0 and sum(map(_is_amount, values)) >= _MOST * len(values)
    return sum(_LEGAL_FORM.search(value) is not None for value in values) >= max(_FIRMS * len(values), 1)


def _is_day(text: str) -> bool:
    """Whether a text is a date in either order; a bare number may be anything."""
    is_bare = not re.search(r"[-/. ]|[A-Za-z]", text.strip()) or parse_money(text) is not None
    return not is_bare and (parse_date(text) is not None or parse_date(text, True) is not None)


def _is_amount(text: str) -> bool:
    return not _is_day(text) and parse_money(text) is not None


def _tried(proposal: Proposal, source: Source) -> Proposal:
    """The proposal with the account of its file so read; in doubt where the file still cannot be read."""
    given = proposal.file.mapping or FileMapping(files=(proposal.file.label,))
    file = replace(proposal.file, mapping=given.model_copy(update={"columns": dict(proposal.columns)}))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        con = connect(scratch=folder / "scratch")
        try:
            (report,) = source.store(Job(con, folder, folder / "scratch"), [file])
            if report.error or report.is_lost:
                why = report.error or f"none of its {report.rows:,} rows would be kept"
                return replace(proposal, columns={}, doubts=(*proposal.doubts, f"read so, {why}"))
            payments = isinstance(source, PaymentsSource)
            stored = folder / source.name / "0000.parquet" if payments else folder / f"{source.name}.parquet"
            table = lines_of([stored]) if payments else f"read_parquet({sql_text(stored.as_posix())})"
            samples = _samples(con, table, source)
        finally:
            con.close()
    return replace(proposal, report=report, samples=samples)


def _samples(con: duckdb.DuckDBPyConnection, table: str, source: Source) -> tuple[str, ...]:
    """The first rows as they are read: what a file of the source must have. Names that may be persons' are withheld."""
    assert source.layout is not None
    needed = [name for need in source.layout.required for name in (need if isinstance(need, tuple) else (need,))]
    there = {row[0] for row in con.execute(f"DESCRIBE SELECT * FROM {table}").fetchall()}
    shown = [name for name in dict.fromkeys(source.stored_as(name) for name in needed) if name in there]
    condition = "WHERE reason IS NULL" if "reason" in there else ""
    rows = con.execute(
        f"SELECT source_row, {', '.join(shown)} FROM {table} {condition} ORDER BY source_row LIMIT {_SAMPLES}"
    ).fetchall()
    return tuple(
        f"row {number}: " + ", ".join(f"{name} {_shown(value)}" for name, value in zip(shown, values, strict=True))
        for number, *values in rows
    )


def _shown(value: object) -> str:
    return display_name(value, False) if isinstance(value, str) else "not stated" if value is None else f"{value}"
