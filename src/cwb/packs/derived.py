"""What derived findings and tables share: the part of the weight that is known, and whether it is enough to state a share."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd

from cwb.evidence.bounded import ZERO, Sums, coverage_of, exactly
from cwb.evidence.data import PackData


@exactly
def coverage(rows: pd.DataFrame, weights: tuple[str, ...] = ("weight",)) -> Decimal | None:
    """The part of all weight, credits by their size, of which it is known whether it is in."""
    unknown = rows[rows["part"] == "unknown"]
    sizes = [sum((abs(w) for name in weights for w in part[name]), ZERO) for part in (unknown, rows)]
    return coverage_of(*sizes)


def is_enough_known(data: PackData, sums: Sums) -> bool:
    """Whether enough is known of some pounds to state a share of them."""
    return sums.all > 0 and (sums.coverage or 0) >= Decimal(str(data.settings.evidence.floor_pounds))
