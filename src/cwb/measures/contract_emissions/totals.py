"""How much, by which method and how well known."""

from __future__ import annotations

import pandas as pd

from cwb.dataset import Dataset
from cwb.emissions import ENERGY, SPEND_BASED
from cwb.measures.contract_emissions.footprint import counted, footprint, known_lines, total_and_range
from cwb.measures.workbench import Result, Undefined, Workbench, measure
from cwb.reference import table


def known(data: Dataset) -> pd.DataFrame:
    """The counted lines of the period whose emissions are known, energy left out; raise `Undefined` where there are none."""
    own = known_lines(data)
    if own.empty or not float(own["kgco2e"].sum()):
        raise Undefined("no payment of the period has a CPV code or an industry that leads to a factor")
    return own


@measure("emissions_total", "emissions_known_share", "emissions_score", "emissions_per_pound", "energy_emissions")
def emissions(data: Dataset, bench: Workbench) -> Result:
    """Emissions of the period's purchases by GHG Protocol category, kept apart so that nothing counts twice.

    One row per category, most first: `ghg_category`, `pounds_gbp`, `kgco2e`, `share`, `score` (weighted by emissions),
    `low_kgco2e`, `high_kgco2e`. Lines whose product is not known have a row with their pounds and no emissions. The range
    takes every product group as off by what its score allows, groups independently (`half_range`). Energy has a row and no
    share: it is the council's scope 1 and 2 and in no total.
    """
    every, own = footprint(data), known(data)
    lines = counted(every)
    energy = every[(every["ghg_category"] == ENERGY) & every["kgco2e"].notna()]
    total, least, most = total_and_range(own)
    rows = []
    for category, part in pd.concat([own, energy]).groupby("ghg_category", sort=True):
        kg, low, high = total_and_range(part)
        rows.append(
            {
                "ghg_category": category,
                "pounds_gbp": float(part["amount_gbp"].sum()),
                "kgco2e": kg,
                "share": kg / total if category != ENERGY else None,
                "score": score_mix(part),
                "low_kgco2e": low,
                "high_kgco2e": high,
            }
        )
    made = pd.DataFrame(rows).sort_values(["kgco2e", "ghg_category"], ascending=[False, True], ignore_index=True)
    spent = float(lines["amount_gbp"].sum())
    unknown = lines[lines["kgco2e"].isna()]
    if len(unknown):
        made.loc[len(made)] = {"ghg_category": "not known", "pounds_gbp": float(unknown["amount_gbp"].sum())}
    covered = float(own["amount_gbp"].sum())
    caveats = ("Amounts that include VAT overstate spend-based emissions.",) if _has_gross(data) else ()
    return made, [
        bench.finding(
            "emissions_total", total, low=least, high=most,
            coverage=covered / spent if spent else None, caveats=caveats,
        ),
        bench.share("emissions_known_share", covered, spent),
        bench.finding("emissions_score", score_mix(own)),
        bench.finding("emissions_per_pound", total / covered, n=total, of=covered),
        bench.finding("energy_emissions", float(energy["kgco2e"].sum()))
        if len(energy) or unknown.empty
        else bench.finding("energy_emissions", undefined="no payment is known to be for energy"),
    ]  # fmt: skip


def score_mix(lines: pd.DataFrame) -> float | None:
    """The data-quality score of several lines, weighted by their emissions; None where there are none."""
    weights = lines["kgco2e"].clip(lower=0)
    return float((lines["score"] * weights).sum() / weights.sum()) if weights.sum() else None


def _has_gross(data: Dataset) -> bool:
    return any("gross" in str(report.vat_basis or "") for report in data.lineage.of("spend"))


@measure("reported_emissions_share", "reported_spend_share")
def methods(data: Dataset, bench: Workbench) -> Result:
    """Emissions and spend by method and score, never mixed silently.

    One row per method and score, best score first: `method`, `score`, `meaning`, `pounds_gbp`, `kgco2e`, `share`.
    """
    own = known(data)
    total, spent = float(own["kgco2e"].sum()), float(own["amount_gbp"].sum())
    made = own.groupby(["score", "method"], as_index=False).agg(
        pounds_gbp=("amount_gbp", "sum"), kgco2e=("kgco2e", "sum")
    )
    meanings = table("emission_scores")
    made["meaning"] = made["score"].map(dict(zip(meanings["score"].astype(int), meanings["meaning"], strict=True)))
    made["share"] = made["kgco2e"] / total
    reported = made[made["method"] != SPEND_BASED]
    return made, [
        bench.share("reported_emissions_share", float(reported["kgco2e"].sum()), total),
        bench.share("reported_spend_share", float(reported["pounds_gbp"].sum()), spent),
    ]
