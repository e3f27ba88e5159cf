"""A council's matched tables, each read once, whatever packs and periods look at them."""

from __future__ import annotations

from collections.abc import Hashable
from contextvars import ContextVar
from functools import cached_property
from typing import Any

import geopandas as gpd
import pandas as pd
import pyarrow.parquet as pq

from cwb.base.rows import as_keys
from cwb.council.config import Settings
from cwb.council.periods import Period
from cwb.entities.matched import read_parquet
from cwb.lines.engine import Engine
from cwb.matching import normalise_name
from cwb.sources.categories import Bridge, categorise
from cwb.sources.store import Lineage

_FILES = {
    "spend": "lines", "awards": "award_lines", "contracts": "contract_lines", "anchor_spend": "anchor_lines",
    "anchor_contracts": "anchor_contract_lines",
}  # fmt: skip
# What a worker that makes several packs holds between them; None: every dataset reads for itself.
SHELF: ContextVar[list[Holdings] | None] = ContextVar("shelf", default=None)


def holdings_of(settings: Settings, lineage: Lineage) -> Holdings:
    """The holdings of a council: those on the shelf where they are of the same settings and files, else new ones."""
    shelf = SHELF.get()
    if shelf is None:
        return Holdings(settings, lineage)
    if not shelf or (shelf[0].settings, shelf[0].lineage.key) != (settings, lineage.key):
        shelf[:] = [Holdings(settings, lineage)]
    return shelf[0]


class Holdings:
    """One council's tables. No frame may be changed in place: packs, periods and measures share them.

    `made` holds what was made of them once (`Dataset.once`).
    """

    def __init__(self, settings: Settings, lineage: Lineage):
        self.settings, self.lineage = settings, lineage
        self.made: dict[Hashable, Any] = {}
        self._tables: dict[str, pd.DataFrame] = {}
        self._cuts: dict[tuple[str, Period], pd.DataFrame] = {}

    def table(self, name: str) -> pd.DataFrame:
        """A processed table, whole; empty when the council supplied no such file."""
        if name not in self._tables:
            frame = read_parquet(self.settings.processed / f"{_FILES.get(name, name)}.parquet")
            if name in ("anchor_spend", "anchor_contracts") and len(frame):
                frame = frame.assign(body=self._bodies(frame))
            self._tables[name] = frame
        return self._tables[name]

    def _bodies(self, frame: pd.DataFrame) -> pd.Series:
        """Whose rows these are: the anchor whose folder the file stands in, else the one the row names, else that name."""
        slugs = {anchor.slug: anchor.name for anchor in self.settings.anchors}
        known = {normalise_name(s): a.name for a in self.settings.anchors for s in a.names}
        files = {
            file: slugs.get(str(file).split("/")[1]) for file in frame["source_file"].unique() if "/" in str(file)
        }
        stated = frame["organisation_name" if "organisation_name" in frame else "buyer_name"].astype(object)
        named = {name: known.get(normalise_name(name), name) for name in stated.dropna().unique()}
        by_folder = frame["source_file"].map(files).astype(object)
        return by_folder.where(by_folder.notna(), stated.map(named)).fillna("Body not stated")

    def has(self, name: str) -> bool:
        """Whether the council supplied such a file, and a row of it was kept; the table is not read for it."""
        path = self.settings.processed / f"{_FILES.get(name, name)}.parquet"
        return path.is_file() and pq.read_metadata(path).num_rows > 0

    @cached_property
    def engine(self) -> Engine:
        """The line-level tables as views."""
        return Engine(self.settings)

    @cached_property
    def lines(self) -> pd.DataFrame:
        """All ledger lines of all periods, one row each, with quarter, category and one-off project."""
        lines = self.table("spend").copy()
        if lines.empty:
            return lines
        for column in ("amount_gbp", "net_gbp", "gross_gbp", "vat_gbp"):
            lines[column] = lines[column].astype("float64")
        lines["payment_date"] = pd.to_datetime(lines["payment_date"])
        days = lines["payment_date"].drop_duplicates()
        quarters = {day: str(Period.of(day.date())) for day in days}
        lines["quarter"] = lines["payment_date"].map(quarters)
        lines["year"] = lines["quarter"].str[:7]
        labels, scheme = categorise(lines)
        lines["category_label"] = labels
        lines.attrs["scheme"] = scheme
        return self._mark_one_offs(lines)

    def _mark_one_offs(self, lines: pd.DataFrame) -> pd.DataFrame:
        lines["project"] = None
        rules = self.table("one_offs")
        for rule in rules.itertuples() if len(rules) else ():
            wanted = str(rule.match_value).strip().upper()
            hit = (
                (as_keys(lines[rule.match_on]) == wanted)
                & (lines["year"] == rule.period)
                & lines["project"].isna()
            )
            lines.loc[hit, "project"] = rule.project
        lines["is_one_off"] = lines["project"].notna()
        return lines

    @cached_property
    def anchor_lines(self) -> pd.DataFrame:
        """All payments of other anchors, one row per line, with `body`; empty when none was supplied."""
        lines = self.table("anchor_spend").copy()
        if len(lines):
            lines["amount_gbp"] = lines["amount_gbp"].astype("float64")
            lines["payment_date"] = pd.to_datetime(lines["payment_date"])
        return lines

    @cached_property
    def months_paid(self) -> frozenset[int]:
        """Every month with a payment, counted from year 0."""
        if self.lines.empty:
            return frozenset()
        days = self.lines["payment_date"].drop_duplicates()
        return frozenset(days.dt.year * 12 + days.dt.month - 1)

    def cut(self, name: str, period: Period) -> pd.DataFrame:
        """The rows of a period: of "spend" and "anchor_spend" what was paid in it, of "awards" what was awarded, of
        "contracts" those that start.

        A shallow copy: a column that the caller adds is the caller's own.
        """
        if (name, period) not in self._cuts:
            column = {"awards": "award_date", "contracts": "start_date"}.get(name, "payment_date")
            ready = {"spend": lambda: self.lines, "anchor_spend": lambda: self.anchor_lines}
            frame = ready.get(name, lambda: self.table(name))()
            if len(frame):
                days = pd.to_datetime(frame[column])
                frame = frame[days.between(pd.Timestamp(period.start), pd.Timestamp(period.end))]
            self._cuts[name, period] = frame
        return self._cuts[name, period].copy(deep=False)

    @cached_property
    def local_organisations(self) -> pd.DataFrame:
        """Organisations of the registers whose office is in the local area, ended ones among them; one row each.

        Columns as in `cwb.entities.organisations`. Bodies told twice are left out; empty without registers.
        """
        path = self.settings.processed / "organisations.parquet"
        if not path.is_file():
            return pd.DataFrame()
        # The file is ordered by district, so that only the local part of it is read.
        frame = pd.read_parquet(path, filters=[("lad_code", "in", list(self.settings.local.districts))])
        return frame[~frame["is_double"]].sort_values("org_id", ignore_index=True)

    @cached_property
    def bridge(self) -> Bridge:
        """From what is bought to the industries that supply it."""
        return Bridge(self.table("crosswalk"))

    @cached_property
    def outlines(self) -> gpd.GeoDataFrame:
        """District outlines of the local area, in metres of the British National Grid."""
        return gpd.read_parquet(self.settings.processed / "outlines.parquet")
