"""Small datasets, declared field by field: read as text, typed, judged row by row, stored as one table of all files.

Every table has `source_file`, `source_sheet` and `source_row`, so that any number can be led back to its row.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from cwb.base.errors import SourceError, fault
from cwb.base.months import parse_month
from cwb.base.progress import written
from cwb.sources.constraints import Check, check
from cwb.sources.day_order import day_orders
from cwb.sources.fields import DAY, LAST_DAY, POUNDS, STATED_POUNDS, Field, Rule
from cwb.sources.headers import Header, find_header, unmapped, unmatched_headers
from cwb.sources.layout import Layout
from cwb.sources.person_columns import person_column, person_fault
from cwb.sources.register_sql import number_cell
from cwb.sources.report import FileReport, RawFile, Unread
from cwb.sources.row_validator import RowValidator, amount_of
from cwb.sources.source import Holds, Job, Source
from cwb.sources.tables_of_sheet import tables_of_sheet
from cwb.sources.tabular import WORKBOOK, Grid, open_grids
from cwb.sources.unread import Tally, states_nothing

RAW_ROW = ("source_file", "source_sheet", "source_row")
_ROW_TYPES = {"source_file": pa.string(), "source_sheet": pa.string(), "source_row": pa.int64()}
Read = tuple[pd.DataFrame, FileReport]


@dataclass(frozen=True, kw_only=True)
class TableSource(Source):
    """A dataset that fits in memory.

    `required` are the fields that a file must have, a tuple meaning one of these; `marks` are fields that no other dataset
    has. `key`: columns in which two rows of different files are the same row. `money`: the column of pounds. `roles_only`: a file with a
    column of persons is refused whole. `doubled`:
    fields in which two rows of one file are the same. `first` changes the texts before they are read and may add a note;
    `last` makes of kept values (and their texts) the columns in `added`.
    """

    fields: dict[str, Field] = field(default_factory=dict)
    required: tuple[str | tuple[str, ...], ...] = ()
    marks: frozenset[str] = frozenset()
    key: tuple[str, ...] = ()
    money: str = ""
    rules: tuple[Rule, ...] = ()
    doubled: tuple[str, ...] = ()
    checks: tuple[Check, ...] = ()
    has_form: bool = False
    roles_only: bool = False
    added: dict[str, pa.DataType] = field(default_factory=dict)
    first: Callable[[pd.DataFrame], tuple[pd.DataFrame, tuple[str, ...]]] | None = None
    last: Callable[[pd.DataFrame, pd.DataFrame], pd.DataFrame] | None = None

    @property
    def layout(self) -> Layout | None:
        aliases = {name: one.aliases for name, one in self.fields.items() if one.aliases}
        return Layout(self.name, aliases, self.required, self.marks, self.words) if aliases else None

    @property
    def types(self) -> dict[str, pa.DataType]:
        """Stored column → its type."""
        stored = {one.stored or name: one.kind.type for name, one in self.fields.items() if one.stored is not None}
        return {**_ROW_TYPES, **stored, **self.added}

    @property
    def holds(self) -> dict[str, Holds]:
        dates = {name: Holds.DATES for name, one in self.fields.items() if one.kind in (DAY, LAST_DAY)}
        pounds = {name: Holds.POUNDS for name, one in self.fields.items() if one.kind in (POUNDS, STATED_POUNDS)}
        return {**dates, **pounds, **({"supplier_name": Holds.NAMES} if "supplier_name" in self.fields else {})}

    @property
    def pounds(self) -> str:
        return next((name for name, one in self.fields.items() if self.money and one.stored == self.money), "")

    def stored_as(self, name: str) -> str:
        return self.fields[name].stored or name

    def form(self) -> tuple[str, ...]:
        return tuple(_heading(one.aliases[0]) for one in self.fields.values()) if self.has_form else ()

    def read_texts(self, job: Job, file: RawFile) -> Read:
        """All rows of one file as texts, one column per field; raises `SourceError` for a file that does not fit."""
        assert self.layout is not None
        return text_rows(job.con, file, self.layout, self.holds, job.scratch, self.roles_only)

    def read(self, job: Job, file: RawFile, given: Read | None = None) -> Read:
        """The kept rows of one file as stored columns, and the file's account; `given` are its texts, if they are read."""
        texts, report = given or self.read_texts(job, file)
        texts = self._in_currency(texts, file)
        if self.first:
            texts, notes = self.first(texts)
            report = replace(report, notes=report.notes + notes)
        values, notes = self._values(texts, file)
        validator = RowValidator(texts, values, self.pounds)
        for rule in self.rules:
            validator.refuse(rule)
        if self.doubled:
            validator.repeat(values.duplicated(list(self.doubled)))
        kept = validator.kept()
        report = validator.account(replace(report, notes=report.notes + notes))
        report = replace(report, unread=self._unread(texts.loc[kept.index], kept))
        table = kept if self.last is None else self.last(kept, texts.loc[kept.index])
        renamed = {name: one.stored for name, one in self.fields.items() if one.stored}
        table = table.rename(columns=renamed).reindex(columns=list(self.types)).reset_index(drop=True)
        return table, report

    def _in_currency(self, texts: pd.DataFrame, file: RawFile) -> pd.DataFrame:
        """The texts of a file whose currency the settings say: "100" of a file in dollars states "100 USD", and no pounds."""
        if file.currency is None:
            return texts
        if "currency" in self.fields:
            return texts.assign(currency=file.currency)
        if file.currency == "GBP":
            return texts
        amounts = [name for name, one in self.fields.items() if one.kind in (POUNDS, STATED_POUNDS)]
        stated = {name: [text and f"{text} {file.currency}" for text in texts[name]] for name in amounts}
        return texts.assign(**{name: pd.Series(said, texts.index, dtype=object) for name, said in stated.items()})

    def _values(self, texts: pd.DataFrame, file: RawFile) -> tuple[pd.DataFrame, tuple[str, ...]]:
        days = {name: one.kind.day for name, one in self.fields.items() if one.kind.day}
        month_first, notes = day_orders(texts, tuple(days), file.month_first)
        values = {name: texts[name].tolist() for name in RAW_ROW}
        for name, one in self.fields.items():
            if one.kind.day:
                values[name] = [one.kind.day(text, month_first[name]) for text in texts[name]]
                months = sum(parse_month(text) is not None for text in texts[name])
                if months and one.kind in (DAY, LAST_DAY):
                    notes += (f"{months:,} of {name} {'states' if months == 1 else 'state'} only the month",)
            else:
                values[name] = [one.kind.parse(text) for text in texts[name]]
        return pd.DataFrame(values, index=texts.index, dtype=object), notes

    def _unread(self, texts: pd.DataFrame, kept: pd.DataFrame) -> tuple[Unread, ...]:
        tally = Tally()
        for name, one in self.fields.items():
            for text, value, row in zip(texts[name], kept[name], texts["source_row"], strict=True):
                if text is not None and pd.isna(value) and not (states_nothing(text) or one.kind.is_silent(text)):
                    tally.add(name, text, int(row))
        return tally.account()

    def read_or_report(self, job: Job, file: RawFile, given: Read | None = None) -> Read:
        """As `read`; a file that fails as a whole gives an empty frame and a report with `error`."""
        try:
            table, report = self.read(job, file, given)
            self.check_columns(job.con, table)
            return table, report
        except SourceError as error:
            return pd.DataFrame(), FileReport(file.label, self.name, file.sha256, error=f"{file.label}: {error}")

    def check_columns(self, con: duckdb.DuckDBPyConnection, table: pd.DataFrame) -> None:
        """Check a table against the rules of its columns."""
        if len(table):
            con.register("checked", arrow_of(table, self.types))
            check(con, "checked", self.name, self.checks)
            con.unregister("checked")

    def store(self, job: Job, files: Sequence[RawFile]) -> list[FileReport]:
        read = []
        for number, file in enumerate(files):
            job.progress(file.label, number, len(files))
            read.append(self.read_or_report(job, file))
        tables, reports = [table for table, _ in read if len(table)], [report for _, report in read]
        table, reports = once(tables, reports, self.key, self.money)
        self.write(job, table)
        return reports

    def write(self, job: Job, table: pd.DataFrame) -> None:
        target = job.table(self.name)
        target.unlink(missing_ok=True)
        if len(table):
            with written(target) as part:
                pq.write_table(arrow_of(table, self.types), part)


_ABBREVIATIONS = {
    "cpv": "CPV",
    "fte": "FTE",
    "(fte)": "(FTE)",
    "id": "id",
    "kpi": "KPI",
    "smes": "SMEs",
    "sme": "SME",
    "s106": "S106",
}


def _heading(alias: str) -> str:
    """The heading of a form: as a sentence begins, abbreviations in capitals."""
    text = " ".join(_ABBREVIATIONS.get(word, word) for word in alias.split(" "))
    return text[:1].upper() + text[1:]


def arrow_of(table: pd.DataFrame, types: dict[str, pa.DataType]) -> pa.Table:
    """A frame of objects with the types of its columns; pounds become floating point only here."""
    arrays = []
    for name, kind in types.items():
        values = [None if pd.isna(value) else value for value in table[name]]
        if pa.types.is_floating(kind):
            values = [None if value is None else float(value) for value in values]
        arrays.append(pa.array(values, kind))
    return pa.table(arrays, names=list(types))


def text_rows(
    con: duckdb.DuckDBPyConnection,
    file: RawFile,
    layout: Layout,
    holds: Mapping[str, Holds],
    scratch: Path,
    roles_only: bool = False,
) -> Read:
    """All rows of a file with one text column per field of the layout (None where absent or blank).

    Raises `SourceError` for a file that does not fit the layout.
    """
    frames: list[pd.DataFrame] = []
    report = FileReport(file.label, layout.source, file.sha256)
    with open_grids(file.path, scratch, direct=False, bounds=file.bounds, is_held=True) as grids:
        if not grids:
            raise SourceError(fault("the file holds no rows", "Fill it, or remove it.", file.path))
        layout = layout.with_columns(file.columns)
        headers, strange = _headers(grids, layout)
        persons = [
            person_fault(file.path, grid.sheet, header.row, found[1])
            for grid, header in headers
            if roles_only and (found := person_column(header.cells))
        ]
        if persons:
            raise SourceError(persons)
        notes = [*grids[0].left_out, *(f"sheet not read: {name}" for name in strange)]
        for whole, header in headers:
            notes += [*unmapped(header, layout)]
            report = replace(
                report,
                other_rows=report.other_rows + header.row - 1,
                unmatched_columns=unmatched_headers(header),
                encoding=whole.encoding,
            )
        for grid, header in [cut for one in headers for cut in tables_of_sheet(con, *one, layout, holds)]:
            is_typed = grid.encoding == WORKBOOK
            cells = {
                name: number_cell(f"c{at}") if is_typed and holds.get(name) is Holds.POUNDS else f"c{at}"
                for name, at in header.columns.items()
            }
            selected = ", ".join(f"nullif(trim({cell}), '') AS {name}" for name, cell in cells.items())
            frame = con.sql(
                f"SELECT source_row, {selected} FROM ({grid.relation}) WHERE source_row > {header.row} "
                "ORDER BY source_row"
            ).df()
            frame["source_file"], frame["source_sheet"] = file.label, grid.sheet
            frames.append(frame.dropna(how="all", subset=list(header.columns)))
            notes += grid.notes
    frame = pd.concat(frames, ignore_index=True).reindex(columns=[*RAW_ROW, *layout.fields]).astype(object)
    return frame.where(frame.notna(), None), replace(report, notes=tuple(notes))


def _headers(grids: list[Grid], layout: Layout) -> tuple[list[tuple[Grid, Header]], list[str]]:
    """The sheets that have the layout's heading, and the names of those that have not; raise where none has."""
    found: list[tuple[Grid, Header]] = []
    strange: list[str] = []
    fault_of_first: SourceError | None = None
    for grid in grids:
        try:
            found.append((grid, find_header(grid, layout)))
        except SourceError as error:
            fault_of_first = fault_of_first or error
            strange.append(str(grid.sheet))
    if not found and fault_of_first:
        raise fault_of_first
    return found, strange


def once(
    tables: list[pd.DataFrame], reports: list[FileReport], key: Sequence[str], money: str = ""
) -> tuple[pd.DataFrame, list[FileReport]]:
    """All files of one dataset as one table, rows of the same `key` kept once, from the first file that has them.

    Rows of later files are duplicates in their reports, so that each file still adds up.
    """
    if not tables:
        return pd.DataFrame(), reports
    table = pd.concat([one.astype(object) for one in tables], ignore_index=True)
    table = table.where(table.notna(), None)
    # Rows that repeat within one sheet stay: the n-th repetition is one only of an n-th repetition elsewhere.
    nth = table.groupby(["source_file", "source_sheet", *key], dropna=False).cumcount()
    again = table.assign(nth=nth).duplicated([*key, "nth"])
    # A raw row may give several rows of the table, one a year: it is a duplicate when nothing is left of it.
    raw = table["source_file"] + "#" + table["source_sheet"].fillna("") + "#" + table["source_row"].astype(str)
    gone = again & ~raw.isin(raw[~again]) & ~raw.duplicated()
    by_file = {report.file: report for report in reports}
    for name, rows in table[gone].groupby("source_file"):
        first = table[~again].merge(rows[list(key)].drop_duplicates(), on=list(key))["source_file"]
        by_file[str(name)] = by_file[str(name)].delivered_before(amount_of(rows, money), first)
    return table[~again].reset_index(drop=True), list(by_file.values())
