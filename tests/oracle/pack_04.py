"""Figures of pack 04 that are definitions: what all bodies pay, like for like, what they share, and what moved."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from typing import Any

from oracle.bounds import UNDEFINED, Figure, Thing, nets, over, share, total
from oracle.council import Council, Line, Period, by_supplier, pounds, things
from oracle.reading import table


def figures(council: Council, period: Period) -> dict[str, Figure]:
    lines = like_for_like(council, period)
    everything, shared = pounds(lines), _shared(lines)
    named = {key: thing for key, thing in shared.items() if not key.startswith("line ")}
    return {
        "anchor_spend_total": Figure(everything),
        "anchor_local_share": share(things(lines, council.is_local)),
        "anchor_body_count": Figure(Fraction(len({line.body for line in lines}))),
        "anchor_threshold": Figure(_threshold(council)),
        "shared_supplier_count": total(Thing(Fraction(1), thing.fact) for thing in named.values()),
        "shared_supplier_spend": total(shared.values()),
        "shared_supplier_share": over(total(shared.values()), everything),
        "journey_change": _journey(council, period),
        "initiative_count": Figure(Fraction(_initiatives(council, period))),
    }


def _threshold(council: Council) -> Fraction:
    present = {line.body for line in council.anchor_lines}
    stated = [a.get("threshold_gbp", 0) for a in council.settings["anchors"] if a["name"] in present]
    return Fraction(max([council.settings["council"]["threshold_gbp"], *stated]))


def like_for_like(council: Council, period: Period) -> list[Line]:
    """Lines of all bodies whose payment (one transaction, supplier and day) reaches the highest published threshold."""
    paid: dict[tuple[Any, ...], list[Line]] = {}
    for line in [*council.in_period(period), *period.cut(council.anchor_lines, lambda line: line.paid.day)]:
        told = line.paid.transaction or line.paid.line
        paid.setdefault((line.body, line.supplier and line.supplier.key, line.paid.day, told), []).append(line)
    least = _threshold(council)
    return [line for payment in paid.values() if abs(pounds(payment)) >= least for line in payment]


def _shared(lines: list[Line]) -> dict[str, Thing]:
    """Organisations with what they are paid, and whether by several bodies; not known of one that no register tells."""
    bodies: dict[str, set[str]] = defaultdict(set)
    for line in lines:
        bodies[_identity(line)].add(line.body)
    known = {_identity(line) for line in lines if line.supplier and line.supplier.organisation}
    facts = {one: True if len(own) > 1 else False if one in known else None for one, own in bodies.items()}
    return {
        one: nets((one, line.paid.pounds, facts[one]) for line in lines if _identity(line) == one)[0]
        for one in bodies
    }


def _identity(line: Line) -> str:
    if line.supplier is None:
        return f"line {line.thing}"
    return line.supplier.organisation.id if line.supplier.organisation else line.supplier.key


def _journey(council: Council, period: Period) -> Figure:
    """Of the bodies with every month of every year in which the council has all: the last local share less the first."""
    held: dict[str, set[tuple[int, int]]] = defaultdict(set)
    for line in [*council.lines, *council.anchor_lines]:
        held[line.body].add((line.paid.day.year, line.paid.day.month))
    years = [Period(year, period.quarter) for year in range(2010, period.year + 1)]
    whole = [year for year in years if council.is_whole(year)]
    steady = {body for body, months in held.items() if all(year.months <= months for year in whole)}
    if len(whole) < 2:
        return UNDEFINED
    now, then = (
        [ln for ln in like_for_like(council, year) if ln.body in steady] for year in (whole[-1], whole[0])
    )
    return total(by_supplier([(now, 1 / pounds(now)), (then, -1 / pounds(then))], council.is_local))


def _initiatives(council: Council, period: Period) -> int:
    rows = [row for path in sorted((council.raw / "initiatives").glob("*.csv")) for row in table(path)]
    return sum(int(row["Year"][:4]) <= period.year for row in rows)
