"""Values of contracts that contradict what their own notice says of them: entered in pence, most likely."""

from __future__ import annotations

from datetime import date
from functools import cache

from cwb.reference import table


def is_doubtful(is_above_threshold: bool | None, gross_gbp: float | None, day: date | None) -> bool:
    """Whether a contract that is said to be below its threshold is worth more than the highest threshold of that day.

    `gross_gbp` includes VAT. Four contracts of two days of real notices are so: £57,508.56 told as 5,750,856, for instance.
    """
    if is_above_threshold is not False or gross_gbp is None or day is None:
        return False
    highest = _highest(day.isoformat())
    return highest is not None and gross_gbp > highest


@cache
def _highest(day: str) -> float | None:
    """The highest threshold in force on a day, or None where the table holds none for it."""
    rows = table("thresholds")
    in_force = rows[(rows["valid_from"] <= day) & ((rows["valid_to"] == "") | (rows["valid_to"] >= day))]
    return None if in_force.empty else float(in_force["amount_gbp"].astype(float).max())
