"""Fit the weights of `cwb.entities.matching.score` on made-up names with known answers, and write reference/match_weights.csv.

    python tests/benchmarks/fit_matching.py [--register 600000] [--suppliers 12000] [--seeds 11 12 13]

Labelled real names are never used here: they only test what comes out (`cwb match --evaluate`).
"""

from __future__ import annotations

import argparse
import csv
from pathlib import Path

import duckdb
import made_names
import numpy as np
import pandas as pd

from cwb.entities.matching import candidates, score
from cwb.entities.matching.differences import differences

TARGET = Path(__file__).parents[2] / "src" / "cwb" / "reference" / "match_weights.csv"


def fit(
    matrix: np.ndarray, truth: np.ndarray, penalty: float = 1.0, weight: np.ndarray | None = None
) -> np.ndarray:
    """Logistic regression by Newton's method, with a small penalty on all but the constant."""
    design = np.column_stack([matrix, np.ones(len(matrix))])
    beta = np.zeros(design.shape[1])
    ridge = np.diag([penalty] * matrix.shape[1] + [1e-6])
    weight = np.ones(len(truth)) if weight is None else weight
    for _ in range(60):
        p = 1 / (1 + np.exp(-np.clip(design @ beta, -30, 30)))
        gradient = design.T @ (weight * (truth - p)) - ridge @ beta
        hessian = (design * (weight * np.maximum(p * (1 - p), 1e-6))[:, None]).T @ design + ridge
        step = np.linalg.solve(hessian, gradient)
        beta += step
        if np.abs(step).max() < 1e-6:
            break
    return beta


def pairs_of(size: int, count: int, seed: int) -> tuple[duckdb.DuckDBPyConnection, pd.DataFrame, pd.Series]:
    """Candidate pairs with their features, and the right numbers by `q_id`; the connection has the names, as on a whole register."""
    rng = np.random.default_rng(seed)
    given, left = made_names.suppliers(rng, made_names.register(rng, size), count)
    con = duckdb.connect()
    con.execute("SET enable_progress_bar = false")
    con.register("left_names", left)
    con.register("given", given.assign(q_id=range(len(given))).drop(columns=["number", "fault"]))
    candidates.load_names(con, "(SELECT number AS org_id, name, 'registered' AS kind, postcode FROM left_names)")
    candidates.load_queries(con, "(SELECT q_id, supplier_name AS name, postcode FROM given)")
    candidates.find_candidates(con)
    frame = score.pairs(con)
    return con, frame, pd.Series(given["number"].to_numpy())


def is_right(frame: pd.DataFrame, truth: pd.Series) -> np.ndarray:
    right: np.ndarray = (frame["q_id"].map(truth) == frame["org_id"]).to_numpy(dtype=float)
    return right


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--register", type=int, default=600_000)
    options.add_argument("--suppliers", type=int, default=12_000)
    options.add_argument("--seeds", type=int, nargs="+", default=[11, 12, 13])
    told = options.parse_args()
    made = [pairs_of(told.register, told.suppliers, seed) for seed in told.seeds]
    pair_truth = [is_right(frame, truth) for _, frame, truth in made]
    features = pd.concat([frame[list(score.PAIR)] for _, frame, _ in made]).to_numpy(dtype=float)
    beta = fit(features, np.concatenate(pair_truth))
    pair_weights = dict(zip([*score.PAIR, "constant"], beta, strict=True))
    chosen = []
    for con, frame, _ in made:
        best = score.best(frame.assign(pair=score.logit(frame, score.PAIR, pair_weights)))
        chosen.append(best.assign(agrees=[float(not one) for one in differences(con, best, whole=0)]))
    best = pd.concat(chosen, ignore_index=True)
    right = np.concatenate([is_right(one, truth) for one, (_, _, truth) in zip(chosen, made, strict=True)])
    known = sum(int(truth.notna().sum()) for _, _, truth in made)
    gamma = fit(best[list(score.BEST)].to_numpy(dtype=float), right)
    best_weights = dict(zip([*score.BEST, "constant"], gamma, strict=True))
    with TARGET.open("w", encoding="utf-8", newline="") as handle:
        handle.write(
            f"# source: tests/benchmarks/fit_matching.py on made-up names, register {told.register:,}, "
            f"{told.suppliers:,} suppliers for each of seeds {told.seeds}; fitted 2026-11-26\n"
        )
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(["model", "feature", "weight"])
        for model, values in (("pair", pair_weights), ("best", best_weights)):
            for feature, value in values.items():
                writer.writerow([model, feature, f"{value:.4f}"])
    p = score.probability(score.logit(best, score.BEST, best_weights))
    for accept in (0.9, 0.95, 0.98, 0.99):
        taken = p >= accept
        print(f"accept {accept}: precision {right[taken].mean():.4f} recall {right[taken].sum() / known:.4f}")
    print({k: round(v, 2) for k, v in pair_weights.items()}, {k: round(v, 2) for k, v in best_weights.items()})


if __name__ == "__main__":
    main()
