"""Finding: a number that a pack may state, with everything needed to check it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from cwb.evidence.definitions import definition


@dataclass(frozen=True)
class Finding:
    """One number of a pack.

    `unit` is "gbp", "share" (0 to 1), "points" (difference of two shares, 0 to 1), "change" (relative), "count", "rate", "intensity" (kgCO2e per £), "kgco2e". `n` of `of`
    are what a share is made of. `low` and `high` bound the value when unknowns could move it; `coverage` is the
    share of the base that is known. A finding without value has the reason in `undefined`.
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

    @property
    def label(self) -> str:
        return definition(self.id)["label"]

    def as_dict(self) -> dict[str, Any]:
        """The form of findings.json: `undefined` stands in place of `value` where there is none."""
        stated = definition(self.id)
        head = {"id": self.id, "pack": self.pack, "period": self.period, "label": stated["label"]}
        middle = {"undefined": self.undefined} if self.value is None else {"value": tidy(self.value)}
        return {
            **head,
            **middle,
            "unit": self.unit,
            "n": tidy(self.n),
            "of": tidy(self.of),
            "low": tidy(self.low),
            "high": tidy(self.high),
            "coverage": tidy(self.coverage),
            "sources": list(self.sources),
            "caveats": list(self.caveats),
            "definition_version": int(stated["version"]),
        }

    def __format__(self, spec: str) -> str:
        """The number as members read it; "magnitude" leaves the sign to the words around it."""
        if self.value is None:
            return "not known"
        return number(abs(self.value) if spec == "magnitude" else self.value, self.unit)

    @property
    def bounds(self) -> str:
        """The range in words, empty where unknowns cannot move the value as shown."""
        if self.low is None or self.high is None or self.value is None:
            return ""
        low, high = number(self.low, self.unit), number(self.high, self.unit)
        return "" if low == high else f"between {low} and {high}"


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
        case _:
            return f"{value:,.0f}"
