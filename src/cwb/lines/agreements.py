"""The SQL of `agreement_lines`: contracts of the council and of other anchors, by their registers and by award notices.

A contract of a register is its body, its reference (else its title) and its first day; a contract of a notice is
the award. One that a register lists too, by body, supplier and last day, is marked `is_on_register`. The supplier is the same by its
organisation, or by its name: of namesakes the notice may tell the postcode or the number and the register neither, and then the payees
differ though the contract is one.
"""

from __future__ import annotations

import duckdb

from cwb.council.config import Settings
from cwb.lines.bodies import add_bodies, with_buyers
from cwb.lines.contract_cover import LAST_DAY
from cwb.lines.resolve import supplier_columns, title_column
from cwb.lines.table import POUNDS, TYPED_PLACE
from cwb.sources.tabular import sql_text

REGISTER, NOTICE = "register", "award notice"
_KEY = "body || ' ' || coalesce(contract_reference, title) || ' ' || coalesce(start_date::VARCHAR, '')"
_DAYS_A_YEAR = 365.25


def agreements(
    con: duckdb.DuckDBPyConnection,
    settings: Settings,
    contracts: str | None,
    anchor_contracts: str | None,
    awards: str | None,
) -> str | None:
    """The table's SQL over the sources that there are; None where there is none. `con` has the table `buyers`."""
    parts = []
    if contracts:
        parts.append(_register(f"SELECT *, {sql_text(settings.council.name)} AS body FROM {contracts}"))
    if anchor_contracts:
        add_bodies(con, settings, anchor_contracts, "buyer_name", "contract_bodies")
        parts.append(
            _register(
                f"""SELECT l.*, c.body FROM {anchor_contracts} l JOIN contract_bodies c
                ON c.source_file = l.source_file AND c.published_name IS NOT DISTINCT FROM l.buyer_name"""
            )
        )
    if awards:
        parts.append(
            _lines(
                f"SELECT *, end_date::DATE AS last_day, NULL AS annual_value_gbp FROM ({with_buyers(awards)})",
                NOTICE,
                "award_key",
                "notice_id",
            )
        )
    if not parts:
        return None
    return f"""SELECT *, origin = '{NOTICE}' AND ({_listed("organisation_key")}
            OR told_name IS NOT NULL AND {_listed("told_name")}) AS is_on_register
        FROM ({" UNION ALL ".join(parts)})"""


def _listed(same: str) -> str:
    """Whether a register has a contract with a product code of the body, the last day and the same supplier."""
    return f"""max(CASE WHEN origin = '{REGISTER}' AND cpv_code IS NOT NULL THEN 1 ELSE 0 END)
            OVER (PARTITION BY body, {same}, last_day) = 1"""


def _register(rows: str) -> str:
    return _lines(f"SELECT *, {LAST_DAY} AS last_day FROM ({rows})", REGISTER, _KEY, "contract_reference")


def annual_sql(annual: str, last_day: str) -> str:
    """A year's value is the one stated, else the whole value over the years of the term, of which there is one at least.

    The last day is one of the term: 1 April to 31 March four years on are four years. Whole months are twelfths of a year.
    """
    first, after = "start_date::DATE", f"({last_day} + 1)"
    years = f"""CASE WHEN day({first}) = day({after}) THEN date_diff('month', {first}, {after}) / 12
        ELSE ({after} - {first}) / {_DAYS_A_YEAR} END"""
    by_term = f"CASE WHEN {last_day} > {first} THEN value_gbp / greatest({years}, 1) END"
    return f"round(coalesce(nullif({annual}::DOUBLE, 0), {by_term}), 2)::{POUNDS}"


def _lines(rows: str, origin: str, key: str, reference: str) -> str:
    # No register says whether its values include VAT.
    gross, basis = ("value_gross_gbp", "value_basis") if origin == NOTICE else ("NULL", "'not stated'")
    return f"""
        SELECT {TYPED_PLACE}, '{origin}' AS origin, body,
            {key} AS agreement_key, {reference} AS reference, {title_column(key)}, cpv_code,
            start_date::DATE AS start_date, last_day, value_gbp::{POUNDS} AS value_gbp,
            {gross}::{POUNDS} AS value_gross_gbp, {basis} AS value_basis,
            {annual_sql("annual_value_gbp", "last_day")} AS annual_gbp, upper(trim(supplier_name)) AS told_name,
            {supplier_columns()}
        FROM ({rows}) WHERE body IS NOT NULL"""
