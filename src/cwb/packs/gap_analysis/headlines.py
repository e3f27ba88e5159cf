"""What pack 02 may tell on the first page."""

from __future__ import annotations

from cwb.packs.headline import Headline

HEADLINES = (
    Headline(
        finding="lines_served_share",
        exhibit="grades",
        subject="How much of what we plan to buy could be bought locally",
        says=lambda _, find: (
            f"{find('lines_served_share')} of our {find('demand_count')} planned purchases have enough local firms to bid."
        ),
        grew="more of what we plan to buy could be bought locally",
        fell="less of what we plan to buy could be bought locally",
        stake="realistic_shift",
    ),
)
