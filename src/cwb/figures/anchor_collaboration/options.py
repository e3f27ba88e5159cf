"""What could be bought together, what it could move, and what was tried."""

from __future__ import annotations

from typing import Any

from cwb.evidence.finding import number
from cwb.figures.charts import Bar, Bars, Lines, Point
from cwb.figures.exhibits import direction, exhibit, where
from cwb.figures.gap_analysis.lines import ahead
from cwb.measures.anchor_collaboration.options import OPEN
from cwb.measures.workbench import Measure
from cwb.tables import Column


@exhibit("Which contracts of several anchors end near each other?")
def aligned(measure: Measure) -> dict[str, Any]:
    groups, count = measure["aligned_group_count"], measure["aligned_contract_count"]
    value = measure["aligned_annual_value"]
    months = measure.about.settings.collaboration.window_months
    if not count.value:
        says = f"Contracts were supplied; no two bodies have one in the same CPV group that end within {months} months."
    elif value.value is not None:
        says = f"Those that state a value and a term come to {value} a year."
    else:
        says = f"What they are worth is not known, because {value.undefined}."
    return {
        "title": f"{count} contracts in {groups} groups end within {months} months of each other"
        if count.value
        else f"No contracts of two anchors end within {months} months of each other",
        "subtitle": f"Contracts of at least two anchors in one CPV group. {ahead(measure)}",
        "says": (says,),
        "columns": (
            Column("category", "Category"),
            Column("body", "Body"),
            Column("title", "Contract"),
            Column("end_date", "Ends"),
            Column("annual_gbp", "A year (£)", "gbp"),
            Column("origin", "Told by"),
            Column("reference", "Reference", csv_only=True),
        ),
        "caption": "Contracts of several anchors that end near each other",
        "most_rows": 25,
    }


@exhibit("What could be done together?")
def options(measure: Measure) -> dict[str, Any]:
    rows = measure.table
    count, late, value, partner, shift = (
        measure[f"option_{name}"] for name in ("count", "late_count", "annual_value", "partner_value", "shift")
    )
    data = measure.about
    share = number(data.settings.gap.shift, "share")
    still = rows[(rows["standing"] == OPEN) & (rows["partner_gbp"] > 0)].head(12)
    bars = tuple(
        Bar(
            f"{r.ends}: {r.category}",
            r.partner_gbp,
            f"{number(r.partner_gbp, 'gbp')} of {number(r.annual_gbp, 'gbp')}",
        )
        for r in still.itertuples()
    )
    if not count.value:
        title = "No group of contracts can still be started together"
    elif value.value is None:
        title = f"{count} options are open; what they are worth is not known"
    else:
        title = f"{count} options are open, {value} a year; partners bring {partner} of it"
    moved = (
        f"If {share} of what is known not to be local now moved, where there is a local market, {shift} a year would stay: an "
        "assumption, set as gap.shift."
        if shift.value is not None
        else f"What could move is not known, because {shift.undefined}."
    )
    return {
        "title": title,
        "subtitle": f"What all but the largest buyer bring to each open group, of its whole value a year. {ahead(measure)}",
        "chart": Bars(bars, "gbp", {"": 0}),
        "says": (
            f"{late} more are too late: a joint procurement must start {data.settings.collaboration.lead_months} months before "
            "the first contract ends. Extend those, or align the next term."
            if late.value
            else "None is too late to start.",
            moved,
            "Who leads is a suggestion: the body that buys most of it.",
        ),
        "columns": (
            Column("category", "Category"),
            Column("ends", "Contracts end"),
            Column("bodies", "Bodies"),
            Column("annual_gbp", "A year, together (£)", "gbp"),
            Column("partner_gbp", "Partners bring (£)", "gbp"),
            Column("start_by", "Start by"),
            Column("capable", "Local able", "count"),
            Column("social", "Social enterprises able", "count"),
            Column("grade", "Market"),
            Column("shift_gbp", "Could move (£)", "gbp"),
            Column("lead", "Could lead", csv_only=True),
            Column("band", "Band, combined", csv_only=True),
            Column("standing", "Standing", csv_only=True),
        ),
        "caption": "Options for buying together, ranked; those too late last",
        "table": rows.assign(start_by=rows["start_by"].where(rows["standing"] == OPEN, "too late")),
        "most_rows": 40,
    }


@exhibit("By which routes could each kind of body take part?")
def option_routes(measure: Measure) -> dict[str, Any]:
    count = measure["option_route_count"]
    return {
        "title": f"{count} routes could be looked at, each for legal confirmation"
        if count.value
        else "No open option, and so no route to look at",
        "subtitle": f"Routes in force on the day of the start, by kind of body and band of the combined value. {ahead(measure)}",
        "says": (
            "A council, an NHS trust, a university and a college have different rules, and each keeps its own duty. Below the "
            "threshold only a council may reserve by place. Every route is for legal confirmation.",
        ),
        "columns": (
            Column("kind", "Kind of body"),
            Column("band", "Combined value"),
            Column("options", "Options", "count"),
            Column("routes", "Possible routes"),
        ),
        "caption": "Possible routes by kind of body and band",
        "table": measure.table.assign(
            kind=measure.table["kind"].map(lambda kind: "NHS body" if kind == "nhs" else kind.capitalize())
        ),
    }


@exhibit("What would it be worth to the area?")
def multiplier(measure: Measure) -> dict[str, Any]:
    rows = measure.table
    gain = measure["illustrated_gain"]
    bars = tuple(
        Bar(
            f"{number(r.retained, 'share')} kept local (LM3 {number(r.lm3, 'intensity')})",
            r.worth_gbp,
            number(r.worth_gbp, "gbp"),
        )
        for r in rows.itertuples()
    )
    return {
        "title": f"Illustration only: {gain} over three rounds, if half is kept local",
        "subtitle": f"Local Multiplier 3 applied to the shift of the options, for shares that could be kept. {where(measure)}",
        "chart": Bars(bars, "gbp", {"": 3}),
        "says": (
            "No finding: nobody has measured what local suppliers keep local. Pounds that go round twice are no new pounds.",
        ),
        "columns": (
            Column("retained", "Kept local at each round", "share"),
            Column("lm3", "LM3", "decimal2"),
            Column("shift_gbp", "Shift (£)", "gbp"),
            Column("worth_gbp", "Over three rounds (£)", "gbp"),
        ),
        "caption": "Local Multiplier 3, an illustration",
    }


@exhibit("What was tried, and what moved?")
def journey(measure: Measure) -> dict[str, Any]:
    rows = measure.table
    moved, count = measure["journey_change"], measure["initiative_count"]
    known = rows[rows["local_share"].notna()]
    points = tuple(Point(r.year, r.local_share, number(r.local_share, "share")) for r in known.itertuples())
    if moved.value is None:
        title = "What was tried, year by year"
        says = f"What moved is not known, because {moved.undefined}."
    else:
        word = direction(moved)
        title = f"Anchors' local share is {'level' if word == 'level' else f'{word} {moved}'} since {known['year'].iloc[0]}"
        says = f"Like for like, of the bodies that are there in every year: {measure.facts.get('bodies', '')}."
    tried = (
        f"{count} initiatives are listed."
        if count.value is not None
        else f"What was tried is not known, because {count.undefined}."
    )
    return {
        "title": title,
        "subtitle": f"Local share of all bodies together, same months of each year, like for like. {where(measure)}",
        "chart": Lines((("All anchors", points),)) if len(points) > 1 else None,
        "says": (says, f"{tried} That something was tried before something moved does not show that it moved it."),
        "columns": (
            Column("year", "Year"),
            Column("local_share", "Local share", "share"),
            Column("pounds_gbp", "Spend, like for like (£)", "gbp"),
            Column("tried", "What was tried"),
            Column("outcome", "What came of it"),
        ),
        "caption": "Year by year: what was tried and what moved",
    }


@exhibit("How far does the picture depend on choices?")
def sensitivity(measure: Measure) -> dict[str, Any]:
    rows = measure.table
    least, most = measure["option_count_least"], measure["option_count_most"]
    counted = rows[rows["options"].notna()]
    return {
        "title": "The local share of all bodies under other choices"
        if least.value is None
        else f"{least} groups of contracts under every choice"
        if least.value == most.value
        else f"Between {least} and {most} groups of contracts under other choices",
        "subtitle": f"Groups of contracts, and local share of all bodies, under each choice. {where(measure)}",
        "chart": Bars(
            tuple(Bar(r.choice, float(r.options), f"{r.options:,.0f}") for r in counted.itertuples()),
            "count",
            {"": 0},
        )
        if least.value is not None
        else None,
        "says": (
            "The local share moves with the amount over which payments are compared: small payments are more often local. A "
            "shorter window parts a group in two, so that there can be more groups and fewer contracts in them.",
        ),
        "columns": (
            Column("choice", "Choice"),
            Column("options", "Groups of contracts", "count", missing=""),
            Column("local_share", "Local share of all bodies", "share", missing=""),
        ),
        "caption": "Groups of contracts and local share under other choices",
        "table": rows.assign(options=rows["options"].astype(object).where(rows["options"].notna(), None)),
    }
