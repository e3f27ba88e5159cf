"""Returns of jobs, training and skills plans: which add up in a period, and which count people."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from cwb.base.rows import Row
from cwb.evidence.headcounts import FEWER, KEPT_BACK, hidden, is_small
from cwb.packs.exhibits import plural
from cwb.packs.measure import PackData
from cwb.packs.questions import PLACE, ZERO, exactly
from cwb.packs.social_value.spans import add_up_once, apart
from cwb.sources.datasets.employment import JOBS, PLACEMENTS

PEOPLE = ("persons", "starts")
FULL_TIME = "FTE"
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


def counts_people(unit: str | None) -> bool:
    """Whether a unit as an export or a return writes it counts people: "no. people FTE", "residents"."""
    return not _UNITS.isdisjoint(re.findall(r"[a-z]+", (unit or "").lower()))


@dataclass(frozen=True)
class Returned:
    """Returns whose period lies in some days: `rows` add up (`is_part` where others overlap them: they are the least), `overlapping` do
    not, for their periods overlap one of theirs, and `left_out` more have a period that lies in another's."""

    rows: list[Row]
    overlapping: list[Row]
    left_out: int


def returned(data: PackData, first: date, last: date) -> Returned:
    """The rows of `employment` whose period lies in some days. A row of a longer period is none of it."""
    sql = f"""SELECT * FROM employment WHERE period_from >= DATE '{first}' AND period_to <= DATE '{last}'
        ORDER BY scheme_key, measure, basis, {PLACE}"""
    by_thing: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
    for row in data.rows(sql):
        by_thing[row["scheme_key"], row["measure"], row["basis"]].append(row)
    found, overlapping, left_out = list[Row](), list[Row](), 0
    for rows in by_thing.values():
        kept, out = add_up_once(rows)
        sure, others = apart(kept, "delivered")
        found += [{**row, "is_part": bool(others)} for row in sure]
        overlapping, left_out = overlapping + others, left_out + out
    return Returned(found, overlapping, left_out)


def overlap(number: str, noun: str) -> str:
    """Why rows are not added whose periods overlap others': "2 returns not added, because …"."""
    why = "its period overlaps another's" if number == "1" else "their periods overlap others'"
    return f"{plural(number, noun)} not added, because {why}: how much is told twice is not known."


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


def people_shown(rows: Iterable[Row]) -> dict[str, object]:
    """Measure → how many people its rows count, as it may be shown beside the sum of jobs, that of placements, and the apprentices.

    17 apprentices, 9 entrants and 3 graduates: 17, "withheld" and "fewer than 5". 17 apprentices and 3 entrants: "withheld" and
    "fewer than 5", since the sum of jobs is shown.
    """
    counted: dict[str, list[Row]] = defaultdict(list)
    every = list(rows)
    for row in heads(every, tuple(sorted({row["measure"] for row in every}))):
        counted[row["measure"]].append(row)
    cells = {name: added(of) for name, of in counted.items()}
    cells_shown = {name: hidden([cell])[0] for name, cell in cells.items() if name not in (*JOBS, *PLACEMENTS)}
    for group in (JOBS, PLACEMENTS):
        names = [name for name in group if name in cells]
        # The apprentices are shown beside the sum of jobs: the difference is all the others.
        apart = names[:1] if names[:1] == [JOBS[0]] and names[1:] else []
        others = names[len(apart) :]
        shown = hidden([cells[name] for name in others])
        if apart and is_small(float(cells[apart[0]])):
            cells_shown[apart[0]] = FEWER
            if KEPT_BACK not in shown and not is_small(float(sum(cells[name] for name in names))):
                shown[max(range(len(others)), key=lambda at: cells[others[at]])] = KEPT_BACK
        elif apart:
            rest = sum(cells[name] for name in others)
            cells_shown[apart[0]] = KEPT_BACK if is_small(float(rest)) else cells[apart[0]]
        cells_shown |= dict(zip(others, shown, strict=True))
    return cells_shown
