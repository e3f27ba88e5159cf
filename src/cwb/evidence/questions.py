"""The constructors: each defines a finding as a question about rows, so that value and evidence always agree.

    share("local_share", of=lines, where=IS_LOCAL, by=POUNDS)

A question names relations and a fact, never a number. `cwb.evidence.answers` answers all questions of a measure in one
pass over the lines; bounds follow from the kind (`cwb.evidence.bounds`). `by` is a column of pounds, or None to count
things. What fits no kind is `derived`, with a rule of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from cwb.council.periods import Period
from cwb.evidence.bounds_rules import RULES
from cwb.evidence.definitions import SINCE
from cwb.evidence.relation import POUNDS, SUPPLIER, Assumption, Fact, Factor, Relation, Thing

if TYPE_CHECKING:
    import pandas as pd

    from cwb.evidence.bounded import Bounded

TRUE = Fact("TRUE")
# A line without a supplier's name may be any supplier's.
NAMED = Fact(
    "CASE WHEN supplier_key IS NULL THEN NULL ELSE TRUE END",
    "suppliers' names are known",
    "Files that name the suppliers would settle it.",
)

HAS_FACTOR = Fact("TRUE", "factors are known", "A factor of each product would settle it.")


@dataclass(frozen=True)
class Question:
    """What a finding computes from which rows.

    `then` is the earlier relation of a change, `group` what is ranked, or within which a thing is one thing, `among` names
    all groups, also those without a line. `is_whole` says that where `of` has no line nothing is missing: it counts nought and is
    not "nothing to count". `columns` are facts of a thing that its kind needs besides its weight (factors,
    whether it is of the base); `base` is the denominator of a rate, `times` its multiple. `empty` is why it has no answer where `of`
    has no line.
    """

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
    is_whole: bool = False
    largest: int = 0
    columns: tuple[tuple[str, str], ...] = ()
    base: Question | None = None
    times: Decimal = Decimal(1)
    assumption: Assumption | None = None
    caveats: tuple[str, ...] = ()
    period: str | None = None
    rule: str = ""
    compute: Callable[[pd.DataFrame], Bounded] | None = field(default=None, compare=False)
    empty: str = ""

    def unless(self, reason: str | None) -> Question | Unanswerable:
        """The question, unless there is a reason why it has no answer."""
        return Unanswerable(self.id, reason) if reason else self

    def if_empty(self, reason: str) -> Question:
        """The question with the reason why it has no answer where its relation has no line."""
        return replace(self, empty=reason)

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
    def is_modelled(self) -> bool:
        """Whether its rows are multiplied by factors: what has none has no bounds either."""
        return any(name == "factor" for name, _ in self.columns)

    @property
    def sources(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*self.of.tables, *(self.then.tables if self.then else ()))))


@dataclass(frozen=True)
class Unanswerable:
    """A finding that cannot be computed, and why."""

    id: str
    reason: str


def total(
    id: str,
    of: Relation,
    where: Fact = TRUE,
    by: str = POUNDS,
    per: Thing = SUPPLIER,
    caveats: tuple[str, ...] = (),
    within: str | None = None,
    is_whole: bool = False,
) -> Question:
    """Pounds of the things of which the fact holds.

    `within` is for a fact that differs between lines of one thing: a supplier within one category is a thing of its own.
    """
    return Question(id, "total", of, where, by, per, group=within, is_whole=is_whole, caveats=caveats)


def count(
    id: str,
    of: Relation,
    where: Fact = TRUE,
    per: Thing = SUPPLIER,
    period: str | None = None,
    caveats: tuple[str, ...] = (),
    is_whole: bool = False,
) -> Question:
    """How many different things there are of which the fact holds."""
    return Question(id, "count", of, where, None, per, is_whole=is_whole, period=period, caveats=caveats)


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
    """The share of all that the `n` largest named things have; lines that name no supplier may all belong to them."""
    return Question(id, "top", of, NAMED, by, per, is_share=True, largest=n)


def half(id: str, of: Relation, per: Thing = SUPPLIER, by: str = POUNDS) -> Question:
    """How few things make half of all."""
    return Question(id, "half", of, NAMED, by, per)


def share_among(
    id: str, of: Relation, base: Fact, where: Fact, by: str | None = POUNDS, per: Thing = SUPPLIER,
    caveats: tuple[str, ...] = (), within: str | None = None,
) -> Question:  # fmt: skip
    """The share of `where` among the things that are `base`, of which either may not be known (weights of zero or more).
    Lines that are surely not of the base are left out. `within` as for a total."""
    of = of.where(f"({base.sql}) IS NOT FALSE")
    is_base = f"CASE WHEN ({base.sql}) IS NULL THEN NULL WHEN {base.sql} THEN 1 ELSE 0 END"
    return Question(
        id, "share", of, where, by, per, group=within, is_share=True, columns=(("is_base", is_base),), caveats=caveats,
        rule=RULES["share_among"],
    )  # fmt: skip


def mean(
    id: str, of: Relation, number: str, per: Thing, where: Fact = TRUE, weighed_by: str | None = None
) -> Question:
    """The mean of a number of the things of which the fact holds, each for one or by a weight."""
    columns = (("mean_weight", weighed_by),) if weighed_by else ()
    return Question(id, "mean", of, where, number, per, columns=columns)


def median(id: str, of: Relation, number: str, per: Thing, where: Fact = TRUE) -> Question:
    """The middle number of the things of which the fact holds."""
    return Question(id, "median", of, where, number, per)


def rate(id: str, counted: Question, base: Question, times: int = 1000) -> Question:
    """A total or a count for each so many of a base that is itself a total or a count."""
    return replace(counted, id=id, kind="rate", base=base, times=Decimal(times))


def survival(id: str, of: Relation, where: Fact, per: Thing) -> Question:
    """The share of the things that began which still go on."""
    return Question(id, "survival", of, where, None, per, is_share=True)


def modelled(
    id: str,
    of: Relation,
    factor: Factor,
    per: Thing,
    by: str = POUNDS,
    where: Fact = HAS_FACTOR,
    period: str | None = None,
    caveats: tuple[str, ...] = (),
) -> Question:
    """Pounds times a factor with a range, netted over all that share the factor; `per` is what shares it.

    What has no factor is not known, and neither is whether the fact holds of it.
    """
    fact = known_factor(factor, where)
    return Question(
        id, "modelled", of, fact, by, per, columns=factor_columns(factor), period=period, caveats=caveats
    )


def share_of_modelled(
    id: str, of: Relation, factor: Factor, where: Fact, per: Thing, by: str = POUNDS
) -> Question:
    """The share of modelled amounts of which the fact holds; no factor is shared between what is in and what is out."""
    fact = known_factor(factor, where)
    return Question(id, "modelled", of, fact, by, per, is_share=True, columns=factor_columns(factor))


def known_factor(factor: Factor, where: Fact = HAS_FACTOR) -> Fact:
    """The fact, not known where there is no factor."""
    return replace(where, sql=f"CASE WHEN {factor.value} IS NULL THEN NULL ELSE ({where.sql}) END")


def factor_columns(factor: Factor) -> tuple[tuple[str, str], ...]:
    return (("factor", factor.value), ("low_factor", factor.low), ("high_factor", factor.high))


def product(id: str, finding: Question, assumption: Assumption) -> Question:
    """A finding times an assumption that has a range of its own."""
    return replace(finding, id=id, kind="product", assumption=assumption)


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
    then: Relation | None = None,
    columns: tuple[tuple[str, str], ...] = (),
) -> Question:
    """A finding of no common kind. `rule` says how it follows from its rows, and `compute` does exactly that with the frame
    of `cwb.evidence.rows`; `then` adds the lines of an earlier period, `columns` (name, SQL) facts of a thing besides its
    weight."""
    return Question(
        id, "derived", of, where, by, per, then=then, group=group, columns=columns, rule=rule, compute=compute,
        caveats=caveats,
    )  # fmt: skip
