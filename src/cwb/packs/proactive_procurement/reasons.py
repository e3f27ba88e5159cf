"""What a reason in a notice comes to, by the patterns of `reference/notice_reasons.csv`."""

from __future__ import annotations

import re
from functools import cache

from cwb.reference import table

IN_ERROR, NO_BIDS, WORTH_LESS = "withdrawn in error", "no bids", "says it is worth less"
OTHER, NOT_STATED = "another reason", "no reason stated"


def reason_of(field: str, stated: str | None) -> str:
    """The kind of a reason: the first pattern of the field that it fits, else that it is another, or that none is stated."""
    if not stated:
        return NOT_STATED
    return next((kind for kind, pattern in _patterns(field) if pattern.search(stated.lower())), OTHER)


@cache
def _patterns(field: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    rows = table("notice_reasons")
    return tuple((row.kind, re.compile(row.pattern)) for row in rows[rows["field"] == field].itertuples())
