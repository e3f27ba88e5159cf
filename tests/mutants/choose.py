"""Which tests are asked of a mutant, and in which order: those that have killed one of the module, then the fastest."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import accumulate
from pathlib import Path

from mutants.areas import ROOT, SOURCE
from mutants.mutant import Mutant
from mutants.places import Module

NOTHING: dict = {"lines": {}, "seconds": {}, "failed": []}


@dataclass(frozen=True)
class Limits:
    """Of one mutant are asked tests that take `within` seconds each, `most` together; of one that survives them `again` seconds
    of further ones, however long each."""

    within: float = float("inf")
    most: float = float("inf")
    again: float = 0


@dataclass
class Chooser:
    """`lines` are of each module the tests of each line, `seconds` of each test, `kills` the tests that killed in a module."""

    lines: dict[str, dict[str, list[str]]]
    seconds: dict[str, float]
    limits: Limits = Limits()
    kills: dict[str, list[str]] = field(default_factory=dict)

    @classmethod
    def read(cls, recorded: Path, limits: Limits = Limits()) -> Chooser:
        """What is recorded. Tests that fail without any mutant are not asked: here a test may fail for the long paths of the
        folders that it is run in."""
        found = json.loads(recorded.read_text(encoding="utf-8")) if recorded.is_file() else NOTHING
        failed = set(found["failed"])
        asked = {name: cost for name, cost in found["seconds"].items() if name not in failed}
        return cls(found["lines"], asked, limits)

    def tests(self, mutant: Mutant) -> list[str]:
        """The tests that run the statement, within the limits, fastest first; for what is run at import, those that run any
        function of the module, or where it has none, of the modules that import it."""
        quick = [name for name in self._that_run(mutant) if self.seconds[name] <= self.limits.within]
        return self._up_to(quick, self.limits.most)

    def further_tests(self, mutant: Mutant) -> list[str]:
        """Those that `tests` leaves out, fastest first."""
        asked = set(self.tests(mutant))
        return self._up_to([name for name in self._that_run(mutant) if name not in asked], self.limits.again)

    def _up_to(self, tests: list[str], most: float) -> list[str]:
        taken = accumulate(self.seconds[name] for name in tests)
        return [
            name
            for number, (name, sum_) in enumerate(zip(tests, taken, strict=True))
            if not number or sum_ <= most
        ]

    def _that_run(self, mutant: Mutant) -> list[str]:
        text = (ROOT / mutant.module).read_text(encoding="utf-8")
        if Module(text).function_lines(mutant.first) is not None:
            found = self._of_lines(mutant.module, range(mutant.first, mutant.last + 1))
        else:
            found = self._of_functions(mutant.module, text)
            for other in () if found else _importers(mutant.module):
                found |= self._of_functions(other, (ROOT / other).read_text(encoding="utf-8"))
        killers = self.kills.get(mutant.module, [])
        ranks = {name: rank for rank, name in enumerate(reversed(killers))}
        return sorted(found, key=lambda name: (ranks.get(name, len(ranks)), self.seconds[name], name))

    def learn(self, mutant: Mutant, killer: str) -> None:
        """Remember a test that killed: it is asked first of the module's next mutant."""
        own = self.kills.setdefault(mutant.module, [])
        if killer in own:
            own.remove(killer)
        if killer in self.seconds:
            own.append(killer)

    def _of_lines(self, module: str, lines: range) -> set[str]:
        held = self.lines.get(module, {})
        return {test for line in lines for test in held.get(str(line), ()) if test in self.seconds}

    def _of_functions(self, module: str, text: str) -> set[str]:
        tree = ast.parse(text)
        functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
        return {
            test
            for node in functions
            for test in self._of_lines(module, range(node.body[0].lineno, (node.end_lineno or node.lineno) + 1))
        }


def _importers(module: str) -> Iterator[str]:
    """The modules of cwb that import a module by its name."""
    dotted = module.removeprefix("src/").removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    for path in sorted((SOURCE / "cwb").rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        if any(isinstance(node, ast.ImportFrom) and node.module == dotted for node in ast.walk(tree)):
            yield path.relative_to(ROOT).as_posix()
