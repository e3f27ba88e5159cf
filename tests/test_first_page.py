"""The first page: what changed is a question of its own, told only where it is certain; what is not known says why."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from conftest import Opened
from cwb.council.periods import Period
from cwb.evidence.definitions import definition
from cwb.evidence.finding import Finding, State
from cwb.evidence.record import FindingRecord
from cwb.packs.advice_facts import worded
from cwb.packs.compare import Comparison, compare, is_certain, moved, period_before
from cwb.packs.local_supplier_base import PACK as pack
from cwb.packs.pack import Pack
from cwb.packs.registry import all_packs
from cwb.packs.track import Track
from cwb.publish.brief.assemble import restated


def change(value: float, low: float, high: float, unit: str = "points") -> Finding:
    return Finding("local_share_change", "p", "2026-27", unit, value, low=low, high=high)


@pytest.mark.parametrize(
    ("found", "said", "certain"),
    [
        # Up by 6.0, and from 3 to 8 however the unknown go: up for certain.
        (change(0.06, 0.03, 0.08), "up 6.0 percentage points", True),
        (change(-0.06, -0.08, -0.03), "down 6.0 percentage points", True),
        # The unknown could turn it.
        (change(0.06, -0.01, 0.08), "perhaps up 6.0 percentage points", False),
        # To nought is not past it.
        (change(0.06, 0.0, 0.08), "perhaps up 6.0 percentage points", False),
        (change(0.0002, 0.0001, 0.0003), "level", False),
        (change(-8, -12, -1, "count"), "down 8", True),
        (
            Finding("local_share_change", "p", "2026-27", "points", undefined="x"),
            "change not known, because x",
            False,
        ),
    ],
)
def test_a_change_is_told_with_its_direction_and_certainty(found: Finding, said: str, certain: bool) -> None:
    assert moved(found) == said
    assert is_certain(found) is certain


@pytest.mark.parametrize(
    ("ends", "told"),
    [
        # 76 then and 68 now; by its own range (68 to 87) it might be up, and the question over both says that it is not.
        ((-12, -1), "▼ down 8 since Q2 2023/24 (−12 to −1)"),
        ((-12, 1), "◆ perhaps down 8 since Q2 2023/24 (−12 to +1)"),
        ((-8, -8), "▼ down 8 since Q2 2023/24"),
    ],
)
def test_a_change_is_told_with_its_range_and_a_recommendation_says_perhaps(
    ends: tuple[int, int], told: str
) -> None:
    found = replace(change(-8, *ends, unit="count"), id="home_supplier_count_since_2023-24-Q2")
    nothing = Comparison(found, None, None)
    base = Comparison(found, found, found)
    track = Track(found, nothing, base, Period(2026, 1), Period(2023, 2), False, None, ())
    assert track.movement == told
    assert worded(found, "signed") == moved(found)


def test_the_quarter_before_and_the_year_before() -> None:
    assert period_before(Period(2026, 1)) == Period(2025, 4)
    assert period_before(Period(2026, 3)) == Period(2026, 2)
    assert period_before(Period(2026)) == Period(2025)


def test_a_change_since_a_period_is_defined_by_what_has_changed() -> None:
    stated = definition("local_share_since_2023-24-Q2")
    assert (stated.kind, stated.unit, stated.version) == ("change", "points", definition("local_share").version)
    assert stated.label == "Change in local share of all spend (Chart A) since Q2 2023/24"
    assert definition("total_spend_since_2023-24").unit == "gbp"


def test_both_periods_are_asked_of_the_same_files(illustrative: Opened) -> None:
    data = illustrative(pack.id, "2026-27-Q2")
    findings = [pack.charts_a_and_b(data)["local_share"], pack.home_suppliers(data)["home_supplier_count"]]
    base = compare(data, findings, data.baseline)
    assert base["local_share"].then is not None
    assert base["local_share"].then.value == pytest.approx(pack.trend(data)["local_share_baseline"].value)
    assert base["local_share"].change is not None
    same = pack.trend(data)["local_share_change"]
    assert (base["local_share"].change.value, base["local_share"].change.low) == (same.value, same.low)
    # The count's change equals the measure's own: eight fewer, from twelve to one fewer.
    count = base["home_supplier_count"].change
    assert count is not None
    assert (count.value, count.low, count.high) == (-8, -12, -1)


@pytest.mark.parametrize(
    ("period", "then", "why"),
    [
        ("2023-24", "2023-24", "it is the baseline itself"),
        ("2026-27-Q2", "2019-20-Q2", "months are missing in Q2 2019/20"),
    ],
)
def test_what_cannot_be_compared_says_why(period: str, then: str, why: str, illustrative: Opened) -> None:
    data = illustrative(pack.id, period)
    told = compare(data, [pack.charts_a_and_b(data)["local_share"]], Period.parse(then))["local_share"]
    assert told.then is None
    assert told.why_not.startswith(why)


def test_every_change_of_the_page_is_a_finding_with_a_state(project: Path) -> None:
    report = project / "reports" / "2026-27-Q2"
    found = json.loads((report / "findings.json").read_text(encoding="utf-8"))
    assert all(f["state"] in tuple(State) for f in found)
    since = [f for f in found if "_since_" in f["id"]]
    assert {"local_share_since_2026-27-Q1", "local_share_since_2023-24-Q2"} <= {f["id"] for f in since}
    assert found


def test_only_what_is_known_to_differ_is_told_as_restated() -> None:
    kept = FindingRecord(
        "published_restated", "p", "2026-27", "Restated", "count", State.STATED, unit="count", value=2.0
    )
    assert restated(kept).startswith("2 figures published before differ")
    assert restated(replace(kept, value=0.0)) == ""
    assert restated(replace(kept, value=None, undefined="x", state=State.UNDEFINED)) == ""
    factors = replace(kept, id="emissions_restatement", unit="kgco2e", value=-196_051.0)
    assert "gave off 196 tCO2e less than was first worked out" in restated(factors)
    assert restated(replace(factors, id="emissions_change")) == ""


@pytest.mark.parametrize("pack", [pack for pack in all_packs() if pack.first], ids=lambda pack: pack.id)
def test_what_is_compared_is_the_same_lines_of_another_period(pack: Pack, illustrative: Opened) -> None:
    """A question that a pack asks of another period is the question of this one, there."""
    data = illustrative(pack.id, "2026-27-Q2")
    before = data.at(Period.parse("2026-27-Q1"))
    for name in pack.first:
        found, again = pack.find(data, name), pack.find(before, name)
        if found.evidence is None or compare(data, [found], before.period)[name].then is None:
            continue
        assert again.evidence is not None
        assert again.evidence.question.of.sql == found.evidence.question.at(before.period).of.sql


@pytest.mark.parametrize("pack", [pack for pack in all_packs() if pack.first], ids=lambda pack: pack.id)
def test_a_first_title_names_what_is_not_known(pack: Pack, illustrative: Opened) -> None:
    """ "What is known of Q2 2026/27" is a heading over eight numbers that are not known, and says nothing."""
    data = illustrative(pack.id, "2026-27-Q2")
    found = {
        name: replace(pack.find(data, name), value=None, low=None, high=None, undefined="x", state=State.UNDEFINED)
        for name in pack.first
    }
    assert pack.title(data, found).endswith("not known")
