"""Whose name is shown: a person's beside a body's word is not, a body's that reads like a person's is."""

from __future__ import annotations

import duckdb
import pytest

from cwb.base.privacy import WITHHELD, is_person, looks_individual
from cwb.entities.known_bodies import body_key, council_district
from cwb.entities.matching.supplier_kinds import COUNCIL, INDIVIDUAL, ORGANISATION, kind_of
from cwb.lines.texts import add_functions
from cwb.sources.fields import NAME, POSTCODE

PERSONS = (
    "Mary Thorne/HMRC", "Mary Thorne-HMRC", "Mary Thorne, Salford City Council", "Mary Thorne Salford City Council",
    "Mary Thorne via Salford City Council", "Payment to Mary Thorne - HMRC", "Mary Thorne Business Rates",
    "Mr P Thorne c/o Watford Borough Council", "Ms R Vale - Salford City Council fostering", "Mrs K Ashe - HMRC", "Mary Thorne re HMRC",
    "Dr K Council", "Mrs Paul Council", "Mr B Lancashire C.C.", "Diana Cheshire CC", "P Wiltshire BC", "Mrs F Ashe (Thorne Ltd)",
    "Cllr B Ashe Council Member", "Mary Thorne (service user)", "Mary Thorne - Council Tax rebate", "Mary Thorne Housing Benefit",
    "Mary Thorne Landlord", "Mary Thorne Trust Account", "K Thorne T/A Fen Hire Ltd", "HMRC - Mrs K Ashe",
    "K & B Thorne - HMRC", "Thorne, Mary - HMRC", "Thorne K - Salford City Council", "Mr K Thorne Ltd", "Fen LLP re Mrs Ashe",
    "Estate of K Thorne c/o Fen LLP", "K Thorne Foster Care Payment", "Mr Thorne - Fen Ltd", "Mary James Thorne - Salford City Council",
)  # fmt: skip
BODIES = (
    "Thorne, Mary & Sons Ltd", "Fen Homes, Victoria Court Services", "Lee Valley Regional Park Authority", "Road to Housing Trust",
    "John Thorne plc", "Marks Council", "Florence Hotel Ltd", "Holly Cottage Care Ltd", "St John Ambulance", "Martin Thorne Ltd",
    "Dr Fenwick Ltd", "Mrs Thorne's Bakery Ltd", "Beverley Town Council", "Ashley Green Parish Council", "John Thorne Partnership",
    "John Thorne (Holdings) Ltd", "Fen Homes Ltd - Victoria Court", "Fen Hire t/a Thorne Ltd", "E.ON", "E.ON Next", "S.S.E.", "B.T.",
    "D.V.L.A.", "D.W.P.", "N.H.S. Wales", "Scottish Power", "Severn Trent", "Nat West",
    "A Place for Housing", "J P Care (Healthcare Services)",
)  # fmt: skip


@pytest.mark.parametrize("name", PERSONS)
def test_a_person_beside_a_body_s_word_is_a_person(name: str) -> None:
    assert looks_individual(name)
    assert is_person(name)
    assert kind_of(name, is_individual=False) in (INDIVIDUAL, ORGANISATION)
    assert kind_of(name, looks_individual(name)) == INDIVIDUAL


@pytest.mark.parametrize("name", BODIES)
def test_a_body_is_no_person(name: str) -> None:
    assert not looks_individual(name)
    assert not is_person(name)


@pytest.mark.parametrize(
    ("name", "district"),
    [
        ("Rossendale B.C", "E07000125"), ("L.B. Barnet", "E09000003"), ("St. Albans D.C.", "E07000240"), ("Watford B C", "E07000103"),
        ("King's Lynn & West Norfolk BC", "E07000146"), ("City of London", "E09000001"), ("City of London Corporation", "E09000001"),
        ("Bristol City Council", "E06000023"), ("Herefordshire Council", "E06000019"), ("Hull City Council", "E06000010"),
        ("Newcastle City Council", "E08000021"), ("St Albans City & District Council", "E07000240"), ("Telford & Wrekin BC", "E06000020"),
        ("Kingston upon Hull City Council", "E06000010"), ("Newcastle-under-Lyme BC", "E07000195"),
        ("London Borough of Hammersmith & Fulham", "E09000013"),
        # A county is no district.
        ("Kent C.C.", None), ("Herts C.C.", None), ("Devon CC", None), ("Hertfordshire County Council", None),
    ],
)  # fmt: skip
def test_a_council_however_its_letters_are_written(name: str, district: str | None) -> None:
    assert not looks_individual(name)
    assert kind_of(name, is_individual=False) == COUNCIL
    assert council_district(name) == district


def test_a_body_has_one_key() -> None:
    assert body_key("Rossendale B.C") == body_key("Rossendale B C") == body_key("ROSSENDALE BOROUGH COUNCIL")
    assert body_key("King's Lynn & West Norfolk BC") == body_key("Kings Lynn and West Norfolk Borough Council")


def test_a_person_beside_a_council_has_no_district() -> None:
    assert council_district("Mr P Thorne c/o Watford Borough Council") is None


def test_a_name_and_a_postcode_of_a_form_are_shown_by_evidence(con: duckdb.DuckDBPyConnection) -> None:
    add_functions(con)
    name, postcode = (f"SELECT {kind.shown_by}(?)" for kind in (NAME, POSTCODE))
    asked = {
        "Aoife Ni Bhraonain": WITHHELD,
        "Shephall Scouts CIC": "Shephall Scouts CIC",
        "Jane Thorne Trust": WITHHELD,
        None: None,
    }
    assert {text: con.execute(name, [text]).fetchall()[0][0] for text in asked} == asked
    assert [con.execute(postcode, [text]).fetchall()[0][0] for text in ("SG1 3AB", None)] == ["SG1", None]
