"""How probable it is that a registered name is a supplier's: words weighed by how rare they are, place, legal form.

Two small logistic models whose weights stand in `reference/match_weights.csv` with their source: one for a pair of
names, one for the best pair of a supplier, which also knows how far the next organisation is behind.
`tests/benchmarks/fit_matching.py` fits them on made-up names with known answers; labelled real names only test them.
"""

from __future__ import annotations

import math
from functools import cache, lru_cache, partial
from typing import Any

import duckdb
import numpy as np
import pandas as pd
from rapidfuzz import fuzz, process
from rapidfuzz.distance import Levenshtein

from cwb.base.rows import plain
from cwb.reference import table

PAIR = (
    "ratio", "asked_left", "name_left", "asked_rare_left", "name_rare_left", "same_core", "same_loose",
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
)
_CUT_FROM = 18
_VOWELS = str.maketrans("", "", "aeiou")


@cache
def weights(model: str) -> dict[str, float]:
    """Feature → weight of one model, "pair" or "best", with "constant"."""
    rows = table("match_weights")
    own = rows[rows["model"] == model]
    return dict(zip(own["feature"], own["weight"].astype(float), strict=True))


@lru_cache(maxsize=200_000)
def _alike(one: str, other: str) -> float:
    """How alike two words are, 0 to 1: slips of the pen, words cut short, words without their vowels."""
    similarity = float(Levenshtein.normalized_similarity(one, other))
    if similarity >= 0.75:
        return similarity
    short, long = sorted((one, other), key=len)
    if len(short) >= 3 and long.startswith(short):
        return 0.8
    if (
        len(short) >= 3
        and short[0] == long[0]
        and short.translate(_VOWELS) == long.translate(_VOWELS)[: len(short)]
    ):
        return 0.7
    return 0.0


def _words(
    asked: str, name: str, idf: dict[str, float], unknown: float
) -> tuple[float, float, float, float, float]:
    """Two names' words weighed by rarity: part left over of each, the heaviest word left of each, weight met."""
    left_a, left_b = asked.split(), name.split()
    total = sum(idf.get(w, unknown) for w in left_a) + sum(idf.get(w, unknown) for w in left_b)
    met = 0.0
    for word in list(left_a):
        if word in left_b:
            met += 2 * idf.get(word, unknown)
            left_a.remove(word)
            left_b.remove(word)
    missed_a: list[float] = []
    for word in left_a:
        weight = idf.get(word, unknown)
        best = max(left_b, key=partial(_alike, word), default=None)
        likeness = _alike(word, best) if best else 0.0
        if best and likeness:
            other_weight = idf.get(best, unknown)
            # A slip makes a word look rare: the two are weighed as the known one.
            shared = min(weight, other_weight)
            total -= weight + other_weight - 2 * shared
            met += 2 * shared * likeness
            left_b.remove(best)
            missed_a.append(shared * (1 - likeness))
        else:
            missed_a.append(weight)
    missed_b = [idf.get(w, unknown) for w in left_b]
    if total <= 0:
        return 0.0, 0.0, 0.0, 0.0, 0.0
    return (
        sum(missed_a) / total,
        sum(missed_b) / total,
        max(missed_a, default=0.0) / unknown,
        max(missed_b, default=0.0) / unknown,
        met / 2 / unknown,
    )


def pairs(con: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Every candidate pair with its features; needs the tables of `cwb.matching.candidates`.

    One row per reading of a supplier's name and registered name: `q_id`, `a_id`, `variant`, `org_id`, `name`, `kind`,
    then the columns of `PAIR`.
    """
    frame = con.execute(
        """SELECT a.q_id, a.a_id, a.variant, a.core AS asked, a.loose AS asked_loose, a.form AS asked_form,
                  a.postcode AS asked_postcode, a.stated_length, n.org_id, n.name, n.kind, n.core, n.loose, n.form,
                  n.postcode
           FROM candidates c JOIN asked a USING (a_id) JOIN names n USING (name_id)
           ORDER BY a.q_id, a.a_id, c.name_id"""
    ).df()
    counts = con.execute(
        """SELECT token, df FROM vocabulary WHERE token IN (
             SELECT unnest(string_split(core, ' ')) FROM (
               SELECT core FROM asked UNION ALL SELECT core FROM candidates JOIN names USING (name_id)))"""
    ).fetchall()
    size = con.execute("SELECT count(*) FROM names").fetchall()[0][0]
    unknown = math.log(size + 1) + 1
    idf = {token: math.log((size + 1) / df) + 0.2 for token, df in counts}
    return _with_features(plain(frame), idf, unknown)


def _with_features(frame: pd.DataFrame, idf: dict[str, float], unknown: float) -> pd.DataFrame:
    met = [_words(a, b, idf, unknown) for a, b in zip(frame["asked"], frame["core"], strict=True)]
    columns = ("asked_left", "name_left", "asked_rare_left", "name_rare_left", "weight")
    features = pd.DataFrame(met, columns=list(columns), index=frame.index, dtype=float)
    tight = [text.replace(" ", "") for text in frame["asked"]]
    names = [text.replace(" ", "") for text in frame["core"]]
    features["ratio"] = process.cpdist(tight, names, scorer=fuzz.ratio, workers=-1) / 100 if len(frame) else 0.0
    features["same_core"] = (frame["asked"] == frame["core"]).to_numpy()
    features["same_loose"] = (frame["asked_loose"] == frame["loose"]).to_numpy()
    stated = (frame["asked_form"] != "") & (frame["form"] != "")
    features["same_form"] = (stated & (frame["asked_form"] == frame["form"])).to_numpy()
    features["other_form"] = (stated & (frame["asked_form"] != frame["form"])).to_numpy()
    features["no_form"] = (frame["asked_form"] == "").to_numpy()
    known = frame["asked_postcode"].notna() & frame["postcode"].notna()
    same = known & (frame["asked_postcode"] == frame["postcode"])
    area = [
        (a or "").split(" ")[0] == (b or "").split(" ")[0]
        for a, b in zip(frame["asked_postcode"], frame["postcode"], strict=True)
    ]
    near = known & ~same & np.array(area, dtype=bool)
    features["same_postcode"], features["near_postcode"] = same.to_numpy(), near.to_numpy()
    features["other_postcode"] = (known & ~same & ~near).to_numpy()
    features["is_cut"] = [
        length >= _CUT_FROM and len(b) > len(a) and b.startswith(a)
        for length, a, b in zip(frame["stated_length"], tight, names, strict=True)
    ]
    features["former_name"] = (frame["kind"] != "registered").to_numpy()
    features["after_trading"] = (frame["variant"] == "after t/a").to_numpy()
    features["without_branch"] = (frame["variant"] == "without branch").to_numpy()
    return pd.concat(
        [frame[["q_id", "a_id", "variant", "org_id", "name", "kind"]], features[list(PAIR)].astype(float)], axis=1
    )


def logit(features: pd.DataFrame, names: tuple[str, ...], weight: dict[str, float]) -> np.ndarray:
    """The log odds that a logistic model gives."""
    matrix = features[list(names)].to_numpy(dtype=float)
    made: np.ndarray = matrix @ np.array([weight[name] for name in names]) + weight["constant"]
    return made


def best(scored: pd.DataFrame) -> pd.DataFrame:
    """The best organisation of each supplier. `scored` are pairs with the column `pair`, their log odds.

    One row per supplier: `q_id`, `org_id`, `name`, `kind`, `variant`, then the columns of `BEST`. `margin` is how far
    the next organisation is behind in log odds; `begins_twice` says that a name which may be cut fits several.
    """
    by_org = scored.sort_values(["q_id", "pair", "org_id"], ascending=[True, False, True])
    by_org = by_org.drop_duplicates(["q_id", "org_id"])
    ranked = by_org.assign(place=by_org.groupby("q_id").cumcount())
    first = ranked[ranked["place"] == 0].set_index("q_id")
    second = ranked[ranked["place"] == 1].set_index("q_id")["pair"].reindex(first.index)
    alike = by_org.groupby("q_id").agg(same=("same_core", "sum"), begins=("is_cut", "sum"))
    made = first.assign(
        margin=(first["pair"] - second).clip(upper=12).fillna(12.0),
        is_alone=second.isna().astype(float),
        same_name_twice=(alike["same"].reindex(first.index) > 1).astype(float) * first["same_core"],
        begins_twice=((alike["begins"].reindex(first.index) > 1) & (first["is_cut"] > 0)).astype(float),
    )
    return made.reset_index()[["q_id", "org_id", "name", "kind", "variant", "is_cut", *BEST]]


def probability(log_odds: Any) -> Any:
    """Log odds as a probability."""
    return 1 / (1 + np.exp(-np.clip(log_odds, -30, 30)))
