"""Who is paid most, and how few suppliers make half of all spend."""

from __future__ import annotations

import pandas as pd

from cwb.base.privacy import WITHHELD
from cwb.packs.exhibits import PLACES, POUNDS, SHARE, bars, counted, or_why, range_sentence, range_text, ratio
from cwb.packs.measure import Column, Definition, Measured, PackData, Result, Shown, Undefined, ask, measure
from cwb.packs.questions import half, top
from cwb.sources.places import ring_labels
from cwb.sources.tabular import sql_text

_SHOWN = 10
TEN = 10
_COLUMNS = ("rank", "supplier", "place", "near", "pounds_gbp", "share", "cumulative")
_NEAR = {"home": "Local", "local": "Local", "unknown": "Not known"}


@measure(
    Definition(
        "top_ten_share", "Share of the ten largest suppliers", "share", "top",
        "Spend with the ten suppliers that were paid most divided by all spend.",
    ),
    Definition(
        "suppliers_for_half", "Suppliers that make half of spend", "count", "half",
        "The smallest number of suppliers that together make half of all spend. A line without a name counts as"
        " a supplier of its own; low: all such lines are the largest supplier's.",
        version=2,
    ),
    question="Who are our largest suppliers?",
    main=("top_ten_share",),
    columns=(
        Column("supplier", "Supplier"),
        Column("rank", "Rank", "count"),
        Column("place", "Place"),
        POUNDS,
        SHARE,
        Column("cumulative", "Running share", "share"),
    ),
)  # fmt: skip
def concentration(data: PackData) -> Result:
    """The suppliers that are paid most.

    One row per supplier, most first, up to fifteen: `rank`, `supplier`, `place`, `near`, `pounds_gbp`, `share`, `cumulative`.
    Payees that are not shown are left out, so that ranks may have gaps; ranks and running shares count them.
    Redacted lines have no rank; their pounds stay in the total.
    """
    lines = data.spend()
    sql = f"""SELECT payee_key, min(CASE WHEN display_name <> {sql_text(WITHHELD)} THEN display_name END) AS supplier, min(ring) AS ring, sum(amount_gbp) AS pounds
        FROM {lines.source} WHERE {lines.condition} AND supplier_key IS NOT NULL GROUP BY payee_key
        ORDER BY sum(amount_gbp) DESC, payee_key"""
    ranked = data.rows(sql)
    if not ranked:
        raise Undefined("no line of the period names its supplier")
    answers = ask(data, top("top_ten_share", of=lines, n=10), half("suppliers_for_half", of=lines))
    all_spend = answers.sums["top_ten_share"].all
    labels = ring_labels(data.settings)
    rows, running = [], 0
    for rank, row in enumerate(ranked, start=1):
        running += row["pounds"]
        if row["supplier"] is None:
            continue
        near, pounds = _NEAR.get(row["ring"], "Not local"), float(row["pounds"])
        shares = (ratio(row["pounds"], all_spend), ratio(running, all_spend))
        rows.append([rank, row["supplier"], labels[row["ring"]], near, pounds, *shares])
        if len(rows) == _SHOWN:
            break
    table = pd.DataFrame(rows, columns=_COLUMNS)
    return Result.of(answers, table, sql, facts={"named": str(len(ranked))})


@concentration.shown
def exhibit(m: Measured) -> Shown:
    share, half_of = m["top_ten_share"], m["suppliers_for_half"]
    says = f"Half of all spend goes to {counted(half_of, 'supplier', 'suppliers')}{range_text(half_of)}."
    return Shown(
        title=f"The ten largest suppliers receive {share} of spend"
        if int(m.facts["named"]) > TEN
        else f"Files name no more than ten suppliers; together they receive {share} of spend",
        subtitle=f"The suppliers paid most whose names may be shown: {len(m.table)}. {m.where}",
        chart=bars(m.table["supplier"], m.table["pounds_gbp"], "gbp", groups=m.table["near"], places=PLACES),
        says=(
            *range_sentence("What the ten largest receive", share),
            or_why(half_of, says, "How few suppliers make half of spend"),
            "A payee is named only on evidence that it is an organisation; all others are left out of this list and stay in every "
            "total.",
        ),
        caption="The suppliers paid most",
    )
