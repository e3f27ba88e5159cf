"""What the notices of pack 08 may tell on the first page."""

from __future__ import annotations

from cwb.evidence.data import PackData
from cwb.packs.exhibits import counted
from cwb.packs.headline import Find, Headline
from cwb.packs.track import Direction


def _late(_: PackData, find: Find) -> str:
    late, due = find("details_late"), find("details_due")
    if not due.is_stated:
        return f"{counted(late, 'notice', 'notices')} of the details of a contract came late or not at all."
    return f"Of {counted(due, 'notice', 'notices')} of the details of a contract, {late} came late or not at all."


NOTICE_HEADLINES = (
    Headline(
        finding="details_late",
        exhibit="duty_calendar",
        subject="Whether we publish the details of contracts in time",
        says=_late,
        better=Direction.DOWN,
        grew="more notices of contracts come late",
        fell="fewer notices of contracts come late",
    ),
)
