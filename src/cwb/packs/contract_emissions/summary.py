"""The first exhibit of the pack: the total with its range and quality, what suppliers did, and the strategy's indicators."""

from __future__ import annotations

from cwb.evidence.data import PackData
from cwb.figures.apparatus import scorecard_of
from cwb.figures.figure import Figure
from cwb.packs.contract_emissions.change import change
from cwb.packs.contract_emissions.checklist import checklist
from cwb.packs.contract_emissions.contracts import contracts
from cwb.packs.contract_emissions.emissions import emissions
from cwb.packs.contract_emissions.methods import methods
from cwb.packs.contract_emissions.plans import plans

CHOSEN = (
    (emissions, "emissions_total"),
    (emissions, "emissions_score"),
    (methods, "reported_emissions_share"),
    (change, "emissions_change"),
    (change, "emissions_supplier_change"),
    (contracts, "contract_reduction"),
    (plans, "plan_spend_share"),
    (checklist, "checklist_share"),
)


def scorecard(data: PackData) -> Figure:
    """The numbers that members ask for, each with its range or the reason why it is not known."""
    findings = [function(data)[name] for function, name in CHOSEN]
    total, did, plan = findings[0], findings[4], findings[6]
    if total.value is not None and did.value is not None:
        moved = "less" if did.value < 0 else "more"
        title = f"Purchases emit about {total}; suppliers' own changes make it {did:magnitude} {moved}"
    elif total.value is not None:
        title = f"Purchases of {data.period.short_label} emit about {total}"
    elif plan.value is not None:
        title = f"{plan} of spend is with suppliers that have a current carbon plan"
    else:
        title = "What purchases emit is not known"
    return scorecard_of(data, findings, title)
