"""Which months a ledger holds whole: one without a payment is missing, and payments may stop in the middle of the last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from cwb.base.days import month_end_after
from cwb.council.periods import Period

# Payments are made in runs: a month goes on to its end where one is made within so many days of it. Where so many months before
# the last all did, a last one that does not is cut short.
_DAYS, _MONTHS = 10, 6


@dataclass(frozen=True)
class LedgerMonths:
    """The last day of payment of each month that has one, in order."""

    last_days: Sequence[date]

    @property
    def cut_short(self) -> date | None:
        """The day on which payments stop, where that is long before the end of its month, and they never did before."""
        *before, last = self.last_days or (None,)
        usual = before[-_MONTHS:]
        if last is None or len(usual) < _MONTHS or not all(map(_goes_on, usual)) or _goes_on(last):
            return None
        return last

    def held(self, period: Period) -> int:
        """How many months of a period are there whole."""
        return self.held_to(period.end, period.months)

    def held_to(self, end: date, months: int) -> int:
        """How many of so many months to a last day of a month are there whole."""
        before = month_end_after(end, -months)
        return sum(before < day <= end and day != self.cut_short for day in self.last_days)


def _goes_on(day: date) -> bool:
    return (month_end_after(day, 0) - day).days <= _DAYS
