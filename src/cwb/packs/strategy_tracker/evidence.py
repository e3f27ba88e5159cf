"""The column Evidence of the strategy's table, read: what must be known of an item, and what is asked of it.

checklist_share >= 100%; checklist_count > 0    both are needed; "&" is a semicolon, a test may stand after an id
award_local_count | register_local_count        one of them will do
log                                             rows of the log of activity that name the item
log: group meeting, webinar                     these, and rows of those kinds
published local_share                           the figures of the settings' [[published]] agree with today's rows
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from cwb.packs.strategy_tracker.rules import TESTS

_TERM = re.compile(r"(\w+)\s*(?:(>=|<=|>|<)\s*(-?[\d.,]+)\s*(%?))?")
_LOG = re.compile(r"log(?::(.+))?")
_PUBLISHED = re.compile(r"published\s+(\w+)")


@dataclass(frozen=True)
class Log:
    """Rows of the log that name the item, or are of these kinds."""

    kinds: tuple[str, ...]


@dataclass(frozen=True)
class Published:
    """Figures of a finding that were published before."""

    finding: str


@dataclass(frozen=True)
class Number:
    """A finding, and the test that it is put to where the table states one."""

    finding: str
    sign: str = ""
    bound: float = 0.0


Term = Log | Published | Number
# What is needed, each as what will do for it.
Evidence = tuple[tuple[Term, ...], ...]


def read_evidence(text: str | None) -> Evidence:
    """The evidence that a cell asks for, none for an empty one; raise `ValueError` with what cannot be read of it."""
    needs = [need.strip() for need in (text or "").split(";") if need.strip()]
    return tuple(tuple(_term(one.strip()) for one in need.split("|")) for need in needs)


def _term(text: str) -> Term:
    if found := _LOG.fullmatch(text):
        return Log(tuple(kind.strip() for kind in (found[1] or "").split(",") if kind.strip()))
    if found := _PUBLISHED.fullmatch(text):
        return Published(found[1])
    if found := _TERM.fullmatch(text):
        if not found[2]:
            return Number(found[1])
        assert found[2] in TESTS
        return Number(found[1], found[2], float(found[3].replace(",", "")) / (100 if found[4] else 1))
    raise ValueError(text)
