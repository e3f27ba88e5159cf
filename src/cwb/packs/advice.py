from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from cwb.evidence.record import FindingRecord


@dataclass(frozen=True)
class Recommendation:
    rule: str
    finding: str
    pack: str
    text: str
    because: str
    role: str
    start_by: date
    pounds: float | None
    findings: tuple[FindingRecord, ...]
    is_find_out: bool


def advise(pack, data) -> tuple[Recommendation, ...]:
    return ()
