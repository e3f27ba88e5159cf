"""What pack 08 may tell on the first page."""

from __future__ import annotations

from cwb.packs.exhibits import counted
from cwb.packs.headline import Headline
from cwb.packs.track import Direction

HEADLINES = (
    Headline(
        finding="off_register_count",
        exhibit="off_register",
        subject="How many suppliers we pay without a contract on our register",
        says=lambda _, find: (
            f"We paid {counted(find('off_register_count'), 'supplier', 'suppliers')} more than the limit without a contract on our "
            f"register."
        ),
        better=Direction.DOWN,
        grew="more suppliers are paid without a contract on our register",
        fell="fewer suppliers are paid without a contract on our register",
        stake="off_register_spend",
        is_yearly=True,
    ),
)
