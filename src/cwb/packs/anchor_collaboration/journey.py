"""What was tried and what moved, year by year."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from cwb.base.rows import Row
from cwb.charts.tables import Column
from cwb.council.periods import Period
from cwb.packs.anchor_collaboration.payments import local_share, local_sums, payments
from cwb.packs.compare import moved
from cwb.packs.exhibits import Lines, Point, counted, or_why, range_sentence, sentence_case
from cwb.packs.measure import Definition, Measured, PackData, Result, Shown, Undefined, ask, measure
from cwb.packs.questions import IS_LOCAL, PLACE, Finding, Relation, Thing, change_of_share, count, number
from cwb.sources.tabular import sql_text

INITIATIVE = Thing("", "title", "initiatives")


@measure(
    Definition(
        "journey_change", "Change in the anchors' local share", "points", "change",
        "Local share of the bodies present in every year, like for like, in the last whole year up to the "
        "period less that of the first.",
        excluded="Years with months missing.",
    ),
    Definition(
        "initiative_count", "Initiatives listed", "count", "count",
        "Initiatives of the list up to the period's year, those that are planned or were given up too.",
    ),
    question="What was tried, and what moved?",
    needs=(),
    columns=(
        Column("year", "Year"),
        Column("local_share", "Local share", "share"),
        Column("pounds_gbp", "Spend, like for like (£)", "gbp"),
        Column("tried", "Initiatives, and how far they are", missing=""),
        Column("outcome", "What came of it", missing=""),
    ),
)  # fmt: skip
def journey(data: PackData) -> Result:
    """Year by year: what was tried, and the local share of all bodies together, like for like.

    One row per financial year up to the period's: `year`, `local_share` (None for a year without every month, or of which
    too few places are known), `pounds_gbp`, `tried` (each initiative with its status: one that is planned was not tried yet),
    `outcome`. Only bodies with a payment in every month of every whole year are taken, so that one which starts to publish
    does not look like change. What moved in a year was not moved by what was tried: no cause is shown.
    """
    tried = Relation("initiatives", ("initiatives",), (f"financial_year <= {data.period.start_year}",))
    listed = data.rows(
        f"SELECT financial_year, title, status, outcome FROM initiatives WHERE {tried.condition} ORDER BY {PLACE}"
    )
    months = _months(data)
    whole = [year for year, held in months.items() if held.get(data.settings.council.name) == data.period.months]
    years = sorted({*months, *(row["financial_year"] for row in listed)})
    if not years:
        raise Undefined(f"no year up to {data.period.year.label} has payments or initiatives")
    steady = _steady(data, [months[year] for year in whole])
    lines = payments(data).where(f"body IN ({', '.join(map(sql_text, steady))})")
    whole_years = replace(lines, period=None).where(
        f"financial_year IN ({', '.join(map(str, whole))})", *_quarter(data)
    )
    sums = local_sums(data, whole_years, "financial_year") if whole else {}
    table = pd.DataFrame(
        [
            {
                "year": _period(data, year).short_label,
                "local_share": local_share(data, sums.get(year)),
                "pounds_gbp": float(sums[year].all) if year in sums else None,
                "tried": "; ".join(_with_status(row) for row in listed if row["financial_year"] == year),
                "outcome": "; ".join(
                    row["outcome"] for row in listed if row["financial_year"] == year and row["outcome"]
                ),
            }
            for year in years
        ]
    )
    findings = _findings(data, lines, [year for year in whole if year in sums], tried)
    return Result(findings, table, {"bodies": ", ".join(steady), "alone": steady[0] if len(steady) == 1 else ""})


def _with_status(row: Row) -> str:
    """ "Joint quotes (Planned)": an initiative as the list states it."""
    return f"{row['title']} ({row['status']})" if row["status"] else str(row["title"])


def _period(data: PackData, year: int) -> Period:
    return Period(year, data.period.quarter)


def _quarter(data: PackData) -> tuple[str, ...]:
    return (f"quarter_number = {data.period.quarter}",) if data.period.quarter else ()


def _months(data: PackData) -> dict[int, dict[str, int]]:
    """For each year up to the period's with a payment of the council: how many of its months each body has paid in."""
    every = payments(data, least=0).source
    condition = " AND ".join((f"financial_year <= {data.period.start_year}", *_quarter(data)))
    rows = data.rows(
        f"""SELECT financial_year, body, count(DISTINCT payment_month) AS months FROM {every}
        WHERE {condition} GROUP BY financial_year, body
        ORDER BY financial_year, body"""
    )
    found: dict[int, dict[str, int]] = {}
    for row in rows:
        found.setdefault(row["financial_year"], {})[row["body"]] = row["months"]
    return {year: held for year, held in found.items() if data.settings.council.name in held}


def _steady(data: PackData, years: list[dict[str, int]]) -> list[str]:
    """The bodies that have paid in every month of all these years."""
    bodies = sorted({body for held in years for body in held})
    return [body for body in bodies if all(held.get(body) == data.period.months for held in years)]


def _findings(data: PackData, lines: Relation, years: list[int], tried: Relation) -> dict[str, Finding]:
    ends = (years[-1], years[0]) if len(years) > 1 else (data.period.start_year,) * 2
    now, then = (lines.at(_period(data, year)) for year in ends)
    too_few = None if len(years) > 1 else "fewer than two years have every month"
    return ask(
        data,
        change_of_share("journey_change", now=now, then=then, where=IS_LOCAL).unless(too_few),
        count("initiative_count", of=tried, per=INITIATIVE).unless(data.why_not("initiatives")),
    ).findings


@journey.shown
def exhibit(m: Measured) -> Shown:
    change, listed = m["journey_change"], m["initiative_count"]
    known = m.table[m.table["local_share"].notna()]
    points = tuple(Point(r.year, r.local_share, number(r.local_share, "share")) for r in known.itertuples())
    alone = m.facts["alone"]
    title = "Initiatives, year by year"
    if change.is_stated:
        whose = f"Local share of {alone}" if alone else "Anchors' local share"
        title = f"{whose} is {moved(change)} since {points[0].x}"
    alike = f"Like for like, of the bodies that are there in every year: {m.facts['bodies']}."
    if alone:
        alike = f"Of {alone} alone: no other body is there in every year."
    tried = f"{sentence_case(counted(listed, 'initiative is', 'initiatives are'))} listed."
    return Shown(
        title=title,
        subtitle=f"Local share of {alone or 'the bodies there in every year'}, same months of each year, like for like. {m.where}",
        chart=Lines(((alone or "Bodies there in every year", points),)) if len(points) > 1 else None,
        says=(
            *range_sentence("The change", change),
            or_why(change, alike, "What moved"),
            f"{or_why(listed, tried, 'What was tried')} That something was tried before something moved does not show that it "
            "moved it.",
        ),
        caption="Year by year: initiatives and what moved",
    )
