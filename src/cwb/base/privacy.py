"""No person is named: whose name a pack may show, and what it shows instead.

A council pays sole traders, foster carers and landlords. A name that reads like a person's is withheld from
rankings and tables unless a register shows it to be an organisation; the pounds stay in every total.
"""

from __future__ import annotations

import re
from functools import cache

from cwb.base.no_name import unpointed
from cwb.reference import districts, given_names, organisation_words

WITHHELD = "Name withheld (may be an individual)"
TITLE_WITHHELD = "Title withheld (a supplier may be an individual)"
NOT_STATED = "Supplier not stated or redacted"
_HONORIFIC = re.compile(r"\b(mr|mrs|ms|miss|mx|dr|prof|rev|revd|sir|dame|cllr|estate of)\b", re.IGNORECASE)
_LEGAL_FORM = re.compile(
    r"\b(ltd|limited|plc|llp|lp|cic|cio|inc|council|hmrc)\b|\b(c i [co]|p l c|l l p)\b|(&|\band) co\b",
    re.IGNORECASE,
)
_COUNCIL_LETTERS = re.compile(r"(.+?) (?:bc|mbc|dc|cc|cbc)", re.IGNORECASE)
_TRADING_AS = re.compile(r"\b(t/a|t/as|trading as)\b", re.IGNORECASE)
_PERSON_WORDS = range(2, 7)


def is_council_by_letters(name: str) -> bool:
    """True for a district or a shire with a council's letters: "Ribble Valley B.C.", "Hertfordshire CC".

    The place must be one: of "Smith D.C." the letters are a person's.
    """
    found = _COUNCIL_LETTERS.fullmatch(unpointed(name).strip())
    place = found[1].lower() if found else ""
    return place.endswith("shire") or place in _district_names()


@cache
def _district_names() -> frozenset[str]:
    return frozenset(districts()["lad_name"].str.lower())


def looks_individual(name: str | None) -> bool:
    """True where a name may be a person's: an honorific, or two to six plain words none of which only firms use.

    A legal form shows an organisation. Of "J Smith t/a Smith Roofing" the part before counts. Errs towards
    withholding: a firm with an unusual name may be withheld, which a company number in the vendor list puts
    right; a person's name must not be shown.
    """
    if not name or _LEGAL_FORM.search(unpointed(name)) or is_council_by_letters(name):
        return False
    person = _TRADING_AS.split(name)[0].strip() or name
    if _HONORIFIC.search(person):
        return True
    words = re.findall(r"[^\W\d_][^\W\d_'’.-]*", person.lower())
    if words and not any(re.search("[a-z]", word) for word in words):
        return True  # a name in another script tells us nothing
    if len(words) not in _PERSON_WORDS:
        return False
    return not any(word in organisation_words() for word in words)


def display_name(name: str | None, is_registered: bool) -> str:
    """The name as a pack may show it; `is_registered` is True when a register lists it as an organisation."""
    if not name:
        return NOT_STATED
    return WITHHELD if not is_registered and looks_individual(name) else name


def is_person(name: str | None) -> bool:
    """True where a name is plainly a person's: it may be one, and has an honorific, a given name or initials.

    Such a name is never matched to a register. Other names that `looks_individual` withholds ("Travis Perkins") may be
    matched, but a match by name does not bring them back into a pack.
    """
    if not looks_individual(name):
        return False
    person = _TRADING_AS.split(name or "")[0].strip() or name or ""
    # The s of "Men's" is no initial.
    words = re.findall(r"[^\W\d_]+", re.sub(r"['’]s\b", "", person.lower()))
    initials = len(words) > 1 and any(len(word) == 1 for word in words)
    return bool(_HONORIFIC.search(person)) or initials or any(word in given_names() for word in words)
