"""How the local share is changing, quarter by quarter and since the baseline."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd

from cwb.charts.charts import Lines, Point
from cwb.charts.tables import Column
from cwb.charts.wording import range_text
from cwb.council.periods import Period
from cwb.evidence.bounded import Bounded, coverage_of, exactly
from cwb.evidence.bounded import undefined as undefined_bounds
from cwb.evidence.data import PackData
from cwb.evidence.definitions import Definition
from cwb.evidence.facts import IS_LOCAL
from cwb.evidence.finding import Finding, number
from cwb.evidence.questions import Question, change_of_share, derived, share
from cwb.evidence.relation import SUPPLIER
from cwb.evidence.sums import Leg, add_up
from cwb.packs.compare import moved
from cwb.packs.measure import Measured, Result, Shown, ask, measure, undefined

QUARTER = "financial_year * 10 + quarter_number"
_MEAN_RULE = (
    "For each group (financial year and quarter) the weight that is in divided by the weight of all; the value is the mean "
    "of these shares. For low add to what is in the negative weights of the unknown rows, for high their positive weights."
)
_SERIES = ("local_share", "local_share_without_one_offs")


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
)  # fmt: skip
def trend(data: PackData) -> Result:
    """The local share quarter by quarter, up to the end of the period.

    One row per quarter and series: `quarter`, `label`, `series` ("All spend", "Without one-offs"), `local_share`,
    `local_gbp`, `pounds_gbp`. Left out are quarters with a month missing or of which too little is known, and the series
    without one-offs where the year has no approved list.
    """
    quarters = [quarter for quarter in data.quarters_with_spend() if data.is_whole(quarter)]
    sql_legs = [Leg("TRUE", "amount_gbp", IS_LOCAL), Leg("is_one_off IS NOT TRUE", "amount_gbp", IS_LOCAL)]
    found = add_up(data.engine, "spend_lines", SUPPLIER, sql_legs, QUARTER)
    floor = Decimal(str(data.settings.evidence.floor_pounds))
    rows = []
    for quarter in quarters:
        series = [("All spend", found[quarter.start_year * 10 + quarter.quarter][0])]
        if data.has_one_offs(quarter):
            series.append(("Without one-offs", found[quarter.start_year * 10 + quarter.quarter][1]))
        for name, sums in series:
            if sums.all > 0 and sums.coverage is not None and sums.coverage >= floor:
                rows.append(
                    {
                        "quarter": str(quarter),
                        "label": quarter.short_label,
                        "series": name,
                        "local_share": float(sums.true / sums.all),
                        "local_gbp": float(sums.true),
                        "pounds_gbp": float(sums.all),
                    }
                )
    table = pd.DataFrame(rows, columns=["quarter", "label", "series", "local_share", "local_gbp", "pounds_gbp"])
    findings, sql = _findings(data, quarters)
    return Result(findings, table, sql=sql, nothing="" if len(table) else "mean_of_quarter_shares")


def _findings(data: PackData, quarters: list[Period]) -> tuple[dict[str, Finding], tuple[str, ...]]:
    questions: list[Question] = []
    findings: dict[str, Finding] = {}
    relations = {"local_share": data.spend, "local_share_without_one_offs": data.recurrent}
    for name in _SERIES:
        reason = _why_not(data, name)
        if reason:
            findings |= undefined(data, (f"{name}_baseline", f"{name}_change"), reason)
            continue
        now, then = relations[name](data.period), relations[name](data.baseline)
        questions += [
            share(f"{name}_baseline", of=then, where=IS_LOCAL, period=str(data.baseline)),
            change_of_share(f"{name}_change", now=now, then=then, where=IS_LOCAL),
        ]
    own = [quarter for quarter in quarters if quarter in data.period.quarters()]
    if own:
        codes = ", ".join(str(quarter.start_year * 10 + quarter.quarter) for quarter in own)
        lines = data.spend().where(f"{QUARTER} IN ({codes})")
        questions.append(
            derived(
                "mean_of_quarter_shares", of=lines, rule=_MEAN_RULE, compute=_mean, where=IS_LOCAL, group=QUARTER
            )
        )
    else:
        reason = f"no quarter of {data.period.label} has a payment in every month"
        findings |= undefined(data, ("mean_of_quarter_shares",), reason)
    asked = ask(data, *questions)
    return findings | asked.findings, tuple(asked.sql)


def _why_not(data: PackData, name: str) -> str | None:
    if missing := data.months_missing(data.baseline):
        return missing
    if name != "local_share" and not (data.has_one_offs() and data.has_one_offs(data.baseline)):
        return f"{data.period.year.label} or {data.baseline.year.label} has no approved list of one-off projects"
    return None


@exactly
def _mean(rows: pd.DataFrame) -> Bounded:
    """The mean of the quarters' own shares, from the rows of its suppliers in each quarter."""
    size = sum((abs(w) for w in rows["weight"]), Decimal(0))
    not_known = sum((abs(w) for w in rows.loc[rows["part"] == "unknown", "weight"]), Decimal(0))
    known = coverage_of(not_known, size)
    shares: list[tuple[Decimal, Decimal, Decimal]] = []
    for _, own in rows.groupby("group", sort=True):
        everything = sum(own["weight"], Decimal(0))
        if everything <= 0:
            return undefined_bounds(known)
        true = sum(own.loc[own["part"] == "in", "weight"], Decimal(0))
        unknown = list(own.loc[own["part"] == "unknown", "weight"])
        low = true + sum((w for w in unknown if w < 0), Decimal(0))
        high = true + sum((w for w in unknown if w > 0), Decimal(0))
        shares.append((true / everything, low / everything, high / everything))
    value, low, high = (sum(ends, Decimal(0)) / len(shares) for ends in zip(*shares, strict=True))
    return Bounded(value, low, high, known)


@trend.shown
def exhibit(m: Measured) -> Shown:
    data = m.data
    series = tuple(
        (name, tuple(Point(r.label, r.local_share, number(r.local_share, "share")) for r in own.itertuples()))
        for name, own in m.table.groupby("series", sort=False)
    )
    change = m["local_share_without_one_offs_change"]
    base, whole = m["local_share_without_one_offs_baseline"], m["local_share_change"]
    if change.value is None:
        title = "The local share by quarter"
        settles = f" {change.settles}" if change.settles else ""
        says = f"Change without one-offs since the baseline is not known, because {change.undefined}.{settles}"
        if whole.value is not None and data.period != data.baseline:
            title = f"Local share of all spend is {moved(whole)} since {data.baseline.short_label}"
            says += f" In {data.baseline.label} the share of all spend was {m['local_share_baseline']}."
    elif data.period == data.baseline:
        title, says = "The local share in each quarter of the baseline year", "This is the baseline year itself."
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
        columns=(
            Column("label", "Quarter"),
            Column("series", "Spend"),
            Column("local_share", "Local share", "share"),
            Column("local_gbp", "Local (£)", "gbp"),
            Column("pounds_gbp", "Spend (£)", "gbp"),
        ),
        caption="Local share by quarter",
    )
