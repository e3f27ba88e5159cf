"""How much a firm turns over, as far as its accounts, its register and our payments tell, and whether that is enough.

A register states the turnover of hardly any company. Known are a charity's income; what a company that files accounts of a kind
may turn over (`reference/company_sizes.csv`); and that a firm turns over at least what we paid it in one year. Where that leaves
both answers open, the firm counts by the part of all enterprises between the same ends that turn over enough
(`reference/enterprise_turnover.csv`, ONS counts by turnover band): of ten such firms of which every second is large enough, five.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import cache, lru_cache

from cwb.packs.market.rules import in_force
from cwb.reference import table

_NOTHING = Decimal(0)


class Certainty(Enum):
    """How a firm counts of which it is not known whether it turns over enough."""

    LIKELY = "by the part of enterprises like it that do"
    SURE = "not at all"
    POSSIBLE = "as one that does"


@dataclass(frozen=True)
class Turnover:
    """What a firm turns over in a year: `least_gbp` or more, and less than `most_gbp` where that is known."""

    least_gbp: Decimal = _NOTHING
    most_gbp: Decimal | None = None

    def chance(self, needed: Decimal, certainty: Certainty = Certainty.LIKELY) -> float:
        """From 0 to 1: whether it turns over `needed` or more.

        A micro-entity turns over less than £1m. Of the enterprises below £1m 38% turn over £200,000 or more: 0.38. One that
        was paid £300,000 in a year surely does: 1.
        """
        if needed <= self.least_gbp:
            return 1.0
        if self.most_gbp is not None and needed >= self.most_gbp:
            return 0.0
        if certainty is not Certainty.LIKELY:
            return float(certainty is Certainty.POSSIBLE)
        beyond = _enterprises_from(self.most_gbp) if self.most_gbp is not None else 0.0
        return (_enterprises_from(needed) - beyond) / (_enterprises_from(self.least_gbp) - beyond)


def turnover_of(
    accounts_category: str | None, income: Decimal | None, best_year: Decimal, sizes: dict[str, Turnover]
) -> Turnover:
    """A firm's turnover by its accounts, a charity's by its income, and neither less than what we paid it in one year.

    What we paid is net of VAT, as turnover is. `sizes` are those of `company_sizes`.
    """
    # An income is exact; the ends of a `Turnover` are a pound apart.
    known = Turnover(income, income + 1) if income else sizes.get(accounts_category or "", Turnover())
    if best_year <= known.least_gbp:
        return known
    is_possible = known.most_gbp is not None and best_year < known.most_gbp
    return Turnover(best_year, known.most_gbp if is_possible else None)


def company_sizes(day: date) -> dict[str, Turnover]:
    """What companies turn over by the kind of accounts that they file, as the law stands on a day."""
    return {
        row["accounts_category"]: Turnover(
            Decimal(row["least_turnover_gbp"]),
            Decimal(row["most_turnover_gbp"]) if row["most_turnover_gbp"] else None,
        )
        for row in in_force("company_sizes", day)
    }


@cache
def _bands() -> list[tuple[Decimal, int]]:
    rows = table("enterprise_turnover")
    return [(Decimal(row["least_gbp"]), int(row["enterprises"])) for row in rows.to_dict("records")]


@lru_cache(maxsize=4096)
def _enterprises_from(amount: Decimal) -> float:
    """How many enterprises turn over an amount or more, those of a band spread evenly over it; of the last band, which has no
    upper end, all."""
    bands, found = _bands(), 0.0
    for (low, number), high in zip(bands, [low for low, _ in bands[1:]] + [None], strict=True):
        if amount <= low or high is None:
            found += number
        elif amount < high:
            found += number * float((high - amount) / (high - low))
    return found
