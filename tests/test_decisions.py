"""What members decided: how far each decision is on the report's day, and what came of it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from conftest import Opened
from cwb.base.privacy import TEXT_WITHHELD
from cwb.base.progress import quiet
from cwb.council.config import Settings
from cwb.packs import decisions_form
from cwb.packs.decisions import Progress, decisions_taken, why_none
from cwb.packs.registry import pack_of


def test_decisions_of_the_illustrative_council(illustrative: Opened) -> None:
    data = illustrative("local_supplier_base", "2026-27-Q2")
    assert why_none(data) == ""
    found = decisions_taken(data)
    assert [(one.date, one.state, one.done_on) for one in found] == [
        (date(2026, 5, 12), Progress.OVERDUE, None),
        (date(2026, 9, 8), Progress.OPEN, None),
        (date(2026, 9, 8), Progress.UNKNOWN, None),  # due "in spring"
        (date(2026, 6, 9), Progress.DONE, date(2026, 6, 30)),
        (date(2026, 6, 9), Progress.DONE, None),  # done: "yes"
        (date(2025, 7, 10), Progress.DONE, date(2025, 10, 20)),
    ]
    lots, plans, grants, meetings, places, pipeline = found
    assert "It is too early to say" in plans.outcome
    assert grants.outcome == "The list names a finding that no pack has."
    assert (meetings.finding, meetings.outcome) == (None, "The first two meetings were held.")
    assert places.role == TEXT_WITHHELD
    assert (
        lots.outcome == "Local share without one-offs (Chart B): 42%, up 5.9 percentage points since Q1 2026/27."
    )
    assert pipeline.outcome.startswith("Nineteen firms asked for more. Suppliers within the district: 68, ")


def test_a_decision_is_told_as_of_the_report_s_day(sample: Path) -> None:
    data = pack_of("local_supplier_base").open("2025-26-Q2", str(sample / "cwb.toml"))
    (one,) = decisions_taken(data)
    assert (one.state, one.done_on) == (Progress.OPEN, None)  # it was done after that day
    assert "too early" in one.outcome
    before = pack_of("local_supplier_base").open("2023-24", str(sample / "cwb.toml"))
    assert decisions_taken(before) == ()
    assert why_none(before) == "The list of decisions has none up to the end of 2023/24."


def test_the_form_is_filled_with_what_is_recommended(
    sample: Path, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decisions_form, "all_packs", lambda: (pack_of("local_supplier_base"),))
    path, said = decisions_form.write_decisions_form(settings, tmp_path, quiet)
    head, *rows = path.read_text(encoding="utf-8-sig").splitlines()
    assert head == "Date,Decision,Role,Due,Done on,Finding,Outcome"
    assert (
        ",Ask why we no longer buy from 24 suppliers in Stevenage that we paid in Q2 2023/24.,Head of procurement,2027-01-31,,home_supplier_change,"
        in rows
    )
    assert "Q2 2026/27" in said
