"""What tells two names apart, how a cell with several names is read, and that no name is guessed from common words."""

from __future__ import annotations

import itertools

import duckdb
import pandas as pd
import pytest

from cwb.council.sections import Matching
from cwb.entities.matching import candidates
from cwb.entities.matching.differences import Asked, Vocabulary, difference, general_names
from cwb.entities.matching.kinds import MatchEvidence
from cwb.entities.matching.match import MATCHED, match_suppliers
from cwb.entities.matching.names import normalised, register_functions
from cwb.entities.matching.readings import readings
from cwb.entities.matching.remarks import remarks_of, stated_numbers
from test_matching import register
from test_matching_parts import found_by


def words_and_form(name: str) -> tuple[str, str]:
    con = duckdb.connect()
    register_functions(con)
    con.register("given", pd.DataFrame({"name": [name]}))
    found = con.execute(f"SELECT core, form FROM {normalised('given', 'name')}").fetchall()[0]
    return found[0], found[1]


def apart(asked: str, registered: str, dropped: str = "", is_cut: bool = False, is_whole: bool = False) -> str:
    vocabulary = Vocabulary(frozenset({"keoldale", "petra", "donemanna"}), is_whole)
    return difference(Asked(*words_and_form(asked), dropped, is_cut), *words_and_form(registered), vocabulary)


@pytest.mark.parametrize(
    ("asked", "registered", "why"),
    [
        # One side has a word that the other lacks: distinctive, of a place, of a trade, a number.
        ("TRAIN LINE", "Wirksworth Traidcraft Limited", "lacks “train line”"),
        ("BLACKBURN VAN HIRE", "VENUS HIRE LIMITED", "lacks “blackburn van”"),
        (
            "LANCASHIRE PARTNERSHIP AGAINST CRIME",
            "Sussex Partners Against Crime",
            "lacks “lancashire partnership”",
        ),
        ("North Kent Markets", "East Kent Markets Ltd", "lacks “north”"),
        ("Larchwood Homes (North)", "LARCHWOOD HOMES (SOUTH) LIMITED", "lacks “north”"),
        ("Bevan Nursing", "Bevan Nursing Recruitment Ltd", "has “recruitment” too"),
        ("Bevan Healthcare Recruitment", "Bevan Healthcare Ltd", "lacks “recruitment”"),
        # A member of a group and its sister.
        ("Gable & Dray", "GABLE & DRAY HOLDINGS LIMITED", "has “holding” too"),
        ("Gable & Dray Services", "GABLE & DRAY LIMITED", "lacks “service”"),
        ("Gable & Dray Ltd", "GABLE & DRAY (UK) LIMITED", "has “uk” too"),
        ("Porthaven Homes No 2 Ltd", "PORTHAVEN HOMES LIMITED", "lacks “no 2”"),
        ("Four Oaks (No 11) Ltd", "FOUR OAKS (NO 9) LIMITED", "lacks “11”"),
        # Two words that names have are two words, and a beginning is not its longer word.
        ("Horsham Rugby Club", "Hersham Rugby Club Ltd", "lacks “horsham”"),
        ("Dragon Housing", "Dragonfire Housing Ltd", "lacks “dragon”"),
        # A form that only some firms have, and what the same words would carry.
        ("Meadowbank CIC", "MEADOWBANK LTD", "another legal form, ltd"),
        ("Burges LLP", "BURGES COMPANY LIMITED", "another legal form, ltd"),
        ("Community Housing", "Housing Community Association Limited", "only common words agree"),
    ],
)
def test_names_that_are_told_apart(asked: str, registered: str, why: str) -> None:
    assert why in apart(asked, registered)


@pytest.mark.parametrize(
    ("asked", "registered"),
    [
        ("Acme Roofing Ltd", "ACME ROOFING PLC"),
        ("Roofing Acme", "ACME ROOFING LIMITED"),
        ("Cherry Hinton Club", "Cherryhinton Club Limited"),
        ("Keoldale Sheep Stock", "Keodale Sheep Stock Limited"),
        ("Acme Constru Svcs", "ACME CONSTRUCTION SERVICES LTD"),
        ("Ryton Social Club", "Ryton Social Club and Institute Limited"),
        ("Quorn Co-op", "Quorn Co-operative Limited"),
        ("Dorstone Village Shop", "Dorstone Village Shop Association Limited"),
        ("Davies Turner & Co.", "DAVIES TURNER & CO. LIMITED"),
        ("Financial Quires Limited", "FINANCIAL QUIRES LIMITED(THE)"),
    ],
)
def test_names_that_nothing_tells_apart(asked: str, registered: str) -> None:
    assert apart(asked, registered) == ""


@pytest.mark.parametrize(
    ("name", "core"),
    [
        ("THE DESIGN COMPANY LIMITED", "design company"),
        ("Design Ltd", "design"),
        ("XYZ Co Ltd", "xyz co"),
        ("The Keoldale Design Company Ltd", "keoldale design"),
        ("Keoldale Design Co Limited", "keoldale design"),
        ("Keoldale & Co Ltd", "keoldale co"),
        ("Keoldale Community Interest Company", "keoldale"),
    ],
)
def test_company_is_no_legal_form(name: str, core: str) -> None:
    assert words_and_form(name)[0] == core


@pytest.mark.parametrize(
    ("name", "core", "form"),
    [
        ("Acme Roofing Private Limited", "acme roofing", "ltd"),
        ("Acme Roofing Pvt Ltd", "acme roofing", "ltd"),
        # Of an ending that is no form as a whole only the form goes.
        ("Acme Roofing Private Ltd", "acme roofing private", "ltd"),
        ("Acme Roofing Pvt Limited", "acme roofing pvt", "ltd"),
        ("Acme Roofing Ltd Plc", "acme roofing ltd", "plc"),
        ("Acme Roofing L.T.D.", "acme roofing", "ltd"),
        ("Acme Roofing Limted", "acme roofing", "ltd"),
        ("Acme Roofing Limited Partnership", "acme roofing", "lp"),
        ("Acme Roofing Limited Liability Partnership", "acme roofing", "llp"),
        ("Acme Roofing Public Limited Company", "acme roofing", "plc"),
        ("Acme Roofing Unlimited", "acme roofing unlimited", ""),
        ("Private Limited", "private", "ltd"),
        ("Limited", "limited", ""),
    ],
)
def test_the_legal_form_at_the_end_of_a_name(name: str, core: str, form: str) -> None:
    assert words_and_form(name) == (core, form)


@pytest.mark.parametrize("words", [2, 3, 4, 5])
def test_two_words_in_common_wherever_they_stand(words: int) -> None:
    names = {}
    for number, (one, other) in enumerate(itertools.permutations(range(words), 2)):
        name = [f"other{place}" for place in range(words)]
        name[one], name[other] = "alpha", "bravo"
        names[number] = " ".join(name)
    # Only the first four words of a registered name tell.
    near = {(1, number) for number, name in names.items() if {"alpha", "bravo"} <= {*name.split()[:4]}}
    assert found_by(candidates._pairs(), {1: "bravo alpha"}, names) == near


def test_a_word_said_twice_is_no_pair_with_another() -> None:
    names = {10: "alpha bravo alpha", 11: "bravo charlie bravo", 12: "alpha alpha"}
    assert found_by(candidates._pairs(), {1: "alpha alpha"}, names) == {(1, 10), (1, 12)}


@pytest.mark.parametrize(
    ("asked", "registered"),
    [
        ("Design Ltd", "THE DESIGN COMPANY LIMITED"),
        ("Training", "THE TRAINING COMPANY LTD"),
        ("XYZ Co Ltd", "XYZ LIMITED"),
    ],
)
def test_a_firm_called_the_company_is_not_any_firm_of_its_word(asked: str, registered: str) -> None:
    assert words_and_form(asked)[0] != words_and_form(registered)[0]
    assert apart(asked, registered)


@pytest.mark.parametrize(
    ("asked", "registered"),
    [
        ("Petra Tenants", "Betra Tenants Ltd"),
        ("Donemanna Mart", "Donemama Mart Ltd"),
        ("Petra Tenants", "Petrarch Tenants Ltd"),
    ],
)
def test_a_word_that_a_whole_register_lacks_is_a_slip(asked: str, registered: str) -> None:
    assert apart(asked, registered, is_whole=True) == ""
    assert apart(asked, registered) != ""


@pytest.mark.parametrize(
    ("word", "other", "is_whole", "is_same"),
    [
        ("abcdef", "abcdeg", False, True),
        ("abcde", "abcdf", False, False),
        ("abcd", "abce", True, True),
        ("abc", "abd", True, False),
        # The shorter of the two counts.
        ("abcdef", "abcde", False, False),
        # Two slips from eight letters on, and only where the whole register has no such word.
        ("abcdefgh", "abcdefij", True, True),
        ("abcdefg", "abcdehi", True, False),
        ("abcdefgh", "abcdefij", False, False),
        ("abcdefghi", "abcdefklm", True, False),
    ],
)
def test_from_how_many_letters_a_slip_is_one(word: str, other: str, is_whole: bool, is_same: bool) -> None:
    """Of one of two words; "zzyzx" is the other, which both names have."""
    vocabulary = Vocabulary(frozenset({word}), is_whole)
    told = difference(Asked(f"{word} zzyzx", "", "", is_cut=False), f"{other} zzyzx", "ltd", vocabulary)
    assert (told == "") == is_same, told


@pytest.mark.parametrize(
    ("asked", "registered", "is_same"),
    [
        # A name of one word may have a slip.
        ("kowzid", "kowid", True),
        ("zzyzx abcdef", "zzyzx abcghf", True),
        ("zzyzx qwor", "zzyzx qwordling", True),
        # Two slips from six letters of the shorter word.
        ("kowzide", "kowed", False),
        ("zzyzx abcde", "zzyzx abfgde", False),
        # Numbers, words that names bear, and a word more are another firm's at any place.
        ("zzyzx 11", "zzyzx 12", False),
        ("zzyzx horsham", "zzyzx hersham", False),
        ("zzyzx", "zzyzx holding", False),
        ("zzyzx service", "zzyzx", False),
    ],
)
def test_at_the_postcode_of_the_registered_office_a_slip_is_one_sooner(
    asked: str, registered: str, is_same: bool
) -> None:
    """No name on the register bears the supplier's words but for "horsham" and "qwor"."""

    def told(is_there: bool, is_whole: bool = True) -> str:
        vocabulary = Vocabulary(frozenset(asked.split()) - {"horsham", "qwor"}, is_whole)
        return difference(Asked(asked, "", "", False, is_there), registered, "ltd", vocabulary)

    assert (told(is_there=True) == "") == is_same, told(is_there=True)
    assert told(is_there=False) != ""
    assert told(is_there=True, is_whole=False) != ""


@pytest.mark.parametrize(
    ("asked", "registered"),
    [
        ("Gbxeoldale Homes Ltd", "GPB Xeoldale Homes Ltd"),
        ("Keoldale Cottage Copany Ltd", "KEOLDALE COTTAGE COMPANY LIMITED"),
    ],
)
def test_words_run_together_and_a_slip_in_company(asked: str, registered: str) -> None:
    unknown = frozenset({"gbxeoldale", "copany"})
    asked_core, asked_form = words_and_form(asked)
    core, form = words_and_form(registered)
    assert difference(Asked(asked_core, asked_form, "", False), core, form, Vocabulary(unknown, True)) == ""
    assert difference(Asked(asked_core, asked_form, "", False), core, form, Vocabulary(frozenset(), True)) != ""


@pytest.mark.parametrize(
    ("asked", "registered", "is_same"),
    [
        # All words but the last are the first of the other name, and the last begins a word of it.
        ("zzyzx qwordl", "zzyzx qwordling", True),
        ("zzyzx qwordl", "zzyzx qwordling vlarge", True),
        ("zzyzx vlarge qwordl", "zzyzx qwordling", False),
        ("vlarge qwordl", "zzyzx qwordling", False),
        ("qwordl", "qwordling", False),
        ("zzyzx qwordling", "zzyzx qwordl", False),
    ],
)
def test_a_name_that_ends_within_a_word(asked: str, registered: str, is_same: bool) -> None:
    """No name in general bears these words."""
    vocabulary = Vocabulary(frozenset(), is_whole=False)
    told = difference(Asked(asked, "", "", is_cut=True), registered, "ltd", vocabulary)
    assert (told == "") == is_same, told


def test_a_name_cut_within_a_word_is_the_one_that_begins_so_and_one_cut_between_words_is_not() -> None:
    whole = "ACME RECRUITMENT SOLUTIONS (BIRMINGHAM) LIMITED"
    assert apart("ACME RECRUITMENT SOLUTIONS (BIRM", whole, is_cut=True) == ""
    assert "birmingham" in apart("ACME RECRUITMENT SOLUTIONS", whole, is_cut=True)


@pytest.mark.parametrize(
    ("dropped", "is_told"),
    [
        ("cbn", False),
        ("combro", False),
        ("network", False),
        ("scotland", True),
        ("the old mill", True),
        ("uk", True),
    ],
)
def test_what_stands_in_brackets_tells_unless_it_says_the_name_again(dropped: str, is_told: bool) -> None:
    assert bool(apart("Community Broadband Network", "Community Broadband Network Ltd", dropped)) == is_told


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ("Acme Ltd", [("whole", "Acme Ltd", "")]),
        ("ACME LIMITED C/O THE AGENT", [("whole", "ACME LIMITED", "")]),
        ("ACME LIMITED RE INV 20871", [("whole", "ACME LIMITED", "")]),
        ("Acme Ltd - Stevenage", [("whole", "Acme Ltd", "")]),
        ("Acme - Stevenage", [("whole", "Acme - Stevenage", ""), ("without branch", "Acme", "stevenage")]),
        ("Acme (BACS)", [("whole", "Acme", "")]),
        ("Acme Client Account", [("whole", "Acme", "")]),
        ("ACME A/C 40112233", [("whole", "ACME", "")]),
        ("Acme # 2", [("whole", "Acme", "")]),
        ("Bolt Works, a division of Acme Ltd", [("whole", "Acme Ltd", "")]),
        ("Acme Ltd T/A Bolt Works", [("before t/a", "Acme Ltd", ""), ("after t/a", "Bolt Works", "")]),
        ("Acme Limited Liability Partnership", [("whole", "Acme Limited Liability Partnership", "")]),
        ("ACME ROOFING SERVICES LIMI", [("whole", "ACME ROOFING SERVICES", "")]),
        ("The Account Managers", [("whole", "The Account Managers", "")]),
    ],
)
def test_the_ways_to_read_a_name(stated: str, expected: list[tuple[str, str, str]]) -> None:
    assert [(one.variant, one.name, one.dropped) for one in readings(stated)] == expected


def test_what_companies_in_general_are_called() -> None:
    counts, size = general_names()
    assert size > 10_000
    assert all(
        counts[word] > size / 500 for word in ("care", "recruitment", "healthcare", "construction", "service")
    )
    assert "wirksworth" not in counts
    assert min(counts.values()) >= 3


def test_a_small_register_makes_no_common_word_distinctive() -> None:
    """On a register of four names every word is rare: what is common is judged against names in general."""
    con = duckdb.connect()
    names = (
        "Wirksworth Traidcraft Limited",
        "VENUS HIRE LIMITED",
        "Sussex Partners Against Crime",
        "HILLTOP NURSING HOME LTD",
    )
    register(
        con,
        [
            {"company_name": name, "company_number": f"{n:08d}", "postcode": None}
            for n, name in enumerate(names, 1)
        ],
    )
    asked = (
        "TRAIN LINE",
        "BLACKBURN VAN HIRE",
        "LANCASHIRE PARTNERSHIP AGAINST CRIME",
        "VALLEY NURSING HOME",
        "Venus Hire",
    )
    suppliers = pd.DataFrame(
        [{"supplier_key": name, "supplier_name": name, "postcode": None, "company_number": None, "charity_number": None,
          "is_individual": False} for name in asked]
    )  # fmt: skip
    found, _ = match_suppliers(con, suppliers, pd.DataFrame(), Matching(), True)
    assert list(found.loc[found["match_status"] == MATCHED, "supplier_key"]) == ["Venus Hire"]


def test_a_decision_that_a_file_contradicts_is_told_and_one_that_it_bears_out_is_not() -> None:
    given = {"company_number": "00000001", "charity_number": None}
    numbers = stated_numbers(
        [("a", given), ("b", given), ("c", given), ("d", given | {"company_number": None}), (None, given)]
    )
    decided = {"decision": "match", "company_number": None, "charity_number": None}
    decisions = [
        {"supplier_key": "a", **decided, "company_number": "00000001"},
        {"supplier_key": "b", **decided, "company_number": "00000002"},
        {"supplier_key": "c", **decided, "decision": "no match"},
        {"supplier_key": "d", **decided, "company_number": "00000002"},
        {"supplier_key": "c", **decided, "charity_number": "200001"},
    ]
    found = remarks_of({"V7": 3}, decisions, numbers, {}, {})
    assert found[["kind", "supplier_id", "supplier_key", "decided", "stated"]].fillna("").to_numpy().tolist() == [
        ["id set aside", "V7", "", "", ""],
        ["decision contradicted", "", "b", "00000002", "00000001"],
        ["decision contradicted", "", "c", "", "00000001"],
    ]
    assert remarks_of({}, [], {}, {}, {}).empty


def test_a_name_that_is_found_but_far_is_no_candidate() -> None:
    con = duckdb.connect()
    names = ["Keoldale Ltd", "Bright Buff Figs Gift Hub Jinn Jury Keoldale Ltd"]
    rows = [{"company_name": name, "company_number": f"{n:08d}", "postcode": None} for n, name in enumerate(names)]
    register(con, rows)
    con.register("given_names", pd.DataFrame({"q_id": [0], "name": ["Keoldale Ltd"], "postcode": [None]}))
    candidates.load_queries(con, "(SELECT q_id, name, postcode::VARCHAR AS postcode FROM given_names)")
    candidates.find_candidates(con)
    found = con.execute("SELECT name, rough FROM candidates JOIN names USING (name_id)").fetchall()
    assert found == [("Keoldale Ltd", 1.0)]


@pytest.mark.parametrize(
    ("name", "evidence"),
    [
        # A firm that names its legal form is that firm, whoever else bears the name that it trades under.
        ("Keoldale Roofing Ltd T/A Zzyzx Works", MatchEvidence.SAME_NAME),
        # Without a form it may be a person's name.
        ("Keoldale Roofing T/A Zzyzx Works", MatchEvidence.SEVERAL),
    ],
)
def test_the_firm_before_trading_as_is_the_one(name: str, evidence: MatchEvidence) -> None:
    con = duckdb.connect()
    companies = [("KEOLDALE ROOFING LIMITED", "00000001"), ("ZZYZX WORKS LIMITED", "00000002")]
    register(con, [{"company_name": one, "company_number": number, "postcode": None} for one, number in companies])
    asked = {
        "supplier_key": "s",
        "supplier_name": name,
        "postcode": None,
        "company_number": None,
        "charity_number": None,
    }
    found, _ = match_suppliers(
        con,
        pd.DataFrame([asked | {"is_individual": False}]),
        pd.DataFrame(),
        Matching(whole_register=1),
        has_register=True,
    )
    assert found.iloc[0]["match_evidence"] == evidence.value
    assert found.iloc[0]["company_number"] == "00000001"
