"""What a pack may tell on the first page: a finding, which way is good, its sentence, and what is at stake."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from cwb.evidence.data import PackData
from cwb.evidence.finding import Finding
from cwb.packs.track import Direction

Find = Callable[[str], Finding]


@dataclass(frozen=True)
class Headline:
    """One finding that members should know of.

    `says` words it where it is a number, and `subject` begins the sentence that it is not known ("How much stays local").
    `better` is the direction that is good, `grew` and `fell` are clauses for the page's own heading. `exhibit` is the measure that
    shows it. A finding that is not followed over time by itself may have findings of its own for `baseline` and `change`.
    `stake` is a finding of pounds: of the period, or of a year (`is_yearly`). `day` is by when something must begin. With
    `instead_of` it is told only where that finding is not known, with `is_told` only of councils of which that holds.
    """

    finding: str
    exhibit: str
    subject: str
    says: Callable[[PackData, Find], str]
    better: Direction = Direction.UP
    grew: str = ""
    fell: str = ""
    baseline: str = ""
    change: str = ""
    stake: str = ""
    is_yearly: bool = False
    day: Callable[[PackData], date | None] | None = None
    instead_of: str = ""
    is_told: Callable[[PackData], bool] | None = None
