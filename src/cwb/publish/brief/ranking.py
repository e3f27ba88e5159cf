"""Which findings the first page tells, and in which order: by consequence, good and bad alike.

Points = (what is at stake) × (how sure it is) + (points for what must begin soon) + (points for what is certainly worse). What is at
stake is the larger of the pounds a year as a part of a year's spend, and of the distance from the target or from the baseline;
at most 1. The points are settings, under [brief], and so is the strategy's own measure, which stands first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from cwb.council import report_sections
from cwb.publish.brief.model import Place, Sureness

_YEAR_DAYS = 365


@dataclass(frozen=True)
class Ranked:
    """Places in the order of their points; those that are certainly worse and found none; and the rest."""

    first: tuple[Place, ...]
    also_worse: tuple[Place, ...]
    others: tuple[Place, ...]


def rank(places: Sequence[Place], weights: report_sections.Brief, day: date, year_gbp: float) -> Ranked:
    """Rank the places seen from a day; `year_gbp` is a year's spend, 0 where it is not known. Ties keep the order of the packs."""
    ordered = sorted(
        places,
        key=lambda place: (place.finding.id not in weights.first, -points(place, weights, day, year_gbp)),
    )
    # What is not known takes no place from what is, but for a few.
    known = [place for place in ordered if place.sureness is not Sureness.NOT_KNOWN]
    most = max(weights.unknown, weights.places - len(known))
    unknown = [place for place in ordered if place.sureness is Sureness.NOT_KNOWN][:most]
    shown = [place for place in ordered if place in known or place in unknown]
    first = shown[: weights.places]
    rest = [place for place in ordered if place not in first]
    return Ranked(
        tuple(first),
        tuple(place for place in rest if place.is_worse),
        tuple(place for place in rest if not place.is_worse),
    )


def points(place: Place, weights: report_sections.Brief, day: date, year_gbp: float) -> float:
    """The points of one place."""
    pounds = (place.stake_gbp or 0.0) / year_gbp if year_gbp > 0 else 0.0
    stake = min(1.0, max(pounds, place.distance, 0.0))
    sure = {
        Sureness.SURE: weights.sure,
        Sureness.FAIRLY_SURE: weights.fairly_sure,
        Sureness.NOT_SURE: weights.not_sure,
        Sureness.NOT_KNOWN: weights.not_known,
    }[place.sureness]
    # What is not known has no size to be weighed by: it counts as if all were at stake.
    counted = 1.0 if place.sureness is Sureness.NOT_KNOWN else stake
    days = [one for one in (place.day, place.recommendation.start_by if place.recommendation else None) if one]
    soon = max(0.0, 1 - max((min(days) - day).days, 0) / _YEAR_DAYS) if days else 0.0
    return counted * sure + weights.soon * soon + weights.worse * place.is_worse
