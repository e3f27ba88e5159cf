"""Counts by grade, what was kept out, legal forms."""

from __future__ import annotations

from typing import Any

from cwb.figures.charts import Bar, Bars
from cwb.figures.exhibits import exhibit
from cwb.figures.wording import range_text
from cwb.measures.workbench import Measure
from cwb.tables import Column


def here(measure: Measure) -> str:
    return f"{measure.about.settings.local.name}, registers as supplied"


@exhibit("How many social enterprises are there?")
def grades(measure: Measure) -> dict[str, Any]:
    rows = measure.table
    a, b, c, count, home = (
        measure[f"se_{name}"]
        for name in ("certain_count", "likely_count", "possible_count", "count", "home_count")
    )
    name = measure.about.settings.home_name
    bars = []
    for grade, own in rows.groupby("grade", sort=True):
        for n, r in enumerate(own.itertuples()):
            bars.append(Bar(str(grade), r.organisations, f"{r.organisations:,}", r.place, joins=n > 0))
    groups = {place: n for n, place in enumerate(dict.fromkeys(rows["place"]))}
    flat = tuple(Bar(f"{bar.label}, {bar.group}", bar.value, bar.text, bar.group) for bar in bars)
    return {
        "title": f"{a} certain, {b} likely and {c} possible social enterprises are local",
        "subtitle": f"Organisations with a registered office in the area, by grade of evidence. {here(measure)}",
        "chart": Bars(flat, "count", groups),
        "says": (
            f"Certain and likely together are {count}{range_text(count)}; {home} of them are within {name}{range_text(home)}. "
            "No register lists social enterprises, so that no single number would be honest.",
            "A: community interest companies, co-operative and community benefit societies. B: charities that trade, other "
            "mutuals and co-operatives in other legal forms. C: guarantee companies and names that say so.",
        ),
        "columns": (
            Column("grade", "Grade of evidence"),
            Column("place", "Registered office"),
            Column("organisations", "Organisations", "count"),
        ),
        "caption": "Social enterprises by grade and place",
    }


@exhibit("What was kept out?")
def kept_out(measure: Measure) -> dict[str, Any]:
    rows = measure.table
    return {
        "title": f"{measure['se_kept_out_count']} bodies that look like social enterprises are kept out",
        "subtitle": f"Classes of false positives and how each is kept out. {here(measure)}",
        "chart": Bars(
            tuple(Bar(r.title, r.organisations, f"{r.organisations:,}") for r in rows.itertuples()),
            "count",
            {"": 0},
        ),
        "says": (
            "A society under an old and a new number counts once. Each rule errs on one side: a club that trades widely may "
            "be kept out, and a management company with an unusual name may be counted.",
        ),
        "columns": (
            Column("title", "Class"),
            Column("how", "How it is kept out"),
            Column("organisations", "Organisations", "count"),
        ),
        "caption": "Bodies kept out, by class",
    }


@exhibit("Which legal forms do they have?")
def legal_forms(measure: Measure) -> dict[str, Any]:
    rows = measure.table
    bars = tuple(
        Bar(r.legal_form, r.certain + r.likely, f"{r.certain + r.likely:,}", "Certain or likely")
        for r in rows.itertuples()
        if r.certain + r.likely
    )
    share = measure["se_largest_form_share"]
    return {
        "title": f"{measure.facts['largest_form']}: {share} of certain and likely social enterprises"
        if share.value is not None
        else "No social enterprise of the local area is certain or likely",
        "subtitle": f"Organisations of grades A and B by legal form. {here(measure)}",
        "chart": Bars(bars, "count", {"Certain or likely": 0}),
        "says": (
            "Legal form is what a register states; it says what may be done with profits, not how well it is done.",
        ),
        "columns": (
            Column("legal_form", "Legal form"),
            Column("certain", "Certain (A)", "count"),
            Column("likely", "Likely (B)", "count"),
            Column("possible", "Possible (C)", "count"),
            Column("rule", "Mostly because"),
        ),
        "caption": "Social enterprises by legal form and grade",
    }
