"""No person is named: two hundred forms in every text field of a small council, searched for in every byte that is written."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import os
import shutil
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest
from planted_names import FORMS, named_in
from cwb.council.config import load_config
from cwb.lines.build import prepare_lines
from cwb.lines.engine import tables_folder

ROOT = Path(__file__).parents[2]
PERIOD = "2025-26"
TOML = """
[council]
name = "Oldmere Borough Council"
home_district = "E07000243"
buyer_names = ["Oldmere Borough Council"]
[local]
name = "Hertfordshire"
districts = ["E07000243", "E07000099"]
[[anchors]]
name = "Fenland College"
aliases = ["Fenland College"]
kind = "college"
"""
FIRM, POSTCODE = "Hazel Joinery Ltd", "SG1 1AA"
Rows = list[dict[str, str]]


def _spend(forms: list[str]) -> Rows:
    rows = []
    for at, form in enumerate(forms):
        day = f"{at % 28 + 1:02d}/{at % 9 + 4:02d}/2025"
        plain = {"Supplier name": FIRM, "Payment date": day, "Net amount": f"{at + 500}.00", "Supplier postcode": POSTCODE}
        rows.append(plain | {"Supplier name": form, "Transaction number": f"P{at}"})
        texts = {"Purpose of spend (summary)": form, "Department": form, "Service category label": form, "CategoryInternalName": form}
        rows.append(plain | texts | {"Transaction number": form, "Contract reference": form})
        # Refused: what stands as amount or day is no amount or day.
        rows.append(plain | {"Net amount": form})
        rows.append(plain | {"Payment date": form})
    return rows  # fmt: skip


def _contracts(forms: list[str]) -> Rows:
    plain = {"StartDate": "01/04/2025", "EndDate": "31/03/2027", "ContractValue": "80000", "SupplierName": FIRM, "CPVCode": "45000000"}
    rows = [
        plain | {"ContractReference": form, "ContractTitle": form, "Description of goods and services": form, "OrganisationalUnit": form,
                 "ProcurementCategory": form}
        for form in forms
    ]  # fmt: skip
    return rows + [
        plain | {"ContractReference": f"C{at}", "ContractTitle": "Doors", "SupplierName": form, "Supplier postcode": POSTCODE}
        for at, form in enumerate(forms)
    ]


def _pipeline(forms: list[str]) -> Rows:
    return [
        {"Reference": form, "Title": form, "Description": form, "Department": form, "Category": form, "Estimated total value": "60000",
         "Expected tender date": "01/06/2026", "Expected contract start": "01/10/2026", "Current contract reference": form,
         "How to register": form}
        for form in forms
    ]  # fmt: skip


def _releases(forms: list[str]) -> list[dict[str, object]]:
    made: list[dict[str, object]] = []
    for at, form in enumerate(forms):
        buyer = {"id": "B", "name": "Oldmere Borough Council", "roles": ["buyer"], "contactPoint": {"name": form, "email": form}}
        for supplier, title in ((FIRM, form), (form, "Doors")):
            number = f"{at:06d}-{'2025' if title == form else '2026'}"
            party = {"id": "S", "name": supplier, "roles": ["supplier"], "address": {"postalCode": POSTCODE}, "contactPoint": {"name": form}}
            award = {"id": "1", "title": title, "description": form, "status": "active", "date": "2025-06-05",
                     "value": {"amount": 50_000, "currency": "GBP"}, "suppliers": [{"id": "S", "name": supplier}]}  # fmt: skip
            made.append({
                "ocid": f"ocds-h6vhtk-{number}", "id": number, "date": "2025-06-06T10:00:00+01:00", "tag": ["award"],
                "buyer": {"id": "B", "name": "Oldmere Borough Council"}, "parties": [buyer, party],
                "tender": {"title": title, "description": form, "documents": [{"id": number, "noticeType": "UK6"}]}, "awards": [award],
            })  # fmt: skip
        number = f"{at:06d}-2027"
        made.append({
            "ocid": f"ocds-h6vhtk-{number}", "id": number, "date": "2026-02-06T10:00:00+01:00", "tag": ["tender"],
            "buyer": {"id": "B", "name": "Oldmere Borough Council"}, "parties": [buyer],
            "tender": {"title": form, "description": form, "documents": [{"id": number, "noticeType": "UK4"}], "status": "active",
                       "value": {"amount": 40_000, "currency": "GBP"}, "tenderPeriod": {"endDate": "2026-09-01T12:00:00Z"}},
        })  # fmt: skip
    return made


def _lists(forms: list[str]) -> dict[str, Rows]:
    """Lists that officers keep: suppliers without numbers, reports, plans, projects and what was tried."""
    return {
        "vendors": [{"Supplier id": f"V{at}", "Supplier name": form, "Postcode": POSTCODE} for at, form in enumerate(forms)],
        "supplier_emissions": [
            {"Supplier name": form, "Year": "2025-26", "Method": "hybrid", "Emissions (tCO2e)": "2", "Evidence": form} for form in forms
        ],
        "carbon_plans": [{"Supplier name": form, "Net zero commitment year": "2045", "Signed off by (role)": form} for form in forms],
        "initiatives": [{"Year": "2025-26", "What was tried": form, "Bodies": form, "Outcome": form} for form in forms],
        "one_offs": [
            {"Project": form, "Kind": "one-off", "Reason": form, "Approved by (role)": form, "Approved on": "01/04/2025",
             "Financial year": "2025-26", "Match on": "transaction_number", "Match value": f"P{at}", "Expected amount": "500"}
            for at, form in enumerate(forms[:40])
        ],
    }  # fmt: skip


def _write(folder: Path, rows: Rows) -> None:
    folder.mkdir(parents=True)
    with (folder / f"{folder.name}.csv").open("w", encoding="utf-8-sig", newline="") as handle:
        writer = csv.DictWriter(handle, list(dict.fromkeys(name for row in rows for name in row)))
        writer.writeheader()
        writer.writerows(rows)


@dataclass(frozen=True)
class Built:
    """A small council whose every text field names persons, all that was built of it, and what the commands printed."""

    folder: Path
    printed: dict[str, str]

    def texts(self, below: str, *patterns: str) -> Iterator[tuple[str, str]]:
        """Name and text of every file below a folder; of a workbook its parts."""
        for pattern in patterns or ("*",):
            for path in sorted((self.folder / below).rglob(pattern)):
                if path.is_file() and path.suffix == ".xlsx":
                    with zipfile.ZipFile(path) as book:
                        yield from ((f"{path.name}/{one}", book.read(one).decode("utf-8", "replace")) for one in book.namelist())
                elif path.is_file():
                    yield path.name, path.read_bytes().decode("utf-8", "replace")

    def named(self, below: str, *patterns: str) -> dict[str, list[str]]:
        """The forms that stand in files, by file."""
        return {name: found for name, text in self.texts(below, *patterns) if (found := named_in(text))}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, place_tables: Path) -> Built:
    folder = tmp_path_factory.mktemp("planted")
    forms = list(FORMS)
    (folder / "cwb.toml").write_text(TOML, encoding="utf-8")
    raw = folder / "data" / "raw"
    for name, rows in {"spend": _spend(forms), "contracts": _contracts(forms), "pipeline": _pipeline(forms), **_lists(forms)}.items():
        _write(raw / name, rows)
    _write(raw / "anchor_spend" / "fenland-college", _spend(forms[::4]))
    (raw / "notices").mkdir()
    (raw / "notices" / "p.json").write_text(json.dumps({"releases": _releases(forms)}, ensure_ascii=False), encoding="utf-8")
    shutil.copytree(ROOT / "notebooks", folder / "notebooks")
    processed = folder / "data" / "processed"
    processed.mkdir()
    for made in place_tables.glob("*-????????.parquet"):
        shutil.copy(made, processed)
    printed = {}
    with contextlib.chdir(folder):
        for words in (
            "check", "check --json", "match", "run 2025-26", "review", "rows total_spend --period 2025-26 -o rows.csv",
            "rows total_spend --period 2025-26 --lines -o lines.xlsx", "rows award_count --period 2025-26 -o awards.csv",
            "template places", "template pass-through", "template approved-names",
        ):  # fmt: skip
            started = time.monotonic()
            result = subprocess.run([sys.executable, "-m", "cwb", *words.split()], capture_output=True, text=True, encoding="utf-8", check=False,
                                    env={**os.environ, "PYTHONPATH": str(ROOT / "src")})
            print(words, round(time.monotonic() - started, 1))
            printed[words] = result.stdout + result.stderr
    return Built(folder, printed)


def test_debug(built: Built) -> None:
    for w, t in built.printed.items():
        print(w, "=>", t[-300:], named_in(t)[:5], len(named_in(t)))
    for below in ("reports", "data/processed"):
        for n, f in built.named(below, *(["*"] if below == "reports" else ["*.csv", "*.json", "*.toml"])).items():
            print(below, n, len(f), f[:8])
    for n in ("rows.csv", "lines.xlsx", "awards.csv", "places.csv", "pass-through.csv", "approved-names.csv"):
        print(n, {k: (len(v), v[:4]) for k, v in built.named("", n).items()})
    assert 0
