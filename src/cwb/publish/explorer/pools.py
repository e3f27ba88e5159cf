"""Payees that are not shown, added up: no row is theirs, and how many people they are follows from no number of the page.

Where a number counts one to four payees that are not shown, "68 suppliers" less the rows that are listed would give them away.
So the smallest suppliers that are counted with them are added up with them, in every finding, until they are five.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass

import numpy as np

from cwb.base.privacy import NOT_STATED, WITHHELD
from cwb.publish.explorer.store import PackRows, Rows, Store

# Fewer people than these are never told.
LEAST = 5
_NOBODY = frozenset({WITHHELD, NOT_STATED})


@dataclass(frozen=True)
class Pool:
    """The payees of one part and group that have no row. `things` are how many things of the finding are theirs alone, None
    where they may be one to four people; `amount` is what their lines add up to. Both also in the earlier period of a change."""

    part: int
    group: str | None
    things: int | None
    things_then: int | None
    amount: float
    amount_then: float


def names_of(rows: Rows, store: Store) -> np.ndarray | None:
    """The supplier of each row of a finding; None where its lines name none."""
    if "display_name" not in store.columns:
        return None
    at = store.columns.index("display_name")
    return np.array([store.lines[place][at] for place in rows.lines], dtype=object)


def is_any_of(names: np.ndarray, wanted: Set[object]) -> np.ndarray:
    return np.fromiter((name in wanted for name in names), dtype=bool, count=len(names))


def hidden_names(packs: Iterable[PackRows]) -> frozenset[object]:
    """The names that have no row in any finding: those that stand for nobody, and the smallest suppliers beside them."""
    hidden: set[object] = set(_NOBODY)
    size: defaultdict[object, float] = defaultdict(float)
    counted: list[tuple[Rows, np.ndarray]] = []
    for of_pack in packs:
        for store in of_pack.stores.values():
            if {"display_name", "amount_gbp"} <= set(store.columns):
                name, amount = store.columns.index("display_name"), store.columns.index("amount_gbp")
                for line in store.lines:
                    size[line[name]] += abs(float(str(line[amount] or 0)))
        for _, rows in of_pack.findings:
            if rows is not None and rows.is_counted:
                names = names_of(rows, of_pack.stores[rows.shape])
                if names is not None and _NOBODY & set(names):
                    counted.append((rows, names))
    for rows, names in counted:
        for cell in _cells(rows):
            here = names[cell]
            is_hidden = is_any_of(here, hidden)
            own = _own_things(rows.codes[cell], is_hidden)
            if own == 0 or not is_any_of(here, _NOBODY).any():
                continue
            for name in sorted(set(here[~is_hidden]), key=lambda one: (size[one], str(one))):
                if own >= LEAST:
                    break
                hidden.add(name)
                own = _own_things(rows.codes[cell], is_any_of(here, hidden))
    return frozenset(hidden)


def _cells(rows: Rows) -> Iterator[np.ndarray]:
    """The rows of each part and group, now and then."""
    for leg in (1, 2):
        of_leg = np.ones(len(rows.lines), dtype=bool) if rows.legs is None else (rows.legs & leg) > 0
        if rows.legs is None and leg == 2:
            return
        found: dict[tuple[int, str | None], list[int]] = {}
        for at in np.flatnonzero(of_leg).tolist():
            found.setdefault((int(rows.parts[at]), rows.groups[at] if rows.groups else None), []).append(at)
        yield from (np.array(cell) for cell in found.values())


def _own_things(codes: np.ndarray, is_hidden: np.ndarray) -> int:
    """How many things have hidden lines alone."""
    return len(set(codes[is_hidden].tolist()) - set(codes[~is_hidden].tolist()))


def pools_of(
    rows: Rows, is_hidden: np.ndarray, names: np.ndarray | None, amounts: np.ndarray | None
) -> list[Pool]:
    """Pools of the rows that are hidden."""
    shown = set(rows.codes[~is_hidden].tolist())
    found: dict[tuple[int, str | None], list[int]] = {}
    for at in np.flatnonzero(is_hidden).tolist():
        found.setdefault((int(rows.parts[at]), rows.groups[at] if rows.groups else None), []).append(at)
    pools = []
    for (part, group), cell in sorted(found.items(), key=lambda pool: (pool[0][0], pool[0][1] or "")):
        legs = [[at for at in cell if rows.legs is None or rows.legs[at] & leg] for leg in (1, 2)]
        if rows.legs is None:
            legs[1] = []
        counts, sums = [], []
        for lines in legs:
            count = len({int(rows.codes[at]) for at in lines} - shown)
            may_be_people = names is not None and bool(_NOBODY & {names[at] for at in lines})
            counts.append(None if may_be_people and 0 < count < LEAST else count)
            sums.append(round(sum(float(amounts[at]) for at in lines), 4) if amounts is not None else 0.0)
        pools.append(Pool(part, group, counts[0], counts[1], sums[0], sums[1]))
    return pools
