"""Developers' employment and skills plans: which report, and which of their measures are where they should be by now."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal

import pandas as pd

from cwb.base.rows import Row
from cwb.council.periods import Period
from cwb.evidence.headcounts import FEWER, KEPT_BACK
from cwb.packs.exhibits import Stack, counted, or_why, plural, range_text
from cwb.packs.measure import Column, Definition, Measured, PackData, Result, Shown, Undefined, ask, measure
from cwb.packs.questions import PLACE, Fact, Relation, Thing, count, number, share_among
from cwb.packs.social_value.plan_measures import LABOUR, PlanMeasure, as_shown, plan_measure
from cwb.packs.social_value.returns import returned

_PLAN, _MEASURE = Thing("plan", "scheme", "plans"), Thing("plan_measure", "scheme", "measures of plans")
_DATES = "The first and last day of each plan in its returns would settle it."
_IS_LIVE = Fact("is_live", "which plans are live is known", _DATES)
_ON_TARGET = Fact("is_on_target", "what is due by now is known and what was delivered may be told", _DATES)
_STATES = {True: "On target", False: "Behind", None: "Not known"}
_DRAWN = 10


def _quarter(period: Period) -> tuple[date, date]:
    """The first and last day of the period's last quarter."""
    last = period if period.quarter else Period(period.start_year, 4)
    return last.start, last.end


@measure(
    Definition(
        "esp_count", "Skills plans that are live", "count", "count",
        "Employment and skills plans of planning agreements (section 106) whose days include the last day of the period.",
    ),
    Definition(
        "esp_reporting_share", "Live plans that reported for the quarter", "share", "share",
        "Live plans with a return that ends in the quarter, be it of a whole year, divided by live plans; of a year, in its last quarter. "
        "Low and high: plans whose days are not known are live or not.",
        version=2,
    ),
    Definition(
        "esp_on_target_share", "Measures of live plans on target", "share", "share",
        "Measures of live plans at or above their target times the part of the plan that has passed divided by those with a target; local labour against its "
        "whole target. Low and high: plans whose days are not known are live or not, and what came after a plan's newest return.",
        excluded="Measures without a target.",
        version=3,
    ),
    question="Do developers keep their employment and skills plans?",
    needs=("employment",),
    main=("esp_count",),
    columns=(
        Column("measure", "Measure"),
        Column("scheme", "Plan"),
        Column("basis", "Counted as"),
        Column("target", "Target"),
        Column("due", "Due by now"),
        Column("delivered", "Delivered"),
        Column("state", "State"),
    ),
)  # fmt: skip
def plans(data: PackData) -> Result:
    """Measures with a target of plans that are live or may be: what is due by now and what was delivered.

    One row per plan, measure and basis, plans behind first: `plan` (its number), `scheme`, `measure`, `basis`, `target`, `due`, `delivered` (texts: fewer than 5
    people are shown as that, and local labour is a share), `state` ("On target", "Behind", "Not known"; of what is not shown only what
    follows all the same).
    """
    day = data.period.end
    sql = f"""SELECT * FROM employment WHERE kind = 's106' AND period_to <= DATE '{day}'
        ORDER BY scheme_key, period_to, {PLACE}"""
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
        has_return = any(first <= row["period_to"] <= last for row in rows)
        listed.append({**rows[-1], "plan": f"plan {n}", "is_live": is_live, "has_return": has_return})
        things: dict[tuple[str, str], list[Row]] = defaultdict(list)
        for row in rows if is_live is not False else ():
            things[row["measure"], row["basis"]].append(row)
        measured += [(n, one) for of in things.values() if (one := plan_measure(of, day)) is not None]
    of_period = returned(data, data.period.start, day)
    shown = as_shown([one for _, one in measured], of_period.rows)
    measured = [(n, one) for (n, _), one in zip(measured, shown, strict=True)]
    with_target = [
        {
            **one.source,
            "plan_measure": f"{n} {one.measure} {one.basis}",
            "is_live": listed[n - 1]["is_live"],
            "is_on_target": one.is_on_target,
        }
        for n, one in measured
    ]
    all_plans, targets = _table(data, "plans", listed), _table(data, "plan_measures", with_target)
    live = all_plans.where("is_live")
    answers = ask(
        data,
        count("esp_count", all_plans, _IS_LIVE, per=_PLAN),
        share_among("esp_reporting_share", all_plans, _IS_LIVE, Fact("has_return"), by=None, per=_PLAN).unless(
            None if data.count(live) else "no plan is known to be live"
        ),
        share_among("esp_on_target_share", targets, _IS_LIVE, _ON_TARGET, by=None, per=_MEASURE).unless(
            None if data.count(targets.where("is_live")) else "no plan that is known to be live states a target"
        ),
    )
    silent, perhaps = (
        data.count(all_plans.where(is_live, "NOT has_return")) for is_live in ("is_live", "is_live IS NULL")
    )
    table = [(n, one.source["scheme"] or "Not stated", *_row(one)) for n, one in measured]
    frame = pd.DataFrame(
        table, columns=["plan", "scheme", "measure", "basis", "target", "due", "delivered", "state"]
    )
    frame = frame.assign(order=frame["state"].map({"Behind": 0, "Not known": 1, "On target": 2}))
    behind = frame["plan"].map(frame[frame["order"] == 0].groupby("plan").size()).fillna(0)
    frame = frame.assign(behind=-behind).sort_values(["behind", "plan", "order", "measure"], ignore_index=True)
    return Result.of(
        answers,
        frame.drop(columns=["order", "behind"]),
        facts={"silent": _silent(silent, perhaps)} if silent else {},
    )


def _silent(silent: int, perhaps: int) -> str:
    """That so many live plans have no return; of some more it is not known whether they are live."""
    many = f"{'At least ' if perhaps else ''}{plural(f'{silent:,}', 'live plan')}"
    return f"{many} {'has' if silent == 1 else 'have'} no return for the quarter."


def _table(data: PackData, name: str, rows: list[Row]) -> Relation:
    columns = {
        **dict.fromkeys(("plan", "scheme", "measure", "basis", "plan_measure"), str),
        **dict.fromkeys(("is_live", "has_return", "is_on_target"), bool),
    }
    return data.add_rows(f"skills_{name}", columns, rows, ("employment",))


def _row(one: PlanMeasure) -> tuple[str, ...]:
    is_share = one.measure == LABOUR

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
        _least(text(one.shown)) if one.may_be_more or one.at_most is not None else text(one.shown),
        _STATES[one.is_on_target],
    )


def _least(text: str) -> str:
    """What was delivered, of which overlapping or old returns tell the least: "fewer than 5" may be many."""
    return {FEWER: "not known", KEPT_BACK: KEPT_BACK}.get(text, f"at least {text}")


@plans.shown
def exhibit(m: Measured) -> Shown:
    live, reporting, on_target = m["esp_count"], m["esp_reporting_share"], m["esp_on_target_share"]
    running = f"{counted(live, 'skills plan is', 'skills plans are')} {'known to be ' if live.bounds else ''}live"
    bars = []
    for _, rows in list(m.table.groupby("plan", sort=False))[:_DRAWN]:
        counts = rows["state"].value_counts()
        parts = tuple(
            (state, float(counts.get(state, 0)) / len(rows), f"{counts[state]}" if state in counts else "")
            for state in _STATES.values()
        )
        bars.append((str(rows["scheme"].iloc[0]), parts))
    says = [
        *([f"Of some plans it is not known whether they are live: {live.bounds} may be."] if live.bounds else []),
        or_why(
            reporting,
            f"Live plans with a return for the quarter: {reporting}{range_text(reporting)}.",
            "How many plans report",
        ),
        or_why(
            on_target,
            f"Of their measures with a target, {on_target} are at or above what is due by now{range_text(on_target)}, if it comes in evenly.",
            "How many measures are on target",
        ),
    ]
    if silent := m.facts.get("silent"):
        says.append(silent)
    return Shown(
        title=f"{running}; {on_target} of their measures are on target"
        if on_target.value is not None
        else running,
        subtitle=f"Measures of employment and skills plans by whether they are on target, plan by plan. {m.where}",
        chart=Stack(tuple(bars)) if bars else None,
        says=tuple(says),
        caption="Employment and skills plans: target, due by now and delivered",
    )
