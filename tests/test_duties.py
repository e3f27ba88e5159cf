"""Duties of law: the days on which notices are due, what real notices of two days come to, and the calendar file."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from shutil import copy

import pytest

from conftest import copy_places
from cwb.charts.figure import ExhibitRecord
from cwb.evidence.data import PackData, open_data
from cwb.packs.proactive_procurement import PACK
from cwb.packs.proactive_procurement.bids import COMPETED, lots_in_notices
from cwb.packs.proactive_procurement.duty_rules import Duty, due, duties, judged, logged_duties
from cwb.packs.proactive_procurement.ended import procurements
from cwb.packs.proactive_procurement.indicators import CONTRADICTED, DOUBTFUL, EXEMPT, SET, large_contracts
from cwb.packs.proactive_procurement.notice_contracts import change_share, contracts_in_notices
from cwb.packs.proactive_procurement.owed import DONE, LATE, owed
from cwb.packs.proactive_procurement.reasons import reason_of
from cwb.publish.ical import EXHIBIT, duties_calendar, folded
from cwb.reference import table
from cwb.sources.datasets.activity import KINDS
from cwb.sources.doubtful import is_doubtful

SHARED = Path(__file__).parents[2] / "shared" / "data" / "notices"
EVERY = "TRUE"
# Where a fact stands; every fact does somewhere.
PLACE: dict[str, object] = {"source_file": "notices/a.json", "source_sheet": None, "source_row": 1}


@pytest.mark.parametrize(
    ("day_one", "days", "last"),
    [
        (date(2026, 3, 31), 30, date(2026, 4, 29)),  # L2: not 30 April, as some print
        (date(2026, 9, 30), 30, date(2026, 10, 29)),
        (date(2026, 6, 30), 30, date(2026, 7, 29)),  # L4, L7
        (date(2026, 6, 24), 30, date(2026, 7, 23)),  # L10
        (date(2026, 6, 24), 120, date(2026, 10, 21)),
    ],
)
def test_the_last_day_is_counted_from_day_one(day_one: date, days: int, last: date) -> None:
    assert due(day_one, days) == last


def test_a_duty_counts_its_first_day_as_its_row_says() -> None:
    ordinary, light = duties("UK7")
    assert (ordinary.due(date(2026, 6, 24)), light.due(date(2026, 6, 24))) == (
        date(2026, 7, 23),
        date(2026, 10, 21),
    )
    assert replace(ordinary, is_day_one_counted=False).due(date(2026, 6, 24)) == date(2026, 7, 24)
    (payments,), (over_30,) = duties("Payments compliance notice"), duties("Large payments")
    assert (payments.due(date(2026, 3, 31)), over_30.due(date(2026, 6, 30))) == (
        date(2026, 4, 29),
        date(2026, 7, 29),
    )
    (register,), (yearly,) = duties("Contracts register"), duties("UK9")
    assert (register.due(date(2026, 6, 30)), yearly.due(date(2028, 2, 29))) == (
        date(2026, 7, 30),
        date(2029, 2, 28),
    )
    with pytest.raises(KeyError):
        duties("UK99")


def test_every_duty_has_a_section_a_source_and_a_mark() -> None:
    rows = table("duties")
    assert list(rows.columns) == [
        "duty", "section", "starts_with", "day_one_counts", "days", "months", "applies_when", "not_when", "from_date", "source", "mark", "log_kind",
    ]  # fmt: skip
    assert {rule.log_kind for rule in logged_duties()} <= set(KINDS)
    assert set(rows["mark"]) <= {"V", "V2", "OK", "D"}
    assert all(rows["section"])
    assert all(rows["source"])
    assert all(duties(name) for name in rows["duty"])


@pytest.mark.parametrize(
    ("fact", "applies"),
    [
        ({"value_gross_gbp": 6_000_000}, True),
        ({"value_gross_gbp": 5_000_000}, False),
        ({"value_gross_gbp": 6_000_000, "is_framework": True}, False),
        ({"value_gross_gbp": 6_000_000, "is_concession": True}, False),
        ({"value_gross_gbp": None}, None),
        ({"value_gross_gbp": None, "is_light_touch": True}, False),
    ],
)
def test_what_a_rule_asks_may_be_not_known(
    two_days: PackData, fact: dict[str, object], applies: bool | None
) -> None:
    known: dict[str, object] = {"is_framework": False, "is_light_touch": False, "is_concession": False}
    assert judged(two_days, duties("KPIs"), [PLACE | known | fact]) == [[applies]]


@pytest.mark.parametrize(
    ("kind", "reason", "value", "term", "owes"),
    [
        # 075713-2026: £276,966,000 + £1,006,486 = £277,972,486, which is 0.36%.
        ("services", None, change_share(Decimal(276_966_000), Decimal(277_972_486)), 0.0, False),
        ("services", None, 0.12, 0.0, True),
        ("works", None, 0.12, 0.0, False),
        ("works", None, 0.12, 0.2, True),
        ("services", "transferCorporateRestructuring", 0.0, 0.0, True),
        ("services", None, 0.0, None, None),
    ],
)
def test_small_changes_owe_no_notice(
    two_days: PackData, kind: str, reason: str | None, value: float, term: float | None, owes: bool | None
) -> None:
    fact = {
        "kind": kind,
        "change_reason": reason,
        "change_share": value,
        "term_share": term,
        "is_light_touch": False,
    }
    assert judged(two_days, duties("UK10"), [PLACE | fact]) == [[owes]]
    assert change_share(Decimal(276_966_000), Decimal(276_966_000) + Decimal(1_006_486)) == pytest.approx(
        0.00363, abs=1e-5
    )


@pytest.mark.parametrize(
    ("above", "gross", "is_so"),
    [
        (False, 6_901_027, True),
        (False, 5_193_000, False),
        (True, 6_901_027, False),
        (None, 6_901_027, False),
        (False, None, False),
    ],
)
def test_a_value_over_every_threshold_of_a_contract_below_is_doubtful(
    above: bool | None, gross: float | None, is_so: bool
) -> None:
    assert is_doubtful(above, gross, date(2026, 6, 1)) is is_so


@pytest.mark.parametrize(
    ("field", "said", "kind"),
    [
        ("ended", "No bids received hence no award of this tender opportunity.", "no bids"),
        ("ended", "The tender specification contained a manifest error", "another reason"),
        ("ended", "Error in notice published. New notice to replace previous one.", "withdrawn in error"),
        ("ended", None, "no reason stated"),
        ("kpis", "Contract below £5 million", "says it is worth less"),
        ("kpis", "The value does not exceed £5m", "says it is worth less"),
        ("kpis", "Performance cannot be measured", "another reason"),
    ],
)
def test_reasons_come_to_a_kind(field: str, said: str | None, kind: str) -> None:
    assert reason_of(field, said) == kind


# --- two days of Find a Tender, all buyers ------------------------------------------------------------------------


@pytest.fixture(scope="module")
def two_days(tmp_path_factory: pytest.TempPathFactory, place_tables: Path) -> PackData:
    """The notices of 10 and 11 August 2026, of a council that is none of their buyers."""
    if not SHARED.is_dir():
        pytest.skip("no shared notices")
    folder = tmp_path_factory.mktemp("two_days")
    raw = folder / "data" / "raw" / "notices"
    raw.mkdir(parents=True)
    copy_places(place_tables, folder)
    for day in ("2026-08-10", "2026-08-11"):
        for path in sorted((SHARED / f"find_a_tender_{day}").glob("*.json")):
            copy(path, raw / f"{day}-{path.name}")
    own = Path(__file__).parent / "cases" / "pack_08" / "notices_of_a_year" / "cwb.toml"
    copy(own, folder / "cwb.toml")
    return open_data("proactive_procurement", "2026-27-Q2", str(folder / "cwb.toml"))


def test_real_contracts_over_five_million(two_days: PackData) -> None:
    """20 = 12 with indicators, 3 exempt, 1 whose reason its value contradicts, 4 that look like pence."""
    rows = large_contracts(two_days, EVERY)
    told = two_days.rows(
        "SELECT * FROM notice_contracts WHERE notice_type = 'UK7' AND value_gross_gbp > 5000000 ORDER BY notice_id"
    )
    by_key = {row["contract_key"]: row for row in rows}
    states = Counter(
        SET if row["kpi_count"] >= 3 else by_key[f"{row['ocid']}/{row['contract_id']}"]["state"] for row in told
    )  # fmt: skip
    assert (len(told), states) == (20, {SET: 12, EXEMPT: 3, CONTRADICTED: 1, DOUBTFUL: 4})
    contradicted = [row["notice"] for row in rows if row["state"] == CONTRADICTED]
    doubtful = sorted(row["notice"] for row in rows if row["state"] == DOUBTFUL)
    assert contradicted == ["076159-2026"]
    assert doubtful == ["076094-2026", "076109-2026", "076120-2026", "076140-2026"]
    # Two of the twenty tell a contract again; of nine more no value is stated, of which six are exempt whatever it is.
    assert Counter(row["is_owed"] for row in rows) == {True: 7, False: 17, None: 3}


def test_what_looks_like_pence_is_in_no_total(two_days: PackData) -> None:
    awards = two_days.rows(
        """SELECT value_gbp FROM award_lines WHERE award_key IN (SELECT ocid || '/1' FROM notice_contracts WHERE is_value_doubtful)"""
    )
    assert [row["value_gbp"] for row in awards] == [None] * 4
    notes = " ".join(note for report in two_days.lineage.of("notices") for note in report.notes)
    assert "perhaps typed in pence" in notes


def test_real_notices_of_details_in_time(two_days: PackData) -> None:
    """Of 61 first notices 8 are late where the day of signing is day one, and 7 where it is not; light touch one of eleven."""
    found = [one for one in owed(two_days, EVERY) if one.rule.duty == "UK7" and one.done_day]
    ordinary, light = duties("UK7")
    assert Counter((one.rule.days, one.state) for one in found) == {
        (30, DONE): 53,
        (30, LATE): 8,
        (120, DONE): 10,
        (120, LATE): 1,
    }
    contracts = [
        one for one in contracts_in_notices(two_days, EVERY) if one.first and one.facts["is_above_threshold"]
    ]

    def late(rule: Duty) -> list[str]:
        is_light = rule.days == light.days
        return [
            one.notice_id
            for one in contracts
            if one.facts["is_light_touch"] is is_light
            and one.first
            and one.first["notice_date"] > rule.due(one.facts["signed_date"])
        ]

    assert (len(late(ordinary)), len(late(replace(ordinary, is_day_one_counted=False)))) == (8, 7)
    assert set(late(ordinary)) - set(late(replace(ordinary, is_day_one_counted=False))) == {"075502-2026"}
    assert late(light) == ["075803-2026"]


def test_real_ends_and_changes_by_name(two_days: PackData) -> None:
    ends = {
        one.place["notice_id"]: one
        for one in owed(two_days, EVERY)
        if one.rule.duty == "UK11" and one.place.get("ended_date")
    }
    lags = {name: (one.place["notice_date"] - one.place["ended_date"]).days for name, one in ends.items()}
    assert lags == {
        "075918-2026": 41, "075914-2026": 102, "075795-2026": 5, "075784-2026": 10, "075770-2026": 10, "075768-2026": 0, "075529-2026": 19,
    }  # fmt: skip
    # Only one final value shows by itself that a notice was owed.
    assert [name for name, one in ends.items() if one.is_owed] == ["075768-2026"]
    changes = {one.place["notice_id"]: one for one in owed(two_days, EVERY) if one.rule.duty == "UK10"}
    assert {name: (one.state, one.days_late) for name, one in changes.items()} == {
        "075600-2026": (LATE, 13),
        "076048-2026": (DONE, None),
    }


def test_real_bids_by_procedure(two_days: PackData) -> None:
    """As notices tell them 23 of 143 open and selective lots have one bid; each lot once, 21 of 138."""
    told = [row for row in lots_in_notices(two_days, EVERY) if row["bids"] is not None]
    competed = [row for row in told if row["route"] in COMPETED]
    assert (len(told), len(competed)) == (208, 143)
    assert Counter(row["route"] for row in told if row["bids"] == 1) == {"open": 14, "selective": 9, "limited": 54}
    assert (sorted(row["bids"] for row in told)[104], sum(row["bids"] for row in told)) == (3, 1585)
    final = [row for row in lots_in_notices(two_days, EVERY) if row["all_bids"] is not None]
    assert (len(final), sum(row["all_bids"] for row in final), sum(row["sme_bids"] for row in final)) == (
        101,
        849,
        672,
    )
    once = [
        row
        for row in lots_in_notices(two_days, "is_newest")
        if row["bids"] is not None and row["route"] in COMPETED
    ]
    assert (sum(row["bids"] == 1 for row in once), len(once)) == (21, 138)


def test_real_procurements_that_came_to_nothing(two_days: PackData) -> None:
    found = procurements(two_days, EVERY)
    by_kind = Counter(row["reason"] for row in found)
    assert by_kind == {"another reason": 8, "no reason stated": 2, "no bids": 2, "withdrawn in error": 1}
    assert [row["notice_id"] for row in found if row["reason"] == "withdrawn in error"] == ["075684-2026"]


# --- the calendar file --------------------------------------------------------------------------------------------


def test_lines_of_a_calendar_are_of_75_bytes_and_whole_characters() -> None:
    line = "SUMMARY:" + "Straßenbeleuchtung £ " * 12
    parts = list(folded(line))
    assert all(len(part.encode("utf-8")) <= 75 for part in parts)
    assert parts[0] + "".join(part.removeprefix(" ") for part in parts[1:]) == line


def test_the_report_has_a_calendar_of_what_is_still_to_do(project: Path) -> None:
    report = project / "reports" / "2026-27-Q2"
    calendar = (report / "duties.ics").read_bytes()
    text = calendar.decode("utf-8")
    assert text.count("\r\n") == text.count("\n")
    assert all(len(line) <= 75 for line in calendar.split(b"\r\n"))
    events = re.findall(r"BEGIN:VEVENT\r\n(.*?)END:VEVENT", text.replace("\r\n ", ""), re.S)
    stamps = {event.split("DTSTAMP:")[1].split("\r\n")[0] for event in events}
    assert (len(events) > 5, stamps) == (True, {"20260930T000000Z"})
    assert len({event.split("UID:")[1].split("\r\n")[0] for event in events}) == len(events)
    assert 'href="duties.ics"' in (report / "index.html").read_text(encoding="utf-8")
    assert '"duties.ics"' in (report / "manifest.json").read_text(encoding="utf-8")


def test_no_calendar_where_nothing_is_to_do() -> None:
    assert duties_calendar([], "Small Council", date(2026, 9, 30)) == b""


def test_two_notices_that_say_the_same_are_two_events() -> None:
    """Of titles that are not shown a calendar would keep one event; the id of the first is that of a notice alone."""
    head = "Notice,Contract or period,State,Rule,Due by\r\n"
    row = "Contract details notice (UK7),Title not shown,to come,s.53,2026-10-29\r\n"
    shown = ExhibitRecord(EXHIBIT, "Notices", None, False, (), f"{EXHIBIT}.csv", head)
    one, two = (
        re.findall(
            "UID:(.*)\r", duties_calendar([replace(shown, csv=head + row * n)], "C", date(2026, 9, 30)).decode()
        )
        for n in (1, 2)
    )
    assert (len(set(two)), two[:1]) == (2, one)


def test_a_council_without_notices_is_told_what_would_settle_it(
    council: Callable[..., Path], tmp_path: Path
) -> None:
    toml = (Path(__file__).parent / "cases" / "pack_08" / "notices_of_a_year" / "cwb.toml").read_text(
        encoding="utf-8"
    )
    spend = tmp_path / "spend.csv"
    spend.write_text("Supplier Name,Date,Amount\nDelta Ltd,15/08/2026,1000\n", encoding="utf-8")
    data = open_data("proactive_procurement", "2026-27-Q2", str(council(toml, spend=[spend]) / "cwb.toml"))
    found = {finding.id: finding for finding in PACK.findings(data)}
    assert {finding.value for finding in found.values()} == {None}
    assert found["details_late"].undefined == "no Find a Tender notices were supplied"
    assert all(measure(data).figure().title for measure in PACK.measures)
