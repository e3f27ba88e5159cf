"""The parts that matching is made of, each by hand: words weighed, features, the best of several, directories, the queue,
and how the whole is evaluated."""

from __future__ import annotations

import math
from pathlib import Path
from types import SimpleNamespace

import duckdb
import numpy as np
import pandas as pd
import pytest

from cwb.base.errors import SourceError
from cwb.council.sections import Matching
from cwb.entities.matching import candidates
from cwb.entities.matching import evaluate as evaluation
from cwb.entities.matching.exact import AWARD, REGISTER, VENDOR, Directory, key_of, resolve, supplier_key
from cwb.entities.matching.queue import HEADINGS, queue, write_queue
from cwb.entities.matching.score import _flags, _ratio, best, probability
from cwb.entities.matching.words import Rarity, _Words, shared_words
from test_matches import con  # noqa: F401  (the register of ordinary names)

# --- words ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "likeness"),
    [
        ("roofing", "roofing", 1.0),
        ("abcd", "abcx", 0.75),  # one letter of four
        ("abc", "abx", 0.0),  # one of three is too many
        ("eng", "engineering", 0.8),  # cut short
        ("engineering", "eng", 0.8),
        ("en", "engineering", 0.0),  # two letters may be the beginning of anything
        ("mngmnt", "management", 0.7),  # without its vowels
        ("bldrs", "builders", 0.7),
        ("ldrs", "builders", 0.0),  # another first letter
        ("oak", "pine", 0.0),
    ],
)
def test_how_alike_two_words_are(one: str, other: str, likeness: float) -> None:
    assert _Words([one, other]).alike(np.array([0]), np.array([1])) == pytest.approx([likeness])


IDF = {"acme": 5.0, "roofing": 3.0, "services": 1.0, "roof": 2.0}
RARITY = Rarity(IDF, 10.0)


def words(asked: str, name: str) -> tuple[float, ...]:
    """Left of the one and of the other, the heaviest left of each, met; a second pair beside it changes nothing."""
    alone, beside = shared_words([asked], [name], RARITY), shared_words(["x y z", asked], ["q", name], RARITY)
    assert alone[0].tolist() == beside[1].tolist()
    return tuple(alone[0].tolist())


def test_the_same_words_leave_nothing() -> None:
    # Met: both of 5 + 3; 16 of 16, so half of it, 8, over the weight of an unknown word.
    assert words("acme roofing", "roofing acme") == pytest.approx((0, 0, 0, 0, 0.8))


def test_words_left_over_on_either_side() -> None:
    # All: (5 + 1) + (5 + 3) = 14; left 1 of the one (services), 3 of the other (roofing); met 2 × 5.
    found = words("acme services", "acme roofing")
    assert found == pytest.approx((1 / 14, 3 / 14, 0.1, 0.3, 0.5))


def test_a_word_that_is_like_another_is_weighed_as_the_known_one() -> None:
    # roofinq is unknown (10) and like roofing (3) by 6 of 7: weighed as 3 both, so all is 6; met 6 × 6/7, missed 3 × 1/7.
    likeness = 6 / 7
    found = words("roofinq", "roofing")
    assert found == pytest.approx((3 * (1 - likeness) / 6, 0, 0.3 * (1 - likeness), 0, 6 * likeness / 20))


def test_a_word_meets_one_word_once() -> None:
    # Of roof roof against roof: one meets, the other is left; all 2 + 2 + 2.
    assert words("roof roof", "roof") == pytest.approx((2 / 6, 0, 0.2, 0, 0.2))


def test_two_names_without_words() -> None:
    assert words("", "") == (0, 0, 0, 0, 0)


# --- features -------------------------------------------------------------------------------------------------------


def pair(**columns: object) -> dict[str, float]:
    """The features of one pair of names."""
    given: dict[str, object] = {
        "q_id": "q", "a_id": 1, "variant": "as given", "org_id": "o", "name": "N", "kind": "registered",
        "asked": "acme roofing", "core": "acme roofing", "asked_loose": "acme", "loose": "acme", "asked_form": "ltd",
        "form": "ltd", "asked_postcode": "SG1 1AA", "postcode": "SG1 1AA", "stated_length": 12,
    }  # fmt: skip
    row = given | columns
    made = duckdb.connect()
    made.register(
        "queries",
        pd.DataFrame(
            [
                {
                    name.removeprefix("asked_"): row[name]
                    for name in ("asked_loose", "asked_form", "asked_postcode")
                }
                | {"core": row["asked"], "variant": row["variant"], "stated_length": row["stated_length"]}
            ]
        ).astype(object),
    )
    made.register(
        "names",
        pd.DataFrame([{name: row[name] for name in ("core", "loose", "form", "postcode", "kind")}]).astype(object),
    )
    kinds = "postcode::VARCHAR AS postcode"
    found: dict[str, float] = (
        made.sql(
            f"SELECT {_flags()} FROM (SELECT * REPLACE ({kinds}) FROM queries) a, (SELECT * REPLACE ({kinds}) FROM names) n"
        )
        .df()
        .iloc[0]
        .to_dict()
    )
    found["ratio"] = _ratio(np.array([row["asked"]], dtype=object), np.array([row["core"]], dtype=object))[0]
    return found


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ({}, {"ratio": 1, "same_core": 1, "same_loose": 1, "same_form": 1, "other_form": 0, "no_form": 0}),
        ({"core": "acme", "loose": "bolt"}, {"same_core": 0, "same_loose": 0}),
        ({"form": "plc"}, {"same_form": 0, "other_form": 1, "no_form": 0}),
        ({"form": ""}, {"same_form": 0, "other_form": 0, "no_form": 0}),
        ({"asked_form": ""}, {"same_form": 0, "other_form": 0, "no_form": 1}),
        ({"asked_form": "", "form": ""}, {"same_form": 0, "other_form": 0, "no_form": 1}),
        ({}, {"same_postcode": 1, "near_postcode": 0, "other_postcode": 0}),
        ({"postcode": "SG1 2BB"}, {"same_postcode": 0, "near_postcode": 1, "other_postcode": 0}),
        ({"postcode": "NW1 1AA"}, {"same_postcode": 0, "near_postcode": 0, "other_postcode": 1}),
        ({"postcode": None}, {"same_postcode": 0, "near_postcode": 0, "other_postcode": 0}),
        (
            {"asked_postcode": None, "postcode": None},
            {"same_postcode": 0, "near_postcode": 0, "other_postcode": 0},
        ),
        ({"core": "acme roofing services", "stated_length": 18}, {"is_cut": 1}),
        ({"core": "acme roofing services", "stated_length": 17}, {"is_cut": 0}),
        ({"core": "bolt roofing services", "stated_length": 18}, {"is_cut": 0}),
        ({"stated_length": 18}, {"is_cut": 0}),
        ({}, {"former_name": 0, "after_trading": 0, "without_branch": 0}),
        ({"kind": "previous"}, {"former_name": 1}),
        ({"variant": "after t/a"}, {"after_trading": 1, "without_branch": 0}),
        ({"variant": "without branch"}, {"after_trading": 0, "without_branch": 1}),
        # acmeroof of acmeroofing: 2 × 8 letters of 19
        ({"core": "acme roof"}, {"ratio": 16 / 19}),
    ],
)
def test_the_features_of_a_pair(given: dict[str, object], wanted: dict[str, float]) -> None:
    found = pair(**given)
    assert {name: found[name] for name in wanted} == pytest.approx(wanted)


def scored(*rows: tuple[str, str, float, float, float]) -> pd.DataFrame:
    """Pairs: supplier, organisation, log odds, same core, is cut."""
    frame = pd.DataFrame(rows, columns=["q_id", "org_id", "pair", "same_core", "is_cut"])
    return frame.assign(
        name=frame["org_id"],
        kind="registered",
        variant="as given",
        same_form=0.0,
        same_postcode=0.0,
        other_postcode=0.0,
        a_id=0,
        name_id=0,
    )


def test_the_best_of_several() -> None:
    found = best(
        scored(
            ("a", "o1", 2.0, 1.0, 0.0), ("a", "o1", 1.5, 1.0, 0.0), ("a", "o2", 0.5, 1.0, 0.0),  # 1.5 ahead, two bear it
            ("b", "o3", 3.0, 1.0, 1.0),  # alone
            ("c", "o4", 20.0, 0.0, 1.0), ("c", "o5", 1.0, 0.0, 1.0),  # 19 ahead counts as 12; two begin so
            ("d", "o7", 1.0, 0.0, 0.0), ("d", "o6", 1.0, 0.0, 1.0), ("d", "o8", 0.0, 1.0, 1.0),  # a tie: the first by id
        )
    ).set_index("q_id")  # fmt: skip
    assert list(found["org_id"]) == ["o1", "o3", "o4", "o6"]
    assert list(found["margin"]) == [1.5, 12.0, 12.0, 0.0]
    assert list(found["is_alone"]) == [0.0, 1.0, 0.0, 0.0]
    assert list(found["same_name_twice"]) == [1.0, 0.0, 0.0, 0.0]
    assert list(found["begins_twice"]) == [0.0, 0.0, 1.0, 1.0]


def test_log_odds_as_a_probability() -> None:
    assert probability(0.0) == 0.5
    assert probability(math.log(9)) == pytest.approx(0.9)
    assert probability(-math.log(9)) == pytest.approx(0.1)
    assert list(probability(np.array([-500.0, 500.0]))) == [1 / (1 + math.exp(30)), 1 / (1 + math.exp(-30))]


# --- what files say of a supplier -----------------------------------------------------------------------------------


def row(name: str | None, **columns: object) -> dict[str, object]:
    empty = dict.fromkeys(
        ("supplier_id", "company_number", "charity_number", "postcode", "is_sme", "is_vcse", "size")
    )
    return {"supplier_name": name, **empty, **columns}


@pytest.fixture
def directory() -> Directory:
    made = Directory()
    made.add(VENDOR, [
        row("Acme Ltd", supplier_id="V1", company_number="00000001", postcode="SG1 1AA", is_sme=True, size="small"),
        row("Bolt Ltd", supplier_id="V2", is_vcse=True),
        row("Clay Ltd", supplier_id="V3"), row("Clay Ltd", supplier_id="V4"),
    ])  # fmt: skip
    made.add(REGISTER, [row("Bolt Ltd", company_number="00000002", postcode="SG6 3AA", is_sme=False)])
    made.add(AWARD, [
        row("Elsewhere", company_number="00000002", postcode="NW1 1AA", country="United Kingdom"),
        row("Dune Ltd", postcode="CB2 1TN"), row("Dune Ltd", postcode="CB2 1TN"), row("Dune Ltd", postcode=None),
        row("Two Ltd", postcode="CB2 1TN"), row("Two Ltd", postcode="NW1 1AA"),
    ])  # fmt: skip
    return made


@pytest.mark.parametrize(
    ("asked", "key"),
    [
        (row("Somebody", supplier_id="V1"), "id:V1"),
        (row("Acme Limited"), "id:V1"),
        (row("Another name", company_number="00000001"), "id:V1"),
        (row("Clay Ltd"), "name:clay ltd"),
        (row("Nobody Ltd", supplier_id="V9"), "name:nobody ltd"),
        (row(None), None),
        (row(None, supplier_id="V2"), "id:V2"),
    ],
)
def test_the_key_of_a_line(asked: dict[str, object], key: str | None, directory: Directory) -> None:
    found = key_of(asked, directory)
    # How a name is made plain is tested by itself.
    assert (found or "").split(":")[0] == (key or "").split(":")[0]
    if key is None or key.startswith("id:"):
        assert found == key
    else:
        assert found == supplier_key(None, str(asked["supplier_name"]), {})


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        (row("Acme", supplier_id="V1"),
         {"supplier_name": "Acme Ltd", "company_number": "00000001", "postcode": "SG1 1AA", "place_source": VENDOR,
          "is_sme": True, "size": "small", "is_registered": True, "supplier_id": "V1"}),
        # The vendor list says no place of it: the number that the register states leads to the award, which goes before it.
        (row("Bolt Ltd"),
         {"supplier_id": "V2", "company_number": "00000002", "postcode": "NW1 1AA", "place_source": AWARD,
          "is_vcse": True, "is_sme": None, "is_registered": True, "country": "United Kingdom"}),
        (row("Dune Ltd"), {"postcode": "CB2 1TN", "place_source": AWARD, "is_registered": False, "supplier_id": None}),
        (row("Two Ltd"), {"postcode": None, "place_source": None}),
        (row("Clay Ltd"), {"supplier_id": None, "is_registered": False}),
        (row("Dune Ltd", charity_number="200001"), {"charity_number": "200001", "is_registered": True}),
        (row("Zed", company_number="00000002"), {"postcode": "NW1 1AA", "is_sme": False, "is_registered": True}),
        (row("Nobody"), {"company_number": None, "postcode": None, "is_sme": None, "is_registered": False}),
    ],
)  # fmt: skip
def test_what_the_files_say_of_a_supplier(
    asked: dict[str, object], wanted: dict[str, object], directory: Directory
) -> None:
    found = resolve(asked, directory)
    assert {name: found[name] for name in wanted} == wanted


# --- the queue ------------------------------------------------------------------------------------------------------


def test_the_queue_is_highest_spend_first(tmp_path: Path) -> None:
    settings = SimpleNamespace(processed=tmp_path, matching=Matching(confirm_from_gbp=8))
    suppliers = pd.DataFrame({
        "supplier_key": ["a", "b", "c", "d", "e", "f"], "supplier_name": ["A", "B", "=C", "D", "E", "F"],
        "match_status": ["review", "review", "review", "matched", "matched", "matched"], "match_detail": ["why"] * 6,
        "match_evidence": ["name nearly the same"] * 3 + ["number given", "same name", "same name"],
        "org_id": ["o"] * 6, "organisation_name": ["O LTD"] * 6,
    })  # fmt: skip
    suppliers.to_parquet(tmp_path / "suppliers.parquet")
    lines = pd.DataFrame(
        {"supplier_key": ["a", "c", "c", "d", "e", "f"], "amount_gbp": [5.0, 7.0, 3.25, 99.0, 8.0, 7.99]}
    )
    lines.to_parquet(tmp_path / "lines.parquet")
    near = pd.DataFrame({
        "supplier_key": ["a", "a", "c", "a"], "rank": [1, 2, 1, 3], "org_id": ["o1", "o2", "o3", "o4"],
        "candidate_name": ["N1", "N2", "N3", "N4"], "why": ["w1", "w2", "w3", "w4"],
    })  # fmt: skip
    near.to_parquet(tmp_path / "match_candidates.parquet")
    found = queue(settings)  # type: ignore[arg-type]
    # D gave its number and F is under the limit; E was accepted by its name.
    assert list(found["supplier_key"]) == ["c", "e", "a", "b"]
    assert list(found["spend_gbp"]) == [10.25, 8.0, 5.0, 0.0]
    assert list(found["candidate_1"]) == ["o3 N3", "o O LTD", "o1 N1", None]
    assert list(found["why_2"]) == [None, None, "w2", None]
    assert list(found["candidate_3"]) == [None, None, "o4 N4", None]
    assert list(found["match_detail"]) == ["why", "accepted by name, please confirm", "why", "why"]
    path, _ = write_queue(settings)  # type: ignore[arg-type]
    warning, first, *rows = path.read_text(encoding="utf-8-sig").splitlines()
    assert "names payees" in warning
    assert first == ",".join(HEADINGS)
    assert rows[0] == "c,'=C,,,,,,,,10.25,why,o3 N3,w3,,,,"
    assert rows[2] == "a,A,,,,,,,,5.00,why,o1 N1,w1,o2 N2,w2,o4 N4,w4"


def test_an_empty_queue(tmp_path: Path) -> None:
    one = {"supplier_key": ["a"], "match_status": ["matched"], "match_evidence": ["number given"]}
    pd.DataFrame(one).to_parquet(tmp_path / "suppliers.parquet")
    found = queue(SimpleNamespace(processed=tmp_path, matching=Matching()))  # type: ignore[arg-type]
    assert (len(found), list(found.columns)) == (0, ["supplier_key", "spend_gbp"])


# --- how good it is -------------------------------------------------------------------------------------------------


def test_labelled_names_are_read(tmp_path: Path) -> None:
    path = tmp_path / "labelled.csv"
    path.write_text(
        'Made by hand\nSupplier name,Company number,Postcode,Amount\nAcme,1,sg11aa,"£1,000.50"\n,2,,5\nBolt,,,\n',
        encoding="utf-8",
    )
    found = evaluation.read_labelled(path, tmp_path / "scratch")
    assert list(found["name"]) == ["Acme", "Bolt"]
    assert found["company_number"].fillna("").to_list() == ["00000001", ""]
    assert found["postcode"].fillna("").to_list() == ["SG1 1AA", ""]
    assert list(found["amount"]) == [1000.5, 0.0]
    assert found["charity_number"].isna().all()
    path.write_text("", encoding="utf-8")
    with pytest.raises(SourceError):
        evaluation.read_labelled(path, tmp_path / "scratch")


def test_an_evaluation(con: duckdb.DuckDBPyConnection) -> None:  # noqa: F811
    numbers = {
        "Acme Roofing Services Ltd": "00000000",  # right
        "Cogsworth Holdings PLC": "00000001",  # wrong: it is 2
        "Twin Name": "00000015",  # two bear the name: a person must decide
        "Nowhere To Be Found": "99999999",  # on no register
        "Zymurgy Unheard Of": "00000003",  # on the register under another name
    }
    labelled = pd.DataFrame({
        "name": list(numbers), "company_number": list(numbers.values()), "charity_number": None, "mutual_number": None,
        "postcode": None, "amount": [10.0, 20.0, 30.0, 40.0, 100.0],
    }).astype(object)  # fmt: skip
    settings = SimpleNamespace(matching=Matching())
    found = evaluation.evaluate(con, settings, labelled)  # type: ignore[arg-type]
    verdicts = dict(zip(found.rows["supplier_name"], found.rows["verdict"], strict=True))
    assert verdicts["Acme Roofing Services Ltd"] == "right"
    assert verdicts["Cogsworth Holdings PLC"] == "wrong"
    assert verdicts["Twin Name"].startswith("review, best candidate")
    assert verdicts["Nowhere To Be Found"] == "not matched, and on no register"
    assert verdicts["Zymurgy Unheard Of"] == "missed"
    assert (found.matched, found.right, found.findable, found.in_review) == (2, 1, 4, 1)
    assert found.right_in_review == int(verdicts["Twin Name"].endswith("right"))
    assert (found.precision, found.recall) == (0.5, 0.25)
    assert found.by_spend == pytest.approx(30 / 200)
    nothing = evaluation.evaluate(con, settings, labelled.assign(amount=0.0).tail(1))  # type: ignore[arg-type]
    assert (nothing.precision, nothing.recall, nothing.by_spend) == (None, 0.0, None)


# --- where candidates come from -------------------------------------------------------------------------------------


def found_by(sql: str, asked: dict[int, str], names: dict[int, str]) -> set[tuple[int, int]]:
    """What one way of finding candidates gives for plain names; every word is as rare as any other."""
    made = duckdb.connect()
    made.execute("CREATE TABLE queries (a_id INTEGER, core VARCHAR)")
    made.execute("CREATE TABLE names (name_id INTEGER, core VARCHAR)")
    made.executemany("INSERT INTO queries VALUES (?, ?)", list(asked.items()))
    made.executemany("INSERT INTO names VALUES (?, ?)", list(names.items()))
    made.execute(
        "CREATE TABLE readings AS SELECT a_id, unnest(string_split(core, ' ')) AS token, 1 AS df FROM queries"
    )
    return {(a, b) for a, b in made.execute(sql).fetchall()}


def test_names_that_begin_alike() -> None:
    asked = {1: "acme roof", 2: "bolt", 3: "larkfield housing"}
    names = {
        10: "acme roofing services",
        11: "acme rope",
        12: "boltons",
        13: "larkfield housing association",
        14: "larkin",
    }
    # Of 1 "acmeroof" only 10 begins so; 2 is of under six letters; 3 is the beginning of 13.
    assert found_by(candidates._beginnings(), asked, names) == {(1, 10), (3, 13)}


def test_names_with_two_words_in_common() -> None:
    asked = {1: "alpha bravo charlie delta echo", 2: "golf"}
    names = {
        10: "delta alpha", 11: "alpha golf", 12: "echo delta", 13: "xray alpha yankee bravo", 14: "x y z w alpha bravo",
        15: "golf",
    }  # fmt: skip
    # The four rarest of 1 (here by the alphabet: without echo), and the first four words of a registered name.
    assert found_by(candidates._pairs(), asked, names) == {(1, 10), (1, 13)}
