"""Financial years and quarters."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cwb.base.errors import ConfigError
from cwb.council.periods import Period


@pytest.mark.parametrize(
    ("text", "start", "end", "label"),
    [
        ("2025-26", date(2025, 4, 1), date(2026, 3, 31), "2025/26"),
        ("2025-26-Q1", date(2025, 4, 1), date(2025, 6, 30), "Q1 2025/26 (April to June 2025)"),
        ("2025-26-Q3", date(2025, 10, 1), date(2025, 12, 31), "Q3 2025/26 (October to December 2025)"),
        ("2025-26-Q4", date(2026, 1, 1), date(2026, 3, 31), "Q4 2025/26 (January to March 2026)"),
    ],
)
def test_a_period(text: str, start: date, end: date, label: str) -> None:
    period = Period.parse(text)
    assert (period.start, period.end, period.label, str(period)) == (start, end, label, text)


@pytest.mark.parametrize("text", ["2025-27", "2025", "2025-26-Q5", "25-26", "", "2025/26", "007"])
def test_anything_else_is_an_error_with_a_remedy(text: str) -> None:
    with pytest.raises(ConfigError, match="Write it as 2025-26"):
        Period.parse(text)


@given(st.dates(min_value=date(2001, 1, 1), max_value=date(2098, 12, 31)))
def test_each_day_is_in_one_quarter(day: date) -> None:
    quarter = Period.of(day)
    assert quarter.contains(day)
    assert quarter.year.contains(day)
    assert Period.parse(str(quarter)) == quarter
    assert quarter.start.day == 1
    assert (quarter.end + timedelta(days=1)).day == 1


def test_like_for_like() -> None:
    assert str(Period.parse("2026-27-Q2").like(Period.parse("2023-24"))) == "2023-24-Q2"
    assert str(Period.parse("2026-27").like(Period.parse("2023-24"))) == "2023-24"
    assert str(Period.parse("2026-27-Q2").previous()) == "2025-26-Q2"
