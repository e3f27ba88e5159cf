"""Why a number cannot be computed when a kind of file was not supplied, in the words that members read."""

from __future__ import annotations

_NEEDS = {
    "spend": "no spending file was supplied",
    "awards": "no award notices were supplied",
    "contracts": "no contracts register was supplied",
    "one_offs": "no approved list of capital and one-off projects was supplied",
    "vendors": "no vendor list was supplied",
    "companies": "no Companies House file was supplied",
    "mutuals": "no Mutuals Register was supplied",
    "charities": "no charity register was supplied",
    "coops": "no list of co-operatives was supplied",
    "organisations": "no register of organisations was supplied",
    "business_counts": "no business counts were supplied",
    "pipeline": "no procurement pipeline was supplied",
    "notices": "no Find a Tender notices were supplied",
    "anchor_spend": "no spending file of another anchor was supplied",
    "anchor_contracts": "no contracts register of another anchor was supplied",
    "initiatives": "no list of initiatives was supplied",
    "supplier_emissions": "no supplier's report of emissions was supplied",
    "carbon_plans": "no register of carbon reduction plans was supplied",
    "checklists": "no list of sustainability checklists was supplied",
}


def why_absent(source: str) -> str:
    """The reason; raise `KeyError` for a source that has none."""
    return _NEEDS[source]
