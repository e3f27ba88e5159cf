"""Pack 05: greenhouse gas of what the council buys, by method and quality; what changed and why; suppliers' plans."""

from cwb.packs.account import coverage, matches
from cwb.packs.contract_emissions.ask_next import ask_next
from cwb.packs.contract_emissions.change import change
from cwb.packs.contract_emissions.checklist import checklist
from cwb.packs.contract_emissions.contracts import contracts
from cwb.packs.contract_emissions.emissions import emissions
from cwb.packs.contract_emissions.factor_trap import factor_trap
from cwb.packs.contract_emissions.hot_spots import hot_spots
from cwb.packs.contract_emissions.methods import methods
from cwb.packs.contract_emissions.pathway import pathway
from cwb.packs.contract_emissions.plans import plans
from cwb.packs.contract_emissions.sensitivity import sensitivity
from cwb.packs.contract_emissions.summary import title
from cwb.packs.contract_emissions.supplier_hot_spots import supplier_hot_spots
from cwb.packs.pack import Pack

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
        matches,
        coverage,
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
)
