"""How probable it is that a registered name is a supplier's: words weighed by how rare they are, place, legal form.

Two small logistic models with weights from `reference/match_weights.csv` with their source: one for a pair of
names, one for the best pair of a supplier, which also knows how far the next organisation is behind.
`tests/benchmarks/fit_matching.py` fits them on made-up names with known answers; labelled real names only test them.
"""

from __future__ import annotations

import math
import os
from concurrent.futures import ThreadPoolExecutor
from functools import cache

import duckdb
import numpy as np
import pandas as pd
from rapidfuzz import fuzz, process

from cwb.entities.matching.differences import general_names
from cwb.entities.matching.readings import AFTER_TRADING, BEFORE_TRADING
from cwb.entities.matching.words import FEATURES, Rarity, shared_words
from cwb.reference import table

PAIR = (
    "ratio", "query_left", "name_left", "query_rare_left", "name_rare_left", "same_core", "same_loose",
    "same_form", "other_form", "no_form", "same_postcode", "near_postcode", "other_postcode", "weight", "is_cut",
    "former_name", "after_trading", "without_branch",
)  # fmt: skip
BEST = (
    "pair",
    "margin",
    "is_alone",
    "same_name_twice",
    "begins_twice",
    "same_core",
    "same_postcode",
    "other_postcode",
    "agrees",
)
_IDENTITY = ("q_id", "a_id", "name_id", "variant", "org_id", "name", "kind")
_CUT_FROM = 18
CHUNK = 10_000


@cache
def weights(model: str) -> dict[str, float]:
    """Feature → weight of one model, "pair" or "best", with "constant"."""
    rows = table("match_weights")
    rows = rows[rows["model"] == model]
    return dict(zip(rows["feature"], rows["weight"].astype(float), strict=True))


def pairs(
    con: duckdb.DuckDBPyConnection, chunk: int = CHUNK, workers: int | None = None, whole: int = 0
) -> pd.DataFrame:
    """Every candidate pair with its features; needs the tables of `cwb.entities.matching.candidates`.

    One row per reading of a supplier's name and registered name: `q_id`, `a_id`, `name_id`, `variant`, `org_id`, `name`,
    `kind`, then the columns of `PAIR`. A register of `whole` names or more says alone how rare a word is. Words are
    compared in chunks of so many pairs, by as many `workers` as there are cores; neither changes a bit of the result.
    Workers are threads: to start a process would take longer than all of their work. A name of the same letters with
    other blanks, or of the same words in another order, is compared as the registered one.
    """
    frame = con.execute(
        f"""SELECT a.q_id, a.a_id, n.name_id, a.variant, n.org_id, n.name, n.kind,
                   CASE WHEN c.is_same THEN n.core ELSE a.core END AS query, n.core,
                   {_flags()}
            FROM candidates c JOIN queries a USING (a_id) JOIN names n USING (name_id)
            ORDER BY a.q_id, a.a_id, c.name_id"""
    ).df()
    queries, names = frame.pop("query").to_numpy(dtype=object), frame.pop("core").to_numpy(dtype=object)
    rarity = _rarity(con, whole)

    def compared(start: int) -> np.ndarray:
        part = slice(start, start + chunk)
        return np.column_stack(
            [shared_words(queries[part], names[part], rarity), _ratio(queries[part], names[part])]
        )

    with ThreadPoolExecutor(workers or os.cpu_count() or 1) as pool:
        parts = list(pool.map(compared, range(0, len(frame), chunk)))
    columns = (*FEATURES, "ratio")
    features = pd.DataFrame(np.concatenate([np.zeros((0, len(columns))), *parts]), columns=list(columns))
    return frame.join(features)[[*_IDENTITY, *PAIR]]


def _flags() -> str:
    """SQL: what is so (1) or not (0) of a reading `a` and a registered name `n`."""
    stated = "(a.form <> '' AND n.form <> '')"
    placed = "(a.postcode IS NOT NULL AND n.postcode IS NOT NULL)"
    near = "split_part(a.postcode, ' ', 1) = split_part(n.postcode, ' ', 1)"
    query, name = (f"replace({side}.core, ' ', '')" for side in "an")
    conditions = {
        "same_core": "a.core = n.core",
        "same_loose": "a.loose = n.loose",
        "same_form": f"{stated} AND a.form = n.form",
        "other_form": f"{stated} AND a.form <> n.form",
        "no_form": "a.form = ''",
        "same_postcode": f"{placed} AND a.postcode = n.postcode",
        "near_postcode": f"{placed} AND a.postcode <> n.postcode AND {near}",
        "other_postcode": f"{placed} AND NOT ({near})",
        "is_cut": f"a.stated_length >= {_CUT_FROM} AND length({name}) > length({query}) AND starts_with({name}, {query})",
        "former_name": "n.kind <> 'registered'",
        "after_trading": "a.variant = 'after t/a'",
        "without_branch": "a.variant = 'without branch'",
    }
    return ", ".join(f"coalesce({rule}, false)::DOUBLE AS {name}" for name, rule in conditions.items())


def _rarity(con: duckdb.DuckDBPyConnection, whole: int) -> Rarity:
    """What the words of readings and candidates weigh, by how many names bear them: those of the register, where it lists
    `whole` names or more, else those of what companies in general are called and of the register together."""
    rows = con.execute(
        """SELECT token, df FROM vocabulary SEMI JOIN (
             SELECT unnest(string_split(core, ' ')) AS token FROM (
               SELECT core FROM queries UNION ALL SELECT core FROM names SEMI JOIN candidates USING (name_id))) USING (token)"""
    ).fetchall()
    size = con.execute("SELECT count(*) FROM names").fetchall()[0][0]
    counts: dict[str, int] = dict(rows)
    if size < whole:
        general, more = general_names()
        size += more
        counts = {word: counts.get(word, 0) + general.get(word, 0) for word in {*counts, *general}}
    weights = {token: math.log((size + 1) / df) + 0.2 for token, df in counts.items()}
    return Rarity(weights, unknown=math.log(size + 1) + 1)


def _ratio(queries: np.ndarray, names: np.ndarray) -> np.ndarray:
    """How many letters two names have in common and in order, 0 to 1, blanks left out."""
    tight = ([text.replace(" ", "") for text in texts] for texts in (queries, names))
    ratios: np.ndarray = process.cpdist(*tight, scorer=fuzz.ratio, workers=1) / 100
    return ratios


def logit(features: pd.DataFrame, names: tuple[str, ...], weight: dict[str, float]) -> np.ndarray:
    """The log odds that a logistic model gives."""
    # Added one feature after another: a matrix product adds in an order that depends on how many rows and cores there are.
    log_odds = np.zeros(len(features))
    for name in names:
        log_odds = log_odds + features[name].to_numpy(dtype=float) * weight[name]
    return log_odds + weight["constant"]


def best(scored: pd.DataFrame) -> pd.DataFrame:
    """The best organisation of each supplier. `scored` are pairs with the column `pair`, their log odds.

    One row per supplier: the pair's identity, then the columns of `BEST` but `agrees`, whether nothing tells the two names
    apart, which `cwb.entities.matching.differences` says. `margin` is how far
    the next organisation is behind in log odds; `begins_twice` says that a name which may be cut fits several.
    """
    by_org = scored.sort_values(["q_id", "pair", "org_id"], ascending=[True, False, True])
    by_org = by_org.drop_duplicates(["q_id", "org_id"])
    ranked = by_org.assign(place=by_org.groupby("q_id").cumcount())
    first = ranked[ranked["place"] == 0].set_index("q_id")
    second = ranked[ranked["place"] == 1].set_index("q_id")["pair"].reindex(first.index)
    # "Acme Ltd t/a Bolt" is Acme Ltd, whoever else is called Bolt.
    is_firm = (first["variant"] == BEFORE_TRADING) & (first["same_form"] > 0)
    other_side = (by_org["variant"] == AFTER_TRADING) & by_org["q_id"].map(is_firm)
    alike = by_org[["q_id"]].assign(same=by_org["same_core"].mask(other_side, 0.0), begins=by_org["is_cut"])
    alike = alike.groupby("q_id").sum()
    first = first.assign(
        margin=(first["pair"] - second).clip(upper=12).fillna(12.0),
        is_alone=second.isna().astype(float),
        same_name_twice=(alike["same"].reindex(first.index) > 1).astype(float) * first["same_core"],
        begins_twice=((alike["begins"].reindex(first.index) > 1) & (first["is_cut"] > 0)).astype(float),
    )
    return first.reset_index()[[*_IDENTITY, "is_cut", *BEST[:-1]]]


def probability(log_odds: np.ndarray) -> np.ndarray:
    """Log odds as a probability."""
    result: np.ndarray = 1 / (1 + np.exp(-np.clip(log_odds, -30, 30)))
    return result
