"""Invoices with the days that they took: the schema and the SQL of `invoice_lines`.

Every day that a measure needs is counted here. Day 1 is the day after the one counted from (regulation 38, SI 2024/692): an invoice
received on 1 April and paid on 1 May was paid on day 30. An invoice that was paid before it came was paid on day 0. The day on which
a sum becomes payable is the earlier of the agreed day and the last of the 30 days that begin with receipt (Late Payment of
Commercial Debts (Interest) Act 1998 s.4); terms and rates are rows of `reference/payment_rules.csv` and `interest_rates.csv`.
"""

from __future__ import annotations

from cwb.lines.columns import SOURCE, compared_reference, flag, pounds, reference, text
from cwb.lines.resolve import period_columns
from cwb.lines.table import Column, Table
from cwb.reference import table
from cwb.sources.tabular import sql_text

TERM, MARGIN = "term_days", "interest_margin"

INVOICES = Table(
    "invoice_lines",
    "one invoice to the council",
    (
        *SOURCE,
        Column("financial_year", "INTEGER", "calendar year in which the financial year of payment begins; NULL: not paid", "year"),
        Column("quarter_number", "INTEGER", "quarter of payment, 1 (April to June) to 4; NULL: not paid"),
        text("supplier_id", "supplier", needed=True),
        reference("invoice_number", "number of the invoice"),
        Column("received_date", "DATE", "day of receipt"),
        Column("invoice_date", "DATE", "day of the invoice"),
        Column("paid_date", "DATE", "day of payment; NULL: not paid"),
        Column("payable_date", "DATE", "last day on which payment is in time; NULL: neither agreed nor received on a stated day"),
        pounds("gross_gbp", "amount with VAT", needed=True),
        compared_reference("contract_reference", "reference of the contract"),
        compared_reference("contract_key", "the same as references are compared: in capitals, without blanks around it"),
        flag("is_public", "under a public contract"),
        flag("is_disputed", "stated to be in dispute"),
        flag("is_sme", "to a small or medium business"),
        Column("days_to_pay", "INTEGER", "days from receipt to payment", "days"),
        Column("days_from_invoice", "INTEGER", "days from the day of the invoice to payment", "days"),
        Column("days_late", "INTEGER", "days from the last day in time to payment", "days"),
        Column("interest_percent", "DECIMAL(9,4)", "yearly interest if late: NULL where the table of rates has no row", "per cent a year"),
        Column("begun_date", "DATE", "when the procurement of its contract was advertised, else the contract's first day"),
    ),
)  # fmt: skip


def invoice_selects(invoices: str | None, contracts: str | None, tenders: str | None) -> dict[str, str]:
    """The SQL by table over the validated files, nothing without invoices; contracts and procurements tell when a contract began."""
    if not invoices:
        return {}
    lines = f"""
        WITH rates AS ({_rates()}), terms AS ({_terms()}),
        began AS ({_begun(contracts, tenders)}), due AS (SELECT i.*, least(due_date,
            (SELECT min(received_date + days - 1) FROM terms WHERE received_date >= first_day)) AS payable_date FROM {invoices} i)
        SELECT d.* REPLACE (CASE WHEN dispute_date IS NOT NULL THEN TRUE ELSE is_disputed END AS is_disputed),
            {period_columns("paid_date")}, upper(trim(d.contract_reference)) AS contract_key,
            {_days("received_date")} AS days_to_pay, {_days("invoice_date")} AS days_from_invoice,
            paid_date - payable_date AS days_late, percent AS interest_percent, begun_date
        FROM due d LEFT JOIN rates ON payable_date + 1 BETWEEN first_day AND last_day
        LEFT JOIN began b ON b.contract_key = upper(trim(d.contract_reference))"""
    return {INVOICES.name: lines}


def _days(since: str) -> str:
    """Days to payment; `greatest` alone would make 0 of NULL."""
    return f"CASE WHEN paid_date < {since} THEN 0 ELSE paid_date - {since} END"


def _rates() -> str:
    """Each half-year of the table with its rate: base rate and margin."""
    margin = rules_in(MARGIN)[0]["value"]
    rows = [
        f"(DATE {sql_text(row['valid_from'])}, DATE {sql_text(row['valid_to'])}, {row['base_rate_percent']} + {margin})"
        for row in table("interest_rates").to_dict("records")
    ]
    return f"SELECT * FROM (VALUES {', '.join(rows)}) v(first_day, last_day, percent)"


def _terms() -> str:
    rows = [f"(DATE {sql_text(row['valid_from'])}, {row['value']})" for row in rules_in(TERM)]
    return f"SELECT * FROM (VALUES {', '.join(rows)}) v(first_day, days)"


def _begun(contracts: str | None, tenders: str | None) -> str:
    """When each contract began: its advertisement where the list of procurements has one, else its first day."""
    parts = [
        f"SELECT upper(trim(contract_reference)) AS contract_key, {day} AS day, {place} AS place FROM {source} "
        f"WHERE contract_reference IS NOT NULL AND {day} IS NOT NULL"
        for source, day, place in ((tenders, "advertised_date", 1), (contracts, "start_date", 2))
        if source
    ]
    union = " UNION ALL ".join(parts) or "SELECT NULL::VARCHAR AS contract_key, NULL::DATE AS day, 1 AS place"
    return f"SELECT contract_key, arg_min(day, (place, day)) AS begun_date FROM ({union}) GROUP BY contract_key"


def rules_in(name: str) -> list[dict[str, str]]:
    """The dated rows of one rule of payment, as text."""
    rows = table("payment_rules")
    return [{str(k): str(v) for k, v in row.items()} for row in rows[rows["rule"] == name].to_dict("records")]
