"""The last day of a contract and the years of its term, by the day."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import duckdb
import pytest

from cwb.base.days import years_of_term
from cwb.lines.agreements import annual_sql
from cwb.lines.contract_cover import LAST_DAY
from cwb.sources.tabular import sql_text

TERMS = (
    (date(2026, 4, 1), date(2030, 3, 31), Fraction(4)),  # a year of them is longer by a day
    (date(2025, 4, 1), date(2028, 3, 31), Fraction(3)),  # none is
    (date(2026, 6, 15), date(2028, 12, 14), Fraction(5, 2)),
    (date(2024, 2, 29), date(2028, 2, 28), Fraction(4)),
    (date(2026, 4, 1), date(2030, 3, 30), Fraction(1460) / Fraction("365.25")),
)


@pytest.mark.parametrize(("first", "last", "years"), TERMS)
def test_years_of_a_term(first: date, last: date, years: Fraction) -> None:
    assert float(years_of_term(first, last)) == pytest.approx(float(years), abs=1e-12)
    row = f"SELECT DATE '{first}' AS start_date, DATE '{last}' AS last_day, 360000 AS value_gbp, NULL AS annual"
    told = duckdb.connect().execute(f"SELECT {annual_sql('annual', 'last_day')}::DOUBLE FROM ({row})").fetchone()
    assert told == (pytest.approx(360_000 / float(years), abs=0.005),)


def test_a_year_at_least() -> None:
    row = (
        "SELECT DATE '2026-04-01' AS start_date, DATE '2026-06-30' AS last_day, 1200 AS value_gbp, NULL AS annual"
    )
    assert duckdb.connect().execute(
        f"SELECT {annual_sql('annual', 'last_day')}::DOUBLE FROM ({row})"
    ).fetchone() == (1200,)


@pytest.mark.parametrize(
    ("end", "extension", "expiry", "last"),
    [
        (date(2026, 3, 31), None, date(2027, 3, 31), date(2027, 3, 31)),
        (date(2026, 3, 31), date(2028, 3, 31), date(2027, 3, 31), date(2028, 3, 31)),
        (date(2026, 3, 31), None, date(2026, 3, 31), date(2026, 3, 31)),
        (None, None, date(2026, 3, 31), date(2026, 3, 31)),
        (None, date(2028, 3, 31), date(2027, 3, 31), date(2028, 3, 31)),
        (date(2026, 3, 31), None, date(2025, 3, 31), date(2026, 3, 31)),
        (date(2026, 3, 31), None, None, date(2026, 3, 31)),
        (None, date(2028, 3, 31), None, date(2028, 3, 31)),
        (None, None, None, None),
    ],
)
def test_the_last_day_is_that_of_extensions_taken_or_possible(
    end: date | None, extension: date | None, expiry: date | None, last: date | None
) -> None:
    contract = {"end_date": end, "extension_date": extension, "expiry_date": expiry}
    days = ", ".join(
        f"{f'DATE {sql_text(str(day))}' if day else 'NULL::DATE'} AS {name}" for name, day in contract.items()
    )
    assert duckdb.connect().execute(f"SELECT {LAST_DAY} FROM (SELECT {days})").fetchone() == (last,)
