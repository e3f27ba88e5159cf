"""Payments without the approved capital and one-off projects, and what a page says of them."""

from __future__ import annotations

from cwb.evidence.data import PackData
from cwb.evidence.relation import Relation
from cwb.packs.measure import Undefined


def without_one_offs(data: PackData) -> Relation:
    """Payments without one-offs, all of them in a year without a list; raise `Undefined` where there are no others."""
    lines = data.recurrent() if data.has_one_offs() else data.spend()
    if not data.count(lines):
        raise Undefined("all spend of the period is one-off")
    return lines


def base_of(data: PackData) -> tuple[str, tuple[str, ...]]:
    """What a subtitle says of one-offs, and the caveat where they could not be left out."""
    if data.has_one_offs():
        return "one-offs left out", ()
    return "one-offs included: no approved list", (
        "One-off projects are included: no approved list was supplied.",
    )
