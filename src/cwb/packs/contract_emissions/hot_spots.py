"""Where emissions are highest: by product group, and by supplier."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd

from cwb.base.days import months_after
from cwb.base.privacy import NOT_STATED, WITHHELD
from cwb.packs.contract_emissions.emissions import (
    RANGE,
    SCORE,
    SHARE_OF_EMISSIONS,
    TONNES,
    known,
    of_factors,
    terms,
)
from cwb.packs.contract_emissions.footprint import amount_of, footprint, grouped, parts_by
from cwb.packs.exhibits import POUNDS, bars, emissions_text, range_text, ratio
from cwb.packs.measure import Column, Definition, Measured, PackData, Result, Shown, Undefined, ask, measure
from cwb.packs.questions import SUPPLIER, ZERO, Bounded, Finding, Term, coverage, exactly, number, ratio_of, sum_of

_SHOWN = 12
_LARGEST_RULE = (
    "Weight × factor over the rows that are in, added up by group: the value is the largest of the sums, low the largest of "
    "the sums with low_factor, high the largest of those with high_factor."
)
_SHARE_RULE = (
    "Weight × factor of the group with the largest sum, divided by that of all rows that are in; low and high are the least "
    "and the most over every choice of low_factor or high_factor, one choice for all rows with the same text in shared."
)


def _by_product(rows: pd.DataFrame) -> dict[str, list[Term]]:
    rows_known = known(rows)
    return {
        product: terms(rows_known[rows_known["group"] == product])
        for product in sorted(rows_known["group"].unique())
    }


@exactly
def _largest_product(rows: pd.DataFrame) -> Bounded:
    sums = [sum_of(of_product) for of_product in _by_product(rows).values()]
    if not sums:
        return Bounded(None, None, None, coverage(rows))
    value, low, high = (max(ends) for ends in zip(*sums, strict=True))
    return Bounded(value, low, high, coverage(rows))


@exactly
def _largest_product_share(rows: pd.DataFrame) -> Bounded:
    sums = {product: sum_of(of_product)[0] for product, of_product in _by_product(rows).items()}
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
    `share`, `per_pound` (kgCO2e per £ paid), `score`, `suppliers` and, without approved one-off projects, which nobody buys again,
    `again_gbp`, `again_kgco2e` and `next_end` (of the rest none): the first last day of one of its contracts for whose successor there
    is still the lead time of the settings. Lines reported by suppliers are in the group of what was bought.
    """
    lines = footprint(data)
    answers = ask(
        data,
        of_factors("hot_spot_emissions", lines, _LARGEST_RULE, _largest_product, group="product"),
        of_factors("hot_spot_share", lines, _SHARE_RULE, _largest_product_share, group="product"),
    )
    with_factor = lines.where("factor IS NOT NULL")
    by_product = grouped(parts_by(data, with_factor, "product"))
    is_again = f"{data.is_one_off} IS NOT TRUE"
    bought_again = grouped(parts_by(data, with_factor.where(is_again), "product"))
    in_time = months_after(data.report_day, data.settings.collaboration.lead_months)
    sql = f"""SELECT product, count(DISTINCT supplier_key) AS suppliers,
        min(CASE WHEN {is_again} AND contract_last_day >= DATE '{in_time}' THEN contract_last_day END) AS next_end
        FROM {lines.source} WHERE {lines.condition} GROUP BY product"""
    paid = {row["product"]: (row["suppliers"], row["next_end"]) for row in data.rows(sql)}
    order = sorted(by_product, key=lambda product: (-amount_of(by_product[product]).kgco2e, product))
    # One other stands as it is.
    shown = order if len(order) == _SHOWN + 1 else order[:_SHOWN]
    groups = [(product, by_product[product], paid[product]) for product in shown]
    if others := order[len(shown) :]:
        rest = [part for product in others for part in by_product[product]]
        groups.append((f"All {len(others)} other product groups", rest, (None, None)))
    total = amount_of(part for of_product in by_product.values() for part in of_product)
    rows = []
    for product, of_product, (suppliers, next_end) in groups:
        amount = amount_of(of_product)
        shares = {"share": amount.share_of(total), "per_pound": ratio(amount.kgco2e, amount.pounds)}
        again = amount_of(bought_again.get(product, ()))
        row = {"product": product, **amount.as_row(), **shares, "suppliers": suppliers}
        row |= {"again_gbp": float(again.pounds), "again_kgco2e": float(again.kgco2e)}
        rows.append(row | {"next_end": pd.Timestamp(next_end) if next_end else pd.NaT})
    return Result.of(answers, rows, facts={"hot_spot": order[0] if order else ""})


@hot_spots.shown
def exhibit_of_products(m: Measured) -> Shown:
    top, share = m["hot_spot_emissions"], m["hot_spot_share"]
    return Shown(
        title=f"One product group makes {_of_all(share)}"
        if share.value is not None
        else "Where emissions are highest",
        subtitle=f"Emissions by product group of the Defra factors, most first. {m.where}",
        chart=bars(m.table["product"], m.table["kgco2e"], "kgco2e"),
        says=(
            f"The largest is {m.facts['hot_spot'].rstrip('.')}: {top}{range_text(top)}"
            f"{f', or {share} of all{range_text(share)}' if share.value is not None else ''}. Goods are counted as what they "
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


def _of_all(share: Finding) -> str:
    """A share of all emissions; only credits for others make it more than all."""
    taken_off = ", credits for others taken off" if (share.value or 0) > 1 else ""
    return f"{share} of {emissions_text(share)}{taken_off}"


_SUPPLIERS_RULE = (
    "Weight × factor over the rows that are in, added up by thing, names that are withheld or not stated left out: the twelve "
    "largest sums divided by weight × factor of all rows that are in; low and high are the least and the most over every "
    "choice of low_factor or high_factor, one choice for all rows with the same text in shared."
)


def _largest_suppliers(rows: pd.DataFrame) -> list[str]:
    """The named suppliers that emit most, most first."""
    named = known(rows)
    named = named[~named["thing"].isin([WITHHELD, NOT_STATED])]
    sums: dict[str, Decimal] = {}
    for name, weight, factor in zip(named["thing"], named["weight"], named["factor"], strict=True):
        sums[name] = sums.get(name, ZERO) + weight * factor
    return sorted(sums, key=lambda name: (-sums[name], name))[:_SHOWN]


@exactly
def _suppliers_share(rows: pd.DataFrame) -> Bounded:
    return ratio_of(terms(rows, rows["thing"].isin(_largest_suppliers(rows)).astype(int)), coverage(rows))


@measure(
    Definition(
        "supplier_hot_spot_share", "Share of the suppliers that emit most", "share", "derived",
        "Emissions of up to twelve suppliers that have most of them divided by all emissions.",
        excluded="Names that may be individuals'; energy.",
        version=2,
    ),
    question="Whose supplies emit most?",
    main=("supplier_hot_spot_share",),
)  # fmt: skip
def supplier_hot_spots(data: PackData) -> Result:
    """The suppliers whose supplies emit most.

    One row per supplier, most first, up to twelve: `supplier`, `pounds_gbp`, `kgco2e`, `low_kgco2e`, `high_kgco2e`, `share`,
    `score`, `method` (of most of it). Names that may be individuals' are left out.
    """
    lines = footprint(data)
    question = of_factors(
        "supplier_hot_spot_share", lines, _SUPPLIERS_RULE, _suppliers_share, per=SUPPLIER, group="shared"
    )
    answers = ask(data, question)
    with_factor = lines.where("factor IS NOT NULL")
    parts = parts_by(data, with_factor, "display_name", "method")
    by_supplier = grouped(parts)
    named = [name for name in by_supplier if name not in (WITHHELD, NOT_STATED)]
    if parts and not named:
        raise Undefined("no supplier whose emissions are known may be named")
    total = amount_of(parts)
    amounts = {name: amount_of(by_supplier[name]) for name in named}
    order = sorted(named, key=lambda name: (-amounts[name].kgco2e, name))[:_SHOWN]
    rows = []
    for name in order:
        amount, methods = amounts[name], grouped(by_supplier[name], at=1)
        method = max(sorted(methods), key=lambda method: amount_of(methods[method]).kgco2e)
        rows.append({"supplier": name, **amount.as_row(), "share": amount.share_of(total), "method": method})
    return Result.of(answers, rows)


@supplier_hot_spots.shown
def exhibit_of_suppliers(m: Measured) -> Shown:
    share = m["supplier_hot_spot_share"]
    texts = [f"{number(r.kgco2e, 'kgco2e')}, {r.method}" for r in m.table.itertuples()]
    who = "One supplier makes" if len(texts) == 1 else f"{len(texts)} suppliers make"
    return Shown(
        title=f"{who} {_of_all(share)}",
        subtitle=f"Emissions of what each supplier supplied, most first, with the method of most of it. {m.where}",
        chart=bars(m.table["supplier"], m.table["kgco2e"], "kgco2e", texts),
        says=(
            f"Their share is {share}{range_text(share)}. A spend-based figure says what the product emits on average, and "
            "nothing of this supplier.",
        ),
        columns=(
            Column("supplier", "Supplier"),
            POUNDS,
            TONNES,
            SHARE_OF_EMISSIONS,
            Column("method", "Method"),
            SCORE,
            *RANGE,
        ),
        caption="Emissions by supplier",
    )
