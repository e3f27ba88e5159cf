"""A change is explained and not claimed: the difference between two years in parts that sum to the whole."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd

from cwb.council.periods import Period
from cwb.dataset import Dataset
from cwb.emissions import SPEND_BASED
from cwb.measures.contract_emissions.footprint import (
    Choice,
    choice_in_use,
    counted,
    factors_of,
    footprint,
    half_range,
    known_lines,
    price_step,
    prices_of,
)
from cwb.measures.contract_emissions.totals import known
from cwb.measures.workbench import Result, Undefined, Workbench, measure

RELEASE, FACTOR_YEAR, SPEND, PRICE, MIX, METHOD, CARRIED, SUPPLIERS = (
    "Another release of the factors", "Another year of the factors", "More or less spent", "Prices",
    "Other things bought", "Other methods", "Suppliers' last reports, carried forward", "What suppliers did",
)  # fmt: skip
# Of a contract whose spend-based figure is under a kilogram no growth can be told.
_LEAST_KG = 1.0
# By how much the share of spend whose product is known may differ before the comparison says so.
_ALIKE = 0.02
PARTS = (RELEASE, FACTOR_YEAR, SPEND, PRICE, MIX, METHOD, CARRIED, SUPPLIERS)


def explain(before: pd.DataFrame, after: pd.DataFrame, step_before: float, step_after: float) -> dict[str, float]:
    """The change between two footprints of one release and factor year, in parts that sum to it.

    Both have `amount_gbp`, `spend_kgco2e`, `kgco2e`, `method`, `is_carried` and `unit` (the contract or supplier that a report
    is about). `step_…` turn pounds into prices of the factor's year. Spend: as if only the pounds had changed. Price: what
    those pounds buy. Suppliers: of contracts reported on by one method in both periods, each for its own year, what they emit
    less what they would emit for the same real pounds as before: reported 100 kg for £10 and 150 kg for £20 is 150 − 200 =
    −50 kg. Carried: the same where one of the reports is an earlier year's, so that nobody has reported this period yet.
    Method: contracts reported on by another method, or paid in both periods and reported on in one. Mix: the rest, money
    that moved between products and contracts, contracts that began or ended among them.
    """
    s0, s1 = float(before["amount_gbp"].sum()), float(after["amount_gbp"].sum())
    e0, e1 = float(before["spend_kgco2e"].sum()), float(after["spend_kgco2e"].sum())
    if not s0:
        raise Undefined("nothing was spent in the earlier period")
    spend = (s1 / s0 - 1) * e0
    price = s1 / s0 * (step_after / step_before - 1) * e0
    then, now = _reported(before), _reported(after)
    both = [unit for unit in then.index.intersection(now.index) if then.at[unit, "spend_kgco2e"] > _LEAST_KG]
    one, two = then.reindex(both), now.reindex(both)
    growth = two["spend_kgco2e"] / one["spend_kgco2e"]
    by_unit = two["kgco2e"] - growth * one["kgco2e"]
    moved = float(((growth - 1) * (one["kgco2e"] - one["spend_kgco2e"])).sum())
    is_alike, is_carried = one["method"] == two["method"], one["is_carried"] | two["is_carried"]
    lone_then, lone_now = then.drop(both), now.drop(both)
    still, already = lone_then.index.isin(after["unit"]), lone_now.index.isin(before["unit"])
    method = float(lone_now.loc[already, "off"].sum() - lone_then.loc[still, "off"].sum())
    began = float(lone_now.loc[~already, "off"].sum() - lone_then.loc[~still, "off"].sum())
    return {
        SPEND: spend,
        PRICE: price,
        MIX: e1 - e0 - spend - price + moved + began,
        METHOD: method + float(by_unit[~is_alike].sum()),
        CARRIED: float(by_unit[is_alike & is_carried].sum()),
        SUPPLIERS: float(by_unit[is_alike & ~is_carried].sum()),
    }


def _reported(lines: pd.DataFrame) -> pd.DataFrame:
    """By contract or supplier reported on: its own figure, the spend-based one, how far they are apart, the method and
    whether the report is an earlier year's. A unit with lines of several methods is named by the first of them."""
    own = lines[~lines["method"].isin([SPEND_BASED, "not known"])]
    sums = (
        own.assign(spend_kgco2e=own["spend_kgco2e"].fillna(0.0))
        .sort_values("method", kind="stable")
        .groupby("unit")
        .agg(
            kgco2e=("kgco2e", "sum"), spend_kgco2e=("spend_kgco2e", "sum"), method=("method", "first"),
            is_carried=("is_carried", "any"),
        )
    )  # fmt: skip
    return sums.assign(off=sums["kgco2e"] - sums["spend_kgco2e"])


def _comparable(data: Dataset, period: Period, choice: Choice) -> pd.DataFrame:
    """Counted lines with known emissions; a report's contract, or else supplier, names its unit."""
    lines = known_lines(data, period, choice)
    unit = (
        lines["contract_reference"]
        .astype(object)
        .where(lines["contract_reference"].notna(), lines["supplier_key"])
    )
    told = lines["report_period"]
    return lines.assign(
        unit=unit,
        spend_kgco2e=lines["spend_kgco2e"].fillna(0.0),
        is_carried=(told.notna() & (told != str(period.year))).astype(bool),
    )


@measure(
    "emissions_baseline",
    "emissions_change",
    "emissions_supplier_change",
    "emissions_carried_change",
    "emissions_restatement",
)
def change(data: Dataset, bench: Workbench) -> Result:
    """From the baseline as it would have been published then to the emissions of this period, part by part.

    One row per step: `step` ("Baseline as first computed", each part, "This period"), `kgco2e` (of the step), `running`
    (after it), `what`. The baseline as first computed takes the older release, where there is one for its year, and the
    factor year of the settings' `first_factor_year` or the oldest that both have; the restated baseline takes the release
    and year in use. A change that is not what suppliers did is no reduction.
    """
    if data.period == data.baseline:
        raise Undefined("this is the baseline period itself")
    if data.spend(data.baseline).empty:
        raise Undefined(f"the spending files hold no payment of {data.baseline.label}")
    if not (data.is_whole(data.period) and data.is_whole(data.baseline)):
        raise Undefined(f"months are missing in {data.period.label} or in {data.baseline.label}")
    now, first = choice_in_use(data), first_choice(data)
    steps = [price_step(data, p, now) for p in (data.baseline, data.period)]
    if None in steps:
        # One year in other prices and the other not would look like a change: neither is.
        now, first, steps = replace(now, is_deflated=False), replace(first, is_deflated=False), [1.0, 1.0]
    other_release = replace(first, release=now.release)
    base_first, base_release, base_now = (
        _comparable(data, data.baseline, choice) for choice in (first, other_release, now)
    )
    after = _comparable(data, data.period, now)
    e_first, e_release, e_base, e_now = (
        float(f["kgco2e"].sum()) for f in (base_first, base_release, base_now, after)
    )
    if base_now.empty or after.empty:
        raise Undefined("the product of no payment is known in one of the two periods")
    parts = {RELEASE: e_release - e_first, FACTOR_YEAR: e_base - e_release} | explain(
        base_now, after, *(step or 1.0 for step in steps)
    )
    rows: list[dict[str, Any]] = [
        {"step": "Baseline as first computed", "running": e_first, "what": _named(first)}
    ]
    running = e_first
    for part in PARTS:
        running += parts[part]
        rows.append({"step": part, "kgco2e": parts[part], "running": running, "what": _WHAT[part]})
    rows.append({"step": "This period", "running": e_now, "what": _named(now)})
    caveats: tuple[str, ...] = ()
    if not now.is_deflated:
        caveats = ("Prices of one of the years are not known: their part is in what was spent.",)
    guessed = [p.year.short_label for p in (data.baseline, data.period) if prices_of(data).is_forecast(p)]
    if now.is_deflated and guessed:
        caveats += (f"Prices of {', '.join(guessed)} are a forecast of the release {prices_of(data).release}.",)
    halves = [half_range(f) for f in (base_now, after)]
    own_reports = int(after.loc[after["report_period"].notna() & ~after["is_carried"], "unit"].nunique())
    carried = after[after["is_carried"]]
    compared = ((base_now, data.baseline), (after, data.period))
    shares = [
        float(f["amount_gbp"].sum()) / float(counted(footprint(data, p, now))["amount_gbp"].sum())
        for f, p in compared
    ]
    if abs(shares[1] - shares[0]) > _ALIKE:
        caveats += (f"Products are known for {shares[0]:.0%} of spend at the baseline and {shares[1]:.0%} now.",)
    return (
        pd.DataFrame(rows, columns=["step", "kgco2e", "running", "what"]),
        [
            bench.finding(
                "emissions_baseline",
                e_base,
                period=str(data.baseline),
                low=e_base - halves[0],
                high=e_base + halves[0],
            ),
            bench.finding("emissions_change", e_now - e_base, n=e_now, of=e_base, caveats=caveats),
            bench.finding("emissions_supplier_change", parts[SUPPLIERS], n=own_reports)
            if own_reports
            else bench.finding(
                "emissions_supplier_change", undefined=f"no supplier has reported for {data.period.year.label} yet"
            ),
            bench.finding("emissions_carried_change", parts[CARRIED], n=int(carried["unit"].nunique())),
            bench.finding("emissions_restatement", e_base - e_first, n=e_base, of=e_first),
        ],
        {"carried": ", ".join(sorted({Period.parse(str(p)).short_label for p in carried["report_period"]}))},
    )


_WHAT = {
    RELEASE: "The publisher restated its factors for the same year.",
    FACTOR_YEAR: "Factors of a later year: the economy's average changed, not our suppliers.",
    SPEND: "Pounds paid for what is known.",
    PRICE: "The same pounds buy less, or more.",
    MIX: "Money moved between product groups.",
    METHOD: "Contracts reported on in one of the two periods alone, or by another method.",
    CARRIED: "The latest report is an earlier year's: a cut that was reported, not yet for this period.",
    SUPPLIERS: "Contracts reported on for both periods by one method: the only part that is a reduction.",
}


def _named(choice: Choice) -> str:
    return f"Release {choice.release}, factors of {choice.factor_year}"


def first_choice(data: Dataset) -> Choice:
    """What a pack of the baseline year would have used: the release before the one in use, and its newest year, where
    factors of two releases are at hand; else the one in use."""
    now, factors = choice_in_use(data), factors_of(data)
    older = [release for release in factors.releases if release != now.release]
    if not older:
        return now
    years = [y for y in factors.years(older[0]) if y in factors.years(now.release)]
    return replace(now, release=older[0], factor_year=years[-1]) if years else now


@measure("factor_trap_change", "release_median_difference")
def factor_trap(data: Dataset, bench: Workbench) -> Result:
    """The same spend with other factors: what a flat budget seems to "cut" by factors alone.

    One row per release and factor year, oldest first: `release`, `factor_year`, `kgco2e` (the period's spend at that year's
    factors, prices left as they are, suppliers' reports left out), `change` (against the row before of the same release).
    """
    factors, now = factors_of(data), choice_in_use(data)
    known(data)
    rows = []
    for release in factors.releases:
        for year in factors.years(release)[-6:]:
            choice = Choice(release, year, is_deflated=False, with_reports=False)
            rows.append(
                {
                    "release": release,
                    "factor_year": year,
                    "kgco2e": float(counted(footprint(data, choice=choice))["kgco2e"].sum()),
                }
            )
    made = pd.DataFrame(rows).sort_values(["release", "factor_year"], ignore_index=True)
    made["change"] = made.groupby("release")["kgco2e"].pct_change()
    own = made[made["release"] == now.release].set_index("factor_year")["kgco2e"]
    if len(own) < 2 or not own.iloc[-2]:
        raise Undefined("only one year of factors is at hand")
    trap = float(own.iloc[-1] / own.iloc[-2] - 1)
    difference = bench.finding("release_median_difference", undefined="only one release of factors is at hand")
    first = first_choice(data)
    if first.release != now.release:
        one, other = factors.of(first.release, first.factor_year), factors.of(now.release, first.factor_year)
        both = [abs(other[c] / one[c] - 1) for c in one if c in other and one[c]]
        difference = bench.finding("release_median_difference", float(pd.Series(both).median()), n=len(both))
    return made, [bench.finding("factor_trap_change", trap, n=float(own.iloc[-1]), of=float(own.iloc[-2])), difference], {
        "from": str(own.index[-2]), "to": str(own.index[-1]), "release": now.release,
    }  # fmt: skip
