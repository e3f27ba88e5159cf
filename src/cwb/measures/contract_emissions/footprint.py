"""Every ledger line of a period with its emissions: by which method, from which factor, and how good the figure is."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd

from cwb.base.rows import as_keys
from cwb.council.periods import Period
from cwb.dataset import Dataset
from cwb.emissions import (
    AVERAGE,
    CAPITAL,
    ENERGY,
    HYBRID,
    SPECIFIC,
    SPEND_BASED,
    Factors,
    Prices,
    Product,
    Products,
    half_widths,
    revenue_share,
)
from cwb.matching import normalise_name

_CARRIED_YEARS = 2


@dataclass(frozen=True)
class Choice:
    """What a footprint is computed with: a release, a year of its factors, whether prices are brought to that year, and
    whether suppliers' own reports take the place of the spend-based figure."""

    release: str
    factor_year: int
    is_deflated: bool = True
    with_reports: bool = True


def factors_of(data: Dataset) -> Factors:
    return data.once("factors", lambda d: Factors(d.table("factors")))


def prices_of(data: Dataset) -> Prices:
    return data.once("prices", lambda d: Prices(d.table("deflators")))


def choice_in_use(data: Dataset) -> Choice:
    """The release and year of the settings, else the newest release and its newest year."""
    factors, settings = factors_of(data), data.settings.emissions
    release = settings.release or factors.releases[0]
    return Choice(release, settings.factor_year or factors.years(release)[-1])


def price_step(data: Dataset, period: Period, choice: Choice) -> float | None:
    """By what pounds of a period are multiplied to have the prices of the factor's year; None where a price is missing."""
    prices = prices_of(data)
    then, then_factor = prices.financial(period), prices.calendar(choice.factor_year)
    return then_factor / then if then and then_factor else None


def footprint(data: Dataset, period: Period | None = None, choice: Choice | None = None) -> pd.DataFrame:
    """The ledger lines of a period with emissions, one row per line, lines of withheld suppliers included.

    Adds `report_period` (the financial year of the supplier's report used, None without one), `code` (product group, None where nothing tells), `product`, `ghg_category`, `via`, `method`, `score` (1 best to 5),
    `real_gbp` (in prices of the factor's year; the pounds themselves where prices are missing), `spend_kgco2e` (what the
    spend-based method gives), `kgco2e` (by the best method at hand; None where nothing tells the product), `factor_release`
    and `factor_year`. A supplier's report stands for the lines of its contract, or of the supplier (`_with_reports`).
    Credits reduce emissions as they reduce spend.
    """
    period, choice = period or data.period, choice or choice_in_use(data)
    key = f"footprint {period} {choice}"
    return data.once(key, lambda d: _footprint(d, period, choice))


def _footprint(data: Dataset, period: Period, choice: Choice) -> pd.DataFrame:
    lines = data.spend(period).copy()
    products = data.once("products", lambda _: Products())
    factors = factors_of(data)
    by_code, titles = factors.of(choice.release, choice.factor_year), factors.products
    sic = (
        data.table("suppliers").set_index("supplier_key")["sic_codes"]
        if len(data.table("suppliers"))
        else pd.Series(dtype=object)
    )
    stated = pd.DataFrame(
        {"cpv": lines["cpv_code"].astype(object), "sic": lines["supplier_key"].map(sic).astype(object)},
        index=lines.index,
    )
    stated = stated.where(stated.notna(), None)
    known: dict[tuple[object, object], Product | None] = {
        pair: products.find(*pair) for pair in set(stated.itertuples(index=False, name=None))
    }
    found = [known[pair] for pair in stated.itertuples(index=False, name=None)]
    found = [p if p is not None and p.code in by_code else None for p in found]
    lines["code"] = [p.code if p else None for p in found]
    lines["product"] = [titles.get(p.code) if p else None for p in found]
    lines["via"] = [p.via if p else "" for p in found]
    lines["score"] = [p.score if p else 5 for p in found]
    is_capital = lines["project"].isin(_capital_projects(data, period))
    lines["ghg_category"] = [p.ghg_category if p else "not known" for p in found]
    lines["ghg_category"] = lines["ghg_category"].where(~is_capital, CAPITAL)
    step = price_step(data, period, choice) if choice.is_deflated else None
    lines["real_gbp"] = lines["amount_gbp"] * (step or 1.0)
    lines["spend_kgco2e"] = [
        real * by_code[p.code] if p else math.nan for real, p in zip(lines["real_gbp"], found, strict=True)
    ]
    lines["kgco2e"], lines["method"] = lines["spend_kgco2e"], SPEND_BASED
    lines.loc[lines["code"].isna(), "method"] = "not known"
    lines["factor_release"], lines["factor_year"] = choice.release, choice.factor_year
    lines["report_period"] = pd.Series(None, index=lines.index, dtype=object)
    return _with_reports(data, period, choice, lines) if choice.with_reports else lines


def counted(lines: pd.DataFrame) -> pd.DataFrame:
    """Lines that count in a total of purchases. Energy for the council's own sites and vehicles is its scope 1 and 2: it is
    shown apart and not added, so that nothing counts twice."""
    return lines[lines["ghg_category"] != ENERGY]


def known_lines(data: Dataset, period: Period | None = None, choice: Choice | None = None) -> pd.DataFrame:
    """The counted lines of a period whose emissions are known."""
    lines = counted(footprint(data, period, choice))
    return lines[lines["kgco2e"].notna()]


def _capital_projects(data: Dataset, period: Period) -> list[str]:
    listed = data.table("one_offs")
    if listed.empty:
        return []
    return list(listed.loc[(listed["period"] == str(period.year)) & (listed["kind"] == "capital"), "project"])


def reports_by_unit(data: Dataset) -> pd.DataFrame:
    """Suppliers' reports, one row per contract, or else supplier, and financial year; what several rows of one give is added,
    under the worst of their methods.

    Columns of `cwb.sources.supplier_emissions`, and `unit`: the contract's reference, or "supplier" and its name.
    """
    return data.once("reports_by_unit", _by_unit)


def _by_unit(data: Dataset) -> pd.DataFrame:
    reports = data.table("supplier_emissions")
    if reports.empty:
        return reports.assign(unit=None)
    is_contract = reports["contract_reference"].notna()
    contract = as_keys(reports["contract_reference"])
    supplier = "supplier " + reports["supplier_name"].map(normalise_name)
    stated = {
        flag: reports[flag].map(lambda said: said is True).astype(bool)
        for flag in ("is_assured", "is_baseline", "has_upstream")
    }
    # Worst first: of rows of several methods the first names the sum.
    rank = reports["method"].map({AVERAGE: 0, HYBRID: 1, SPECIFIC: 2})
    made = reports.assign(unit=contract.where(is_contract, supplier), rank=rank, **stated)
    made = made.sort_values("rank", kind="stable")
    return made.groupby(["unit", "period"], as_index=False).agg(
        contract_reference=("contract_reference", "first"), supplier_name=("supplier_name", "first"),
        method=("method", "first"), kgco2e=("kgco2e", lambda kg: kg.sum(min_count=1)),
        supplier_kgco2e=("supplier_kgco2e", "last"), turnover_gbp=("turnover_gbp", "last"),
        is_assured=("is_assured", "all"), is_baseline=("is_baseline", "any"), planned_share=("planned_share", "last"),
        has_upstream=("has_upstream", "all"),
    )  # fmt: skip


def _with_reports(data: Dataset, period: Period, choice: Choice, lines: pd.DataFrame) -> pd.DataFrame:
    """Suppliers' own figures in place of spend-based ones: of each contract or supplier the latest report that fits.

    A report of the period's own year is shared out by pounds; else the latest of the two years before is carried forward:
    its emissions per pound, in like prices where these are known, one score worse. Only years all of whose months are in the
    ledger count: the pounds of part of a year are no measure of a year's emissions. What a contract reports wins over
    what its supplier reports for everything.
    """
    reports = reports_by_unit(data)
    if reports.empty or lines.empty:
        return lines
    usable = reports[[_fits(data, period, told) for told in reports["period"]]].sort_values("period")
    latest = usable.drop_duplicates("unit", keep="last")
    for report in latest.sort_values("contract_reference", na_position="first").itertuples():
        told = Period.parse(str(report.period))
        mask = _covered(lines, report)
        spent = spent_with(data, report, told)
        whole = reported_kg(report, spent)
        if not mask.any() or spent <= 0 or whole is None:
            continue
        is_carried = told.start_year < period.start_year
        steps = [price_step(data, p, choice) if choice.is_deflated else None for p in (told, period)]
        in_like_prices = steps[1] / steps[0] if is_carried and steps[0] and steps[1] else 1.0
        lines.loc[mask, "kgco2e"] = lines.loc[mask, "amount_gbp"] * in_like_prices / spent * whole
        lines.loc[mask, "method"] = report.method
        lines.loc[mask, "report_period"] = str(told)
        score = score_of(str(report.method), bool(report.is_assured), bool(report.has_upstream))
        lines.loc[mask, "score"] = min(score + is_carried, 4)
    return lines


def reported_kg(report: object, spent: float) -> float | None:
    """What a report says of what the council bought: its own figure, else the supplier's total shared out by revenue.

    None where neither is stated, or nothing was paid in the year by which to share out.
    """
    own, total, turnover = (getattr(report, c) for c in ("kgco2e", "supplier_kgco2e", "turnover_gbp"))
    if pd.notna(own):
        return float(own)
    return revenue_share(float(total), float(turnover), spent) if pd.notna(total) and spent > 0 else None


def spent_with(data: Dataset, report: object, year: Period) -> float:
    """Pounds paid in a year for what a report is about; nought where the ledger does not hold every month of it."""
    lines = data.spend(year)
    return float(lines.loc[_covered(lines, report), "amount_gbp"].sum()) if data.is_whole(year) else 0.0


def _fits(data: Dataset, period: Period, told: str) -> bool:
    year = Period.parse(told)
    return period.start_year - _CARRIED_YEARS <= year.start_year <= period.start_year and data.is_whole(year)


def score_of(method: str, is_assured: bool, has_upstream: bool = False) -> int:
    """The data-quality score of a supplier's report (formats.md 7.3).

    A hybrid report of scopes 1 and 2 alone, or that does not say, leaves out what the supplier bought: one worse.
    """
    return {SPECIFIC: 1 if is_assured else 2, HYBRID: 3 if has_upstream else 4, AVERAGE: 3}[method]


def _covered(lines: pd.DataFrame, report: object) -> pd.Series:
    reference = getattr(report, "contract_reference", None)
    if isinstance(reference, str):
        return as_keys(lines["contract_reference"]) == reference.strip().upper()
    name = normalise_name(getattr(report, "supplier_name", None))
    names = {n: normalise_name(n) == name for n in lines["supplier_name"].dropna().unique()}
    return lines["supplier_name"].isin([n for n, fits in names.items() if fits])


def half_range(lines: pd.DataFrame) -> float:
    """How far a total may be off, in kg: lines of one product group and score are off together, groups independently.

    100 kg ± 50% of one group and 100 kg ± 80% of another: √(50² + 80²) = 94 kg.
    """
    if lines.empty:
        return 0.0
    widths = half_widths()
    by_group = lines.groupby([lines["code"].fillna("reported"), "score"])["kgco2e"].sum()
    return math.sqrt(sum((kg * widths[int(score)]) ** 2 for (_, score), kg in by_group.items()))


def total_and_range(lines: pd.DataFrame) -> tuple[float, float, float]:
    """The emissions of lines in kg, and how low and high they may be; never below nought."""
    kg, half = float(lines["kgco2e"].sum()), half_range(lines)
    return kg, max(kg - half, 0.0), kg + half
