"""What changed since the baseline, and why: from the baseline as it would have been published then, part by part."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from functools import partial

import pandas as pd

from cwb.base.rows import PLACE, SOURCE_LINE
from cwb.charts.tables import Column
from cwb.charts.wording import mid_sentence
from cwb.council.periods import Period
from cwb.evidence.bounded import ONE, ZERO, Bounded, exactly
from cwb.packs.compare import not_compared
from cwb.packs.contract_emissions.emissions import WEIGHTS, known, of_factors
from cwb.packs.contract_emissions.factors import choice_in_use, first_choice, prices_of
from cwb.packs.contract_emissions.footprint import (
    BY_FACTOR,
    FACTOR,
    HAS_PRODUCT,
    Part,
    amount_of,
    footprint,
    parts_by,
)
from cwb.packs.contract_emissions.parts import (
    CARRIED,
    FACTOR_YEAR,
    RELEASE,
    RULE,
    SUPPLIERS,
    WHAT,
    Whole,
    explain,
    reported_change,
    units_of,
    without_reports,
)
from cwb.packs.exhibits import Bar, Bars, part_text, perhaps, plural, range_text
from cwb.packs.measure import Definition, Measured, PackData, Result, Shown, Undefined, ask, measure, undefined
from cwb.packs.questions import Finding, Relation, Term, coverage, modelled, number, sum_of

# By how much the share of spend whose product is known may differ before the comparison says so.
_ALIKE = 0.02
# The parts that rest on suppliers' reports, with their findings.
_BY_REPORTS = {SUPPLIERS: "emissions_supplier_change", CARRIED: "emissions_carried_change"}
DIFFERENCE_RULE = (
    "Weight_now × factor less {times}weight_then × factor over the rows that are in; low and high with low_factor or "
    "high_factor, one choice for all rows with the same text in shared."
)
_RESTATED_RULE = (
    "Weight × factor less weight × first_factor, over the rows that have either; the factors are as published."
)


@exactly
def difference(rows: pd.DataFrame, then_share: Decimal = ONE) -> Bounded:
    """Emissions now less a share of those then: a factor that both periods have is off the same way in both."""
    rows_known = known(rows).itertuples()
    terms = [
        Term(r.shared, r.weight_now - then_share * r.weight_then, r.factor, r.low_factor, r.high_factor)
        for r in rows_known
    ]
    return Bounded(*sum_of(terms), coverage(rows, WEIGHTS))


@exactly
def _restated(rows: pd.DataFrame) -> Bounded:
    value = sum((r.weight * ((r.factor or ZERO) - (r.first_factor or ZERO)) for r in rows.itertuples()), ZERO)
    return Bounded(value, value, value, coverage(rows))


@measure(
    Definition(
        "emissions_baseline", "Emissions, baseline restated", "kgco2e", "modelled",
        "Emissions of the same months of the baseline year with the release and year of factors in use. Low and"
        " high as for the total.",
        excluded="Energy.",
        version=3,
    ),
    Definition(
        "emissions_change", "Change in emissions", "kgco2e", "derived",
        "Emissions of the period less those of the restated baseline. A factor that both periods have is off "
        "the same way in both.",
        excluded="Energy.",
        version=3,
    ),
    Definition(
        "emissions_supplier_change", "Change by what suppliers did", "kgco2e", "derived",
        "How far contracts reported on in both periods, each for its own year and by one method, moved against "
        "what the same pounds would have emitted: the only part of the change that is a reduction, when below "
        "zero.",
        excluded="Contracts whose latest report is an earlier year's.",
        version=3,
    ),
    Definition(
        "emissions_carried_change", "Change by suppliers' last reports, carried forward", "kgco2e", "derived",
        "The same where one of the reports is an earlier year's: reported and not yet for this period.",
        excluded="Contracts reported on for both years.",
        version=2,
    ),
    Definition(
        "emissions_restatement", "Restatement of the baseline", "kgco2e", "derived",
        "The restated baseline less the baseline as first computed with the earlier release and year.",
    ),
    question="What changed since the baseline, and why?",
    main=("emissions_change",),
    columns=(
        Column("step", "Step"),
        Column("kgco2e", "Change (tCO2e)", "tonnes", missing=""),
        Column("running", "After it (tCO2e)", "tonnes"),
        Column("what", "What it is"),
    ),
)  # fmt: skip
def change(data: PackData) -> Result:
    """From the baseline as it would have been published then to the emissions of this period, part by part.

    One row per step: `step` ("Baseline as first computed", each part, "This period"), `kgco2e` (of the step), `running`
    (after it), `what`. The baseline as first computed takes the older release, where there is one for its year, and the
    newest factor year that both have; the restated baseline takes the release and year in use. A change that is not what
    suppliers did is no reduction.
    """
    base, prices = data.baseline, prices_of(data)
    if not data.count(data.spend(base)):
        raise Undefined(f"the spending files hold no payment of {base.label}")
    if missing := not_compared(data):
        raise Undefined(missing)
    now, first = choice_in_use(data), first_choice(data)
    steps = [prices.step(period.start_year, now) for period in (base, data.period)]
    if None in steps:
        # One year in other prices and the other not would look like a change: neither is.
        now, first = replace(now, is_deflated=False), replace(first, is_deflated=False)
    lines, first_lines = footprint(data, now), footprint(data, first)
    released = footprint(data, replace(first, release=now.release))
    then = lines.at(base)
    reported = lines.where("report_year IS NOT NULL")
    columns = ("unit", "spend_factor", "method", "is_carried")
    parts_of_reports = {
        name: of_factors(
            name, reported, RULE.format(which=which), partial(reported_change, is_carried=is_carried),
            then=reported.at(base), group="spend_key", columns=columns,
        )
        for name, which, is_carried in (
            ("emissions_supplier_change", "no report", False), ("emissions_carried_change", "a report", True),
        )
    }  # fmt: skip
    answers = ask(
        data,
        modelled("emissions_baseline", then, FACTOR, BY_FACTOR, where=HAS_PRODUCT, period=str(base)),
        of_factors("emissions_change", lines, DIFFERENCE_RULE.format(times=""), difference, then=then),
        *parts_of_reports.values(),
        of_factors("emissions_restatement", _both(lines, first_lines).at(base), _RESTATED_RULE, _restated, columns=("first_factor",)),
    )  # fmt: skip
    findings = dict(answers.findings)
    sides = [(side, parts_by(data, side)) for side in (then, lines)]
    wholes = [_whole(data, side, parts) for side, parts in sides]
    if not wholes[0].pounds or not wholes[1].pounds:
        raise Undefined("the product of no payment is known in one of the two periods")
    units = units_of(findings["emissions_supplier_change"].rows())
    e_first, e_release = (amount_of(parts_by(data, side.at(base))).kgco2e for side in (first_lines, released))
    parts = {RELEASE: e_release - e_first, FACTOR_YEAR: wholes[0].kgco2e - e_release}
    before_step, after_step = (ONE, ONE) if None in steps else (step or ONE for step in steps)
    parts |= explain(wholes[0], wholes[1], units, before_step, after_step)
    own_reports = sum(bool(unit.now.methods) and not unit.is_carried for unit in units.values())
    # A change that no two reports show is within the other parts.
    unreported = without_reports(units, own_reports, data.period.year.label)
    for part, reason in unreported.items():
        findings |= undefined(data, (_BY_REPORTS[part],), reason)
    running = e_first
    rows: list[tuple[str, float | None, float, str]] = []
    rows.append(("Baseline as first computed", None, float(e_first), first.name))
    for part, what in WHAT.items():
        running += parts[part]
        moved = None if part in unreported else float(parts[part])
        if moved is None:
            what = (
                "No two reports to compare." if units and (own_reports or part == CARRIED) else "Not reported yet."
            )
        rows.append((part, moved, float(running), what))
    rows.append(("This period", None, float(wholes[1].kgco2e), now.name))
    caveats = _caveats(data, None in steps, [_share_known(parts) for _, parts in sides])
    findings["emissions_change"] = replace(findings["emissions_change"], caveats=caveats)
    carried = [unit for unit in units.values() if unit.now.methods and unit.is_carried]
    sql = f"SELECT DISTINCT report_year FROM {lines.source} WHERE {lines.condition} AND is_carried ORDER BY report_year"
    facts = {
        "own": f"{own_reports:,}",
        "carried": f"{len(carried):,}" if carried else "",
        "carried_years": ", ".join(Period(row["report_year"]).short_label for row in data.rows(sql)),
    }
    table = pd.DataFrame(rows, columns=["step", "kgco2e", "running", "what"])
    return Result(findings, table, facts, tuple(answers.sql))


def _both(lines: Relation, first: Relation) -> Relation:
    """Each line with the factor that it would first have had beside its own."""
    join = " AND ".join(f"f.{name} IS NOT DISTINCT FROM n.{name}" for name in SOURCE_LINE)
    source = f"""(SELECT n.*, f.factor AS first_factor FROM {lines.source} n
        JOIN (SELECT {PLACE}, factor FROM {first.source} x) f ON {join})"""
    return replace(lines, source=source)


@exactly
def _whole(data: PackData, lines: Relation, parts: list[Part]) -> Whole:
    sql = f"""SELECT spend_factor, sum(amount_gbp) AS pounds FROM {lines.source}
        WHERE {lines.condition} AND factor IS NOT NULL GROUP BY spend_factor ORDER BY spend_factor"""
    paid = f"""SELECT DISTINCT unit FROM {lines.source} WHERE {lines.condition} AND factor IS NOT NULL
        AND (contract_unit IS NOT NULL OR supplier_unit IS NOT NULL)"""
    amount = amount_of(parts)
    spend_kgco2e = sum((row["pounds"] * (row["spend_factor"] or ZERO) for row in data.rows(sql)), ZERO)
    return Whole(amount.pounds, spend_kgco2e, amount.kgco2e, frozenset(row["unit"] for row in data.rows(paid)))


def _share_known(parts: list[Part]) -> float:
    """By pounds, credits by their size, as `emissions_known_share`."""
    known, every = (
        sum((abs(part.pounds) for part in of), ZERO) for of in ([p for p in parts if p.factor is not None], parts)
    )
    return float(known / every) if every else 0.0


def _caveats(data: PackData, is_undeflated: bool, shares: list[float]) -> tuple[str, ...]:
    prices, periods = prices_of(data), (data.baseline, data.period)
    guessed = [p.year.short_label for p in periods if p.start_year in prices.forecasts]
    caveats: list[str] = []
    if is_undeflated:
        caveats.append("Prices of one of the years are not known: their part is in what was spent.")
    elif guessed:
        caveats.append(f"Prices of {', '.join(guessed)} are a forecast of the release {prices.release}.")
    if abs(shares[1] - shares[0]) > _ALIKE:
        caveats.append(f"Products are known for {shares[0]:.0%} of spend at the baseline and {shares[1]:.0%} now.")
    return tuple(caveats)


@change.shown
def exhibit(m: Measured) -> Shown:
    moved, did, carried, restated, base = (
        m[f"emissions_{name}"]
        for name in ("change", "supplier_change", "carried_change", "restatement", "baseline")
    )
    bars, before = [], 0.0
    for r in m.table.itertuples():
        if r.step in _BY_REPORTS and pd.isna(r.kgco2e):
            bars.append(Bar(r.step, before, mid_sentence(r.what.rstrip(".")), "Down", start=before))
        elif pd.isna(r.kgco2e):
            bars.append(Bar(r.step, r.running, number(r.running, "kgco2e"), "Total"))
        else:
            low, high = sorted((before, r.running))
            bars.append(Bar(r.step, high, _signed(r.kgco2e), "Up" if r.kgco2e > 0 else "Down", start=low))
        before = r.running
    present = {bar.group for bar in bars}
    groups = {name: n for n, name in enumerate(("Total", "Up", "Down")) if name in present}
    part, reports = (
        "suppliers' part is not known yet",
        f"What suppliers did is not known, because {did.undefined}.",
    )
    if did.value is not None:
        part = f"suppliers' part is {perhaps(did)}{did:magnitude} {_less(did)}"
        reports = f"Contracts with a report for this period's year: {m.facts['own']}."
    if m.facts["carried"] and carried.value is not None:
        reports += (
            f" The last reports of {plural(m.facts['carried'], 'contract')}, of {m.facts['carried_years']}, are carried forward by their "
            f"emissions per pound: they make it {carried:magnitude} {_less(carried)}, if it still holds."
        )
    since = f"since {m.data.baseline.short_label}"
    says = (
        f"The change since the baseline: {mid_sentence(moved.signed)}{range_text(moved)}. The baseline is computed again with the factors in "
        f"use, which moves it by {_signed(restated.value or 0.0)} to {base}{range_text(base)}. The parts sum to the whole.",
        reports,
        *moved.caveats,
        "Only the last part is a reduction by suppliers. A change of factors, prices, spend or method is none.",
    )
    of = "Known emissions:" if part_text(moved) else "Emissions are"
    return Shown(
        title=f"{of} {perhaps(moved)}{'down' if (moved.value or 0) < 0 else 'up'} {moved:magnitude} {since}; {part}",
        subtitle=f"From the baseline as first computed to this period, part by part. {m.where}",
        chart=Bars(tuple(bars), groups),
        says=says,
        caption="From the baseline to this period, part by part",
    )


def _less(finding: Finding) -> str:
    return "less" if (finding.value or 0) < 0 else "more"


def _signed(kg: float) -> str:
    return f"{'+' if kg > 0 else '−' if kg < 0 else ''}{number(abs(kg), 'kgco2e')}"
