"""Test mutants in as many processes as asked, each with a copy of the source of its own."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import replace
from pathlib import Path

from mutants.choose import Chooser, Limits
from mutants.mutant import Mutant, Outcome, Result
from mutants.recording import PLACES, RECORDED
from mutants.report import verdicts
from mutants.worker import Worker

_worker: Worker | None = None
_chooser: Chooser | None = None


def _start(places: Path, recorded: Path, limits: Limits) -> None:
    global _worker, _chooser
    _worker, _chooser = Worker.start(places), Chooser.read(recorded, limits)


def _test(mutant: Mutant, files: list[str]) -> Result:
    assert _worker is not None
    assert _chooser is not None
    if files:
        return _worker.test(mutant, files, {})
    result = _worker.test(mutant, _chooser.tests(mutant), _chooser.seconds)
    is_open = result.outcome is Outcome.SURVIVED and mutant.key not in verdicts()
    if is_open and _chooser.limits.again and (more := _chooser.further_tests(mutant)):
        second = _worker.test(mutant, more, _chooser.seconds)
        result = replace(second, seconds=result.seconds + second.seconds, tests=result.tests + second.tests)
    if result.is_killed:
        _chooser.learn(mutant, result.by)
    return result


def run(mutants: list[Mutant], workers: int, limits: Limits, files: Sequence[str] = ()) -> list[Result]:
    """Test every mutant, and print each as it is done: against the tests that run its line, or all tests of given files."""
    started, results = time.monotonic(), []
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, context, _start, (PLACES, RECORDED, limits)) as pool:
        for number, done in enumerate(
            as_completed([pool.submit(_test, mutant, list(files)) for mutant in mutants]), 1
        ):
            result = done.result()
            results.append(result)
            mutant = result.mutant
            told = f"{mutant.module}:{mutant.line} {mutant.language.value} {mutant.operator}: {mutant.before} → {mutant.after}"
            told += f" [{result.by}]" if result.is_killed else ""
            print(
                f"{number}/{len(mutants)} {result.outcome.value} in {result.seconds:.1f} s of {result.tests} tests: {told}",
                flush=True,
            )
    print(f"{sum(r.is_killed for r in results)} of {len(results)} killed in {time.monotonic() - started:.0f} s")
    return results
