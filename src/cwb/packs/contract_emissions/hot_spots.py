"""Where emissions are highest, by product group."""

from __future__ import annotations

import pandas as pd

from cwb.charts.charts import Bar, Bars
from cwb.charts.tables import Column
from cwb.charts.wording import POUNDS, range_text
from cwb.evidence.bounded import Bounded, exactly
from cwb.evidence.bounds import Term, ratio_of, sum_of
from cwb.evidence.data import PackData
from cwb.evidence.definitions import Definition
from cwb.evidence.finding import number
from cwb.packs.contract_emissions.emissions import (
    RANGE,
    SCORE,
    SHARE_OF_EMISSIONS,
    TONNES,
    coverage,
    known,
    of_factors,
    terms,
)
from cwb.packs.contract_emissions.footprint import amount_of, footprint, grouped, parts_by
from cwb.packs.measure import Measured, Result, Shown, ask, measure

_SHOWN = 12
_RULE = (
    "Weight × factor over the rows that are in, added up by group: the value is the largest of the sums, low the largest of "
    "the sums with low_factor, high the largest of those with high_factor."
)
_SHARE_RULE = (
    "Weight × factor of the group with the largest sum, divided by that of all rows that are in; low and high are the least "
    "and the most over every choice of low_factor or high_factor, one choice for all rows with the same text in shared."
)


def _by_product(rows: pd.DataFrame) -> dict[str, list[Term]]:
    own = known(rows)
    return {product: terms(own[own["group"] == product]) for product in sorted(own["group"].unique())}


@exactly
def _largest(rows: pd.DataFrame) -> Bounded:
    sums = [sum_of(own) for own in _by_product(rows).values()]
    if not sums:
        return Bounded(None, None, None, coverage(rows))
    value, low, high = (max(ends) for ends in zip(*sums, strict=True))
    return Bounded(value, low, high, coverage(rows))


@exactly
def _largest_share(rows: pd.DataFrame) -> Bounded:
    sums = {product: sum_of(own)[0] for product, own in _by_product(rows).items()}
    top = max(sums, key=lambda product: sums[product], default="")
    return ratio_of(terms(rows, (rows["group"] == top).astype(int)), coverage(rows))


@measure(
    Definition(
        "hot_spot_emissions", "Largest product group's emissions", "kgco2e", "derived",
        "Emissions of the product group that has most of them.",
        version=2,
    ),
    Definition(
        "hot_spot_share", "Largest product group's share", "share", "derived",
        "The same divided by all emissions.",
        excluded="Energy.",
        version=3,
    ),
    question="Where are emissions highest?",
    main=("hot_spot_share", "hot_spot_emissions"),
)  # fmt: skip
def hot_spots(data: PackData) -> Result:
    """Where emissions are highest, by product group.

    One row per product group, most first, the rest as one row: `product`, `pounds_gbp`, `kgco2e`, `low_kgco2e`, `high_kgco2e`,
    `share`, `per_pound` (kgCO2e per £ paid), `score`, `suppliers` (of the rest none). Lines reported by suppliers stand in
    the group of what was bought.
    """
    lines = footprint(data)
    asked = ask(
        data,
        of_factors("hot_spot_emissions", lines, _RULE, _largest, group="product"),
        of_factors("hot_spot_share", lines, _SHARE_RULE, _largest_share, group="product"),
    )
    by_product = grouped(parts_by(data, lines.where("factor IS NOT NULL"), "product"))
    sql = f"SELECT product, count(DISTINCT supplier_key) AS suppliers FROM {lines.source} WHERE {lines.condition} GROUP BY product"
    paid = {row["product"]: row["suppliers"] for row in data.rows(sql)}
    order = sorted(by_product, key=lambda product: (-amount_of(by_product[product]).kgco2e, product))
    rest = [part for product in order[_SHOWN:] for part in by_product[product]]
    groups = [(product, by_product[product], paid[product]) for product in order[:_SHOWN]]
    if rest:
        groups.append((f"All {len(order) - _SHOWN} other product groups", rest, None))
    total = amount_of(part for own in by_product.values() for part in own).kgco2e
    rows = []
    for product, own, suppliers in groups:
        amount = amount_of(own)
        rows.append(
            {
                "product": product,
                **amount.as_row(),
                "share": float(amount.kgco2e / total) if total > 0 else None,
                "per_pound": float(amount.kgco2e / amount.pounds) if amount.pounds > 0 else None,
                "suppliers": suppliers,
            }
        )
    return Result(asked.findings, pd.DataFrame(rows), {"hot_spot": order[0] if order else ""}, tuple(asked.sql))


@hot_spots.shown
def exhibit(m: Measured) -> Shown:
    top, share = m["hot_spot_emissions"], m["hot_spot_share"]
    bars = tuple(Bar(r.product, max(r.kgco2e, 0.0), number(r.kgco2e, "kgco2e")) for r in m.table.itertuples())
    return Shown(
        title=f"One product group makes {share} of emissions"
        if share.value is not None
        else "Where emissions are highest",
        subtitle=f"Emissions by product group of the Defra factors, most first. {m.where}",
        chart=Bars(bars, "count", {"": 0}),
        says=(
            f"The largest is {m.facts['hot_spot'].rstrip('.')}: {top}{range_text(top)}"
            f"{f', or {share}{range_text(share)} of all' if share.value is not None else ''}. Goods are counted as what they "
            "are and never as wholesale.",
        ),
        columns=(
            Column("product", "Product group"),
            POUNDS,
            TONNES,
            SHARE_OF_EMISSIONS,
            Column("per_pound", "kgCO2e per £ paid", "decimal2"),
            SCORE,
            *RANGE,
            Column("suppliers", "Suppliers", "count", missing=""),
        ),
        caption="Emissions by product group",
    )
