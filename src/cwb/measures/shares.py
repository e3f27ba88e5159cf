"""The arithmetic of shares, once for all measures."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from cwb.matching.kinds import BY_NUMBER
from cwb.places import ELSEWHERE, LOCAL_RINGS, REGION, UNKNOWN


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


def ring_if_review_taken(lines: pd.DataFrame) -> pd.Series:
    """Rings when the best candidate of each match under review were right: it places suppliers of unknown place."""
    taken = (lines["ring"] == UNKNOWN) & lines["candidate_ring"].notna()
    return lines["ring"].where(~taken, lines["candidate_ring"])


def ring_by_given_numbers(lines: pd.DataFrame) -> pd.Series:
    """Rings when no match by name stood: a registered office that a name alone led to is a place not known."""
    by_name = (lines["place_source"] == "registered office") & ~lines["match_evidence"].isin(
        [str(kind) for kind in BY_NUMBER]
    )
    return lines["ring"].where(~by_name, UNKNOWN)


def share_of_sums(parts: Iterable[float], wholes: Iterable[float]) -> float:
    """Sum of parts over sum of wholes: the share of all pounds. £1 of £2 and £1 of £8: 2/10 = 20%."""
    return sum(parts) / sum(wholes)


def mean_of_shares(parts: Iterable[float], wholes: Iterable[float]) -> float:
    """Mean of each part over its whole: every body or quarter weighs the same. 1/2 and 1/8: 31.25%.

    A different number from `share_of_sums`, and always named as such.
    """
    shares = [part / whole for part, whole in zip(parts, wholes, strict=True)]
    return sum(shares) / len(shares)
