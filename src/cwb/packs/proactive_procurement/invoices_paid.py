"""Invoices of a period as questions ask of them: those paid in it, those that became payable in it, and interest on late ones."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pandas as pd

from cwb.council.periods import long_date
from cwb.evidence.data import PackData
from cwb.packs.proactive_procurement.duty_rules import LARGE_PAYMENTS, duties
from cwb.packs.questions import ONE, ZERO, Bounded, Fact, Question, Relation, Thing, derived, exactly

INVOICE = Thing("", "invoice_number", "invoices")
# Days of the bands of regulation 38: the findings are named after them.
PROMPT, SLOW = 30, 60
_RUN = timedelta(days=7)
_DAYS = ("invoice_date", "received_date", "paid_date")
_RECEIVED = (
    "the day of receipt is known",
    "A list of invoices that gives the day of receipt of each would settle it.",
)
PAID_PROMPT = Fact(f"days_to_pay <= {PROMPT}", *_RECEIVED)
PAID_SLOW = Fact(f"days_to_pay > {PROMPT} AND days_to_pay <= {SLOW}", *_RECEIVED)
PAID_LATER = Fact(f"days_to_pay > {SLOW}", *_RECEIVED)


def paid(data: PackData) -> Relation:
    """Invoices paid in the period; credit notes are none, and disputed ones are left out."""
    return paid_or_disputed(data).where("is_disputed IS NOT TRUE")


def paid_or_disputed(data: PackData) -> Relation:
    return data.relation("invoice_lines").where("gross_gbp > 0")


def payable(data: PackData) -> tuple[Relation, Fact, Fact]:
    """Invoices that became payable in the period, or may have; whether one surely did, and whether it was not paid in it."""
    first, last = f"DATE '{data.period.start}'", f"DATE '{data.period.end}'"
    days = " UNION ALL ".join(f"SELECT max({day}) AS day FROM invoice_lines" for day in _DAYS)
    reach = data.rows(f"SELECT max(day) AS day FROM ({days}) d")[0]["day"]
    # What was not paid when the list was made may have been paid since. Payments are made in runs.
    is_whole = reach is None or reach >= data.period.end - _RUN
    not_paid = "TRUE" if is_whole else "NULL"
    open_to = f"payable_date IS NULL AND invoice_date <= {last} AND (paid_date IS NULL OR paid_date >= {first})"
    lines = Relation("invoice_lines", ("invoice_lines",)).where("gross_gbp > 0", "is_disputed IS NOT TRUE")
    known = (
        "the day on which invoices become payable is known, and whether they were paid",
        "A list of invoices up to the end of the period, with the day of receipt or the agreed day of each, would settle it.",
    )
    return (
        lines.where(f"(payable_date BETWEEN {first} AND {last}) OR ({open_to})"),
        Fact(f"payable_date BETWEEN {first} AND {last}", *known),
        Fact(f"CASE WHEN paid_date IS NULL THEN {not_paid} ELSE paid_date > {last} END", *known),
    )


def late_interest(data: PackData) -> Question | str:
    """The question of interest on invoices paid late in the period; a text says why it has no answer."""
    lines = paid_or_disputed(data)
    if not data.count(lines.where("payable_date IS NOT NULL")):
        return f"no invoice paid in {data.period.label} states a day of receipt or an agreed day"
    late = lines.where("days_late > 0")
    missing = late.where("interest_percent IS NULL")
    row = data.rows(f"SELECT min(payable_date) AS day FROM {missing.source} WHERE {missing.condition}")[0]
    if row["day"] is not None:
        start = row["day"] + timedelta(days=1)
        return f"the table of rates has no base rate for interest that starts to run on {long_date(start)}"
    columns = (
        ("days_late", "days_late"),
        ("percent", "interest_percent"),
        ("disputed", "CASE WHEN is_disputed THEN 1 ELSE 0 END"),
    )
    rule = (
        "Each row is an invoice paid late: weight (with VAT) × percent ÷ 100 × days_late ÷ 365, added up without rounding; low leaves "
        "out the rows that are disputed."
    )
    return derived("late_interest_liable", late, rule, _interest, by="gross_gbp", per=INVOICE, columns=columns)


def interest(gross: Decimal, percent: Decimal, days: Decimal) -> Decimal:
    """Simple interest, the daily rate not rounded: £5,000 at 12.25% for 101 days is £169.49."""
    return gross * percent * days / (100 * 365)


@exactly
def _interest(rows: pd.DataFrame) -> Bounded:
    owed = [
        (interest(Decimal(row.weight), Decimal(row.percent), Decimal(int(row.days_late))), bool(row.disputed))
        for row in rows.itertuples()
    ]
    most = sum((sum_of for sum_of, _ in owed), ZERO)
    low = sum((sum_of for sum_of, is_disputed in owed if not is_disputed), ZERO)
    return Bounded(most, low, most, ONE if owed else None)


def large_payments(data: PackData) -> tuple[Relation, Fact] | str:
    """Invoices paid in the period and which of them the quarterly file owes; a text says why that has no answer."""
    (rule,), lines = duties(LARGE_PAYMENTS), paid_or_disputed(data)
    if rule.from_date > data.period.end:
        return f"payments are published under {rule.section} from {long_date(rule.from_date)}"
    if not data.count(lines.where("is_public IS NOT NULL")):
        return "no invoice says whether it is under a public contract"
    begun = f"DATE '{rule.from_date}'"
    # Which contracts are concessions the register says.
    source = f"""(SELECT *, gross_gbp AS payment_gross_gbp, coalesce(contract_key IN
        (SELECT contract_key FROM review_lines WHERE is_concession), FALSE) AS is_concession FROM {lines.source})"""
    owing = replace(lines, source=source, tables=(*lines.tables, "contract_lines"))
    fact = f"""CASE WHEN NOT {rule.condition} OR is_public IS FALSE OR begun_date < {begun} THEN FALSE
        WHEN is_public AND begun_date >= {begun} THEN TRUE END"""
    known = "whether payments are under public contracts, and when these began, is known"
    return owing, Fact(fact, known, "Invoices with the reference of a contract on the register would settle it.")
