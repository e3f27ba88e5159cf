"""What we buy from them, and what they could have bid for."""

from __future__ import annotations

from typing import Any

from cwb.evidence.finding import number
from cwb.figures.charts import Bar, Bars
from cwb.figures.exhibits import exhibit, where
from cwb.figures.wording import not_known, range_text
from cwb.measures.workbench import Measure
from cwb.tables import Column


@exhibit("Which social enterprises do we buy from?")
def bought(measure: Measure) -> dict[str, Any]:
    rows = measure.table
    spend, share, count = measure["se_spend"], measure["se_spend_share"], measure["se_supplier_count"]
    named = rows[rows["grade"] != ""]
    bars = tuple(
        Bar(r.supplier, r.pounds_gbp, number(r.pounds_gbp, "gbp"), f"Grade {r.grade}") for r in named.itertuples()
    )
    groups = {name: n for n, name in enumerate(("Grade A", "Grade B")) if name in {bar.group for bar in bars}}
    return {
        "title": f"{count} social enterprises received {spend}, {share} of spend"
        if share.value is not None
        else "What part of spend is with social enterprises is not known",
        "subtitle": f"Suppliers matched to organisations of grades A and B, wherever they are. {where(measure)}",
        "chart": Bars(bars, "gbp", groups),
        "says": (
            f"The share is {share}{range_text(share)}: suppliers of grade C, of matches under review and of none may be social "
            f"enterprises too. What kind of organisation they are is known for {number(share.coverage or 0.0, 'share')} of spend."
            if share.value is not None
            else not_known(share, "The share"),
        ),
        "columns": (
            Column("supplier", "Supplier"),
            Column("grade", "Grade"),
            Column("legal_form", "Legal form"),
            Column("place", "Place"),
            Column("pounds_gbp", "Pounds (£)", "gbp"),
        ),
        "caption": "Social enterprises that were paid in the period",
    }


@exhibit("Which could have bid for what we bought elsewhere?")
def contestable(measure: Measure) -> dict[str, Any]:
    rows = measure.table
    spend, share = measure["se_contestable_spend"], measure["se_contestable_share"]
    bars = tuple(
        Bar(r.category, r.leaving_gbp, f"{number(r.leaving_gbp, 'gbp')}, {r.social} social enterprises",
            "There is one" if r.social else "There is none")
        for r in rows.itertuples()
        if r.leaving_gbp > 0
    )  # fmt: skip
    groups = {
        name: n for n, name in enumerate(("There is one", "There is none")) if name in {b.group for b in bars}
    }
    return {
        "title": f"{spend} left the area in industries that have a local social enterprise",
        "subtitle": f"Spend that leaves the local area by category, one-offs left out. {where(measure)}",
        "chart": Bars(bars, "gbp", groups),
        "says": (
            f"That is {share} of what leaves{range_text(share)}. Being in the industry does not mean that a body could have "
            "taken a contract of that size: this bounds what is possible from above.",
        ),
        "columns": (
            Column("category", "Category"),
            Column("leaving_gbp", "Leaves (£)", "gbp"),
            Column("social", "Local social enterprises (A, B)", "count"),
            Column("possible", "Possible ones (C)", "count"),
            Column("contestable_gbp", "Leaves where there is one (£)", "gbp"),
        ),
        "caption": "What leaves the local area and the social enterprises of its industries",
    }
