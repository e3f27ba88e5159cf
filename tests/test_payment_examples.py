"""The worked examples of payments that need no council: interest to the penny, dated rates, days counted from the day after."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from cwb.lines.invoices import MARGIN, TERM, rules_in
from cwb.packs.proactive_procurement.invoices_paid import interest
from cwb.reference import table
from cwb.sources.check import check_paths

PENNY = Decimal("0.01")


@pytest.mark.parametrize(
    ("gross", "percent", "days", "owed"),
    [
        ("1000", "12", 30, "9.86"),
        # Published as 169.68, with the daily 1.678 rounded to 1.68.
        ("5000", "12.25", 101, "169.49"),
    ],
)
def test_interest_does_not_round_the_daily_rate(gross: str, percent: str, days: int, owed: str) -> None:
    found = interest(Decimal(gross), Decimal(percent), Decimal(days))
    assert found.quantize(PENNY) == Decimal(owed)


def test_rates_are_of_half_years_that_follow_one_another() -> None:
    rows = table("interest_rates").to_dict("records")
    for row, after in zip(rows, [*rows[1:], None], strict=True):
        first, last = (date.fromisoformat(row[name]) for name in ("valid_from", "valid_to"))
        assert (first.day, first.month) in ((1, 1), (1, 7))
        assert date.fromisoformat(row["set_on"]) == first - timedelta(days=1)
        assert after is None or date.fromisoformat(after["valid_from"]) == last + timedelta(days=1)
    (margin,) = rules_in(MARGIN)
    percent = {row["valid_from"]: Decimal(row["base_rate_percent"]) + Decimal(margin["value"]) for row in rows}
    assert percent["2025-07-01"] == Decimal("12.25")
    assert percent["2024-01-01"] == Decimal("13.25")


def test_every_rule_of_payment_has_a_source_and_a_first_day() -> None:
    for name in (TERM, MARGIN):
        for row in rules_in(name):
            assert row["source"]
            assert date.fromisoformat(row["valid_from"])


def test_a_day_of_payment_that_is_no_day_does_not_read_as_unpaid(tmp_path: Path) -> None:
    path = tmp_path / "invoices" / "ap.csv"
    path.parent.mkdir()
    path.write_text(
        "Supplier id,Invoice number,Received on,Paid on,Amount gross\n"
        "V1,I1,01/04/2026,next run,10.00\nV1,I2,01/04/2026,,10.00\nV1,I3,01/04/2026,-,10.00\n",
        encoding="utf-8",
    )
    (report,) = check_paths([path])
    assert (report.rows, report.kept) == (3, 2)
    assert report.refused_by_reason() == {"the day of payment cannot be read": 1}
