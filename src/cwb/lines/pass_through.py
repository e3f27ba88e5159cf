"""SQL of money that only passes through: what a person has decided of a payment, and what it is suggested to be.

A precept or a pay deduction is in the ledger and buys nothing. Decided payments go into a table of their own, so that no
measure of purchases can count one by mistake; suggested ones stay purchases and carry the kind they may be.
"""

from __future__ import annotations

import re

import duckdb

from cwb.base.rows import PLACE, SOURCE_LINE
from cwb.council.config import Settings
from cwb.lines.bodies import add_bodies
from cwb.lines.texts import PLAIN_WORDS
from cwb.lines.words import PAID_FOR, Place, Words
from cwb.reference import table
from cwb.sources.tabular import sql_text

_FIELDS = (
    "supplier_id", "supplier_name", "words", "kind", "decision", "reason", "approving_role", "first_year", "last_year",
)  # fmt: skip
# With a blank at each end whole words are found.
_WORDS = f"' ' || {PLAIN_WORDS} || ' '"
_FIRST, _LAST = "r.from_year", "substr(r.last_year, 1, 4)::INTEGER"
_FITS = f"""(r.supplier_id IS NULL OR upper(trim(r.supplier_id)) = upper(trim(l.supplier_id)))
    AND (r.supplier_name IS NULL OR r.supplier_id IS NOT NULL
        OR {PLAIN_WORDS.format("r.supplier_name")} IN ({PLAIN_WORDS.format("l.supplier_name")}, {PLAIN_WORDS.format("l.display_name")}))
    AND (r.words IS NULL OR contains({_WORDS.format(PAID_FOR)}, {_WORDS.format("r.words")}))
    AND coalesce(l.financial_year >= {_FIRST}, TRUE) AND coalesce(l.financial_year <= {_LAST}, TRUE)
    AND l.body IS NOT DISTINCT FROM r.of_body"""
# The decision that says most of a payment stands: of a supplier and its words, then of a supplier, then of words.
_PRECISION = """(CASE WHEN r.supplier_id IS NOT NULL OR r.supplier_name IS NOT NULL THEN 2 ELSE 0 END
    + CASE WHEN r.words IS NOT NULL THEN 1 ELSE 0 END)"""


def decided_lines(
    con: duckdb.DuckDBPyConnection, settings: Settings, lines: str, listed: str | None, of: str
) -> str:
    """SQL of payment lines with `decision`, `passed_kind`, `reason` and `approving_role` of the decision that fits each best,
    and `suggested_as`, the kind that it may be where there is no decision.

    `lines` has a financial year and a `body`, NULL for the council; `of` names the temporary tables. A decision approved after
    the report's day does not count: the day of the settings, else, where it does not say its years, the end of the payment's year.
    """
    _add_rules(con, settings, listed, f"{of}_rules")
    words = Words()
    suggested = _suggested(words)
    row = ", ".join(f"l.{name}" for name in SOURCE_LINE)
    con.execute(
        f"""CREATE OR REPLACE TEMP TABLE {of}_passed_on AS
            WITH d AS (SELECT {row}, arg_max(r, {_PRECISION} * 1000000 - r.place) AS rule
                       FROM {lines} l JOIN {of}_rules r ON {_FITS} GROUP BY ALL),
                s AS (SELECT {PLACE}, {suggested} AS suggested_as FROM {words.looked_for(con, lines, lines, of)})
            SELECT {", ".join(f"s.{name}" for name in SOURCE_LINE)}, d.rule.decision AS decision, d.rule.kind AS kind,
                d.rule.reason AS reason, d.rule.approving_role AS approving_role,
                CASE WHEN d.rule IS NULL THEN suggested_as END AS suggested_as
            FROM s LEFT JOIN d ON {_same("s", "d")} WHERE suggested_as IS NOT NULL OR d.rule IS NOT NULL"""
    )
    return f"""(SELECT l.*, o.decision, o.kind AS passed_kind, o.reason, o.approving_role, o.suggested_as
        FROM {lines} l LEFT JOIN {of}_passed_on o ON {_same("o", "l")})"""


def _add_rules(con: duckdb.DuckDBPyConnection, settings: Settings, listed: str | None, name: str) -> None:
    """The decisions, with `of_body` (NULL: the council) and `from_year`, the first financial year of which they hold."""
    fields = ", ".join(_FIELDS)
    if listed is None:
        nothing = ", ".join(f"NULL::VARCHAR AS {field}" for field in (*_FIELDS, "of_body"))
        con.execute(
            f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT 0 AS place, {nothing}, 0 AS from_year WHERE FALSE"
        )
        return
    add_bodies(con, settings, listed, "body", f"{name}_bodies")
    day = settings.report.as_of
    approved = "year(approved_date::DATE) - CASE WHEN month(approved_date::DATE) < 4 THEN 1 ELSE 0 END"
    without_year = "first_year IS NULL AND last_year IS NULL"
    own = sql_text(settings.council.name)
    con.execute(
        f"""CREATE OR REPLACE TEMP TABLE {name} AS SELECT row_number() OVER () AS place, {fields},
                CASE WHEN l.body IS NOT NULL AND upper(l.body) <> upper({own}) THEN b.body END AS of_body,
                {"NULL" if day else f"CASE WHEN {without_year} THEN {approved} END"}::INTEGER AS approved_in,
                coalesce(substr(first_year, 1, 4)::INTEGER, approved_in) AS from_year
            FROM {listed} l JOIN {name}_bodies b ON b.source_file = l.source_file
                AND b.published_name IS NOT DISTINCT FROM l.body
            {f"WHERE approved_date <= DATE '{day}'" if day else ""}"""
    )


def _same(one: str, other: str) -> str:
    return " AND ".join(f"{one}.{name} IS NOT DISTINCT FROM {other}.{name}" for name in SOURCE_LINE)


def plain(text: str) -> str:
    """A text as suggestions and decisions read it: lower case, marks gone, "and" for "&"."""
    return re.sub("[^a-z0-9]+", " ", text.lower().replace("&", " and ")).strip()


def _suggested(words: Words) -> str:
    """The kind of the first suggestion that fits a line; NULL for none."""
    cases = []
    for rule in table("pass_through").itertuples():
        tests = [f"abs(amount_gbp) >= {float(rule.least_gbp)}"] if rule.least_gbp else []
        tests += [words.has(Place.NAME, rule.supplier)] if rule.supplier else []
        tests += [words.has(Place.TEXT, rule.words)] if rule.words else []
        tests += [f"NOT {words.has(Place.TEXT, rule.unless)}"] if rule.unless else []
        cases.append(f"WHEN {' AND '.join(tests)} THEN {sql_text(rule.kind)}")
    return f"CASE {' '.join(cases)} END"
