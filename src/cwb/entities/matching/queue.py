"""The review queue: suppliers whose match a person must decide or confirm, highest spend first, with the candidates."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from cwb.base.characters import neutral
from cwb.base.rows import plain
from cwb.council.config import Settings
from cwb.entities.matched import read_parquet, spent_with
from cwb.entities.matching.kinds import BY_NAME
from cwb.entities.matching.match import MATCHED, REVIEW
from cwb.sources.datasets import review
from cwb.sources.forms import NAMES_PAYEES, write_form

# What the analyst fills in comes first.
_DECIDED = review.SOURCE.headings
HEADINGS = (
    *_DECIDED,
    "Spend (£)",
    "Why it waits",
    *(f"{what} {rank}" for rank in (1, 2, 3) for what in ("Candidate", "Why")),
)

_CONFIRM = "accepted by name, please confirm"


def queue(settings: Settings) -> pd.DataFrame:
    """One row per supplier that waits: `supplier_key`, `supplier_name`, `spend_gbp` (all periods), the best candidate's
    numbers, `match_detail`, and `candidate_1`, `why_1` … of the three nearest.

    A match that was accepted by name stands among them, to be confirmed, from `[matching] confirm_from_gbp` pounds: a
    number that members read may hang on it. People are never matched and so never wait. The queue is for the analyst and
    no pack: it names whoever waits.
    """
    suppliers = read_parquet(settings.processed / "suppliers.parquet")
    if suppliers.empty:
        return pd.DataFrame(columns=["supplier_key", "spend_gbp"])
    spent = spent_with(settings)
    suppliers["spend_gbp"] = [float(spent.get(key, 0)) for key in suppliers["supplier_key"]]
    accepted = (suppliers["match_status"] == MATCHED) & suppliers["match_evidence"].isin(BY_NAME)
    unconfirmed = accepted & (suppliers["spend_gbp"] >= settings.matching.confirm_from_gbp)
    waiting = suppliers[(suppliers["match_status"] == REVIEW) | unconfirmed].copy()
    if waiting.empty:
        return waiting[["supplier_key", "spend_gbp"]]
    near = read_parquet(settings.processed / "match_candidates.parquet")
    for rank in (1, 2, 3):
        ranked = near[near["rank"] == rank].set_index("supplier_key")
        waiting[f"candidate_{rank}"] = waiting["supplier_key"].map(
            ranked["org_id"] + " " + ranked["candidate_name"]
        )
        waiting[f"why_{rank}"] = waiting["supplier_key"].map(ranked["why"])
    waiting = plain(waiting)
    # Of an accepted match the candidate is the organisation itself.
    for at in waiting.index[waiting["match_status"] == MATCHED]:
        waiting.loc[at, "candidate_1"] = f"{waiting.at[at, 'org_id']} {waiting.at[at, 'organisation_name']}"
        waiting.loc[at, "why_1"] = waiting.at[at, "match_detail"]
        waiting.loc[at, "match_detail"] = _CONFIRM
    return waiting.sort_values(["spend_gbp", "supplier_key"], ascending=[False, True], ignore_index=True)


def write_queue(settings: Settings) -> tuple[Path, pd.DataFrame]:
    """Write the queue as CSV into the council's processed folder; returns its path and rows.

    Filled in and saved as `review/supplier_matches.csv` below the raw folder, it holds the decisions.
    """
    rows = queue(settings)
    path = settings.processed / "review_queue.csv"
    cells = []
    for row in rows.to_dict("records"):
        found = [row.get(f"{kind}_{rank}") for rank in (1, 2, 3) for kind in ("candidate", "why")]
        waits = (f"{row['spend_gbp']:.2f}", row["match_detail"], *found)
        texts = (row["supplier_key"], row["supplier_name"], *[""] * (len(_DECIDED) - 2), *waits)
        cells.append([neutral(str(text)) if text is not None else "" for text in texts])
    write_form(path, [(NAMES_PAYEES,), HEADINGS, *cells])
    return path, rows
