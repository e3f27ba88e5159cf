"""What stands where a supplier's name should: words that withhold it, say that it is not known, or stand for several.

Such words are no supplier: they are never looked up on a register, have no place and are counted as no name. The words
are in `reference/no_names.csv`, by kind. A cell that lists several firms names no one of them either.
"""

from __future__ import annotations

import re
from enum import StrEnum
from functools import cache, lru_cache

from cwb.reference import table


class NoName(StrEnum):
    """Why a cell names no supplier."""

    WITHHELD = "withheld"
    NOT_STATED = "not stated"
    SEVERAL = "several"


_ENDS_AS_FIRM = re.compile(r"\b(ltd|limited|plc|llp|lp|cic|cio|inc|incorporated)\)?$", re.IGNORECASE)
# Marks that part the names of a list. A comma, a stroke or "and" also stand within a name: see `lists_firms`.
_SURE_MARK, _MARK = re.compile(r"[;|\r\n]+"), re.compile(r"[;|\r\n,/+#]+|\s(?:&|and)\s", re.IGNORECASE)
_LETTERS = re.compile(r"[^\W\d_]{2}")


@cache
def _patterns() -> tuple[tuple[NoName, re.Pattern[str]], ...]:
    rows = table("no_names")
    return tuple((NoName(row.kind), re.compile(row.pattern)) for row in rows.itertuples())


def sql_may_be_none(column: str) -> str:
    """SQL: whether `no_name` is worth asking of a name, which for nearly all it is not."""
    words = "|".join(pattern.pattern for _, pattern in _patterns())
    words = words.replace(" ?", "[^a-z0-9]*").replace(" ", "[^a-z0-9]+").replace("'", "''")
    forms = r"\b(ltd|limited|p\.?l\.?c|l\.?l\.?p|lp|c\.?i\.?[co]|inc|incorporated)\b"
    # One pattern, since each is another walk through every name of the ledger.
    whole = f"^[^a-z0-9]*(?:{words})?[^a-z0-9]*$"
    return f"regexp_matches({column}, '{whole}|[;|\\r\\n]|{forms}.*{forms}', 'is')"


def unpointed(name: str) -> str:
    """A name without the points of its initials: "C.I.C." is CIC, "B.C" is BC; "St. Mary" stays."""
    return re.sub(r"\b[^\W\d_](?:\.[^\W\d_])+\b\.?", lambda found: found[0].replace(".", ""), name)


@lru_cache(maxsize=200_000)
def no_name(name: str | None) -> NoName | None:
    """Why a text names no supplier; None where it does, and where it is empty.

    The words must be all of the name: "Various Artists Ltd" and "Confidential Shredding" are suppliers.
    """
    if not name or not name.strip():
        return None
    if re.fullmatch(r"[^\w]*", name):
        return NoName.WITHHELD
    text = " ".join(re.sub(r"[^a-z0-9]+", " ", unpointed(name).lower().replace("'", "")).split())
    found = next((kind for kind, pattern in _patterns() if pattern.fullmatch(text)), None)
    if found is None and lists_firms(name):
        return NoName.SEVERAL
    return found


def lists_firms(name: str) -> bool:
    """True where a cell lists several names: parted by a semicolon, a bar or a line break, or with two legal forms.

    "Alder House Care Ltd / Birkside Care Ltd" is two; "Smith, Jones & Sons Ltd" and "A Ltd t/a B" are one.
    """
    if sum(bool(_LETTERS.search(part)) for part in _SURE_MARK.split(name)) > 1:
        return True
    parts = [part.strip(" .") for part in _MARK.split(unpointed(name))]
    return sum(bool(_ENDS_AS_FIRM.search(part)) and len(part.split()) > 1 for part in parts) > 1
