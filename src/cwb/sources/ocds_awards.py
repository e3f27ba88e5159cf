"""The awards that one release tells, one row per award and supplier, and what of it is left out and why.

Beside the columns of the source `awards` a row has what decides between notices of one award: `award_id`, `lots`, `place` (of the
award in its release), `contract_ids`, `moment` and `is_update`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from cwb.council.periods import long_date
from cwb.sources.doubtful import is_doubtful
from cwb.sources.ocds import (
    Json,
    company_of,
    cpv_of,
    day_of,
    gross_of,
    holds_place,
    ids_of,
    is_in_pounds,
    items_of,
    moment_of,
    part_of,
    postcode_of,
    text_of,
    value_of,
    words_of,
)
from cwb.sources.ocds_status import award_ended, contract_ended, contracts_of, is_older

AWARD_NOTICES = ("UK5", "UK6", "UK7")
OLDER = "older regime"
AWARD = "award"
FIND_A_TENDER, CONTRACTS_FINDER = "Find a Tender", "Contracts Finder"
NOT_AWARDED = "NOT AWARDED TO SUPPLIER"
# Before it, every award of the older regime stood on Contracts Finder too, whose files tell it.
PROCUREMENT_ACT = date(2025, 2, 24)
_PLACEHOLDERS = "£1 or less, which stands for no value"
_DOUBTFUL = "said to be below the threshold and worth more than the highest, perhaps typed in pence"
_AWARD_TAGS = frozenset({"award", "awardupdate", "awardcancellation", "contract", "contractupdate", "compiled"})


@dataclass
class ReadAwards:
    """What a release tells of awards: rows that stand, how many are left out for which reason, and of how many the value is not
    taken, for which reason."""

    rows: list[Json] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)
    without_value: Counter[str] = field(default_factory=Counter)


def notice_type(release: Json) -> str | None:
    """The UK notice code of a release; without one "older regime" for a CELEX release, and for one of Contracts Finder its
    tag ("award"); None where it states nothing of these.

    A release carries the documents of its earlier notices too; the document that bears the release's own id
    is the notice at hand.
    """
    documents = _documents(release)
    typed = [d for d in documents if text_of(d.get("id")) == text_of(release.get("id"))] or documents
    if typed:
        return text_of(typed[-1].get("noticeType"))
    if is_older(release):
        return OLDER
    tags = words_of(release, "tag")
    if items_of(release, "awards") and (not tags or _AWARD_TAGS & set(tags)):
        return AWARD
    return tags[0] if tags else None


def award_kind(release: Json) -> str | None:
    """The kind of notice as which a release tells awards; None for one that tells none.

    A compiled release holds the documents of all notices of its process: it counts as the last of those that award.
    """
    kind, tags = notice_type(release), set(words_of(release, "tag"))
    if kind in AWARD_NOTICES:
        return kind
    if "compiled" in tags:
        typed = {text_of(document.get("noticeType")) for document in _documents(release)}
        last = next((one for one in reversed(AWARD_NOTICES) if one in typed), None)
        return last or (kind if not typed and items_of(release, "awards") else None)
    is_older_award = kind == OLDER and bool(items_of(release, "awards")) and (not tags or bool(_AWARD_TAGS & tags))
    return kind if kind == AWARD or is_older_award else None


def _documents(release: Json) -> list[Json]:
    sections = [part_of(release, "planning"), part_of(release, "tender")]
    sections += items_of(release, "awards") + items_of(release, "contracts")
    return [d for section in sections for d in items_of(section, "documents") if text_of(d.get("noticeType"))]


def service_of(release: Json) -> str:
    """The service that published a release, by its ocid, else by what only Find a Tender states."""
    ocid = (text_of(release.get("ocid")) or "").lower()
    if ocid.startswith("ocds-b5fd17"):
        return CONTRACTS_FINDER
    is_fts = (
        ocid.startswith("ocds-h6vhtk") or bool(_documents(release)) or "legalBasis" in part_of(release, "tender")
    )
    return FIND_A_TENDER if is_fts else CONTRACTS_FINDER


def _supplier(named: Json, parties: dict[str | None, Json]) -> Json:
    party = parties.get(text_of(named.get("id")), {})
    address, details = part_of(party, "address"), part_of(party, "details")
    scale, vcse = text_of(details.get("scale")), details.get("vcse")
    return {
        "supplier_name": text_of(named.get("name")) or text_of(party.get("name")),
        "company_number": company_of({"id": named.get("id"), **party}),
        "postcode": postcode_of(address),
        "country": text_of(address.get("country")) or text_of(address.get("countryName")),
        "is_sme": {"sme": True, "large": False}.get(str(scale).lower()),
        "is_vcse": vcse if isinstance(vcse, bool) else None,
    }


def awards_of(release: Json, kind: str) -> ReadAwards:
    """The awards that a release tells as a notice of this kind."""
    read = ReadAwards()
    published = day_of(release.get("date"))
    if kind == OLDER and published is not None and published < PROCUREMENT_ACT:
        read.left_out[f"older regime before {long_date(PROCUREMENT_ACT)}, which Contracts Finder tells"] += len(
            items_of(release, "awards")
        )
        return read
    given: list[Json] = []
    for award in items_of(release, "awards"):
        if award in given:
            continue
        given.append(award)
        if reason := award_ended(release, award):
            read.left_out[reason] += 1
        else:
            read.rows += _rows(release, kind, award, len(given), read)
    return read


def _rows(release: Json, kind: str, award: Json, place: int, read: ReadAwards) -> Iterator[Json]:
    """One row per supplier of one award that stands."""
    parties = {text_of(party.get("id")): party for party in items_of(release, "parties")}
    tender, published = part_of(release, "tender"), day_of(release.get("date"))
    award_id = text_of(award.get("id"))
    # Award notices (UK5, UK6) come before the contract is signed.
    contracts = contracts_of(release, award_id) if kind not in ("UK5", "UK6") else []
    signed = [one for one in contracts if contract_ended(one, release) is None]
    if kind == "UK7" and items_of(release, "contracts") and not signed:
        if "compiled" not in words_of(release, "tag"):
            return
        kind = "UK6"
    contract = signed[0] if signed else {}
    stated = [part_of(one, "value") for one in signed]
    known = [found for one in stated if (found := value_of(one))[0] is not None]
    # Several contracts under one award are worth their sum.
    value, basis = (
        (sum(amount or 0 for amount, _ in known), known[0][1]) if known else value_of(part_of(award, "value"))
    )
    gross = gross_of(
        *(one for one in stated if value_of(one)[0] is not None) if known else (part_of(award, "value"),)
    )
    if any(not is_in_pounds(one.get("currency")) for one in stated):
        # What was signed in dollars is worth neither the other contracts nor what was estimated before.
        value, gross, basis = None, None, "not stated"
    if value is None and holds_place([*stated, part_of(award, "value")]):
        read.without_value[_PLACEHOLDERS] += 1
    if any(
        is_doubtful(one.get("aboveThreshold"), gross_of(part_of(one, "value")), day_of(one.get("dateSigned")))
        for one in signed
    ):
        value, gross, basis = None, None, "not stated"
        read.without_value[_DOUBTFUL] += 1
    service = service_of(release)
    period = part_of(contract, "period") or part_of(award, "contractPeriod")
    if service == CONTRACTS_FINDER:
        # It states the period of the contract with the tender, and never whether a value includes VAT.
        period = period or part_of(tender, "contractPeriod")
        basis = "not stated"
    named = [s for s in (_supplier(s, parties) for s in items_of(award, "suppliers")) if s["supplier_name"]]
    suppliers = {s["supplier_name"]: s for s in named if s["supplier_name"].upper() != NOT_AWARDED}
    if not suppliers:
        read.left_out["no supplier is named"] += 1
    for supplier in suppliers.values():
        yield {
            "award_key": f"{text_of(release.get('ocid'))}/{award_id}",
            "ocid": text_of(release.get("ocid")),
            "notice_type": kind,
            "notice_source": service,
            "notice_id": text_of(release.get("id")),
            "lot": "+".join(sorted(ids_of(award, "relatedLots"))) or None,
            "title": text_of(contract.get("title")) or text_of(award.get("title")) or text_of(tender.get("title")),
            "award_date": day_of(contract.get("dateSigned")) or day_of(award.get("date")) or published,
            "start_date": day_of(period.get("startDate")),
            "end_date": day_of(period.get("endDate")),
            "value_gbp": value,
            "value_gross_gbp": gross,
            "value_basis": basis,
            "supplier_count": len(suppliers),
            "cpv_code": cpv_of(award) or cpv_of(tender),
            "procedure": text_of(tender.get("procurementMethodDetails")),
            **supplier,
            "award_id": award_id,
            "lots": ids_of(award, "relatedLots"),
            "place": place,
            "contract_ids": frozenset(text for one in signed if (text := text_of(one.get("id")))),
            "moment": moment_of(release),
            "is_update": "awardupdate" in words_of(release, "tag"),
        }
