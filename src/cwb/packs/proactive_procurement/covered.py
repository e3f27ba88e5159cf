"""What the measures of the register and the ledger share: facts of a payment's contract, the year to the period's end."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from cwb.base.days import in_year_to
from cwb.charts.tables import Column
from cwb.evidence.data import PackData
from cwb.lines.contract_cover import Cover, Link
from cwb.packs.market.rules import threshold
from cwb.packs.questions import Fact, Finding

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
# Sure on the register is who has a contract by reference, name or number; sure off it who has none even by a match.
IS_OFF_REGISTER = Fact(
    f"CASE WHEN cover = '{Cover.NONE}' THEN TRUE WHEN contract_link IN ('{Link.MATCHED}', '{Link.REVIEW}') THEN NULL ELSE FALSE END",
    *_KNOWN,
)


MONTHS = 12


def months_held(data: PackData) -> int:
    """Of the twelve months to a period's last day, those of which the ledger holds a payment."""
    year = in_year_to(data.period.end, "payment_date")
    rows = data.rows(f"SELECT count(DISTINCT payment_month) AS n FROM spend_lines WHERE {year}")
    return int(rows[0]["n"])


def short_year(data: PackData) -> tuple[str, ...]:
    """That the ledger does not hold all twelve months, in a sentence; none where it does."""
    held = months_held(data)
    return (
        ()
        if held >= MONTHS
        else (f"The ledger holds {held} of these twelve months: with the others there may be more.",)
    )


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
