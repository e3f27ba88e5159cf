"""Pack 03: the social enterprises of the local area, by graded evidence; what they do, what we buy from them, what we could."""

from cwb.measures.account import coverage, matches
from cwb.measures.social_enterprise_mapping.bodies import grades, kept_out, legal_forms
from cwb.measures.social_enterprise_mapping.buying import bought, contestable
from cwb.measures.social_enterprise_mapping.profile import ages, births, by_district, services
from cwb.measures.social_enterprise_mapping.sensitivity import sensitivity
from cwb.measures.social_enterprise_mapping.targets import geographies, targets

PACK = "social_enterprise_mapping"
MEASURES = (
    grades,
    kept_out,
    legal_forms,
    by_district,
    services,
    ages,
    births,
    bought,
    contestable,
    targets,
    geographies,
    sensitivity,
    matches,
    coverage,
)

__all__ = [
    "MEASURES",
    "PACK",
    "ages",
    "births",
    "bought",
    "by_district",
    "contestable",
    "coverage",
    "geographies",
    "grades",
    "kept_out",
    "legal_forms",
    "matches",
    "sensitivity",
    "services",
    "targets",
]
