"""What stands beside a name in brackets or after a dash: its initials, another name of its own, or a branch or place.

Initials and names of its own say the same organisation again; a branch or place may be another member of its group.
"""

from __future__ import annotations

import re
from functools import cache

from cwb.reference import organisation_words, table


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", text))


_FEWEST, _MOST = 2, 8
_EMPTY = _words("the and of for in at a to on by")
# Initials often leave out the end, which says what kind of body it is.
_ENDS = _words("co op operative cooperative society association club limited ltd cic llp plc")
# No initials, but words.
_NONE = _words("co uk gb it")
# Societies go by such names; what else stands in brackets may be a bank's, an agent's or a customer's.
_SOCIETY = re.compile(
    r"\b(?:co ?op(?:erative)?|co operative|credit union|society|association|mutual"
    r"|supporters (?:trust|union))$"
)
_DIRECTIONS = _words(
    "north south east west northern southern eastern western central mid upper lower midlands uk gb no ltd limited"
)


def are_initials(short: str, full: str) -> bool:
    """Whether `short` has the first letter of every word of `full` in order, three at least; those of words like "of" and
    of the kind of body at the end may be left out."""
    letters = re.sub(r"[\W_]+", "", short).lower()
    words = re.findall(r"[^\W_]+", re.sub(r"['’]", "", full).lower())
    if len(letters) <= _FEWEST or len(words) < len(letters) or letters.isdigit():
        return False
    return _begin(letters, words)


def _begin(letters: str, words: list[str]) -> bool:
    if not letters:
        return _ENDS.issuperset(words)
    if not words:
        return False
    if words[0][0] == letters[0] and _begin(letters[1:], words[1:]):
        return True
    return words[0] in _EMPTY and _begin(letters, words[1:])


def without_initials(own: list[str], other: list[str]) -> tuple[list[str], list[str]]:
    """Two names' words without those of one that are the initials of words beside one another in the other: "Southport FC"
    and "Southport Football Club"."""
    left = _without(own, other)
    if left is None and (turned := _without(other, own)):
        left = turned[1], turned[0]
    return left or (own, other)


def _without(short: list[str], full: list[str]) -> tuple[list[str], list[str]] | None:
    for word in short:
        size = len(word)
        if size not in range(_FEWEST, _MOST) or word in full or word in _NONE:
            continue
        for at in range(len(full) - size + 1):
            run = full[at : at + size]
            if "".join(part[0] for part in run) == word and not set(run) & set(short):
                return [part for part in short if part != word], full[:at] + full[at + size :]
    return None


def is_society(text: str) -> bool:
    """Whether a text in small letters without marks is called a society, and by two words besides."""
    found = _SOCIETY.search(text)
    return found is not None and len(text[: found.start()].split()) > 1


def is_name_of_its_own(text: str) -> bool:
    """Whether a text in small letters without marks is an organisation's name: it has a word that only organisations have
    and one that is no trade's and no place's."""
    words = text.split()
    if len(words) < 2 or any(word.isdigit() or word in _DIRECTIONS or word in _places() for word in words):
        return False
    # "Drying and Storage" is what a branch does.
    own = [
        word for word in words if word not in organisation_words() and len(word) > 3 and not word.endswith("ing")
    ]
    return bool(own) and not organisation_words().isdisjoint(words)


@cache
def _places() -> frozenset[str]:
    """The words of the names of districts, counties and countries."""
    names = [*table("districts")["lad_name"], *table("counties")["county"], *table("countries")["country"]]
    return frozenset(word for name in names for word in re.findall(r"\w{4,}", name.lower()))
