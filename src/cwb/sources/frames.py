"""Small datasets as pandas frames of text: read, sieved row by row, accounted for.

Every frame has `source_file`, `source_sheet` and `source_row`, so that any number can be led back to its row.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import duckdb
import pandas as pd

from cwb.base.errors import SourceError, fault
from cwb.sources.headers import Header, find_header, unmatched_headers
from cwb.sources.layout import Layout
from cwb.sources.report import ZERO, Amount, FileReport, Refusal, sha256_of
from cwb.sources.tabular import Grid, open_grids

RAW_ROW = ("source_file", "source_sheet", "source_row")


def text_frame(
    con: duckdb.DuckDBPyConnection, path: Path, layout: Layout, scratch: Path, label: str | None = None
) -> tuple[pd.DataFrame, FileReport]:
    """All rows of a file with one text column per field of the layout (None where absent or blank).

    `label` is the file's name in every table and message (its path below data/raw), by default its bare name.
    A file that does not fit the layout gives an empty frame and a report with `error` set.
    """
    report = FileReport(file=label or path.name, source=layout.source, sha256=sha256_of(path))
    columns = [*RAW_ROW, *layout.fields]
    frames: list[pd.DataFrame] = []
    try:
        with open_grids(path, scratch, direct=False) as grids:
            if not grids:
                raise SourceError(fault("the file holds no rows", "Fill it, or remove it.", path))
            headers, strange = _headers(grids, layout)
            report.notes += [f"sheet not read: {name}" for name in strange]
            for grid, header in headers:
                selected = ", ".join(
                    f"nullif(trim(c{index}), '') AS {name}" for name, index in header.columns.items()
                )
                frame = con.sql(
                    f"SELECT source_row, {selected} FROM ({grid.relation}) WHERE source_row > {header.row} "
                    "ORDER BY source_row"
                ).df()
                frame["source_file"], frame["source_sheet"] = report.file, grid.sheet
                frames.append(frame.dropna(how="all", subset=list(header.columns)))
                report.other_rows += header.row - 1
                report.unmatched_columns = unmatched_headers(header)
                report.encoding = grid.encoding
                report.notes += grid.notes
    except SourceError as error:
        report.error = str(error)
        return pd.DataFrame(columns=columns), report
    frame = pd.concat(frames, ignore_index=True).reindex(columns=columns).astype(object)
    return frame.where(frame.notna(), None), report


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


class Sieve:
    """Refuse rows with reasons, then account for all of them. The first reason given to a row stands."""

    def __init__(self, frame: pd.DataFrame, report: FileReport, money: str | None = None):
        self.frame, self.report, self.money = frame, report, money
        self._refused: dict[int, Refusal] = {}
        self._repeated: set[int] = set()

    def repeated(self, again: pd.Series) -> None:
        """Count the rows where `again` is true as delivered before; a refused row stays refused."""
        self._repeated |= {int(index) for index in self.frame.index[again.astype(bool)]}

    def refuse(self, bad: pd.Series, reason: str, remedy: str, column: str | None = None) -> None:
        """Refuse the rows where `bad` is true; `column` shows the offending text."""
        for index in self.frame.index[bad.fillna(False).astype(bool)]:
            row = self.frame.loc[index]
            value = row[column] if column else None
            self._refused.setdefault(
                int(index),
                Refusal(
                    row=int(row["source_row"]),
                    sheet=row["source_sheet"],
                    reason=reason,
                    remedy=remedy,
                    column=column,
                    value=None if value is None else str(value),
                    gbp=self._pounds(row),
                ),
            )

    def kept(self) -> pd.DataFrame:
        """The rows not refused; the report is complete after this call."""
        again = sorted(self._repeated - self._refused.keys())
        frame = self.frame.drop(index=[*self._refused, *again])
        self.report.account(
            self._amount(frame),
            [self._refused[index] for index in sorted(self._refused)],
            self._amount(self.frame.loc[again]),
            [self.report.file] if again else (),
        )
        return frame.reset_index(drop=True)

    def _amount(self, rows: pd.DataFrame) -> Amount:
        return amount_of(rows, self.money)

    def _pounds(self, row: pd.Series) -> Decimal:
        value = row[self.money] if self.money else None
        return value if isinstance(value, Decimal) else ZERO


def amount_of(rows: pd.DataFrame, money: str | None) -> Amount:
    """How many rows, and the sum of their column of pounds (decimals, or floats of whole pennies)."""
    stated = rows[money].dropna() if money and money in rows else ()
    return Amount(len(rows), sum((Decimal(str(value)) for value in stated), start=ZERO))


def parse(frame: pd.DataFrame, column: str, parser: Callable[[str | None], object]) -> pd.Series:
    """A column through one of `cwb.base.values`' parsers, as objects with None for what cannot be read."""
    return pd.Series([parser(text) for text in frame[column]], index=frame.index, dtype=object)


def decimals_to_float(values: pd.Series) -> pd.Series:
    """Pounds as floating point for measures; the pennies have been reconciled as decimals before this."""
    return values.map(lambda value: None if value is None else float(value)).astype("float64")


def drop_repeats(
    frames: list[pd.DataFrame], reports: list[FileReport], keys: list[str], money: str | None = None
) -> pd.DataFrame:
    """All files of one dataset as one table, rows of the same `keys` kept once, from the first file that has them.

    Rows of later files are told as duplicates in their reports, so that each file still adds up.
    """
    table = pd.concat([frame.astype(object) for frame in frames], ignore_index=True)
    table = table.where(table.notna(), None)
    # Rows that repeat within one file stay: the n-th repetition is one only of an n-th repetition elsewhere.
    nth = table.groupby(["source_file", *keys], dropna=False).cumcount()
    again = table.assign(nth=nth).duplicated([*keys, "nth"])
    by_file = {report.file: report for report in reports}
    # A raw row may give several rows of the table, one a year: it is a duplicate when nothing is left of it.
    raw = table["source_file"] + "#" + table["source_sheet"].fillna("") + "#" + table["source_row"].astype(str)
    gone = again & ~raw.isin(raw[~again]) & ~raw.duplicated()
    for name, rows in table[gone].groupby("source_file"):
        first = table[~again].merge(rows[keys].drop_duplicates(), on=keys)["source_file"]
        by_file[str(name)].delivered_before(amount_of(rows, money), first)
    return table[~again].reset_index(drop=True)
