"""Contracts that state no product code or no last day and may stand in a group all the same: they may make, join or part groups."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date

from cwb.base.days import months_after
from cwb.lines.agreements import REGISTER
from cwb.packs.anchor_collaboration.contracts import DIGITS, ending_contracts, public_bodies
from cwb.packs.exhibits import as_reason, silent
from cwb.packs.market.horizon import horizon
from cwb.packs.measure import PackData
from cwb.packs.questions import Finding, at_least

_MISSING = "no product code or no last day"
_AND_SO = "there may be more groups or fewer"
_SETTLES = "Product codes and last days of all contracts would settle it."


@dataclass(frozen=True)
class Known:
    """What decides whether contracts are aligned; None where a contract does not state it."""

    body: str
    category: str | None
    last_day: date | None

    def may_stand_with(self, other: Known, window_months: int) -> bool:
        """Whether the two could be of one group."""
        if self.body == other.body or (self.category and other.category and self.category != other.category):
            return False
        if self.last_day is None or other.last_day is None:
            return True
        first, last = sorted((self.last_day, other.last_day))
        return last <= months_after(first, window_months)


def of_contracts_known(data: PackData, findings: dict[str, Finding]) -> dict[str, Finding]:
    """Findings of the groups of those contracts that state enough to be in one. Where others may be aligned too, nought is not known.
    What is more than nought is no least: a contract more may make a group, and may as well join two, or part one. Caveats say how
    many these are, and of which bodies no contract is at hand, or none but those of award notices."""
    number = data.cached("doubtful contracts", _doubtful)
    one, many = "contract that may be aligned states", "contracts that may be aligned state"
    caveats = silent(number, one, many, f"{_MISSING}: {_AND_SO}")
    caveats = (*caveats, *_by_source(data))
    why = as_reason(silent(number, one, many, _MISSING))
    return {
        name: replace(_of_known(found, why) if number else found, caveats=(*found.caveats, *caveats))
        for name, found in findings.items()
    }


def _by_source(data: PackData) -> tuple[str, ...]:
    """Of which public bodies no contract was supplied, and of which award notices alone, which list few of all contracts."""
    bodies, rows = public_bodies(data), data.rows("SELECT DISTINCT body, origin FROM agreement_lines")
    known, listed = {row["body"] for row in rows}, {row["body"] for row in rows if row["origin"] == REGISTER}
    texts = {
        "No contract was supplied of": bodies - known,
        "Award notices alone were supplied of": bodies & known - listed,
    }
    return tuple(f"{text}: {'; '.join(sorted(names))}." for text, names in texts.items() if names)


def _of_known(found: Finding, why: str) -> Finding:
    """The finding where not all contracts are known that may be in a group."""
    return replace(found, settles=_SETTLES) if found.value else at_least(found, _SETTLES, why)


def _doubtful(data: PackData) -> int:
    """How many contracts state no product code or no last day and could be aligned with one of another body."""
    first, last = horizon(data)
    window = data.settings.collaboration.window_months
    rows = data.rows(
        f"""SELECT DISTINCT agreement_key, body, cpv_code, last_day FROM agreement_lines
        WHERE NOT is_on_register AND (cpv_code IS NULL OR last_day IS NULL) AND coalesce(start_date <= DATE '{first}', TRUE)
            AND coalesce(last_day > DATE '{first}' AND last_day <= DATE '{last}', TRUE)
        ORDER BY agreement_key, body, cpv_code, last_day"""
    )
    public = public_bodies(data)
    # Many state the same: each kind is compared once.
    doubtful = Counter(
        Known(row["body"], row["cpv_code"] and row["cpv_code"][:DIGITS], row["last_day"])
        for row in rows
        if row["body"] in public
    )
    others = {*doubtful, *(Known(one.body, one.category, one.last_day) for one in ending_contracts(data))}
    return sum(
        many for one, many in doubtful.items() if any(one.may_stand_with(other, window) for other in others)
    )
