"""The record of which test runs which line: kept in `.mutants/`, and made again for the test files that have changed."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

from mutants.areas import OTHER_TESTS, ROOT, SOURCE

KEPT = ROOT / ".mutants"
RECORDED = KEPT / "recorded.json"
PLACES = KEPT / "places"
_TESTS = ROOT / "tests"
_FOLDERS = (_TESTS, _TESTS / "oracle", _TESTS / "faults")


def record(only: str = "", workers: int = 1) -> Path:
    """Bring the record up to date, test file by test file; `only` leaves test files whose name does not hold it."""
    KEPT.mkdir(exist_ok=True)
    common = _hash([*SOURCE.rglob("*.py"), *SOURCE.rglob("*.csv"), *_helpers()])
    keys = {
        path.relative_to(ROOT).as_posix(): _key(path)
        for path in sorted(path for folder in _FOLDERS for path in folder.glob("test_*.py"))
        if path.name not in OTHER_TESTS
    }
    kept = json.loads(RECORDED.read_text(encoding="utf-8")) if RECORDED.is_file() else {}
    if kept.get("common") != common:
        kept = {"common": common, "keys": {}, "lines": {}, "seconds": {}, "failed": []}
    for name in {*keys, *kept["keys"]}:
        if kept["keys"].get(name) != keys.get(name):
            _forget(kept, name)
    left = [name for name, key in keys.items() if only in name and kept["keys"].get(name) != key]
    # The largest file takes longest: begun last, it would run alone.
    left.sort(key=lambda name: -(ROOT / name).stat().st_size * (1 + 99 * ("pack_cases" in name)))

    def keep(name: str, found: dict) -> None:
        _add(kept, found)
        kept["keys"][name] = keys[name]
        RECORDED.write_text(json.dumps(kept), encoding="utf-8")

    # Tables of places are made by the first file that needs them, and serve all others.
    while left and not PLACES.is_dir():
        keep(left[0], _recorded(left[0], 0))
        del left[0]
    with ThreadPoolExecutor(workers) as pool:
        done = {pool.submit(_recorded, name, number): name for number, name in enumerate(left)}
        for future in as_completed(done):
            keep(done[future], future.result())
    RECORDED.write_text(json.dumps(kept), encoding="utf-8")
    return RECORDED


def _recorded(file: str, number: int) -> dict:
    """The record of one test file, made in a process and a folder of its own."""
    started = time.monotonic()
    part, base = KEPT / f"part-{number}.json", KEPT / f"tests-{number}"
    shutil.rmtree(base, ignore_errors=True)
    base.mkdir()
    paths = os.pathsep.join((str(SOURCE), str(_TESTS)))
    environment = os.environ | {"PYTHONPATH": paths, "HYPOTHESIS_STORAGE_DIRECTORY": str(base / "hypothesis")}
    if PLACES.is_dir():
        environment["CWB_TEST_PLACES"] = str(PLACES)
    code = (
        "import sys, pytest; from pathlib import Path; from mutants.record import Recorder; "
        "sys.exit(pytest.main(sys.argv[2:], plugins=[Recorder(Path(sys.argv[1]))]))"
    )
    options = [
        "-q",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:nbval",
        "--hypothesis-seed=0",
        "--basetemp",
        str(base / "t"),
    ]
    command = [sys.executable, "-c", code, str(part), *options, file]
    done = subprocess.run(command, cwd=ROOT, env=environment, check=False, capture_output=True, text=True)
    made = base / "t" / "places" / "data" / "processed"
    if made.is_dir() and not PLACES.is_dir():
        shutil.copytree(made, PLACES)
    shutil.rmtree(base, ignore_errors=True)
    if not part.is_file():
        raise RuntimeError(f"{file} could not be recorded:\n{done.stdout}{done.stderr}")
    found: dict = json.loads(part.read_text(encoding="utf-8"))
    part.unlink()
    told = f"{len(found['seconds'])} tests, {len(found['failed'])} failed"
    print(f"Recorded which lines {file} runs in {time.monotonic() - started:.0f} s: {told}", flush=True)
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


def _helpers() -> Iterator[Path]:
    """What tests import beside the library."""
    for folder in _FOLDERS:
        yield from (path for path in folder.glob("*.py") if not path.name.startswith("test_"))


def _key(path: Path) -> str:
    """Of a test file, and of the cases that it reads."""
    cases = (_TESTS / "cases").rglob("*.*") if path.name == "test_pack_cases.py" else ()
    return _hash([path, *cases])


def _hash(paths: Iterable[Path]) -> str:
    found = hashlib.sha256()
    for path in sorted(paths):
        found.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes())
    return found.hexdigest()
