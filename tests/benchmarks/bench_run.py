"""`cwb run` of one pack against the same notebook's code as a plain script, the environment and tables ready.

    python tests/benchmarks/bench_run.py

Both are whole processes, imports included, in turn, three times each; the best of each is compared. The target: at
most 2 times. Needs the illustrative council (`make packs`).
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat

ROOT = Path(__file__).parents[2]
ROUNDS = 3


def script_of(notebook: Path) -> str:
    """The notebook's code cells as a script that makes every exhibit, as a display would."""
    parts = []
    for cell in nbformat.read(notebook, as_version=4).cells:
        if cell.cell_type == "code":
            shows = cell.source.startswith("figure.")
            parts.append(f"({cell.source})._repr_mimebundle_()" if shows else cell.source)
    return "\n".join(parts)


def timed(command: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return time.perf_counter() - start


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        script = Path(name) / "plain.py"
        script.write_text(script_of(ROOT / "notebooks" / "01_local_supplier_base.ipynb"), encoding="utf-8")
        plain_command = [sys.executable, "-W", "ignore", str(script)]
        run_command = [sys.executable, "-W", "ignore", "-m", "cwb", "run", "2023-24"]
        timed(run_command)  # warm: bytecode, processed tables
        plain, run = [], []
        for _ in range(ROUNDS):
            plain.append(timed(plain_command))
            run.append(timed(run_command))
    result = {
        "script_seconds": round(min(plain), 2),
        "run_seconds": round(min(run), 2),
        "ratio": round(min(run) / min(plain), 2),
    }
    sys.stdout.write(json.dumps(result) + "\n")


if __name__ == "__main__":
    main()
