"""What the measures of the register and the ledger share: facts of a payment's contract, the year to the period's end."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from cwb.charts.tables import Column
from cwb.charts.wording import sentence_case
from cwb.evidence.data import PackData
from cwb.lines.contract_cover import Cover, Link
from cwb.packs.market.rules import threshold
from cwb.packs.questions import Answers, Fact, Finding, at_least

_KNOWN = ("whether suppliers are on the register is known", "The procurement team's decisions about matches would settle it.")  # fmt: skip
NEEDS_NONE = f"cover IN ('{Cover.CARD}', '{Cover.CLASS}')"
# Whether a contract of unknown end was still in force is not known.
IS_LIVE = Fact(
    f"CASE WHEN cover = '{Cover.LIVE}' THEN TRUE WHEN cover IN ('{Cover.UNSETTLED}', '{Cover.OPEN}') THEN NULL ELSE FALSE END",
    "whether suppliers had a contract in force is known",
    "The procurement team's decisions about matches, and the end of each contract on the register, would settle it.",
)
IS_UNCOVERED = Fact(
    f"CASE WHEN cover = '{Cover.NONE}' THEN TRUE WHEN cover = '{Cover.UNSETTLED}' THEN NULL ELSE FALSE END",
    *_KNOWN,
)
# Sure on the register is who has a contract by reference, name or number, be it of one payment; sure off it who has none even by a match.
IS_OFF_REGISTER = Fact("CASE WHEN has_contract = 1 THEN FALSE WHEN is_without = 1 THEN TRUE WHEN has_match = 1 THEN NULL ELSE FALSE END", *_KNOWN)  # fmt: skip
OF_SUPPLIER = ", ".join(
    f"max(CASE WHEN {what} THEN 1 ELSE 0 END) AS {name}"
    for name, what in (
        ("has_contract", f"contract_link IN ('{Link.REFERENCE}', '{Link.SAME}')"),
        ("has_match", f"contract_link IN ('{Link.MATCHED}', '{Link.REVIEW}')"),
        ("is_without", f"cover = '{Cover.NONE}'"),
    )
)


MONTHS = 12


def months_held(data: PackData, months: int = MONTHS) -> int:
    """Of so many months to a period's last day, those that the ledger holds whole."""
    return data.ledger_months.held_to(data.period.end, months)


def months_lacking(data: PackData, months: int = MONTHS) -> str:
    """That the ledger does not hold all of so many months, as a clause; "" where it does."""
    held = months_held(data, months)
    return f"the ledger holds {held} of the {months} months that count" if held < months else ""


def of_months_held(data: PackData, others: str, months: int = MONTHS) -> tuple[str, ...]:
    """The caveat that the ledger does not hold all of so many months, and what may be in the others; none where it does."""
    return (f"{sentence_case(part)}: {others}.",) if (part := months_lacking(data, months)) else ()


def as_far_as_held(data: PackData, answers: Answers, ids: Iterable[str], months: int = MONTHS) -> Answers:
    """The answers, of which these are of all payments of so many months to the period's last day: where the ledger does not hold
    them all, a count or a total is the least that it can be."""
    part, settles = months_lacking(data, months), "The ledgers of the other months would settle it."
    for name in ids if part else ():
        least = at_least(answers[name], settles, f"{part}, and these alone show none")
        more = of_months_held(data, "with the others there may be more", months) if least.value is not None else ()
        answers.findings[name] = replace(least, caveats=(*least.caveats, *more))
    return answers


def register_limit(data: PackData) -> Decimal:
    """The pounds over which the Code asks for a contract's row, on the period's last day."""
    amount = threshold("register", "council", data.period.end)
    if amount is None:
        raise LookupError(f"no limit of the register for {data.period.end}")
    return amount


FINDING_COLUMNS = (
    Column("measure", "What is counted"),
    Column("value", "Value"),
    Column("of", "Of"),
    Column("range", "Range, or why it is not known"),
)


def finding_rows(rows: Iterable[tuple[Finding, str]]) -> list[list[str]]:
    """The rows of a table of findings, each with what it is of (`FINDING_COLUMNS`)."""
    return [[one.label, f"{one}", of, one.bounds or (one.undefined or "")] for one, of in rows]
