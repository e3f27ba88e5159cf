"""Find a Tender: OCDS release packages → one row per notice, and one row per award and supplier.

Notices have the columns `ocid`, `notice_id`, `notice_type` ("UK7", or "older regime" for a CELEX release),
`notice_date`, `buyer_name`, `buyer_id`, `title`, `cpv_code`, what `cwb.sources.planned` tells of the purchase, and the
source columns. Awards have the columns of `cwb.sources.awards`. Rules: formats.md 2.3 to 2.8. UK6 and UK7 with one ocid are the same award told twice; the
signed value of UK7 wins, then UK6, then UK5. Contact points are never read.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from cwb.base.values import clean_text, company_number, parse_postcode
from cwb.sources import schemas
from cwb.sources.awards import COLUMNS, is_implausible
from cwb.sources.json_text import load_json
from cwb.sources.ocds import Json, cpv_of, day_of, identifier_of, items_of, part_of, value_of
from cwb.sources.planned import PLANNED_COLUMNS, planned
from cwb.sources.report import Amount, FileReport, Refusal, sha256_of

AWARD_NOTICES = ("UK5", "UK6", "UK7")
OLDER = "older regime"
NOTICE_COLUMNS = (
    "ocid", "notice_id", "notice_type", "notice_date", "buyer_name", "buyer_id", "title", "cpv_code",
    *PLANNED_COLUMNS, "source_file", "source_sheet", "source_row",
)  # fmt: skip


def notice_type(release: Json) -> str | None:
    """The UK notice code of a release, "older regime" for a CELEX one, None when it states neither.

    A release carries the documents of its earlier notices too; the document that bears the release's own id
    is the notice at hand.
    """
    sections = [part_of(release, "planning"), part_of(release, "tender")]
    sections += items_of(release, "awards") + items_of(release, "contracts")
    documents = [document for section in sections for document in items_of(section, "documents")]
    own = [d for d in documents if d.get("id") == release.get("id") and d.get("noticeType")]
    stated = own or [d for d in documents if d.get("noticeType")]
    if stated:
        return str(stated[-1]["noticeType"])
    scheme = part_of(part_of(release, "tender"), "legalBasis").get("scheme")
    return OLDER if scheme == "CELEX" else None


def _buyer(release: Json) -> Json:
    """The buyer, or the party in that role: some notices (UK9, UK11, UK12) name the buyer only there."""
    stated = part_of(release, "buyer")
    if stated.get("name"):
        return stated
    return next((p for p in items_of(release, "parties") if "buyer" in (p.get("roles") or [])), stated)


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
        stated = [amount for amount, _ in values if amount is not None]
        # Several contracts under one award are worth their sum.
        value, basis = (sum(stated), values[0][1]) if stated else (None, "not stated")
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


def _releases(given: Json) -> list[Any]:
    """The releases of a release package, of a record package, or of a file that is one release."""
    if "records" in given:
        return [release for record in items_of(given, "records") for release in items_of(record, "releases")]
    return [given] if "ocid" in given else list(given["releases"])


def read_notices(
    path: Path, seen: dict[tuple[str, str], str] | None = None, label: str | None = None
) -> tuple[pd.DataFrame, pd.DataFrame, FileReport]:
    """Read one release package → notices, awards, report. Rows of the report are releases.

    `seen` remembers (ocid, release id) over the pages of a download: a release given twice is a duplicate.
    Refused: a release without ocid or kind of notice, an award without a buyer or dated implausibly.
    """
    seen = {} if seen is None else seen
    report = FileReport(file=label or path.name, source="notices", sha256=sha256_of(path))
    notices: list[Json] = []
    awards: list[Json] = []
    try:
        given, was_cleaned = load_json(path)
        releases = _releases(given)
        if was_cleaned:
            report.notes.append("control characters, which no page may hold, were taken out")
    except (ValueError, KeyError, TypeError):
        report.error = (
            f"{path.name}: not an OCDS release package. Fetch it again from Find a Tender, or remove it."
        )
        releases = []
    refusals: list[Refusal] = []
    repeated: list[str] = []
    for number, release in enumerate(releases, start=1):
        kind, reason, value = None, None, None
        source = {"source_file": report.file, "source_sheet": None, "source_row": number}
        if not isinstance(release, dict) or not release.get("ocid"):
            reason = "no ocid"
        else:
            key = (str(release["ocid"]), str(release.get("id")))
            if key in seen:
                repeated.append(seen[key])
                continue
            seen[key] = report.file
            kind = notice_type(release)
            buyer = _buyer(release)
            if kind is None:
                reason = "neither a notice type nor a legal basis is stated"
            elif kind in AWARD_NOTICES and not buyer.get("name"):
                reason = "an award without a buyer"
        if reason is None and isinstance(release, dict):
            stated = {
                "buyer_name": clean_text(buyer.get("name")),
                "buyer_id": buyer.get("id"),
            }
            told = list(_awards(release, kind)) if kind in AWARD_NOTICES else []
            wrong = [a for a in told if is_implausible(a["award_date"], day_of(release.get("date")))]
            if wrong:
                reason, value = (
                    "award dated over a year after its notice, or before 2000",
                    str(wrong[0]["award_date"]),
                )
            else:
                awards += [{**award, **stated, **source} for award in told]
                tender = part_of(release, "tender")
                notices.append(
                    {
                        "ocid": release["ocid"],
                        "notice_id": release.get("id"),
                        "notice_type": kind,
                        "notice_date": day_of(release.get("date")),
                        "title": clean_text(tender.get("title")),
                        "cpv_code": cpv_of(tender)
                        or next((c for a in items_of(release, "awards") if (c := cpv_of(a))), None),
                        **planned(release),
                        **stated,
                        **source,
                    }
                )
        if reason:
            refusals.append(
                Refusal(number, reason, "Nothing to do, or ask the buyer to correct the notice.", value=value)
            )
    report.account(Amount(len(notices)), refusals, Amount(len(repeated)), repeated)
    return (
        pd.DataFrame(notices, columns=list(NOTICE_COLUMNS)),
        pd.DataFrame(awards, columns=list(COLUMNS)),
        report,
    )


def once(awards: pd.DataFrame) -> pd.DataFrame:
    """Count each award once: of the notices that tell it, the last kind (UK7 over UK6 over UK5), then the newest.

    Rows of Contracts Finder pass unchanged.
    """
    if awards.empty:
        return awards
    rank = awards["notice_type"].map({"UK7": 3, "UK6": 2, "UK5": 1}).fillna(0)
    # NNNNNN-YYYY: newest is by year, then by number.
    number = awards["notice_id"].astype(str).map(lambda notice: notice[-4:] + notice)
    ordered = awards.assign(rank=rank, number=number).sort_values(
        ["award_key", "rank", "number", "supplier_name"], ascending=[True, False, False, True], kind="stable"
    )
    best = ordered.groupby("award_key")["notice_id"].transform("first")
    chosen = ordered[ordered["notice_id"] == best].drop(columns=["rank", "number"])
    chosen = chosen.drop_duplicates(["award_key", "supplier_name"]).reset_index(drop=True)
    chosen["supplier_count"] = chosen["supplier_count"].astype("int64")
    return schemas.validate(chosen, schemas.AWARDS)
