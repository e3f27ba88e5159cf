"""What pack 09 may tell on the first page."""

from __future__ import annotations

from cwb.packs.headline import Headline
from cwb.packs.track import Direction

HEADLINES = (
    Headline(
        finding="tracker_behind",
        exhibit="behind",
        subject="How many of the strategy's promises are behind",
        says="{tracker_behind} of the strategy's {tracker_items} promises are behind.",
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
