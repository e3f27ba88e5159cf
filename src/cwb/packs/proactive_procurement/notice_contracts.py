"""Contracts as all notices about them tell them, up to the report's day: one a process and contract."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from cwb.base.rows import PLACE, Row
from cwb.evidence.data import PackData
from cwb.packs.market.rules import band, threshold, with_vat

_TERMS = (
    "title", "reference", "kind", "signed_date", "start_date", "end_date", "last_date", "value_gbp", "value_gross_gbp",
    "is_above_threshold", "is_value_doubtful", "no_kpi_reason",
)  # fmt: skip


@dataclass
class Contract:
    """One contract. `first` is the first notice of its details (UK7), None where only a later one is at hand; `facts` is what
    the newest notice that states each thing says; `award` the notice of its award (UK6), `end` that of its end (UK11)."""

    key: str
    facts: Row
    first: Row | None = None
    is_detailed: bool = False
    award: Row | None = None
    end: Row | None = None
    changes: list[Row] = field(default_factory=list)

    @property
    def name(self) -> str:
        return str(self.facts.get("title") or self.facts.get("reference") or self.facts["notice_id"])

    @property
    def notice_id(self) -> str:
        """The notice by which it can be looked up."""
        return str((self.first or self.facts)["notice_id"])

    @property
    def last_day(self) -> date | None:
        """The day on which it ended, by its notice; else its last day, extensions included."""
        ended = self.end["ended_date"] if self.end else None
        return ended or self.facts.get("last_date")

    def with_threshold(self) -> Row:
        """Its facts; where no notice says whether it is at or above the threshold, its value may, or its final value."""
        if self.facts.get("is_above_threshold") is not None:
            return self.facts
        return self.facts | {"is_above_threshold": self._is_above()}

    def _is_above(self) -> bool | None:
        facts, ended = self.facts, self.end["ended_date"] if self.end else None
        day = facts.get("signed_date") or facts.get("start_date")
        if day and (facts.get("value_gbp") is not None or facts.get("value_gross_gbp") is not None):
            amount = with_vat(facts.get("value_gbp"), facts.get("value_gross_gbp"), "not stated", day)
            found = band(amount, facts.get("kind"), facts.get("is_light_touch"), "council", day)
            return None if found.is_below is None else not found.is_below
        # What was estimated decides: a final value below the threshold says nothing.
        final, limit = (
            self.end["final_gross_gbp"] if self.end else None,
            threshold("goods and services", "council", ended) if ended else None,
        )
        return True if final is not None and limit is not None and final >= limit else None


def contracts_in_notices(data: PackData, where: str = "is_own") -> tuple[Contract, ...]:
    """The contracts in the council's notices, in the order in which they were first published; `where` chooses other notices."""
    rows = data.rows(
        f"""SELECT * FROM notice_contracts WHERE ({where}) AND notice_date <= DATE '{data.report_day}' AND notice_type <> 'UK12'
            ORDER BY notice_date, notice_id, {PLACE}, contract_id"""
    )
    found: dict[str, Contract] = {}
    by_award: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        if row["notice_type"] != "UK6":
            key = f"{row['ocid']}/{row['contract_id']}"
            _add_notice(found.setdefault(key, Contract(key, dict(row))), row)
            by_award.setdefault((row["ocid"], row["award_id"] or row["contract_id"]), []).append(key)
    for row in rows:
        if row["notice_type"] == "UK6":
            keys = by_award.get((row["ocid"], row["award_id"])) or [f"{row['ocid']}/award {row['award_id']}"]
            for key in dict.fromkeys(keys):
                contract = found.setdefault(key, Contract(key, dict(row)))
                contract.award = row
                contract.facts = row | {name: value for name, value in contract.facts.items() if value is not None}
    return tuple(found.values())


def _add_notice(contract: Contract, row: Row) -> None:
    match row["notice_type"]:
        case "UK7":
            contract.is_detailed = True
            if not row["is_update"]:
                contract.first = contract.first or row
            flags = ("is_light_touch", "is_framework", "is_concession", "kpi_count")
            contract.facts |= {name: row[name] for name in flags}
        case "UK10":
            contract.changes.append(row | _change(contract.facts, row))
        case "UK11":
            contract.end = row
    contract.facts |= {name: row[name] for name in _TERMS if row[name] is not None}


def _change(before: Row, row: Row) -> Row:
    """By what part a change moves the value and the whole term; None where either end is not known."""
    value = (before.get("value_gross_gbp"), row["value_gross_gbp"])
    net = (before.get("value_gbp"), row["value_gbp"])
    start, last, new = before.get("start_date"), before.get("last_date"), row["last_date"]
    term = None
    if start and last and new and last > start:
        term = abs((new - last).days) / ((last - start).days + 1)
    return {"change_share": change_share(*(value if None not in value else net)), "term_share": term}


def change_share(before: Decimal | None, after: Decimal | None) -> float | None:
    """The change of a value divided by what it was, without its sign; None where either is not known."""
    return float(abs(after - before) / before) if before and after is not None else None


def ended_without_award(data: PackData, where: str = "is_own") -> Iterator[Row]:
    """Purchases that notices (UK12) ended without a contract, up to the report's day; each process once, by its newest notice."""
    rows = data.rows(
        f"""SELECT * FROM notice_contracts WHERE ({where}) AND notice_date <= DATE '{data.report_day}' AND notice_type = 'UK12'
            ORDER BY notice_date, notice_id, {PLACE}"""
    )
    yield from {row["ocid"]: row for row in rows}.values()
