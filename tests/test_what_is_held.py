"""What a council's tables hold for a period, counted by hand on six payments: months, quarters, projects, and why there is nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest

from cwb.council.periods import Period
from cwb.evidence.data import PackData, data_of, sharing_tables
from cwb.sources.store import Lineage
from small_engine import empty_council

NOBODY = Lineage("", (), {})
# Year, quarter, month, pounds, whether on the list of projects, and the day of its approval.
PAYMENTS = (
    (2023, 1, date(2023, 4, 1), 10, None, None),
    (2023, 1, date(2023, 4, 1), 20, False, None),
    (2023, 1, date(2023, 5, 1), 30, True, date(2023, 5, 31)),
    (2023, 1, date(2023, 6, 1), 40, True, date(2023, 7, 1)),
    (2023, 3, date(2023, 10, 1), 50, None, None),
    (2024, 1, date(2024, 4, 1), 60, None, None),
)
Q1, Q2, Q3, YEAR = Period(2023, 1), Period(2023, 2), Period(2023, 3), Period(2023)
Make = Callable[..., PackData]


@pytest.fixture
def made(tmp_path: Path) -> Make:
    """Data of a period over these payments, or none, with rows of other tables."""
    settings, engine = empty_council(tmp_path)

    def make(period: Period, payments: tuple[tuple[object, ...], ...] = PAYMENTS, **tables: pa.Table) -> PackData:
        columns = {
            "financial_year": pa.int64(), "quarter_number": pa.int64(), "payment_month": pa.date32(),
            "amount_gbp": pa.decimal128(18, 2), "is_one_off": pa.bool_(), "approved_date": pa.date32(),
            "payment_date": pa.date32(),
        }  # fmt: skip
        rows = [(*row[:3], Decimal(str(row[3])), *row[4:], row[2]) for row in payments]
        arrays = [pa.array([row[at] for row in rows], kind) for at, kind in enumerate(columns.values())]
        engine.add_table("spend_lines", pa.table(arrays, names=list(columns)))
        for name, table in tables.items():
            engine.add_table(name, table)
        return PackData(settings, period, "local_supplier_base", NOBODY, engine)

    return make


def test_months_with_a_payment_are_counted_once(made: Make) -> None:
    data = made(Q1)
    assert [data.months_held(), data.months_held(Q2), data.months_held(Q3)] == [(3, 3), (0, 3), (1, 3)]
    assert [made(YEAR).months_held(), made(Period(2024)).months_held()] == [(4, 12), (1, 12)]
    assert [data.is_whole(Q1), data.is_whole(Q3), data.is_whole(YEAR)] == [True, False, False]
    assert data.months_missing(Q1) is None
    assert (
        made(Q3).months_missing(Q1)
        == "months are missing in Q3 2023/24 (October to December 2023) or in Q1 2023/24 (April to June 2023)"
    )


def test_quarters_are_told_once_and_up_to_the_period(made: Make) -> None:
    assert made(Q1).quarters_with_spend() == [Q1]
    assert made(YEAR).quarters_with_spend() == [Q1, Q3]
    assert made(Period(2024, 2)).quarters_with_spend() == [Q1, Q3, Period(2024, 1)]


def test_projects_are_left_out_from_the_day_of_their_approval(made: Make) -> None:
    data = made(Q1)
    assert [data.count(data.spend()), data.count(data.spend(Q3)), data.count(data.recurrent())] == [4, 1, 3]
    later = made(YEAR)
    assert [later.count(later.spend()), later.count(later.recurrent())] == [5, 3]


def test_a_list_counts_for_its_year_and_from_its_approval(made: Make) -> None:
    def one_offs(*rows: tuple[int, date]) -> pa.Table:
        return pa.table({"financial_year": [year for year, _ in rows], "approved_date": [day for _, day in rows]})

    data = made(
        Q1, one_offs=one_offs((2023, date(2023, 6, 30)), (2024, date(2023, 6, 1)), (2024, date(2023, 7, 1)))
    )
    assert [data.count(data.one_offs()), data.count(data.one_offs(Period(2024))), data.has_one_offs()] == [
        1,
        2,
        True,
    ]
    assert data.count(data.approved_one_offs(Period(2024))) == 1
    assert data.one_offs_missing() is None
    late = made(Q1, one_offs=one_offs((2023, date(2023, 7, 1))))
    assert late.one_offs_missing() == "no project of 2023/24 was approved by 30 June 2023, the day of this report"
    none = made(Q1, one_offs=one_offs((2022, date(2022, 7, 1))))
    assert none.one_offs_missing() == "no approved list of capital and one-off projects for 2023/24 was supplied"


# --- why a measure cannot be computed ------------------------------------------------------------------------------


def passed_on(*bodies: str | None) -> pa.Table:
    return pa.table({
        "financial_year": pa.array([2023] * len(bodies), pa.int64()), "quarter_number": pa.array([1] * len(bodies), pa.int64()),
        "body": pa.array(bodies, pa.string()),
    })  # fmt: skip


def organisations(*places: bool | None) -> pa.Table:
    return pa.table({"org_id": [str(n) for n in range(len(places))], "is_local": pa.array(places, pa.bool_())})


def test_there_are_payments_or_it_is_said_why_not(made: Make) -> None:
    assert made(Q1).why_not("spend_lines") is None
    assert (
        made(Q2).why_not("spend_lines")
        == "the spending files hold no payment of Q2 2023/24 (July to September 2023)"
    )
    assert made(Q1, ()).why_not("spend_lines") == "no spending file was supplied"
    assert [made(Q1).has("spend_lines"), made(Q1, ()).has("spend_lines")] == [True, False]


def test_money_that_was_all_passed_on_is_the_reason_only_where_it_is_all(made: Make) -> None:
    all_of_it = "every payment of Q1 2023/24 (April to June 2023) was decided to be money passed on"
    assert made(Q1, (), pass_through_lines=passed_on(None)).why_not("spend_lines") == all_of_it
    assert made(Q1, pass_through_lines=passed_on(None)).why_not("spend_lines") is None
    # Money that another body passed on tells nothing of the council's payments.
    assert made(Q1, (), pass_through_lines=passed_on("County Council")).why_not("spend_lines") != all_of_it
    assert made(Q1, (), pass_through_lines=passed_on()).why_not("spend_lines") != all_of_it


@pytest.mark.parametrize(
    ("places", "is_there"), [((True,), True), ((None,), True), ((False, None), True), ((False,), False), ((False, False), False)]
)  # fmt: skip
def test_an_organisation_of_unknown_place_may_be_local(
    places: tuple[bool | None, ...], is_there: bool, made: Make
) -> None:
    why = "no organisation of the registers has its office in the local area"
    assert made(Q1, organisations=organisations(*places)).why_not("organisations") == (None if is_there else why)


# --- one engine for all packs ---------------------------------------------------------------------------------------


def test_packs_of_one_council_share_an_engine_and_another_council_has_its_own(tmp_path: Path) -> None:
    settings, _ = empty_council(tmp_path)
    assert data_of(settings, Q1, "a", NOBODY) is not data_of(settings, Q1, "a", NOBODY)
    with sharing_tables():
        one, other = data_of(settings, Q1, "a", NOBODY), data_of(settings, Q2, "b", NOBODY)
        assert one is data_of(settings, Q1, "a", NOBODY)
        assert one.engine is other.engine
        again = data_of(settings, Q1, "a", Lineage("other files", (), {}))
        assert again.engine is not one.engine
        assert data_of(settings, Q2, "b", Lineage("other files", (), {})).engine is again.engine
