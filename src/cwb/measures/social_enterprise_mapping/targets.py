"""Which planned purchases could be targeted at social enterprises, by which route; and the two meanings of local."""

from __future__ import annotations

import pandas as pd

from cwb.dataset import Dataset
from cwb.measures.gap_analysis.lines import graded
from cwb.measures.rules import routes
from cwb.measures.social_enterprise_mapping.bodies import social_enterprises
from cwb.measures.supply import Supply
from cwb.measures.workbench import Result, Undefined, Workbench, measure
from cwb.sources.places import district_names

# Routes of the dated table that are open to social enterprises in particular; lots and engagement help all small firms.
_FOR_SOCIAL = ("reserve-vcse", "quotes", "section-32", "section-33", "light-touch")
LEGAL = "For legal confirmation"


@measure("se_target_count", "se_target_value", needs=("organisations",))
def targets(data: Dataset, bench: Workbench) -> Result:
    """Planned purchases that at least one local social enterprise of grade A or B could serve, with the lawful routes.

    One row per purchase, most social enterprises first, then largest: `title`, `tender_date`, `value_gbp`, `band`,
    `social`, `candidates` (up to three, those we know first), `routes`, `standing` (always "For legal confirmation").
    A purchase to which no listed route is open is left out. A route that needs a light touch service is named "if light touch" where the pipeline does not say. Routes hold on the
    day of the expected tender.
    """
    lines = graded(data)
    own = lines[lines["social"] > 0].sort_values(["social", "value_gbp", "title"], ascending=[False, False, True])
    if own.empty:
        raise Undefined("no planned purchase is in an industry of a local social enterprise")
    rows, kept = [], []
    for number, line in enumerate(own.to_dict("records")):
        found = routes(line["band"], line["is_light_touch"], "council", line["tender_date"])
        named = [
            route["label"] + (", if light touch" if route["if_light_touch"] else "")
            for route in found
            if route["route"] in _FOR_SOCIAL
        ]
        if not named:
            continue
        kept.append(number)
        rows.append(
            {
                "title": line["title"],
                "tender_date": f"{line['tender_date']:%b %Y}",
                "value_gbp": line["value_gbp"],
                "band": line["band"],
                "social": line["social"],
                "candidates": line["social_candidates"],
                "routes": "; ".join(named),
                "standing": LEGAL,
            }
        )
    own = own.iloc[kept]
    if own.empty:
        raise Undefined("no listed route is open to a purchase in an industry of a local social enterprise")
    sources = (*data.source_names(("pipeline", "contracts", "notices")), *bench.sources)
    valued = own["value_gbp"].notna()
    value = bench.finding("se_target_value", float(own["value_gbp"].sum()), n=int(valued.sum()), sources=sources)
    if not valued.any():
        value = bench.finding("se_target_value", undefined="no such purchase states a value")
    return pd.DataFrame(rows), [bench.finding("se_target_count", len(own), of=len(lines), sources=sources), value]


@measure("se_reservation_count", needs=("organisations",))
def geographies(data: Dataset, bench: Workbench) -> Result:
    """Local for measurement and local for reservation, which are two things.

    One row per area: `area`, `use` ("Measurement" or "Reservation"), `districts` (names), `social` (grades A and B with a
    registered office there), `organisations` (all in business there), `standing`. Areas for reservation come from the
    settings; those districts of them that are outside the local area for measurement are counted where the registers reach.
    Source: formats.md 8.3: a below-threshold competition may be reserved to the council's own area, its county, or that with
    bordering counties; substantive operations count there, not the registered office, so that numbers are a first look.
    """
    bodies, names = social_enterprises(data), district_names()
    sure = bodies[bodies["grade"].isin(["A", "B"])]
    side = data.once("supply", Supply)
    local = data.settings.local
    areas = [(local.name, "Measurement", local.districts)]
    areas += [(area.name, "Reservation", area.districts) for area in data.settings.reservation.areas]
    rows = [
        {
            "area": name,
            "use": use,
            "districts": ", ".join(names[code] for code in codes),
            "social": int(sure["lad_code"].isin(codes).sum()),
            "organisations": int(side.organisations["lad_code"].isin(codes).sum()),
            "standing": "The strategy's definition" if use == "Measurement" else LEGAL,
        }
        for name, use, codes in areas
    ]
    made = pd.DataFrame(rows)
    reserved = made[made["use"] == "Reservation"]
    finding = (
        bench.finding("se_reservation_count", int(reserved["social"].max()), of=int(made["social"].iloc[0]))
        if len(reserved)
        else bench.finding("se_reservation_count", undefined="the settings name no area for reservation")
    )
    return made, [finding]
