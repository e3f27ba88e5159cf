"""Finding: a number that a pack may state, with everything needed to check it, and the format of numbers."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

import pandas as pd

from cwb.base.errors import CwbError, Fault
from cwb.evidence.definitions import definition

if TYPE_CHECKING:
    from cwb.evidence.rows import Evidence


class State(StrEnum):
    """Whether a finding is a number. Below the coverage floor a share, a rank or a change is not known, and a count or a
    total is a least; what cannot be computed at all is undefined."""

    STATED = "stated"
    AT_LEAST = "at_least"
    NOT_KNOWN = "not_known"
    UNDEFINED = "undefined"


@dataclass(frozen=True)
class Finding:
    """One number of a pack.

    `unit` is "gbp", "share" (0 to 1), "points" (difference of two shares, 0 to 1), "change" (relative), "count", "rate",
    "intensity" (kgCO2e per £), "kgco2e", "tonnes" (of waste), "days", "weeks", "fte_years" (years of full-time work). A share is `n` of `of`. `low` and `high` bound the value over
    every way in which the unknown could go; `coverage` is the share of the base that is known. A finding without value has
    the reason in `undefined`, and in `settles` what would settle it. `evidence` holds the rows that it is computed from.
    """

    id: str
    pack: str
    period: str
    unit: str
    value: float | None = None
    n: float | None = None
    of: float | None = None
    low: float | None = None
    high: float | None = None
    coverage: float | None = None
    sources: tuple[str, ...] = ()
    caveats: tuple[str, ...] = ()
    undefined: str | None = None
    state: State = State.STATED
    settles: str | None = None
    evidence: Evidence | None = field(default=None, compare=False, repr=False)

    def __post_init__(self) -> None:
        if self.value is None and self.state in (State.STATED, State.AT_LEAST):
            object.__setattr__(self, "state", State.UNDEFINED)

    @property
    def label(self) -> str:
        return definition(self.id).label

    @property
    def is_stated(self) -> bool:
        """Whether it is a number and not only the least that it can be."""
        return self.state is State.STATED

    def rows(self) -> pd.DataFrame:
        """The rows behind it, one a thing: see `cwb.evidence.rows`. Raise `CwbError` for a finding without rows."""
        if self.evidence is None:
            rule = f"{self.id} has no rows of its own" + (f": {self.undefined}" if self.undefined else "")
            raise CwbError(Fault(rule=rule, remedy="Ask for another finding."))
        return self.evidence.things()

    def __format__(self, spec: str) -> str:
        """The number as members read it; "magnitude" leaves the sign to the words around it."""
        if self.value is None:
            return "not known"
        text = number(abs(self.value) if spec == "magnitude" else self.value, self.unit)
        return f"at least {text}" if self.state is State.AT_LEAST else text

    @property
    def bounds(self) -> str:
        """The range in words, empty where unknowns cannot move the value as shown, and for a least."""
        if self.low is None or self.high is None or self.value is None or not self.is_stated:
            return ""
        if self.unit == "points":
            # A change has a direction, and its range may have two.
            low, high = (f"{end * 100:+.1f}".replace("-", "−") for end in (self.low, self.high))
            return "" if low == high else f"between {low} and {high} percentage points"
        low, high = (self._end(end) for end in (self.low, self.high))
        return "" if low == high else f"between {low} and {high}"

    def _end(self, end: float) -> str:
        plus = "+" if end > 0 and self.unit != "change" and definition(self.id).is_change else ""
        return f"{plus}{number(end, self.unit)}"

    @property
    def signed(self) -> str:
        """The number, and of a change its direction in words."""
        if self.value is None:
            return "Not known"
        if self.unit == "change" or not definition(self.id).is_change:
            return f"{self}"
        if number(abs(self.value), self.unit) == number(0.0, self.unit):
            return "Level"
        return f"{'Up' if self.value > 0 else 'Down'} {self:magnitude}"


_ONE = {"days": "day", "weeks": "week", "tonnes": "tonne", "fte_years": "full-time year"}
_MANY = {"days": "days", "weeks": "weeks", "tonnes": "tonnes", "fte_years": "full-time years"}


def tidy(value: float | None) -> float | None:
    """Twelve significant digits: enough for any sum of pounds, and the same on every machine."""
    if value is None or pd.isna(value):
        return None
    rounded = float(f"{value:.12g}")
    return int(rounded) if rounded.is_integer() and abs(rounded) < 1e15 else rounded


def number(value: float, unit: str) -> str:
    """A number as members read it: £70.0m, £480,000, 18%, 3 points, 1,234."""
    match unit:
        case "gbp":
            sign, size = ("−" if value < 0 else ""), abs(value)
            if round(size / 1e6, 1) >= 1:
                return f"{sign}£{size / 1e6:,.1f}m"
            return f"{sign}£{round(size, -3) if size >= 100_000 else size:,.0f}"
        case "share":
            if 0 < abs(value) < 0.0005:
                return "under 0.1%"  # "0.0%" would say that there is none
            if 0.995 <= value < 1:
                return "over 99%"  # "100%" would say that there is no other
            return f"{value:.0%}" if abs(value) >= 0.095 or value == 0 else f"{value:.1%}"
        case "points":
            return f"{abs(value) * 100:.1f} percentage points"
        case "change":
            return f"{'−' if value < 0 else '+'}{abs(value):.0%}"
        case "rate":
            return f"{value:,.1f}"
        case "intensity":
            return f"{value:,.2f}"
        case "kgco2e":
            sign, size = ("−" if value < 0 else ""), abs(value)
            if round(size) < 1000:
                return f"{sign}{size:,.0f} kgCO2e"
            return f"{sign}{size / 1000:,.{0 if size >= 9950 else 1}f} tCO2e"
        case "days" | "weeks" | "tonnes" | "fte_years":
            digits = f"{value:,.1f}".removesuffix(".0").replace("-", "−")
            return f"{digits} {(_ONE if digits == '1' else _MANY)[unit]}"
        case _:
            return f"{value:,.0f}".replace("-", "−")
