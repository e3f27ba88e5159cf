"""What a supplier is, by its name: a public body of some kind, an individual, or an organisation."""

from __future__ import annotations

import re
from functools import cache

from cwb.base.councils import council_of_letters
from cwb.base.legal_forms import FORMS
from cwb.base.no_name import unpointed
from cwb.base.privacy import is_person
from cwb.reference import table

_FORM = re.compile(rf"\b{FORMS}\b", re.IGNORECASE)
ORGANISATION, INDIVIDUAL, NOT_STATED, COUNCIL = "organisation", "individual", "not stated", "council"


@cache
def _kinds() -> tuple[tuple[str, re.Pattern[str]], ...]:
    rows = table("supplier_kinds")
    return tuple((row.kind, re.compile(row.pattern, re.IGNORECASE)) for row in rows.itertuples())


def kind_of(name: str | None, is_individual: bool) -> str:
    """What a supplier is, by its name: a public body of some kind, an individual, or an organisation."""
    if not name:
        return NOT_STATED
    if is_individual:
        return INDIVIDUAL
    if council_of_letters(name):
        return COUNCIL
    text = unpointed(name).strip()
    if _FORM.search(text):
        return ORGANISATION
    found = next((kind for kind, pattern in _kinds() if pattern.search(text)), ORGANISATION)
    # A public body's word beside a person's name is not whom it names.
    return INDIVIDUAL if found != ORGANISATION and is_person(name) else found
