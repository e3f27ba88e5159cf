"""Reading OCDS JSON as it is published: fields that are missing, empty or of another kind are "not stated".

Nothing here raises for what a field holds: a number where a text belongs is its text, a value in dollars or of a penny is
no value in pounds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

from cwb.base.values import (
    PLACEHOLDER,
    clean_text,
    company_number,
    cpv_code,
    find_postcode,
    is_placeholder,
    parse_date,
    parse_money,
    parse_postcode,
)

# What others publish: whatever a field holds is looked at before it is used.
Json = dict[str, Any]

_WITH_VAT = 1.2
_MOST = 1e12
_OTHER_CURRENCY = re.compile(
    r"[$€¥]|\b(?!GBP\b)(?:USD|EUR|CHF|JPY|AUD|CAD|SEK|NOK|DKK|INR|ZAR|NZD|SGD|AED)\b", re.IGNORECASE
)
_AMOUNTS = {"amount": "excluding VAT", "amountGross": "including VAT"}
_SILENT = (None, "not stated")


def items_of(parent: Json, key: str) -> list[Json]:
    """The objects of a list; anything else is skipped."""
    value = parent.get(key) or []
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def part_of(parent: Json, key: str) -> Json:
    """An object, or an empty one."""
    value = parent.get(key)
    return value if isinstance(value, dict) else {}


def text_of(value: object) -> str | None:
    """A text, or a number as its text (ids are published as numbers too); None for anything else and for a blank."""
    is_plain = isinstance(value, str | int | float) and not isinstance(value, bool)
    return clean_text(str(value)) if is_plain else None


def words_of(parent: Json, key: str) -> list[str]:
    """The texts of a list in lower case (tags, roles), or of a text that stands for a list of one."""
    value = parent.get(key)
    given = value if isinstance(value, list) else [value]
    return [text.casefold() for one in given if (text := text_of(one))]


def ids_of(parent: Json, key: str) -> frozenset[str]:
    """The ids that a list holds (relatedLots)."""
    value = parent.get(key)
    return frozenset(text for one in value if (text := text_of(one))) if isinstance(value, list) else frozenset()


def day_of(text: object) -> date | None:
    """The day of an OCDS time."""
    # Times are UK local, so the first ten characters are the day.
    return parse_date(text[:10]) if isinstance(text, str) else None


def number_of(value: object) -> float | None:
    """A number, or a text that is an amount of pounds; None for anything else."""
    if isinstance(value, str):
        # "50,000" and "£50,000" are numbers typed as texts.
        found = parse_money(value)
        return number_of(float(found)) if found is not None else None
    if isinstance(value, bool) or not isinstance(value, int | float) or not -_MOST < value < _MOST:
        return None
    return float(value)


def is_in_pounds(currency: object, amount: object = None) -> bool:
    """False where a currency other than pounds is named, in its own field or with the amount; none named is pounds."""
    code = (text_of(currency) or "GBP").upper()
    is_sterling = code in ("GBP", "£", "POUND", "POUNDS", "STERLING", "UKP")
    return is_sterling and not (isinstance(amount, str) and _OTHER_CURRENCY.search(amount))


def value_of(value: Json) -> tuple[float | None, str]:
    """Pounds and what they include; a value in another currency, or of a pound or less, is not stated."""
    for key, basis in _AMOUNTS.items():
        amount, least = number_of(value.get(key)), PLACEHOLDER if key == "amount" else PLACEHOLDER * _WITH_VAT
        if is_in_pounds(value.get("currency"), value.get(key)) and amount is not None and amount > least:
            return amount, basis
    return _SILENT


def gross_of(*values: Json) -> float | None:
    """Pounds including VAT of some values together, which thresholds are about; None where one does not state them so."""
    stated = [value_of({key: one.get(key) for key in ("amountGross", "currency")})[0] for one in values]
    known = [amount for amount in stated if amount is not None]
    return sum(known) if known and len(known) == len(stated) else None


def holds_place(values: Iterable[Json]) -> bool:
    """Of values none of which is stated in pounds: whether one is a pound or less."""
    amounts = (
        number_of(value.get(key)) for value in values if is_in_pounds(value.get("currency")) for key in _AMOUNTS
    )
    return any(is_placeholder(amount) for amount in amounts)


def cpv_of(section: Json) -> str | None:
    """The first CPV code of a tender's or award's items, or of the section itself."""
    for item in items_of(section, "items"):
        for code in [*items_of(item, "additionalClassifications"), part_of(item, "classification")]:
            if code.get("scheme") == "CPV":
                return cpv_code(str(code.get("id")))
    whole = part_of(section, "classification")
    return cpv_code(str(whole.get("id"))) if whole.get("scheme") == "CPV" else None


def identifier_of(party: Json, scheme: str) -> str | None:
    """A party's identifier in one scheme, among the additional ones too, else the number in an id such as "GB-COH-01234567"."""
    for found in [part_of(party, "identifier"), *items_of(party, "additionalIdentifiers")]:
        if found.get("scheme") == scheme:
            return text_of(found.get("id"))
    own = text_of(party.get("id")) or ""
    return own.removeprefix(f"{scheme}-") if own.startswith(f"{scheme}-") else None


def company_of(party: Json) -> str | None:
    return company_number(identifier_of(party, "GB-COH"))


def postcode_of(address: Json) -> str | None:
    """The postcode of its own field, else the one with which the street ends, as Contracts Finder writes addresses."""
    code = text_of(address.get("postalCode"))
    lines = (code, *(text_of(address.get(key)) for key in ("streetAddress", "locality", "region")))
    return parse_postcode(code) or next((found for line in lines if (found := find_postcode(line))), None)


def moment_of(release: Json) -> tuple[str, str]:
    """What orders the releases of a process: when it was published, then the year and number of its notice.

    Times are compared in UTC where they state their offset; "" is for a date that is missing or none.
    """
    number = text_of(release.get("id")) or ""
    stated = text_of(release.get("date")) or ""
    day = day_of(stated)
    try:
        moment = datetime.fromisoformat(stated)
        at = (moment.astimezone(UTC) if moment.tzinfo else moment).strftime("%Y-%m-%dT%H:%M:%S")
    except (ValueError, OverflowError):
        at = f"{day}{stated[10:19]}"
    return at if day else "", number[-4:] + number.zfill(12)
