"""What the illustrative council means to buy: its pipeline, and its planning notices on Find a Tender."""

from __future__ import annotations

import json
import zlib
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd

from cwb.council.config import Settings
from cwb.council.sections import BUSINESS
from cwb.sample.cells import write_csv
from cwb.sample.suppliers import CATEGORIES

# Category → (title, CPV code) of what is to be bought.
_WHAT: dict[str, tuple[tuple[str, str], ...]] = {
    "Building repairs and maintenance": (("Roof renewal programme", "45261000"), ("Void property repairs", "45453000"),
                                         ("Heating servicing", "50720000"), ("Electrical testing", "71314100")),
    "Housing and temporary accommodation": (("Temporary accommodation management", "70333000"), ("Tenancy support", "85310000")),
    "Waste, cleansing and fleet": (("Street cleansing machines", "34144430"), ("Garden waste treatment", "90513000")),
    "Information technology": (("Housing management system", "48000000"), ("Network support", "72700000"), ("Website hosting", "72415000")),
    "Agency staff and recruitment": (("Temporary staff framework", "79620000"),),
    "Grounds and parks": (("Grounds maintenance, northern parks", "77310000"), ("Tree works", "77211500")),
    "Energy and utilities": (("Electricity supply", "09310000"), ("Water billing", "65100000")),
    "Consultancy and professional services": (("Surveying services", "71250000"), ("Legal advice on housing", "79110000"),
                                              ("Business support programme", "79410000"), ("Insurance", "66510000")),
    "Leisure, arts and events": (("Community arts programme", "92310000"), ("Summer events stewarding", "79710000")),
    "Cleaning and facilities": (("Office cleaning", "90911200"), ("Window cleaning", "90911300"), ("Pest control", "90922000")),
    "Community grants and support": (("Youth outreach service", "85312000"), ("Advice and advocacy service", "85312310"),
                                     ("Befriending service", "85312000")),
    "Printing, post and office supplies": (("Printing of council magazine", "79810000"), ("Laboratory testing of water", "38000000")),
    "Vehicles and plant": (("Small vans", "34136000"), ("Plant hire", "45500000")),
}  # fmt: skip


def write_pipeline(path: Path, settings: Settings, agreements: pd.DataFrame, seed: int) -> Path:
    """A pipeline as a procurement team keeps it: months for dates, values with and without VAT, gaps, one old line. Only what
    has been tendered by now names the contract that it replaces."""
    rng = np.random.default_rng(seed + 5)
    first = date(settings.baseline_period.start_year + 3, 10, 1)
    header = ["Reference", "Procurement title", "Service area", "Goods, services or works", "CPV code", "Category",
              "Estimated total value", "VAT", "Expected tender date", "Expected contract start", "Expected contract end",
              "Light touch", "Committed", "Current contract reference"]  # fmt: skip
    ending = agreements[(agreements["buyer"] == settings.council.name) & (agreements["end_date"] > first)]
    ending = (
        ending.sort_values(["end_date", "contract_reference"]).groupby("category")["contract_reference"].first()
    )
    rows: list[list[object]] = []
    for category, titles in _WHAT.items():
        for title, cpv in titles:
            n = len(rows) + 1
            tender = first + timedelta(days=int(rng.integers(-40, 700)))
            start = tender + timedelta(days=120)
            years = int(rng.choice([1, 2, 3, 4]))
            value = float(np.round(rng.lognormal(11.9, 1.15), -3))
            kind = "Works" if cpv.startswith("45") else "Goods" if category == "Vehicles and plant" else "Services"
            rows.append(
                [
                    f"PIPE-{n:03d}", title, "Corporate", kind, "" if n % 13 == 7 else cpv, "" if n % 13 == 7 else category,
                    "TBC" if n % 11 == 5 else f"£{value:,.0f}", ("excluding VAT", "including VAT", "")[n % 3],
                    f"{tender:%B %Y}" if n % 2 else f"{tender:%d/%m/%Y}", f"{start:%d/%m/%Y}",
                    f"{start + timedelta(days=365 * years):%d/%m/%Y}",
                    "Yes" if category == "Community grants and support" else "" if n % 4 else "No",
                    "Yes" if title == "Temporary staff framework" else "",
                    ending.get(category, "") if tender < first else "",
                ]
            )  # fmt: skip
    rows.append(
        ["PIPE-900", "", "Corporate", "Services", "79000000", "", "£10,000", "", "March 2027", "", "", "", "", ""]
    )
    return write_csv(path, [["Procurement pipeline, next two years"], [], header, *rows], "utf-8-sig")


def write_planning_notices(path: Path, settings: Settings, seed: int) -> Path:
    """UK1 to UK4 of the council and of its anchor institutions, one of them in two notices."""
    rng = np.random.default_rng(seed + 6)
    published = date(settings.baseline_period.start_year + 3, 8, 1)
    buyers = [settings.council.name] * 6 + [a.aliases[0] for a in settings.anchors if a.kind != BUSINESS]
    categories = list(CATEGORIES)
    releases = []
    for n, buyer in enumerate(buyers, start=1):
        category = categories[int(rng.integers(len(categories)))]
        kind = ("UK1", "UK2", "UK3", "UK4")[n % 4]
        due = published + timedelta(days=int(rng.integers(90, 420)))
        releases.append(_release(n, 1, buyer, category, kind, published, due, float(rng.lognormal(12.3, 0.9))))
        if n == 1:
            releases.append(_release(n, 2, buyer, category, "UK4", published + timedelta(days=20), due, 250_000.0))
    package = {"uri": "illustrative", "version": "1.1", "publishedDate": "2026-10-01T00:00:00+01:00",
               "publisher": {"name": "cwb sample"}, "license": "fictional", "releases": releases}  # fmt: skip
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(package, indent=1, default=str), encoding="utf-8")
    return path


def _release(
    n: int, step: int, buyer: str, category: str, kind: str, published: date, due: date, value: float
) -> dict[str, object]:
    notice = f"{800_000 + 10 * n + step:06d}-2026"
    party = {"id": f"GB-PPON-SAMP-{zlib.crc32(buyer.encode()) % 10_000:04d}-BUYR", "name": buyer}
    document = {"id": notice, "noticeType": kind, "url": f"https://example.org/Notice/{notice}"}
    amount = float(round(value, -3))
    tender: dict[str, object] = {
        "id": f"PLAN-{n}", "title": f"{category}: planned contract {n}", "legalBasis": {"scheme": "UKPGA", "id": "2023/54"},
        "mainProcurementCategory": "works" if CATEGORIES[category][0].startswith("45") else "services",
        "items": [{"id": "1", "additionalClassifications": [{"scheme": "CPV", "id": CATEGORIES[category][0]}]}],
        "value": {"amount": amount, "amountGross": amount * 1.2, "currency": "GBP"},
        "lots": [{"id": "1", "suitability": {"sme": True, "vcse": True} if n % 2 else {},
                  "contractPeriod": {"startDate": f"{due + timedelta(days=90)}T00:00:00Z",
                                     "endDate": f"{due + timedelta(days=90 + 730)}T23:59:59Z"}}],
    }  # fmt: skip
    release: dict[str, object] = {
        "ocid": f"ocds-h6vhtk-e{n:05x}", "id": notice, "date": f"{published}T09:00:00+01:00",
        "parties": [{**party, "roles": ["buyer"]}], "buyer": party, "tender": tender,
    }  # fmt: skip
    if kind == "UK4":
        tender |= {
            "tenderPeriod": {"endDate": f"{due}T12:00:00+01:00"},
            "documents": [document],
            "status": "active",
        }
        release["tag"] = ["tender"]
    else:
        tender["communication"] = {"futureNoticeDate": f"{due}T00:00:00+01:00"}
        release |= {"tag": ["planning"], "planning": {"documents": [document]}}
    return release
