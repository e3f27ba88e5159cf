"""No measure asks pounds of suppliers by a fact of the payment, nor by a column that its relation computes of one: a single such payment
would put all pounds of its supplier in. `line_facts.check` refuses what names such a column; here all SQL is followed to the tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

import pytest
import sqlglot
from sqlglot import exp
from sqlglot.optimizer.scope import Scope, build_scope

from cwb.council.config import Settings
from cwb.evidence import answers, line_facts
from cwb.evidence.data import sharing_tables
from cwb.evidence.questions import Question, share, total
from cwb.evidence.relation import LINE, SUPPLIER, Fact, Relation
from cwb.lines.columns import SUPPLIER as OF_SUPPLIERS
from cwb.lines.schema import TABLES
from cwb.packs.registry import all_packs

# What the lines of each table that has payees tell of the payment.
OF_PAYMENTS = {
    table.name: {column.name for column in table.columns} - {column.name for column in OF_SUPPLIERS}
    for table in TABLES
    if table.column("payee_key")
}


@cache
def scope_of(sql: str) -> Scope:
    scope = build_scope(sqlglot.parse_one(sql, dialect="duckdb"))
    assert scope is not None
    return scope


def of_payments(question: Question) -> list[str]:
    """The columns of payments on which rests what is asked of a supplier, but for those by which its pounds are told apart.

    What is added up is of its group and no longer of one payment; a group that is told apart by such a column is. A table that Python has
    computed is the end of the way.
    """
    if question.by is None or question.per.key not in line_facts.KEYS:
        return []
    facts = [question.fact.sql, *(sql for name, sql in question.columns if name == "is_base")]
    asked = ", ".join(f"({sql}) AS fact_{n}" for n, sql in enumerate(facts) if sql != question.group)
    if not asked:
        return []
    scope = scope_of(f"SELECT {asked} FROM {question.of.source} lines_asked")
    found = {name for column in scope.expression.selects for name in _behind(scope, column, question.group)}
    return sorted(found)


def _behind(scope: Scope, part: exp.Expression, group: str | None = None) -> Iterator[str]:
    """The columns of payments behind a part of a SELECT."""
    for column in part.find_all(exp.Column):
        if column.name != group and not column.find_ancestor(exp.AggFunc):
            for name, source in scope.sources.items():
                if column.table in ("", name):
                    yield from _from_source(source, column.name)


def _from_source(source: Scope | exp.Expression, name: str) -> Iterator[str]:
    if isinstance(source, exp.Table):
        if name in OF_PAYMENTS.get(source.name, ()):
            yield f"{source.name}.{name}"
        return
    assert isinstance(source, Scope)
    for part in source.set_operation_scopes or [source]:
        select = part.expression
        assert isinstance(select, exp.Select)
        named = [column for column in select.selects if column.alias_or_name == name]
        for column in named:
            yield from _behind(part, column)
        for star in () if named else (one for one in select.selects if one.is_star):
            for alias, inner in part.sources.items():
                if not isinstance(star, exp.Column) or star.table == alias:
                    yield from _from_source(inner, name)


BIG = "(SELECT *, amount_gbp > 500 AS is_big FROM spend_lines)"


@pytest.mark.parametrize(
    ("source", "fact", "behind"),
    [
        ("spend_lines", "amount_gbp > 500", ["spend_lines.amount_gbp"]),
        ("spend_lines", "is_local", []),
        (BIG, "is_big", ["spend_lines.amount_gbp"]),
        (f"(SELECT b.*, 1 AS one FROM {BIG} b)", "is_big AND one = 1", ["spend_lines.amount_gbp"]),
        (
            "(SELECT l.*, g.pounds FROM spend_lines l JOIN (SELECT payee_key AS paid, sum(amount_gbp) AS pounds FROM spend_lines "
            "GROUP BY payee_key) g ON g.paid = l.payee_key)",
            "pounds > 500",
            [],
        ),
        ("(SELECT *, max(amount_gbp) OVER (PARTITION BY payee_key) AS most FROM spend_lines)", "most > 500", []),
        (
            "(SELECT *, row_number() OVER (PARTITION BY payee_key ORDER BY amount_gbp) AS nth FROM spend_lines)",
            "nth = 1",
            ["spend_lines.amount_gbp"],
        ),
        (
            f"(SELECT payee_key, is_big, sum(amount_gbp) AS amount_gbp FROM {BIG} GROUP BY payee_key, is_big)",
            "is_big",
            ["spend_lines.amount_gbp"],
        ),
    ],
)
def test_a_column_is_followed_to_the_payment(source: str, fact: str, behind: list[str]) -> None:
    lines = Relation(source, ("spend_lines",))
    assert of_payments(total("pounds", lines, Fact(fact), per=SUPPLIER)) == behind
    assert of_payments(total("pounds", lines, Fact(fact), per=LINE)) == []
    assert of_payments(share("share", lines, Fact(fact), by=None, per=SUPPLIER)) == []


def test_no_measure_asks_pounds_of_suppliers_by_a_payment(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Question] = []
    own = line_facts.check

    def check(questions: Sequence[Question]) -> None:
        asked.extend(questions)
        own(questions)

    monkeypatch.setattr(answers, "check", check)
    with sharing_tables():
        for pack in all_packs():
            data = pack.open("2026-27-Q2", str(settings.folder / "cwb.toml"))
            for measure in pack.measures:
                measure(data)
    pounds = [one for one in asked if one.by is not None and one.per.key in line_facts.KEYS]
    assert len(pounds) > 40
    assert {one.id: behind for one in pounds if (behind := of_payments(one))} == {}
