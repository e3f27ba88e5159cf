"""Pack 08: invoices, savings, bids, what is learned from tenders, near limits, notices and the register's cells."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction
from math import comb
from pathlib import Path
from typing import Any, NamedTuple

from oracle.answers import (
    NOTHING,
    UNDEFINED,
    Answer,
    Maybe,
    among,
    between,
    counted,
    exactly,
    mean,
    middle,
    part,
    part_of,
    people,
)
from oracle.bounds import Thing
from oracle.council import Council, Period
from oracle.forms import Row, day, in_period, is_in_year_to, months_before, number, rows, sure_day, years_of, yes
from oracle.pack_06 import log, tenders
from oracle.pack_07 import agreements, reviews
from oracle.places import number_of
from oracle.reading import day_of, pounds_of, table

# 8% and the Bank's rate on the last day before the half-year in which interest began to run.
RATES = {(2025, 2): "4.25", (2026, 1): "3.75", (2026, 2): "3.75"}
LIMIT, LARGE = 5_000, 30_000
COMPETED = ("open", "selective")
UNCOMPETED = ("direct award", "waiver", "breach")
KEPT_FROM = date(2026, 4, 1)


def figures(council: Council, period: Period) -> dict[str, Answer]:
    return {
        **_invoices(council.raw, period),
        **_savings(council.raw, period),
        **_bids(council.raw, period),
        **_learning(council, period),
        **_uncompeted(council.raw, period),
        **_near_limits(council, period),
        **_register(council.raw),
        **_pipeline(council.raw, period),
        **_notices(council.raw, period),
        **_together(council, period),
    }


# --- invoices ----------------------------------------------------------------------------------------------------


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


# --- savings, bids, learning ---------------------------------------------------------------------------------------


def _savings(raw: Path, period: Period) -> dict[str, Answer]:
    """Signed and realised, net of a stated cost; low and high with all others of the year."""
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
            and cost is not None
        )
        told[kind].append((was - new - (cost or 0), is_sure))
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


def _bids(raw: Path, period: Period) -> dict[str, Answer]:
    """Procurements of the council's own list whose offers closed in the twelve months, or that were awarded without a last day."""
    told = [
        row for row in tenders(raw) if is_in_year_to(day(row, "Deadline") or day(row, "Awarded on"), period.end)
    ]
    lots = [row for row in told if row["Route"].lower() in COMPETED]
    known = [found for row in lots if (found := number(row["Bids received"])) is not None]
    waits = [
        (sure_day(row, "Deadline") - sure_day(row, "Advertised on")).days
        for row in lots
        if day(row, "Advertised on")
    ]
    bids = [
        part_
        for row in told
        if (all_of := number(row["Bids received"])) is not None
        for small in (number(row["Bids from SMEs"]),)
        for part_ in (
            [Thing(all_of, None)] if small is None else [Thing(small, True), Thing(all_of - small, False)]
        )
    ]
    return {
        "bids_median": middle(known),
        "single_bid_share": part(
            None if (found := number(row["Bids received"])) is None else found == 1 for row in lots
        ),
        "sme_bid_share": part_of(bids),
        "lots_share": part(yes(row["Lots considered"]) for row in lots),
        "tender_days_median": middle(waits),
    }


def concluded(raw: Path, end: date) -> list[Row]:
    """On the day of the award, or, where nothing was awarded, on the last day for offers."""
    return [
        row
        for row in tenders(raw)
        if row["Route"].lower() not in UNCOMPETED
        and (row["Awarded on"] or row["Not awarded, why"])
        and is_in_year_to(day(row, "Awarded on") or day(row, "Deadline"), end)
    ]


def _learning(council: Council, period: Period) -> dict[str, Answer]:
    raw, end = council.raw, period.end
    debriefed = {
        row["Contract or tender reference"] for row in log(raw, "debrief") if sure_day(row, "Date") <= end
    }
    done = concluded(raw, end)
    trained = [row for row in log(raw, "training") if is_in_year_to(day(row, "Date"), end)]
    at = {name.strip().lower() for row in trained for name in row["Departments"].split(";")}
    buying = [name.lower() for name in council.settings["procurement"]["departments"]]
    no_names = not trained and sure_day(log(raw)[0], "Date") > months_before(end, 12)
    attending = [found for row in trained if (found := number(row["People attending"])) is not None]
    meetings = {
        (row["Contract or tender reference"] or row["Title"], row["Date"])
        for row in log(raw, "supplier meeting")
        if is_in_year_to(day(row, "Date"), end)
    } | {
        (row["Contract reference"], row["Contract meeting on"])
        for row in results(raw)
        if is_in_year_to(day(row, "Contract meeting on"), end)
    }

    def so_far(row: Row, name: str) -> bool:
        found = day(row, name)
        return found is not None and found <= end

    return {
        "debrief_share": part(so_far(row, "Debrief on") or row["Reference"] in debriefed for row in done),
        "lessons_share": part(so_far(row, "Lessons recorded on") for row in done),
        "training_sessions": exactly(len(trained), Fraction(1) if trained else None),
        "trained_people": people(sum(attending, NOTHING)),
        "trained_department_share": part(None if no_names else name in at for name in buying),
        "group_meetings": part(_met(raw, end)),
        "supplier_meetings": exactly(len(meetings), Fraction(1) if meetings else None),
        "benchmark_count": _benchmarks(raw, period),
    }


def _met(raw: Path, end: date) -> Iterator[bool | None]:
    """The four quarters up to the end, each with a meeting, without one, or before the log begins."""
    begins = sure_day(log(raw)[0], "Date")
    held = [sure_day(row, "Date") for row in log(raw, "group meeting")]
    for months in (0, 3, 6, 9):
        last = months_before(end + timedelta(days=1), months) - timedelta(days=1)
        first = months_before(last + timedelta(days=1), 3)
        yield True if any(first <= one <= last for one in held) else None if last < begins else False


def _benchmarks(raw: Path, period: Period) -> Answer:
    told = rows(raw, "benchmarks", "Service", "Measure", "Like for like", "Year")
    services: dict[str, list[bool]] = defaultdict(list)
    for row in told:
        year = years_of(row["Year"])
        if (
            year is not None
            and year <= period.year
            and number(row["Ours"]) is not None
            and number(row["Theirs"]) is not None
        ):
            services[row["Service"]].append(bool(yes(row["Like for like"])) and year >= period.year - 2)
    return counted(any(of) for of in services.values())


def _uncompeted(raw: Path, period: Period) -> dict[str, Answer]:
    found = {}
    for route in ("waiver", "breach"):
        values = [
            pounds_of(row["Award value"]) or NOTHING
            for row in tenders(raw)
            if row["Route"].lower() == route and in_period(period)(day(row, "Awarded on"))
        ]
        known = Fraction(1) if values else None
        found |= {
            f"{route}_count": exactly(len(values), known),
            f"{route}_gbp": exactly(sum(values, NOTHING), known),
        }
    return found


def _near_limits(council: Council, period: Period) -> dict[str, Answer]:
    amounts = [line.paid.pounds for line in council.in_period(period)]
    near = [one < LIMIT for one in amounts if Fraction(9, 10) * LIMIT <= one < Fraction(11, 10) * LIMIT]
    if len(near) < 20:
        return dict.fromkeys(("near_limit_line_share", "near_limit_line_chance"), UNDEFINED)
    ways = sum(comb(len(near), k) for k in range(sum(near), len(near) + 1))
    return {"near_limit_line_share": part(near), "near_limit_line_chance": exactly(Fraction(ways, 2 ** len(near)))}


# --- the register and the pipeline -----------------------------------------------------------------------------------

# The thirteen items of the Code, each under the headings of the two files.
ITEMS = (
    ("Contract Reference number / ID", "Contract reference"), ("Title of the Agreement", "Contract title"),
    ("Local authority directorate/service responsible", "Directorate"), ("Description of goods and services",),
    ("Supplier name",), ("Contract value",), ("Irrecoverable VAT",), ("Contract start date", "Start date"),
    ("End date",), ("Review date",), ("Tender type",), ("SME supplier",), ("VCSE supplier",),
)  # fmt: skip


def _register(raw: Path) -> dict[str, Answer]:
    """A file has an item where it has a column for it in which any row of the register is filled."""
    kept = [
        row
        for path in sorted((raw / "contracts").glob("*.csv"))
        for row in table(path)
        if row["Supplier name"] and day_of(row.get("Contract start date") or row.get("Start date"))
    ]
    filled = [[any(_states(row.get(name)) for name in names) for names in ITEMS] for row in kept]
    used = [any(row[at] for row in filled) for at in range(len(ITEMS))]
    has = [[used[at] and any(name in row for name in names) for at, names in enumerate(ITEMS)] for row in kept]
    values = [pounds_of(row["Contract value"]) for row in kept]
    return {
        "register_field_share": part(cell for row in filled for cell in row),
        "register_field_present_share": part(
            cell
            for row, own in zip(filled, has, strict=True)
            for cell, is_there in zip(row, own, strict=True)
            if is_there
        ),
        "register_under_5000": counted(None if one is None else one < LIMIT for one in values),
    }


def _states(cell: str | None) -> bool:
    return bool(cell) and cell not in ("TBC",)


def _pipeline(raw: Path, period: Period) -> dict[str, Answer]:
    """By the reference of the contract that a purchase replaces, or by a decision to stop or to bring it in-house."""
    last = months_before(period.end, -18)
    replaced = {row["Current contract reference"].upper() for row in _planned(raw)} - {""}
    ended = {
        row["Contract reference"].upper()
        for row in reviews(raw)
        if row["Decision"].lower() in ("stop", "insource")
        and (found := day(row, "Decided on"))
        and found <= period.end
    }
    ending = [one for one in agreements(raw) if one.end and period.end < one.end <= last]
    return {"pipeline_cover_share": part(one.reference in replaced | ended for one in ending)}


def _planned(raw: Path) -> list[Row]:
    """A sheet with a heading above its table."""
    found = []
    for path in sorted((raw / "pipeline").glob("*.csv")):
        lines = path.read_text(encoding="utf-8-sig").splitlines()
        names = lines[next(at for at, line in enumerate(lines) if line.startswith("Reference,"))].split(",")
        at = names.index("Current contract reference") - len(names)
        found += [{"Current contract reference": line.split(",")[at]} for line in lines if line.startswith("PIPE")]
    return found


def _together(council: Council, period: Period) -> dict[str, Answer]:
    """Suppliers with the departments of their live contracts."""
    departments: dict[str, list[str]] = defaultdict(list)
    for path in sorted((council.raw / "contracts").glob("*.csv")):
        for row in table(path):
            start = day_of(row.get("Contract start date") or row.get("Start date"))
            end = day_of(row.get("Current expiry date")) or day_of(row["End date"])
            if row["Supplier name"] and start and end and start <= period.end <= end:
                number = number_of(row.get("Supplier registered company number"))
                key = council.directory.supplier(row["Supplier name"], number=number).key
                name = row.get("Local authority directorate/service responsible") or row.get("Directorate", "")
                departments[key].append(name)

    def are_several(names: list[str]) -> bool | None:
        known = {name for name in names if name}
        return True if len(known) > 1 else None if len(names) > 1 and "" in names else False

    return {"collaborate_supplier_count": counted(map(are_several, departments.values()))}


# --- notices -----------------------------------------------------------------------------------------------------------


def releases(raw: Path) -> Iterator[tuple[str, date, dict[str, Any]]]:
    """The kind and day of each notice of the council's own."""
    for path in sorted((raw / "notices").glob("*.json")):
        for release in json.loads(path.read_text(encoding="utf-8-sig"))["releases"]:
            parts = (
                release.get("planning", {}),
                release.get("tender", {}),
                *release.get("awards", ()),
                *release.get("contracts", ()),
            )
            kind = next(
                (d["noticeType"] for p in parts for d in p.get("documents", ()) if d["id"] == release["id"]), ""
            )
            published = day_of(release["date"])
            buyers = [party["name"] for party in release["parties"] if "buyer" in party["roles"]]
            if published and "Stevenage Borough Council (illustrative)" in buyers:
                yield kind, published, release


def results(raw: Path) -> list[Row]:
    """Results of the form whose period does not end before it begins."""
    told = rows(
        raw, "contract_performance", "Contract reference", "KPI", "Rating", days=("Period from", "Period to")
    )
    return [row for row in told if sure_day(row, "Period from") <= sure_day(row, "Period to")]


def _notices(raw: Path, period: Period) -> dict[str, Answer]:
    told = list(releases(raw))
    rated = [
        row["Rating"].lower() == "good" for row in results(raw) if is_in_year_to(day(row, "Period to"), period.end)
    ]
    changes, withdrawn = [], set()
    for kind, published, release in told:
        if not is_in_year_to(published, period.end):
            continue
        for contract in release.get("contracts", ()):
            for metric in contract.get("implementation", {}).get("metrics", ()) if kind == "UK9" else ():
                rated += [
                    one["measureClassification"]["description"].startswith("Good")
                    for one in metric["observations"]
                    if is_in_year_to(day_of(one["period"]["endDate"]), period.end)
                ]
            for name in ("proposedAmendments", "amendments") if kind == "UK10" else ():
                changes += [published < day_of(one["date"]) for one in contract.get(name, ())]  # type: ignore[operator]
        if kind == "UK12" and not any(
            "error" in one.get("statusDetails", "").lower() for one in release.get("awards", ())
        ):
            withdrawn.add(release["ocid"])
    published = [one for kind, one, _ in told if kind == "UK1" and one <= period.end]
    published += [
        sure_day(row, "Date") for row in log(raw, "pipeline published") if sure_day(row, "Date") <= period.end
    ]
    return {
        "pipeline_age_days": exactly((period.end - max(published)).days if published else None),
        "performance_good_share": part(rated),
        "change_before_share": part(changes),
        "procurement_ended_count": exactly(len(withdrawn)) if withdrawn else UNDEFINED,
    }
