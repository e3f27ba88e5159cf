"""Each planned purchase with the local suppliers able to serve it, and a grade by a stated rule."""

from __future__ import annotations

import pandas as pd

from cwb.dataset import Dataset
from cwb.measures.demand import planned_purchases
from cwb.measures.rules import BELOW, SMALL
from cwb.measures.supply import NOT_MAPPED, STRONG, Capable, Supply, grade_of
from cwb.measures.workbench import Undefined
from cwb.reference import table

NOT_KNOWN = "Not known"
_CANDIDATES = 3


def purchases(data: Dataset) -> pd.DataFrame:
    """The demand of `cwb.measures.demand`, made once; raise `Undefined` where there is none."""
    lines = data.once("purchases", planned_purchases)
    if lines.empty:
        months = data.settings.gap.horizon_months
        raise Undefined(f"nothing that was supplied is to be bought within {months} months")
    return lines


def line_grade(data: Dataset, supply: Supply, found: Capable, is_mapped: bool) -> str:
    """The grade of one line. Without a register only a market that is strong among known suppliers is known."""
    grade = grade_of(found, is_mapped, data.settings.gap)
    if supply.organisations.empty and grade not in (STRONG, NOT_MAPPED):
        return NOT_KNOWN
    return grade


def graded(data: Dataset) -> pd.DataFrame:
    """Every line of demand with what its market is: adds `known`, `registered` (None without a register), `social`,
    `social_possible`, `capable`, `grade`, `candidates`, `social_candidates`, `action`."""
    return data.once("graded", _graded)


def _graded(data: Dataset) -> pd.DataFrame:
    supply = data.once("supply", Supply)
    actions = {(row["grade"], row["side"]): row["action"] for row in table("actions").to_dict("records")}
    has_register = len(supply.organisations) > 0
    rows = []
    for line in purchases(data).to_dict("records"):
        found = supply.capable(line)
        grade = line_grade(data, supply, found, bool(line["sic_codes"]))
        side = "below" if line["band"] in (SMALL, BELOW) else "above"
        rows.append(
            {
                "known": len(found.known),
                "registered": len(found.registered) if has_register else None,
                "social": found.social_ab,
                "social_possible": found.social_c,
                "capable": found.count,
                "grade": grade,
                "candidates": "; ".join(supply.names(found, _CANDIDATES)),
                "social_candidates": "; ".join(supply.names(found, _CANDIDATES, social_only=True)),
                "action": actions.get((grade, side)) or actions.get((grade, "any"), ""),
            }
        )
    return pd.concat([purchases(data), pd.DataFrame(rows)], axis=1)
