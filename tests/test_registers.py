"""Public registers as published: quirks read, faults refused, snapshots combined, bodies of several registers joined."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from cwb.entities.matched import prepare, read_parquet
from cwb.entities.social_enterprise import names_of
from cwb.sources.registers import snapshot_of
from cwb.sources.report import FileReport
from raw_files import read_entries

COMPANY_HEAD = (
    "CompanyName, CompanyNumber,RegAddress.PostCode,CompanyCategory,CompanyStatus,IncorporationDate,"
    "Accounts.AccountCategory,SICCode.SicText_1,PreviousName_1.CONDATE, PreviousName_1.CompanyName\n"
)
MUTUAL_HEAD = (
    "Society Number,Full Registation Number,Society Name,Society Address,Registered As,Registration Act,"
    "Registration Date,Deregistration Date,Society Status,Reporting Classification\n"
)
GUARANTEE = '"PRI/LTD BY GUAR/NSC (Private, limited by guarantee, no share capital)"'


def read(
    con: duckdb.DuckDBPyConnection, folder: Path, source: str, content: str | bytes, name: str = "given.csv"
) -> tuple[pd.DataFrame, FileReport]:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    target = folder / "read.parquet"
    report = read_entries(con, source, path, target, folder / "scratch")
    frame = pd.read_parquet(target) if target.is_file() else pd.DataFrame()
    return frame.astype(object).where(frame.notna(), None), report


def test_companies_as_published(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    rows = (
        '"ACME  &amp; SONS LTD","1234567","sg11aa","Private Limited Company","Active","01/04/2015","MICRO ENTITY",'
        '"1110 - Growing of cereals","01/01/2010","OLD ACME LTD"\n'
        '"BOLT","SC123456","","Private Limited Company","Active","","","None Supplied","",""\n'
        '"","09999999","","","","","","","",""\n'
        '"COG LTD","","","","","","","","",""\n'
        '"BOLT AGAIN","SC123456","","Private Limited Company","Active","","","","",""\n'
    )
    frame, report = read(con, tmp_path, "companies", COMPANY_HEAD + rows)
    assert list(frame["company_number"]) == ["01234567", "SC123456"]
    assert list(frame["company_name"]) == ["ACME & SONS LTD", "BOLT"]
    assert list(frame["sic_codes"]) == ["01110", None]
    assert frame.loc[0, "postcode"] == "SG1 1AA"
    assert list(frame.loc[0, "previous_names"]) == ["OLD ACME LTD"]
    assert [(r.row, r.reason) for r in report.refusals] == [(4, "no company name"), (5, "no company number")]
    assert (report.rows, report.kept, report.refused, report.duplicates) == (5, 2, 2, 1)


def test_a_zip_is_read_and_a_broken_one_is_a_fault(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    inner = COMPANY_HEAD + '"ACME LTD","01234567","SG1 1AA","Private Limited Company","Active","","","","",""\n'
    path = tmp_path / "BasicCompanyDataAsOneFile-2026-09-01.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("../../outside.csv", inner)
    frame, report = read(con, tmp_path, "companies", path.read_bytes(), path.name)
    assert report.error is None
    assert len(frame) == 1
    assert not (tmp_path.parent / "outside.csv").exists()
    _, report = read(con, tmp_path, "companies", path.read_bytes()[:60], path.name)
    assert "cannot be unpacked" in (report.error or "")


def test_the_mutuals_register_in_its_own_code_page(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    rows = (
        '30045,30045R,Caf\xe9 Co-operative Limited,"1 Road, Town, SG1 1AA",Co-operative Society,Act,01/02/2003,,Registered,\n'
        '7654,RS007654,Gone Limited,"2 Road, Town",Community Benefit Society,Act,01/02/2003,05/06/2019,Deregistered,\n'
        ",,Nameless,,,,,,Registered,\n"
    )
    frame, report = read(con, tmp_path, "mutuals", (MUTUAL_HEAD + rows).encode("cp1252"))
    assert list(frame["mutual_number"]) == ["30045R", "7654"]
    assert frame.loc[0, "society_name"] == "Café Co-operative Limited"
    assert list(frame["postcode"]) == ["SG1 1AA", None]
    assert list(frame["is_registered_now"]) == [True, False]
    assert [r.reason for r in report.refusals] == ["no registration number"]


def test_charities_as_json_with_a_mark_and_linked_ones_passed_over(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    rows = [
        {"registered_charity_number": 1234567, "linked_charity_number": 0, "charity_name": "ACME TRUST",
         "charity_registration_status": "Registered", "latest_income": 1000.5, "charity_contact_postcode": "SG1 1AA",
         "charity_company_registration_number": "1234567", "charity_is_cio": False, "charity_contact_phone": "01234 567890"},
        {"registered_charity_number": 1234567, "linked_charity_number": 1, "charity_name": "ACME BRANCH",
         "charity_registration_status": "Registered"},
    ]  # fmt: skip
    frame, report = read(con, tmp_path, "charities", b"\xef\xbb\xbf" + json.dumps(rows).encode(), "c.json")
    assert list(frame["charity_name"]) == ["ACME TRUST"]
    assert frame.loc[0, "company_number"] == "01234567"
    assert frame.loc[0, "income_gbp"] == 1000.5
    assert "01234 567890" not in frame.to_csv()
    assert report.error is None


def test_business_counts_leave_totals_of_industries_out(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    text = (
        "DATE_NAME,GEOGRAPHY_NAME,GEOGRAPHY_CODE,INDUSTRY_NAME,EMPLOYMENT_SIZEBAND_NAME,LEGAL_STATUS_NAME,OBS_VALUE\n"
        "2026,Stevenage,E07000243,Total,Total,Total,3000\n"
        '2026,Stevenage,E07000243,"A : Agriculture, forestry and fishing",Total,Total,10\n'
        '2026,Stevenage,E07000243,"F : Construction",Micro (0 to 9),Total,400\n'
        '2026,Stevenage,E07000243,"F : Construction",Total,Company,300\n'
        '2026,Stevenage,E07000243,"F : Construction",Total,Total,many\n'
    )
    frame, report = read(con, tmp_path, "business_counts", text)
    assert [tuple(row) for row in frame[["section", "size_band", "units"]].to_numpy()] == [
        ("A", "Total", 10), ("F", "Micro", 400),
    ]  # fmt: skip
    assert [r.reason for r in report.refusals] == ["not a count"]


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("BasicCompanyDataAsOneFile-2026-09-01.zip", "2026-09-01"),
        ("companies/part-2026-09.csv", "2026-09-01"),
        ("SocietyList.csv", "9999"),
    ],
)
def test_the_date_of_a_snapshot(label: str, expected: str) -> None:
    assert snapshot_of(label) == expected


TOML = """
[council]
name = "Small Council"
home_district = "E07000243"
[local]
name = "Hertfordshire"
districts = ["E07000243", "E07000099"]
"""


@pytest.fixture
def organisations(tmp_path: Path, council: Callable[..., Path]) -> Callable[..., pd.DataFrame]:
    """Build the organisations of registers given as texts; index: org_id."""

    def make(**texts: str | list[str]) -> pd.DataFrame:
        from cwb.council.config import load_config  # noqa: PLC0415

        given = tmp_path / "given"
        given.mkdir()
        files: dict[str, list[Path]] = {}
        for source, content in texts.items():
            for n, text in enumerate([content] if isinstance(content, str) else content):
                path = given / f"{source}-202{n}-01.{'json' if source == 'charities' else 'csv'}"
                path.write_text(text, encoding="utf-8")
                files.setdefault(source, []).append(path)
        folder = council(TOML, **files)
        settings = load_config(folder / "cwb.toml")
        prepare(settings)
        frame = read_parquet(settings.processed / "organisations.parquet")
        return frame.astype(object).where(frame.notna(), None).set_index("org_id")

    return make


def company(name: str, number: str, category: str = "Private Limited Company", sic: str = "", **more: str) -> str:
    quoted = category if category.startswith('"') else f'"{category}"'
    return (
        f'"{name}","{number}","{more.get("postcode", "SG1 1AA")}",{quoted},"{more.get("status", "Active")}",'
        f'"01/04/2015","{more.get("accounts", "")}","{sic}","",""\n'
    )


def test_a_society_under_three_numbers_is_one_body(organisations: Callable[..., pd.DataFrame]) -> None:
    found = organisations(
        companies=COMPANY_HEAD
        + company("ACME CO-OPERATIVE LIMITED", "IP30045R", "Industrial and Provident Society")
        + company("ACME CO-OPERATIVE LIMITED", "RS030045", "Registered Society"),
        mutuals=MUTUAL_HEAD
        + '30045,30045R,Acme Co-operative Limited,"1 Road, SG1 1AA",Co-operative Society,Act,01/02/2003,,Registered,\n',
    )
    counted = found[found["grade"].notna()]
    assert len(counted) == 1
    assert counted.iloc[0]["legal_form"] == "Co-operative society"
    # The product gives societies no address: the other register's stands.
    assert counted.iloc[0]["lad_code"] == "E07000243"
    assert (found["rule"] == "twice").sum() == 1


def test_a_charity_that_is_a_company_is_one_body(organisations: Callable[..., pd.DataFrame]) -> None:
    rows = [
        {"registered_charity_number": 1111111, "linked_charity_number": 0, "charity_name": "ACME AID",
         "charity_registration_status": "Registered", "latest_income": 90_000, "charity_contact_postcode": "SG1 1AA",
         "charity_company_registration_number": "123456", "charity_is_cio": False},
        {"registered_charity_number": 2222222, "linked_charity_number": 0, "charity_name": "SMALL FUND",
         "charity_registration_status": "Registered", "latest_income": 900, "charity_contact_postcode": "SG1 1AA",
         "charity_company_registration_number": None, "charity_is_cio": False},
    ]  # fmt: skip
    found = organisations(
        companies=COMPANY_HEAD + company("ACME AID LIMITED", "00123456", GUARANTEE), charities=json.dumps(rows)
    )
    assert len(found) == 2
    assert tuple(found.loc["GB-COH-00123456", ["charity_number", "grade", "rule"]]) == ("1111111", "B", "charity")
    # A grant-giving fund without a sign of trading is kept out.
    assert tuple(found.loc["GB-CHC-2222222", ["grade", "rule"]]) == (None, "donors")


def test_a_cio_ends_with_its_registration_and_a_charitable_company_does_not(
    organisations: Callable[..., pd.DataFrame],
) -> None:
    rows = [
        {"registered_charity_number": number, "linked_charity_number": 0, "charity_name": name,
         "charity_registration_status": "Removed", "date_of_removal": "2024-01-15T00:00:00",
         "charity_company_registration_number": company_number, "charity_is_cio": is_cio}
        for number, name, company_number, is_cio in (
            (1190001, "HOSTEL OF THE MILL", None, True), (1111111, "ACME AID", "123456", False),
        )
    ]  # fmt: skip
    found = organisations(
        companies=COMPANY_HEAD
        + company("HOSTEL OF THE MILL", "CE010001", "Charitable Incorporated Organisation")
        + company("ACME AID LIMITED", "00123456", GUARANTEE),
        charities=json.dumps(rows),
    )
    assert len(found) == 2
    hostel, aid = found.loc["GB-COH-CE010001"], found.loc["GB-COH-00123456"]
    assert (hostel["charity_number"], hostel["is_active"], str(hostel["ended_date"])[:10], hostel["rule"]) == (
        "1190001", False, "2024-01-15", "ended",
    )  # fmt: skip
    assert (aid["charity_number"], aid["is_active"]) == (None, True)


GRADED: list[tuple[str, str, str, dict[str, str], tuple[str | None, str | None]]] = [
    ("ACME CIC", "Community Interest Company", "88990 - x", {}, ("cic", "A")),
    ("ACME MEWS MANAGEMENT COMPANY LTD", GUARANTEE, "98000 - x", {}, ("property", None)),
    ("ACME COURT RESIDENTS LTD", GUARANTEE, "", {}, ("property", None)),
    ("ACME ACADEMY TRUST", GUARANTEE, "85310 - x", {}, ("schools", None)),
    ("ACME BUSINESS FORUM", GUARANTEE, "94110 - x", {}, ("bodies", None)),
    ("ACME IDEAS LIMITED", GUARANTEE, "62012 - x", {}, ("guarantee", "C")),
    ("ACME WORKERS CO-OPERATIVE LTD", "Private Limited Company", "", {}, ("name", "C")),
    ("ACME LTD", "Private Limited Company", "", {}, (None, None)),
    ("ACME SLEEP CIC", "Community Interest Company", "99999 - Dormant Company", {}, ("dormant", None)),
    ("ACME GONE CIC", "Community Interest Company", "", {"status": "Liquidation"}, ("ended", None)),
    # A CIC may be called so and stays certain: the form locks its assets whatever its name.
    ("ACME SCHOOL MEALS CIC", "Community Interest Company", "85200 - x", {}, ("cic", "A")),
]


def test_grades_and_what_is_kept_out(organisations: Callable[..., pd.DataFrame]) -> None:
    rows = "".join(
        company(name, f"{n:08d}", category, sic, **more)
        for n, (name, category, sic, more, _) in enumerate(GRADED, start=1)
    )
    found = organisations(companies=COMPANY_HEAD + rows)
    assert len(found) == len(GRADED)
    for n, (name, *_, expected) in enumerate(GRADED, start=1):
        row = found.loc[f"GB-COH-{n:08d}"]
        assert (row["name"], row["rule"], row["grade"]) == (name, *expected)


def test_every_word_of_grade_c_as_published_gives_it_and_no_other(
    organisations: Callable[..., pd.DataFrame],
) -> None:
    said = [word.replace("(s)", plural) for word in names_of("name") for plural in ("", "s")]
    said += [word.replace("-", " ") for word in said if "-" in word]
    # Nearly the same words, of which the rule says nothing.
    unsaid = [
        "community care",
        "community",
        "social",
        "enterprise",
        "cooper",
        "mutuality",
        "interest in community",
    ]
    names = [*said, *unsaid]
    rows = "".join(company(f"ACME {name.upper()} LTD", f"{n:08d}") for n, name in enumerate(names, start=1))
    found = organisations(companies=COMPANY_HEAD + rows)
    grades = {row["name"].lower(): (row["rule"], row["grade"]) for _, row in found.iterrows()}
    given = {name for name in names if grades[f"acme {name} ltd"] == ("name", "C")}
    assert given == set(said)


def test_a_company_that_the_newest_file_no_longer_lists_has_ended(
    organisations: Callable[..., pd.DataFrame],
) -> None:
    cic = "Community Interest Company"
    found = organisations(
        companies=[
            COMPANY_HEAD + company("OLD NAME CIC", "00000001", cic) + company("GONE CIC", "00000002", cic),
            COMPANY_HEAD + company("NEW NAME CIC", "00000001", cic),
        ]
    )
    assert found.loc["GB-COH-00000001", "name"] == "NEW NAME CIC"
    assert tuple(found.loc["GB-COH-00000002", ["is_active", "rule"]]) == (False, "ended")


def test_what_a_register_states_and_is_not_read_is_told(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    rows = (
        '"ACME LTD","1234567","see file","Private Limited Company","Active","spring 2015","","","",""\n'
        '"BOLT","SC123456","","Private Limited Company","Active","N/A","","","",""\n'
        '"COG LTD","","nowhere","Private Limited Company","Active","01/04/2015","","","",""\n'
    )
    frame, report = read(con, tmp_path, "companies", COMPANY_HEAD + rows)
    # A refused row is told as refused, and "N/A" states nothing.
    assert [(one.column, one.rows, one.row, one.examples) for one in report.unread] == [
        ("incorporation_date", 1, 2, ("spring 2015",)),
        ("postcode", 1, 2, ("see file",)),
    ]
    assert "unread" not in frame
    assert FileReport.from_dict(json.loads(json.dumps(report.as_dict()))) == report


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("22/11/1985", "1985-11-22"),
        ("22/11/1985 00:00:00", "1985-11-22"),
        ("1985-11-22 00:00:00", "1985-11-22"),
        ("22 November 1985", "1985-11-22"),
        ("22.11.1885", "1885-11-22"),
        # 1965 or 2065: as the second it would not be registered yet, and the register of a day to come.
        ("22-Nov-65", None),
        ("22/11/65", None),
        ("22-Nov-15", None),
    ],
)
def test_a_register_has_entries_of_centuries_and_no_guess_of_one(
    written: str, day: str | None, con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    row = f'"ACME LTD","01234567","SG1 1AA","Private Limited Company","Active","{written}","","","",""\n'
    frame, report = read(con, tmp_path, "companies", COMPANY_HEAD + row)
    assert [None if pd.isna(found) else str(found)[:10] for found in frame["incorporation_date"]] == [day]
    assert [one.examples for one in report.unread] == ([] if day else [(written,)])


def test_of_which_day_a_register_is(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    row = '"ACME LTD","1234567","SG1 1AA","Private Limited Company","Active","01/04/2015","","","",""\n'
    later = '"BOLT LTD","1234568","SG1 1AA","Private Limited Company","Active","05/06/2019","","","",""\n'
    wrong = '"COG LTD","1234569","SG1 1AA","Private Limited Company","Active","05/06/2099","","","",""\n'

    def of(source: str, text: str, name: str) -> tuple[str | None, str]:
        report = read(con, tmp_path, source, text, name)[1]
        return report.as_of, report.as_of_by

    companies = COMPANY_HEAD + row + later
    assert of("companies", companies, "BasicCompanyData-2026-09-01.csv") == ("2026-09-01", "its name")
    assert of("companies", companies, "companies-2026-09.csv") == ("2026-09-01", "its name")
    # It cannot be older than its newest entry; a day that is still to come is a slip.
    assert of("companies", companies + wrong, "extract.csv") == ("2019-06-05", "its newest entry")
    assert of("companies", COMPANY_HEAD + row.replace("01/04/2015", ""), "extract.csv") == (None, "")
    charity = {
        "date_of_extract": "2026-08-30T00:00:00", "registered_charity_number": 200001, "linked_charity_number": 0,
        "charity_name": "Oak Trust", "charity_registration_status": "Registered", "date_of_registration": "1961-01-02T00:00:00",
    }  # fmt: skip
    assert of("charities", json.dumps([charity]), "publicextract.charity.json") == ("2026-08-30", "its own column")
