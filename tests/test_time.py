"""What a report of a period may say of time: of a period that is not over, of one before the baseline, of a ledger that stops."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from cwb.council.periods import Period
from cwb.evidence.data import PackData, open_data
from cwb.evidence.ledger_months import LedgerMonths
from cwb.packs import registry
from cwb.packs.remarks import remarks
from cwb.packs.track import tracks

TOML = (Path(__file__).parent / "cases" / "pack_01" / "cwb.toml").read_text(encoding="utf-8")
SPEND = "Supplier Name,Payment Date,Net Amount"
AWARDS = "buyer_name,award_id,title,date,value_amount,datePublished,supplier_name,address_streetAddress"
STRATEGY = "Item,Part of,Foundation,Kind,Words,Rule,Evidence,Settled by,Better,Since"
YEARS = ((2023, range(4, 16)), (2026, range(4, 10)))
Make = Callable[..., PackData]


def monthly(row: str, years: tuple[tuple[int, range], ...] = YEARS, day: int = 10) -> list[str]:
    return [
        row.format(n=f"{start}{m}", day=date(start + (m > 12), (m - 1) % 12 + 1, day))
        for start, months in years
        for m in months
    ]


@pytest.fixture
def opened(council: Callable[..., Path], tmp_path: Path) -> Make:
    def make(pack: str, period: str, toml: str = TOML, **files: list[str]) -> PackData:
        given = {}
        for source, rows in files.items():
            path = tmp_path / f"{source}.csv"
            path.write_text("\n".join(rows) + "\n", encoding="utf-8")
            given[source] = [path]
        return open_data(pack, period, str(council(toml, **given) / "cwb.toml"))

    return make


def test_a_year_of_which_half_is_there_is_not_compared_with_a_whole_one(opened: Make) -> None:
    """One award a month in both years: 12, and 6 so far, are the same rate and no fall."""
    data = opened(
        "local_supplier_base", "2026-27",
        spend=[SPEND, *monthly("Alpha Ltd,{day},10")],
        awards=[AWARDS, *monthly('Small Council,a{n},Work,{day},10.00,{day},Alpha Ltd,"1 Road, SG1 1AA"')],
    )  # fmt: skip
    found = registry.pack_of("local_supplier_base").find(data, "award_local_count")
    track = tracks(data, (found,))["award_local_count"]
    assert track.change is None
    assert track.baseline.why_not == "the ledger ends on 10 September 2026, within 2026/27"


@pytest.mark.parametrize("evidence", ["award_local_count", "local_spend"])
def test_a_promise_is_not_behind_for_months_that_have_not_come(opened: Make, evidence: str) -> None:
    data = opened(
        "strategy_tracker", "2026-27",
        spend=[SPEND, *monthly("Alpha Ltd,{day},10")],
        awards=[AWARDS, *monthly('Small Council,a{n},Work,{day},10.00,{day},Alpha Ltd,"1 Road, SG1 1AA"')],
        vendors=["Supplier ID,Supplier Name,Postcode", "V1,Alpha Ltd,SG1 1AA"],
        strategy=[STRATEGY, f"B1.1,,One,commitment,more of it,K1,{evidence},,more,2024-04-01"],
    )  # fmt: skip
    (row,) = registry.pack_of("strategy_tracker").items(data).table.itertuples()
    assert row.status.endswith("no data")
    assert row.why.startswith("it cannot be compared: ")


def test_a_period_before_the_baseline_is_not_since_it(opened: Make) -> None:
    years = ((2022, range(4, 7)), (2023, range(4, 7)))
    data = opened("local_supplier_base", "2022-23-Q1", spend=[SPEND, *monthly("Alpha Ltd,{day},10", years)])
    pack = registry.pack_of("local_supplier_base")
    later = "Q1 2023/24 (April to June 2023) is later than Q1 2022/23 (April to June 2022)"
    assert pack.find(data, "home_supplier_change").undefined == later
    found = pack.find(data, "total_spend")
    assert tracks(data, (found,))["total_spend"].baseline.why_not == later


def test_a_figure_of_a_later_period_was_not_published_yet(opened: Make) -> None:
    years = ((2022, range(4, 16)), (2023, range(4, 16)))
    published = (
        '\n[[published]]\nfinding = "total_spend"\nperiod = "{}"\nvalue = 120\nrounding = 1\nsource = "minutes"\n'
    )
    toml = TOML + published.format("2022-23") + published.format("2023-24")
    data = opened("annex", "2022-23", toml, spend=[SPEND, *monthly("Alpha Ltd,{day},10", years)])
    told = registry.pack_of("annex").revisions(data).table
    assert list(told["period"]) == ["2022/23"]
    assert list(told["agrees"]) == ["Yes"]


DAYS = tuple(date(2025, month, 28) for month in range(1, 9))


@pytest.mark.parametrize(
    ("days", "stopped", "held"),
    [
        ((*DAYS, date(2025, 9, 5)), date(2025, 9, 5), 2),
        # Within ten days of the end a month goes on to it.
        ((*DAYS, date(2025, 9, 20)), None, 3),
        ((*DAYS, date(2025, 9, 19)), date(2025, 9, 19), 2),
        # Of a ledger that states only months, and of a short one, nothing is told.
        (tuple(date(2025, month, 1) for month in range(1, 10)), None, 3),
        ((*DAYS[-5:], date(2025, 9, 5)), None, 3),
        ((*DAYS[:3], date(2025, 4, 2), *DAYS[4:], date(2025, 9, 5)), None, 3),
        ((), None, 0),
    ],
)
def test_a_last_month_that_stops(days: tuple[date, ...], stopped: date | None, held: int) -> None:
    months = LedgerMonths(days)
    assert (months.cut_short, months.held(Period(2025, 2))) == (stopped, held)


@pytest.mark.parametrize(
    ("end", "months", "held"),
    [
        # Three months to 30 June begin on 1 April: a payment of 31 March is in none of them.
        (date(2026, 6, 30), 3, 3),
        (date(2026, 6, 30), 4, 4),
        (date(2026, 3, 31), 1, 1),
        (date(2026, 2, 28), 12, 0),
    ],
)
def test_months_are_counted_from_first_days(end: date, months: int, held: int) -> None:
    days = (date(2026, 3, 31), date(2026, 4, 30), date(2026, 5, 1), date(2026, 6, 30))
    assert LedgerMonths(days).held_to(end, months) == held


def test_a_ledger_that_stops_is_remarked_and_not_compared(opened: Make) -> None:
    years = ((2023, range(4, 16)), (2025, range(4, 9)))
    rows = [*monthly("Alpha Ltd,{day},10", years, day=28), "Alpha Ltd,2025-09-05,10"]
    data = opened("local_supplier_base", "2025-26-Q2", spend=[SPEND, *rows])
    (remark,) = remarks(data)
    assert remark.startswith(
        "The last payment is of 5 September 2025, and in months before they went on to the end"
    )
    found = registry.pack_of("local_supplier_base").find(data, "total_spend")
    assert tracks(data, (found,))["total_spend"].baseline.why_not.startswith("months are missing in Q2 2025/26")


LOG = "Date,Kind,Title,Item"


@pytest.mark.parametrize(
    ("rows", "status", "why"),
    [
        # Due again on 10 June: the log has stopped before.
        (["10/12/2025,Training,Session,B1.1", "10/03/2026,Training,Session,B1.1"], "no data", "due on 10 June 2026, and the log has nothing after 10 March 2026"),
        # It goes on, and has nothing of it.
        (["10/03/2026,Training,Session,B1.1", "10/06/2026,Meet the buyer,Session,B9.9"], "behind", "longer ago than its interval"),
    ],
)  # fmt: skip
def test_a_log_that_stops_says_nothing_of_what_was_due_later(
    opened: Make, rows: list[str], status: str, why: str
) -> None:
    data = opened(
        "strategy_tracker", "2026-27-Q1",
        activity=[LOG, *rows],
        strategy=[STRATEGY + ",Interval months", "B1.1,,One,commitment,meet every quarter,K2,log: training,,,2024-04-01,3"],
    )  # fmt: skip
    (row,) = registry.pack_of("strategy_tracker").items(data).table.itertuples()
    assert (row.status[2:], row.why) == (status, why)
