"""Who is there: local organisations by industry, beside those we know and the official count of businesses."""

from __future__ import annotations

import pandas as pd

from cwb.dataset import Dataset
from cwb.measures.supply import Supply
from cwb.measures.workbench import Result, Workbench, measure
from cwb.reference import table

NOT_STATED = "Industry not stated"


def sections() -> dict[str, str]:
    """First two digits of a SIC code → "F Construction"."""
    rows = table("sic")
    return {
        row.sic_code[:2]: f"{row.section} {row.section_title.capitalize()}" for row in rows.itertuples(index=False)
    }


def first_section(codes: pd.Series) -> pd.Series:
    """The section of the first SIC code that a body gives; "Industry not stated" for none, or 99999."""
    names = sections()
    return codes.astype(object).map(
        lambda text: names.get(text[:2], NOT_STATED) if isinstance(text, str) and text else NOT_STATED
    )


@measure("local_organisation_count", "known_local_supplier_count", "business_unit_count", needs=("organisations",))
def supply(data: Dataset, bench: Workbench) -> Result:
    """Active local organisations by industry.

    One row per SIC section, most organisations first: `section`, `registered` (registered office in the local area),
    `social` (grades A and B among them), `known` (local suppliers paid in three years and matched), `units` (businesses by
    the ONS count, rounded to 5 by the publisher; None where no count was supplied), `lines` (planned purchases).
    A body counts in the section of its first code.
    """
    side = data.once("supply", Supply)
    section = first_section(side.organisations["sic_codes"])
    known = first_section(side.known["sic_codes"]) if len(side.known) else pd.Series(dtype=object)
    grouped = pd.DataFrame(
        {
            "registered": section.value_counts(),
            "social": section[side.organisations["grade"].isin(["A", "B"])].value_counts(),
            "known": known.value_counts(),
        }
    )
    counts = data.table("business_counts")
    units: dict[str, int] = {}
    if len(counts):
        newest = counts[
            (counts["counted_on"] == counts["counted_on"].max())
            & (counts["size_band"] == "Total")
            & counts["lad_code"].isin(data.settings.local.districts)
        ]
        by_letter = newest.groupby("section")["units"].sum()
        units = {name: int(by_letter.get(name[0], 0)) for name in set(sections().values())}
    made = grouped.reindex(sorted(set(grouped.index) | set(units))).rename_axis("section").reset_index()
    for column in ("registered", "social", "known"):
        made[column] = made[column].fillna(0).astype("int64")
    made["units"] = [units.get(name) for name in made["section"]]
    made["units"] = made["units"].astype("Float64").astype(object).where(made["units"].notna(), None)
    made = made.sort_values(["registered", "section"], ascending=[False, True], ignore_index=True)
    total = sum(units.values())
    return made, [
        bench.finding("local_organisation_count", len(side.organisations)),
        bench.finding("known_local_supplier_count", len(side.known), sources=data.source_names(("spend",)))
        if data.has("spend")
        else bench.finding("known_local_supplier_count", undefined="no spending file was supplied"),
        bench.finding("business_unit_count", total, sources=data.source_names(("business_counts",)))
        if units
        else bench.finding("business_unit_count", undefined="no business counts were supplied"),
    ]
