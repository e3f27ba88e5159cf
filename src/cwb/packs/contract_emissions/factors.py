"""What a footprint is computed with: factors by release and year, prices, and how far a figure of each score may be off."""

from __future__ import annotations

import functools
from dataclasses import dataclass, replace
from decimal import Decimal

from cwb.council.periods import Period
from cwb.evidence.bounded import ONE, exactly
from cwb.evidence.data import PackData
from cwb.reference import table


@dataclass(frozen=True)
class Choice:
    """A release, a year of its factors, whether pounds are brought to that year's prices, and whether suppliers' own
    reports take the place of spend-based figures."""

    release: str
    factor_year: int
    is_deflated: bool = True
    with_reports: bool = True

    @property
    def name(self) -> str:
        return f"Release {self.release}, factors of {self.factor_year}"


@dataclass(frozen=True)
class Factors:
    """kgCO2e per £ by release, year and product group; the names of product groups."""

    by_year: dict[tuple[str, int], dict[str, Decimal]]
    products: dict[str, str]

    @functools.cached_property
    def releases(self) -> list[str]:
        """Releases, that with the newest year first."""
        return sorted({release for release, _ in self.by_year}, key=lambda r: (self.years(r)[-1], r), reverse=True)

    def years(self, release: str) -> list[int]:
        return sorted(year for of_release, year in self.by_year if of_release == release)

    def of(self, choice: Choice) -> dict[str, Decimal]:
        return self.by_year.get((choice.release, choice.factor_year), {})


def factors_of(data: PackData) -> Factors:
    """All factors that were supplied."""
    return data.cached("factors", _factors)


def _factors(data: PackData) -> Factors:
    sql = "SELECT release, factor_year, code, product, kgco2e_per_gbp FROM emission_factors ORDER BY release, factor_year, code"
    by_year: dict[tuple[str, int], dict[str, Decimal]] = {}
    products: dict[str, str] = {}
    for row in data.rows(sql):
        by_year.setdefault((row["release"], row["factor_year"]), {})[row["code"]] = row["kgco2e_per_gbp"]
        products[row["code"]] = row["product"]
    return Factors(by_year, products)


@dataclass(frozen=True)
class Prices:
    """Prices by kind of year and the year in which it begins; a year without prices is reported as missing."""

    index: dict[tuple[str, int], Decimal]
    forecasts: frozenset[int]
    release: str

    @exactly
    def step(self, year: int, choice: Choice) -> Decimal | None:
        """By what pounds of a financial year are multiplied to have the prices of the factor's year.

        £120 paid when prices stood at 1.2, a factor at prices of 1.0: 120 × 1.0 ÷ 1.2 = £100.
        """
        then, of_factor = self.index.get(("financial", year)), self.index.get(("calendar", choice.factor_year))
        return of_factor / then if choice.is_deflated and then and of_factor else None


def prices_of(data: PackData) -> Prices:
    """All prices that were supplied."""
    return data.cached("prices", _prices)


def _prices(data: PackData) -> Prices:
    rows = data.rows("SELECT kind, start_year, index_value, is_forecast, release FROM deflators ORDER BY release")
    return Prices(
        {(row["kind"], row["start_year"]): row["index_value"] for row in rows},
        frozenset(row["start_year"] for row in rows if row["kind"] == "financial" and row["is_forecast"]),
        rows[-1]["release"] if rows else "",
    )


def choice_in_use(data: PackData) -> Choice:
    """The release and year of the settings, else the newest release and its newest year."""
    factors, settings = factors_of(data), data.settings.emissions
    release = settings.release or factors.releases[0]
    return Choice(release, settings.factor_year or factors.years(release)[-1])


def first_choice(data: PackData) -> Choice:
    """What a pack of the baseline year would have used: the release before the one in use, and its newest year, where
    factors of two releases were supplied; else the one in use."""
    now, factors = choice_in_use(data), factors_of(data)
    older = [release for release in factors.releases if release != now.release]
    years = [y for y in factors.years(older[0]) if y in factors.years(now.release)] if older else []
    return replace(now, release=older[0], factor_year=years[-1]) if years else now


@functools.cache
def half_widths() -> dict[int, Decimal]:
    """Score → how far a figure may be off, as a share of it."""
    return {
        int(row["score"]): Decimal(str(row["half_width"])) for row in table("emission_scores").to_dict("records")
    }


@exactly
def ends_of(factor: Decimal, score: int) -> tuple[Decimal, Decimal, Decimal]:
    """A factor with its least and its most by its score: 0.4 of score 4 is from 0.2 to 0.6."""
    width = half_widths()[score]
    return factor, factor * (ONE - width), factor * (ONE + width)


@exactly
def due_share(first: Period, now: Period, net_zero_year: int) -> Decimal:
    """The share of the baseline that a straight line to net zero allows by the end of a period, 1 at the baseline's end.

    From 2023/24, whose end is March 2024, to net zero at the end of 2030: half way, in about mid-2027, half is left. A quarter
    begins its way at the end of the same quarter of the baseline year, so that every year's step is the same.
    """
    start, last = first.end.toordinal(), first.end.replace(year=net_zero_year, month=12, day=31).toordinal()
    if last <= start:
        return Decimal(0)
    return min(max(Decimal(last - now.end.toordinal()) / (last - start), Decimal(0)), ONE)
