"""The exhibits of pack 01: one function a measure, measure in, figure out.

Headings and sentences take every number from a finding of the measure; labels in charts from its table.
"""

from cwb.figures.apparatus import assumptions, coverage, definitions, matches, sources
from cwb.figures.local_supplier_base.agreements import awards, awards_by_body, register
from cwb.figures.local_supplier_base.checks import revisions
from cwb.figures.local_supplier_base.spend import (
    bridge,
    charts_a_and_b,
    spend_by_district,
    spend_by_ring,
    total_spend,
)
from cwb.figures.local_supplier_base.summary import scorecard
from cwb.figures.local_supplier_base.suppliers import business_size, churn, concentration, home_suppliers, leakage
from cwb.figures.local_supplier_base.trend import sensitivity, trend

__all__ = [
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
