"""The arithmetic of shares, once for all measures."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from cwb.sources.places import ELSEWHERE, LOCAL_RINGS, REGION, UNKNOWN


@dataclass(frozen=True)
class Split:
    """Pounds by whether their supplier is local. `local + away + unknown = total`."""

    local: float
    away: float
    unknown: float

    @property
    def total(self) -> float:
        return self.local + self.away + self.unknown

    @property
    def bounds(self) -> dict[str, float | None]:
        """Low and high of the local share, and the share of pounds whose place is known.

        Low: nobody of unknown place is local. High: all of them are. With £18 local, £80 away, £2 unknown:
        0.18 to 0.20, coverage 0.98.
        """
        if not self.total:
            return {"low": None, "high": None, "coverage": None}
        ends = sorted((self.local / self.total, (self.local + self.unknown) / self.total))
        return {"low": ends[0], "high": ends[1], "coverage": 1 - self.unknown / self.total}


def split(lines: pd.DataFrame, ring: str = "ring", pounds: str = "amount_gbp") -> Split:
    """Pounds of `lines` that are local, away and of unknown place, by a column of rings."""
    by_ring = lines.groupby(ring)[pounds].sum()
    return Split(
        local=_sum(by_ring, LOCAL_RINGS),
        away=_sum(by_ring, (REGION, ELSEWHERE)),
        unknown=_sum(by_ring, (UNKNOWN,)),
    )


def _sum(by_ring: pd.Series, rings: Iterable[str]) -> float:
    return float(sum(by_ring.get(ring, 0.0) for ring in rings))
