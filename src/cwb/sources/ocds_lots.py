"""What is left of a purchase: its lots over all notices of its process, which of them ended and which are awarded.

A notice may name only the lots that it is about. Those of the purchase are the lots that any notice of the process names; it is
over when each of them has ended or is awarded.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import pandas as pd

from cwb.sources.ocds import Json, day_of, part_of
from cwb.sources.ocds_status import lots_ended, lots_named


@dataclass(frozen=True)
class LotsOfRelease:
    """What one release tells of the lots of its process: those that it names, ends and awards.

    Of the last two empty is all of them, and None is none.
    """

    ocid: str
    day: date | None
    named: frozenset[str]
    ended: frozenset[str] | None
    awarded: frozenset[str] | None

    def is_since(self, day: date) -> bool:
        """Whether it may change what a notice of that day says; one without a date is later than what it is about."""
        return self.day is None or self.day >= day


def lots_of_release(release: Json, ocid: str, awarded: list[frozenset[str]]) -> LotsOfRelease:
    """What a release tells of lots; `awarded` are those of each award in it that stands."""
    # An award that names no lots is of those of its own notice, else of all.
    of_notice = lots_named({"tender": part_of(release, "tender")})
    lots = [of_award or of_notice for of_award in awarded]
    whole = not lots or not all(lots)
    return LotsOfRelease(
        ocid,
        day_of(release.get("date")),
        lots_named(release),
        lots_ended(release),
        (frozenset() if whole else frozenset().union(*lots)) if awarded else None,
    )


def lots_by_process(releases: Iterable[LotsOfRelease]) -> dict[str, frozenset[str]]:
    """Process → every lot that a notice of it names."""
    found: dict[str, frozenset[str]] = {}
    for one in releases:
        found[one.ocid] = found.get(one.ocid, frozenset()) | one.named
    return found


def with_what_is_left(notices: pd.DataFrame, releases: list[LotsOfRelease]) -> pd.DataFrame:
    """The notices with `is_withdrawn` (True where the whole purchase ended with or after the notice), `withdrawn_date` (when, where
    that is stated) and `awarded_date` (the day with or after it on which no lot was left open, where some are awarded)."""
    lots = lots_by_process(releases)
    by_ocid: dict[str, list[LotsOfRelease]] = defaultdict(list)
    for one in sorted(releases, key=lambda one: one.day or date.max):
        by_ocid[one.ocid].append(one)
    withdrawn, ended, awarded = [], [], []
    for ocid, day in zip(notices["ocid"], notices["notice_date"], strict=True):
        since = [one for one in by_ocid[ocid] if one.is_since(day or date.min)]
        end = _over(since, lots[ocid], is_awarded=False)
        withdrawn.append(True if end else None)
        ended.append(end.day if end else None)
        last = _over(since, lots[ocid], is_awarded=True)
        awarded.append(last.day if last else None)
    columns = {"is_withdrawn": withdrawn, "withdrawn_date": ended, "awarded_date": awarded}
    return notices.assign(**{name: pd.Series(of, notices.index, dtype=object) for name, of in columns.items()})


def _over(releases: list[LotsOfRelease], lots: frozenset[str], is_awarded: bool) -> LotsOfRelease | None:
    """The release with which the last lot ended, or ended or was awarded; None where one is left."""
    gone: frozenset[str] = frozenset()
    for one in releases:
        for of in (one.ended, one.awarded if is_awarded else None):
            if of is not None:
                gone |= of or lots
                if gone >= lots:
                    return one
    return None
