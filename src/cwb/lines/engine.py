"""DuckDB over the line-level tables: one connection a council, its memory limited, nothing written, decimals intact."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa
from duckdb.sqltypes import HUGEINT

from cwb.base.database import connect, parquet_sql
from cwb.base.errors import CwbError, Fault
from cwb.base.rows import Row
from cwb.council.config import Settings
from cwb.lines.schema import TABLES
from cwb.lines.table import Table

_KEPT_ROWS = 2_000
# A file of many questions is read once for all of them; this is some 50,000 lines of a ledger.
_SMALL_BYTES = 2 * 2**20


def tables_folder(settings: Settings) -> Path:
    """The folder of a council's line-level tables."""
    return settings.processed / "tables"


def table_files(folder: Path, table: Table) -> str:
    """SQL for a table's files below `folder`."""
    return parquet_sql(folder / table.name, "/**/*.parquet")


def open_engine(settings: Settings) -> duckdb.DuckDBPyConnection:
    """A connection with the memory of the settings, which spills beside the processed tables."""
    settings.processed.mkdir(parents=True, exist_ok=True)
    return connect(settings.engine.memory, settings.processed / "spill")


class Engine:
    """The tables of one council, read and never changed: small ones in memory, others as views of their files. One whose source
    was not supplied has no file, and no rows."""

    def __init__(self, settings: Settings):
        folder = tables_folder(settings)
        self._con = open_engine(settings)
        for table in TABLES:
            sizes = [path.stat().st_size for path in (folder / table.name).rglob("*.parquet")]
            if not sizes:
                columns = ", ".join(f"{column.name} {column.type}" for column in table.columns)
                self._con.execute(f"CREATE TABLE {table.name} ({columns})")
                continue
            kind = "TABLE" if sum(sizes) <= _SMALL_BYTES else "VIEW"
            self._con.execute(f"CREATE {kind} {table.name} AS SELECT * FROM {table_files(folder, table)}")
        self.forget()

    def forget(self) -> None:
        """Ask everything anew from now on: the tables have other rows."""
        self._counts: dict[str, int] = {}
        self._columns: dict[str, tuple[str, ...]] = {}
        self._answers: dict[tuple[str, str], list[Row]] = {}
        self._tables: dict[tuple[str, str], pa.Table] = {}
        # What packs compute once from the tables and share, by period and name (`PackData.cached`).
        self.cache: dict[tuple[str, str], object] = {}

    def rows_of(self, name: str) -> int:
        """How many rows a table has."""
        if name not in self._counts:
            self._counts[name] = int(self._con.execute(f"SELECT count(*) FROM {name}").fetchall()[0][0])
        return self._counts[name]

    def columns_of(self, source: str) -> tuple[str, ...]:
        """The columns of a table, a view or a query in brackets."""
        if source not in self._columns:
            described = self.rows(f"DESCRIBE SELECT * FROM {source}")
            self._columns[source] = tuple(str(row["column_name"]) for row in described)
        return self._columns[source]

    def add_table(self, name: str, rows: pa.Table) -> None:
        """Add a temporary table: a list of published figures, graded purchases."""
        self._counts.pop(name, None)
        # What was asked of others stays.
        self._columns = {source: found for source, found in self._columns.items() if name not in source}
        self._answers = {key: found for key, found in self._answers.items() if name not in key[0]}
        self._tables = {key: found for key, found in self._tables.items() if name not in key[0]}
        self._con.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT * FROM rows")

    def rows(self, sql: str, parameters: Mapping[str, object] | None = None) -> list[Row]:
        """The rows of a query; pounds are `Decimal`. Few rows are kept, for measures and packs that ask the same."""
        key = (sql, repr(parameters))
        if key not in self._answers:
            # Sums of whole numbers are decimals, as in `arrow`.
            done = self._con.execute(sql, parameters)
            columns = [(str(name), kind == HUGEINT) for name, kind, *_ in done.description or ()]
            found: list[Row] = [
                {
                    name: Decimal(value) if is_wide and value is not None else value
                    for (name, is_wide), value in zip(columns, row, strict=True)
                }
                for row in done.fetchall()
            ]
            if len(found) > _KEPT_ROWS:
                return found
            self._answers[key] = found
        return [dict(row) for row in self._answers[key]]

    def arrow(self, sql: str, parameters: Mapping[str, object] | None = None) -> pa.Table:
        """The rows of a query as Arrow; pounds are decimals. Few rows are kept, as of `rows`."""
        key = (sql, repr(parameters))
        if key not in self._tables:
            with warnings.catch_warnings():
                # That rows are copied once more. A relation (`sql`) is bound once more, which takes as long as most answers.
                warnings.simplefilter("ignore", UserWarning)
                found = self._con.execute(sql, parameters).to_arrow_table()
            if found.num_rows > _KEPT_ROWS:
                return found
            self._tables[key] = found
        return self._tables[key]

    def frame(self, sql: str, parameters: Mapping[str, object] | None = None) -> pd.DataFrame:
        """The rows of one reading query as a frame for an analyst: pounds as `Decimal`, flags as True, False and None.

        Raises `CwbError` for a query that does not only read, or that DuckDB cannot run.
        """
        try:
            statements = self._con.extract_statements(sql)
            if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
                raise CwbError(
                    Fault(rule="one SELECT is asked for", remedy="The tables can be read and not changed.")
                )
            found = self.arrow(sql, parameters)
            twice = sorted({name for name in found.column_names if found.column_names.count(name) > 1})
            if twice:
                raise CwbError(
                    Fault(rule=f"two columns are called {', '.join(twice)}", remedy="Name one of them with AS.")
                )
            return as_frame(found)
        except duckdb.Error as error:
            raise CwbError(
                Fault(
                    rule=f"the query cannot be run: {str(error).splitlines()[0]}",
                    remedy="data.tables() lists what there is.",
                )
            ) from None


def as_frame(table: pa.Table) -> pd.DataFrame:
    """Arrow as a frame of plain objects where pandas has no exact type: decimals stay `Decimal`. It is the caller's to change."""
    columns = {
        # A copy: numbers are Arrow's own otherwise, in which nothing can be written.
        name: pd.Series(column.to_pylist(), dtype=object) if _is_plain(column.type) else column.to_pandas().copy()
        for name, column in zip(table.column_names, table.columns, strict=True)
    }
    return pd.DataFrame(columns, index=range(table.num_rows), copy=False)


def _is_plain(kind: pa.DataType) -> bool:
    return bool(pa.types.is_decimal(kind) or pa.types.is_boolean(kind) or pa.types.is_date(kind))


def as_float(value: Decimal | int | None) -> float | None:
    """Pounds as a number for charts and print; sums are computed before."""
    return None if value is None else float(value)
