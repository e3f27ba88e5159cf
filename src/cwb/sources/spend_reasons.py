"""Why a row of a spending file is refused, and what mends it."""

from __future__ import annotations

from cwb.sources.misplaced import MISPLACED_REMEDIES, WIDE
from cwb.sources.refusal import TOTAL_ROW
from cwb.sources.tabular import sql_text

NO_SUM = "named a total, but not the sum of the rows above"
NEITHER, NOTHING_STATED = "neither supplier nor date", "neither supplier, date nor amount"
NO_DATE, UNREAD_DATE = "no payment date", "payment date cannot be read"
NO_MONEY, FOREIGN, UNREAD_MONEY = "no amount", "amount is not in pounds", "amount cannot be read"
# The pounds of such a row nobody can add up.
NO_AMOUNT = (NO_MONEY, FOREIGN, UNREAD_MONEY, WIDE)
_IN_SETTINGS = "under [[mappings]] in cwb.toml"
# No remedy is to edit a raw file: it stays as it was published.
REMEDIES = {
    TOTAL_ROW: "Nothing to do: totals are checked against the rows and not counted again.",
    NO_SUM: "Ask the publisher whether it is a total, or a payment to a supplier of that name.",
    NO_DATE: "Ask the publisher for the date of payment.",
    UNREAD_DATE: "A quarter or a year alone is no date. Ask the publisher for the date or the month, or say "
    f"{_IN_SETTINGS} which column holds it and in which order day and month stand.",
    NO_MONEY: f"Ask the publisher for the amount, or say {_IN_SETTINGS} which column holds it.",
    UNREAD_MONEY: f"Ask the publisher for the amount as 1234.56, or say {_IN_SETTINGS} which column holds it.",
    FOREIGN: "Ask the publisher for the amount that was billed in pounds.",
    NEITHER: "Ask the publisher to whom and when it was paid: the row holds a payment without saying so, for its amount is not the sum "
    "of the rows above.",
    NOTHING_STATED: "Nothing to do if the row holds no payment; else ask the publisher for what it lacks.",
    **MISPLACED_REMEDIES,
}


def sql_no_amount(unread: str, is_foreign: str) -> str:
    """SQL: why a row without an amount has none, by the SQL of the text that is none and of whether it is of another currency."""
    return (
        f"CASE WHEN {unread} IS NULL THEN {sql_text(NO_MONEY)} "
        f"WHEN {is_foreign} THEN {sql_text(FOREIGN)} ELSE {sql_text(UNREAD_MONEY)} END"
    )
