"""The facts that findings use: each is a resolved column, with the words for what is not known of it."""

from __future__ import annotations

from cwb.entities.matching.kinds import MatchEvidence
from cwb.evidence.relation import Fact

_PLACES = "suppliers' places are known"
_VENDORS = (
    "A vendor list with the postcode of each supplier, or the form of places that the procurement team can fill in, would settle it, "
    "but for withheld names."
)

IS_LOCAL = Fact("is_local", _PLACES, _VENDORS)
IS_HOME = Fact("is_home", _PLACES, _VENDORS)
LEAVES = Fact("NOT is_local", _PLACES, _VENDORS)
IS_LOCAL_BY_OFFICE = Fact(
    "is_local_by_office",
    "suppliers' registered offices are known",
    "The public register of companies would settle it, and the company numbers of suppliers.",
    ("companies",),
    "the company numbers of suppliers",
)
IS_LOCAL_IF_REVIEWED = Fact("is_local_if_reviewed", _PLACES, _VENDORS)
IS_LOCAL_BY_NUMBER = Fact("is_local_by_number", _PLACES, _VENDORS)
# Of an organisation: the place of its registered office.
HAS_LOCAL_OFFICE = Fact(
    "is_local", "the places of offices are known", "A newer directory of postcodes would settle it."
)
IS_SME = Fact(
    "is_sme", "whether suppliers are small or medium businesses is known",
    "The vendor list's column SME would settle it.",
)  # fmt: skip
IS_VCSE = Fact(
    "is_vcse",
    "whether suppliers are social enterprises is known",
    "The vendor list's column VCSE would settle it.",
)
_OF_MATCHES = (
    "The public registers of companies, mutuals and charities would settle it, and the procurement team's decisions about matches.",
    ("companies", "mutuals", "charities"),
    "the procurement team's decisions about matches",
)
IS_SOCIAL_ENTERPRISE = Fact(
    "is_social_enterprise", "what kind of organisation suppliers are is known", *_OF_MATCHES
)
_NO_REGISTER = f"match_evidence = '{MatchEvidence.NO_REGISTER}'"
_MATCHES = ("which organisation suppliers are is known", *_OF_MATCHES)
# Without a register nothing was looked up, and a match under review is not decided.
IS_MATCHED = Fact(
    f"CASE WHEN match_status = 'matched' THEN TRUE WHEN match_status = 'review' OR {_NO_REGISTER} THEN NULL ELSE FALSE END",
    *_MATCHES,
)
IS_UNDER_REVIEW = Fact(f"CASE WHEN {_NO_REGISTER} THEN NULL ELSE match_status = 'review' END", *_MATCHES)


def always(sql: str) -> Fact:
    """A fact that is known of every line."""
    return Fact(sql)
