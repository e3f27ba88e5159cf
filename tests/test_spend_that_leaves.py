"""What leaves the local area, category by category, from a few payments: the typical purchase, and what cannot move."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest

from cwb.council.periods import Period
from cwb.entities.matching.supplier_kinds import COUNCIL, ORGANISATION
from cwb.evidence.data import PackData
from cwb.evidence.relation import Relation
from cwb.packs.gap_analysis.shifts import _by_category
from cwb.packs.local_supplier_base.leakage import _label
from cwb.packs.market.industry import typical_purchases
from cwb.sources.store import Lineage
from small_engine import empty_council

LINES = Relation("spend_lines", ("spend_lines",))
# Supplier, pounds, whether local, what the supplier is, the last day of the contract that it is paid under.
PAYMENTS = (
    ("a", 50, False, ORGANISATION, None),
    ("b", 20, False, ORGANISATION, date(2030, 3, 31)),
    ("b", 10, False, ORGANISATION, date(2024, 3, 31)),
    ("c", 20, False, COUNCIL, None),
    ("d", 400, True, COUNCIL, None),
    ("e", 800, True, ORGANISATION, date(2030, 3, 31)),
)


@pytest.fixture
def data(tmp_path: Path) -> PackData:
    """These payments, all for one category."""
    settings, engine = empty_council(tmp_path)
    columns = {
        "supplier_key": pa.string(), "amount_gbp": pa.decimal128(18, 2), "is_local": pa.bool_(), "supplier_kind": pa.string(),
        "contract_last_day": pa.date32(),
    }  # fmt: skip
    rows = [(key, Decimal(pounds), *others) for key, pounds, *others in PAYMENTS]
    arrays = [pa.array([row[at] for row in rows], kind) for at, kind in enumerate(columns.values())]
    category = pa.array(["roofs"] * len(rows))
    engine.add_table("spend_lines", pa.table([*arrays, category], names=[*columns, "category"]))
    return PackData(settings, Period(2023), "gap_analysis", Lineage("", (), {}), engine)


def test_half_of_what_leaves_went_in_purchases_so_large_or_larger(data: PackData) -> None:
    """Of the 100 that leave a has 50, which is half: £50 and not the £30 of b. Of a quarter's payments, four times as much a year."""
    assert typical_purchases(data, LINES) == {"roofs": 50}
    quarter = PackData(data.settings, Period(2023, 1), data.pack, data.lineage, data.engine)
    assert typical_purchases(quarter, LINES) == {"roofs": 200}


def test_what_local_suppliers_are_paid_is_neither_public_nor_tied(data: PackData) -> None:
    """100 of 1,300 leave: 20 to another council, 20 of b under a contract that lasts; d is a council and e has such a contract, and
    both are local."""
    lasts = "contract_last_day IS NOT NULL AND contract_last_day > DATE '2025-03-31'"
    assert data.rows(_by_category(LINES, lasts)) == [
        {"category": "roofs", "pounds": 1300, "leaving": 100, "public": 20, "tied": 20, "open": 0}
    ]


@pytest.mark.parametrize(
    ("leaving", "local_share", "is_known", "label"),
    [
        (60.0, 0.25, True, "£60 (75.0%)"),  # three quarters of £80 of known place
        (0.0, 1.0, True, "£0 (0.0%)"),
        (0.0, float("nan"), True, "£0 (not known)"),
        (60.0, 0.25, False, "at least £60"),
        (0.0, float("nan"), False, "not known"),
    ],
)
def test_what_leaves_has_its_share_only_where_places_are_known(
    leaving: float, local_share: float, is_known: bool, label: str
) -> None:
    assert _label(leaving, local_share, is_known) == label
