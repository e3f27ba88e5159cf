"""A name never decides between two organisations, and each row is where it says itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from cwb.base.progress import quiet
from cwb.cli.commands import matching_account
from cwb.council.config import load_config
from cwb.council.sections import Matching
from cwb.entities.matched import read_parquet
from cwb.entities.matching.exact import AWARD, REGISTER, SPENDING, VENDOR, Directory, key_of, resolve
from cwb.entities.matching.match import match_suppliers
from cwb.entities.matching.remarks import bearers_of, carried
from test_matching import register
from test_no_name import row

TOML = (Path(__file__).parent / "cases" / "pack_01" / "cwb.toml").read_text(encoding="utf-8")


def told(**rows: list[dict[str, object]]) -> Directory:
    made = Directory({"SG1 1AA": "stevenage", "SG1 2BB": "stevenage"})
    for source, given in rows.items():
        made.add({"vendors": VENDOR, "paid": SPENDING, "awards": AWARD, "contracts": REGISTER}[source], given)
    return made


VENDORS = [row("Bright Builders Ltd", supplier_id="V1", postcode="SG1 1AA")]


@pytest.mark.parametrize("source", ["awards", "contracts", "paid"])
@pytest.mark.parametrize("number", ["99000500", None])
def test_a_row_elsewhere_is_no_vendor_of_its_name(source: str, number: str | None) -> None:
    other = row("Bright Builders Ltd", company_number=number, postcode="RG14 2AS")
    directory = told(vendors=VENDORS, **{source: [other]})
    vendor = resolve(row("Bright Builders Ltd", supplier_id="V1"), directory)
    assert (vendor["company_number"], vendor["postcode"]) == (None, "SG1 1AA")
    # A payee of the vendor list without a number is where the list says.
    if source == "paid" and number is None:
        assert key_of(other, directory) == "id:V1"
        return
    assert key_of(other, directory) == "name:bright builders"
    found = resolve(other, directory)
    assert (found["supplier_id"], found["company_number"], found["postcode"]) == (None, number, "RG14 2AS")


def test_a_number_is_where_its_own_rows_are() -> None:
    directory = told(
        vendors=VENDORS, awards=[row("Bright Builders Ltd", company_number="99000500", postcode="RG14 2AS")]
    )
    assert key_of(row("Bright Builders", company_number="99000500"), directory) == "name:bright builders"
    assert key_of(row("Bright Builders"), directory) == "id:V1"


@pytest.mark.parametrize("postcode", ["SG1 1AA", "SG1 2BB", None])
def test_a_numbered_row_of_the_same_place_or_none_joins_the_vendor_without_number(postcode: str | None) -> None:
    award = row("Bright Builders Ltd", company_number="99000500", postcode=postcode)
    directory = told(vendors=VENDORS, awards=[award])
    assert key_of(award, directory) == "id:V1"
    found = resolve(row("Bright Builders", supplier_id="V1"), directory)
    assert (found["company_number"], found["postcode"]) == ("99000500", "SG1 1AA")


def test_two_notices_of_one_name_are_each_where_they_say() -> None:
    here, there = row("Pine Posts Ltd", postcode="SG1 1AA"), row("Pine Posts Ltd", postcode="EC1A 1BB")
    directory = told(awards=[here, there])
    assert len({key_of(one, directory) for one in (here, there)}) == 2
    assert [resolve(one, directory)["postcode"] for one in (here, there)] == ["SG1 1AA", "EC1A 1BB"]
    assert resolve(row("Pine Posts Ltd"), directory)["postcode"] is None


def test_two_postcodes_of_one_district_are_one_place() -> None:
    rows = [row("Pine Posts Ltd", postcode="SG1 2BB"), row("Pine Posts Ltd", postcode="SG1 1AA")]
    directory = told(awards=rows)
    assert {key_of(one, directory) for one in rows} == {"name:pine posts"}
    assert resolve(rows[0], directory)["postcode"] == "SG1 1AA"


def test_one_number_in_two_places_is_one_supplier_whose_place_it_does_not_tell() -> None:
    rows = [row("Pine Posts Ltd", company_number="00000001", postcode=code) for code in ("SG1 1AA", "EC1A 1BB")]
    directory = told(awards=rows)
    assert {key_of(one, directory) for one in rows} == {"name:pine posts"}
    assert resolve(rows[0], directory)["place_source"] is None


def test_a_notice_goes_before_the_register_of_contracts_and_that_has_its_own_place() -> None:
    award, contract = row("Moss Mills Ltd", postcode="SG1 1AA"), row("Moss Mills Ltd", postcode="EC1A 1BB")
    directory = told(awards=[award], contracts=[contract])
    asked = (award, contract, row("Moss Mills Ltd"))
    assert [key_of(one, directory) for one in asked] == [
        "name:moss mills", "name:moss mills::EC1A 1BB", "name:moss mills",
    ]  # fmt: skip
    found = [resolve(one, directory) for one in asked]
    assert [(one["postcode"], one["place_source"]) for one in found] == [
        ("SG1 1AA", AWARD), ("EC1A 1BB", REGISTER), ("SG1 1AA", AWARD),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("postcode", "status", "evidence"),
    [
        (None, "review", "same name, borne by several organisations"),
        ("SG1 1AA", "matched", "same name and postcode"),
    ],
)
def test_a_name_of_two_numbers_is_not_accepted_by_name(postcode: str | None, status: str, evidence: str) -> None:
    con = duckdb.connect()
    register(con, [{"company_name": "FERN FOODS LTD", "company_number": "00000011", "postcode": "SG1 1AA"}])
    directory = told(
        contracts=[
            row("Fern Foods Ltd", company_number="00000011", postcode="SG1 1AA"),
            row("Fern Foods Ltd", company_number="00000012", postcode="RG14 2AS"),
        ]
    )
    assert directory.is_borne_twice("fern foods")
    asked = row("Fern Foods Ltd", supplier_key="k", postcode=postcode, is_individual=False)
    for is_twice in (True, False):
        frame = pd.DataFrame([asked | {"is_borne_twice": is_twice}])
        found = match_suppliers(con, frame, pd.DataFrame(), Matching(), True)[0].iloc[0]
        wanted = (
            (status, evidence) if is_twice else ("matched", "same name" + (" and postcode" if postcode else ""))
        )
        assert (found["match_status"], found["match_evidence"]) == wanted


def test_rows_of_forms_go_with_the_one_supplier_of_their_name_and_others_are_nobody_s() -> None:
    bearers = bearers_of(
        [
            ("id:D", row("Delta Works Ltd")),
            ("id:D", row("Delta Works")),
            ("name:twin::SG1 1AA", row("Twin Ltd")),
            ("name:twin::LU1 2AA", row("Twin Ltd")),
            ("name:own", row("Own Ltd")),
            (None, row(None)),
        ]
    )
    given = [
        {"supplier_key": key, "supplier_name": name}
        for key, name in (
            ("name:own", None),
            ("name:delta works", None),
            ("name:twin", "Twin Ltd"),
            ("name:twin::LU1 2AA", None),
            ("id:OLD", "Own Ltd"),
            ("id:GONE", None),
            ("name:delta works:00000001:LU1 2AA", None),
        )
    ]
    kept, nobody = carried(given, bearers)
    assert [one["supplier_key"] for one in kept] == ["name:own", "name:twin::LU1 2AA", "id:D"]
    # A twin, a supplier of whom another row speaks, and two that nobody is.
    assert [one["supplier_key"] for one in nobody] == [
        "name:twin", "id:OLD", "id:GONE", "name:delta works:00000001:LU1 2AA",
    ]  # fmt: skip


FILES = {
    "spend": """Supplier ID,Supplier Name,Payment Date,Net Amount
V1,Alpha Roofing Ltd,01/04/2023,100.00
V1,Zeta Catering Ltd,01/04/2023,50.00
V2,Bolt Works Ltd,01/04/2023,1.00
V2,Jane Smith,01/04/2023,2.00
,Delta Works Ltd,01/04/2023,700.00
,Quarry Stone Ltd,01/04/2023,9.00
,Mr John Smith,01/04/2023,8.00
""",
    "vendors": """Supplier ID,Supplier Name,Company Number,Postcode
V1,Alpha Roofing Ltd,,SG1 1AA
V2,Bolt Works Ltd,,SG1 1AA
D,Delta Works Ltd,00000005,
""",
    "review": """Supplier key,Supplier name,Decision,Company number,Decided by (role),Decided on
name:delta works,Delta Works Ltd,match,99999999,Analyst,01/05/2023
name:no such firm,No Such Firm Ltd,no match,,Analyst,01/05/2023
""",
    "places": """Supplier key,Supplier name,Postcode,Outside the UK (yes),Told by (role),Told on
name:delta works,Delta Works Ltd,SG1 1AA,,Buyer,01/05/2023
name:no such firm,No Such Firm Ltd,SG1 1AA,,Buyer,01/05/2023
name:mr john smith,Mr John Smith,SG1 1AA,,Buyer,01/05/2023
name:quarry stone,Quarry Stone Ltd,ZZ1 1ZZ,,Buyer,01/05/2023
""",
}


def test_what_nobody_is_and_a_second_name_are_told(council: Callable[..., Path], tmp_path: Path) -> None:
    given = {}
    for name, text in FILES.items():
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
        given[name] = [tmp_path / f"{name}.csv"]
    config = council(TOML, **given) / "cwb.toml"
    told_lines = matching_account(config, quiet)
    remarks = [line for line in told_lines if line.endswith((".", "two."))]
    assert remarks == [
        "A decision on Delta Works Ltd (£700) says that it is 99999999, and a file gives it the number 00000005: the decision "
        "stands; look at it again.",
        "The id V1 of the vendor list, Alpha Roofing Ltd, is also paid as Zeta Catering Ltd (£150 in all): counted as one "
        "supplier that changed its name; look whether they are two.",
        "The id V2 of the vendor list, Bolt Works Ltd, is also paid as Payee not shown (£3 in all): "
        "counted as one supplier that changed its name; look whether they are two.",
        "places/places.csv, row 3: this place is not used, since no one supplier has its key; take the key from a new form of "
        "places.",
        "places/places.csv, row 4: this place is not used, since the supplier may be an individual; take the row out.",
        "places/places.csv, row 5: this postcode is not in the directory of postcodes, so the place is not known; look at it again.",
        "review/review.csv, row 3: this decision is not used, since no one supplier has its key; take the key from a new queue.",
    ]
    placed = read_parquet(load_config(config).processed / "suppliers.parquet").set_index("supplier_key")
    assert placed.loc["id:D", ["ring", "place_source", "company_number"]].tolist() == [
        "home", "form of places", "99999999",
    ]  # fmt: skip
    by_name = placed.set_index("supplier_name")["ring"]
    assert (by_name["Mr John Smith"], by_name["Quarry Stone Ltd"]) == ("unknown", "unknown")
