"""Change explained, the trap of factors, other choices."""

from __future__ import annotations

from typing import Any

import pandas as pd

from cwb.evidence.finding import Finding, number
from cwb.figures.charts import Bar, Bars
from cwb.figures.exhibits import exhibit, where
from cwb.figures.wording import range_text
from cwb.measures.contract_emissions.change import SUPPLIERS
from cwb.measures.workbench import Measure
from cwb.tables import Column


@exhibit("What changed since the baseline, and why?")
def change(measure: Measure) -> dict[str, Any]:
    rows = measure.table
    data = measure.about
    moved, did, carried, restated, base = (
        measure[f"emissions_{name}"]
        for name in ("change", "supplier_change", "carried_change", "restatement", "baseline")
    )
    bars, before = [], 0.0
    for r in rows.itertuples():
        if pd.isna(r.kgco2e):
            bars.append(Bar(r.step, r.running, number(r.running, "kgco2e"), "Total"))
        else:
            low, high = sorted((before, r.running))
            text = "not reported yet" if r.step == SUPPLIERS and did.value is None else _signed(r.kgco2e)
            bars.append(Bar(r.step, high, text, "Up" if r.kgco2e > 0 else "Down", start=low))
        before = r.running
    groups = {name: n for n, name in enumerate(("Total", "Up", "Down")) if name in {bar.group for bar in bars}}
    word = "down" if (moved.value or 0) < 0 else "up"
    if did.value is not None:
        part = f"suppliers' part is {did:magnitude} {_less(did)}"
        reports = f"Contracts with a report for this period's year: {number(did.n or 0, 'count')}."
    else:
        part = "suppliers' part is not known yet"
        reports = f"What suppliers did is not known, because {did.undefined}."
    if carried.n:
        reports += (
            f" The last reports of {number(carried.n, 'count')} contracts, of {measure.facts['carried']}, are carried forward "
            f"by their emissions per pound: they make it {carried:magnitude} {_less(carried)}, if it still holds."
        )
    return {
        "title": f"Emissions are {word} {moved:magnitude} since {data.baseline.short_label}; {part}",
        "subtitle": f"From the baseline as first computed to this period, part by part. {where(measure)}",
        "chart": Bars(tuple(bars), "count", groups),
        "says": (
            f"The baseline is computed again with the factors in use, which moves it by {_signed(restated.value or 0.0)} to "
            f"{base}{range_text(base)}. The parts sum to the whole.",
            reports,
            *moved.caveats,
            "Only the last part is a reduction by suppliers. A change of factors, prices, spend or method is none.",
        ),
        "columns": (
            Column("step", "Step"),
            Column("kgco2e", "Change (tCO2e)", "tonnes", missing=""),
            Column("running", "After it (tCO2e)", "tonnes"),
            Column("what", "What it is"),
        ),
        "caption": "From the baseline to this period, part by part",
        # What nobody has reported yet is not nought.
        "table": rows.assign(
            kgco2e=rows["kgco2e"].where((rows["step"] != SUPPLIERS) | (did.value is not None)),
            what=rows["what"].where((rows["step"] != SUPPLIERS) | (did.value is not None), "Not reported yet."),
        ),
    }


def _less(finding: Finding) -> str:
    return "less" if (finding.value or 0) < 0 else "more"


def _signed(kg: float) -> str:
    return f"{'+' if kg > 0 else '−' if kg < 0 else ''}{number(abs(kg), 'kgco2e')}"


@exhibit("What do factors alone change?")
def factor_trap(measure: Measure) -> dict[str, Any]:
    rows = measure.table
    trap, median = measure["factor_trap_change"], measure["release_median_difference"]
    facts = measure.facts
    bars = tuple(
        Bar(
            f"{r.release}: {r.factor_year}", max(r.kgco2e, 0.0), number(r.kgco2e, "kgco2e"), f"Release {r.release}"
        )
        for r in rows.itertuples()
    )
    groups = {name: n for n, name in enumerate(dict.fromkeys(bar.group for bar in bars))}
    word = "cut" if (trap.value or 0) < 0 else "add"
    two = (
        f"Two releases for the same year differ by a median of {median}."
        if median.value is not None
        else f"How far two releases differ is not known, because {median.undefined}."
    )
    return {
        "title": f"Factors alone “{word}” {abs(trap.value or 0.0):.0%} from {facts['from']} to {facts['to']}, with nothing changed",
        "subtitle": f"The same spend of this period with the factors of each year and release. {where(measure)}",
        "chart": Bars(bars, "count", groups),
        "says": (
            "The bars show one and the same spend. Whoever multiplies each year's spend by that year's factors reports this "
            "difference as if somebody had cut emissions. " + two,
        ),
        "columns": (
            Column("release", "Release"),
            Column("factor_year", "Factors of"),
            Column("kgco2e", "Emissions (tCO2e)", "tonnes"),
            Column("change", "Against the year before", "share", missing=""),
        ),
        "caption": "One spend with the factors of each year and release",
    }


@exhibit("How far does the total depend on choices?")
def sensitivity(measure: Measure) -> dict[str, Any]:
    rows = measure.table
    least, most = measure["emissions_least"], measure["emissions_most"]
    return {
        "title": f"Between {least} and {most} under other choices",
        "subtitle": f"Emissions of the period's purchases under each choice. {where(measure)}",
        "chart": Bars(
            tuple(Bar(r.choice, max(r.kgco2e, 0.0), number(r.kgco2e, "kgco2e")) for r in rows.itertuples()),
            "count",
            {"": 0},
        ),
        "says": ("Matches under review change only the industry by which a line without a CPV code is counted.",),
        "columns": (
            Column("choice", "Choice"),
            Column("kgco2e", "Emissions (tCO2e)", "tonnes"),
            Column("ratio", "Against what is reported", "share"),
        ),
        "caption": "Emissions under other choices",
    }
