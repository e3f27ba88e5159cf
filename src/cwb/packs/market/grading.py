"""Each planned purchase with the local suppliers able to serve it, and a grade by a stated rule."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

import pyarrow as pa

from cwb.charts.wording import settled_by
from cwb.council.sections import Gap
from cwb.evidence.data import PackData
from cwb.evidence.relation import Fact, Relation, Thing
from cwb.packs.account.register_dates import REGISTERS, registers_lacking
from cwb.packs.market.demand import SOURCES, Purchase, planned_purchases
from cwb.packs.market.supply import Capable, Supply, supply_of

PURCHASE = Thing("purchase", "title", "planned purchases")
_KNOWN = "the local market is known"


class Grade(StrEnum):
    """What local market a purchase finds; of the last two it is not known."""

    STRONG = "Strong"
    WORKABLE = "Workable"
    THIN = "Thin"
    NONE = "None"
    NOT_MAPPED = "Industry not known"
    NOT_KNOWN = "Not known"

    @property
    def is_served(self) -> bool | None:
        """Whether there is a workable market or better; None where that is not known."""
        return None if self in (Grade.NOT_MAPPED, Grade.NOT_KNOWN) else self in (Grade.WORKABLE, Grade.STRONG)


@dataclass(frozen=True)
class GradedPurchase:
    """A planned purchase and its market.

    `has_social`: whether a local social enterprise could serve it; not known where one is only possible (grade C), where its market is not
    known, where a register that might list one was not supplied, and where all may be too small for a year of it. `may_be_strong`:
    without a ledger nobody is known to us, and without a term a year may cost less: a workable market may then be a strong one.
    """

    purchase: Purchase
    found: Capable
    grade: Grade
    has_social: bool | None
    may_be_strong: bool

    @property
    def side(self) -> str:
        """What may be done: "below" the threshold for sure and begun when an area may be reserved, "quotes" below it and
        begun before, else "above"."""
        if not self.purchase.band.is_below:
            return "above"
        return "below" if self.purchase.may_reserve else "quotes"


def grade_of(found: Capable, is_mapped: bool, rule: Gap) -> Grade:
    """None: nobody in the industry who could be large enough, and nobody who has supplied the same. Thin: fewer than `workable` local suppliers that are large enough. Strong: at least `strong`, and at least
    `proven` whom we have paid as much in one year; an industry on a register alone is weak evidence. Workable: what is between.

    A purchase whose code leads to no industry is not mapped, which is not the same as none. How many are large enough depends
    on the purchase: of one whose size is not known, the market is not known unless fewer than `workable` are there at all.
    With 3, 8 and 3: twelve of which five are large enough are workable; forty of whom one is proven are workable; eight large
    enough of whom three are proven are strong.
    """
    if found.count == 0:
        return Grade.NONE if is_mapped else Grade.NOT_MAPPED
    if found.count < rule.workable:
        return Grade.THIN
    if found.able is None:
        return Grade.NOT_KNOWN
    if found.able < rule.workable:
        return Grade.THIN
    return Grade.STRONG if found.able >= rule.strong and found.proven >= rule.proven else Grade.WORKABLE


def market_of(supply: Supply, found: Capable, is_mapped: bool, rule: Gap) -> Grade:
    """The grade of one line, as far as it is known: without a whole register only a market that is strong among known suppliers is.

    Who is large enough for the most that a year may cost is so for less: where that market is workable or better, it is no worse.
    """
    grade = grade_of(found, is_mapped, rule)
    if grade is Grade.NOT_KNOWN and found.at_most:
        of_most = grade_of(found.at_most, is_mapped, rule)
        grade = of_most if of_most.is_served else grade
    is_sure = supply.has_register or grade in (Grade.STRONG, Grade.NOT_MAPPED)
    return grade if is_sure else Grade.NOT_KNOWN


def graded(data: PackData) -> tuple[GradedPurchase, ...]:
    """Every planned purchase with its market, largest first; raise `Undefined` where nothing is planned."""
    planned_purchases(data)
    return data.cached("graded", _graded)


def _graded(data: PackData) -> tuple[GradedPurchase, ...]:
    supply, has_ledger, graded_purchases = supply_of(data), data.has("spend_lines"), []
    for purchase in planned_purchases(data):
        found = supply.capable(purchase.need)
        grade = market_of(supply, found, purchase.need.is_mapped, data.settings.gap)
        is_sure = supply.lists_social and grade is not Grade.NOT_MAPPED and not found.social_c
        has_social = True if surely_social(found) else None if found.social_ab or not is_sure else False
        may_be_strong = grade is Grade.WORKABLE and _could_be_strong(found, data.settings.gap, has_ledger)
        graded_purchases.append(GradedPurchase(purchase, found, grade, has_social, may_be_strong))
    return tuple(graded_purchases)


def surely_social(found: Capable) -> int:
    """How many social enterprises may be large enough even where a year costs the most that it can."""
    return (found.at_most or found).social_ab


def is_industry_known(supply: Supply, grade: Grade) -> bool:
    """Whether who is in the industry is known, so that nobody's absence from it says that there is nobody."""
    return supply.has_register and grade is not Grade.NOT_MAPPED


def _could_be_strong(found: Capable, rule: Gap, has_ledger: bool) -> bool:
    """Whether a workable market would be strong with the payments that a ledger would show, or for the least that a year may cost."""
    able, proven = (found.count, len(found.known)) if found.at_most else (found.able or 0, found.proven)
    return able >= rule.strong and (proven >= rule.proven or not has_ledger)


def graded_relation(data: PackData) -> Relation:
    """The planned purchases as lines that findings are computed from. Columns: `purchase` (its number), `title`, `origin`, `reference`,
    `tender_date`, `value_gbp`, `band`, `is_below` (NULL where the band depends or no value is stated), `may_reserve` (it
    begins when a competition may be reserved to an area), `is_committed`, `grade`,
    `is_served`, `may_be_strong`, `capable` (about how many are large enough; NULL where the size is not known) and `social`
    (numbers of suppliers), `has_social`."""
    return data.cached("graded_relation", _relation)


def _relation(data: PackData) -> Relation:
    rows = graded(data)
    purchases = [row.purchase for row in rows]
    text, flag, number = pa.string(), pa.bool_(), pa.int64()
    columns: list[tuple[str, pa.DataType, list[object]]] = [
        ("purchase", text, [p.number for p in purchases]),
        ("title", text, [p.title for p in purchases]),
        ("origin", text, [p.origin.value for p in purchases]),
        ("reference", text, [p.reference for p in purchases]),
        ("tender_date", pa.date32(), [p.tender_date for p in purchases]),
        ("value_gbp", pa.decimal128(18, 2), [p.value_gbp for p in purchases]),
        ("band", text, [p.band.name for p in purchases]),
        ("is_below", flag, [p.band.is_below for p in purchases]),
        ("may_reserve", flag, [p.may_reserve for p in purchases]),
        ("is_committed", flag, [p.is_committed for p in purchases]),
        ("grade", text, [row.grade.value for row in rows]),
        ("is_served", flag, [row.grade.is_served for row in rows]),
        ("may_be_strong", flag, [row.may_be_strong for row in rows]),
        ("capable", number, [row.found.able for row in rows]),
        ("social", number, [row.found.social_ab for row in rows]),
        ("has_social", flag, [row.has_social for row in rows]),
        ("source_file", text, [p.source_file for p in purchases]),
        ("source_sheet", text, [p.source_sheet for p in purchases]),
        ("source_row", number, [p.source_row for p in purchases]),
    ]
    table = pa.table({name: pa.array(cells, kind) for name, kind, cells in columns})
    return data.add_table("graded_purchases", table, (*SOURCES, "organisations"))


def is_served(data: PackData) -> Fact:
    """Whether a purchase finds a workable market or better."""
    unknown = [row for row in graded(data) if row.grade.is_served is None]
    return Fact("is_served", _KNOWN, _settled_by(data, unknown, ("companies",)))


def has_social(data: PackData) -> Fact:
    """Whether a social enterprise could serve a purchase."""
    unknown = [row for row in graded(data) if row.has_social is None]
    settles = _settled_by(data, unknown, REGISTERS)
    if any(row.found.social_c for row in unknown):
        settles = f"{settles} What bodies of grade C are, they would have to be asked.".strip()
    return Fact("has_social", "whether a social enterprise is in the industry is known", settles)


def _settled_by(data: PackData, unknown: list[GradedPurchase], registers: Collection[str]) -> str:
    """What is really missing of purchases of which the market, or a social enterprise in it, is not known; "" for nothing."""
    lacking = registers_lacking(data, registers)
    is_unsized = any(row.purchase.need.annual_gbp is None and row.grade is not Grade.NOT_MAPPED for row in unknown)
    if not unknown:
        return ""
    return settled_by(
        f"the whole register{'s' * (' and ' in lacking)} of {lacking}" if lacking else "",
        "each purchase's product code" if any(row.grade is Grade.NOT_MAPPED for row in unknown) else "",
        "each purchase's value and term" if is_unsized else "",
        "the payments of three years"
        if any(row.may_be_strong for row in unknown) and not data.has("spend_lines")
        else "",
    )


def has_grade(data: PackData, grade: Grade) -> Fact:
    """Whether a purchase finds a market of one grade; of one whose market is not known it may be any."""
    unknown = [row for row in graded(data) if row.grade.is_served is None or row.may_be_strong]
    is_unknown = "is_served IS NULL"
    if grade in (Grade.WORKABLE, Grade.STRONG):
        is_unknown += " OR may_be_strong"
    return Fact(
        f"CASE WHEN {is_unknown} THEN NULL ELSE grade = '{grade}' END",
        _KNOWN,
        _settled_by(data, unknown, ("companies",)),
    )
