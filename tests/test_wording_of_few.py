"""Titles and tables of few things: one is not many, and what stands in a table is all that its sentence counts."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

from cwb.charts.bars import draw_stack
from cwb.charts.charts import Stack
from cwb.council.periods import Period
from cwb.evidence.data import open_data
from cwb.packs.account import coverage
from cwb.packs.annex.revisions import _agrees
from cwb.packs.exhibits import with_rest
from cwb.publish.report import _runs


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


@pytest.mark.parametrize(
    ("quarters", "runs"),
    [
        (["2023-24-Q1"], ["2023-24-Q1"]),
        (["2023-24-Q3", "2023-24-Q4", "2024-25-Q1"], ["2023-24-Q3 to 2024-25-Q1"]),
        # A quarter without a payment is in no run.
        (["2023-24-Q1", "2023-24-Q2", "2023-24-Q4"], ["2023-24-Q1 to 2023-24-Q2", "2023-24-Q4"]),
    ],
)
def test_quarters_that_are_held_are_told_by_their_runs(quarters: list[str], runs: list[str]) -> None:
    assert list(_runs([Period.parse(quarter) for quarter in quarters])) == runs


def test_a_part_of_a_bar_bears_the_sign_of_its_name() -> None:
    pieces = (("▲ on track", 0.6, "9"), ("▼ behind", 0.39, "4"), ("◆ no data", 0.01, "1"))
    drawn = draw_stack(Stack((("All", pieces),)))
    # Within the bar the sign and the number; of a part too narrow for it below the bar the name, which has the sign.
    assert re.findall(r">([^<>]+)</text>", drawn) == ["▲ 9", "▼ 4", "◆ no data 1"]
    plain = draw_stack(Stack((("All", (("Local", 1.0, "9"),)),)))
    assert re.findall(r">([^<>]+)</text>", plain) == ["9"]


@pytest.mark.parametrize(
    ("amounts", "value", "caveat"),
    [
        (["10.00", "see note"], None, None),
        (["10.00", "see note", "TBC"], None, None),
        # One row left out has an amount, and no day.
        (
            ["10.00", "see note", "5.00!"],
            5.0,
            "1 row left out states no amount that can be read, and no sum has its pounds.",
        ),
        (["10.00"], 0.0, None),
    ],
)
def test_pounds_that_cannot_be_read_are_not_nought(
    amounts: list[str], value: float | None, caveat: str | None, council: Callable[..., Path], tmp_path: Path
) -> None:
    lines = [
        f"Elm Ltd,{'soon' if amount.endswith('!') else '01/05/2025'},{amount.rstrip('!')}" for amount in amounts
    ]
    path = tmp_path / "spend.csv"
    path.write_text("\n".join(["Supplier Name,Payment Date,Net Amount", *lines, ""]), encoding="utf-8")
    data = open_data("local_supplier_base", "2025-26", str(council("hertfordshire", spend=[path]) / "cwb.toml"))
    found = coverage(data)["pounds_refused"]
    assert found.value == value
    assert found.caveats == (() if caveat is None or value is None else (caveat,))
    said = " ".join(coverage(data).figure().says)
    assert ("£0 left out" in said) is (value == 0.0)
    # The pounds read are without those of such rows too, and the file's own cell is no nought.
    is_unread = any("note" in amount or amount == "TBC" for amount in amounts)
    assert bool(coverage(data)["pounds_in"].caveats) is is_unread
    cell = coverage(data).table["gbp_refused"].iloc[0]
    assert (None if pd.isna(cell) else float(cell)) == value
