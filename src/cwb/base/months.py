"""A month without its day: in a cell, and in the name of a file or a folder.

Where a text may mean a month or something else it means none: "2011-12" is a financial year as well as a month, "M01 2025" is
January of a calendar or April of a financial year. In a financial year that is stated month 1 is April, as in all councils.
A quarter or a year alone is no month.
"""

from __future__ import annotations

import re
from datetime import date

_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_YEARS = r"(?P<first>\d{4})\s?[-/]\s?(?P<second>\d{4}|\d{2})"
_PERIOD = r"(?:accounting |financial )?(?:month|mth|m|period|per|pd|p)[ .]?0?(?P<period>\d{1,2})"
_NAMED = r"(?P<name>[A-Za-z]{3,9})"
_PATTERNS = (
    r"(?P<year>\d{4})\s?[-/. ]\s?(?P<month>\d{1,2})",
    r"(?P<month>\d{1,2})\s?[-/. ]\s?(?P<year>\d{4})",
    r"(?P<year>(?:19|20)\d\d)(?P<month>0[1-9]|1[0-2])",
    r"(?P<month>0[1-9]|1[0-2])(?P<year>(?:19|20)\d\d)",
    rf"{_NAMED}[-/., ']*(?P<year>\d{{4}}|\d{{2}})",
    rf"(?P<year>\d{{4}})[-/., ]*{_NAMED}",
    rf"{_YEARS}[-/., ]*{_PERIOD}",
    rf"{_PERIOD}(?:[-/.,]| of)? ?{_YEARS}",
    rf"{_YEARS}[-/., ]+{_NAMED}",
    rf"{_NAMED}[-/., ]+{_YEARS}",
)
_STATED = tuple(re.compile(rf"\s*{pattern}\s*", re.IGNORECASE | re.ASCII) for pattern in _PATTERNS)
# The same for DuckDB, which takes no name of a group twice.
MONTH_ONLY = rf"(?i)^\s*(?:{'|'.join(re.sub(r'[?]P<[a-z]+>', '?:', pattern) for pattern in _PATTERNS)})\s*$"
# In a name, as "2025-04", "042025" or "202504". A day beside it ("2025-04-30") is passed over.
_NUMBERED = re.compile(r"(?<!\d)(?:20\d\d[-_. ]?(0[1-9]|1[0-2])|(0[1-9]|1[0-2])[-_. ]?20\d\d)(?!\d)")
_QUARTER = re.compile(r"(?<![a-z])q(?:uarter|tr)?[-_. ]?([1-4])(?!\d)", re.IGNORECASE)
_YEAR_OF_NAME = re.compile(r"(?<!\d)20(\d\d)[-_/ ]?(?:20)?(\d\d)(?!\d)")
_OF_PERIODS = {"q", "qtr", "quarter", "to", "and", "spend", "spending", "payments", "over"}
_WORD = re.compile(r"[a-z]+", re.IGNORECASE)


def month_named(word: str) -> int:
    """1 for "January", "jan" or "JAN" … 12; 0 for a word that is no month."""
    short = "sep" if word.lower() == "sept" else word.lower()
    return next((n for n, name in enumerate(_MONTHS, start=1) if short in (name, name[:3])), 0)


def parse_month(text: str | None) -> date | None:
    """The first day of a month that is stated without a day: "2025-04", "202504", "04/2025", "Apr-25", "2025 April", "2025-26 M01".

    "Apr-25" is April 2025, never the 25th of April; "Jan 2025/26" is January 2026.
    """
    cleaned = (text or "").replace("\u00a0", " ")
    for pattern in _STATED:
        if not (found := pattern.fullmatch(cleaned)):
            continue
        parts = found.groupdict()
        month = (
            month_named(parts["name"])
            if parts.get("name")
            else int(parts.get("month") or parts.get("period") or 0)
        )
        if parts.get("period"):
            month = (month + 2) % 12 + 1 if 1 <= month <= 12 else 0
        year = int(parts.get("year") or parts["first"])
        year += 2000 if year < 100 else 0
        follows = (year + 1) % 100
        if parts.get("first"):
            year = year + (1 <= month <= 3) if int(parts["second"]) % 100 == follows else 0
        elif cleaned.strip()[:4] == parts["year"] and month == follows and not parts.get("name"):
            continue  # a financial year as well as a month
        if 1 <= month <= 12 and 1990 <= year <= 2100:
            return date(year, month, 1)
    return None


def months_in(name: str) -> set[int]:
    """The numbers of the months that a name states: "April-2025", "2025-04", "Apr to Jun", "Q1 2025-26"; empty where it states none.

    A quarter is one of a financial year where one is stated, else it may be either and states none. Two months are the first and the
    last of a span.
    """
    named = [month for word in _WORD.findall(name) if (month := month_named(word))]
    found = list(dict.fromkeys(named or (int(one or other) for one, other in _NUMBERED.findall(name))))
    if len(found) == 2:
        return {(found[0] + n - 1) % 12 + 1 for n in range((found[1] - found[0]) % 12 + 1)}
    quarters = {int(quarter) for quarter in _QUARTER.findall(name)}
    if not found and len(quarters) == 1 and _states_financial_year(name):
        (quarter,) = quarters
        return {(quarter * 3 + n) % 12 + 1 for n in range(3)}
    return set(found) if len(found) == 1 else set()


def is_period(name: str) -> bool:
    """Whether a folder's name is one of a period and of nothing else: "April 2025", "2025-26 Q1"; "March Town Council" is a body's."""
    return all(month_named(word) or word.lower() in _OF_PERIODS for word in _WORD.findall(name))


def _states_financial_year(name: str) -> bool:
    return any(int(second) == (int(first) + 1) % 100 for first, second in _YEAR_OF_NAME.findall(name))
