"""A name never decides between two organisations, and each row is where it says itself."""

from __future__ import annotations

import pytest

from cwb.entities.matching.exact import AWARD, REGISTER, SPENDING, VENDOR, Directory, key_of, resolve
from test_no_name import row


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
