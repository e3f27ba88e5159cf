"""What a pack may tell on the first page: a finding, which way is good, its sentence, and what is at stake."""

from __future__ import annotations

import re
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

    `says` words it where it is a number: a text with findings in braces, or what a function makes of them. `subject` begins the
    sentence that it is not known ("How much stays local"). `better` is the direction that is good. `moved` is the clause for the page's
    own heading, with the words for growth and for decline: "more/less of our spend stays local". `exhibit` is the measure that shows
    it. A finding that is not followed over time by itself may have findings of its own for `baseline` and `change`.
    `stake` is a finding of pounds: of the period, or of a year (`is_yearly`). `day` is by when something must begin. With
    `instead_of` it is used only where that finding is not known, with `applies_to` only for councils of which that holds.
    """

    finding: str
    exhibit: str
    subject: str
    says: str | Callable[[PackData, Find], str]
    better: Direction = Direction.UP
    moved: str = ""
    baseline: str = ""
    change: str = ""
    stake: str = ""
    is_yearly: bool = False
    day: Callable[[PackData], date | None] | None = None
    instead_of: str = ""
    applies_to: Callable[[PackData], bool] | None = None

    def sentence(self, data: PackData, find: Find) -> str:
        """The sentence with its numbers."""
        if not isinstance(self.says, str):
            return self.says(data, find)
        return re.sub(r"{(\w+)}", lambda name: f"{find(name[1])}", self.says)

    def clause(self, direction: Direction) -> str:
        """What the page's heading says where the finding went up or down; nothing of another direction."""
        chosen = {Direction.UP: r"\1", Direction.DOWN: r"\2"}.get(direction)
        return re.sub(r"(\w+)/(\w+)", chosen, self.moved) if chosen else ""
