"""The analysts' decisions about which organisation a supplier is: they survive every run, and they win.

One row per supplier. Columns: `supplier_key` (as the review queue gives it), `supplier_name`, `decision` ("match" or
"no match"), `company_number`, `charity_number`, `mutual_number` (of the organisation that it is), `decided_by` (a
role), `decided_on`, `note`, and the source columns. Rows of the queue without a decision are passed over. Refused: an
unknown word, a match without a number, a supplier decided twice.
"""

from __future__ import annotations

from cwb.base.values import company_number, mutual_number
from cwb.sources.constraints import unique
from cwb.sources.fields import DAY, TEXT, Field, Rule, choice, coded, given_twice
from cwb.sources.tables import TableSource

_ALSO = {
    **dict.fromkeys(("matched", "yes", "y"), "match"),
    **dict.fromkeys(("none", "no", "n"), "no match"),
}
_NUMBERS = ["company_number", "charity_number", "mutual_number"]


def _charity(text: str | None) -> str | None:
    digits = "".join(c for c in text or "" if c.isdigit())
    return digits if 5 <= len(digits) <= 7 else None


SOURCE = TableSource(
    name="review",
    absent="no decision on a match was supplied",
    fields={
        "supplier_key": Field(("supplier key",)).needed("no supplier key", "Keep the key that the queue gives."),
        "supplier_name": Field(("supplier name",), TEXT),
        "decision": Field(("decision",), choice("match", "no match", also=_ALSO)).needed(
            "the decision is neither match nor no match", "Write match or no match."
        ),
        "company_number": Field(("company number",), coded(company_number)),
        "charity_number": Field(("charity number",), coded(_charity)),
        "mutual_number": Field(("mutual number",), coded(mutual_number)),
        "decided_by": Field(("decided by (role)", "decided by"), TEXT),
        "decided_on": Field(("decided on",), DAY),
        "note": Field(("note", "reason"), TEXT),
    },
    marks=frozenset({"decision", "supplier_key"}),
    key=("supplier_key",),
    rules=(
        Rule(
            lambda _, values: (values["decision"] == "match") & values[_NUMBERS].isna().all(axis=1),
            "a match without a number",
            "Give the company, charity or mutual number.",
            "supplier_key",
        ),
        given_twice(
            ("supplier_key",),
            "decided again in a later row",
            "Nothing to do: the later decision stands.",
            keep="last",
        ),
    ),
    checks=(unique("supplier_key"),),
    awaits=("decision",),
    awaiting="rows of the queue have no decision yet",
    unescaped=("supplier_key", *_NUMBERS),
)
