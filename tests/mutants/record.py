"""A pytest plugin that learns which test runs which line of cwb, and how long each test takes.

It is run once over the tests as they are. What a shared fixture runs counts for every test that uses it.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import coverage
import pytest

from mutants.areas import GIVEN_FIXTURES, OTHER_TESTS, SLOW_FIXTURES, SOURCE


def is_asked(item: pytest.Item) -> bool:
    """Whether a test is one that mutants are run against."""
    fixtures = set(getattr(item, "fixturenames", ()))
    return not (
        fixtures & set(SLOW_FIXTURES) or item.get_closest_marker("shared") or Path(item.path).name in OTHER_TESTS
    )


@dataclass(eq=False)
class Recorder:
    """`target` is the file to write: of each module the tests of each line, and the seconds of each test. `users` are the
    tests of each fixture, `shared` the seconds of each that several tests share."""

    target: Path
    seconds: dict[str, float] = field(default_factory=dict)
    users: dict[str, list[str]] = field(default_factory=dict)
    shared: dict[str, float] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._within = 0.0
        self._coverage = coverage.Coverage(data_file=None, source=[str(SOURCE / "cwb")], config_file=False)

    def pytest_sessionstart(self) -> None:
        self._coverage.start()

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        left_out = [item for item in items if not is_asked(item)]
        items[:] = [item for item in items if is_asked(item)]
        config.hook.pytest_deselected(items=left_out)

    @pytest.hookimpl(hookwrapper=True)
    def pytest_fixture_setup(
        self, fixturedef: pytest.FixtureDef, request: pytest.FixtureRequest
    ) -> Iterator[None]:
        is_shared = fixturedef.scope != "function"
        if is_shared:
            self._coverage.switch_context(f"fixture {fixturedef.argname}")
        started = time.perf_counter()
        yield
        if is_shared:
            self.shared[fixturedef.argname] = time.perf_counter() - started
            self._within += self.shared[fixturedef.argname]
            self._coverage.switch_context(os.environ.get("PYTEST_CURRENT_TEST", "").split(" (")[0])

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        self._coverage.switch_context(item.nodeid)
        for name in getattr(item, "fixturenames", ()):
            self.users.setdefault(name, []).append(item.nodeid)
        started, self._within = time.perf_counter(), 0.0
        yield
        self.seconds[item.nodeid] = time.perf_counter() - started - self._within
        self._coverage.switch_context("")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.failed.append(report.nodeid)

    def pytest_sessionfinish(self) -> None:
        self._coverage.stop()
        data = self._coverage.get_data()
        lines = {
            Path(name).relative_to(SOURCE.parent).as_posix(): {
                str(line): sorted(self._tests(contexts))
                for line, contexts in data.contexts_by_lineno(name).items()
            }
            for name in data.measured_files()
        }
        self.target.write_text(
            json.dumps({"lines": lines, "seconds": self._costs(), "failed": self.failed}), encoding="utf-8"
        )

    def _costs(self) -> dict[str, float]:
        """The seconds of each test, with those of the shared fixtures that it needs: asked of a mutant it needs them anew."""
        costs = dict(self.seconds)
        for name, tests in self.users.items():
            if name in GIVEN_FIXTURES:
                continue
            for test in tests:
                costs[test] = costs.get(test, 0.0) + self.shared.get(name, 0.0)
        return costs

    def _tests(self, contexts: list[str]) -> set[str]:
        found: set[str] = set()
        for context in contexts:
            kind, _, name = context.partition(" ")
            found |= set(self.users.get(name, ())) if kind == "fixture" and name else {context} - {""}
        return found & set(self.seconds)
