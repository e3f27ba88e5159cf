"""What a notebook works on: one council's matched tables, cut to a period."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cached_property
from typing import Any, TypeVar

import geopandas as gpd
import pandas as pd
import pyarrow.parquet as pq

from cwb.categories import Bridge, categorise
from cwb.config import Settings, load_config
from cwb.errors import ConfigError, Fault
from cwb.evidence import Measure, why_absent
from cwb.matched import prepare, read_parquet
from cwb.matching import normalise_name
from cwb.periods import Period
from cwb.progress import Progress, quiet
from cwb.store import Lineage

_FILES = {
    "spend": "lines", "awards": "award_lines", "contracts": "contract_lines", "anchor_spend": "anchor_lines",
    "anchor_contracts": "anchor_contract_lines",
}  # fmt: skip
Made = TypeVar("Made")
_ONE_OFF_FIELDS = ("contract_reference", "transaction_number", "supplier_id")


class Dataset:
    """A council's data for one pack and period. Tables are read once and must not be changed in place.

    `baseline` is the same part of the baseline year as `period` is of its own, so that quarters are compared with
    quarters. `cache` holds measures already computed.
    """

    def __init__(self, settings: Settings, period: Period, pack: str, lineage: Lineage):
        self.settings, self.period, self.pack, self.lineage = settings, period, pack, lineage
        self.baseline = period.like(settings.baseline_period)
        self.cache: dict[str, Measure] = {}
        self._once: dict[str, Any] = {}

    def once(self, name: str, make: Callable[[Dataset], Made]) -> Made:
        """What `make` gives for this dataset, made at the first call: for what several measures stand on."""
        if name not in self._once:
            self._once[name] = make(self)
        made: Made = self._once[name]
        return made

    def at(self, period: Period) -> Dataset:
        """The same data seen from another period; tables already read are shared."""
        other = Dataset(self.settings, period, self.pack, self.lineage)
        other.__dict__["_tables"] = self._tables
        other.__dict__["lines"] = self.lines
        other.__dict__["anchor_lines"] = self.anchor_lines
        return other

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
        known = {normalise_name(s): a.name for a in self.settings.anchors for s in (a.name, *a.spellings)}
        files = {
            file: slugs.get(str(file).split("/")[1]) for file in frame["source_file"].unique() if "/" in str(file)
        }
        stated = frame["organisation_name" if "organisation_name" in frame else "buyer_name"].astype(object)
        named = {name: known.get(normalise_name(name), name) for name in stated.dropna().unique()}
        by_folder = frame["source_file"].map(files).astype(object)
        return by_folder.where(by_folder.notna(), stated.map(named)).fillna("Body not stated")

    @cached_property
    def _tables(self) -> dict[str, pd.DataFrame]:
        return {}

    def has(self, name: str) -> bool:
        """Whether the council supplied such a file, and a row of it was kept; the table is not read for it."""
        path = self.settings.processed / f"{_FILES.get(name, name)}.parquet"
        return path.is_file() and pq.read_metadata(path).num_rows > 0

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
        return tuple(report["file"] for kind in kinds for report in self.lineage.of(kind) if report["kept"])

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
            stated = lines[rule.match_on].astype("str").str.strip().str.upper()
            hit = (stated == wanted) & (lines["year"] == rule.period) & lines["project"].isna()
            lines.loc[hit, "project"] = rule.project
        lines["is_one_off"] = lines["project"].notna()
        return lines

    def has_one_offs(self, period: Period) -> bool:
        """Whether an approved list of one-off projects was supplied for a period's financial year."""
        listed = self.table("one_offs")
        return len(listed) > 0 and str(period.year) in set(listed["period"])

    @property
    def category_scheme(self) -> str:
        return str(self.lines.attrs.get("scheme", ""))

    def spend(self, period: Period | None = None) -> pd.DataFrame:
        """Ledger lines paid in a period (this one by default), one row per line."""
        return self._cut(self.lines, "payment_date", period)

    @cached_property
    def anchor_lines(self) -> pd.DataFrame:
        """All payments of other anchors, one row per line, with `body`; empty when none was supplied."""
        lines = self.table("anchor_spend").copy()
        if len(lines):
            lines["amount_gbp"] = lines["amount_gbp"].astype("float64")
            lines["payment_date"] = pd.to_datetime(lines["payment_date"])
        return lines

    def anchor_spend(self, period: Period | None = None) -> pd.DataFrame:
        """Payments of other anchors in a period (this one by default), one row per line."""
        return self._cut(self.anchor_lines, "payment_date", period)

    def _cut(self, frame: pd.DataFrame, column: str, period: Period | None) -> pd.DataFrame:
        if frame.empty:
            return frame
        period = period or self.period
        days = pd.to_datetime(frame[column])
        return frame[days.between(pd.Timestamp(period.start), pd.Timestamp(period.end))]

    def awards(self, period: Period | None = None, own: bool = True) -> pd.DataFrame:
        """Awards dated in a period, one row per award and supplier; the council's own, or everyone's."""
        awards = self._cut(self.table("awards"), "award_date", period)
        return awards if awards.empty or not own else awards[self.is_own(awards)]

    def contracts(self, period: Period | None = None) -> pd.DataFrame:
        """Contracts of the register that start in a period, one row per contract and supplier."""
        return self._cut(self.table("contracts"), "start_date", period)

    @cached_property
    def local_organisations(self) -> pd.DataFrame:
        """Organisations of the registers whose office is in the local area, ended ones among them; one row each.

        Columns as in `cwb.organisations`. Bodies told twice are left out; empty without registers.
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

    def is_own(self, frame: pd.DataFrame) -> pd.Series:
        """Whether the council is the buyer, for awards or notices."""
        names = {normalise_name(name) for name in self.settings.council.buyer_names}
        mine = frame["buyer_name"].map(lambda name: normalise_name(name) in names).astype(bool)
        return mine | frame["buyer_id"].isin(self.settings.council.buyer_ids)

    @cached_property
    def outlines(self) -> gpd.GeoDataFrame:
        """District outlines of the local area, in metres of the British National Grid."""
        return gpd.read_parquet(self.settings.processed / "outlines.parquet")

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
        months = set(self.spend(period)["payment_date"].dt.month) if not self.lines.empty else set()
        wanted = 3 if period.quarter else 12
        return len(months) == wanted


def open_dataset(
    pack: str, period: str, config: str = "cwb.toml", progress: Progress = quiet, **overrides: Any
) -> Dataset:
    """Read the settings, bring processed tables up to date and open them for a pack and period.

    Raises `ConfigError` for settings or periods that cannot be, `CwbError` for files that cannot be read.
    """
    if overrides:
        raise ConfigError(
            Fault(
                rule=f"unknown parameter {', '.join(sorted(overrides))}",
                remedy="A pack takes period and config.",
            )
        )
    settings = load_config(config)
    wanted = Period.parse(period)
    if wanted.start < date(2010, 4, 1):
        raise ConfigError(Fault(rule="periods start in 2010-11", value=period, remedy="Give a later period."))
    return Dataset(settings, wanted, pack, prepare(settings, progress))
