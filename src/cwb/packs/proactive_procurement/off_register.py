"""Who is paid without a contract on the register, after its end, or more than its value."""

from __future__ import annotations

from cwb.base.days import in_year_to
from cwb.evidence.bounded import NOTHING
from cwb.lines.contract_cover import Cover, Link
from cwb.packs.exhibits import counted, or_why, plural, range_text, sentence_case
from cwb.packs.measure import Definition, Measured, PackData, Result, Shown, ask, measure, undefined
from cwb.packs.proactive_procurement.covered import (
    FINDING_COLUMNS,
    IS_OFF_REGISTER,
    NEEDS_NONE,
    OF_SUPPLIER,
    as_far_as_held,
    finding_rows,
    register_limit,
)
from cwb.packs.questions import (
    CONTRACT,
    CONTRACT_MOST,
    CONTRACT_VALUE,
    Fact,
    Relation,
    bound_below,
    count,
    number,
    numbered,
    total,
)

SOURCES = ("spend_lines", "contract_lines")
# What was paid under a contract is not known, or not all of it.
_IS_PART = "(paid_gbp IS NULL OR start_date < first_day)"
# Paid above the value of one row, and rows of the same value may be lots.
_MAY_BE_LOTS = "(paid_gbp > stated_gbp AND most_gbp > stated_gbp)"
# Why more may be paid above the value, and what would settle it.
_OPEN = (
    (
        _IS_PART,
        "what was paid under some contracts is not known, or only since the ledger begins",
        "the contract's reference on each payment, and older ledgers,",
    ),
    (_MAY_BE_LOTS, "rows of one contract that state the same value may be lots", "the value of all lots together"),
)


@measure(
    Definition(
        "off_register_count", "Suppliers over the register's limit without a contract", "count", "count",
        "Suppliers paid more than the limit of the register in the twelve months to the period's end of which no contract is on "
        "the register. The least: tied by an accepted match or one under review, it is not known. The most: only the same "
        "name or number counts.",
        excluded="Cards and classes that need no contract; payments that name no supplier.",
    ),
    Definition(
        "off_register_spend", "Paid to suppliers without a contract", "gbp", "total",
        "Payments of the twelve months to those suppliers.",
        excluded="Cards and classes that need no contract; payments that name no supplier.",
    ),
    Definition(
        "after_end_spend", "Paid after the contract's end", "gbp", "total",
        "Payments of the period on days when all of the supplier's contracts on the register had ended for longer than the days of the settings.",
        excluded="Suppliers with a framework, or with a contract whose end is not stated; classes that need no contract.",
    ),
    Definition(
        "after_end_count", "Suppliers paid after the contract's end", "count", "count",
        "Suppliers with such a payment.",
        excluded="Suppliers with a framework, or with a contract whose end is not stated; classes that need no contract.",
    ),
    Definition(
        "over_value_count", "Contracts paid above their value", "count", "count",
        "Contracts on the register whose payments within their term, from their first day to the end of the period, exceed the value that "
        "is stated. Payments are tied by the contract's reference, else where it is the supplier's only contract. Where none is tied, or the "
        "ledger begins later than the contract, or rows of one contract that state the same value may be lots, it is not known.",
        excluded="Contracts without a value, or that begin after the period.",
        version=2,
    ),
    Definition(
        "over_value_gbp", "Paid above the value", "gbp", "total",
        "What was paid above the stated value, summed over these contracts: the least, where what was paid under a contract is not "
        "known, or the ledger begins later.",
        version=3,
    ),
    question="Who is paid outside the contracts of the register?",
    needs=SOURCES,
    columns=FINDING_COLUMNS,
)  # fmt: skip
def off_register(data: PackData) -> Result:
    """What is paid outside the contracts of the register.

    One row per finding: `measure`, `value`, `of` (what it is of), `range` (from least to most, or why it is not known).
    """
    large = _large(data)
    on_register = data.spend().where(
        "contract_link IS NOT NULL", f"NOT {NEEDS_NONE}", f"cover <> '{Cover.UNSETTLED}'"
    )
    late = Fact(
        f"CASE WHEN days_after_end > {data.settings.procurement.after_end_days} AND is_framework IS NOT TRUE "
        f"THEN CASE WHEN contract_link <> '{Link.MATCHED}' THEN TRUE END ELSE FALSE END",
        "whether suppliers are on the register is known",
        "The procurement team's decisions about matches would settle it.",
    )
    valued = _paid_contracts(data)
    over = Fact(
        f"CASE WHEN paid_gbp > most_gbp THEN TRUE WHEN {_IS_PART} OR {_MAY_BE_LOTS} THEN NULL ELSE FALSE END",
        "what was paid under contracts, and whether their rows are lots, is known",
        f"{sentence_case(_OPEN[0][2])} would settle it.",
    )
    is_named = bool(data.count(_in_year(data)))
    none_tied = (
        None if data.count(on_register) else "no payment of the period is tied to a contract of the register"
    )
    answers = ask(
        data,
        count("off_register_count", of=large, where=IS_OFF_REGISTER, is_whole=is_named),
        total("off_register_spend", of=large, where=IS_OFF_REGISTER, is_whole=is_named),
        total("after_end_spend", of=on_register, where=late, within=late.sql).unless(none_tied),
        count("after_end_count", of=on_register, where=late).unless(none_tied),
        count("over_value_count", of=valued, where=over, per=CONTRACT).if_empty(
            "no contract of the register that had begun states a value"
        ),
        total(
            "over_value_gbp",
            of=valued.where("paid_gbp > most_gbp"),
            by="over_gbp",
            per=CONTRACT,
            caveats=("A value may be that of one year, or without VAT.",),
        ),
    )
    answers = as_far_as_held(data, answers, ("off_register_count", "off_register_spend"))
    if answers["over_value_count"].value is None:
        # Pounds of contracts of which nothing is known are not £0.
        answers.findings |= undefined(data, ("over_value_gbp",), f"{answers['over_value_count'].undefined}")
    elif open_ones := [(why, settles) for sql, why, settles in _OPEN if data.count(valued.where(sql))]:
        why, settles = map(" and ".join, zip(*open_ones, strict=True))
        bound_below(answers, f"{sentence_case(settles)} would settle it.", why, "over_value_gbp")
    every = {name: float(answers.sums.get(name, NOTHING).all) for name in answers.findings}
    who_was_paid = plural(number(every["after_end_count"], "count"), "supplier")
    of = (
        plural(number(every["off_register_count"], "count"), "supplier") + " over the limit",
        f"{number(every['off_register_spend'], 'gbp')} paid to them",
        f"{number(every['after_end_spend'], 'gbp')} paid to suppliers on the register",
        f"{who_was_paid} on the register that {'was' if every['after_end_count'] == 1 else 'were'} paid",
        plural(number(every["over_value_count"], "count"), "contract") + " with a value",
        "",
    )
    rows = finding_rows(zip(answers.findings.values(), of, strict=True))
    return Result.of(answers, rows)


def _in_year(data: PackData) -> Relation:
    """Payments of the twelve months to suppliers that are named."""
    return Relation("spend_lines", SOURCES).where(
        in_year_to(data.period.end, "payment_date"), f"NOT {NEEDS_NONE}", "supplier_key IS NOT NULL"
    )


def _large(data: PackData) -> Relation:
    """Those to suppliers that were paid more than the limit in them, with what ties each supplier to the register."""
    year = _in_year(data).condition
    return Relation(
        f"""(SELECT l.*, p.* FROM spend_lines l JOIN (SELECT payee_key AS paid_to, {OF_SUPPLIER} FROM spend_lines WHERE {year} GROUP BY payee_key
            HAVING sum(amount_gbp) > {register_limit(data)}) p ON p.paid_to = l.payee_key WHERE {year})""",
        SOURCES,
    )


def _paid_contracts(data: PackData) -> Relation:
    """Contracts with a value (`stated_gbp`, at most `most_gbp`) that had begun, each once, with what was paid under them (`paid_gbp`,
    `over_gbp`) and the first day of the ledger (`first_day`)."""
    end = data.period.end
    first = data.rows("SELECT min(payment_date) AS day FROM spend_lines")[0]["day"]
    return Relation(
        f"""(SELECT c.*, v.stated_gbp, v.most_gbp, p.paid_gbp, DATE '{first}' AS first_day,
                CASE WHEN p.paid_gbp > v.most_gbp THEN p.paid_gbp - v.most_gbp ELSE 0 END AS over_gbp
            FROM {numbered("contract_lines", "contract_key")} c
            JOIN (SELECT contract_key AS valued_key, {CONTRACT_VALUE} AS stated_gbp, {CONTRACT_MOST} AS most_gbp FROM contract_lines
                GROUP BY contract_key) v ON v.valued_key = c.contract_key
            LEFT JOIN (SELECT contract_key AS paid_key, sum(amount_gbp) AS paid_gbp FROM spend_lines
                WHERE payment_date <= DATE '{end}' GROUP BY contract_key) p ON p.paid_key = c.contract_key
            WHERE c.nth = 1 AND v.stated_gbp > 0 AND c.start_date <= DATE '{end}')""",
        SOURCES,
    )


@off_register.shown
def exhibit(m: Measured) -> Shown:
    many, paid = m["off_register_count"], m["off_register_spend"]
    late, who, over = m["after_end_spend"], m["after_end_count"], m["over_value_count"]
    limit = number(float(register_limit(m.data)), "gbp")
    none = f"{counted(many, 'supplier', 'suppliers')} over the limit had no contract on the register"
    of_limit = f"{counted(many, 'supplier', 'suppliers')} paid over {limit} in twelve months had no contract on the register"
    without = f"{of_limit}{range_text(many)}{'' if many.value == 0 else f': they were paid {paid}'}."
    harmless = " Part of that is harmless as a rule: a contract in the name of a parent company, or a framework of another body."
    after = (
        f"{late} was paid after the contract's end{range_text(late)}, to {counted(who, 'supplier', 'suppliers')}: frameworks, contracts "
        f"without a stated end, and the first {m.data.settings.procurement.after_end_days} days after an end, are left out."
    )
    if who.value == 0:
        after = f"Nothing is known to have been paid after the contract's end{range_text(late)}."
    usual = " Late invoices and extensions that nobody wrote down are the usual reasons."
    above = f"{counted(over, 'contract was', 'contracts were')} paid above the stated value{range_text(over)}."
    return Shown(
        title=none
        if many.value is not None
        else "How many suppliers have no contract on the register is not known",
        subtitle=f"Payments outside the contracts of the register; the first two rows of twelve months to the period's end, of suppliers paid over "
        f"{limit} in them. {m.where}",
        says=(
            or_why(many, " ".join((without, *many.caveats)), "How many suppliers have no contract")
            + ("" if many.value == 0 else harmless),
            or_why(late, after, "What was paid after the end") + ("" if who.value == 0 else usual),
            f"{or_why(over, above, 'How many contracts were paid above their value')} A stated value may be that of one year. Where "
            "a supplier has two contracts and payments carry no reference, nothing can be said.",
        ),
        caption="Payments outside the contracts of the register",
    )
