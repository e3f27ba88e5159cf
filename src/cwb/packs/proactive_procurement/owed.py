"""Every notice that the council owes around the report's day: when it is due, whether it is done, and by which rule."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from cwb.base.days import month_end_after, months_after
from cwb.base.rows import PLACE, Row
from cwb.council.periods import long_date
from cwb.entities.matching.names import normalise_name
from cwb.evidence.data import PackData
from cwb.packs.market.rules import ABOVE, DEPENDS, UNKNOWN_VALUE, band, kind_of, light_touch, with_vat
from cwb.packs.proactive_procurement.duty_rules import LARGE_PAYMENTS, Duty, duties, judged, logged_duties
from cwb.packs.proactive_procurement.notice_contracts import Contract, contracts_in_notices, ended_without_award

DONE, LATE, MISSING, TO_COME, NOT_KNOWN = "done", "late", "missing", "to come", "not known"
# What members call the notices that have a number.
NAMES = {
    "UK7": "Contract details notice (UK7)",
    "UK9": "Contract performance notice (UK9)",
    "UK10": "Contract change notice (UK10)",
    "UK11": "Contract termination notice (UK11)",
}
# Duties due so many months before the report's day, and after it.
MONTHS = 12


@dataclass(frozen=True)
class Owed:
    """One notice. `is_owed` is None where that is not known; `why` says what is not, or what was found."""

    rule: Duty
    name: str
    place: Row
    due_day: date | None
    done_day: date | None
    is_owed: bool | None
    state: str
    why: str = ""

    @property
    def key(self) -> str:
        place = f"{self.place['source_file']} {self.place['source_row']}"
        return f"{self.rule.duty} {self.name} {place} {self.due_day}"

    @property
    def is_late(self) -> bool | None:
        """Published after its day, or not by the report's day."""
        return None if self.state == NOT_KNOWN else self.state in (LATE, MISSING)

    @property
    def is_missing(self) -> bool | None:
        return False if self.done_day else None if self.state == NOT_KNOWN else self.state == MISSING

    @property
    def days_late(self) -> int | None:
        return (
            (self.done_day - self.due_day).days if self.state == LATE and self.done_day and self.due_day else None
        )


@dataclass(frozen=True)
class NoticesAtHand:
    """Up to which day notices are at hand, and what is asked of them."""

    day: date
    last: date | None

    def state(self, due_day: date | None, done_day: date | None, is_owed: bool | None) -> tuple[str, str]:
        """How a duty stands, and what is not known of it."""
        if due_day is None:
            return NOT_KNOWN, "the day from which it counts is not stated"
        if done_day is not None and done_day <= due_day:
            return DONE, ""
        if is_owed is None:
            return NOT_KNOWN, "whether it is at or above the threshold is not stated"
        if done_day is not None:
            return LATE, ""
        if due_day >= self.day:
            return TO_COME, ""
        if self.last is None or due_day > self.last:
            return (
                NOT_KNOWN,
                f"the notices at hand end on {long_date(self.last)}" if self.last else "no notice is at hand",
            )
        return MISSING, ""


def owed(data: PackData, where: str = "is_own") -> tuple[Owed, ...]:
    """The notices due within twelve months before and after the report's day; `where` chooses the notices of others."""
    last = data.rows(f"SELECT max(notice_date) AS last FROM notices WHERE notice_date <= DATE '{data.report_day}'")
    at_hand = NoticesAtHand(data.report_day, last[0]["last"])
    contracts = contracts_in_notices(data, where)
    gone = {row["ocid"] for row in ended_without_award(data, where)}
    found = [
        *_details(data, at_hand, [one for one in contracts if one.is_detailed or one.facts["ocid"] not in gone]),
        *_results(data, at_hand, contracts),
        *_changes(data, contracts),
        *_ends(data, at_hand, contracts),
        *_unmatched(data, contracts),
        *_of_periods(data),
    ]
    first, until = months_after(at_hand.day, -MONTHS), months_after(at_hand.day, MONTHS)
    near = [
        one for one in found if one.is_owed is not False and (one.due_day is None or first < one.due_day <= until)
    ]
    # Dated in the period of the rule: a duty that began later is not owed for what came before.
    return tuple(one for one in near if one.due_day is None or one.due_day >= one.rule.from_date)


def _details(data: PackData, at_hand: NoticesAtHand, contracts: list[Contract]) -> Iterator[Owed]:
    """Contract details notices: counted from the first notice of a contract, never from a republication."""
    rules = duties("UK7")
    detailed = [one for one in contracts if one.is_detailed or one.award]
    for contract, applies in zip(
        detailed, judged(data, rules, [one.with_threshold() for one in detailed]), strict=True
    ):
        rule, is_owed = _one_of(rules, applies)
        day = contract.facts["signed_date"] if contract.is_detailed else contract.facts["start_date"]
        due_day = rule.due(day) if day else None
        done = contract.first["notice_date"] if contract.first else None
        if contract.is_detailed and done is None:
            yield Owed(
                rule, contract.name, contract.facts, due_day, None, is_owed, NOT_KNOWN,
                "only a republication is at hand",
            )  # fmt: skip
            continue
        state, why = at_hand.state(due_day, done, is_owed)
        if not contract.is_detailed and not why:
            why = "awarded, and counted from the first day of the contract"
        yield Owed(rule, contract.name, contract.first or contract.facts, due_day, done, is_owed, state, why)


def _one_of(rules: tuple[Duty, ...], applies: list[bool | None]) -> tuple[Duty, bool | None]:
    """Of rules that exclude one another the one that applies, else the one that may."""
    for wanted in (True, None):
        if wanted in applies:
            return rules[applies.index(wanted)], wanted
    return rules[0], False


def _results(data: PackData, at_hand: NoticesAtHand, contracts: tuple[Contract, ...]) -> Iterator[Owed]:
    """Contract performance notices: one by each anniversary of the first day, from when the duty began."""
    (rule,) = duties("UK9")
    rows = data.rows(
        f"""SELECT ocid, contract_id, notice_date, coalesce(period_to, notice_date) AS assessed FROM notice_results
            WHERE notice_date <= DATE '{at_hand.day}' ORDER BY notice_date, ocid, contract_id"""
    )
    published: dict[str, list[Row]] = {}
    for row in rows:
        published.setdefault(f"{row['ocid']}/{row['contract_id']}", []).append(row)
    facts = [one.facts for one in contracts]
    for contract, (applies,) in zip(contracts, judged(data, (rule,), facts), strict=True):
        start = contract.facts["start_date"]
        if applies is not True or not start or contract.facts["is_value_doubtful"]:
            continue
        last, year = min(contract.last_day or date.max, months_after(at_hand.day, MONTHS)), 1
        while (day := months_after(start, 12 * year)) <= last:
            before = months_after(start, 12 * (year - 1))
            # The year that was assessed counts, whenever its notice came.
            of_year = (row for row in published.get(contract.key, []) if before < row["assessed"] <= day)
            done = next((row["notice_date"] for row in of_year), None)
            yield Owed(rule, contract.name, contract.facts, day, done, True, *at_hand.state(day, done, True))
            year += 1


def _changes(data: PackData, contracts: tuple[Contract, ...]) -> Iterator[Owed]:
    """Contract change notices, which come before the change. A change without a notice is not seen here."""
    (rule,) = duties("UK10")
    pairs = [(one, change) for one in contracts for change in one.changes]
    facts = [{**one.facts, **{k: v for k, v in change.items() if v is not None}} for one, change in pairs]
    for (contract, change), (applies,) in zip(pairs, judged(data, (rule,), facts), strict=True):
        day, done = change["change_date"], change["notice_date"]
        # A change announced for the day itself is still to come when its notice is out.
        is_before = None if day is None else done < day or (done == day and not change["is_change_made"])
        state = NOT_KNOWN if is_before is None else DONE if is_before else LATE
        # Where nobody knows how large a change is, the council took it to need a notice.
        is_owed = True if applies is None else applies
        yield Owed(rule, contract.name, change, day, done, is_owed, state)


def _ends(data: PackData, at_hand: NoticesAtHand, contracts: tuple[Contract, ...]) -> Iterator[Owed]:
    """Contract termination notices: a contract that simply ends owes one too."""
    (rule,) = duties("UK11")
    facts = [one.with_threshold() for one in contracts]
    for contract, (applies,) in zip(contracts, judged(data, (rule,), facts), strict=True):
        if applies is False or (contract.end is None and not contract.is_detailed):
            continue
        day, end_day = contract.last_day, contract.facts["end_date"]
        done = contract.end["notice_date"] if contract.end else None
        place = contract.end or contract.facts
        if contract.end is None and day and end_day and end_day < at_hand.day <= day:
            why = f"whether it was extended beyond {long_date(end_day)} is not told"
            yield Owed(rule, contract.name, place, rule.due(end_day), None, None, NOT_KNOWN, why)
            continue
        due_day = rule.due(day) if day else None
        yield Owed(rule, contract.name, place, due_day, done, applies, *at_hand.state(due_day, done, applies))


def _unmatched(data: PackData, contracts: tuple[Contract, ...]) -> Iterator[Owed]:
    """Contracts of the register since the Act that may owe a contract details notice, and have none under their reference or title."""
    rule = duties("UK7")[0]
    known = {
        normalise_name(text)
        for one in contracts
        for name in ("reference", "title")
        if (text := one.facts.get(name))
    }
    rows = data.rows(
        f"""SELECT * FROM contract_lines WHERE start_date >= DATE '{rule.from_date}' AND start_date <= DATE '{data.report_day}'
            ORDER BY contract_key, {PLACE}"""
    )
    for row in {row["contract_key"]: row for row in reversed(rows)}.values():
        if {normalise_name(str(row[name])) for name in ("contract_reference", "title") if row[name]} & known:
            continue
        basis = "including VAT" if "inc" in (row["value_basis"] or "").lower() else "not stated"
        kind = kind_of(row["cpv_code"])
        is_light = False if kind in ("works", "goods") else light_touch(row["cpv_code"])
        amount = with_vat(row["value_gbp"], None, basis, row["start_date"])
        if band(amount, kind, is_light, "council", row["start_date"]).name not in (ABOVE, DEPENDS, UNKNOWN_VALUE):
            continue
        why = "no notice at hand bears its reference or title, and whether it was procured under the Act is not known"
        yield Owed(rule, row["title"], row, rule.due(row["start_date"]), None, None, NOT_KNOWN, why)


def _of_periods(data: PackData) -> Iterator[Owed]:
    """What is owed after each half-year or quarter, done as the log says: of a time before it first has one of a kind it tells nothing."""
    first = months_after(data.report_day, -MONTHS - 6)
    place: Row = {"source_file": "", "source_sheet": None, "source_row": 0, "notice_id": None}
    for rule in logged_duties():
        logged = data.rows(
            f"SELECT * FROM activity WHERE kind = '{rule.log_kind}' AND activity_date <= DATE '{data.report_day}' ORDER BY activity_date, {PLACE}"
        )
        step = 6 if rule.starts_with == "half-year" else 3
        for end in _ends_of_periods(first, months_after(data.report_day, MONTHS), step):
            if end < rule.from_date:
                continue
            after = month_end_after(end, step)
            due_day = rule.due(end)
            row = next((one for one in logged if end < one["activity_date"] <= after), None)
            done = row["activity_date"] if row else None
            state, why = NoticesAtHand(data.report_day, data.report_day).state(due_day, done, True)
            if state == MISSING and not data.has("activity"):
                state, why = NOT_KNOWN, "no log of activity was supplied"
            elif state == MISSING and (not logged or due_day < logged[0]["activity_date"]):
                first_one = f", and its first is of {long_date(logged[0]['activity_date'])}" if logged else ""
                state, why = NOT_KNOWN, f"it is not in the log{first_one}"
            elif state == MISSING and rule.duty == LARGE_PAYMENTS:
                state, why = NOT_KNOWN, "whether there was any to publish is not stated"
            yield Owed(
                rule,
                f"For the {rule.starts_with} to {long_date(end)}",
                row or place,
                due_day,
                done,
                True,
                state,
                why,
            )


def _ends_of_periods(first: date, last: date, months: int) -> Iterator[date]:
    """The last days of half-years or quarters of financial years from one day to another."""
    end = date(first.year - 1, 3, 31)
    while end <= last:
        if end >= first:
            yield end
        end = month_end_after(end, months)
