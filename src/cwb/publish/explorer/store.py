"""The lines behind a pack's findings, each once, and what each finding says of those that it rests on."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from cwb.evidence.finding import Finding

Line = tuple[object, ...]


@dataclass(frozen=True)
class Store:
    """Lines with the same columns, each once: what makes a line one (`places`: its place in `lines`) and its values, first
    those of `columns`, then of `keys`, which tell apart the things that a name or a title is of."""

    columns: tuple[str, ...]
    keys: tuple[str, ...]
    places: dict[Line, int] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)

    @property
    def shape(self) -> tuple[str, ...]:
        return (*self.columns, *self.keys)

    def add(self, identity: Line, line: Line) -> int:
        """The place of a line, which is added where it is new."""
        place = self.places.setdefault(identity, len(self.lines))
        if place == len(self.lines):
            self.lines.append(line)
        return place


@dataclass(frozen=True)
class Rows:
    """The rows of a finding, each list as long: its place in its pack's store, the part of its thing.

    `thing` is the column that tells the things apart; "" says that every row is one, and where no column does `things` has
    the name of each row's thing and its number. `amount` is the column of pounds, or `amounts` has a number for each row;
    neither where things are counted. `codes` number the things, each group's its own. `legs` of a change: 1 now, 2 then, 3 both.
    """

    kind: str
    is_share: bool
    rule: str
    plural: str
    shape: tuple[str, ...]
    lines: np.ndarray
    parts: np.ndarray
    codes: np.ndarray
    thing: str = ""
    things: list[tuple[int, str]] | None = None
    amount: str = ""
    amounts: np.ndarray | None = None
    group: str = ""
    groups: list[str | None] | None = None
    legs: np.ndarray | None = None
    is_by_thing: bool = False

    @property
    def is_counted(self) -> bool:
        """Whether it counts things and adds up no amount."""
        return not self.amount and self.amounts is None


@dataclass(frozen=True)
class PackRows:
    """All findings of a pack with their rows, None for those that have none, and the lines of these.

    `too_many` are those that have more things than a page holds, by id, with what the things are called.
    """

    pack_id: str
    stores: dict[tuple[str, ...], Store]
    findings: tuple[tuple[Finding, Rows | None], ...]
    too_many: dict[str, str] = field(default_factory=dict)
