"""What is refused when asked: pounds of suppliers by a fact of the payment, of which one would put all pounds of its supplier in."""

from __future__ import annotations

import re
from collections.abc import Sequence

from cwb.base.errors import CwbError, Fault
from cwb.evidence.questions import Question
from cwb.lines.columns import SUPPLIER
from cwb.lines.schema import TABLES

# Keys of who was paid.
KEYS = frozenset({"supplier_key", "payee_key", "organisation_key"})
# Columns that lines with a payee have of their own: what a query computes of a supplier has another name.
_OF_LINES = {column.name for table in TABLES if table.column("payee_key") for column in table.columns} - {
    column.name for column in SUPPLIER
}
_TEXT = re.compile(r"'[^']*'")


def check(questions: Sequence[Question]) -> None:
    """Raise `CwbError` for pounds by suppliers whose fact is one of a payment, unless they are told apart by it. How many suppliers have
    such a payment may be asked."""
    faults = [
        Fault(
            rule=f"{question.id} asks of suppliers for pounds by {', '.join(columns)}, which a payment has: one payment of which it holds "
            "would put all pounds of its supplier in",
            remedy="Ask it of payments (per=LINE).",
        )
        for question in questions
        if (columns := _columns_of_lines(question))
    ]
    if faults:
        raise CwbError(faults)


def _columns_of_lines(question: Question) -> list[str]:
    """The columns of a payment in what is asked of a supplier, but for those by which it is told apart."""
    if question.by is None or question.per.key not in KEYS:
        return []
    facts = (question.fact.sql, dict(question.columns).get("is_base", ""))
    used = {word for fact in facts if fact != question.group for word in re.findall(r"\w+", _TEXT.sub("", fact))}
    return sorted(used & _OF_LINES - {question.group})
