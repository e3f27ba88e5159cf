"""A warm process that has imported all that cwb stands on, and forks for each mutant: only cwb itself is imported anew.

Where there is no fork (Windows) each mutant has a new process.
"""

from __future__ import annotations

import compileall
import contextlib
import importlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil

from mutants.areas import ROOT, SOURCE
from mutants.child import FAILED, Job, run
from mutants.mutant import Mutant, Outcome, Result

_HEAVY = ("pandas", "duckdb", "geopandas", "pyarrow.parquet", "pydantic", "pandera.pandas", "plotly.graph_objects",
          "rapidfuzz", "jinja2", "nbformat", "nbconvert", "papermill", "typer", "rich", "httpx", "hypothesis", "sqlglot",
          "xlsxwriter", "python_calamine", "openpyxl", "filelock", "IPython")  # fmt: skip
_PASSED, _NONE_COLLECTED = 0, 5
# A test that takes so many times as long as without a mutant is caught in it, and that notices too.
_SLOWER, _LEAST_SECONDS = 10, 60.0
# One that waits for ever uses no processor's time: so many times as long by the clock.
_WAITING = 20
_POLL = 0.05


@dataclass
class Worker:
    """One copy of the source, changed for each mutant and put back."""

    folder: Path
    places: Path

    @classmethod
    def start(cls, places: Path) -> Worker:
        """Copy the source, and import what takes long."""
        folder = Path(tempfile.mkdtemp(prefix="mutants-"))
        shutil.copytree(SOURCE, folder / "src", ignore=shutil.ignore_patterns("__pycache__"))
        compileall.compile_dir(folder / "src", quiet=2)
        for name in _HEAVY:
            with contextlib.suppress(ImportError):
                importlib.import_module(name)
        loaded = [name for name in sys.modules if name.split(".")[0] == "cwb"]
        if loaded:
            raise AssertionError(f"cwb is imported before its mutant is: {loaded[0]}")
        return cls(folder, places)

    def stop(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    def test(self, mutant: Mutant, tests: list[str], seconds: dict[str, float]) -> Result:
        """Run tests against a mutant until one notices. `seconds` are what each takes without a mutant."""
        started = time.perf_counter()
        if not tests:
            return Result(mutant, Outcome.NO_TEST, "", 0.0, 0)
        with self._changed(mutant), tempfile.TemporaryDirectory(dir=self.folder) as folder:
            job = Job(str(self.folder / "src"), str(ROOT), tuple(tests), folder, str(self.places))
            code = self._run(job, seconds)
            told = job.status.read_text(encoding="utf-8").splitlines() if job.status.is_file() else []
            log = job.log.read_text(encoding="utf-8", errors="replace") if job.log.is_file() else ""
        by = next((line.removeprefix(f"{FAILED} ") for line in told if line.startswith(FAILED)), "")
        if code is None:
            outcome, by = Outcome.TIMEOUT, told[-1] if told else "import"
        elif code == _PASSED:
            outcome = Outcome.SURVIVED
        elif code == _NONE_COLLECTED:
            raise AssertionError(f"none of {len(tests)} tests was found:\n{log}")
        else:
            outcome, by = Outcome.KILLED, by or f"import: {_last(log)}"
        return Result(mutant, outcome, by, time.perf_counter() - started, len(tests))

    @contextlib.contextmanager
    def _changed(self, mutant: Mutant) -> Iterator[None]:
        """The mutant in place of its module, also for what tests start as processes of their own."""
        path = self.folder / mutant.module
        original = path.read_text(encoding="utf-8")
        _write(path, mutant.text)
        try:
            yield
        finally:
            _write(path, original)

    def _run(self, job: Job, seconds: dict[str, float]) -> int | None:
        """The exit code; None for a test that was stopped for taking too long."""
        if not hasattr(os, "fork"):
            return _in_new_process(job, seconds)
        pid = os.fork()
        if pid == 0:
            code = 1
            try:
                os.setsid()
                with job.log.open("w") as log:
                    os.dup2(log.fileno(), 1)
                    os.dup2(log.fileno(), 2)
                    code = run(job)
            finally:
                os._exit(code)
        clock, is_done = _Clock(job, seconds, pid), False
        try:
            while not clock.is_over():
                done, status = os.waitpid(pid, os.WNOHANG)
                if done:
                    is_done = True
                    return os.waitstatus_to_exitcode(status)
                time.sleep(_POLL)
            return None
        finally:
            # Also where this process is stopped: nothing that was started stays.
            if not is_done:
                os.killpg(pid, signal.SIGKILL)
                os.waitpid(pid, 0)


class _Clock:
    """How long the test has run that a job is at: by the processor's time, which a busy machine does not lengthen."""

    def __init__(self, job: Job, seconds: dict[str, float], pid: int):
        self._job, self._seconds, self._process = job, seconds, psutil.Process(pid)
        self._at, self._since, self._used = "", time.monotonic(), 0.0

    def is_over(self) -> bool:
        status = self._job.status
        told = status.read_text(encoding="utf-8").splitlines() if status.is_file() else []
        at = told[-1] if told else ""
        try:
            times = self._process.cpu_times()
        except psutil.Error:
            return False
        used = times.user + times.system
        if at != self._at:
            self._at, self._since, self._used = at, time.monotonic(), used
        most = max(_LEAST_SECONDS, _SLOWER * self._seconds.get(at, 0.0))
        return used - self._used > most or time.monotonic() - self._since > most * _WAITING


def _in_new_process(job: Job, seconds: dict[str, float]) -> int | None:
    environment = os.environ | {"PYTHONPATH": str(ROOT / "tests")}
    command = [sys.executable, str(Path(__file__).with_name("child.py")), str(job.write())]
    with job.log.open("w") as log, subprocess.Popen(command, stdout=log, stderr=log, env=environment) as process:
        clock = _Clock(job, seconds, process.pid)
        while (code := process.poll()) is None:
            if clock.is_over():
                process.kill()
                return None
            time.sleep(_POLL)
        return code


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
    for compiled in (path.parent / "__pycache__").glob(f"{path.stem}.*.pyc"):
        compiled.unlink()


def _last(log: str) -> str:
    lines = [line for line in log.splitlines() if line.startswith("E ")] or log.splitlines()
    return lines[-1].strip() if lines else "no output"
