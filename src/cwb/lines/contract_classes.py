"""SQL of the classes of spend that need no row on the register of contracts: which one a payment is of.

The classes are rows: the council's own approved list where it supplied one, else `reference/contract_classes.csv`. A person's
decision that a payment is a purchase wins over what its payee is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import duckdb

from cwb.base.rows import PLACE
from cwb.council.config import Settings
from cwb.lines.pass_through import plain
from cwb.lines.words import Place, Words
from cwb.reference import table
from cwb.sources.datasets.contract_classes import CARD, FILE, KIND, NAME, PASSED_ON, WITHHELD, WORDS
from cwb.sources.datasets.pass_through import PURCHASE
from cwb.sources.tabular import sql_text

_FIELDS = ("class_name", "recognised_by", "value", "unless", "under_gbp", "valid_from", "valid_to")


@dataclass(frozen=True)
class ClassRule:
    """One way of recognising a class; `value` and `unless` are kinds or whole words, separated by semicolons."""

    class_name: str
    recognised_by: str
    value: str
    unless: str
    under_gbp: str
    valid_from: str
    valid_to: str


def class_rules(con: duckdb.DuckDBPyConnection, settings: Settings, listed: str | None) -> tuple[ClassRule, ...]:
    """The council's rows that were approved by the report's day, in their order; without one, ours."""
    if listed:
        day = settings.report.as_of
        by_then = f"WHERE approved_date <= DATE '{day}'" if day else ""
        fields = ", ".join(f"coalesce({name}::VARCHAR, '')" for name in _FIELDS)
        found = con.execute(f"SELECT {fields} FROM {listed} {by_then} ORDER BY {PLACE}").fetchall()
        if found:
            return tuple(ClassRule(*row) for row in found)
    rows = table("contract_classes").rename(columns={"class": "class_name"})
    return tuple(ClassRule(*row) for row in rows[list(_FIELDS)].itertuples(index=False, name=None))


def class_column(rules: Iterable[ClassRule], ways: tuple[str, ...], words: Words) -> str:
    """The class of the first rule that fits a line, of those that recognise in one of some ways; NULL for none."""
    cases = [
        f"WHEN {_test(rule, words)} THEN {sql_text(rule.class_name)}"
        for rule in rules
        if rule.recognised_by in ways
    ]
    return f"CASE {' '.join(cases)} END" if cases else "NULL::VARCHAR"


CARDS, OTHERS = (CARD, FILE), (PASSED_ON, WITHHELD, KIND, NAME, WORDS)


def _test(rule: ClassRule, words: Words) -> str:
    values = [one for text in rule.value.split(";") if (one := text.strip())]
    kinds = ", ".join(map(sql_text, values))
    is_no_purchase = f"decision IS DISTINCT FROM {sql_text(PURCHASE)}"
    places = {CARD: Place.CARD, FILE: Place.FILE, NAME: Place.NAME, WORDS: Place.TEXT}
    fits = {
        WITHHELD: "is_redacted",
        KIND: f"(supplier_kind IN ({kinds}) AND {is_no_purchase})",
        PASSED_ON: f"suggested_as IN ({kinds})",
    }
    place = places.get(rule.recognised_by)
    tests = [_has(place, values, words) if place else fits[rule.recognised_by]]
    if unless := [one for text in rule.unless.split(";") if (one := text.strip())]:
        tests.append(f"NOT {_has(Place.TEXT, unless, words)}")
    if rule.under_gbp:
        tests.append(f"abs(amount_gbp) < {float(rule.under_gbp)}")
    if rule.valid_from:
        tests.append(f"payment_date >= DATE {sql_text(rule.valid_from[:10])}")
    if rule.valid_to:
        tests.append(f"payment_date <= DATE {sql_text(rule.valid_to[:10])}")
    return " AND ".join(tests)


def _has(place: Place, wanted: list[str], words: Words) -> str:
    """Whether the text of a place has one of some words or phrases, whole."""
    either = "|".join(filter(None, map(plain, wanted)))
    return words.has(place, rf"\b({either})\b") if either else "FALSE"
