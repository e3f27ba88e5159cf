"""What the columns of a file that no known heading tells may hold: a mapping to be looked at by a person.

A heading near a known one is taken for it unless its values contradict. For what is then still missing, the values are
looked at: one column of dates, of pounds or of firms' names, and no second one like it, is proposed. Where two could be
meant, nothing is proposed for them and the account says so. Of a file that is read, a date or an amount may still have no
column that is known: it is looked for among the columns that are not used. A proposal is a file that has been read so: `cwb check` shows
its account and three of its rows, and `cwb check --write-mapping` writes it into cwb.toml.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from cwb.base.database import parquet_sql
from cwb.base.errors import CwbError, SourceError, fault
from cwb.base.privacy import shown_name, shown_text
from cwb.base.values import parse_money
from cwb.council.config import Settings
from cwb.council.sections import FileMapping
from cwb.sources.column_guesses import Columns, by_heading, by_values, is_day
from cwb.sources.database import connect
from cwb.sources.headers import SEARCHED_ROWS
from cwb.sources.layout import Layout
from cwb.sources.mapping import one_a_folder
from cwb.sources.registry import recognise, sources
from cwb.sources.report import FileReport, RawFile
from cwb.sources.source import Holds, Job, Source
from cwb.sources.spend import PaymentsSource
from cwb.sources.spend_sql import lines_of
from cwb.sources.tables import TableSource
from cwb.sources.tabular import Grid, open_grids

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
    """A proposal for each file that cannot be read for want of headings, or is read without a date or an amount that one of its
    unused columns may hold, in the order of the reports."""
    by_label = {(name, file.label): file for name, given in files.items() for file in given}
    found = []
    for report in reports:
        file = by_label.get((report.source, report.file))
        source = sources()[report.source]
        is_open = report.error or (report.unmatched_columns and _optional(source))
        if is_open and file is not None and source.layout is not None:
            found.append(_propose(source, file, report.error is None))
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


def _optional(source: Source) -> list[str]:
    """The dates and amounts that a file of a source may lack."""
    assert source.layout is not None
    needed = {name for need in source.layout.required for name in (need if isinstance(need, tuple) else (need,))}
    return [name for name, kind in source.holds.items() if kind is not Holds.NAMES and name not in needed]


def _propose(source: Source, file: RawFile, is_read: bool) -> Proposal | None:
    """The proposal for a file; None for one that is no table, or that lacks no heading."""
    guess_of = _guess_of_read if is_read else _guess
    is_held = isinstance(source, TableSource)
    with tempfile.TemporaryDirectory() as scratch:
        try:
            with open_grids(file.path, Path(scratch), bounds=file.bounds, is_held=is_held) as grids:
                guesses = [guess for grid in grids if (guess := guess_of(grid, source, file)) is not None]
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
    columns = _columns(grid, row, layout)
    near, doubts = by_heading(columns, layout, source.holds)
    columns.found |= {name: cells.index(heading) for heading, name in near.items()}
    by_value, more = by_values(columns, layout.required, source.holds)
    left = layout.missing({**columns.found, **dict.fromkeys(by_value.values(), 0)})
    doubts += [text for name, text in more if name in left]
    proposed = {} if left else {**file.columns, **near, **by_value}
    return Proposal(file, source.name, proposed, _reasons(source, near, by_value), tuple(dict.fromkeys(doubts)))


def _guess_of_read(grid: Grid, source: Source, file: RawFile) -> Proposal | None:
    """What a sheet that is read may state more: by near headings any date or amount, by values only the pounds it is measured by.

    A date beside others may be of anything, so that its values alone do not tell which it is.
    """
    assert source.layout is not None
    layout = source.layout.with_columns(file.columns)
    row = _likely_header(grid, layout)
    if row is None:
        return None
    columns = _columns(grid, row, layout)
    if layout.missing(columns.found):
        return None
    near, doubts = by_heading(columns, layout, source.holds, _optional(source))
    columns.found |= {name: columns.headings.index(heading) for heading, name in near.items()}
    by_value, more = by_values(columns, (source.pounds,) if source.pounds else (), source.holds, may_lack=True)
    doubts += [text for _, text in more]
    if not (near or by_value or doubts):
        return None
    proposed = {**file.columns, **near, **by_value} if near or by_value else {}
    return Proposal(file, source.name, proposed, _reasons(source, near, by_value), tuple(dict.fromkeys(doubts)))


def _columns(grid: Grid, row: int, layout: Layout) -> Columns:
    cells = grid.preview[row - 1]
    body = [one for one in grid.preview[row:] if any(cell.strip() for cell in one)]
    return Columns(cells, body, layout.match(cells), frozenset(layout.mapped))


def _reasons(source: Source, near: Mapping[str, str], by_value: Mapping[str, str]) -> tuple[str, ...]:
    return (
        *(f"'{heading}' is near a heading of {name}" for heading, name in near.items()),
        *(
            f"'{heading}' holds {source.holds[name]}, and no other column does"
            for heading, name in by_value.items()
        ),
    )


def _likely_header(grid: Grid, layout: Layout) -> int | None:
    """The number of the row that looks most like headings: at least three texts above rows of data."""
    best: tuple[int, int, int] | None = None
    for number, row in enumerate(grid.preview[:SEARCHED_ROWS], start=1):
        cells = [cell for cell in row if cell.strip()]
        if len(cells) < 3 or any(is_day(cell) or parse_money(cell) is not None for cell in cells):
            continue
        known = len(layout.match(row))
        rank = (known, len(cells), -number)
        if best is None or rank > best:
            best = rank
    return -best[2] if best else None


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
                why = report.error or "no row of it would be kept"
                return replace(proposal, columns={}, doubts=(*proposal.doubts, f"read so, {why}"))
            payments = isinstance(source, PaymentsSource)
            stored = folder / source.name / "0000.parquet" if payments else folder / f"{source.name}.parquet"
            table = lines_of([stored]) if payments else parquet_sql(stored)
            samples = _samples(con, table, source, proposal.columns.values())
        finally:
            con.close()
    return replace(proposal, report=report, samples=samples)


def _samples(
    con: duckdb.DuckDBPyConnection, table: str, source: Source, proposed: Iterable[str]
) -> tuple[str, ...]:
    """The first rows as they are read: what a file of the source must have, and dates and amounts that are proposed.

    Names that may be persons' are withheld.
    """
    assert source.layout is not None
    needed = [name for need in source.layout.required for name in (need if isinstance(need, tuple) else (need,))]
    needed += [name for name in proposed if name in source.holds]
    there = {row[0] for row in con.execute(f"DESCRIBE SELECT * FROM {table}").fetchall()}
    shown = [name for name in dict.fromkeys(source.stored_as(name) for name in needed) if name in there]
    condition = "WHERE reason IS NULL" if "reason" in there else ""
    rows = con.execute(
        f"SELECT source_row, {', '.join(shown)} FROM {table} {condition} ORDER BY source_row LIMIT {_SAMPLES}"
    ).fetchall()
    return tuple(
        f"row {number}: "
        + ", ".join(f"{name} {_shown(name, value)}" for name, value in zip(shown, values, strict=True))
        for number, *values in rows
    )


def _shown(column: str, value: object) -> str:
    if not isinstance(value, str):
        return "not stated" if value is None else f"{value}"
    return shown_name(value) if column == "supplier_name" else shown_text(value) or ""
