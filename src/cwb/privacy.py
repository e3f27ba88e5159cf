"""No person is named: whose name may stand in a pack, and what stands there instead.

A council pays sole traders, foster carers and landlords. A name that reads like a person's is withheld from
rankings and tables unless a register shows it to be an organisation; the pounds stay in every total.
"""

from __future__ import annotations

import re

from cwb.reference import organisation_words

WITHHELD = "Name withheld (may be an individual)"
NOT_STATED = "Supplier not stated or redacted"
_HONORIFIC = re.compile(r"^(mr|mrs|ms|miss|mx|dr|prof|rev|revd|sir|dame|cllr|estate of)\b\.?", re.IGNORECASE)
_PERSON_WORDS = range(2, 5)


def looks_individual(name: str | None) -> bool:
    """True where a name may be a person's: an honorific, or two to four plain words none of which is a trade's.

    Errs towards withholding: an unusual firm's name may be withheld, which a company number in the vendor list
    puts right; a person's name must not be shown.
    """
    if not name:
        return False
    if _HONORIFIC.match(name):
        return True
    if re.search(r"[\d&/@]|\bt/a\b", name, re.IGNORECASE):
        return False
    words = re.findall(r"[^\W\d_][^\W\d_'’.-]*", name.lower())
    if len(words) not in _PERSON_WORDS:
        return False
    known = organisation_words()
    return not any(word in known or word.rstrip("s") in known for word in words)


def display_name(name: str | None, is_registered: bool) -> str:
    """The name as a pack may show it; `is_registered` is True when a register lists it as an organisation."""
    if not name:
        return NOT_STATED
    return WITHHELD if not is_registered and looks_individual(name) else name
