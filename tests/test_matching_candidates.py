"""Which registered names are looked at for a supplier, step by step on a register of a few names."""

from __future__ import annotations

import duckdb
import pandas as pd
import pytest

from cwb.entities.matching import candidates as module
from cwb.entities.matching.candidates import find_candidates, load_names, load_queries

REGISTER = (
    "Alder Joinery", "Alder Joinery Services", "Bowood Timber Yard", "Timber Yard Bowood", "Cogsworth Cleaning",
    "Dunmore Dunmore Roofing", "Elder Brook Nurseries", "Fenwick 1234", "Ark Plumbing",
)  # fmt: skip


def asked(
    *names: str, register: tuple[str, ...] = REGISTER, postcodes: tuple[str, ...] = ()
) -> duckdb.DuckDBPyConnection:
    """A connection with the candidates of suppliers of these names; the postcodes are the register's and the suppliers'."""
    con = duckdb.connect(config={"threads": 1})
    posts = list(postcodes) or [None] * (len(register) + len(names))
    firms = pd.DataFrame(
        {"name": register, "org_id": register, "kind": "registered", "postcode": posts[: len(register)]}
    )
    suppliers = pd.DataFrame({"q_id": range(len(names)), "name": names, "postcode": posts[len(register) :]})
    typed = "postcode::VARCHAR AS postcode"
    con.register("firms", firms)
    con.register("suppliers", suppliers)
    load_names(con, f"(SELECT org_id, name, kind, {typed} FROM firms)")
    load_queries(con, f"(SELECT q_id, name, {typed} FROM suppliers)")
    find_candidates(con)
    return con


def rows(con: duckdb.DuckDBPyConnection, sql: str) -> list[tuple[object, ...]]:
    return [tuple(row) for row in con.execute(sql).fetchall()]


def found(*names: str, register: tuple[str, ...] = REGISTER, postcodes: tuple[str, ...] = ()) -> list[str]:
    """The registered names that are looked at for suppliers of these names, nearest first."""
    sql = (
        "SELECT n.name FROM candidates JOIN names n USING (name_id) GROUP BY ALL ORDER BY max(rough) DESC, n.name"
    )
    return [str(name) for (name,) in rows(asked(*names, register=register, postcodes=postcodes), sql)]


def test_each_word_of_a_name_counts_once_and_one_of_no_name_too() -> None:
    con = asked("Dunmore Dunmore Quark")
    assert rows(con, "SELECT token, df FROM query_words ORDER BY token") == [("dunmore", 2), ("quark", 0)]


@pytest.mark.parametrize(
    ("word", "known"),
    [
        ("cogswrth", "cogsworth"),  # a letter too few
        ("cogsworrth", "cogsworth"),  # too many
        ("cogswarth", "cogsworth"),  # another
        ("cogswotrh", "cogsworth"),  # two turned round
        ("cogsorh", None),  # two slips
        ("cogsworth", None),  # the word itself
        ("arkw", "ark"),  # four letters meet three
        ("arq", None),  # three tell nothing
        ("1235", None),  # one number is no slip of another
        ("timer", "timber"),
    ],
)
def test_a_word_meets_those_within_one_slip(word: str, known: str | None) -> None:
    con = asked(word)
    assert rows(con, f"SELECT known FROM neighbours WHERE token = '{word}'") == ([(known,)] if known else [])


def test_a_word_that_many_names_bear_is_no_slip() -> None:
    # "alder" is borne by two names; "joiner" by one.
    register = ("Alder Joinery", "Alder Works", "Elder Joiner")
    con = asked("Alder Joiner", register=register)
    assert rows(con, "SELECT token, known FROM neighbours") == [("joiner", "joinery")]
    assert rows(con, "SELECT DISTINCT original, token, df FROM readings ORDER BY 1, 2") == [
        ("alder", "alder", 2), ("joiner", "joiner", 1), ("joiner", "joinery", 1),
    ]  # fmt: skip


@pytest.mark.parametrize("letters", [24, 25])
def test_a_word_of_up_to_24_letters_may_hold_a_slip(letters: int) -> None:
    word = "q" * (letters - 1) + "x"
    con = asked(word, register=("q" * (letters - 1), "Alder Joinery"))
    assert len(rows(con, "SELECT known FROM neighbours")) == (letters == 24)


def test_names_of_the_same_words_in_any_order_are_looked_at_and_others_not() -> None:
    assert found("Yard Timber Bowood") == ["Bowood Timber Yard", "Timber Yard Bowood"]
    assert found("Xylophone Quartet") == []
    # The same letters with another blank begin alike.
    assert found("Elderbrook Nurseries") == ["Elder Brook Nurseries"]
    con = asked("Bowood Timber Yard")
    assert rows(con, "SELECT DISTINCT n.name, is_same FROM candidates JOIN names n USING (name_id) ORDER BY 1") == [
        ("Bowood Timber Yard", True), ("Timber Yard Bowood", True),
    ]  # fmt: skip
    con = asked("Alder Joinery")
    assert rows(con, "SELECT DISTINCT n.name, is_same, rough > 0.9 FROM candidates JOIN names n USING (name_id) ORDER BY 1") == [
        ("Alder Joinery", True, True), ("Alder Joinery Services", False, True),
    ]  # fmt: skip


def test_a_slip_in_a_rare_word_is_forgiven() -> None:
    assert found("Cogswrth Cleaners") == ["Cogsworth Cleaning"]
    # It is looked up as the word that it is a slip of: the slip itself, which no name bears, takes no place among the rarest.
    con = asked("Cogswrth Cleaning")
    assert rows(con, "SELECT original, token, df FROM readings ORDER BY 1") == [
        ("cleaning", "cleaning", 1), ("cogswrth", "cogsworth", 1),
    ]  # fmt: skip


def test_a_name_that_may_have_been_cut_is_looked_at_with_all_that_begin_so() -> None:
    # All words but "jo" are frequent here, and "jo" is none: only the beginning tells.
    register = (*(f"Alder Joinery {n}" for n in ("North", "South")), "Alder House", "Aldermaston Jo")
    con = asked("Alder Jo", register=register)
    assert rows(con, "SELECT n.name FROM (" + module._beginnings() + ") JOIN names n USING (name_id) ORDER BY 1") == [
        ("Alder Joinery North",), ("Alder Joinery South",),
    ]  # fmt: skip
    # Nine letters in common are enough, whatever follows; six are not, unless they are all.
    con = asked("Alder Joinwell", register=register)
    assert rows(con, "SELECT n.name FROM (" + module._beginnings() + ") JOIN names n USING (name_id) ORDER BY 1") == [
        ("Alder Joinery North",), ("Alder Joinery South",),
    ]  # fmt: skip
    con = asked("Alder Jaguar", register=register)
    assert rows(con, "SELECT * FROM (" + module._beginnings() + ")") == []


def test_a_beginning_of_too_many_names_tells_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_BLOCK", 2)
    register = tuple(f"Alder Joinery {n}" for n in ("North", "South", "West"))
    for name in ("Alder Joinery Quay", "Alder Join"):
        assert rows(asked(name, register=register), "SELECT * FROM (" + module._beginnings() + ")") == []
        assert len(rows(asked(name, register=register[:2]), "SELECT * FROM (" + module._beginnings() + ")")) == 2


def test_a_name_at_the_same_postcode_is_looked_at_if_it_is_at_all_like() -> None:
    register = ("Aldwych Glazing", "Bowood Timber")
    sql = "SELECT n.name FROM (" + module._places() + ") JOIN names n USING (name_id)"
    con = asked("Aldwyck Glaziers", register=register, postcodes=("SG1 1AA", "SG1 1AA", "SG1 1AA"))
    assert rows(con, sql) == [("Aldwych Glazing",)]
    con = asked("Aldwyck Glaziers", register=register, postcodes=("SG1 1AB", "SG1 1AA", "SG1 1AA"))
    assert rows(con, sql) == []


def test_of_rare_words_the_rarest_are_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    register = ("Able Works", "Able Baker Works", "Able Baker Cable Works", "Dale")
    sql = "SELECT DISTINCT n.name FROM (" + "{}" + ") JOIN names n USING (name_id) ORDER BY 1"
    con = asked("Works Able Baker Cable Dale", register=register)
    # Dale and Cable are borne by one name, Baker by two; Able and Works, of three, are not asked.
    assert rows(con, sql.format(module._rare_words())) == [
        ("Able Baker Cable Works",),
        ("Able Baker Works",),
        ("Dale",),
    ]
    monkeypatch.setattr(module, "_RARE_WORDS", 2)
    assert rows(con, sql.format(module._rare_words())) == [("Able Baker Cable Works",), ("Dale",)]
    monkeypatch.setattr(module, "_RARE_DF", 0)
    assert rows(con, sql.format(module._rare_words())) == []


def test_two_words_in_common_are_enough_in_any_order() -> None:
    con = asked("Yard Bowood")
    sql = "SELECT DISTINCT n.name FROM (" + module._pairs() + ") JOIN names n USING (name_id) ORDER BY 1"
    assert rows(con, sql) == [("Bowood Timber Yard",), ("Timber Yard Bowood",)]
    assert rows(asked("Yard Joinery"), sql) == []
    # Of a registered name the first four words are paired.
    con = asked("Four Five", register=("One Two Three Four Five", "Two Three Four Five"))
    assert rows(con, sql) == [("Two Three Four Five",)]


def test_only_the_nearest_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "KEPT", 2)
    register = ("Cogsworth Cleaning", "Cogsworth Cleaning Group", "Cogsworth Quay Dredging and Towage")
    assert found("Cogsworth Cleaning", register=register) == ["Cogsworth Cleaning", "Cogsworth Cleaning Group"]
    monkeypatch.setattr(module, "KEPT", 3)
    assert len(found("Cogsworth Cleaning", register=register)) == 3


@pytest.mark.parametrize(("name", "is_near"), [("Elderb", False), ("Elderbr", False), ("Elderbro", True)])
def test_the_beginning_of_a_name_is_near_from_eight_letters_on(name: str, is_near: bool) -> None:
    con = asked(name, register=("Elder Brookwood International Nurseries Of Hertford", "Alder"))
    assert rows(con, "SELECT rough >= 0.97 FROM candidates") == [(is_near,)]
