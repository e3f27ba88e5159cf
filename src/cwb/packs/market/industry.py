"""Industries: those that supply what is bought, by the bridge, and who is in them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate

import pandas as pd

from cwb.evidence.data import PackData
from cwb.packs.questions import LEAVES, PLACE, Relation
from cwb.sources.crosswalk import Crosswalk

# What the column `section` of organisations and suppliers says where it is NULL.
NOT_STATED = "Industry not stated"
_CODES_FROM = Decimal("0.1")


@dataclass(frozen=True)
class Need:
    """What one supplier would have to be able to do. `sic_codes` are industries or beginnings of them, `seller_codes`
    wholesale and retail that may sell it; `annual_gbp` is a year of the contract, None where that is not known, and `most_gbp` then the
    most that a year may cost, where that is;
    `category` is the council's own. `also_bought` are the product groups (three digits of CPV) and categories of many payments
    taken as one purchase."""

    sic_codes: tuple[str, ...] = ()
    seller_codes: tuple[str, ...] = ()
    annual_gbp: Decimal | None = None
    most_gbp: Decimal | None = None
    cpv_code: str | None = None
    category: str | None = None
    also_bought: tuple[str, ...] = ()

    @property
    def is_mapped(self) -> bool:
        """Whether it leads to an industry at all."""
        return bool(self.sic_codes)


def crosswalk_of(data: PackData) -> Crosswalk:
    """From what is bought to the industries that supply it, the council's own corrections first."""
    return data.cached("bridge", _crosswalk)


def _crosswalk(data: PackData) -> Crosswalk:
    columns = ("cpv_prefix", "category", "sic_codes", "confidence")
    rows = data.rows(f"SELECT {', '.join(columns)} FROM crosswalk ORDER BY {PLACE}")
    return Crosswalk(pd.DataFrame(rows, columns=list(columns)))


@dataclass(frozen=True)
class Bought:
    """Pounds of one combination of codes."""

    cpv_code: str | None
    proclass_code: str | None
    own_category: str | None
    pounds: Decimal


def need_of(data: PackData, bought: Iterable[Bought]) -> Need:
    """Many payments as one purchase: the industries, products and categories of every combination of codes that is a tenth of it
    or more."""
    rows = tuple(bought)
    total = sum((row.pounds for row in rows), Decimal(0))
    codes: dict[str, None] = {}
    bought_as: dict[str, None] = {}
    for row in rows:
        if total > 0 and row.pounds >= _CODES_FROM * total:
            found = crosswalk_of(data).find(row.cpv_code, row.proclass_code, row.own_category)
            codes |= dict.fromkeys(found.codes)
            named = ((row.cpv_code or "")[:3], (row.own_category or "").strip().lower())
            bought_as |= dict.fromkeys(filter(None, named))
    return Need(tuple(codes), also_bought=tuple(bought_as))


def needs_of_what_leaves(data: PackData, lines: Relation) -> dict[str, Need]:
    """For each category of some payments what leaves the local area of it, as one purchase."""
    codes = "category, cpv_code, proclass_code, own_category"
    rows = data.rows(
        f"""SELECT {codes}, sum(CASE WHEN {LEAVES.sql} THEN amount_gbp ELSE 0 END) AS pounds
            FROM {lines.source} WHERE {lines.condition} GROUP BY {codes} ORDER BY {codes}"""
    )
    bought: dict[str, list[Bought]] = {}
    for row in rows:
        combination = Bought(row["cpv_code"], row["proclass_code"], row["own_category"], row["pounds"])
        bought.setdefault(row["category"], []).append(combination)
    return {category: need_of(data, combinations) for category, combinations in bought.items()}


def typical_purchases(data: PackData, lines: Relation) -> dict[str, Decimal]:
    """For each category of some payments how much a year a purchase is that leaves the local area: half of its pounds went to
    suppliers that were paid so much or more.

    £60, £30 and £10 to three suppliers: £60. Of a quarter's payments four times as much.
    """
    rows = data.rows(
        f"""SELECT category, supplier_key, sum(amount_gbp) AS pounds FROM {lines.source}
            WHERE {lines.condition} AND ({LEAVES.sql}) GROUP BY category, supplier_key
            HAVING sum(amount_gbp) > 0 ORDER BY category, pounds DESC"""
    )
    by_category: dict[str, list[Decimal]] = {}
    for row in rows:
        by_category.setdefault(row["category"], []).append(row["pounds"])
    times = 4 if data.period.quarter else 1
    return {
        category: times
        * next(one for one, so_far in zip(pounds, accumulate(pounds), strict=True) if 2 * so_far >= sum(pounds))
        for category, pounds in by_category.items()
    }


class Industries:
    """Rows found by their SIC codes: `codes` are blank-separated five-digit codes, one text a row."""

    def __init__(self, codes: Iterable[str | None]):
        self._stated: dict[str, set[int]] = {}
        self._beginning: dict[str, set[int]] = {}
        for position, text in enumerate(codes):
            for code in (text or "").split():
                self._stated.setdefault(code, set()).add(position)
                for length in range(1, len(code) + 1):
                    self._beginning.setdefault(code[:length], set()).add(position)

    def find(self, beginnings: Iterable[str]) -> set[int]:
        """Positions of the rows with a code that begins so, or that is itself the beginning of a wanted one.

        A register with "62" for a body says that it may do all of 62.
        """
        found: set[int] = set()
        for wanted in beginnings:
            found |= self._beginning.get(wanted, set())
            for length in range(1, len(wanted)):
                found |= self._stated.get(wanted[:length], set())
        return found


def section_name(section: str) -> str:
    """A section's name as a chart has room for it: "F Construction" is Construction, "L Real estate activities" Real estate."""
    named = section[2:] if section[1:2] == " " else section
    return named.split(";")[0].removesuffix(" activities")
