"""Figures of pack 02 that are definitions: what is planned, who is there, and what leaves that could be influenced.

Left out are the grades of markets, which rest on a bridge from codes to industries. No supplier of the illustrative council
is a public body, and its register states no extensions: neither is looked for.
"""

from __future__ import annotations

import calendar
import csv
import io
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

from oracle.agreements import Contract, register
from oracle.bounds import UNDEFINED, Figure, Thing, nets, over, total
from oracle.council import Council, Line, Period, count, named
from oracle.organisations import Organisation
from oracle.places import district_of_postcode
from oracle.reading import day_of, flag_of, plain, pounds_of, table

_PLANNING = ("UK1", "UK2", "UK3", "UK4")


class Plan(NamedTuple):
    """A planned purchase: on which day it is expected, what it is worth, and whether it is said to be committed."""

    title: str
    day: date
    pounds: Fraction | None
    is_committed: bool = False


def figures(council: Council, period: Period) -> dict[str, Figure]:
    return {**_demand(council, period), **_supply(council, period), **_influence(council, period)}


def months_on(day: date, months: int) -> date:
    """The last day of a month so many months on."""
    months += day.year * 12 + day.month - 1
    return date(months // 12, months % 12 + 1, calendar.monthrange(months // 12, months % 12 + 1)[1])


def _horizon(council: Council, period: Period) -> date:
    return months_on(period.end, council.settings["gap"]["horizon_months"])


def _demand(council: Council, period: Period) -> dict[str, Figure]:
    """A notice counts unless the pipeline tells its title, a contract that ends unless either does."""
    first, last = period.end, _horizon(council, period)
    lines = list(_pipeline(council.raw / "pipeline"))
    plans = [line for line in lines if first < line.day <= last]
    for more in (_notices(council, first), _ending(council, first)):
        told = {plain(plan.title) for plan in plans}
        plans += [plan for plan in more if first < plan.day <= last and plain(plan.title) not in told]
    stated = [plan.pounds for plan in plans if plan.pounds]
    return {
        "demand_count": _number(len(plans)),
        "demand_value": Figure(sum(stated, Fraction())),
        "demand_valued_share": over(_number(len(stated)), len(plans)),
        "pipeline_past_count": _number(sum(line.day <= first for line in lines)),
        "opportunity_count": _number(sum(not plan.is_committed for plan in plans)),
    }


def _number(count_: int) -> Figure:
    return Figure(Fraction(count_))


def _pipeline(folder: Path) -> Iterator[Plan]:
    """Rows below the heading, which stands below a title."""
    for path in sorted(folder.glob("*.csv")):
        text = path.read_text(encoding="utf-8-sig")
        head = text.index("Reference,Procurement title")
        for row in csv.DictReader(io.StringIO(text[head:])):
            if row["Procurement title"] and (day := _planned_day(row["Expected tender date"])):
                value = pounds_of(row["Estimated total value"].replace("£", ""))
                yield Plan(row["Procurement title"], day, value or None, flag_of(row["Committed"]) is True)


def _planned_day(text: str) -> date | None:
    """A day, or the first of a month or of a financial quarter."""
    if day := day_of(text):
        return day
    if quarter := re.fullmatch(r"Q(\d) (\d{4})/\d\d", text.strip()):
        return Period(int(quarter[2]), int(quarter[1])).start
    try:
        return datetime.strptime(text.strip(), "%B %Y").date()
    except ValueError:
        return None


def _notices(council: Council, day: date) -> list[Plan]:
    """The newest planning or tender notice of each purchase of the council's up to a day; bids until, else the tender."""
    buyers = {plain(name) for name in council.settings["council"]["buyer_names"]}
    newest: dict[str, tuple[tuple[date, str], str, dict[str, Any]]] = {}
    for path in sorted((council.raw / "notices").glob("*.json")):
        for release in json.loads(path.read_text(encoding="utf-8-sig"))["releases"]:
            kind, published = _kind(release), day_of(release["date"])
            if (
                plain(release.get("buyer", {}).get("name", "")) not in buyers
                or kind not in _PLANNING
                or not published
            ):
                continue
            rank = (published, release["id"])
            if published <= day and (release["ocid"] not in newest or rank > newest[release["ocid"]][0]):
                newest[release["ocid"]] = (rank, kind, release["tender"] | {"published": published})
    plans = []
    for _, kind, tender in newest.values():
        due = day_of(tender.get("tenderPeriod", {}).get("endDate"))
        if kind != "UK4":
            due = day_of(tender.get("communication", {}).get("futureNoticeDate")) or tender["published"]
        if due:
            plans.append(Plan(tender["title"], due, pounds_of(tender.get("value", {}).get("amount")) or None))
    return plans


def _kind(release: dict[str, Any]) -> str | None:
    parts = [release.get("planning", {}), release.get("tender", {}), *release.get("awards", [])]
    documents = [d for part in (*parts, *release.get("contracts", [])) for d in part.get("documents", [])]
    return next((d.get("noticeType") for d in documents if d["id"] == release["id"]), None)


def _ending(council: Council, day: date) -> list[Plan]:
    """Contracts in force on a day, each once, on the day on which they end."""
    found = {c.reference or c.key: c for c in reversed(register(council.raw)) if c.start <= day and c.end}
    return [Plan(one.title, one.end, one.pounds or None) for one in reversed(found.values()) if one.end]


def _supply(council: Council, period: Period) -> dict[str, Figure]:
    first = months_on(period.end, -36)
    paid = named(line for line in council.lines if first < line.paid.day <= period.end)
    # Who registered after the period was not there in it.
    there = [body for body in council.directory.registers.all if body.began is None or body.began <= period.end]
    bodies = [body for body in there if body.is_in_business]
    rows = [row for path in (council.raw / "business_counts").glob("*.csv") for row in table(path)]
    newest = max(row["DATE_NAME"] for row in rows)
    units = [
        Fraction(row["OBS_VALUE"])
        for row in rows
        if row["DATE_NAME"] == newest
        and row["EMPLOYMENT_SIZEBAND_NAME"] == "Total"
        and row["GEOGRAPHY_CODE"] in council.local
    ]
    return {
        "local_organisation_count": total(Thing(Fraction(1), _is_here(council, body)) for body in bodies),
        "known_local_supplier_count": total(count(paid.values(), council.is_local)),
        "business_unit_count": Figure(sum(units, Fraction())),
    }


def _is_here(council: Council, body: Organisation) -> bool | None:
    code = body.postcode
    district = district_of_postcode(code[0]).get(code) if code else None
    return None if district is None else district in council.local


def _influence(council: Council, period: Period) -> dict[str, Figure]:
    """By CPV division, in none less than nought: what leaves and is not under a contract in force that ends beyond the
    horizon. What may be under one, or under one without an end, stands by itself: of it that is not known."""
    last, contracts = _horizon(council, period), _Contracts(council)
    divisions: dict[tuple[str, bool], list[Line]] = {}
    for line in council.in_period(period):
        in_force = contracts.of(line)
        is_open = in_force is None or None in in_force
        tied = not is_open and any(end and end > last for end in in_force or ())
        if not line.is_one_off and not tied:
            divisions.setdefault(((line.paid.cpv or "").zfill(8)[:2], is_open), []).append(line)
    if not divisions:
        return {"influenceable_spend": UNDEFINED}
    made = [
        total(nets((ln.thing, ln.paid.pounds, _may_move(_leaves(council, ln), is_open)) for ln in own))
        for (_, is_open), own in divisions.items()
    ]
    ends_of = zip(*((max(end or Fraction(), Fraction()) for end in figure) for figure in made), strict=True)
    return {"influenceable_spend": Figure(*(sum(ends, Fraction()) for ends in ends_of))}


class _Contracts:
    """The register by reference and by supplier: who is once paid by a contract's reference is its supplier too."""

    def __init__(self, council: Council):
        self.by_reference: dict[str, list[Contract]] = defaultdict(list)
        self.by_supplier: dict[object, list[Contract]] = defaultdict(list)
        for contract in register(council.raw):
            self.by_reference[contract.reference].append(contract)
            self.by_supplier[council.directory.supplier(contract.supplier, None, contract.number).key].append(
                contract
            )
        for line in council.lines:
            if line.supplier:
                self.by_supplier[line.supplier.key] += self.by_reference.get(_reference(line), ())

    def of(self, line: Line) -> list[date | None] | None:
        """The ends of the contract that a payment names, else of the only one that its supplier ever had, none where it has none in
        force; None where it has one in force, and others."""
        named, day = self.by_reference.get(_reference(line), []), line.paid.day
        if named and min(one.start for one in named) <= day:
            return [one.end for one in named]
        own = self.by_supplier.get(line.supplier.key, []) if line.supplier else []
        live = [one for one in own if one.start <= day and (one.end is None or one.end >= day)]
        if not live:
            return []
        return [one.end for one in live] if not named and len({one.key for one in own}) == 1 else None


def _reference(line: Line) -> str:
    return (line.paid.contract or "").strip().upper()


def _may_move(leaves: bool | None, is_open: bool) -> bool | None:
    return None if leaves and is_open else leaves


def _leaves(council: Council, line: Line) -> bool | None:
    local = council.is_local(line.supplier) if line.supplier else None
    return None if local is None else not local
