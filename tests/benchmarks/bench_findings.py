"""Three measures of pack 01 on a large ledger, against the same sums with plain pandas over all lines.

    python tests/benchmarks/bench_findings.py                 1 million lines
    python tests/benchmarks/bench_findings.py 10000000        10 million lines
    python tests/benchmarks/bench_findings.py 1000000 --against ../other-checkout/src

Tables are ready before anything is timed. Each side is a process of its own that opens the council and computes
`total_spend`, `charts_a_and_b` and `spend_by_ring` of one quarter; printed are seconds, the peak of its memory, and their
ratios in one run. With `--against` another checkout of cwb is measured too, whichever way it computes them.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil
from bench_spend import write_lines

ROUNDS = 3
ROOT = Path(__file__).parents[2]
PERIOD = "2024-25-Q2"
SETTINGS = """
baseline = "2023-24"
[council]
name = "Large Council"
home_district = "E07000243"
[local]
name = "Hertfordshire"
districts = ["E07000243", "E07000099", "E07000240"]
"""
PLACES = ("SG1 1AA", "SG5 1LA", "AL1 1BY", "EC1A 1BB", "CB1 1BG", "")

CWB = """
import sys, time, warnings
warnings.filterwarnings("ignore")
config, period, ready = sys.argv[1:4]
try:
    from cwb.packs.local_supplier_base import PACK as measures
    data = measures.open(period, config)
except ImportError:
    from cwb.evidence.data import open_data
    from cwb.measures import local_supplier_base as measures
    data = open_dataset(measures.PACK, period, config)
if ready == "prepare":
    sys.exit()
start = time.perf_counter()
total, charts, rings = measures.total_spend(data), measures.charts_a_and_b(data), measures.spend_by_ring(data)
print(time.perf_counter() - start, total["total_spend"].value, charts["local_share"].value, charts["local_share"].high)
"""
PANDAS = """
import sys, time
import pandas as pd
start = time.perf_counter()
lines = pd.read_parquet(sys.argv[1])
lines["amount_gbp"] = lines["amount_gbp"].astype("float64")
lines["payment_date"] = pd.to_datetime(lines["payment_date"])
years = lines.groupby([lines["payment_date"].dt.year, "ring"])["amount_gbp"].agg(["sum", "count"])
own = lines[lines["payment_date"].between("2024-07-01", "2024-09-30")]
rings = own.groupby("ring").agg(pounds=("amount_gbp", "sum"), suppliers=("supplier_key", "nunique"))
things = own.groupby("supplier_key").agg(pounds=("amount_gbp", "sum"), ring=("ring", "first"))
local = things.loc[things["ring"].isin(["home", "local"]), "pounds"].sum()
unknown = things.loc[things["ring"] == "unknown", "pounds"].clip(lower=0).sum()
total = own["amount_gbp"].sum()
print(time.perf_counter() - start, total, local / total, (local + unknown) / total)
"""


def council(folder: Path, lines: int) -> Path:
    """A council with one large ledger and a vendor list, five sixths of whose suppliers have a place."""
    raw = folder / "data" / "raw"
    for name in ("spend", "vendors"):
        (raw / name).mkdir(parents=True)
    write_lines(raw / "spend" / "ledger.csv", lines)
    vendors = ["Supplier ID,Supplier name,Postcode"]
    vendors += [f'V{n:05d},"Supplier, number {n} Ltd",{PLACES[n % len(PLACES)]}' for n in range(5000)]
    (raw / "vendors" / "vendors.csv").write_text("\n".join(vendors) + "\n", encoding="utf-8")
    (folder / "cwb.toml").write_text(SETTINGS, encoding="utf-8")
    processed = folder / "data" / "processed"
    processed.mkdir()
    for made in (ROOT / "data" / "processed").glob("*-????????.*"):
        shutil.copy(made, processed)
    return folder / "cwb.toml"


def measured(command: list[str], source: Path | None) -> tuple[float, float, list[float]]:
    """Seconds, peak MiB and numbers of one process."""
    environment = {**os.environ, "PYTHONPATH": str(source)} if source else None
    process = psutil.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
    peak = 0
    while process.poll() is None:
        try:
            peak = max(peak, process.memory_info().rss)
        except psutil.NoSuchProcess:
            break
        time.sleep(0.01)
    seconds, *numbers = (float(part) for part in process.communicate()[0].split())
    return seconds, peak / 2**20, numbers


def main() -> None:
    arguments = [a for a in sys.argv[1:] if not a.startswith("--")]
    against = Path(sys.argv[sys.argv.index("--against") + 1]) if "--against" in sys.argv else None
    lines = int(arguments[0]) if arguments and arguments[0].isdigit() else 1_000_000
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sides: dict[str, tuple[list[str], Path | None]] = {}
        for label, source in (("cwb", ROOT / "src"), ("against", against)):
            if source is None:
                continue
            config = council(folder / label, lines)
            command = [sys.executable, "-W", "ignore", "-c", CWB, str(config), PERIOD]
            environment = {**os.environ, "PYTHONPATH": str(source)}
            subprocess.run([*command, "prepare"], env=environment, check=True)
            sides[label] = ([*command, "measure"], source)
        ledger = next((folder / "cwb" / "data" / "processed").glob("*/lines.parquet"))
        sides["pandas"] = ([sys.executable, "-W", "ignore", "-c", PANDAS, str(ledger)], None)
        result: dict[str, object] = {"lines": lines}
        best: dict[str, tuple[float, float]] = {}
        for label, (command, source) in sides.items():
            rounds = [measured(command, source) for _ in range(ROUNDS)]
            best[label] = (min(r[0] for r in rounds), max(r[1] for r in rounds))
            result[label] = {
                "seconds": round(best[label][0], 2),
                "peak_mib": round(best[label][1]),
                "numbers": rounds[0][2],
            }
        for label in best.keys() - {"cwb"}:
            result[f"cwb_of_{label}"] = {
                "time": round(best["cwb"][0] / best[label][0], 2), "memory": round(best["cwb"][1] / best[label][1], 2)
            }  # fmt: skip
        sys.stdout.write(json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    main()
