"""How well emissions are known: by method and data-quality score, never mixed silently."""

from __future__ import annotations

from dataclasses import replace

from cwb.packs.contract_emissions.emissions import SHARE_OF_EMISSIONS, TONNES
from cwb.packs.contract_emissions.footprint import (
    BY_FACTOR,
    FACTOR,
    HAS_PRODUCT,
    amount_of,
    footprint,
    grouped,
    parts_by,
)
from cwb.packs.exhibits import POUNDS, bars, emissions_text, or_why
from cwb.packs.measure import Column, Definition, Measured, PackData, Result, Shown, ask, measure
from cwb.packs.questions import share, share_of_modelled
from cwb.reference import table

IS_REPORTED = replace(HAS_PRODUCT, sql="report_year IS NOT NULL")


@measure(
    Definition(
        "reported_emissions_share", "Emissions that rest on suppliers' reports", "share", "modelled",
        "Emissions by supplier-specific, hybrid and average-data methods, and by suppliers' totals shared out by "
        "revenue, divided by all.",
    ),
    Definition(
        "reported_spend_share", "Spend that suppliers report on", "share", "share",
        "Spend covered by suppliers' reports divided by the spend whose emissions are estimated.",
    ),
    question="How well are they known?",
    main=("reported_emissions_share",),
    columns=(
        Column("method", "Method"),
        Column("score", "Score", "count"),
        Column("meaning", "What the score means"),
        POUNDS,
        TONNES,
        SHARE_OF_EMISSIONS,
    ),
)  # fmt: skip
def methods(data: PackData) -> Result:
    """Emissions and spend by method and score.

    One row per method and score, best score first: `method`, `score`, `meaning`, `pounds_gbp`, `kgco2e`, `share`.
    """
    lines = footprint(data)
    answers = ask(
        data,
        share_of_modelled("reported_emissions_share", lines, FACTOR, IS_REPORTED, BY_FACTOR),
        share("reported_spend_share", lines.where("factor IS NOT NULL"), IS_REPORTED, per=BY_FACTOR),
    )
    parts = parts_by(data, lines.where("factor IS NOT NULL"), "method")
    total = amount_of(parts)
    meanings = {int(row["score"]): row["meaning"] for row in table("emission_scores").to_dict("records")}
    rows = []
    for method, of_method in grouped(parts).items():
        for score in sorted({part.score for part in of_method}):
            amount = amount_of(part for part in of_method if part.score == score)
            row = {"method": method, **amount.as_row(), "score": score, "meaning": meanings[score]}
            rows.append(row | {"share": amount.share_of(total)})
    rows.sort(key=lambda row: (row["score"], row["method"]))  # type: ignore[operator]
    return Result.of(answers, rows)


@methods.shown
def exhibit(m: Measured) -> Shown:
    reported, spend = m["reported_emissions_share"], m["reported_spend_share"]
    labels = [f"Score {r.score}: {r.method}" for r in m.table.itertuples()]
    says = f"Suppliers report for {spend} of the spend whose emissions are estimated."
    rest = (
        " The rest is spend-based: pounds times an average of the economy, which moves when prices and factors move and not when a "
        "supplier cuts."
    )
    return Shown(
        title=f"{reported} of {emissions_text(reported)} rest on what suppliers report",
        subtitle=f"Emissions by method and data-quality score, best first. {m.where}",
        chart=bars(labels, m.table["kgco2e"], "kgco2e"),
        says=(
            or_why(spend, says, "For which part of spend suppliers report") + ("" if spend.value == 1 else rest),
        ),
        caption="Emissions by method and quality",
    )
