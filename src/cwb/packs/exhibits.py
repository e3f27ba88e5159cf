"""What exhibits are drawn of: bars of a table's columns, the places of groups in the palette, shares, and tables cut short."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Literal

import pandas as pd

from cwb.charts.charts import Areas, Bar, Bars, Lines, Matrix, Pairs, Point, Ranges, Span, Stack, Timeline
from cwb.charts.tables import Column
from cwb.charts.wording import (
    POUNDS,
    SHARE,
    SUPPLIERS,
    as_reason,
    counted,
    emissions_text,
    industry,
    listed,
    not_known,
    or_why,
    part_text,
    perhaps,
    plural,
    quantity,
    range_sentence,
    range_text,
    sentence_case,
    silent,
)
from cwb.evidence.finding import number

__all__ = [
    "BY_PLACE", "PLACES", "POUNDS", "SHARE", "SUPPLIERS", "Areas", "Bar", "Bars", "Lines", "Matrix", "Pairs",
    "Point", "Ranges", "Span", "Stack", "Timeline", "as_reason", "bars", "counted", "dots", "emissions_text", "industry", "listed", "not_known", "or_why", "palette",
    "part_text", "perhaps", "plural", "pounds_and_suppliers", "quantity", "range_sentence", "range_text", "ratio", "sentence_case", "silent", "taken_out", "with_rest",
]  # fmt: skip


def palette(*groups: str) -> dict[str, int]:
    """The groups of a chart with their places in the palette, in this order."""
    return {group: place for place, group in enumerate(groups)}


PLACES = palette("Local", "Not local", "Not known")
BY_PLACE = (
    Column("local_gbp", "Local (£)", "gbp"),
    Column("leaving_gbp", "Leaves (£)", "gbp"),
    Column("unknown_gbp", "Place not known (£)", "gbp"),
    Column("local_share", "Local share where known", "share"),
)


def bars(
    labels: Iterable[str],
    values: Iterable[float],
    unit: Literal["gbp", "count", "kgco2e"],
    texts: Iterable[str] | None = None,
    groups: Iterable[str] | None = None,
    places: Mapping[str, int] | None = None,
) -> Bars:
    """One bar a label, with its value or another text at its end; of `places` those that a bar is of. What is not known has no length."""
    amounts = list(values)
    if texts is None:
        texts = ["not known" if pd.isna(amount) else number(amount, unit) for amount in amounts]
    sizes = [0.0 if pd.isna(amount) else amount for amount in amounts]
    groups = [""] * len(sizes) if groups is None else groups
    drawn = tuple(
        Bar(label, size if unit != "kgco2e" else max(size, 0.0), text, group)
        for label, size, text, group in zip(labels, sizes, texts, groups, strict=True)
    )
    present = {bar.group for bar in drawn}
    used = {group: place for group, place in (places or {"": 0}).items() if group in present}
    return Bars(drawn, used)


def pounds_and_suppliers(table: pd.DataFrame, labels: str) -> Bars:
    """Bars of pounds by a column of labels, each with how many suppliers they went to."""
    rows = zip(table["pounds_gbp"], table["suppliers"], strict=True)
    texts = [f"{number(pounds, 'gbp')}, {plural(f'{suppliers:,}', 'supplier')}" for pounds, suppliers in rows]
    return bars(table[labels], table["pounds_gbp"], "gbp", texts)


def taken_out(steps: Sequence[str], amounts: Sequence[float]) -> Bars:
    """A step chart: from all spend, the first amount, through what is taken out of it to what is left, the last."""
    left = amounts[0]
    drawn = [Bar(steps[0], left, number(left, "gbp"), "Spend")]
    for step, pounds in zip(steps[1:-1], amounts[1:-1], strict=True):
        drawn.append(Bar(step, left, number(-pounds, "gbp"), "Taken out", start=left - pounds))
        left -= pounds
    drawn.append(Bar(steps[-1], amounts[-1], number(amounts[-1], "gbp"), "Spend"))
    return Bars(tuple(drawn), {"Spend": 0, "Taken out": 3}, kind="Step chart")


def dots(labels: Iterable[str], values: Iterable[float], unit: str, texts: Iterable[str] | None = None) -> Ranges:
    """One dot a choice on a scale; the first is what is reported."""
    sizes = [float(value) for value in values]
    texts = [number(size, unit) for size in sizes] if texts is None else texts
    return Ranges(tuple((label, x, x, x, text) for label, x, text in zip(labels, sizes, texts, strict=True)), unit)


def ratio(part: Decimal | float, whole: Decimal | float) -> float | None:
    """A share as tables hold it; None where the whole is zero or negative."""
    return float(part / whole) if whole > 0 else None  # type: ignore[operator]


def with_rest(table: pd.DataFrame, most: int, name: str, what: str) -> pd.DataFrame:
    """The first rows of a table, and the others summed as one row whose column `name` says how many they are; one other stands as it
    is."""
    if len(table) <= most + 1:
        return table
    rest = table.iloc[most:]
    others = {name: f"All {len(rest)} other {what}", **rest.drop(columns=name).sum()}
    return pd.concat([table.iloc[:most], pd.DataFrame([others])], ignore_index=True)
