"""What pack 07 may tell on the first page."""

from __future__ import annotations

from datetime import date

from cwb.base.days import months_after
from cwb.evidence.data import PackData
from cwb.evidence.finding import Finding
from cwb.packs.exhibits import counted
from cwb.packs.headline import Find, Headline
from cwb.packs.insourcing.queue import IN_WINDOW
from cwb.packs.insourcing.review_windows import review_windows
from cwb.packs.track import Direction


def _closed(_: PackData, find: Find) -> str:
    closed = find("review_closed")
    if not closed.value:
        return "No contract has passed its window for review without a decision."
    passed = counted(closed, "contract has", "contracts have")
    return f"{passed} passed the window for review without a decision on record."


def _due(_: PackData, find: Find) -> str:
    due, now = find("review_due_soon"), find("review_in_window")
    return f"{counted(now, 'contract is', 'contracts are')} open for review. {counted(due, 'is', 'are')} due soon."


def _costs(net: Finding) -> str:
    """All costs of the change; where services state none, those that are stated."""
    return "the stated costs of the change" if net.caveats else "all costs of the change"


def _saved(_: PackData, find: Find) -> str:
    net = find("insource_saving_net")
    if net.value is not None and net.value < 0:
        return f"Services that came in-house have so far cost {net:magnitude} more than they saved, after {_costs(net)}."
    return f"Services that came in-house have saved {net} after {_costs(net)}."


def _first_close(data: PackData) -> date | None:
    """The day by which the first of the reviews must be decided that a committee can still reach: its papers take a month."""
    table = review_windows(data).table
    if not len(table):
        return None
    first = months_after(data.report_day, 1)
    return min((day for day in table.loc[table["state"] == IN_WINDOW, "closes_day"] if day >= first), default=None)


HEADLINES = (
    Headline(
        finding="review_closed",
        exhibit="review_states",
        subject="How many contracts passed their window for review without a decision",
        says=_closed,
        better=Direction.DOWN,
    ),
    Headline(
        finding="review_due_soon",
        exhibit="review_windows",
        subject="Which contracts must be reviewed soon",
        says=_due,
        stake="review_value_in_window",
        is_yearly=True,
        day=_first_close,
    ),
    Headline(
        finding="insource_saving_net",
        exhibit="savings",
        subject="What services that came in-house have saved",
        says=_saved,
    ),
)
