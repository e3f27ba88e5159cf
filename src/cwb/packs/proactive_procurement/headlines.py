"""What pack 08 may tell on the first page."""

from __future__ import annotations

from cwb.evidence.data import PackData
from cwb.packs.exhibits import counted
from cwb.packs.headline import Find, Headline
from cwb.packs.track import Direction


def _off_register(_: PackData, find: Find) -> str:
    suppliers = counted(find("off_register_count"), "supplier", "suppliers")
    return f"We paid {suppliers} more than the limit without a contract on our register."


def _late(_: PackData, find: Find) -> str:
    late, due = find("details_late"), find("details_due")
    if not due.is_stated:
        return f"{counted(late, 'notice', 'notices')} of the details of a contract came late or not at all."
    return f"Of {counted(due, 'notice', 'notices')} of the details of a contract, {late} came late or not at all."


HEADLINES = (
    Headline(
        finding="off_register_count",
        exhibit="off_register",
        subject="How many suppliers we pay without a contract on our register",
        says=_off_register,
        better=Direction.DOWN,
        moved="more/fewer suppliers are paid without a contract on our register",
        stake="off_register_spend",
        is_yearly=True,
    ),
    Headline(
        finding="details_late",
        exhibit="duty_calendar",
        subject="Whether we publish the details of contracts in time",
        says=_late,
        better=Direction.DOWN,
        moved="more/fewer notices of contracts come late",
    ),
    Headline(
        finding="paid_30_share",
        exhibit="days_to_pay",
        subject="How many invoices we pay by day 30",
        says="We paid {paid_30_share} of invoices by day 30.",
        moved="we pay more/fewer invoices in time",
    ),
)
