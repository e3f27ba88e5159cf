"""The rows behind a finding, counted by hand on ten lines: parts, weights, names, order, filters, the lines themselves."""

from __future__ import annotations

from decimal import Decimal

import pyarrow as pa
import pytest

from cwb.base.privacy import WITHHELD
from cwb.evidence.answers import answer
from cwb.evidence.coverage import Floors
from cwb.evidence.questions import Question, change, count, largest, share, share_among, top, total
from cwb.evidence.relation import LINE, Fact, Relation
from cwb.evidence.rows import Evidence
from cwb.lines.engine import Engine
from small_engine import empty_council

LOCAL = Fact("is_local")
# file, row, key, name, pounds, local, category, year. Of the lines of 2026: Able has 70 and is local by one line; Busy has 50
# and is not; of Calm's -50 one line does not say; who is withheld is known by no other line. Dill is Able's size.
LINES = (
    ("a.csv", 2, "k1", "Able", "100", True, "Roads", 2026),
    ("a.csv", 3, "k1", "Able Ltd", "-30", False, "Care", 2026),
    ("b.csv", 4, "k2", "Busy", "20", False, "Roads", 2026),
    ("b.csv", 5, "k2", "Busy", "30", False, None, 2026),
    ("b.csv", 6, "k3", "Calm", "200", None, "Roads", 2026),
    ("b.csv", 7, "k3", "Calm", "-250", False, "Care", 2026),
    ("a.csv", 9, "k4", WITHHELD, "5", True, "Care", 2026),
    ("a.csv", 8, "k5", "Dill", "70", True, "Care", 2026),
    ("c.csv", 2, "k2", "Busy", "10", True, "Care", 2025),
    ("c.csv", 3, "k6", "Even", "-40", False, "Parks", 2025),
)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """An engine over the tables of nobody, and these lines."""
    _, engine = empty_council(tmp_path_factory.mktemp("nobody"))
    columns = (
        "source_file",
        "source_row",
        "payee_key",
        "display_name",
        "amount_gbp",
        "is_local",
        "category",
        "year",
    )
    rows = [dict(zip(columns, line, strict=True)) for line in LINES]
    for row in rows:
        row |= {"supplier_key": None if row["display_name"] == WITHHELD else row["payee_key"]}
        row |= {"source_sheet": "", "amount_gbp": Decimal(row["amount_gbp"]), "purpose": "a purpose"}
        # A contract of Dill's may or may not be a service; Able's is none.
        row |= {"is_service": {"k5": None, "k1": False}.get(row["payee_key"], True)}
    table = pa.Table.from_pylist(rows)
    engine.add_table("made", table.cast(table.schema.set(4, pa.field("amount_gbp", pa.decimal128(18, 2)))))
    return engine


ALL = Relation("made", ("spend_lines",))
NOW, THEN = ALL.where("year = 2026"), ALL.where("year = 2025")


def things(engine: Engine, question: Question, *columns: str, **where: str) -> list[tuple[object, ...]]:
    frame = Evidence(engine, question).things(where or None)[list(columns)].astype(object)
    return [tuple(row) for row in frame.where(frame.notna(), None).itertuples(index=False)]


WHOLE = ("thing", "part", "weight", "lines", "source_file", "source_row")


def test_one_row_a_thing_by_part_and_weight_with_its_largest_line(engine: Engine) -> None:
    assert things(engine, share("x", NOW, LOCAL), *WHOLE) == [
        ("Able", "in", 70, 2, "a.csv", 2),
        ("Dill", "in", 70, 1, "a.csv", 8),
        (WITHHELD, "in", 5, 1, "a.csv", 9),
        ("Busy", "out", 50, 2, "b.csv", 5),
        ("Calm", "unknown", -50, 2, "b.csv", 7),
    ]


def test_a_thing_that_is_counted_weighs_one(engine: Engine) -> None:
    assert things(engine, count("x", NOW, LOCAL), "thing", "part", "weight", "lines") == [
        ("Able", "in", 1, 2), ("Dill", "in", 1, 1), (WITHHELD, "in", 1, 1), ("Busy", "out", 1, 2), ("Calm", "unknown", 1, 2),
    ]  # fmt: skip


def test_a_change_weighs_now_and_then_and_is_ordered_by_both(engine: Engine) -> None:
    # Busy has 50 now and 10 then, and a line of 2025 makes it local.
    assert things(engine, change("x", NOW, THEN, LOCAL), "thing", "part", "weight_now", "weight_then") == [
        ("Able", "in", 70, 0), ("Dill", "in", 70, 0), ("Busy", "in", 50, 10), (WITHHELD, "in", 5, 0),
        ("Even", "out", 0, -40),
        ("Calm", "unknown", -50, 0),
    ]  # fmt: skip


def test_within_a_category_a_supplier_is_a_thing_of_its_own(engine: Engine) -> None:
    # Busy has one line without a category: its own group.
    question = largest("x", NOW.where("payee_key IN ('k1', 'k2')"), "category", LOCAL)
    assert things(engine, question, "thing", "group", "part", "weight") == [
        ("Able", "Roads", "in", 100), ("Able Ltd", "Care", "out", -30), ("Busy", None, "out", 30), ("Busy", "Roads", "out", 20),
    ]  # fmt: skip
    lines = Evidence(engine, question).lines().fillna({"category": ""})
    assert [(r.display_name, r.category, r.part) for r in lines.itertuples()] == [
        ("Able", "Roads", "in"), ("Able Ltd", "Care", "out"), ("Busy", "Roads", "out"), ("Busy", "", "out"),
    ]  # fmt: skip


def test_the_largest_n_are_in_and_the_other_named_ones_out(engine: Engine) -> None:
    question = top("x", NOW.where("amount_gbp > 0"), 2)
    assert things(engine, question, "thing", "part", "weight") == [
        ("Calm", "in", 200), ("Able", "in", 100), ("Dill", "out", 70), ("Busy", "out", 50), (WITHHELD, "unknown", 5),
    ]  # fmt: skip
    lines = Evidence(engine, question).lines()
    assert [(r.display_name, r.part) for r in lines.itertuples()] == [
        ("Able", "in"), ("Dill", "out"), (WITHHELD, "unknown"), ("Busy", "out"), ("Busy", "out"), ("Calm", "in"),
    ]  # fmt: skip


def test_of_a_base_that_may_not_be_known_things_are_maybe(engine: Engine) -> None:
    # Able is surely of no service and no part of it; Dill may be of one.
    question = share_among("x", NOW, Fact("is_service"), LOCAL)
    assert things(engine, question, "thing", "part", "weight") == [
        ("Dill", "maybe in", 70), (WITHHELD, "in", 5), ("Busy", "out", 50), ("Calm", "unknown", -50),
    ]  # fmt: skip
    lines = Evidence(engine, question).lines()
    assert [(r.display_name, r.part) for r in lines.itertuples()] == [
        ("Dill", "maybe in"), (WITHHELD, "in"), ("Busy", "out"), ("Busy", "out"), ("Calm", "unknown"), ("Calm", "unknown"),
    ]  # fmt: skip


def test_lines_are_those_of_the_question_each_of_the_part_of_its_thing(engine: Engine) -> None:
    lines = Evidence(engine, share("x", NOW, LOCAL)).lines()
    assert [(r.source_file, r.source_row, r.display_name, r.part) for r in lines.itertuples()] == [
        ("a.csv", 2, "Able", "in"), ("a.csv", 3, "Able Ltd", "in"), ("a.csv", 8, "Dill", "in"), ("a.csv", 9, WITHHELD, "in"),
        ("b.csv", 4, "Busy", "out"), ("b.csv", 5, "Busy", "out"), ("b.csv", 6, "Calm", "unknown"), ("b.csv", 7, "Calm", "unknown"),
    ]  # fmt: skip
    # Keys and purposes hold what people wrote and do not leave.
    assert not {"payee_key", "purpose", "thing_key"} & set(lines.columns)
    both = Evidence(engine, change("x", NOW, THEN, LOCAL)).lines()
    assert [(r.source_row, r.part) for r in both.itertuples() if r.source_file == "c.csv"] == [
        (2, "in"),
        (3, "out"),
    ]


def test_where_each_line_is_a_thing_no_line_speaks_for_another(engine: Engine) -> None:
    question = share("x", NOW.where("payee_key IN ('k1', 'k3')"), LOCAL, per=LINE)
    assert things(engine, question, "thing", "part", "weight") == [
        ("Able", "in", 100), ("Calm", "out", -250), ("Able Ltd", "out", -30), ("Calm", "unknown", 200),
    ]  # fmt: skip
    lines = Evidence(engine, question).lines()
    assert [(r.display_name, r.part) for r in lines.itertuples()] == [
        ("Able", "in"), ("Able Ltd", "out"), ("Calm", "unknown"), ("Calm", "out"),
    ]  # fmt: skip
    among = share_among("x", NOW.where("payee_key IN ('k2', 'k5')"), Fact("is_service"), LOCAL, per=LINE)
    assert [r.part for r in Evidence(engine, among).lines().itertuples()] == ["maybe in", "out", "out"]


def test_rows_can_be_kept_by_what_a_column_says(engine: Engine) -> None:
    evidence = Evidence(engine, share("x", NOW, LOCAL))
    assert things(engine, evidence.question, "thing", "part", "weight", category="Care") == [
        ("Dill", "in", 70), (WITHHELD, "in", 5), ("Calm", "out", -250), ("Able Ltd", "out", -30),
    ]  # fmt: skip
    assert things(engine, evidence.question, "thing", category="Care", source_file="b.csv") == [("Calm",)]
    assert things(engine, evidence.question, "thing", category="Parks") == []
    assert len(evidence.lines({"category": "Care"})) == 4
    assert [evidence.count(), evidence.count(lines=True)] == [5, 8]
    assert [evidence.count(where={"category": "Roads"}), evidence.count(True, {"category": "Roads"})] == [3, 3]


def test_what_a_column_says_is_that_of_the_questions_lines(engine: Engine) -> None:
    assert Evidence(engine, total("x", NOW)).values("category") == ["Care", "Roads"]
    assert Evidence(engine, change("x", NOW, THEN)).values("category") == ["Care", "Parks", "Roads"]
    assert Evidence(engine, total("x", THEN)).values("amount_gbp") == ["-40.00", "10.00"]


def test_the_sql_can_be_pasted_into_any_client(engine: Engine) -> None:
    evidence = Evidence(engine, share("x", NOW, LOCAL))
    assert [row["thing"] for row in engine.rows(evidence.sql)] == list(evidence.things()["thing"])


def test_questions_of_two_periods_are_answered_in_one_pass(engine: Engine) -> None:
    """Each of its own lines: what another question's lines say of a supplier, or weigh, is none of its business."""
    asked = [total("my_now", NOW, LOCAL), total("my_then", THEN, LOCAL), change("my_change", NOW, THEN, LOCAL)]
    asked += [total("my_lines_now", NOW, LOCAL, per=LINE), total("my_lines_then", THEN, LOCAL, per=LINE)]
    found = answer(engine, asked, "p", "2026-27", Floors(Decimal(0), Decimal(0))).findings
    assert {name: (one.value, one.low, one.high) for name, one in found.items()} == {
        "my_now": (145, 95, 145),  # Able 70, Dill 70 and who is withheld 5; Calm's -50 may be local
        "my_then": (10, 10, 10),
        "my_change": (185, 135, 185),  # Busy, local by its line of 2025, has 50 now and 10 then
        "my_lines_now": (175, 175, 375),
        "my_lines_then": (10, 10, 10),
    }
