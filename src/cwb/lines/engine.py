"""DuckDB over the line-level tables: one connection a council, its memory limited, nothing written, decimals intact."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa

from cwb.base.database import connect
from cwb.base.errors import CwbError, Fault
from cwb.council.config import Settings
from cwb.lines.schema import TABLES
from cwb.lines.table import Table
from cwb.sources.tabular import sql_text

Row = dict[str, Any]


def tables_folder(settings: Settings) -> Path:
    """Where a council's line-level tables stand."""
    return settings.processed / "tables"


def table_files(folder: Path, table: Table) -> str:
    """SQL for a table's files below `folder`."""
    pattern = (folder / table.name / "**" / "*.parquet").as_posix()
    return f"read_parquet({sql_text(pattern)}, hive_partitioning = false)"


def open_engine(settings: Settings) -> duckdb.DuckDBPyConnection:
    """A connection with the memory of the settings, which spills beside the processed tables."""
    settings.processed.mkdir(parents=True, exist_ok=True)
    return connect(settings.engine.memory, settings.processed / "spill")


class Engine:
    """The tables of one council as views, to be asked and never changed."""

    def __init__(self, settings: Settings):
        folder = tables_folder(settings)
        self._con = open_engine(settings)
        for table in TABLES:
            self._con.execute(f"CREATE VIEW {table.name} AS SELECT * FROM {table_files(folder, table)}")
        self._counts: dict[str, int] = {}
        # What packs make of the tables once for all of them, by period and name (`PackData.once`).
        self.made: dict[tuple[str, str], object] = {}

    def rows_of(self, name: str) -> int:
        """How many rows a table has."""
        if name not in self._counts:
            self._counts[name] = int(self._con.execute(f"SELECT count(*) FROM {name}").fetchall()[0][0])
        return self._counts[name]

    def give(self, name: str, rows: pa.Table) -> None:
        """Add a table of the caller's own for as long as the engine lives: a list of published figures, graded purchases."""
        self._con.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT * FROM rows")

    def rows(self, sql: str, parameters: dict[str, Any] | None = None) -> list[Row]:
        """The rows of a query; pounds are `Decimal`."""
        found: list[Row] = self.arrow(sql, parameters).to_pylist()
        return found

    def arrow(self, sql: str, parameters: dict[str, Any] | None = None) -> pa.Table:
        """The rows of a query as Arrow; pounds are decimals."""
        return self._con.sql(sql, params=parameters).to_arrow_table()

    def frame(self, sql: str, parameters: dict[str, Any] | None = None) -> pd.DataFrame:
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
    """Arrow as a frame of plain objects where pandas has no exact type: decimals stay `Decimal`."""
    frame = pd.DataFrame(index=range(table.num_rows))
    for name, column in zip(table.column_names, table.columns, strict=True):
        if pa.types.is_decimal(column.type) or pa.types.is_boolean(column.type) or pa.types.is_date(column.type):
            frame[name] = pd.Series(column.to_pylist(), dtype=object, index=frame.index)
        else:
            frame[name] = column.to_pandas()
    return frame


def as_float(value: Decimal | int | None) -> float | None:
    """Pounds as they are drawn and printed; sums are made before."""
    return None if value is None else float(value)
