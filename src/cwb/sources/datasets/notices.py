"""Find a Tender: OCDS release packages → one row per notice, and one row per award and supplier.

Notices have the columns `ocid`, `notice_id`, `notice_type` ("UK7", or "older regime" for a CELEX release),
`notice_date`, `buyer_name`, `buyer_id`, `title`, `cpv_code`, the source columns, and of a purchase that is planned or open
(UK1 to UK4) `value_gbp` (excluding VAT where stated, else `value_basis` says), `tender_date` (when bids are invited or
were), `bids_until`, `start_date`, `end_date` (with all extensions), `kind` ("goods", "services", "works"),
`is_above_threshold`, `is_light_touch`, `suits_sme`, `suits_vcse` (True where any lot says so; the notice never says no),
`reserved` (participation reserved, as coded), `lot_count`. Awards have the columns of the source `awards`. Rules: formats.md
2.3 to 2.8. Refused: a release without ocid or kind of notice, an award without a buyer or dated implausibly. UK6 and UK7
with one ocid are the same award; the signed value of UK7 wins, then UK6, then UK5. Contact points are never read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import pandas as pd
import pyarrow as pa

from cwb.base.values import clean_text, company_number, parse_postcode
from cwb.sources.datasets.awards import IMPLAUSIBLE, is_implausible
from cwb.sources.datasets.awards import SOURCE as AWARDS
from cwb.sources.json_text import load_json
from cwb.sources.ocds import Json, cpv_of, day_of, identifier_of, items_of, part_of, value_of
from cwb.sources.report import Amount, FileReport, RawFile, Refusal
from cwb.sources.source import Job
from cwb.sources.tables import TableSource

AWARD_NOTICES = ("UK5", "UK6", "UK7")
OLDER = "older regime"
_TEXTS = (
    "ocid", "notice_id", "notice_type", "buyer_name", "buyer_id", "title", "cpv_code", "value_basis", "kind", "reserved"
)  # fmt: skip
TYPES = {
    **dict.fromkeys(_TEXTS, pa.string()),
    **dict.fromkeys(("notice_date", "tender_date", "bids_until", "start_date", "end_date"), pa.date32()),
    **dict.fromkeys(("is_above_threshold", "is_light_touch", "suits_sme", "suits_vcse"), pa.bool_()),
    "value_gbp": pa.float64(),
    "lot_count": pa.int64(),
}


def notice_type(release: Json) -> str | None:
    """The UK notice code of a release, "older regime" for a CELEX one, None when it states neither.

    A release carries the documents of its earlier notices too; the document that bears the release's own id
    is the notice at hand.
    """
    sections = [part_of(release, "planning"), part_of(release, "tender")]
    sections += items_of(release, "awards") + items_of(release, "contracts")
    documents = [document for section in sections for document in items_of(section, "documents")]
    of_release = [d for d in documents if d.get("id") == release.get("id") and d.get("noticeType")]
    typed = of_release or [d for d in documents if d.get("noticeType")]
    if typed:
        return str(typed[-1]["noticeType"])
    scheme = part_of(part_of(release, "tender"), "legalBasis").get("scheme")
    return OLDER if scheme == "CELEX" else None


def _buyer(release: Json) -> Json:
    """The buyer, or the party in that role: some notices (UK9, UK11, UK12) name the buyer only there."""
    buyer = part_of(release, "buyer")
    if buyer.get("name"):
        return buyer
    return next((p for p in items_of(release, "parties") if "buyer" in (p.get("roles") or [])), buyer)


def _supplier(named: Json, parties: dict[str, Json]) -> Json:
    party = parties.get(str(named.get("id")), {})
    address, details = part_of(party, "address"), part_of(party, "details")
    scale, vcse = details.get("scale"), details.get("vcse")
    return {
        "supplier_name": clean_text(named.get("name") or party.get("name")),
        "company_number": company_number(identifier_of(party, "GB-COH")),
        "postcode": parse_postcode(address.get("postalCode")),
        "country": address.get("country"),
        "is_sme": {"sme": True, "large": False}.get(str(scale)),
        "is_vcse": vcse if isinstance(vcse, bool) else None,
    }


def _awards(release: Json, kind: str) -> Iterator[Json]:
    """The awards that a UK5, UK6 or UK7 release tells, one per award and supplier."""
    parties = {str(party.get("id")): party for party in items_of(release, "parties")}
    contracts: dict[str, list[Json]] = {}
    for contract in items_of(release, "contracts"):
        contracts.setdefault(str(contract.get("awardID")), []).append(contract)
    tender, published = part_of(release, "tender"), day_of(release.get("date"))
    for award in items_of(release, "awards"):
        signed = contracts.get(str(award.get("id")), []) if kind == "UK7" else []
        if kind == "UK7" and contracts and not signed:
            continue
        contract = signed[0] if signed else {}
        values = [value_of(part_of(one, "value")) for one in signed]
        known = [amount for amount, _ in values if amount is not None]
        # Several contracts under one award are worth their sum.
        value, basis = (sum(known), values[0][1]) if known else (None, "not stated")
        if value is None:
            value, basis = value_of(part_of(award, "value"))
        period = part_of(contract, "period") or part_of(award, "contractPeriod")
        named = [s for s in (_supplier(s, parties) for s in items_of(award, "suppliers")) if s["supplier_name"]]
        suppliers = list({s["supplier_name"]: s for s in named}.values())
        for supplier in suppliers:
            yield {
                "award_key": f"{release.get('ocid')}/{award.get('id')}",
                "ocid": release.get("ocid"),
                "notice_type": kind,
                "notice_source": "Find a Tender",
                "notice_id": release.get("id"),
                "title": clean_text(contract.get("title") or award.get("title") or tender.get("title")),
                "award_date": day_of(contract.get("dateSigned")) or day_of(award.get("date")) or published,
                "start_date": day_of(period.get("startDate")),
                "end_date": day_of(period.get("endDate")),
                "value_gbp": value,
                "value_basis": basis,
                "supplier_count": len(suppliers),
                "cpv_code": cpv_of(award) or cpv_of(tender),
                "procedure": tender.get("procurementMethodDetails"),
                **supplier,
            }


def _releases(given: object) -> list[object]:
    """The releases of a release package, of a record package, or of a file that is one release."""
    if not isinstance(given, dict):
        raise TypeError("a package is an object")
    if "records" in given:
        return [release for record in items_of(given, "records") for release in items_of(record, "releases")]
    return [given] if "ocid" in given else list(given["releases"])


def _refused(release: Json, kind: str | None, awards: list[Json]) -> tuple[str, str | None] | None:
    """Why a release is refused and the text at fault; None for one that is kept."""
    if not release.get("ocid"):
        return "no ocid", None
    if kind is None:
        return "neither a notice type nor a legal basis is stated", None
    if kind in AWARD_NOTICES and not _buyer(release).get("name"):
        return "an award without a buyer", None
    if any(award["award_date"] is None for award in awards):
        return "an award without a date", None
    published = day_of(release.get("date"))
    wrong = next((a["award_date"] for a in awards if is_implausible(a["award_date"], published)), None)
    return (IMPLAUSIBLE, str(wrong)) if wrong else None


@dataclass(frozen=True)
class ReadNotices:
    """The notices and awards of one release package, and its account. Rows of the report are releases."""

    notices: pd.DataFrame
    awards: pd.DataFrame
    report: FileReport


def read_notices(file: RawFile, seen: dict[tuple[str, str], str] | None = None) -> ReadNotices:
    """Read one release package.

    `seen` remembers (ocid, release id) over the pages of a download: a release given twice is a duplicate.
    """
    seen = {} if seen is None else seen
    report = FileReport(file.label, "notices", file.sha256)
    try:
        given, was_cleaned = load_json(file.path)
        releases = _releases(given)
    except (ValueError, KeyError, TypeError):
        error = f"{file.label}: not an OCDS release package. Fetch it again from Find a Tender, or remove it."
        return ReadNotices(pd.DataFrame(), pd.DataFrame(), replace(report, error=error))
    if was_cleaned:
        report = replace(report, notes=("control characters, which no page may hold, were taken out",))
    notices: list[Json] = []
    awards: list[Json] = []
    refusals: list[Refusal] = []
    repeated: list[str] = []
    for number, item in enumerate(releases, start=1):
        release = item if isinstance(item, dict) else {}
        key = (str(release.get("ocid")), str(release.get("id")))
        if release.get("ocid") and seen.setdefault(key, f"{file.label}#{number}") != f"{file.label}#{number}":
            repeated.append(seen[key].rpartition("#")[0])
            continue
        kind = notice_type(release)
        awarded = list(_awards(release, kind)) if kind in AWARD_NOTICES else []
        refused = _refused(release, kind, awarded)
        if refused:
            reason, value = refused
            remedy = "Nothing to do, or ask the buyer to correct the notice."
            refusals.append(Refusal(number, reason, remedy, value=value))
            continue
        buyer = _buyer(release)
        common = {
            "buyer_name": clean_text(buyer.get("name")), "buyer_id": buyer.get("id"),
            "source_file": file.label, "source_sheet": None, "source_row": number,
        }  # fmt: skip
        awards += [{**award, **common} for award in awarded]
        notices.append({**_notice(release, kind), **common})
    report = report.account(Amount(len(notices)), refusals, Amount(len(repeated)), repeated)
    return ReadNotices(
        pd.DataFrame(notices, columns=list(SOURCE.types), dtype=object),
        pd.DataFrame(awards, columns=list(AWARDS.types), dtype=object),
        report,
    )


def _notice(release: Json, kind: str | None) -> Json:
    tender = part_of(release, "tender")
    of_awards = (code for award in items_of(release, "awards") if (code := cpv_of(award)))
    return {
        "ocid": release["ocid"],
        "notice_id": release.get("id"),
        "notice_type": kind,
        "notice_date": day_of(release.get("date")),
        "title": clean_text(tender.get("title")),
        "cpv_code": cpv_of(tender) or next(of_awards, None),
        **_planned(release),
    }


def _planned(release: Json) -> Json:
    """What a release states of a purchase that is planned or open; formats.md 2.4 and 2.5."""
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


class _Notices(TableSource):
    def store(self, job: Job, files: Sequence[RawFile]) -> list[FileReport]:
        """The table of notices; awards that they state wait in the job for the table of awards."""
        seen: dict[tuple[str, str], str] = {}
        read = []
        for number, file in enumerate(files):
            job.progress(file.label, number, len(files))
            read.append(read_notices(file, seen))
        job.awards += [one.awards for one in read if len(one.awards)]
        tables = [one.notices for one in read if len(one.notices)]
        self.write(job, pd.concat(tables, ignore_index=True) if tables else pd.DataFrame())
        return [one.report for one in read]


SOURCE = _Notices(
    name="notices", absent="no Find a Tender notices were supplied", by_folder=True, turn=0, added=TYPES
)
