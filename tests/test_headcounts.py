"""Numbers of people under 5: what is told never lets a reader who knows the rules derive a number of 1 to 4.

Each test makes every small case there is, groups them by all that is told of them, and looks whether a hidden number of 1 to 4 is
the same in all cases that look alike. Such a reader knows the rules and the totals, and tries everything.
"""

from __future__ import annotations

import json
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, cast

import pandas as pd
import pytest

from cwb.base.errors import CwbError
from cwb.charts.figure import Figure, read_exhibit
from cwb.charts.tables import Column
from cwb.charts.wording import or_why
from cwb.council.config import Settings
from cwb.evidence import bounds
from cwb.evidence.bounded import Sums
from cwb.evidence.coverage import Floors, finding_of
from cwb.evidence.definitions import SINCE, Definition, define
from cwb.evidence.finding import Finding, State
from cwb.evidence.headcounts import FEWER, KEPT_BACK, hidden, hide_part_of, is_small
from cwb.evidence.questions import Question, count, rate, share, total
from cwb.evidence.record import record
from cwb.evidence.relation import Fact, Relation
from cwb.packs.registry import all_packs
from cwb.publish import rows as rows_command
from cwb.publish.explorer import has_rows
from cwb.publish.sheets import findings_sheet, table_sheets
from cwb.publish.stated import stated

define(
    Definition("t_people", "Trainees", "count", "total", "Trainees.", is_headcount=True),
    Definition("t_share", "Share of residents", "share", "share", "Residents ÷ all.", is_headcount=True),
    Definition("t_rate", "Trainees per 1,000", "rate", "rate", "Per 1,000.", is_headcount=True),
)
LINES = Relation("x", ("spend_lines",))
RESIDENT = Fact("is_resident", "homes are known", "A form would settle it.")


def leaks(cases: Iterable[tuple[Hashable, Sequence[float]]]) -> list[tuple[Hashable, int]]:
    """What is told, and the place of a number of 1 to 4 that is the same in every case of which that is told."""
    alike: dict[Hashable, list[set[float]]] = {}
    for told, numbers in cases:
        sets = alike.setdefault(told, [set() for _ in numbers])
        for values, number in zip(sets, numbers, strict=True):
            values.add(number)
    return [
        (told, at)
        for told, sets in alike.items()
        for at, values in enumerate(sets)
        if len(values) == 1 and 0 < min(values) < 5
    ]


def tables(cells: int, most: int) -> Iterator[tuple[int, ...]]:
    """Every table of so many cells whose sum is at most so much: all that could be the same are among them."""
    if cells == 0:
        yield ()
        return
    for first in range(most + 1):
        for others in tables(cells - 1, most - first):
            yield (first, *others)


def told_total(people: int) -> object:
    return FEWER if is_small(people) else people


def as_json(*findings: Finding) -> str:
    """All that is told of findings, apart from where they come from."""
    return json.dumps([[record(one).as_json(), f"{one} {one.signed} {one.bounds}"] for one in findings])


# --- columns of tables ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("cells", "most"), [(1, 12), (2, 20), (3, 24), (4, 22)])
@pytest.mark.parametrize("is_sorted", [False, True])
def test_no_cell_follows_from_a_column_and_its_sum(cells: int, most: int, is_sorted: bool) -> None:
    every = [case for case in tables(cells, most) if not is_sorted or list(case) == sorted(case, reverse=True)]
    assert not leaks(((told_total(sum(case)), tuple(hidden(case))), case) for case in every)


def test_what_is_told_of_a_column() -> None:
    assert hidden([2, 10, 20]) == [FEWER, 10, KEPT_BACK]
    assert hidden([2, 10, 20], adds_up=False) == [FEWER, 10, 20]
    assert hidden([5, 10, None]) == [5, 10, None]
    # 12 of three: all four, or twelve and none.
    assert hidden([4, 4, 4]) == hidden([12, 0, 0]) == [KEPT_BACK, FEWER, FEWER]
    assert hidden([1, 0, None]) == [FEWER, FEWER, None]
    assert hidden(hidden([2, 10, 20])) == hidden([2, 10, 20])


def test_no_part_follows_from_its_whole_row_by_row() -> None:
    cases = []
    for some_a, rest_a, some_b, rest_b in tables(4, 12):
        frame = pd.DataFrame({"everybody": [some_a + rest_a, some_b + rest_b], "some": [some_a, some_b]})
        told = hide_part_of(frame, "some", "everybody")
        cells = tuple(cell for name in frame for cell in hidden(list(told[name])))
        everybody = people("t_people", some_a + rest_a + some_b + rest_b)
        cases.append(
            (
                (as_json(everybody), cells),
                (some_a, rest_a, some_b, rest_b, some_a + rest_a, some_b + rest_b),
            )
        )
    assert not leaks(cases)


# --- findings ---------------------------------------------------------------------------------------------------


def people(name: str, value: float) -> Finding:
    return Finding(id=name, pack="p", period="2026-27", unit="count", value=value, low=value, high=value)


def asked(question: Question, sums: Sums, then: Sums | None, bounded: bounds.Bounded, floor: str) -> Finding:
    floors = Floors(Decimal(floor), Decimal(floor))
    return finding_of(question, bounded, sums, then, cast(Any, None), "p", "2026-27", floors, ())


def sums_of(yes: int, unknown: int, no: int) -> Sums:
    everybody = Decimal(yes + unknown + no)
    return Sums(Decimal(yes), Decimal(0), Decimal(unknown), everybody, everybody)


@pytest.mark.parametrize("floor", ["0", "0.5", "0.9"])
def test_no_number_follows_from_a_finding_its_range_and_its_share(floor: str) -> None:
    counted, part = total("t_people", LINES, RESIDENT, by="people"), share("t_share", LINES, RESIDENT, by=None)
    cases = []
    for case in tables(3, 24):
        sums = sums_of(*case)
        number = asked(counted, sums, None, bounds.total(sums), floor)
        told = asked(part, sums, None, bounds.share(sums), floor)
        cases.append((as_json(number, told), (*case, sum(case))))
    # Of those with more in the number the cases that look alike are larger than those made here.
    assert not [found for found in leaks(cases) if (json.loads(str(found[0]))[0][0]["value"] or 0) <= 12]


def test_no_number_follows_from_a_change() -> None:
    question = count("t_people", LINES)
    moved = replace(question, id=f"t_people{SINCE}2025-26", kind="change", then=LINES)
    cases = []
    for now, then in ((now, then) for now in range(16) for then in range(16)):
        one, other = sums_of(now, 0, 0), sums_of(then, 0, 0)
        change = bounds.change(one, other, Sums(*(Decimal(now - then),) * 1, *(Decimal(0),) * 4))
        told = [asked(question, sums, None, bounds.total(sums), "0") for sums in (one, other)]
        told.append(asked(moved, one, other, change, "0"))
        cases.append((as_json(*told), (now, then)))
    assert not leaks(cases)


def test_the_range_of_a_change_is_kept_where_all_is_known_and_of_a_number_always() -> None:
    """20 trainees now and 30 then: 10 fewer. With 6 whose home is not known, now, the range of the change would tell of them; of 20
    and these 6 it is said that there are from 20 to 26."""
    question = total("t_people", LINES, RESIDENT, by="people")
    moved = replace(question, id=f"t_people{SINCE}2025-26", kind="change", then=LINES)
    then, known, some = sums_of(30, 0, 0), sums_of(20, 0, 0), sums_of(20, 6, 0)
    fewer = bounds.change(known, then, Sums(Decimal(-10), *(Decimal(0),) * 2, *(Decimal(-10), Decimal(10))))
    sure = asked(moved, known, then, fewer, "0")
    assert (sure.value, sure.low, sure.high, sure.coverage) == (-10, -10, -10, 1)
    perhaps = asked(moved, some, then, replace(fewer, high=Decimal(-4)), "0")
    assert (perhaps.value, perhaps.low, perhaps.high, perhaps.coverage) == (-10, None, None, None)
    number = asked(question, some, None, bounds.total(some), "0")
    assert (number.value, number.low, number.high) == (20, 20, 26)


def test_a_rate_of_few_people_is_withheld() -> None:
    question = rate("t_rate", count("t_people", LINES, RESIDENT), count("t_people", LINES))
    few, many = (
        asked(question, sums, None, bounds.rate(bounds.total(sums), Decimal(100), Decimal(1000)), "0")
        for sums in (sums_of(4, 0, 6), sums_of(5, 0, 5))
    )
    assert (few.state, f"{few}", f"{many}") == (State.WITHHELD, KEPT_BACK, "50.0")


# --- all that is written --------------------------------------------------------------------------------------


def test_every_output_says_fewer_than_5() -> None:
    few = people("t_people", 3)
    assert (f"{few}", few.signed, few.bounds, few.is_hidden) == (FEWER, "Fewer than 5", "", True)
    assert or_why(few, "", "How many began") == (
        "How many began is not told, because fewer than 5 people are not counted out, so that nobody is recognised."
    )
    assert record(few).as_json()["state"] == "fewer_than_5"
    (row,) = findings_sheet([record(few)], "2026/27").rows
    assert row[1] == f"[{FEWER}]"
    assert not list(stated("Fewer than 5 trainees began")), "it states no number that a check could ask for"
    with pytest.raises(CwbError, match="no rows of its own"):
        few.rows()
    assert not has_rows(few)


def test_what_is_hidden_stands_in_html_csv_and_workbook() -> None:
    cells = [str(cell) for cell in hidden([2, 10, 20])]
    table = pd.DataFrame({"scheme": ["A", "B", "C"], "begun": cells})
    columns = (Column("scheme", "Scheme"), Column("begun", "Begun"))
    figure = Figure("x", "Who began", "", table, columns, "Begun by scheme", "form", pack="p")
    assert "<td>fewer than 5</td>" in figure.to_html()
    csv = str(figure.exhibit()["csv"])
    assert csv.splitlines()[1:] == ["A,fewer than 5", "B,10", "C,withheld"]
    (sheet,) = table_sheets({all_packs()[0]: (read_exhibit(figure.exhibit()),)})
    assert [row[1] for row in sheet.rows] == [f"[{FEWER}]", "10", f"[{KEPT_BACK}]"]


def test_rows_of_a_number_of_people_are_refused(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows_command, "is_headcount", lambda name: name == "home_supplier_count")
    with pytest.raises(CwbError, match="is a number of people"):
        rows_command.ask_rows("home_supplier_count", "2026-27-Q2", {}, False, settings.folder / "cwb.toml")
