"""What contracts report against their baseline, what is planned, and what a straight line to net zero allows."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd
import pyarrow as pa

from cwb.base.privacy import WITHHELD
from cwb.base.rows import SOURCE_LINE
from cwb.charts.tables import Column
from cwb.council.periods import Period
from cwb.packs.contract_emissions.factors import due_share
from cwb.packs.contract_emissions.reports import Report, reports_of, spent_of
from cwb.packs.exhibits import Pairs, counted, or_why, plural
from cwb.packs.measure import Definition, Measured, PackData, Result, Shown, Undefined, ask, measure
from cwb.packs.questions import ONE, Relation, Thing, count, exactly, number, total

CONTRACT = Thing("unit", "contract_reference", "contracts")
_DRAWN = 20
_KILOGRAMS = (
    "baseline_kgco2e",
    "reported_kgco2e",
    "reduction_kgco2e",
    "planned_kgco2e",
    "due_kgco2e",
    "gap_kgco2e",
)


@exactly
def _row(data: PackData, figures: list[tuple[Report, Decimal]]) -> dict[str, object]:
    """One contract from its reports with a known figure, in order of years."""
    (first, base), (last, now) = next((one for one in figures if one[0].is_baseline), figures[0]), figures[-1]
    has_two, planned = first.year < last.year, last.planned_share
    due = base * due_share(Period(first.year), Period(last.year), data.settings.emissions.net_zero_year)
    return {
        "source_file": last.source_file,
        "source_sheet": last.source_sheet,
        "source_row": last.source_row,
        "unit": last.unit,
        "contract_reference": last.contract_reference,
        "supplier": last.supplier,
        "baseline_period": str(Period(first.year)),
        "baseline_kgco2e": base,
        "reported_period": str(Period(last.year)) if has_two else None,
        "reported_kgco2e": now if has_two else None,
        "reduction_kgco2e": base - now if has_two else None,
        "change_share": now / base - ONE if has_two and base else None,
        "planned_share": planned,
        "planned_kgco2e": None if planned is None else base * (ONE - planned),
        "due_kgco2e": due if has_two else None,
        "gap_kgco2e": now - due if has_two else None,
    }


@measure(
    Definition(
        "reported_contract_count", "Contracts that report", "count", "count",
        "Contracts with at least one report of emissions up to the period's year.",
        version=2,
    ),
    Definition(
        "contract_reduction", "Reported reduction, whole years", "kgco2e", "total",
        "Baseline less latest report of contracts reported on in two years.",
        excluded="Contracts with one report.",
        version=2,
    ),
    Definition(
        "contract_pathway_gap", "Contracts above a straight line", "kgco2e", "total",
        "Latest report less what a straight line from the baseline to net zero allows at the end of that year.",
        excluded="Contracts with one report.",
        version=2,
    ),
    Definition(
        "contract_planned_left", "What plans leave", "kgco2e", "total",
        "Baselines of the contracts that state a planned reduction less that reduction: what would be left in "
        "the year of net zero.",
        excluded="Contracts without a plan.",
        version=2,
    ),
    question="What do contracts report against their baseline?",
    needs=("report_lines",),
    main=("reported_contract_count",),
)  # fmt: skip
def contracts(data: PackData) -> Result:
    """Contracts whose suppliers report: baseline, reported now, planned, and what the way to net zero allows.

    One row per contract, largest baseline first: `contract_reference`, `supplier`, `baseline_kgco2e` and
    `baseline_period` (the earliest year reported on, or the one marked as baseline), `reported_kgco2e` and `reported_period` (the
    latest up to the period), `change_share`, `planned_share` (reduction planned by the year of net zero), `planned_kgco2e` (what
    the plan leaves then, where the straight line leaves nothing), `due_kgco2e` (what a straight line allows by the end of the
    latest year), `gap_kgco2e` (reported less due). Contracts with one report have no change. A hybrid report counts with the
    supplier's total shared out by the pounds of its year, where the ledger holds every month of it. Contracts of names that may
    be individuals' have no row; they are in the findings.
    """
    spent, by_unit = spent_of(data), dict[str, list[tuple[Report, Decimal]]]()
    for report in reports_of(data):
        kilograms = report.kilograms(spent.on(report))
        if report.contract_reference and report.year <= data.period.start_year and kilograms is not None:
            by_unit.setdefault(report.unit, []).append((report, kilograms))
    rows = [_row(data, figures) for figures in by_unit.values()]
    if not rows:
        raise Undefined("no report names a contract and its emissions up to this period")
    lines = _relation(data, rows)
    two, planned = lines.where("reduction_kgco2e IS NOT NULL"), lines.where("planned_kgco2e IS NOT NULL")
    no_two = None if data.count(two) else "no contract is reported on in two years"
    answers = ask(
        data,
        count("reported_contract_count", lines, per=CONTRACT),
        total("contract_reduction", two, by="reduction_kgco2e", per=CONTRACT).unless(no_two),
        total("contract_pathway_gap", two, by="gap_kgco2e", per=CONTRACT).unless(no_two),
        total("contract_planned_left", planned, by="planned_kgco2e", per=CONTRACT).if_empty(
            "no contract states a planned reduction"
        ),
    )
    named = [row for row in rows if row["supplier"] != WITHHELD]
    table = pd.DataFrame(named, columns=list(rows[0])).drop(columns=[*SOURCE_LINE, "unit"])
    table = table.astype(dict.fromkeys((*_KILOGRAMS, "change_share", "planned_share"), float))
    table = table.sort_values(
        ["baseline_kgco2e", "contract_reference"], ascending=[False, True], ignore_index=True
    )
    of_plans = [row["baseline_kgco2e"] for row in rows if row["planned_kgco2e"] is not None]
    facts = {
        "planned": f"{len(of_plans):,}",
        "planned_of": number(float(sum(of_plans)), "kgco2e"),  # type: ignore[arg-type]
    }
    return Result.of(answers, table, facts=facts)


def _relation(data: PackData, rows: list[dict[str, object]]) -> Relation:
    """The contracts as rows of evidence; the file and row of each are those of its latest report."""
    columns = {"unit": str, "contract_reference": str, **dict.fromkeys(_KILOGRAMS, pa.decimal128(38, 20))}
    return data.add_rows("reported_contracts", columns, rows, ("report_lines",))


@contracts.shown
def exhibit(m: Measured) -> Shown:
    cut, gap, left = (m[f"contract_{name}"] for name in ("reduction", "pathway_gap", "planned_left"))
    year = m.data.settings.emissions.net_zero_year
    pairs = tuple(
        (
            f"{r.contract_reference}, {r.supplier}",
            (r.baseline_kgco2e, number(r.baseline_kgco2e, "kgco2e")),
            (r.reported_kgco2e, number(r.reported_kgco2e, "kgco2e")),
        )
        for r in m.table[m.table["reported_kgco2e"].notna()].head(_DRAWN).itertuples()
    )
    word, side = "less" if (cut.value or 0) >= 0 else "more", "above" if (gap.value or 0) > 0 else "below"
    says = (
        f"Contracts reported on in two years emit {cut:magnitude} {word} than at their baseline, and are {gap:magnitude} "
        f"{side} a straight line to net zero in {year}."
    )
    plans = (
        f"Plans of {plural(m.facts.get('planned', '0'), 'contract')} would leave {left} of {m.facts.get('planned_of')} in {year}, where net "
        "zero leaves nothing."
    )
    reporting = m["reported_contract_count"]
    verb = "reports emissions of its own" if reporting.value == 1 else "report emissions of their own"
    return Shown(
        title=f"{counted(reporting, 'contract', 'contracts')} {verb}",
        subtitle=f"Emissions reported by suppliers, contract by contract. {m.where}",
        chart=Pairs(pairs, ("Baseline", "Latest report")),
        says=(
            or_why(cut, says, "What they cut"),
            or_why(left, plans, "What plans would leave"),
            "Reports are as suppliers give them and are of whole years; which of them are assured stands in the scores above.",
        ),
        columns=(
            Column("supplier", "Supplier"),
            Column("contract_reference", "Contract"),
            Column("baseline_period", "Baseline year"),
            Column("baseline_kgco2e", "Baseline (tCO2e)", "tonnes"),
            Column("reported_period", "Latest year"),
            Column("reported_kgco2e", "Latest (tCO2e)", "tonnes", missing=""),
            Column("change_share", "Change", "share", missing=""),
            Column("due_kgco2e", "Straight line allows (tCO2e)", "tonnes", missing=""),
            Column("gap_kgco2e", "Above it (tCO2e)", "tonnes", missing=""),
            Column("planned_share", f"Planned cut by {year}", "share"),
            Column("planned_kgco2e", f"Left in {year} (tCO2e)", "tonnes"),
        ),
        caption="Contracts that report emissions",
    )
