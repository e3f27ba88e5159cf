"""Pack 01: how much of the council's spend stays local, with whom, and how that is changing.

Every function takes a `cwb.dataset.Dataset` and returns a `cwb.evidence.Measure`.
"""

from cwb.measures.account import coverage, matches
from cwb.measures.local_supplier_base.agreements import awards, awards_by_body, register
from cwb.measures.local_supplier_base.checks import revisions
from cwb.measures.local_supplier_base.spend import (
    bridge,
    charts_a_and_b,
    spend_by_district,
    spend_by_ring,
    total_spend,
)
from cwb.measures.local_supplier_base.suppliers import (
    business_size,
    churn,
    concentration,
    home_suppliers,
    leakage,
)
from cwb.measures.local_supplier_base.trend import sensitivity, trend

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
    "awards",
    "awards_by_body",
    "bridge",
    "business_size",
    "charts_a_and_b",
    "churn",
    "concentration",
    "coverage",
    "home_suppliers",
    "leakage",
    "matches",
    "register",
    "revisions",
    "sensitivity",
    "spend_by_district",
    "spend_by_ring",
    "total_spend",
    "trend",
]
