"""Each planned purchase with the local suppliers able to serve it, and a grade by a stated rule."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa

from cwb.dataset import Dataset
from cwb.evidence.finding import Finding
from cwb.evidence.questions import share
from cwb.evidence.relation import Fact, Thing
from cwb.measures.demand import ENDING, NOTICE, PIPELINE, left_out, planned_purchases
from cwb.measures.rules import BANDS, BELOW, DEPENDS, SMALL
from cwb.measures.supply import GRADES, NOT_MAPPED, STRONG, Capable, Supply, grade_of
from cwb.measures.workbench import Result, Undefined, Workbench, measure
from cwb.packs.measure import ask
from cwb.reference import table

NOT_KNOWN = "Not known"
ALL_GRADES = (*GRADES, NOT_KNOWN)
_CANDIDATES = 3
_SOURCES = ("pipeline", "contracts", "notices")


def purchases(data: Dataset) -> pd.DataFrame:
    """The demand of `cwb.measures.demand`, made once; raise `Undefined` where there is none."""
    lines = data.once("purchases", planned_purchases)
    if lines.empty:
        months = data.settings.gap.horizon_months
        raise Undefined(f"nothing that was supplied is to be bought within {months} months")
    return lines


def line_grade(data: Dataset, supply: Supply, found: Capable, is_mapped: bool) -> str:
    """The grade of one line. Without a register only a market that is strong among known suppliers is known."""
    grade = grade_of(found, is_mapped, data.settings.gap)
    if supply.organisations.empty and grade not in (STRONG, NOT_MAPPED):
        return NOT_KNOWN
    return grade


def graded(data: Dataset) -> pd.DataFrame:
    """Every line of demand with what its market is: adds `known`, `registered` (None without a register), `social`,
    `social_possible`, `capable`, `grade`, `candidates`, `social_candidates`, `action`."""
    return data.once("graded", _graded)


def _graded(data: Dataset) -> pd.DataFrame:
    supply = data.once("supply", Supply)
    actions = {(row["grade"], row["side"]): row["action"] for row in table("actions").to_dict("records")}
    has_register = len(supply.organisations) > 0
    rows = []
    for line in purchases(data).to_dict("records"):
        found = supply.capable(line)
        grade = line_grade(data, supply, found, bool(line["sic_codes"]))
        side = "below" if line["band"] in (SMALL, BELOW) else "above"
        rows.append(
            {
                "known": len(found.known),
                "registered": len(found.registered) if has_register else None,
                "social": found.social_ab,
                "social_possible": found.social_c,
                "capable": found.count,
                "grade": grade,
                "candidates": "; ".join(supply.names(found, _CANDIDATES)),
                "social_candidates": "; ".join(supply.names(found, _CANDIDATES, social_only=True)),
                "action": actions.get((grade, side)) or actions.get((grade, "any"), ""),
            }
        )
    return pd.concat([purchases(data), pd.DataFrame(rows)], axis=1)


def _sources(data: Dataset) -> tuple[str, ...]:
    return data.source_names(_SOURCES)


@measure("demand_count", "demand_value", "demand_valued_share", "pipeline_past_count", needs=())
def demand(data: Dataset, bench: Workbench) -> Result:
    """What is to be bought within the horizon, by where it is told and by threshold band.

    One row per origin and band: `origin`, `band`, `lines`, `value_gbp` (whole terms, as stated). Lines past or beyond
    the horizon are counted in no row; the findings say how many of the pipeline are past.
    """
    lines = purchases(data)
    table = (
        lines.groupby(["origin", "band"], as_index=False)
        .agg(lines=("line", "count"), value_gbp=("value_gbp", "sum"), valued=("value_gbp", "count"))
        .sort_values(
            ["origin", "band"],
            key=lambda c: c.map({name: n for n, name in enumerate((PIPELINE, ENDING, NOTICE, *BANDS))}),
            ignore_index=True,
        )
    )
    valued = int(table["valued"].sum())
    table["value_gbp"] = table["value_gbp"].where(table["valued"] > 0)
    sources, gone = _sources(data), left_out(data)
    past = (
        bench.finding("pipeline_past_count", gone["past"], of=len(data.table("pipeline")), sources=sources)
        if data.has("pipeline")
        else bench.finding("pipeline_past_count", undefined="no procurement pipeline was supplied")
    )
    caveat = (f"{len(lines) - valued} lines state no value.",) if valued < len(lines) else ()
    return table.drop(columns="valued"), [
        bench.finding("demand_count", len(lines), sources=sources),
        bench.finding("demand_value", float(lines["value_gbp"].sum()), n=valued, caveats=caveat, sources=sources)
        if valued
        else bench.finding("demand_value", undefined="no line states a value"),
        bench.share("demand_valued_share", valued, len(lines), sources=sources),
        past,
    ]


@measure(
    "lines_none",
    "lines_thin",
    "lines_workable",
    "lines_strong",
    "lines_not_mapped",
    "lines_served_share",
    needs=(),
)
def grades(data: Dataset, bench: Workbench) -> Result:
    """How many purchases find no, a thin, a workable or a strong local market.

    One row per grade: `grade`, `lines`, `value_gbp`, `below` (lines below the threshold, which can be reserved to an area
    if legal advice agrees). The rule is `cwb.measures.supply.grade_of`; without a register only strong markets are known.
    """
    lines = graded(data)
    rows = []
    for grade in ALL_GRADES:
        own = lines[lines["grade"] == grade]
        rows.append(
            {
                "grade": grade,
                "lines": len(own),
                "value_gbp": float(own["value_gbp"].sum()),
                "below": int(own["band"].isin([SMALL, BELOW]).sum()),
            }
        )
    made = pd.DataFrame(rows)
    count = made.set_index("grade")["lines"]
    sources = (*_sources(data), *data.source_names(("organisations",)))
    findings = [
        bench.finding(
            f"lines_{grade.lower().replace(' ', '_')}", int(count[grade]), of=len(lines), sources=sources
        )
        for grade in GRADES
    ]
    if count[NOT_KNOWN]:
        reason = "no register of organisations was supplied"
        findings = [
            f if f.id in ("lines_strong", "lines_not_mapped") else bench.finding(f.id, undefined=reason)
            for f in findings
        ]
    return made[made["lines"] > 0].reset_index(drop=True), [*findings, served_share(data, lines)]


def served_share(data: Dataset, lines: pd.DataFrame) -> Finding:
    """The share of planned purchases with a workable local market or better; those whose market is not known may have one."""
    served = [
        None if grade in (NOT_MAPPED, NOT_KNOWN) else grade in ("Workable", "Strong") for grade in lines["grade"]
    ]
    rows = pa.table(
        {
            "purchase": [str(line) for line in lines["line"]],
            "title": [str(title) for title in lines["title"]],
            "is_served": pa.array(served, pa.bool_()),
            "source_file": [str(origin) for origin in lines["origin"]],
            "source_sheet": [""] * len(lines),
            "source_row": list(range(1, len(lines) + 1)),
        }
    )
    tables = ("pipeline_lines", "contract_lines", "notices", "organisations")
    relation = data.kernel.give("graded_purchases", rows, tables)
    return ask(data.kernel, share("lines_served_share", of=relation, where=_SERVED, by=None, per=_PURCHASE))[
        "lines_served_share"
    ]


_PURCHASE = Thing("purchase", "title", "planned purchases")
_SERVED = Fact(
    "is_served",
    "the local market is known",
    "The registers (cwb fetch companies) and a CPV code of each purchase would settle it.",
)


@measure("reservable_count", "social_line_count", needs=())
def gap(data: Dataset, bench: Workbench) -> Result:
    """Every planned purchase: what, when, how big, who could serve it, what could be done.

    One row per line, largest first: `line`, `title`, `origin`, `tender_date`, `value_gbp`, `band`, `known`,
    `registered`, `social` (grades A and B), `grade`, `candidates`, `action`, `via` (how its industry was found),
    `confidence`. Numbers of suppliers say who could be asked, not who would come.
    """
    lines = graded(data)
    sources = (*_sources(data), *data.source_names(("organisations",)))
    good = lines["grade"].isin(["Workable", "Strong"])
    below = lines["band"].isin([SMALL, BELOW])
    unsure = int((good & (lines["band"] == DEPENDS)).sum())
    made = lines.assign(tender_date=[f"{day:%b %Y}" for day in lines["tender_date"]])
    columns = ["line", "title", "origin", "tender_date", "value_gbp", "band", "known", "registered", "social", "grade",
               "candidates", "action", "via", "confidence"]  # fmt: skip
    reservable = int((good & below).sum())
    if lines["registered"].isna().all():
        social = bench.finding("social_line_count", undefined="no register of organisations was supplied")
    else:
        social = bench.finding(
            "social_line_count", int((lines["social"] > 0).sum()), of=len(lines), sources=sources
        )
    return made[columns], [
        bench.finding(
            "reservable_count",
            reservable,
            of=len(lines),
            low=reservable,
            high=reservable + unsure,
            sources=sources,
        ),
        social,
    ]
