"""The exhibits of pack 03: one function a measure, measure in, figure out."""

from cwb.figures.apparatus import assumptions, coverage, definitions, matches, sources
from cwb.figures.social_enterprise_mapping.bodies import grades, kept_out, legal_forms
from cwb.figures.social_enterprise_mapping.buying import bought, contestable
from cwb.figures.social_enterprise_mapping.profile import ages, births, by_district, services
from cwb.figures.social_enterprise_mapping.summary import scorecard
from cwb.figures.social_enterprise_mapping.targets import geographies, sensitivity, targets

__all__ = [
    "ages",
    "assumptions",
    "births",
    "bought",
    "by_district",
    "contestable",
    "coverage",
    "definitions",
    "geographies",
    "grades",
    "kept_out",
    "legal_forms",
    "matches",
    "scorecard",
    "sensitivity",
    "services",
    "sources",
    "targets",
]
