"""Whether all purchases are on the way to net zero: year by year against a straight line from the baseline."""

from __future__ import annotations

from decimal import Decimal
from functools import partial

import pandas as pd

from cwb.council.periods import Period
from cwb.packs.contract_emissions.change import DIFFERENCE_RULE, difference
from cwb.packs.contract_emissions.emissions import RANGE, SCORE, emissions, of_factors, terms
from cwb.packs.contract_emissions.factors import due_share
from cwb.packs.contract_emissions.footprint import amount_of, footprint, parts_by
from cwb.packs.exhibits import Lines, Point, part_text, perhaps, range_text
from cwb.packs.measure import Column, Definition, Measured, PackData, Result, Shown, Undefined, ask, measure
from cwb.packs.questions import Bounded, coverage, exactly, number, sum_of

_DUE_RULE = "Weight × factor over the rows that are in, of the baseline, times {share:.6f}; low and high with low_factor and high_factor."


@exactly
def _due(rows: pd.DataFrame, share: Decimal) -> Bounded:
    value, low, high = (end * share for end in sum_of(terms(rows)))
    return Bounded(value, low, high, coverage(rows))


@measure(
    Definition(
        "pathway_due", "What a straight line to net zero allows", "kgco2e", "derived",
        "What a straight line from the end of the baseline period to net zero allows at the end of the period.",
        excluded="Energy.",
        version=3,
    ),
    Definition(
        "pathway_distance", "Distance from a straight line to net zero", "kgco2e", "derived",
        "Emissions of the period's purchases less what the straight line allows. A factor that both periods have is off "
        "the same way in both.",
        excluded="Energy.",
        version=3,
    ),
    question="Are all purchases on the way to net zero?",
    main=("pathway_distance",),
    columns=(
        Column("year", "Year"),
        Column("kgco2e", "Purchases (tCO2e)", "tonnes"),
        *RANGE,
        SCORE,
        Column("due_kgco2e", "Straight line to net zero (tCO2e)", "tonnes"),
    ),
)  # fmt: skip
def pathway(data: PackData) -> Result:
    """All purchases year by year against a straight line from the baseline to net zero.

    One row per financial year with every month: `year`, `pounds_gbp`, `kgco2e` (release and factor year in use, prices of the
    factor's year; energy left out), `low_kgco2e`, `high_kgco2e`, `score`, `due_kgco2e`. For a quarter each year is cut to the
    same months.
    """
    if missing := data.months_missing(data.baseline):
        raise Undefined(missing)
    lines, limit = footprint(data), data.settings.emissions.net_zero_year
    share = due_share(data.baseline, data.period, limit)
    answers = ask(
        data,
        of_factors("pathway_due", lines.at(data.baseline), _DUE_RULE.format(share=share), partial(_due, share=share)),
        of_factors(
            "pathway_distance", lines, DIFFERENCE_RULE.format(times=f"{share:.6f} × "),
            partial(difference, then_share=share), then=lines.at(data.baseline),
        ),
    )  # fmt: skip
    years = sorted({quarter.start_year for quarter in data.quarters_with_spend()})
    periods = [Period(year, data.period.quarter) for year in years if year >= data.baseline.start_year]
    amounts = {p: amount_of(parts_by(data, lines.at(p))) for p in periods if data.is_whole(p)}
    base = amounts[data.baseline].kgco2e if data.baseline in amounts else Decimal(0)
    rows = [
        {"year": p.short_label, **amount.as_row(), "due_kgco2e": float(base * due_share(data.baseline, p, limit))}
        for p, amount in amounts.items()
        if amount.pounds
    ]
    return Result.of(answers, rows)


@pathway.shown
def exhibit(m: Measured) -> Shown:
    due, distance, now = m["pathway_due"], m["pathway_distance"], emissions(m.data)["emissions_total"]
    year = m.data.settings.emissions.net_zero_year
    straight = f"Straight line to net zero in {year}"
    series = tuple(
        (
            name,
            tuple(Point(y, x, number(x, "kgco2e")) for y, x in zip(m.table["year"], m.table[column], strict=True)),
        )
        for name, column in (("Purchases", "kgco2e"), (straight, "due_kgco2e"))
    )
    part = part_text(now)
    side = "above" if (distance.value or 0) > 0 else "below"
    apart = f"The difference is {distance}{range_text(distance)}."
    if distance.bounds:
        # The ends of the total less the line would be further apart, and are not possible.
        apart += " A factor that both years have is off the same way in both."
    position = "on" if not distance.value else f"{perhaps(distance)}{distance:magnitude} {side}"
    title = f"{'Known emissions' if part_text(distance) else 'Purchases'} are {position} a straight line to net zero in {year}"
    if not distance.value and m.data.period.start_year == m.data.baseline.start_year:
        title = f"A straight line to net zero in {year} starts at the {now} of this baseline"
    return Shown(
        title=title,
        subtitle=f"Emissions of purchases year by year, same months, factors and prices of one year. {m.where}",
        chart=Lines(series, "kgco2e", (straight,)) if len(m.table) > 1 else None,
        says=(
            f"{now}{f' for {part}' if part else ''}, where the line allows {due}. {apart}",
            "What is spend-based follows spend: read it beside the parts of the change above.",
        ),
        caption="Purchases against a straight line to net zero",
    )
