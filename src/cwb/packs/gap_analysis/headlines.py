"""What pack 02 may tell on the first page."""

from __future__ import annotations

from cwb.packs.headline import Headline

HEADLINES = (
    Headline(
        finding="lines_served_share",
        exhibit="grades",
        subject="How much of what we plan to buy could be bought locally",
        says="{lines_served_share} of our {demand_count} planned purchases have enough local firms to bid.",
        moved="more/less of what we plan to buy could be bought locally",
        stake="realistic_shift",
    ),
)
