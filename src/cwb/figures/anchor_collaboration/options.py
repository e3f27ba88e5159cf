"""What could be bought together, what it could move, and what was tried."""

from __future__ import annotations

from typing import Any

from cwb.evidence import Measure, number
from cwb.figures.charts import Bar, Bars, Lines, Point
from cwb.figures.exhibits import direction, exhibit, where
from cwb.figures.gap_analysis.lines import ahead
from cwb.tables import Column


@exhibit("Which contracts of several anchors end near each other?")
def aligned(measure: Measure) -> dict[str, Any]:
    groups, count = measure["aligned_group_count"], measure["aligned_contract_count"]
    value = measure["aligned_annual_value"]
    months = measure.about.settings.collaboration.window_months
    return {
        "title": f"{count} contracts in {groups} groups end within {months} months of each other",
        "subtitle": f"Contracts of at least two anchors in one CPV group. {ahead(measure)}",
        "says": (
            f"Those that state a value and a term come to {value} a year."
            if value.value is not None
            else f"What they are worth is not known, because {value.undefined}.",
        ),
        "columns": (
            Column("category", "Category"),
            Column("body", "Body"),
            Column("title", "Contract"),
            Column("end_date", "Ends"),
            Column("annual_gbp", "A year (£)", "gbp"),
            Column("origin", "Told by"),
            Column("reference", "Reference"),
        ),
        "caption": "Contracts of several anchors that end near each other",
    }


@exhibit("What could be done together?")
def options(measure: Measure) -> dict[str, Any]:
    rows = measure.table
    count, value, shift = (measure[f"option_{name}"] for name in ("count", "annual_value", "shift"))
    share = number(measure.about.settings.gap.shift, "share")
    bars = tuple(
        Bar(f"{r.category}", r.annual_gbp, f"{number(r.annual_gbp, 'gbp')}, market {r.grade.lower()}", r.grade)
        for r in rows[rows["annual_gbp"].notna()].head(12).itertuples()
    )
    present = list(dict.fromkeys(bar.group for bar in bars))
    return {
        "title": f"{count} options, {value} a year; {shift} of it could move local"
        if value.value is not None
        else f"{count} options; what they are worth is not known",
        "subtitle": f"Groups of contracts by combined value a year and local market. {ahead(measure)}",
        "chart": Bars(bars, "gbp", {name: n % 4 for n, name in enumerate(present)})
        if bars and len(present) <= 4
        else None,
        "says": (
            f"If {share} of what is known not to be local now moved, where there is a local market, {shift} a year would stay: an "
            "assumption, set as gap.shift.",
            "Every route is for legal confirmation; a council, an NHS trust and a university have different rules, and each keeps "
            "its own duty. Who leads is a suggestion: the body that buys most of it.",
        ),
        "columns": (
            Column("category", "Category"),
            Column("bodies", "Bodies"),
            Column("annual_gbp", "A year, combined (£)", "gbp"),
            Column("first_end", "First ends"),
            Column("last_end", "Last ends"),
            Column("start_by", "Start by"),
            Column("capable", "Local suppliers able", "count"),
            Column("social", "Social enterprises able", "count"),
            Column("grade", "Market"),
            Column("band", "Band, combined"),
            Column("lead", "Could lead"),
            Column("shift_gbp", "Could move (£)", "gbp"),
            Column("routes", "Possible routes by kind of body"),
            Column("standing", "Standing"),
        ),
        "caption": "Options for buying together, ranked",
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
        "title": f"Between {least} and {most} options under other choices"
        if least.value is not None
        else "The local share of all bodies under other choices",
        "subtitle": f"Groups of contracts, and local share of all bodies, under each choice. {where(measure)}",
        "chart": Bars(
            tuple(Bar(r.choice, float(r.options), f"{r.options:,.0f}") for r in counted.itertuples()),
            "count",
            {"": 0},
        )
        if least.value is not None
        else None,
        "says": (
            "The local share moves with the amount over which payments are compared: small payments are more often local.",
        ),
        "columns": (
            Column("choice", "Choice"),
            Column("options", "Options", "count", missing=""),
            Column("local_share", "Local share of all bodies", "share", missing=""),
        ),
        "caption": "Options and local share under other choices",
        "table": rows.assign(options=rows["options"].astype(object).where(rows["options"].notna(), None)),
    }
