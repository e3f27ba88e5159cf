"""Names nearly those of a firm on the register: which are taken for it, and which wait for a person."""

from __future__ import annotations

import duckdb
import pandas as pd
import pytest

from cwb.council.sections import Matching
from cwb.entities.matching.brackets import are_initials, is_name_of_its_own, is_society, without_initials
from cwb.entities.matching.match import MATCHED, match_suppliers
from cwb.entities.matching.readings import readings
from test_matching import register

NEAR_MISSES = {
    "TRAIN LINE": "Wirksworth Traidcraft Limited",
    "Pennine Bus Company": "PENNINE BUSINESS COMPANY LIMITED",
    "Cawdle Community Pub": "CAWDLE COMMUNITY PUBLIC LIMITED",
    "Cawdle Comp Services": "CAWDLE COMMUNITY SERVICES LTD",
    "Quellock Arts Trust": "QUELLOCK ARTS SOCIETY LIMITED",
    "Sandle Football Club": "SANDLE RUGBY FOOTBALL CLUB LIMITED",
    "Sandle Marsh FC": "SANDLE MARSH CRICKET CLUB LIMITED",
    "Vexley Ltd": "VEXLEY (UK) LIMITED",
    "Morvane": "MORVANO LIMITED",
    "Tarnbrook Housing Co-op": "TARNBROOK COMMUNITY HOUSING LIMITED",
    "Elmdon Homes (South)": "ELMDON HOMES LIMITED",
    "Thorpwell Homes (Cleaning and Security)": "THORPWELL HOMES LIMITED",
    "Ravelock Homes (Kent Nursery)": "RAVELOCK HOMES LIMITED",
    "Fenwold Cleaning (Barrowbeck Bank)": "BARROWBECK BANK LIMITED",
    "Scarnell Cleaning (Bibbyton Factors)": "BIBBYTON FACTORS LTD",
    "Young Arden Carers (YAC)": "YAC LIMITED",
    "Great Ormley Tramway (GOTS)": "GOTS LIMITED",
    "Porthaven Homes 2014": "PORTHAVEN HOMES 2016 LIMITED",
    "Garrowby Club Ltd": "GARROWBY CLUB (2016) LIMITED",
    "Dunmere Solar 2 Co-op": "DUNMERE SOLAR 3 CO-OPERATIVE LIMITED",
    "Keldale Co-op": "KELDALE CATERING LIMITED",
    "Larkhallow Group": "LARKHALLOW HOLDINGS LIMITED",
    "North Orwick Club": "SOUTH ORWICK CLUB AND INSTITUTE LIMITED",
    "Orwick Supporters Trust": "ORWICK CITY SUPPORTERS SOCIETY LIMITED",
    "Ashdell Care Home Recruitment": "ASHDELL CARE HOMES LTD",
}
THE_SAME = {
    "Cawdle Rovers Supporters' Trust": "CAWDLE ROVERS SUPPORTERS' SOCIETY LIMITED",
    "Wrenbury Quay Social Club": "WRENBURY QUAY SOCIAL CLUB AND INSTITUTE LIMITED",
    "Openhythe Media": "OPEN HYTHE MEDIA LTD",
    "Media Yaxholme": "YAXHOLME MEDIA LTD",
    "Quellock Marsh FC Bowls": "QUELLOCK MARSH FOOTBALL CLUB BOWLS LIMITED",
    "Dunmere Woodland Growers Network (DWGN)": "DWGN LIMITED",
    "NHPF (National Heather Producers Forum)": "NATIONAL HEATHER PRODUCERS FORUM LIMITED",
    "Shelter for Ilk and Nyland (SIAN) Housing Co-operative": "SIAN HOUSING CO-OPERATIVE LIMITED",
    "Top Floor (Harmsworthy Housing Co-op)": "HARMSWORTHY HOUSING CO-OPERATIVE LIMITED",
    "Sandle Allotments Association (Whitethorn Garden Centre)": "SANDLE ALLOTMENTS ASSOCIATION LIMITED",
    "Vauxley Systems": "VAUXLEY SYSTEMS (UK) LIMITED",
    "Tarnbeck Village Bakers Co-op": "TARNBECK VILLAGE BAKERS LIMITED",
    "Orwick Conservative Club": "ORWICK CONSERVATIVE CLUB (2015) LIMITED",
    "The Rose and Cleaver": "ROSE AND CLEAVER LIMITED",
}


@pytest.fixture(scope="module", params=[5_000_000, 1])
def statuses(request: pytest.FixtureRequest) -> dict[str, str]:
    """The register's name that was accepted for each supplier, else nothing; on an extract and on a whole register."""
    con = duckdb.connect()
    names = [*NEAR_MISSES.values(), *THE_SAME.values()]
    register(con, [{"company_name": name, "company_number": f"{n:08d}", "postcode": None} for n, name in enumerate(names, 1)])  # fmt: skip
    asked = [*NEAR_MISSES, *THE_SAME]
    suppliers = pd.DataFrame({"supplier_key": asked, "supplier_name": asked}).assign(
        postcode=None, company_number=None, charity_number=None, is_individual=False
    )
    found, _ = match_suppliers(con, suppliers, pd.DataFrame(), Matching(whole_register=request.param), True)
    accepted = found["organisation_name"].where(found["match_status"] == MATCHED, "")
    return dict(zip(found["supplier_key"], accepted, strict=True))


@pytest.mark.parametrize("name", NEAR_MISSES)
def test_a_near_miss_waits_for_a_person(statuses: dict[str, str], name: str) -> None:
    assert statuses[name] == ""


@pytest.mark.parametrize("name", THE_SAME)
def test_another_way_to_write_a_name_is_the_name(statuses: dict[str, str], name: str) -> None:
    assert statuses[name] == THE_SAME[name]


@pytest.mark.parametrize(
    ("short", "full", "expected"),
    [
        ("NHPF", "National Heather Producers Forum", True),
        ("N.H.P.F.", "National Heather Producers' Forum", True),
        ("SoFT", "Society of Fen Tenants", True),
        ("SFT", "Society of Fen Tenants", True),
        ("SC:F&M", "Steel Cliff Film and Media Co-operative", True),
        ("NH", "National Heather", False),  # two letters may be anybody's
        ("NHP", "National Heather Producers Forum", False),
        ("NHPX", "National Heather Producers Forum", False),
        ("2014", "2 0 1 4", False),
        ("", "National Heather", False),
    ],
)
def test_initials(short: str, full: str, expected: bool) -> None:
    assert are_initials(short, full) == expected


@pytest.mark.parametrize(
    ("own", "other", "left"),
    [
        ("sandle fc", "sandle football club", ("sandle", "sandle")),
        ("sandle football club", "sandle fc", ("sandle", "sandle")),
        ("sandle fc", "sandle football league club", ("sandle fc", "sandle football league club")),
        ("sandle co", "sandle community orchard", ("sandle co", "sandle community orchard")),
    ],
)
def test_initials_of_words_beside_one_another(own: str, other: str, left: tuple[str, str]) -> None:
    assert tuple(" ".join(words) for words in without_initials(own.split(), other.split())) == left


@pytest.mark.parametrize(
    ("text", "own", "society"),
    [
        ("whitethorn garden centre", True, False),
        ("harmsworthy housing co op", True, True),
        ("kent nursery", False, False),
        ("branch 12 club", False, False),
        ("property services", False, False),
        ("drying and storage", False, False),
        ("stevenage", False, False),
        ("fen co op", False, False),
        ("co op", False, False),
    ],
)
def test_what_stands_in_brackets(text: str, own: bool, society: bool) -> None:
    assert (is_name_of_its_own(text), is_society(text)) == (own, society)


def test_a_name_with_its_initials_is_read_in_full_and_by_them() -> None:
    assert [(one.name, one.dropped) for one in readings("Fen Tenants (FTX) Housing Trust")] == [
        ("Fen Tenants (FTX) Housing Trust", "")
    ]
    assert [one.name for one in readings("Fen Tenants Alliance (FTA)")] == [
        "Fen Tenants Alliance (FTA)",
        "Fen Tenants Alliance",
    ]
    assert [one.name for one in readings("Fen Hay Tenants Alliance (FHTA) Trust")] == [
        "Fen Hay Tenants Alliance (FHTA) Trust",
        "Fen Hay Tenants Alliance Trust",
        "FHTA Trust",
    ]
