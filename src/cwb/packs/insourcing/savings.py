"""What services in-house have saved: only years that are over, only what finance has signed, less what the change cost."""

from __future__ import annotations

from datetime import date

import pandas as pd

from cwb.charts.wording import settled_by
from cwb.council.periods import Period
from cwb.packs.exhibits import Bar, Bars, or_why, plural, range_text, sentence_case, silent
from cwb.packs.insourcing.queue import NO_REVIEWS, may_have_begun
from cwb.packs.measure import Column, Definition, Measured, PackData, Result, Shown, Undefined, ask, measure
from cwb.packs.questions import PLACE, Fact, Relation, Thing, as_float, at_most, number, total
from cwb.sources.tabular import sql_text

AMOUNT = "amount_gbp"
SAVED = Thing("", "name", "savings and costs")
_SIGNED, _UNSIGNED, _FORECAST, _OPEN, _OTHER, _LATER, _NO_DAY, _PAID = (
    "Signed", "Not signed by finance", "Forecast", "Year not over", "Not compared with the last price", "Not begun", "Start not stated", "Paid",
)  # fmt: skip

_COST = "Cost of the change"
_NO_COST = "no cost of the change"
_EVERY_COST = "The cost of each change would settle it."


def _signed_by(day: date) -> str:
    """SQL: signed by finance, and the day of that, where one is stated, has come."""
    return f"(is_signed AND (signed_date IS NULL OR signed_date <= DATE '{day}'))"


def last_year_over(data: PackData) -> int:
    """The calendar year in which the last financial year began that is over on the period's last day."""
    year = data.period.year
    return year.start_year if data.period.end >= year.end else year.start_year - 1


def _closed(data: PackData) -> Relation:
    return Relation("insourcing_money", ("insourcing_money",)).where(
        f"kind = 'saving' AND is_realised AND is_last_price AND financial_year <= {last_year_over(data)}"
    )


@measure(
    Definition(
        "insource_saving", "Saved by services in-house, before costs of the change", "gbp", "total",
        "Last cost of the contract at the prices of the year less the full cost in-house, added up over financial years that are "
        "over, realised and signed by finance. Low and high: with what finance has not signed.",
        excluded="Forecasts; years that are not over; savings against a budget, a quote or a mean bid.",
    ),
    Definition(
        "insource_saving_net", "Saved by services in-house, after costs of the change", "gbp", "total",
        "The same less the costs of bringing services in-house that have begun by the period's last day. It may be below zero. Low "
        "and high: with what finance has not signed, and with costs of which it is not stated when they begin. Not known where a saving that counts states no cost of its change; low is not "
        "known where another saving of these years, or a service in-house, states none, or no decisions were supplied.",
        excluded="As for the saving; costs that are not stated.",
        version=5,
    ),
    question="Did services in-house save money, and who signed the figure?",
    needs=("insourcing_money",),
    main=("insource_saving",),
    columns=(
        Column("name", "Service or saving"),
        Column("what", "What"),
        Column("year", "Financial year"),
        Column("baseline_gbp", "Contract would have cost (£)", "gbp", missing=""),
        Column("new_gbp", "Full cost in-house (£)", "gbp", missing=""),
        Column("amount_gbp", "Saving, or cost (£)", "gbp"),
        Column("status", "Status"),
    ),
)  # fmt: skip
def savings(data: PackData) -> Result:
    """Savings and costs of services in-house.

    One row per saving of a financial year and per cost: `name`, `what`, `year`, `baseline_gbp`, `new_gbp`, `amount_gbp` (costs below zero),
    `status`: signed, not signed, a forecast, a year that is not over, or a cost that is paid, not begun, or may have begun. In-house cost
    without overheads, pensions and assets flatters.
    """
    closed, today = _closed(data), f"DATE '{data.period.end}'"
    rows, sql = _rows(data)
    is_signed = _signed_by(data.period.end)
    if not data.count(closed.where(is_signed)):
        raise Undefined(
            "no saving by insourcing on the form of savings is both of a financial year that is over and signed by finance"
        )
    may_begin = may_have_begun("cost_date", data.period.end)
    signed = Fact(
        f"CASE WHEN {is_signed} THEN TRUE END",
        "what finance has signed is known",
        "Finance signing the other savings would settle it.",
    )
    begun_and_signed = Fact(
        f"CASE WHEN kind = 'cost' THEN CASE WHEN cost_date IS NOT NULL THEN TRUE END WHEN {is_signed} THEN TRUE END",
        "what finance has signed, and which costs have begun, is known",
        _settles(data, closed.where(f"NOT {is_signed}"), may_begin),
    )
    both = Relation("insourcing_money", ("insourcing_money",)).where(
        f"({closed.condition}) OR (kind = 'cost' AND (cost_date <= {today} OR {may_begin}))"
    )
    answers = ask(
        data,
        total("insource_saving", closed, signed, by=AMOUNT, per=SAVED),
        total(
            "insource_saving_net",
            both,
            begun_and_signed,
            by=AMOUNT,
            per=SAVED,
            caveats=_silent(data, closed.where(f"NOT {is_signed}")),
        ).unless(_no_cost(data, closed.where(is_signed))),
    )
    if (net := answers["insource_saving_net"]).caveats:
        answers.findings[net.id] = at_most(net, _EVERY_COST, net.caveats[0].rstrip("."))
    return Result.of(answers, rows, sql)


def _settles(data: PackData, unsigned: Relation, may_begin: str) -> str:
    """What is really missing of savings and costs: a signature, a first day, or neither."""
    costs = Relation("insourcing_money", ("insourcing_money",)).where("kind = 'cost'", may_begin)
    return settled_by(
        "finance signing the other savings" if data.count(unsigned) else "",
        "the day on which each service came in-house" if data.count(costs) else "",
    )


def _no_cost(data: PackData, signed: Relation) -> str | None:
    """Why what is left of the signed savings is not known; None where each states what its change cost."""
    without, every = data.count(signed.where("NOT is_cost_stated")), data.count(signed)
    return (
        f"of {plural(f'{every:,}', 'signed saving')} {without:,} {'does' if without == 1 else 'do'} not state what the change cost"
        if without
        else None
    )


def _silent(data: PackData, unsigned: Relation) -> tuple[str, ...]:
    """How many services that have come in-house, by decisions that the council counts as that, else how many of the savings that finance
    has not signed, state no cost of the change; without decisions, that nobody knows what other services cost."""
    if why := data.why_not(NO_REVIEWS):
        return (f"{sentence_case(why)}: what came in-house without a saving may have had costs.",)
    kinds = ", ".join(map(sql_text, data.settings.reviews.insourced_as))
    may_begin = may_have_begun("start_in_house_date", data.period.end)
    started = f"(start_in_house_date <= DATE '{data.period.end}' OR {may_begin})"
    services = data.relation(NO_REVIEWS).where(f"decision IN ({kinds})", started, "NOT is_cost_stated")
    without = data.count(services)
    one, several = ("service in-house states", "services in-house state")
    if without and data.count(services.where("start_in_house_date IS NULL")):
        one, several = ("service that may be in-house states", "services that are or may be in-house state")
    return silent(without, one, several, _NO_COST) or silent(
        data.count(unsigned.where("NOT is_cost_stated")),
        "saving not signed states",
        "savings not signed state",
        _NO_COST,
    )


def _rows(data: PackData) -> tuple[list[list[object]], str]:
    over, end = last_year_over(data), data.period.end
    sql = f"""SELECT name, kind, financial_year, baseline_gbp, new_gbp, amount_gbp, is_realised, is_last_price, cost_date,
        {_signed_by(end)} AS is_signed, kind = 'cost' AND {may_have_begun("cost_date", end)} AS may_have_begun FROM insourcing_money ORDER BY CASE WHEN kind = 'saving' THEN 0 ELSE 1 END, financial_year, name, {PLACE}"""
    rows: list[list[object]] = []
    for row in data.rows(sql):
        year = row["financial_year"]
        if row["kind"] == "cost":
            status = _PAID if row["cost_date"] and row["cost_date"] <= end else _OPEN if year else _LATER
            if row["may_have_begun"]:
                status = _NO_DAY
        elif not row["is_last_price"]:
            status = _OTHER
        elif not row["is_realised"]:
            status = _FORECAST
        elif year > over:
            status = _OPEN
        else:
            status = _SIGNED if row["is_signed"] else _UNSIGNED
        rows.append(
            [row["name"], "Saving" if row["kind"] == "saving" else _COST, Period(year).label if year else "",
             *(as_float(row[name]) for name in ("baseline_gbp", "new_gbp", "amount_gbp")), status]
        )  # fmt: skip
    return rows, sql


def _steps(m: Measured) -> Bars:
    signed = m.table[m.table["status"] == _SIGNED]
    was, now = float(signed["baseline_gbp"].sum()), float(signed["new_gbp"].sum())
    cost = float(m.table.loc[m.table["status"] == _PAID, "amount_gbp"].sum())
    saved = was - now
    before = (
        Bar("Contracts would have cost", was, number(was, "gbp"), "Amount"),
        Bar("Full cost in-house", was, number(-now, "gbp"), "Taken off", start=saved),
        Bar("Saved before costs of the change", saved, number(saved, "gbp"), "Amount"),
    )
    after = (
        Bar("Costs of the change", saved, number(cost, "gbp"), "Taken off", start=saved + cost),
        Bar("Saved to date", saved + cost, number(saved + cost, "gbp"), "Amount"),
    )
    is_known = m["insource_saving_net"].value is not None
    return Bars(before + after if is_known else before, {"Amount": 0, "Taken off": 3}, kind="Step chart")


@savings.shown
def exhibit(m: Measured) -> Shown:
    saved, net = m["insource_saving"], m["insource_saving_net"]
    title = "What services in-house have saved after costs is not known"
    if net.value is not None:
        title = (
            f"Services in-house have saved {net} after {'stated ' if net.caveats else 'the '}costs of the change"
        )
        if net.value < 0:
            title = f"Services in-house have so far cost {net:magnitude} more than they saved"
    others = _not_counted(m.table)
    return Shown(
        title=title,
        subtitle=f"Step by step, only years that are over and what finance has signed. {m.where}",
        chart=_steps(m),
        says=(
            " ".join(
                (
                    f"Saved before the costs of the change: {saved}{range_text(saved)}.",
                    or_why(net, f"After them: {net}{range_text(net)}.", "What is left after them"),
                    *net.caveats,
                )
            )
            + f"{others} A forecast is never added to what was realised.",
        ),
        caption="Savings and costs of services in-house",
    )


def _not_counted(table: pd.DataFrame) -> str:
    """What is listed and counts nowhere yet, savings and costs apart; "" where all counts."""
    others = table[~table["status"].isin([_SIGNED, _PAID])]
    sums = [
        f"{number(sign * float(own['amount_gbp'].sum()), 'gbp')} of {name}"
        for what, name, sign in (("Saving", "savings", 1), (_COST, "costs", -1))
        if len(own := others[others["what"] == what])
    ]
    return (
        f" Listed, and not counted: {' and '.join(sums)}; the last column of the table says why of each."
        if sums
        else ""
    )
