"""The gap under other choices: the bridge, the area, who counts as capable."""

from __future__ import annotations

import pandas as pd

from cwb.dataset import Dataset
from cwb.matching.kinds import BY_NUMBER
from cwb.measures.gap_analysis.lines import purchases
from cwb.measures.supply import STRONG, WORKABLE, Supply, grade_of
from cwb.measures.workbench import Result, Workbench, measure


@measure("lines_served_least", "lines_served_most", needs=("organisations",))
def sensitivity(data: Dataset, bench: Workbench) -> Result:
    """How many purchases find a workable or strong local market under other choices.

    One row per choice: `choice`, `served` (lines), `share` (of all lines), `none_or_thin` (lines).
    """
    settings, home = data.settings.gap, data.settings.home_name
    main = data.once("supply", Supply)
    district = data.settings.council.home_district
    at_home = Supply(data, _within(main.organisations, district), _within(main.known, district))
    by_number = main.known.assign(sic_codes=main.known["sic_codes"].where(_given(data, main)))
    with_review = main.known.assign(sic_codes=main.known["sic_codes"].fillna(_candidates(data, main)))
    rule, stricter = data.settings.gap, data.settings.gap.model_copy(update={"workable": 2 * settings.workable})
    choices = (
        ("As reported", main, "", rule),
        ("Only bridges of high confidence", main, "high confidence", rule),
        ("Wholesale and retail may supply goods too", main, "sellers", rule),
        (f"Only {home} counts as local", at_home, "", rule),
        ("Only suppliers we know", Supply(data, main.organisations.head(0), main.known), "", rule),
        ("Matches by a given number only", Supply(data, main.organisations, by_number), "", rule),
        ("Matches under review taken", Supply(data, main.organisations, with_review), "", rule),
        ("Twice as many suppliers needed", main, "", stricter),
    )
    lines = purchases(data).to_dict("records")
    rows = []
    for choice, side, twist, limits in choices:
        served = 0
        for line in lines:
            if twist == "high confidence" and line["confidence"] != "high":
                continue
            found = side.capable(line, with_sellers=twist == "sellers")
            served += grade_of(found, bool(line["sic_codes"]), limits) in (WORKABLE, STRONG)
        rows.append(
            {"choice": choice, "served": served, "share": served / len(lines), "none_or_thin": len(lines) - served}
        )
    made = pd.DataFrame(rows)
    return made, [
        bench.finding("lines_served_least", int(made["served"].min()), of=len(lines)),
        bench.finding("lines_served_most", int(made["served"].max()), of=len(lines)),
    ]


def _within(rows: pd.DataFrame, district: str) -> pd.DataFrame:
    return rows[rows["lad_code"] == district].reset_index(drop=True)


def _given(data: Dataset, side: Supply) -> pd.Series:
    suppliers = data.table("suppliers").set_index("supplier_key")["match_evidence"]
    evidence = suppliers.reindex(side.known["supplier_key"]).to_numpy()
    return pd.Series(evidence, index=side.known.index).isin([str(kind) for kind in BY_NUMBER])


def _candidates(data: Dataset, side: Supply) -> pd.Series:
    suppliers = data.table("suppliers").set_index("supplier_key")["candidate_sic_codes"]
    return pd.Series(
        suppliers.reindex(side.known["supplier_key"]).to_numpy(), index=side.known.index, dtype=object
    )
