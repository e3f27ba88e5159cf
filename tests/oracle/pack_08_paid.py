"""Pack 08, invoices and savings: how soon the council pays, what it owes for being late, and what it saves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

from oracle.answers import NOTHING, UNDEFINED, Answer, Maybe, among, between, counted, mean, middle, part
from oracle.council import Council, Period
from oracle.forms import day, in_period, rows, tenders, years_of, yes
from oracle.pack_07 import agreements
from oracle.reading import pounds_of

# 8% and the Bank's rate on the last day before the half-year in which interest began to run.
RATES = {(2025, 2): "4.25", (2026, 1): "3.75", (2026, 2): "3.75"}
LARGE = 30_000
KEPT_FROM = date(2026, 4, 1)


def figures(council: Council, period: Period) -> dict[str, Answer]:
    return {**_invoices(council.raw, period), **_savings(council.raw, period)}


class Invoice(NamedTuple):
    gross: Fraction
    received: date | None
    dated: date | None
    due: date | None
    paid: date | None
    is_disputed: bool
    is_public: bool | None
    contract: str

    @property
    def payable(self) -> date | None:
        """The agreed day, and the last of the 30 days that begin with receipt at the latest."""
        last = self.received + timedelta(days=29) if self.received else None
        return min((one for one in (self.due, last) if one), default=None)

    @property
    def days(self) -> int | None:
        """Day 1 is the day after receipt; one paid before it came counts nought."""
        return max((self.paid - self.received).days, 0) if self.paid and self.received else None


def invoices(raw: Path) -> list[Invoice]:
    return [
        Invoice(
            gross, day(row, "Received on"), day(row, "Invoice date"), day(row, "Due on"), day(row, "Paid on"),
            yes(row["In dispute"]) is True, yes(row["Public contract"]), row["Contract reference"].upper(),
        )
        for row in rows(raw, "invoices", "Supplier id")
        if (gross := pounds_of(row["Amount gross"])) is not None
        and (not row["Paid on"] or day(row, "Paid on"))
        and (day(row, "Received on") or day(row, "Invoice date"))
    ]  # fmt: skip


def _invoices(raw: Path, period: Period) -> dict[str, Answer]:
    names = (
        "paid_30_share", "paid_31_60_share", "paid_61_share", "days_to_pay_mean", "days_to_pay_median", "days_from_invoice_mean",
        "unpaid_share", "late_interest_liable", "large_payment_count",
    )  # fmt: skip
    owed = [one for one in invoices(raw) if one.gross > 0]
    paid = [one for one in owed if in_period(period)(one.paid)]
    counts = [one for one in paid if not one.is_disputed]
    if not counts:
        return dict.fromkeys(names, UNDEFINED)
    known = [one.days for one in counts if one.days is not None]

    def within(first: int, last: int) -> Answer:
        return part(None if one.days is None else first <= one.days <= last for one in counts)

    late = [
        (one, (one.paid - one.payable).days) for one in paid if one.paid and one.payable and one.paid > one.payable
    ]
    interest = [
        (one.is_disputed, one.gross * _rate(one.payable) / 100 * days / 365) for one, days in late if one.payable
    ]
    most = sum((pounds for _, pounds in interest), NOTHING)
    return {
        "paid_30_share": within(0, 30),
        "paid_31_60_share": within(31, 60),
        "paid_61_share": within(61, 100_000),
        "days_to_pay_mean": mean(known),
        "days_to_pay_median": middle(known),
        "days_from_invoice_mean": mean([max((one.paid - one.dated).days, 0) for one in counts if one.paid and one.dated]),
        "unpaid_share": _unpaid(owed, period),
        "late_interest_liable": between(most, sum((pounds for is_disputed, pounds in interest if not is_disputed), NOTHING), most),
        "large_payment_count": counted(_large(raw, paid)),
    }  # fmt: skip


def _rate(payable: date) -> Fraction:
    begins = payable + timedelta(days=1)
    return 8 + Fraction(RATES[begins.year, 1 if begins.month <= 6 else 2])


def _unpaid(owed: list[Invoice], period: Period) -> Answer:
    """Of one without any day it is not known whether it became payable in the period; what was paid before it was not."""
    told = []
    for one in owed:
        if one.is_disputed:
            continue
        payable = one.payable
        is_base = None if payable is None else in_period(period)(payable)
        if payable is None and one.paid and one.paid < period.start:
            is_base = False
        told.append(Maybe(is_base, one.paid is None or one.paid > period.end))
    return among(told)


def _large(raw: Path, paid: list[Invoice]) -> Iterator[bool | None]:
    begun = {one.reference: one.start for one in agreements(raw)}
    advertised = {
        row["Contract reference"].upper(): day(row, "Advertised on")
        for row in tenders(raw)
        if row["Contract reference"]
    }
    for one in paid:
        if one.gross <= LARGE or one.is_public is False:
            yield False
            continue
        first = advertised.get(one.contract) or begun.get(one.contract)
        yield False if first and first < KEPT_FROM else None if first is None or one.is_public is None else True


def _savings(raw: Path, period: Period) -> dict[str, Answer]:
    """Signed and realised, net of a stated cost, of a service in-house once the year is over; low and high with all others of the year.
    What is signed without a stated cost is one of the others: it saves at most what it states."""
    told: dict[str, list[tuple[Fraction, bool]]] = defaultdict(list)
    for row in rows(raw, "savings", "Reference", "Kind", "Baseline cost", "New cost"):
        was, new, cost = (pounds_of(row[name]) for name in ("Baseline cost", "New cost", "Cost to achieve"))
        if years_of(row["Financial year"]) != period.year or was is None or new is None:
            continue
        kind = {"income": "income", "avoided": "avoided"}.get(
            row["Kind"].lower(), "cash" if yes(row["Cash released"]) else "avoided"
        )
        signed = day(row, "Signed off on")
        is_sure = bool(
            yes(row["Realised"])
            and row["Signed off by finance (role)"]
            and signed
            and signed <= period.end
            and (row["Kind"].lower() != "insourcing" or period.quarter in (0, 4))
        )
        told[kind].append((was - new - (cost or 0), is_sure and cost is not None))
    found = {}
    for kind in ("cash", "avoided", "income"):
        sure = sum((saved for saved, is_sure in told[kind] if is_sure), NOTHING)
        others = [saved for saved, is_sure in told[kind] if not is_sure]
        low, high = (
            sure + sum(min(one, NOTHING) for one in others),
            sure + sum(max(one, NOTHING) for one in others),
        )
        found[f"saving_{kind}"] = between(sure, low, high) if told[kind] else UNDEFINED
    return found
