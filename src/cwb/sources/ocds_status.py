"""What of a release stands: cancelled, unsuccessful, withdrawn and terminated things are no awards.

Statuses are read of the award, its contracts, the tender and the lots, in any capitals, and so is the tag. Two are not what
they seem (formats.md 2.3 to 2.8, and two days of real notices). A contract "terminated" because it was completed or has
reached its last day has been let and fulfilled: its award stands. Find a Tender marks the lots of nearly every award of the
older regime "cancelled": there a lot's status says nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

from cwb.sources.ocds import Json, day_of, ids_of, items_of, part_of, text_of, words_of

ENDED = frozenset({"cancelled", "canceled", "unsuccessful", "withdrawn", "terminated", "rejected", "annulled"})
_COMPLETED = "contractcompleted"
_CANCELLATIONS = frozenset({"awardcancellation", "tendercancellation"})


@dataclass(frozen=True)
class TakenBack:
    """What a release takes back: the award of an id, or every award (None), of these lots, or of any (empty)."""

    award_id: str | None
    lots: frozenset[str]
    reason: str


def ended(section: Json) -> str | None:
    """The status of a section where it says that the thing is no more; None for any other."""
    status = (text_of(section.get("status")) or "").casefold()
    return status if status in ENDED else None


def is_older(release: Json) -> bool:
    """True under the rules before the Procurement Act, which a CELEX number of their directive tells."""
    return part_of(part_of(release, "tender"), "legalBasis").get("scheme") == "CELEX"


def contracts_of(release: Json, award_id: str | None) -> list[Json]:
    return [one for one in items_of(release, "contracts") if text_of(one.get("awardID")) == award_id]


def contract_ended(contract: Json, release: Json) -> str | None:
    """Why a contract is no more; None for one that stands or was completed."""
    reasons = {
        (text_of(one.get("id")) or "").casefold()
        for one in items_of(contract, "terminationRationaleClassifications")
    }
    status = ended(contract)
    if status is None and "contracttermination" in words_of(release, "tag") and contract.get("status") is None:
        status = "terminated"
    if status != "terminated":
        return status
    last, published = day_of(part_of(contract, "period").get("endDate")), day_of(release.get("date"))
    is_over = last is not None and published is not None and last <= published
    return None if is_over or _COMPLETED in reasons else status


def _lot_ended(release: Json, lots: frozenset[str]) -> str | None:
    """The status of the lots, all of which are no more; of all lots of the tender where none is named."""
    if is_older(release):
        return None
    of_award = [
        lot for lot in items_of(part_of(release, "tender"), "lots") if not lots or text_of(lot.get("id")) in lots
    ]
    found = [ended(lot) for lot in of_award]
    return found[0] if found and all(found) else None


def award_ended(release: Json, award: Json) -> str | None:
    """Why an award of a release does not stand; None for one that does."""
    contracts = [contract_ended(one, release) for one in contracts_of(release, text_of(award.get("id")))]
    return (
        ended(award)
        or (contracts[0] if contracts and all(contracts) else None)
        or ended(part_of(release, "tender"))
        or _lot_ended(release, ids_of(award, "relatedLots"))
        or ("cancelled" if _is_cancelled_whole(release) else None)
    )


def _is_cancelled_whole(release: Json) -> bool:
    """Whether the tag takes back all that the release tells: it names no part of it that is no more."""
    if not _CANCELLATIONS & set(words_of(release, "tag")):
        return False
    parts = [*items_of(release, "awards"), *items_of(release, "contracts")]
    parts += [] if is_older(release) else items_of(part_of(release, "tender"), "lots")
    return not any(ended(one) for one in parts)


def lots_named(release: Json) -> frozenset[str]:
    """The lots that a release names, of its tender or of its awards."""
    return _ids(items_of(part_of(release, "tender"), "lots")).union(
        *(ids_of(award, "relatedLots") for award in items_of(release, "awards"))
    )


def lots_ended(release: Json) -> frozenset[str] | None:
    """The lots that a release takes from the purchase; empty for all of it, None for none."""
    lots, gone = _lots_and_gone(release)
    ids = _ids(gone)
    if ended(part_of(release, "tender")):
        return frozenset()
    if gone and (ids or len(gone) < len(lots)):
        return ids or None
    return frozenset() if gone or "tendercancellation" in words_of(release, "tag") else None


def _lots_and_gone(release: Json) -> tuple[list[Json], list[Json]]:
    """The lots of a tender, and those of them that are no more."""
    lots = [] if is_older(release) else items_of(part_of(release, "tender"), "lots")
    return lots, [lot for lot in lots if ended(lot)]


def _ids(lots: list[Json]) -> frozenset[str]:
    return frozenset(text for lot in lots if (text := text_of(lot.get("id"))))


def taken_back(release: Json) -> list[TakenBack]:
    """What a release says does not stand, of the awards that it or an earlier release of its process tells."""
    awards = items_of(release, "awards")
    found = [
        TakenBack(text_of(award.get("id")), ids_of(award, "relatedLots"), reason)
        for award in awards
        if (reason := award_ended(release, award))
    ]
    ids = {text_of(award.get("id")) for award in awards}
    # UK11 names contracts and not their awards.
    for award_id in sorted(
        {text_of(one.get("awardID")) or "" for one in items_of(release, "contracts")} - ids - {""}
    ):
        reasons = [contract_ended(one, release) for one in contracts_of(release, award_id)]
        if all(reasons):
            found.append(TakenBack(award_id, frozenset(), str(reasons[0])))
    return found or ([] if awards else _of_tender(release))


def _of_tender(release: Json) -> list[TakenBack]:
    """What a release without awards takes back: all awards of the process, or those of the lots that are no more.

    A notice may list no other lots than those that it ends, so that all of its own lots are not all of the process.
    """
    whole, (lots, gone) = ended(part_of(release, "tender")), _lots_and_gone(release)
    if gone and (not whole or len(gone) < len(lots)):
        ids = _ids(gone)
        return [TakenBack(None, ids, str(ended(gone[0])))] if ids or len(gone) == len(lots) else []
    is_cancelled = bool(_CANCELLATIONS & set(words_of(release, "tag")))
    reason = whole or ("cancelled" if is_cancelled else None)
    return [TakenBack(None, frozenset(), reason)] if reason else []
