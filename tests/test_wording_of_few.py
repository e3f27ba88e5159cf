"""Titles and tables of few things: one is not many, and what stands in a table is all that its sentence counts."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd
import pytest

from cwb.packs.annex.revisions import _agrees
from cwb.packs.exhibits import with_rest


@pytest.mark.parametrize(
    ("rows", "labels"),
    [
        (2, ["a", "b"]),
        (3, ["a", "b", "c"]),
        # One other stands as it is: "All 1 other categories" would be said of it.
        (4, ["a", "b", "c", "d"]),
        (5, ["a", "b", "c", "All 2 other categories"]),
    ],
)
def test_the_rest_of_a_table_is_two_or_more(rows: int, labels: list[str]) -> None:
    table = pd.DataFrame({"category": list("abcde")[:rows], "pounds": [1.0] * rows})
    found = with_rest(table, 3, "category", "categories")
    assert found["category"].tolist() == labels
    assert found["pounds"].sum() == rows


@pytest.mark.parametrize(
    ("value", "published", "step", "agrees"),
    [
        (0.124, 0.12, 0.01, True),
        (0.126, 0.12, 0.01, False),
        # Just between two steps some round up and some to the even one: either was right.
        (0.125, 0.13, 0.01, True),
        (0.125, 0.12, 0.01, True),
        (2_500_000.0, 3_000_000.0, 1_000_000.0, True),
        (2_499_999.99, 3_000_000.0, 1_000_000.0, False),
        (float(Decimal("0.1249")), 0.13, 0.01, False),
    ],
)
def test_a_published_figure_is_the_value_rounded_either_way(
    value: float, published: float, step: float, agrees: bool
) -> None:
    assert _agrees(value, published, step) is agrees
