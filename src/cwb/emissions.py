"""The arithmetic of greenhouse gas accounting, method by method; and the factors and prices it needs.

Methods from worst to best: spend-based, average-data, hybrid by revenue share, supplier-specific (GHG Protocol, Technical
Guidance for Calculating Scope 3 Emissions, category 1). They are never added without saying which is which.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from cwb.base.values import cpv_code
from cwb.council.periods import Period
from cwb.reference import table

SPEND_BASED, AVERAGE, HYBRID, SPECIFIC = "spend-based", "average-data", "hybrid", "supplier-specific"
PURCHASED, CAPITAL, ENERGY, WASTE, TRAVEL = (
    "purchased goods and services", "capital goods", "energy", "waste", "travel",
)  # fmt: skip
# Industries that say who sells and not what is made (formats.md 9.4): wholesale above all, whose row is anomalous.
_SELLERS = ("45", "46", "47", "82", "70", "99")
_GROUP_DIGITS = 3


def spend_based(pounds: float, factor: float, price_then: float = 1.0, price_of_factor: float = 1.0) -> float:
    """kgCO2e of pounds paid: brought to the prices of the factor's year, times kgCO2e per £.

    £120 paid when prices stood at 1.2, a factor of 0.5 at prices of 1.0: 120 × 1.0 / 1.2 × 0.5 = 50 kg.
    """
    return pounds * price_of_factor / price_then * factor


def by_quantity(items: Iterable[tuple[float, float]]) -> float:
    """kgCO2e of quantities with a factor each: average-data with averages, supplier-specific with suppliers' own factors."""
    return sum(quantity * factor for quantity, factor in items)


def revenue_share(supplier_kgco2e: float, turnover_gbp: float, pounds: float) -> float:
    """Hybrid: the supplier's emissions, shared out by what the council's pounds are of its turnover."""
    return supplier_kgco2e * pounds / turnover_gbp


@dataclass(frozen=True)
class Product:
    """What one thing bought is to the factors: the publisher's product group, how well it is known, where it counts."""

    code: str
    score: int
    ghg_category: str
    via: str


class Factors:
    """Factors by release, product group and year. `own` are the rows of `cwb.sources.datasets.factors`, beside the reference table."""

    def __init__(self, own: pd.DataFrame):
        stated = table("emission_factors")[["release", "code", "product", "year", "kgco2e_per_gbp"]]
        rows = pd.concat([stated, own[list(stated.columns)]]) if len(own) else stated
        rows = rows.assign(year=rows["year"].astype(int), kgco2e_per_gbp=rows["kgco2e_per_gbp"].astype(float))
        self.rows = rows.drop_duplicates(["release", "code", "year"], keep="last")

    @cached_property
    def releases(self) -> list[str]:
        """Releases, that with the newest year first."""
        newest = self.rows.groupby("release")["year"].max().reset_index()
        return list(newest.sort_values(["year", "release"], ascending=False)["release"])

    def years(self, release: str) -> list[int]:
        return sorted(int(y) for y in self.rows.loc[self.rows["release"] == release, "year"].unique())

    def of(self, release: str, year: int) -> dict[str, float]:
        """Product group → kgCO2e per £ for one release and year."""
        rows = self.rows[(self.rows["release"] == release) & (self.rows["year"] == year)]
        return dict(zip(rows["code"], rows["kgco2e_per_gbp"], strict=True))

    @cached_property
    def products(self) -> dict[str, str]:
        return dict(zip(self.rows["code"], self.rows["product"], strict=True))


class Prices:
    """Prices by year from `cwb.sources.deflators`; a year that is not there gives None, and is then said to be missing."""

    def __init__(self, own: pd.DataFrame):
        self._index = (
            {(row.kind, row.year): float(row.index_value) for row in own.itertuples()} if len(own) else {}
        )
        self.release = str(own["release"].iloc[-1]) if len(own) else ""
        self._forecasts = {row.year for row in own.itertuples() if row.is_forecast is True} if len(own) else set()

    def financial(self, period: Period) -> float | None:
        return self._index.get(("financial", str(period.year)))

    def is_forecast(self, period: Period) -> bool:
        """Whether the release says that the prices of a financial year are a forecast."""
        return str(period.year) in self._forecasts

    def calendar(self, year: int) -> float | None:
        return self._index.get(("calendar", str(year)))


class Products:
    """CPV code or industry → product group, with how well it is known."""

    def __init__(self) -> None:
        self._cpv = {row["cpv_prefix"]: row for row in table("cpv_to_emission").to_dict("records")}
        self._sic = dict(table("sic_to_emission")[["sic_code", "code"]].itertuples(index=False, name=None))
        self._category = dict(
            table("emission_categories")[["code", "ghg_category"]].itertuples(index=False, name=None)
        )

    def find(self, cpv: object = None, sic_codes: object = None) -> Product | None:
        """By CPV at group level, then by the supplier's industry, then by CPV division; None when nothing tells.

        A seller's industry (wholesale, retail, head offices, office support) says nothing of what was bought.
        """
        code = cpv_code(cpv) if isinstance(cpv, str) else None
        division: Product | None = None
        for length in range(8, 1, -1) if code else ():
            row = self._cpv.get(str(code)[:length])
            if row is None:
                continue
            found = Product(
                row["code"], 4 if length >= _GROUP_DIGITS else 5, row["ghg_category"], f"CPV {str(code)[:length]}"
            )
            if length >= _GROUP_DIGITS:
                return found
            division = found
        for sic in sic_codes.split() if isinstance(sic_codes, str) else ():
            if len(sic) == 5 and not sic.startswith(_SELLERS) and self._sic.get(sic):
                group = self._sic[sic]
                category = division.ghg_category if division else self._category.get(group, PURCHASED)
                return Product(group, 4, category, f"SIC {sic}")
        return division


def half_widths() -> dict[int, float]:
    """Score → how far a figure may be off, as a share of it."""
    rows = table("emission_scores")
    return dict(zip(rows["score"].astype(int), rows["half_width"].astype(float), strict=True))
