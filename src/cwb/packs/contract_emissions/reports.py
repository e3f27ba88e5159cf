"""Suppliers' own reports of emissions: one per contract, or else supplier, and year; and the kilograms per pound that follow."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from cwb.base.rows import place_of
from cwb.council.periods import Period
from cwb.evidence.data import PackData
from cwb.packs.questions import PLACE, ZERO, Row, exactly

AVERAGE, HYBRID, SPECIFIC = "average-data", "hybrid", "supplier-specific"
BY_REVENUE = "hybrid by revenue share"
# Worst first: of several rows of one report the worst method names the sum.
_METHODS = (AVERAGE, HYBRID, SPECIFIC)
_CARRIED_YEARS = 2


@dataclass(frozen=True)
class Report:
    """What is reported of a contract, or of all that a supplier supplies, for one financial year."""

    unit: str
    year: int
    contract_reference: str | None
    supplier: str
    method: str
    kgco2e: Decimal | None
    supplier_kgco2e: Decimal | None
    turnover_gbp: Decimal | None
    is_assured: bool
    is_baseline: bool
    has_upstream: bool
    planned_share: Decimal | None
    source_file: str
    source_sheet: str | None
    source_row: int

    @property
    def score(self) -> int:
        """The data-quality score (formats.md 7.3), 1 best: a hybrid report of scopes 1 and 2 alone, or that does not say,
        leaves out what the supplier bought and is one worse."""
        return {SPECIFIC: 1 if self.is_assured else 2, HYBRID: 3 if self.has_upstream else 4, AVERAGE: 3}[
            self.method
        ]

    @property
    def method_name(self) -> str:
        """The method as packs name it: a supplier's total that is shared out is no figure of what the council bought."""
        return BY_REVENUE if self.method == HYBRID and self.kgco2e is None else self.method

    @exactly
    def kilograms(self, spent: Decimal) -> Decimal | None:
        """Emissions of what the council bought: the report's own figure, else the supplier's total shared out by what the
        council's pounds of that year are of its turnover; None where neither is stated, or nothing was paid.

        1,000 t of a supplier with a turnover of £50m, £100,000 paid: 2,000 kg.
        """
        if self.kgco2e is not None:
            return self.kgco2e
        if self.supplier_kgco2e is None or not self.turnover_gbp or spent <= 0:
            return None
        return self.supplier_kgco2e * spent / self.turnover_gbp


def reports_of(data: PackData) -> list[Report]:
    """All reports by unit and year; what several rows say of one is added, under the worst of their methods."""
    return data.cached("reports", _reports)


def _reports(data: PackData) -> list[Report]:
    rows: dict[tuple[str, int], list[Row]] = defaultdict(list)
    for row in data.rows(f"SELECT * FROM report_lines ORDER BY unit, financial_year, {PLACE}"):
        rows[row["unit"], row["financial_year"]].append(row)
    return [_added(unit, year, of_report) for (unit, year), of_report in rows.items()]


def _added(unit: str, year: int, rows: list[Row]) -> Report:
    def last(name: str) -> Decimal | None:
        return next((row[name] for row in reversed(rows) if row[name] is not None), None)

    def says(name: str) -> list[bool]:
        return [row[name] is True for row in rows]

    figures, first = [row["kgco2e"] for row in rows if row["kgco2e"] is not None], rows[0]
    return Report(
        unit=unit,
        year=year,
        contract_reference=first["contract_reference"],
        supplier=first["display_name"],
        method=next(method for method in _METHODS if any(row["method"] == method for row in rows)),
        kgco2e=sum(figures, ZERO) if figures else None,
        supplier_kgco2e=last("supplier_kgco2e"),
        turnover_gbp=last("turnover_gbp"),
        is_assured=all(says("is_assured")),
        is_baseline=any(says("is_baseline")),
        has_upstream=all(says("has_upstream")),
        planned_share=last("planned_share"),
        **place_of(first),
    )


class Spent:
    """Pounds paid in each financial year for what reports are about. Years that the ledger does not hold every month of have
    none: the pounds of part of a year are no measure of a year's emissions."""

    def __init__(self, data: PackData):
        sql = "SELECT financial_year, count(DISTINCT payment_month) AS months FROM spend_lines GROUP BY financial_year"
        held = {row["financial_year"]: row["months"] for row in data.rows(sql)}
        self.years = sorted(held)
        self.whole = frozenset(year for year, months in held.items() if months == Period(year).months)
        self._pounds: dict[tuple[str, int], Decimal] = {}
        for column in ("contract_unit", "supplier_unit"):
            found = data.rows(
                f"""SELECT {column} AS unit, financial_year, sum(amount_gbp) AS pounds FROM spend_lines
                    WHERE {column} IS NOT NULL GROUP BY {column}, financial_year"""
            )
            self._pounds |= {(row["unit"], row["financial_year"]): row["pounds"] for row in found}

    def on(self, report: Report) -> Decimal:
        return self._pounds.get((report.unit, report.year), ZERO) if report.year in self.whole else ZERO


def spent_of(data: PackData) -> Spent:
    """Pounds paid for what reports are about."""
    return data.cached("spent on reports", Spent)


@dataclass(frozen=True)
class Rate:
    """The kilograms per pound paid in `year` by a report; `per_pound` is in that pound's own prices of the report's year."""

    report: Report
    year: int
    per_pound: Decimal
    score: int

    @property
    def is_carried(self) -> bool:
        return self.report.year < self.year


@exactly
def rates(reports: list[Report], spent: Spent) -> Iterator[Rate]:
    """For each year of the ledger and each unit the latest report that fits.

    A report of the year itself is shared out by pounds; else the latest of the two years before is carried forward by its
    emissions per pound, one score worse.
    """
    for year in spent.years:
        latest: dict[str, Report] = {}
        for report in reports:
            if year - _CARRIED_YEARS <= report.year <= year and report.year in spent.whole:
                latest[report.unit] = report
        for report in latest.values():
            pounds = spent.on(report)
            kilograms = report.kilograms(pounds) if pounds > 0 else None
            if kilograms is not None:
                yield Rate(report, year, kilograms / pounds, min(report.score + (report.year < year), 4))
