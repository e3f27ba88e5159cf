"""Payments without the approved capital and one-off projects, and what a page says of them."""

from __future__ import annotations

from cwb.council.periods import long_date
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
    if missing := data.one_offs_missing():
        return "one-offs included: no approved list", (f"One-off projects are included: {missing}.",)
    return "one-offs left out", approved_later(data)


def approved_later(data: PackData) -> tuple[str, ...]:
    """The caveat of a list of which some projects were approved after the report's day, and so are not left out."""
    listed, approved = data.one_offs(), data.approved_one_offs()
    names = "SELECT count(DISTINCT project) AS n FROM {0.source} WHERE {0.condition}"
    known = f"SELECT project FROM {approved.source} WHERE {approved.condition}"
    late = int(data.rows(names.format(listed.where(f"project NOT IN ({known})")))[0]["n"])
    if not late:
        return ()
    projects = "1 project is" if late == 1 else f"{late} projects are"
    return (f"{projects} not left out, approved after {long_date(data.report_day)}, the day of this report.",)
