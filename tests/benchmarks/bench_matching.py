"""Matching 20,000 suppliers to a national register three ways: the same name, Splink, and ours; by kind of fault.

    python tests/benchmarks/bench_matching.py                                  20,000 suppliers, 5.5 million names
    python tests/benchmarks/bench_matching.py --register 500000 --suppliers 5000
    python tests/benchmarks/bench_matching.py --against ../other-checkout/src

With `--against` ours and another checkout's take turns, and their ratio in this one run is printed: of seconds (the best
round of each), of seconds of all cores (which other work on the machine changes less), of memory, recall and precision.
The target against commit 4f0f61a: at most 0.65 of its seconds.

The names are made up (`made_names.py`) with another seed than those the weights were fitted on; a fifth of the
suppliers is truly absent. Each way runs in a process of its own, from the register's Parquet file to its answers;
imports are not counted, the peak of its memory is. The target: under 1 minute and 4 GiB on 2 cores.

Splink has a first model, trained without labels: name, words in order and postcode, blocked on name, beginning and
postcode. Its accepted probability is the best of 0.5, 0.9, 0.99 and 0.999 by precision of at least 0.97, then recall.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb
import made_names
import numpy as np
import pandas as pd
import psutil

SEED = 77
ROUNDS = 3
ROOT = Path(__file__).parents[2]
WAYS = ("same name", "splink", "cwb")


def make(folder: Path, register: int, suppliers: int) -> None:
    """Write register.parquet and suppliers.parquet."""
    rng = np.random.default_rng(SEED)
    given, left = made_names.suppliers(rng, made_names.register(rng, register), suppliers)
    left.assign(org_id="GB-COH-" + left["number"]).to_parquet(folder / "register.parquet", index=False)
    given.to_parquet(folder / "suppliers.parquet", index=False)


def connect(folder: Path) -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    con.execute("SET enable_progress_bar = false")
    con.execute(
        f"CREATE VIEW register AS SELECT * FROM read_parquet('{(folder / 'register.parquet').as_posix()}')"
    )
    con.execute(
        "CREATE VIEW given AS SELECT file_row_number AS q_id, supplier_name, postcode, number FROM "
        f"read_parquet('{(folder / 'suppliers.parquet').as_posix()}', file_row_number = true)"
    )
    return con


def same_name(folder: Path) -> dict[int, str]:
    """The exact normalised name, where one organisation alone bears it."""
    from cwb.entities.matching.names import normalised, register_functions  # noqa: PLC0415

    con = connect(folder)
    register_functions(con)
    rows = con.execute(
        f"""WITH names AS (SELECT core, number FROM {normalised("register", "name")}
                QUALIFY count(*) OVER (PARTITION BY core) = 1)
            SELECT q_id, n.number FROM {normalised("given", "supplier_name")} JOIN names n USING (core)"""
    ).fetchall()
    return dict(rows)


def splink(folder: Path) -> dict[int, str]:
    """A first Splink model, trained by expectation maximisation without labels."""
    import splink.comparison_library as cl  # noqa: PLC0415
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on  # noqa: PLC0415

    from cwb.entities.matching.names import normalised, register_functions  # noqa: PLC0415

    con = connect(folder)
    register_functions(con)
    shape = """core AS name, array_to_string(list_sort(string_split(core, ' ')), ' ') AS ordered,
               left(replace(core, ' ', ''), 9) AS beginning, postcode"""
    con.execute(
        f"CREATE TABLE left_side AS SELECT 's' || q_id AS unique_id, {shape} FROM {normalised('given', 'supplier_name')}"
    )
    con.execute(
        f"CREATE TABLE right_side AS SELECT number AS unique_id, {shape} FROM {normalised('register', 'name')}"
    )
    api = DuckDBAPI(connection=con)
    settings = SettingsCreator(
        link_type="link_only",
        probability_two_random_records_match=1e-7,
        comparisons=[
            cl.JaroWinklerAtThresholds("name", [0.96, 0.92, 0.86]).configure(term_frequency_adjustments=True),
            cl.JaroWinklerAtThresholds("ordered", [0.96, 0.9]),
            cl.ExactMatch("postcode"),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("name"), block_on("ordered"), block_on("beginning"), block_on("postcode"),
        ],
    )  # fmt: skip
    frames = [api.register(name, dataset_display_name=name) for name in ("left_side", "right_side")]
    linker = Linker(frames, settings, log_level=50)
    linker.training.estimate_u_using_random_sampling(max_pairs=2e6, seed=1)
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("postcode"))
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("beginning"))
    pairs = linker.inference.predict(threshold_match_probability=0.3).as_pandas_dataframe()
    pairs["q_id"] = pairs["unique_id_l"].str[1:].astype(int)
    best = pairs.sort_values("match_probability", ascending=False).drop_duplicates("q_id")
    truth = con.execute("SELECT q_id, number FROM given").df().set_index("q_id")["number"]
    right = best["q_id"].map(truth) == best["unique_id_r"]

    def merit(accept: float) -> tuple[bool, int]:
        taken = best["match_probability"] >= accept
        return right[taken].mean() >= 0.97, int(right[taken].sum())

    taken = best["match_probability"] >= max((0.5, 0.9, 0.99, 0.999), key=merit)
    return dict(zip(best.loc[taken, "q_id"], best.loc[taken, "unique_id_r"], strict=True))


def cwb(folder: Path) -> dict[int, str]:
    """What `cwb run` does, with its thresholds."""
    try:
        from cwb.council.sections import Matching  # noqa: PLC0415
        from cwb.entities.matching.candidates import load_names  # noqa: PLC0415
        from cwb.entities.matching.match import MATCHED, match_suppliers  # noqa: PLC0415
    except ImportError:  # a checkout of 0.2.0, before the stages had folders of their own
        from cwb.matching.candidates import load_names  # noqa: PLC0415
        from cwb.matching.match import MATCHED, match_suppliers  # noqa: PLC0415
        from cwb.sections import Matching  # noqa: PLC0415

    con = connect(folder)
    con.execute(
        """CREATE VIEW organisations AS SELECT org_id, name, number AS company_number, NULL::VARCHAR AS charity_number,
           NULL::VARCHAR AS mutual_number, postcode, false AS is_double FROM register"""
    )
    load_names(con, "(SELECT org_id, name, 'registered' AS kind, postcode FROM register)")
    given = con.execute("SELECT * FROM given ORDER BY q_id").df()
    asked = pd.DataFrame(
        {"supplier_key": given["q_id"], "supplier_name": given["supplier_name"], "postcode": given["postcode"],
         "company_number": None, "charity_number": None, "is_individual": False}
    )  # fmt: skip
    found, _ = match_suppliers(con, asked, pd.DataFrame(), Matching(), has_register=True)
    taken = found[found["match_status"] == MATCHED]
    return dict(zip(taken["supplier_key"], taken["company_number"], strict=True))


def one_way(way: str, folder: Path) -> None:
    """Run one way in this process and print its answers' merits as JSON."""
    do = {"same name": same_name, "splink": splink, "cwb": cwb}[way]
    start, start_of_cores = time.perf_counter(), time.process_time()
    answers = do(folder)
    seconds, seconds_of_cores = time.perf_counter() - start, time.process_time() - start_of_cores
    given = pd.read_parquet(folder / "suppliers.parquet")
    said = pd.Series(range(len(given))).map(answers)
    right = said.notna() & (said == given["number"])
    known = given["number"].notna()
    by_fault = right[known].groupby(given["fault"][known]).mean()
    result = {
        "seconds": round(seconds, 1),
        "cpu_seconds": round(seconds_of_cores, 1),
        "precision": round(float(right.sum() / max(said.notna().sum(), 1)), 4),
        "recall": round(float(right.sum() / known.sum()), 4),
        "absent_matched": int(said[~known].notna().sum()),
        "recall_by_fault": {name: round(float(value), 3) for name, value in by_fault.items()},
    }
    sys.stdout.write(json.dumps(result) + "\n")


def watched(way: str, folder: Path, source: Path = ROOT / "src") -> dict[str, object]:
    """Run one way in a process of its own with the cwb of `source`; its result with the peak of its memory."""
    command = [sys.executable, "-W", "ignore", __file__, "--way", way, "--folder", str(folder)]
    own = {**os.environ, "PYTHONPATH": str(source)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=own) as process:
        peak, watch = 0, psutil.Process(process.pid)
        while process.poll() is None:
            try:
                peak = max(peak, watch.memory_info().rss)
            except psutil.NoSuchProcess:
                break
            time.sleep(0.05)
        out, err = process.communicate()
    if process.returncode:
        raise SystemExit(err)
    return json.loads(out.splitlines()[-1]) | {"peak_mib": round(peak / 2**20)}


def compare(folder: Path, other: Path) -> dict[str, object]:
    """Ours and another checkout's in turn, so that both have the machine as it is; the best round of each, and ratios."""
    rounds: dict[str, list[dict[str, object]]] = {"cwb": [], "against": []}
    for _ in range(ROUNDS):
        rounds["cwb"].append(watched("cwb", folder))
        rounds["against"].append(watched("cwb", folder, other))
    best = {label: min(made, key=lambda one: one["seconds"]) for label, made in rounds.items()}  # type: ignore[arg-type, return-value]
    ratios = {
        key: round(best["cwb"][key] / best["against"][key], 3)  # type: ignore[operator]
        for key in ("seconds", "cpu_seconds", "peak_mib", "precision", "recall")
    }
    seconds = {f"{label}_rounds": [one["seconds"] for one in made] for label, made in rounds.items()}
    return {"cwb_of_against": ratios, **seconds, **best}


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--register", type=int, default=5_500_000)
    options.add_argument("--suppliers", type=int, default=20_000)
    options.add_argument("--way", choices=WAYS)
    options.add_argument("--folder", type=Path)
    options.add_argument("--against", type=Path, help="src of another checkout")
    told = options.parse_args()
    if told.way:
        one_way(told.way, told.folder)
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make(folder, told.register, told.suppliers)
        if told.against:
            sys.stdout.write(json.dumps(compare(folder, told.against.resolve()), indent=1) + "\n")
            return
        made = {way: watched(way, folder) for way in WAYS}
    faults = sorted(made["cwb"]["recall_by_fault"])  # type: ignore[call-overload]
    sys.stdout.write(
        f"{told.suppliers:,} suppliers, {told.register:,} names\n{'':<18}"
        + "".join(f"{w:>12}" for w in WAYS)
        + "\n"
    )
    for key in ("seconds", "cpu_seconds", "peak_mib", "precision", "recall", "absent_matched"):
        sys.stdout.write(f"{key:<18}" + "".join(f"{made[w][key]!s:>12}" for w in WAYS) + "\n")
    for fault in faults:
        cells = "".join(f"{made[w]['recall_by_fault'][fault]:>12}" for w in WAYS)  # type: ignore[index]
        sys.stdout.write(f"  {fault:<16}{cells}\n")
    ratio = made["cwb"]["seconds"] / made["same name"]["seconds"]  # type: ignore[operator]
    sys.stdout.write(json.dumps({"ratio_to_same_name": round(ratio, 2), **made}) + "\n")


if __name__ == "__main__":
    main()
