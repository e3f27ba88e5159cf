"""Contracts and awards of the sample, each as its publisher lays it out."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import pandas as pd

from cwb.sample.cells import write_csv, yes_no
from cwb.sample.duty_files import FIND_A_TENDER_FROM, terms, told_on
from cwb.sample.suppliers import CATEGORIES

_DEPARTMENTS = ("Housing", "Environment", "Corporate", "Leisure and culture", "Planning")


def write_register(path: Path, agreements: pd.DataFrame, body: str, aliases: Iterable[str] = ()) -> Path:
    """The contracts register of a body in the LGA/ESD layout; `aliases` are the other names of the body as buyer."""
    header = [
        "Organisation name", "Contract Reference number / ID", "Title of the Agreement",
        "Local authority directorate/service responsible", "Description of goods and services",
        "Procurement classification: CPV code", "Contract start date", "End date", "Review date", "Contract value",
        "Irrecoverable VAT", "Supplier name", "Supplier registered company number",
        "Supplier registered charity number", "SME supplier", "VCSE supplier", "Tender type",
    ]  # fmt: skip
    rows: list[list[object]] = []
    of_body = agreements[agreements["buyer"].isin([body, *aliases])]
    for n, a in enumerate(of_body.itertuples()):
        # A department keeps a category, but for some contracts; the register of one of them lacks descriptions.
        place = sorted(CATEGORIES).index(a.category) + (n % 9 == 4)
        department = _DEPARTMENTS[place % len(_DEPARTMENTS)] if n % 23 else ""
        rows.append(
            [
                body, a.contract_reference, a.title, department, "" if department == "Planning" and n % 2 else a.category, CATEGORIES[a.category][0],
                "TBC" if n % 97 == 50 else f"{a.start_date:%d/%m/%Y}", f"{a.end_date:%d/%m/%Y}", "",
                f"{a.value:.2f}", "0.00", a.supplier_name,
                (a.company_number or "").lstrip("0"), "", yes_no(a.is_sme), yes_no(a.is_vcse), "Invitation to quote",
            ]
        )  # fmt: skip
    return write_csv(path, [header, *rows], "cp1252")


def write_contracts_finder(path: Path, agreements: pd.DataFrame) -> Path:
    """Awards before the Procurement Act, in the flat OCDS columns, addresses as free text, HTML entities in names."""
    header = [
        "buyer_name", "award_id", "title", "description", "status", "date", "value_amount", "value_currency",
        "contractPeriod_startDate", "contractPeriod_endDate", "datePublished", "supplier_name", "identifier_scheme",
        "identifier_id", "address_streetAddress", "address_postalCode", "sme", "vco",
    ]  # fmt: skip
    rows: list[list[object]] = []
    early = agreements[agreements["award_date"] < FIND_A_TENDER_FROM]
    for n, a in enumerate(early.itertuples()):
        awarded = date(2044, a.award_date.month, 1) if n == 3 else a.award_date
        rows.append(
            [
                a.buyer.upper() if n % 4 == 0 else a.buyer, f"award-{a.contract_reference}", a.title,
                "See description of related tender", "active", f"{awarded}T00:00:00", f"{a.value:.1f}", "GBP",
                f"{a.start_date}T00:00:00", f"{a.end_date}T00:00:00", f"{a.award_date}T12:00:00",
                a.supplier_name.replace("&", "&amp;"), "GB-COH" if n % 3 else "",
                (a.company_number or "") if n % 3 else "",
                f"1 Example Road, Exampleton{', ' + a.postcode if a.postcode else ''}", "",
                "1.0" if a.is_sme is True else "", "1.0" if a.is_vcse is True else "",
            ]
        )  # fmt: skip
    return write_csv(path, [header, *rows])


def write_find_a_tender(path: Path, agreements: pd.DataFrame) -> Path:
    """Awards under the Procurement Act as OCDS releases: each in a UK7 notice, every third in a UK6 before it."""
    releases = []
    late = agreements[agreements["award_date"] >= FIND_A_TENDER_FROM]
    for n, a in enumerate(late.itertuples(), start=1):
        kinds = ["UK6", "UK7"] if n % 3 == 0 else ["UK7"]
        for step, kind in enumerate(kinds):
            releases.append(_release(f"ocds-h6vhtk-f{n:05x}", f"{900_000 + 2 * n + step:06d}-2026", kind, a, n))
    package = {
        "uri": "illustrative",
        "version": "1.1",
        "publishedDate": "2026-10-01T00:00:00+01:00",
        "publisher": {"name": "cwb sample"},
        "license": "fictional",
        "releases": releases,
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(package, indent=1, default=str), encoding="utf-8")
    return path


def _release(ocid: str, notice_id: str, kind: str, a, n: int) -> dict[str, object]:  # type: ignore[no-untyped-def]
    supplier_id = f"GB-COH-{a.company_number}" if a.company_number else f"GB-FTS-{a.supplier_id}"
    party: dict[str, object] = {
        "id": supplier_id,
        "name": a.supplier_name,
        "roles": ["supplier"],
        "address": {"postalCode": a.postcode, "country": "GB"},
        "details": {"scale": {True: "sme", False: "large"}.get(a.is_sme)},
    }
    if a.company_number:
        party["identifier"] = {"scheme": "GB-COH", "id": a.company_number.lstrip("0")}
    if isinstance(a.is_vcse, bool):
        party["details"]["vcse"] = a.is_vcse  # type: ignore[index]
    buyer = {"id": f"GB-PPON-SAMP-{zlib.crc32(a.buyer.encode()) % 10_000:04d}-BUYR", "name": a.buyer}
    value = {"amount": a.value, "amountGross": round(a.value * 1.2, 2), "currency": "GBP"}
    document = {"id": notice_id, "noticeType": kind}
    award: dict[str, object] = {
        "id": "1",
        "suppliers": [{"id": supplier_id, "name": a.supplier_name}],
        "items": [{"id": "1", "additionalClassifications": [{"scheme": "CPV", "id": CATEGORIES[a.category][0]}]}],
        "contractPeriod": {"startDate": f"{a.start_date}T00:00:00Z", "endDate": f"{a.end_date}T23:59:59Z"},
    }
    release: dict[str, object] = {
        "ocid": ocid,
        "id": notice_id,
        "tag": ["award", "contract"],
        "date": f"{a.award_date}T09:00:00+00:00",
        "parties": [{**buyer, "roles": ["buyer"]}, party],
        "buyer": buyer,
        "tender": {
            "id": a.contract_reference,
            "title": a.title,
            "legalBasis": {"scheme": "UKPGA", "id": "2023/54"},
            "procurementMethodDetails": "Open procedure",
        },
        "awards": [award],
    }
    if kind == "UK6":
        award |= {"date": f"{a.award_date}T00:00:00Z", "value": value, "documents": [document]}
    else:
        release["date"] = f"{told_on(a.award_date, n)}T09:00:00+00:00"
        release["contracts"] = [
            {
                "id": "1",
                "awardID": "1",
                "value": value,
                "dateSigned": f"{a.award_date}T00:00:00Z",
                "documents": [document],
                **terms(round(a.value * 1.2, 2), n),
            }
        ]
    return release
