"""Which contracts must be decided now: those in their window for review, by when, and what they are worth."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd

from cwb.council.periods import long_date, short_date
from cwb.packs.exhibits import Span, Timeline, counted, or_why, range_text, silent
from cwb.packs.insourcing.queue import (
    CLOSED,
    IN_WINDOW,
    NO_REVIEWS,
    ROW,
    in_state,
    live,
    no_decisions,
    queue,
)
from cwb.packs.measure import Column, Definition, Measured, PackData, Result, Shown, ask, measure
from cwb.packs.questions import Fact, as_float, bound_below, count, share, total

_DRAWN, _DECIDED_DRAWN = 12, 3
_ON_PAGE = 40
DECIDED_IN_TIME = Fact(
    "CASE WHEN decided_date <= closes_date THEN TRUE WHEN decided_date IS NULL AND review_begun_date <= closes_date THEN NULL "
    "ELSE FALSE END",
    "what came of reviews is known",
    "The day of each decision in the form of insourcing would settle it.",
)


@measure(
    Definition(
        "review_in_window", "Contracts in their window for review", "count", "count",
        "Rows of the contracts register that have not ended and are within their window on the period's last day, without a "
        "decision on record. High: those whose end is not known are so too.",
    ),
    Definition(
        "review_due_soon", "Reviews due soon", "count", "count",
        "Those of them whose window closes within the days that the council has set. High: those whose end is not known are so "
        "too.",
    ),
    Definition(
        "review_value_in_window", "Value of a year of contracts in their window", "gbp", "total",
        "Pounds a year, as stated or over the years of the term, of the rows in their window. High: those whose end is not known "
        "are so too. The least, where one that is or may be in its window states no value of a year and no value with a term.",
        version=2,
    ),
    Definition(
        "review_done_share", "Reviews decided in time", "share", "share",
        "Windows that closed in the period with a decision dated on or before their last day, divided by all windows that closed "
        "in it. High: those whose review began and of which no decision is dated were decided in time.",
        excluded="Contracts whose end is not known, and those that began after their window had closed.",
    ),
    question="Which contracts must be decided now, and by when?",
    needs=("review_lines",),
    columns=(
        Column("title", "Contract"),
        Column("department", "Department"),
        Column("supplier", "Supplier", on_paper=False),
        Column("state", "State"),
        Column("annual_gbp", "Value of a year (£)", "gbp"),
        Column("opens", "Opens"),
        Column("closes", "Closes"),
        Column("ends", "Current end"),
        Column("last_ends", "Last possible end"),
        Column("decided", "Decided"),
        Column("apart", "Listed apart as"),
        "opens_day", "closes_day", "ends_day", "last_ends_day", "decided_day",
    ),
)  # fmt: skip
def review_windows(data: PackData) -> Result:
    """Contracts to be decided, those whose window has closed, and those decided in the period.

    One row per contract, in the window first, then by the day on which it closes, those listed apart last: `title`, `department`, `supplier`, `state`,
    `annual_gbp`, `opens`, `closes`, `ends`, `last_ends`, `decided`, `apart`, and the days themselves as `closes_day` and so on.
    """
    rows, period, reviews = live(data), data.period, data.settings.reviews
    soon = f"DATE '{period.end + timedelta(days=reviews.due_soon_days)}'"
    closed = queue(data).where(
        f"closes_date >= DATE '{period.start}' AND closes_date <= DATE '{period.end}' AND start_date <= closes_date"
    )
    no_share = data.why_not(NO_REVIEWS)
    # Of days before anything was written down, that nothing was decided is not known.
    if no_share is None and not data.count(
        data.relation(NO_REVIEWS).where(f"coalesce(review_begun_date, decided_date) <= DATE '{period.end}'")
    ):
        no_share = f"the register of reviews and decisions has none up to {long_date(period.end)}"
    if no_share is None and not data.count(closed):
        no_share = f"no window for review closed in {period.label}"
    in_window, no_form = in_state(IN_WINDOW), no_decisions(data, IN_WINDOW)
    without = data.count(rows.where(f"({in_window.sql}) IS NOT FALSE AND annual_gbp IS NULL"))
    answers = ask(
        data,
        count("review_in_window", rows, in_window, per=ROW, is_whole=True).unless(no_form),
        count(
            "review_due_soon", rows, in_state(IN_WINDOW, f"closes_date <= {soon}"), per=ROW, is_whole=True
        ).unless(no_form),
        total(
            "review_value_in_window",
            rows,
            in_window,
            by="coalesce(annual_gbp, 0)",
            per=ROW,
            is_whole=True,
            caveats=silent(
                without,
                "contract that is or may be in its window states",
                "contracts that are or may be in their window state",
                "no value of a year",
            ),
        ).unless(no_form),
        share("review_done_share", closed, DECIDED_IN_TIME, by=None, per=ROW).unless(no_share),
    )
    if without:
        every = "The value and the term of each contract in the register would settle it."
        why = "no contract that is in its window states a value of a year"
        bound_below(answers, every, why, "review_value_in_window")
    sql = f"""SELECT title, department, display_name AS supplier, state, annual_gbp, opens_date, closes_date, expiry_date,
        last_end_date, CASE WHEN decided_date <= DATE '{period.end}' THEN decided_date END AS decided_date, coalesce(apart, '') AS apart FROM {rows.source}
        WHERE {rows.condition} AND closes_date IS NOT NULL AND (state IN ('{IN_WINDOW}', '{CLOSED}')
            OR (decided_date >= DATE '{period.start}' AND decided_date <= DATE '{period.end}'))
        ORDER BY CASE WHEN state = '{IN_WINDOW}' THEN 0 WHEN state = '{CLOSED}' THEN 1 ELSE 2 END, CASE WHEN apart IS NULL THEN 0 ELSE 1 END, closes_date, title"""
    return Result.of(answers, _table(data.rows(sql)), sql)


def _table(rows: list[dict[str, object]]) -> pd.DataFrame:
    days = {
        "opens": "opens_date", "closes": "closes_date", "ends": "expiry_date", "last_ends": "last_end_date", "decided": "decided_date",
    }  # fmt: skip
    columns = [
        "title",
        "department",
        "supplier",
        "state",
        "annual_gbp",
        *days,
        "apart",
        *(f"{name}_day" for name in days),
    ]
    shown = [
        {name: row[name] for name in ("title", "department", "supplier", "state", "apart")}
        | {"annual_gbp": as_float(row["annual_gbp"])}  # type: ignore[arg-type]
        | {name: short_date(row[day]) for name, day in days.items()}  # type: ignore[arg-type]
        | {f"{name}_day": row[day] for name, day in days.items()}
        for row in rows
    ]
    return pd.DataFrame(shown, columns=columns)


def _timeline(m: Measured) -> Timeline:
    names = ("Window for review", "Until the current end", "Until the last possible end", "Decided")
    end = m.data.period.end
    main = m.table[m.table["apart"] == ""]
    decided = main[~main["state"].isin([IN_WINDOW, CLOSED])].head(_DECIDED_DRAWN)
    drawn = pd.concat([main[main["state"] == IN_WINDOW].head(_DRAWN - len(decided)), decided])
    spans = tuple(
        Span(
            row.title, row.opens_day, row.closes_day, row.ends_day, row.last_ends_day,
            f"decided {row.decided}" if row.decided else f"closes {row.closes}", row.decided_day if row.decided else None,
        )
        for row in drawn.itertuples()
    )  # fmt: skip
    return Timeline(spans, end, names, long_date(end))


@review_windows.shown
def exhibit(m: Measured) -> Shown:
    now, soon, value, done = (
        m[name] for name in ("review_in_window", "review_due_soon", "review_value_in_window", "review_done_share")
    )
    days = m.data.settings.reviews.due_soon_days
    first = min((day for day, state in zip(m.table["closes_day"], m.table["state"], strict=True) if state == IN_WINDOW), default=None)  # fmt: skip
    next_day = f" The first window closes on {long_date(first)}." if isinstance(first, date) else ""
    decided = f"Of the windows that closed in the period {done} were decided in time{range_text(done)}."
    small = m.data.settings.reviews.small_gbp
    title = f"{counted(now, 'contract is in its window', 'contracts are in their window')}; {soon} must be decided soon"
    if now.value is None:
        listed = int((m.table["state"] == IN_WINDOW).sum())
        is_open = "window for review is" if listed == 1 else "windows for review are"
        title = f"{listed:,} {is_open} open; what was decided already is not known"
    in_window = f"In the window: {now}{range_text(now)}. " + or_why(
        value, f"Worth in a year: {value}{range_text(value)}.", "What they are worth in a year"
    )
    return Shown(
        title=title,
        subtitle=f"Windows for review by closing day; soon is within {days} days. {m.where}",
        chart=_timeline(m),
        says=(
            f"{or_why(now, in_window, 'How many contracts in their window must still be decided')}{next_day} "
            f"{or_why(done, decided, 'What part of the windows was decided in time')}",
            f"Drawn are the first to close, and the first of those decided in the period; contracts below £{small:,.0f} a year and goods or works that are bought once are in "
            "the table alone. The last possible end is later than the current one where the register states options to extend.",
        ),
        caption="Contracts to be decided, those whose window has closed, and those decided in the period",
        most_rows=_ON_PAGE,
    )
