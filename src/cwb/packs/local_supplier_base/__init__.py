"""Pack 01: how much of the council's spend stays local, with whom, and how that is changing.

Each measure takes a `cwb.evidence.data.PackData` and shows itself as its exhibit; `.findings`, `.table` and `.explain()` are
for analysts.
"""

from cwb.figures.apparatus import assumptions, definitions, sources
from cwb.packs.account import coverage, matches
from cwb.packs.local_supplier_base.awards import awards
from cwb.packs.local_supplier_base.awards_by_body import awards_by_body
from cwb.packs.local_supplier_base.bridge import bridge
from cwb.packs.local_supplier_base.business_size import business_size
from cwb.packs.local_supplier_base.charts_a_and_b import charts_a_and_b
from cwb.packs.local_supplier_base.churn import churn
from cwb.packs.local_supplier_base.concentration import concentration
from cwb.packs.local_supplier_base.home_suppliers import home_suppliers
from cwb.packs.local_supplier_base.leakage import leakage
from cwb.packs.local_supplier_base.register import register
from cwb.packs.local_supplier_base.revisions import revisions
from cwb.packs.local_supplier_base.sensitivity import sensitivity
from cwb.packs.local_supplier_base.spend_by_district import spend_by_district
from cwb.packs.local_supplier_base.spend_by_ring import spend_by_ring
from cwb.packs.local_supplier_base.summary import scorecard
from cwb.packs.local_supplier_base.total_spend import total_spend
from cwb.packs.local_supplier_base.trend import trend

PACK = "local_supplier_base"
MEASURES = (
    total_spend,
    charts_a_and_b,
    bridge,
    spend_by_ring,
    spend_by_district,
    home_suppliers,
    awards,
    register,
    awards_by_body,
    business_size,
    leakage,
    concentration,
    churn,
    trend,
    sensitivity,
    matches,
    coverage,
    revisions,
)

__all__ = [
    "MEASURES",
    "PACK",
    "assumptions",
    "awards",
    "awards_by_body",
    "bridge",
    "business_size",
    "charts_a_and_b",
    "churn",
    "concentration",
    "coverage",
    "definitions",
    "home_suppliers",
    "leakage",
    "matches",
    "register",
    "revisions",
    "scorecard",
    "sensitivity",
    "sources",
    "spend_by_district",
    "spend_by_ring",
    "total_spend",
    "trend",
]
