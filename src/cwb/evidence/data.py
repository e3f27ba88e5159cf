"""What a measure is computed on: one council's line-level tables, seen from a pack and a period."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from typing import TypeVar, cast

import geopandas as gpd
import pandas as pd
import pyarrow as pa

from cwb.base.errors import ConfigError, Fault
from cwb.base.progress import Progress, quiet
from cwb.base.rows import Row
from cwb.council.config import Settings, load_config
from cwb.council.periods import Period, long_date
from cwb.evidence.ledger_months import LedgerMonths
from cwb.evidence.relation import Relation
from cwb.evidence.table_sources import givers_of, sources_of
from cwb.evidence.typed_rows import table_of
from cwb.lines.build import category_scheme, prepare_lines
from cwb.lines.engine import Engine
from cwb.lines.schema import TABLES, table_named
from cwb.sources.registry import why_absent
from cwb.sources.store import Lineage

T = TypeVar("T")

# Tables that a process building several packs of a council shares between them; None: every caller opens its own.
PACK_DATA_CACHE: ContextVar[dict[str, PackData] | None] = ContextVar("pack_data_cache", default=None)
# Inside a run: the settings and tables that the run was begun with. A notebook that opens its data takes these and makes none.
_GIVEN: ContextVar[tuple[Settings, Lineage] | None] = ContextVar("given_tables", default=None)


class PackData:
    """A council's tables for one pack and period.

    `baseline` is the same part of the baseline year as `period` is of its own, so that quarters are compared with
    quarters. `report_day` is the day by which something must have been approved: that of the settings, else the period's
    last. `measured` holds the measures computed so far, so that each is computed once.
    """

    def __init__(
        self,
        settings: Settings,
        period: Period,
        pack: str,
        lineage: Lineage,
        engine: Engine,
        report_day: date | None = None,
    ):
        self.settings, self.period, self.pack, self.lineage, self.engine = settings, period, pack, lineage, engine
        self.report_day = report_day or settings.report.as_of or period.end
        self.baseline = period.like(settings.baseline_period)
        self.measured: dict[str, object] = {}

    def __repr__(self) -> str:
        return f"<tables of {self.settings.council.name}, {self.period.label}, for {self.pack}: see .tables() and .sql()>"

    def at(self, period: Period) -> PackData:
        """The same tables, for another period."""
        return PackData(self.settings, period, self.pack, self.lineage, self.engine, self.report_day)

    # --- for analysts -----------------------------------------------------------------------------------------

    def tables(self) -> pd.DataFrame:
        """Every column of every line-level table: `table`, `row` (what one row is), `rows`, `column`, `unit`, `meaning`."""
        return pd.DataFrame(
            [
                {
                    "table": table.name,
                    "row": table.row,
                    "rows": self.engine.rows_of(table.name),
                    "column": column.name,
                    "type": column.type,
                    "unit": column.unit,
                    "meaning": column.meaning + (f": {', '.join(column.one_of)}" if column.one_of else ""),
                }
                for table in TABLES
                for column in table.columns
            ]
        )

    def sql(self, query: str, **parameters: object) -> pd.DataFrame:
        """The rows of one read-only query over the tables; `$name` in it is a parameter.

        Raises `CwbError` for a query that changes something or cannot be run.
        """
        return self.engine.frame(query, parameters or None)

    # --- relations ----------------------------------------------------------------------------------------------

    def relation(self, table: str, period: Period | None = None) -> Relation:
        """The lines of a table in a period, this one by default; all of a table that has no periods."""
        has_period = table_named(table).column("financial_year") is not None
        return Relation(table, (table,), period=(period or self.period) if has_period else None)

    def spend(self, period: Period | None = None) -> Relation:
        """Payments of the council's ledger in a period, this one by default; money passed on is none."""
        return self.relation("spend_lines", period)

    @property
    def is_one_off(self) -> str:
        """SQL: a payment is on the list of capital and one-off projects, which was approved by the report's day."""
        return f"(is_one_off AND {self._is_approved})"

    @property
    def _is_approved(self) -> str:
        return f"approved_date <= DATE '{self.report_day}'"

    def recurrent(self, period: Period | None = None) -> Relation:
        """Payments without the approved capital and one-off projects; all of them in a year without a list."""
        return self.spend(period).where(f"{self.is_one_off} IS NOT TRUE").with_sources("spend_lines", "one_offs")

    def count(self, relation: Relation) -> int:
        """How many lines a relation has."""
        rows = self.engine.rows(f"SELECT count(*) AS n FROM {relation.source} WHERE {relation.condition}")
        return int(rows[0]["n"])

    def rows(self, sql: str) -> list[Row]:
        """The rows of a query over aggregates."""
        return self.engine.rows(sql)

    def add_table(self, name: str, rows: pa.Table, tables: tuple[str, ...]) -> Relation:
        """Add a table of this period that comes from no file: graded purchases, suppliers with their plans. `rows` has the
        columns `source_file`, `source_sheet` and `source_row`."""
        table = f"{name}_{str(self.period).replace('-', '_').lower()}"
        self.engine.add_table(table, rows)
        return Relation(table, tables)

    def add_rows(
        self, name: str, columns: Mapping[str, type | pa.DataType], rows: Iterable[Row], tables: tuple[str, ...]
    ) -> Relation:
        """Add rows that were computed, with the columns of their origin and these (see `table_of`)."""
        return self.add_table(name, table_of(columns, rows), tables)

    def cached(self, name: str, compute: Callable[[PackData], T]) -> T:
        """What `compute` returns for this period, computed at the first call and shared by measures of several packs. It
        contains no finding: findings belong to one pack."""
        key = (f"{self.period} {self.report_day}", name)
        if key not in self.engine.cache:
            self.engine.cache[key] = compute(self)
        return cast(T, self.engine.cache[key])

    # --- what was supplied --------------------------------------------------------------------------------------------

    def has(self, table: str) -> bool:
        """Whether the council supplied such a file, and a row of it was kept."""
        return self.engine.rows_of(table) > 0

    def why_not(self, table: str) -> str | None:
        """Why a measure over this table cannot be computed; None when it can."""
        if (
            table == "spend_lines"
            and self.count(self.relation("pass_through_lines").where("body IS NULL"))
            and not self.count(self.spend())
        ):
            return f"every payment of {self.period.label} was decided to be money passed on"
        if not self.has(table):
            kinds = givers_of(table)
            files = [report for kind in kinds for report in self.lineage.of(kind)]
            if any(report.rows for report in files):
                return f"no row of {', '.join(report.file for report in files[:3])} could be counted"
            return why_absent(table if table == "organisations" else kinds[0])
        if table == "organisations" and not self.count(self.relation(table).where("is_local IS NOT FALSE")):
            return "no organisation of the registers has its office in the local area"
        if table == "spend_lines" and not self.count(self.spend()):
            return f"the spending files hold no payment of {self.period.label}"
        return None

    def has_one_offs(self, period: Period | None = None) -> bool:
        """Whether a list of one-off projects of a period's financial year was approved by the report's day."""
        return self.count(self.approved_one_offs(period)) > 0

    def one_offs(self, period: Period | None = None) -> Relation:
        """The rules of the list of one-off projects of a period's financial year, those not approved by then too."""
        return Relation("one_offs", ("one_offs",), (f"financial_year = {(period or self.period).start_year}",))

    def approved_one_offs(self, period: Period | None = None) -> Relation:
        """Those rules of the list that were approved by the report's day."""
        return self.one_offs(period).where(self._is_approved)

    def one_offs_missing(self) -> str | None:
        """Why capital and one-off projects cannot be left out; None where they can."""
        if self.has_one_offs():
            return None
        year = self.period.year.label
        if self.count(self.one_offs()):
            return f"no project of {year} was approved by {long_date(self.report_day)}, the day of this report"
        return f"no approved list of capital and one-off projects for {year} was supplied"

    def source_files(self, tables: tuple[str, ...]) -> tuple[str, ...]:
        """The raw files behind some tables."""
        kinds = dict.fromkeys(kind for table in tables for kind in sources_of(table))
        return tuple(report.file for kind in kinds for report in self.lineage.of(kind) if report.kept)

    def months_held(self, period: Period | None = None) -> tuple[int, int]:
        """How many months of a period (this one by default) have a payment and are not cut short, and how many there are."""
        period = period or self.period
        return self.ledger_months.held(period), period.months

    @property
    def ledger_months(self) -> LedgerMonths:
        """The months of all periods in which something was paid."""
        sql = "SELECT max(payment_date) AS day FROM spend_lines GROUP BY payment_month ORDER BY payment_month"
        return self.cached("ledger_months", lambda data: LedgerMonths([row["day"] for row in data.rows(sql)]))

    def is_whole(self, period: Period) -> bool:
        """Whether every month of a period is there; a part-year must not be compared with a whole one."""
        return self.ledger_months.held(period) == period.months

    def months_missing(self, then: Period) -> str | None:
        """Why this period and an earlier one cannot be compared; None where every month of both is there."""
        if later := then.later_than(self.period):
            return later
        if self.is_whole(self.period) and self.is_whole(then):
            return None
        other = f" or in {then.label}" if then != self.period else ""
        return f"months are missing in {self.period.label}{other}"

    def quarters_with_spend(self) -> list[Period]:
        """Quarters that hold at least one payment, in order, up to the end of this period."""
        rows = self.engine.rows(
            "SELECT DISTINCT financial_year, quarter_number FROM spend_lines ORDER BY financial_year, quarter_number"
        )
        last = Period.of(self.period.end)
        quarters = [Period(row["financial_year"], row["quarter_number"]) for row in rows]
        return [quarter for quarter in quarters if quarter <= last]

    @property
    def outlines(self) -> gpd.GeoDataFrame:
        """District outlines of the local area, in metres of the British National Grid."""
        return gpd.read_parquet(self.settings.processed / "outlines.parquet")

    @property
    def category_scheme(self) -> str:
        """The classification that `category` follows."""
        return category_scheme(self.settings)


def open_data(pack: str, period: str, config: str = "cwb.toml", progress: Progress = quiet) -> PackData:
    """Read the settings, bring all tables up to date and open them for a pack and period.

    A run has done so already: within it, its settings and tables are opened as they are, whatever `config` says.
    Raises `ConfigError` for invalid settings or periods, `CwbError` for files that cannot be read.
    """
    given = _GIVEN.get()
    if given is not None:
        return data_of(given[0], known_period(period), pack, given[1])
    settings = load_config(config)
    return data_of(settings, known_period(period), pack, prepare_lines(settings, progress))


def data_of(settings: Settings, period: Period, pack: str, lineage: Lineage) -> PackData:
    """A council's tables, which are up to date, for a pack and period; from this process's cache, if it has one of the
    same settings and files."""
    cache = PACK_DATA_CACHE.get()
    if cache is None:
        return PackData(settings, period, pack, lineage, Engine(settings))
    other = next(iter(cache.values()), None)
    if other is not None and (other.settings, other.lineage.key) != (settings, lineage.key):
        cache.clear()
        other = None
    key = f"{pack} {period}"
    if key not in cache:
        cache[key] = PackData(settings, period, pack, lineage, other.engine if other else Engine(settings))
    return cache[key]


@contextmanager
def sharing_tables() -> Iterator[None]:
    """Let `data_of` share the tables of a council between its packs for as long as the block runs."""
    token = PACK_DATA_CACHE.set({})
    try:
        yield
    finally:
        PACK_DATA_CACHE.reset(token)


@contextmanager
def given_tables(settings: Settings, lineage: Lineage) -> Iterator[None]:
    """Let `open_data` open these tables, which are made, for as long as the block runs."""
    token = _GIVEN.set((settings, lineage))
    try:
        yield
    finally:
        _GIVEN.reset(token)


def known_period(text: str) -> Period:
    """A period that packs can be built for; raise `ConfigError` for another."""
    period = Period.parse(text)
    if period.start < date(2010, 4, 1):
        raise ConfigError(Fault(rule="periods start in 2010-11", value=text, remedy="Give a later period."))
    return period
