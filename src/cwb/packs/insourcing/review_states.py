"""In which state of review every contract of the register is: also those that are too late, or never could be in time."""

from __future__ import annotations

from cwb.council.periods import long_date
from cwb.packs.exhibits import bars, counted, or_why, plural, range_text
from cwb.packs.insourcing.queue import (
    CLOSED,
    DECIDED,
    ENDED,
    LATE,
    NO_END,
    NO_REVIEWS,
    ROW,
    SHORT,
    STATES,
    in_state,
    live,
    no_decisions,
    queue,
)
from cwb.packs.measure import Column, Definition, Measured, PackData, Result, Shown, ask, measure
from cwb.packs.questions import always, as_float, count, number

_GROUPS = {"Missed, or not possible": 2, "In time, or still to come": 0, "Ended": 1}
_MISSED = (CLOSED, LATE, NO_END, SHORT)


@measure(
    Definition(
        "review_closed", "Windows closed without a decision", "count", "count",
        "Rows of the contracts register that have not ended, whose window for review closed by the period's last day and of "
        "which no decision is on record. High: those whose end is not known are so too.",
        excluded="Contracts that began after their window had closed.",
    ),
    Definition(
        "review_short_term", "Terms too short to review", "count", "count",
        "Rows of the register that have begun and not ended, of contracts that began after their window had closed: they can only be "
        "reviewed when they are awarded. High: those whose end is not known are so too.",
        version=2,
    ),
    Definition(
        "review_end_unknown", "Contracts whose end is not known", "count", "count",
        "Rows of the register that have begun, without a current end that can be read.",
        version=2,
    ),
    question="Which contracts were reviewed in time, and which were missed?",
    needs=("review_lines",),
    main=("review_closed", "review_end_unknown"),
    columns=(
        Column("state", "State"),
        Column("contracts", "Contracts", "count"),
        Column("small", "Of these small", "count"),
        Column("once", "Of these goods or works bought once", "count"),
        Column("frameworks", "Of these known as frameworks", "count"),
        Column("annual_gbp", "Value of a year, as far as known (£)", "gbp"),
    ),
)  # fmt: skip
def review_states(data: PackData) -> Result:
    """Every row of the contracts register in exactly one state.

    One row per state, in the order in which they are asked (of what was decided only with a register of decisions): `state`, `contracts`,
    `small` (below the council's limit a year), `once` (goods or works bought once), `frameworks` (by type or title), `annual_gbp` (of those
    that state a value or a term; None where none does). Small and one-off contracts are counted in their state and shown apart. A framework
    that has ended may still have orders under it.
    """
    rows = live(data)
    answers = ask(
        data,
        count("review_closed", rows, in_state(CLOSED), per=ROW, is_whole=True).unless(no_decisions(data, CLOSED)),
        count("review_short_term", rows, in_state(SHORT), per=ROW, is_whole=True),
        count("review_end_unknown", rows, always(f"state = '{NO_END}'"), per=ROW, is_whole=True),
    )
    every = queue(data)
    sql = f"""SELECT state, count(*) AS contracts, count(CASE WHEN apart = 'small' THEN 1 END) AS small,
        count(CASE WHEN apart = 'bought once' THEN 1 END) AS once, count(CASE WHEN is_framework THEN 1 END) AS frameworks,
        sum(annual_gbp) AS pounds FROM {every.source} GROUP BY state ORDER BY state"""
    found = {row["state"]: row for row in data.rows(sql)}
    # What was decided of a contract only the register of decisions says.
    unknown = (DECIDED, LATE) if data.why_not(NO_REVIEWS) else ()
    table = [
        [state, *(found[state][name] if state in found else 0 for name in ("contracts", "small", "once", "frameworks")),
         as_float(found[state]["pounds"]) if state in found else 0.0]
        for state in STATES
        if state not in unknown
    ]  # fmt: skip
    return Result.of(answers, table, sql)


@review_states.shown
def exhibit(m: Measured) -> Shown:
    closed, short, unknown = (m[name] for name in ("review_closed", "review_short_term", "review_end_unknown"))
    drawn = m.table[m.table["contracts"] > 0]
    groups = [
        "Ended" if state == ENDED else next(iter(_GROUPS)) if state in _MISSED else list(_GROUPS)[1]
        for state in drawn["state"]
    ]
    ended = int(m.table.loc[m.table["state"] == ENDED, "frameworks"].sum())
    frameworks = f" Known frameworks among those that have ended: {ended}; orders under them may still run."
    months = m.data.settings.reviews
    without = f"Closed without a decision: {closed}{range_text(closed)}."
    title = f"{counted(closed, 'window for review has', 'windows for review have')} closed without a decision on record"
    if closed.value is None:
        listed = plural(
            number(float(m.table.loc[m.table["state"] == CLOSED, "contracts"].sum()), "count"), "window"
        )
        title = f"{listed} for review closed by that day; what was decided is not known"
    return Shown(
        title=title,
        subtitle=f"Rows of the contracts register by state on {long_date(m.data.period.end)}. {m.where}",
        chart=bars(drawn["state"], drawn["contracts"], "count", groups=groups, places=_GROUPS),
        says=(
            f"A window opens {months.opens_months} and closes {months.closes_months} months before the current end. "
            f"{or_why(closed, without, 'How many closed without a decision')} Too short a term to be reviewed in time: {short}{range_text(short)}; these can only "
            f"be reviewed at award. End not known: {unknown}.{frameworks if ended else ''}",
        ),
        caption="Contracts by their state of review",
    )
