"""Each award once, of all the notices that tell it: the last kind, then the newest, and nothing that was taken back later.

An award is known by its process (ocid) and id, and within these by its lots: buyers number the awards of each notice from
one, so an id that comes again for other lots, or twice in one release, is another award. So is one that
a further notice, which is no update, tells under the same id with another title or other suppliers, and each contract that is
signed under one award in a notice of its own. Find a Tender gives an award of the older regime the
number of its notice, so there a correction is known by the rest of the id and the supplier.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import pandas as pd

from cwb.sources.ocds import Json
from cwb.sources.ocds_awards import OLDER
from cwb.sources.ocds_status import TakenBack

# UK7 tells what was signed, UK6 what is to be, UK5 what is to be without a competition.
_RANK = {"UK7": 3, "UK6": 2, "UK5": 1}


@dataclass(frozen=True)
class Event:
    """What one release takes back, and when."""

    ocid: str
    moment: tuple[str, str]
    notice_id: str | None
    what: TakenBack

    def is_after(self, version: AwardVersion) -> bool:
        """Whether it is later than a notice; one without a date is later than what it takes back."""
        return self.moment > version.moment if self.moment[0] else self.moment != version.moment


@dataclass
class AwardVersion:
    """One award as one notice tells it; `rows` are its suppliers. `lots` are those of all notices that tell the award."""

    rows: list[Json]
    lots: frozenset[str]
    nth: int = 0
    by: Event | None = field(default=None)

    def __post_init__(self) -> None:
        first = self.rows[0]
        self.award_id: str | None = first["award_id"]
        self.kind: str = first["notice_type"]
        self.moment: tuple[str, str] = first["moment"]
        self.contract_ids: frozenset[str] = first["contract_ids"]

    @property
    def own_id(self) -> str:
        """The award's id without the notice's number before it."""
        return (self.award_id or "").removeprefix(f"{self.rows[0]['notice_id']}-")

    def likeness(self, other: AwardVersion) -> tuple[bool, bool]:
        title = self.rows[0]["title"]
        return title is not None and title == other.rows[0]["title"], bool(self.suppliers & other.suppliers)

    @property
    def suppliers(self) -> set[str]:
        return {row["supplier_name"] for row in self.rows}


@dataclass(frozen=True)
class Settled:
    """The rows of awards that stand, and the notices' versions that a later release took back."""

    awards: pd.DataFrame
    taken_back: list[AwardVersion]


def settle(
    awards: pd.DataFrame, events: Iterable[Event] = (), lots: Mapping[str, frozenset[str]] | None = None
) -> Settled:
    """Count each award of all notices once; `lots` are all that notices name, by process."""
    by_ocid: dict[str, list[Event]] = defaultdict(list)
    for event in events:
        by_ocid[event.ocid].append(event)
    gone: list[AwardVersion] = []
    kept: list[Json] = []
    for ocid, versions in _versions(awards).items():
        for version in versions:
            version.by = _taken_by(version, by_ocid[ocid], (lots or {}).get(ocid, frozenset()))
        gone += [one for one in versions if one.by]
        kept += [row for version in _chosen(versions) for row in version.rows]
    order = ["award_key", "supplier_name"]
    table = pd.DataFrame(kept, columns=list(awards.columns), dtype=object)
    return Settled(table.sort_values(order, kind="stable", ignore_index=True), gone)


def _taken_by(version: AwardVersion, events: list[Event], known: frozenset[str]) -> Event | None:
    """The first later event with which nothing of an award is left. One that names no lots is of all lots of its process."""
    gone: frozenset[str] = frozenset()
    for event in sorted((one for one in events if one.is_after(version)), key=lambda one: one.moment):
        what = event.what
        if what.award_id is None:
            gone |= what.lots
            is_hit = not what.lots or (version.lots or known) <= gone
        else:
            is_hit = what.award_id == version.award_id and (
                not what.lots or not version.lots or bool(version.lots & what.lots)
            )
        if is_hit:
            return event
    return None


def _versions(awards: pd.DataFrame) -> dict[str, list[AwardVersion]]:
    """Process → what its notices tell, the newest first."""
    groups: dict[tuple[str, tuple[str, str], str, int, int], list[Json]] = defaultdict(list)
    for row in awards.to_dict("records"):
        groups[str(row["ocid"]), row["moment"], row["source_file"], row["source_row"], row["place"]].append(row)
    found: dict[str, list[AwardVersion]] = defaultdict(list)
    for key in sorted(groups, reverse=True):
        found[key[0]].append(AwardVersion(groups[key], groups[key][0]["lots"]))
    for versions in found.values():
        by_id: dict[str | None, list[AwardVersion]] = defaultdict(list)
        for version in versions:
            by_id[version.award_id].append(version)
        for same in by_id.values():
            _part_by_lots(same)
    return found


def _part_by_lots(versions: list[AwardVersion]) -> None:
    """Give versions of one id the lots of their award, and a number to those that one release tells of the same lots."""
    lots: list[frozenset[str]] = []
    for version in versions:
        if version.lots:
            shared = [one for one in lots if one & version.lots]
            lots = [one for one in lots if one not in shared] + [version.lots.union(*shared)]
    seen: dict[tuple[object, ...], int] = defaultdict(int)
    # In the order of the release: the list is the other way round.
    for version in reversed(versions):
        # A notice that names no lot tells of the only lots that others name.
        common = next((one for one in lots if one & version.lots), lots[0] if len(lots) == 1 else frozenset())
        version.lots = common
        row = version.rows[0]
        release = (common, row["source_file"], row["source_row"])
        version.nth = seen[release]
        seen[release] += 1


def _chosen(versions: list[AwardVersion]) -> list[AwardVersion]:
    """Of the versions of one process, newest first, those that count, each with a key of its own."""
    awards: dict[tuple[str | None, frozenset[str], int], list[AwardVersion]] = defaultdict(list)
    for version in versions:
        if version.by is None:
            awards[version.award_id, version.lots, version.nth].append(version)
    chosen: list[AwardVersion] = []
    for of_award in awards.values():
        for same in _same_award(of_award):
            best = max(_RANK.get(one.kind, 0) for one in same)
            chosen.append(next(one for one in same if _RANK.get(one.kind, 0) == best))
    chosen = _without_corrected(chosen)
    keys: dict[str, int] = defaultdict(int)
    several = {one.award_id for one in chosen if sum(other.award_id == one.award_id for other in chosen) > 1}
    for one in sorted(chosen, key=lambda one: (sorted(one.lots), one.nth, sorted(one.contract_ids))):
        key = one.rows[0]["award_key"]
        if one.award_id in several and one.lots:
            key += f"/lot {'+'.join(sorted(one.lots))}"
        keys[key] += 1
        key = key if keys[key] == 1 else f"{key}/{keys[key]}"
        one.rows = [{**row, "award_key": key} for row in one.rows]
    return chosen


def _same_award(versions: list[AwardVersion]) -> list[list[AwardVersion]]:
    """Tellings of one id, newest first, parted into those that tell the same award."""
    found: list[list[AwardVersion]] = []
    for version in reversed(versions):
        fitting = [same for same in found if not any(_is_another(version, before) for before in same)]
        # Of several awards that it may tell, the one of its title, then of its suppliers.
        fitting.sort(key=lambda same: max(version.likeness(before) for before in same))
        if fitting:
            fitting[-1].insert(0, version)
        else:
            found.append([version])
    return found


def _is_another(version: AwardVersion, before: AwardVersion) -> bool:
    """Whether a notice tells another award than one before it with the same id, though neither says so by its lots.

    Each contract signed is one. Of two notices of a kind the later replaces the former if it says that it is an update, or
    tells the same title and a supplier of it.
    """
    if version.contract_ids and before.contract_ids:
        return not version.contract_ids & before.contract_ids
    if version.kind != before.kind or version.rows[0]["is_update"]:
        return False
    titles = {one.rows[0]["title"] for one in (version, before)} - {None}
    return len(titles) > 1 or not version.suppliers & before.suppliers


def _without_corrected(versions: list[AwardVersion]) -> list[AwardVersion]:
    """Without the awards of the older regime that a later notice of the same process corrects."""
    corrected: list[AwardVersion] = []
    for version in versions:
        if version.kind != OLDER or not version.rows[0]["is_update"]:
            continue
        before = [
            one
            for one in versions
            if one.moment < version.moment and one.own_id == version.own_id and one.suppliers & version.suppliers
        ]
        corrected += sorted(before, key=lambda one: one.moment)[-1:]
    return [one for one in versions if not any(one is other for other in corrected)]
