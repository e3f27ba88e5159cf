"""The verdict on one item: each term of its evidence by the item's rule, then together."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from cwb.base.days import months_after
from cwb.base.rows import PLACE, Row
from cwb.council.periods import long_date
from cwb.evidence.data import PackData
from cwb.evidence.definitions import definition
from cwb.evidence.finding import number
from cwb.packs.annex.revisions import published_by_then, revisions
from cwb.packs.compare import not_over
from cwb.packs.others import SharedFinding, found_at, found_by_others
from cwb.packs.strategy_tracker.evidence import Log, Number, Published, Term
from cwb.packs.strategy_tracker.items import Item, names_in
from cwb.packs.strategy_tracker.rules import (
    KEPT_UP_MONTHS,
    REPORTED,
    Known,
    Status,
    Verdict,
    all_needed,
    before_first_year,
    before_its_time,
    begun,
    claim,
    coverage,
    direction,
    duty,
    one_suffices,
    recurring,
    reported,
    tested,
)

NO_EVIDENCE = "the table names no evidence of it"
_TO_NAME = "A finding or a log that the strategy's table names as its evidence would settle it."
_NO_TARGET, _NO_INTERVAL = (
    f"The council decides it: {what}, in the strategy's table." for what in ("a target", "an interval")
)
_WHOLE_PERIOD = "The files of all months of both periods would settle it."
# What a person decides: no form or file says it.
DECIDED = frozenset({_TO_NAME, _NO_TARGET, _NO_INTERVAL})
_BEGINS = "the log of activity begins on {}"
_ASKED = {">=": "at least", "<=": "at most", ">": "more than", "<": "less than"}


@dataclass(frozen=True)
class World:
    """What items are judged by: the day, rows of the log up to it, its first day, why there is no log, and how figures published before
    compare."""

    data: PackData
    day: date
    log: tuple[Row, ...]
    log_begins: date | None
    no_log: str | None
    published: Mapping[str, tuple[str, ...]]


def world_of(data: PackData) -> World:
    """The evidence at hand for a period; the day is its last."""
    day = data.period.end
    log = data.rows(
        f"""SELECT activity_date, kind, item, next_date, source_file FROM activity
        WHERE activity_date <= DATE '{day}' ORDER BY activity_date, {PLACE}"""
    )
    no_log = data.why_not("activity")
    begins: date | None = None if no_log else data.rows("SELECT min(activity_date) AS day FROM activity")[0]["day"]
    if begins and begins > day:
        no_log = _BEGINS.format(long_date(begins))
    agrees: dict[str, tuple[str, ...]] = {}
    for figure, word in zip(published_by_then(data), revisions(data).table.get("agrees", ()), strict=False):
        agrees[figure.finding] = (*agrees.get(figure.finding, ()), word)
    return World(data, day, tuple(log), begins, no_log, agrees)


def verdict_on(item: Item, world: World) -> Verdict:
    """The verdict on an item that has no parts."""
    if item.rule != "K7" and (early := before_its_time(item.since, world.day)):
        return early
    if not item.evidence:
        return Verdict(Status.NO_DATA, NO_EVIDENCE, settles=item.row["settled_by"] or _TO_NAME)
    needs = [one_suffices([_on_term(item, term, world) for term in need]) for need in item.evidence]
    return claim(needs) if item.rule == "K7" else all_needed(needs)


def _on_term(item: Item, term: Term, world: World) -> Verdict:
    if isinstance(term, Log):
        return _on_log(item, term, world)
    if isinstance(term, Published):
        return _on_published(term, world)
    found = found_by_others(world.data, term.finding)
    if found.is_hidden and item.rule in ("K4", "K5") and not term.sign:
        # It is reported: only the number, which counts too few people, is not shown.
        return Verdict(Status.ON_TRACK, REPORTED)
    if found.value is None:
        return Verdict(Status.NO_DATA, found.undefined, settles=found.settles)
    verdict = _on_number(item, term, found, world)
    if verdict.cannot_tell:
        ends = found.bounds or f"{found.text}, perhaps more"
        settles = found.settles or f"More that is known of what {found.label} counts would settle it."
        return replace(verdict, why=f"{verdict.why}: {found.label} is {ends}", settles=settles)
    return replace(verdict, settles=verdict.settles or found.settles)


def known_of(found: SharedFinding) -> Known:
    """The number with its range; one that has none is sure, but for one that is at least, or at most, so much."""
    assert found.value is not None
    low, high = (found.value if end is None else end for end in (found.low, found.high))
    if found.is_least and high <= found.value:
        high = math.inf
    if found.low is None and found.high is not None:
        low = -math.inf
    return Known(found.value, low, high, 1.0 if found.coverage is None else found.coverage)


def _on_number(item: Item, term: Number, found: SharedFinding, world: World) -> Verdict:
    known = known_of(found)
    if item.rule == "K1" and (early := before_first_year(item.since, world.day)):
        return early
    if term.sign:
        asked = f"{_ASKED[term.sign]} {number(term.bound, found.unit, found.value)} is asked"
        return tested(known, term.sign, term.bound, f"{found.label} is {found.text}, and {asked}")
    match item.rule:
        case "K1":
            return _on_direction(item, term, found, world)
        case "K2" if found.unit == "days":
            # An age is counted to the day of the report.
            return _on_interval(item, world.data.report_day - timedelta(days=int(known.value)), world)
        case "K3" if item.target is None:
            return Verdict(Status.NO_DATA, "no target is set", settles=_NO_TARGET)
        case "K3":
            assert item.target is not None
            return coverage(known, item.target, item.by, world.day)
        case "K6":
            return duty(known, found.owed)
        case _:
            return reported(known)


def _on_direction(item: Item, term: Number, found: SharedFinding, world: World) -> Verdict:
    """Against the same months of the baseline; a change is against nought."""
    data, known = world.data, known_of(found)
    if definition(term.finding).is_change:
        return direction(known, Known(0.0, 0.0, 0.0), item.better)
    rests_on_ledger = not {report.file for report in data.lineage.of("spend")}.isdisjoint(found.files)
    if why := data.months_missing(data.baseline) if rests_on_ledger else not_over(data):
        return Verdict(Status.NO_DATA, f"it cannot be compared: {why}", settles=_WHOLE_PERIOD)
    then = found_at(data, term.finding, data.baseline)
    if then.value is None:
        why = f"it has no baseline: {then.undefined}"
        return Verdict(Status.NO_DATA, why, settles=then.settles)
    return direction(known, known_of(then), item.better)


def _on_interval(item: Item, last: date | None, world: World) -> Verdict:
    if item.months is None:
        return Verdict(Status.NO_DATA, "no interval is set", last=last, settles=_NO_INTERVAL)
    return recurring(last, item.months, item.since, world.day)


def log_rows(item: Item, term: Log, world: World) -> list[Row]:
    """Rows of the log that name the item, or are of the term's kinds, oldest first."""
    return [row for row in world.log if row["kind"] in term.kinds or item.id in names_in(row["item"])]


def _on_log(item: Item, term: Log, world: World) -> Verdict:
    if world.no_log:
        return Verdict(Status.NO_DATA, world.no_log)
    days = [row["activity_date"] for row in log_rows(item, term, world)]
    since = item.since or date.min
    match item.rule:
        case "K2":
            return _within_log(_on_interval(item, max(days, default=None), world), item, world)
        case "K5":
            last = max((day for day in days if day >= since), default=None)
            return _within_log(begun(last, world.day), item, world)
        case _ if days:
            return Verdict(Status.ON_TRACK, "the log has it", last=max(days))
        case _:
            settles = "A row of the log of activity that names it would settle it."
            return Verdict(Status.NO_DATA, "the log has no row of it", settles=settles)


def _within_log(verdict: Verdict, item: Item, world: World) -> Verdict:
    """Nobody knows whether what the log has nothing of was done before the log begins, in the months that are asked, or since it
    stops: what was due only after its newest row is not late for certain."""
    ends = world.log[-1]["activity_date"] if world.log else None
    if verdict.status is Status.BEHIND and verdict.due and ends and ends < verdict.due:
        why = f"due on {long_date(verdict.due)}, and the log has nothing after {long_date(ends)}"
        return Verdict(
            Status.NO_DATA, why, last=verdict.last, settles="The log of what was done since would settle it."
        )
    asked = months_after(world.day, -(item.months or KEPT_UP_MONTHS)) + timedelta(days=1)
    begins = world.log_begins
    if (
        verdict.status is not Status.BEHIND
        or verdict.last
        or begins is None
        or begins <= max(asked, item.since or asked)
    ):
        return verdict
    settles = "The log of what was done before that day would settle it."
    return Verdict(Status.NO_DATA, f"{verdict.why}, and {_BEGINS.format(long_date(begins))}", settles=settles)


def _on_published(term: Published, world: World) -> Verdict:
    words = world.published.get(term.finding, ())
    label = definition(term.finding).label
    if "No" in words:
        return Verdict(Status.BEHIND, f"the rows give another figure now: {label}")
    if words and set(words) == {"Yes"}:
        return Verdict(Status.ON_TRACK, f"the rows give the same figure: {label}")
    settles = "The files of the published period, and the figure in the settings, would settle it."
    return Verdict(Status.NO_DATA, f"the published figure cannot be compared: {label}", settles=settles)
