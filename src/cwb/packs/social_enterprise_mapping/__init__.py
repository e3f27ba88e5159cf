"""Pack 03: the social enterprises of the local area, by graded evidence; what they do, what we buy from them, what we could."""

from cwb.figures.apparatus import assumptions, definitions, sources
from cwb.packs.account import coverage, matches
from cwb.packs.social_enterprise_mapping.ages import ages
from cwb.packs.social_enterprise_mapping.births import births
from cwb.packs.social_enterprise_mapping.bought import bought
from cwb.packs.social_enterprise_mapping.by_district import by_district
from cwb.packs.social_enterprise_mapping.contestable import contestable
from cwb.packs.social_enterprise_mapping.geographies import geographies
from cwb.packs.social_enterprise_mapping.grades import grades
from cwb.packs.social_enterprise_mapping.kept_out import kept_out
from cwb.packs.social_enterprise_mapping.legal_forms import legal_forms
from cwb.packs.social_enterprise_mapping.sensitivity import sensitivity
from cwb.packs.social_enterprise_mapping.services import services
from cwb.packs.social_enterprise_mapping.summary import scorecard
from cwb.packs.social_enterprise_mapping.targets import targets

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
