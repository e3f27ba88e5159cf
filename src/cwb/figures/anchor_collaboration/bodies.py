"""Each body, and what bodies share."""

from __future__ import annotations

from typing import Any

import pandas as pd

from cwb.evidence.finding import number
from cwb.figures.charts import Bar, Bars, Flows, Stack
from cwb.figures.exhibits import exhibit, where
from cwb.figures.wording import industry, range_text
from cwb.measures.anchor_collaboration.bodies import body_names
from cwb.measures.workbench import Measure
from cwb.tables import Column

_FLOWS = 8
_INDUSTRIES = 12


@exhibit("What do the anchors spend, and how much of it is local?")
def bodies(measure: Measure) -> dict[str, Any]:
    rows = measure.table
    known = rows[rows["pounds_gbp"].notna()]
    share, count, least = measure["anchor_local_share"], measure["anchor_body_count"], measure["anchor_threshold"]
    bars = tuple(
        (
            f"{r.body}, {number(r.pounds_gbp, 'gbp')}",
            tuple(
                (part, max(pounds, 0.0) / r.pounds_gbp, number(pounds / r.pounds_gbp, "share"))
                for part, pounds in (
                    ("Local", r.local_gbp),
                    ("Not local", r.away_gbp),
                    ("Not known", r.unknown_gbp),
                )
            ),
        )
        for r in known.itertuples()
        if r.pounds_gbp > 0
    )
    missing = "; ".join(rows.loc[rows["pounds_gbp"].isna(), "body"])
    return {
        "title": f"{share} of {measure['anchor_spend_total']} spent by {count} of {len(rows)} anchors is local"
        if share.value is not None
        else f"{measure['anchor_spend_total']} spent by {count} of {len(rows)} anchors; how much is local is not known",
        "subtitle": f"Local share of payments over {least}, like for like, for each body. {where(measure)}",
        "chart": Stack(bars),
        "says": (
            f"Together: {share}{range_text(share)}, pounds over pounds. All bodies are cut to payments over {least}, the highest "
            "amount over which any of them publishes; smaller payments, which are more often local, are missing from all.",
            f"No spending file of this period was supplied by: {missing}."
            if missing
            else "Every body supplied its payments.",
            *least.caveats,
        ),
        "columns": (
            Column("body", "Body"),
            Column("kind", "Kind"),
            Column("threshold_gbp", "Publishes over (£)", "gbp", missing="not stated"),
            Column("pounds_gbp", "Spend, like for like (£)", "gbp"),
            Column("local_share", "Local share", "share"),
            Column("share_low", "Low", "share", missing=""),
            Column("share_high", "High", "share", missing=""),
            Column("coverage", "Place known", "share", missing=""),
            Column("suppliers", "Suppliers", "count", missing=""),
            Column("standing", "File"),
        ),
        "caption": "Spend of each anchor, like for like",
    }


@exhibit("Which suppliers do we share?")
def shared_suppliers(measure: Measure) -> dict[str, Any]:
    rows = measure.table
    names = body_names(measure.about)
    count, share, spend = (measure[f"shared_supplier_{name}"] for name in ("count", "share", "spend"))
    shown = rows.sort_values("pounds_gbp", ascending=False).head(_FLOWS)
    links = tuple(
        (body, str(r["supplier"]), float(r[f"body_{n}"]), number(float(r[f"body_{n}"]), "gbp"))
        for r in shown.to_dict("records")
        for n, body in enumerate(names)
        if r[f"body_{n}"] is not None and not pd.isna(r[f"body_{n}"]) and r[f"body_{n}"] > 0
    )
    present = [n for n in range(len(names)) if rows[f"body_{n}"].notna().any()]
    return {
        "title": f"{count} suppliers are paid by more than one anchor, {share} of spend",
        "subtitle": f"Payments of each anchor to the shared suppliers paid most, like for like. {where(measure)}",
        "chart": Flows(links),
        "says": (
            f"Shared suppliers receive {spend} together. One conversation with such a supplier can serve several bodies.",
        ),
        "columns": (
            Column("supplier", "Supplier"),
            Column("place", "Place"),
            Column("bodies", "Bodies", "count"),
            Column("pounds_gbp", "Together (£)", "gbp"),
            *(Column(f"body_{n}", f"{names[n]} (£)", "gbp", missing="") for n in present),
        ),
        "caption": "Suppliers that more than one anchor pays",
    }


@exhibit("What do we all buy?")
def shared_categories(measure: Measure) -> dict[str, Any]:
    rows = measure.table
    count, spend = measure["shared_category_count"], measure["shared_category_spend"]
    bars = tuple(
        Bar(industry(r.section), max(r.pounds_gbp, 0.0), f"{number(r.pounds_gbp, 'gbp')}, "
            f"{r.bodies} bodies")
        for r in rows.head(_INDUSTRIES).itertuples()
    )  # fmt: skip
    return {
        "title": f"Two or more anchors buy in {count} industries, {spend} together",
        "subtitle": f"Payments by the industry that the supplier states first, like for like. {where(measure)}",
        "chart": Bars(bars, "gbp", {"": 0}),
        "says": (
            "Bodies classify their spend each in its own way; the supplier's industry is what all have in common.",
        ),
        "columns": (
            Column("section", "Industry of the supplier"),
            Column("bodies", "Bodies", "count"),
            Column("pounds_gbp", "Pounds (£)", "gbp"),
            Column("local_gbp", "Local (£)", "gbp"),
            Column("leaving_gbp", "Leaves (£)", "gbp"),
            Column("unknown_gbp", "Place not known (£)", "gbp"),
            Column("local_share", "Local share where known", "share"),
        ),
        "caption": "What the anchors buy, by industry of the supplier",
    }
