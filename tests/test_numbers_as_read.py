"""Numbers as members read them, and what of a number is stated: by hand, at each limit where the words change."""

from __future__ import annotations

from decimal import Decimal

import pytest

from cwb.evidence.bounded import Bounded, Sums
from cwb.evidence.coverage import Floors, finding_of, known_text
from cwb.evidence.finding import Finding, State, number, tidy
from cwb.evidence.questions import Question, change, count, share, total
from cwb.evidence.relation import Fact, Relation, Thing
from cwb.evidence.rows import Evidence
from cwb.packs.registry import all_packs


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0, "gbp", "£0"), (1234, "gbp", "£1,234"), (-5, "gbp", "−£5"), (99_999, "gbp", "£99,999"), (100_499, "gbp", "£100,000"),
        (949_000, "gbp", "£949,000"), (950_001, "gbp", "£1.0m"), (-2_500_000, "gbp", "−£2.5m"),
        (0, "share", "0%"), (0.0001, "share", "under 0.1%"), (0.0005, "share", "0.1%"), (-0.0001, "share", "under 0.1%"),
        (0.094, "share", "9.4%"), (0.095, "share", "10%"), (0.5, "share", "50%"), (0.994, "share", "99%"), (0.995, "share", "over 99%"),
        (0.999, "share", "over 99%"), (1, "share", "100%"), (1.5, "share", "150%"), (-0.2, "share", "−20%"), (-0.05, "share", "−5.0%"),
        (0.25, "points", "25.0 percentage points"), (-0.25, "points", "25.0 percentage points"),
        (0.1, "change", "+10%"), (-0.1, "change", "−10%"), (0, "change", "+0%"),
        (1234.56, "rate", "1,234.6"), (1.234, "intensity", "1.23"), (0.853, "ratio", "0.85"), (-1234.56, "rate", "−1,234.6"), (-1.234, "intensity", "−1.23"),
        (999, "kgco2e", "999 kgCO2e"), (999.6, "kgco2e", "1.0 tCO2e"), (1000, "kgco2e", "1.0 tCO2e"), (-1500, "kgco2e", "−1.5 tCO2e"),
        (9949, "kgco2e", "9.9 tCO2e"), (9950, "kgco2e", "10 tCO2e"),
        (1, "days", "1 day"), (2, "days", "2 days"), (0, "days", "0 days"), (1.5, "weeks", "1.5 weeks"), (-1, "days", "−1 days"),
        (1, "tonnes", "1 tonne"), (12, "tonnes", "12 tonnes"), (1, "fte_years", "1 full-time year"),
        (-1234, "count", "−1,234"),
    ],
)  # fmt: skip
def test_a_number_with_its_unit(value: float, unit: str, text: str) -> None:
    assert number(value, unit) == text


@pytest.mark.parametrize(
    ("value", "tidied"),
    [
        (0.1 + 0.2, 0.3),
        (2.0, 2),
        (1e14 + 0.0, 10**14),
        (1e15, 1e15),
        (2e15, 2e15),
        (float("nan"), None),
        (None, None),
    ],
)
def test_twelve_digits_are_kept(value: float | None, tidied: float | None) -> None:
    assert tidy(value) == tidied
    assert type(tidy(value)) is type(tidied)


def made(
    value: float | None, low: float | None, high: float | None, unit: str, id: str = "local_share", **more: object
) -> Finding:
    return Finding(id=id, pack="p", period="2023-24", unit=unit, value=value, low=low, high=high, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("finding", "bounds"),
    [
        (made(0.5, 0.4, 0.6, "share"), "between 40% and 60%"),
        (made(0.5, 0.499, 0.501, "share"), ""),
        (made(0.5, None, 0.6, "share"), ""), (made(0.5, 0.4, None, "share"), ""), (made(None, 0.4, 0.6, "share"), ""),
        (made(0.5, 0.4, 0.6, "share", state=State.AT_LEAST), ""),
        (made(0.01, -0.02, 0.03, "points"), "between −2.0 and +3.0 percentage points"),
        (made(0.01, 0.01, 0.01, "points"), ""),
        (made(0.1, -0.1, 0.2, "change"), "between −10% and +20%"),
        (made(100, 50, 150, "gbp"), "between £50 and £150"),
        (made(100, 50, 150, "gbp", "local_spend_since_2022-23"), "between +£50 and +£150"),
        (made(100, -50, 0, "gbp", "local_spend_since_2022-23"), "between −£50 and £0"),
    ],
)  # fmt: skip
def test_a_range_in_words(finding: Finding, bounds: str) -> None:
    assert finding.bounds == bounds


@pytest.mark.parametrize(
    ("finding", "text"),
    [
        (made(None, None, None, "gbp"), "Not known"), (made(100, None, None, "gbp"), "£100"), (made(0.1, None, None, "change"), "+10%"),
        (made(100, None, None, "gbp", "local_spend_since_2022-23"), "Up £100"),
        (made(-100, None, None, "gbp", "local_spend_since_2022-23"), "Down £100"),
        (made(0.2, None, None, "gbp", "local_spend_since_2022-23"), "Level"),
        (made(-0.03, None, None, "points", "local_share_since_2022-23"), "Down 3.0 percentage points"),
    ],
)  # fmt: skip
def test_a_change_says_its_direction(finding: Finding, text: str) -> None:
    assert finding.signed == text


# --- what is stated -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module", autouse=True)
def packs() -> None:
    """Findings are defined where measures declare them."""
    all_packs()


LINES = Relation("spend_lines", ("spend_lines",))
LOCAL = Fact("is_local", "suppliers' places are known", "A vendor list would settle it.")
FLOORS = Floors(Decimal("0.5"), Decimal("0.8"))


@pytest.mark.parametrize(
    ("question", "coverage", "text"),
    [
        (share("local_share", LINES, LOCAL), "0.013", "suppliers' places are known for only 1.3% of £94.1m"),
        (share("local_share", LINES, LOCAL), "0", "suppliers' places are known for none of £94.1m"),
        # Just below the floor must not read as the floor: 49.6% is no 50%, and 49.4% is 49%.
        (share("local_share", LINES, LOCAL), "0.496", "suppliers' places are known for only 49.6% of £94.1m"),
        (share("local_share", LINES, LOCAL), "0.495", "suppliers' places are known for only 49.5% of £94.1m"),
        (share("local_share", LINES, LOCAL), "0.494", "suppliers' places are known for only 49% of £94.1m"),
        (share("local_share", LINES, LOCAL), "0.6", "suppliers' places are known for only 60% of £94.1m"),
        (
            count("supplier_count", LINES, LOCAL),
            "0.2",
            "suppliers' places are known for only 20% of 94,100,000 suppliers",
        ),
        # Bids and cells are added up, and are no pounds.
        (
            share("local_share", LINES, LOCAL, by="weight", per=Thing("lot_key", "title", "bids")),
            "0",
            "suppliers' places are known for none of 94,100,000 bids",
        ),
        (
            share("local_share", LINES, LOCAL, by="cells", per=Thing("item", "item", "items")),
            "0.2",
            "suppliers' places are known for only 20% of 94,100,000 cells",
        ),
    ],
)
def test_what_is_known_in_words(question: Question, coverage: str, text: str) -> None:
    assert known_text(question, Decimal(coverage), Decimal(94_100_000), Decimal("0.5")) == text


def found(
    question: Question, true: int, low: int, high: int, everything: int, size: int, then: Sums | None = None
) -> Finding:
    """The finding of sums: what is so, the negative and the positive pounds not known, all of it, and the size of all."""
    sums = Sums(*(Decimal(n) for n in (true, low, high, everything, size)))
    ends = [sums.true, sums.low, sums.high]
    if question.is_share:
        ends = [end / sums.all for end in ends]
    if then is not None:
        ends = [end - then.true for end in ends]
    bounded = Bounded(*ends, sums.coverage)
    evidence = Evidence(None, question)  # type: ignore[arg-type]
    return finding_of(question, bounded, sums, then, evidence, "p", "2023-24", FLOORS, ("spend_lines",))


def said(finding: Finding) -> tuple[object, ...]:
    return finding.state, finding.value, finding.low, finding.high, finding.n, finding.of, finding.coverage


def test_a_share_is_stated_from_the_floor_on() -> None:
    question = share("local_share", LINES, LOCAL)
    assert said(found(question, 30, 0, 50, 100, 100)) == (State.STATED, 0.3, 0.3, 0.8, 30, 100, 0.5)
    under = found(question, 30, 0, 51, 100, 100)
    assert said(under) == (State.NOT_KNOWN, None, 0.3, 0.81, None, 100, 0.49)
    assert (under.undefined, under.settles) == (
        "suppliers' places are known for only 49% of £100",
        "A vendor list would settle it.",
    )


def test_what_is_known_is_told_of_net_pounds_even_of_a_single_one() -> None:
    """Of £51 and a credit of £50, both of unknown place, the net is £1; where they cancel out, their sizes are all there is."""
    pounds = total("local_spend", LINES, LOCAL)
    assert found(pounds, 0, -50, 51, 1, 101).undefined == "suppliers' places are known for none of £1"
    assert found(pounds, 0, -50, 50, 0, 100).undefined == "suppliers' places are known for none of £100"


def test_a_total_under_the_floor_is_a_least_and_of_suppliers_the_floor_is_another() -> None:
    pounds = total("local_spend", LINES, LOCAL)
    assert said(found(pounds, 30, 0, 51, 100, 100))[:4] == (State.AT_LEAST, 30, 30, 81)
    assert said(found(pounds, 30, 0, 50, 100, 100))[:4] == (State.STATED, 30, 30, 80)
    # Nothing is known to be local, or credits of unknown place might outweigh what is.
    assert found(pounds, 0, 0, 51, 100, 100).state is State.NOT_KNOWN
    assert found(pounds, 30, -51, 0, 100, 100).state is State.NOT_KNOWN
    things = count("home_supplier_count", LINES, LOCAL)
    assert found(things, 3, 0, 2, 10, 10).state is State.STATED
    assert found(things, 3, 0, 3, 10, 10).state is State.AT_LEAST


def test_a_change_is_stated_where_enough_is_known_of_both_periods() -> None:
    question = change("home_supplier_change", LINES, LINES, LOCAL)
    known, half, less = (Sums(*(Decimal(n) for n in (20, 0, unknown, 100, 100))) for unknown in (0, 50, 51))
    assert found(question, 30, 0, 0, 100, 100, known).state is State.STATED
    assert found(question, 30, 0, 0, 100, 100, half).state is State.STATED
    assert found(question, 30, 0, 0, 100, 100, less).state is State.NOT_KNOWN
    assert found(question, 30, 0, 51, 100, 100, known).state is State.NOT_KNOWN


def test_where_there_is_nothing_it_is_said_that_there_is_nothing() -> None:
    none = found(total("local_spend", LINES, LOCAL), 0, 0, 0, 0, 0)
    assert (none.state, none.undefined) == (State.UNDEFINED, "there is nothing to count")
    whole = found(total("local_spend", LINES, LOCAL, is_whole=True), 0, 0, 0, 0, 0)
    assert said(whole) == (State.STATED, 0, 0, 0, None, None, None)
    every = found(total("total_spend", LINES), 0, 0, 0, 0, 0)
    assert (every.state, every.value) == (State.STATED, 0)


def test_where_credits_outweigh_a_part_it_is_said_why_there_is_no_share() -> None:
    question = share("local_share", LINES, LOCAL)
    none = Bounded(None, None, None, None)
    for everything, size, why in (
        (-10, 30, "credits are larger than payments in a part of it"),
        (0, 0, "there is nothing to take a share of"),
    ):
        sums = Sums(Decimal(0), Decimal(0), Decimal(0), Decimal(everything), Decimal(size))
        told = finding_of(question, none, sums, None, Evidence(None, question), "p", "2023-24", FLOORS, ())  # type: ignore[arg-type]
        assert (told.state, told.undefined, told.of) == (State.UNDEFINED, why, everything)


def test_sums_are_exact_to_forty_digits() -> None:
    # Python's own context has 28 digits: the pennies of such numbers would be lost.
    large, penny = Decimal("1" * 36), Decimal("0.01")
    sums = Sums(large, -penny, penny, large + large, large)
    assert [str(sums.low)[-3:], str(sums.high)[-3:]] == [".99", ".01"]
    assert str((sums + Sums(penny, penny, penny, penny, penny)).true)[-3:] == ".01"


@pytest.mark.parametrize(
    ("value", "beside", "text"),
    [
        (0, 1_967_000, "0 tCO2e"),
        (0, 12, "0 kgCO2e"),
        (500, 2_000, "0.5 tCO2e"),
        (5, 2_000, "0.005 tCO2e"),
        (2_000, 500, "2,000 kgCO2e"),
    ],
)
def test_two_amounts_of_a_sentence_have_one_unit(value: float, beside: float, text: str) -> None:
    assert number(value, "kgco2e", beside) == text
