"""What members decided before: how far each decision is on the report's day, and what came of it.

The form `decisions` says whose it is, when it is due and done; where it names a finding, today's files tell how that moved.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from cwb.base.rows import PLACE, Row
from cwb.council.periods import Period
from cwb.evidence.data import PackData
from cwb.evidence.finding import Finding
from cwb.packs.compare import compare, moved
from cwb.packs.registry import pack_with


class Progress(StrEnum):
    """How far a decision is: not known where the form states a day that cannot be read."""

    DONE = "done"
    OVERDUE = "overdue"
    OPEN = "not yet due"
    UNKNOWN = "not known"


@dataclass(frozen=True)
class Decision:
    """One decision. `done_on` is None where it is not done by the report's day, or no day is stated; `outcome` is what the
    form says came of it, then how its finding moved; "" where neither is known."""

    date: dt.date
    decision: str
    role: str
    due: dt.date | None
    done_on: dt.date | None
    state: Progress
    finding: str | None
    outcome: str


def why_none(data: PackData) -> str:
    """What a page says where no decision is on record by the report's day; "" where one is."""
    if reason := data.why_not("decisions"):
        return f"Decisions taken before are not known, because {reason}."
    return "" if _rows(data) else f"The list of decisions has none up to the end of {data.period.label}."


def decisions_taken(data: PackData) -> tuple[Decision, ...]:
    """The decisions taken by the report's day, those overdue first, then the newest; none where the council gave no list (see
    `why_none`)."""
    rows = _rows(data)
    moves = _moves(data, rows)
    taken = (_decision(row, data.report_day, moves) for row in rows)
    return tuple(sorted(taken, key=lambda one: one.state is not Progress.OVERDUE))


def _rows(data: PackData) -> list[Row]:
    return data.rows(
        f"""SELECT * FROM decisions WHERE decided_date <= DATE '{data.report_day}'
        ORDER BY decided_date DESC, {PLACE}"""
    )


def _decision(row: Row, day: dt.date, moves: dict[tuple[str, dt.date], str]) -> Decision:
    outcome = (row["outcome"] or "").strip()
    if outcome and outcome[-1] not in ".!?":
        outcome += "."
    movement = moves.get((row["finding"] or "", row["decided_date"]), "")
    is_done_by_then = row["done_date"] is not None and row["done_date"] <= day
    return Decision(
        date=row["decided_date"],
        decision=row["decision"],
        role=row["role"] or "Role not stated",
        due=row["due_date"],
        done_on=row["done_date"] if is_done_by_then else None,
        state=_state(row, day),
        finding=row["finding"],
        outcome=" ".join(filter(None, (outcome, movement))),
    )


def _state(row: Row, day: dt.date) -> Progress:
    if row["is_done"] is None:
        return Progress.UNKNOWN
    if row["is_done"] and (row["done_date"] is None or row["done_date"] <= day):
        return Progress.DONE
    if not row["is_due_read"]:
        return Progress.UNKNOWN
    return Progress.OVERDUE if row["due_date"] is not None and row["due_date"] < day else Progress.OPEN


def _moves(data: PackData, rows: Sequence[Row]) -> dict[tuple[str, dt.date], str]:
    """How each finding that a decision names moved since its day, as a sentence."""
    named = {(row["finding"], row["decided_date"]) for row in rows if row["finding"]}
    found = dict(_findings(data, {name for name, _ in named}))
    places = {
        (row["finding"], row["decided_date"]): f"Row {row['source_row']} of {row['source_file']}" for row in rows
    }
    sentences = {}
    for name, day in sorted(named):
        finding, then = found.get(name), Period.of(day)
        if not data.period.quarter:
            then = then.year
        if finding is None:
            sentences[name, day] = f"{places[name, day]} names a finding that no pack has."
        elif then >= data.period:
            sentences[name, day] = (
                f"{finding.label}: {finding}. It is too early to say what the decision did to it."
            )
        else:
            sentences[name, day] = _moved(data, finding, then)
    return sentences


def _findings(data: PackData, names: set[str]) -> Iterator[tuple[str, Finding]]:
    """The findings of these ids, each computed in its own pack."""
    opened = {data.pack: data}
    for name in sorted(names):
        try:
            pack = pack_with(name)
        except KeyError:
            continue
        if pack.id not in opened:
            opened[pack.id] = PackData(
                data.settings, data.period, pack.id, data.lineage, data.engine, data.report_day
            )
        yield name, pack.find(opened[pack.id], name)


def _moved(data: PackData, finding: Finding, then: Period) -> str:
    compared = compare(data, [finding], then)[finding.id]
    if finding.value is None:
        return f"{finding.label} is {finding.missing}."
    if compared.change is None:
        return f"{finding.label}: {finding}. How it moved since {then.short_label} is not known, because {compared.why_not}."
    return f"{finding.label}: {finding}, {moved(compared.change)} since {then.short_label}."
