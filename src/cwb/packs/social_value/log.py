"""The council's log of what was done, as evidence of the charter's ten pledges."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from cwb.base.days import months_after
from cwb.base.rows import Row, place_of
from cwb.evidence.data import PackData
from cwb.packs.market.rules import in_force
from cwb.packs.questions import PLACE, Relation, Thing, as_table

ENTRY = Thing("", "title", "entries of the log")


@dataclass(frozen=True)
class Pledge:
    """A pledge of the charter; `months` is how long evidence of it stands, `is_when_any` that it is due only where there is cause."""

    id: str
    text: str
    evidence: str
    kinds: frozenset[str]
    months: int
    is_when_any: bool

    def since(self, day: date) -> date:
        """Evidence of after this day still stands on the other one."""
        return months_after(day, -self.months)


@dataclass(frozen=True)
class Entry:
    """An entry of the log that is evidence of a pledge."""

    source_file: str
    source_sheet: str | None
    source_row: int
    pledge: str
    title: str
    activity_date: date
    in_procurement: int | None


def pledges_on(day: date) -> dict[str, Pledge]:
    """The pledges by id, in the charter's order, as the table has them on a day."""
    return {
        row["pledge"]: Pledge(
            row["pledge"],
            row["text"],
            row["evidence"],
            frozenset(filter(None, row["kinds"].split("; "))),
            int(row["months"]),
            row["when_any"] == "yes",
        )
        for row in in_force("pledges", day)
    }


def entries(data: PackData) -> list[Entry]:
    """Every entry up to the end of the period, once for each pledge that it is evidence of: by its kind, or where a pledge has no
    kind of its own by naming it. Oldest first."""
    last = data.period.end
    sql = f"""SELECT {PLACE}, kind, title, item, activity_date, in_procurement FROM activity
        WHERE activity_date <= DATE '{last}' ORDER BY activity_date, {PLACE}"""
    return [
        Entry(
            **place_of(row), pledge=pledge.id, title=_title(row), activity_date=row["activity_date"],
            in_procurement=row["in_procurement"],
        )
        for row in data.rows(sql)
        for pledge in pledges_on(last).values()
        if (row["kind"] in pledge.kinds if pledge.kinds else pledge.id in _named(row["item"]))
    ]  # fmt: skip


def _title(row: Row) -> str:
    """A title as it was written; one of a referral could say that somebody was found, and how many."""
    return "An entry about referrals" if row["kind"] == "referral" else str(row["title"])


def _named(items: str | None) -> set[str]:
    return {item.strip().upper() for item in (items or "").split(";")}


def logged(data: PackData) -> Relation:
    """Those entries as lines."""
    return data.add_table("pledge_entries", as_table(Entry, entries(data)), ("activity",))
