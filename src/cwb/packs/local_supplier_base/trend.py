"""How the local share is changing, quarter by quarter and since the baseline."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pandas as pd

from cwb.charts.tables import Column
from cwb.council.periods import Period
from cwb.evidence.bounded import ZERO, Bounded, exactly
from cwb.evidence.questions import Question, change_of_share, derived, share
from cwb.packs.compare import moved, not_compared
from cwb.packs.exhibits import Lines, Point, range_text
from cwb.packs.measure import Definition, Measured, PackData, Result, Shown, ask, measure
from cwb.packs.questions import (
    IS_LOCAL,
    SUPPLIER,
    Answers,
    Leg,
    Unanswerable,
    add_up,
    coverage,
    is_enough_known,
    number,
)

QUARTER = "financial_year * 10 + quarter_number"
_MEAN_RULE = (
    "For each group (financial year and quarter) the weight that is in divided by the weight of all; the value is the mean "
    "of these shares. For low add to what is in the negative weights of the unknown rows, for high their positive weights."
)


@measure(
    Definition(
        "local_share_baseline", "Local share, baseline", "share", "share",
        "Local share of all spend in the same months of the baseline year.",
    ),
    Definition(
        "local_share_change", "Change in local share", "points", "change",
        "Local share less that of the same months of the baseline year.",
    ),
    Definition(
        "local_share_without_one_offs_baseline", "Local share without one-offs, baseline", "share", "share",
        "Local share without one-offs in the same months of the baseline year.",
    ),
    Definition(
        "local_share_without_one_offs_change", "Change in local share without one-offs", "points", "change",
        "Local share without one-offs less that of the same months of the baseline year.",
    ),
    Definition(
        "mean_of_quarter_shares", "Mean of the quarters' local shares", "share", "derived",
        "The local shares of the quarters added up and divided by their number. Not the local share: quarters "
        "differ in size.",
    ),
    question="How is the local share changing?",
    columns=(
        "quarter",
        Column("label", "Quarter"),
        Column("series", "Spend"),
        Column("local_share", "Local share", "share"),
        Column("local_gbp", "Local (£)", "gbp"),
        Column("pounds_gbp", "Spend (£)", "gbp"),
    ),
)  # fmt: skip
def trend(data: PackData) -> Result:
    """The local share quarter by quarter, up to the end of the period.

    One row per quarter and series: `quarter`, `label`, `series` ("All spend", "Without one-offs"), `local_share`,
    `local_gbp`, `pounds_gbp`. Left out are quarters with a month missing or of which too little is known, and the series
    without one-offs where the year has no approved list.
    """
    quarters = [quarter for quarter in data.quarters_with_spend() if data.is_whole(quarter)]
    sql_legs = [Leg("TRUE", "amount_gbp", IS_LOCAL), Leg(f"{data.is_one_off} IS NOT TRUE", "amount_gbp", IS_LOCAL)]
    found = add_up(data.engine, "spend_lines", SUPPLIER, sql_legs, QUARTER)
    rows = []
    for quarter in quarters:
        series = zip(("All spend", "Without one-offs"), found[_code(quarter)], strict=True)
        for name, sums in list(series)[: 1 + data.has_one_offs(quarter)]:
            if is_enough_known(data, sums):
                pounds = (float(sums.true / sums.all), float(sums.true), float(sums.all))
                rows.append([str(quarter), quarter.short_label, name, *pounds])
    result = Result.of(_answers(data, quarters), rows)
    return replace(result, reason_of="" if rows else "mean_of_quarter_shares")


def _answers(data: PackData, quarters: list[Period]) -> Answers:
    questions: list[Question | Unanswerable] = []
    for name, lines_of in (("local_share", data.spend), ("local_share_without_one_offs", data.recurrent)):
        now, then, reason = lines_of(data.period), lines_of(data.baseline), _why_not(data, name)
        at_baseline = share(f"{name}_baseline", of=then, where=IS_LOCAL, period=str(data.baseline))
        questions.append(at_baseline.unless(reason))
        changed = change_of_share(f"{name}_change", now=now, then=then, where=IS_LOCAL)
        questions.append(changed.unless(not_compared(data) or reason))
    codes = ", ".join(str(_code(quarter)) for quarter in quarters if quarter in data.period.quarters())
    mean = derived(
        "mean_of_quarter_shares", data.spend().where(f"{QUARTER} IN ({codes})"), _MEAN_RULE, _mean, IS_LOCAL, group=QUARTER
    )  # fmt: skip
    no_quarter = None if codes else f"no quarter of {data.period.label} has a payment in every month"
    return ask(data, *questions, mean.unless(no_quarter))


def _code(quarter: Period) -> int:
    """A quarter as a number, as in the SQL of `QUARTER`."""
    return quarter.start_year * 10 + quarter.quarter


def _why_not(data: PackData, name: str) -> str | None:
    if missing := data.months_missing(data.baseline):
        return missing
    if name != "local_share" and not (data.has_one_offs() and data.has_one_offs(data.baseline)):
        years = " or ".join(dict.fromkeys((data.period.year.label, data.baseline.year.label)))
        return f"{years} has no list of one-off projects that was approved by the report's day"
    return None


@exactly
def _mean(rows: pd.DataFrame) -> Bounded:
    """The mean of the quarters' own shares, from the rows of its suppliers in each quarter."""
    known = coverage(rows)
    shares: list[tuple[Decimal, Decimal, Decimal]] = []
    for _, quarter in rows.groupby("group", sort=True):
        pounds = sum(quarter["weight"], ZERO)
        if pounds <= 0:
            return Bounded(None, None, None, known)
        true = sum(quarter.loc[quarter["part"] == "in", "weight"], ZERO)
        unknown = list(quarter.loc[quarter["part"] == "unknown", "weight"])
        low, high = (true + sum((end(w, ZERO) for w in unknown), ZERO) for end in (min, max))
        shares.append((true / pounds, low / pounds, high / pounds))
    value, low, high = (sum(ends, ZERO) / len(shares) for ends in zip(*shares, strict=True))
    return Bounded(value, low, high, known)


@trend.shown
def exhibit(m: Measured) -> Shown:
    data = m.data
    series = tuple(
        (name, tuple(Point(r.label, r.local_share, number(r.local_share, "share")) for r in points.itertuples()))
        for name, points in m.table.groupby("series", sort=False)
    )
    change = m["local_share_without_one_offs_change"]
    base, whole = m["local_share_without_one_offs_baseline"], m["local_share_change"]
    if data.period == data.baseline:
        title, says = "The local share in each quarter of the baseline year", "This is the baseline year itself."
        if data.period.quarter:
            title, says = "The local share by quarter", "This is the baseline quarter itself."
    elif change.value is None:
        title = "The local share by quarter"
        settles = f" {change.settles}" if change.settles else ""
        says = f"Change without one-offs since the baseline is not known, because {change.undefined}.{settles}"
        if whole.value is not None:
            title = f"Local share of all spend is {moved(whole)} since {data.baseline.short_label}"
            says += f" In {data.baseline.label} the share of all spend was {m['local_share_baseline']}."
    else:
        title = f"Local share without one-offs is {moved(change)} since {data.baseline.short_label}"
        says = f"In {data.baseline.label} it was {base}{range_text(base)}."
        if moved(change).startswith("perhaps"):
            says += " Suppliers of unknown place could undo the change."
        if whole.value is not None:
            says += (
                f" With one-offs included the share of all spend is {moved(whole)}: large projects move it from quarter to "
                "quarter."
            )
    mean = m["mean_of_quarter_shares"]
    note = f"The mean of the quarters' own shares is {mean}; it is not the share of the period, because quarters differ in size."
    return Shown(
        title=title,
        subtitle=f"Local share of spend by quarter of payment. {data.settings.council.name}, up to {data.period.label}",
        chart=Lines(series),
        says=(says, note) if mean.value is not None and not data.period.quarter else (says,),
        caption="Local share by quarter",
    )
