"""No person is named: two hundred forms in every text field of a small council, searched for in every byte that is written."""

from __future__ import annotations

import contextlib
import csv
import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from planted_names import FORMS, named_in

from conftest import copy_places
from cwb.base.person_names import names_person
from cwb.base.privacy import TEXT_WITHHELD, WITHHELD, evidenced_name, means_people, shown_reference
from cwb.base.progress import quiet
from cwb.cli.commands import matching_account, write_form_of, write_review
from cwb.council.config import Settings, load_config
from cwb.lines.build import prepare_lines
from cwb.lines.engine import tables_folder
from cwb.publish.rows import ask_rows, write_rows
from cwb.sources.forms import NAMES_PAYEES

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
        plain = {
            "Supplier name": FIRM,
            "Payment date": day,
            "Net amount": f"{at + 500}.00",
            "Supplier postcode": POSTCODE,
        }
        rows.append(plain | {"Supplier name": form, "Transaction number": f"P{at}"})
        texts = {
            "Purpose of spend (summary)": form,
            "Department": form,
            "Service category label": form,
            "CategoryInternalName": form,
        }
        rows.append(plain | texts | {"Transaction number": form, "Contract reference": form})
        # Refused: what stands as amount or day is no amount or day.
        rows.append(plain | {"Net amount": form})
        rows.append(plain | {"Payment date": form})
    return rows  # fmt: skip


def _contracts(forms: list[str]) -> Rows:
    plain = {
        "StartDate": "01/04/2025",
        "EndDate": "31/03/2027",
        "ContractValue": "80000",
        "SupplierName": FIRM,
        "CPVCode": "45000000",
    }
    rows = [
        plain | {"ContractReference": form, "ContractTitle": form, "Description of goods and services": form, "OrganisationalUnit": form,
                 "ProcurementCategory": form}
        for form in forms
    ]  # fmt: skip
    return rows + [
        plain
        | {
            "ContractReference": f"C{at}",
            "ContractTitle": "Doors",
            "SupplierName": form,
            "Supplier postcode": POSTCODE,
        }
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
        buyer = {
            "id": "B",
            "name": "Oldmere Borough Council",
            "roles": ["buyer"],
            "contactPoint": {"name": form, "email": form},
        }
        for supplier, title in ((FIRM, form), (form, "Doors")):
            number = f"{at:06d}-{'2025' if title == form else '2026'}"
            party = {
                "id": "S",
                "name": supplier,
                "roles": ["supplier"],
                "address": {"postalCode": POSTCODE},
                "contactPoint": {"name": form},
            }
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
        "decisions": [{"Date": "01/04/2025", "Decision": form, "Role": form, "Finding": form, "Outcome": form} for form in forms],
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
                        yield from (
                            (f"{path.name}/{one}", book.read(one).decode("utf-8", "replace"))
                            for one in book.namelist()
                        )
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
    for name, rows in {
        "spend": _spend(forms),
        "contracts": _contracts(forms),
        "pipeline": _pipeline(forms),
        **_lists(forms),
    }.items():
        _write(raw / name, rows)
    _write(raw / "anchor_spend" / "fenland-college", _spend(forms[::4]))
    (raw / "notices").mkdir()
    (raw / "notices" / "p.json").write_text(
        json.dumps({"releases": _releases(forms)}, ensure_ascii=False), encoding="utf-8"
    )
    shutil.copytree(ROOT / "notebooks", folder / "notebooks")
    copy_places(place_tables, folder)
    printed = {}
    with contextlib.chdir(folder):
        for words in ("check --json", "run 2025-26"):
            result = subprocess.run(
                [sys.executable, "-m", "cwb", *words.split()], capture_output=True, text=True, encoding="utf-8", check=False,
                env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
            )  # fmt: skip
            printed[words] = result.stdout + result.stderr
        config = Path("cwb.toml")
        printed["match"] = "\n".join(matching_account(config, quiet))
        printed["review"] = "\n".join(write_review(config, quiet)[1])
        for name in ("places", "pass-through", "approved-names"):
            printed[f"template {name}"] = write_form_of(name, Path(), config, str, quiet)
        for finding, lines in (
            ("total_spend", False),
            ("total_spend", True),
            ("award_count", True),
            ("demand_count", True),
        ):
            found = ask_rows(finding, PERIOD, {}, lines, config)
            write_rows(found, Path(f"{finding}-{lines}.{'xlsx' if lines else 'csv'}"))
            printed["rows"] = printed.get("rows", "") + "\n".join(found.summary)
    return Built(folder, printed)


def _case(number: int, done: str, holds: str, *values: object) -> object:
    return pytest.param(*values, marks=pytest.mark.fault(f"P{number:02d}", done, holds), id=f"P{number:02d}")


@pytest.mark.parametrize(
    ("below", "patterns"),
    [
        _case(1, "200 forms of persons' names in every text field of a council; pages, brief and index are searched", "none stands there", "reports", ("*.html",)),
        _case(2, "the same; every table as CSV is searched", "none stands there", "reports", ("*.csv",)),
        _case(3, "the same; charts are searched", "none stands there", "reports", ("*.svg",)),
        _case(4, "the same; the workbook is searched, sheet by sheet", "none stands there", "reports", ("*.xlsx",)),
        _case(5, "the same; findings and manifest are searched", "none stands there", "reports", ("*.json", "*.ipynb", "*.txt", "*.md")),
        _case(6, "names stand as amounts and days in the ledger; the lists of refused rows are searched", "none stands there", "data/processed", ("*.csv", "*.json")),
        _case(7, "the rows behind numbers are written as CSV and workbook", "no row names a person", ".", ("total_spend*", "award_count*", "demand_count*")),
        _case(8, "the forms of places and of money passed on are written", "no person stands in them", ".", ("places.csv", "pass-through.csv")),
    ],
)  # fmt: skip
def test_no_file_names_a_person(built: Built, below: str, patterns: tuple[str, ...]) -> None:
    assert built.named(below, *patterns) == {}


def test_all_that_is_searched_was_written(built: Built) -> None:
    assert len(FORMS) >= 200
    assert len({name for name, _ in built.texts("reports", "*.html")}) > 6
    assert len(list(built.texts("reports", "*.csv"))) > 40
    refused = next(
        text for name, text in built.texts("data/processed/oldmere-borough-council/rejects", "spend.csv")
    )
    assert refused.count(TEXT_WITHHELD) == 2 * len(FORMS)
    assert named_in(" ".join(form for form in FORMS)) == sorted(FORMS)


@pytest.mark.fault(
    "P09",
    "names stand in every field; check, run, match, review, rows and template are run",
    "no line at the terminal names a person",
)
def test_no_command_prints_a_person(built: Built) -> None:
    assert {words: found for words, text in built.printed.items() if (found := named_in(text))} == {}


@pytest.mark.fault(
    "P10",
    "the form of names to approve is written",
    "it says in its first row whom it names, and leaves plain persons out",
)
def test_the_form_of_approvals_says_that_it_names(built: Built) -> None:
    text = (built.folder / "approved-names.csv").read_text(encoding="utf-8-sig")
    assert text.startswith(f'"{NAMES_PAYEES}"')
    assert not {"Jane Thistlewaite", "Mr Okonkwo", "GREEN, ROSE", "王小明"} & set(text.split("\n"))
    assert not [
        line
        for line in text.splitlines()
        if line.split(",")[0] in ("Chidi Okonkwo", "Rose Green", "Mrs Zofia Szczepanska")
    ]


@pytest.mark.fault(
    "P11", "payments to two hundred persons are added up", "their pounds are in the total, to the penny"
)
def test_pounds_of_those_not_shown_stay_in_totals(built: Built) -> None:
    settings = load_config(built.folder / "cwb.toml")
    kept = sum(2 * (at + 500) for at in range(len(FORMS)))
    assert duckdb.sql(f"SELECT sum(amount_gbp) FROM {_table(settings, 'spend_lines')}").fetchall() == [
        (Decimal(kept),)
    ]


@pytest.mark.fault(
    "P12",
    "payees that are not shown have postcodes in ledger, notices, contracts and the vendor list",
    "no table keeps more of them than the district",
)
def test_postcodes_of_those_not_shown_end_with_the_district(built: Built) -> None:
    settings = load_config(built.folder / "cwb.toml")
    tables = [(_table(settings, "suppliers"), "postcode")]
    for name, column in (("lines", "postcode"), ("award_lines", "postcode"), ("contract_lines", "supplier_postcode"), ("suppliers", "postcode"),
                         ("suppliers", "registered_postcode")):  # fmt: skip
        tables.append((f"read_parquet('{(settings.processed / f'{name}.parquet').as_posix()}')", column))
    for table, column in tables:
        found = duckdb.sql(
            f"SELECT DISTINCT {column} FROM {table} WHERE display_name = '{WITHHELD}' AND {column} IS NOT NULL"
        ).fetchall()
        assert {postcode for (postcode,) in found} <= {"SG1"}, table


# --- what shows an organisation ------------------------------------------------------------------------------


def _table(settings: Settings, name: str) -> str:
    return f"read_parquet('{(tables_folder(settings) / name / '**' / '*.parquet').as_posix()}')"


LEDGER = """Supplier ID,Supplier Name,Company Number,Supplier Postcode,Purpose,Payment Date,Net Amount
,Travis Perkins,,,,04/04/2025,501
,Travis Perkins plc,,,,04/04/2025,502
,Jane Thistlewaite,,,,04/04/2025,503
V2,Fenmarsh Works,,,,04/04/2025,504
,Jane Doe,,,,04/04/2025,505
,Harbour Lights,,,,04/04/2025,506
,Harbour Lamps,,,,04/04/2025,507
,Fenside Ltd,,,Foster care payment,04/04/2025,508
,Capita Ltd,,,Direct payments July,04/04/2025,509
,Capita Ltd,,,Software,04/04/2025,510
,Hertfordshire County Council,,,Kinship allowance,04/04/2025,511
,Fen Rentals,01234567,,Council tax refund,04/04/2025,512
,Sunny Days Nursery,,,,04/04/2025,513
,Quill Ltd c/o Jane Thistlewaite,,,,04/04/2025,514
,Oldmere Town Council,,,,04/04/2025,515
,Mere Wood Ltd,,,,04/04/2025,516
,MERE WOOD,,,,04/04/2025,517
V5,Moor End,,,,04/04/2025,518
,Jane Doe Photography,,,,04/04/2025,519
"""
VENDORS = """Supplier ID,Supplier Name,Company Number,Charity Number,VCSE
V1,Jane Doe Ltd,07654321,,
V2,Fenmarsh Works,,,
V5,Moor End,,1122334,
V6,Jane Doe Photography Ltd,07654322,,
"""
APPROVED = """Supplier name,"Organisation, may be shown (yes or no)",Reason,Approved by (role),Approved on
Harbour Lights,yes,a charity,Head of procurement,01/05/2025
Sunny Days Nursery,,,,
Oldmere Town Council,no,somebody's nickname,Head of procurement,01/05/2025
"""


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory, place_tables: Path) -> dict[int, str]:
    """Name shown of each payment, by its pounds."""
    folder = tmp_path_factory.mktemp("evidence")
    (folder / "cwb.toml").write_text(TOML, encoding="utf-8")
    for name, text in {"spend": LEDGER, "vendors": VENDORS, "approved_names": APPROVED}.items():
        (folder / "data" / "raw" / name).mkdir(parents=True)
        (folder / "data" / "raw" / name / f"{name}.csv").write_text(text, encoding="utf-8")
    copy_places(place_tables, folder)
    settings = load_config(folder / "cwb.toml")
    prepare_lines(settings)
    rows = duckdb.sql(f"SELECT amount_gbp, display_name FROM {_table(settings, 'spend_lines')}").fetchall()
    return {int(pounds): name for pounds, name in rows}


@pytest.mark.parametrize(
    ("pounds", "name"),
    [
        _case(13, "a payee without legal form or number", "it is not shown", 501, WITHHELD),
        _case(14, "the same name with its legal form", "it is shown", 502, "Travis Perkins plc"),
        _case(15, "a person of the name of a company in the ledger's other rows", "she is not shown", 503, WITHHELD),
        _case(16, "a name of the vendor list without a number", "it is not shown", 504, WITHHELD),
        _case(17, "a person, where the vendor list has a company of her name with its number", "she never borrows it", 505, WITHHELD),
        _case(18, "a name that a person approved in the form", "it is shown", 506, "Harbour Lights"),
        _case(19, "a name one letter away from an approved one", "it is not shown", 507, WITHHELD),
        _case(20, "a company by its looks, paid for foster care", "it is not shown", 508, WITHHELD),
        _case(21, "a company by its looks, one of whose payments is a direct payment", "that line does not show it", 509, WITHHELD),
        _case(22, "another line of that company", "that line shows it", 510, "Capita Ltd"),
        _case(23, "a listed council, paid for kinship care", "it is shown", 511, "Hertfordshire County Council"),
        _case(24, "a payee with a company number, refunded", "it is shown", 512, "Fen Rentals"),
        _case(25, "a row of the form of approvals without a decision", "its name is not shown", 513, WITHHELD),
        _case(26, "a company care of a person", "the company alone is shown", 514, "Quill Ltd"),
        _case(27, "a body by its looks that a person said is not to be shown", "it is not shown", 515, WITHHELD),
        _case(28, "a company in one row, its name without form in another", "the row with the form shows it", 516, "Mere Wood Ltd"),
        _case(29, "that other row", "it shows nothing", 517, WITHHELD),
        _case(30, "a vendor with a charity number", "it is shown", 518, "Moor End"),
        _case(37, "a trade under a person's name, where the vendor list has a company of that name", "it is not shown", 519, WITHHELD),
    ],
)  # fmt: skip
def test_a_payee_is_shown_on_evidence_alone(shown: dict[int, str], pounds: int, name: str) -> None:
    assert shown[pounds] == name


@pytest.mark.parametrize(
    "names",
    [
        _case(31, "persons' names beside a public body's word", "they are no body's name",
              ("Jane Doe Trust", "Jane Doe Academy", "Jane Doe Council", "Rose Green Academy", "Zbigniew Kowalski Council", "NHS Jane Doe", "Hope Baker School",
               "Jane Doe University", "Mr J Smith c/o Leeds City Council", "Leeds City Council, Jane Doe", "Robin Wood Town Council", "J Doe Police")),
        _case(32, "persons' names before or within a company's", "the company's form is not theirs",
              ("J Smith t/a Smith Roofing Ltd", "Jane Doe (Acme Ltd)", "Jane Doe & Acme Ltd", "Jane Doe for Acme Ltd", "Doe, J. Ltd", "Mr K Doe Ltd", "Smith LP",
               "Smith, L.P.", "Jane Doe Limited capability award", "Exec of J Doe c/o Fen LLP")),
        _case(33, "names without a form that many trades bear", "they are not shown",
              ("Accrington Glass Services", "Arnold Clark", "Smith & Sons", "Jones Partnership", "Rose Cottage Care", "Fen Club", "Sunnyside", "3 Oaks")),
    ],
)  # fmt: skip
def test_these_names_show_no_organisation(names: tuple[str, ...]) -> None:
    assert {name: found for name in names if (found := evidenced_name(name))[0]} == {}


@pytest.mark.fault("P34", "names of companies and public bodies as ledgers spell them", "they are shown")
def test_these_names_show_an_organisation() -> None:
    names = (
        "ACME LTD", "Acme Ltd.", "Acme P.L.C.", "B&Q plc", "Fen C.I.C.", "Smith, Jones & Sons Limited", "James Fisher & Sons plc", "D & G Smith Ltd", "3M UK PLC",
        "Dr Martens Ltd", "Acme (UK) Ltd", "Ribble Valley B.C.", "London Borough of Brent", "Great Harwood Town Council", "University of Leeds", "HM Revenue & Customs",
        "Guy's and St Thomas' NHS Foundation Trust", "Lancashire Constabulary", "St Anne's Primary School", "Accrington & Rossendale College", "E.ON", "DWP",
    )  # fmt: skip
    assert [name for name in names if not evidenced_name(name)[0]] == []


@pytest.mark.fault("P35", "purposes that mean people, and others", "only they withhold")
def test_purposes_that_mean_people() -> None:
    people = (
        "Foster care", "FOSTERING ALLOWANCES", "Kinship payment", "Special Guardianship", "Direct Payments - adults", "Personal budget", "Council Tax refund", "Housing Benefit",
        "Disabled Facilities Grant", "DFG 10247", "Grants to individuals", "Compensation", "Care leavers", "Staff expenses", "Estate of the late", "Rent deposit scheme",
    )  # fmt: skip
    others = (
        "Software",
        "Building works",
        "Grounds maintenance",
        "Direct debit",
        "Agency staff",
        "Legal fees",
        "Benefits realisation consultancy",
        "Grant to voluntary sector",
        None,
    )
    assert [text for text in people if not means_people(text)] == []
    assert [text for text in others if means_people(text)] == []


@pytest.mark.fault("P36", "titles and departments that name nobody", "they stay as they are")
def test_texts_that_name_nobody_are_shown() -> None:
    texts = (
        "Provision of Highways Maintenance", "Replacement of windows at Stevenage Leisure Centre", "Lot A: Cleaning", "ICT Support 2026-2028", "St Mary's Church roof repairs",
        "CCTV Monitoring and Maintenance", "Children's Services", "Waste collection, recycling and street cleansing", "Wexham Road resurfacing", "SEND transport",
    )  # fmt: skip
    assert [text for text in texts if names_person(text)] == []
    assert [shown_reference(text) for text in ("C26053", "S/ABC/12", "LCC-HGHWY-2021", "PO 1234")] == [
        "C26053",
        "S/ABC/12",
        "LCC-HGHWY-2021",
        "PO 1234",
    ]
    assert shown_reference("Jane Doe 12") is None
