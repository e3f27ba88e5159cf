"""The dated duties of `reference/duties.csv`: from which day each counts, how long it gives, and what it applies to. Not legal advice.

A change of law is a row of that table. Whether a rule applies to a contract is SQL over what its notices state: true, false, or NULL
where that is not known.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache

from cwb.base.days import months_after
from cwb.evidence.data import PackData
from cwb.reference import table

LARGE_PAYMENTS = "Large payments"
# What a rule's conditions may ask of a contract or a change.
_FACTS = {
    "kind": str,
    "value_gbp": Decimal,
    "value_gross_gbp": Decimal,
    "is_above_threshold": bool,
    "is_light_touch": bool,
    "is_framework": bool,
    "is_concession": bool,
    "kpi_count": int,
    "change_reason": str,
    "change_share": float,
    "term_share": float,
}


@dataclass(frozen=True)
class Duty:
    """One rule. `days` and `months` are None where it has none; `starts_with` is the day from which is counted; `log_kind` is the kind of
    the log that says that it was done, "" where a notice does."""

    duty: str
    section: str
    starts_with: str
    is_day_one_counted: bool
    days: int | None
    months: int | None
    applies_when: str
    not_when: str
    from_date: date
    log_kind: str

    @property
    def condition(self) -> str:
        """SQL: whether the rule applies; NULL where that is not known."""
        return f"(({self.applies_when}) AND NOT ({self.not_when or 'FALSE'}))"

    def due(self, day: date) -> date:
        """The last day on which it is in time, counted from the day that it starts with."""
        if self.days is None:
            return months_after(day, self.months or 0)
        return due(day if self.is_day_one_counted else day + timedelta(days=1), self.days)

    @property
    def term(self) -> str:
        """How long it gives, in words, and how the first day counts."""
        if self.days == 0:
            return "before the change"
        if self.days is None:
            return f"within {self.months} months" if self.months != 1 else "within a month"
        return f"within {self.days} days, the first day {'counted' if self.is_day_one_counted else 'not counted'}"


def due(day_one: date, days: int) -> date:
    """The last of so many days, of which `day_one` is the first: 31 March 2026 and 30 days give 29 April 2026."""
    return day_one + timedelta(days=days - 1)


def duties(name: str) -> tuple[Duty, ...]:
    """The rules of a duty, in the order of the table. Raises `KeyError` where the table has none."""
    rules = tuple(rule for rule in _rules() if rule.duty == name)
    if not rules:
        raise KeyError(name)
    return rules


def logged_duties() -> tuple[Duty, ...]:
    """The duties that the log records as done."""
    return tuple(rule for rule in _rules() if rule.log_kind)


@cache
def _rules() -> tuple[Duty, ...]:
    return tuple(
        Duty(
            row["duty"], row["section"], row["starts_with"], row["day_one_counts"] == "yes",
            int(row["days"]) if row["days"] else None, int(row["months"]) if row["months"] else None,
            row["applies_when"], row["not_when"], date.fromisoformat(row["from_date"]), row["log_kind"],
        )
        for row in table("duties").to_dict("records")
    )  # fmt: skip


def judged(
    data: PackData, rules: Sequence[Duty], facts: Sequence[Mapping[str, object]]
) -> list[list[bool | None]]:
    """Of each thing whether each rule applies: True, False, or None where what it asks is not known."""
    if not facts:
        return []
    rows = [{**one, "place": place} for place, one in enumerate(facts)]
    lines = data.add_rows("facts_of_duties", {"place": int, **_FACTS}, rows, ("notice_contracts",))
    columns = ", ".join(f"{rule.condition} AS rule_{nth}" for nth, rule in enumerate(rules))
    found = data.rows(f"SELECT {columns} FROM {lines.source} ORDER BY place")
    return [[row[f"rule_{nth}"] for nth in range(len(rules))] for row in found]
