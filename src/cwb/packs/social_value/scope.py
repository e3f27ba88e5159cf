"""Which contracts of the portal's scope have social value at all, and how many contracts and measures the export has."""

from __future__ import annotations

from cwb.council.periods import long_date
from cwb.packs.exhibits import counted, or_why, range_text
from cwb.packs.market.rules import thresholds_in_pounds
from cwb.packs.measure import Column, Definition, Measured, PackData, Paper, Result, Shown, ask, measure
from cwb.packs.questions import CONTRACT, Fact, always, count, number, share, share_among
from cwb.packs.social_value.portal import MEASURE, PORTAL_CONTRACT, portal
from cwb.packs.social_value.register import register

_IN_SCOPE = Fact("is_in_scope")
_HAS_MEASURE = Fact(
    "has_measure",
    "which contracts are in the portal's scope is known",
    "Value, subject, last day and reference of each contract on the register would settle it.",
)


@measure(
    Definition(
        "sv_scope_share", "Contracts in scope with social value", "share", "share",
        "Contracts of the register that begin in the period above the threshold, services or works of a year or more, with a measure in the portal's export "
        "divided by all such contracts. Those whose value, subject or term leave their scope open bound it.",
        excluded="Goods, contracts below the threshold, short works.",
    ),
    Definition(
        "sv_contract_count", "Contracts on the portal", "count", "count",
        "Contracts with a measure in the export by the end of the period.",
    ),
    Definition(
        "sv_measure_count", "Measures on the portal", "count", "count",
        "Different measures of a contract with a target or a delivery by the end of the period.",
    ),
    Definition(
        "sv_measure_told_share", "Measures promised that tell a delivery", "share", "share",
        "Measures of a contract with a target that state what was delivered by the end of the period, zero included, divided by all "
        "with a target.",
        excluded="Measures without a target.",
    ),
    question="Which contracts have social value at all?",
    needs=("social_value",),
    main=("sv_contract_count",),
    columns=(
        Column("title", "Contract"),
        Column("scope", "In the portal's scope"),
        Column("on_portal", "On the portal"),
    ),
)  # fmt: skip
def scope(data: PackData) -> Result:
    """Contracts of the register that begin in the period and may be in the portal's scope.

    One row per contract, those without a measure first: `title`, `scope` ("in scope", "not known"), `on_portal` ("yes", "no", "not known").
    Whether the threshold applies is for legal confirmation.
    """
    found = portal(data)
    reported = found.measures.where("is_reported")
    promised = reported.where("has_target")
    begun = register(data).where("is_begun", "is_in_scope IS NOT FALSE")
    no_report = None if data.count(reported) else f"the export reports nothing up to {long_date(data.period.end)}"
    why = no_report or data.why_not("contract_lines")
    if why is None and not data.count(begun):
        why = "no contract of the register that may be in scope begins in the period"
    answers = ask(
        data,
        share_among("sv_scope_share", begun, _IN_SCOPE, _HAS_MEASURE, by=None, per=CONTRACT).unless(why),
        count("sv_contract_count", reported, per=PORTAL_CONTRACT).unless(no_report),
        count("sv_measure_count", reported, per=MEASURE).unless(no_report),
        share("sv_measure_told_share", promised, always("has_delivery"), by=None, per=MEASURE).unless(
            no_report or (None if data.count(promised) else "no measure of the export has a target")
        ),
    )
    sql = f"""SELECT title, is_in_scope, has_measure FROM {begun.source} WHERE {begun.condition}
        ORDER BY CASE WHEN is_in_scope THEN 0 ELSE 1 END, CASE WHEN has_measure THEN 1 ELSE 0 END, title, contract_key"""
    words = {True: "yes", False: "no", None: "not known"}
    rows = [
        (row["title"], "in scope" if row["is_in_scope"] else "not known", words[row["has_measure"]])
        for row in ([] if why else data.rows(sql))
    ]
    return Result.of(answers, rows, sql)


@scope.shown
def exhibit(m: Measured) -> Shown:
    in_scope, contracts, measures, reported = (
        m[name] for name in ("sv_scope_share", "sv_contract_count", "sv_measure_count", "sv_measure_told_share")
    )
    lacking = int(((m.table["scope"] == "in scope") & (m.table["on_portal"] == "no")).sum())
    # Those whose scope or measure is not known may lack one too.
    most = int((m.table["on_portal"] != "yes").sum())
    at_most = f", at most {number(most, 'count')}" if most > lacking else ""
    says = (
        or_why(
            in_scope,
            f"Contracts in scope that began in the period and are on the portal: {in_scope}{range_text(in_scope)}. Without a measure: "
            f"{number(lacking, 'count')}{at_most}.",
            "How many contracts in scope have social value",
        ),
        f"The export has {counted(measures, 'measure', 'measures')}. "
        + or_why(
            reported,
            f"Of those with a target {reported} tell what was delivered.",
            "How many of those with a target tell what was delivered",
        ),
        f"{thresholds_in_pounds('council', m.data.period.end)} Which contracts "
        "are above the threshold is for legal confirmation.",
    )
    return Shown(
        title=f"{counted(contracts, 'contract', 'contracts')} of all years {'has' if contracts.value == 1 else 'have'} social value on the portal",
        subtitle=f"Contracts of the register that began in the period and may be in the portal's scope. {m.where}",
        says=says,
        caption="Contracts that may be in scope and whether they are on the portal",
        paper=Paper.SENTENCES,
    )
