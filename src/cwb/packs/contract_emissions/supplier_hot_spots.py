"""Where emissions are highest, by supplier."""

from __future__ import annotations

import pandas as pd

from cwb.base.privacy import NOT_STATED, WITHHELD
from cwb.charts.charts import Bar, Bars
from cwb.charts.tables import Column
from cwb.charts.wording import POUNDS, range_text
from cwb.evidence.bounded import Bounded, exactly
from cwb.evidence.bounds import ratio_of, sum_of
from cwb.evidence.data import PackData
from cwb.evidence.definitions import Definition
from cwb.evidence.finding import number
from cwb.evidence.relation import SUPPLIER
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
from cwb.packs.measure import Measured, Result, Shown, Undefined, ask, measure

_SHOWN = 12
_RULE = (
    "Weight × factor over the rows that are in, added up by thing, names that are withheld or not stated left out: the twelve "
    "largest sums divided by weight × factor of all rows that are in; low and high are the least and the most over every "
    "choice of low_factor or high_factor, one choice for all rows with the same text in shared."
)


def _largest(rows: pd.DataFrame) -> list[str]:
    """The named suppliers that emit most, most first."""
    own = known(rows)
    own = own[~own["thing"].isin([WITHHELD, NOT_STATED])]
    sums = {name: sum_of(terms(lines))[0] for name, lines in own.groupby("thing", sort=True)}
    return sorted(sums, key=lambda name: (-sums[name], name))[:_SHOWN]


@exactly
def _share(rows: pd.DataFrame) -> Bounded:
    return ratio_of(terms(rows, rows["thing"].isin(_largest(rows)).astype(int)), coverage(rows))


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
    question = of_factors("supplier_hot_spot_share", lines, _RULE, _share, per=SUPPLIER, group="shared")
    asked = ask(data, question)
    own = lines.where("factor IS NOT NULL")
    parts = parts_by(data, own, "display_name", "method")
    by_supplier = grouped(parts)
    named = [name for name in by_supplier if name not in (WITHHELD, NOT_STATED)]
    if parts and not named:
        raise Undefined("no supplier whose emissions are known may be named")
    total = amount_of(parts).kgco2e
    order = sorted(named, key=lambda name: (-amount_of(by_supplier[name]).kgco2e, name))[:_SHOWN]
    rows = []
    for name in order:
        amount, methods = amount_of(by_supplier[name]), grouped(by_supplier[name], at=1)
        share = float(amount.kgco2e / total) if total > 0 else None
        method = max(sorted(methods), key=lambda method: amount_of(methods[method]).kgco2e)
        rows.append({"supplier": name, **amount.as_row(), "share": share, "method": method})
    return Result(asked.findings, pd.DataFrame(rows), sql=tuple(asked.sql))


@supplier_hot_spots.shown
def exhibit(m: Measured) -> Shown:
    share = m["supplier_hot_spot_share"]
    bars = tuple(
        Bar(r.supplier, max(r.kgco2e, 0.0), f"{number(r.kgco2e, 'kgco2e')}, {r.method}")
        for r in m.table.itertuples()
    )
    who = "One supplier makes" if len(bars) == 1 else f"{len(bars)} suppliers make"
    return Shown(
        title=f"{who} {share} of emissions",
        subtitle=f"Emissions of what each supplier supplied, most first, with the method of most of it. {m.where}",
        chart=Bars(bars, "count", {"": 0}),
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
