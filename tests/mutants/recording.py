"""The record of which test runs which line: kept in `.mutants/`, and made again for the test files that have changed."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from mutants.areas import OTHER_TESTS, ROOT, SOURCE

KEPT = ROOT / ".mutants"
RECORDED = KEPT / "recorded.json"
PLACES = KEPT / "places"
_TESTS = ROOT / "tests"


def record(only: str = "") -> Path:
    """Bring the record up to date, one test file after the other; `only` leaves test files whose name does not hold it."""
    KEPT.mkdir(exist_ok=True)
    common = _hash([*SOURCE.rglob("*.py"), *SOURCE.rglob("*.csv"), _TESTS / "conftest.py"])
    keys = {
        path.relative_to(ROOT).as_posix(): _key(path)
        for path in sorted([*_TESTS.glob("test_*.py"), *(_TESTS / "oracle").glob("test_*.py")])
        if path.name not in OTHER_TESTS
    }
    kept = json.loads(RECORDED.read_text(encoding="utf-8")) if RECORDED.is_file() else {}
    if kept.get("common") != common:
        kept = {"common": common, "keys": {}, "lines": {}, "seconds": {}, "failed": []}
    for name in {*keys, *kept["keys"]}:
        if kept["keys"].get(name) != keys.get(name):
            _forget(kept, name)
    for name, key in keys.items():
        if only in name and kept["keys"].get(name) != key:
            print(f"Recording which lines {name} runs", flush=True)
            _add(kept, _recorded(name))
            kept["keys"][name] = key
            RECORDED.write_text(json.dumps(kept), encoding="utf-8")
    RECORDED.write_text(json.dumps(kept), encoding="utf-8")
    return RECORDED


def _recorded(file: str) -> dict:
    """The record of one test file."""
    part, base = KEPT / "part.json", KEPT / "tests"
    shutil.rmtree(base, ignore_errors=True)
    paths = os.pathsep.join((str(SOURCE), str(_TESTS)))
    environment = os.environ | {"PYTHONPATH": paths, "HYPOTHESIS_STORAGE_DIRECTORY": str(KEPT / "hypothesis")}
    if PLACES.is_dir():
        environment["CWB_TEST_PLACES"] = str(PLACES)
    code = (
        "import sys, pytest; from pathlib import Path; from mutants.record import Recorder; "
        "sys.exit(pytest.main(sys.argv[2:], plugins=[Recorder(Path(sys.argv[1]))]))"
    )
    options = ["-q", "-p", "no:cacheprovider", "--hypothesis-seed=0", "--basetemp", str(base)]
    subprocess.run([sys.executable, "-c", code, str(part), *options, file], cwd=ROOT, env=environment, check=False)
    made = base / "places" / "data" / "processed"
    if made.is_dir() and not PLACES.is_dir():
        shutil.copytree(made, PLACES)
    shutil.rmtree(base, ignore_errors=True)
    found: dict = json.loads(part.read_text(encoding="utf-8"))
    part.unlink()
    return found


def _forget(kept: dict, file: str) -> None:
    kept["keys"].pop(file, None)
    kept["seconds"] = {test: seconds for test, seconds in kept["seconds"].items() if test.split("::")[0] != file}
    kept["failed"] = [test for test in kept["failed"] if test.split("::")[0] != file]
    for lines in kept["lines"].values():
        for line, tests in lines.items():
            lines[line] = [test for test in tests if test.split("::")[0] != file]


def _add(kept: dict, found: dict) -> None:
    kept["seconds"] |= found["seconds"]
    kept["failed"] += found["failed"]
    for module, lines in found["lines"].items():
        own = kept["lines"].setdefault(module, {})
        for line, tests in lines.items():
            own[line] = sorted({*own.get(line, ()), *tests})


def _key(path: Path) -> str:
    """Of a test file, and of the cases that it reads."""
    cases = (_TESTS / "cases").rglob("*.*") if path.name == "test_pack_cases.py" else ()
    return _hash([path, *cases])


def _hash(paths: Iterable[Path]) -> str:
    found = hashlib.sha256()
    for path in sorted(paths):
        found.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes())
    return found.hexdigest()
