"""docs/faults.md says what the tests of this folder try and whether it holds."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "faults.md"


def test_the_page_is_of_the_tests() -> None:
    asked = subprocess.run(
        [sys.executable, Path(__file__).with_name("table.py"), "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert asked.returncode == 0, asked.stdout[-2000:] + asked.stderr[-2000:]


def test_numbers_are_used_once() -> None:
    numbers = re.findall(r"^\| ([RINPTS]\d+) \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(numbers) == len(set(numbers))
