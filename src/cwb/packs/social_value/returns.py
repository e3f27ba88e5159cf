"""Returns of jobs, training and skills plans: which add up in a period, and headcounts that are too small to show."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal

from cwb.base.rows import Row
from cwb.evidence.finding import Finding, State
from cwb.packs.measure import PackData
from cwb.packs.questions import ZERO, exactly
from cwb.packs.social_value.spans import add_up_once

FEWER, HIDDEN = "fewer than 5", "not shown"
_LEAST_SHOWN = 5
PEOPLE = ("persons", "starts")
# Units of a portal or a return that count people.
_UNITS = frozenset(
    {
        "people",
        "person",
        "persons",
        "residents",
        "apprentices",
        "trainees",
        "employees",
        "jobs",
        "placements",
        "starts",
        "fte",
    }
)


def is_few(number: Decimal | float | None) -> bool:
    """Whether a number of people is one to four."""
    return number is not None and 0 < number < _LEAST_SHOWN


def counts_people(unit: str | None) -> bool:
    """Whether a unit as an export or a return writes it counts people: "no. people FTE", "residents"."""
    return not _UNITS.isdisjoint(re.findall(r"[a-z]+", (unit or "").lower()))


def quantity(amount: Decimal) -> str:
    """A quantity, with decimals where it is small: 1,204, 7.45, 0.81."""
    is_whole = amount % 1 == 0 or abs(amount) >= 100
    return f"{amount:,.0f}" if is_whole else f"{float(amount):,.2f}".rstrip("0").rstrip(".")


def people(finding: Finding, *numbers: Decimal) -> Finding:
    """A finding about people as it may be published: without the rows that it is of, and without its value where one of the `numbers` of
    people that it tells, or that could be worked out from it, is of one to four."""
    told = replace(finding, evidence=None)
    if not any(map(is_few, numbers)):
        return told
    reason = f"{FEWER} people are counted, or could be worked out, and such a number is not shown"
    return replace(
        told,
        value=None,
        n=None,
        of=None,
        low=None,
        high=None,
        coverage=None,
        undefined=reason,
        state=State.UNDEFINED,
    )


def returned(data: PackData, first: date, last: date) -> tuple[list[Row], int]:
    """The rows of `employment` whose period lies in some days and that add up, and how many rows are left out because their period lies in
    another's. A row of a longer period is none of it."""
    sql = f"""SELECT * FROM employment WHERE period_from >= DATE '{first}' AND period_to <= DATE '{last}'
        ORDER BY scheme_key, measure, basis, source_file, source_sheet, source_row"""
    by_thing: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
    for row in data.rows(sql):
        by_thing[row["scheme_key"], row["measure"], row["basis"]].append(row)
    kept, left_out = list[Row](), 0
    for rows in by_thing.values():
        added, out = add_up_once(rows)
        kept, left_out = kept + added, left_out + out
    return kept, left_out


def heads(rows: Iterable[Row], measures: tuple[str, ...], first: str = "persons") -> list[Row]:
    """The rows that count people once: of each scheme and measure those of the `first` basis, or of the other where it has none."""
    by_thing: dict[tuple[str, str], dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        if row["measure"] in measures and row["basis"] in PEOPLE:
            by_thing[row["scheme_key"], row["measure"]][row["basis"]].append(row)
    return [row for of in by_thing.values() for row in (of.get(first) or next(iter(of.values())))]


@exactly
def added(rows: Iterable[Row], name: str = "delivered") -> Decimal:
    """What rows state of one thing, added; what is not stated adds nothing."""
    return sum((row[name] for row in rows if row[name] is not None), ZERO)
