"""Whether suppliers have strategies to cut carbon: carbon reduction plans, and what each is worth."""

from __future__ import annotations

from cwb.base.days import months_after
from cwb.base.privacy import NOT_STATED, WITHHELD
from cwb.packs.exhibits import POUNDS, SHARE, SUPPLIERS, not_known, pounds_and_suppliers, range_text, ratio
from cwb.packs.measure import Column, Definition, Measured, PackData, Result, Shown, Undefined, ask, measure
from cwb.packs.questions import Fact, Finding, Relation, Thing, count, number, share
from cwb.sources.tabular import sql_text

# By rank: the best plan of a supplier counts.
STATUSES = (
    "Valid and current", "Valid, day of sign-off not known", "Valid, but out of date", "Not signed off",
    "Commits to net zero too late, or to no year", "No plan known",
)  # fmt: skip
_CURRENT, _UNKNOWN_DAY, _OLD, _UNSIGNED, _LATE, _NONE = range(len(STATUSES))
_SIGNED = "sign_off_date"
_MOST_NAMED = 3
PLAN = Thing("plan_key", "display_name", "plans")
HAS_PLAN = Fact(
    f"CASE WHEN plan_rank = {_UNKNOWN_DAY} THEN NULL ELSE plan_rank = {_CURRENT} END",
    "suppliers' carbon plans are known",
    "Asking the largest suppliers for their carbon reduction plans would settle it.",
)


def paid_with_plans(data: PackData) -> Relation:
    """Payments of the period with `plan_rank`, the place in `STATUSES` of the supplier's best plan; NULL for none known.

    A plan is valid when it commits to net zero by the year of the settings, and current when it was signed off within so many
    months before the end of the period. One signed after the period does not count yet. An empty cell says that a plan is not
    signed off; a list without such a column, or with days that cannot be read, does not.
    """
    settings, last = data.settings.emissions, data.period.end
    first = months_after(last, -settings.plan_months)
    is_late = f"commitment_year IS NULL OR commitment_year > {settings.plan_commitment_year}"
    ranked = f"""SELECT plan_supplier, min(CASE WHEN {is_late} THEN {_LATE} WHEN sign_off_date >= DATE '{first}' THEN {_CURRENT}
            WHEN sign_off_date IS NOT NULL THEN {_OLD} WHEN {_states_no_days(data)} THEN {_UNKNOWN_DAY} ELSE {_UNSIGNED} END) AS plan_rank
        FROM plan_lines WHERE plan_supplier IS NOT NULL
            AND (sign_off_date IS NULL OR sign_off_date <= DATE '{last}') GROUP BY plan_supplier"""
    source = (
        f"(SELECT l.*, plan_rank FROM spend_lines l LEFT JOIN ({ranked}) p ON p.plan_supplier = l.supplier_key)"
    )
    return Relation(source, ("spend_lines", "plan_lines"), period=data.period)


def _states_no_days(data: PackData) -> str:
    """SQL: a plan is of a file that has no column for the day of sign-off, or days there that cannot be read."""
    files = [
        sql_text(report.file)
        for report in data.lineage.of("carbon_plans")
        if _SIGNED not in report.headings or any(one.column == _SIGNED for one in report.unread)
    ]
    return f"source_file IN ({', '.join(files)})" if files else "FALSE"


@measure(
    Definition(
        "plan_supplier_share", "Suppliers with a current carbon plan", "share", "share",
        "Suppliers paid with a valid and current carbon reduction plan divided by all. High: those whose plan "
        "is not known have one.",
        excluded="Withheld names.",
    ),
    Definition(
        "plan_spend_share", "Spend with suppliers that have a current carbon plan", "share", "share",
        "Spend with such suppliers divided by all spend. High: those whose plan is not known have one.",
    ),
    Definition(
        "plan_count", "Carbon plans registered", "count", "count",
        "Plans of the register.",
    ),
    question="How many suppliers have strategies to cut carbon?",
    needs=("spend_lines", "plan_lines"),
    main=("plan_supplier_share", "plan_spend_share"),
    columns=(Column("status", "Plan"), SUPPLIERS, POUNDS, SHARE, "largest"),
)  # fmt: skip
def plans(data: PackData) -> Result:
    """Suppliers paid in the period by whether they have a carbon reduction plan.

    One row per status: `status`, `suppliers`, `pounds_gbp`, `share` (of spend), `largest` (names of those paid most). "No plan known" is not "no plan": it is the
    unknown part, and bounds the shares from above. A plan is found by company number or by the same name. Where all plans
    were signed after the period, it is undefined: a register holds each supplier's latest plan and says nothing of those
    before it.
    """
    signed = data.rows("SELECT min(sign_off_date) AS first_day FROM plan_lines")[0]["first_day"]
    if signed is not None and signed > data.period.end:
        raise Undefined(f"every signed plan on the list was signed off after {data.period.label}")
    paid = paid_with_plans(data)
    named = paid.where("supplier_key IS NOT NULL")
    answers = ask(
        data,
        share("plan_supplier_share", named, HAS_PLAN, by=None),
        share("plan_spend_share", paid, HAS_PLAN),
        count("plan_count", Relation("plan_lines", ("plan_lines",)), per=PLAN),
    )
    sql = f"""SELECT coalesce(plan_rank, {_NONE}) AS status, count(DISTINCT supplier_key) AS suppliers, sum(amount_gbp) AS pounds
        FROM {named.source} WHERE {named.condition} GROUP BY coalesce(plan_rank, {_NONE}) ORDER BY status"""
    found = data.rows(sql)
    if not found:
        raise Undefined("no supplier of the period is named")
    all_spend = answers.sums["plan_spend_share"].all
    by_supplier = f"""SELECT coalesce(plan_rank, {_NONE}) AS status, display_name, sum(amount_gbp) AS pounds
        FROM {named.source} WHERE {named.condition} AND display_name NOT IN ({sql_text(WITHHELD)}, {sql_text(NOT_STATED)})
        GROUP BY coalesce(plan_rank, {_NONE}), display_name ORDER BY pounds DESC, display_name"""
    paid_most = data.rows(by_supplier)
    rows = [
        [
            STATUSES[row["status"]],
            row["suppliers"],
            float(row["pounds"]),
            ratio(row["pounds"], all_spend),
            [one["display_name"] for one in paid_most if one["status"] == row["status"]][:_MOST_NAMED],
        ]
        for row in found
    ]
    return Result.of(answers, rows, sql, by_supplier)


def _title(suppliers: Finding, spend: Finding) -> str:
    if suppliers.value is not None and spend.value is not None:
        return f"{suppliers} of suppliers, with {spend} of spend, have a current carbon plan"
    if spend.value is not None:
        return f"{spend} of spend is with suppliers that have a current carbon plan"
    return f"{suppliers} of suppliers have a current carbon plan"


@plans.shown
def exhibit(m: Measured) -> Shown:
    suppliers, spend = m["plan_supplier_share"], m["plan_spend_share"]
    settings = m.data.settings.emissions
    of_spend = not_known(spend, "The share of spend")
    if spend.value is not None:
        # A payment and a credit of which none is known do not cancel out.
        unknown = number(1 - (spend.coverage or 0.0), "share")
        has_unknown_day = (m.table["status"] == STATUSES[_UNKNOWN_DAY]).any()
        what = "plan, no day of sign-off" if has_unknown_day else "plan"
        of_spend = (
            f"Of spend: {spend}{range_text(spend)}. Of {unknown} of spend no {what} or no supplier is known, which is not the "
            "same as none."
        )
    return Shown(
        title=_title(suppliers, spend),
        subtitle=f"Spend by the status of the supplier's carbon reduction plan. {m.where}",
        chart=pounds_and_suppliers(m.table, "status"),
        says=(
            f"{of_spend} A plan is valid when it commits to net zero by {settings.plan_commitment_year} and current when it was "
            f"signed off within {settings.plan_months} months. It covers the supplier's whole organisation: it is evidence of a "
            "strategy, not of a contract's emissions.",
        ),
        caption="Suppliers by the status of their carbon reduction plan",
    )
