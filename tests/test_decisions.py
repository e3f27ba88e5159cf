"""What members decided: how far each decision is on the report's day, and what came of it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from conftest import Opened
from cwb.base.errors import CwbError
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
    assert grants.outcome == "Row 7 of decisions/decisions.csv names a finding that no pack has."
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


def test_the_form_has_what_the_newest_report_recommends(
    sample: Path, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A payment dated by mistake in a later year makes a quarter that nobody reported; a stray folder is no report."""
    monkeypatch.setattr(decisions_form, "all_packs", lambda: ())
    reports = tmp_path / "reports"
    for name in ("2025-26-Q1", "2024-25", "2026-27-Q1.partial", "2026-27-Q1"):
        (reports / name).mkdir(parents=True)
    for name in ("2025-26-Q1", "2024-25", "2026-27-Q1.partial"):
        (reports / name / "manifest.json").touch()
    there = settings.model_copy(update={"data": settings.data.model_copy(update={"reports": reports})})
    (tmp_path / "form").mkdir()
    path, said = decisions_form.write_decisions_form(there, tmp_path / "form", quiet)
    assert "recommended for Q1 2025/26" in said
    # It has no recommendation now, and is as empty as `cwb init` leaves it.
    with pytest.raises(CwbError, match="Nothing is filled in: delete it, and run again"):
        decisions_form.write_decisions_form(there, tmp_path / "form", quiet)
    path.write_text(path.read_text(encoding="utf-8-sig") + "01/05/2025,Buy nearer,,,,,\n", encoding="utf-8")
    with pytest.raises(CwbError, match="Move it, or name another folder"):
        decisions_form.write_decisions_form(there, tmp_path / "form", quiet)
