"""The rules K1 to K7: a status from evidence, a day and nothing else. Nobody types a status.

    code  for                        on track                behind                  not due
    K1    a direction from a         low end better than     high end not better     first year that can be
          baseline                   all of its range        than any of it          compared not over
    K2    an interval                last done + it > day    last done + it <= day   first due after the day
    K3    all, or a target           low end reaches it      high end does not       day of the target not come
    K4    an indicator               known, half or more     never
    K5    begun and kept up          newest 12 months old    newest older, or the
                                     at most; of a number    log has none
                                     as K4
    K6    a duty of law              nothing late, nothing   anything late           none owed
                                     unknown
    K7    a claim                    evidenced               contradicted

All else is "no data", with its reason; a range on both sides is "cannot tell", which is within "no data". Before its first day
nothing but a claim is due. Source: formats of the strategy packs, section 7.3.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from operator import ge, gt, le, lt

from cwb.base.days import months_after

KEPT_UP_MONTHS = 12
FIRST_YEAR_MONTHS = 12
ENOUGH_KNOWN = 0.5
# On track as far as the number is there: no target says what it should be.
REPORTED = "it is reported"
_NOTHING = "the log has nothing of it"


class Status(StrEnum):
    """How far an item is."""

    NO_DATA = "no data"
    BEHIND = "behind"
    NOT_DUE = "not due"
    ON_TRACK = "on track"


@dataclass(frozen=True)
class Verdict:
    """A status with its reason; `cannot_tell` of "no data" where a range lies on both sides. `last` is when it was last done, `due`
    when it is due next, where an interval says so, `settles` what would settle it."""

    status: Status
    why: str
    cannot_tell: bool = False
    last: date | None = None
    due: date | None = None
    settles: str = ""


@dataclass(frozen=True)
class Known:
    """A number that is known, with the ends of its range and the part of its base that is known."""

    value: float
    low: float
    high: float
    coverage: float = 1.0


# What a test asks of a number, and what must then hold of both ends of its range, or of neither.
TESTS: dict[str, Callable[[float, float], bool]] = {">=": ge, "<=": le, ">": gt, "<": lt}


def holds(known: Known, sign: str, bound: float) -> bool | None:
    """Whether a test holds whatever is not known; None where it cannot be decided."""
    ends = {TESTS[sign](end, bound) for end in (known.low, known.high)}
    return ends.pop() if len(ends) == 1 else None


def _verdict(is_held: bool | None, yes: str, no: str, perhaps: str) -> Verdict:
    if is_held is None:
        return Verdict(Status.NO_DATA, perhaps, cannot_tell=True)
    return Verdict(Status.ON_TRACK, yes) if is_held else Verdict(Status.BEHIND, no)


def tested(known: Known, sign: str, bound: float, asked: str) -> Verdict:
    """A number held against a bound that the strategy's table states; `asked` says both in words."""
    return _verdict(holds(known, sign, bound), asked, asked, f"the range is on both sides: {asked}")


def before_its_time(since: date | None, day: date) -> Verdict | None:
    """Not due before its first day; None from then on, or where it has none."""
    if since is None or since <= day:
        return None
    return Verdict(Status.NOT_DUE, "it had not begun", due=since)


def before_first_year(since: date | None, day: date) -> Verdict | None:
    """K1: not due before its first year is over; None from then on."""
    if since is None or (over := months_after(since, FIRST_YEAR_MONTHS)) <= day + timedelta(days=1):
        return None
    return Verdict(Status.NOT_DUE, "the first year that can be compared is not over", due=over)


def direction(known: Known, baseline: Known, better: str) -> Verdict:
    """K1. `better` is "more" or "less" than the baseline, which is of the same months, and of which not all may be known either."""
    sign = ">" if better == "more" else "<"
    ends = {holds(known, sign, end) for end in (baseline.low, baseline.high)}
    return _verdict(
        ends.pop() if len(ends) == 1 else None, "better than the baseline", "not better than the baseline",
        "the range covers the baseline" if baseline.low == baseline.high else "the ranges of the two overlap",
    )  # fmt: skip


def recurring(last: date | None, months: int, since: date | None, day: date) -> Verdict:
    """K2. `last` is the newest day, up to this one, on which it was done."""
    begun = last or since
    if begun is None:
        return Verdict(Status.BEHIND, _NOTHING)
    due = months_after(begun, months)
    if last is None:
        if due > day:
            return Verdict(Status.NOT_DUE, "it is due for the first time later", due=due)
        return Verdict(Status.BEHIND, _NOTHING, due=due)
    if due > day:
        return Verdict(Status.ON_TRACK, "done within its interval", last=last, due=due)
    return Verdict(Status.BEHIND, "longer ago than its interval", last=last, due=due)


def coverage(known: Known, target: float, by: date | None, day: date) -> Verdict:
    """K3. A target whose day has not come is not missed yet."""
    verdict = _verdict(
        holds(known, ">=", target), "reaches its target", "below its target", "the range covers the target"
    )
    if verdict.status is Status.BEHIND and by is not None and by > day:
        return Verdict(Status.NOT_DUE, "below its target, whose day has not come", due=by)
    return verdict


def reported(known: Known) -> Verdict:
    """K4."""
    if known.coverage < ENOUGH_KNOWN:
        return Verdict(Status.NO_DATA, "less than half of it is known")
    return Verdict(Status.ON_TRACK, REPORTED)


def begun(last: date | None, day: date) -> Verdict:
    """K5. `last` is the newest evidence from its first day on."""
    if last is None:
        return Verdict(Status.BEHIND, _NOTHING)
    if months_after(last, KEPT_UP_MONTHS) >= day:
        return Verdict(Status.ON_TRACK, "begun and kept up", last=last)
    return Verdict(Status.BEHIND, "its newest evidence is over 12 months old", last=last)


def duty(known: Known, owed: float | None) -> Verdict:
    """K6. `known` counts what is late, `owed` what was owed, None where that is not known."""
    if owed == 0:
        return Verdict(Status.NOT_DUE, "none was owed")
    return _verdict(holds(known, "<=", 0), "nothing is late", "something is late", "something may be late")


def claim(parts: Sequence[Verdict]) -> Verdict:
    """K7. Every part of a claim must be evidenced, and one that is contradicted contradicts it."""
    if wrong := [part for part in parts if part.status is Status.BEHIND]:
        return Verdict(Status.BEHIND, f"contradicted: {wrong[0].why}")
    open_parts = [part for part in parts if part.status is not Status.ON_TRACK]
    if not open_parts:
        return Verdict(Status.ON_TRACK, "evidenced", last=_newest(parts))
    how = "partly evidenced" if len(open_parts) < len(parts) else "not evidenced"
    first = open_parts[0]
    return Verdict(Status.NO_DATA, f"{how}: {first.why}", first.cannot_tell, settles=first.settles)


_WORST_FIRST = (Status.BEHIND, Status.NO_DATA, Status.NOT_DUE, Status.ON_TRACK)
_BEST_FIRST = (Status.ON_TRACK, Status.NOT_DUE, Status.BEHIND, Status.NO_DATA)
_NO_DATA_LAST = (Status.BEHIND, Status.ON_TRACK, Status.NOT_DUE, Status.NO_DATA)


def _first(verdicts: Sequence[Verdict], order: Sequence[Status]) -> Verdict:
    """Of equals one that something judges, wherever it stands: only where none is, is a number merely reported."""
    return min(verdicts, key=lambda verdict: (order.index(verdict.status), verdict.why == REPORTED))


def _newest(verdicts: Sequence[Verdict]) -> date | None:
    return max((verdict.last for verdict in verdicts if verdict.last), default=None)


def all_needed(verdicts: Sequence[Verdict]) -> Verdict:
    """Evidence all of which is needed: the worst of it, and nothing is on track of which a part is not known."""
    return _first(verdicts, _WORST_FIRST)


def one_suffices(verdicts: Sequence[Verdict]) -> Verdict:
    """Evidence of which one kind will do: the best of it."""
    return _first(verdicts, _BEST_FIRST)


def of_parts(verdicts: Sequence[Verdict]) -> Verdict:
    """An action by its sub-actions: the worst of them, "no data" last."""
    return _first(verdicts, _NO_DATA_LAST)
