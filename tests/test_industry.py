"""From what was bought to the industries that could supply it: the codes of a tenth of a purchase or more."""

from __future__ import annotations

from decimal import Decimal
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pandas as pd
import pytest

from cwb.packs.market.industry import Bought, need_of
from cwb.sources.crosswalk import Crosswalk

if TYPE_CHECKING:
    from cwb.evidence.data import PackData

CORRECTIONS = pd.DataFrame(
    {
        "cpv_prefix": [None, None, None],
        "category": ["Doors", "Floors", "Roofs"],
        "sic_codes": ["4332", "4333", "4391 4333"],
        "confidence": ["certain"] * 3,
    }
)


@pytest.mark.parametrize(
    ("pounds", "codes"),
    [
        # Just a tenth is enough, and a penny less is not.
        ({"Doors": "90.00", "Floors": "10.00"}, ("4332", "4333")),
        ({"Doors": "90.01", "Floors": "9.99"}, ("4332",)),
        # An industry of two combinations stands once, where it comes first.
        ({"Floors": "50.00", "Roofs": "50.00"}, ("4333", "4391")),
        # Credits lessen the whole: £8 are more than a tenth of £75.
        ({"Doors": "90.00", "Floors": "-23.00", "Roofs": "8.00"}, ("4332", "4391", "4333")),
        # Of nothing, or of less, nothing is a part.
        ({"Doors": "10.00", "Floors": "-10.00"}, ()),
        ({"Doors": "-20.00", "Floors": "10.00"}, ()),
        ({"Windows": "10.00"}, ()),
        ({}, ()),
    ],
)
def test_what_is_a_tenth_of_a_purchase_gives_its_industries(
    pounds: dict[str, str], codes: tuple[str, ...]
) -> None:
    data = cast("PackData", SimpleNamespace(cached=lambda _name, _make: Crosswalk(CORRECTIONS)))
    found = need_of(data, [Bought(None, None, name, Decimal(amount)) for name, amount in pounds.items()])
    assert found.sic_codes == codes
    assert found.is_mapped == bool(codes)
