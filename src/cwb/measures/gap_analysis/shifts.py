"""What leaves the area and could stay: influenceable spend by category, and the largest realistic shifts."""

from __future__ import annotations

from typing import Any

import pandas as pd

from cwb.base.rows import as_keys
from cwb.dataset import Dataset
from cwb.matching.supplier_kinds import INDIVIDUAL, ORGANISATION
from cwb.measures.demand import horizon
from cwb.measures.gap_analysis.lines import line_grade
from cwb.measures.shares import split
from cwb.measures.supply import STRONG, WORKABLE, Supply
from cwb.measures.workbench import Result, Undefined, Workbench, measure
from cwb.sources.places import ELSEWHERE, REGION

_SHOWN = 12
_CODES_FROM = 0.1


@measure("influenceable_spend", "realistic_shift", "local_share_after_shift", needs=("spend",))
def shifts(data: Dataset, bench: Workbench) -> Result:
    """Spend without one-offs that leaves the local area, by category, and what of it could realistically stay.

    One row per category, largest realistic shift first, then largest leak: `category`, `pounds_gbp`, `leaving_gbp`,
    `public_gbp` (of it paid to public bodies), `tied_gbp` (under contracts that end after the horizon),
    `influenceable_gbp` (the rest), `capable` (local suppliers able to serve it), `grade`, `realistic_gbp`: the share
    `gap.shift` of what is influenceable, where the local market is workable or strong, else nothing.

    £100 leaving, £20 of it to a county council and £30 under a long contract: £50 influenceable; with a strong local
    market and a quarter taken as realistic, £12.50. Pounds are those of the period, not of a year.
    """
    lines = data.spend()
    lines = lines[~lines["is_one_off"]]
    if lines.empty:
        raise Undefined("all spend of the period is one-off")
    side, share = data.once("supply", Supply), data.settings.gap.shift
    tied_references = _tied(data)
    rows = [
        _row(data, side, str(category), own, tied_references, share)
        for category, own in lines.groupby("category_label", sort=True)
    ]
    made = pd.DataFrame(rows).sort_values(
        ["realistic_gbp", "leaving_gbp", "category"], ascending=[False, False, True], ignore_index=True
    )
    everything = split(lines)
    influenceable, realistic = float(made["influenceable_gbp"].sum()), float(made["realistic_gbp"].sum())
    most = share * influenceable
    strong = float(made.loc[made["grade"] == STRONG, "realistic_gbp"].sum())
    has_register = len(side.organisations) > 0
    caveats = () if has_register else ("Without a register only markets strong among known suppliers count.",)
    findings = [
        bench.finding("influenceable_spend", influenceable, of=everything.away),
        bench.finding("realistic_shift", realistic, of=influenceable, low=strong, high=most, caveats=caveats),
        bench.share(
            "local_share_after_shift", everything.local + realistic, everything.total, low=everything.local / everything.total,
            high=(everything.local + most) / everything.total, caveats=caveats,
        ),
    ]  # fmt: skip
    return made.head(_SHOWN), findings, {"largest": str(made["category"].iloc[0])}


def _tied(data: Dataset) -> set[str]:
    """References of contracts that last beyond the horizon: what they buy cannot move before."""
    contracts = data.table("contracts")
    if contracts.empty:
        return set()
    last = pd.Timestamp(horizon(data)[1])
    ends = pd.concat([pd.to_datetime(contracts[c]) for c in ("end_date", "extension_date")], axis=1).max(axis=1)
    return set(as_keys(contracts.loc[ends > last, "contract_reference"].dropna()))


def _row(
    data: Dataset, side: Supply, category: str, own: pd.DataFrame, tied_references: set[str], share: float
) -> dict[str, Any]:
    parts = split(own)
    away = own[own["ring"].isin([REGION, ELSEWHERE])]
    is_public = ~away["supplier_kind"].isin([ORGANISATION, INDIVIDUAL])
    references = as_keys(away["contract_reference"])
    is_tied = references.isin(tied_references) & ~is_public
    public, tied = float(away.loc[is_public, "amount_gbp"].sum()), float(away.loc[is_tied, "amount_gbp"].sum())
    # Credits can make a part negative; what can be influenced is never less than nothing.
    free = max(float(away["amount_gbp"].sum()) - public - tied, 0.0)
    line = as_line(data, away)
    found = side.capable(line)
    grade = line_grade(data, side, found, bool(line["sic_codes"]))
    return {
        "category": category,
        "pounds_gbp": parts.total,
        "leaving_gbp": parts.away,
        "public_gbp": public,
        "tied_gbp": tied,
        "influenceable_gbp": free,
        "capable": found.count if len(side.organisations) else None,
        "grade": grade,
        "realistic_gbp": share * free if grade in (WORKABLE, STRONG) else 0.0,
    }


def as_line(data: Dataset, away: pd.DataFrame) -> dict[str, Any]:
    """What leaves in a category as one purchase: the industries of every code that makes a tenth of it or more."""
    keys = (
        away[["cpv_code", "proclass_code", "category"]]
        .astype("str")
        .where(away[["cpv_code", "proclass_code", "category"]].notna(), "")
    )
    pounds = away["amount_gbp"].groupby([keys[c] for c in keys.columns]).sum()
    total = pounds.sum()
    codes: dict[str, None] = {}
    for (cpv, proclass, category), spent in pounds.items():
        if total > 0 and spent / total >= _CODES_FROM:
            codes |= dict.fromkeys(data.bridge.find(cpv or None, proclass or None, category or None).codes)
    return {"sic_codes": tuple(codes), "seller_codes": (), "annual_gbp": None, "cpv_code": None, "category": None}
