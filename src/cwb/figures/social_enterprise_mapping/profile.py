"""Where they are, what they do, how old they are, how many begin and last."""

from __future__ import annotations

from typing import Any

import pandas as pd

from cwb.evidence.finding import number
from cwb.figures.charts import Areas, Bar, Bars
from cwb.figures.exhibits import exhibit, industry
from cwb.figures.social_enterprise_mapping.bodies import here
from cwb.figures.wording import range_text
from cwb.measures.workbench import Measure
from cwb.tables import Column


@exhibit("Where are they?")
def by_district(measure: Measure) -> dict[str, Any]:
    rows = measure.table
    areas = tuple(
        (
            r.lad_code,
            r.district,
            0.0 if pd.isna(r.rate) else r.rate,
            "not known" if pd.isna(r.rate) else number(r.rate, "rate"),
        )
        for r in rows.itertuples()
    )
    outlines = measure.about.lineage.sources["boundaries"]
    scheme = measure.facts["scheme"]
    return {
        "title": f"{measure.facts['top_district']} has {measure['se_top_district_rate']} per 1,000 businesses, the most",
        "subtitle": f"Social enterprises of grades A and B per 1,000 {scheme}. {here(measure)}",
        "chart": Areas(measure.about.outlines, areas),
        "says": (
            f"Darker districts have more for their number of businesses; the rate is printed in each. {outlines}",
        ),
        "columns": (
            Column("district", "District"),
            Column("rate", "Per 1,000", "decimal"),
            Column("organisations", "Social enterprises", "count"),
            Column("base", f"{scheme[:1].upper()}{scheme[1:]}", "count"),
        ),
        "caption": "Social enterprises by district, highest rate first",
    }


@exhibit("What can they provide?")
def services(measure: Measure) -> dict[str, Any]:
    rows = measure.table
    known = measure["se_service_known_share"]
    bars = tuple(
        Bar(industry(r.section), r.certain_or_likely, f"{r.certain_or_likely:,}") for r in rows.itertuples()
    )
    return {
        "title": f"The service is stated for {known} of social enterprises",
        "subtitle": f"Organisations of grades A and B by the industry they state first. {here(measure)}",
        "chart": Bars(bars, "count", {"": 0}),
        "says": (
            "Charities and societies that are no companies state no industry. Not stated does not mean that they do nothing.",
        ),
        "columns": (
            Column("section", "Industry (SIC section)"),
            Column("certain_or_likely", "Certain or likely", "count"),
            Column("possible", "Possible (C)", "count"),
        ),
        "caption": "Social enterprises by service",
    }


@exhibit("How old are they?")
def ages(measure: Measure) -> dict[str, Any]:
    rows = measure.table
    young = measure["se_young_share"]
    return {
        "title": f"{young} of social enterprises are under five years old",
        "subtitle": f"Organisations of grades A and B by age at the end of the period. {here(measure)}",
        "chart": Bars(
            tuple(Bar(r.age, r.organisations, f"{r.organisations:,}") for r in rows.itertuples()), "count", {"": 0}
        ),
        "says": (
            f"By date of registration{range_text(young)}: a body that took a new legal form looks younger than it is.",
        ),
        "columns": (
            Column("age", "Age"),
            Column("organisations", "Organisations", "count"),
            Column("share", "Share", "share"),
        ),
        "caption": "Social enterprises by age",
    }


@exhibit("How many begin, and how many last?")
def births(measure: Measure) -> dict[str, Any]:
    rows = measure.table
    founded, survival = measure["se_births"], measure["se_survival_share"]
    last = rows["year"].iloc[-1]
    bars = tuple(Bar(r.year, r.founded, f"{r.founded:,}") for r in rows.itertuples())
    follow = (
        f"Of those of the last {len(rows)} years on registers that keep ended bodies, {survival} are still active."
        if survival.value is not None
        else f"How many last is not known, because {survival.undefined}."
    )
    return {
        "title": f"{founded} social enterprises were registered in {last} so far",
        "subtitle": f"Registrations by calendar year, the last one up to the registers' date. {here(measure)}",
        "chart": Bars(bars, "count", {"": 0}),
        "says": (
            follow,
            "Companies House lists living companies only: community interest companies that have ended are missing, unless "
            "older files are kept beside the newest.",
        ),
        "columns": (
            Column("year", "Year of registration"),
            Column("founded", "Registered", "count"),
            Column("still_active", "Still active", "count"),
            Column("survival", "Survival, where followed", "share"),
        ),
        "caption": "Social enterprises by year of registration",
    }
