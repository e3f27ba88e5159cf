"""Which district a council's name means: "North Herts Council" is North Hertfordshire's."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cache

from rapidfuzz import fuzz, process

from cwb.base.councils import called_place, plain_place
from cwb.reference import districts, table

_BEFORE = re.compile(
    r"^(?:the|cyngor|council of|(?:royal |london |metropolitan )*borough of|(?:city|county|district) of|county) "
)
_AFTER = re.compile(
    r" (?:council|corporation|authority|unitary|metropolitan|london|royal|borough|district|county|city|and|mbc|cbc|bc|dc|cc)$"
)
_MOST, _NEAR = 8, 70


@dataclass(frozen=True)
class District:
    """A district of the table."""

    code: str
    name: str
    region: str


@dataclass(frozen=True)
class Named:
    """What a name may mean: one district, or several to choose from, the likeliest first. `is_county`: the name is that of a
    county, whose council has several districts and is none. `abolished` is the day from which there is no council of that name: the
    candidate has its area."""

    found: District | None
    candidates: tuple[District, ...] = ()
    is_county: bool = False
    abolished: date | None = None


@cache
def all_districts() -> dict[str, District]:
    """Code → district, in the order of the table."""
    rows = districts()
    return {
        code: District(code, name, region)
        for code, name, region in zip(rows["lad_code"], rows["lad_name"], rows["region_name"], strict=True)
    }


def district_named(text: str) -> Named:
    """The district of a council's or a place's name, or of a code; else those that it may mean."""
    known = all_districts()
    if (code := text.strip().upper()) in known:
        return Named(known[code])
    for name in _shorter(plain_place(text)):
        for same in (called_place(name), name):
            found = [one for one in known.values() if same in _shorter(plain_place(one.name))]
            if not found:
                found = [one for one in known.values() if _is_short_for(same, plain_place(one.name))]
            if len(found) == 1:
                return Named(found[0])
            if found:
                return Named(None, tuple(found[:_MOST]))
    for name in _shorter(plain_place(text)):
        if name in _abolished():
            code, day = _abolished()[name]
            return Named(None, (known[code],), abolished=day)
    name = _shorter(plain_place(text))[-1]
    places = {one: plain_place(one.name) for one in known.values()}
    holds = [one for one, place in places.items() if name and (name in place or f" {place} " in f" {name} ")]
    near = process.extract(name, places, scorer=fuzz.ratio, limit=_MOST, score_cutoff=_NEAR)
    candidates = tuple(dict.fromkeys([*holds, *(one for _, _, one in near)]))[:_MOST]
    return Named(None, candidates, name in set(table("counties")["county"]))


@cache
def _abolished() -> dict[str, tuple[str, date]]:
    """Plain name of a district that was → the code of the district that has its area, and from which day."""
    rows = table("districts_abolished")
    return {
        plain_place(name): (code, date.fromisoformat(day))
        for name, code, day in zip(rows["lad_name"], rows["lad_code"], rows["abolished"], strict=True)
    }


@cache
def _shorter(name: str) -> tuple[str, ...]:
    """A plain name, then the same without "council", "city of" and the like, step by step."""
    steps = [name]
    while (less := _AFTER.sub("", steps[-1])) != steps[-1] or (less := _BEFORE.sub("", steps[-1])) != steps[-1]:
        steps.append(less)
    return tuple(steps)


def _is_short_for(name: str, whole: str) -> bool:
    """Whether each word of a name is one of another, or short for it as "Herts" is for Hertfordshire."""
    words, wholes = name.split(), whole.split()
    return len(words) == len(wholes) and all(
        word == of or (len(word) > 3 and word.endswith("s") and of.endswith("shire") and of.startswith(word[:-1]))
        for word, of in zip(words, wholes, strict=True)
    )
