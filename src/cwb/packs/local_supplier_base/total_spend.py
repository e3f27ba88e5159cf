"""How much was spent, beside the same months of every other year."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from cwb.council.periods import Period
from cwb.packs.exhibits import SUPPLIERS, Bar, Bars, counted
from cwb.packs.measure import Column, Definition, Measured, PackData, Result, Shown, ask, measure
from cwb.packs.questions import LINE, always, as_float, count, number, share, total
from cwb.packs.remarks import suggested
from cwb.sources.registry import why_absent


@measure(
    Definition(
        "total_spend", "Spend with suppliers", "gbp", "total",
        "Sum of the amounts of all ledger lines paid in the period, credits taken off, without VAT where the "
        "file allows.",
        excluded="Rows left out, repeated rows, pay and other costs that the spending files leave out.",
    ),
    Definition(
        "payment_count", "Payment lines", "count", "count",
        "Number of ledger lines paid in the period, credits included.",
        excluded="Rows left out, and repeated rows.",
    ),
    Definition(
        "supplier_count", "Suppliers paid", "count", "count",
        "Number of different suppliers with at least one line in the period; a supplier is a vendor id, or else"
        " a name.",
        excluded="Withheld and missing names.",
    ),
    Definition(
        "withheld_share", "Spend with withheld names", "share", "share",
        "Share of spend whose supplier is redacted or not stated.",
    ),
    Definition(
        "pass_through_spend", "Money passed on", "gbp", "total",
        "Sum of the ledger lines that a person has decided to be money passed on to others (precepts, shares of business "
        "rates, taxes, pensions, benefits, grants, deposits). They buy nothing and are in no other number.",
    ),
    Definition(
        "suggested_pass_through", "Spend that may be money passed on", "gbp", "total",
        "Sum of the ledger lines whose supplier or purpose suggests that they buy nothing, and of which nobody has decided. "
        "They count as spend.",
    ),
    question="How much was spent with suppliers?",
    main=("total_spend",),
    columns=(
        Column("year", "Period"),
        Column("recurrent_gbp", "Recurrent (£)", "gbp"),
        Column("one_off_gbp", "One-off projects (£)", "gbp"),
        Column("total_gbp", "All spend (£)", "gbp"),
        SUPPLIERS,
        Column("payments", "Payments", "count"),
        Column("is_whole", "All months present", "flag"),
    ),
)  # fmt: skip
def total_spend(data: PackData) -> Result:
    """Spend of the period beside the same months of every other year.

    One row per year: `year`, `recurrent_gbp` and `one_off_gbp` (None without an approved list for the year), `total_gbp`,
    `suppliers`, `payments`, `is_whole` (every month has a payment). A year without a payment in these months has no row.
    """
    lines = data.spend()
    part = () if data.is_whole(data.period) else ("Some months of the period hold no payment.",)
    undecided = None if data.lineage.of("pass_through") else why_absent("pass_through")
    passed_on = data.relation("pass_through_lines").where("body IS NULL")
    named = lines.where("supplier_key IS NOT NULL")
    answers = ask(
        data,
        total("total_spend", of=lines, caveats=(*part, *suggested(data))),
        count("payment_count", of=lines, per=LINE),
        count("supplier_count", of=named).if_empty("no line of the period names its supplier"),
        share("withheld_share", of=lines, where=always("supplier_key IS NULL")),
        total("pass_through_spend", of=passed_on).unless(undecided),
        total("suggested_pass_through", of=lines.where("suggested_as IS NOT NULL")),
    )
    sql = _years(data)
    return Result.of(answers, _rows(data, sql), sql)


def _years(data: PackData) -> str:
    quarter = f" AND quarter_number = {data.period.quarter}" if data.period.quarter else ""
    return f"""SELECT financial_year, sum(amount_gbp) AS total_gbp,
        sum(CASE WHEN {data.is_one_off} THEN amount_gbp ELSE 0 END) AS one_off_gbp, count(DISTINCT supplier_key) AS suppliers,
        count(*) AS payments, count(DISTINCT payment_month) AS months
        FROM spend_lines WHERE financial_year <= {data.period.start_year}{quarter}
        GROUP BY financial_year ORDER BY financial_year"""


def _rows(data: PackData, sql: str) -> Iterator[dict[str, object]]:
    for row in data.rows(sql):
        period = Period(row["financial_year"], data.period.quarter)
        is_divided = data.has_one_offs(period)
        yield {
            "year": period.short_label,
            "recurrent_gbp": as_float(row["total_gbp"] - row["one_off_gbp"]) if is_divided else None,
            "one_off_gbp": as_float(row["one_off_gbp"]) if is_divided else None,
            "total_gbp": as_float(row["total_gbp"]),
            "suppliers": row["suppliers"],
            "payments": row["payments"],
            "is_whole": row["months"] == period.months,
        }


@total_spend.shown
def exhibit(m: Measured) -> Shown:
    rows = m.table.to_dict("records")
    bars = []
    for row in rows:
        text = number(row["total_gbp"], "gbp") + ("" if row["is_whole"] else " (months missing)")
        if pd.isna(row["recurrent_gbp"]):
            bars.append(Bar(row["year"], row["total_gbp"], text, "All spend"))
            continue
        bars.append(Bar(row["year"], row["recurrent_gbp"], "" if row["one_off_gbp"] else text, "Recurrent"))
        if row["one_off_gbp"]:
            start = row["recurrent_gbp"]
            bars.append(Bar(row["year"], row["total_gbp"], text, "One-off projects", start=start, joins=True))
    present = {bar.group for bar in bars}
    groups = {name: n for n, name in enumerate(("Recurrent", "One-off projects", "All spend")) if name in present}
    if len(groups) == 1:
        groups = dict.fromkeys(groups, 0)
    suppliers, period = m["supplier_count"], m.data.period.short_label
    title = f"{m['total_spend']} paid to {counted(suppliers, 'supplier', 'suppliers')} in {period}"
    if suppliers.value is None:
        title = f"{m['total_spend']} paid in {period}; to how many suppliers is not known"
    left_out, withheld = m["pass_through_spend"], m["withheld_share"]
    passed_on = (
        (
            f"{left_out} more left the council and bought nothing: money passed on, as decided. It is in no other number.",
        )
        if left_out.value
        else ()
    )
    return Shown(
        title=title,
        subtitle=f"Spend with suppliers in the same months of each year, without VAT where stated. {m.where}",
        chart=Bars(tuple(bars), groups) if len(rows) > 1 else None,
        says=(
            f"The ledger holds {counted(m['payment_count'], 'payment', 'payments')} in the period, credits included.",
            f"{withheld} of spend is in payments whose files name no supplier; it stays in every total.",
            *passed_on,
        ),
        caption="Spend, suppliers and payments in the same months of each year",
    )
