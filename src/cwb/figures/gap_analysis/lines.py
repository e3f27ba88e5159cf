"""Demand and the gap."""

from __future__ import annotations

from typing import Any

import pandas as pd

from cwb.evidence.finding import number
from cwb.figures.charts import Bar, Bars
from cwb.figures.exhibits import exhibit
from cwb.figures.wording import not_known
from cwb.measures.workbench import Measure
from cwb.tables import Column


def ahead(measure: Measure) -> str:
    data = measure.about
    return f"{data.settings.council.name}, within {data.settings.gap.horizon_months} months of the end of {data.period.short_label}"


@exhibit("What are we about to buy?")
def demand(measure: Measure) -> dict[str, Any]:
    rows = measure.table
    count, value, past = measure["demand_count"], measure["demand_value"], measure["pipeline_past_count"]
    bars = tuple(
        Bar(f"{r.origin}: {r.band[:1].lower()}{r.band[1:]}", r.lines, f"{r.lines:,}", r.origin)
        for r in rows.itertuples()
    )
    groups = {name: n for n, name in enumerate(dict.fromkeys(rows["origin"]))}
    worth = (
        f"{measure['demand_valued_share']} of them state a value, {value} in all over their whole terms."
        if value.value is not None
        else f"What they are worth is not known, because {value.undefined}."
    )
    gone = (
        f" {past} lines of the pipeline are dated before the end of the period and are left out: bring the pipeline up to date."
        if past.value
        else ""
    )
    return {
        "title": f"{count} purchases are planned or fall due"
        + (f", worth {value}" if value.value is not None else ""),
        "subtitle": f"Number of purchases by where they are told and by threshold band on the expected day. {ahead(measure)}",
        "chart": Bars(bars, "count", groups),
        "says": (
            worth + gone,
            "A contract that a pipeline line replaces is told by that line, and a notice of the same title too.",
        ),
        "columns": (
            Column("origin", "Told by"),
            Column("band", "Threshold band"),
            Column("lines", "Purchases", "count"),
            Column("value_gbp", "Value over whole terms (£)", "gbp"),
        ),
        "caption": "Planned purchases by origin and threshold band",
    }


@exhibit("How many purchases find a local market?")
def grades(measure: Measure) -> dict[str, Any]:
    rows, settings = measure.table, measure.about.settings.gap
    served = measure["lines_served_share"]
    order = {"Strong": 0, "Workable": 1, "Thin": 2, "None": 3}
    bars = tuple(
        Bar(r.grade, r.lines, f"{r.lines:,}" + (f", {number(r.value_gbp, 'gbp')}" if r.value_gbp else ""))
        for r in rows.sort_values("grade", key=lambda c: c.map(order).fillna(9)).itertuples()
    )
    return {
        "title": f"{served} of planned purchases find a workable or strong local market"
        if served.value is not None
        else "How many planned purchases find a local market is not known",
        "subtitle": f"Number and value of purchases by grade of the local market. {ahead(measure)}",
        "chart": Bars(bars, "count", {"": 0}),
        "says": (
            f"The rule: no capable local supplier is none, fewer than {settings.workable} thin; {settings.strong} or more, of "
            f"whom at least {settings.proven} are known to us for it, strong; what is between, workable.",
            "Capable means registered in the local area in an industry that supplies it, or known to us for the same. A "
            f"company is left out where a year of the contract is more than {number(settings.turnover_part, 'share')} of "
            "the turnover that its kind of accounts allows.",
            *([] if served.value is not None else [not_known(served, "The share")]),
        ),
        "columns": (
            Column("grade", "Local market"),
            Column("lines", "Purchases", "count"),
            Column("value_gbp", "Value over whole terms (£)", "gbp"),
            Column("below", "Below the threshold", "count"),
        ),
        "caption": "Planned purchases by grade of the local market",
    }


@exhibit("Which local suppliers could serve each purchase?")
def gap(measure: Measure) -> dict[str, Any]:
    rows = measure.table
    reservable, social = measure["reservable_count"], measure["social_line_count"]
    thin = rows[rows["grade"].isin(["None", "Thin"]) & rows["value_gbp"].notna()].head(12)
    bars = tuple(
        Bar(r.title, r.value_gbp, f"{number(r.value_gbp, 'gbp')}, {r.grade.lower()}", r.grade)
        for r in thin.itertuples()
    )
    groups = {name: n for n, name in enumerate(("None", "Thin")) if name in {bar.group for bar in bars}}
    says = f"{reservable} purchases are below the threshold and find a workable market"
    if reservable.bounds:
        says += (
            f" ({reservable.bounds}, because of some it is not known whether they include VAT or are light touch)"
        )
    with_social = (
        f" Local social enterprises are in the industry of {social} purchases."
        if social.value is not None
        else f" For how many there is a social enterprise is not known, because {social.undefined}."
    )
    return {
        "title": f"{reservable} purchases could be kept to local competition, if legal advice agrees",
        "subtitle": f"The largest purchases with no or a thin local market. {ahead(measure)}",
        "chart": Bars(bars, "gbp", groups),
        "says": (
            says + "." + with_social,
            "Candidates are organisations in the right industry, those we know first; nobody has been asked.",
        ),
        "columns": (
            Column("title", "Purchase"),
            Column("tender_date", "Expected"),
            Column("value_gbp", "Value (£)", "gbp"),
            Column("band", "Threshold band"),
            Column("known", "Known", "count", csv_only=True),
            Column("registered", "Registered", "count", csv_only=True),
            Column("social", "Social enterprises", "count"),
            Column("grade", "Market"),
            Column("candidates", "Some candidates"),
            Column("action", "What could be done"),
            Column("via", "Industry found by", csv_only=True),
            Column("confidence", "Bridge", csv_only=True),
        ),
        "caption": "Every planned purchase and its local market",
        "most_rows": 40,
        "table": _spaced(rows),
    }


def _spaced(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.assign(via=rows["via"].where(rows["via"] != "", "nothing: no code"))
