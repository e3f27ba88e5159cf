"""The ways to read a supplier's name: several names may stand in one cell, with notes of an account, a branch or a place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from cwb.entities.matching.brackets import are_initials, is_name_of_its_own, is_society

WHOLE, BEFORE_TRADING, AFTER_TRADING, WITHOUT_BRANCH = "whole", "before t/a", "after t/a", "without branch"
INITIALS, IN_BRACKETS = "initials", "in brackets"
_TRADED = re.compile(r"\s+(?:t/as?|t / a|trading as|ta)\s+", re.IGNORECASE)
_PARTED = re.compile(r"\s*#\s*|[\s,]+c/o\s+|[\s,]+(?:a\s+)?division of\s+", re.IGNORECASE)
_FORM = r"(?:limited|ltd|plc|p\.l\.c|llp|cic|c\.i\.c)"
_HAS_FORM = re.compile(rf"\b{_FORM}\b", re.IGNORECASE)
# A registered name ends with its legal form: what follows is the ledger's.
_UP_TO_FORM = re.compile(rf"^(.*\w\W+{_FORM})\b\.?\W+\w.*$", re.IGNORECASE | re.DOTALL)
_FORM_WITHIN = re.compile(r"\b(?:limited|ltd)\W+(?:liability|partnership|company|co|by)\b", re.IGNORECASE)
_NOTE = re.compile(
    r"[\s,(-]+(?:bacs|chaps|direct debit|dd|cheques?"
    r"|(?:no\.? ?\d+ )?(?:client )?(?:account|acct?|a/c)(?:\W*(?:no\b\.?)?\W*\d*)?"
    r"|re:? inv\b.*|inv(?:oice)?(?: no\.?)? ?\d.*)\W*$",
    re.IGNORECASE,
)
# Before, within and after brackets, as in: Members in Need of Accommodation (MINA) Housing Co-operative.
_BRACKET = re.compile(r"^(.+?)\s*\(([^()]+)\)\s*([^()]*)$")
_BRANCH = re.compile(r"\s+-\s+[^-]+$|\s*\([^()]*\)\s*$|\s*,\s*[^,]+$")
_FEWEST_INITIALS = 4
# A column of a ledger is seldom narrower; where it ends within the legal form, that is taken off.
_NARROWEST = 18
_FORM_CUT = re.compile(r"[ ,.]+(?:l|li|lim|limi|limit|limite|lt|ll|p|pl|publ|public)$", re.IGNORECASE)


@dataclass(frozen=True)
class Reading:
    """One way to read a name. `dropped` is what was taken off as a branch or place, in small letters."""

    variant: str
    name: str
    dropped: str = ""


def readings(stated: str) -> Iterator[Reading]:
    """A name without its notes, and also without a branch or place; where it says "t/a", its two sides apart; where a
    bracket says it in full or by initials, both; where a bracket has a society's name, that too."""
    name = _FORM_CUT.sub("", stated) if len(stated) >= _NARROWEST else stated
    sides = _TRADED.split(name)
    if len(sides) > 1:
        found = [
            Reading(BEFORE_TRADING, _without_notes(sides[0])),
            Reading(AFTER_TRADING, _without_notes(sides[1])),
        ]
    else:
        whole = _without_notes(name)
        found = [Reading(WHOLE, whole)]
        bracket, branch = _BRACKET.search(whole), _BRANCH.search(whole)
        if bracket and (both := _by_initials(*bracket.groups())):
            found += both
        elif branch:
            dropped = re.sub(r"\W+", " ", branch[0].lower()).strip()
            before = whole[: branch.start()]
            found.append(Reading(WITHOUT_BRANCH, before, "" if is_name_of_its_own(dropped) else dropped))
            if branch[0].endswith(")") and is_society(dropped):
                found.append(Reading(IN_BRACKETS, dropped))
    return (reading for reading in found if reading.name.strip())


def _by_initials(before: str, inner: str, after: str) -> list[Reading]:
    """The name in full and by its initials, where either of what stands before a bracket and within is the other's initials."""
    short, full = (inner, before) if are_initials(inner, before) else (before, inner)
    if not are_initials(short, full):
        return []
    found = [Reading(WITHOUT_BRANCH, f"{full} {after}".strip())]
    # So few letters alone may be anybody's.
    if after or len(short) >= _FEWEST_INITIALS:
        found.append(Reading(INITIALS, f"{short} {after}".strip()))
    return found


def _without_notes(name: str) -> str:
    """The name up to its legal form, or to a note of the account.

    Of the parts that "#", "c/o" or "division of" put into one cell the first is the name, unless another alone has a
    legal form.
    """
    parts = [part for part in _PARTED.split(name) if re.search(r"[^\W\d_]{2}", part)] or [name]
    name = next((part for part in parts if _HAS_FORM.search(part)), parts[0])
    name = _NOTE.sub("", name) or name
    return name if _FORM_WITHIN.search(name) else _UP_TO_FORM.sub(r"\1", name)
