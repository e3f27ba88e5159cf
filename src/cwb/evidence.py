"""Finding: a number that a pack may state, with everything needed to check it. Measure: findings and their table.

A measure is a function from a dataset to a table and findings. When what it needs is absent, all its findings
are undefined and say why; nothing is ever 0 because it is unknown.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

from cwb.reference import table

if TYPE_CHECKING:
    from cwb.dataset import Dataset

# The MIME type under which an exhibit carries its findings and table; readers other than the pack pass it over.
EXHIBIT = "application/vnd.cwb.exhibit+json"
_NEEDS = {
    "spend": "no spending file was supplied",
    "awards": "no award notices were supplied",
    "contracts": "no contracts register was supplied",
    "one_offs": "no approved list of capital and one-off projects was supplied",
    "vendors": "no vendor list was supplied",
    "companies": "no Companies House file was supplied",
    "mutuals": "no Mutuals Register was supplied",
    "charities": "no charity register was supplied",
    "coops": "no list of co-operatives was supplied",
    "organisations": "no register of organisations was supplied",
    "business_counts": "no business counts were supplied",
    "pipeline": "no procurement pipeline was supplied",
    "notices": "no Find a Tender notices were supplied",
    "anchor_spend": "no spending file of another anchor was supplied",
    "anchor_contracts": "no contracts register of another anchor was supplied",
    "initiatives": "no list of initiatives was supplied",
    "supplier_emissions": "no supplier's report of emissions was supplied",
    "carbon_plans": "no register of carbon reduction plans was supplied",
    "checklists": "no list of sustainability checklists was supplied",
}


@dataclass(frozen=True)
class Finding:
    """One number of a pack.

    `unit` is "gbp", "share" (0 to 1), "points" (difference of two shares, 0 to 1), "change" (relative), "count", "rate", "intensity" (kgCO2e per £), "kgco2e". `n` of `of`
    are what a share is made of. `low` and `high` bound the value when unknowns could move it; `coverage` is the
    share of the base that is known. A finding without value has the reason in `undefined`.
    """

    id: str
    pack: str
    period: str
    unit: str
    value: float | None = None
    n: float | None = None
    of: float | None = None
    low: float | None = None
    high: float | None = None
    coverage: float | None = None
    sources: tuple[str, ...] = ()
    caveats: tuple[str, ...] = ()
    undefined: str | None = None

    @property
    def label(self) -> str:
        return definition(self.id)["label"]

    def as_dict(self) -> dict[str, Any]:
        """The form of findings.json: `undefined` stands in place of `value` where there is none."""
        stated = definition(self.id)
        head = {"id": self.id, "pack": self.pack, "period": self.period, "label": stated["label"]}
        middle = {"undefined": self.undefined} if self.value is None else {"value": tidy(self.value)}
        return {
            **head,
            **middle,
            "unit": self.unit,
            "n": tidy(self.n),
            "of": tidy(self.of),
            "low": tidy(self.low),
            "high": tidy(self.high),
            "coverage": tidy(self.coverage),
            "sources": list(self.sources),
            "caveats": list(self.caveats),
            "definition_version": int(stated["version"]),
        }

    def __format__(self, spec: str) -> str:
        """The number as members read it; "magnitude" leaves the sign to the words around it."""
        if self.value is None:
            return "not known"
        return number(abs(self.value) if spec == "magnitude" else self.value, self.unit)

    @property
    def bounds(self) -> str:
        """The range in words, empty where unknowns cannot move the value as shown."""
        if self.low is None or self.high is None or self.value is None:
            return ""
        low, high = number(self.low, self.unit), number(self.high, self.unit)
        return "" if low == high else f"between {low} and {high}"


def tidy(value: float | None) -> float | None:
    """Twelve significant digits: enough for any sum of pounds, and the same on every machine."""
    if value is None or pd.isna(value):
        return None
    rounded = float(f"{value:.12g}")
    return int(rounded) if rounded.is_integer() and abs(rounded) < 1e15 else rounded


def number(value: float, unit: str) -> str:
    """A number as members read it: £70.0m, £480,000, 18%, 3 points, 1,234."""
    match unit:
        case "gbp":
            sign, size = ("−" if value < 0 else ""), abs(value)
            if round(size / 1e6, 1) >= 1:
                return f"{sign}£{size / 1e6:,.1f}m"
            return f"{sign}£{round(size, -3) if size >= 100_000 else size:,.0f}"
        case "share":
            return f"{value:.0%}" if abs(value) >= 0.095 or value == 0 else f"{value:.1%}"
        case "points":
            return f"{abs(value) * 100:.1f} percentage points"
        case "change":
            return f"{'−' if value < 0 else '+'}{abs(value):.0%}"
        case "rate":
            return f"{value:,.1f}"
        case "intensity":
            return f"{value:,.2f}"
        case "kgco2e":
            sign, size = ("−" if value < 0 else ""), abs(value)
            if round(size) < 1000:
                return f"{sign}{size:,.0f} kgCO2e"
            return f"{sign}{size / 1000:,.{0 if size >= 9950 else 1}f} tCO2e"
        case _:
            return f"{value:,.0f}"


def definition(finding_id: str) -> dict[str, str]:
    """Label, unit, definition, exclusions, source and version of a finding; raise `KeyError` if undocumented."""
    return _definitions()[finding_id]


@functools.cache
def _definitions() -> dict[str, dict[str, str]]:
    rows = table("findings").to_dict("records")
    return {str(row["id"]): {str(k): str(v) for k, v in row.items()} for row in rows}


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


MeasureFunction = Callable[["Dataset"], Measure]
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


def why_absent(need: str) -> str:
    return _NEEDS[need]
