"""UK financial years (1 April to 31 March) and their quarters, written "2025-26" and "2025-26-Q2"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from cwb.base.errors import ConfigError, Fault

_FORM = re.compile(r"(?P<start>20\d\d)-(?P<end>\d\d)(?:-Q(?P<quarter>[1-4]))?")


@dataclass(frozen=True, order=True)
class Period:
    """A financial year, or one quarter of it.

    `start_year` is the calendar year in which the financial year begins; `quarter` is 1 (April to
    June) to 4 (January to March), or 0 for the whole year.
    """

    start_year: int
    quarter: int = 0

    @classmethod
    def parse(cls, text: str) -> Period:
        """Read "2025-26" or "2025-26-Q2"; raise `ConfigError` for anything else."""
        match = _FORM.fullmatch(text.strip()) if isinstance(text, str) else None
        if match is None or (int(match["start"]) + 1) % 100 != int(match["end"]):
            raise ConfigError(
                Fault(
                    rule="a period is a financial year or a quarter of one",
                    value=str(text),
                    remedy="Write it as 2025-26 or 2025-26-Q2 (Q1 is April to June).",
                )
            )
        return cls(int(match["start"]), int(match["quarter"] or 0))

    @classmethod
    def of(cls, day: date) -> Period:
        """The quarter in which a day falls."""
        start_year = day.year if day.month >= 4 else day.year - 1
        return cls(start_year, (day.month - 4) % 12 // 3 + 1)

    def __str__(self) -> str:
        year = f"{self.start_year}-{(self.start_year + 1) % 100:02d}"
        return f"{year}-Q{self.quarter}" if self.quarter else year

    @property
    def start(self) -> date:
        month = 4 + 3 * (max(self.quarter, 1) - 1)
        return date(self.start_year + (month > 12), (month - 1) % 12 + 1, 1)

    @property
    def end(self) -> date:
        """The last day of the period."""
        if not self.quarter or self.quarter == 4:
            return date(self.start_year + 1, 3, 31)
        return Period(self.start_year, self.quarter + 1).start - timedelta(days=1)

    @property
    def year(self) -> Period:
        return Period(self.start_year)

    @property
    def label(self) -> str:
        """As members read it: "2023/24", "Q2 2026/27 (July to September 2026)"."""
        year = f"{self.start_year}/{(self.start_year + 1) % 100:02d}"
        if not self.quarter:
            return year
        return f"Q{self.quarter} {year} ({self.start:%B} to {self.end:%B %Y})"

    @property
    def short_label(self) -> str:
        year = f"{self.start_year}/{(self.start_year + 1) % 100:02d}"
        return f"Q{self.quarter} {year}" if self.quarter else year

    def like(self, year: Period) -> Period:
        """The same part of another financial year: the quarter for a quarter, the year for a year."""
        return Period(year.start_year, self.quarter)

    def previous(self) -> Period:
        """The period of the same length one year earlier, which is free of seasonal effects."""
        return Period(self.start_year - 1, self.quarter)

    def later_than(self, other: Period) -> str:
        """That it begins after another, in words; "" where it does not."""
        return f"{self.label} is later than {other.label}" if self.start > other.start else ""

    def contains(self, day: date) -> bool:
        return self.start <= day <= self.end

    @property
    def months(self) -> int:
        """How many months it has."""
        return 3 if self.quarter else 12

    def quarters(self) -> list[Period]:
        return [self] if self.quarter else [Period(self.start_year, n) for n in (1, 2, 3, 4)]


def long_date(day: date | None) -> str:
    """A day as members read it: "30 September 2026"; nothing for none."""
    return f"{day.day} {day:%B %Y}" if day else ""


def short_date(day: date | None) -> str:
    """A day in a table: "30 Sep 2026"; nothing for none."""
    return f"{day.day} {day:%b %Y}" if day else ""
