"""Anchors: whose rows they are, like for like, what is shared, which contracts end together, and who may do what."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
import xlsxwriter
from cwb.dataset import Dataset, open_dataset
from cwb.measures import anchor_collaboration as measures
from cwb.measures.anchor_collaboration.bodies import like_for_like
from cwb.measures.anchor_collaboration.ending import clusters
from cwb.measures.anchor_collaboration.journey import lm3
from cwb.measures.rules import ABOVE, routes

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
[gap]
workable = 1
strong = 2
proven = 0
[[anchors]]
name = "Big Trust"
kind = "nhs"
threshold_gbp = 25_000
spellings = ["Big NHS Trust"]
[[anchors]]
name = "Old University"
kind = "university"
spellings = ["Old University"]
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


@pytest.fixture
def data(project_folder: Path) -> Dataset:
    return open_dataset(measures.PACK, "2025-26", str(project_folder / "cwb.toml"))


def test_all_bodies_are_cut_to_the_highest_threshold(data: Dataset) -> None:
    lines = like_for_like(data)
    # The council's £600 and the trust's £900 are under £25,000.
    assert lines.groupby("body")["amount_gbp"].sum().to_dict() == {"Small Council": 100_000, "Big Trust": 120_000}
    made = measures.bodies(data)
    assert made["anchor_threshold"].value == 25_000
    assert made["anchor_local_share"].value == pytest.approx(80_000 / 220_000)
    rows = made.table.set_index("body")
    assert rows.loc["Old University", "standing"] == "No spending file supplied for this period"
    assert pd.isna(rows.loc["Old University", "pounds_gbp"])


def test_a_supplier_of_two_bodies_is_one_whatever_its_spelling(data: Dataset) -> None:
    made = measures.shared_suppliers(data)
    assert made["shared_supplier_count"].value == 1
    assert made["shared_supplier_spend"].value == 80_000
    row = made.table.iloc[0]
    assert (row["body_0"], row["body_1"], row["bodies"]) == (30_000, 50_000, 2)


def test_contracts_that_end_together_are_an_option(data: Dataset) -> None:
    made = measures.options(data)
    assert (made["option_count"].value, made["option_late_count"].value) == (2, 1)
    row = made.table[made.table["ends"] == "Mar 2027 to Jun 2027"].iloc[0]
    # £300,000 over three years and £90,000 over three and a quarter.
    assert row["annual_gbp"] == pytest.approx(100_000 + 90_000 / (1185 / 365.25), rel=0.01)
    assert (row["bodies"], row["ends"], row["start_by"]) == (
        "Big Trust; Small Council",
        "Mar 2027 to Jun 2027",
        "Jun 2026",
    )
    assert row["lead"] == "Small Council"
    assert row["partner_gbp"] == pytest.approx(90_000 / (1185 / 365.25), rel=0.01)
    # Works: the same threshold for both; Epsilon is not local, a quarter of its part could move.
    assert row["band"] == "Below the threshold"
    assert row["shift_gbp"] == pytest.approx(25_000, rel=0.01)


def test_what_should_have_begun_is_told_and_counted_apart(data: Dataset) -> None:
    made = measures.options(data)
    late = made.table[made.table["standing"] != "Open"]
    # Ends in June 2026, nine months after September 2025, which is within 2025-26.
    assert list(late["start_by"]) == ["Sep 2025"]
    assert list(late.index) == [2]  # after the open ones
    assert made["option_annual_value"].value == pytest.approx(
        float(made.table.loc[made.table["standing"] == "Open", "annual_gbp"].sum())
    )
    # £180,000 that may include VAT or not: above the trust's threshold, near the council's; the strictest counts.
    assert late["band"].iloc[0] == "Above the threshold"


def test_a_service_that_may_be_light_touch_is_near_its_threshold(data: Dataset) -> None:
    rows = measures.options(data).table
    sports = rows[rows["category"].str.contains("porting|Sport")].iloc[0]
    # £280,000: above for goods and services, below £663,540 for light touch.
    assert sports["band"] == "Near the threshold: depends on VAT or on light touch"


def test_each_kind_of_body_has_routes_of_its_own(data: Dataset) -> None:
    rows = measures.option_routes(data).table
    joint = rows[rows["kind"] == "all, acting together"].iloc[0]
    assert joint["routes"].startswith("Joint procurement by two or more of them; ")
    below = rows[rows["band"] == "Below the threshold"].set_index("kind")["routes"]
    # The Order of 2026 lets councils alone reserve by place; works are never light touch.
    assert "reserved to a local area" in below["council"]
    assert "reserved to a local area" not in below["nhs"]
    assert "Quotes from named suppliers" in below["nhs"]
    assert "light touch" not in below["council"]


def test_health_services_have_a_regime_of_their_own() -> None:
    day = date(2026, 6, 1)
    labels = {
        kind: [r["route"] for r in routes(ABOVE, None, kind, day, is_health=True)] for kind in ("nhs", "council")
    }
    assert "provider-selection" in labels["nhs"]
    assert "provider-selection" not in labels["council"]
    assert "provider-selection" not in [r["route"] for r in routes(ABOVE, None, "nhs", day)]


def test_contracts_that_do_not_end_together_are_a_known_nought(project_folder: Path) -> None:
    data = open_dataset(measures.PACK, "2026-27-Q4", str(project_folder / "cwb.toml"))
    # After March 2027 only the trust's roofs and the two of sport are left.
    assert measures.aligned(data)["aligned_group_count"].value == 1
    (project_folder / "data" / "raw" / "anchor_contracts" / "big-trust" / "file.csv").unlink()
    alone = open_dataset(measures.PACK, "2026-27-Q4", str(project_folder / "cwb.toml"))
    assert measures.aligned(alone)["aligned_group_count"].value == 0
    assert measures.options(alone)["option_count"].value == 0


def test_a_window_parts_what_ends_too_late() -> None:
    rows = pd.DataFrame(
        [
            ("A", "45261000", date(2027, 1, 1), "x"),
            ("B", "45261000", date(2027, 6, 1), "y"),
            ("B", "45262000", date(2027, 8, 1), "z"),
        ],
        columns=["body", "cpv_code", "end_date", "title"],
    )
    # Three digits of CPV: all are 452. August is more than six months after January.
    assert [len(part) for part in clusters(rows, 6)] == [2]
    assert [len(part) for part in clusters(rows, 12)] == [3]
    assert clusters(rows, 1) == []


@pytest.mark.parametrize(("retained", "expected"), [(0.8, 2.44), (0.2, 1.24), (0.0, 1.0)])
def test_local_multiplier(retained: float, expected: float) -> None:
    assert lm3(retained) == pytest.approx(expected)


def test_the_pack_builds_and_an_initiative_without_a_year_is_refused(project_folder: Path) -> None:
    report = run("2025-26", project_folder / "cwb.toml", packs=all_packs()[3:])
    page = (report / "04_anchor_collaboration.html").read_text(encoding="utf-8")
    assert "Meet the buyer" in page
    rejects = next((project_folder / "data" / "processed").rglob("rejects/initiatives.csv")).read_text(
        encoding="utf-8-sig"
    )
    assert "not a financial year" in rejects


def test_one_pack_that_fails_does_not_stop_the_others(project_folder: Path) -> None:
    notebooks = project_folder / "notebooks"
    notebooks.mkdir()
    for pack in all_packs()[3:]:
        source = (Path(__file__).parents[1] / "notebooks" / pack.notebook).read_text(encoding="utf-8")
        broken = source.replace("figure.scorecard(data)", "1 / 0") if pack is all_packs()[4] else source
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
    from cwb.sources.layouts import recognise  # noqa: PLC0415

    path = write_template(name, tmp_path)
    headings = path.read_text(encoding="utf-8-sig").strip().split(",")
    assert recognise(headings) == {"anchor-spend": "spend"}.get(name, name.replace("-", "_"))
    with pytest.raises(CwbError, match="a file of this name is there"):
        write_template(name, tmp_path)


def test_an_unknown_form(tmp_path: Path) -> None:
    with pytest.raises(CwbError, match="Choose from anchors, anchor-spend"):
        write_template("poem", tmp_path)


def test_the_same_contract_of_two_bodies_is_two_contracts(project_folder: Path) -> None:
    raw = project_folder / "data" / "raw" / "anchor_contracts"
    for slug in ("big-trust", "old-university"):
        (raw / slug).mkdir(exist_ok=True)
        (raw / slug / "same.csv").write_text(CONTRACTS.replace("C1,Roofs", "X1,Same roofs"), encoding="utf-8")
    found = open_dataset(measures.PACK, "2025-26", str(project_folder / "cwb.toml")).table("anchor_contracts")
    assert sorted(found.loc[found["contract_reference"] == "X1", "body"]) == ["Big Trust", "Old University"]


def test_a_framework_with_several_suppliers_counts_once(project_folder: Path) -> None:
    path = project_folder / "data" / "raw" / "contracts" / "contracts.csv"
    path.write_text(
        CONTRACTS + CONTRACTS.splitlines()[1].replace("Epsilon", "Gamma Drugs") + "\n", encoding="utf-8"
    )
    made = measures.aligned(open_dataset(measures.PACK, "2025-26", str(project_folder / "cwb.toml")))
    assert made["aligned_contract_count"].value == 6


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
