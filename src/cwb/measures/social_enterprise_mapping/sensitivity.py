"""Counts and spend under other choices of what a social enterprise is, and of which matches stand."""

from __future__ import annotations

import pandas as pd

from cwb.dataset import Dataset
from cwb.measures.social_enterprise_mapping.bodies import social_enterprises
from cwb.measures.workbench import Result, Workbench, measure

_GIVEN = ("number given", "decided by an analyst")
_INCOMES = (10_000, 100_000)


@measure("se_count_least", "se_count_most", needs=("organisations",))
def sensitivity(data: Dataset, bench: Workbench) -> Result:
    """How the count of local social enterprises and the spend with them move under other choices.

    One row per choice: `choice`, `organisations`, `pounds_gbp` (spend of the period; None where no spending file was
    supplied), `share` (of all spend).
    """
    bodies = social_enterprises(data)
    sure = bodies["grade"].isin(["A", "B"])
    lines = data.spend()
    rows = [
        _row(
            "As reported: grades A and B",
            int(sure.sum()),
            lines,
            lines["grade"].isin(["A", "B"]) if len(lines) else None,
        ),
        _row(
            "Only grade A",
            int((bodies["grade"] == "A").sum()),
            lines,
            lines["grade"] == "A" if len(lines) else None,
        ),
        _row("Grades A, B and C", len(bodies), lines, lines["grade"].notna() if len(lines) else None),
    ]
    charities = data.local_organisations
    for income in _INCOMES:
        own = charities["rule"].isin(["charity", "donors"]) & (charities["income_gbp"] >= income) & (
            charities["company_number"].notna() | charities["mutual_number"].notna()
            | (charities["legal_form"] == "Charitable incorporated organisation")
        )  # fmt: skip
        others = int((sure & (bodies["rule"] != "charity")).sum())
        rows.append(_row(f"Charities that trade: income from £{income:,}", others + int(own.sum()), lines, None))
    if len(lines):
        ab = lines["grade"].isin(["A", "B"])
        count = int(sure.sum())
        rows += [
            _row("Matches by a given number only", count, lines, ab & lines["match_evidence"].isin(_GIVEN)),
            _row("Matches under review taken", count, lines, ab | lines["candidate_grade"].isin(["A", "B"])),
        ]
    made = pd.DataFrame(rows)
    return made, [
        bench.finding("se_count_least", int(made["organisations"].min())),
        bench.finding("se_count_most", int(made["organisations"].max())),
    ]


def _row(choice: str, count: int, lines: pd.DataFrame, chosen: pd.Series | None) -> dict[str, object]:
    if chosen is None:
        return {"choice": choice, "organisations": count, "pounds_gbp": None, "share": None}
    pounds, total = float(lines.loc[chosen, "amount_gbp"].sum()), float(lines["amount_gbp"].sum())
    return {
        "choice": choice,
        "organisations": count,
        "pounds_gbp": pounds,
        "share": pounds / total if total else None,
    }
