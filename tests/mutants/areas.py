"""What is mutated, how much of it, and which tests are asked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src"


@dataclass(frozen=True)
class Area:
    """A part of cwb: modules by pattern below `src/cwb`, `without` those of another area, and its part of a sample of 400."""

    name: str
    patterns: tuple[str, ...]
    part: int
    without: str = ""

    def modules(self) -> Iterator[Path]:
        """Its modules, each once, in order."""
        found = {path for pattern in self.patterns for path in (SOURCE / "cwb").glob(pattern)}
        kept = (path for path in found if not self.without or self.without not in path.as_posix())
        yield from sorted(path for path in kept if path.read_text(encoding="utf-8").strip())


AREAS = (
    Area("measures", ("packs/**/*.py",), 120, without="contract_emissions"),
    Area("constructors", ("evidence/*.py",), 90),
    Area("spend typing", ("sources/spend*.py", "sources/datasets/spend*.py"), 60),
    Area("matching", ("entities/matching/*.py",), 60),
    Area("periods", ("council/periods.py",), 20),
    Area("emissions", ("lines/emissions.py", "packs/contract_emissions/*.py"), 30),
    Area(
        "verify",
        (
            "publish/verify.py",
            "publish/intact.py",
            "publish/manifest.py",
            "publish/differences.py",
            "publish/page_places.py",
            "publish/check_value.py",
            "publish/folder.py",
        ),
        20,
    ),
)
# Fixtures of whole reports, of the illustrative council, a browser, or files that are not everywhere: made anew for each
# mutant they take longer than all else. What they test of a report's manifest, test_intact.py tests on three small files.
SLOW_FIXTURES = ("project", "sample", "standing", "built", "wheel", "chromium", "shared")
# Made once when the first file is recorded and given to each mutant's tests: it costs them nothing.
GIVEN_FIXTURES = ("place_tables",)
# These test the documents, the shape of the code, commands as processes and this tool, and no result of an area; or each of
# their tests needs one of those fixtures, so that there is nothing to record.
OTHER_TESTS = (
    "test_browser.py",
    "test_docs.py",
    "test_architecture.py",
    "test_mutants.py",
    "test_shared.py",
    "test_fetch.py",
    "test_contributing.py",
    "test_first_hours.py",
    "test_rows_property.py",
    "test_rows_of_emissions.py",
    "test_report_files.py",
    "test_floor_property.py",
    "test_floor_of_emissions.py",
    "test_decisions.py",
    "test_faults_input_hostile.py",
    "test_faults_network.py",
    "test_faults_runs_machine.py",
    "test_faults_runs_processes.py",
    "test_faults_runs_reports.py",
    "test_faults_runs_state.py",
    "test_faults_supply_chain.py",
    "test_faults_tampering.py",
)
