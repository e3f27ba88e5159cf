"""The first exhibit of the pack."""

from __future__ import annotations

from typing import Any

from cwb.evidence.finding import number
from cwb.figures.apparatus import scorecard_of
from cwb.figures.contract_emissions.totals import ENOUGH_KNOWN
from cwb.figures.figure import Figure
from cwb.measures import contract_emissions as measures


def scorecard(data: Any) -> Figure:
    """The total with its range and quality, what suppliers did, and the two indicators of the strategy."""
    chosen = [
        (measures.emissions, "emissions_total"),
        (measures.emissions, "emissions_score"),
        (measures.methods, "reported_emissions_share"),
        (measures.change, "emissions_change"),
        (measures.change, "emissions_supplier_change"),
        (measures.contracts, "contract_reduction"),
        (measures.plans, "plan_spend_share"),
        (measures.checklist, "checklist_share"),
    ]
    findings = [function(data)[name] for function, name in chosen]
    total, did, plan = findings[0], findings[4], findings[6]
    if total.value is not None and did.value is not None and (total.coverage or 0.0) >= ENOUGH_KNOWN:
        moved = "less" if did.value < 0 else "more"
        title = f"Purchases emit about {total}; suppliers' own changes make it {did:magnitude} {moved}"
    elif total.value is not None and (total.coverage or 0.0) < ENOUGH_KNOWN:
        title = f"What is known, {number(total.coverage or 0.0, 'share')} of spend, emits about {total}"
    elif total.value is not None:
        title = f"Purchases of {data.period.short_label} emit about {total}"
    elif plan.value is not None:
        title = f"{plan} of spend is with suppliers that have a current carbon plan"
    else:
        title = "What purchases emit is not known"
    return scorecard_of(data, findings, title)
