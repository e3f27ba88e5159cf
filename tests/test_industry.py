"""From what was bought to the industries that could supply it: the codes of a tenth of a purchase or more."""

from __future__ import annotations

from decimal import Decimal

import pyarrow as pa
import pytest

from cwb.council.periods import Period
from cwb.evidence.data import PackData
from cwb.packs.market.industry import Bought, need_of
from cwb.sources.store import Lineage
from small_engine import empty_council

# The council's own table: category and the industries that supply it.
CORRECTIONS = {"Doors": "4332", "Floors": "4333", "Roofs": "4391 4333"}


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> PackData:
    settings, engine = empty_council(tmp_path_factory.mktemp("industry"))
    rows = [
        {"cpv_prefix": None, "category": category, "sic_codes": codes, "confidence": "high", "source_file": "c.csv", "source_sheet": None, "source_row": row}
        for row, (category, codes) in enumerate(CORRECTIONS.items(), start=2)
    ]  # fmt: skip
    schema = pa.schema([(name, pa.int64() if name == "source_row" else pa.string()) for name in rows[0]])
    engine.add_table("crosswalk", pa.Table.from_pylist(rows, schema=schema))
    return PackData(settings, Period(2023), "gap_analysis", Lineage("", (), {}), engine)


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
    data: PackData, pounds: dict[str, str], codes: tuple[str, ...]
) -> None:
    found = need_of(data, [Bought(None, None, name, Decimal(amount)) for name, amount in pounds.items()])
    assert found.sic_codes == codes
    assert found.is_mapped == bool(codes)


def test_what_is_a_tenth_of_a_purchase_gives_what_it_is_bought_as(data: PackData) -> None:
    """Who has supplied vans could supply a purchase that is mostly vans, whatever industry it is in; 9.99 of 100 is no tenth."""
    vans, doors, rest = (("34100000", "90.00"), (None, "10.00"), ("45261000", "9.99"))
    bought = [
        Bought(code, None, name, Decimal(pounds)) for (code, pounds), name in ((vans, None), (doors, "Doors"))
    ]
    assert need_of(data, bought).also_bought == ("341", "doors")
    less = [Bought("34100000", None, None, Decimal("90.01")), Bought(rest[0], None, None, Decimal(rest[1]))]
    assert need_of(data, less).also_bought == ("341",)
