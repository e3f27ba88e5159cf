"""The council's strategy, promise by promise, and which finding or log is the evidence of each.

One row per item of the strategy. No column holds a status: statuses are computed. A row of kind "remark" is no promise: it says where
the strategy's own words do not agree.
"""

from __future__ import annotations

import pandas as pd

from cwb.sources.constraints import dated
from cwb.sources.fields import (
    DAY,
    LABEL,
    NUMBER,
    TARGET,
    TEXT,
    Field,
    Rule,
    choice,
    given_twice,
)
from cwb.sources.tables import TableSource

KINDS = (
    "progress claim", "foreword", "commitment", "outcome", "indicator", "action", "sub-action", "priority", "statement", "remark",
)  # fmt: skip
RULES = ("K1", "K2", "K3", "K4", "K5", "K6", "K7")
# What is judged by its parts, or not at all.
_WITHOUT_RULE = ("action", "remark")


def _has_no_rule(_: pd.DataFrame, values: pd.DataFrame) -> pd.Series:
    return values["rule"].isna() & values["kind"].notna() & ~values["kind"].isin(_WITHOUT_RULE)


SOURCE = TableSource(
    name="strategy",
    row="one item of the council's strategy",
    title="strategy (its promises)",
    absent="no table of the strategy was supplied",
    has_form=True,
    roles_only=True,
    fields={
        "item": Field(("item",), LABEL, "the item's number in the strategy").needed(
            "no item", "Give it the strategy's own number, such as B1.2."
        ),
        "part_of": Field(
            ("part of",), LABEL, "of a sub-action its action; of a remark the items that it is about"
        ),
        "foundation": Field(("foundation",), LABEL, "foundation of the strategy; NULL: the whole of it"),
        "kind": Field(("kind",), choice(*KINDS), "kind of item").listed("the kind"),
        "words": Field(("words", "text", "text shortened"), TEXT, "what it promises, shortened").needed(
            "no words", "Say in a few words what the strategy promises."
        ),
        "rule": Field(("rule",), choice(*RULES), "rule by which its status is computed"),
        "evidence": Field(("evidence",), LABEL, "findings and kinds of the log that are its evidence"),
        "shown": Field(("also shown",), LABEL, "findings that are shown beside it and do not decide"),
        "settled": Field(("settled by",), TEXT, "what would settle an item without evidence", "settled_by"),
        "better": Field(("better",), choice("more", "less"), "which way is better, for K1"),
        "interval": Field(
            ("interval months",),
            NUMBER,
            "how often it is to be done",
            "interval_months",
            "months",
            from_nought=True,
        ),
        "target": Field(("target",), TARGET, "target, in the unit of its evidence", from_nought=True),
        "target_day": Field(("target date",), DAY, "day by which the target is to be reached", "target_date"),
        "since": Field(("since",), DAY, "day from which it holds"),
        "source": Field(("source",), TEXT, "where the strategy says it"),
        "owner": Field(("owner (role)", "owner"), TEXT, "role that owns it"),
        "reviewed": Field(
            ("last reviewed on",), DAY, "day on which the council last reviewed it", "reviewed_date"
        ),
        "note": Field(("note",), TEXT, "the council's note"),
    },
    marks=frozenset({"foundation", "rule", "evidence"}),
    key=("item",),
    rules=(
        Rule(
            _has_no_rule,
            "the rule is not one of the list",
            f"Write one of {', '.join(RULES)}: docs/strategy.md says what each asks for.",
            "rule",
        ),
        given_twice(("item",), "an item of this id stands above", "Give it another, or take one of them out."),
    ),
    checks=(dated("since"),),
    unescaped=("words", "evidence", "settled", "source", "owner", "note"),
)
