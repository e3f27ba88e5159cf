"""Pack 04: what the anchor institutions buy, with whom, and where buying together could help local suppliers."""

from cwb.figures.apparatus import assumptions, definitions, sources
from cwb.packs.account import coverage, matches
from cwb.packs.anchor_collaboration.aligned import aligned
from cwb.packs.anchor_collaboration.bodies import bodies
from cwb.packs.anchor_collaboration.journey import journey
from cwb.packs.anchor_collaboration.multiplier import multiplier
from cwb.packs.anchor_collaboration.option_routes import option_routes
from cwb.packs.anchor_collaboration.options import options
from cwb.packs.anchor_collaboration.sensitivity import sensitivity
from cwb.packs.anchor_collaboration.shared_categories import shared_categories
from cwb.packs.anchor_collaboration.shared_suppliers import shared_suppliers
from cwb.packs.anchor_collaboration.summary import scorecard

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
    "assumptions",
    "bodies",
    "coverage",
    "definitions",
    "journey",
    "matches",
    "multiplier",
    "option_routes",
    "options",
    "scorecard",
    "sensitivity",
    "shared_categories",
    "shared_suppliers",
    "sources",
]
