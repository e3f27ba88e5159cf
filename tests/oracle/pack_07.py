"""Pack 07: windows for review, decisions, services brought in-house, savings and income."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

from oracle.answers import (
    NOTHING,
    UNDEFINED,
    Answer,
    Maybe,
    added,
    among,
    at_least,
    at_most,
    counted,
    exactly,
    least_of,
    part,
)
from oracle.bounds import Thing
from oracle.council import Council, Period
from oracle.forms import Row, day, in_period, months_before, number, rows, sure_day, years_of, yes
from oracle.reading import day_of, plain, pounds_of, table

IN_HOUSE = ("insource", "mixed")
DEFAULT = (*IN_HOUSE, "shared service", "co-operative or mutual")
OTHERWISE = ("re-procure", "extend", "stop")
COUNTED_FROM = date(2025, 4, 1)
DUE_SOON = 90


def figures(council: Council, period: Period) -> dict[str, Answer]:
    return {
        **_windows(council.raw, period),
        **_decided(council.raw, period),
        **_extended(council.raw, period),
        **_in_house(council.raw, period),
        **_savings(council.raw, period),
        **_income(council.raw, period),
    }


class Agreement(NamedTuple):
    """A row of the register: its first end, and the current one, which drives its review."""

    reference: str
    title: str
    start: date
    first_end: date | None
    end: date | None
    pounds: Fraction | None
    annual: Fraction | None
    is_concession: bool | None

    @property
    def opens(self) -> date:
        assert self.end is not None
        return months_before(self.end, 24)

    @property
    def closes(self) -> date:
        assert self.end is not None
        return months_before(self.end, 18)

    @property
    def is_short(self) -> bool:
        """Whether it began after its window had closed."""
        return self.end is not None and self.start > self.closes

    @property
    def a_year(self) -> Fraction | None:
        """As stated, else the value over the years of the term, of which there is one at least."""
        if self.annual is not None or self.pounds is None or self.end is None:
            return self.annual
        after = self.end + timedelta(days=1)
        years = Fraction((after - self.start).days) / Fraction("365.25")
        if after.day == self.start.day:
            years = Fraction((after.year - self.start.year) * 12 + after.month - self.start.month, 12)
        return round(self.pounds / max(years, Fraction(1)) * 100) / Fraction(100)


def agreements(raw: Path) -> list[Agreement]:
    """Both files of the register; a row without a readable first day is refused."""
    found = []
    for path in sorted((raw / "contracts").glob("*.csv")):
        for row in table(path):
            reference = row.get("Contract Reference number / ID") or row.get("Contract reference", "")
            start = day_of(row.get("Contract start date") or row.get("Start date"))
            first = day_of(row["End date"])
            title = row.get("Title of the Agreement") or row.get("Contract title", "")
            if start is None:
                continue
            found.append(
                Agreement(
                    reference.upper(), title, start, first, day_of(row.get("Current expiry date")) or first,
                    pounds_of(row["Contract value"]), pounds_of(row.get("Annual value")),
                    _is_concession(row.get("Contract type", ""), title),
                )
            )  # fmt: skip
    return found


def _is_concession(kind: str, title: str) -> bool | None:
    """By what its type or its title says; a title alone says nothing where it does not name one."""
    return True if "concession" in f"{kind} {title}".lower() else False if kind else None


def reviews(raw: Path) -> list[Row]:
    """Rows of the register of reviews with a decision of the form, and with days that can be."""
    return [
        row
        for row in rows(raw, "insourcing", "Contract reference", "Service", "Decision")
        if row["Decision"].lower() in (*DEFAULT, *OTHERWISE, "not yet")
        and (day(row, "Decided on") or COUNTED_FROM).year > 2010
    ]


def _decision(row: Row, today: date) -> date | None:
    """The day of a decision that had been taken by a day."""
    decided = day(row, "Decided on") if row["Decision"].lower() != "not yet" else None
    return decided if decided and decided <= today else None


def _windows(raw: Path, period: Period) -> dict[str, Answer]:
    today = period.end
    decided: dict[str, list[date]] = defaultdict(list)
    begun: set[str] = set()
    for row in reviews(raw):
        if (found := _decision(row, today)) is not None:
            decided[row["Contract reference"].upper()].append(found)
        elif day(row, "Review begun on") and sure_day(row, "Review begun on") <= today:
            begun.add(row["Contract reference"].upper())
    live = [one for one in agreements(raw) if one.end is None or one.end >= today]

    def state(one: Agreement) -> str | None:
        if one.reference in decided:
            return "decided"
        if one.start > today:
            return "not due"
        if one.end is None:
            return None
        if one.is_short:
            return "short"
        return "not due" if today < one.opens else "open" if today <= one.closes else "closed"

    def are(*wanted: str) -> list[bool | None]:
        return [None if (found := state(one)) is None else found in wanted for one in live]

    soon = [
        None if (found := state(one)) is None else found == "open" and (one.closes - today).days <= DUE_SOON
        for one in live
    ]
    value = [(one.a_year, None if (found := state(one)) is None else found == "open") for one in live]
    over = [
        one
        for one in agreements(raw)
        if one.end is not None and in_period(period)(one.closes) and not one.is_short
    ]
    done = [
        True
        if any(found <= one.closes for found in decided.get(one.reference, ()))
        else None
        if one.reference in begun
        else False
        for one in over
    ]
    return {
        "review_in_window": counted(are("open")),
        "review_due_soon": counted(soon),
        "review_value_in_window": least_of(value),
        "review_closed": counted(are("closed")),
        "review_short_term": counted(are("short")),
        "review_end_unknown": exactly(sum(one.end is None and one.start <= today for one in live)),
        "review_done_share": part(done) if decided or begun else UNDEFINED,
    }


def _decided(raw: Path, period: Period) -> dict[str, Answer]:
    """A decision without a day may have been taken by then."""
    taken = [
        (row, True if _decision(row, period.end) else None)
        for row in reviews(raw)
        if row["Decision"].lower() != "not yet" and (not row["Decided on"] or _decision(row, period.end))
    ]
    if not any(is_base for _, is_base in taken):
        return dict.fromkeys(("insource_default_share", "insource_reason_share"), UNDEFINED)
    return {
        "insource_default_share": among(
            Maybe(is_base, row["Decision"].lower() in DEFAULT) for row, is_base in taken
        ),
        "insource_reason_share": among(
            Maybe(is_base, bool(row["Reason"])) for row, is_base in taken if row["Decision"].lower() in OTHERWISE
        ),
    }


def _extended(raw: Path, period: Period) -> dict[str, Answer]:
    extended = [
        (one.reference, begins)
        for one in agreements(raw)
        if one.first_end and one.end and one.end > one.first_end
        for begins in (one.first_end + timedelta(days=1),)
        if in_period(period)(begins)
    ]
    told = defaultdict[str, list[date]](list)
    for row in reviews(raw):
        told[row["Contract reference"].upper()] += [
            found for name in ("Review begun on", "Decided on") if (found := day(row, name))
        ]
    missed = [not any(found <= begins for found in told[reference]) for reference, begins in extended]
    return {
        "extension_taken_count": exactly(len(extended), Fraction(1) if extended else None),
        "extension_unreviewed_count": counted(missed) if missed else UNDEFINED,
    }


def _in_house(raw: Path, period: Period) -> dict[str, Answer]:
    """A service that was decided on and states no start may be in-house, as long as that decision is not later."""
    names = ("insourced_total", "scaled_count", "jobs_in_house", "case_study_share")
    today = period.end
    decided = [row for row in reviews(raw) if row["Decision"].lower() in IN_HOUSE]
    services = [row for row in decided if day(row, "Start in house")]

    def unsure(by: date) -> list[Row]:
        return [row for row in decided if row not in services and (day(row, "Decided on") or date.min) <= by]

    def whole(sure: int) -> Answer:
        facts = [True] * sure + [None] * len(unsure(today))
        return counted(facts) if facts else exactly(0, None)

    first = whole(sum(in_period(period)(day(row, "Start in house")) for row in services))
    if today < COUNTED_FROM:
        return {"insourced_count": first, **dict.fromkeys(names, UNDEFINED)}
    so_far = [row for row in services if COUNTED_FROM <= sure_day(row, "Start in house") <= today]
    sold = {
        plain(row["Contract reference or unit"])
        for row in income(raw)
        if row["Kind"].lower() == "external trading" and (years_of(row["Financial year"]) or 0) <= period.year
    }

    def is_scaled(row: Row) -> bool | None:
        sale, start = day(row, "First sold externally on"), day(row, "Start in house")
        names = {plain(row["Service"]), plain(row["Contract reference"])}
        is_sold = bool(sale and sale <= today and names & sold)
        return None if is_sold and not start else bool(is_sold and start and sale and sale >= start)

    after = months_before(today, 12)
    old = [
        row
        for row in services
        if any(
            found and found < after for found in (day(row, "Start in house"), day(row, "First sold externally on"))
        )
    ]
    posts = [(number(row["Posts (FTE)"]), True) for row in so_far]
    return {
        "insourced_count": first,
        "insourced_total": whole(len(so_far)),
        "scaled_count": counted(is_scaled(row) for row in (*so_far, *unsure(today))),
        "jobs_in_house": at_least(least_of(posts)) if unsure(today) else least_of(posts),
        "case_study_share": among(
            Maybe(is_base, bool(row["Case study on"] and sure_day(row, "Case study on") <= today))
            for is_base, some in ((True, old), (None, unsure(after)))
            for row in some
        ),
    }


def _savings(raw: Path, period: Period) -> dict[str, Answer]:
    """Years that are over, realised, against a price that was paid: signed by finance, or not known to stand."""

    def is_signed(row: Row) -> bool | None:
        signed = day(row, "Signed off on")
        return True if row["Signed off by finance (role)"] and signed and signed <= period.end else None

    def may_have_begun(row: Row) -> bool:
        return not row["Start in house"] and (day(row, "Decided on") or date.min) <= period.end

    saved = [
        Thing(
            (pounds_of(row["Baseline cost"]) or NOTHING) - (pounds_of(row["New cost"]) or NOTHING), is_signed(row)
        )
        for row in rows(raw, "savings", "Reference", "Kind", "Baseline cost", "New cost")
        if row["Kind"].lower() == "insourcing"
        and yes(row["Realised"])
        and row["Baseline is"].lower() in ("last price paid", "indexed last price")
        and date((years_of(row["Financial year"]) or 9000) + 1, 3, 31) <= period.end
    ]
    if not any(one.fact for one in saved):
        return dict.fromkeys(("insource_saving", "insource_saving_net"), UNDEFINED)
    spent = [
        Thing(-cost, True)
        for row in reviews(raw)
        if (cost := pounds_of(row["Transition cost"])) and (day(row, "Start in house") or date.max) <= period.end
    ]
    costed = {
        plain(row[name])
        for row in rows(raw, "savings", "Reference", "Kind", "Baseline cost", "New cost")
        for name in ("Contract reference", "Title")
        if row["Kind"].lower() == "insourcing" and row["Cost to achieve"]
    }
    # A service decided to come in-house that states no first day may be there.
    perhaps = [
        Thing(-cost, None)
        for row in reviews(raw)
        if (cost := pounds_of(row["Transition cost"]))
        and row["Decision"].lower() in DEFAULT
        and may_have_begun(row)
        if not costed & {plain(row["Contract reference"]), plain(row["Service"])}
    ]
    nobody_knows = any(
        row["Decision"].lower() in IN_HOUSE
        and (may_have_begun(row) or (day(row, "Start in house") or date.max) <= period.end)
        and not row["Transition cost"]
        and not costed & {plain(row["Contract reference"]), plain(row["Service"])}
        for row in reviews(raw)
    )
    net = added([*saved, *spent, *perhaps])
    return {"insource_saving": added(saved), "insource_saving_net": at_most(net) if nobody_knows else net}


def income(raw: Path) -> list[Row]:
    told = rows(raw, "income", "Contract reference or unit", "Kind", "Financial year", "Income")
    return [row for row in told if years_of(row["Financial year"])]


def _income(raw: Path, period: Period) -> dict[str, Answer]:
    """The last financial year that is over on the last day."""
    year = period.year if period.quarter in (0, 4) else period.year - 1
    told = [row for row in income(raw) if years_of(row["Financial year"]) == year]
    earned = {row["Contract reference or unit"]: pounds_of(row["Income"]) or NOTHING for row in told}
    net = [
        Thing(earned[row["Contract reference or unit"]] - cost, True)
        for row in told
        for cost in (pounds_of(row["Direct cost"]),)
        if cost is not None
    ]
    in_force = [
        None if one.end is None and one.is_concession else one.is_concession
        for one in agreements(raw)
        if one.start <= period.end and (one.end is None or one.end >= period.end)
    ]
    return {
        "income_contract_count": exactly(len(earned)),
        "income_gbp": exactly(sum(earned.values(), NOTHING)),
        "income_net_gbp": added(net),
        # What earns as a concession is, in these files, the one that is on the register.
        "concession_count": counted(in_force),
    }
