"""Every ledger line with its emissions: by which method, from which factor, and how good the figure is.

A line's factor comes from the report on its contract, else from that of its supplier for all it supplies, else it is the
factor of its product in the release and year in use. Factors are in two small tables of the council's own; lines are
only ever joined to them in SQL, and pounds times a factor are taken after they have been added up.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

import pyarrow as pa

from cwb.council.periods import Period
from cwb.evidence.data import PackData
from cwb.lines.emissions import BY_DIVISION, BY_GROUP, CAPITAL, ENERGY, PURCHASED
from cwb.packs.contract_emissions.factors import (
    Choice,
    Factors,
    Prices,
    choice_in_use,
    ends_of,
    factors_of,
    prices_of,
)
from cwb.packs.contract_emissions.reports import Spent, rates, reports_of, spent_of
from cwb.packs.questions import ONE, ZERO, Fact, Factor, Relation, Term, Thing, exactly, sum_of

SPEND_BASED = "spend-based"
NO_PRODUCT = "Reported by suppliers, product not known"
FACTOR = Factor("factor", "low_factor", "high_factor")
BY_FACTOR = Thing("factor_key", "factor_name", "product groups and reports")
HAS_PRODUCT = Fact(
    "TRUE",
    "what was bought, or a report of it, is known",
    "Product codes in the ledger, the industries of suppliers from the public register of companies or their own reports would settle it.",
    ("companies",),
    "product codes in the ledger or suppliers' own reports",
)
# A product tells machines apart and no buildings: without the year's approved list what is capital is not known.
NOT_APART = f"{PURCHASED}, and {CAPITAL}"
NOT_ENERGY = "is_energy IS NOT TRUE"
_NUMBER = pa.decimal128(38, 20)
_TABLES = ("spend_lines", "report_lines", "emission_factors", "deflators")


def footprint(data: PackData, choice: Choice | None = None) -> Relation:
    """Payments of the period with their emissions, energy left out: by the choice of the settings, or by another. `at` sees
    another period, `everything` has energy too.

    Beside the columns of a payment: `factor`, `low_factor`, `high_factor` (kgCO2e per £ paid; NULL where not known),
    `factor_key` and `factor_name` (what shares it within a year), `shared` (over years), `method`, `score` (1 best to 5),
    `report_year` (financial year of the report used) and `is_carried` (it is an earlier year's), `spend_factor` and
    `spend_key` (the product's own factor), `product`, `ghg_category`, `is_energy`, `unit` (the contract or supplier).

    Energy for the council's own sites and vehicles is its scope 1 and 2: it is in no total, so that nothing counts twice.
    """
    choice = choice or choice_in_use(data)
    name = hashlib.sha256(repr(choice).encode()).hexdigest()[:8]
    data.cached(f"footprint {name}", partial(_add_factors, choice=choice, name=name))
    is_energy = f"(l.product_category = '{ENERGY}' AND l.is_capital IS NOT TRUE)"
    source = f"""(SELECT l.*, {_first("factor", "low_factor", "high_factor", "score", "method")},
        CASE WHEN {is_energy} THEN coalesce(c.energy_key, s.energy_key, p.factor_key, l.payee_key)
             ELSE coalesce(c.factor_key, s.factor_key, p.factor_key, l.payee_key) END AS factor_key,
        coalesce(c.factor_name, s.factor_name, p.factor_name, l.display_name) AS factor_name,
        coalesce(c.shared, s.shared, p.shared, 'not known') AS shared,
        coalesce(c.report_year, s.report_year) AS report_year, coalesce(c.is_carried, s.is_carried) AS is_carried,
        p.factor AS spend_factor, coalesce(p.factor_key, 'not known') AS spend_key,
        coalesce(p.product, CASE WHEN coalesce(c.factor, s.factor) IS NOT NULL THEN '{NO_PRODUCT}' END) AS product,
        CASE WHEN l.is_capital THEN '{CAPITAL}' WHEN {is_energy} THEN '{ENERGY}' WHEN p.factor IS NULL THEN 'not known'
             WHEN l.is_capital IS NULL AND l.product_category IN ('{PURCHASED}', '{CAPITAL}') THEN '{NOT_APART}'
             ELSE l.product_category END AS ghg_category,
        {is_energy} AS is_energy,
        CASE WHEN c.factor IS NULL AND s.factor IS NOT NULL THEN l.supplier_unit
             ELSE coalesce(l.contract_unit, l.supplier_unit, l.contract_reference, l.payee_key) END AS unit
        FROM spend_lines l
        LEFT JOIN report_factors_{name} c ON c.unit = l.contract_unit AND c.year = l.financial_year
        LEFT JOIN report_factors_{name} s ON s.unit = l.supplier_unit AND s.year = l.financial_year
        LEFT JOIN product_factors_{name} p ON p.code = l.product_code AND p.product_score = l.product_score
            AND p.year = l.financial_year)"""
    return Relation(source, _TABLES, (NOT_ENERGY,), data.period)


def everything(lines: Relation) -> Relation:
    """The same lines with energy."""
    return Relation(lines.source, lines.tables, period=lines.period)


def _add_factors(data: PackData, choice: Choice, name: str) -> None:
    spent, prices = spent_of(data), prices_of(data)
    products = _product_factors(choice, factors_of(data), prices, spent.years)
    data.engine.add_table(f"product_factors_{name}", products)
    data.engine.add_table(f"report_factors_{name}", _report_factors(data, choice, prices, spent))


def _first(*columns: str) -> str:
    return ", ".join(f"coalesce(c.{column}, s.{column}, p.{column}) AS {column}" for column in columns)


@exactly
def _product_factors(choice: Choice, factors: Factors, prices: Prices, years: Iterable[int]) -> pa.Table:
    """One row per product group, score and financial year."""
    rows = []
    for year in years:
        step = prices.step(year, choice) or ONE
        for code, factor in factors.of(choice).items():
            for score in (BY_GROUP, BY_DIVISION):
                product = factors.products[code]
                shared = f"{code}, score {score}"
                key = (year, code, score, f"{shared}, {year}", f"{product}, score {score}", shared)
                rows.append((*key, SPEND_BASED, score, *ends_of(factor * step, score), product))
    columns = ("year", "code", "product_score", "factor_key", "factor_name", "shared", "method", "score")
    return _table((*columns, *_FACTOR, "product"), rows)


def _report_factors(data: PackData, choice: Choice, prices: Prices, spent: Spent) -> pa.Table:
    """One row per contract or supplier and financial year to whose lines a report applies. A report that is carried
    forward is brought to the year's prices, where both years' are known."""
    rows = []
    for rate in rates(reports_of(data), spent) if choice.with_reports else ():
        report_year, year, report = rate.report.year, rate.year, rate.report
        price_step, report_step = prices.step(year, choice), prices.step(report_year, choice)
        to_year_prices = price_step / report_step if rate.is_carried and price_step and report_step else ONE
        about = report.contract_reference or report.supplier
        shared = f"{report.unit}, report of {report_year}"
        factor_key = f"{shared}, {year}"
        key = (
            year,
            report.unit,
            factor_key,
            f"{factor_key}, energy",
            f"{about}, report of {Period(report_year).short_label}",
            shared,
        )
        ends = ends_of(rate.per_pound * to_year_prices, rate.score)
        rows.append((*key, report.method_name, rate.score, *ends, report_year, rate.is_carried))
    columns = ("year", "unit", "factor_key", "energy_key", "factor_name", "shared", "method", "score")
    return _table((*columns, *_FACTOR, "report_year", "is_carried"), rows)


_FACTOR = ("factor", "low_factor", "high_factor")
_KINDS = {
    **dict.fromkeys(_FACTOR, _NUMBER),
    **dict.fromkeys(("year", "product_score", "score", "report_year"), pa.int32()),
    "is_carried": pa.bool_(),
}


def _table(columns: tuple[str, ...], rows: Sequence[tuple[object, ...]]) -> pa.Table:
    """A small table of the council's own; factors to twenty places."""
    place = Decimal(1).scaleb(-20)
    kinds = [(column, _KINDS.get(column, pa.string())) for column in columns]
    tidy = [[cell.quantize(place) if isinstance(cell, Decimal) else cell for cell in row] for row in rows]
    return pa.table({c: [row[n] for row in tidy] for n, c in enumerate(columns)}, schema=pa.schema(kinds))


# --- what has been added up -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Part:
    """Net pounds of all lines of one group that share a factor."""

    group: tuple[str, ...]
    pounds: Decimal
    factor: Decimal | None
    low_factor: Decimal
    high_factor: Decimal
    shared: str
    score: int

    @property
    def term(self) -> Term:
        assert self.factor is not None
        return Term(self.shared, self.pounds, self.factor, self.low_factor, self.high_factor)


def parts_by(data: PackData, lines: Relation, *columns: str) -> list[Part]:
    """The lines by some columns and by factor; pounds without a factor are parts of their own."""
    keys = "".join(f"{column}, " for column in columns)
    sql = f"""SELECT {keys}factor_key, sum(amount_gbp) AS pounds, min(factor) AS factor, min(low_factor) AS low_factor,
        min(high_factor) AS high_factor, min(shared) AS shared, min(score) AS score
        FROM {lines.source} WHERE {lines.condition} GROUP BY {keys}factor_key ORDER BY {keys}factor_key"""
    return [
        Part(
            tuple(str(row[column]) for column in columns), row["pounds"], row["factor"], row["low_factor"] or ZERO,
            row["high_factor"] or ZERO, row["shared"], row["score"] or BY_DIVISION,
        )
        for row in data.rows(sql)
    ]  # fmt: skip


@dataclass(frozen=True)
class Amount:
    """Pounds whose emissions are known, those emissions with their range in kg, and their score."""

    pounds: Decimal
    kgco2e: Decimal
    low_kgco2e: Decimal
    high_kgco2e: Decimal
    score: Decimal | None

    def share_of(self, whole: Amount) -> float | None:
        """Its part of a whole; None where credits could bring that to nought or less, as of the findings."""
        return float(self.kgco2e / whole.kgco2e) if whole.low_kgco2e > 0 else None

    def as_row(self) -> dict[str, object]:
        """Its columns in the table of a measure."""
        return {
            "pounds_gbp": float(self.pounds),
            "kgco2e": float(self.kgco2e),
            "low_kgco2e": float(self.low_kgco2e),
            "high_kgco2e": float(self.high_kgco2e),
            "score": None if self.score is None else float(self.score),
        }


@exactly
def amount_of(parts: Iterable[Part]) -> Amount:
    """The sum of parts; those without a factor are left out. The score is weighted by emissions, credits left out."""
    known = [part for part in parts if part.factor is not None]
    value, low, high = sum_of(part.term for part in known)
    weights = [(part.score, max(part.pounds * (part.factor or ZERO), ZERO)) for part in known]
    weight = sum((kilograms for _, kilograms in weights), ZERO)
    score = sum((score * kilograms for score, kilograms in weights), ZERO) / weight if weight else None
    return Amount(sum((part.pounds for part in known), ZERO), value, low, high, score)


def grouped(parts: Iterable[Part], at: int = 0) -> dict[str, list[Part]]:
    """Parts by one of the columns that they are grouped by."""
    found: dict[str, list[Part]] = {}
    for part in parts:
        found.setdefault(part.group[at], []).append(part)
    return found
