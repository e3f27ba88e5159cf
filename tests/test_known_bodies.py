"""Public bodies have the place that their name or a list gives, and who has 250 staff is large; nothing is guessed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb
import pytest

from cwb.council.config import Settings
from cwb.entities.known_bodies import body_key, council_district, known_bodies
from cwb.evidence.data import open_data
from cwb.sources.datasets.employers import SOURCE, is_large
from cwb.sources.report import RawFile
from cwb.sources.source import Job

TOML = (Path(__file__).parent / "cases" / "pack_01" / "cwb.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("RIBBLE VALLEY B.C.", "E07000124"),
        ("Ribble Valley Borough Council", "E07000124"),
        ("Blackburn with Darwen Council", "E06000008"),
        ("London Borough of Brent", "E09000005"),
        ("TAMESIDE MBC", "E08000008"),
        ("Lancaster City Council", "E07000121"),
        ("The Royal Borough of Kensington & Chelsea Council", "E09000020"),
        ("Durham County Council", "E06000047"),
        ("City of Edinburgh Council", "S12000036"),
    ],
)
def test_the_council_of_a_district_is_in_it(name: str, code: str) -> None:
    assert council_district(name) == code


@pytest.mark.parametrize(
    "name",
    [
        "Lancashire County Council", "Altham Parish Council", "Stevenage Town Council", "Stevenage Football Club", "Luton Ltd",
        "Medical Research Council", "Stevenage Council for Voluntary Service", "Preston, D.C.", "",
    ],
)  # fmt: skip
def test_other_names_are_in_no_district(name: str) -> None:
    assert council_district(name) is None


def test_letters_of_a_council_are_spelt_out() -> None:
    assert body_key("Hertfordshire C.C.") == body_key("HERTFORDSHIRE COUNTY COUNCIL")
    assert body_key("Smith D.C.") == "smith dc"


@pytest.mark.parametrize(
    ("band", "large"),
    [
        ("250 to 499", True), ("500 to 999", True), ("5000 to 19,999", True), ("20,000 or more", True),
        ("Less than 250", False), ("Not Provided", None), ("", None), (None, None),
    ],
)  # fmt: skip
def test_bands_of_staff(band: str | None, large: bool | None) -> None:
    assert is_large(band) is large


def test_a_body_without_a_size_is_kept(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    """The registry has such rows, with a name, a number and a postcode that are good."""
    path = tmp_path / "gender_pay_gap_2024.csv"
    path.write_text("EmployerName,CompanyNumber,EmployerSize,PostCode\nAcme,01234567,,SG1 1AA\n", encoding="utf-8")
    rows, report = SOURCE.read_or_report(Job(con, tmp_path, tmp_path), RawFile.of(path))
    assert (report.kept, report.refused) == (1, 0)
    assert list(rows["postcode"]) == ["SG1 1AA"]
    assert rows["is_large"].isna().all()


SPEND = """Supplier ID,Supplier Name,Payment Date,Net Amount,Company Number
,Shire County Council,01/04/2023,1.00,
,East & North Shire NHS Trust,01/04/2023,2.00,
,Luton Borough Council,01/04/2023,3.00,
,Two Places University,01/04/2023,4.00,
,St Mary's Primary School,01/04/2023,5.00,
,Big Builders Ltd,01/04/2023,6.00,01234567
,Big Builders North Ltd,01/04/2023,7.00,
M,Medium Ltd,01/04/2023,8.00,02345678
S,Said Small Ltd,01/04/2023,9.00,03456789
V,Water Plus,01/04/2023,10.00,
V,WATER PLUS LTD,01/04/2023,11.00,
,Pat Person,01/04/2023,12.00,
,Pat Person Ltd,01/04/2023,13.00,
"""
VENDORS = """Supplier ID,Supplier name,Postcode,SME,Size
M,Medium Ltd,SG1 1AA,,Medium
S,Said Small Ltd,SG1 1AA,Yes,
"""
EMPLOYERS = """EmployerName,EmployerId,Address,PostCode,CompanyNumber,SicCodes,EmployerSize,CurrentName,ResponsiblePerson
Shire County Council,1,"County Hall, SG1 1AA",SG1 1AA,,84110,"5000 to 19,999",Shire County Council,Chief Person
EAST AND NORTH SHIRE NHS TRUST,2,Hospital,WD17 1AA,,86101,1000 to 4999,EAST AND NORTH SHIRE NHS TRUST,
Two Places University,3,Here,SG1 1AA,,85421,500 to 999,Two Places University,
Two Places University,4,There,CB2 1TN,,85421,Less than 250,Two Places University,
St Mary's Primary School,5,School Lane,SG1 1AA,,85200,250 to 499,St Mary's Primary School,
BIG BUILDERS LIMITED,6,Yard,EC1A 1BB,01234567,41201,250 to 499,BIG BUILDERS LIMITED,
MEDIUM LIMITED,7,Yard,EC1A 1BB,02345678,41201,500 to 999,MEDIUM LIMITED,
SAID SMALL LIMITED,8,Yard,EC1A 1BB,03456789,41201,500 to 999,SAID SMALL LIMITED,
"""


@pytest.fixture
def lines(council: Callable[..., Path], tmp_path: Path) -> dict[float, dict[str, object]]:
    """The columns of each payment by its amount."""
    files = {}
    for name, text in (("spend", SPEND), ("vendors", VENDORS), ("employers", EMPLOYERS)):
        path = tmp_path / f"{name}.csv"
        path.write_text(text, encoding="utf-8")
        files[name] = [path]
    data = open_data("local_supplier_base", "2023-24", str(council(TOML, **files) / "cwb.toml"))
    return {float(row["amount_gbp"]): row for row in data.rows("SELECT * FROM spend_lines")}


def test_places_of_public_bodies(lines: dict[float, dict[str, object]]) -> None:
    found = {amount: (line["lad_code"], line["place_evidence"]) for amount, line in lines.items()}
    body = "known public body"
    assert found[1] == ("E07000243", body)
    assert found[2] == ("E07000103", body)
    assert found[3] == ("E06000032", body)
    # One name in two districts, a school, and companies have none from there.
    assert [found[amount] for amount in (4, 5, 6, 7)] == [(None, "none")] * 4
    assert found[8] == ("E07000243", "vendor list")


def test_who_is_large(lines: dict[float, dict[str, object]]) -> None:
    found = {amount: (line["size"], line["is_sme"]) for amount, line in lines.items()}
    assert [found[amount] for amount in (1, 2, 6)] == [("large", False)] * 3
    # By name alone no company is large; what the vendor list says stands.
    assert found[7] == (None, None)
    # Who is of a smaller size is an SME.
    assert found[8] == ("medium", True)
    assert found[9] == (None, True)


def test_a_spelling_that_shows_an_organisation_is_shown_but_never_of_a_person(
    lines: dict[float, dict[str, object]],
) -> None:
    assert {lines[10]["display_name"], lines[11]["display_name"]} == {"WATER PLUS LTD"}
    assert lines[12]["display_name"] == "Payee not shown"


def test_the_responsible_person_is_not_stored(lines: dict[float, dict[str, object]], tmp_path: Path) -> None:
    stored = next((tmp_path / "data" / "processed").rglob("employers.parquet")).read_bytes()
    assert b"Chief Person" not in stored


def test_employers_of_the_last_whole_year_are_fetched(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    from cwb.sources.fetch import datasets  # noqa: PLC0415

    asked: list[str] = []

    def download(_line: object, url: str, target: Path, *_: object, **__: object) -> Path:
        asked.append(f"{url} {target.name}")
        return target

    monkeypatch.setattr(datasets, "download", download)
    monkeypatch.setattr(datasets, "put_in_place", lambda *_: None)
    for today in (date(2026, 4, 4), date(2026, 4, 5)):
        datasets.fetch_file(settings, "employers", None, lambda *_: None, today)  # type: ignore[arg-type]
    assert [one.rsplit("/", 1)[-1] for one in asked] == [
        "2024 gender_pay_gap_2024.csv", "2025 gender_pay_gap_2025.csv",
    ]  # fmt: skip


ADDRESSED = """Supplier,Supplier Postcode,Date,Amount
Alpha Ltd,SG1 1AA,01/04/2023,10.00
Beta Ltd,"1 Road, Watford WD171AA",01/04/2023,20.00
Gamma Ltd,SG1 1AA,01/04/2023,30.00
Gamma Ltd,EC1A 1BB,01/04/2023,40.00
Pat Person,SG1 1AA,01/04/2023,50.00
Redacted,SG1 1AA,01/04/2023,60.00
Delta Ltd,not known yet,01/04/2023,70.00
Vendor Ltd,SG1 1AA,01/04/2023,80.00
Forces Ltd,"Barracks, BFPO 57",01/04/2023,90.00
"""


def test_a_spending_file_may_state_where_its_suppliers_are(council: Callable[..., Path], tmp_path: Path) -> None:
    spend, vendors = tmp_path / "spend.csv", tmp_path / "vendors.csv"
    spend.write_text(ADDRESSED, encoding="utf-8")
    vendors.write_text("Supplier ID,Supplier name,Postcode\nV,Vendor Ltd,EC1A 1BB\n", encoding="utf-8")
    data = open_data(
        "local_supplier_base", "2023-24", str(council(TOML, spend=[spend], vendors=[vendors]) / "cwb.toml")
    )
    rows = data.rows("SELECT * FROM spend_lines")
    found = {float(row["amount_gbp"]): (row["lad_code"], row["place_evidence"]) for row in rows}
    assert {row["ring"] for row in rows if row["amount_gbp"] == 90} == {"elsewhere"}
    assert found.pop(90)[0] is None
    assert found == {
        10: ("E07000243", "spending file"),
        20: ("E07000103", "spending file"),
        # Paid in two districts: each is where its own row says.
        30: ("E07000243", "spending file"),
        40: ("E09000019", "spending file"),
        50: ("E07000243", "spending file"),
        # Whose name is withheld has no address either.
        60: (None, "none"),
        70: (None, "none"),
        80: ("E09000019", "vendor list"),
    }
    (report,) = data.lineage.of("spend")
    assert any("postcode" in note and "not known yet" in note for note in (str(u) for u in report.unread))


GAP = "EmployerName,PostCode,CompanyNumber,EmployerSize,CurrentName\n"


def test_of_an_employer_the_newest_year_counts(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    files = {
        "gap_2017.csv": "SHRUNK LTD,SG1 1AA,01234567,250 to 499,SHRUNK LTD\nGrown NHS Trust,SG1 1AA,,Less than 250,\n"
        "BACK LTD,SG1 1AA,02345678,250 to 499,\nSILENT LTD,SG1 1AA,03456789,250 to 499,\n"
        "College,SG1 1AA,,250 to 499,\nPolice and Crime Commissioner,SG1 1AA,,250 to 499,\n"
        "Home Office,SG1 1AA,,250 to 499,\n",
        "gap_2019.csv": "BACK LTD,SG1 1AA,02345678,Less than 250,\n",
        "2023 to 2024.csv": "SHRUNK RENAMED LTD,SG1 1AA,01234567,Less than 250,\nGrown NHS Trust,LU1 2AA,,250 to 499,\n"
        "BACK LTD,SG1 1AA,02345678,250 to 499,\nSILENT LTD,SG1 1AA,03456789,Not Provided,\n",
    }
    given = []
    for name, rows in files.items():
        (tmp_path / name).write_text(GAP + rows, encoding="utf-8")
        given.append(RawFile(f"employers/{name}", tmp_path / name, "0"))
    SOURCE.store(Job(con, tmp_path, tmp_path), given)
    con.execute(
        "CREATE VIEW postcodes AS SELECT * FROM (VALUES ('SG1 1AA', 'E1'), ('LU1 2AA', 'E2')) t(postcode, lad_code)"
    )
    found = known_bodies(con, tmp_path)
    assert found.large_numbers == {"02345678", "03456789"}
    assert found.large_names == {"grown nhs trust", "home office"}
    assert found.postcodes == {"grown nhs trust": "LU1 2AA", "home office": "SG1 1AA"}
