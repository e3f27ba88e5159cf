"""By what evidence a supplier was matched to an organisation, or why it was not: a closed list.

The words are those that packs show. What is particular to one supplier (a probability, the register's name) is kept apart, in
`match_detail`, for the person who decides.
"""

from __future__ import annotations

from enum import StrEnum


class MatchEvidence(StrEnum):
    DECIDED = "decided by an analyst"
    DECIDED_NONE = "decided by an analyst: no match"
    NUMBER = "number given"
    NUMBER_NOT_FOUND = "number given; no register at hand has it"
    NUMBER_NOT_CHECKED = "number given; no register to check it"
    NUMBER_OTHER_NAME = "number given, and the register has another name"
    SAME_NAME_AND_PLACE = "same name and postcode"
    SAME_NAME = "same name"
    FORMER_NAME_AND_PLACE = "same former name and postcode"
    FORMER_NAME = "same former name"
    NEAR_NAME = "name nearly the same"
    NAME_BEFORE_TRADING = "name before t/a"
    NAME_AFTER_TRADING = "name after t/a"
    SEVERAL = "same name, borne by several organisations"
    CUT_SHORT = "name cut short, and several begin so"
    TRADING_NAME_ONLY = "only the trading name agrees"
    INDIVIDUAL = "may be an individual: never matched"
    NOT_STATED = "the supplier is not stated"
    NO_REGISTER = "no register was supplied"
    PUBLIC_BODY = "public body"
    NONE_NEAR = "no name on the registers is near enough"


# Evidence that rests on more than a name: a number that a file gives, or a person's decision.
BY_NUMBER = (MatchEvidence.NUMBER, MatchEvidence.DECIDED)

# Evidence of an accepted match that is a name's alone, or nearly so.
BY_NAME = (
    MatchEvidence.SAME_NAME_AND_PLACE,
    MatchEvidence.SAME_NAME,
    MatchEvidence.FORMER_NAME_AND_PLACE,
    MatchEvidence.FORMER_NAME,
    MatchEvidence.NEAR_NAME,
    MatchEvidence.NAME_BEFORE_TRADING,
    MatchEvidence.NAME_AFTER_TRADING,
)


def same_name(former: bool, place: bool) -> MatchEvidence:
    """The evidence of the very same name, one that the body bears or bore, at the same postcode or not."""
    if former:
        return MatchEvidence.FORMER_NAME_AND_PLACE if place else MatchEvidence.FORMER_NAME
    return MatchEvidence.SAME_NAME_AND_PLACE if place else MatchEvidence.SAME_NAME
