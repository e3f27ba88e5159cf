"""SQL of the payment that a line is part of.

Lines of one transaction of one body to one supplier on one day are one payment: it is split into lines when several budgets bear
it (formats.md 10).
"""

from __future__ import annotations

import duckdb

from cwb.sources.datasets.pass_through import PASS_THROUGH
from cwb.sources.tabular import sql_text

_GROSS = "coalesce(gross_gbp, amount_gbp)"
_IS_PASSED_ON = f"decision IS NOT DISTINCT FROM {sql_text(PASS_THROUGH)}"


def with_payments(con: duckdb.DuckDBPyConnection, lines: str, of: str) -> str:
    """SQL of lines that `decided_lines` made, with `payment_gbp`, the whole payment, and `payment_gross_gbp`, the same
    with VAT where its lines state that; `of` names the temporary table.

    Only the payments that are split stand in it: a window over whole lines would hold a large ledger in memory.
    """
    con.execute(
        f"""CREATE OR REPLACE TEMP TABLE {of}_split_payments AS
            SELECT body AS split_body, supplier_key AS split_supplier, payment_date AS split_date,
                transaction_number AS split_number, {_IS_PASSED_ON} AS is_split_passed_on, sum(amount_gbp) AS split_gbp,
                sum({_GROSS}) AS split_gross_gbp
            FROM {lines} WHERE transaction_number IS NOT NULL GROUP BY ALL HAVING count(*) > 1"""
    )
    return f"""(SELECT l.*, coalesce(split_gbp, amount_gbp) AS payment_gbp, coalesce(split_gross_gbp, {_GROSS}) AS payment_gross_gbp
        FROM {lines} l LEFT JOIN {of}_split_payments ON split_number = transaction_number AND split_date = payment_date
            AND split_supplier IS NOT DISTINCT FROM supplier_key AND split_body IS NOT DISTINCT FROM body
            AND is_split_passed_on = ({_IS_PASSED_ON}))"""
