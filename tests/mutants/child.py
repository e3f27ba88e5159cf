"""The process in which tests run against one mutant. It tells through a file what it is at, and what failed."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import pytest

FAILED = "failed"


@dataclass(frozen=True)
class Job:
    """`source` is a copy of `src` with the fault in it; `tests` are in the order in which they are to run, a file meaning all of its tests."""

    source: str
    root: str
    tests: tuple[str, ...]
    folder: str
    places: str

    @property
    def status(self) -> Path:
        return Path(self.folder) / "status"

    @property
    def log(self) -> Path:
        return Path(self.folder) / "log.txt"

    def write(self) -> Path:
        path = Path(self.folder) / "job.json"
        path.write_text(json.dumps(asdict(self)), encoding="utf-8")
        return path

    @classmethod
    def read(cls, path: Path) -> Job:
        stated = json.loads(path.read_text(encoding="utf-8"))
        return cls(**{**stated, "tests": tuple(stated["tests"])})


class Ordered:
    """Keeps a job's tests in its order, and writes down which one runs and which one failed."""

    def __init__(self, job: Job):
        self._job = job

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        places = {name: place for place, name in enumerate(self._job.tests)}
        named = [(item.nodeid if item.nodeid in places else item.nodeid.split("::")[0], item) for item in items]
        items[:] = [item for name, item in sorted(named, key=lambda one: places.get(one[0], -1)) if name in places]

    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        self._tell(item.nodeid)
        yield

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self._tell(f"{FAILED} {report.nodeid}")

    def _tell(self, text: str) -> None:
        with self._job.status.open("a", encoding="utf-8") as status:
            status.write(f"{text}\n")


def run(job: Job) -> int:
    """Run a job's tests until one fails; the exit code is pytest's."""
    os.chdir(job.root)
    os.environ |= {
        "PYTHONPATH": os.pathsep.join((job.source, os.environ.get("PYTHONPATH", ""))),
        "PYTHONDONTWRITEBYTECODE": "1",
        "HYPOTHESIS_STORAGE_DIRECTORY": str(Path(job.folder) / "hypothesis"),
        "CWB_TEST_PLACES": job.places,
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
    }
    sys.dont_write_bytecode = True
    sys.path.insert(0, job.source)
    files = list(dict.fromkeys(name.split("::")[0] for name in job.tests))
    options = [
        "-p",
        "_hypothesis_pytestplugin",
        "-x",
        "-q",
        "-p",
        "no:cacheprovider",
        "--hypothesis-seed=0",
        "--basetemp",
        f"{job.folder}/tests",
    ]
    return int(pytest.main([*options, *files], plugins=[Ordered(job)]))


if __name__ == "__main__":
    sys.exit(run(Job.read(Path(sys.argv[1]))))
