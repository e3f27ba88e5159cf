"""What was saved: cash released, cost avoided, income; three figures that are never added."""

from __future__ import annotations

import pandas as pd

from cwb.council.periods import long_date
from cwb.packs.exhibits import or_why, range_text, silent
from cwb.packs.measure import Column, Definition, Measured, PackData, Result, Shown, ask, measure
from cwb.packs.questions import (
    ONE,
    ZERO,
    Bounded,
    Fact,
    Finding,
    Question,
    Relation,
    Thing,
    Unanswerable,
    as_float,
    at_most,
    derived,
    exactly,
    number,
)
from cwb.sources.tabular import sql_text

SAVING = Thing("", "title", "savings")
# What a saving counts as. Avoided expenditure releases no cash, whatever its row says of cash.
_COUNTS_AS = (
    "CASE WHEN kind = 'income' THEN 'income' WHEN kind = 'avoided' OR NOT is_cash THEN 'avoided' ELSE 'cash' END"
)
_NET = "(baseline_gbp - new_gbp - coalesce(cost_to_achieve_gbp, 0))"
_NAMES = {"cash": "Cash released", "avoided": "Cost avoided", "income": "Income"}
_IDS = {"saving_cash": "cash", "saving_avoided": "avoided", "saving_income": "income"}
_RULE = (
    "The value is the sum of weight (baseline less new cost less cost to achieve) over the rows that are in: realised, signed by "
    "finance, with a cost to achieve, and of a year that is over where a service came in-house. For low add the negative weights of all other rows, for high "
    "their positive weights. Where one of them states no cost to achieve, low is not known."
)
_TEXT = (
    "Baseline less new cost less cost to achieve, of {} of the period's financial year that are realised and signed by finance by "
    "the report's day; of a service that came in-house once the year is over on the period's last day, as in pack 07. Low and high: with "
    "forecasts, those not signed, those that state no cost to achieve (taken as nothing; low is not known then), and those of a service "
    "in-house whose year is not over. Never added to the other two."
)
_NO_COST = "In the value: those signed that state no cost to achieve. What they leave may be below zero."
_EVERY_COST = "The cost to achieve each saving would settle it."


@measure(
    Definition(
        "saving_cash", "Cash saved, signed and realised", "gbp", "derived",
        _TEXT.format("savings that release cash"), excluded=f"Avoided cost and income. {_NO_COST}", version=4,
    ),
    Definition(
        "saving_avoided", "Cost avoided, signed and realised", "gbp", "derived",
        _TEXT.format("costs avoided, which release no cash"), excluded=f"Savings that release cash, and income. {_NO_COST}", version=4,
    ),
    Definition(
        "saving_income", "Income gained, signed and realised", "gbp", "derived",
        _TEXT.format("income"), excluded=f"Savings, and avoided cost. {_NO_COST}", version=4,
    ),
    question="What was saved, and who signed for it?",
    needs=("savings",),
    main=("saving_cash", "saving_avoided", "saving_income"),
    columns=(
        Column("counts_as", "Counts as"),
        Column("kind", "Kind"),
        Column("baseline", "Compared with"),
        Column("savings", "Savings", "count"),
        Column("signed_gbp", "Signed and realised (£)", "gbp"),
        Column("no_cost_gbp", "Signed, cost to achieve not stated (£)", "gbp"),
        Column("open_gbp", "Signed, service in-house, year not over (£)", "gbp"),
        Column("unsigned_gbp", "Realised, not signed (£)", "gbp"),
        Column("forecast_gbp", "Forecast (£)", "gbp"),
    ),
)  # fmt: skip
def savings(data: PackData) -> Result:
    """Savings and income of the period's financial year, net of the cost to achieve them.

    One row per what it counts as, kind and baseline, in that order: `counts_as`, `kind`, `baseline` (what it is compared with),
    `savings` (how many), `signed_gbp` (realised and signed by finance), `no_cost_gbp` (signed, but without a cost to achieve),
    `open_gbp` (signed, of a service in-house in a year that is not over), `unsigned_gbp` (realised, not signed by the report's day), `forecast_gbp`. There is no sum over what it counts as. Rules: cash
    must be released, net of cost to achieve; avoided expenditure is not cash (Crown Commercial Service); a baseline of bids is a
    weak one. A saving without a baseline was refused when the file was read.
    """
    lines, signed, over = data.relation("savings", data.period.year), _is_signed(data), _is_over(data)
    counts = f"({signed} AND {over})"
    answers = ask(data, *(_question(data, name, lines, counts) for name in _IDS))
    for name, found in answers.findings.items():
        if found.caveats:
            answers.findings[name] = at_most(found, _EVERY_COST, found.caveats[0].rstrip("."))
    states = {
        "signed_gbp": f"{counts} AND cost_to_achieve_gbp IS NOT NULL",
        "no_cost_gbp": f"{counts} AND cost_to_achieve_gbp IS NULL",
        "open_gbp": f"{signed} AND NOT {over}",
        "unsigned_gbp": f"is_realised AND NOT {signed}",
        "forecast_gbp": "NOT is_realised",
    }
    sums = ", ".join(f"sum(CASE WHEN {state} THEN {_NET} ELSE 0 END) AS {name}" for name, state in states.items())
    sql = f"""SELECT {_COUNTS_AS} AS counts_as, kind, baseline_kind AS baseline, count(*) AS savings, {sums}
        FROM {lines.source} WHERE {lines.condition} GROUP BY {_COUNTS_AS}, kind, baseline_kind
        ORDER BY CASE {_COUNTS_AS} WHEN 'cash' THEN 1 WHEN 'avoided' THEN 2 ELSE 3 END, kind, baseline_kind"""
    rows = [
        [
            _NAMES[row["counts_as"]],
            row["kind"].capitalize(),
            row["baseline"].capitalize(),
            row["savings"],
            *(as_float(row[name]) for name in states),
        ]
        for row in data.rows(sql)
    ]
    return Result.of(answers, rows, sql)


def _is_signed(data: PackData) -> str:
    """SQL: realised, and signed by finance by the report's day."""
    by_then = f"signed_date <= CAST({sql_text(str(data.report_day))} AS DATE)"
    return f"(is_realised AND signed_role IS NOT NULL AND (signed_date IS NULL OR {by_then}))"


def _is_over(data: PackData) -> str:
    """SQL: a year of a service in-house is over; what other savings brought counts as soon as finance has signed it."""
    return "TRUE" if data.period.end >= data.period.year.end else "kind <> 'insourcing'"


def _question(data: PackData, name: str, lines: Relation, counts: str) -> Question | Unanswerable:
    """The question of one of the three; without a signed row of it, why it has no answer."""
    year = data.period.year.label
    own = lines.where(f"{_COUNTS_AS} = {sql_text(_IDS[name])}")
    if not (held := data.count(own)):
        return Unanswerable(
            name, f"the list of savings has no row of {year} that counts as {_NAMES[_IDS[name]].lower()}"
        )
    if not (counted := data.count(own.where(counts))):
        rows = "its one row" if held == 1 else f"none of its {held} rows"
        isnt = "is not" if held == 1 else "is"
        running = data.count(own.where(f"NOT {_is_over(data)}"))
        late = ", or not of a service in-house whose year is over" if running else ""
        return Unanswerable(
            name, f"{rows} of {year} {isnt} realised and signed by finance by {long_date(data.report_day)}{late}"
        )
    without_cost = "cost_to_achieve_gbp IS NULL"
    if data.count(own.where(counts, without_cost)) == counted:
        return Unanswerable(name, f"no saving of {year} that finance signed states its cost to achieve")
    caveats = silent(
        data.count(own.where(without_cost)),
        "saving on the list states",
        "savings on the list state",
        "no cost to achieve: the high end takes it as nothing, and the low end is not known",
    )
    is_costed = Fact(f"{counts} AND NOT {without_cost}")
    return derived(name, own, _RULE, _net, where=is_costed, by=_NET, per=SAVING, caveats=caveats)


@exactly
def _net(rows: pd.DataFrame) -> Bounded:
    value = sum(rows.loc[rows["part"] == "in", "weight"], ZERO)
    others = list(rows.loc[rows["part"] != "in", "weight"])
    low, high = (value + sum((pick(w, ZERO) for w in others), ZERO) for pick in (min, max))
    return Bounded(value, low, high, ONE)


def _with_others(finding: Finding) -> str:
    """The range, which is of what finance has not signed."""
    return f"{range_text(finding)} with what is listed and not counted" if range_text(finding) else ""


@savings.shown
def exhibit(m: Measured) -> Shown:
    cash, avoided, income = m["saving_cash"], m["saving_avoided"], m["saving_income"]
    gained = (cash, "of cash is saved"), (avoided, "of cost is avoided"), (income, "of income is gained")
    finding, words = next((finding, words) for finding, words in gained if finding.value is not None)
    title = f"{finding} {words}, realised and signed for by finance"
    if finding.value is not None and finding.value < 0:
        title = f"What was saved cost {finding:magnitude} more than it brought, by what finance signed"
    named = zip((cash, avoided, income), _NAMES.values(), strict=True)
    sentences = tuple(
        or_why(finding, " ".join((f"{name}: {finding}{_with_others(finding)}.", *finding.caveats)), name)
        for finding, name in named
    )
    running = float(m.table["open_gbp"].sum())
    later = (
        f" Signed of services in-house, and not counted before the year is over: {number(running, 'gbp')}."
        if running
        else ""
    )
    return Shown(
        title=title,
        subtitle=f"Savings of {m.data.period.year.label}, net of the cost to achieve them. {m.data.settings.council.name}",
        says=(
            *sentences,
            "The three are not of one kind and have no sum. A baseline of a quote or of bids says less than the last price paid."
            f"{later}",
        ),
        caption="Savings by what they count as, kind and baseline",
    )
