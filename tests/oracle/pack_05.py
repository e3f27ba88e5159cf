"""The figures of pack 05 for one period: emissions of purchases by reports and average factors, plans, checklists.

Written from the definitions, as every pack lists them; of the library only its tables of factors, crosswalks and scores are read, as
data. Kilograms are exact fractions.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path
from statistics import median
from typing import NamedTuple

import openpyxl

from oracle.agreements import register
from oracle.bounds import UNDEFINED, Figure, share
from oracle.council import Council, Line, Period, count, named, pounds
from oracle.reading import day_of, flag_of, pounds_of, table

_REFERENCE = Path(__file__).parents[2] / "src" / "cwb" / "reference"
_SELLERS = ("45", "46", "47", "82", "70", "99")
_NEWEST, _OLDER = ("2026-06-30", 2023), ("2022-edition", 2022)


@cache
def _reference(name: str) -> list[dict[str, str]]:
    with (_REFERENCE / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(line for line in lines if not line.startswith("#")))


@cache
def _factors(release: str, year: int) -> dict[str, Fraction]:
    rows = _reference("emission_factors")
    return {
        r["code"]: Fraction(r["kgco2e_per_gbp"]) for r in rows if (r["release"], int(r["year"])) == (release, year)
    }


@cache
def _widths() -> dict[int, Fraction]:
    return {int(row["score"]): Fraction(row["half_width"]) for row in _reference("emission_scores")}


class Report(NamedTuple):
    """One report of one contract and financial year."""

    contract: str
    year: int
    method: str
    kilograms: Fraction | None
    total: Fraction | None
    turnover: Fraction | None
    is_assured: bool
    planned: Fraction | None


class Emitted(NamedTuple):
    """A ledger line: kilograms, what its factor is shared by, how far that may be off, its product, whether it is energy."""

    line: Line
    kilograms: Fraction
    shared: str
    width: Fraction
    code: str
    is_energy: bool
    is_reported: bool


class Emissions:
    """Everything that emissions need, read once."""

    def __init__(self, council: Council):
        self.council = council
        self.prices = _prices(council.raw / "deflators")
        self.reports = _reports(council.raw / "supplier_emissions")
        rules = [row for path in sorted((council.raw / "one_offs").glob("*.csv")) for row in table(path)]
        self.capital = {
            (row["Financial year"], row["Match on"].lower(), row["Match value"].upper())
            for row in rows_with_a_role(rules)
            if row["Kind"].lower() == "capital"
        }
        self.by_contract: dict[tuple[str, int], Fraction] = defaultdict(Fraction)
        for line in council.lines:
            if line.paid.contract:
                self.by_contract[line.paid.contract.strip().upper(), _year(line.paid.day)] += line.paid.pounds

    def kilograms_of(self, report: Report) -> Fraction | None:
        if report.kilograms is not None:
            return report.kilograms
        spent = self.by_contract[report.contract, report.year] if self._is_whole(report.year) else Fraction(0)
        return report.total * spent / report.turnover if report.total and report.turnover and spent > 0 else None

    def _is_whole(self, year: int) -> bool:
        return self.council.is_whole(Period(year, 0))

    def _step(self, year: int, factor_year: int) -> Fraction:
        return self.prices["calendar", factor_year] / self.prices["financial", year]

    @cache  # noqa: B019
    def of(self, period: Period) -> list[Emitted]:
        """The lines of a period whose emissions are known."""
        usable = [r for r in self.reports if period.year - 2 <= r.year <= period.year and self._is_whole(r.year)]
        latest = {report.contract: report for report in sorted(usable, key=lambda r: r.year)}
        found = [self._line(line, period.year, latest) for line in self.council.in_period(period)]
        return [one for one in found if one is not None]

    def _line(self, line: Line, year: int, latest: dict[str, Report]) -> Emitted | None:
        paid = line.paid
        product = _product(
            paid.cpv, line.supplier.organisation.sic if line.supplier and line.supplier.organisation else ""
        )
        is_energy = product is not None and product[2] == "energy" and not self._is_capital(line, year)
        code = product[0] if product else ""
        report = latest.get((paid.contract or "").strip().upper())
        whole = self.kilograms_of(report) if report else None
        if report and whole is not None and (spent := self.by_contract[report.contract, report.year]) > 0:
            alike = self.prices["financial", report.year] / self.prices["financial", year]
            score = {"supplier-specific": 1 if report.is_assured else 2, "hybrid": 4, "average-data": 3}[
                report.method
            ]
            score = min(score + (report.year < year), 4)
            kilograms = paid.pounds * whole / spent * alike
            return Emitted(
                line, kilograms, f"{report.contract} {report.year}", _widths()[score], code, is_energy, True
            )
        if product is None or code not in _factors(*_NEWEST):
            return None
        kilograms = paid.pounds * self._step(year, _NEWEST[1]) * _factors(*_NEWEST)[code]
        return Emitted(line, kilograms, f"{code} {product[1]}", _widths()[product[1]], code, is_energy, False)

    def _is_capital(self, line: Line, year: int) -> bool:
        paid, name = line.paid, Period(year, 0).name
        fields = {
            "contract reference": paid.contract,
            "transaction number": paid.transaction,
            "supplier id": paid.vendor,
        }
        return any((name, field, (value or "").strip().upper()) in self.capital for field, value in fields.items())


def rows_with_a_role(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    return [row for row in rows if row["Reason"] and row["Approved by (role)"]]


def _year(day: date) -> int:
    return day.year - (day.month < 4)


@cache
def _crosswalk() -> tuple[dict[str, dict[str, str]], dict[str, str], dict[str, str]]:
    return (
        {row["cpv_prefix"]: row for row in _reference("cpv_to_emission")},
        {row["sic_code"]: row["code"] for row in _reference("sic_to_emission")},
        {row["code"]: row["ghg_category"] for row in _reference("emission_categories")},
    )


@cache
def _product(cpv: str | None, sic: str) -> tuple[str, int, str] | None:
    """Product group, score and category: by a CPV group, else by the supplier's industry, else by the CPV division."""
    groups, industries, categories = _crosswalk()
    code = re.sub(r"\D", "", (cpv or "").split("-")[0])
    code = code.zfill(8)[:8] if code else ""
    division = None
    for length in range(len(code), 1, -1):
        row = groups.get(code[:length])
        if row and length >= 3:
            return row["code"], 4, row["ghg_category"]
        if row:
            division = (row["code"], 5, row["ghg_category"])
    for own in re.findall(r"\b\d{5}\b", sic or ""):
        if not own.startswith(_SELLERS) and industries.get(own):
            group = industries[own]
            other = categories.get(group, "purchased goods and services")
            # Water is no energy, whatever it is bought with; electricity is.
            is_energy = division is not None and "energy" in (other, division[2])
            return group, 4, other if is_energy or division is None else division[2]
    return division


def _prices(folder: Path) -> dict[tuple[str, int], Fraction]:
    found: dict[tuple[str, int], Fraction] = {}
    for path in sorted(folder.glob("*.xlsx")):
        for sheet in openpyxl.load_workbook(path, data_only=True).worksheets:
            rows = list(sheet.iter_rows(values_only=True))
            heads = [
                (n, row)
                for n, row in enumerate(rows)
                if any(str(c or "").startswith("Financial year") for c in row)
            ]
            for at, row in heads:
                for place, cell in enumerate(row):
                    kind = {"Financial year": "financial", "Calendar year": "calendar"}.get(
                        str(cell or "").split("[")[0].strip()
                    )
                    for below in rows[at + 1 :] if kind else ():
                        year = re.match(r"(\d{4})(-\d\d)?", str(below[place] or ""))
                        if kind and year and isinstance(below[place + 1], int | float):
                            found[kind, int(year[1])] = Fraction(str(below[place + 1]))
    return found


def _reports(folder: Path) -> list[Report]:
    found = []
    for path in sorted(folder.glob("*.csv")):
        for row in table(path):
            tonnes, total = pounds_of(row["Emissions (tCO2e)"]), pounds_of(row["Supplier total emissions (tCO2e)"])
            turnover, method = pounds_of(row["Turnover"]), row["Method"].strip().lower().replace(" ", "-")
            is_hybrid = method == "hybrid" and total is not None and bool(turnover)
            is_year = row["Year"][:4].isdigit()
            if not is_year or (tonnes is None and not is_hybrid) or (tonnes or 0) < 0:
                continue
            planned = row["Planned reduction by 2030"].strip().rstrip("%")
            found.append(
                Report(
                    row["Contract reference"].strip().upper(), int(row["Year"][:4]), method,
                    None if tonnes is None else tonnes * 1000, None if total is None else total * 1000, turnover,
                    bool(flag_of(row["Assured"])), Fraction(planned) / 100 if planned else None,
                )
            )  # fmt: skip
    return found


# --- figures ---------------------------------------------------------------------------------------------------


def _modelled(lines: list[Emitted]) -> Figure:
    """Every factor off by what its score allows, all the same way."""
    nets: dict[tuple[str, Fraction], Fraction] = defaultdict(Fraction)
    for one in lines:
        nets[one.shared, one.width] += one.kilograms
    value = sum(nets.values(), Fraction(0))
    half = sum((abs(net) * width for (_, width), net in nets.items()), Fraction(0))
    return Figure(value, value - half, value + half)


def _change(now: list[Emitted], then: list[Emitted]) -> Figure:
    """A factor of both periods is off one way in both."""
    low: dict[str, Fraction] = defaultdict(Fraction)
    high: dict[str, Fraction] = defaultdict(Fraction)
    for lines, sign in ((now, 1), (then, -1)):
        for one in lines:
            low[one.shared] += sign * one.kilograms * (1 - one.width)
            high[one.shared] += sign * one.kilograms * (1 + one.width)
    value = sum((one.kilograms for one in now), Fraction(0)) - sum((one.kilograms for one in then), Fraction(0))
    ends = [(min(low[key], high[key]), max(low[key], high[key])) for key in low]
    return Figure(value, sum((e[0] for e in ends), Fraction(0)), sum((e[1] for e in ends), Fraction(0)))


def _share_reported(lines: list[Emitted]) -> Figure:
    own, other = (_modelled([one for one in lines if one.is_reported == flag]) for flag in (True, False))
    return Figure(
        own.value / (own.value + other.value),  # type: ignore[operator]
        own.low / (own.low + other.high),  # type: ignore[operator]
        own.high / (own.high + other.low),  # type: ignore[operator]
    )


@cache
def emissions(council: Council) -> Emissions:
    return Emissions(council)


def figures(council: Council, period: Period, base: Period) -> dict[str, Figure]:
    """The figures of a period by id."""
    known = emissions(council)
    bought = [one for one in known.of(period) if not one.is_energy]
    then = [one for one in known.of(base) if not one.is_energy]
    energy = [one for one in known.of(period) if one.is_energy]
    products: dict[str, list[Emitted]] = defaultdict(list)
    for one in bought:
        products[one.code].append(one)
    sums = [_modelled(own) for own in products.values()]
    pounds_of_known = pounds(one.line for one in bought)
    total = _modelled(bought)
    is_base = period == base
    return {
        "emissions_total": total,
        "emissions_known_share": Figure(_known_part(council.in_period(period), bought, energy)),
        "emissions_per_pound": Figure(*(end / pounds_of_known for end in total)),  # type: ignore[operator]
        "energy_emissions": _modelled(energy),
        "reported_emissions_share": _share_reported(bought),
        "reported_spend_share": Figure(pounds(one.line for one in bought if one.is_reported) / pounds_of_known),
        "hot_spot_emissions": Figure(*(max(ends) for ends in zip(*sums, strict=True))),  # type: ignore[type-var]
        "emissions_baseline": UNDEFINED if is_base else _modelled(then),
        "emissions_change": UNDEFINED if is_base else _change(bought, then),
        "factor_trap_change": Figure(_trap(bought)),
        "release_median_difference": Figure(_apart()),
        **_contracts(known, period),
        **_checklists(council, period),
    }


def _trap(lines: list[Emitted]) -> Fraction:
    """The same pounds by the newest year's factors against the year before's."""
    now, before = (
        sum(
            (one.line.paid.pounds * _factors(_NEWEST[0], year)[one.code] for one in lines if one.code), Fraction(0)
        )
        for year in (_NEWEST[1], _NEWEST[1] - 1)
    )
    return now / before - 1


def _apart() -> Fraction:
    one, other = _factors(*_OLDER), _factors(_NEWEST[0], _OLDER[1])
    return median([abs(other[code] / one[code] - 1) for code in one if code in other and one[code]])


def _known_part(lines: list[Line], bought: list[Emitted], energy: list[Emitted]) -> Fraction:
    """What is known of all that is no energy: what shares a factor, and else what one supplier was paid, by its size."""
    is_told = {id(one.line) for one in (*bought, *energy)}
    known, unknown = defaultdict[str, Fraction](Fraction), defaultdict[str, Fraction](Fraction)
    for one in bought:
        known[one.shared] += one.line.paid.pounds
    for line in lines:
        if id(line) not in is_told:
            unknown[line.thing] += line.paid.pounds
    sizes = [sum(map(abs, net.values()), Fraction(0)) for net in (known, unknown)]
    return sizes[0] / sum(sizes)


def _contracts(known: Emissions, period: Period) -> dict[str, Figure]:
    by_contract: dict[str, list[tuple[int, Fraction, Fraction | None]]] = defaultdict(list)
    for report in sorted(known.reports, key=lambda r: r.year):
        kilograms = known.kilograms_of(report)
        if report.year <= period.year and kilograms is not None:
            by_contract[report.contract].append((report.year, kilograms, report.planned))
    two = [own for own in by_contract.values() if own[0][0] < own[-1][0]]
    planned = [own[0][1] * (1 - own[-1][2]) for own in by_contract.values() if own[-1][2] is not None]
    return {
        "reported_contract_count": Figure(Fraction(len(by_contract))),
        "contract_reduction": Figure(sum((own[0][1] - own[-1][1] for own in two), Fraction(0)))
        if two
        else UNDEFINED,
        "contract_planned_left": Figure(sum(planned, Fraction(0))),
    }


def _checklists(council: Council, period: Period) -> dict[str, Figure]:
    own = []
    for path in sorted((council.raw / "checklists").glob("*.csv")):
        for row in table(path):
            started = day_of(row["Started on"])
            if started and period.start <= started <= period.end:
                own.append(flag_of(row["Checklist completed"]))
    begun = len({one.key for one in register(council.raw) if period.start <= one.start <= period.end})
    everything = max(len(own), begun)
    done, unknown = own.count(True), own.count(None) + everything - len(own)
    ends = (Fraction(done, everything), Fraction(done, everything), Fraction(done + unknown, everything))
    return {"checklist_share": Figure(*ends), "checklist_count": Figure(Fraction(len(own)))}


def plan_shares(lines: list[Line], has_plan: object) -> Figure:
    """Suppliers paid that have a current plan, of all that are named."""
    return share(count(named(lines).values(), has_plan))  # type: ignore[arg-type]
