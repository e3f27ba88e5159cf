"""Finding: a number that a pack may state, with everything needed to check it, and the format of numbers."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING

import pandas as pd

from cwb.base.errors import CwbError, Fault
from cwb.evidence.definitions import definition
from cwb.evidence.headcounts import FEWER, KEPT_BACK, LEAST, is_few, is_headcount, is_small

if TYPE_CHECKING:
    from cwb.evidence.questions import Question
    from cwb.evidence.rows import Evidence


class State(StrEnum):
    """Whether a finding is a number. Below the coverage floor a share, a rank or a change is not known, and a count or a
    total is a least; what cannot be computed at all is undefined. Fewer than 5 people are shown as that, and what would give such a
    number back is withheld."""

    STATED = "stated"
    AT_LEAST = "at_least"
    NOT_KNOWN = "not_known"
    UNDEFINED = "undefined"
    FEWER = "fewer_than_5"
    WITHHELD = "withheld"


_WHY_HIDDEN = {
    State.FEWER: "fewer than 5 people are not counted out, so that nobody is recognised",
    State.WITHHELD: "it would give back a number of fewer than 5 people",
}


@dataclass(frozen=True)
class Finding:
    """One number of a pack.

    `unit` is "gbp", "share" (0 to 1), "points" (difference of two shares, 0 to 1), "change" (relative), "count", "rate", "ratio" (one
    amount divided by another of its kind), "intensity" (kgCO2e per £), "kgco2e", "tonnes" (of waste), "days", "weeks", "fte_years" (years
    of full-time work). A share is `n` of `of`. `low` and `high` bound the value over every way in which the unknown could go, `high` alone
    where nobody knows how much less it may be; `coverage` is the share of the base that is known. A finding without value has the reason in
    `undefined`, and in `settles` what would settle it. `evidence` holds the rows that it is computed from.
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
        if is_headcount(self.id):
            _hide_few(self)

    @property
    def label(self) -> str:
        return definition(self.id).label

    @property
    def is_stated(self) -> bool:
        """Whether it is a number and not only the least that it can be."""
        return self.state is State.STATED

    @property
    def is_hidden(self) -> bool:
        """Whether it is known and not shown, since it counts fewer than 5 people or would give such a number back."""
        return self.state in _WHY_HIDDEN

    @property
    def missing(self) -> str:
        """Why there is no number, as a clause: "not known, because …"."""
        return f"not {'told' if self.is_hidden else 'known'}, because {self.undefined}"

    @property
    def question(self) -> Question | None:
        """What was asked for it; None where it was not computed from rows."""
        return self.evidence.question if self.evidence is not None else None

    @property
    def settled_by(self) -> str:
        """What would settle what is not known of it; "" where nothing is named."""
        if self.settles or self.question is None:
            return self.settles or ""
        # What cannot be computed at all is not for want of a fact.
        return "" if self.state is State.UNDEFINED else self.question.fact.settles

    def withheld(self) -> Finding:
        """The same without its number and without all that it could be computed from."""
        return replace(
            self, value=None, n=None, of=None, low=None, high=None, coverage=None, settles=None,
            state=State.WITHHELD, undefined=_WHY_HIDDEN[State.WITHHELD],
        )  # fmt: skip

    def rows(self) -> pd.DataFrame:
        """The rows behind it, one a thing: see `cwb.evidence.rows`. Raise `CwbError` for a finding without rows that may be shown."""
        if self.evidence is None or is_headcount(self.id):
            why = f": {self.undefined}" if self.undefined else ""
            why = ": rows of a number of people are not told" if self.evidence is not None else why
            rule = f"{self.id} has no rows of its own{why}"
            raise CwbError(Fault(rule=rule, remedy="Ask for another finding."))
        return self.evidence.things()

    def __format__(self, spec: str) -> str:
        """The number as members read it; "magnitude" leaves the sign to the words around it."""
        if self.value is None:
            return {State.FEWER: FEWER, State.WITHHELD: KEPT_BACK}.get(self.state, "not known")
        text = number(abs(self.value) if spec == "magnitude" else self.value, self.unit)
        return f"at least {text}" if self.state is State.AT_LEAST else text

    @property
    def ends(self) -> tuple[str, str] | None:
        """The two ends of the range as members read them; None where unknowns cannot move the value as shown, and for a least.

        A change of a share is given without its unit, since its ends share the words "percentage points".
        """
        if self.low is None or self.high is None or self.value is None or not self.is_stated:
            return None
        low, high = self._end(self.low), self._end(self.high)
        return None if low == high else (low, high)

    @property
    def bounds(self) -> str:
        """The range in words; empty where there are no ends. Of a number that may be less, nobody knows how much, its high end: it says
        what would settle how much."""
        if (
            self.low is None
            and self.high is not None
            and self.value is not None
            and self.is_stated
            and self.settles
        ):
            return f"at most {self._end(self.high)}"
        if self.ends is None:
            return ""
        return f"between {self.ends[0]} and {self.ends[1]}{' percentage points' if self.unit == 'points' else ''}"

    def _end(self, end: float) -> str:
        if self.unit == "points":  # A change has a direction, and its range may have two.
            return f"{end * 100:+.1f}".replace("-", "−")
        plus = "+" if end > 0 and self.unit != "change" and definition(self.id).is_change else ""
        return f"{plus}{number(end, self.unit)}"

    @property
    def signed(self) -> str:
        """The number, and of a change its direction in words."""
        if self.value is None:
            return f"{self}".capitalize()
        if self.unit == "change" or not definition(self.id).is_change:
            return f"{self}"
        if number(abs(self.value), self.unit) == number(0.0, self.unit):
            return "Level"
        return f"{'Up' if self.value > 0 else 'Down'} {self:magnitude}"


def _hide_few(finding: Finding) -> None:
    """Take from a number of people all that gives away fewer than 5 of them: see `cwb.evidence.headcounts`."""
    shown = _publishable(finding)
    for name, value in shown.items():
        object.__setattr__(finding, name, value)


def _publishable(finding: Finding) -> dict[str, object]:
    """The fields of a finding that must be shown otherwise."""
    nothing: dict[str, object] = dict.fromkeys(("value", "n", "of", "low", "high", "coverage"))
    # How many people are known and not known of would follow from the reason and the range.
    not_known = {**nothing, "state": State.NOT_KNOWN, "undefined": "too little is known of these people"}
    value, of = finding.value, finding.of
    if finding.state is State.NOT_KNOWN:
        return not_known
    if finding.unit != "count" or value is None or definition(finding.id).is_change:
        return {}
    low, high = (value if end is None else end for end in (finding.low, finding.high))
    if is_small(high):
        return {**nothing, "settles": None, "state": State.FEWER, "undefined": _WHY_HIDDEN[State.FEWER]}
    if is_small(value):
        return not_known
    shown: dict[str, object] = {}
    if is_few(value - low):
        low = shown["low"] = value - LEAST
    if is_small(low):
        shown["low"] = 0.0
    if is_few(high - value):
        shown |= {"high": value + LEAST, "state": State.AT_LEAST}
    if of is None or shown or is_small(of - high):
        shown["of"] = None
        # With the part that is known, or only that it is enough, those who are not counted would follow from the range.
        shown |= {"coverage": None, "state": State.AT_LEAST} if high > value else {}
    return shown


_ONE = {"days": "day", "weeks": "week", "tonnes": "tonne", "fte_years": "full-time year"}
_MANY = {"days": "days", "weeks": "weeks", "tonnes": "tonnes", "fte_years": "full-time years"}


def tidy(value: float | None) -> float | None:
    """Twelve significant digits: enough for any sum of pounds, and the same on every machine."""
    if value is None or pd.isna(value):
        return None
    rounded = float(f"{value:.12g}")
    return int(rounded) if rounded.is_integer() and abs(rounded) < 1e15 else rounded


def number(value: float, unit: str, beside: float | None = None) -> str:
    """A number as members read it: £70.0m, £480,000, 18%, 3 points, 1,234. `beside` is one of the same sentence, whose unit it takes."""
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
            text = f"{value:.0%}" if abs(value) >= 0.095 or value == 0 else f"{value:.1%}"
            return text.replace("-", "−")
        case "points":
            return f"{abs(value) * 100:.1f} percentage points"
        case "change":
            return f"{'−' if value < 0 else '+'}{abs(value):.0%}"
        case "rate":
            return f"{value:,.1f}".replace("-", "−")
        case "intensity" | "ratio":
            return f"{value:,.2f}".replace("-", "−")
        case "kgco2e":
            sign, size = ("−" if value < 0 else ""), abs(value)
            if round(size if beside is None else abs(beside)) < 1000:
                return f"{sign}{size:,.0f} kgCO2e"
            places = 0 if size >= 9950 or size == 0 else 1 if size >= 50 else 3
            return f"{sign}{size / 1000:,.{places}f} tCO2e"
        case "days" | "weeks" | "tonnes" | "fte_years":
            digits = f"{value:,.1f}".removesuffix(".0").replace("-", "−")
            return f"{digits} {(_ONE if digits == '1' else _MANY)[unit]}"
        case _:
            return f"{value:,.0f}".replace("-", "−")
