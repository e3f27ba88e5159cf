"""Anchors: packs that build and fail, forms, and what a body may do. What pack 04 counts is held by tests/cases/pack_04."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter

from cwb.base.errors import CwbError
from cwb.council.config import load_config, stray_files
from cwb.evidence.data import open_data
from cwb.evidence.finding import Finding
from cwb.packs.anchor_collaboration.bodies import bodies
from cwb.packs.market.rules import ABOVE, routes
from cwb.packs.registry import all_packs
from cwb.publish.run import run
from cwb.sources.forms import templates, write_template

TOML = """
baseline = "2024-25"
[council]
name = "Small Council"
home_district = "E07000243"
threshold_gbp = 250
[local]
name = "Hertfordshire"
districts = ["E07000243", "E07000099"]
[matching]
whole_register = 3  # these three are all that there are
[gap]
workable = 1
strong = 2
proven = 0
[[anchors]]
name = "Big Trust"
kind = "nhs"
threshold_gbp = 25_000
aliases = ["Big NHS Trust"]
[[anchors]]
name = "Old University"
kind = "university"
aliases = ["Old University"]
"""
SPEND = (
    "Supplier Name,Company number,Payment Date,Net Amount,CPV Code\n"
    "Beta Roofing Ltd,00000002,10/05/2025,30000.00,45261000\nBeta Roofing Ltd,00000002,11/05/2025,600.00,45261000\n"
    "Epsilon Ltd,00000005,10/05/2025,70000.00,45261000\n"
)
# The last two lines are one payment of £30,000, borne by two budgets.
TRUST = (
    "Department Family,Entity,Date,Expense Type,Expense Area,Supplier,Transaction Number,Amount\n"
    'Health,Big NHS Trust,10/05/2025,Estates,X,BETA ROOFING LIMITED,1,"50,000.00"\n'
    'Health,Big NHS Trust,10/05/2025,Estates,X,Gamma Drugs Ltd,2,"40,000.00"\n'
    "Health,Big NHS Trust,10/05/2025,Estates,X,Gamma Drugs Ltd,3,900.00\n"
    'Health,Big NHS Trust,12/05/2025,Estates,X,Gamma Drugs Ltd,4,"20,000.00"\n'
    'Health,Big NHS Trust,12/05/2025,Wards,Y,Gamma Drugs Ltd,4,"10,000.00"\n'
)
COMPANIES = (
    "CompanyName, CompanyNumber,RegAddress.PostCode,CompanyCategory,CompanyStatus,SICCode.SicText_1\n"
    '"BETA ROOFING LTD","00000002","SG1 1AA","Private Limited Company","Active","43910 - Roofing"\n'
    '"EPSILON LTD","00000005","EC1A 1BB","Private Limited Company","Active","43910 - Roofing"\n'
    '"GAMMA DRUGS LTD","00000006","EC1A 1BB","Private Limited Company","Active","21200 - Pharmaceuticals"\n'
)
CONTRACTS = (
    "Contract Reference number / ID,Title of the Agreement,Description of goods and services,Procurement classification: CPV code,"
    "Contract start date,End date,Contract value,Supplier name\n"
    "C1,Roofs,Roofs,45261000,01/04/2024,31/03/2027,300000,Epsilon Ltd\n"
    "C2,Sports,Sports,92600000,01/06/2025,31/05/2027,150000,Epsilon Ltd\n"
    "C3,Software,Software,72000000,01/07/2024,30/06/2026,160000,Epsilon Ltd\n"
)
TRUST_CONTRACTS = CONTRACTS.split("\n", maxsplit=1)[0] + (
    "\nT1,Roofs of the trust,Roofs,45261000,01/04/2024,30/06/2027,90000,Beta Roofing Ltd\n"
    "T2,Gym for staff,Gym,92600000,01/07/2025,30/06/2027,130000,Beta Roofing Ltd\n"
    "T3,Software of the trust,Software,72000000,01/08/2024,31/07/2026,20000,Epsilon Ltd\n"
)
INITIATIVES = (
    "Year,What was tried,Bodies,Status,Outcome\n2024-25,Meet the buyer,All,Done,Forty firms came\nlast year,x,,,\n"
)


@pytest.fixture
def project_folder(tmp_path: Path, council: Callable[..., Path]) -> Path:
    texts = {"spend": SPEND, "companies": COMPANIES, "contracts": CONTRACTS, "initiatives": INITIATIVES}
    given = tmp_path / "given"
    given.mkdir()
    paths = {}
    for source, text in texts.items():
        (given / f"{source}.csv").write_text(text, encoding="utf-8")
        paths[source] = [given / f"{source}.csv"]
    folder = council(TOML, **paths)
    for source, text in (("anchor_spend", TRUST), ("anchor_contracts", TRUST_CONTRACTS)):
        target = folder / "data" / "raw" / source / "big-trust"
        target.mkdir(parents=True)
        (target / "file.csv").write_text(text, encoding="utf-8")
    return folder


def test_health_services_have_a_regime_of_their_own() -> None:
    day = date(2026, 6, 1)
    labels = {
        kind: [r.route for r in routes(ABOVE, None, kind, day, is_health=True)] for kind in ("nhs", "council")
    }
    assert "provider-selection" in labels["nhs"]
    assert "provider-selection" not in labels["council"]
    assert "provider-selection" not in [r.route for r in routes(ABOVE, None, "nhs", day)]


def test_the_pack_builds_and_an_initiative_without_a_year_is_refused(project_folder: Path) -> None:
    report = run("2025-26", project_folder / "cwb.toml", packs=all_packs()[3:])
    page = (report / "04_anchor_collaboration.html").read_text(encoding="utf-8")
    assert "Meet the buyer" in page
    rejects = next((project_folder / "data" / "processed").rglob("rejects/initiatives.csv")).read_text(
        encoding="utf-8-sig"
    )
    assert "not a financial year,Year," in rejects


def test_one_pack_that_fails_does_not_stop_the_others(project_folder: Path) -> None:
    notebooks = project_folder / "notebooks"
    notebooks.mkdir()
    for pack in all_packs()[3:]:
        source = (Path(__file__).parents[1] / "notebooks" / pack.notebook).read_text(encoding="utf-8")
        broken = source.replace("pack.scorecard(data)", "1 / 0") if pack is all_packs()[4] else source
        (notebooks / pack.notebook).write_text(broken, encoding="utf-8")
    with pytest.raises(CwbError, match="ZeroDivisionError"):
        run("2025-26", project_folder / "cwb.toml", packs=all_packs()[3:])
    report = project_folder / "reports" / "2025-26"
    index = (report / "index.html").read_text(encoding="utf-8")
    assert (report / all_packs()[3].html_name).is_file()
    assert not (report / all_packs()[4].html_name).exists()
    assert "This pack could not be built" in index


@pytest.mark.parametrize("name", [name for name in templates() if name != "anchors"])
def test_a_form_is_read_by_its_reader(name: str, tmp_path: Path) -> None:
    from cwb.sources.registry import recognise  # noqa: PLC0415

    path = write_template(name, tmp_path)
    headings = path.read_text(encoding="utf-8-sig").strip().split(",")
    assert recognise(headings) == {"anchor-spend": "spend"}.get(name, name.replace("-", "_"))
    with pytest.raises(CwbError, match="a file of this name is there"):
        write_template(name, tmp_path)


def test_an_unknown_form(tmp_path: Path) -> None:
    with pytest.raises(CwbError, match="Choose from anchors, activity, anchor-spend"):
        write_template("poem", tmp_path)


def test_empty_forms_and_refused_rows_stop_nothing(project_folder: Path) -> None:
    raw = project_folder / "data" / "raw"
    for name in ("pipeline", "supplier-emissions", "carbon-plans", "checklists"):
        folder = raw / name.replace("-", "_")
        folder.mkdir(exist_ok=True)
        write_template(name, folder)
    # One row, refused; a planned reduction that is not stated; a workbook is as good with a sheet of notes.
    (raw / "pipeline" / "x.csv").write_text("Title,Expected tender date\nA,Autumn\n", encoding="utf-8")
    (raw / "supplier_emissions" / "x.csv").write_text(
        "Contract reference,Year,Method,kgCO2e,Planned reduction by 2030\nC1,2025/26,supplier-specific,100,\n"
        "C1,2025/26,supplier-specific,100,250%\n",
        encoding="utf-8",
    )
    with xlsxwriter.Workbook(str(raw / "checklists" / "y.xlsx")) as book:
        book.add_worksheet("Notes").write(0, 0, "How to fill this in")
        sheet = book.add_worksheet("List")
        sheet.write_row(0, 0, ["Procurement reference", "Checklist completed", "Started on"])
        sheet.write_row(1, 0, ["P1", "Yes", "01/06/2025"])
    (raw / "contract").mkdir()
    (raw / "contract" / "lost.csv").write_text("a,b\n", encoding="utf-8")
    report = run("2025-26", project_folder / "cwb.toml")
    found = {f["id"]: f for f in json.loads((report / "findings.json").read_text(encoding="utf-8"))}
    assert found["checklist_count"]["value"] == 1
    assert found["contract_planned_left"]["undefined"] == "no contract states a planned reduction"
    rejects = next((project_folder / "data" / "processed").rglob("rejects/supplier_emissions.csv"))
    assert "above 100%" in rejects.read_text(encoding="utf-8-sig")
    assert stray_files(load_config(project_folder / "cwb.toml")) == [
        "contract/lost.csv: not read, for its folder is the name of no source"
    ]


@pytest.mark.parametrize("called", ["Big NHS Trust", "big nhs trust", "Big_Trust", "BIG-TRUST"])
def test_a_folder_is_called_as_its_anchor_is(called: str, project_folder: Path) -> None:
    """An officer calls the folder by the name as it is spoken, capital letters and blanks included."""
    raw = project_folder / "data" / "raw"
    for source in ("anchor_spend", "anchor_contracts"):
        (raw / source / "big-trust").rename(raw / source / called)
    assert stray_files(load_config(project_folder / "cwb.toml")) == []
    shown, _, _ = bodies_shown(project_folder)
    assert shown["Big Trust"] == "Spending file supplied; holds 1 of 12 months"
    assert "Body not stated" not in shown


def test_a_folder_of_no_anchor_is_told_once_with_a_remedy(project_folder: Path) -> None:
    folder = project_folder / "data" / "raw" / "anchor_spend" / "Bigger Trust"
    folder.mkdir()
    for month in ("may", "june"):
        (folder / f"{month}.csv").write_text(TRUST, encoding="utf-8")
    assert stray_files(load_config(project_folder / "cwb.toml")) == [
        "anchor_spend/Bigger Trust: the folder of 2 files is the name of no anchor of the settings. Call it as an anchor is called "
        "there, or add the body under [[anchors]] in cwb.toml."
    ]


def bodies_shown(folder: Path) -> tuple[dict[str, str], str, Finding]:
    """Each body's status in pack 04, what the exhibit says, and how many bodies count."""
    data = open_data("anchor_collaboration", "2025-26", str(folder / "cwb.toml"))
    result = bodies(data)
    said, table = " ".join(result.figure().says), result.table
    return dict(zip(table["body"], table["status"], strict=True)), said, result["anchor_body_count"]


REFUSED = "Health,Big NHS Trust,soon,Estates,X,Gamma Drugs Ltd,9,{}\n"


def test_a_body_of_whose_pounds_too_much_is_refused_is_not_known(project_folder: Path) -> None:
    """The trust's rows kept state £120,900; 6,300 more would be 5.0% of what it states."""
    trust = project_folder / "data" / "raw" / "anchor_spend" / "big-trust" / "file.csv"
    (project_folder / "cwb.toml").write_text(
        TOML.split('[[anchors]]\nname = "Old', maxsplit=1)[0], encoding="utf-8"
    )
    for amount, known in (("6300.00", True), ("-6400.00", False)):
        trust.write_text(TRUST + REFUSED.format(amount), encoding="utf-8")
        status, said, count = bodies_shown(project_folder)
        assert count.value == (2 if known else 1)
        assert ("Every body supplied its payments." in said) is known
        if not known:
            assert status["Big Trust"] == "Not known: 5.0% of the pounds that its files state are left out"
            assert any("is not known, because too much" in caveat for caveat in count.caveats)
    # A row of totals is no payment, and an amount that cannot be read states no pounds: then rows are counted.
    trust.write_text(TRUST + "Total,,,,,,,120900.00\n", encoding="utf-8")
    assert bodies_shown(project_folder)[2].value == 2
    trust.write_text(TRUST + REFUSED.format("see note"), encoding="utf-8")
    assert bodies_shown(project_folder)[0]["Big Trust"].startswith("Not known: 17% of its rows")
    # All of it refused: a file was supplied all the same.
    trust.write_text(TRUST.replace("/2025", "/5"), encoding="utf-8")
    status, said, _ = bodies_shown(project_folder)
    assert status["Big Trust"].startswith("Not known: 100% of the pounds")
    with_more = TOML.split('[[anchors]]\nname = "Old', maxsplit=1)[0].replace(
        "[gap]", "[collaboration]\nrefused_part = 0.1\n[gap]"
    )
    trust.write_text(TRUST + REFUSED.format("6400.00"), encoding="utf-8")
    (project_folder / "cwb.toml").write_text(with_more, encoding="utf-8")
    assert bodies_shown(project_folder)[2].value == 2


def test_files_that_cannot_be_read_are_passed_over_and_told_on_the_first_page(project_folder: Path) -> None:
    raw = project_folder / "data" / "raw"
    (raw / "anchor_spend" / "big-trust" / "may.csv").write_text("a,b,c\n1,2,3\n", encoding="utf-8")
    (raw / "anchor_contracts" / "big-trust" / "scan.xlsx").write_bytes(b"PK\x03\x04 no workbook")
    (raw / "spend" / "letter.pdf").write_bytes(b"%PDF")
    explain = {
        "spend/readme.txt": "How the ledger is made", "spend/README.md": "# Payments", "spend/notes.txt": "Notes\n\nThe ledger, as it was on 3 May 2025, has all.\n",
        "spend/headings.csv": "Heading,Meaning\nSupplier Name,Who was paid\nNet Amount,Without VAT\n",
    }  # fmt: skip
    for name, text in explain.items():
        (raw / name).write_text(text, encoding="utf-8")
    # Of others' files and of empty ones nothing of the council's own is lost.
    told = {
        "notices/page.json": b'{"releases": [', "notices/saved.json": b"<html>", "awards/old.xlsx": b"PK\x03\x04 no workbook",
        "spend/empty.csv": b"", "spend/blank.csv": b"\xef\xbb\xbf\r\n \r\n", "contracts/empty.csv": b"\n", "companies/empty.csv": b"",
    }  # fmt: skip
    for name, content in told.items():
        (raw / name).parent.mkdir(exist_ok=True)
        (raw / name).write_bytes(content)
    lost = "Supplier Name,Payment Date,Amount\nBeta Roofing Ltd,never,20.00\n"
    (raw / "spend" / "lost.csv").write_text(lost, encoding="utf-8")
    report = run("2025-26", project_folder / "cwb.toml", packs=all_packs()[3:4])
    index = (report / "index.html").read_text(encoding="utf-8")
    known = (
        "anchor_spend/big-trust/may.csv",
        "anchor_contracts/big-trust/scan.xlsx",
        "spend/letter.pdf",
        *explain,
    )
    assert f"Nothing of {len(known) + len(told) + 1} files is counted, and the annex says why: " in index
    names = index.split("the annex says why: ", maxsplit=1)[1].split("</li>", maxsplit=1)[0]
    assert sum(name in names for name in (*known, *told, "spend/lost.csv")) == 12
    assert "Of these a file could not be read and is missing: Big Trust: may.csv." in index
    status, said, count = bodies_shown(project_folder)
    assert status["Big Trust"] == "Spending file supplied; holds 1 of 12 months; another could not be read"
    assert "Every body" not in said
    assert count.value == 2
    # The council's own ledger is another thing: without a part of it no number of its spend is right.
    (raw / "spend" / "june.csv").write_text("a,b,c\n1,2,3\n", encoding="utf-8")
    with pytest.raises(CwbError, match=r"june.csv"):
        bodies_shown(project_folder)


def test_a_contract_of_a_notice_that_tells_namesakes_apart_is_on_the_register(
    council: Callable[..., Path], tmp_path: Path
) -> None:
    # The vendor is a firm of Stevenage; the notice has the contract with a postcode, or a number, that the register does not tell.
    vendors, contracts, awards = (tmp_path / f"{name}.csv" for name in ("vendors", "contracts", "awards"))
    vendors.write_text("Supplier ID,Supplier Name,Postcode\nV1,Bright Builders Ltd,SG1 1AA\n", encoding="utf-8")
    contracts.write_text(
        "Contract Reference,Contract Title,Supplier Name,Company number,CPV Code,Start Date,End Date,Contract Value\n"
        "C1,Roofs,Bright Builders Ltd,,45261000,01/04/2024,31/03/2027,90000.00\n"
        "C2,Doors,Delta Joinery Ltd,00000004,45421000,01/04/2024,30/09/2027,60000.00\n",
        encoding="utf-8",
    )
    awards.write_text(
        "buyer_name,award_id,title,status,date,value_amount,value_currency,contractPeriod_startDate,contractPeriod_endDate,"
        "datePublished,supplier_name,identifier_scheme,identifier_id,address_postalCode\n"
        "Small Council,A1,Roofs,active,2024-03-01,90000,GBP,2024-04-01,2027-03-31,2024-03-01,Bright Builders Ltd,,,RG14 2AS\n"
        "Small Council,A2,Doors,active,2024-03-01,60000,GBP,2024-04-01,2027-09-30,2024-03-01,Delta Joinery Ltd,GB-COH,00000004,RG14 2AS\n"
        "Small Council,A3,Walls,active,2024-03-01,70000,GBP,2024-04-01,2027-03-31,2024-03-01,Gamma Walls Ltd,,,RG14 2AS\n",
        encoding="utf-8",
    )
    folder = council(TOML, vendors=[vendors], contracts=[contracts], awards=[awards])
    data = open_data("anchor_collaboration", "2025-26", str(folder / "cwb.toml"))
    lines = data.sql("SELECT title, origin, payee_key, is_on_register FROM agreement_lines ORDER BY title, origin")
    told = lines[lines["origin"] == "award notice"]
    assert list(zip(told["title"], told["is_on_register"], strict=True)) == [
        ("Doors", True), ("Roofs", True), ("Walls", False),
    ]  # fmt: skip
    # Who was paid is told apart all the same.
    assert lines[lines["title"] == "Roofs"]["payee_key"].nunique() == 2
