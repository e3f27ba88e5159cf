"""The list of faults and attacks as a table: every test of this folder that is marked `fault`, written to docs/faults.md.

    python tests/faults/table.py            write the table
    python tests/faults/table.py --check    say whether it is what the tests are

A test carries `@pytest.mark.fault("R07", "what is done", "what holds")`; a case of a table of cases carries it in
`pytest.param(…, marks=…)`. One that does not hold is `xfail` with its reason.
"""

from __future__ import annotations

import contextlib
import io
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "faults.md"
GROUPS = {
    "R": "Runs",
    "I": "Bad input",
    "N": "Network",
    "P": "No person is named",
    "T": "Tampering",
    "S": "Supply chain",
}


@dataclass(frozen=True)
class Fault:
    """One fault: `id` is the letter of its group and a number, `reason` why it does not hold ("" where it does)."""

    id: str
    done: str
    holds: str
    reason: str

    @property
    def group(self) -> str:
        return self.id[:1]

    @property
    def row(self) -> str:
        held = f"no: {self.reason}" if self.reason else "yes"
        return (
            "| " + " | ".join(text.replace("|", "\\|") for text in (self.id, self.done, self.holds, held)) + " |"
        )


class _Collector:
    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        for item in items:
            expected = item.get_closest_marker("xfail")
            reason = str(expected.kwargs["reason"]) if expected else ""
            self.faults += [Fault(*mark.args, reason=reason) for mark in item.iter_markers("fault")]


def faults() -> list[Fault]:
    """The faults of all tests of this folder, in the order of their ids; the same fault of several tests once."""
    collector = _Collector()
    options = ["--collect-only", "-qq", "-p", "no:xdist", "--rootdir", str(ROOT)]
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        ended = pytest.main([*options, str(Path(__file__).parent)], plugins=[collector])
    if ended != pytest.ExitCode.OK:
        raise SystemExit(f"the tests of this folder cannot be collected: {said.getvalue()}")
    return sorted(set(collector.faults), key=lambda fault: (list(GROUPS).index(fault.group), fault.id))


def page(listed: list[Fault]) -> str:
    """The page: held of tried by group, then every fault."""
    lines = [
        "# Faults and attacks",
        "",
        "What was done to `cwb`, and whether it held. Each row is a test of `tests/faults/`; this page is written from",
        "them (`python tests/faults/table.py`) and a test compares the two.",
        "",
        "| Group | Held | Tried |",
        "| --- | ---: | ---: |",
    ]
    for letter, name in GROUPS.items():
        of = [fault for fault in listed if fault.group == letter]
        lines.append(f"| {name} | {sum(not fault.reason for fault in of)} | {len(of)} |")
    lines.append(f"| **All** | **{sum(not fault.reason for fault in listed)}** | **{len(listed)}** |")
    for letter, name in GROUPS.items():
        lines += [
            "",
            f"## {name}",
            "",
            "| No. | What was done | What must hold | Held |",
            "| --- | --- | --- | --- |",
        ]
        lines += [fault.row for fault in listed if fault.group == letter]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    text = page(faults())
    if "--check" in sys.argv:
        sys.exit(
            0 if PAGE.is_file() and PAGE.read_text(encoding="utf-8") == text else "docs/faults.md is not of today"
        )
    PAGE.write_text(text, encoding="utf-8", newline="\n")
