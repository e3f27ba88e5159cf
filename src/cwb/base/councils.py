"""Names that show a body without saying so in words: a council by its letters, and names that the table knows."""

from __future__ import annotations

import re
from functools import cache

from cwb.base.no_name import unpointed
from cwb.reference import districts, table

_LETTERS = {
    "bc": "borough council", "mbc": "metropolitan borough council", "dc": "district council",
    "cbc": "county borough council", "cc": "county council", "lbc": "london borough council",
}  # fmt: skip
# "B C" and "BC" are one; of a longer name only the letters at its end are a council's.
_AT_END = re.compile(rf"(.+?) ({'|'.join(' ?'.join(letters) for letters in _LETTERS)})")
_AT_START = re.compile(r"(?:the )?(?:[lr] ?b(?: of)?|london borough(?: of)?|royal borough of|city of) (.+)")
# How a district is called beside its name in the table.
_CALLED = {
    "hull": "kingston upon hull", "newcastle": "newcastle upon tyne", "st albans city and": "st albans",
}  # fmt: skip


def council_of_letters(name: str) -> tuple[str, str] | None:
    """The place of a council and its letters spelt out, "Ribble Valley B.C." → ribble valley, borough council; else None.

    Only a district or a county, and nothing before it, is a place: "Smith D.C." and "A Hampshire C.C." are persons.
    "L.B. Brent" and "City of London" are councils too.
    """
    text = plain_place(name)
    # "Preston, D.C." is a surname with its initials.
    is_surname = re.search(r",\W*[^,\s]+$", unpointed(name)) is not None
    if not is_surname and (found := _AT_END.fullmatch(text)) and found[1] in _places():
        return found[1], _LETTERS[found[2].replace(" ", "")]
    if (found := _AT_START.fullmatch(text)) and (found[1] in _places() or text in _places()):
        return found[1], "council"
    return None


def is_place_s_council(name: str) -> bool:
    """True for a district or county with "Council", as what stands beside a person's name: "Leeds City Council"."""
    found = re.fullmatch(
        r"(.+?)(?: (?:and|city|borough|district|county|metropolitan))* council", plain_place(name)
    )
    return bool(found and found[1] in _places()) or council_of_letters(name) is not None


def plain_place(name: str) -> str:
    """A place's name to compare: "&" spelt out, without points, marks and "City of" behind a comma."""
    text = re.sub(r", (?:city|county) of$", "", unpointed(name).strip().lower())
    return " ".join(re.sub(r"[^\w\s]", " ", re.sub(r"['’.]", "", text.replace("&", " and "))).split())


def called_place(place: str) -> str:
    """The name in the table of districts of a place that has another in use: "hull" → "kingston upon hull"."""
    return _CALLED.get(place, place)


@cache
def _places() -> frozenset[str]:
    known = {plain_place(name) for name in districts()["lad_name"]} | {*table("counties")["county"], *_CALLED}
    # "Glasgow City" and "City of Edinburgh" are written without it too.
    return frozenset(known | {re.sub(r"^(city of|county) | city$", "", place) for place in known})


def is_known_name(name: str) -> bool:
    """True for the whole name of a body, utility or bank that reads like a person's: "E.ON", "Severn Trent"."""
    return re.sub(r"[\W_]", "", name.lower()) in _known_names()


@cache
def _known_names() -> frozenset[str]:
    return frozenset(table("known_names")["name"])
