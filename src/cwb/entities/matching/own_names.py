"""What stands in brackets or after a dash: a name of its own, as a society or a place of trade has, or a branch or place."""

from __future__ import annotations

import re
from functools import cache

from cwb.reference import organisation_words, table

# Societies go by such names; what else stands in brackets may be a bank's, an agent's or a customer's.
_SOCIETY = re.compile(
    r"(?:\b(?:co ?op(?:erative)?|co operative|credit union|society|association|federation|company|mutual)"
    r"|supporters (?:trust|union))$"
)
_DIRECTIONS = frozenset(
    "north south east west northern southern eastern western central mid upper lower midlands uk gb no ltd limited".split()
)


def is_society(text: str) -> bool:
    """Whether a text in small letters without marks is called a society, and by a word besides."""
    return bool(_SOCIETY.search(text)) and len(text.split()) > 2


def is_name_of_its_own(text: str) -> bool:
    """Whether a text in small letters without marks is an organisation's name: it has a word that only organisations have
    and one that is no trade's and no place's."""
    words = text.split()
    if len(words) < 2 or any(word.isdigit() or word in _DIRECTIONS or word in _places() for word in words):
        return False
    # "Drying and Storage" is what a branch does.
    own = [word for word in words if word not in organisation_words() and len(word) > 3 and not word.endswith("ing")]
    return bool(own) and len(own) < len(words) and any(word in organisation_words() for word in words)


@cache
def _places() -> frozenset[str]:
    """The words of the names of districts, counties and countries."""
    names = [*table("districts")["lad_name"], *table("counties")["county"], *table("countries")["country"]]
    return frozenset(word for name in names for word in re.findall(r"\w{4,}", name.lower()))
