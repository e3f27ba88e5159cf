"""Where the social enterprises are, what they do, how old they are, and how many are founded and last."""

from __future__ import annotations

import pandas as pd

from cwb.dataset import Dataset
from cwb.measures.gap_analysis.supply_side import NOT_STATED, first_section
from cwb.measures.social_enterprise_mapping.bodies import social_enterprises
from cwb.measures.supply import in_business
from cwb.measures.workbench import Result, Undefined, Workbench, measure
from cwb.sources.places import district_names

_AGES = ((0, 2, "Under 2 years"), (2, 5, "2 to 4 years"), (5, 10, "5 to 9 years"), (10, 25, "10 to 24 years"),
         (25, 1000, "25 years or more"))  # fmt: skip
_YEARS = 10
_SECTIONS = 12
_LEAST_BASE = 100  # businesses of a district: of fewer a rate says nothing
# Registers that keep bodies which have ended; Companies House lists the living only.
_KEEP_ENDED = ("Mutuals Register", "Charity Commission", "Co-operatives UK")


def certain_or_likely(data: Dataset) -> pd.DataFrame:
    bodies = social_enterprises(data)
    return bodies[bodies["grade"].isin(["A", "B"])]


@measure("se_top_district_rate", needs=("organisations",))
def by_district(data: Dataset, bench: Workbench) -> Result:
    """Social enterprises of grades A and B by district, as a rate, so that large districts do not lead by size alone.

    One row per district of the local area, highest rate first: `lad_code`, `district`, `organisations`, `base`
    (businesses of the ONS count, or where none was supplied active organisations of the registers), `rate` (per 1,000; None
    for a base under a hundred).
    """
    bodies = certain_or_likely(data)
    counts = data.table("business_counts")
    if len(counts):
        newest = counts[(counts["counted_on"] == counts["counted_on"].max()) & (counts["size_band"] == "Total")]
        base, scheme = newest.groupby("lad_code")["units"].sum(), "businesses of the ONS count"
    else:
        base = in_business(data.local_organisations)["lad_code"].value_counts()
        scheme = "active organisations on the registers"
    codes = list(data.settings.local.districts)
    own = bodies["lad_code"].value_counts()
    names = district_names()
    made = pd.DataFrame({"lad_code": codes, "district": [names[c] for c in codes]})
    made["organisations"] = [int(own.get(c, 0)) for c in codes]
    made["base"] = [float(base.get(c, 0)) for c in codes]
    made["rate"] = (1000 * made["organisations"] / made["base"]).where(made["base"] >= _LEAST_BASE)
    made = made.sort_values(["rate", "district"], ascending=[False, True], na_position="last", ignore_index=True)
    top = made.iloc[0]
    if pd.isna(top["rate"]):
        raise Undefined(
            f"no district has {_LEAST_BASE} businesses in what was supplied, and a rate of fewer says nothing"
        )
    finding = bench.finding(
        "se_top_district_rate", float(top["rate"]), n=int(top["organisations"]), of=float(top["base"])
    )
    return made, [finding], {"top_district": str(top["district"]), "scheme": scheme}


@measure("se_service_known_share", needs=("organisations",))
def services(data: Dataset, bench: Workbench) -> Result:
    """What social enterprises do, by the section of the first SIC code that they give.

    One row per section, most first, the rest as one row: `section`, `certain_or_likely` (A and B), `possible` (C).
    Societies and charities that are no companies give no code: their service is not stated, which is not "none".
    """
    bodies = social_enterprises(data)
    section = first_section(bodies["sic_codes"])
    is_sure = bodies["grade"].isin(["A", "B"])
    made = pd.DataFrame(
        {"certain_or_likely": section[is_sure].value_counts(), "possible": section[~is_sure].value_counts()}
    )
    made = made.fillna(0).astype("int64").rename_axis("section").reset_index()
    made["last"] = made["section"] == NOT_STATED
    made = made.sort_values(
        ["last", "certain_or_likely", "possible", "section"],
        ascending=[True, False, False, True],
        ignore_index=True,
    ).drop(columns="last")
    known = int(made.loc[made["section"] != NOT_STATED, "certain_or_likely"].sum())
    if len(made) > _SECTIONS + 1:
        middle = made.iloc[_SECTIONS:-1] if made["section"].iloc[-1] == NOT_STATED else made.iloc[_SECTIONS:]
        rest = [f"All {len(middle)} other sections", *middle[["certain_or_likely", "possible"]].sum()]
        made = pd.concat(
            [
                made.iloc[:_SECTIONS],
                pd.DataFrame([rest], columns=made.columns),
                made.drop(middle.index).iloc[_SECTIONS:],
            ],
            ignore_index=True,
        )
    return made, [bench.share("se_service_known_share", known, int(is_sure.sum()))]


@measure("se_young_share", needs=("organisations",))
def ages(data: Dataset, bench: Workbench) -> Result:
    """How old social enterprises of grades A and B are on the last day of the period, by date of registration.

    One row per age band: `age`, `organisations`, `share`. A society that took another form counts from the newer date.
    Bodies registered after the period are left out.
    """
    bodies = certain_or_likely(data)
    born = pd.to_datetime(bodies["registered_date"])
    last = pd.Timestamp(data.period.end)
    years = ((last - born).dt.days / 365.25)[born <= last]
    unknown = int(born.isna().sum())
    counts = {name: int(((years >= low) & (years < high)).sum()) for low, high, name in _AGES} | {
        "Not known": unknown
    }
    total = sum(counts.values())
    made = pd.DataFrame(
        [{"age": n, "organisations": c, "share": c / total if total else None} for n, c in counts.items()]
    )
    young = int((years < 5).sum())
    return made, [bench.share("se_young_share", young, total, unknown=unknown)]


@measure("se_births", "se_survival_share", needs=("organisations",))
def births(data: Dataset, bench: Workbench) -> Result:
    """Social enterprises founded in each of the last ten calendar years, and how many of them last.

    One row per year of registration: `year`, `founded` (bodies now of grades A and B, and societies, CICs and charities
    that have ended since), `still_active`, `survival` (None for years none of whose bodies is on a register that keeps
    ended ones). Companies House lists living companies only, so that CICs which have ended are missing: their survival is
    not known, and the share is taken of bodies on the other registers alone.
    """
    local = data.local_organisations
    year = pd.to_datetime(local["registered_date"]).dt.year
    last = data.period.end.year
    alive = local["grade"].isin(["A", "B"])
    ended = (local["rule"] == "ended") & local["legal_form"].isin(
        ["Community interest company", "Co-operative society", "Community benefit society", "Registered society",
         "Charitable incorporated organisation"]
    )  # fmt: skip
    keeps = local["registers"].map(lambda text: any(name in str(text) for name in _KEEP_ENDED))
    rows = []
    for founded in range(last - _YEARS + 1, last + 1):
        own = year == founded
        followed = own & keeps & (alive | ended)
        rows.append(
            {
                "year": str(founded),
                "founded": int((own & (alive | ended)).sum()),
                "still_active": int((own & alive).sum()),
                "survival": float((followed & alive).sum() / followed.sum()) if followed.sum() else None,
            }
        )
    first = last - _YEARS + 1
    followed = year.between(first, last) & keeps & (alive | ended)
    return pd.DataFrame(rows), [
        bench.finding("se_births", int(((year == last) & (alive | ended)).sum())),
        bench.share("se_survival_share", int((followed & alive).sum()), int(followed.sum())),
    ]
