"""Pack 08: bids, what is learned from tenders, near limits and notices."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction
from math import comb
from pathlib import Path
from typing import Any

from oracle import pack_08_paid, pack_08_register
from oracle.agreements import register
from oracle.answers import (
    NOTHING,
    UNDEFINED,
    Answer,
    at_least,
    counted,
    exactly,
    middle,
    part,
    part_of,
    people,
)
from oracle.bounds import Thing
from oracle.council import Council, Period
from oracle.forms import (
    Row,
    day,
    in_period,
    is_in_year_to,
    log,
    months_before,
    number,
    rows,
    sure_day,
    tenders,
    years_of,
    yes,
)
from oracle.reading import day_of, plain, pounds_of

LIMIT = 5_000
COMPETED = ("open", "selective")
UNCOMPETED = ("direct award", "waiver", "breach")


def figures(council: Council, period: Period) -> dict[str, Answer]:
    return {
        **pack_08_paid.figures(council, period),
        **_bids(council.raw, period),
        **_learning(council, period),
        **_uncompeted(council, period),
        **_near_limits(council, period),
        **pack_08_register.figures(council, period),
        **_notices(council.raw, period),
    }


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

    def is_before_log(row: Row) -> bool:
        told = day(row, "Awarded on") or sure_day(row, "Deadline")
        return not row["Debrief on"] and told < sure_day(log(raw)[0], "Date")

    # Of what was done before the log begins it says nothing.
    is_short = sure_day(log(raw)[0], "Date") > months_before(end + timedelta(days=1), 12)
    is_silent = len(attending) < len(trained)
    seen = {
        "training_sessions": exactly(len(trained), Fraction(1) if trained else None),
        "trained_people": people(sum(attending, NOTHING)),
        "supplier_meetings": exactly(len(meetings), Fraction(1) if meetings else None),
    }
    return {
        **{
            name: at_least(one) if is_short or (is_silent and name == "trained_people") else one
            for name, one in seen.items()
        },
        "debrief_share": part(
            True
            if so_far(row, "Debrief on") or row["Reference"] in debriefed
            else None
            if is_before_log(row)
            else False
            for row in done
        ),
        "lessons_share": part(so_far(row, "Lessons recorded on") for row in done),
        "trained_department_share": part(None if no_names else name in at for name in buying),
        "group_meetings": part(_met(raw, end)),
        "benchmark_count": _benchmarks(raw, period),
    }


def _met(raw: Path, end: date) -> Iterator[bool | None]:
    """The four quarters up to the end, each with a meeting, without one, or before the log begins."""
    begins = sure_day(log(raw)[0], "Date")
    held = [sure_day(row, "Date") for row in log(raw, "group meeting")]
    for months in (0, 3, 6, 9):
        last = months_before(end + timedelta(days=1), months) - timedelta(days=1)
        first = months_before(last + timedelta(days=1), 3)
        yield True if any(first <= one <= last for one in held) else None if first < begins else False


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


def _uncompeted(council: Council, period: Period) -> dict[str, Answer]:
    """The least where the register begins, or notices tell of, more than the list has; and where none is listed, then nothing."""
    raw, found = council.raw, {}
    dated = [row for row in tenders(raw) if in_period(period)(day(row, "Awarded on"))]
    ours = {plain(name) for name in council.settings["council"]["buyer_names"]}
    told = {one.key for one in period.cut(council.awards, lambda award: award.day) if plain(one.buyer) in ours}
    begun = {one.key for one in period.cut(register(raw), lambda contract: contract.start)}
    is_short = max(len(told), len(begun)) > len(dated)
    for route in ("waiver", "breach"):
        values = [pounds_of(row["Award value"]) or NOTHING for row in dated if row["Route"].lower() == route]
        known = Fraction(1) if values else None
        seen = {
            f"{route}_count": exactly(len(values), known),
            f"{route}_gbp": exactly(sum(values, NOTHING), known),
        }
        found |= {
            name: (at_least(one) if values else UNDEFINED) if is_short else one for name, one in seen.items()
        }
    return found


def _near_limits(council: Council, period: Period) -> dict[str, Answer]:
    amounts = [line.paid.pounds for line in council.in_period(period)]
    near = [one < LIMIT for one in amounts if Fraction(9, 10) * LIMIT <= one < Fraction(11, 10) * LIMIT]
    if len(near) < 20:
        return dict.fromkeys(("near_limit_line_share", "near_limit_line_chance"), UNDEFINED)
    ways = sum(comb(len(near), k) for k in range(sum(near), len(near) + 1))
    return {"near_limit_line_share": part(near), "near_limit_line_chance": exactly(Fraction(ways, 2 ** len(near)))}


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
