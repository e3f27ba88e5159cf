"""Reading, validating and storing spend lines, against DuckDB's own read_csv to Parquet of the same file.

    python tests/benchmarks/bench_spend.py            1 million lines
    python tests/benchmarks/bench_spend.py 10000000   10 million lines

Prints a ratio in one run, and the peak memory of a process that does nothing but `read_spend`. The targets: at most
twice DuckDB's time, and under 1 GiB at 10 million lines. The file's hash, which a run takes once for its manifest, is
given to the reader and told apart.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb
import psutil

ROUNDS = 5
HEADER = (
    "Organisation name,Directorate,Supplier Name,Supplier ID,Payment Date,Transaction Number,Net Amount,"
    "Purpose of Spend,CPV Code,Contract Reference"
)


def write_lines(path: Path, count: int) -> None:
    """A plain ledger export of `count` lines: 5,000 suppliers, 700 days, quoted names, credits."""
    body = f"""
        SELECT 'A Borough Council', 'Directorate ' || (i % 12), 'Supplier, number ' || (i * 7919 % 5000) || ' Ltd',
               'V' || lpad((i * 7919 % 5000)::VARCHAR, 5, '0'),
               strftime(DATE '2023-04-01' + ((i * 104729) % 700)::INTEGER, '%d/%m/%Y'), 5100000000 + i,
               printf('%.2f', ((i * 31337) % 1000003) / 37.0 - 500), 'Purpose text ' || (i % 300),
               lpad(((i % 45) * 1000000 + 3000000)::VARCHAR, 8, '0'), CASE WHEN i % 3 = 0 THEN 'CON' || (i % 900) END
        FROM range({count}) t(i)"""
    names = ", ".join(f'"{name}"' for name in HEADER.split(","))
    with duckdb.connect() as con:
        con.execute(f"COPY (SELECT * FROM ({body}) t({names})) TO '{path.as_posix()}' (FORMAT csv, HEADER true)")


def timed_plain(path: Path, folder: Path) -> float:
    """DuckDB alone: sniff, read, write Parquet with the same compression and the same number of threads."""
    start = time.perf_counter()
    with duckdb.connect() as con:
        con.execute(
            f"COPY (SELECT * FROM read_csv('{path.as_posix()}')) TO '{(folder / 'plain.parquet').as_posix()}' "
            "(FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1)"
        )
    return time.perf_counter() - start


OURS = """
import sys, time
from pathlib import Path
from cwb.sources.database import connect
from cwb.sources.report import RawFile
from cwb.sources.spend import read_spend
path, folder = Path(sys.argv[1]), Path(sys.argv[2])
start = time.perf_counter()
file = RawFile.of(path)
hashed = time.perf_counter() - start
start = time.perf_counter()
con = connect(scratch=folder / "duckdb")
report = read_spend(con, file, folder / "ours.parquet", folder / "scratch")
assert report.error is None and report.reconciles(), report.error
print(time.perf_counter() - start, hashed, report.kept)
"""


def timed_ours(path: Path, folder: Path, count: int) -> tuple[float, float, float]:
    """Seconds of `read_spend` in a process of its own, those of the hash, and the process's peak memory in MiB."""
    command = [sys.executable, "-W", "ignore", "-c", OURS, str(path), str(folder)]
    process = psutil.Popen(command, stdout=subprocess.PIPE, text=True)
    peak = 0
    while process.poll() is None:
        try:
            peak = max(peak, process.memory_info().rss)
        except psutil.NoSuchProcess:
            break
        time.sleep(0.02)
    seconds, hashed, kept = process.communicate()[0].split()
    assert int(kept) == count
    return float(seconds), float(hashed), peak / 2**20


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "spend.csv"
        write_lines(path, count)
        plain, ours, hashes, peaks = [], [], [], []
        for _ in range(ROUNDS):
            plain.append(timed_plain(path, folder))
            seconds, hashed, peak = timed_ours(path, folder, count)
            ours.append(seconds)
            hashes.append(hashed)
            peaks.append(peak)
        result = {
            "lines": count,
            "file_mib": round(path.stat().st_size / 2**20),
            "duckdb_seconds": round(min(plain), 2),
            "cwb_seconds": round(min(ours), 2),
            "hash_seconds": round(min(hashes), 2),
            "ratio": round(min(ours) / min(plain), 2),
            "target_ratio": 2.0,
            "peak_mib": round(max(peaks)),
        }
        sys.stdout.write(json.dumps(result) + "\n")


if __name__ == "__main__":
    main()
