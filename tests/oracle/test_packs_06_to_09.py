"""Findings of packs 06 to 09 against the oracle: value, low, high, how much is known, and state."""

from __future__ import annotations

import ast
import json
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from oracle import pack_06, pack_07, pack_08, pack_09
from oracle.answers import Answer
from oracle.council import Period
from oracle.first_page import council_of
from oracle.test_first_page import IDS

PERIODS = ("2023-24", "2026-27-Q2")
PACKS = {"social_value": 38, "insourcing": 22, "proactive_procurement": 40, "strategy_tracker": 4}


@cache
def told(project: Path, period: str) -> dict[str, dict[str, Any]]:
    found = json.loads((project / "reports" / period / "findings.json").read_text(encoding="utf-8"))
    return {one["id"]: one for one in reversed(found)}


@cache
def compute(project: Path, text: str) -> dict[str, Answer]:
    council, period = council_of(project), Period.of(text)
    return {
        **pack_06.figures(council, period),
        **pack_07.figures(council, period),
        **pack_08.figures(council, period),
        **pack_09.figures(council, period, told(project, text)),
    }


def is_same(ours: Any, theirs: float | None) -> bool:
    """findings.json has twelve digits."""
    if ours is None or theirs is None:
        return ours is None and theirs is None
    return abs(float(ours) - theirs) <= max(1e-9, 1e-11 * abs(theirs))


@pytest.mark.parametrize("period", PERIODS)
def test_findings_are_those_of_the_oracle(project: Path, period: str) -> None:
    faults = []
    for name, ours in compute(project, period).items():
        theirs = told(project, period)[name]
        numbers = [theirs.get(end) for end in ("value", "low", "high", "coverage")]
        if ours.state != theirs["state"] or not all(map(is_same, ours[:4], numbers)):
            faults.append(f"{name}: {ours} by the oracle, {theirs['state']} {numbers} in the report")
    assert not faults, "\n".join(faults)


def test_every_kind_of_finding_is_computed(project: Path) -> None:
    findings = [(told(project, period)[name]) for period in PERIODS for name in compute(project, period)]
    ids = {(one["pack"], one["id"]) for one in findings}
    assert Counter(pack for pack, _ in ids) == PACKS
    assert {one["kind"] for one in findings} == {"total", "count", "share", "derived", "mean", "median", "change"}
    assert {one["state"] for one in findings} == {"stated", "at_least", "not_known", "undefined", "fewer_than_5"}


def test_the_oracle_is_independent_of_cwb_and_the_readme_counts_its_findings() -> None:
    here = Path(__file__).parent
    for path in here.glob("*.py"):
        nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
        modules = {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}
        modules |= {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
        assert not [name for name in modules if name.partition(".")[0] == "cwb"], path.name
    readme = (here.parents[1] / "README.md").read_text(encoding="utf-8")
    assert f"agrees with {len(IDS) + sum(PACKS.values())} findings" in readme
