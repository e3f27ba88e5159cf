"""The bodies of the registers that are, or may be, local, and how they are counted: what the measures of the pack share."""

from __future__ import annotations

from cwb.evidence.data import PackData
from cwb.evidence.questions import TRUE, Question, count
from cwb.evidence.relation import ORGANISATION, Fact, Relation
from cwb.packs.measure import Measured, Undefined

# Certain or likely.
SURE = "grade IN ('A', 'B')"
# Active, not dormant, no management companies of flats and estates: those that trade.
IN_BUSINESS = "is_active AND coalesce(rule, '') NOT IN ('ended', 'twice', 'dormant', 'property')"
PLACES = "organisations' places are known"
POSTCODES = "The postcode of each organisation's office would settle it."
IS_LOCAL_BODY = Fact("is_local", PLACES, POSTCODES)


def nearby(data: PackData) -> Relation:
    """Bodies whose office is in the local area or, where it has no known place, may be; ended ones too, each body once.

    Raises `Undefined` where there is none.
    """
    bodies = data.relation("organisations").where("NOT is_double", "is_local IS NOT FALSE")
    if not data.count(bodies):
        raise Undefined("no organisation of the registers has its office in the local area")
    return bodies


def local_and_sure(data: PackData) -> Relation:
    """Bodies of grades A and B that are known to be local: what shares are taken of."""
    return nearby(data).where("is_local", SURE)


def counted(data: PackData, finding_id: str, of: Relation, where: Fact = IS_LOCAL_BODY) -> Question:
    """How many bodies there are of which the fact holds. A register that lists none of that kind does say that it is none."""
    return count(finding_id, of=of, where=where if data.count(of) else TRUE, per=ORGANISATION)


def here(m: Measured) -> str:
    """The area and what is known of it, for subtitles."""
    return f"{m.data.settings.local.name}, registers as supplied"
