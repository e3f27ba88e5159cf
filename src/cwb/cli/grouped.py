"""Like faults as one line: how many rows, what they state, where the first of them are, and what mends them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import islice

from cwb.base.errors import Fault

_VALUES, _ROWS = 3, 5


def grouped(faults: Iterable[Fault]) -> list[str]:
    """A line for all faults of one file, column and rule: "start date is no date ('TBC' 96 times, 'n/a'), rows 3, 7, 9 …".

    Faults of which there is only one, and those of no row, are told as they are. The order is that of the first of each.
    """
    alike: dict[tuple[object, ...], list[Fault]] = {}
    for number, fault in enumerate(faults):
        alone = number if fault.row is None else None
        alike.setdefault((fault.file, fault.sheet, fault.column, fault.rule, fault.remedy, alone), []).append(
            fault
        )
    return [str(some[0]) if len(some) == 1 else _line(some) for some in alike.values()]


def _line(some: Sequence[Fault]) -> str:
    one = some[0]
    place = [
        one.file or "",
        f"sheet '{one.sheet}'" if one.sheet else "",
        f"column '{one.column}'" if one.column else "",
    ]
    where = ", ".join(part for part in place if part)
    rows = sorted(fault.row for fault in some if fault.row is not None)
    listed = ", ".join(map(str, rows[:_ROWS])) + (" …" if len(rows) > _ROWS else "")
    text = f"{len(some):,} rows: {one.rule}{_found(some)}, rows {listed}. {one.remedy}"
    return f"{where}: {text}" if where else text


def _found(some: Sequence[Fault]) -> str:
    counts = Counter(fault.value for fault in some if fault.value is not None)
    if not counts:
        return ""
    shown = [f"{value!r}{f' {n:,} times' if n > 1 else ''}" for value, n in islice(counts.most_common(), _VALUES)]
    if len(counts) > _VALUES:
        shown.append(f"and {len(counts) - _VALUES:,} others")
    return f" (found {', '.join(shown)})"
