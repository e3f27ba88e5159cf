"""Forms of social value: an export is read by the council's own mapping, and returns of people add up once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import product
from pathlib import Path

import pytest

from cwb.base.errors import CwbError
from cwb.charts.wording import quantity
from cwb.evidence.data import PackData, open_data
from cwb.evidence.headcounts import FEWER, KEPT_BACK, is_headcount
from cwb.evidence.rows import HIDDEN
from cwb.packs.social_value import PACK
from cwb.packs.social_value.plan_measures import PlanMeasure, as_shown
from cwb.packs.social_value.register import facts_of as register_facts
from cwb.packs.social_value.returns import counts_people, people_shown
from cwb.packs.social_value.spans import add_up_once, apart, passed, years
from cwb.packs.social_value.waste import meaning_of
from cwb.sources.check import check_paths
from cwb.sources.datasets.employment import JOBS
from cwb.sources.report import FileReport
from test_headcounts import leaks, told_total

CASES = Path(__file__).parent / "cases" / "pack_06"
MAPPING = """our column,export column
Contract reference,Project
Measure reference,Ref
Theme,Theme
Unit,Counted in
Local economic value,Local?
Target £,Target value
Period from,From
Period to,To
Theme work,Jobs
unused,Row id
"""
HEADER = "Row id,Project,Ref,Theme,Counted in,Local?,Target value,From,To"
GOOD = "1,C1,V1,Jobs,people,No,100,01/04/2025,30/06/2025"


def read(folder: Path, *rows: str, mapping: str = MAPPING) -> dict[str, FileReport]:
    of_source = folder / "social_value" / "2025"
    of_source.mkdir(parents=True)
    (of_source.parent / "social_value_columns.csv").write_text(mapping, encoding="utf-8")
    (of_source / "export.csv").write_text("\n".join(rows), encoding="utf-8")
    return {Path(report.file).name: report for report in check_paths([folder])}


def test_an_export_is_read_by_the_mapping_in_the_folder_above(tmp_path: Path) -> None:
    found = read(tmp_path, HEADER, GOOD, GOOD.replace("Jobs", "Growth"), GOOD.replace("people", ""))
    export, mapping = found["export.csv"], found["social_value_columns.csv"]
    assert (export.rows, export.kept, mapping.kept, export.error) == (3, 1, 10, None)
    assert {(one.row, one.reason) for one in export.refusals} == {
        (3, "the theme is none of the four"),
        (4, "a target without a unit"),
    }
    assert all(one.remedy for one in export.refusals)


def test_an_export_with_a_heading_that_is_not_mapped_is_refused_and_names_it_and_what_is_mapped(
    tmp_path: Path,
) -> None:
    export = read(tmp_path, HEADER.replace("Row id", "Odd one").replace("Ref,", "Code,"), GOOD)["export.csv"]
    assert export.kept == 0
    assert export.error is not None
    for said in (
        "not mapped: Odd one, Code",
        "no column is mapped to measure reference",
        "Project is contract reference",
    ):
        assert said in export.error


def test_a_column_of_persons_is_not_passed_over(tmp_path: Path) -> None:
    mapping = MAPPING.replace("unused,Row id", "unused,Contact email")
    export = read(tmp_path, HEADER.replace("Row id", "Contact email"), GOOD, mapping=mapping)["export.csv"]
    assert export.error is not None
    assert "this column is for persons" in export.error


def test_a_mapping_of_no_column_of_ours_is_told(tmp_path: Path) -> None:
    mapping = read(tmp_path, HEADER, GOOD, mapping=MAPPING + "Colour,Hue\nunit,Counted in\n")[
        "social_value_columns.csv"
    ]
    assert [(one.row, one.reason) for one in mapping.refusals] == [
        (12, "this is no column of ours"),
        (13, "the export's column stands above too"),
    ]


def test_a_return_of_a_contract_that_the_register_lacks_is_told_and_the_others_are_kept(tmp_path: Path) -> None:
    case = CASES / "promises_deliveries_and_pace"
    for source in ("contracts", "social_value_returns"):
        (tmp_path / source).mkdir()
        (tmp_path / source / f"{source}.csv").write_bytes((case / f"{source}.csv").read_bytes())
    found = {report.source: report for report in check_paths([tmp_path])}["social_value_returns"]
    assert (found.rows, found.kept) == (8, 7)
    (one,) = found.refusals
    assert (one.row, one.column, one.value) == (9, "contract_reference", "C9")
    assert "add the contract to the register" in one.remedy
    # Without a register nobody can tell.
    (alone,) = check_paths([tmp_path / "social_value_returns"])
    assert alone.kept == 8


def _opened(council: Callable[..., Path], name: str, *sources: str) -> PackData:
    case = CASES / name
    made = council(
        (CASES / "cwb.toml").read_text(encoding="utf-8"),
        **{source: [case / f"{source}.csv"] for source in sources},
    )
    return open_data("social_value", "2025-26-Q2", str(made / "cwb.toml"))


def test_shares_of_promises_have_the_ends_of_every_way_in_which_the_unknown_could_go(
    council: Callable[..., Path],
) -> None:
    """What was delivered for certain, and with each unknown contract left out, measured in full, or against the least."""
    data = _opened(council, "promises_deliveries_and_pace", "social_value", "contracts")
    for name in ("sv_kept_share", "sv_pace"):
        one = PACK.find(data, name)
        rows = one.rows()
        columns = ("done", "at_most", "weight", "least")
        known, unknown = (
            [
                tuple(map(Fraction, row))
                for row in rows.loc[rows["part"] == part, list(columns)].itertuples(index=False)
            ]
            for part in ("in", "unknown")
        )
        ways = [[(row[0], row[2]), (row[1], row[2])] for row in known]
        ways += [[(Fraction(0), Fraction(0)), (row[0], row[2]), (row[1], row[3])] for row in unknown]
        quotients = [sum(d for d, _ in way) / sum(w for _, w in way) for way in product(*ways)]
        assert unknown
        assert one.value == float(sum(row[0] for row in known) / sum(row[2] for row in known))
        assert (one.low, one.high) == (float(min(quotients)), float(max(quotients)))


def _row(first: date, last: date, delivered: int) -> dict[str, object]:
    return {"period_from": first, "period_to": last, "delivered": delivered}


def test_a_period_within_another_is_neither_added_nor_taken_away() -> None:
    year = _row(date(2024, 4, 1), date(2025, 3, 31), 550)
    quarter = _row(date(2024, 4, 1), date(2024, 6, 30), 120)
    later = _row(date(2025, 4, 1), date(2025, 6, 30), 90)
    part = _row(date(2025, 4, 1), date(2025, 6, 30), 10)
    kept, left_out = add_up_once([quarter, later, year, part])
    assert ([row["delivered"] for row in kept], left_out) == ([550, 90, 10], 1)


def test_of_periods_that_overlap_those_add_up_that_state_most() -> None:
    first = _row(date(2025, 1, 1), date(2025, 6, 30), 20)
    second = _row(date(2025, 4, 1), date(2025, 9, 30), 30)
    third = _row(date(2025, 7, 1), date(2025, 12, 31), 15)
    alone = _row(date(2026, 1, 1), date(2026, 3, 31), -5)
    kept, left_out = add_up_once([third, first, alone, second])
    assert ([row["delivered"] for row in kept], left_out) == ([20, 30, 15, -5], 0)
    sure, others = apart(kept, "delivered")
    # 20 and 15 do not overlap and are more than 30; a correction that overlaps nothing is always taken.
    assert ([row["delivered"] for row in sure], [row["delivered"] for row in others]) == ([20, 15, -5], [30])
    sure, others = apart([first, second], "delivered")
    assert ([row["delivered"] for row in sure], [row["delivered"] for row in others]) == ([30], [20])


def test_three_meanings_of_one_job_of_30_of_37_hours_for_six_months() -> None:
    full_time = Decimal(30) / 37
    assert (quantity(full_time), quantity(full_time * years(date(2025, 4, 1), date(2025, 9, 30)))) == (
        "0.81",
        "0.41",
    )
    assert round(years(date(2025, 4, 2), date(2025, 4, 2)) * 365, 20) == 1


def test_day_250_of_a_term_of_1000_days_is_a_quarter() -> None:
    first, last = date(2025, 1, 24), date(2027, 10, 20)
    assert [passed(first, last, day) for day in (date(2025, 1, 23), date(2025, 9, 30), date(2030, 1, 1))] == [
        0,
        Decimal("0.25"),
        1,
    ]


@pytest.mark.parametrize(
    ("measure", "unit", "meaning"),
    [
        ("Waste", "tonnes", "all"),
        ("Waste recycled", "Tonnes", "kept"),
        ("Diverted from landfill", "tonnes", "kept"),
        ("Waste not sent to landfill", "tonnes", "kept"),
        ("Waste sent to landfill", "tonnes", "landfill"),
        ("Carbon saved", "tonnes", None),
        ("Steel used", "tonnes", None),
        ("Waste collected", "bags", None),
    ],
)
def test_what_tonnes_are_of(measure: str, unit: str, meaning: str | None) -> None:
    assert meaning_of(measure, unit) == meaning


def test_units_that_count_people() -> None:
    assert counts_people("No. people FTE")
    assert counts_people("residents")
    assert not counts_people("hours")
    assert not counts_people(None)


def test_numbers_of_few_people_have_no_rows_and_no_value(council: Callable[..., Path]) -> None:
    data = _opened(council, "few_people_are_not_shown", "employment", "social_value", "contracts")
    found = {one.id: one for one in PACK.findings(data)}
    for name in ("apprentice_starts", "training_attendances", "local_labour_share"):
        one = found[name]
        assert one.is_hidden
        assert (one.value, one.low, one.high, one.n, one.of) == (None,) * 5
    for name in ("jobs_supported", "placements", "job_fte_years", "apprentice_starts", "referral_count"):
        assert is_headcount(name)
        with pytest.raises(CwbError, match="no rows of its own"):
            found[name].rows()
    assert {"delivered", "residents", "cumulative", "delivered_quantity", "target_quantity"} <= HIDDEN


def test_no_number_of_few_people_follows_from_the_sum_of_jobs_and_the_apprentices() -> None:
    """Whoever knows the rules and tries every way in which jobs can be divided finds no number of 1 to 4 that must be so."""
    cases = []
    for numbers in product(range(14), repeat=3):
        rows = [
            {"scheme_key": "A", "measure": name, "basis": "persons", "delivered": Decimal(n)}
            for name, n in zip(JOBS, numbers, strict=True)
        ]
        every, rest = sum(numbers), sum(numbers[1:])
        told = tuple(map(str, people_shown(rows).values()))
        apprentices = told_total(numbers[0]) if rest >= 5 or numbers[0] < 5 else "withheld"
        cases.append(((told_total(every), apprentices, told), (*numbers, rest)))
    # Larger sums have more ways than are made here.
    assert not [found for found in leaks(cases) if not isinstance(found[0][0], int) or found[0][0] <= 13]  # type: ignore[index]


def test_what_a_plan_delivered_does_not_follow_from_its_state_and_the_other_plans() -> None:
    def plan(site: str, delivered: int, due: int) -> PlanMeasure:
        row = {"scheme_key": site, "measure": JOBS[0], "basis": "starts", "delivered": Decimal(delivered)}
        return PlanMeasure(JOBS[0], "starts", Decimal(due), Decimal(due), Decimal(delivered), False, row)

    def told(*plans: PlanMeasure, others: int | None = None) -> list[tuple[object, bool | None]]:
        rows = [one.source for one in plans] + ([{**plan("P", others, 1).source}] if others is not None else [])
        return [(one.shown, one.is_on_target) for one in as_shown(list(plans), rows)]

    # 4 that are due and not behind would be 4; 6 that are due cannot be there.
    assert told(plan("A", 4, 4), plan("B", 4, 6), plan("C", 30, 9)) == [
        (FEWER, None),
        (FEWER, False),
        (KEPT_BACK, None),
    ]
    # 3 of a programme would follow from the 33 apprentices of all.
    assert told(plan("C", 30, 9), others=3) == [(KEPT_BACK, None)]
    assert told(plan("C", 30, 9), others=7) == [(30, True)]
    # 28 of 30 in this period tell that 2 were before it.
    one = plan("C", 30, 9)
    assert [each.shown for each in as_shown([one], [{**one.source, "delivered": Decimal(28)}])] == [KEPT_BACK]
    assert [each.shown for each in as_shown([one], [{**one.source, "delivered": Decimal(25)}])] == [30]


def test_rows_of_a_value_each_may_be_lots_and_together_in_scope() -> None:
    row = {
        "start_date": date(2026, 4, 1),
        "expiry_day": date(2028, 3, 31),
        "cpv_code": "90910000",
        "value_basis": "including VAT",
    }
    assert (
        register_facts({**row, "value_gbp": Decimal(150_000), "most_gbp": Decimal(150_000)})["is_in_scope"]
        is False
    )
    assert (
        register_facts({**row, "value_gbp": Decimal(300_000), "most_gbp": Decimal(600_000)})["is_in_scope"] is True
    )
    either = register_facts({**row, "value_gbp": Decimal(150_000), "most_gbp": Decimal(300_000)})
    assert either == {"is_in_scope": None, "is_small": None, "is_small_listed": None}
