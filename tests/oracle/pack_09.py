"""Pack 09: the strategy's items, when they were looked at, and its claims judged by the findings of a report.

What a claim rests on are findings of other packs, as the report tells them; they are compared with their own oracle elsewhere.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

from oracle.answers import Answer, counted, exactly, part
from oracle.council import Council, Period
from oracle.forms import Row, day, is_in_year_to, log, rows, sure_day

Told = Mapping[str, Mapping[str, Any]]
KINDS = ("progress claim", "foreword", "commitment", "outcome", "indicator", "action", "priority", "statement")
TESTS: dict[str, Callable[[Fraction, Fraction], bool]] = {
    ">=": operator.ge, "<=": operator.le, ">": operator.gt, "<": operator.lt,
}  # fmt: skip


def figures(council: Council, period: Period, told: Told) -> dict[str, Answer]:
    every = rows(council.raw, "strategy", "Item", "Kind", "Words")
    items = [row for row in every if row["Kind"] in KINDS]
    return {
        "tracker_items": exactly(len(items)),
        "own_words_count": exactly(sum(row["Kind"] == "remark" for row in every)),
        "items_reviewed_share": part(_is_reviewed(row, period.end) for row in items),
        "claims_evidenced": counted(
            all(
                _is_shown(term.strip(), council.raw, period.end, told)
                for term in re.split("[;&]", row["Evidence"])
            )
            for row in items
            if row["Kind"] == "progress claim"
        ),
    }


def _is_reviewed(row: Row, end: date) -> bool | None:
    """A review after the last day says nothing of the time before it."""
    last = day(row, "Last reviewed on")
    return None if last is None or last > end else is_in_year_to(last, end)


def _is_shown(term: str, raw: Path, end: date, told: Told) -> bool:
    """Either of two will do. A number must be so at both of its ends."""
    if "|" in term:
        return any(_is_shown(one.strip(), raw, end, told) for one in term.split("|"))
    if term.startswith("log: "):
        return any(sure_day(row, "Date") <= end for row in log(raw, term.removeprefix("log: ")))
    name, sign, wanted = term.split()
    found = told[name]
    if found.get("value") is None:
        return False
    least = Fraction(wanted.removesuffix("%")) / (100 if wanted.endswith("%") else 1)
    return all(TESTS[sign](Fraction(str(found[end])), least) for end in ("low", "high"))
