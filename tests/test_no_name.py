"""Cells that name no supplier, and names that only look so."""

from __future__ import annotations

import duckdb
import pytest

from cwb.base.no_name import NoName, no_name, sql_may_be_none
from cwb.base.privacy import looks_individual
from cwb.entities.matching.exact import AWARD, LEDGER, VENDOR, Directory, key_of, resolve
from cwb.entities.matching.supplier_kinds import ORGANISATION, kind_of

WITHHELD = (
    "REDACTED PERSONAL DATA", "REDCATED", "Details redacted", "Redacted under DP Act", "****", "xxxxx", "X X X", "THIRD PARTY",
    "Third Party Supplier", "Personal data", "Personal Information Removed", "Confidential", "Commercially sensitive",
    "Commercial in confidence", "Payee not disclosed", "Supplier name withheld", "Member of the public", "Private individuals",
    "Named individual", "Foster Carers", "Shared lives carer", "Service User", "Direct payment recipients", "Exempt from publication",
    "Data Protection Act 2018", "GDPR", "Name suppressed", "Undisclosed", "Not to be disclosed", "ANONYMOUS", "Witheld", "Exempt information",
    "Exempt under Section 43", "Section 40(2)", "In confidence", "Official - Sensitive", "Various landlords", "Various Foster Carers",
    "Landlord(s)", "Adopters", "Special Guardian", "Childminder", "Fostering payment", "Vulnerable adult", "Looked after child",
    "Young person", "Host families", "Sponsor", "An individual", "Payments to individuals", "Payment to a landlord", "Customers", "Ratepayer",
    "Supplier name not published", "Tenant (name withheld)", "Foster carer allowances", "Several individuals", "GDPR - Personal Data", "Protected under GDPR", "Data Protected", "Foster carers - various",
)  # fmt: skip
NOT_STATED = (
    "n/a", "N.A.", "#N/A", "Not known", "Unknown", "UNKNOWN SUPPLIER"[:7], "TBC", "tba", "To be confirmed", "None", "Not applicable",
    "No supplier name", "Unspecified", "Blank", "Unknown payee", "T.B.C.", "Unknown - TBC", "Supplier not known", "no vendor", "See below", "See notes", "Pending",
    "To follow", "Vendor to be confirmed", "Not recorded", "Pending award",
)  # fmt: skip
SEVERAL = (
    "Various", "VARIOUS SUPPLIERS", "Multiple suppliers - see framework", "Several providers", "Sundry creditors", "Misc. payments",
    "One-time vendor", "One Time Supplier", "Ad hoc payee", "Petty cash", "Refunds", "Other suppliers",
    "Elm Care Ltd; Oak Care Ltd; Ash Support CIC", "Elm Care Ltd\nOak Care Ltd", "Elm Care Ltd / Oak Care Limited",
    "Elm Care Ltd, Oak Care Ltd", "Elm Care Ltd & Oak Care P.L.C.", "Elm Care; Oak Care",
    "Various schools", "Multiple bidders", "Suppliers - various", "Refunds - Council Tax", "Framework suppliers", "Council Tax Refunds", "Housing Benefit", "Benefit payments",
    "Sundry debtors", "Petty Cash Float", "Internal transfer", "Elm Tree Care Ltd - Oak Hill Care Ltd", "Elm Tree Care Limited Oak Hill Care Limited",
    "Elm Care Ltd (Oak Care Ltd)", "Elm Care Ltd on behalf of Oak Care Ltd", "Elm Care Ltd with Oak Care", "Elm Care Ltd & others",
    "Elm Care Ltd + 2 others", "Elm Care Ltd and various", "Elm Care Ltd (lead) and partners", "Elm Care Ltd [with Oak Care Ltd]", "Elm Care Ltd [Oak Care Ltd and Ash Care Ltd]", "Elm Care Ltd plus subcontractors",
)  # fmt: skip
FIRMS = (
    "Various Artists Ltd", "Confidential Shredding", "Redactive Publishing Ltd", "Don't Redact", "Third Party Logistics Ltd",
    "Smith, Jones & Sons Ltd", "Elm Ltd t/a Oak", "Student Loans Company", "Cash Converters", "Family Action", "Private Clients Ltd",
    "All Saints Church", "Other World Ltd", "Test Valley Homes", "Elm Care Ltd (formerly Oak Care Ltd)", "Elm Ltd c/o Oak Ltd",
    "ELM CARE LTD [OAK CARE LTD]", "ELM CARE LTD (FORMALLY OAK CARE LTD)", "ELM CARE PLC (PRE. OAK CARE LTD)", "Elm Care Ltd (Previoulsy know as Oak Care Ltd)",
    "Marks and Spencer plc", "Acme Ltd", "Unknown Pleasures Records", "Individual Restaurant Company",
    "Elm Ltd\n12 Low Street\nWatford", "Elm Ltd, Unit 2; Mill Estate", "Anonymous Media Ltd", "Pending Solutions Ltd", "Landlord Action Ltd",
    "Foster Care Associates", "Adoption UK", "Customer Research Ltd", "Housing Benefit Systems Ltd", "Sponsor Energy", "Elm and Partners LLP",
    "Elm Care Ltd (part of Oak Care Ltd)", "Elm Holdings Ltd - Leeds", "Elm Homes Ltd, part of Oak Homes Ltd", "Elm (North) Ltd", "The Children's Society", "Elm Limited Liability Partnership",
    "Young People's Trust", "Section 8 Events",
)  # fmt: skip


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        *((name, NoName.WITHHELD) for name in WITHHELD),
        *((name, NoName.NOT_STATED) for name in NOT_STATED),
        *((name, NoName.SEVERAL) for name in SEVERAL),
        *((name, None) for name in FIRMS),
        ("", None),
        (None, None),
    ],
)
def test_what_names_nobody(name: str | None, kind: NoName | None) -> None:
    assert no_name(name) == kind


def test_sql_leaves_out_none_that_would_be_found() -> None:
    names = [*WITHHELD, *NOT_STATED, *SEVERAL]
    with duckdb.connect() as con:
        found = con.execute(
            f"SELECT name FROM (SELECT unnest(?) AS name) WHERE {sql_may_be_none('name')}", [names]
        ).fetchall()
        of_firms = con.execute(
            f"SELECT count(*) FROM (SELECT unnest(?) AS name) WHERE {sql_may_be_none('name')}", [list(FIRMS)]
        ).fetchall()
    assert [name for (name,) in found] == names
    # Those with two legal forms or a mark of a list are looked at again; nearly no other firm is.
    assert of_firms[0][0] <= 12


@pytest.mark.parametrize(
    "name",
    [
        "Ribble Valley B.C.",
        "Watford BC",
        "Three Rivers D.C.",
        "Meadowbank C.I.C.",
        "Fenlake P.L.C.",
        "Orchard L.L.P.",
        "HMRC",
    ],
)
def test_letters_that_show_an_organisation(name: str) -> None:
    assert not looks_individual(name)


@pytest.mark.parametrize("name", ["Smith D.C.", "WILLIAMS BC", "Jones C.C.", "Anna Rivers DC"])
def test_initials_after_a_surname_are_no_council_s(name: str) -> None:
    assert looks_individual(name)
    assert kind_of(name, is_individual=False) != "council"


def test_a_council_by_its_letters_is_a_council() -> None:
    assert kind_of("Ribble Valley B.C.", is_individual=False) == "council"
    assert kind_of("Meadowbank C.I.C.", is_individual=False) == ORGANISATION


def row(name: str | None, **more: object) -> dict[str, object]:
    empty = ("supplier_id", "company_number", "charity_number", "postcode", "country", "is_sme", "is_vcse", "size")
    return dict.fromkeys(empty) | {"supplier_name": name} | more


def test_a_number_is_never_overridden_by_a_name() -> None:
    directory = Directory()
    directory.add(
        VENDOR, [row("Fenwick Build Ltd", supplier_id="V1", company_number="00000001", postcode="SG1 1AA")]
    )
    won = row("Fenwick Build Ltd", company_number="99000500", postcode="RG14 2AS")
    directory.add(AWARD, [won])
    assert key_of(won, directory) == "name:fenwick build"
    found = resolve(won, directory)
    assert (found["company_number"], found["postcode"]) == ("99000500", "RG14 2AS")
    # Without a number it is the one vendor of that name.
    assert key_of(row("Fenwick Build Ltd"), directory) == "id:V1"


def test_two_firms_of_one_name_are_two_by_number_and_by_the_notice_s_postcode() -> None:
    directory = Directory()
    reading, luton = (
        row("Overwick Software", company_number=number, postcode=postcode)
        for number, postcode in (("00000001", "RG1 1AA"), ("00000002", "LU1 2AA"))
    )
    bare = row("Overwick Software", postcode="CB2 1TN")
    directory.add(AWARD, [reading, luton, bare])
    keys = [key_of(one, directory) for one in (reading, luton, bare, row("Overwick Software"))]
    assert keys == [
        "name:overwick software:00000001:RG1 1AA",
        "name:overwick software:00000002:LU1 2AA",
        "name:overwick software::CB2 1TN",
        "name:overwick software::",
    ]
    places = [resolve(one, directory)["postcode"] for one in (reading, luton, bare, row("Overwick Software"))]
    assert places == ["RG1 1AA", "LU1 2AA", "CB2 1TN", None]


def test_an_id_of_many_unlike_names_is_nobody_s() -> None:
    directory = Directory()
    directory.add(
        VENDOR,
        [
            row("One-off payee", supplier_id="ONETIME"),
            row("Harbour Payments", supplier_id="V7", postcode="SG1 1AA"),
            row("Bolt Ltd", supplier_id="V8", postcode="SG1 1AA"),
        ],
    )
    many = [row(name, supplier_id="V7") for name in ("Fellgate Minibuses", "Pinfold Joinery", "Quoits & Co")]
    renamed = [
        row(name, supplier_id="V8") for name in ("Bolt Ltd", "Bolt Limited", "Bolt Ltd (Stevenage)", "Zephyr Ltd")
    ]
    one_time = row("Fellgate Minibuses", supplier_id="ONETIME")
    assert directory.set_aside_ids([*many, *renamed, one_time]) == ({"V7": 3}, {"V8": "Zephyr Ltd"})
    directory.add(LEDGER, [])
    assert key_of(one_time, directory) == "name:fellgate minibuses"
    assert [key_of(one, directory) for one in many] == [
        "name:fellgate minibuses", "name:pinfold joinery", "name:quoits and company",
    ]  # fmt: skip
    assert {key_of(one, directory) for one in renamed} == {"id:V8"}
