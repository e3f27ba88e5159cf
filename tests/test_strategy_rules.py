"""The rules K1 to K7 of the strategy tracker, each code and each column, and how evidence is read."""

from __future__ import annotations

from datetime import date

import pytest

from cwb.packs.strategy_tracker import rules
from cwb.packs.strategy_tracker.evidence import Log, Number, Published, read_evidence
from cwb.packs.strategy_tracker.rules import Known, Status, Verdict

DAY = date(2026, 9, 30)
SINCE = date(2025, 4, 1)
ON, BEHIND, NOT_DUE, NO_DATA = Status.ON_TRACK, Status.BEHIND, Status.NOT_DUE, Status.NO_DATA


def sure(value: float) -> Known:
    return Known(value, value, value)


# (value, low, high), whether more is better, status, whether it cannot be told. The baseline is 100 suppliers.
@pytest.mark.parametrize(
    ("known", "better", "status", "cannot_tell"),
    [
        (Known(104, 101, 109), "more", ON, False),
        (Known(104, 98, 109), "more", NO_DATA, True),
        (Known(95, 90, 99), "more", BEHIND, False),
        (sure(100), "more", BEHIND, False),
        (Known(104, 100, 109), "more", NO_DATA, True),
        (Known(95, 90, 99), "less", ON, False),
        (Known(104, 101, 109), "less", BEHIND, False),
        (sure(100), "less", BEHIND, False),
    ],
)
def test_k1_a_direction_from_a_baseline(known: Known, better: str, status: Status, cannot_tell: bool) -> None:
    verdict = rules.direction(known, sure(100), better)
    assert (verdict.status, verdict.cannot_tell) == (status, cannot_tell)


@pytest.mark.parametrize(
    ("known", "baseline", "status", "cannot_tell"),
    [
        # Better than all that the baseline may have been, than some of it, than none.
        (Known(104, 101, 109), Known(95, 90, 100), ON, False),
        (Known(104, 101, 109), Known(95, 90, 101), NO_DATA, True),
        (sure(100), Known(95, 90, 105), NO_DATA, True),
        (sure(90), Known(95, 90, 105), BEHIND, False),
    ],
)
def test_k1_a_baseline_has_a_range_too(known: Known, baseline: Known, status: Status, cannot_tell: bool) -> None:
    verdict = rules.direction(known, baseline, "more")
    assert (verdict.status, verdict.cannot_tell) == (status, cannot_tell)


@pytest.mark.parametrize(
    ("day", "is_early"), [(date(2026, 3, 30), True), (date(2026, 3, 31), False), (date(2026, 4, 1), False)]
)
def test_k1_is_not_due_before_its_first_year_is_over(day: date, is_early: bool) -> None:
    verdict = rules.before_first_year(SINCE, day)
    assert (verdict is not None and verdict.status is NOT_DUE) == is_early
    assert rules.before_first_year(None, day) is None


# Last done, interval, status, when it is due next.
@pytest.mark.parametrize(
    ("last", "months", "since", "status", "due"),
    [
        (date(2025, 10, 1), 12, SINCE, ON, date(2026, 10, 1)),
        (date(2025, 9, 30), 12, SINCE, BEHIND, DAY),
        (date(2026, 7, 23), 3, SINCE, ON, date(2026, 10, 23)),
        (None, 12, SINCE, BEHIND, date(2026, 4, 1)),
        (None, 24, SINCE, NOT_DUE, date(2027, 4, 1)),
        (None, 12, None, BEHIND, None),
    ],
)
def test_k2_something_at_an_interval(
    last: date | None, months: int, since: date | None, status: Status, due: date | None
) -> None:
    verdict = rules.recurring(last, months, since, DAY)
    assert (verdict.status, verdict.last, verdict.due) == (status, last, due)


@pytest.mark.parametrize(
    ("known", "by", "status", "cannot_tell"),
    [
        (sure(1.0), None, ON, False),
        (Known(0.9, 0.8, 1.0), None, NO_DATA, True),
        (Known(0.9, 0.8, 0.99), None, BEHIND, False),
        (Known(0.9, 0.8, 0.99), date(2026, 10, 1), NOT_DUE, False),
        (Known(0.9, 0.8, 0.99), DAY, BEHIND, False),
    ],
)
def test_k3_all_of_something(known: Known, by: date | None, status: Status, cannot_tell: bool) -> None:
    verdict = rules.coverage(known, 1.0, by, DAY)
    assert (verdict.status, verdict.cannot_tell) == (status, cannot_tell)


@pytest.mark.parametrize(("coverage", "status"), [(1.0, ON), (0.5, ON), (0.49, NO_DATA)])
def test_k4_an_indicator_is_reported_and_never_behind(coverage: float, status: Status) -> None:
    assert rules.reported(Known(0, 0, 0, coverage)).status is status


@pytest.mark.parametrize(
    ("last", "status"), [(date(2025, 9, 30), ON), (date(2025, 9, 29), BEHIND), (DAY, ON), (None, BEHIND)]
)
def test_k5_begun_and_kept_up(last: date | None, status: Status) -> None:
    assert rules.begun(last, DAY).status is status


@pytest.mark.parametrize(
    ("known", "owed", "status", "cannot_tell"),
    [
        (sure(0), 12, ON, False),
        (sure(1), 12, BEHIND, False),
        (Known(0, 0, 3), 12, NO_DATA, True),
        (sure(0), 0, NOT_DUE, False),
        (sure(0), None, ON, False),
    ],
)
def test_k6_a_duty(known: Known, owed: float | None, status: Status, cannot_tell: bool) -> None:
    verdict = rules.duty(known, owed)
    assert (verdict.status, verdict.cannot_tell) == (status, cannot_tell)


YES, NO = Verdict(ON, "yes", last=DAY), Verdict(BEHIND, "no")
UNKNOWN, UNSURE = Verdict(NO_DATA, "no file", settles="A file."), Verdict(NO_DATA, "both sides", cannot_tell=True)


@pytest.mark.parametrize(
    ("parts", "status", "why"),
    [
        ((YES, YES), ON, "evidenced"),
        ((YES, NO), BEHIND, "contradicted: no"),
        ((UNKNOWN, NO), BEHIND, "contradicted: no"),
        ((YES, UNKNOWN), NO_DATA, "partly evidenced: no file"),
        ((UNKNOWN, UNKNOWN), NO_DATA, "not evidenced: no file"),
        ((YES, UNSURE), NO_DATA, "partly evidenced: both sides"),
    ],
)
def test_k7_a_claim(parts: tuple[Verdict, ...], status: Status, why: str) -> None:
    verdict = rules.claim(parts)
    assert (verdict.status, verdict.why) == (status, why)
    assert verdict.cannot_tell == (UNSURE in parts)


def test_nothing_is_due_before_its_first_day() -> None:
    early = rules.before_its_time(date(2026, 10, 1), DAY)
    assert early is not None
    assert (early.status, early.due) == (NOT_DUE, date(2026, 10, 1))
    assert rules.before_its_time(DAY, DAY) is None
    assert rules.before_its_time(None, DAY) is None


def test_an_action_is_the_worst_of_its_parts_no_data_last() -> None:
    late, later = Verdict(NOT_DUE, "later"), Verdict(NO_DATA, "none")
    assert rules.of_parts([YES, late, later, NO]) is NO
    assert rules.of_parts([later, late, YES]) is YES
    assert rules.of_parts([later, late]) is late
    assert rules.of_parts([later]) is later


def test_what_is_judged_decides_before_what_is_only_reported_in_any_order() -> None:
    reported = rules.reported(Known(1, 1, 1))
    for verdicts in ([YES, reported], [reported, YES]):
        for choose in (rules.of_parts, rules.all_needed, rules.one_suffices):
            assert choose(verdicts) is YES
    assert rules.of_parts([NO, reported]) is NO
    assert rules.of_parts([reported, reported]) is reported


def test_evidence_that_is_needed_and_evidence_of_which_one_will_do() -> None:
    late = Verdict(NOT_DUE, "later")
    assert rules.all_needed([YES, UNKNOWN, NO]) is NO
    assert rules.all_needed([YES, UNKNOWN, late]) is UNKNOWN
    assert rules.all_needed([YES, late]) is late
    assert rules.one_suffices([UNKNOWN, NO, YES]) is YES
    assert rules.one_suffices([UNKNOWN, NO]) is NO
    assert rules.one_suffices([UNKNOWN, NO, late]) is late


@pytest.mark.parametrize(
    ("sign", "bound", "holds"),
    [
        (">=", 3, True),
        (">", 3, None),
        ("<=", 5, True),
        ("<", 5, None),
        (">", 5, False),
        ("<", 3, False),
        (">=", 6, False),
    ],
)
def test_a_test_holds_at_both_ends_or_at_neither(sign: str, bound: float, holds: bool | None) -> None:
    assert rules.holds(Known(4, 3, 5), sign, bound) is holds


def test_evidence_is_read() -> None:
    assert read_evidence("a_share >= 100%; b_count > 1,000 | log: group meeting, webinar; log; published c") == (
        (Number("a_share", ">=", 1.0),),
        (Number("b_count", ">", 1000.0), Log(("group meeting", "webinar"))),
        (Log(()),),
        (Published("c"),),
    )
    assert read_evidence(None) == read_evidence(" ; ") == ()
    assert read_evidence("x <= -2") == ((Number("x", "<=", -2.0),),)


@pytest.mark.parametrize("text", ["a b", "a == 3", "a >= many", "log webinar", "a |"])
def test_evidence_that_cannot_be_read_says_what(text: str) -> None:
    with pytest.raises(ValueError, match=r"^.*$"):
        read_evidence(text)
