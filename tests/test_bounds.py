"""Bounds of findings: the worked examples of the specification, and enumeration of every way the unknowns could
go.

The enumerations are written in fractions, from lines or things, and share no arithmetic with
`cwb.evidence.bounds`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Context, Decimal, localcontext
from fractions import Fraction
from itertools import product as ways
from statistics import median as middle
from typing import Any

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from cwb.evidence import bounds
from cwb.evidence.bounds import NOTHING, Among, Bounded, Sums
from cwb.evidence.definitions import definition
from cwb.packs.registry import all_packs

YES, NO, UNKNOWN = True, False, None
UNDEFINED = (None, None, None)
Fact = bool | None


def D(number: Fraction | int | str | Decimal | None) -> Decimal | None:
    """A fraction as the Decimal of 40 digits nearest to it: one division, as the module promises."""
    if number is None:
        return None
    exact = Fraction(number)
    with localcontext(Context(prec=40)):
        return Decimal(exact.numerator) / Decimal(exact.denominator)


def dec(*numbers: int | str) -> list[Decimal]:
    return [Decimal(number) for number in numbers]


def sums(things: Iterable[tuple[Fact, Any]]) -> Sums:
    """What SQL gives: things of (fact, weight) added up."""
    own = [(fact, Decimal(weight)) for fact, weight in things]
    unknown = [w for fact, w in own if fact is None]
    return Sums(
        true=sum((w for fact, w in own if fact), Decimal(0)),
        unknown_low=sum((min(w, Decimal(0)) for w in unknown), Decimal(0)),
        unknown_high=sum((max(w, Decimal(0)) for w in unknown), Decimal(0)),
        all=sum((w for _, w in own), Decimal(0)),
        all_size=sum((abs(w) for _, w in own), Decimal(0)),
    )


def ends(bounded: Bounded) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
    return bounded.value, bounded.low, bounded.high


def known_part(unknown: Iterable[Any], everything: Iterable[Any]) -> Fraction | None:
    whole = sum(abs(Fraction(w)) for w in everything)
    return 1 - sum(abs(Fraction(w)) for w in unknown) / whole if whole else None


def assert_is(made: Bounded, value: Any, reached: Sequence[Any], coverage: Any) -> None:
    """Low and high are the least and the most that are reached, and the value lies between them."""
    assert ends(made) == (D(value), D(min(reached)), D(max(reached)))
    assert made.low <= made.value <= made.high
    assert made.coverage == D(coverage)


# --- the examples of bounds.md, numbered as there ---------------------------------------------------------------

EXAMPLE_1 = sums([(YES, 60), (NO, 30), (UNKNOWN, 20), (UNKNOWN, -10)])
EXAMPLE_3_NOW = sums([(YES, 80), (NO, 100), (UNKNOWN, 20)])
EXAMPLE_3_THEN = sums([(YES, 30), (NO, 50), (UNKNOWN, 20)])
IT, CARE = sums([(YES, 50), (UNKNOWN, 10)]), sums([(YES, 45), (UNKNOWN, 20)])
EXAMPLE_5 = Among(*dec(30, 20, 15, 10, 0, 0))


@pytest.mark.parametrize(
    ("made", "value", "low", "high"),
    [
        pytest.param(bounds.total(EXAMPLE_1), 60, 60 - 10, 60 + 20, id="1 pounds"),
        pytest.param(
            bounds.share(EXAMPLE_1),
            Fraction(60, 100),
            Fraction(60 - 10, 100),
            Fraction(60 + 20, 100),
            id="1 share",
        ),
        pytest.param(
            bounds.total(sums([(YES, 1), (NO, 1), (UNKNOWN, 1), (UNKNOWN, 1)])), 1, 1, 3, id="1 suppliers"
        ),
        pytest.param(
            bounds.change(
                now=sums([(YES, 1), (YES, 1), (UNKNOWN, 1), (UNKNOWN, 1)]),
                then=sums([(YES, 1), (YES, 1), (YES, 1), (UNKNOWN, 1), (UNKNOWN, 1)]),
                change=sums([(YES, 1), (YES, -1), (YES, -1), (YES, 0), (UNKNOWN, 0), (UNKNOWN, 1), (UNKNOWN, -1)]),
            ),
            1 - 2,
            -1 - 1,
            -1 + 1,
            id="2 change of a count",
        ),
        pytest.param(
            bounds.change_of_share(EXAMPLE_3_NOW, EXAMPLE_3_THEN, [(Decimal(20), Decimal(20))]),
            Fraction(80, 200) - Fraction(30, 100),
            Fraction(80, 200) - Fraction(30, 100) + (Fraction(20, 200) - Fraction(20, 100)),
            Fraction(80, 200) - Fraction(30, 100),
            id="3 change of a share",
        ),
        pytest.param(
            bounds.largest({"IT": IT, "care": CARE}).bounded,
            50,
            max(50, 45),
            max(50 + 10, 45 + 20),
            id="4 largest",
        ),
        pytest.param(
            bounds.largest({"IT": IT, "care": CARE}, of=Decimal(125)).bounded,
            Fraction(50, 125),
            Fraction(50, 125),
            Fraction(65, 125),
            id="4 as a share of all",
        ),
        pytest.param(
            bounds.share_among(EXAMPLE_5),
            Fraction(30, 30 + 20 + 15),
            Fraction(30, 30 + 35),
            Fraction(55, 55 + 20),
            id="5 both unknown",
        ),
        pytest.param(
            bounds.mean(dec(100, 50), dec(10, 200)),
            Fraction(100 + 50, 2),
            Fraction(10 + 100 + 50, 3),
            Fraction(100 + 50 + 200, 3),
            id="6 mean",
        ),
        pytest.param(bounds.median(dec(100, 50), dec(10, 200)), Fraction(50 + 100, 2), 50, 100, id="6 median"),
        pytest.param(
            bounds.modelled([(Decimal(100 - 60), *dec("0.5", "0.2", "0.8"))]),
            40 * Fraction("0.5"),
            40 * Fraction("0.2"),
            40 * Fraction("0.8"),
            id="7 modelled",
        ),
        pytest.param(
            bounds.share_of_modelled(*dec(8, 20, 32, 6, 12, 18)),
            Fraction(20, 20 + 12),
            Fraction(8, 8 + 18),
            Fraction(32, 32 + 6),
            id="7 share of modelled",
        ),
        # Kinds that the specification's examples leave out.
        pytest.param(
            bounds.rate(Bounded(*dec(6, 5, 9), Decimal(1)), Decimal(3000), Decimal(1000)),
            2,
            Fraction(5, 3),
            3,
            id="rate",
        ),
        pytest.param(
            bounds.top(2, dec(50, 20, 20), *dec(10, 100)),
            Fraction(50 + 20, 100),
            Fraction(50 + 20, 100),
            Fraction(50 + 20 + 10, 100),
            id="top",
        ),
        pytest.param(bounds.half(dec(40, 30, 20), dec(25, 15)), 2, 1, 2, id="half"),
        pytest.param(
            bounds.product(Bounded(*dec(100, 80, 120), Decimal(1)), *dec("0.25", "0.1", "0.5")),
            25,
            8,
            60,
            id="product",
        ),
        pytest.param(
            bounds.product(Bounded(*dec(-5, -20, 10), Decimal(1)), *dec("1.5", 1, 2)),
            Fraction(-15, 2),
            -40,
            20,
            id="product of a finding that may be below nought",
        ),
        pytest.param(
            bounds.weighted_mean([(Decimal(2), Decimal(100)), (Decimal(4), Decimal(300))], [tuple(dec(5, 100))]),
            Fraction(1400, 400),
            Fraction(1400, 400),
            Fraction(1900, 500),
            id="weighted mean",
        ),
    ],
)
def test_worked_examples(made: Bounded, value: Any, low: Any, high: Any) -> None:
    assert ends(made) == (D(value), D(low), D(high))


@pytest.mark.parametrize(
    ("coverage", "expected"),
    [
        (bounds.share(EXAMPLE_1).coverage, 1 - Fraction(30, 120)),
        (
            bounds.change_of_share(EXAMPLE_3_NOW, EXAMPLE_3_THEN, [(Decimal(20), Decimal(20))]).coverage,
            1 - Fraction(20 + 20, 200 + 100),
        ),
        (bounds.largest({"IT": IT, "care": CARE}).bounded.coverage, 1 - Fraction(10 + 20, 60 + 65)),
        # Of what may be a social enterprise; what surely is none says nothing about the share.
        (bounds.share_among(EXAMPLE_5).coverage, 1 - Fraction(10 + 15, 75)),
        (bounds.mean(dec(100, 50), dec(10, 200), others=dec(40)).coverage, 1 - Fraction(210, 400)),
        (bounds.half(dec(40, 30, 20), dec(25, 15)).coverage, 1 - Fraction(40, 130)),
    ],
)
def test_coverage_is_one_less_unknown_over_all(coverage: Decimal | None, expected: Fraction) -> None:
    assert coverage == D(expected)


def test_two_groups_may_be_largest_and_both_are_named() -> None:
    told = bounds.largest({"care": CARE, "IT": IT, "parks": sums([(YES, 49)])})
    assert (told.name, told.surely, told.possibly) == ("IT", None, ("IT", "care"))


@pytest.mark.parametrize(
    ("groups", "name", "surely", "possibly"),
    [
        ({"b": 5, "a": 5, "c": 4}, "a", None, ("a", "b")),
        ({"a": 5, "b": 4}, "a", "a", ("a",)),
        ({"only": 1}, "only", "only", ("only",)),
        ({"a": 0, "b": 0}, None, None, ()),  # nothing is the most of no group
        ({"a": -3, "b": -2}, None, None, ()),
        ({}, None, None, ()),
    ],
)
def test_the_largest_group_and_ties(
    groups: dict[str, int], name: str | None, surely: str | None, possibly: tuple[str, ...]
) -> None:
    told = bounds.largest({group: sums([(YES, weight)]) for group, weight in groups.items()})
    assert (told.name, told.surely, told.possibly) == (name, surely, possibly)


# --- no things, all unknown, one thing, a credit larger than the spend ----------------------------------------

ALL_UNKNOWN = sums([(UNKNOWN, 3), (UNKNOWN, -1)])
CREDIT = sums([(YES, 10), (NO, -10)])
MORE_CREDIT = sums([(YES, 10), (UNKNOWN, -30)])


@pytest.mark.parametrize(
    ("made", "expected", "coverage"),
    [
        (bounds.total(NOTHING), (0, 0, 0), None),
        (bounds.share(NOTHING), UNDEFINED, None),
        (bounds.change(NOTHING, NOTHING, NOTHING), (0, 0, 0), None),
        (bounds.change_of_share(NOTHING, EXAMPLE_1, []), UNDEFINED, Fraction(3, 4)),
        (bounds.change_of_share(EXAMPLE_1, NOTHING, []), UNDEFINED, Fraction(3, 4)),
        (bounds.share_among(Among(*dec(0, 0, 0, 0, 0, 0))), UNDEFINED, None),
        (bounds.share_among(Among(*dec(0, 0, 0, 5, 5, 5))), UNDEFINED, 0),  # nothing is surely in the base
        (bounds.share_among(Among(*dec(5, 5, -1, 0, 0, 0))), UNDEFINED, None),  # a credit larger than the rest
        (bounds.mean([], dec(5)), UNDEFINED, 0),
        (bounds.mean([], []), UNDEFINED, None),
        (bounds.weighted_mean([(Decimal(3), Decimal(0))], []), UNDEFINED, None),
        (bounds.median([], dec(5)), UNDEFINED, 0),
        (bounds.median(dec(7), []), (7, 7, 7), 1),
        (bounds.largest({}).bounded, UNDEFINED, None),
        (bounds.largest({"a": CREDIT}, of=Decimal(0)).bounded, UNDEFINED, 1),
        (bounds.top(10, [], *dec(5, 5)), UNDEFINED, 0),
        (bounds.top(10, dec(5), *dec(0, 5)), (1, 1, 1), 1),
        (bounds.top(10, dec(5, -9), *dec(0, -4)), UNDEFINED, 1),
        (bounds.half([], []), UNDEFINED, None),
        (bounds.half([], dec(5, 5, 5)), (2, 1, 2), 0),
        (bounds.half(dec(7), []), (1, 1, 1), 1),
        (bounds.half(dec(7, -9), []), UNDEFINED, 1),
        (bounds.modelled([]), (0, 0, 0), None),
        (bounds.modelled([(Decimal(-10), *dec(2, 1, 3))]), (-20, -30, -10), None),
        (bounds.share_of_modelled(*dec(0, 0, 0, 0, 0, 0)), UNDEFINED, None),
        (bounds.share_of_modelled(*dec(0, 5, 9, 0, 0, 0)), (1, 1, 1), None),  # nothing is out
        (bounds.share_of_modelled(*dec(0, 0, 0, 0, 5, 9)), (0, 0, 0), None),
        (bounds.share_of_modelled(*dec(-9, 5, 9, 6, 7, 8)), UNDEFINED, None),  # the whole could be below nought
        (bounds.product(bounds.share(NOTHING), *dec(1, 1, 1)), UNDEFINED, None),
        (bounds.rate(bounds.total(EXAMPLE_1), Decimal(0), Decimal(1)), UNDEFINED, Fraction(3, 4)),
        (bounds.rate(bounds.share(CREDIT), Decimal(5), Decimal(1)), UNDEFINED, 1),
        (bounds.total(ALL_UNKNOWN), (0, -1, 3), 0),
        (bounds.share(ALL_UNKNOWN), (0, Fraction(-1, 2), Fraction(3, 2)), 0),
        (bounds.share(sums([(UNKNOWN, 4)])), (0, 0, 1), 0),
        (bounds.share(sums([(YES, 4)])), (1, 1, 1), 1),
        (bounds.share(CREDIT), UNDEFINED, 1),
        (bounds.share(MORE_CREDIT), UNDEFINED, Fraction(1, 4)),
        (bounds.total(MORE_CREDIT), (10, -20, 10), Fraction(1, 4)),
    ],
)
def test_edges(made: Bounded, expected: tuple[Any, Any, Any], coverage: Any) -> None:
    assert ends(made) == tuple(D(end) for end in expected)
    assert made.coverage == D(coverage)


def test_eighteen_digits_are_summed_to_the_penny() -> None:
    """Twenty-eight digits, Decimal's own, would lose pennies in a product of two such sums."""
    pounds = "1234567890123456.78"
    now, then = sums([(YES, pounds), (NO, "0.01")]), sums([(YES, "0.01"), (NO, pounds)])
    whole = Fraction(pounds) + Fraction("0.01")
    value = (Fraction(pounds) - Fraction("0.01")) / whole
    assert bounds.change_of_share(now, then, []).value == pytest.approx(D(value), rel=Decimal("1e-38"))
    assert (now + then).true == Decimal("1234567890123456.79")


# --- equal to enumeration --------------------------------------------------------------------------------------

FACTS = st.sampled_from([YES, NO, UNKNOWN])
# Few different amounts, so that ties and sums of nought come often; pence, so that no division is lucky.
POUNDS = st.one_of(st.integers(-4, 9).map(Decimal), st.integers(-300, 900).map(lambda pence: Decimal(pence) / 100))
NOT_NEGATIVE = POUNDS.map(abs)
many = settings(max_examples=250, deadline=None)


@st.composite
def councils(draw: st.DrawFn, periods: int = 1) -> tuple[list[Fact], list[list[list[Decimal]]]]:
    """Up to nine things, each with a fact and the lines it was paid by in each period; so is a withheld line."""
    count = draw(st.integers(0, 9))
    facts = [draw(FACTS) for _ in range(count)]
    lines = st.lists(POUNDS, max_size=3)
    return facts, [[draw(lines) for _ in range(count)] for _ in range(periods)]


def completed(facts: Sequence[Fact]) -> Iterator[tuple[bool, ...]]:
    """Every assignment of the unknown facts."""
    return ways(*[(YES, NO) if fact is None else (fact,) for fact in facts])


def paid(facts: Sequence[Fact], lines: Sequence[Sequence[Decimal]]) -> Fraction:
    return sum((Fraction(p) for fact, own in zip(facts, lines, strict=True) if fact for p in own), Fraction(0))


def net(lines: Sequence[Sequence[Decimal]]) -> list[Decimal]:
    return [sum(own, Decimal(0)) for own in lines]


def unknowns(facts: Sequence[Fact], weights: Sequence[Decimal]) -> list[Decimal]:
    return [w for fact, w in zip(facts, weights, strict=True) if fact is None]


@many
@given(councils())
@example(([YES, UNKNOWN], [[[Decimal(5)], [Decimal(3), Decimal(-3)]]]))
def test_totals_and_shares(council: tuple[list[Fact], list[list[list[Decimal]]]]) -> None:
    facts, (lines,) = council
    weights = net(lines)
    own = sums(zip(facts, weights, strict=True))
    reached = [paid(way, lines) for way in completed(facts)]
    known = known_part(unknowns(facts, weights), weights)
    assert_is(bounds.total(own), paid(facts, lines), reached, known)
    whole = paid([YES] * len(facts), lines)
    made = bounds.share(own)
    if whole <= 0:
        assert (ends(made), made.coverage) == (UNDEFINED, D(known))
        return
    assert_is(made, paid(facts, lines) / whole, [end / whole for end in reached], known)
    per_thousand = bounds.rate(bounds.total(own), Decimal(7), Decimal(1000))
    assert_is(per_thousand, paid(facts, lines) * 1000 / 7, [end * 1000 / 7 for end in reached], known)


@many
@given(st.lists(FACTS, max_size=9))
def test_counts(facts: list[Fact]) -> None:
    made = bounds.total(sums((fact, 1) for fact in facts))
    reached = [way.count(YES) for way in completed(facts)]
    assert_is(made, facts.count(YES), reached, known_part([1] * facts.count(UNKNOWN), [1] * len(facts)))


@many
@given(councils(periods=2), st.data())
def test_changes(council: tuple[list[Fact], list[list[list[Decimal]]]], data: st.DataObject) -> None:
    facts, (now, then) = council
    # A thing that has moved is known in each period; every other goes one way in both.
    before = [fact if fact is None or not data.draw(st.booleans()) else not fact for fact in facts]
    w_now, w_then = net(now), net(then)
    own_now, own_then = (sums(zip(facts, w_now, strict=True)), sums(zip(before, w_then, strict=True)))
    per_thing = sums(
        (YES, (a if fact else 0) - (b if earlier else 0)) if fact is not None else (UNKNOWN, a - b)
        for fact, earlier, a, b in zip(facts, before, w_now, w_then, strict=True)
    )
    ways_both = [
        (way, [went if fact is None else earlier for went, fact, earlier in zip(way, facts, before, strict=True)])
        for way in completed(facts)
    ]
    known = known_part(unknowns(facts, w_now) + unknowns(before, w_then), w_now + w_then)
    value = paid(facts, now) - paid(before, then)
    reached = [paid(way, now) - paid(earlier, then) for way, earlier in ways_both]
    assert_is(bounds.change(own_now, own_then, per_thing), value, reached, known)

    moved = [(a, b) for fact, a, b in zip(facts, w_now, w_then, strict=True) if fact is None]
    made = bounds.change_of_share(own_now, own_then, moved)
    all_now, all_then = Fraction(sum(w_now)), Fraction(sum(w_then))
    if all_now <= 0 or all_then <= 0:
        assert (ends(made), made.coverage) == (UNDEFINED, D(known))
        return
    value = paid(facts, now) / all_now - paid(before, then) / all_then
    reached = [paid(way, now) / all_now - paid(earlier, then) / all_then for way, earlier in ways_both]
    assert_is(made, value, reached, known)


@many
@given(st.lists(st.tuples(FACTS, FACTS, NOT_NEGATIVE), max_size=9))
def test_a_share_among_things_that_are_themselves_unknown(things: list[tuple[Fact, Fact, Decimal]]) -> None:
    assume(sum((q is None) + (p is None) for q, p, _ in things) <= 10)

    def cell(is_q: Fact, is_p: Fact) -> Decimal:
        return sum((w for q, p, w in things if q is is_q and p is is_p), Decimal(0))

    made = bounds.share_among(Among(*[cell(q, p) for q in (YES, UNKNOWN) for p in (YES, NO, UNKNOWN)]))
    maybe = [w for q, p, w in things if q is not False and (q is None or p is None)]
    known = known_part(maybe, [w for q, _, w in things if q is not False])

    def of(qs: Iterable[Fact], ps: Iterable[Fact]) -> tuple[Fraction, Fraction]:
        weights = [Fraction(w) for _, _, w in things]
        own = [(bool(q), bool(p), w) for q, p, w in zip(qs, ps, weights, strict=True)]
        return sum((w for q, p, w in own if q and p), Fraction(0)), sum((w for q, _, w in own if q), Fraction(0))

    part, base = of([q for q, _, _ in things], [p for _, p, _ in things])
    if not base:
        assert (ends(made), made.coverage) == (UNDEFINED, D(known))
        return
    every = [
        of(qs, ps) for qs in completed([q for q, _, _ in things]) for ps in completed([p for _, p, _ in things])
    ]
    assert_is(made, part / base, [p / b for p, b in every], known)


def joined(known: Sequence[Any], unknown: Sequence[Any]) -> list[list[Any]]:
    """What is known with every choice from what is not."""
    chosen = ways((YES, NO), repeat=len(unknown))
    return [[*known, *(w for w, is_in in zip(unknown, way, strict=True) if is_in)] for way in chosen]


@many
@given(st.lists(st.tuples(FACTS, POUNDS), max_size=9))
def test_means_and_medians(things: list[tuple[Fact, Decimal]]) -> None:
    known, unknown, others = ([w for fact, w in things if fact is which] for which in (YES, UNKNOWN, NO))
    coverage = known_part(unknown, [w for _, w in things])
    for made, of in (
        (bounds.mean(known, unknown, others), lambda own: sum(own) / len(own)),
        (bounds.median(known, unknown, others), middle),
    ):
        if not known:
            assert (ends(made), made.coverage) == (UNDEFINED, D(coverage))
            continue
        reached = [of([Fraction(w) for w in own]) for own in joined(known, unknown)]
        assert_is(made, of([Fraction(w) for w in known]), reached, coverage)


@many
@given(st.lists(st.tuples(FACTS, POUNDS, NOT_NEGATIVE), max_size=9))
def test_weighted_means(things: list[tuple[Fact, Decimal, Decimal]]) -> None:
    known, unknown, others = ([(n, w) for fact, n, w in things if fact is which] for which in (YES, UNKNOWN, NO))
    made = bounds.weighted_mean(known, unknown, others)
    coverage = known_part([w for _, w in unknown], [w for _, _, w in things])
    if not sum(w for _, w in known):
        assert (ends(made), made.coverage) == (UNDEFINED, D(coverage))
        return

    def of(own: list[tuple[Decimal, Decimal]]) -> Fraction:
        return sum(Fraction(n) * Fraction(w) for n, w in own) / sum(Fraction(w) for _, w in own)

    assert_is(made, of(known), [of(own) for own in joined(known, unknown)], coverage)


GROUPED = st.lists(st.tuples(st.sampled_from("abc"), FACTS, POUNDS), min_size=1, max_size=9)


@many
@given(GROUPED, st.lists(NOT_NEGATIVE, max_size=3), st.lists(POUNDS, max_size=2))
@example([("a", YES, Decimal(5)), ("b", YES, Decimal(5))], [], [])
def test_the_largest_group(
    things: list[tuple[str, Fact, Decimal]], unplaced: list[Decimal], elsewhere: list[Decimal]
) -> None:
    """Things of unknown fact in a group, things of unknown group, and things known to be in none."""
    names = sorted({group for group, _, _ in things})
    groups = {name: sums((fact, w) for group, fact, w in things if group == name) for name in names}
    outside = sums([*((UNKNOWN, w) for w in unplaced), *((NO, w) for w in elsewhere)])
    everything = [*(w for _, _, w in things), *unplaced, *elsewhere]
    whole = Fraction(sum(everything))

    def by_group(way: Sequence[Fact], places: Sequence[str | None]) -> dict[str, Fraction]:
        made = dict.fromkeys(names, Fraction(0))
        for (group, _, w), is_in in zip(things, way, strict=True):
            made[group] += Fraction(w) if is_in else 0
        for place, w in zip(places, unplaced, strict=True):
            if place is not None:
                made[place] += Fraction(w)
        return made

    facts = [fact for _, fact, _ in things]
    assume(facts.count(UNKNOWN) + 2 * len(unplaced) <= 10)
    every = [
        by_group(way, places) for way in completed(facts) for places in ways((*names, None), repeat=len(unplaced))
    ]
    value = max(by_group(facts, [None] * len(unplaced)).values())
    reached = [max(amounts.values()) for amounts in every]
    known = known_part([w for _, fact, w in things if fact is None] + unplaced, everything)
    told = bounds.largest(groups, outside=outside)
    assert_is(told.bounded, value, reached, known)
    share = bounds.largest(groups, of=Decimal(sum(everything)), outside=outside)
    assert (share.name, share.surely, share.possibly) == (told.name, told.surely, told.possibly)
    if whole > 0:
        assert_is(share.bounded, value / whole, [end / whole for end in reached], known)
    else:
        assert ends(share.bounded) == UNDEFINED

    leads = [{n for n, w in amounts.items() if w > 0 and w == max(amounts.values())} for amounts in every]
    assert set(told.possibly) == set().union(*leads)
    alone = {name for name in names if all(lead == {name} for lead in leads)}
    assert ({told.surely} if told.surely else set()) == alone
    valued = by_group(facts, [None] * len(unplaced))
    assert list(told.possibly) == sorted(told.possibly, key=lambda n: (-valued[n], n))
    assert told.name == (min(n for n in names if valued[n] == value) if value > 0 else None)


@many
@given(GROUPED, st.lists(POUNDS, max_size=3))
def test_credits_of_unknown_group_pass_no_end(
    things: list[tuple[str, Fact, Decimal]], unplaced: list[Decimal]
) -> None:
    """Where a credit's group is not known, low and high are not passed, though low may not be reached."""
    known = [(group, w) for group, fact, w in things if fact]
    names = sorted({group for group, _, _ in things})
    groups = {name: sums((YES, w) for group, w in known if group == name) for name in names}
    made = bounds.largest(groups, outside=sums((UNKNOWN, w) for w in unplaced)).bounded
    for places in ways((*names, None), repeat=len(unplaced)):
        amounts = {name: sum((w for group, w in known if group == name), Decimal(0)) for name in names}
        for place, w in zip(places, unplaced, strict=True):
            if place is not None:
                amounts[place] += w
        assert made.low <= max(amounts.values()) <= made.high


def with_lines(named: Sequence[Decimal], unnamed: Sequence[Decimal], others: int) -> Iterator[list[Fraction]]:
    """Nets of the named, then of `others` more suppliers, over every way of giving each unnamed line to one of
    them.
    """
    for owners in ways(range(len(named) + others), repeat=len(unnamed)):
        nets = [*map(Fraction, named), *[Fraction(0)] * others]
        for owner, line in zip(owners, unnamed, strict=True):
            nets[owner] += Fraction(line)
        yield nets


@many
@given(st.integers(1, 4), st.lists(NOT_NEGATIVE, min_size=1, max_size=5), st.lists(NOT_NEGATIVE, max_size=4))
def test_the_largest_n(n: int, named: list[Decimal], unnamed: list[Decimal]) -> None:
    """Each unnamed line is with a named supplier, or with somebody who is not ranked."""
    whole = Fraction(sum(named) + sum(unnamed))
    bounded = bounds.top(n, named, sum(unnamed, Decimal(0)), sum((*named, *unnamed), Decimal(0)))
    known = known_part(unnamed, [*named, *unnamed])
    if whole <= 0:
        assert (ends(bounded), bounded.coverage) == (UNDEFINED, D(known))
        return
    value = Fraction(sum(sorted(named)[-n:]))
    reached = [sum(sorted(nets[: len(named)])[-n:]) / whole for nets in with_lines(named, unnamed, others=1)]
    assert_is(bounded, value / whole, reached, known)


@many
@given(st.integers(1, 3), st.lists(POUNDS, min_size=1, max_size=4), st.lists(POUNDS, max_size=3))
def test_credits_without_a_name_pass_no_end_of_the_largest_n(
    n: int, named: list[Decimal], unnamed: list[Decimal]
) -> None:
    whole = sum(named) + sum(unnamed)
    assume(whole > 0)
    bounded = bounds.top(n, named, sum(map(abs, unnamed), Decimal(0)), whole)
    for nets in with_lines(named, unnamed, others=1):
        share = D(Fraction(sum(sorted(nets[: len(named)])[-n:])) / Fraction(whole))
        assert bounded.low <= share <= bounded.high


def fewest_for_half(nets: Sequence[Fraction]) -> int:
    return next(n for n in range(1, len(nets) + 1) if sum(sorted(nets)[-n:]) >= sum(nets) / 2)


@settings(max_examples=60, deadline=None)
@given(st.lists(NOT_NEGATIVE, max_size=5), st.lists(NOT_NEGATIVE, max_size=4))
@example([], [Decimal(5), Decimal(5), Decimal(5)])
@example(dec(4, 3, 3, 3, 3), [])  # 4 + 3 is under half of 16: the largest counts once
def test_suppliers_for_half(named: list[Decimal], unnamed: list[Decimal]) -> None:
    """Every line with any named supplier, alone, or together with others under a name that is withheld."""
    made = bounds.half(named, unnamed)
    known = known_part(unnamed, [*named, *unnamed])
    if sum(named) + sum(unnamed) <= 0:
        assert (ends(made), made.coverage) == (UNDEFINED, D(known))
        return
    apart = fewest_for_half([Fraction(w) for w in (*named, *unnamed)])
    reached = [fewest_for_half(nets) for nets in with_lines(named, unnamed, others=len(unnamed))]
    assert_is(made, apart, reached, known)
    assert made.value == made.high


FACTOR = st.lists(st.integers(0, 30), min_size=3, max_size=3).map(sorted)


@many
@given(st.lists(st.tuples(st.lists(POUNDS, max_size=3), FACTOR), max_size=6))
def test_modelled_amounts(groups: list[tuple[list[Decimal], list[int]]]) -> None:
    """Each factor at its least, its middle and its most, for every line that shares it."""
    made = bounds.modelled(
        [(sum(lines, Decimal(0)), *dec(middle_one, least, most)) for lines, (least, middle_one, most) in groups],
        Decimal(1) / 4,
    )

    def of(factors: Sequence[int]) -> Fraction:
        return sum(
            (Fraction(p) * f for (lines, _), f in zip(groups, factors, strict=True) for p in lines), Fraction(0)
        )

    every = [of(factors) for factors in ways(*[factor for _, factor in groups])]
    assert_is(made, of([factor[1] for _, factor in groups]), every, Fraction(1, 4))


@many
@given(*[st.lists(st.integers(-6, 20), min_size=3, max_size=3).map(sorted)] * 2)
@example([0, 5, 9], [0, 0, 0])
@example([0, 0, 0], [0, 0, 4])
def test_shares_of_modelled_amounts(inside: list[int], outside: list[int]) -> None:
    made = bounds.share_of_modelled(*dec(*inside), *dec(*outside))
    every = [(i, o) for i in range(inside[0], inside[2] + 1) for o in range(outside[0], outside[2] + 1)]
    if inside[1] + outside[1] <= 0 or (min(inside[0], outside[0]) < 0 and inside[0] + outside[0] <= 0):
        assert ends(made) == UNDEFINED
        return
    # Nothing in and nothing out has no share; it is reached only where both could be nought.
    reached = [Fraction(i, i + o) for i, o in every if i + o]
    assert_is(made, Fraction(inside[1], inside[1] + outside[1]), reached, None)


@many
@given(*[st.lists(st.integers(-6, 6), min_size=3, max_size=3).map(sorted)] * 2)
def test_products(finding: list[int], assumed: list[int]) -> None:
    low, value, high = dec(*finding)
    made = bounds.product(Bounded(value, low, high, Decimal(1)), *dec(assumed[1], assumed[0], assumed[2]))
    every = [f * a for f in range(finding[0], finding[2] + 1) for a in range(assumed[0], assumed[2] + 1)]
    assert_is(made, finding[1] * assumed[1], every, 1)


# --- the table of findings and the published rules ---------------------------------------------------------------

KINDS = {"total", "count", "share", "change", "largest", "top", "half", "rate", "median", "mean", "survival",
         "modelled", "product", "derived"}  # fmt: skip


def test_each_finding_is_of_a_kind_whose_rule_is_published() -> None:
    ids = {name for pack in all_packs() for measure in pack.measures for name in measure.finding_ids}
    kinds = {name: definition(name).kind for name in ids}
    assert len(kinds) >= 150
    assert set(kinds.values()) <= KINDS
    assert set(bounds.RULES) >= KINDS
    for rule in bounds.RULES.values():
        assert rule.endswith(".")
        assert ". " not in rule, "one sentence"


def test_sums_of_two_sets_of_things_add_up() -> None:
    one, other = [(YES, 60), (UNKNOWN, -10)], [(NO, 30), (UNKNOWN, 20)]
    assert sums(one) + sums(other) == EXAMPLE_1 == sums([*one, *other])
    assert EXAMPLE_1.unknown_size == 30
    assert EXAMPLE_1.coverage == Decimal("0.75")
    assert NOTHING.coverage is None
