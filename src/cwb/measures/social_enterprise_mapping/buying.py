"""Which social enterprises we buy from, and what they could have supplied of what we bought elsewhere."""

from __future__ import annotations

from typing import Any

import pandas as pd

from cwb.base.privacy import WITHHELD
from cwb.dataset import Dataset
from cwb.evidence.facts import IS_SOCIAL_ENTERPRISE
from cwb.evidence.questions import count as count_of
from cwb.evidence.questions import share
from cwb.evidence.questions import total as total_of
from cwb.measures.gap_analysis.shifts import as_line
from cwb.measures.shares import split
from cwb.measures.supply import Supply
from cwb.measures.workbench import Result, Undefined, Workbench, measure
from cwb.packs.measure import ask
from cwb.sources.places import ELSEWHERE, REGION, ring_labels

_SHOWN = 15
_CATEGORIES = 12


@measure("se_spend", "se_spend_share", "se_supplier_count", needs=("spend", "organisations"))
def bought(data: Dataset, bench: Workbench) -> Result:
    """Spend of the period with social enterprises, wherever they are, by the grade of the organisation matched.

    One row per supplier of grade A or B, most spend first, up to fifteen, then the rest as one row: `supplier`, `grade`,
    `legal_form`, `place`, `pounds_gbp`. Names that may be individuals' are in the rest. Of suppliers of
    grade C, of matches under review and of suppliers matched to nothing it is not known whether they are social enterprises.
    """
    lines = data.spend()
    total = float(lines["amount_gbp"].sum())
    if not total:
        raise Undefined("there is no spend to take a share of")
    paid = data.kernel.spend().told_by("spend_lines", "organisations")
    asked = ask(
        data.kernel,
        total_of("se_spend", of=paid, where=IS_SOCIAL_ENTERPRISE),
        share("se_spend_share", of=paid, where=IS_SOCIAL_ENTERPRISE),
        count_of("se_supplier_count", of=paid.where("supplier_key IS NOT NULL"), where=IS_SOCIAL_ENTERPRISE),
    )
    own = lines[lines["grade"].isin(["A", "B"])]
    forms = data.table("suppliers").set_index("supplier_key")["legal_form"]
    made = (
        own.groupby("supplier_key")
        .agg(
            supplier=("display_name", "first"),
            grade=("grade", "first"),
            ring=("ring", "first"),
            pounds_gbp=("amount_gbp", "sum"),
        )
        .reset_index()
        .sort_values(["pounds_gbp", "supplier_key"], ascending=[False, True])
    )
    made["legal_form"] = made["supplier_key"].map(forms)
    made["place"] = made["ring"].map(ring_labels(data.settings))
    shown = made[made["supplier"] != WITHHELD].head(_SHOWN)
    rest = made.drop(shown.index)
    columns = ["supplier", "grade", "legal_form", "place", "pounds_gbp"]
    shown = shown[columns].reset_index(drop=True)
    if len(rest):
        shown.loc[len(shown)] = [f"All {len(rest)} others", "", "", "", float(rest["pounds_gbp"].sum())]
    return shown, [
        asked["se_spend"],
        asked["se_spend_share"],
        asked["se_supplier_count"],
    ]


@measure("se_contestable_spend", "se_contestable_share", needs=("spend", "organisations"))
def contestable(data: Dataset, bench: Workbench) -> Result:
    """Spend that left the local area in categories for which a local social enterprise exists.

    One row per category, most contestable first: `category`, `leaving_gbp`, `social` (local social enterprises of grades A
    and B in industries that supply it), `possible` (grade C), `contestable_gbp` (what leaves, where there is one). One-offs
    are left out. That a body is in the industry does not say that it could have taken a contract of that size.
    """
    lines = data.spend()
    lines = lines[~lines["is_one_off"]]
    if lines.empty:
        raise Undefined("all spend of the period is one-off")
    side = data.once("supply", Supply)
    rows: list[dict[str, Any]] = []
    for category, own in lines.groupby("category_label", sort=True):
        away = own[own["ring"].isin([REGION, ELSEWHERE])]
        found = side.capable(as_line(data, away))
        leaving = float(away["amount_gbp"].sum())
        rows.append(
            {
                "category": str(category),
                "leaving_gbp": leaving,
                "social": found.social_ab,
                "possible": found.social_c,
                "contestable_gbp": leaving if found.social_ab else 0.0,
                "with_possible_gbp": leaving if found.social_ab or found.social_c else 0.0,
            }
        )
    made = pd.DataFrame(rows).sort_values(
        ["contestable_gbp", "leaving_gbp", "category"], ascending=[False, False, True], ignore_index=True
    )
    everything = split(lines)
    able, most = float(made["contestable_gbp"].sum()), float(made["with_possible_gbp"].sum())
    if not everything.away:
        raise Undefined("no spend is known to leave the local area")
    return made.drop(columns="with_possible_gbp").head(_CATEGORIES), [
        bench.finding("se_contestable_spend", able, of=everything.away, low=able, high=most),
        bench.finding(
            "se_contestable_share", able / everything.away, n=able, of=everything.away, low=able / everything.away,
            high=most / everything.away,
        ),
    ]  # fmt: skip
