"""Developers' employment and skills plans: which report, and which of their measures are where they should be by now."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

import pandas as pd
import pyarrow as pa

from cwb.base.rows import Row
from cwb.council.periods import Period
from cwb.evidence.headcounts import FEWER, HIDDEN_TEXTS, KEPT_BACK, LEAST, hidden, is_small
from cwb.packs.exhibits import Stack, counted, or_why, plural, range_text
from cwb.packs.measure import (
    Column,
    Definition,
    Measured,
    PackData,
    Result,
    Shown,
    Undefined,
    ask,
    measure,
    unless,
)
from cwb.packs.questions import Fact, Relation, Thing, count, exactly, number, share
from cwb.packs.social_value.returns import FULL_TIME, PEOPLE, added, heads, returned, told_people
from cwb.packs.social_value.spans import add_up_once, passed

_PLAN, _MEASURE = Thing("plan", "scheme", "plans"), Thing("plan_measure", "scheme", "measures of plans")
_DATES = "The first and last day of each plan in its returns would settle it."
_IS_LIVE = Fact("is_live", "which plans are live is known", _DATES)
_ON_TARGET = Fact("is_on_target", "what is due by now is known and what was delivered may be told", _DATES)
_STATES = {True: "On target", False: "Behind", None: "Not known"}
_DRAWN = 10
_LABOUR = "local labour share"


@dataclass(frozen=True)
class PlanMeasure:
    """One measure of one plan by the end of the period: its target, what is due by now, what was delivered; a share for local labour.

    `told` is what was delivered as it may be told; `is_few` that a share is of fewer than 5 people, or leaves fewer.
    """

    measure: str
    basis: str
    target: Decimal
    due: Decimal | None
    delivered: Decimal | None
    is_few: bool
    source: Row
    told: object = None

    @property
    def counts(self) -> str:
        """What people it counts, by which the same of other plans is found; "" for none."""
        if self.measure == _LABOUR:
            return _LABOUR
        return (
            self.measure
            if self.basis in PEOPLE
            else f"{self.measure} {FULL_TIME}"
            if self.basis == FULL_TIME
            else ""
        )

    @property
    def is_on_target(self) -> bool | None:
        """As it follows from what is told: fewer than 5 are behind where 5 are due, and else could be on target."""
        if self.due is None or self.delivered is None:
            return None
        if self.told in HIDDEN_TEXTS:
            return False if self.told == FEWER and self.due >= LEAST else None
        return self.delivered >= self.due


def _quarter(period: Period) -> tuple[date, date]:
    """The first and last day of the period's last quarter."""
    last = period if period.quarter else Period(period.start_year, 4)
    return last.start, last.end


@exactly
def plan_measure(rows: list[Row], day: date) -> PlanMeasure | None:
    """A plan's measure from its returns up to a day; None without a target.

    Delivered is the latest cumulative number that is stated, else the sum of periods: the two are never added. Of local labour the
    target is a share, and so is what was delivered, whatever time has passed. 9 apprentices where the target is 12.4: behind once the
    plan has ended; 46 of 200 workers where it is 25%: behind.
    """
    last = max(rows, key=lambda row: (row["period_to"], row["source_file"], row["source_row"]))
    target = next((row["target"] for row in reversed(rows) if row["target"] is not None), None)
    if not target:
        return None
    told = max(
        (row for row in rows if row["cumulative"] is not None), key=lambda row: row["period_to"], default=None
    )
    kept, _ = add_up_once(rows)
    delivered: Decimal | None = added(kept) if told is None else told["cumulative"]
    few = False
    if last["measure"] == _LABOUR:
        workers = added(kept)
        is_told = workers > 0 and all(row["residents"] is not None for row in kept)
        residents = added(kept, "residents")
        # A share of few workers tells how many they are.
        few = is_small(float(residents)) or is_small(float(workers - residents))
        delivered = residents / workers if is_told else None
        target = due = target / 100 if target > 1 else target
    else:
        first, end = (
            next((row[name] for row in reversed(rows) if row[name] is not None), None)
            for name in ("plan_start", "plan_end")
        )
        due = target * passed(first, end, day) if first and end and first <= end else None
    return PlanMeasure(last["measure"], last["basis"], target, due, delivered, few, last)


def as_told(found: list[PlanMeasure], of_period: list[Row]) -> list[PlanMeasure]:
    """Measures with what was delivered as it may be told beside one another and beside the returns of the period (which are told
    together, those of other schemes among them): as if all of what counts the same people were added up."""
    told: list[object] = [one.delivered for one in found]
    cells = told_people(of_period)
    for kind in dict.fromkeys(one.counts for one in found if one.counts):
        places = [at for at, one in enumerate(found) if one.counts == kind and one.delivered is not None]
        listed = {found[at].source["scheme_key"] for at in places}
        others = [row for row in heads(of_period, (kind,)) if row["scheme_key"] not in listed]
        if kind == _LABOUR:
            shown = [KEPT_BACK if any(found[at].is_few for at in places) else told[at] for at in places]
        elif cells.get(kind) == KEPT_BACK:
            shown = [FEWER if is_small(float(found[at].delivered or 0)) else KEPT_BACK for at in places]
        else:
            shown = hidden([*(told[at] for at in places), *([added(others)] if others else [])])[: len(places)]
        for at, cell in zip(places, shown, strict=True):
            told[at] = cell
    return [replace(one, told=cell) for one, cell in zip(found, told, strict=True)]


@measure(
    Definition(
        "esp_count", "Skills plans that are live", "count", "count",
        "Employment and skills plans of planning agreements (section 106) whose days include the last day of the period.",
    ),
    Definition(
        "esp_reporting_share", "Live plans that reported for the quarter", "share", "share",
        "Live plans with a return of the quarter divided by live plans; of a year, of its last quarter.",
    ),
    Definition(
        "esp_on_target_share", "Measures of live plans on target", "share", "share",
        "Measures at or above their target times the part of the plan that has passed divided by measures with a target; local labour against its whole target.",
        excluded="Measures without a target.",
    ),
    question="Do developers keep their employment and skills plans?",
    needs=("employment",),
    main=("esp_count",),
)  # fmt: skip
def plans(data: PackData) -> Result:
    """Measures of live plans with a target: what is due by now and what was delivered.

    One row per plan, measure and basis, plans behind first: `plan` (its number), `scheme`, `measure`, `basis`, `target`, `due`, `delivered` (texts: fewer than 5
    people are told as that, and local labour is a share), `state` ("On target", "Behind", "Not known"; of what is not told only what
    follows all the same).
    """
    day = data.period.end
    sql = f"""SELECT * FROM employment WHERE kind = 's106' AND period_to <= DATE '{day}'
        ORDER BY scheme_key, period_to, source_file, source_sheet, source_row"""
    by_plan: dict[str, list[Row]] = defaultdict(list)
    for row in data.rows(sql):
        by_plan[row["scheme_key"]].append(row)
    if not by_plan:
        raise Undefined("no return of a plan of a planning agreement reaches back that far")
    first, last = _quarter(data.period)
    listed, measured = list[Row](), list[tuple[int, PlanMeasure]]()
    for n, rows in enumerate(by_plan.values(), start=1):
        begins, ends = (
            next((row[name] for row in reversed(rows) if row[name] is not None), None)
            for name in ("plan_start", "plan_end")
        )
        is_live = None if begins is None or ends is None else begins <= day <= ends
        has_return = any(first <= row["period_from"] and row["period_to"] <= last for row in rows)
        listed.append({**rows[-1], "plan": f"plan {n}", "is_live": is_live, "has_return": has_return})
        things: dict[tuple[str, str], list[Row]] = defaultdict(list)
        for row in rows if is_live is not False else ():
            things[row["measure"], row["basis"]].append(row)
        measured += [(n, one) for of in things.values() if (one := plan_measure(of, day)) is not None]
    of_period, _ = returned(data, data.period.start, day)
    told = as_told([one for _, one in measured], of_period)
    measured = [(n, one) for (n, _), one in zip(measured, told, strict=True)]
    with_target = [
        {**one.source, "plan_measure": f"{n} {one.measure} {one.basis}", "is_on_target": one.is_on_target}
        for n, one in measured
    ]
    all_plans, targets = _table(data, "plans", listed), _table(data, "plan_measures", with_target)
    live = all_plans.where("is_live")
    answers = ask(
        data,
        count("esp_count", all_plans, _IS_LIVE, per=_PLAN),
        unless(
            None if data.count(live) else "no plan is known to be live",
            share("esp_reporting_share", live, Fact("has_return"), by=None, per=_PLAN),
        ),
        unless(
            None if with_target else "no plan that may be live states a target",
            share("esp_on_target_share", targets, _ON_TARGET, by=None, per=_MEASURE),
        ),
    )
    silent = data.count(live.where("NOT has_return"))
    table = [(n, one.source["scheme"] or "Not stated", *_row(one)) for n, one in measured]
    frame = pd.DataFrame(
        table, columns=["plan", "scheme", "measure", "basis", "target", "due", "delivered", "state"]
    )
    frame = frame.assign(order=frame["state"].map({"Behind": 0, "Not known": 1, "On target": 2}))
    behind = frame["plan"].map(frame[frame["order"] == 0].groupby("plan").size()).fillna(0)
    frame = frame.assign(behind=-behind).sort_values(["behind", "plan", "order", "measure"], ignore_index=True)
    return Result.of(
        answers, frame.drop(columns=["order", "behind"]), facts={"silent": f"{silent:,}"} if silent else {}
    )


def _table(data: PackData, name: str, rows: list[Row]) -> Relation:
    columns = {
        "source_file": pa.string(), "source_sheet": pa.string(), "source_row": pa.int64(), "plan": pa.string(), "scheme": pa.string(), "measure": pa.string(),
        "basis": pa.string(), "plan_measure": pa.string(), "is_live": pa.bool_(), "has_return": pa.bool_(), "is_on_target": pa.bool_(),
    }  # fmt: skip
    kept = [{column: row.get(column) for column in columns} for row in rows]
    return data.add_table(
        f"skills_{name}", pa.Table.from_pylist(kept, pa.schema(list(columns.items()))), ("employment",)
    )


def _row(one: PlanMeasure) -> tuple[str, ...]:
    is_share = one.measure == _LABOUR

    def text(amount: object) -> str:
        if amount is None:
            return "not known"
        if not isinstance(amount, Decimal):
            return str(amount)
        if is_share:
            return number(float(amount), "share")
        return (
            number(float(amount), "gbp") if one.basis == "pounds" else f"{float(amount):,.1f}".removesuffix(".0")
        )

    return (
        one.measure[:1].upper() + one.measure[1:],
        one.basis,
        text(one.target),
        text(one.due),
        text(one.told),
        _STATES[one.is_on_target],
    )


@plans.shown
def exhibit(m: Measured) -> Shown:
    live, reporting, on_target = m["esp_count"], m["esp_reporting_share"], m["esp_on_target_share"]
    bars = []
    for _, rows in list(m.table.groupby("plan", sort=False))[:_DRAWN]:
        counts = rows["state"].value_counts()
        parts = tuple(
            (state, float(counts.get(state, 0)) / len(rows), f"{counts[state]}" if state in counts else "")
            for state in _STATES.values()
        )
        bars.append((str(rows["scheme"].iloc[0]), parts))
    says = [
        or_why(reporting, f"Live plans with a return for the quarter: {reporting}.", "How many plans report"),
        or_why(
            on_target,
            f"Of their measures with a target, {on_target} are at or above what is due by now{range_text(on_target)}, if it comes in evenly.",
            "How many measures are on target",
        ),
    ]
    if n := m.facts.get("silent"):
        says.append(f"{plural(n, 'live plan')} without a return for the quarter.")
    return Shown(
        title=f"{counted(live, 'skills plan is', 'skills plans are')} live; {on_target} of their measures are on target"
        if on_target.value is not None
        else f"{counted(live, 'skills plan is', 'skills plans are')} live",
        subtitle=f"Measures of employment and skills plans by whether they are on target, plan by plan. {m.where}",
        chart=Stack(tuple(bars)) if bars else None,
        says=tuple(says),
        columns=(
            Column("measure", "Measure"),
            Column("scheme", "Plan"),
            Column("basis", "Counted as"),
            Column("target", "Target"),
            Column("due", "Due by now"),
            Column("delivered", "Delivered"),
            Column("state", "State"),
        ),
        caption="Employment and skills plans: target, due by now and delivered",
    )
