"""Change over time, and other choices."""

from __future__ import annotations

from typing import Any

from cwb.evidence.finding import number
from cwb.figures.charts import Lines, Point, Ranges
from cwb.figures.exhibits import direction, exhibit, where
from cwb.measures.workbench import Measure
from cwb.tables import Column


@exhibit("How is the local share changing?")
def trend(measure: Measure) -> dict[str, Any]:
    rows = measure.table
    series = tuple(
        (name, tuple(Point(r.label, r.local_share, number(r.local_share, "share")) for r in own.itertuples()))
        for name, own in rows.groupby("series", sort=False)
    )
    data = measure.about
    change = measure["local_share_without_one_offs_change"]
    base = measure["local_share_without_one_offs_baseline"]
    if change.value is None:
        title, says = (
            "The local share by quarter",
            f"Change since the baseline is not known, because {change.undefined}.",
        )
    elif data.period == data.baseline:
        title, says = "The local share in each quarter of the baseline year", "This is the baseline year itself."
    else:
        word = direction(change)
        moved = "level" if word == "level" else f"{word} {change}"
        title = f"Local share without one-offs is {moved} since {data.baseline.short_label}"
        whole = measure["local_share_change"]
        says = (
            f"In {data.baseline.label} it was {base}. With one-offs included the share of all spend is "
            f"{direction(whole)} {whole}: large projects move it from quarter to quarter."
        )
    mean = measure["mean_of_quarter_shares"]
    note = f"The mean of the quarters' own shares is {mean}; it is not the share of the period, because quarters differ in size."
    return {
        "title": title,
        "subtitle": f"Local share of spend by quarter of payment. {data.settings.council.name}, up to {data.period.label}",
        "chart": Lines(series),
        "says": (says, note) if mean.value is not None and not data.period.quarter else (says,),
        "columns": (
            Column("label", "Quarter"),
            Column("series", "Spend"),
            Column("local_share", "Local share", "share"),
            Column("local_gbp", "Local (£)", "gbp"),
            Column("pounds_gbp", "Spend (£)", "gbp"),
        ),
        "caption": "Local share by quarter",
    }


@exhibit("How far does the answer depend on choices?")
def sensitivity(measure: Measure) -> dict[str, Any]:
    rows = measure.table
    shares = rows["local_share"].dropna()
    low, high = number(float(shares.min()), "share"), number(float(shares.max()), "share")
    registered = measure["local_share_registered"]
    by_office = (
        f"By registered office instead of paying address it is {registered}."
        if registered.value is not None
        else f"By registered office it is not known, because {registered.undefined}."
    )
    return {
        "title": f"The local share lies between {low} and {high} under other choices",
        "subtitle": f"Local share of all spend under each choice, with the range that unknown places allow. {where(measure)}",
        "chart": Ranges(
            tuple(
                (r.choice, r.local_share, r.share_low, r.share_high, number(r.local_share, "share"))
                for r in rows.itertuples()
            )
        ),
        "says": (f"{by_office} Of spend whose place is known, {measure['local_share_known']} is local.",),
        "columns": (
            Column("choice", "Choice"),
            Column("local_share", "Local share", "share"),
            Column("share_low", "Low", "share"),
            Column("share_high", "High", "share"),
            Column("without_one_offs", "Without one-offs", "share"),
        ),
        "caption": "The local share under other choices",
    }
