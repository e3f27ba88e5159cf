"""What pack 04 may tell on the first page."""

from __future__ import annotations

from datetime import date

from cwb.evidence.data import PackData
from cwb.packs.anchor_collaboration.options import options_of
from cwb.packs.exhibits import counted
from cwb.packs.headline import Find, Headline


def _together(data: PackData, find: Find) -> str:
    many = find("option_count")
    if not many.value:
        return "No group of the contracts that we know of can still be bought together with another public body."
    groups = counted(many, "group of contracts", "groups of contracts")
    return f"We could still buy {groups} with other public bodies."


def _first_start(data: PackData) -> date | None:
    """The day by which the first of the open options must be begun."""
    return min((option.start_by for option in options_of(data) if option.is_open), default=None)


HEADLINES = (
    Headline(
        finding="anchor_local_share",
        exhibit="bodies",
        subject="How much of what we and our partner bodies spend stays local",
        says="{anchor_local_share} of what we and our partner bodies spend stays local.",
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
