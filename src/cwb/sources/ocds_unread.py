"""Of the fields of a release that are read: what is stated and is no date, no amount of pounds, no postcode, no number."""

from __future__ import annotations

from collections.abc import Iterator

from cwb.base.values import company_number
from cwb.sources.ocds import (
    Json,
    day_of,
    identifier_of,
    is_in_pounds,
    items_of,
    number_of,
    part_of,
    postcode_of,
    text_of,
    words_of,
)
from cwb.sources.places import is_here

_DATES = (
    "date",
    "dateSigned",
    "startDate",
    "endDate",
    "maxExtentDate",
    "futureNoticeDate",
    "expressionOfInterestDeadline",
)
_PERIODS = ("contractPeriod", "period", "tenderPeriod", "communication")


def unread_in_release(release: Json) -> Iterator[tuple[str, str]]:
    """Field and text of each such value. Contact points are never looked at."""
    tender = part_of(release, "tender")
    sections = [tender, *items_of(tender, "lots"), *items_of(release, "awards"), *items_of(release, "contracts")]
    for section in (release, *sections, *(part_of(one, name) for one in sections for name in _PERIODS)):
        for key in _DATES:
            if (text := text_of(section.get(key))) and day_of(section[key]) is None:
                yield key, text
    for section in sections:
        value = part_of(section, "value")
        for key in ("amount", "amountGross"):
            amount, currency = text_of(value.get(key)), value.get("currency")
            if amount is None:
                continue
            if not is_in_pounds(currency, amount):
                yield key, f"{amount} {text_of(currency) or ''}".strip()
            elif number_of(value[key]) is None:
                yield key, amount
    for party in items_of(release, "parties"):
        if {"supplier", "buyer"} & set(words_of(party, "roles")):
            yield from _unread_of(party)


def _unread_of(party: Json) -> Iterator[tuple[str, str]]:
    number = identifier_of(party, "GB-COH")
    if number and company_number(number) is None:
        yield "company number", number
    address = part_of(party, "address")
    code = text_of(address.get("postalCode"))
    country = text_of(address.get("country")) or text_of(address.get("countryName")) or "UK"
    # Abroad they write codes of their own.
    if code and is_here(country) and postcode_of(address) is None:
        yield "postalCode", code
