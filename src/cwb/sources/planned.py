"""What a notice tells of a purchase that is planned or open (UK1 to UK4): when, how big, for whom it is suitable.

Columns: `value_gbp` (excluding VAT where stated, else `value_basis` says), `tender_date` (when bids are invited or
were), `bids_until`, `start_date`, `end_date` (with all extensions), `kind` ("goods", "services", "works"),
`is_above_threshold`, `is_light_touch`, `suits_sme`, `suits_vcse` (True where any lot says so; the notice never says
no), `reserved` (participation reserved, as coded), `lot_count`. Source: formats.md 2.4 and 2.5.
"""

from __future__ import annotations

from cwb.sources.ocds import Json, day_of, items_of, part_of, value_of

PLANNED_COLUMNS = (
    "value_gbp", "value_basis", "tender_date", "bids_until", "start_date", "end_date", "kind", "is_above_threshold",
    "is_light_touch", "suits_sme", "suits_vcse", "reserved", "lot_count",
)  # fmt: skip


def planned(release: Json) -> Json:
    """The columns above for one release."""
    tender = part_of(release, "tender")
    lots = items_of(tender, "lots")
    value, basis = value_of(part_of(tender, "value"))
    if value is None:
        values = [amount for lot in lots if (amount := value_of(part_of(lot, "value"))[0]) is not None]
        basis = value_of(part_of(lots[0], "value"))[1] if values else basis
        value = sum(values) or None
    periods = [part_of(lot, "contractPeriod") for lot in lots] or [part_of(tender, "contractPeriod")]
    starts = [day for period in periods if (day := day_of(period.get("startDate")))]
    ends = [day for period in periods if (day := day_of(period.get("maxExtentDate") or period.get("endDate")))]
    bids_until = day_of(part_of(tender, "tenderPeriod").get("endDate")) or day_of(
        tender.get("expressionOfInterestDeadline")
    )
    future = day_of(part_of(tender, "communication").get("futureNoticeDate"))
    suits = [part_of(lot, "suitability") for lot in lots] + [part_of(tender, "suitability")]
    reserved = part_of(tender, "otherRequirements").get("reservedParticipation")
    regimes = tender.get("specialRegime")
    above = tender.get("aboveThreshold")
    return {
        "value_gbp": value,
        "value_basis": basis,
        "tender_date": future or day_of(release.get("date")),
        "bids_until": bids_until,
        "start_date": min(starts, default=None),
        "end_date": max(ends, default=None),
        "kind": tender.get("mainProcurementCategory"),
        "is_above_threshold": above if isinstance(above, bool) else None,
        "is_light_touch": True if isinstance(regimes, list) and "lightTouch" in regimes else None,
        "suits_sme": True if any(s.get("sme") is True for s in suits) else None,
        "suits_vcse": True if any(s.get("vcse") is True for s in suits) else None,
        "reserved": " ".join(str(r) for r in reserved) if isinstance(reserved, list) and reserved else None,
        "lot_count": len(lots) or None,
    }
