"""The duty calendar: every notice that the council owes, when, whether it is done, and the rule that says so."""

from __future__ import annotations

from datetime import date

import pandas as pd

from cwb.council.periods import long_date, short_date
from cwb.packs.exhibits import counted, or_why, range_text
from cwb.packs.measure import Column, Definition, Measured, PackData, Paper, Result, Shown, Undefined, ask, measure
from cwb.packs.proactive_procurement.owed import DONE, LATE, MISSING, NAMES, NOT_KNOWN, TO_COME, Owed, owed
from cwb.packs.questions import Fact, Finding, Question, Relation, Thing, Unanswerable, count, share

NOTICE = Thing("duty_key", "name", "notices")
_SETTLES = "Fetch the notices of a longer time, and keep the log of activity."
IS_OWED = Fact(
    "is_owed", "whether a notice is owed is known", "The threshold band of each contract would settle it."
)
IS_LATE = Fact("is_late", "whether a notice was late is known", _SETTLES)
IS_MISSING = Fact("is_missing", "whether a notice was published is known", _SETTLES)
IS_IN_TIME = Fact(
    "is_in_time", "whether a change was told before it was made is known", "The days of changes would settle it."
)
_COLUMNS = {
    **dict.fromkeys(("duty", "name", "duty_key", "state"), str),
    "due_day": date,
    **dict.fromkeys(("is_owed", "is_late", "is_missing", "is_in_time"), bool),
}
_ORDER = {state: place for place, state in enumerate((MISSING, TO_COME, NOT_KNOWN, LATE, DONE))}
# Ids of findings by the duty that they are of.
_OF = {
    "details": "UK7",
    "performance": "UK9",
    "termination": "UK11",
    "payment_notice": "Payments compliance notice",
}


def _definitions() -> tuple[Definition, ...]:
    """Due and late of each kind, in the twelve months to the report's day."""
    what = {
        "details": ("Contract details notices", "Contracts signed, at or above the threshold", "counted from the first notice of a contract"),
        "performance": ("Contract performance notices", "Anniversaries of contracts with performance indicators", "one by each anniversary"),
        "termination": ("Contract termination notices", "Contracts that ended, at or above the threshold", "a contract that runs out owes one too"),
        "payment_notice": ("Payments compliance notices", "Half-years of payments", "as the log says from the first of them that it has"),
    }  # fmt: skip
    found = []
    for name, (label, of, how) in what.items():
        found += [
            Definition(
                f"{name}_due", f"{label} due", "count", "count",
                f"{of}, whose notice was due in the twelve months to the report's day.",
                excluded="Notices due before the duty began.",
            ),
            Definition(
                f"{name}_late", f"{label} late or not published", "count", "count",
                f"Of those due, published after the last day or not by the report's day; {how}.",
                excluded="Notices due before the duty began.",
                version=2 if name == "payment_notice" else 1,
            ),
        ]  # fmt: skip
    return tuple(found)


@measure(
    *_definitions(),
    Definition(
        "details_missing", "Contract details notices not found", "count", "count",
        "Of the contract details notices due, those that no notice at hand is. High: contracts of the register of which nobody "
        "knows whether they owe one.",
    ),
    Definition(
        "change_before_share", "Notices of a change that came before it", "share", "share",
        "Contract change notices dated before the change divided by all of the twelve months to the report's day.",
        excluded="Changes so small that they owe none; changes that no notice tells.",
    ),
    question="Which notices do we owe, and were they in time?",
    needs=("notice_contracts",),
    main=("details_due", "termination_due", "payment_notice_due"),
    columns=(
        Column("due", "Last day"),
        Column("duty", "Notice"),
        Column("name", "Contract or period"),
        Column("state", "State"),
        Column("done_day", "Published", on_paper=False),
        Column("days_late", "Days late", "count", missing="", on_paper=False),
        Column("rule", "Rule", on_paper=False),
        Column("notice", "Number of the notice", csv_only=True),
        Column("due_day", "Due by", csv_only=True),
        Column("why", "What is not known", on_paper=False),
    ),
)  # fmt: skip
def duty_calendar(data: PackData) -> Result:
    """Every notice owed within twelve months before and after the report's day.

    One row per notice, by state and then by the day on which it is due: `due_day` (and `due`, the same in words), `duty`, `name` (of the contract, or
    the period), `notice`, `state` ("done", "late", "missing", "to come", "not known"), `done_day`, `days_late`, `rule` (the
    section, and how days count), `why`. A notice after its day is late; one that is not at hand is missing only where the
    notices at hand reach beyond its day. Source: reference/duties.csv.
    """
    found = owed(data)
    if not found:
        raise Undefined("no notice of the council's that is at hand is about a contract")
    lines = _relation(data, found)
    past = lines.where(f"state <> '{TO_COME}' AND due_day <= DATE '{data.report_day}'")
    no_log = None if data.has("activity") else "no log of activity was supplied"
    changes = past.where("duty = 'UK10'")
    answers = ask(
        data,
        *(question for name in _OF for question in _asked(data, name, past, no_log)),
        _count("details_missing", past.where("duty = 'UK7'"), IS_MISSING).unless(_no_notice(data)),
        share("change_before_share", changes, IS_IN_TIME, by=None, per=NOTICE).if_empty(
            "no notice of a change to a contract is at hand"
        ),
    )
    return Result.of(answers, _table(found))


def _asked(data: PackData, name: str, past: Relation, no_log: str | None) -> tuple[Question | Unanswerable, ...]:
    lines = past.where(f"duty = '{_OF[name]}'")
    if name == "payment_notice":
        lines, reason, late_reason = lines.with_sources("activity"), None, no_log
    else:
        reason = late_reason = _no_notice(data)
    return (
        _count(f"{name}_due", lines, IS_OWED).unless(reason),
        _count(f"{name}_late", lines, IS_LATE).unless(late_reason),
    )


def _no_notice(data: PackData) -> str | None:
    own = data.rows(
        f"SELECT count(*) AS n FROM notice_contracts WHERE is_own AND notice_date <= DATE '{data.report_day}'"
    )[0]["n"]
    return None if own else f"no notice of a contract of the council's by {long_date(data.report_day)} is at hand"


def _count(name: str, lines: Relation, fact: Fact) -> Question:
    """How many notices; where none is owed at all, that is nought and not unknown."""
    return count(name, lines, fact, per=NOTICE, is_whole=True)


def _relation(data: PackData, found: tuple[Owed, ...]) -> Relation:
    rows = [
        {
            **one.place,
            "duty": one.rule.duty, "name": one.name, "duty_key": one.key, "state": one.state, "due_day": one.due_day,
            "is_owed": one.is_owed, "is_late": one.is_late, "is_missing": one.is_missing,
            "is_in_time": None if one.state == NOT_KNOWN else one.state == DONE,
        }
        for one in found
    ]  # fmt: skip
    return data.add_rows("duties_owed", _COLUMNS, rows, ("notice_contracts",))


def _table(found: tuple[Owed, ...]) -> pd.DataFrame:
    rows = [
        {
            "due_day": one.due_day, "due": short_date(one.due_day) or None, "duty": NAMES.get(one.rule.duty, one.rule.duty), "name": one.name, "notice": one.place.get("notice_id"),
            "state": one.state, "done_day": short_date(one.done_day) or None,
            "days_late": one.days_late,
            "rule": f"{one.rule.section}: {one.rule.term}", "why": one.why or None,
        }
        for one in found
    ]  # fmt: skip
    table = pd.DataFrame(rows)
    order = table.assign(group=table["state"].map(_ORDER), day=table["due_day"].fillna(date.max))
    order = order.sort_values(["group", "day", "duty", "name"], kind="stable")
    return table.loc[order.index].reset_index(drop=True)


def _sentence(due: Finding, late: Finding, what: str, day: str, more: str = "") -> str:
    """How many of one kind were due and how many late; where none was due, that."""
    if due.high == 0:
        return f"No {what} were due in the twelve months to {day}."
    of = f"Of the {what} due in the twelve months to {day} ({due}{range_text(due)})"
    return or_why(
        late, f"{of}, {late} came late or not at all{range_text(late)}{more}.", f"How many {what} were late"
    )


@duty_calendar.shown
def exhibit(m: Measured) -> Shown:
    details, late, missing, changes = (
        m["details_due"],
        m["details_late"],
        m["details_missing"],
        m["change_before_share"],
    )
    day = long_date(m.data.report_day)
    found = f", and {missing} cannot be found{range_text(missing)}" if missing.value is not None else ""
    title = f"{late} of {counted(details, 'contract details notice', 'contract details notices')} late or not published"
    is_known = bool(details.value) and late.value is not None
    return Shown(
        title=title if is_known else "The notices that we owe",
        subtitle=f"Notices owed, done and to come, at {day}. {m.data.settings.council.name}",
        says=(
            _sentence(details, late, "notices of the details of a contract", day, found),
            _sentence(m["termination_due"], m["termination_late"], "notices that a contract ended", day),
            _sentence(m["performance_due"], m["performance_late"], "notices on how a contract performs", day),
            _sentence(m["payment_notice_due"], m["payment_notice_late"], "half-yearly notices on payments", day),
            or_why(
                changes, f"{changes} of notices of a change to a contract came before the change was made.",
                "How many notices of a change came before it",
            ),
            "A notice that was not fetched looks as if it were missing, and each date is for legal confirmation. What is published without a "
            "notice is done as the log of activity says: what it does not have may have been published.",
        ),
        caption="Notices owed: what is missing, to come, not known, late and done, each by its last day",
        most_rows=25,
        paper=Paper.FIRST_ROWS,
    )  # fmt: skip
