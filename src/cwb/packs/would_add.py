"""What a kind of raw file would add: the numbers of each pack that read it, or that say it would settle them.

Nothing is listed by hand. What a measure reads is found in its own code: the tables that it and the functions it calls name,
and the facts that it asks for, whose sentences ("A vendor list … would settle it") name files.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import CodeType, FunctionType

from cwb.council.sections import SOURCES
from cwb.evidence.relation import Fact
from cwb.evidence.table_sources import sources_of
from cwb.lines.schema import TABLES
from cwb.packs import questions
from cwb.packs.registry import all_packs
from cwb.sources.registry import sources, why_absent


@dataclass(frozen=True)
class Unsettled:
    """A number of a report that is not stated: why, and what would settle it."""

    undefined: str | None
    settles: str | None


@dataclass(frozen=True)
class WouldAdd:
    """How many numbers of each pack read a source, of a report those alone that it does not state; how many cannot be computed
    at all without it; and of how many the report says that this very source is lacking, or would settle them."""

    by_pack: Mapping[str, int]
    needed: int
    named: int

    @property
    def order(self) -> tuple[int, int]:
        """To sort by: what settles most comes first."""
        return -self.named, -self.needed - sum(self.by_pack.values())


def would_add(source: str, unsettled: Mapping[str, Unsettled] | None) -> WouldAdd:
    """What a source would add; `unsettled` are the numbers that the newest report does not state, by id, None without one."""
    by_pack, needed = {}, set()
    for pack in all_packs():
        ids = {name for m in pack.measures if source in _read_by(m.id) for name in m.finding_ids}
        if ids := ids if unsettled is None else ids & unsettled.keys():
            by_pack[pack.id] = len(ids)
        first = (m for m in pack.measures if source in {sources_of(table)[0] for table in m.needs})
        needed |= {name for m in first for name in m.finding_ids} & ids
    return WouldAdd(by_pack, len(needed), sum(_names(source, one) for one in (unsettled or {}).values()))


def _names(source: str, one: Unsettled) -> bool:
    absent = [sources()[source].absent]
    if source in sources_of("organisations"):
        absent.append(why_absent("organisations"))
    return any(text in (one.undefined or "") for text in absent) or source in _named_in(one.settles or "")


@cache
def _named_in(sentence: str) -> frozenset[str]:
    """The sources that a sentence names, by their words or as their own sentence of absence calls them."""
    found = set()
    for name, source in sources().items():
        called = re.sub(r"^no (?:approved )?| (?:was|were) supplied$", "", source.absent)
        if re.search(rf"\b(?:{re.escape(called)}|{re.escape(source.words)})\b", sentence, re.IGNORECASE):
            found.add(name)
    return frozenset(found)


@cache
def _read_by(measure_id: str) -> frozenset[str]:
    """The sources that a measure reads, or that would settle what it asks."""
    measure = next(m for pack in all_packs() for m in pack.measures if m.id == measure_id)
    texts = [*measure.needs, *_texts_of(measure.function, set())]
    tables = {table for text in texts for table in re.findall(r"\w+", text) if table in _TABLES}
    found = {source for table in tables for source in sources_of(table)}
    return frozenset(
        {*found, *(source for text in texts if "would settle" in text for source in _named_in(text))}
    ) & set(SOURCES)


_TABLES = frozenset(table.name for table in TABLES)


def _texts_of(function: object, seen: set[int]) -> Iterator[str]:
    """Every text that a function of ours, or one that it calls, uses; of a fact what would settle it."""
    if (
        isinstance(function, FunctionType)
        and id(function) not in seen
        and function.__module__.startswith("cwb.packs")
        # How a question is asked is no measure's own: which registers are at hand is looked up for each.
        and function.__module__ != questions.__name__
    ):
        seen.add(id(function))
        for code in _codes(function.__code__):
            yield from (text for text in code.co_consts if isinstance(text, str))
            for name in code.co_names:
                yield from _texts_in(function.__globals__.get(name), seen)


def _texts_in(value: object, seen: set[int]) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Fact):
        yield value.settles
    elif isinstance(value, tuple):
        for one in value:
            yield from _texts_in(one, seen)
    else:
        yield from _texts_of(value, seen)


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for one in code.co_consts:
        if isinstance(one, CodeType):
            yield from _codes(one)
