"""Contracts awarded to local suppliers: from award notices, from the register, and by the anchor institutions.

Notices and register overlap and are never added together.
"""

from __future__ import annotations

import pandas as pd

from cwb.dataset import Dataset
from cwb.matching import normalise_name
from cwb.measures.workbench import Result, Undefined, Workbench, measure
from cwb.places import LOCAL_RINGS, UNKNOWN


def count_awards(awards: pd.DataFrame) -> dict[str, float]:
    """Number and value of awards, all, local and of unknown place.

    An award is local when at least one of its suppliers is; its value is divided equally among its suppliers. An
    award none of whose suppliers is local and one of whose places is not known is of unknown place.
    """
    local = awards["ring"].isin(LOCAL_RINGS)
    unknown = awards["ring"] == UNKNOWN
    part = awards["value_gbp"] / awards["supplier_count"]
    by_award = pd.DataFrame({"key": awards["award_key"], "local": local, "unknown": unknown}).groupby("key").any()
    return {
        "awards": len(by_award),
        "local_awards": int(by_award["local"].sum()),
        "unknown_awards": int((by_award["unknown"] & ~by_award["local"]).sum()),
        "value_gbp": float(part.sum()),
        "local_value_gbp": float(part[local].sum()),
        "unknown_value_gbp": float(part[unknown].sum()),
        "without_value": int(awards.loc[awards["value_gbp"].isna(), "award_key"].nunique()),
    }


@measure(
    "award_count",
    "award_local_count",
    "award_value",
    "award_local_value",
    "award_local_value_share",
    needs=("awards",),
)
def awards(data: Dataset, bench: Workbench) -> Result:
    """The council's awards of the period, from Contracts Finder and Find a Tender, each counted once.

    One row per source of notices: `notice_source`, `awards`, `local_awards`, `unknown_awards`, `value_gbp`,
    `local_value_gbp`, `unknown_value_gbp`, `without_value`. An empty table of rows in a period without awards
    gives counts of 0: notices were supplied, and none is the council's.
    """
    own = data.awards()
    everything = count_awards(own)
    rows = [
        {"notice_source": source, **count_awards(part)} for source, part in own.groupby("notice_source", sort=True)
    ]
    columns = ["notice_source", *everything]
    value, local = everything["value_gbp"], everything["local_value_gbp"]
    unknown = everything["unknown_value_gbp"]
    count, unknown_count = everything["awards"], everything["unknown_awards"]
    caveats = (f"{everything['without_value']:.0f} awards state no value.",) if everything["without_value"] else ()
    return pd.DataFrame(rows, columns=columns), [
        bench.finding("award_count", count),
        bench.finding(
            "award_local_count",
            everything["local_awards"],
            of=count,
            low=everything["local_awards"],
            high=everything["local_awards"] + unknown_count,
        ),
        bench.finding("award_value", value, caveats=caveats),
        bench.finding("award_local_value", local, of=value, low=local, high=local + unknown, caveats=caveats),
        bench.share(
            "award_local_value_share",
            local,
            value,
            unknown=unknown,
            caveats=caveats,
        ),
    ]


@measure("register_count", "register_local_count", needs=("contracts",))
def register(data: Dataset, bench: Workbench) -> Result:
    """Contracts of the register that start in the period.

    One row per place: `place`, `contracts`, `value_gbp` (whole term, as published). Rows of one reference and start
    are one contract, local when one of its suppliers is.
    """
    own = data.contracts()
    if own.empty:
        raise Undefined(f"no contract of the register starts in {data.period.label}")
    one = own["contract_reference"].fillna(own["title"]).astype(str) + own["start_date"].astype(str)
    contracts = pd.DataFrame(
        {
            "local": own["ring"].isin(LOCAL_RINGS).groupby(one).any(),
            "unknown": (own["ring"] == UNKNOWN).groupby(one).any(),
            # A contract with several suppliers stands in several rows, its value in each.
            "value_gbp": own["value_gbp"].groupby(one).max(),
        }
    )
    local, unknown = contracts["local"], contracts["unknown"] & ~contracts["local"]
    places = (("Local", local), ("Not local", ~local & ~unknown), ("Not known", unknown))
    rows = [
        {"place": place, "contracts": int(mask.sum()), "value_gbp": float(contracts.loc[mask, "value_gbp"].sum())}
        for place, mask in places
    ]
    count, all_of_them = int(local.sum()), len(contracts)
    return pd.DataFrame(rows), [
        bench.finding("register_count", all_of_them),
        bench.finding("register_local_count", count, of=all_of_them, low=count, high=count + int(unknown.sum())),
    ]


@measure("anchor_award_count", "anchor_award_local_count", needs=("awards",))
def awards_by_body(data: Dataset, bench: Workbench) -> Result:
    """Awards of the period by the council and each anchor institution of the settings.

    One row per body, most awards first: `body`, then the columns of `count_awards`. Buyers not named in the
    settings are left out. Undefined where the settings name no anchor.
    """
    if not data.settings.anchors:
        raise Undefined("the settings name no anchor institutions")
    everyone = data.awards(own=False)
    names = {normalise_name(name): data.settings.council.name for name in data.settings.council.buyer_names}
    for anchor in data.settings.anchors:
        names |= {normalise_name(spelling): anchor.name for spelling in anchor.spellings}
    bodies = everyone["buyer_name"].map(lambda name: names.get(normalise_name(name)))
    rows = [
        {"body": body, **count_awards(part)} for body, part in everyone.groupby(bodies, sort=True) if len(part)
    ]
    if not rows:
        raise Undefined(f"no award of {data.period.label} is by a body that the settings name")
    table = pd.DataFrame(rows).sort_values(["awards", "body"], ascending=[False, True], ignore_index=True)
    local, unknown = int(table["local_awards"].sum()), int(table["unknown_awards"].sum())
    return table, [
        bench.finding("anchor_award_count", int(table["awards"].sum())),
        bench.finding(
            "anchor_award_local_count", local, of=int(table["awards"].sum()), low=local, high=local + unknown
        ),
    ]
