"""A finding as it is written to findings.json, and compared by `cwb verify`."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from pydantic import TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from cwb.base.errors import Fault, PackError
from cwb.evidence.definitions import definition
from cwb.evidence.finding import Finding, State, tidy

NAME = "findings.json"


@dataclass(frozen=True, config={"extra": "forbid"})
class FindingRecord:
    """One finding of a report. `undefined` holds the reason where there is no `value`; numbers have twelve digits;
    `known_share` is `coverage` under the name that readers of findings.json know."""

    id: str
    pack: str
    period: str
    label: str
    kind: str
    state: State
    unit: str
    value: float | None = None
    undefined: str | None = None
    n: float | None = None
    of: float | None = None
    low: float | None = None
    high: float | None = None
    coverage: float | None = None
    known_share: float | None = None
    settles: str | None = None
    sources: tuple[str, ...] = ()
    caveats: tuple[str, ...] = ()
    definition_version: int = 1

    @property
    def key(self) -> tuple[str, str]:
        """Unique in a report."""
        return self.pack, self.id

    def as_json(self) -> dict[str, object]:
        """The object of findings.json, its keys in a set order."""
        known = {"undefined": self.undefined} if self.value is None else {"value": tidy(self.value)}
        return {
            "id": self.id,
            "pack": self.pack,
            "period": self.period,
            "label": self.label,
            "kind": self.kind,
            "state": self.state.value,
            **known,
            "unit": self.unit,
            **{name: tidy(getattr(self, name)) for name in ("n", "of", "low", "high", "coverage", "known_share")},
            "settles": self.settles,
            "sources": list(self.sources),
            "caveats": list(self.caveats),
            "definition_version": self.definition_version,
        }


def record(finding: Finding) -> FindingRecord:
    """What a report keeps of a finding."""
    defined = definition(finding.id)
    return FindingRecord(
        id=finding.id, pack=finding.pack, period=finding.period, label=defined.label, kind=defined.kind,
        state=finding.state, unit=finding.unit, value=tidy(finding.value),
        undefined=finding.undefined if finding.value is None else None, n=tidy(finding.n), of=tidy(finding.of),
        low=tidy(finding.low), high=tidy(finding.high), coverage=tidy(finding.coverage),
        known_share=tidy(finding.coverage), settles=finding.settles, sources=finding.sources, caveats=finding.caveats,
        definition_version=defined.version,
    )  # fmt: skip


def unique(records: Iterable[FindingRecord]) -> list[FindingRecord]:
    """Each finding once, though several exhibits may carry it; raise `AssertionError` for one with two values."""
    by_key: dict[tuple[str, str], FindingRecord] = {}
    for finding in records:
        if by_key.setdefault(finding.key, finding) != finding:
            raise AssertionError(f"two values for the finding {finding.id}")
    return list(by_key.values())


def write_records(records: Iterable[FindingRecord]) -> str:
    """The text of findings.json."""
    return json.dumps([finding.as_json() for finding in records], indent=1, ensure_ascii=False) + "\n"


def read_records(path: Path) -> list[FindingRecord]:
    """The findings of a report; raise `PackError` for a file that cannot be read as such."""
    try:
        return TypeAdapter(list[FindingRecord]).validate_json(path.read_bytes(), strict=True)
    except (OSError, ValidationError):
        remedy = "Build the report again with cwb run, or restore the file."
        raise PackError(Fault(file=path.name, rule="the findings cannot be read", remedy=remedy)) from None
