"""`cwb run` of a period from nothing: a ledger of 2 million lines against the illustrative council's own.

    python tests/benchmarks/bench_scale.py              2 million lines
    python tests/benchmarks/bench_scale.py 10000000     10 million lines

The illustrative council (`make sample` first) with its ledger as it is, and with every payment repeated under numbers of
its own until there are so many lines; all other files are the same. Memory is the sum over all processes of the run of
what each holds, shared pages by halves (PSS; RSS where the system does not tell it). The targets: at most 3 times the
time; 2 GiB at 2 million lines and 4 GiB at 10 million.
"""

from __future__ import annotations

import csv
import io
import json
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

ROOT = Path(__file__).parents[2]
PERIOD = "2026-27-Q2"
RAW = Path("data") / "raw" / "illustrative"


def council(folder: Path, lines: int | None) -> int:
    """The illustrative council in `folder`, its ledger of at least `lines` lines (as it is for None); how many it has."""
    shutil.copytree(ROOT / "notebooks", folder / "notebooks")
    shutil.copy(ROOT / "cwb.toml", folder)
    shutil.copytree(ROOT / RAW, folder / RAW)
    processed = folder / "data" / "processed"
    processed.mkdir(parents=True)
    for made in (ROOT / "data" / "processed").glob("*-????????.*"):
        shutil.copy(made, processed)
    files = sorted((folder / RAW / "spend").glob("*.csv"))
    own = {path: _rows(path) for path in files}
    # Only what has numbers of its own can be told from a payment delivered twice.
    numbers = {
        path: next((n for n, name in enumerate(rows[0]) if "ransaction" in name), None)
        for path, rows in own.items()
    }
    count = sum(len(rows) - 1 for rows in own.values())
    repeated = sum(len(rows) - 1 for path, rows in own.items() if numbers[path] is not None)
    times = 1 if lines is None else 1 + -(-(lines - count) // repeated)
    for path, (heading, *rows) in own.items():
        number = numbers[path]
        if times == 1 or number is None:
            continue
        count += (times - 1) * len(rows)
        with path.open("w", encoding="utf-8", newline="") as handle:
            writer = csv.writer(handle)
            writer.writerow(heading)
            for again in range(times):
                writer.writerows(
                    [cell + f"-{again}" if place == number and again else cell for place, cell in enumerate(row)]
                    for row in rows
                )
    return count


def _rows(path: Path) -> list[list[str]]:
    """The rows of a file in either of the two encodings that councils save."""
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252")
    return list(csv.reader(io.StringIO(text, newline="")))


def memory_of(process: psutil.Process) -> float:
    """MiB held by a process and its children, each page once."""
    held = 0
    for one in [process, *process.children(recursive=True)]:
        try:
            stated = one.memory_full_info()
            held += getattr(stated, "pss", 0) or stated.rss
        except psutil.Error:
            continue
    return held / 2**20


def measured(folder: Path) -> tuple[float, float]:
    """Seconds and peak MiB of one run of all packs, tables made anew."""
    command = [sys.executable, "-W", "ignore", "-m", "cwb", "run", PERIOD]
    start = time.perf_counter()
    process = psutil.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    peak = 0.0
    while process.poll() is None:
        try:
            peak = max(peak, memory_of(process))
        except psutil.Error:
            break
        time.sleep(0.1)
    seconds = time.perf_counter() - start
    if process.wait() != 0:
        raise SystemExit(f"cwb run failed in {folder}")
    return seconds, peak


def main() -> None:
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 2_000_000
    result: dict[str, dict[str, float]] = {}
    with tempfile.TemporaryDirectory() as name:
        for label, lines in (("own", None), ("large", wanted)):
            folder = Path(name) / label
            folder.mkdir()
            count = council(folder, lines)
            seconds, peak = measured(folder)
            result[label] = {"lines": count, "seconds": round(seconds, 1), "peak_mib": round(peak)}
    result["large_of_own"] = {
        "time": round(result["large"]["seconds"] / result["own"]["seconds"], 2),
        "memory": round(result["large"]["peak_mib"] / result["own"]["peak_mib"], 2),
        "target_time": 3.0,
        "target_peak_mib": 2048 if wanted <= 2_000_000 else 4096,
    }
    sys.stdout.write(json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    main()
