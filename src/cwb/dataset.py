"""What a notebook works on: one council's matched tables, cut to a period."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cached_property
from typing import Any, TypeVar

import geopandas as gpd
import pandas as pd

from cwb.base.progress import Progress, quiet
from cwb.council.config import Settings
from cwb.council.periods import Period
from cwb.evidence.data import PackData, open_data
from cwb.holdings import Holdings, holdings_of
from cwb.matching import normalise_name
from cwb.measures.workbench import Measure
from cwb.sources.categories import Bridge
from cwb.sources.registry import why_absent
from cwb.sources.store import Lineage

Made = TypeVar("Made")


class Dataset:
    """A council's data for one pack and period. Tables are read once and must not be changed in place.

    `baseline` is the same part of the baseline year as `period` is of its own, so that quarters are compared with
    quarters. `cache` holds measures already computed. `holdings` are those of other packs or periods to share.
    """

    def __init__(
        self, settings: Settings, period: Period, pack: str, lineage: Lineage, holdings: Holdings | None = None
    ):
        self.settings, self.period, self.pack, self.lineage = settings, period, pack, lineage
        self.holdings = holdings or Holdings(settings, lineage)
        self.baseline = period.like(settings.baseline_period)
        self.cache: dict[str, Measure] = {}

    @cached_property
    def kernel(self) -> PackData:
        """The same council, pack and period as line-level tables, of which findings with rows are made."""
        return PackData(self.settings, self.period, self.pack, self.lineage, self.holdings.engine)

    def once(self, name: str, make: Callable[[Dataset], Made]) -> Made:
        """What `make` gives for this period, made at the first call: for what several measures stand on.

        Packs share it, so it holds no finding, which is one pack's.
        """
        key = (self.period, name)
        if key not in self.holdings.made:
            self.holdings.made[key] = make(self)
        made: Made = self.holdings.made[key]
        return made

    def at(self, period: Period) -> Dataset:
        """The same data seen from another period; tables already read are shared."""
        return Dataset(self.settings, period, self.pack, self.lineage, self.holdings)

    def table(self, name: str) -> pd.DataFrame:
        """A processed table, whole; empty when the council supplied no such file."""
        return self.holdings.table(name)

    def has(self, name: str) -> bool:
        """Whether the council supplied such a file, and a row of it was kept; the table is not read for it."""
        return self.holdings.has(name)

    def why_not(self, need: str) -> str | None:
        """Why a measure that needs this table cannot be computed; None when it can."""
        if not self.has(need):
            return why_absent(need)
        if need == "organisations" and self.local_organisations.empty:
            return "no organisation of the registers has its office in the local area"
        if need == "spend" and self.spend().empty:
            return f"the spending files hold no payment of {self.period.label}"
        return None

    def source_names(self, needs: tuple[str, ...]) -> tuple[str, ...]:
        """The raw files behind a measure, for its source line."""
        wanted = {
            "awards": ("awards", "notices"),
            "organisations": ("companies", "mutuals", "charities", "coops"),
        }
        kinds = [kind for need in needs for kind in wanted.get(need, (need,))]
        return tuple(report.file for kind in kinds for report in self.lineage.of(kind) if report.kept)

    @property
    def lines(self) -> pd.DataFrame:
        """All ledger lines of all periods, one row each, with quarter, category and one-off project."""
        return self.holdings.lines

    @property
    def anchor_lines(self) -> pd.DataFrame:
        """All payments of other anchors, one row per line, with `body`; empty when none was supplied."""
        return self.holdings.anchor_lines

    @property
    def local_organisations(self) -> pd.DataFrame:
        """Organisations of the registers whose office is in the local area, ended ones among them; one row each."""
        return self.holdings.local_organisations

    @property
    def bridge(self) -> Bridge:
        """From what is bought to the industries that supply it."""
        return self.holdings.bridge

    @property
    def outlines(self) -> gpd.GeoDataFrame:
        """District outlines of the local area, in metres of the British National Grid."""
        return self.holdings.outlines

    def has_one_offs(self, period: Period) -> bool:
        """Whether an approved list of one-off projects was supplied for a period's financial year."""
        listed = self.table("one_offs")
        return len(listed) > 0 and str(period.year) in set(listed["period"])

    @property
    def category_scheme(self) -> str:
        return str(self.lines.attrs.get("scheme", ""))

    def spend(self, period: Period | None = None) -> pd.DataFrame:
        """Ledger lines paid in a period (this one by default), one row per line."""
        return self.holdings.cut("spend", period or self.period)

    def anchor_spend(self, period: Period | None = None) -> pd.DataFrame:
        """Payments of other anchors in a period (this one by default), one row per line."""
        return self.holdings.cut("anchor_spend", period or self.period)

    def awards(self, period: Period | None = None, own: bool = True) -> pd.DataFrame:
        """Awards dated in a period, one row per award and supplier; the council's own, or everyone's."""
        awards = self.holdings.cut("awards", period or self.period)
        return awards if awards.empty or not own else awards[self.is_own(awards)]

    def contracts(self, period: Period | None = None) -> pd.DataFrame:
        """Contracts of the register that start in a period, one row per contract and supplier."""
        return self.holdings.cut("contracts", period or self.period)

    def is_own(self, frame: pd.DataFrame) -> pd.Series:
        """Whether the council is the buyer, for awards or notices."""
        names = {normalise_name(name) for name in self.settings.council.buyer_names}
        mine = frame["buyer_name"].map(lambda name: normalise_name(name) in names).astype(bool)
        return mine | frame["buyer_id"].isin(self.settings.council.buyer_ids)

    def periods_with_spend(self) -> list[str]:
        """Quarters that hold at least one payment, in order, up to the end of this period."""
        if self.lines.empty:
            return []
        last = str(Period.of(self.period.end))
        return sorted(q for q in self.lines["quarter"].unique() if q <= last)

    def days(self) -> set[date]:
        """Every day on which a payment was made, an award dated or a contract of the register starts."""
        columns = {"spend": "payment_date", "awards": "award_date", "contracts": "start_date"}
        tables = {name: self.table(name) for name in columns}
        return {
            day.date()
            for name, frame in tables.items()
            if len(frame)
            for day in pd.to_datetime(frame[columns[name]].drop_duplicates())
        }

    def is_whole(self, period: Period) -> bool:
        """Whether every month of a period has a payment; a part-year must not be compared with a whole one."""
        held, wanted = self.months_held(period)
        return held == wanted

    def months_held(self, period: Period | None = None) -> tuple[int, int]:
        """How many months of a period (this one by default) have a payment, and how many there are."""
        period = period or self.period
        first, wanted = period.start.year * 12 + period.start.month - 1, period.months
        return len(self.holdings.months_paid & set(range(first, first + wanted))), wanted


def open_dataset(
    pack: str, period: str, config: str = "cwb.toml", progress: Progress = quiet, **overrides: Any
) -> Dataset:
    """Read the settings, bring processed tables up to date and open them for a pack and period.

    Raises `ConfigError` for settings or periods that cannot be, `CwbError` for files that cannot be read.
    """
    opened = open_data(pack, period, config, progress, **overrides)
    settings, lineage = opened.settings, opened.lineage
    return Dataset(settings, opened.period, pack, lineage, holdings_of(settings, lineage))
