"""What notices of the illustrative council tell of its contracts after their award: when each was told, its indicators, changes, ends,
results, and procurements that came to nothing. Every duty has cases that were in time, late, missing and not known."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

import pandas as pd

from cwb.council.config import Settings

# Since the Procurement Act came into force, Find a Tender tells awards.
FIND_A_TENDER_FROM = date(2025, 2, 24)
_THRESHOLD, _LARGE = 207_720, 5_000_000
# Days from signing to the first notice, over and over: two of eleven are late.
_LAGS = (4, 9, 0, 13, 29, 7, 30, 12, 21, 46, 2)
_METRICS = (
    "Work finished on time",
    "Complaints answered within five days",
    "Invoices that are right the first time",
)


def told_on(signed: date, n: int) -> date:
    """The day on which the n-th contract was first told."""
    return signed + timedelta(days=_LAGS[n % len(_LAGS)])


def terms(value_gross: float, n: int) -> dict[str, object]:
    """What a contract details notice says of the n-th contract beside its value: its threshold, indicators, and options."""
    found: dict[str, object] = {"aboveThreshold": value_gross >= _THRESHOLD, "status": "active"}
    if value_gross > _LARGE:
        found["agreedMetrics"] = [{"id": str(k), "title": title} for k, title in enumerate(_METRICS, start=1)]
    elif n % 17 == 0:
        found["noAgreedMetricsRationale"] = "Contract below £5 million"
    return found


def write_contract_notices(path: Path, settings: Settings, agreements: pd.DataFrame) -> Path:
    """Later notices of the council's own contracts: changes before and after they were made, ends in time and late, results of one
    large contract, four procurements that ended without award (one withdrawn in error), and bids by lot."""
    year = settings.baseline_period.start_year + 3
    own = agreements[
        (agreements["buyer"] == settings.council.name) & (agreements["award_date"] >= FIND_A_TENDER_FROM)
    ]
    large = own.sort_values(["value", "contract_reference"], ascending=[False, True]).head(5)
    ended = (
        own[own["end_date"] < date(year, 9, 1)]
        .sort_values(["value", "contract_reference"], ascending=[False, True])
        .head(6)
    )
    numbers = {reference: n for n, reference in enumerate(_told_of(agreements), start=1)}
    releases: list[dict[str, object]] = []

    def tell(
        kind: str,
        ocid: str,
        day: date,
        tag: str,
        body: Mapping[str, object],
        own: Mapping[str, object] | None = None,
    ) -> None:
        notice = f"{700_001 + len(releases):06d}-{day.year}"
        document = {"id": notice, "noticeType": kind, "url": f"https://example.org/Notice/{notice}"}
        buyer = {
            "id": f"GB-PPON-SAMP-{zlib.crc32(settings.council.name.encode()) % 10_000:04d}-BUYR",
            "name": settings.council.name,
        }
        tender = {
            "legalBasis": {"scheme": "UKPGA", "id": "2023/54"},
            **(own or {}),
            "documents": [document],
        }
        releases.append({
            "ocid": ocid, "id": notice, "tag": [tag], "date": f"{day}T09:00:00+01:00",
            # UK9, UK11 and UK12 name the buyer among the parties alone.
            "parties": [{**buyer, "roles": ["buyer"]}], **({"buyer": buyer} if kind == "UK10" else {}), "tender": tender, **body,
        })  # fmt: skip

    def ocid(reference: str) -> str:
        return f"ocds-h6vhtk-f{numbers[reference]:05x}"

    for n, a in enumerate(large.itertuples()):
        if n == 0:
            # The first anniversary was told late.
            first = a.start_date + timedelta(days=365)
            results = {"contracts": [_results(a.start_date, first)]}
            tell("UK9", ocid(a.contract_reference), first + timedelta(days=23), "implementation", results)
            continue
        made = date(year, 5, 1) + timedelta(days=20 * n)
        is_made = n == 2
        told = made + timedelta(days=13 if is_made else -9)
        shape = {
            "date": f"{made}T00:00:00+01:00",
            "rationaleClassifications": [
                {"id": "transferCorporateRestructuring" if is_made else "additionalServices"}
            ],
        }
        value = {"amount": round(a.value * 1.3, 2), "amountGross": round(a.value * 1.56, 2), "currency": "GBP"}
        changed: dict[str, object] = {"id": "1", "awardID": "1"}
        changed |= {"amendments": [shape]} if is_made else {"proposedAmendments": [{**shape, "value": value}]}
        tell("UK10", ocid(a.contract_reference), told, "contractAmendment", {"contracts": [changed]})
    for n, a in enumerate(ended.itertuples()):
        if n == 1:
            continue  # nobody told of this end
        told = a.end_date + timedelta(days=(10, 0, 41, 5, 102, 19)[n])
        if told < date(year, 10, 1):
            over = {
                "id": "1", "awardID": "1", "status": "terminated", "terminationRationaleClassifications": [{"id": "contractCompleted"}],
                "implementation": {"endDate": f"{a.end_date}T00:00:00+01:00",
                                   "finalValue": {"amount": a.value, "amountGross": round(a.value * 1.2, 2), "currency": "GBP"}},
            }  # fmt: skip
            tell("UK11", ocid(a.contract_reference), told, "contractTermination", {"contracts": [over]})
    for n, (title, said) in enumerate((
        ("Play area surfacing", "No submissions"), ("Ceremony room lighting", "Funding was withdrawn"), ("Leisure feasibility study", None),
        ("Parking machines", "Error in notice published. New notice to replace previous one."),
    )):  # fmt: skip
        award = {
            "id": "1",
            "status": "cancelled",
            "relatedLots": ["1"],
            "finalStatusDate": f"{date(year, 6, 1) + timedelta(days=9 * n)}T00:00:00+01:00",
        }
        tender = {
            "id": f"END-{n}",
            "title": title,
            "status": "complete",
            "lots": [{"id": "1", "status": "complete"}],
        }
        award |= {"statusDetails": said} if said else {}
        tell(
            "UK12",
            f"ocds-h6vhtk-d{n:05x}",
            date(year, 6, 3) + timedelta(days=9 * n),
            "tenderCancellation",
            {"awards": [award]},
            tender,
        )
    package = {"uri": "illustrative", "version": "1.1", "publishedDate": f"{year}-10-01T00:00:00+01:00",
               "publisher": {"name": "cwb sample"}, "license": "fictional", "releases": releases}  # fmt: skip
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(package, indent=1, default=str), encoding="utf-8")
    return path


def _told_of(agreements: pd.DataFrame) -> list[str]:
    """The contracts that the file of awards tells, in its order."""
    return list(agreements[agreements["award_date"] >= FIND_A_TENDER_FROM]["contract_reference"])


def _results(first: date, last: date) -> dict[str, object]:
    rated = (("met", "Good - performance is meeting or exceeding the KPI", "97%"), ("met", "Good - performance is meeting or exceeding the KPI", "1500"),
             ("slightlyBelow", "Approaching target - performance is close to meeting the KPI", "88% - two of three quarters"))  # fmt: skip
    period = {"startDate": f"{first}T00:00:00+01:00", "endDate": f"{last - timedelta(days=1)}T23:59:59+01:00"}
    metrics = [
        {"id": str(n), "title": title,
         "observations": [{"period": period, "measure": result, "measureClassification": {"id": code, "description": words}}]}
        for n, (title, (code, words, result)) in enumerate(zip(_METRICS, rated, strict=True), start=1)
    ]  # fmt: skip
    return {"id": "1", "awardID": "1", "implementation": {"metrics": metrics}}
