"""Whether suppliers are paid in time, by the day of receipt and by the day of the invoice."""

from __future__ import annotations

import pandas as pd

from cwb.packs.exhibits import Bar, Bars, counted, or_why, palette, range_text, ratio, silent
from cwb.packs.measure import Column, Definition, Measured, PackData, Result, Shown, Undefined, ask, measure
from cwb.packs.proactive_procurement.invoices_paid import (
    INVOICE,
    PAID_LATER,
    PAID_PROMPT,
    PAID_SLOW,
    PROMPT,
    SLOW,
    large_payments,
    late_interest,
    paid,
    payable,
)
from cwb.packs.questions import Relation, Unanswerable, count, mean, median, number, share, share_among

_LAST_DAYS = (10, 20, PROMPT, SLOW, None)
_NOT_KNOWN = "Day not known"
_PUBLIC = "is_public"
_EXCLUDED = "Invoices stated to be in dispute, and credit notes."


@measure(
    Definition(
        "paid_30_share", "Invoices paid by day 30", "share", "share",
        "Invoices paid in the period on day 1 to 30, or before, divided by all invoices paid in it; day 1 is the day after receipt. "
        "High: those without a day of receipt were paid so.",
        excluded=_EXCLUDED,
    ),
    Definition(
        "paid_31_60_share", "Invoices paid on days 31 to 60", "share", "share",
        "Invoices paid in the period on day 31 to 60 after receipt divided by all invoices paid in it.",
        excluded=_EXCLUDED,
    ),
    Definition(
        "paid_61_share", "Invoices paid on day 61 or later", "share", "share",
        "Invoices paid in the period on day 61 after receipt or later divided by all invoices paid in it.",
        excluded=_EXCLUDED,
    ),
    Definition(
        "days_to_pay_mean", "Mean days to pay", "days", "mean",
        "Arithmetic mean of the days from receipt to payment of the invoices paid in the period; one paid before it came counts 0.",
        excluded=_EXCLUDED + " Invoices without a day of receipt.",
    ),
    Definition(
        "days_to_pay_median", "Middle number of days to pay", "days", "median",
        "The middle of the days from receipt to payment of the invoices paid in the period.",
        excluded=_EXCLUDED + " Invoices without a day of receipt.",
    ),
    Definition(
        "days_from_invoice_mean", "Mean days from the date of the invoice", "days", "mean",
        "Arithmetic mean of the days from the date of the invoice to payment of the invoices paid in the period.",
        excluded=_EXCLUDED + " Invoices without a date.",
    ),
    Definition(
        "unpaid_share", "Invoices not paid in the period in which they fell due", "share", "share",
        "Invoices that became payable in the period and were not paid in it divided by all that became payable in it. An invoice is "
        "payable on the agreed day, and at the latest on the last of the 30 days that begin with receipt. Low and high: those "
        "without such a day.",
        excluded=_EXCLUDED,
    ),
    Definition(
        "late_interest_liable", "Interest that suppliers paid late could claim, at most", "gbp", "derived",
        "Invoices with VAT that were paid in the period after their last day in time × (8% and the base rate of the half-year in which "
        "interest began to run) × days late ÷ 365, the daily rate not rounded. At most: where a dispute was right, or a contract says "
        "otherwise, it is less. Liable is not paid. Low: without invoices in dispute.",
        excluded="Invoices without an agreed day and a day of receipt; credit notes; the fixed sum for each invoice.",
    ),
    Definition(
        "large_payment_count", "Large payments to be published", "count", "count",
        "Invoices over £30,000 with VAT, paid in the period under public contracts of which the procurement began on or after 1 April "
        "2026: by its advertisement, else by the contract's first day. For legal confirmation. High: those of which this is not known.",
        excluded="Credit notes. Smaller payments are not added up.",
    ),
    question="Are suppliers paid in time?",
    needs=("invoice_lines",),
    main=("paid_30_share", "days_from_invoice_mean"),
    columns=(
        Column("days", "Paid on"),
        Column("last_day", "Last day", "count", "", csv_only=True),
        Column("received", "Invoices, from receipt", "count"),
        Column("received_share", "Share, from receipt", "share", ""),
        Column("public", "Of them under public contracts", "count"),
        Column("invoiced", "Invoices, from their date", "count"),
        Column("invoiced_share", "Share, from their date", "share", ""),
    ),
)  # fmt: skip
def days_to_pay(data: PackData) -> Result:
    """Invoices paid in the period by the days that they took, on two clocks.

    One row per band of days, up to day 10, 20, 30, 60 and later, then one for days that are not known: `days`, `last_day`, `received` and
    `received_share` (invoices, counted from the day after receipt, and their part of all), `invoiced` and `invoiced_share` (from the day after the date of
    the invoice), `public` (of `received`, those under public contracts, which alone are in the half-yearly notice). Disputed
    invoices and credit notes are left out. Raises `Undefined` where no invoice was paid in the period. Source: regulation 38,
    SI 2024/692; regulation 113, PCR 2015.
    """
    lines = paid(data)
    if not data.count(lines):
        raise Undefined(f"no invoice without a dispute was paid in {data.period.label}")
    received, invoiced = lines.where("days_to_pay IS NOT NULL"), lines.where("days_from_invoice IS NOT NULL")
    of_due, is_due, is_unpaid = payable(data)
    owed, large = late_interest(data), large_payments(data)
    no_receipt = None if data.count(received) else "no invoice gives the day of receipt"
    answers = ask(
        data,
        *(
            share(name, lines, fact, by=None, per=INVOICE)
            for name, fact in (
                ("paid_30_share", PAID_PROMPT), ("paid_31_60_share", PAID_SLOW), ("paid_61_share", PAID_LATER),
            )
        ),
        mean("days_to_pay_mean", received, "days_to_pay", INVOICE).unless(no_receipt),
        median("days_to_pay_median", received, "days_to_pay", INVOICE).unless(no_receipt),
        mean("days_from_invoice_mean", invoiced, "days_from_invoice", INVOICE).if_empty("no invoice gives its date"),
        share_among("unpaid_share", of_due, is_due, is_unpaid, by=None, per=INVOICE),
        Unanswerable("late_interest_liable", owed) if isinstance(owed, str) else owed,
        Unanswerable("large_payment_count", large)
        if isinstance(large, str)
        else count("large_payment_count", large[0], large[1], per=INVOICE),
    )  # fmt: skip
    sql = _bands_sql(lines)
    found = data.rows(sql)[0]
    rows = [
        [label, last, *_pair(found, "r", n), *_pair(found, "i", n), found[f"p{n}"]]
        for n, (label, last, _) in enumerate(_bands())
    ]
    columns = ["days", "last_day", "received", "received_share", "invoiced", "invoiced_share", "public"]
    silent_of = data.count(lines.where("is_disputed IS NULL"))
    table = pd.DataFrame(rows, columns=columns)
    table["last_day"] = table["last_day"].astype(float)
    return Result.of(answers, table, sql, facts={"silent": str(silent_of)})


def _bands() -> list[tuple[str, int | None, str]]:
    """Each band's label, its last day and its condition on a column of days."""
    found: list[tuple[str, int | None, str]] = []
    first = 0
    for last in _LAST_DAYS:
        if last is None:
            found.append((f"Day {first} or later", None, f"{{0}} >= {first}"))
        else:
            label = f"Up to day {last}" if not first else f"Day {first} to {last}"
            found.append((label, last, f"{{0}} BETWEEN {first} AND {last}"))
            first = last + 1
    return [*found, (_NOT_KNOWN, None, "{0} IS NULL")]


def _bands_sql(lines: Relation) -> str:
    def counts(name: str, column: str, also: str = "TRUE") -> list[str]:
        return [
            f"sum(CASE WHEN ({where.format(column)}) AND {also} THEN 1 ELSE 0 END) AS {name}{n}"
            for n, (_, _, where) in enumerate(_bands())
        ]

    every = (*counts("r", "days_to_pay"), *counts("i", "days_from_invoice"), *counts("p", "days_to_pay", _PUBLIC))
    return f"SELECT {', '.join(every)} FROM {lines.source} WHERE {lines.condition}"


def _pair(found: dict[str, object], name: str, at: int) -> tuple[int, float | None]:
    """Invoices of a band, and their share of all; no share where the days of none are known."""
    counts = [int(str(found[f"{name}{n}"])) for n in range(len(_bands()))]
    return counts[at], ratio(counts[at], sum(counts)) if any(counts[:-1]) else None


@days_to_pay.shown
def exhibit(m: Measured) -> Shown:
    prompt, slow, later = m["paid_30_share"], m["paid_31_60_share"], m["paid_61_share"]
    mean_days, middle, from_invoice = m["days_to_pay_mean"], m["days_to_pay_median"], m["days_from_invoice_mean"]
    unpaid, owed, large = m["unpaid_share"], m["late_interest_liable"], m["large_payment_count"]
    of_received = (
        f"By the day of receipt {prompt} were paid by day {PROMPT}{range_text(prompt)}, another {slow} by day {SLOW}{range_text(slow)}, and {later} later{range_text(later)}. It took "
        f"{mean_days} on average, and {middle} for the middle invoice."
    )
    title = f"Invoices were paid {from_invoice} after their date; the day of receipt is not known"
    if prompt.value is not None:
        title = f"{prompt} of undisputed invoices were paid by day {PROMPT}"
    return Shown(
        title=title,
        subtitle=f"Invoices paid by the days that they took; day 1 is the day after receipt, or after the date of the invoice. {m.where}",
        chart=_chart(m.table),
        says=(
            or_why(prompt, of_received, "How many were paid in time"),
            or_why(
                from_invoice,
                f"By the date of the invoice it took {from_invoice} on average: councils count from either, so that figures of two "
                "councils need not be of one kind.",
                "How long it took by the date of the invoice",
            ),
            or_why(
                unpaid,
                f"Of invoices that fell due in the period {unpaid} were not paid in it{range_text(unpaid)}.",
                "How many fell due and were not paid",
            ),
            or_why(
                owed,
                f"Suppliers paid late could claim {'' if owed.bounds else 'at most '}{owed} of interest{range_text(owed)}. It is owed only if claimed, and was "
                "not paid by that.",
                "What suppliers paid late could claim",
            ),
            or_why(
                large,
                f"{counted(large, 'payment', 'payments')} of the period {'belongs' if large.value == 1 else 'belong'} in the quarterly "
                f"file of large payments{range_text(large)} (for legal confirmation).",
                "How many payments belong in the quarterly file of large payments",
            ),
            *silent(int(m.facts["silent"]), "invoice does", "invoices do", "not say whether there is a dispute: counted as undisputed"),
        ),
        caption="Invoices paid by the days that they took, from receipt and from the date of the invoice",
    )  # fmt: skip


def _chart(table: pd.DataFrame) -> Bars:
    """Both clocks, one below the other; what is paid after the thirtieth day has a colour of its own."""
    groups = in_time, late, unknown = f"Up to day {PROMPT}", "Later", _NOT_KNOWN
    drawn = tuple(
        Bar(
            f"{clock}: {row.days.lower()}",
            share,
            number(share, "share"),
            unknown if row.days == unknown else in_time if row.last_day <= PROMPT else late,
        )
        for clock, shares in (("Receipt", table["received_share"]), ("Invoice date", table["invoiced_share"]))
        for row, share in zip(table.itertuples(), shares, strict=True)
        # A clock by which the day of every invoice is known has no such bar.
        if not pd.isna(share) and (share or row.days != unknown)
    )
    return Bars(drawn, palette(*groups))
