"""Pack 04: what the anchor institutions buy, with whom, and where buying together could help local suppliers."""

from cwb.measures.account import coverage, matches
from cwb.measures.anchor_collaboration.bodies import bodies, shared_categories, shared_suppliers
from cwb.measures.anchor_collaboration.journey import journey, multiplier
from cwb.measures.anchor_collaboration.options import aligned, option_routes, options
from cwb.measures.anchor_collaboration.sensitivity import sensitivity

PACK = "anchor_collaboration"
MEASURES = (
    bodies,
    shared_suppliers,
    shared_categories,
    aligned,
    options,
    option_routes,
    multiplier,
    journey,
    sensitivity,
    matches,
    coverage,
)

__all__ = [
    "MEASURES",
    "PACK",
    "aligned",
    "bodies",
    "coverage",
    "journey",
    "matches",
    "multiplier",
    "option_routes",
    "options",
    "sensitivity",
    "shared_categories",
    "shared_suppliers",
]
