"""Contract by contract: where it began, what its supplier reports, what is planned, and the way to net zero."""

from __future__ import annotations

from typing import Any

import pandas as pd

from cwb.base.privacy import WITHHELD, display_name
from cwb.base.rows import as_keys
from cwb.council.periods import Period
from cwb.dataset import Dataset
from cwb.measures.contract_emissions.footprint import (
    known_lines,
    reported_kg,
    reports_by_unit,
    spent_with,
    total_and_range,
)
from cwb.measures.contract_emissions.totals import score_mix
from cwb.measures.workbench import Result, Undefined, Workbench, measure


def due_share(first: Period, now: Period, net_zero_year: int) -> float:
    """The share of the baseline that a straight way to net zero allows by the end of a period, 1 at the baseline's end.

    From 2023/24, whose end is March 2024, to net zero at the end of 2030: half way, in about mid-2027, half is left. A quarter
    begins its way at the end of the same quarter of the baseline year, so that every year's step is the same.
    """
    start = first.end.toordinal()
    last = pd.Timestamp(year=net_zero_year, month=12, day=31).date().toordinal()
    return min(max((last - now.end.toordinal()) / (last - start), 0.0), 1.0) if last > start else 0.0


@measure(
    "reported_contract_count",
    "contract_reduction",
    "contract_pathway_gap",
    "contract_planned_left",
    needs=("supplier_emissions",),
)
def contracts(data: Dataset, bench: Workbench) -> Result:
    """Contracts whose suppliers report: baseline, reported now, planned, and what the way to net zero allows.

    One row per contract, largest baseline first: `contract_reference`, `supplier`, `baseline_kgco2e` and
    `baseline_period` (the earliest year reported on, or the one marked as baseline), `reported_kgco2e` and `reported_period` (the
    latest up to the period), `change_share`, `planned_share` (reduction planned by the year of net zero), `planned_kgco2e` (what
    the plan leaves then, where the straight way leaves nothing), `due_kgco2e` (what a straight way allows by the end of the
    latest year), `gap_kgco2e` (reported less due). Contracts with one report have no change. A hybrid report counts with the
    supplier's total shared out by the pounds of its year, where the ledger holds every month of it.
    """
    reports = reports_by_unit(data)
    reports = reports[reports["contract_reference"].notna() & (reports["period"] <= str(data.period.year))]
    kilograms = [
        reported_kg(report, spent_with(data, report, Period.parse(str(report.period))))
        for report in reports.itertuples()
    ]
    reports = reports.assign(kgco2e=pd.Series(kilograms, index=reports.index, dtype="float64"))
    reports = reports[reports["kgco2e"].notna()]
    if reports.empty:
        raise Undefined("no report names a contract and its emissions up to this period")
    names = _suppliers(data)
    rows: list[dict[str, Any]] = []
    for unit, own in reports.sort_values("period").groupby("unit"):
        marked = own[own["is_baseline"]]
        first, last = (marked.iloc[0] if len(marked) else own.iloc[0]), own.iloc[-1]
        is_two = first["period"] < last["period"]
        base, now = float(first["kgco2e"]), float(last["kgco2e"])
        due = base * due_share(
            Period.parse(first["period"]), Period.parse(last["period"]), data.settings.emissions.net_zero_year
        )
        rows.append(
            {
                "contract_reference": first["contract_reference"],
                "supplier": names.get(str(unit)) or _stated(first["supplier_name"]),
                "baseline_period": first["period"],
                "baseline_kgco2e": base,
                "reported_period": last["period"] if is_two else None,
                "reported_kgco2e": now if is_two else None,
                "change_share": now / base - 1 if is_two and base else None,
                "planned_share": last["planned_share"],
                "planned_kgco2e": None if pd.isna(last["planned_share"]) else base * (1 - last["planned_share"]),
                "due_kgco2e": due if is_two else None,
                "gap_kgco2e": now - due if is_two else None,
            }
        )
    made = pd.DataFrame(rows).sort_values(
        ["baseline_kgco2e", "contract_reference"], ascending=[False, True], ignore_index=True
    )
    made = made[made["supplier"] != WITHHELD].reset_index(drop=True)
    two = made[made["reported_period"].notna()]
    if two.empty:
        reason = "no contract is reported on in two years"
        findings = [
            bench.finding(name, undefined=reason) for name in ("contract_reduction", "contract_pathway_gap")
        ]
    else:
        base, now = float(two["baseline_kgco2e"].sum()), float(two["reported_kgco2e"].sum())
        findings = [
            bench.finding("contract_reduction", base - now, n=now, of=base),
            bench.finding(
                "contract_pathway_gap", float(two["gap_kgco2e"].sum()), n=now, of=float(two["due_kgco2e"].sum())
            ),
        ]
    made["planned_kgco2e"] = made["planned_kgco2e"].astype("float64")
    planned = made[made["planned_kgco2e"].notna()]
    left = (
        bench.finding(
            "contract_planned_left", float(planned["planned_kgco2e"].sum()), n=len(planned),
            of=float(planned["baseline_kgco2e"].sum()),
        )
        if len(planned)
        else bench.finding("contract_planned_left", undefined="no contract states a planned reduction")
    )  # fmt: skip
    return made, [bench.finding("reported_contract_count", len(made)), *findings, left]


def _suppliers(data: Dataset) -> dict[str, str]:
    lines = data.lines
    own = lines[lines["contract_reference"].notna()] if len(lines) else lines
    if own.empty:
        return {}
    return dict(zip(as_keys(own["contract_reference"]), own["display_name"].astype(str), strict=True))


def _stated(name: object) -> str:
    """A supplier that only the report names: shown as a pack may show it."""
    return display_name(name, is_registered=False) if isinstance(name, str) else ""


@measure("pathway_emissions", "pathway_due", "pathway_distance")
def pathway(data: Dataset, bench: Workbench) -> Result:
    """All purchases year by year against a straight way from the baseline to net zero.

    One row per financial year with every month: `year`, `kgco2e` (release and factor year in use, prices of the factor's
    year; energy left out), `low_kgco2e`, `high_kgco2e`, `score`, `due_kgco2e`. For a quarter each year is cut to the same months.
    """
    years = sorted({int(quarter[:4]) for quarter in data.periods_with_spend()})
    rows = []
    for year in years:
        period = Period(year, data.period.quarter)
        if not data.is_whole(period) or period.start < data.baseline.start:
            continue
        lines = known_lines(data, period)
        if len(lines):
            kg, low, high = total_and_range(lines)
            rows.append(
                {"year": period.short_label, "period": str(period), "kgco2e": kg, "low_kgco2e": low, "high_kgco2e": high, "score": score_mix(lines)}
            )  # fmt: skip
    made = pd.DataFrame(rows, columns=["year", "period", "kgco2e", "low_kgco2e", "high_kgco2e", "score"])
    if made.empty or made["period"].iloc[0] != str(data.baseline):
        raise Undefined(f"months are missing in {data.baseline.label}, or the product of no payment is known")
    base = float(made["kgco2e"].iloc[0])
    limit = data.settings.emissions.net_zero_year
    made["due_kgco2e"] = [base * due_share(data.baseline, Period.parse(p), limit) for p in made["period"]]
    if str(data.period) not in set(made["period"]):
        raise Undefined(f"months are missing in {data.period.label}, or the product of no payment is known")
    own = made[made["period"] == str(data.period)].iloc[0]
    return made.drop(columns="period"), [
        bench.finding(
            "pathway_emissions",
            float(own["kgco2e"]),
            of=base,
            low=float(own["low_kgco2e"]),
            high=float(own["high_kgco2e"]),
        ),
        bench.finding("pathway_due", float(own["due_kgco2e"]), of=base),
        bench.finding("pathway_distance", float(own["kgco2e"] - own["due_kgco2e"])),
    ]
