"""What contracts and units earn, and whether that covers their cost: no published spending file shows it."""

from __future__ import annotations

import pandas as pd

from cwb.council.periods import Period
from cwb.packs.exhibits import Pairs, counted, listed, or_why, range_text, silent
from cwb.packs.insourcing.concessions import concessions
from cwb.packs.insourcing.savings import last_year_over
from cwb.packs.measure import Column, Definition, Measured, PackData, Result, Shown, ask, measure
from cwb.packs.questions import Fact, Relation, Thing, as_float, bound_below, count, number, total
from cwb.sources.datasets.income import CONCESSION

UNIT = Thing("contract_key", "unit", "contracts and units")
EARNS = Thing("contract_key", "name", "contracts")
_DRAWN = 12
_IN_FORCE = Fact(
    "is_in_force",
    "the types and the ends of contracts are known",
    "The type and the current end of each contract in the register would settle it.",
)


@measure(
    Definition(
        "income_contract_count", "Contracts and units with income", "count", "count",
        "Contracts and units with income in the last financial year that is over on the period's last day.",
    ),
    Definition(
        "income_gbp", "Income of contracts and units", "gbp", "total",
        "Their income in that year.",
    ),
    Definition(
        "income_net_gbp", "Income less direct cost, where that is stated", "gbp", "total",
        "Income less direct cost in that year, of the rows of income that state their cost. It may be below zero.",
        excluded="Rows that state no direct cost: what they leave may be below zero too.",
        version=2,
    ),
    Definition(
        "concession_count", "Concessions in force", "count", "count",
        "Contracts in force on the period's last day that are concessions by the type or title in the register or by a notice, and "
        "concessions with income in the year, each counted once. High: those whose end is not known are in force too, and those of no "
        "stated type are concessions.",
        version=2,
    ),
    question="What do contracts and units earn, and does it cover their cost?",
    needs=(),
    main=("income_contract_count", "concession_count"),
    columns=(
        Column("unit", "Contract or unit"),
        Column("kind", "Kind"),
        Column("income_gbp", "Income (£)", "gbp"),
        Column("cost_gbp", "Direct cost (£)", "gbp"),
        Column("net_gbp", "Income less cost (£)", "gbp"),
        Column("signed", "Signed by finance", "flag"),
    ),
)  # fmt: skip
def income(data: PackData) -> Result:
    """Income and direct cost by contract or unit, of the last financial year that is over.

    One row per contract or unit and kind, most income first, then the concessions of the register and of notices whose income is not
    listed: `unit`, `kind`, `income_gbp`, `cost_gbp`, `net_gbp` (None where the cost is not stated), `signed`.
    """
    year = last_year_over(data)
    lines = Relation("income_lines", ("income_lines",)).where(f"income_year = {year} AND income_gbp > 0")
    reason = data.why_not("income_lines")
    if reason is None and not data.count(lines):
        reason = f"the list of income has nothing of {Period(year).label}"
    without = data.count(lines.where("direct_cost_gbp IS NULL"))
    caveats = silent(without, "row of income states", "rows of income state", "no direct cost")
    costed = lines.where("direct_cost_gbp IS NOT NULL")
    none_costed = reason or (
        None if data.count(costed) else f"no row of income of {Period(year).label} states its direct cost"
    )
    in_force, no_list = concessions(data, year), None
    if not data.has("review_lines") and not data.has("income_lines"):
        no_list = f"{data.why_not('review_lines')}, and {data.why_not('income_lines')}"
    answers = ask(
        data,
        count("income_contract_count", lines, per=UNIT).unless(reason),
        total("income_gbp", lines, by="income_gbp", per=UNIT).unless(reason),
        total("income_net_gbp", costed, by="net_gbp", per=UNIT, caveats=caveats).unless(none_costed),
        # A concession brings no spend, so that the ledger cannot show it.
        count("concession_count", in_force, _IN_FORCE, per=EARNS).unless(no_list),
    )
    if no_register := data.why_not("review_lines"):
        bound_below(answers, "A contracts register would settle it.", no_register, "concession_count")
    sql = f"""SELECT contract_key, min(unit) AS unit, kind, sum(income_gbp) AS income,
        CASE WHEN count(direct_cost_gbp) = count(*) THEN sum(direct_cost_gbp) END AS cost,
        min(CASE WHEN is_signed THEN 1 ELSE 0 END) AS signed FROM income_lines WHERE {lines.condition}
        GROUP BY contract_key, kind ORDER BY income DESC, unit, kind"""
    found = data.rows(sql)
    rows = [
        [row["unit"], row["kind"].capitalize(), as_float(row["income"]), as_float(row["cost"]),
         None if row["cost"] is None else as_float(row["income"] - row["cost"]), bool(row["signed"])]
        for row in found
    ]  # fmt: skip
    listed = {row["contract_key"] for row in found}
    others = f"""SELECT contract_key, min(name) AS name FROM {in_force.source}
        WHERE is_concession AND (is_in_force IS NULL OR is_in_force) GROUP BY contract_key ORDER BY name"""
    rows += [
        [row["name"], CONCESSION.capitalize(), None, None, None, None]
        for row in data.rows(others)
        if row["contract_key"] not in listed
    ]
    return Result.of(
        answers, rows, sql, others, facts={"year": Period(year).label},
    )  # fmt: skip


def _not_drawn(table: pd.DataFrame) -> str:
    """Which of those with an income are not in the chart, whose bars set it against its cost."""
    without = table[table["income_gbp"].notna() & table["cost_gbp"].isna()]
    if without.empty:
        return ""
    names = [f"{row.unit} ({number(row.income_gbp, 'gbp')})" for row in without.head(_DRAWN).itertuples()]
    return f"Of these no direct cost is stated, and they are not drawn: {listed(names)}. "


@income.shown
def exhibit(m: Measured) -> Shown:
    many, earned, net, running = (
        m[name] for name in ("income_contract_count", "income_gbp", "income_net_gbp", "concession_count")
    )
    title = f"{counted(running, 'concession is', 'concessions are')} in force; other income is not known"
    if not running.value:
        title = "No concession is known to be in force, and what contracts earn is not known"
    if many.value is not None:
        title = (
            f"{counted(many, 'contract or unit', 'contracts and units')} brought in {earned} in {m.facts['year']}"
        )
    drawn = m.table[m.table["cost_gbp"].notna()].head(_DRAWN)
    chart = Pairs(
        tuple(
            (
                row.unit,
                (row.cost_gbp, number(row.cost_gbp, "gbp")),
                (row.income_gbp, number(row.income_gbp, "gbp")),
            )
            for row in drawn.itertuples()
        ),
        ("Direct cost", "Income"),
    )
    after = " ".join((f"Of those that state their direct cost {net} is left after it.", *net.caveats))
    known = (
        f"Concessions in force: {running}{range_text(running)}. They bring no spend, so no spending file has them."
    )
    return Shown(
        title=title,
        subtitle=f"Direct cost and income by contract or unit, {m.facts['year']}. {m.where}",
        chart=chart,
        says=(
            f"{or_why(net, after, 'What contracts and units earn after direct cost')} {or_why(running, known, 'How many concessions are in force')}",
            f"{_not_drawn(m.table)}Income of a year that is not over is not counted.",
        ),
        caption="Income and direct cost by contract or unit",
    )
