"""The exhibits of pack 01: one function a measure, measure in, figure out.

Headings and sentences take every number from a finding of the measure; labels in charts from its table.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import pandas as pd

from cwb.evidence import Finding, Measure, number
from cwb.figures.charts import Areas, Bar, Bars, Lines, Point, Ranges, Stack
from cwb.figures.figure import Figure
from cwb.measures import local_supplier_base as measures
from cwb.places import HOME, LOCAL, UNKNOWN
from cwb.reference import table
from cwb.tables import Column, cell

_POUNDS, _SHARE, _SUPPLIERS = (
    Column("pounds_gbp", "Pounds (£)", "gbp"),
    Column("share", "Share of spend", "share"),
    Column("suppliers", "Suppliers", "count"),
)


def exhibit(question: str) -> Callable[[Callable[[Measure], dict[str, Any]]], Callable[[Measure], Figure]]:
    """Make a figure of a function that gives its parts; an undefined measure gives a figure that says why.

    `question` heads the exhibit when it cannot be shown.
    """

    def wrap(function: Callable[[Measure], dict[str, Any]]) -> Callable[[Measure], Figure]:
        @wraps(function)
        def run(measure: Measure) -> Figure:
            common = {
                "id": measure.id.replace("_", "-"),
                "table": measure.table,
                "findings": tuple(measure.findings.values()),
                "source": source_line(measure),
            }
            if measure.undefined:
                empty = {"title": question, "subtitle": "", "columns": (), "caption": question}
                return Figure(**common, **empty, undefined=measure.undefined)
            parts = function(measure)
            return Figure(**(common | parts))

        return run

    return wrap


def source_line(measure: Measure) -> str:
    """The council's files behind a measure, few by name and many by number."""
    names = sorted({name for finding in measure.findings.values() for name in finding.sources})
    council = measure.about.settings.council.name
    if not names:
        return f"{council}, own files"
    shown = ", ".join(names) if len(names) <= 3 else f"{len(names)} files listed under Sources"
    return f"{council}: {shown}"


def _where(measure: Measure) -> str:
    return f"{measure.about.settings.council.name}, {measure.about.period.label}"


def _range(finding: Finding) -> str:
    return f", {finding.bounds}" if finding.bounds else ""


def _direction(finding: Finding) -> str:
    assert finding.value is not None
    return "up" if finding.value > 0.0005 else "down" if finding.value < -0.0005 else "level"


@exhibit("How much was spent with suppliers?")
def total_spend(measure: Measure) -> dict[str, Any]:
    rows = measure.table
    two = bool((rows["one_off_gbp"] != 0).any())
    bars = []
    for row in rows.itertuples():
        text = number(row.total_gbp, "gbp") + ("" if row.is_whole else " (months missing)")
        recurrent_text = "" if two and row.one_off_gbp else text
        bars.append(Bar(row.year, row.recurrent_gbp, recurrent_text, "Recurrent"))
        if two:
            bars.append(Bar(row.year, row.total_gbp, text, "One-off projects", start=row.recurrent_gbp))
    groups = {"Recurrent": 0, "One-off projects": 1} if two else {"Recurrent": 0}
    return {
        "title": f"{measure['total_spend']} paid to {measure['supplier_count']} suppliers in {measure.about.period.short_label}",
        "subtitle": f"Spend with suppliers in the same months of each year, net of VAT where stated. {_where(measure)}",
        "chart": Bars(tuple(_stacked(bars)), "gbp", groups),
        "says": (
            f"The ledger holds {measure['payment_count']} payments in the period, credits included. "
            f"{measure['withheld_share']} of spend is with suppliers whose names are withheld or not stated; "
            "it stays in every total.",
        ),
        "columns": (
            Column("year", "Period"),
            Column("recurrent_gbp", "Recurrent (£)", "gbp"),
            Column("one_off_gbp", "One-off projects (£)", "gbp"),
            Column("total_gbp", "All spend (£)", "gbp"),
            _SUPPLIERS,
            Column("payments", "Payments", "count"),
            Column("is_whole", "All months present", "flag"),
        ),
        "caption": "Spend, suppliers and payments in the same months of each year",
    }


def _stacked(bars: list[Bar]) -> list[Bar]:
    """Parts of one bar share its label."""
    return bars


@exhibit("What share of spend is local (Chart A and Chart B)?")
def charts_a_and_b(measure: Measure) -> dict[str, Any]:
    rows = measure.table
    a, b = measure["local_share"], measure["local_share_without_one_offs"]
    bars = tuple(
        (chart, tuple((r.part, r.share or 0.0, number(r.share or 0.0, "share")) for r in own.itertuples()))
        for chart, own in rows.groupby("chart", sort=True)
    )
    title = f"{a} of all spend is local"
    says = [f"Chart A: {a} of all spend is with local suppliers{_range(a)}, depending on those whose place is not known."]
    if b.value is not None:
        title += f"; {b} without capital and one-off projects"
        says.append(
            f"Chart B: without {measure['one_off_spend']} of capital and one-off projects on the approved list, "
            f"{b} of {measure['spend_without_one_offs']} is local{_range(b)}."
        )
    else:
        says.append(f"Chart B is not known, because {b.undefined}.")
    return {
        "title": title,
        "subtitle": f"Share of spend by whether the supplier is in {measure.about.settings.local.name}. {_where(measure)}",
        "chart": Stack(bars),
        "says": tuple(says),
        "columns": (Column("chart", "Chart"), Column("part", "Supplier's place"), _POUNDS, _SHARE),
        "caption": "Chart A and Chart B: pounds and shares by place",
    }


@exhibit("What leads from Chart A to Chart B?")
def bridge(measure: Measure) -> dict[str, Any]:
    rows = measure.table
    bars = []
    before = 0.0
    for position, row in enumerate(rows.itertuples()):
        last = position == len(rows) - 1
        if position == 0 or last:
            bars.append(Bar(row.step, row.remaining_gbp, number(row.remaining_gbp, "gbp"), "Spend"))
        else:
            bars.append(
                Bar(row.step, before, f"−{number(row.found_gbp, 'gbp')}", "Taken out", start=row.remaining_gbp)
            )
        before = row.remaining_gbp
    first, end = rows.iloc[0], rows.iloc[-1]
    difference = measure["one_off_difference"]
    check = (
        f"The list finds {number(difference.n or 0, 'gbp')} in the ledger against {number(difference.of or 0, 'gbp')} approved."
        if difference.value is not None
        else "Amounts are approved for a whole year, so a quarter's are not compared with them."
    )
    count = len(rows) - 2
    return {
        "title": f"{count} approved projects lead from {number(first.remaining_gbp, 'gbp')} to {number(end.remaining_gbp, 'gbp')}",
        "subtitle": f"Capital and one-off projects taken out of spend, line by line. {_where(measure)}",
        "chart": Bars(tuple(bars), "gbp", {"Spend": 0, "Taken out": 3}, kind="Bridge chart"),
        "says": (
            f"The local share goes from {number(first.remaining_local_share, 'share')} to "
            f"{number(end.remaining_local_share, 'share')} as these projects leave. {check}",
        ),
        "columns": (
            Column("step", "Step"),
            Column("kind", "Kind"),
            Column("reason", "Reason"),
            Column("approving_role", "Approved by"),
            Column("approved_gbp", "Approved, whole year (£)", "gbp"),
            Column("found_gbp", "Found in the ledger (£)", "gbp"),
            Column("found_local_gbp", "Of which local (£)", "gbp"),
            Column("remaining_gbp", "Spend left (£)", "gbp"),
            Column("remaining_local_share", "Local share of it", "share"),
        ),
        "table": rows.assign(
            **{c: rows[c].astype(object).where(rows[c].notna(), 0.0) for c in ("found_gbp", "found_local_gbp")}
        ),
        "caption": "The bridge from Chart A to Chart B",
    }


@exhibit("How near are our suppliers?")
def spend_by_ring(measure: Measure) -> dict[str, Any]:
    rows = measure.table
    near = {HOME: "Local", LOCAL: "Local", UNKNOWN: "Not known"}
    bars = tuple(
        Bar(
            row.label,
            row.pounds_gbp,
            f"{number(row.pounds_gbp, 'gbp')} ({number(row.share or 0.0, 'share')})",
            near.get(row.ring, "Not local"),
        )
        for row in rows.itertuples()
    )
    home, unknown = measure["home_share"], measure["unknown_place_share"]
    name = measure.about.settings.home_name
    return {
        "title": f"{home} of spend stays within {name} itself",
        "subtitle": f"Spend by how near the supplier is. {_where(measure)}",
        "chart": Bars(bars, "gbp", {"Local": 0, "Not local": 1, "Not known": 2}),
        "says": (
            f"{measure['home_spend']} went to suppliers within {name}{_range(measure['home_spend'])}. "
            f"{measure['local_supplier_share']} of suppliers are local{_range(measure['local_supplier_share'])}. "
            f"The place of {unknown} of spend is not known.",
        ),
        "columns": (
            Column("label", "Supplier's place"),
            _POUNDS,
            _SHARE,
            _SUPPLIERS,
            Column("supplier_share", "Share of suppliers", "share"),
        ),
        "caption": "Spend and suppliers by how near they are",
    }


@exhibit("Which districts of the local area benefit?")
def spend_by_district(measure: Measure) -> dict[str, Any]:
    rows = measure.table
    areas = tuple((r.lad_code, r.district, r.share, number(r.share, "share")) for r in rows.itertuples())
    outlines = measure.about.lineage.sources["boundaries"]
    return {
        "title": f"{measure.facts['top_district']} receives {measure['top_district_share']} of spend, the most of any local district",
        "subtitle": f"Share of all spend by the supplier's district, in {measure.about.settings.local.name}. {_where(measure)}",
        "chart": Areas(measure.about.outlines, areas),
        "says": (f"Darker districts receive more; each district's share is printed in it. {outlines}",),
        "columns": (Column("district", "District"), _POUNDS, _SHARE, _SUPPLIERS),
        "caption": "Spend by district of the local area, most first",
    }


@exhibit("How many suppliers are within our own district?")
def home_suppliers(measure: Measure) -> dict[str, Any]:
    rows = measure.table
    name, data = measure.about.settings.home_name, measure.about
    now, base = measure["home_supplier_count"], measure["home_supplier_count_baseline"]
    change = measure["home_supplier_change"]
    says = f"{now} suppliers within {name} were paid at least once."
    if change.value is not None and data.period != data.baseline:
        word = "more" if change.value >= 0 else "fewer"
        says += (
            f" That is {abs(change.value):,.0f} {word} than the {base} of {data.baseline.label}: the same months, "
            "and places taken from the same files for both."
        )
    elif change.value is None:
        says += f" The comparison with {data.baseline.label} is not known, because {change.undefined}."
    return {
        "title": f"{now} suppliers within {name} were paid in {data.period.short_label}",
        "subtitle": f"Suppliers within {name}, like for like with {data.baseline.short_label}. {_where(measure)}",
        "chart": Bars(tuple(Bar(r.group, r.suppliers, f"{r.suppliers:,}") for r in rows.itertuples()), "count", {"": 0}),
        "says": (says,),
        "columns": (
            Column("group", "Suppliers"),
            _SUPPLIERS,
            Column("pounds_now_gbp", "Paid in the period (£)", "gbp"),
            Column("pounds_baseline_gbp", "Paid in the baseline (£)", "gbp"),
        ),
        "caption": f"Suppliers within {name}, this period and the baseline",
    }


@exhibit("How many contracts went to local suppliers?")
def awards(measure: Measure) -> dict[str, Any]:
    count, local = measure["award_count"], measure["award_local_count"]
    value, share = measure["award_local_value"], measure["award_local_value_share"]
    rows = measure.table
    bars = []
    for row in rows.itertuples():
        bars += [
            Bar(f"{row.notice_source}: all awards", row.awards, f"{row.awards:,}", "All awards"),
            Bar(f"{row.notice_source}: local", row.local_awards, f"{row.local_awards:,}", "To local suppliers"),
        ]
    says = (
        f"Of {measure['award_value']} awarded, {value} went to local suppliers ({share}{_range(share)}). "
        "An award is local when one of its suppliers is; its value is divided equally among its suppliers."
        if share.value is not None
        else "The notices supplied hold no award of the council with a value in this period."
    )
    return {
        "title": f"{local} of {count} contracts awarded went to local suppliers",
        "subtitle": f"Awards told by notices, each counted once. {_where(measure)}",
        "chart": Bars(tuple(bars), "count", {"All awards": 1, "To local suppliers": 0}) if bars else None,
        "says": (says,),
        "columns": (
            Column("notice_source", "Notices"),
            Column("awards", "Awards", "count"),
            Column("local_awards", "Local", "count"),
            Column("unknown_awards", "Place not known", "count"),
            Column("value_gbp", "Value (£)", "gbp"),
            Column("local_value_gbp", "Local value (£)", "gbp"),
            Column("unknown_value_gbp", "Value, place not known (£)", "gbp"),
            Column("without_value", "Without a value", "count"),
        ),
        "caption": "Awards by source of notices",
    }


@exhibit("What does the contracts register say?")
def register(measure: Measure) -> dict[str, Any]:
    rows = measure.table
    count, local = measure["register_count"], measure["register_local_count"]
    return {
        "title": f"{local} of {count} contracts that start in the period are local",
        "subtitle": f"Contracts of the council's register by their start date. {_where(measure)}",
        "says": ("Register and notices overlap, so the two are never added together.",),
        "columns": (
            Column("place", "Supplier's place"),
            Column("contracts", "Contracts", "count"),
            Column("value_gbp", "Value over the whole term (£)", "gbp"),
        ),
        "caption": "Contracts of the register that start in the period",
    }


@exhibit("What do the anchor institutions award locally?")
def awards_by_body(measure: Measure) -> dict[str, Any]:
    rows = measure.table
    count, local = measure["anchor_award_count"], measure["anchor_award_local_count"]
    return {
        "title": f"{local} of {count} awards by the anchor institutions went to local suppliers",
        "subtitle": f"Awards by the council and the bodies that its settings name. {measure.about.period.label}",
        "chart": Bars(
            tuple(
                Bar(r.body, r.awards, f"{r.local_awards:,} local of {r.awards:,}", "Awards") for r in rows.itertuples()
            ),
            "count",
            {"Awards": 0},
        ),
        "columns": (
            Column("body", "Body"),
            Column("awards", "Awards", "count"),
            Column("local_awards", "Local", "count"),
            Column("unknown_awards", "Place not known", "count"),
            Column("value_gbp", "Value (£)", "gbp"),
            Column("local_value_gbp", "Local value (£)", "gbp"),
        ),
        "caption": "Awards by body",
    }


@exhibit("How large are our suppliers, and how many are social enterprises?")
def business_size(measure: Measure) -> dict[str, Any]:
    rows = measure.table
    sme, vcse = measure["sme_share"], measure["vcse_share"]
    bars = tuple(
        (question, tuple(_part(answers, name) for name in ("Yes", "No", "Not known")))
        for question, answers in rows[rows["question"] != "Business size"].groupby("question", sort=True)
    )
    return {
        "title": f"{sme} of spend is with small and medium businesses, {vcse} with social enterprises",
        "subtitle": f"Share of spend by what the vendor list or the notices state. {_where(measure)}",
        "chart": Stack(bars),
        "says": (
            f"SMEs: {sme}{_range(sme)}. VCSEs: {vcse}{_range(vcse)}. What is not stated is not known, and not a no. "
            f"A size band is stated for {measure['size_known_share']} of spend.",
        ),
        "columns": (Column("question", "Question"), Column("answer", "Answer"), _POUNDS, _SHARE, _SUPPLIERS),
        "caption": "Spend by business size, SME and VCSE",
    }


def _part(answers: pd.DataFrame, name: str) -> tuple[str, float, str]:
    share = float(answers.loc[answers["answer"] == name, "share"].iloc[0] or 0.0)
    return name, share, number(share, "share")


@exhibit("What leaves the local area?")
def leakage(measure: Measure) -> dict[str, Any]:
    rows = measure.table
    leaving, largest = measure["leaving_spend"], measure["largest_leak_spend"]
    return {
        "title": f"{leaving} leaves the local area, {largest} of it in one category",
        "subtitle": f"Spend known to leave the local area by category ({measure.facts['scheme']}), one-offs left out. {_where(measure)}",
        "chart": Bars(
            tuple(
                Bar(
                    r.category,
                    r.leaving_gbp,
                    f"{number(r.leaving_gbp, 'gbp')} ({cell(1 - r.local_share, 'share') if pd.notna(r.local_share) else 'not known'})",
                    "Leaves",
                )
                for r in rows.itertuples()
            ),
            "gbp",
            {"Leaves": 1},
        ),
        "says": (
            f"The largest leak is {measure.facts['largest_leak']}. In brackets: the share of each category's spend of "
            "known place that leaves.",
        ),
        "columns": (
            Column("category", "Category"),
            _POUNDS,
            Column("local_gbp", "Local (£)", "gbp"),
            Column("leaving_gbp", "Leaves (£)", "gbp"),
            Column("unknown_gbp", "Place not known (£)", "gbp"),
            Column("local_share", "Local share where known", "share"),
        ),
        "caption": "Spend by category and what leaves the local area",
    }


@exhibit("Who are our largest suppliers?")
def concentration(measure: Measure) -> dict[str, Any]:
    rows = measure.table
    half = measure["suppliers_for_half"]
    near = {"Within": "Local", "Rest of the local area": "Local", "Not known": "Not known"}

    def group(place: str) -> str:
        return "Local" if place.startswith("Within") else near.get(place, "Not local")

    bars = tuple(
        Bar(r.supplier, r.pounds_gbp, number(r.pounds_gbp, "gbp"), group(r.place)) for r in rows.itertuples()
    )
    present = {bar.group for bar in bars}
    groups = {name: n for n, name in enumerate(("Local", "Not local", "Not known")) if name in present}
    says = f"Half of all spend goes to {half} suppliers." if half.value is not None else f"How many make half is not known, because {half.undefined}."
    return {
        "title": f"The ten largest suppliers receive {measure['top_ten_share']} of spend",
        "subtitle": f"The {len(rows)} suppliers paid most, names of possible individuals withheld. {_where(measure)}",
        "chart": Bars(bars, "gbp", groups),
        "says": (says,),
        "columns": (
            Column("supplier", "Supplier"),
            Column("rank", "Rank", "count"),
            Column("place", "Place"),
            _POUNDS,
            _SHARE,
            Column("cumulative", "Running share", "share"),
        ),
        "caption": "The suppliers paid most",
    }


@exhibit("Which suppliers are new, kept or lost?")
def churn(measure: Measure) -> dict[str, Any]:
    rows = measure.table
    new, kept, lost = (measure[f"suppliers_{word}"] for word in ("new", "kept", "lost"))
    shown = rows[rows["place"] != "Not known"]
    bars = tuple(
        Bar(f"{r.group}, {r.place.lower()}", r.suppliers, f"{r.suppliers:,}", r.place) for r in shown.itertuples()
    )
    previous = measure.about.period.previous().short_label
    return {
        "title": f"{new} suppliers are new since {previous}, {kept} kept, {lost} no longer paid",
        "subtitle": f"Suppliers paid in the period against the same months a year before. {_where(measure)}",
        "chart": Bars(bars, "count", {"Local": 0, "Not local": 1}),
        "says": ("A supplier that is paid once in two years counts as lost and then as new.",),
        "columns": (
            Column("group", "Group"),
            Column("place", "Place"),
            _SUPPLIERS,
            Column("pounds_gbp", "Pounds in the period, or the year before if lost (£)", "gbp"),
        ),
        "caption": "New, kept and lost suppliers by place",
    }


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
        title, says = "The local share by quarter", f"Change since the baseline is not known, because {change.undefined}."
    elif data.period == data.baseline:
        title, says = "The local share in each quarter of the baseline year", "This is the baseline year itself."
    else:
        word = _direction(change)
        moved = "level" if word == "level" else f"{word} {change}"
        title = f"Local share without one-offs is {moved} since {data.baseline.short_label}"
        whole = measure["local_share_change"]
        says = (
            f"In {data.baseline.label} it was {base}. With one-offs included the share of all spend is "
            f"{_direction(whole)} {whole}: large projects move it from quarter to quarter."
        )
    mean = measure["mean_of_quarter_shares"]
    note = f"The mean of the quarters' own shares is {mean}; it is not the share of the period, because quarters differ in size."
    return {
        "title": title,
        "subtitle": f"Local share of spend by quarter of payment. {data.settings.council.name}, up to {data.period.label}",
        "chart": Lines(series) if series else None,
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
        "subtitle": f"Local share of all spend under each choice, with the range that unknown places allow. {_where(measure)}",
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


@exhibit("Are all rows accounted for?")
def coverage(measure: Measure) -> dict[str, Any]:
    kept, rows_in = measure["rows_kept"], measure["rows_in"]
    says: tuple[str, ...]
    if rows_in.value is None:
        title = "No spending file was supplied; other files are listed here"
        says = ()
    else:
        title = f"{kept} of {rows_in} ledger rows are kept; every other row has a reason"
        says = (
            f"Rows: {rows_in} read = {kept} kept + {measure['rows_refused']} refused + "
            f"{measure['rows_duplicated']} delivered twice. Pounds: {measure['pounds_in']} read = "
            f"{measure['pounds_kept']} kept + {measure['pounds_refused']} refused (rows of totals among them) + "
            f"{measure['pounds_duplicated']} delivered twice. All periods of the files are counted here.",
        )
    return {
        "title": title,
        "subtitle": f"Rows and pounds of every raw file. {measure.about.settings.council.name}, all periods",
        "says": says,
        "columns": (
            Column("file", "File"),
            Column("rows", "Rows", "count"),
            Column("kept", "Kept", "count"),
            Column("refused", "Refused", "count"),
            Column("duplicates", "Twice", "count"),
            Column("gbp_in", "Read (£)", "gbp"),
            Column("gbp_kept", "Kept (£)", "gbp"),
            Column("gbp_refused", "Refused (£)", "gbp"),
            Column("gbp_duplicates", "Twice (£)", "gbp"),
            Column("vat_basis", "VAT"),
            Column("reasons", "Reasons"),
        ),
        "caption": "Every raw file: rows and pounds in, kept, refused and delivered twice",
    }


@exhibit("Do the figures agree with those published before?")
def revisions(measure: Measure) -> dict[str, Any]:
    restated = measure["published_restated"]
    total = f"{restated.of or 0:,.0f}"
    return {
        "title": f"{restated} of {total} figures published before differ from what the rows say now"
        if restated.of
        else "No figure published before is named in the settings",
        "subtitle": f"Published figures beside today's, rounded as published. {measure.about.settings.council.name}",
        "columns": (
            Column("label", "Figure"),
            Column("period", "Period"),
            Column("published", "Published"),
            Column("now", "Now"),
            Column("agrees", "Agrees"),
            Column("source", "Where published"),
        ),
        "caption": "Figures published before, and now",
    }


def scorecard(data: Any) -> Figure:
    """The pack's first exhibit: the numbers that members ask for, each with its base or its reason."""
    chosen = [
        (measures.total_spend, "total_spend"),
        (measures.charts_a_and_b, "local_share"),
        (measures.charts_a_and_b, "local_share_without_one_offs"),
        (measures.trend, "local_share_without_one_offs_change"),
        (measures.home_suppliers, "home_supplier_count"),
        (measures.awards, "award_local_count"),
        (measures.business_size, "sme_share"),
        (measures.business_size, "vcse_share"),
    ]
    findings = [function(data)[name] for function, name in chosen]
    rows = pd.DataFrame(
        [
            {
                "label": finding.label,
                "value": _signed(finding),
                "note": finding.bounds
                if finding.value is not None
                else f"not known: {finding.undefined}",
            }
            for finding in findings
        ]
    )
    headline = findings[1]
    title = (
        f"{headline} of {findings[0]} spent in {data.period.short_label} is local"
        if headline.value is not None
        else f"What is known of {data.period.short_label}"
    )
    return Figure(
        id="scorecard",
        title=title,
        subtitle=f"{data.settings.council.name}, {data.period.label}. Local means {data.settings.local.name}",
        table=rows,
        columns=(Column("label", "Measure"), Column("value", "Value"), Column("note", "Range, or why it is not known")),
        caption="The numbers of this pack in short",
        source=f"{data.settings.council.name}; each number is explained below",
        tiles=tuple(rows.itertuples(index=False, name=None)),
    )


def _signed(finding: Finding) -> str:
    if finding.value is None:
        return "Not known"
    if finding.unit == "points":
        word = _direction(finding)
        return "Level" if word == "level" else f"{word.capitalize()} {finding}"
    return f"{finding}"


def assumptions(data: Any) -> Figure:
    """What the pack takes for granted, rated red, amber or green by how much it could move the figures."""
    rows = table("assumptions")
    rows = rows[rows["pack"] == data.pack].assign(rating=lambda frame: frame["rating"].str.capitalize())
    return Figure(
        id="assumptions",
        title=f"{len(rows)} assumptions, rated by how far they could move the figures",
        subtitle="Green: hardly. Amber: somewhat. Red: much",
        table=rows,
        columns=(Column("assumption", "Assumption"), Column("rating", "Rating"), Column("why", "Why")),
        caption="Assumptions and their ratings",
        source="cwb, table of assumptions",
    )


def definitions(data: Any) -> Figure:
    """Every finding of the pack with its definition, what is left out, and its value."""
    found = [finding for function in measures.MEASURES for finding in function(data).findings.values()]
    definition = {row["id"]: row for row in table("findings").to_dict("records")}
    rows = pd.DataFrame(
        [
            {
                "label": finding.label,
                "value": _signed(finding),
                "definition": definition[finding.id]["definition"],
                "excluded": definition[finding.id]["excluded"],
                "id": finding.id,
            }
            for finding in found
        ]
    )
    return Figure(
        id="definitions",
        title=f"{len(rows)} numbers, each with its definition",
        subtitle=f"{data.settings.council.name}, {data.period.label}",
        table=rows,
        columns=(
            Column("label", "Number"),
            Column("value", "Value"),
            Column("definition", "Definition"),
            Column("excluded", "Left out"),
            Column("id", "Id in findings.json"),
        ),
        caption="Definitions of all numbers in this pack",
        source="cwb, table of findings",
    )


def sources(data: Any) -> Figure:
    """Every raw file with the beginning of its hash, as in manifest.json."""
    rows = pd.DataFrame(
        [
            {"file": r["file"], "source": r["source"].replace("_", " "), "sha256": r["sha256"][:16]}
            for r in data.lineage.reports
        ]
        + [
            {"file": data.lineage.sources[kind], "source": kind, "sha256": ""}
            for kind in ("postcodes", "boundaries")
        ]
    )
    return Figure(
        id="sources",
        title=f"{len(rows)} sources, each named with its hash",
        subtitle="The whole SHA-256 of every file is in manifest.json beside this pack",
        table=rows,
        columns=(Column("file", "File"), Column("source", "What it is"), Column("sha256", "SHA-256 begins")),
        caption="Sources and their hashes",
        source="data/raw",
    )
