"""What pack 03 may tell on the first page."""

from __future__ import annotations

from cwb.packs.headline import Headline

HEADLINES = (
    Headline(
        finding="se_spend_share",
        exhibit="bought",
        subject="How much goes to social enterprises",
        says="{se_spend_share} of spend goes to social enterprises.",
        moved="social enterprises have a larger/smaller share",
    ),
)
