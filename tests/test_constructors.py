"""Constructors whose findings pack 01 has none of, by the worked examples of their rules, from lines in a table."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pyarrow as pa
import pytest

from cwb.base.errors import CwbError
from cwb.council.config import Settings
from cwb.council.periods import Period
from cwb.evidence.answers import answer
from cwb.evidence.coverage import Floors
from cwb.evidence.data import PackData
from cwb.evidence.finding import Finding
from cwb.evidence.questions import (
    Question,
    change,
    count,
    derived,
    mean,
    median,
    modelled,
    product,
    rate,
    share_among,
    share_of_modelled,
    survival,
    total,
)
from cwb.evidence.relation import LINE, SOURCE_LINE, SUPPLIER, Assumption, Fact, Factor, Relation, Thing
from cwb.evidence.typed_rows import QUANTITY, table_of
from cwb.lines.engine import Engine
from cwb.packs.others import shared
from cwb.packs.questions import ask as ask_of_pack
from cwb.packs.questions import at_most
from cwb.packs.registry import all_packs, pack_of
from cwb.packs.strategy_tracker.judge import known_of
from cwb.packs.strategy_tracker.rules import holds
from cwb.sources.store import Lineage
from small_engine import empty_council

FACTOR = Factor("factor", "low_factor", "high_factor")
BODY, PRODUCT = Thing("name", "name", "bodies"), Thing("product", "product", "products")
NOBODY = Lineage("", (), {})
LOCAL, SOCIAL = Fact("is_local"), Fact("is_social")


@pytest.fixture(scope="module")
def council(tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, Engine]:
    return empty_council(tmp_path_factory.mktemp("nobody"))


@pytest.fixture(scope="module")
def settings(council: tuple[Settings, Engine]) -> Settings:
    """Of a council that supplied nothing: what is asked about is added."""
    return council[0]


@pytest.fixture(scope="module")
def engine(council: tuple[Settings, Engine]) -> Engine:
    return council[1]


def lines(engine: Engine, name: str, *rows: dict[str, object]) -> Relation:
    """A table of lines with what is not given not known."""
    typed = {
        "name": pa.string(), "product": pa.string(), "is_local": pa.bool_(), "is_social": pa.bool_(),
        "amount_gbp": pa.decimal128(18, 2), "factor": pa.decimal128(18, 4), "low_factor": pa.decimal128(18, 4),
        "high_factor": pa.decimal128(18, 4), "score": pa.decimal128(18, 2),
    }  # fmt: skip
    columns = {
        column: pa.array([None if r.get(column) is None else _value(r[column], kind) for r in rows], kind)
        for column, kind in typed.items()
    }
    place = {
        "source_file": ["f"] * len(rows),
        "source_sheet": [""] * len(rows),
        "source_row": list(range(2, len(rows) + 2)),
    }
    engine.add_table(name, pa.table(columns | place))
    return Relation(name, ("spend_lines",))


def _value(value: object, kind: pa.DataType) -> object:
    return Decimal(str(value)) if pa.types.is_decimal(kind) else value


def ask(engine: Engine, *questions: Question, floor: str = "0") -> Finding:
    """The finding of the last question."""
    floors = Floors(Decimal(floor), Decimal(floor))
    return answer(engine, questions, "p", "2026-27", floors).findings[questions[-1].id]


def ends(finding: Finding) -> tuple[float | None, float | None, float | None]:
    return finding.value, finding.low, finding.high


def test_pounds_of_suppliers_by_a_fact_of_the_payment_are_refused(engine: Engine) -> None:
    """One payment under £500 would put all pounds of its supplier in; how many suppliers have one may be asked."""
    all_packs()  # defines what is asked
    of, small = Relation("spend_lines", ("spend_lines",)), Fact("amount_gbp < 500 AND is_local", "'category'")
    with pytest.raises(CwbError, match=r"^local_spend asks of suppliers for pounds by amount_gbp, .*\(per=LINE\)"):
        ask(engine, total("local_spend", of, small))
    with pytest.raises(CwbError, match="by category, "):
        ask(engine, share_among("local_share", of, Fact("category <> 'amount_gbp'"), LOCAL, per=SUPPLIER))
    ask(engine, total("local_spend", of, small, per=LINE))
    ask(engine, total("local_spend", of, Fact("is_local AND category = 'cover'"), within="category"))
    ask(engine, count("local_spend", of, small))


def test_a_number_that_may_be_less_nobody_knows_how_much_has_no_low_end(engine: Engine) -> None:
    """60 and perhaps 20 more are stated, from which costs are still to be taken: at most 80, and no least."""
    of = lines(engine, "saved", {"name": "A", "amount_gbp": 60, "is_local": True}, {"name": "B", "amount_gbp": 20})
    pack = pack_of("insourcing")
    question = total("insource_saving_net", of, LOCAL, per=BODY)
    found = at_most(ask(engine, question), "The costs would settle it.", "no cost is stated")
    assert (ends(found), found.bounds, found.ends) == ((60, None, 80), "at most £80", None)
    known = known_of(shared(pack, found))
    assert holds(known, "<=", 80)
    assert holds(known, ">=", 10) is None
    least = at_most(ask(engine, question, floor="0.9"), "The costs would settle it.", "no cost is stated")
    assert (ends(least), least.undefined) == ((None, None, None), "no cost is stated")


def test_a_share_among_what_may_not_be_known_either(engine: Engine) -> None:
    """Sure and local 30, sure and not 20, perhaps social and local 10, sure of unknown place 15, surely not social 99."""
    of = lines(
        engine, "among",
        {"name": "a", "is_social": True, "is_local": True, "amount_gbp": 30},
        {"name": "b", "is_social": True, "is_local": False, "amount_gbp": 20},
        {"name": "c", "is_local": True, "amount_gbp": 10},
        {"name": "d", "is_social": True, "amount_gbp": 15},
        {"name": "e", "is_social": False, "is_local": True, "amount_gbp": 99},
    )  # fmt: skip
    finding = ask(engine, share_among("my_local_part", of, base=SOCIAL, where=LOCAL, per=BODY))
    assert ends(finding) == pytest.approx((30 / 65, 30 / 65, 55 / 75))
    rows = finding.rows().set_index("thing")["part"].to_dict()
    assert rows == {"a": "in", "b": "out", "c": "maybe in", "d": "unknown"}


def test_the_mean_and_the_median_of_local_contracts(engine: Engine) -> None:
    """100 and 50 are local, 10 and 200 of unknown place: the mean 75, from 160 ÷ 3 to 350 ÷ 3; the median 75, 50 to 100."""
    of = lines(
        engine, "contracts_of_some_place",
        {"name": "a", "is_local": True, "amount_gbp": 100}, {"name": "b", "is_local": True, "amount_gbp": 50},
        {"name": "c", "amount_gbp": 10}, {"name": "d", "amount_gbp": 200},
    )  # fmt: skip
    assert ends(ask(engine, mean("my_mean", of, "amount_gbp", BODY, LOCAL))) == pytest.approx(
        (75, 160 / 3, 350 / 3)
    )
    assert ends(ask(engine, median("my_median", of, "amount_gbp", BODY, LOCAL))) == pytest.approx((75, 50, 100))


def test_a_mean_by_weight(engine: Engine) -> None:
    """Scores 2 of £100 and 4 of £300: 1,400 ÷ 400 = 3.5; a 5 of £100 that may count: up to 1,900 ÷ 500 = 3.8."""
    of = lines(
        engine, "scores",
        {"name": "a", "is_local": True, "score": 2, "amount_gbp": 100},
        {"name": "b", "is_local": True, "score": 4, "amount_gbp": 300},
        {"name": "c", "score": 5, "amount_gbp": 100},
    )  # fmt: skip
    found = ask(engine, mean("my_score", of, "score", BODY, LOCAL, weighed_by="amount_gbp"))
    assert ends(found) == pytest.approx((3.5, 3.5, 3.8))


PRODUCTS = (
    {"name": "a", "product": "paper", "amount_gbp": 100, "factor": 0.5, "low_factor": 0.2, "high_factor": 0.8},
    {"name": "b", "product": "paper", "amount_gbp": -60, "factor": 0.5, "low_factor": 0.2, "high_factor": 0.8},
    {"name": "c", "product": "steel", "amount_gbp": 60, "factor": 0.2, "low_factor": 0.1, "high_factor": 0.3},
)


def test_modelled_amounts_are_netted_before_the_factor(engine: Engine) -> None:
    """Paper £100 − £60 = £40 at 0.5 (0.2 to 0.8): 20, from 8 to 32. With steel £60 at 0.2 (0.1 to 0.3): 32, from 14 to 50."""
    paper = lines(engine, "paper", *PRODUCTS[:2])
    found = ask(engine, modelled("my_paper", paper, FACTOR, PRODUCT))
    assert ends(found) == (20, 8, 32)
    row = found.rows().iloc[0]
    assert (row["pounds"], row["weight"], row["low_weight"], row["high_weight"]) == (40, 20, 8, 32)
    both = lines(engine, "paper_or_steel", *PRODUCTS)
    assert ends(ask(engine, modelled("my_both", both, FACTOR, PRODUCT))) == (32, 14, 50)
    # A credit alone: the high factor takes away most.
    credit = lines(engine, "credit", PRODUCTS[1])
    assert ends(ask(engine, modelled("my_credit", credit, FACTOR, PRODUCT))) == (-30, -48, -12)


def test_pennies_that_are_not_known_move_both_ends(engine: Engine) -> None:
    of = lines(
        engine, "pennies", {"name": "a", "is_local": True, "amount_gbp": "1.00"}, {"name": "b", "amount_gbp": "0.50"},
        {"name": "c", "amount_gbp": "-0.25"}, {"name": "d", "is_local": False, "amount_gbp": "-0.25"},
    )  # fmt: skip
    found = ask(engine, total("my_pennies", of, LOCAL, per=BODY))
    assert ends(found) == (1.0, 0.75, 1.5)
    # 0.75 of 2.00 is not known: credits count by their size.
    assert found.coverage == 0.625


def test_questions_of_one_pass_see_their_own_lines_alone(engine: Engine) -> None:
    """Paper: a is paid 60 and local, b 40 and not. Steel: c 7 and local, b 10 by a line whose place is not known.

    Paper is 60 for certain; steel 7, up to 17. From paper to steel a takes 60 away, c adds 7: −53. Over both b is not known to be
    local, and 10 − 40 could come to it: from −83.
    """
    of = lines(
        engine, "papers_and_steel",
        {"name": "a", "product": "paper", "is_local": True, "amount_gbp": 60},
        {"name": "b", "product": "paper", "is_local": False, "amount_gbp": 40},
        {"name": "b", "product": "steel", "amount_gbp": 10},
        {"name": "c", "product": "steel", "is_local": True, "amount_gbp": 7},
    )  # fmt: skip
    paper, steel = of.where("product = 'paper'"), of.where("product = 'steel'")
    for per in (BODY, Thing("", "name", "payments")):
        questions = total("my_paper", paper, LOCAL, per=per), total("my_steel", steel, LOCAL, per=per)
        found = answer(engine, questions, "p", "2026-27", Floors(Decimal(0), Decimal(0))).findings
        assert [ends(found[question.id]) for question in questions] == [(60, 60, 60), (7, 7, 17)]
    assert ends(ask(engine, change("my_change", steel, paper, LOCAL, per=BODY))) == (-53, -83, -53)


def test_only_what_is_multiplied_by_a_factor_is_modelled() -> None:
    of = Relation("any", ("spend_lines",))
    assert modelled("total_emissions", of, FACTOR, per=PRODUCT).is_modelled
    for name in ("area", "factory", "zone"):
        assert not derived("x", of, "a rule", lambda rows: rows, columns=((name, "1"),)).is_modelled  # type: ignore[arg-type, return-value]


def test_a_share_of_modelled_amounts(engine: Engine) -> None:
    """Paper 20 (8 to 32) of paper and steel 12 (6 to 18): 20 ÷ 32, from 8 ÷ 26 to 32 ÷ 38."""
    both = lines(engine, "paper_and_steel", *PRODUCTS)
    found = ask(engine, share_of_modelled("my_paper_share", both, FACTOR, Fact("product = 'paper'"), PRODUCT))
    assert ends(found) == pytest.approx((20 / 32, 8 / 26, 32 / 38))


def test_what_has_no_factor_lowers_the_coverage(engine: Engine) -> None:
    """£40 net and £60 with factors, £100 without: half is known, and below a floor of 0.6 the amount is not stated."""
    some = lines(engine, "some_known", *PRODUCTS, {"name": "d", "product": "other", "amount_gbp": 100})
    found = ask(engine, modelled("my_some", some, FACTOR, PRODUCT))
    assert (found.value, found.coverage) == (32, 0.5)
    assert ask(engine, modelled("my_some", some, FACTOR, PRODUCT), floor="0.6").value is None


def test_a_rate_is_of_a_base_that_is_counted(engine: Engine) -> None:
    """2 local bodies, and 1 that may be, for each 1,000 of 4 bodies: 500, from 500 to 750."""
    of = lines(
        engine, "bodies", {"name": "a", "is_local": True}, {"name": "b", "is_local": True}, {"name": "c"},
        {"name": "d", "is_local": False},
    )  # fmt: skip
    found = ask(engine, rate("my_rate", count("my_count", of, LOCAL, BODY), count("my_all", of, per=BODY)))
    assert ends(found) == (500, 500, 750)
    assert found.rows()["part"].tolist() == ["in", "in", "out", "unknown"]


def test_survival_is_the_share_that_goes_on(engine: Engine) -> None:
    """Of 3 that began 1 goes on and 1 is not known: from 1 ÷ 3 to 2 ÷ 3."""
    of = lines(
        engine, "births", {"name": "a", "is_local": True}, {"name": "b", "is_local": False}, {"name": "c"}
    )  # fmt: skip
    assert ends(ask(engine, survival("my_survival", of, LOCAL, BODY))) == pytest.approx((1 / 3, 1 / 3, 2 / 3))


def test_a_finding_times_an_assumption(engine: Engine) -> None:
    """£100 local, £20 that may be: a quarter (a tenth to a half) of it is £25, from £10 to £60."""
    of = lines(
        engine, "movable", {"name": "a", "is_local": True, "amount_gbp": 100}, {"name": "b", "amount_gbp": 20}
    )  # fmt: skip
    assumed = Assumption(Decimal("0.25"), Decimal("0.1"), Decimal("0.5"), "settings")
    found = ask(engine, product("my_shift", total("my_movable", of, LOCAL, per=BODY), assumed))
    assert ends(found) == (25, 10, 60)


def test_a_derived_finding_is_computed_from_its_rows(engine: Engine) -> None:
    from cwb.evidence.bounded import Bounded  # noqa: PLC0415

    of = lines(engine, "derived_lines", {"name": "a", "amount_gbp": 3}, {"name": "b", "amount_gbp": 4})

    def squares(rows: object) -> Bounded:
        value = sum((w * w for w in rows["weight"]), Decimal(0))  # type: ignore[index]
        return Bounded(value, value, value, Decimal(1))

    assert ends(ask(engine, derived("my_squares", of, "the squares of all weights", squares, per=BODY))) == (
        25,
        25,
        25,
    )


def test_an_analyst_s_question_has_a_label_and_a_unit(settings: Settings, engine: Engine) -> None:
    of = lines(engine, "own", {"name": "a", "is_local": True, "amount_gbp": 3}, {"name": "b", "amount_gbp": 1})
    found = ask(engine, total("my_local_pounds", of, LOCAL, per=BODY))
    assert (found.label, found.unit, f"{found}") == ("Local pounds", "gbp", "£3")
    assert Fraction(found.coverage or 0) == Fraction(3, 4)


def test_the_tables_can_be_read_and_not_changed(settings: Settings, engine: Engine) -> None:
    engine.add_table("suppliers", pa.table({"is_local": [True, False, True]}))
    data = PackData(settings, Period(2026, 2), "x", NOBODY, engine)
    assert data.sql("SELECT count(*) AS n FROM suppliers WHERE is_local = $local", local=True)["n"][0] == 2
    for wrong in (
        "DROP VIEW suppliers",
        "CREATE TABLE x (a INT)",
        "SELECT 1; SELECT 2",
        "COPY suppliers TO 'x.csv'",
    ):
        with pytest.raises(CwbError, match="one SELECT is asked for"):
            data.sql(wrong)
    with pytest.raises(CwbError, match="the query cannot be run"):
        data.sql("SELECT nothing FROM suppliers")
    listed = data.tables()
    assert {"spend_lines", "suppliers", "award_lines", "contract_lines", "notices", "organisations", "anchor_lines",
            "pipeline_lines"} <= set(listed["table"])  # fmt: skip
    assert listed["meaning"].str.len().min() > 0


def test_rows_that_were_computed_are_a_table_of_the_columns_declared() -> None:
    """Of 1.000000006 eight decimals; what a row lacks is not known; what has no column is left out; no row has types too."""
    columns = {"name": str, "amount": QUANTITY, "is_so": bool, "amount_gbp": Decimal}
    row = {
        "source_file": "a.csv",
        "source_sheet": None,
        "source_row": 2,
        "name": "A",
        "amount": Decimal("1.000000006"),
        "other": 1,
    }
    (kept,) = table_of(columns, [row]).to_pylist()
    assert kept == {
        "source_file": "a.csv", "source_sheet": None, "source_row": 2, "name": "A", "amount": Decimal("1.00000001"), "is_so": None,
        "amount_gbp": None,
    }  # fmt: skip
    assert table_of(columns, [row | {"amount_gbp": Decimal("1.05")}]).to_pylist()[0]["amount_gbp"] == Decimal(
        "1.05"
    )
    assert table_of(columns, []).schema == table_of(columns, [row]).schema
    with pytest.raises(pa.ArrowInvalid):
        table_of(columns, [row | {"amount_gbp": Decimal("1.005")}])
    for part in SOURCE_LINE:
        with pytest.raises(KeyError, match=part):
            table_of(columns, [{name: cell for name, cell in row.items() if name != part}])


def test_a_question_says_why_it_has_no_answer(engine: Engine, settings: Settings) -> None:
    assert all_packs()  # whose measures define the findings
    data = PackData(settings, Period(2023), "p", NOBODY, engine)
    of = lines(engine, "of_one_body", {"name": "A", "amount_gbp": 5})
    asked = count("plan_count", of, per=BODY)
    answers = ask_of_pack(
        data,
        replace(asked, id="plan_count"),
        replace(asked, id="esp_count").unless("nobody said"),
        replace(asked, id="kpi_due", of=of.where("amount_gbp > 5")).if_empty("nothing is over £5"),
        replace(asked, id="waiver_count").unless(None),
    )
    found = [(name, one.value, one.undefined) for name, one in sorted(answers.findings.items())]
    assert found == [
        ("esp_count", None, "nobody said"),
        ("kpi_due", None, "nothing is over £5"),
        ("plan_count", 1.0, None),
        ("waiver_count", 1.0, None),
    ]


def test_a_table_that_is_made_again_is_asked_again(engine: Engine) -> None:
    """Answers are kept until the table that they asked is another; what was asked of others stays."""
    for name in ("asked_once", "asked_twice"):
        lines(engine, name, {"name": "A"})
    questions = {name: f"SELECT name FROM {name}" for name in ("asked_once", "asked_twice")}
    before = {name: (engine.rows(sql), engine.arrow(sql), engine.rows_of(name)) for name, sql in questions.items()}
    assert engine.columns_of("(SELECT * FROM asked_twice)")[0] == "name"
    engine.add_table("asked_twice", pa.table({"other": ["B", "C"], "name": ["D", "E"]}))
    assert engine.rows(questions["asked_twice"]) == [{"name": "D"}, {"name": "E"}]
    assert engine.arrow(questions["asked_twice"]).to_pylist() == [{"name": "D"}, {"name": "E"}]
    assert engine.rows_of("asked_twice") == 2
    assert engine.columns_of("(SELECT * FROM asked_twice)") == ("other", "name")
    assert engine.rows(questions["asked_once"]) == before["asked_once"][0]
    assert engine.arrow(questions["asked_once"]) is before["asked_once"][1]


def test_who_changes_an_answer_changes_nobody_elses(engine: Engine) -> None:
    """An analyst may write into a frame, and a measure into its rows: who asks the same next has what the tables say."""
    engine.add_table("changed", pa.table({"n": [1, 2], "share": [0.5, 0.25]}))
    sql = "SELECT * FROM changed ORDER BY n"
    frame = engine.frame(sql)
    frame.loc[0, ["n", "share"]] = [9, 0.75]
    engine.rows(sql)[0]["n"] = 9
    assert frame.n.tolist() == [9, 2]
    assert engine.frame(sql).to_dict("list") == {"n": [1, 2], "share": [0.5, 0.25]}
    assert engine.rows(sql) == [{"n": 1, "share": 0.5}, {"n": 2, "share": 0.25}]
