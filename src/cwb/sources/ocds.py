"""Reading OCDS JSON as it is published: fields that are missing, empty or of another kind are "not stated"."""

from __future__ import annotations

from datetime import date
from typing import Any

from cwb.base.values import clean_text, cpv_code, parse_date

# What others publish: whatever a field holds is looked at before it is used.
Json = dict[str, Any]


def items_of(parent: Json, key: str) -> list[Json]:
    """The objects of a list; anything else is skipped."""
    value = parent.get(key) or []
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def part_of(parent: Json, key: str) -> Json:
    """An object, or an empty one."""
    value = parent.get(key)
    return value if isinstance(value, dict) else {}


def day_of(text: object) -> date | None:
    """The day of an OCDS time."""
    # Times are UK local, so the first ten characters are the day.
    return parse_date(text[:10]) if isinstance(text, str) else None


def _number(value: object) -> float | None:
    ok = isinstance(value, int | float) and not isinstance(value, bool) and 0 < float(value) < 1e12
    return float(value) if ok else None  # type: ignore[arg-type]


def value_of(value: Json) -> tuple[float | None, str]:
    """Pounds and what they include; a value in another currency, or of nought, is not stated."""
    if value.get("currency", "GBP") != "GBP":
        return None, "not stated"
    for key, basis in (("amount", "excluding VAT"), ("amountGross", "including VAT")):
        amount = _number(value.get(key))
        if amount is not None:
            return amount, basis
    return None, "not stated"


def cpv_of(section: Json) -> str | None:
    """The first CPV code of a tender's or award's items, or of the section itself."""
    for item in items_of(section, "items"):
        for code in [*items_of(item, "additionalClassifications"), part_of(item, "classification")]:
            if code.get("scheme") == "CPV":
                return cpv_code(str(code.get("id")))
    whole = part_of(section, "classification")
    return cpv_code(str(whole.get("id"))) if whole.get("scheme") == "CPV" else None


def identifier_of(party: Json, scheme: str) -> str | None:
    """A party's identifier in one scheme, among the additional ones too."""
    for found in [part_of(party, "identifier"), *items_of(party, "additionalIdentifiers")]:
        if found.get("scheme") == scheme:
            return clean_text(str(found.get("id")))
    return None
