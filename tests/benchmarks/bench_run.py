"""`cwb run` of all packs, tables ready: against the same code as plain scripts, and against papermill's command line.

    python tests/benchmarks/bench_run.py

Three ways in turn, on the illustrative council (`make packs` first):

- cwb: the whole command, its process, its workers and their imports included; and the same in a process that is warm.
- scripts: the notebooks' code as plain scripts, in parallel in as many worker processes as there are cores, started and
  warm before the clock. Scripts of one worker share tables as cwb's packs do, and begin each round with none.
- papermill: one `papermill` command for each notebook, one after another, each with a kernel.

Beside it, the first five packs alone, as scripts and built (run as notebooks and rendered as pages, in this process and in a
worker that is warm, without rows for the explorer), and for one run in a single process the CPU seconds of each output. The
targets: packs built, and a whole run, at most 1.4 times their scripts, and the command at most a quarter of papermill's.
"""

from __future__ import annotations

import contextlib
import io
import json
import multiprocessing
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from types import SimpleNamespace
from unittest import mock

import nbformat

from cwb.base.progress import quiet
from cwb.charts.figure import LIVE
from cwb.council.config import load_config
from cwb.council.periods import Period
from cwb.evidence.data import PACK_DATA_CACHE, sharing_tables
from cwb.lines.build import prepare_lines
from cwb.packs.pack import Pack
from cwb.packs.registry import all_packs
from cwb.publish import report, work
from cwb.publish.run import run
from cwb.publish.warm import warm
from cwb.publish.work import BuildJob
from cwb.sources.inputs import list_inputs

ROOT = Path(__file__).parents[2]
PERIOD = "2026-27-Q2"
ROUNDS = 3
# Those that there were before packs on social value, insourcing, procurement and the strategy's promises.
FIRST_PACKS = 5


def script_of(notebook: Path) -> str:
    """The notebook's code cells as a script that makes every exhibit, as a display would, for the benchmark's period."""
    parts = []
    for cell in nbformat.read(notebook, as_version=4).cells:
        if cell.cell_type == "code":
            shows = cell.source.startswith("pack.")
            parts.append(f"({cell.source})._repr_mimebundle_()" if shows else cell.source)
    return "\n".join(parts).replace('period: str = "2023-24"', f'period: str = "{PERIOD}"')


def plain(task: tuple[int, str]) -> None:
    """Run a script of a round; the first of a round in this worker begins with no tables."""
    number, script = task
    kept = PACK_DATA_CACHE.get()
    if kept is not None and os.environ.get("BENCH_ROUND") != str(number):
        os.environ["BENCH_ROUND"] = str(number)
        kept.clear()
    is_live = LIVE.set(False)
    with contextlib.redirect_stdout(io.StringIO()):
        exec(compile(script, "script", "exec"), {"__name__": "__main__"})
    LIVE.reset(is_live)


OUTPUTS = (
    (work, "execute", "notebooks"),
    (work, "render_notebook", "pages"),
    (work, "gather", "brief_parts"),
    (work, "rows_of_pack", "explorer_rows"),
    (report, "prepare_lines", "inputs"),
    (report, "contradictions", "contradictions"),
    (report.workbook, "evidence_workbook", "workbook"),
    (report, "render_explorer", "explorer"),
    (report.committee, "committee_report", "committee_report"),
    (report, "render_brief", "brief"),
    (report, "write_manifest", "manifest"),
)


def of_outputs() -> dict[str, float]:
    """CPU seconds of a run in this process alone: the whole, and of each output."""
    seconds: dict[str, float] = {}

    def clocked(name: str, function: Callable[..., object]) -> Callable[..., object]:
        def clocked_function(*arguments: object) -> object:
            start = time.process_time()
            try:
                return function(*arguments)
            finally:
                seconds[name] = seconds.get(name, 0.0) + time.process_time() - start

        return clocked_function

    with ExitStack() as stack:
        stack.enter_context(mock.patch.object(work, "os", SimpleNamespace(cpu_count=lambda: 1)))
        for module, function, name in OUTPUTS:
            stack.enter_context(mock.patch.object(module, function, clocked(name, getattr(module, function))))
        clocked("whole", run)(PERIOD)
    return {name: round(second, 2) for name, second in seconds.items()}


def forget_tables() -> None:
    """Begin with no tables, in a worker too."""
    if (kept := PACK_DATA_CACHE.get()) is not None:
        kept.clear()


def seconds_to_build(packs: tuple[Pack, ...]) -> float:
    """Seconds to run packs as notebooks and render them, in this process and in a warm worker: the best round."""
    loaded = load_config(ROOT / "cwb.toml")
    settings = loaded.model_copy(update={"report": loaded.report.model_copy(update={"explorer": False})})
    inputs = list_inputs(settings, is_remembered=False)
    job = BuildJob(settings, Period.parse(PERIOD), "cwb.toml", {}, prepare_lines(settings, quiet, inputs))
    seconds = []
    with work.workers_for(packs) as workers:
        for _ in range(ROUNDS + 1):  # in the first, the worker imports everything
            workers.begin(forget_tables)()
            with sharing_tables():
                seconds.append(timed(lambda: check_built(work.build_packs(packs, job, workers))))
    return min(seconds[1:])


def check_built(packs: Iterable[work.BuiltPack]) -> None:
    """Raise for a pack that failed, which would be fast."""
    for built in packs:
        if faults := (*built.faults, *built.exhibit_faults):
            raise SystemExit(str(faults[0]))


def timed(action: object) -> float:
    start = time.perf_counter()
    action()  # type: ignore[operator]
    return time.perf_counter() - start


def main() -> None:
    os.chdir(ROOT)
    scripts = [script_of(ROOT / "notebooks" / pack.notebook) for pack in all_packs()]
    command = [sys.executable, "-W", "ignore", "-m", "cwb", "run", PERIOD, "--again"]
    subprocess.run(command, check=True, capture_output=True)  # bytecode, processed tables
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(os.cpu_count(), mp_context=context, initializer=warm) as pool:
        list(pool.map(plain, [(-1, script) for script in scripts]))  # every worker has imported everything
        rounds = [[(number, script) for script in scripts] for number in range(ROUNDS)]
        as_scripts = min(timed(lambda r=r: list(pool.map(plain, r))) for r in rounds)
        firsts = [[(ROUNDS + number, script) for script in scripts[:FIRST_PACKS]] for number in range(ROUNDS)]
        of_first = min(timed(lambda r=r: list(pool.map(plain, r))) for r in firsts)
    packs = all_packs()
    built, first_built = seconds_to_build(packs), seconds_to_build(packs[:FIRST_PACKS])
    as_command = min(
        timed(lambda: subprocess.run(command, check=True, capture_output=True)) for _ in range(ROUNDS)
    )
    as_call = min(timed(lambda: run(PERIOD)) for _ in range(ROUNDS))
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        for pack in all_packs():
            out = str(Path(folder) / pack.notebook)
            subprocess.run(
                [sys.executable, "-m", "papermill", f"notebooks/{pack.notebook}", out, "-p", "period", PERIOD],
                check=True,
                capture_output=True,
            )
        by_papermill = time.perf_counter() - start
    result = {
        "scripts_seconds": round(as_scripts, 1),
        "cwb_call_seconds": round(as_call, 1),
        "cwb_command_seconds": round(as_command, 1),
        "papermill_seconds": round(by_papermill, 1),
        "scripts_of_first_five_seconds": round(of_first, 1),
        "packs_to_scripts": round(built / as_scripts, 2),
        "first_five_to_scripts": round(first_built / of_first, 2),
        "target_packs_to_scripts": 1.4,
        "call_to_scripts": round(as_call / as_scripts, 2),
        "target_call_to_scripts": 1.4,
        "command_to_papermill": round(as_command / by_papermill, 2),
        "target_command_to_papermill": 0.25,
        "cpu_seconds_of_outputs": of_outputs(),
    }
    sys.stdout.write(json.dumps(result) + "\n")


if __name__ == "__main__":
    main()
