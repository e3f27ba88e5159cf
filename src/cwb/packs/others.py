"""What other packs have found: for a pack that asks all of them.

In a run such a pack is built after the others and is given what they found, so that nothing is computed twice; in a notebook
opened by itself each finding is computed when it is asked for. Both ways it is the same number.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from cwb.council.periods import Period
from cwb.evidence.data import PackData
from cwb.evidence.finding import Finding, State
from cwb.packs.pack import Pack
from cwb.packs.registry import pack_with


@dataclass(frozen=True)
class SharedFinding:
    """A finding as other packs use it: the number, its words, and why it is not known or what could move it. `page` is the page that
    shows it, `owed` what it is counted of, `is_least` that it is at least so much, `is_hidden` that it counts too few people to be shown,
    `files` the raw files behind it."""

    id: str
    pack: str
    page: str
    label: str
    unit: str
    value: float | None
    low: float | None
    high: float | None
    owed: float | None
    coverage: float | None
    is_stated: bool
    is_least: bool
    text: str
    bounds: str
    undefined: str
    settles: str
    is_hidden: bool
    files: tuple[str, ...]


_GIVEN: ContextVar[Mapping[str, SharedFinding] | None] = ContextVar("findings_of_other_packs", default=None)


def shared(pack: Pack, finding: Finding) -> SharedFinding:
    """What another pack needs of a finding, without the rows behind it."""
    return SharedFinding(
        finding.id, finding.pack, pack.html_name, finding.label, finding.unit, finding.value, finding.low, finding.high,
        finding.of, finding.coverage, finding.is_stated, finding.state is State.AT_LEAST, f"{finding}", finding.bounds, finding.undefined or "", finding.settled_by, finding.is_hidden,
        finding.sources,
    )  # fmt: skip


def shared_findings(pack: Pack, data: PackData) -> tuple[SharedFinding, ...]:
    """What a pack's measures found."""
    return tuple(shared(pack, finding) for finding in pack.findings(data))


@contextmanager
def given_findings(findings: Iterable[SharedFinding]) -> Iterator[None]:
    """Let `found_by_others` take these for as long as the block runs."""
    token = _GIVEN.set({one.id: one for one in findings})
    try:
        yield
    finally:
        _GIVEN.reset(token)


def found_by_others(data: PackData, finding_id: str) -> SharedFinding:
    """A finding of another pack for the same period; raise `KeyError` where no pack has it."""
    given = _GIVEN.get() or {}
    if finding_id in given:
        return given[finding_id]
    pack = pack_with(finding_id)
    return shared(pack, pack.find(_data_of(data, pack, data.period), finding_id))


def found_at(data: PackData, finding_id: str, period: Period) -> SharedFinding:
    """The same for another period, which nobody else asks for: it is computed here."""
    pack = pack_with(finding_id)
    return shared(pack, pack.find(_data_of(data, pack, period), finding_id))


def _data_of(data: PackData, pack: Pack, period: Period) -> PackData:
    """The tables for another pack, kept so that a measure of several findings is computed once."""
    key = f"as {pack.id} {period}"
    if key not in data.measured:
        data.measured[key] = PackData(data.settings, period, pack.id, data.lineage, data.engine, data.report_day)
    other = data.measured[key]
    assert isinstance(other, PackData)
    return other
