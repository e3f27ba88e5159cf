"""The constructors: each makes a finding's question of rows, so that value and evidence cannot part.

    share("local_share", of=lines, where=IS_LOCAL, by=POUNDS)

A question names relations and a fact, never a number. `cwb.evidence.answers` answers all questions of a measure in one
pass over the lines; bounds follow from the kind (`cwb.evidence.bounds`). `by` is a column of pounds, or None to count
things. What fits no kind is `derived`, and states its own rule.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from cwb.council.periods import Period
from cwb.evidence.definitions import SINCE
from cwb.evidence.relation import POUNDS, SUPPLIER, Fact, Relation, Thing

if TYPE_CHECKING:
    import pandas as pd

    from cwb.evidence.bounded import Bounded

TRUE = Fact("TRUE")
# A line that names no supplier may be anybody's.
NAMED = Fact(
    "CASE WHEN supplier_key IS NULL THEN NULL ELSE TRUE END",
    "suppliers' names are known",
    "Files that name the suppliers would settle it.",
)


@dataclass(frozen=True)
class Question:
    """What a finding asks of which rows. `then` is the earlier relation of a change, `group` what is ranked, `among` names
    the groups that there are, with a line or without."""

    id: str
    kind: str
    of: Relation
    fact: Fact
    by: str | None
    per: Thing
    then: Relation | None = None
    group: str | None = None
    among: tuple[str, ...] = ()
    is_share: bool = False
    largest: int = 0
    caveats: tuple[str, ...] = ()
    period: str | None = None
    rule: str = ""
    compute: Callable[[pd.DataFrame], Bounded] | None = field(default=None, compare=False)

    def at(self, period: Period) -> Question:
        """The same question of another period."""
        return replace(self, of=self.of.at(period), period=str(period))

    def since(self, period: Period) -> Question:
        """How a total, a count or a share has changed since another period: a question of its own over both."""
        is_share = self.kind == "share"
        return replace(
            self,
            id=f"{self.id}{SINCE}{period}",
            kind="change",
            then=self.of.at(period),
            is_share=is_share,
            caveats=(),
        )

    @property
    def sources(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*self.of.tables, *(self.then.tables if self.then else ()))))


def total(
    id: str,
    of: Relation,
    where: Fact = TRUE,
    by: str = POUNDS,
    per: Thing = SUPPLIER,
    caveats: tuple[str, ...] = (),
) -> Question:
    """Pounds of the things of which the fact holds."""
    return Question(id, "total", of, where, by, per, caveats=caveats)


def count(id: str, of: Relation, where: Fact = TRUE, per: Thing = SUPPLIER, period: str | None = None) -> Question:
    """How many different things there are of which the fact holds."""
    return Question(id, "count", of, where, None, per, period=period)


def share(
    id: str,
    of: Relation,
    where: Fact,
    by: str | None = POUNDS,
    per: Thing = SUPPLIER,
    period: str | None = None,
    caveats: tuple[str, ...] = (),
) -> Question:
    """The part of the things of `of`, by pounds or by number, of which the fact holds."""
    return Question(id, "share", of, where, by, per, is_share=True, period=period, caveats=caveats)


def change(
    id: str, now: Relation, then: Relation, where: Fact = TRUE, by: str | None = POUNDS, per: Thing = SUPPLIER
) -> Question:
    """A total or a count now less the same then: an unknown thing goes one way in both."""
    return Question(id, "change", now, where, by, per, then=then)


def change_of_share(
    id: str, now: Relation, then: Relation, where: Fact, by: str | None = POUNDS, per: Thing = SUPPLIER
) -> Question:
    """A share now less the same share then: an unknown thing goes one way in both."""
    return Question(id, "change", now, where, by, per, then=then, is_share=True)


def largest(
    id: str, of: Relation, group: str, where: Fact = TRUE, by: str | None = POUNDS, per: Thing = SUPPLIER,
    is_share: bool = False, among: tuple[str, ...] = (),
) -> Question:  # fmt: skip
    """The largest group by what of it the fact holds, in pounds, or (`is_share`) as a share of all of `of`.

    A thing whose group is NULL may be in any, also in one of `among` of which no line is known.
    """
    return Question(id, "largest", of, where, by, per, group=group, among=among, is_share=is_share)


def top(id: str, of: Relation, n: int, per: Thing = SUPPLIER, by: str = POUNDS) -> Question:
    """The share of all that the `n` largest named things have; lines that name no supplier may all be theirs."""
    return Question(id, "top", of, NAMED, by, per, is_share=True, largest=n)


def half(id: str, of: Relation, per: Thing = SUPPLIER, by: str = POUNDS) -> Question:
    """How few things make half of all."""
    return Question(id, "half", of, NAMED, by, per)


def derived(
    id: str,
    of: Relation,
    rule: str,
    compute: Callable[[pd.DataFrame], Bounded],
    where: Fact = TRUE,
    by: str | None = POUNDS,
    per: Thing = SUPPLIER,
    group: str | None = None,
    caveats: tuple[str, ...] = (),
) -> Question:
    """A finding of no common kind. `rule` states how it follows from its rows, and `compute` does just that with the frame
    of `cwb.evidence.rows`."""
    return Question(id, "derived", of, where, by, per, group=group, rule=rule, compute=compute, caveats=caveats)
