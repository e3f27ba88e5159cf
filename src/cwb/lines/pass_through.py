"""SQL of money that only passes through: what a person has decided of a payment, and what it is suggested to be.

A precept or a pay deduction is in the ledger and buys nothing. Decided payments go into a table of their own, so that no
measure of purchases can count one by mistake; suggested ones stay purchases and carry the kind they may be.
"""

from __future__ import annotations

import re
from datetime import date

import duckdb

from cwb.reference import table
from cwb.sources.tabular import sql_text

_FIELDS = (
    "supplier_id", "supplier_name", "words", "kind", "decision", "reason", "approving_role", "first_year", "last_year",
)  # fmt: skip
_ROW = ("source_file", "source_sheet", "source_row")
# A text as `plain` makes it; with a blank at each end whole words are found.
_PLAIN = "trim(regexp_replace(replace(lower({}), '&', ' and '), '[^a-z0-9]+', ' ', 'g'))"
_WORDS = f"' ' || {_PLAIN} || ' '"
TEXT = "concat_ws(' | ', l.purpose, l.service, l.category)"
_FIRST, _LAST = "substr(r.first_year, 1, 4)::INTEGER", "substr(r.last_year, 1, 4)::INTEGER"
_FITS = f"""(r.supplier_id IS NULL OR upper(trim(r.supplier_id)) = upper(trim(l.supplier_id)))
    AND (r.supplier_name IS NULL OR r.supplier_id IS NOT NULL
        OR {_PLAIN.format("r.supplier_name")} IN ({_PLAIN.format("l.supplier_name")}, {_PLAIN.format("l.display_name")}))
    AND (r.words IS NULL OR contains({_WORDS.format(TEXT)}, {_WORDS.format("r.words")}))
    AND coalesce(l.financial_year >= {_FIRST}, TRUE) AND coalesce(l.financial_year <= {_LAST}, TRUE)"""
# The decision that says most of a payment stands: of a supplier and its words, then of a supplier, then of words.
_SAYS = """(CASE WHEN r.supplier_id IS NOT NULL OR r.supplier_name IS NOT NULL THEN 2 ELSE 0 END
    + CASE WHEN r.words IS NOT NULL THEN 1 ELSE 0 END)"""


def decided_lines(con: duckdb.DuckDBPyConnection, lines: str, listed: str | None, as_of: date | None) -> str:
    """SQL of payment lines with `decision`, `passed_kind`, `reason` and `approving_role` of the decision that fits each best,
    and `suggested_as`, the kind that it may be where there is no decision. `lines` has a financial year. A decision that was
    approved after `as_of`, the report's day where the settings give one, does not count.
    """
    fields = ", ".join(_FIELDS)
    rules = (
        f"FROM {listed}" + (f" WHERE approved_date <= DATE '{as_of}'" if as_of else "")
        if listed
        else f"FROM (SELECT {', '.join(f'NULL::VARCHAR AS {n}' for n in _FIELDS)}) WHERE FALSE"
    )
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE pass_through_rules AS SELECT row_number() OVER () AS place, {fields} {rules}"
    )
    row = ", ".join(f"l.{name}" for name in _ROW)
    con.execute(
        f"""CREATE OR REPLACE TEMP TABLE passed_on AS
            WITH d AS (SELECT {row}, arg_max(r, {_SAYS} * 1000000 - r.place) AS rule
                       FROM {lines} l JOIN pass_through_rules r ON {_FITS} GROUP BY ALL),
                s AS (SELECT {", ".join(_ROW)}, {_suggested()} AS suggested_as FROM (SELECT {row}, l.amount_gbp,
                    {_PLAIN.format("l.supplier_name")} AS plain_name, {_PLAIN.format(TEXT)} AS plain_text FROM {lines} l))
            SELECT {", ".join(f"s.{name}" for name in _ROW)}, d.rule.decision AS decision, d.rule.kind AS kind,
                d.rule.reason AS reason, d.rule.approving_role AS approving_role,
                CASE WHEN d.rule IS NULL THEN suggested_as END AS suggested_as
            FROM s LEFT JOIN d ON {_same("s", "d")} WHERE suggested_as IS NOT NULL OR d.rule IS NOT NULL"""
    )
    return f"""(SELECT l.*, o.decision, o.kind AS passed_kind, o.reason, o.approving_role, o.suggested_as
        FROM {lines} l LEFT JOIN passed_on o ON {_same("o", "l")})"""


def _same(one: str, other: str) -> str:
    return " AND ".join(f"{one}.{name} IS NOT DISTINCT FROM {other}.{name}" for name in _ROW)


def plain(text: str) -> str:
    """A text as suggestions and decisions read it: lower case, marks gone, "and" for "&"."""
    return re.sub("[^a-z0-9]+", " ", text.lower().replace("&", " and ")).strip()


def _suggested() -> str:
    """The kind of the first suggestion that fits a line; NULL for none."""
    cases = []
    for rule in table("pass_through").itertuples():
        tests = [f"abs(amount_gbp) >= {float(rule.least_gbp)}"] if rule.least_gbp else []
        pairs = (
            ("plain_name", rule.supplier, ""),
            ("plain_text", rule.words, ""),
            ("plain_text", rule.unless, "NOT "),
        )
        tests += [f"{no}regexp_matches({text}, {sql_text(found)})" for text, found, no in pairs if found]
        cases.append(f"WHEN {' AND '.join(tests)} THEN {sql_text(rule.kind)}")
    return f"CASE {' '.join(cases)} END"
