"""The exhibits of pack 04: one function a measure, measure in, figure out."""

from cwb.figures.anchor_collaboration.bodies import bodies, shared_categories, shared_suppliers
from cwb.figures.anchor_collaboration.options import (
    aligned,
    journey,
    multiplier,
    option_routes,
    options,
    sensitivity,
)
from cwb.figures.anchor_collaboration.summary import scorecard
from cwb.figures.apparatus import assumptions, coverage, definitions, matches, sources

__all__ = [
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
