"""What pack 04 may tell on the first page."""

from __future__ import annotations

from datetime import date

from cwb.charts.wording import sentence_case
from cwb.evidence.data import PackData
from cwb.packs.anchor_collaboration.option_groups import options_of
from cwb.packs.exhibits import counted
from cwb.packs.headline import Find, Headline
from cwb.packs.questions import number


def _together(data: PackData, find: Find) -> str:
    many = find("option_count")
    if not many.value:
        return "No group of the contracts that we know of can still be bought together with another public body."
    groups = counted(many, "group of contracts", "groups of contracts")
    options = [option for option in options_of(data) if option.is_open]
    ours = sum(data.settings.council.name in option.group.bodies for option in options)
    if ours == len(options):
        return f"We could still buy {groups} with other public bodies."
    with_us = f"{number(ours, 'count')} with us" if ours else "none with us"
    return sentence_case(f"{groups} could be bought together, {with_us}.")


def _stays_local(data: PackData, find: Find) -> str:
    paid, least = find("anchor_local_share"), find("anchor_threshold")
    of = f"payments of {least} or more" if least.value else "the payments"
    return f"{paid} of {of} by {find('anchor_body_count')} bodies stays local."


def _first_start(data: PackData) -> date | None:
    """The day by which the first of the open options must be begun."""
    return min((option.start_by for option in options_of(data) if option.is_open), default=None)


HEADLINES = (
    Headline(
        finding="anchor_local_share",
        exhibit="bodies",
        subject="How much of what we and our partner bodies spend stays local",
        says=_stays_local,
        moved="we and our partner bodies spend more/less of our money locally",
        # Of a council alone pack 01 says the same.
        applies_to=lambda data: bool(data.settings.anchors),
    ),
    Headline(
        finding="option_count",
        exhibit="options",
        subject="What we could buy together with other public bodies",
        says=_together,
        stake="option_annual_value",
        is_yearly=True,
        day=_first_start,
    ),
)
