"""How contracts perform: their key performance indicators, period by period, as regulation 39 asks for them.

One row per indicator, contract and period. Columns: `contract_reference`, `indicator`, `target`, `result`, `rating`,
`period_from`, `period_to`, `notice_id`, `meeting_date` (contract meeting), `is_improvement_planned`, and the source columns.
Refused: no contract, no indicator, an unknown rating, a period that cannot be read or ends before it begins. A file with a
column of persons is refused whole. Ratings: regulation 39, SI 2024/692.
"""

from __future__ import annotations

import pandas as pd

from cwb.sources.constraints import given, one_of
from cwb.sources.fields import DAY, FLAG, LAST_DAY, TEXT, Field, Rule, choice, missing, not_listed
from cwb.sources.tables import TableSource

RATINGS = ("good", "approaching target", "requires improvement", "inadequate", "other")


def ends_first(_: pd.DataFrame, values: pd.DataFrame) -> pd.Series:
    """A period that ends before it begins."""
    both = values["period_from"].notna() & values["period_to"].notna()
    return both & (values["period_to"].where(both) < values["period_from"].where(both))


PERIOD_RULES = (
    missing(
        "period_from", "no first day of the period", "Give the day on which the period begins.", "period_from"
    ),
    missing("period_to", "no last day of the period", "Give the day on which the period ends.", "period_to"),
    Rule(ends_first, "the period ends before it begins", "Give its first and its last day.", "period_to"),
)

SOURCE = TableSource(
    name="contract_performance",
    absent="no results of contracts' performance indicators were supplied",
    has_form=True,
    roles_only=True,
    fields={
        "contract_reference": Field(("contract reference",)),
        "indicator": Field(("kpi", "key performance indicator", "indicator"), TEXT),
        "target": Field(("target",), TEXT),
        "result": Field(("result",), TEXT),
        "rating": Field(("rating",), choice(*RATINGS)),
        "period_from": Field(("period from",), DAY),
        "period_to": Field(("period to",), LAST_DAY),
        "notice_id": Field(("notice id",)),
        "meeting": Field(("contract meeting on",), DAY, stored="meeting_date"),
        "is_improvement_planned": Field(("improvement plan",), FLAG),
    },
    required=("contract_reference", "indicator", "rating", "period_from", "period_to"),
    marks=frozenset({"indicator", "rating"}),
    key=("contract_reference", "indicator", "period_from", "period_to"),
    rules=(
        missing("contract_reference", "no contract", "Give the reference of the contract.", "indicator"),
        missing("indicator", "no indicator", "Name the key performance indicator.", "contract_reference"),
        not_listed("rating", "the rating", RATINGS),
        *PERIOD_RULES,
    ),
    checks=(
        *given("contract_reference", "indicator", "rating", "period_from", "period_to"),
        one_of("rating", *RATINGS),
    ),
)
