"""Whether large contracts have performance indicators, and whether what their notices say of their value holds together."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pandas as pd

from cwb.base.references import same_reference
from cwb.base.rows import Row, place_of
from cwb.council.periods import long_date
from cwb.packs.exhibits import counted, or_why, plural, range_text
from cwb.packs.measure import Column, Definition, Measured, PackData, Result, Shown, Undefined, ask, measure
from cwb.packs.proactive_procurement.duty_rules import duties, judged
from cwb.packs.proactive_procurement.notice_contracts import Contract, contracts_in_notices
from cwb.packs.proactive_procurement.reasons import NOT_STATED, WORTH_LESS, reason_of
from cwb.packs.questions import Fact, Thing, as_float, count, share_among

LARGE = Thing("contract_key", "name", "contracts")
SET, EXEMPT, REASON = "indicators set", "exempt", "reason given"
CONTRADICTED, DOUBTFUL, NONE = "reason contradicted by the value", "value doubtful, perhaps pence", "none set"
OPEN = "not known whether it must"
STATES = (SET, NONE, CONTRADICTED, OPEN, REASON, EXEMPT, DOUBTFUL)
_OWES = (SET, NONE, CONTRADICTED)
IS_OWED = Fact(
    "is_owed", "the values of contracts are known", "The value with VAT of each contract would settle it."
)
IS_SET = Fact("is_set", IS_OWED.known, IS_OWED.settles)
# On the register a value is stated without VAT or does not say: over this it is over it with VAT too.
_LIMIT_GBP = 5_000_000
_COLUMNS = {"name": str, "contract_key": str, "state": str, "is_owed": bool, "is_set": bool}


@measure(
    Definition(
        "kpi_due", "Contracts that must have performance indicators", "count", "count",
        "Contracts in notices that have not ended by the report's day, over £5 million with VAT.",
        excluded="Frameworks, concessions and light touch services; contracts for which a reason is given that its value does "
        "not contradict; values that look as if they were in pence.",
    ),
    Definition(
        "kpi_set_share", "Of these, with indicators set", "share", "share",
        "Those with three or more indicators, in the notice or on the form of results, divided by all of them. Those of which it is not "
        "known whether they must have them bound it.",
        excluded="As in the number of contracts that must have them.",
        version=2,
    ),
    question="Do our largest contracts have performance indicators?",
    needs=("notice_contracts",),
    main=("kpi_due",),
    columns=(
        Column("name", "Contract"),
        Column("value_gross_gbp", "Value with VAT (£)", "gbp"),
        Column("indicators", "Indicators", "count"),
        Column("state", "State"),
        Column("reason", "Reason given for none", on_paper=False),
        Column("notice", "Notice"),
    ),
)  # fmt: skip
def indicators(data: PackData) -> Result:
    """Contracts over the limit from which performance indicators must be set.

    One row per contract, dearest first: `name`, `notice`, `value_gross_gbp` (with VAT), `indicators` (how many are set), `state` (one of
    `STATES`), `reason` (for none, as given). A contract said to be below its threshold and worth more than the highest is one whose value is
    doubtful: it owes nothing on that ground. Source: reference/duties.csv (sections 52), formats-strategy.md 5.4.
    """
    rows = large_contracts(data)
    if not rows:
        raise Undefined(f"no contract in the notices at hand by {long_date(data.report_day)} is large enough")
    lines = data.add_rows("large_contracts", _COLUMNS, rows, ("notice_contracts", "contract_performance"))
    answers = ask(
        data,
        count("kpi_due", lines, IS_OWED, per=LARGE),
        share_among("kpi_set_share", lines, IS_OWED, IS_SET, by=None, per=LARGE).if_empty(
            "no contract in the notices must have them"
        ),
    )
    begins = duties("KPIs")[0].from_date
    older = data.rows(
        f"""SELECT count(DISTINCT contract_key) AS n FROM contract_lines WHERE value_gbp > {_LIMIT_GBP}
            AND start_date < DATE '{begins}' AND last_day >= DATE '{data.report_day}'"""
    )[0]["n"]
    table = pd.DataFrame(rows)[["name", "notice", "value_gross_gbp", "indicators", "state", "reason"]]
    return Result.of(
        answers,
        table.sort_values(["value_gross_gbp", "notice"], ascending=[False, True], ignore_index=True),
        facts={"older": f"{older}", "begins": long_date(begins)},
    )


def large_contracts(data: PackData, where: str = "is_own") -> list[Row]:
    """The contracts that must have indicators, or would but for an exemption; `where` chooses the notices of others."""
    limit, enough = duties("KPIs")[0], duties("KPIs set")[0]
    contracts = [one for one in contracts_in_notices(data, where) if one.is_detailed and not _is_over(one, data)]
    returned = _returned(data)
    facts = [
        one.facts
        | {"kpi_count": max(one.facts["kpi_count"] or 0, returned[same_reference(one.facts["reference"])])}
        for one in contracts
    ]
    rules = (limit, replace(limit, not_when=""), enough)
    rows = []
    for one, fact, (owes, is_large, is_set) in zip(contracts, facts, judged(data, rules, facts), strict=True):
        if is_large is False:
            continue
        state = _state(fact, owes, bool(is_set))
        rows.append(
            place_of(fact)
            | {
                "contract_key": one.key, "name": one.name, "notice": one.notice_id, "state": state, "reason": fact["no_kpi_reason"],
                "value_gross_gbp": as_float(fact["value_gross_gbp"]), "indicators": fact["kpi_count"],
                "is_owed": None if owes is None and state in (*_OWES, OPEN) else state in _OWES, "is_set": is_set,
            }
        )  # fmt: skip
    return rows


def _is_over(contract: Contract, data: PackData) -> bool:
    day = contract.last_day
    return contract.end is not None or (day is not None and day < data.report_day)


def _returned(data: PackData) -> Counter[str]:
    """How many indicators the form of results has of each contract, by its reference."""
    rows = data.rows(
        "SELECT contract_reference, count(DISTINCT indicator) AS indicators FROM contract_performance GROUP BY contract_reference"
    )
    return Counter({same_reference(row["contract_reference"]): row["indicators"] for row in rows})


def _state(fact: Row, owes: bool | None, is_set: bool) -> str:
    if fact["is_value_doubtful"]:
        return DOUBTFUL
    if owes is False:
        return EXEMPT
    if is_set:
        return SET
    reason = reason_of("kpis", fact["no_kpi_reason"])
    if reason not in (NOT_STATED, WORTH_LESS):
        return REASON
    if owes is None:
        return OPEN
    return CONTRADICTED if reason == WORTH_LESS else NONE


@indicators.shown
def exhibit(m: Measured) -> Shown:
    due, with_them = m["kpi_due"], m["kpi_set_share"]
    states = m.table["state"].value_counts()
    apart = [
        f"{plural(str(states[name]), 'contract')}: {name}"
        for name in STATES
        if name not in _OWES and name in states
    ]
    wrong = int(states.get(CONTRADICTED, 0))
    says = [
        or_why(
            with_them, f"Three or more are set in {with_them} of the "
            f"{counted(due, 'contract that must have them', 'contracts that must have them')}{range_text(with_them)}.",
            "How many have them",
        ),
        f"Not counted among them: {'; '.join(apart)}." if apart else "",
        f"{plural(m.facts['older'], 'contract')} of the register over the same amount began before the duty did, on {m.facts['begins']}: "
        "not counted." if m.facts["older"] != "0" else "",
        f"For {plural(str(wrong), 'contract')} the notice says that the value is lower than the value it states." if wrong else "",
    ]  # fmt: skip
    return Shown(
        title=f"{counted(due, 'large contract', 'large contracts')} must have performance indicators",
        subtitle=f"Contracts over £5 million with VAT that had not ended on {long_date(m.data.report_day)}. {m.data.settings.council.name}",
        says=tuple(filter(None, says)),
        caption="Large contracts and their performance indicators",
        most_rows=15,
    )
