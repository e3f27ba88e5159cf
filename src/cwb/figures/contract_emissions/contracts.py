"""Contracts, the way to net zero, plans, whom to ask, the checklist."""

from __future__ import annotations

from typing import Any

from cwb.evidence.finding import Finding, number
from cwb.figures.charts import Bar, Bars
from cwb.figures.contract_emissions.totals import RANGE
from cwb.figures.exhibits import exhibit, where
from cwb.figures.wording import not_known, range_text
from cwb.measures.workbench import Measure
from cwb.tables import Column


@exhibit("What do contracts report against their baseline?")
def contracts(measure: Measure) -> dict[str, Any]:
    rows = measure.table
    count, cut, gap, left = (
        measure[name]
        for name in (
            "reported_contract_count",
            "contract_reduction",
            "contract_pathway_gap",
            "contract_planned_left",
        )
    )
    two = rows[rows["reported_kgco2e"].notna()]
    bars = []
    for r in two.itertuples():
        name = f"{r.contract_reference}, {r.supplier}"
        bars.append(Bar(f"{name}: baseline", r.baseline_kgco2e, number(r.baseline_kgco2e, "kgco2e"), "Baseline"))
        bars.append(Bar(f"{name}: reported", r.reported_kgco2e, number(r.reported_kgco2e, "kgco2e"), "Reported"))
    year = measure.about.settings.emissions.net_zero_year
    if cut.value is None:
        says = f"What they cut is not known, because {cut.undefined}."
    else:
        word = "less" if cut.value >= 0 else "more"
        side = "above" if (gap.value or 0) > 0 else "below"
        says = (
            f"Contracts reported on in two years emit {number(abs(cut.value), 'kgco2e')} {word} than at their baseline, and "
            f"are {number(abs(gap.value or 0.0), 'kgco2e')} {side} a straight way to net zero in {year}."
        )
    return {
        "title": f"{count} contracts report emissions of their own",
        "subtitle": f"Emissions reported by suppliers, contract by contract. {where(measure)}",
        "chart": Bars(tuple(bars[:16]), "count", {"Baseline": 0, "Reported": 1}),
        "says": (
            says,
            f"Plans of {number(left.n or 0, 'count')} contracts would leave {left} of {number(left.of or 0.0, 'kgco2e')} in {year}, "
            "where net zero leaves nothing."
            if left.value is not None
            else f"What plans would leave is not known, because {left.undefined}.",
            "Reports are as suppliers give them and are of whole years; which of them are assured stands in the scores above.",
        ),
        "columns": (
            Column("supplier", "Supplier"),
            Column("contract_reference", "Contract"),
            Column("baseline_period", "Baseline year"),
            Column("baseline_kgco2e", "Baseline (tCO2e)", "tonnes"),
            Column("reported_period", "Latest year"),
            Column("reported_kgco2e", "Latest (tCO2e)", "tonnes", missing=""),
            Column("change_share", "Change", "share", missing=""),
            Column("due_kgco2e", "Straight way allows (tCO2e)", "tonnes", missing=""),
            Column("gap_kgco2e", "Above it (tCO2e)", "tonnes", missing=""),
            Column("planned_share", f"Planned cut by {year}", "share"),
            Column("planned_kgco2e", f"Left in {year} (tCO2e)", "tonnes"),
        ),
        "most_rows": 20,
        "caption": "Contracts that report emissions",
    }


@exhibit("Are all purchases on the way to net zero?")
def pathway(measure: Measure) -> dict[str, Any]:
    rows = measure.table
    now, due, distance = (measure[f"pathway_{name}"] for name in ("emissions", "due", "distance"))
    year = measure.about.settings.emissions.net_zero_year
    bars = []
    for r in rows.itertuples():
        bars.append(Bar(f"{r.year}: purchases", r.kgco2e, number(r.kgco2e, "kgco2e"), "Purchases"))
        bars.append(
            Bar(f"{r.year}: way to net zero", r.due_kgco2e, number(r.due_kgco2e, "kgco2e"), "Way to net zero")
        )
    side = "above" if (distance.value or 0) > 0 else "below"
    stands = "on" if not distance.value else f"{distance:magnitude} {side}"
    return {
        "title": f"Purchases are {stands} a straight way to net zero in {year}",
        "subtitle": f"Emissions of purchases year by year, same months, factors and prices of one year. {where(measure)}",
        "chart": Bars(tuple(bars), "count", {"Purchases": 0, "Way to net zero": 1}),
        "says": (
            f"{now}{range_text(now)}, against {due}. Most of it is spend-based and follows spend: read it beside the parts of the change above.",
        ),
        "columns": (
            Column("year", "Year"),
            Column("kgco2e", "Purchases (tCO2e)", "tonnes"),
            *RANGE,
            Column("score", "Score", "decimal"),
            Column("due_kgco2e", "Way to net zero (tCO2e)", "tonnes"),
        ),
        "caption": "Purchases against a straight way to net zero",
    }


def _plans_title(suppliers: Finding, spend: Finding) -> str:
    if suppliers.value is not None and spend.value is not None:
        return f"{suppliers} of suppliers, with {spend} of spend, have a current carbon plan"
    if spend.value is not None:
        return f"{spend} of spend is with suppliers that have a current carbon plan"
    if suppliers.value is not None:
        return f"{suppliers} of suppliers have a current carbon plan"
    return "How many suppliers have a current carbon plan is not known"


@exhibit("How many suppliers have strategies to cut carbon?")
def plans(measure: Measure) -> dict[str, Any]:
    rows = measure.table
    suppliers, spend = measure["plan_supplier_share"], measure["plan_spend_share"]
    settings = measure.about.settings.emissions
    months, by_year = settings.plan_months, settings.plan_commitment_year
    unknown = number((spend.high or 0.0) - (spend.value or 0.0), "share")
    return {
        "title": _plans_title(suppliers, spend),
        "subtitle": f"Spend by the standing of the supplier's carbon reduction plan. {where(measure)}",
        "chart": Bars(
            tuple(
                Bar(r.standing, r.pounds_gbp, f"{number(r.pounds_gbp, 'gbp')}, {r.suppliers} suppliers")
                for r in rows.itertuples()
            ),
            "gbp",
            {"": 0},
        ),
        "says": (
            (
                f"Of spend: {spend}{range_text(spend)}. Of {unknown} of spend no plan or no supplier is known, which is not the "
                "same as none. "
                if spend.value is not None
                else f"{not_known(spend, 'The share of spend')} "
            )
            + f"A plan is valid when it commits to net zero by {by_year} and current when it was signed off within {months} months. It covers the "
            "supplier's whole organisation: it is evidence of a strategy, not of a contract's emissions.",
        ),
        "columns": (
            Column("standing", "Plan"),
            Column("suppliers", "Suppliers", "count"),
            Column("pounds_gbp", "Pounds (£)", "gbp"),
            Column("share", "Share of spend", "share"),
        ),
        "caption": "Suppliers by the standing of their carbon reduction plan",
    }


@exhibit("Whose data would tell us most?")
def ask_next(measure: Measure) -> dict[str, Any]:
    rows = measure.table
    share = measure["ask_next_share"]
    bars = tuple(Bar(r.supplier, r.narrows_kgco2e, number(r.narrows_kgco2e, "kgco2e")) for r in rows.itertuples())
    return {
        "title": f"Data of {len(rows)} more suppliers would narrow the range of the total by {share}",
        "subtitle": f"How much narrower the range gets on either side as each supplier reports, in this order. {where(measure)}",
        "chart": Bars(bars, "count", {"": 0}),
        "says": ("Ask these first: cwb template supplier-emissions writes the form for the request.",),
        "columns": (
            Column("supplier", "Supplier"),
            Column("narrows_kgco2e", "Narrows by (tCO2e)", "tonnes"),
            Column("left_kgco2e", "Range then, ± (tCO2e)", "tonnes"),
            Column("kgco2e", "Emissions (tCO2e)", "tonnes"),
            Column("pounds_gbp", "Pounds (£)", "gbp"),
            Column("score", "Score now", "count"),
        ),
        "caption": "The next suppliers to ask",
    }


@exhibit("Is the sustainability checklist completed?")
def checklist(measure: Measure) -> dict[str, Any]:
    rows = measure.table
    share, count = measure["checklist_share"], measure["checklist_count"]
    bars = tuple(Bar(r.commitment, r.procurements, f"{r.procurements:,}") for r in rows.itertuples())
    return {
        "title": f"The checklist is completed for {share} of {number(share.of or 0, 'count')} procurements",
        "subtitle": f"Completed checklists by the commitments that each touched. {where(measure)}",
        "chart": Bars(bars, "count", {"": 0}),
        "says": (
            f"Completed divided by procurements begun in the period: {share}{range_text(share)}; {count} are on the list.",
        ),
        "columns": (
            Column("commitment", "Commitment of the strategy"),
            Column("procurements", "Procurements that touched it", "count"),
        ),
        "caption": "Commitments touched by completed checklists",
    }
