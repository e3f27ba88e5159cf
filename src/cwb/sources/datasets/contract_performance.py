"""How contracts perform: their key performance indicators, period by period, as regulation 39 asks for them.

One row per indicator, contract and period. Ratings: regulation 39, SI 2024/692.
"""

from __future__ import annotations

from cwb.sources.fields import COMPARED_REFERENCE, DAY, FLAG, LAST_DAY, RAW, TEXT, Field, choice, ends_first
from cwb.sources.tables import TableSource

RATINGS = ("good", "approaching target", "requires improvement", "inadequate", "other")


# The period of a form's row.
PERIOD = {
    "period_from": Field(("period from",), DAY, "first day of the period").needed(
        "no first day of the period", "Give the day on which the period begins."
    ),
    "period_to": Field(("period to",), LAST_DAY, "last day of the period").needed(
        "no last day of the period", "Give the day on which the period ends."
    ),
}
ENDS_FIRST = ends_first(
    "period_from", "period_to", "the period ends before it begins", "Give its first and its last day."
)

SOURCE = TableSource(
    name="contract_performance",
    row="one performance indicator of one contract and period",
    absent="no results of contracts' performance indicators were supplied",
    has_form=True,
    roles_only=True,
    fields={
        "contract_reference": Field(
            ("contract reference",), COMPARED_REFERENCE, "reference of the contract"
        ).needed("no contract", "Give the reference of the contract."),
        "indicator": Field(("kpi", "key performance indicator", "indicator"), TEXT, "indicator").needed(
            "no indicator", "Name the key performance indicator."
        ),
        "target": Field(("target",), TEXT, "target, as stated"),
        "result": Field(("result",), TEXT, "result, as stated"),
        "rating": Field(("rating",), choice(*RATINGS), "rating").listed("the rating"),
        **PERIOD,
        "notice_id": Field(("notice id",), RAW, "notice that told it"),
        "meeting": Field(("contract meeting on",), DAY, "day of the contract meeting", "meeting_date"),
        "is_improvement_planned": Field(("improvement plan",), FLAG, "an improvement plan was agreed"),
    },
    marks=frozenset({"indicator", "rating"}),
    key=("contract_reference", "indicator", "period_from", "period_to"),
    rules=(ENDS_FIRST,),
)
