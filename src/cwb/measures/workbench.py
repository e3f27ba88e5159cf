"""The measures of packs that are not yet made of relations: a function from a dataset to a table and findings.

When what it needs is absent, all its findings are undefined and say why.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

from cwb.evidence.definitions import definition
from cwb.evidence.finding import Finding

if TYPE_CHECKING:
    from cwb.dataset import Dataset


@dataclass(frozen=True)
class Measure:
    """The result of a measure: a table, its findings by id, and for an undefined one the reason.

    `facts` holds texts that are not numbers (a category's name, a scheme), for headings.
    """

    id: str
    table: pd.DataFrame
    findings: dict[str, Finding]
    undefined: str | None = None
    facts: dict[str, str] = field(default_factory=dict)
    about: Any = None

    def __getitem__(self, finding_id: str) -> Finding:
        return self.findings[finding_id]


@dataclass
class Workbench:
    """What a measure function uses to make its findings: the dataset's pack, period and sources filled in."""

    data: Dataset
    sources: tuple[str, ...]

    def finding(self, finding_id: str, value: float | None = None, **parts: Any) -> Finding:
        parts.setdefault("period", str(self.data.period))
        parts.setdefault("sources", self.sources)
        unit = definition(finding_id)["unit"]
        if value is None and not parts.get("undefined"):
            parts["undefined"] = "it cannot be computed from what was supplied"
        return Finding(id=finding_id, pack=self.data.pack, unit=unit, value=value, **parts)

    def share(self, finding_id: str, n: float, of: float, unknown: float | None = None, **parts: Any) -> Finding:
        """A share as n of N; undefined when N is 0. `unknown` is the part of N that could be added to n: it bounds it."""
        if not of:
            return self.finding(finding_id, undefined="there is nothing to take a share of", n=n, of=of, **parts)
        if unknown is not None:
            parts |= {"low": n / of, "high": (n + unknown) / of}
        return self.finding(finding_id, n / of, n=n, of=of, **parts)


MeasureFunction = Callable[[Any], Any]
Result = tuple[pd.DataFrame, Iterable[Finding]] | tuple[pd.DataFrame, Iterable[Finding], dict[str, str]]


def measure(
    *finding_ids: str, needs: tuple[str, ...] = ("spend",)
) -> Callable[[Callable[[Dataset, Workbench], Result]], MeasureFunction]:
    """Make a measure of a function: declare its findings and needs, cache it, and say why when it cannot be.

    A measure whose table comes out empty for the period is undefined too.
    """

    def wrap(function: Callable[[Dataset, Workbench], Result]) -> MeasureFunction:
        @functools.wraps(function)
        def run(data: Dataset) -> Measure:
            name = function.__name__
            if name not in data.cache:
                data.cache[name] = _run(function, data, name, finding_ids, needs)
            result: Measure = data.cache[name]
            return result

        run.finding_ids = finding_ids  # type: ignore[attr-defined]
        return run

    return wrap


def _run(
    function: Callable[[Dataset, Workbench], Result],
    data: Dataset,
    name: str,
    finding_ids: tuple[str, ...],
    needs: tuple[str, ...],
) -> Measure:
    reason = next((data.why_not(need) for need in needs if data.why_not(need)), None)
    bench = Workbench(data, data.source_names(needs))
    if reason is None:
        try:
            result = function(data, bench)
        except Undefined as undefined:
            reason = str(undefined)
        else:
            made = {finding.id: finding for finding in result[1]}
            missing = set(finding_ids) ^ set(made)
            if missing:
                raise AssertionError(f"measure {name} declares other findings than it makes: {sorted(missing)}")
            facts = result[2] if len(result) == 3 else {}
            return Measure(name, result[0], made, facts=facts, about=data)
    undefined_findings = {fid: bench.finding(fid, undefined=reason) for fid in finding_ids}
    return Measure(name, pd.DataFrame(), undefined_findings, undefined=reason, about=data)


class Undefined(Exception):
    """Raised inside a measure that finds it cannot be computed; the message is the reason that members read."""
