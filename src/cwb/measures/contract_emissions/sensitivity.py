"""The total under other choices."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from cwb.dataset import Dataset
from cwb.measures.contract_emissions.footprint import choice_in_use, counted, factors_of, footprint
from cwb.measures.contract_emissions.totals import known
from cwb.measures.workbench import Result, Workbench, measure


@measure("emissions_least", "emissions_most")
def sensitivity(data: Dataset, bench: Workbench) -> Result:
    """Emissions of the period's purchases under other choices of release, year, prices, reports and boundary.

    One row per choice: `choice`, `kgco2e`, `ratio` (to what is reported).
    """
    total = float(known(data)["kgco2e"].sum())
    now, factors = choice_in_use(data), factors_of(data)
    choices = [("As reported", total)]
    for release in factors.releases:
        if release != now.release:
            year = factors.years(release)[-1]
            choices.append(
                (
                    f"Release {release}, {year}",
                    _total(footprint(data, choice=replace(now, release=release, factor_year=year))),
                )
            )
    earlier = [y for y in factors.years(now.release) if y < now.factor_year]
    if earlier:
        choices.append(
            (f"Factors of {earlier[-1]}", _total(footprint(data, choice=replace(now, factor_year=earlier[-1]))))
        )
    every, own = footprint(data), counted(footprint(data))
    choices += [
        ("Prices left as they are", _total(footprint(data, choice=replace(now, is_deflated=False)))),
        ("Spend-based throughout", _total(footprint(data, choice=replace(now, with_reports=False)))),
        ("With energy, which counts as scope 1 and 2", float(every["kgco2e"].sum())),
        ("Without capital and one-off projects", _total(own[~own["is_one_off"]])),
    ]
    made = pd.DataFrame([{"choice": name, "kgco2e": kg, "ratio": kg / total} for name, kg in choices])
    return made, [
        bench.finding("emissions_least", float(made["kgco2e"].min())),
        bench.finding("emissions_most", float(made["kgco2e"].max())),
    ]


def _total(lines: pd.DataFrame) -> float:
    return float(counted(lines)["kgco2e"].sum())
