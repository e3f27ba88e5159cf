"""Suppliers, their places and their names."""

from __future__ import annotations

import itertools

import duckdb
import numpy as np
import pandas as pd
import pytest

from cwb.base.privacy import NOT_STATED, WITHHELD, looks_individual, shown_name
from cwb.base.values import find_postcode, parse_postcode
from cwb.council.config import Settings
from cwb.council.sections import Council, Local, Matching
from cwb.entities.matching import score
from cwb.entities.matching.candidates import find_candidates, load_names, load_queries
from cwb.entities.matching.match import match_suppliers
from cwb.entities.matching.names import normalise_name
from cwb.entities.matching.resolve import resolve_suppliers
from cwb.entities.matching.words import Rarity, shared_words
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
        ("The Bolt Works Company", "Bolt Works"),
        ("Café Rouge", "CAFE ROUGE LTD."),
        ("J.B. Smith Co", "JB Smith Co. Limited"),
        ("Meadowbank C.I.C.", "Meadowbank CIC"),
        ("O'Neill Plc", "ONeill"),
        ("Fenbank C I C", "Fenbank CIC"),
        ("Fenbank Community Interest Company", "Fenbank C.I.C."),
        ("Fenbank L L P", "Fenbank Limited Liability Partnership"),
    ],
)
def test_names_that_are_the_same(one: str, other: str) -> None:
    assert normalise_name(one) == normalise_name(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("LP Gas Ltd", "Gas UK Ltd"),
        ("Gas UK Ltd", "The Gas Company"),
        ("The Gas Company", "LP Gas Ltd"),
        ("Meadowbank CIC", "Meadowbank Ltd"),
        ("Orchard LLP", "Orchard Ltd"),
        ("Care UK Ltd", "Care Company Ltd"),
    ],
)
def test_names_that_are_not_the_same(one: str, other: str) -> None:
    assert normalise_name(one) != normalise_name(other)


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
        ("Royal Mail", False),
        ("Travis Perkins", True),  # withheld unless the vendor list has its number: better than naming a person
        ("Severn Trent", False),
        ("Capita", False),
        ("Barnet Council", False),
        ("Madeley Working Men's Club", False),
        ("Victoria Tenants Co-operative", False),
        ("Kelly's of Hitchin", True),
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
    assert shown_name("Arnold Clark", has_number=True) == "Arnold Clark"
    assert shown_name("Arnold Clark") == WITHHELD
    assert shown_name(None) == NOT_STATED


def resolve(stated: list[dict[str, object]], **files: list[dict[str, object]]) -> pd.DataFrame:
    con = duckdb.connect()
    con.execute(
        "CREATE TABLE postcodes AS SELECT * FROM (VALUES ('SG1 1AA', 'E07000243'), ('SG5 1AA', 'E07000099'), "
        "('NW1 1AA', 'E09000007')) t(postcode, lad_code)"
    )
    identity = ["supplier_id", "supplier_name", "company_number", "charity_number"]
    columns = {
        "vendors": [*identity, "postcode", "country", "is_sme", "is_vcse", "size"],
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
        places=pd.DataFrame(files.get("places", [])),
        has_register=bool(companies),
    )
    return pd.DataFrame({"supplier_key": resolved.keys}).merge(resolved.suppliers, on="supplier_key", how="left")


@pytest.mark.parametrize("is_whole", [True, False])
def test_on_an_extract_of_the_register_a_name_alone_waits_for_a_person(
    con: duckdb.DuckDBPyConnection, is_whole: bool
) -> None:
    register(con, [{"company_name": "QUARRY WORKS LTD", "company_number": "00000002", "postcode": "SG1 1AA"},
                   {"company_name": "WHARFEDALE WORKS SERVICES LTD", "company_number": "00000003", "postcode": None}])  # fmt: skip
    asked = pd.DataFrame(
        [{"supplier_key": key, "supplier_name": name, "postcode": postcode, "company_number": None, "charity_number": None,
          "is_individual": False}
         for key, name, postcode in (("same", "Quarry Works", None), ("same and place", "Quarry Works Ltd", "SG1 1AA"),
                                     ("near", "Wharfdale Works Services", None))]
    )  # fmt: skip
    found, _ = match_suppliers(con, asked, pd.DataFrame(), Matching(accept=0.6), True, is_whole)
    alone = "matched" if is_whole else "review"
    assert dict(zip(found["supplier_key"], found["match_status"], strict=True)) == {
        "same": alone, "same and place": "matched", "near": alone,
    }  # fmt: skip


def register(con: duckdb.DuckDBPyConnection, companies: list[dict[str, object]]) -> None:
    """Organisations as the registers' stage leaves them, of companies with name, number and postcode."""
    rows = pd.DataFrame(companies, dtype="str").rename(columns={"company_name": "name"})
    rows["org_id"] = "GB-COH-" + rows["company_number"]
    nothing = dict.fromkeys(
        ("charity_number", "mutual_number", "country", "grade", "rule", "legal_form", "sic_codes")
    )
    nothing = {name: None for name in nothing if name not in rows}
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
    assert (found["company_number"], found["ring"]) == (None, "unknown")


@pytest.mark.parametrize("country", ["UK", "Great Britain", "Scotland", "GBR", "GB", None])
def test_a_spelling_of_this_country_is_not_abroad(country: str | None) -> None:
    found = resolve([{"supplier_name": "Acme Ltd"}], awards=[{"supplier_name": "Acme Ltd", "country": country}])
    assert found.loc[0, "ring"] == "unknown"


def test_without_a_vendor_list_the_register_then_awards_then_companies_tell() -> None:
    stated = [
        {"supplier_name": "Acme Ltd"},
        {"supplier_name": "Bolt Ltd"},
        {"supplier_name": "Cog Ltd", "company_number": "00000003"},
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


@pytest.mark.parametrize(
    ("country", "postcode", "ring"),
    [
        ("Ireland", None, "elsewhere"), ("france", None, "elsewhere"), ("DE", None, "elsewhere"), ("USA", None, "elsewhere"),
        ("The Netherlands", None, "elsewhere"), ("Herts", None, "unknown"), ("England", None, "unknown"),
        (None, "BFPO 57", "elsewhere"), ("Ireland", "SG1 1AA", "home"),
    ],
)  # fmt: skip
def test_the_vendor_list_says_who_is_abroad(country: str | None, postcode: str | None, ring: str) -> None:
    vendor = {"supplier_id": "V1", "supplier_name": "Acme Ltd", "postcode": postcode, "country": country}
    found = resolve([{"supplier_id": "V1", "supplier_name": "Acme Ltd"}], vendors=[vendor])
    assert found.loc[0, "ring"] == ring


@pytest.mark.parametrize(
    ("text", "code"),
    [("BFPO 57", "BFPO 57"), ("bfpo57", "BFPO 57"), ("HQ, Episkopi, BFPO 53", "BFPO 53"), ("BFPO 2, SG1 1AA", "SG1 1AA"), ("BFPO", None)],
)  # fmt: skip
def test_an_address_of_the_forces(text: str, code: str | None) -> None:
    assert find_postcode(text) == code
    if "," not in text:
        assert parse_postcode(text) == code


def test_a_vendor_abroad_is_not_at_a_registered_office_here() -> None:
    vendor = {"supplier_id": "V1", "supplier_name": "Acme Ltd", "company_number": "00000001", "country": "Ireland"}
    found = resolve(
        [{"supplier_id": "V1", "supplier_name": "Acme Ltd"}],
        vendors=[vendor],
        companies=[{"company_name": "ACME LTD", "company_number": "00000001", "postcode": "SG1 1AA"}],
    ).iloc[0]
    assert (found["ring"], found["registered_ring"]) == ("elsewhere", "home")


@pytest.mark.parametrize(
    ("country", "ring"), [("IRELAND", "elsewhere"), ("ENGLAND", "unknown"), (None, "unknown")]
)
def test_a_registered_office_abroad_is_elsewhere(country: str | None, ring: str) -> None:
    company = {"company_name": "ACME LTD", "company_number": "FC000001", "postcode": None, "country": country}
    found = resolve([{"supplier_name": "Acme Ltd", "company_number": "FC000001"}], companies=[company])
    assert found.loc[0, "ring"] == ring


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


# What words weigh in the cases below; any other weighs 5.
RARITY = Rarity({"acme": 4.0, "bolt": 3.0, "building": 2.0, "service": 1.0}, unknown=5.0)


@pytest.mark.parametrize(
    ("asked", "name", "expected"),
    [
        # The same words in another order: nothing is left, 4 + 2 are met.
        ("acme building", "building acme", (0, 0, 0, 0, 6 / 5)),
        # All of the weight 4 + 2 + 1 + 4: "building" and "service" are left of the one, nothing of the other.
        ("acme building service", "acme", (3 / 11, 0, 2 / 5, 0, 4 / 5)),
        # "bolt" of 3 and "xyz" of 5 have nothing in common, and "acme" met is 2 x 4.
        ("acme bolt", "acme xyz", (3 / 16, 5 / 16, 3 / 5, 5 / 5, 4 / 5)),
        # A slip: "bilding" (7 of 8 letters) is weighed as the known word, 2; an eighth of it is left.
        ("acme bilding", "acme building", (0.25 / 12, 0, 0.25 / 5, 0, (4 + 2 * 7 / 8) / 5)),
        # Cut short, likeness 0.8: 0.2 of 2 is left.
        ("acme build", "acme building", (0.4 / 12, 0, 0.4 / 5, 0, (4 + 1.6) / 5)),
        # Without vowels, likeness 0.7: 0.3 of 1 is left.
        ("acme srvc", "acme service", (0.3 / 10, 0, 0.3 / 5, 0, (4 + 0.7) / 5)),
        # A word said twice meets two; the third is left.
        ("acme acme", "acme acme acme", (0, 4 / 20, 0, 4 / 5, 8 / 5)),
        # Of two words as alike the first is met: "bolts" meets "bolta" and never "boltz" as well.
        ("bolts", "bolta boltz", (1 / 15, 5 / 15, 1 / 5, 5 / 5, 4 / 5)),
        ("", "acme", (0, 1, 0, 4 / 5, 0)),
        ("", "", (0, 0, 0, 0, 0)),
    ],
)
def test_words_that_two_names_share(asked: str, name: str, expected: tuple[float, ...]) -> None:
    assert shared_words([asked], [name], RARITY)[0] == pytest.approx(expected)


def test_a_pair_is_worth_the_same_whatever_stands_beside_it() -> None:
    texts = ["acme building service", "bolt srvc", "service", "bilding acm acme bolt service xyz", "acme"]
    asked, names = map(list, zip(*itertools.product(texts, texts), strict=True))
    at_once = shared_words(asked, names, RARITY)
    alone = [shared_words([a], [n], RARITY)[0] for a, n in zip(asked, names, strict=True)]
    assert np.array_equal(at_once, np.array(alone))


def asked_of_a_register(threads: int) -> tuple[duckdb.DuckDBPyConnection, pd.DataFrame]:
    """A register of 900 names of few words, and suppliers that misspell, cut or turn some of them."""
    con = duckdb.connect(config={"threads": threads})
    words = itertools.product(("acme", "bolt", "cogsworth", "dunmore", "elderbrook", "fenwick"),
                              ("roofing", "tree care", "cleaning", "plant hire", "software"),
                              ("north", "south", "hertford", "ware", "luton"), ("ltd", "llp", "uk ltd", "cic", "holdings plc", ""))  # fmt: skip
    names = [" ".join(part for part in parts if part).upper() for parts in words]
    posts = ["SG1 1AA", "SG1 2BB", "NW1 1AA", None]
    register(
        con,
        [{"company_name": n, "company_number": f"{k:08d}", "postcode": posts[k % 4]} for k, n in enumerate(names)],
    )
    suppliers = []
    for number, name in enumerate(names[::8]):
        turned = " ".join(reversed(name.split()))
        given = (name, name.replace("E", "", 1), name[:20], turned, f"{name} t/a Best {number}")[number % 5]
        suppliers.append({"supplier_key": f"s{number}", "supplier_name": given, "postcode": posts[number % 3]})
    suppliers.append({"supplier_key": "none", "supplier_name": "Xylophone Quartet", "postcode": None})
    nothing = {"company_number": None, "charity_number": None, "is_individual": False}
    return con, pd.DataFrame(suppliers).assign(**nothing)


def scored(threads: int, chunk: int, workers: int) -> pd.DataFrame:
    con, suppliers = asked_of_a_register(threads)
    con.register("given_names", suppliers.assign(q_id=range(len(suppliers))))
    load_queries(con, "(SELECT q_id, supplier_name AS name, postcode::VARCHAR AS postcode FROM given_names)")
    find_candidates(con)
    return score.pairs(con, chunk, workers)


def test_one_core_and_many_and_any_chunk_give_the_same_scores() -> None:
    expected = scored(threads=1, chunk=10**9, workers=1)
    assert len(expected) > 1000
    for threads, chunk, workers in ((4, 1, 4), (3, 7, 2), (1, 1000, 1), (8, score.CHUNK, 8)):
        pd.testing.assert_frame_equal(scored(threads, chunk, workers), expected, check_exact=True)


def test_nobody_near_is_no_match_and_no_candidate() -> None:
    con, suppliers = asked_of_a_register(threads=1)
    found, candidates = match_suppliers(con, suppliers.tail(1), pd.DataFrame(), Matching(), has_register=True)
    assert list(found["match_status"]) == ["no match"]
    assert candidates.empty


def test_one_core_and_many_give_the_same_matches(monkeypatch: pytest.MonkeyPatch) -> None:
    made = []
    for cores in (1, 4):
        monkeypatch.setattr("os.cpu_count", lambda cores=cores: cores)
        con, suppliers = asked_of_a_register(cores)
        made.append(match_suppliers(con, suppliers, pd.DataFrame(), Matching(), has_register=True))
    assert set(made[0][0]["match_status"]) == {"matched", "review", "no match"}
    assert len(made[0][1])
    for one, many in zip(*made, strict=True):
        pd.testing.assert_frame_equal(one, many, check_exact=True)
