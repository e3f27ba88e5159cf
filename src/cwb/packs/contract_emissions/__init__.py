"""Pack 05: greenhouse gas of what the council buys, by method and quality; what changed and why; suppliers' plans."""

from cwb.evidence.data import PackData
from cwb.evidence.finding import Finding
from cwb.packs.contract_emissions.ask_next import ask_next
from cwb.packs.contract_emissions.change import change
from cwb.packs.contract_emissions.checklist import checklist
from cwb.packs.contract_emissions.contracts import contracts
from cwb.packs.contract_emissions.emissions import emissions
from cwb.packs.contract_emissions.factor_trap import factor_trap
from cwb.packs.contract_emissions.headlines import HEADLINES
from cwb.packs.contract_emissions.hot_spots import hot_spots, supplier_hot_spots
from cwb.packs.contract_emissions.methods import methods
from cwb.packs.contract_emissions.pathway import pathway
from cwb.packs.contract_emissions.plans import plans
from cwb.packs.contract_emissions.sensitivity import sensitivity
from cwb.packs.exhibits import part_text, perhaps, sentence_case
from cwb.packs.pack import Pack


def title(data: PackData, found: dict[str, Finding]) -> str:
    """What the first exhibit says of its numbers, or of those that are known."""
    total, did, plan = (
        found[name] for name in ("emissions_total", "emissions_supplier_change", "plan_spend_share")
    )
    part = part_text(total)
    if total.value is not None and did.value is not None:
        moved = "less" if did.value < 0 else "more"
        if part:
            return f"{sentence_case(part)} emits about {total}, {perhaps(did)}{did:magnitude} {moved} by suppliers' changes"
        return (
            f"Purchases emit about {total}; suppliers' own changes make it {perhaps(did)}{did:magnitude} {moved}"
        )
    if part:
        return f"Purchases emit about {total}, an estimate for {part}"
    if total.value is not None:
        return f"Purchases of {data.period.short_label} emit about {total}"
    if plan.value is not None:
        return f"{plan} of spend is with suppliers that have a current carbon plan"
    return "What purchases emit is not known"


PACK = Pack(
    id="contract_emissions",
    notebook="05_contract_emissions.ipynb",
    question="What do our purchases emit, and what have suppliers really cut?",
    measures=(
        emissions,
        methods,
        hot_spots,
        supplier_hot_spots,
        change,
        factor_trap,
        contracts,
        pathway,
        plans,
        ask_next,
        checklist,
        sensitivity,
    ),
    headline="plan_spend_share",
    first=(
        "emissions_total",
        "emissions_score",
        "reported_emissions_share",
        "emissions_change",
        "emissions_supplier_change",
        "contract_reduction",
        "plan_spend_share",
        "checklist_share",
    ),
    title=title,
    headlines=HEADLINES,
    chosen=(("emissions_total", "kgco2e"),),
    on_place=False,
)
