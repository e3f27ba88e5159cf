"""How old the council's own modern slavery statement is, and when the next one is due."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pandas as pd

from cwb.base.days import months_after
from cwb.council.periods import long_date
from cwb.packs.exhibits import or_why
from cwb.packs.measure import Column, Definition, Measured, PackData, Paper, Result, Shown, Undefined, ask, measure
from cwb.packs.questions import ONE, Bounded, derived
from cwb.packs.social_value.log import ENTRY, logged, pledges_on

REPORTING = "C10"
_DAY = (("approved_date", "activity_date"),)


@measure(
    Definition(
        "statement_age_days", "Age of the modern slavery statement", "days", "derived",
        "Days from the day on which the council's latest modern slavery statement was approved, by the log, to the last day of "
        "the period.",
    ),
    Definition(
        "statement_due", "Days until the next modern slavery statement is due", "days", "derived",
        "Days from the last day of the period to the day twelve months after the latest statement was approved; below zero where "
        "that day is past.",
    ),
    question="Is the council's modern slavery statement up to date?",
    needs=("activity",),
    main=("statement_age_days",),
    columns=(Column("title", "Statement"), Column("approved", "Approved on"), Column("due", "Next one due on")),
)  # fmt: skip
def statement(data: PackData) -> Result:
    """The council's own statements up to the end of the period, newest first.

    One row per entry of the log: `title`, `approved` and `due` (days in words). Undefined where the log has no entry of the kind
    statement: that none is logged does not say that there is none.
    """
    own = logged(data).where(f"pledge = '{REPORTING}'")
    sql = f"SELECT title, activity_date FROM {own.source} WHERE {own.condition} ORDER BY activity_date DESC, source_file DESC, source_sheet DESC, source_row DESC"
    found = data.rows(sql)
    if not found:
        raise Undefined(f"no modern slavery statement is in the log up to {long_date(data.period.end)}")
    last, months = data.period.end, pledges_on(data.period.end)[REPORTING].months
    rule = f"The value is the days from the newest approved_date of the rows to {last}; low and high are the same."
    due_rule = f"The value is the days from {last} to the day {months} months after the newest approved_date of the rows; low and high are the same."
    answers = ask(
        data,
        derived("statement_age_days", own, rule, _days(lambda day: (last - day).days), by=None, per=ENTRY, columns=_DAY),
        derived(
            "statement_due", own, due_rule, _days(lambda day: (months_after(day, months) - last).days), by=None, per=ENTRY,
            columns=_DAY,
        ),
    )  # fmt: skip
    rows = [
        [row["title"], long_date(row["activity_date"]), long_date(months_after(row["activity_date"], months))]
        for row in found
    ]
    return Result.of(answers, rows, sql)


def _days(of: Callable[[date], int]) -> Callable[[pd.DataFrame], Bounded]:
    """What is computed of the newest day of the rows."""

    def compute(rows: pd.DataFrame) -> Bounded:
        days = Decimal(of(pd.Timestamp(max(rows["approved_date"])).date()))
        return Bounded(days, days, days, ONE)

    return compute


@statement.shown
def exhibit(m: Measured) -> Shown:
    age, due = m["statement_age_days"], m["statement_due"]
    newest = m.table.iloc[0]
    is_late = (due.value or 0) < 0
    title = f"The next modern slavery statement is {f'{due:magnitude} late' if is_late else f'due in {due}'}"
    was = "was" if is_late else "is"
    return Shown(
        title=title,
        subtitle=f"The council's own statements, from its log. {m.where}",
        says=(
            or_why(
                due,
                f"The latest statement was approved on {newest['approved']}, {age} before the end of the period. The next one "
                f"{was} due on {newest['due']}.",
                "When the next one is due",
            ),
            "The charter promises one every year. Whether the law asks it of a council is for legal confirmation.",
        ),
        caption="Modern slavery statements of the council",
        paper=Paper.SENTENCES,
    )
