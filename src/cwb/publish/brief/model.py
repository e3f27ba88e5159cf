"""What a brief says, before it is laid out: plain texts, made from findings.

`Place` is one finding that the first page may tell; `PackPart` what a pack gives to the brief, made where the pack is built;
`Brief` the whole, ranked.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from cwb.evidence.record import FindingRecord
from cwb.packs.advice import Recommendation
from cwb.packs.decisions import Decision
from cwb.packs.track import Direction, TrendPoint


class Sureness(StrEnum):
    """How sure a number is, as members read it."""

    SURE = "sure"
    FAIRLY_SURE = "fairly sure"
    NOT_SURE = "not sure"
    NOT_KNOWN = "not known"


@dataclass(frozen=True)
class Place:
    """One finding of the first page.

    `sentence` is what it is. `now` is the number, "" where it is not known; `then` has what it is compared with (what, value),
    `direction` and `moved` where it went, `trend` its last periods. `how_sure` says what could still move it. `stake_gbp` is
    pounds a year, `distance` how far it is from its target or has moved from its baseline, as a part of that; `day` is by when
    something must begin. `clause` is for the heading. `href` leads to the exhibit, `rows_href` to the rows, "" where it has none.
    """

    finding: FindingRecord
    pack: str
    label: str
    sentence: str
    now: str
    then: tuple[tuple[str, str], ...]
    direction: Direction
    moved: str
    is_better: bool | None
    trend: tuple[TrendPoint, ...]
    sureness: Sureness
    how_sure: str
    stake_gbp: float | None
    distance: float
    day: date | None
    clause: str
    href: str
    rows_href: str
    recommendation: Recommendation | None = None

    @property
    def is_worse(self) -> bool:
        """Certainly worse than before."""
        return self.is_better is False and self.direction in (Direction.UP, Direction.DOWN)


@dataclass(frozen=True)
class Unknown:
    """Something that is not known: why, and what or who could settle it, "" where nobody can say."""

    what: str
    why: str
    settles: str


@dataclass(frozen=True)
class PackPart:
    """What one pack gives to the brief. `headline` is the number that says most of it, in words; `remarks` are on the ledger, the
    same in each pack; `findings` are those that its texts state and no exhibit of the pack has; `line` stands above all
    places and leads into the pack, "" for most packs."""

    pack: str
    question: str
    page: str
    headline: str
    places: tuple[Place, ...]
    recommendations: tuple[Recommendation, ...]
    unknown: tuple[Unknown, ...]
    remarks: tuple[str, ...]
    findings: tuple[FindingRecord, ...]
    line: str = ""


@dataclass(frozen=True)
class Brief:
    """The brief of a period. `places` are ranked, at most seven; `also_worse` are those certainly worse that found no place there.
    `asked` are the decisions that members are asked for, `taken` those of before, `none_taken` why there is none of them. `failed`
    has (question, reason) of packs that were not built, `skipped` raw files of which nothing is counted."""

    council: str
    is_illustrative: bool
    period: str
    heading: str
    places: tuple[Place, ...]
    also_worse: tuple[Place, ...]
    asked: tuple[Recommendation, ...]
    taken: tuple[Decision, ...]
    none_taken: str
    unknown: tuple[Unknown, ...]
    restated: tuple[str, ...]
    remarks: tuple[str, ...]
    skipped: tuple[str, ...]
    failed: tuple[tuple[str, str], ...]
    packs: tuple[PackPart, ...]

    @property
    def lines(self) -> tuple[tuple[str, str], ...]:
        """What stands above the places: (page, sentence)."""
        return tuple((part.page, part.line) for part in self.packs if part.line)
