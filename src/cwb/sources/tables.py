"""Small datasets, declared field by field: read as text, typed, judged row by row, stored as one table of all files.

Every table has `source_file`, `source_sheet` and `source_row`, so that any number can be led back to its row.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from cwb.base.errors import SourceError
from cwb.base.months import parse_month
from cwb.base.progress import written
from cwb.base.rows import SOURCE_LINE
from cwb.sources.constraints import Check, at_least, check, given, one_of
from cwb.sources.day_order import day_orders
from cwb.sources.deliveries import once
from cwb.sources.fields import DAY, LAST_DAY, POUNDS, STATED_POUNDS, Field, Rule, rules_of
from cwb.sources.layout import Layout
from cwb.sources.report import FileReport, RawFile, Unread, rows_of
from cwb.sources.row_validator import RowValidator
from cwb.sources.source import Holds, Job, Source
from cwb.sources.table_texts import FURTHER, Read, text_rows
from cwb.sources.unread import Tally, states_nothing

_ROW_TYPES = {"source_file": pa.string(), "source_sheet": pa.string(), "source_row": pa.int64()}


@dataclass(frozen=True, kw_only=True)
class TableSource(Source):
    """A dataset that fits in memory.

    What each column is stands in `fields` alone: headings, kind, meaning, whether a row must have it. From there come the form, what
    refuses a row, what is checked of the table, and the line-level table of a form that is taken as it is, of which `row` says what one is.
    `rules` refuse what a field alone does not show, before the fields do, and what a kept row repeats, after; `doubts` are rules by which
    no row is refused: the value that they show is not known, and told. `required` are further fields that a file must have, a tuple meaning
    one of these; `checks` are further checks. `marks` are fields that no other dataset has. `key`: columns in which two rows of different
    files are the same row, and `first_stated` a column that takes what the oldest of these files says in another. `money`: the column of
    pounds. `roles_only`: a file with a column of persons is refused whole. `further` are headings of which a file may have any, each of
    them once: the field `further_field` has what stands below them. `doubled`: fields in which two rows of one file are the same. Of a
    form, two rows that say the same in every column are one row given twice, unless they have no value of the field `distinguished_by`,
    without which two things may look the same. `awaits`: fields of which a person fills in one; rows without any are passed over, and
    counted with the words `awaiting`. `unescaped`: fields of a form before whose texts a spreadsheet program keeps an apostrophe, for they
    might be formulas. `first` changes the texts before they are read and may add a note; `last` computes the fields without headings of the
    kept values and their texts.
    """

    row: str = ""
    fields: dict[str, Field] = field(default_factory=dict)
    required: tuple[str | tuple[str, ...], ...] = ()
    marks: frozenset[str] = frozenset()
    key: tuple[str, ...] = ()
    first_stated: Mapping[str, str] = field(default_factory=dict)
    money: str = ""
    rules: tuple[Rule, ...] = ()
    doubts: tuple[Rule, ...] = ()
    doubled: tuple[str, ...] = ()
    distinguished_by: str = ""
    checks: tuple[Check, ...] = ()
    has_form: bool = False
    roles_only: bool = False
    awaits: tuple[str, ...] = ()
    awaiting: str = ""
    unescaped: tuple[str, ...] = ()
    further: re.Pattern[str] | None = None
    further_field: str = ""
    first: Callable[[pd.DataFrame], tuple[pd.DataFrame, tuple[str, ...]]] | None = None
    last: Callable[[pd.DataFrame, pd.DataFrame], pd.DataFrame] | None = None

    @property
    def layout(self) -> Layout | None:
        aliases = {name: one.aliases for name, one in self.fields.items() if one.aliases}
        needed = (name for name, one in self.fields.items() if one.refusal)
        return Layout(self.name, aliases, (*needed, *self.required), self.marks, self.words) if aliases else None

    @property
    def types(self) -> dict[str, pa.DataType]:
        """Stored column → its type."""
        stored = {one.stored or name: one.kind.type for name, one in self.fields.items() if one.stored is not None}
        return {**_ROW_TYPES, **stored}

    @property
    def holds(self) -> dict[str, Holds]:
        dates = {name: Holds.DATES for name, one in self._read_fields() if one.kind in (DAY, LAST_DAY)}
        pounds = {name: Holds.POUNDS for name, one in self._read_fields() if one.kind in (POUNDS, STATED_POUNDS)}
        return {**dates, **pounds, **({"supplier_name": Holds.NAMES} if "supplier_name" in self.fields else {})}

    @property
    def pounds(self) -> str:
        return next((name for name, one in self.fields.items() if self.money and one.stored == self.money), "")

    def stored_as(self, name: str) -> str:
        return self.fields[name].stored or name

    @property
    def headings(self) -> tuple[str, ...]:
        """What a form has its columns headed by."""
        return tuple(one.heading for one in self.fields.values() if one.aliases)

    def closed_lists(self) -> dict[str, tuple[str, ...]]:
        return {one.heading: one.kind.words for one in self.fields.values() if one.aliases and one.kind.words}

    def form(self) -> tuple[str, ...]:
        return self.headings if self.has_form else ()

    @property
    def is_form(self) -> bool:
        return self.has_form or self.roles_only or bool(self.awaits)

    def read_texts(self, job: Job, file: RawFile) -> Read:
        """All rows of one file as texts, one column per field; raises `SourceError` for a file that does not fit."""
        assert self.layout is not None
        texts, report = text_rows(
            job.con, file, self.layout, self.holds, job.scratch, self.roles_only, self.further
        )
        return texts.rename(columns={FURTHER: self.further_field}) if self.further else texts, report

    def read(self, job: Job, file: RawFile, given: Read | None = None) -> Read:
        """The kept rows of one file as stored columns, and the file's account; `given` are its texts, if they are read."""
        texts, report = given or self.read_texts(job, file)
        texts, waiting = self._filled_in(self._in_currency(texts, file))
        texts, first_notes = self.first(texts) if self.first else (texts, ())
        values, notes = self._values(texts, file, report.headings)
        notes += self._take_out_doubtful(texts, values, report.headings)
        validator = RowValidator(texts, values, self.pounds)
        validator.refuse_misplaced()
        rules = (*self.rules, *rules_of(self.fields))
        for rule in (rule for rule in rules if not rule.is_among_kept):
            validator.refuse(rule)
        if self.is_form:
            validator.repeat(self._repeated(texts, validator.kept()))
        for rule in (rule for rule in rules if rule.is_among_kept):
            validator.refuse(rule)
        if self.doubled:
            validator.repeat(values.duplicated(list(self.doubled)))
        kept = validator.kept()
        report = validator.account(replace(report, notes=(*report.notes, *waiting, *first_notes, *notes)))
        report = replace(report, unread=self._unread(texts.loc[kept.index], kept))
        table = kept if self.last is None else self.last(kept, texts.loc[kept.index])
        renamed = {name: one.stored for name, one in self.fields.items() if one.stored}
        table = table.rename(columns=renamed).reindex(columns=list(self.types)).reset_index(drop=True)
        return table, report

    def _read_fields(self) -> list[tuple[str, Field]]:
        """The fields that a file has a text of; the others are computed of these."""
        return [(name, one) for name, one in self.fields.items() if one.aliases or name == self.further_field]

    def _filled_in(self, texts: pd.DataFrame) -> tuple[pd.DataFrame, tuple[str, ...]]:
        """The rows that a person has filled in, as was meant."""
        empty = texts[list(self.awaits)].isna().all(axis=1) if self.awaits else pd.Series(False, texts.index)
        plain = {name: [(text or "").lstrip("'") or None for text in texts[name]] for name in self.unescaped}
        texts = texts.assign(
            **{name: pd.Series(column, texts.index, dtype=object) for name, column in plain.items()}
        )
        return texts[~empty], (f"{int(empty.sum())} {self.awaiting}",) if empty.any() else ()

    def _in_currency(self, texts: pd.DataFrame, file: RawFile) -> pd.DataFrame:
        """The texts of a file whose currency the settings say: "100" of a file in dollars states "100 USD", and no pounds."""
        if file.currency is None:
            return texts
        if "currency" in self.fields:
            return texts.assign(currency=file.currency)
        if file.currency == "GBP":
            return texts
        amounts = [name for name, one in self._read_fields() if one.kind in (POUNDS, STATED_POUNDS)]
        stated = {name: [text and f"{text} {file.currency}" for text in texts[name]] for name in amounts}
        return texts.assign(
            **{name: pd.Series(column, texts.index, dtype=object) for name, column in stated.items()}
        )

    def _values(
        self, texts: pd.DataFrame, file: RawFile, headings: Mapping[str, str]
    ) -> tuple[pd.DataFrame, tuple[str, ...]]:
        days = {name: one.kind.day for name, one in self._read_fields() if one.kind.day}
        month_first, notes = day_orders(texts, {name: headings.get(name, name) for name in days}, file.month_first)
        values = {name: texts[name].tolist() for name in SOURCE_LINE}
        for name, one in self._read_fields():
            if one.kind.day:
                values[name] = [one.kind.day(text, month_first[name]) for text in texts[name]]
                months = sum(parse_month(text) is not None for text in texts[name])
                if months and one.kind in (DAY, LAST_DAY):
                    notes += (
                        f"{months:,} of {headings.get(name, name)} {'states' if months == 1 else 'state'} only the month",
                    )
            else:
                values[name] = [one.kind.parse(text) for text in texts[name]]
        return pd.DataFrame(values, index=texts.index, dtype=object), notes

    def _take_out_doubtful(
        self, texts: pd.DataFrame, values: pd.DataFrame, headings: Mapping[str, str]
    ) -> tuple[str, ...]:
        """Make the values that the doubts show unknown; the account tells their texts, and a note of each doubt tells why."""
        notes: tuple[str, ...] = ()
        for rule in self.doubts:
            assert rule.shown is not None
            rows = values.index[rule.broken(texts, values).eq(True)]
            if len(rows):
                values.loc[rows, rule.shown] = None
                first = int(texts.at[rows[0], "source_row"])
                heading = headings.get(rule.shown, rule.shown)
                notes += (
                    f"{heading}: {rule.reason} in {rows_of(len(rows))}, and is not known (first: row {first}). {rule.remedy}",
                )
        return notes

    def _repeated(self, texts: pd.DataFrame, kept: pd.DataFrame) -> pd.Series:
        """Which rows say in every column what another one says; of a value that cannot be read its text is compared."""
        read = [name for name, _ in self._read_fields()]
        stated = kept[read].where(kept[read].notna(), texts.loc[kept.index, read])
        again = stated.duplicated(keep="last" if any(rule.keeps_last for rule in self.rules) else "first")
        return again & stated[self.distinguished_by].notna() if self.distinguished_by else again

    def _unread(self, texts: pd.DataFrame, kept: pd.DataFrame) -> tuple[Unread, ...]:
        tally = Tally()
        for name, one in self._read_fields():
            for text, value, row in zip(texts[name], kept[name], texts["source_row"], strict=True):
                if text is not None and pd.isna(value) and not (states_nothing(text) or one.kind.is_silent(text)):
                    tally.add(name, text, int(row))
        return tuple(replace(one, allowed=self.fields[one.column].kind.words) for one in tally.account())

    def read_or_report(self, job: Job, file: RawFile, given: Read | None = None) -> Read:
        """As `read`; a file that fails as a whole gives an empty frame and a report with `error`."""
        try:
            table, report = self.read(job, file, given)
            self.check_columns(job.con, table)
            return table, report
        except SourceError as error:
            return pd.DataFrame(), FileReport(file.label, self.name, file.sha256, error=error.of_file(file.label))

    def check_columns(self, con: duckdb.DuckDBPyConnection, table: pd.DataFrame) -> None:
        """Check a table against the rules of its columns."""
        if len(table):
            con.register("checked", arrow_of(table, self.types))
            check(con, "checked", self.name, (*checks_of(self.fields), *self.checks))
            con.unregister("checked")

    def store(self, job: Job, files: Sequence[RawFile]) -> list[FileReport]:
        read = []
        for number, file in enumerate(files):
            job.progress(file.label, number, len(files))
            read.append(self.read_or_report(job, file))
        tables, reports = [table for table, _ in read if len(table)], [report for _, report in read]
        table, reports = once(tables, reports, self.key, self.money, self.first_stated)
        self.write(job, table)
        return reports

    def write(self, job: Job, table: pd.DataFrame) -> None:
        target = job.table(self.name)
        target.unlink(missing_ok=True)
        if len(table):
            with written(target) as part:
                pq.write_table(arrow_of(table, self.types), part)


def checks_of(fields: Mapping[str, Field]) -> tuple[Check, ...]:
    """What must hold of a table's columns by what each field says of itself."""
    stored = [(one.stored or name, one) for name, one in fields.items() if one.stored is not None]
    return (
        *given(*(name for name, one in stored if one.is_given)),
        *(one_of(name, *one.kind.values) for name, one in stored if one.kind.values),
        *(at_least(name, 0) for name, one in stored if one.from_nought),
    )


def arrow_of(table: pd.DataFrame, types: dict[str, pa.DataType]) -> pa.Table:
    """A frame of objects with the types of its columns; pounds become floating point only here."""
    arrays = []
    for name, kind in types.items():
        values = [None if pd.isna(value) else value for value in table[name]]
        if pa.types.is_floating(kind):
            values = [None if value is None else float(value) for value in values]
        arrays.append(pa.array(values, kind))
    return pa.table(arrays, names=list(types))
