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
    assert str(Period.parse("2026-27").previous()) == "2025-26"


@pytest.mark.parametrize(
    ("day", "quarter", "start", "end"),
    [
        (date(2026, 3, 31), "2025-26-Q4", date(2026, 1, 1), date(2026, 3, 31)),
        (date(2026, 4, 1), "2026-27-Q1", date(2026, 4, 1), date(2026, 6, 30)),
        (date(2026, 6, 30), "2026-27-Q1", date(2026, 4, 1), date(2026, 6, 30)),
        (date(2026, 7, 1), "2026-27-Q2", date(2026, 7, 1), date(2026, 9, 30)),
        (date(2026, 9, 30), "2026-27-Q2", date(2026, 7, 1), date(2026, 9, 30)),
        (date(2026, 12, 31), "2026-27-Q3", date(2026, 10, 1), date(2026, 12, 31)),
        (date(2027, 1, 1), "2026-27-Q4", date(2027, 1, 1), date(2027, 3, 31)),
        (date(2024, 2, 29), "2023-24-Q4", date(2024, 1, 1), date(2024, 3, 31)),
    ],
)
def test_the_quarter_of_a_day(day: date, quarter: str, start: date, end: date) -> None:
    period = Period.of(day)
    assert (str(period), period.start, period.end) == (quarter, start, end)
    assert (period.year.start, period.year.end) == (
        date(period.start_year, 4, 1),
        date(period.start_year + 1, 3, 31),
    )


@pytest.mark.parametrize("text", ["2026-27", "2026-27-Q2"])
def test_a_period_holds_its_first_and_last_day_and_no_more(text: str) -> None:
    period = Period.parse(text)
    assert period.contains(period.start)
    assert period.contains(period.end)
    assert not period.contains(period.start - timedelta(days=1))
    assert not period.contains(period.end + timedelta(days=1))


def test_quarters_and_months() -> None:
    year, quarter = Period.parse("2026-27"), Period.parse("2026-27-Q2")
    assert [str(part) for part in year.quarters()] == [f"2026-27-Q{n}" for n in (1, 2, 3, 4)]
    assert quarter.quarters() == [quarter]
    assert (year.months, quarter.months) == (12, 3)
    assert (year.short_label, quarter.short_label) == ("2026/27", "Q2 2026/27")
    assert quarter.year == year
    assert year.year == year


def test_the_turn_of_a_century() -> None:
    assert str(Period(2099)) == "2099-00"
    assert (Period(2099).label, Period(2099).short_label) == ("2099/00", "2099/00")
    assert Period.parse("2099-00") == Period(2099)
    assert (str(Period(2007, 1)), Period(2007).label, Period(2007).short_label) == (
        "2007-08-Q1",
        "2007/08",
        "2007/08",
    )


def test_periods_are_in_order() -> None:
    texts = ["2026-27-Q1", "2025-26-Q4", "2025-26", "2026-27", "2025-26-Q1", "2024-25"]
    found = [str(period) for period in sorted(Period.parse(text) for text in texts)]
    assert found == ["2024-25", "2025-26", "2025-26-Q1", "2025-26-Q4", "2026-27", "2026-27-Q1"]


def test_blanks_around_a_period_do_not_matter_but_it_must_be_text() -> None:
    assert Period.parse(" 2025-26-Q2\n") == Period(2025, 2)
    for value in (2025, None):
        with pytest.raises(ConfigError):
            Period.parse(value)  # type: ignore[arg-type]
