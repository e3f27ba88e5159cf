"""How far the total depends on choices that could have been made otherwise."""

from __future__ import annotations

from dataclasses import replace

from cwb.charts.wording import mid_sentence
from cwb.packs.contract_emissions.emissions import TONNES
from cwb.packs.contract_emissions.factors import choice_in_use, factors_of
from cwb.packs.contract_emissions.footprint import (
    BY_FACTOR,
    FACTOR,
    HAS_PRODUCT,
    amount_of,
    everything,
    footprint,
    parts_by,
)
from cwb.packs.exhibits import dots, range_text, ratio
from cwb.packs.measure import Column, Definition, Measured, PackData, Result, Shown, ask, measure
from cwb.packs.questions import Relation, modelled

_WITHOUT = "Without capital and one-off projects"


def _choices(data: PackData) -> dict[str, Relation | None]:
    """The payments of the period with their emissions under each choice; None where it is not known which they are."""
    now, factors, lines = choice_in_use(data), factors_of(data), footprint(data)
    choices: dict[str, Relation | None] = {"As reported": lines}
    for release in factors.releases:
        if release != now.release:
            year = factors.years(release)[-1]
            choices[f"Release {release}, {year}"] = footprint(
                data, replace(now, release=release, factor_year=year)
            )
    earlier = [year for year in factors.years(now.release) if year < now.factor_year]
    if earlier:
        choices[f"Factors of {earlier[-1]}"] = footprint(data, replace(now, factor_year=earlier[-1]))
    return choices | {
        "Prices left as they are": footprint(data, replace(now, is_deflated=False)),
        "Spend-based throughout": footprint(data, replace(now, with_reports=False)),
        "With energy, which counts as scope 1 and 2": everything(lines),
        _WITHOUT: None if data.one_offs_missing() else lines.where(f"{data.is_one_off} IS NOT TRUE"),
    }


@measure(
    Definition(
        "emissions_least", "Emissions, least", "kgco2e", "modelled",
        "The least total under the choices shown. Low and high: as for the total.",
        version=2,
    ),
    Definition(
        "emissions_most", "Emissions, most", "kgco2e", "modelled",
        "The greatest total under the choices shown. Low and high: as for the total.",
        version=2,
    ),
    question="How far does the total depend on choices?",
    main=("emissions_least", "emissions_most"),
    columns=(Column("choice", "Choice"), TONNES, Column("ratio", "Against what is reported", "share")),
)  # fmt: skip
def sensitivity(data: PackData) -> Result:
    """Emissions of the period's purchases under other choices of release, year, prices, reports and boundary.

    One row per choice: `choice`, `kgco2e`, `ratio` (to what is reported; both None where capital and one-off projects have no
    approved list). The rows of the two findings are those of the choice that gives least, and most.
    """
    every = _choices(data)
    choices = {name: lines for name, lines in every.items() if lines is not None}
    totals = {name: amount_of(parts_by(data, lines)).kgco2e for name, lines in choices.items()}
    least, most = (choose(totals, key=lambda name: totals[name]) for choose in (min, max))
    answers = ask(
        data,
        modelled("emissions_least", choices[least], FACTOR, BY_FACTOR, where=HAS_PRODUCT),
        modelled("emissions_most", choices[most], FACTOR, BY_FACTOR, where=HAS_PRODUCT),
    )
    total = totals["As reported"]
    rows = [
        (name, float(totals[name]), ratio(totals[name], total)) if name in totals else (name, None, None)
        for name in every
    ]
    missing = data.one_offs_missing()
    return Result.of(answers, rows, facts={"missing": missing} if missing else {})


@sensitivity.shown
def exhibit(m: Measured) -> Shown:
    least, most = m["emissions_least"], m["emissions_most"]
    drawn = m.table[m.table["kgco2e"].notna()]
    missing = m.facts.get("missing")
    left_out = f"What is emitted {mid_sentence(_WITHOUT)} is not known: {missing}. It is in neither end."
    return Shown(
        title=f"Between {least} and {most} under other choices",
        subtitle=f"Emissions of the period's purchases under each choice, as far as known. {m.where}",
        chart=dots(drawn["choice"], drawn["kgco2e"], "kgco2e"),
        says=(
            f"With what scores allow, the least is{range_text(least).removeprefix(',') or f' {least}'} and the most"
            f"{range_text(most).removeprefix(',') or f' {most}'}. Matches under review change only the industry by which a line "
            "without a product code is counted.",
            *([left_out] if missing else []),
        ),
        caption="Emissions under other choices",
    )
