"""Small purchases of one category from one supplier that together come to a limit, as columns of a payment line.

Lines of one payment in one category are one purchase. Three purchases at least make a pattern, each below the limit and without a
live contract, all in the 365 days to the last (formats-strategy.md 5.2).
"""

from __future__ import annotations

import duckdb

from cwb.lines.columns import flag
from cwb.lines.contract_cover import Cover
from cwb.reference import table

LIMITS = {"register": "register", "notifiable": "notifiable", "threshold": "goods and services"}
REPEATS = tuple(
    flag(f"is_repeat_{name}", f"with the supplier's payments of one category in the 365 days to this one, each below the {limit} limit and without a live contract, three at least, it comes to that limit; NULL: it is none of these")
    for name, limit in LIMITS.items()
)  # fmt: skip
_LEAST, _DAYS = 3, 365
_UNCOVERED = (Cover.OPEN, Cover.NOT_BEGUN, Cover.ENDED, Cover.NONE)


def with_repeats(con: duckdb.DuckDBPyConnection, covered: str, has_register: bool) -> str:
    """SQL of lines that `with_cover` made, with the columns of `REPEATS`: without a register of contracts nothing is known to have
    no live contract, and all are NULL.

    Runs are counted over days of a supplier and a category, and of those only the days on which one comes to a limit are kept: a
    window over whole lines would hold a large ledger in memory.
    """
    if not has_register:
        return f"SELECT *, {', '.join(f'NULL::BOOLEAN AS {one.name}' for one in REPEATS)} FROM ({covered})"
    of_day = {name: limit_on("payment_date", kind) for name, kind in LIMITS.items()}
    # The Code's amount is read without VAT that is recovered, the others with all VAT.
    amounts = {name: "amount_gbp" if name == "register" else "coalesce(gross_gbp, amount_gbp)" for name in LIMITS}
    payments = {name: "payment_gbp" if name == "register" else "payment_gross_gbp" for name in LIMITS}
    uncovered = ", ".join(f"'{cover}'" for cover in _UNCOVERED)
    small = {
        name: f"(amount_gbp > 0 AND {payments[name]} < {limit} AND {amounts[name]} < {limit} AND cover IN ({uncovered}))"
        for name, limit in of_day.items()
    }

    def each(column: str) -> str:
        return ", ".join(
            column.format(name=name, small=small[name], amount=amounts[name], limit=of_day[name])
            for name in LIMITS
        )

    con.execute(
        f"""CREATE OR REPLACE TEMP TABLE repeat_days AS
        WITH purchases AS (
            SELECT payee_key, category, payment_date, CASE WHEN transaction_number IS NULL THEN count(*) ELSE 1 END AS purchases,
                {each("sum({amount}) FILTER ({small}) AS gbp_{name}, count(*) FILTER ({small}) AS lines_{name}")}
            FROM ({covered}) WHERE {" OR ".join(small.values())}
            GROUP BY payee_key, category, payment_date, transaction_number),
        days AS (
            SELECT payee_key, category, payment_date,
                {each("sum(gbp_{name}) AS gbp_{name}, sum(least(lines_{name}, purchases)) AS count_{name}")}
            FROM purchases GROUP BY payee_key, category, payment_date),
        runs AS (
            SELECT payee_key AS run_payee, category AS run_category, payment_date AS run_date,
                {each(f"sum(gbp_{{name}}) OVER run >= {{limit}} AND sum(count_{{name}}) OVER run >= {_LEAST} AS reaches_{{name}}")}
            FROM days WINDOW run AS (PARTITION BY payee_key, category ORDER BY payment_date
                RANGE BETWEEN INTERVAL {_DAYS - 1} DAYS PRECEDING AND CURRENT ROW))
        SELECT * FROM runs WHERE {" OR ".join(f"reaches_{name}" for name in LIMITS)}"""
    )
    return f"""SELECT c.*, {each("CASE WHEN {small} THEN coalesce(reaches_{name}, FALSE) END AS is_repeat_{name}")}
        FROM ({covered}) c LEFT JOIN repeat_days
            ON run_payee = payee_key AND run_category IS NOT DISTINCT FROM category AND run_date = payment_date"""


def limit_on(day: str, kind: str) -> str:
    """SQL of a council's limit of `reference/thresholds.csv` on a day, a column; NULL before the table begins."""
    rows = table("thresholds")
    own = rows[(rows["kind"] == kind) & rows["body"].isin(["any", "sub-central"])]
    cases = []
    for row in own.itertuples():
        until = f" AND {day} <= DATE '{row.valid_to}'" if row.valid_to else ""
        cases.append(f"WHEN {day} >= DATE '{row.valid_from}'{until} THEN {row.amount_gbp}")
    return f"(CASE {' '.join(cases)} END)"
