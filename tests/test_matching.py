"""Suppliers, their places and their names."""

from __future__ import annotations

import duckdb
import pandas as pd
import pytest

from cwb.base.privacy import NOT_STATED, WITHHELD, display_name, looks_individual
from cwb.council.config import Settings
from cwb.council.sections import Council, Local
from cwb.matching import normalise_name, resolve_suppliers
from cwb.matching.candidates import load_names
from cwb.sources.places import ring_of

SETTINGS = Settings(
    council=Council(name="Stevenage", home_district="E07000243"),
    local=Local(name="Herts", districts=("E07000243", "E07000099")),
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Acme Ltd", "ACME LIMITED"),
        ("Acme & Sons Ltd.", "Acme and Sons"),
        ("MWUK Ltd T/AS YAFFY", "MWUK"),
        ("The Bolt Company", "Bolt"),
        ("O'Neill Plc", "ONeill"),
    ],
)
def test_names_that_are_the_same(one: str, other: str) -> None:
    assert normalise_name(one) == normalise_name(other)


def test_a_name_of_nothing_but_legal_forms_stays_a_name() -> None:
    assert normalise_name("The Company Ltd")
    assert normalise_name("T/A Sage Care Ltd") != ""


@pytest.mark.parametrize(
    ("code", "ring"),
    [
        ("E07000243", "home"),
        ("E07000099", "local"),
        ("E06000055", "region"),  # Bedford: in the East of England, and not local
        ("E09000003", "elsewhere"),
        (None, "unknown"),
        ("", "unknown"),
    ],
)
def test_rings(code: str | None, ring: str) -> None:
    assert ring_of(code, SETTINGS) == ring


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Alison Armour", True),
        ("Mr J Smith", True),
        ("DR JENNIFER MILLER", True),
        ("Scott Mitchell", True),
        ("A N Other", True),
        ("Acme Ltd", False),
        ("British Gas", False),
        ("Royal Mail", True),  # withheld unless the vendor list has its number: better than naming a person
        ("Capita", False),
        ("Barnet Council", False),
        ("Smith & Jones", True),
        ("J Smith t/a Smith Roofing", True),
        ("J & M Smith", True),
        ("Jones A Mr & Mrs", True),
        ("Smith J 12345", True),
        ("Smith (Foster Care)", True),
        ("Maria da Silva dos Santos", True),
        ("Peter Hall", True),
        ("Emma Green", True),
        ("Gordon Banks", True),
        ("王伟", True),
        ("Dr Martens Ltd", False),
        ("Thames Water Utilities", False),
        ("3M", False),
        (None, False),
    ],
)
def test_names_that_may_be_a_person_s(name: str | None, expected: bool) -> None:
    assert looks_individual(name) is expected


def test_a_register_shows_a_name_to_be_an_organisation_s() -> None:
    assert display_name("Arnold Clark", is_registered=True) == "Arnold Clark"
    assert display_name("Arnold Clark", is_registered=False) == WITHHELD
    assert display_name(None, is_registered=False) == NOT_STATED


def resolve(stated: list[dict[str, object]], **files: list[dict[str, object]]) -> pd.DataFrame:
    con = duckdb.connect()
    con.execute(
        "CREATE TABLE postcodes AS SELECT * FROM (VALUES ('SG1 1AA', 'E07000243'), ('SG5 1AA', 'E07000099'), "
        "('NW1 1AA', 'E09000007')) t(postcode, lad_code)"
    )
    identity = ["supplier_id", "supplier_name", "company_number", "charity_number"]
    columns = {
        "vendors": [*identity, "postcode", "is_sme", "is_vcse", "size"],
        "contracts": [*identity, "supplier_postcode", "is_sme", "is_vcse"],
        "awards": [*identity, "postcode", "country", "is_sme", "is_vcse"],
    }
    frames = {name: pd.DataFrame(files.get(name, []), columns=c, dtype=object) for name, c in columns.items()}
    companies = files.get("companies", [])
    if companies:
        register(con, companies)
    resolved = resolve_suppliers(
        con,
        SETTINGS,
        pd.DataFrame(stated, columns=identity, dtype=object),
        **frames,
        decisions=pd.DataFrame(files.get("decisions", [])),
        has_register=bool(companies),
    )
    return pd.DataFrame({"supplier_key": resolved.keys}).merge(resolved.suppliers, on="supplier_key", how="left")


def register(con: duckdb.DuckDBPyConnection, companies: list[dict[str, object]]) -> None:
    """Organisations as the registers' stage leaves them, of companies with name, number and postcode."""
    rows = pd.DataFrame(companies, dtype="str").rename(columns={"company_name": "name"})
    rows["org_id"] = "GB-COH-" + rows["company_number"]
    nothing = dict.fromkeys(("charity_number", "mutual_number", "grade", "rule", "legal_form", "sic_codes"))
    con.register("given_rows", rows.assign(**nothing).astype("str").where(rows.assign(**nothing).notna(), None))
    con.execute("CREATE TABLE organisations AS SELECT *, false AS is_double FROM given_rows")
    load_names(con, "(SELECT org_id, name, 'registered' AS kind, postcode FROM organisations)")


def test_the_vendor_s_paying_address_is_the_place() -> None:
    found = resolve(
        [{"supplier_id": "V1", "supplier_name": "Acme"}],
        vendors=[
            {"supplier_id": "V1", "supplier_name": "Acme Ltd", "postcode": "SG1 1AA", "company_number": "00000001"}
        ],
        companies=[{"company_name": "ACME LTD", "company_number": "00000001", "postcode": "NW1 1AA"}],
    ).iloc[0]
    assert (found["ring"], found["place_source"], found["registered_ring"]) == ("home", "vendor list", "elsewhere")


def test_a_company_of_the_same_name_does_not_unmask_a_person() -> None:
    found = resolve(
        [{"supplier_name": "John Smith"}],
        companies=[{"company_name": "JOHN SMITH LIMITED", "company_number": "00000009", "postcode": "NW1 1AA"}],
    ).iloc[0]
    assert (found["display_name"], found["company_number"], found["ring"]) == (WITHHELD, None, "unknown")


@pytest.mark.parametrize("country", ["UK", "Great Britain", "Scotland", "GBR", "GB", None])
def test_a_spelling_of_this_country_is_not_abroad(country: str | None) -> None:
    found = resolve([{"supplier_name": "Acme Ltd"}], awards=[{"supplier_name": "Acme Ltd", "country": country}])
    assert found.loc[0, "ring"] == "unknown"


def test_without_a_vendor_list_the_register_then_awards_then_companies_tell() -> None:
    stated = [
        {"supplier_name": "Acme Ltd"},
        {"supplier_name": "Bolt Ltd"},
        {"supplier_name": "Cog Ltd"},
        {"supplier_name": "Dot Ltd"},
    ]
    found = resolve(
        stated,
        contracts=[{"supplier_name": "ACME", "supplier_postcode": "SG1 1AA"}],
        awards=[{"supplier_name": "Bolt", "postcode": "SG5 1AA"}],
        companies=[{"company_name": "COG LTD", "company_number": "00000003", "postcode": "NW1 1AA"}],
    )
    assert list(found["ring"]) == ["home", "local", "elsewhere", "unknown"]
    assert list(found["place_source"][:3]) == ["contracts register", "award notice", "registered office"]


def test_a_name_shared_by_two_places_is_a_place_not_known() -> None:
    found = resolve(
        [{"supplier_name": "Acme"}],
        contracts=[
            {"supplier_name": "Acme Ltd", "supplier_postcode": "SG1 1AA"},
            {"supplier_name": "Acme Limited", "supplier_postcode": "NW1 1AA"},
        ],
    )
    assert found.loc[0, "ring"] == "unknown"


def test_a_supplier_abroad_is_elsewhere() -> None:
    found = resolve(
        [{"supplier_name": "Lucid Inc"}],
        awards=[{"supplier_name": "Lucid Inc", "postcode": None, "country": "US"}],
    )
    assert found.loc[0, "ring"] == "elsewhere"


def test_lines_with_and_without_id_are_one_supplier() -> None:
    found = resolve(
        [
            {"supplier_id": "V1", "supplier_name": "Acme"},
            {"supplier_name": "ACME LIMITED"},
            {"supplier_name": None},
        ],
        vendors=[{"supplier_id": "V1", "supplier_name": "Acme Ltd", "postcode": "SG1 1AA"}],
    )
    assert list(found["supplier_key"][:2]) == ["id:V1", "id:V1"]
    assert pd.isna(found.loc[2, "supplier_key"])
