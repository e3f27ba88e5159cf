"""supplier → organisation by name: what is taken, what a person must decide, what is never matched."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cwb.base.privacy import is_person
from cwb.base.progress import quiet
from cwb.cli.commands import evaluate_matching, matching_account, write_review
from cwb.council.config import load_config
from cwb.council.sections import Matching
from cwb.entities.matched import prepare, read_parquet
from cwb.entities.matching.candidates import load_names
from cwb.entities.matching.match import MATCHED, NO_MATCH, REVIEW, match_suppliers
from cwb.entities.matching.names import normalised, register_functions
from cwb.sources.forms import NAMES_PAYEES

# A register of ordinary names, so that words have frequencies; numbers follow the order.
NAMES = (
    "ACME ROOFING SERVICES LIMITED", "BOLT & SONS ENGINEERING LTD", "COGSWORTH HOLDINGS PLC", "DUNMORE CARE CIC",
    "ELDERBROOK PROPERTY MANAGEMENT LIMITED", "ELDERBROOK PROPERTY MAINTENANCE LIMITED", "FENWICK TREE CARE LTD",
    "GREENLEAF SUPPLIES LIMITED", "HARTWELL CLEANING LTD", "IRONSIDE PLANT HIRE LIMITED", "JUNIPER ARTS COLLECTIVE CIC",
    "KESTREL SOFTWARE SOLUTIONS LTD", "LARKFIELD HOUSING ASSOCIATION LIMITED", "MARLOW TRAINING LTD", "JOHN SMITH LIMITED",
    "TWIN NAME LIMITED", "TWIN NAME LLP",
)  # fmt: skip
POSTCODES = {0: "SG1 1AA", 15: "SG1 1AA", 16: "NW1 1AA"}


@pytest.fixture
def con() -> duckdb.DuckDBPyConnection:
    made = duckdb.connect()
    fillers = [f"{a}{b} {c} LIMITED" for a in ("OAK", "ASH", "ELM", "FIR") for b in ("LEY", "TON", "HAM") for c in
               ("SERVICES", "SOLUTIONS", "CARE", "SUPPLIES", "HIRE", "ROOFING", "CLEANING", "TRAINING")]  # fmt: skip
    rows = pd.DataFrame(
        {
            "org_id": [f"GB-COH-{n:08d}" for n in range(len(NAMES) + len(fillers))],
            "name": [*NAMES, *fillers],
            "company_number": [f"{n:08d}" for n in range(len(NAMES) + len(fillers))],
            "postcode": [POSTCODES.get(n) for n in range(len(NAMES) + len(fillers))],
        }
    )
    made.register("given_rows", rows.astype("str").where(rows.notna(), None))
    made.execute(
        "CREATE TABLE organisations AS SELECT *, NULL::VARCHAR AS charity_number, NULL::VARCHAR AS mutual_number, "
        "false AS is_double FROM given_rows"
    )
    load_names(
        made,
        """(SELECT org_id, name, 'registered' AS kind, postcode FROM organisations
            UNION ALL SELECT 'GB-COH-00000012', 'OLD BELL HOMES LTD', 'previous', NULL)""",
    )
    return made


def match(
    con: duckdb.DuckDBPyConnection, name: str, decisions: list[dict[str, object]] | None = None, **more: object
) -> pd.Series:
    row = {"supplier_key": "s", "supplier_name": name, "postcode": None, "company_number": None, "charity_number": None,
           "is_individual": is_person(name)}  # fmt: skip
    found, _ = match_suppliers(con, pd.DataFrame([row | more]), pd.DataFrame(decisions or []), Matching(), True)
    return found.iloc[0]


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("Acme Roofing Services Ltd", 0),
        ("ACME ROOFING SVCS", 0),
        ("Acme Rooofing Services Limited", 0),
        ("Roofing Services Acme Ltd", 0),
        ("Acme Roofing Services Ltd T/A Top Roofs", 0),
        ("Acme Roofing Services Ltd - Stevenage Branch", 0),
        ("Bolt and Sons Engineering", 1),
        ("Kestrel Software Solutio", 11),  # cut at a fixed width, and nothing else begins so
        ("Old Bell Homes Ltd", 12),  # a former name
    ],
)
def test_names_that_are_matched(name: str, number: int, con: duckdb.DuckDBPyConnection) -> None:
    found = match(con, name)
    assert (found["match_status"], found["company_number"]) == (MATCHED, f"{number:08d}"), found.to_dict()
    assert found["match_evidence"]


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("Elderbrook Property Ma", "several begin so"),
        ("Twin Name", "borne by several organisations"),
    ],
)
def test_names_that_wait_for_a_person(name: str, why: str, con: duckdb.DuckDBPyConnection) -> None:
    found = match(con, name)
    assert found["match_status"] == REVIEW
    assert why in found["match_detail"]


def test_a_postcode_decides_between_two_of_one_name(con: duckdb.DuckDBPyConnection) -> None:
    found = match(con, "Twin Name Limited", postcode="SG1 1AA")
    assert (found["match_status"], found["match_evidence"], found["company_number"]) == (
        MATCHED, "same name and postcode", "00000015",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "kind", "why"),
    [
        ("Mr John Smith", "individual", "may be an individual: never matched"),
        ("John Smith", "individual", "may be an individual: never matched"),
        ("J Smith t/a Acme Roofing Services", "individual", "may be an individual: never matched"),
        ("Hertfordshire County Council", "council", "public body (council)"),
        ("East and North Herts NHS Trust", "NHS body", "public body (NHS body)"),
        ("Larkfield Primary School", "school", "public body (school)"),
        ("Quillon Zephyr Partners", "organisation", "no name on the registers is near enough"),
    ],
)
def test_who_is_not_matched_and_why(name: str, kind: str, why: str, con: duckdb.DuckDBPyConnection) -> None:
    found = match(con, name)
    assert (found["match_status"], found["supplier_kind"], found["match_detail"]) == (NO_MATCH, kind, why)
    assert found["company_number"] is None


@pytest.mark.parametrize(
    ("name", "given", "status"),
    [
        ("Acme Roofing Services", "00000000", MATCHED),
        ("A.R.S.", "00000000", MATCHED),  # initials of the registered name
        ("Zebra Catering", "00000000", REVIEW),  # the register has quite another name under it
        ("Zebra Catering", "07777777", MATCHED),  # no register at hand has it: taken as given
    ],
)
def test_a_given_number(name: str, given: str, status: str, con: duckdb.DuckDBPyConnection) -> None:
    assert match(con, name, company_number=given)["match_status"] == status


def test_what_an_analyst_decided_wins(con: duckdb.DuckDBPyConnection) -> None:
    none = {"company_number": None, "charity_number": None, "mutual_number": None}
    yes = {"supplier_key": "s", "decision": "match", **none, "company_number": "00000015"}
    found = match(con, "Twin Name", [yes])
    assert (found["match_status"], found["company_number"]) == (MATCHED, "00000015")
    no = {"supplier_key": "s", "decision": "no match", **none}
    found = match(con, "Acme Roofing Services Ltd", [no], company_number="00000000")
    assert (found["match_status"], found["company_number"]) == (NO_MATCH, None)


@given(st.lists(st.text(max_size=40), min_size=50, max_size=50))
@settings(max_examples=10, deadline=None)
def test_a_name_always_has_words_to_compare(names: list[str]) -> None:
    made = duckdb.connect()
    register_functions(made)
    made.execute("CREATE TABLE t AS SELECT unnest(?::VARCHAR[]) AS name", [names])
    for plain, core, loose in made.execute(f"SELECT plain, core, loose FROM {normalised('t', 'name')}").fetchall():
        assert core == core.strip()
        # A name with a letter or a digit never becomes nothing.
        assert (core != "" and loose != "") or plain == ""


def test_a_labelled_file_is_evaluated_and_its_errors_written(project: Path, tmp_path: Path) -> None:
    companies = read_parquet(load_config(project / "cwb.toml").processed / "companies.parquet")
    chosen = companies[companies["postcode"].notna() & ~companies["company_name"].str.contains("HOUSE")].head(60)
    labelled = tmp_path / "labelled.csv"
    with labelled.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow(["Supplier name", "Company number", "Amount"])
        for row in chosen.itertuples():
            writer.writerow([row.company_name.title(), row.company_number, "100.00"])
        writer.writerow(["Nowhere To Be Found Holdings", "00000042", "100.00"])
    errors = tmp_path / "errors.csv"
    told = evaluate_matching(labelled, errors, project / "cwb.toml", quiet)
    assert told[0] == "61 labelled names, 60 of them on the registers at hand"
    precision, recall = (float(line.split()[1].rstrip(":")) for line in told[1:3])
    assert precision >= 0.98
    assert recall >= 0.8
    rows = list(csv.DictReader(errors.open(encoding="utf-8-sig")))
    assert "Nowhere To Be Found Holdings" in {row["supplier_name"] for row in rows}
    assert all(row["verdict"] != "right" for row in rows)


TOML = """
[council]
name = "Small Council"
home_district = "E07000243"
[local]
name = "Here"
districts = ["E07000243"]
"""


@pytest.fixture
def reviewed(tmp_path: Path, council: Callable[..., Path]) -> Callable[[str], Path]:
    """A council one of whose suppliers bears the name of two organisations, so that its match must wait."""
    spend, companies = tmp_path / "late.csv", tmp_path / "BasicCompanyData-2026-10-01.csv"
    spend.write_text(
        "Supplier Name,Payment Date,Net Amount\nTwin Example,01/07/2026,5000.00\nSolo Works,01/07/2026,9.00\n",
        encoding="utf-8",
    )
    companies.write_text(
        "CompanyName, CompanyNumber,RegAddress.PostCode,CompanyCategory,CompanyStatus\n"
        '"TWIN EXAMPLE LIMITED","98000001","SG1 1AA","Private Limited Company","Active"\n'
        '"TWIN EXAMPLE LLP","98000002","SG1 1AB","Limited Liability Partnership","Active"\n',
        encoding="utf-8",
    )
    folder = council(TOML, spend=[spend], companies=[companies])
    return lambda name: folder / name


def test_decisions_survive_a_run_and_win(reviewed: Callable[[str], Path]) -> None:
    config = reviewed("cwb.toml")
    path, told = write_review(config, quiet)
    head, *lines = path.read_text(encoding="utf-8-sig").splitlines()
    assert NAMES_PAYEES in head
    rows = list(csv.DictReader(lines))
    waiting = next(row for row in rows if row["Supplier name"] == "Twin Example")
    assert {waiting["Candidate 1"][:15], waiting["Candidate 2"][:15]} == {"GB-COH-98000001", "GB-COH-98000002"}
    assert waiting["Spend (£)"] == "5000.00"
    pounds = [float(row["Spend (£)"]) for row in rows]
    assert pounds == sorted(pounds, reverse=True)
    assert "wait to be decided or confirmed" in told[0]
    # The analyst fills the queue in and saves it where decisions are read.
    waiting |= {"Decision": "match", "Company number": "98000002", "Decided by (role)": "Analyst"}
    target = reviewed("data/raw/review/supplier_matches.csv")
    target.parent.mkdir()
    with target.open("w", encoding="utf-8-sig", newline="") as handle:
        handle.write(f"{head}\n")
        writer = csv.DictWriter(handle, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows([waiting, *(row for row in rows if row is not waiting)])
    for _ in range(2):
        council = load_config(config)
        prepare(council)
        suppliers = read_parquet(council.processed / "suppliers.parquet").set_index("supplier_key")
        own = suppliers.loc[waiting["Supplier key"]]
        assert (own["match_status"], own["company_number"], own["match_evidence"]) == (
            MATCHED, "98000002", "decided by an analyst",
        )  # fmt: skip
        (council.processed / "matched.json").unlink()
    assert any("decided by an analyst" in line for line in matching_account(config, quiet))
