"""What pack 09 may tell on the first page."""

from __future__ import annotations

from cwb.evidence.data import PackData
from cwb.packs.headline import Find, Headline
from cwb.packs.track import Direction


def _behind(_: PackData, find: Find) -> str:
    behind = find("tracker_behind")
    return f"{behind} of the strategy's {find('tracker_items')} promises {'is' if behind.value == 1 else 'are'} behind."


HEADLINES = (
    Headline(
        finding="tracker_behind",
        exhibit="behind",
        subject="How many of the strategy's promises are behind",
        says=_behind,
        better=Direction.DOWN,
        applies_to=lambda data: data.has("strategy"),
    ),
    Headline(
        finding="claims_evidenced",
        exhibit="claims",
        subject="Whether what the strategy says was done is done",
        says="Files show {claims_evidenced} of the things that the strategy says were done.",
        applies_to=lambda data: data.has("strategy"),
    ),
)
