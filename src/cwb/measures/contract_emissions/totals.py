"""How much, by which method and how well known; where it is highest; whom to ask next."""

from __future__ import annotations

import pandas as pd

from cwb.dataset import Dataset
from cwb.emissions import SPEND_BASED, half_widths
from cwb.evidence import Result, Undefined, Workbench, measure
from cwb.measures.contract_emissions.footprint import footprint, half_range
from cwb.privacy import WITHHELD

_SHOWN = 12
_ASKED = 10


def known(data: Dataset) -> pd.DataFrame:
    """The lines of the period whose emissions are known; raise `Undefined` where there are none."""
    lines = footprint(data)
    own = lines[lines["kgco2e"].notna()]
    if own.empty or not float(own["kgco2e"].sum()):
        raise Undefined("no payment of the period has a CPV code or an industry that leads to a factor")
    return own


@measure("emissions_total", "emissions_known_share", "emissions_score", "emissions_per_pound")
def emissions(data: Dataset, bench: Workbench) -> Result:
    """Emissions of the period's purchases by GHG Protocol category, kept apart so that nothing counts twice.

    One row per category, most first: `ghg_category`, `pounds_gbp`, `kgco2e`, `share`, `score` (weighted by emissions),
    `low_kgco2e`, `high_kgco2e`. Lines whose product is not known have a row with their pounds and no emissions. The range
    takes every product group as off by what its score allows, groups independently (`half_range`).
    """
    lines, own = footprint(data), known(data)
    total = float(own["kgco2e"].sum())
    rows = []
    for category, part in own.groupby("ghg_category", sort=True):
        kg, half = float(part["kgco2e"].sum()), half_range(part)
        rows.append(
            {
                "ghg_category": category,
                "pounds_gbp": float(part["amount_gbp"].sum()),
                "kgco2e": kg,
                "share": kg / total,
                "score": _score(part),
                "low_kgco2e": max(kg - half, 0.0),
                "high_kgco2e": kg + half,
            }
        )
    made = pd.DataFrame(rows).sort_values(["kgco2e", "ghg_category"], ascending=[False, True], ignore_index=True)
    spent = float(lines["amount_gbp"].sum())
    unknown = lines[lines["kgco2e"].isna()]
    if len(unknown):
        made.loc[len(made)] = {"ghg_category": "not known", "pounds_gbp": float(unknown["amount_gbp"].sum())}
    half, covered = half_range(own), float(own["amount_gbp"].sum())
    caveats = ("Amounts that include VAT overstate spend-based emissions.",) if _has_gross(data) else ()
    return made, [
        bench.finding(
            "emissions_total", total, low=max(total - half, 0.0), high=total + half,
            coverage=covered / spent if spent else None, caveats=caveats,
        ),
        bench.share("emissions_known_share", covered, spent),
        bench.finding("emissions_score", _score(own)),
        bench.finding("emissions_per_pound", total / covered, n=total, of=covered),
    ]  # fmt: skip


def _score(lines: pd.DataFrame) -> float | None:
    weights = lines["kgco2e"].clip(lower=0)
    return float((lines["score"] * weights).sum() / weights.sum()) if weights.sum() else None


def _has_gross(data: Dataset) -> bool:
    return any("gross" in str(report["vat_basis"] or "") for report in data.lineage.of("spend"))


@measure("reported_emissions_share", "reported_spend_share")
def methods(data: Dataset, bench: Workbench) -> Result:
    """Emissions and spend by method and score, never mixed silently.

    One row per method and score, best score first: `method`, `score`, `meaning`, `pounds_gbp`, `kgco2e`, `share`.
    """
    from cwb.reference import table  # noqa: PLC0415 - one table for one column

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


@measure("hot_spot_emissions", "hot_spot_share")
def hot_spots(data: Dataset, bench: Workbench) -> Result:
    """Where emissions are highest, by product group.

    One row per product group, most first, the rest as one row: `product`, `pounds_gbp`, `kgco2e`, `share`, `per_pound`
    (kgCO2e per £ paid), `suppliers`, `score`. Lines reported by suppliers stand in the group of what was bought.
    """
    own = known(data)
    total = float(own["kgco2e"].sum())
    own = own.assign(product=own["product"].fillna("Reported by suppliers, product not known"))
    made = (
        own.groupby("product")
        .agg(pounds_gbp=("amount_gbp", "sum"), kgco2e=("kgco2e", "sum"), suppliers=("supplier_key", "nunique"))
        .sort_values(["kgco2e"], ascending=False, kind="stable")
        .reset_index()
    )
    top = float(made["kgco2e"].iloc[0])
    name = str(made["product"].iloc[0])
    if len(made) > _SHOWN:
        rest = made.iloc[_SHOWN:]
        suppliers = own.loc[own["product"].isin(rest["product"]), "supplier_key"].nunique()
        sums = (float(rest["pounds_gbp"].sum()), float(rest["kgco2e"].sum()), suppliers)
        made = made.head(_SHOWN).copy()
        made.loc[len(made)] = [f"All {len(rest)} other product groups", *sums]
    made["share"] = made["kgco2e"] / total
    made["per_pound"] = (made["kgco2e"] / made["pounds_gbp"]).where(made["pounds_gbp"] > 0)
    return made, [
        bench.finding("hot_spot_emissions", top, of=total),
        bench.share("hot_spot_share", top, total),
    ], {"hot_spot": name}  # fmt: skip


@measure("ask_next_share")
def ask_next(data: Dataset, bench: Workbench) -> Result:
    """The ten suppliers whose own data would narrow the range most.

    One row per supplier, most first: `supplier`, `kgco2e`, `pounds_gbp`, `score`, `narrows_kgco2e` (by how much the range of its
    own figure would shrink if it reported, unassured: score 2; ranges of suppliers add up, that of the total does not). Names that may be individuals' are left out.
    """
    own = known(data)
    own = own[own["method"] == SPEND_BASED].dropna(subset=["supplier_key"])
    widths = half_widths()
    made = (
        own.assign(weight=own["score"].map(widths) * own["kgco2e"])
        .groupby("supplier_key")
        .agg(
            supplier=("display_name", "first"), kgco2e=("kgco2e", "sum"), pounds_gbp=("amount_gbp", "sum"),
            score=("score", "min"), weight=("weight", "sum"),
        )
        .reset_index()
    )  # fmt: skip
    made["narrows_kgco2e"] = (made["weight"] - widths[2] * made["kgco2e"]).clip(lower=0)
    made = made[made["supplier"] != WITHHELD].sort_values(
        ["narrows_kgco2e", "supplier_key"], ascending=[False, True]
    )
    if made.empty:
        raise Undefined("every supplier of the period reports already")
    whole = float(made["narrows_kgco2e"].sum())
    chosen = made.head(_ASKED)[["supplier", "kgco2e", "pounds_gbp", "score", "narrows_kgco2e"]].reset_index(
        drop=True
    )
    return chosen, [bench.share("ask_next_share", float(chosen["narrows_kgco2e"].sum()), whole)]
