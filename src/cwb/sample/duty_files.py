"""What notices of the illustrative council tell of its contracts after their award: when each was told, its indicators, changes, ends,
results, and procurements that came to nothing. Every duty has cases that were in time, late, missing and not known."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
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


@dataclass(frozen=True)
class _Notice:
    """One later notice: its kind and tag, its process, when it was published, and what it says."""

    kind: str
    tag: str
    ocid: str
    day: date
    body: Mapping[str, object]
    tender: Mapping[str, object] = field(default_factory=dict)


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
    """Later notices of the council's own contracts: changes before and after they were made, ends in time, late and not told, a late
    assessment of one large contract, and four procurements that ended without award, one of them withdrawn in error."""
    year = settings.baseline_period.start_year + 3
    told = agreements[agreements["award_date"] >= FIND_A_TENDER_FROM]
    processes = {
        reference: f"ocds-h6vhtk-f{n:05x}" for n, reference in enumerate(told["contract_reference"], start=1)
    }
    own = told[told["buyer"] == settings.council.name].sort_values(
        ["value", "contract_reference"], ascending=[False, True]
    )
    notices = [*_of_large(own.head(5), processes, year), *_ends(own, processes, year), *_without_award(year)]
    releases = [
        _release(notice, f"{700_000 + n:06d}-{notice.day.year}", settings)
        for n, notice in enumerate(notices, start=1)
    ]
    package = {"uri": "illustrative", "version": "1.1", "publishedDate": f"{year}-10-01T00:00:00+01:00",
               "publisher": {"name": "cwb sample"}, "license": "fictional", "releases": releases}  # fmt: skip
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(package, indent=1, default=str), encoding="utf-8")
    return path


def _release(notice: _Notice, number: str, settings: Settings) -> dict[str, object]:
    name = settings.council.name
    buyer = {"id": f"GB-PPON-SAMP-{zlib.crc32(name.encode()) % 10_000:04d}-BUYR", "name": name}
    document = {"id": number, "noticeType": notice.kind, "url": f"https://example.org/Notice/{number}"}
    return {
        "ocid": notice.ocid, "id": number, "tag": [notice.tag], "date": f"{notice.day}T09:00:00+01:00",
        # UK9, UK11 and UK12 name the buyer among the parties alone.
        "parties": [{**buyer, "roles": ["buyer"]}], **({"buyer": buyer} if notice.kind == "UK10" else {}),
        "tender": {"legalBasis": {"scheme": "UKPGA", "id": "2023/54"}, **notice.tender, "documents": [document]}, **notice.body,
    }  # fmt: skip


def _of_large(large: pd.DataFrame, processes: dict[str, str], year: int) -> Iterator[_Notice]:
    """The dearest contract's first assessment, three weeks late; a change of each of the next, the second told after it was made."""
    for n, a in enumerate(large.itertuples()):
        process = processes[str(a.contract_reference)]
        if n == 0:
            first = a.start_date + timedelta(days=365)
            results = {"contracts": [_results(a.start_date, first)]}
            yield _Notice("UK9", "implementation", process, first + timedelta(days=23), results)
            continue
        made, is_made = date(year, 5, 1) + timedelta(days=20 * n), n == 2
        value = {"amount": round(a.value * 1.3, 2), "amountGross": round(a.value * 1.56, 2), "currency": "GBP"}
        reason = "transferCorporateRestructuring" if is_made else "additionalServices"
        change = {"date": f"{made}T00:00:00+01:00", "rationaleClassifications": [{"id": reason}]}
        told = {"amendments": [change]} if is_made else {"proposedAmendments": [{**change, "value": value}]}
        day = made + timedelta(days=13 if is_made else -9)
        yield _Notice(
            "UK10", "contractAmendment", process, day, {"contracts": [{"id": "1", "awardID": "1", **told}]}
        )


def _ends(own: pd.DataFrame, processes: dict[str, str], year: int) -> Iterator[_Notice]:
    """Ends of the dearest contracts that are over: in time and late, and of one nobody told."""
    over = own[own["end_date"] < date(year, 9, 1)].head(6)
    for a, lag in zip(over.itertuples(), (10, None, 41, 5, 102, 19), strict=False):
        if lag is None or (told := a.end_date + timedelta(days=lag)) >= date(year, 10, 1):
            continue
        final = {"amount": a.value, "amountGross": round(a.value * 1.2, 2), "currency": "GBP"}
        contract = {
            "id": "1", "awardID": "1", "status": "terminated", "terminationRationaleClassifications": [{"id": "contractCompleted"}],
            "implementation": {"endDate": f"{a.end_date}T00:00:00+01:00", "finalValue": final},
        }  # fmt: skip
        yield _Notice(
            "UK11", "contractTermination", processes[str(a.contract_reference)], told, {"contracts": [contract]}
        )


def _without_award(year: int) -> Iterator[_Notice]:
    for n, (title, said) in enumerate((
        ("Play area surfacing", "No submissions"), ("Ceremony room lighting", "Funding was withdrawn"), ("Leisure feasibility study", None),
        ("Parking machines", "Error in notice published. New notice to replace previous one."),
    )):  # fmt: skip
        ended = date(year, 6, 1) + timedelta(days=9 * n)
        award = {
            "id": "1",
            "status": "cancelled",
            "relatedLots": ["1"],
            "finalStatusDate": f"{ended}T00:00:00+01:00",
        }
        award |= {"statusDetails": said} if said else {}
        tender = {
            "id": f"END-{n}",
            "title": title,
            "status": "complete",
            "lots": [{"id": "1", "status": "complete"}],
        }
        day = ended + timedelta(days=2)
        yield _Notice("UK12", "tenderCancellation", f"ocds-h6vhtk-d{n:05x}", day, {"awards": [award]}, tender)


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
