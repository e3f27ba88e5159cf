"""Measures of developers' plans: what is due by now, what was delivered, and what of it may be shown."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from cwb.base.rows import Row
from cwb.evidence.headcounts import FEWER, HIDDEN_TEXTS, KEPT_BACK, LEAST, hidden, is_few, is_small
from cwb.packs.questions import ZERO, exactly
from cwb.packs.social_value.returns import FULL_TIME, PEOPLE, added, heads, people_shown
from cwb.packs.social_value.spans import add_up_once, apart, newest, passed

LABOUR = "local labour share"


@dataclass(frozen=True)
class PlanMeasure:
    """One measure of one plan by the end of the period: its target, what is due by now, what was delivered; a share for local labour.

    `shown` is what was delivered as it may be shown; `is_few` that a share is of fewer than 5 people, or leaves fewer. Where returns
    overlap, `delivered` is the least and `at_most` the most that it can be; `may_be_more`, where the newest return ends before the period
    and the plan do.
    """

    measure: str
    basis: str
    target: Decimal
    due: Decimal | None
    delivered: Decimal | None
    is_few: bool
    source: Row
    at_most: Decimal | None = None
    may_be_more: bool = False
    shown: object = None

    @property
    def counts(self) -> str:
        """What people it counts, by which the same of other plans is found; "" for none."""
        if self.measure == LABOUR:
            return LABOUR
        return (
            self.measure
            if self.basis in PEOPLE
            else f"{self.measure} {FULL_TIME}"
            if self.basis == FULL_TIME
            else ""
        )

    @property
    def is_on_target(self) -> bool | None:
        """As it follows from what is shown: fewer than 5 are behind where 5 are due, and else could be on target."""
        if self.due is None or self.delivered is None:
            return None
        if self.may_be_more and self.delivered < self.due:
            return None
        if self.at_most is not None and self.delivered < self.due <= self.at_most:
            return None
        if self.shown in HIDDEN_TEXTS:
            return False if self.shown == FEWER and self.due >= LEAST else None
        return self.delivered >= self.due


@exactly
def plan_measure(rows: list[Row], day: date) -> PlanMeasure | None:
    """A plan's measure from its returns up to a day; None without a target.

    Delivered is the latest cumulative number that is stated, else the sum of periods: the two are never added. Of local labour the
    target is a share, and so is what was delivered, whatever time has passed. 9 apprentices where the target is 12.4: behind once the
    plan has ended; 46 of 200 workers where it is 25%: behind.
    """
    last = newest(rows)
    target = next((row["target"] for row in reversed(rows) if row["target"] is not None), None)
    if not target:
        return None
    cumulative = max(
        (row for row in rows if row["cumulative"] is not None), key=lambda row: row["period_to"], default=None
    )
    kept, others = apart(add_up_once(rows)[0], "delivered")
    delivered: Decimal | None = added(kept) if cumulative is None else cumulative["cumulative"]
    at_most = added([*kept, *others]) if cumulative is None and others else None
    few = may_be_more = False
    if last["measure"] == LABOUR:
        workers = added(kept)
        at_most, has_residents = (
            None,
            workers > 0 and not others and all(row["residents"] is not None for row in kept),
        )
        residents = added(kept, "residents")
        # A share of few workers gives away how many they are.
        few = is_small(float(residents)) or is_small(float(workers - residents))
        delivered = residents / workers if has_residents else None
        target = due = target / 100 if target > 1 else target
    else:
        first, end = (
            next((row[name] for row in reversed(rows) if row[name] is not None), None)
            for name in ("plan_start", "plan_end")
        )
        due = target * passed(first, end, day) if first and end and first <= end else None
        may_be_more = last["period_to"] < min(day, end or day)
    return PlanMeasure(last["measure"], last["basis"], target, due, delivered, few, last, at_most, may_be_more)


def as_shown(found: list[PlanMeasure], of_period: list[Row]) -> list[PlanMeasure]:
    """Measures with what was delivered as it may be shown beside one another and beside the returns of the period (which are shown
    together, those of other schemes among them): as if all of what counts the same people were added up."""
    amounts: list[object] = [one.delivered for one in found]
    cells = people_shown(of_period)
    for kind in dict.fromkeys(one.counts for one in found if one.counts):
        places = [at for at, one in enumerate(found) if one.counts == kind and one.delivered is not None]
        listed = {found[at].source["scheme_key"] for at in places}
        now = _of_kind(of_period, kind)
        others = [row for row in now if row["scheme_key"] not in listed]
        earlier = sum((found[at].delivered or ZERO for at in places), ZERO) - added(now)
        # What else there is, and could be worked out: other schemes, or else what was delivered before the period.
        rest = [added(others)] if others else [earlier] if is_few(float(earlier)) else []
        if kind == LABOUR:
            shown = [KEPT_BACK if any(found[at].is_few for at in places) else amounts[at] for at in places]
        elif cells.get(kind) == KEPT_BACK:
            shown = [FEWER if is_small(float(found[at].delivered or 0)) else KEPT_BACK for at in places]
        else:
            shown = hidden([*(amounts[at] for at in places), *rest])[: len(places)]
        for at, cell in zip(places, shown, strict=True):
            amounts[at] = cell
    return [replace(one, shown=cell) for one, cell in zip(found, amounts, strict=True)]


def _of_kind(rows: list[Row], kind: str) -> list[Row]:
    """Those of the rows that count the same people, each once."""
    full_time = [row for row in rows if row["basis"] == FULL_TIME and f"{row['measure']} {FULL_TIME}" == kind]
    return full_time or heads(rows, (kind,))
