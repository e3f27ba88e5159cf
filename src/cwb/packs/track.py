"""A finding over time: now, the period before, the baseline, the target, and the periods that lead up to now.

All of it is computed from today's files. Only a change that is a question of its own has a direction, and "perhaps" where
what is not known could undo it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from cwb.charts.wording import ends_text
from cwb.council.periods import Period
from cwb.council.report_sections import Target
from cwb.evidence.data import PackData
from cwb.evidence.finding import Finding, number
from cwb.packs.compare import Comparison, asked_at, compare, is_certain, moved, period_before

_PERIODS_BEFORE = 4


class Direction(StrEnum):
    """Where a number has gone."""

    UP = "up"
    DOWN = "down"
    LEVEL = "level"
    PERHAPS = "perhaps"
    NOT_KNOWN = "not known"

    @property
    def shape(self) -> str:
        """A sign that says it without colour."""
        return {"up": "▲", "down": "▼", "level": "■", "perhaps": "◆"}.get(self.value, "")


@dataclass(frozen=True)
class TrendPoint:
    """One period of a trend; `value` is None where it is not known or cannot be compared."""

    label: str
    value: float | None
    text: str


@dataclass(frozen=True)
class Track:
    """One finding with its past and its target. `trend` runs from the earliest period to now, and is empty where fewer than two
    periods are known."""

    now: Finding
    before: Comparison
    baseline: Comparison
    period_before: Period
    baseline_period: Period
    is_baseline: bool
    target: Target | None
    trend: tuple[TrendPoint, ...]

    @property
    def change(self) -> Finding | None:
        """Since the baseline; since the period before where that is not known; None where neither is."""
        for comparison in (self.baseline, self.before):
            if comparison.change is not None and comparison.change.value is not None:
                return comparison.change
        return None

    @property
    def since(self) -> str:
        """What `change` is since."""
        is_base = self.baseline.change is not None and self.baseline.change.value is not None
        return f"since {(self.baseline_period if is_base else self.period_before).short_label}"

    @property
    def direction(self) -> Direction:
        if self.change is None:
            return Direction.NOT_KNOWN
        if moved(self.change) == "level":
            return Direction.LEVEL
        if not is_certain(self.change):
            return Direction.PERHAPS
        return Direction.UP if (self.change.value or 0) > 0 else Direction.DOWN

    @property
    def movement(self) -> str:
        """The direction as a shape, and the change in words with its range; "" where there is none to tell."""
        if (change := self.change) is None:
            return ""
        return f"{self.direction.shape} {moved(change)} {self.since}{ends_text(change)}"

    @property
    def is_followed(self) -> bool:
        """Whether there is anything to compare it with."""
        return self.before.then is not None or self.baseline.then is not None

    @property
    def then(self) -> tuple[tuple[str, str], ...]:
        """What to compare with: (what, value), for the period before, the baseline and the target."""
        earlier = [(self.period_before.short_label, _value(self.before))]
        if not self.is_baseline:
            # Where the change is since the baseline, its period stands there.
            is_shown = self.baseline.change is not None and self.baseline.change.value is not None
            label = "baseline" if is_shown else f"baseline {self.baseline_period.short_label}"
            earlier.append((label, _value(self.baseline)))
        target = number(self.target.value, self.now.unit, self.now.value) if self.target else "not set"
        by = f" by {self.target.by:%B %Y}" if self.target and self.target.by else ""
        return (*earlier, ("target", f"{target}{by}"))

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The changes that are shown, as findings of the report."""
        both = (self.before.change, self.baseline.change)
        return tuple({one.id: one for one in both if one is not None}.values())


def _value(comparison: Comparison) -> str:
    then = comparison.then
    return f"{then}" if then is not None else "not compared"


def tracks(data: PackData, findings: Sequence[Finding]) -> dict[str, Track]:
    """The findings by their ids, each with its past; those that are not followed over time have none."""
    before, base = period_before(data.period), data.baseline
    then = compare(data, findings, before)
    at_baseline = compare(data, findings, base)
    targets = {target.finding: target for target in data.settings.targets}
    trends = _trends(data, findings, then)
    return {
        finding.id: Track(
            finding, then[finding.id], at_baseline[finding.id], before, base, data.period == base,
            targets.get(finding.id), trends.get(finding.id, ()),
        )
        for finding in findings
    }  # fmt: skip


def _trends(
    data: PackData, findings: Sequence[Finding], then: dict[str, Comparison]
) -> dict[str, tuple[TrendPoint, ...]]:
    points = {
        finding.id: [TrendPoint(data.period.short_label, finding.value, f"{finding}")] for finding in findings
    }
    for finding in findings:
        if (earlier := then[finding.id].then) is not None:
            points[finding.id].insert(0, _point(period_before(data.period), earlier))
    period = period_before(data.period)
    for _ in range(_PERIODS_BEFORE - 1):
        period = period_before(period)
        for name, earlier in asked_at(data, findings, period).items():
            points[name].insert(0, _point(period, earlier))
    return {
        name: tuple(found) for name, found in points.items() if sum(point.value is not None for point in found) > 1
    }


def _point(period: Period, finding: Finding) -> TrendPoint:
    is_number = finding.is_stated
    return TrendPoint(period.short_label, finding.value if is_number else None, f"{finding}")
