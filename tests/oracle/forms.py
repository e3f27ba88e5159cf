"""The forms that a council fills in, row by row: what a row must state to be kept, and days and numbers in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

from oracle.council import Period
from oracle.reading import day_of, table

Row = dict[str, str]


def rows(raw: Path, form: str, *needed: str, days: tuple[str, ...] = ()) -> list[Row]:
    """The rows of a form's files that fill in what they must, with readable days."""
    return [
        row
        for path in sorted((raw / form).glob("*.csv"))
        if not path.stem.endswith("_columns")
        for row in table(path)
        if all(row.get(name) for name in needed) and all(day_of(row[name]) for name in days)
    ]


def day(row: Row, name: str) -> date | None:
    return day_of(row.get(name))


def sure_day(row: Row, name: str) -> date:
    found = day_of(row[name])
    assert found is not None
    return found


def number(text: str | None) -> Fraction | None:
    """A number as written, nothing for a cell that is no number: "over 550" is none."""
    try:
        return Fraction((text or "").replace(",", "").removesuffix("%"))
    except ValueError:
        return None


def yes(text: str | None) -> bool | None:
    return {"yes": True, "no": False}.get((text or "").lower())


def months_before(day: date, months: int) -> date:
    """The same day some months earlier (later below nought), on the last day of a month that is shorter."""
    whole = day.year * 12 + day.month - 1 - months
    first = date(whole // 12, whole % 12 + 1, 1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return first.replace(day=min(day.day, last.day))


def is_in_year_to(day: date | None, end: date) -> bool:
    """Whether a day lies in the twelve months that end with a day that ends a month."""
    start = months_before(end + timedelta(days=1), 12)
    return day is not None and start <= day <= end


def in_period(period: Period) -> Callable[[date | None], bool]:
    return lambda day: day is not None and period.start <= day <= period.end


def years_of(text: str) -> int | None:
    """The first year of a financial year as written, "2025-26" or "2025/26"."""
    return int(text[:4]) if text[:4].isdigit() and len(text) == 7 else None


def log(raw: Path, *kinds: str) -> list[Row]:
    """Entries of the log of some kinds, oldest first."""
    told = rows(raw, "activity", "Kind", days=("Date",))
    return sorted(
        (row for row in told if not kinds or row["Kind"].lower() in kinds), key=lambda row: sure_day(row, "Date")
    )


def tenders(raw: Path) -> list[Row]:
    routes = (
        "open", "selective", "limited", "quotes", "direct award", "framework call-off", "reserved", "waiver", "breach",
    )  # fmt: skip
    return [row for row in rows(raw, "tenders", "Reference", "Title", "Route") if row["Route"].lower() in routes]


def summed(told: Iterable[Row], name: str) -> Fraction | None:
    """What rows state of one thing; nothing where none states it."""
    stated = [value for row in told if (value := number(row[name])) is not None]
    return sum(stated, Fraction()) if stated else None
