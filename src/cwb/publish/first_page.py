"""What the first page says of one pack: its headline now, before and at the baseline, what moved, and what is not known.

Every number is a finding with rows.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from cwb.charts.wording import listed
from cwb.evidence.data import PackData
from cwb.evidence.finding import Finding
from cwb.evidence.record import FindingRecord, record
from cwb.packs.compare import Comparison, compare, is_certain, moved, period_before
from cwb.packs.pack import Pack
from cwb.packs.remarks import remarks

# A range of a share wider than this, or a range of another number wider than this part of it, is listed as not known.
_WIDE = 0.1
_MOST_CHANGES = 3


@dataclass(frozen=True)
class FirstNumbers:
    """What the first page says of one pack. `changed` has rows of label, then, now and how; `remarks` are on
    the ledger, the same in each pack; `findings` are those of the changes, as in findings.json."""

    label: str
    headline: str
    now: str
    before: str
    baseline: str
    changed: tuple[tuple[str, str, str, str], ...]
    unknown: tuple[str, ...]
    remarks: tuple[str, ...]
    findings: tuple[FindingRecord, ...]


def first_numbers(pack: Pack, data: PackData) -> FirstNumbers:
    """A pack's headline, and the numbers of its first exhibit, for this period, the one before and the baseline."""
    headline = pack.find(data, pack.headline)
    card = [pack.find(data, name) for name in pack.first]
    compared = list({finding.id: finding for finding in (headline, *card)}.values())
    before = compare(data, compared, period_before(data.period))
    base = compare(data, compared, data.baseline)
    changes = [c.change for comparisons in (before, base) for c in comparisons.values() if c.change is not None]
    return FirstNumbers(
        label=headline.label,
        headline=f"{headline.label}: {headline}",
        now=_now(headline),
        before=_then(before[headline.id]),
        baseline=_then(base[headline.id]),
        changed=_changed([before[finding.id] for finding in card]),
        unknown=tuple(_unknown(card, remarks(data))),
        remarks=remarks(data),
        findings=tuple(record(finding) for finding in {finding.id: finding for finding in changes}.values()),
    )


def _now(finding: Finding) -> str:
    if finding.value is None:
        return f"not known: {finding.undefined}"
    return f"{finding}" + (f" ({finding.bounds})" if finding.bounds else "")


def _then(comparison: Comparison) -> str:
    then, change = comparison.then, comparison.change
    if comparison.now.value is None:
        return "not compared"
    if then is None:
        return f"not compared: {comparison.why_not}" if comparison.why_not else "not compared"
    if then.value is None:
        return f"not known: {then.undefined}"
    how = f" (now {moved(change)})" if change is not None and change.value is not None else ""
    return f"{then}{how}"


def _changed(compared: list[Comparison]) -> tuple[tuple[str, str, str, str], ...]:
    """The numbers that moved most since the period before, for certain; changes themselves are left out."""
    rows: list[tuple[float, tuple[str, str, str, str]]] = []
    for comparison in compared:
        now, then, change = comparison.now, comparison.then, comparison.change
        if then is None or not then.is_stated or not now.is_stated:
            continue
        if change is None or change.value is None or not is_certain(change):
            continue
        step = abs(change.value) / abs(then.value) if then.value else math.inf
        rows.append((step, (now.label, f"{then}", f"{now}", f"now {moved(change)}")))
    return tuple(row for _, row in sorted(rows, key=lambda ranked: (-ranked[0], ranked[1]))[:_MOST_CHANGES])


def _unknown(card: list[Finding], remarked: tuple[str, ...]) -> list[str]:
    """What is not known of the first numbers: those without a value, wide ranges, and caveats that are not remarked already,
    each once."""
    lines: list[str] = []
    caveats: dict[str, list[str]] = {}
    for finding in card:
        if finding.value is None:
            settles = f" {finding.settles}" if finding.settles else ""
            lines.append(f"{finding.label}: not known, because {finding.undefined}.{settles}")
        elif finding.low is not None and finding.high is not None:
            width = finding.high - finding.low
            relative = width if finding.unit == "share" else width / (abs(finding.value) or 1.0)
            if relative > _WIDE:
                lines.append(
                    f"{finding.label}: {finding.signed}{f', {finding.bounds}' if finding.bounds else ''}."
                )
        for caveat in finding.caveats:
            if caveat not in remarked:
                caveats.setdefault(caveat, []).append(finding.label)
    lines += [f"{listed(list(dict.fromkeys(labels)))}: {caveat}" for caveat, labels in caveats.items()]
    return list(dict.fromkeys(lines))
