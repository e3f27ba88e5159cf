"""What became of the mutants, as a page: by area, by language and by kind of fault, with those that survived and why."""

from __future__ import annotations

import csv
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from mutants.mutant import Mutant, Outcome, Result

VERDICTS = Path(__file__).with_name("verdicts.csv")
EQUIVALENT = "equivalent"
_Z = 1.96


@dataclass(frozen=True)
class Verdict:
    """What a person found of a survivor: `equivalent` (no input shows a difference) or `accepted`, and why."""

    verdict: str
    why: str


def verdicts(path: Path = VERDICTS) -> dict[tuple[str, str, str, str], Verdict]:
    """The verdicts, by what a mutant is known by."""
    with path.open(encoding="utf-8", newline="") as lines:
        return {
            (row["module"], row["function"], row["before"], row["after"]): Verdict(row["verdict"], row["why"])
            for row in csv.DictReader(lines)
        }


def wilson(killed: int, tried: int) -> tuple[float, float]:
    """The 95% interval of a share of a sample: 0.9 of 100 is from 0.826 to 0.945. From 0 to 1 where nothing was tried."""
    if not tried:
        return (0.0, 1.0)
    share, square = killed / tried, _Z**2
    middle = (share + square / (2 * tried)) / (1 + square / tried)
    half = _Z / (1 + square / tried) * math.sqrt(share * (1 - share) / tried + square / (4 * tried**2))
    return (max(0.0, middle - half), min(1.0, middle + half))


@dataclass(frozen=True)
class Score:
    """One row of a table of results."""

    name: str
    killed: int
    survived: int
    equivalent: int

    @property
    def share(self) -> float | None:
        tried = self.killed + self.survived
        return self.killed / tried if tried else None

    def row(self) -> str:
        low, high = wilson(self.killed, self.killed + self.survived)
        share = "" if self.share is None else f"{self.share:.1%}, {low:.1%} to {high:.1%}"
        return f"| {self.name} | {self.killed} | {self.survived} | {self.equivalent} | {share} |"


def scores(results: Sequence[Result], by: Callable[[Mutant], str], known: dict) -> list[Score]:
    """How many of each kind were killed; equivalent mutants are counted apart."""
    made = []
    for name in dict.fromkeys(by(result.mutant) for result in results):
        own = [result for result in results if by(result.mutant) == name]
        equivalent = sum(not r.is_killed and _is_equivalent(r.mutant, known) for r in own)
        killed = sum(result.is_killed for result in own)
        made.append(Score(name, killed, len(own) - killed - equivalent, equivalent))
    return made


def _is_equivalent(mutant: Mutant, known: dict) -> bool:
    return mutant.key in known and known[mutant.key].verdict == EQUIVALENT


def page(results: Sequence[Result], seed: int, known: dict[tuple[str, str, str, str], Verdict]) -> str:
    """The page of docs/mutants.md."""
    ordered = sorted(results, key=lambda r: (r.mutant.area, r.mutant.module, r.mutant.line, r.mutant.after))
    whole = scores(ordered, lambda mutant: "all", known)
    tables = (
        ("Language", scores(ordered, lambda mutant: mutant.language.value, known)),
        ("Area", scores(ordered, lambda mutant: mutant.area, known)),
        ("Area and language", scores(ordered, lambda m: f"{m.area}, {m.language.value}", known)),
        ("Kind of fault", scores(ordered, lambda m: f"{m.language.value}: {m.operator}", known)),
    )
    parts = [
        "# Do the tests notice a fault?",
        f"`make mutants` puts small faults into the code, one at a time, and runs the tests that run the changed line. "
        f"This page is what it wrote for a sample of {len(results)} with seed {seed}. A share is of those killed among "
        "those that change anything, with its 95% interval (Wilson).",
        *(_table(heading, rows + (whole if heading == "Area" else [])) for heading, rows in tables),
        "## Survivors",
        _survivors(ordered, known, False),
        "## Equivalent: no input shows a difference",
        _survivors(ordered, known, True),
    ]
    return "\n\n".join(parts) + "\n"


def _table(heading: str, rows: Iterable[Score]) -> str:
    head = f"| {heading} | Killed | Survived | Equivalent | Share killed |\n|---|---:|---:|---:|---|"
    return "\n".join((head, *(score.row() for score in rows)))


def _survivors(
    results: Iterable[Result], known: dict[tuple[str, str, str, str], Verdict], equivalent: bool
) -> str:
    rows = []
    for result in results:
        mutant = result.mutant
        if result.is_killed or _is_equivalent(mutant, known) is not equivalent:
            continue
        why = known[mutant.key].why if mutant.key in known else "not looked at yet"
        if result.outcome is Outcome.NO_TEST:
            why += " (no test runs the line)"
        cells = (f"{mutant.module}:{mutant.line}", mutant.operator, f"`{mutant.before}` → `{mutant.after}`", why)
        rows.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    if not rows:
        return "None."
    return "\n".join(("| Where | Fault | Before → after | Why |\n|---|---|---|---|", *rows))
