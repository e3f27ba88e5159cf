"""The queue of reviews: every row of the contracts register in exactly one state on the last day of the period.

The states are asked in this order, and the first that holds is the row's: decided in time (on or before the last day of the
window), decided late, not due yet (not begun), end not known, ended, term too short (begun after the window had closed), not due yet
(its window has not opened), in its window, window closed. The current expiry drives the window. A decision or a review dated later than the period does not count yet.
"""

from __future__ import annotations

from datetime import date

from cwb.evidence.data import PackData
from cwb.packs.questions import Fact, Relation, Thing

DECIDED, LATE, NO_END, ENDED, SHORT, NOT_DUE, IN_WINDOW, CLOSED = (
    "Decided in time", "Decided late", "End not known", "Ended", "Term too short to review", "Not due yet", "In the window",
    "Window closed, no decision on record",
)  # fmt: skip
STATES = (DECIDED, LATE, NO_END, ENDED, SHORT, NOT_DUE, IN_WINDOW, CLOSED)
# Every row is a thing of its own: a contract that the register lists in several rows is each of them.
ROW = Thing("", "title", "contracts")
ENDS_KNOWN = (
    "the ends of contracts are known",
    "The current end of each contract in the register would settle it.",
)
NO_REVIEWS = "insourcing_lines"


def queue(data: PackData) -> Relation:
    """All rows of the register with their `state`, and whether the contract has not ended (`is_live`)."""
    today = f"DATE '{data.period.end}'"
    source = f"""(SELECT *, CASE WHEN decided_date <= {today} AND decided_date <= closes_date THEN '{DECIDED}'
            WHEN decided_date <= {today} AND decided_date > closes_date THEN '{LATE}'
            WHEN start_date > {today} THEN '{NOT_DUE}' WHEN expiry_date IS NULL THEN '{NO_END}' WHEN expiry_date < {today} THEN '{ENDED}'
            WHEN start_date > closes_date THEN '{SHORT}' WHEN {today} < opens_date THEN '{NOT_DUE}'
            WHEN {today} <= closes_date THEN '{IN_WINDOW}' ELSE '{CLOSED}' END AS state,
            CASE WHEN expiry_date < {today} THEN FALSE ELSE TRUE END AS is_live
        FROM review_lines)"""
    return Relation(source, ("review_lines",))


def no_decisions(data: PackData, state: str) -> str | None:
    """Why it is not known which contracts in a state are still to be decided; None where none is in it, or where the council keeps a
    register of reviews and decisions."""
    return data.why_not(NO_REVIEWS) if data.count(live(data).where(f"state = '{state}'")) else None


def live(data: PackData) -> Relation:
    """The rows whose contracts have not ended, those without a known end among them."""
    return queue(data).where("is_live")


def in_state(state: str, also: str = "TRUE") -> Fact:
    """Whether a row is in a state; not known where the contract's end is not."""
    return Fact(f"CASE WHEN state = '{NO_END}' THEN NULL ELSE state = '{state}' AND {also} END", *ENDS_KNOWN)


def may_have_begun(first_day: str, day: date) -> str:
    """SQL: when a service came in-house is not stated, and it was decided by a day, or nobody knows when."""
    return f"({first_day} IS NULL AND (decided_date IS NULL OR decided_date <= DATE '{day}'))"
