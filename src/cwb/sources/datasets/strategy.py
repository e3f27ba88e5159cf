"""The council's strategy, promise by promise, and which finding or log is the evidence of each.

One row per item of the strategy. Columns: `item` (P1, B1.2, A1.2a), `part_of` (of a sub-action: the action), `foundation`, `kind`,
`words`, `rule` (K1 to K7), `evidence` (see `cwb.packs.strategy_tracker.evidence`), `shown` (ids of findings that are shown beside
it and do not decide), `settled_by` (what would settle one without evidence), `better` (more or less, for K1), `interval_months`, `target` ("100%" is 1), `target_date`, `since`, `source`,
`owner` (a role), `reviewed_date`, `note`, and the source columns. No column holds a status: statuses are computed. A row of kind
"remark" is no promise: it says where the strategy's own words do not agree. Refused: no item, no words, an unknown kind or rule,
an item that stands above. A file with a column of persons is refused whole.
"""

from __future__ import annotations

import pandas as pd
import pyarrow as pa

from cwb.base.values import parse_number
from cwb.sources.constraints import dated, given, one_of
from cwb.sources.fields import (
    DAY,
    NUMBER,
    TEXT,
    Field,
    Kind,
    Rule,
    below_nought,
    choice,
    given_twice,
    missing,
    not_listed,
    without_apostrophe,
)
from cwb.sources.tables import TableSource

KINDS = (
    "progress claim", "foreword", "commitment", "outcome", "indicator", "action", "sub-action", "priority", "statement", "remark",
)  # fmt: skip
RULES = ("K1", "K2", "K3", "K4", "K5", "K6", "K7")
# What is judged by its parts, or not at all.
_WITHOUT_RULE = ("action", "remark")


def _target(text: str | None) -> float | None:
    """ "100%" as 1, a plain number as it stands."""
    found = parse_number((text or "").strip().rstrip("%"))
    return found / 100 if found is not None and "%" in (text or "") else found


def _has_no_rule(_: pd.DataFrame, values: pd.DataFrame) -> pd.Series:
    return values["rule"].isna() & ~values["kind"].isin(_WITHOUT_RULE)


def _plain(texts: pd.DataFrame) -> tuple[pd.DataFrame, tuple[str, ...]]:
    return without_apostrophe(texts, "words", "evidence", "settled", "source", "owner", "note"), ()


SOURCE = TableSource(
    name="strategy",
    title="strategy (its promises)",
    absent="no table of the strategy was supplied",
    has_form=True,
    roles_only=True,
    fields={
        "item": Field(("item",), TEXT),
        "part_of": Field(("part of",), TEXT),
        "foundation": Field(("foundation",), TEXT),
        "kind": Field(("kind",), choice(*KINDS)),
        "words": Field(("words", "text", "text shortened"), TEXT),
        "rule": Field(("rule",), choice(*RULES)),
        "evidence": Field(("evidence",), TEXT),
        "shown": Field(("also shown",), TEXT),
        "settled": Field(("settled by",), TEXT, stored="settled_by"),
        "better": Field(("better",), choice("more", "less")),
        "interval": Field(("interval months",), NUMBER, stored="interval_months"),
        "target": Field(("target",), Kind(pa.float64(), _target)),
        "target_day": Field(("target date",), DAY, stored="target_date"),
        "since": Field(("since",), DAY),
        "source": Field(("source",), TEXT),
        "owner": Field(("owner (role)", "owner"), TEXT),
        "reviewed": Field(("last reviewed on",), DAY, stored="reviewed_date"),
        "note": Field(("note",), TEXT),
    },
    required=("item", "kind", "words"),
    marks=frozenset({"foundation", "rule", "evidence"}),
    key=("item",),
    rules=(
        missing("item", "no item", "Give it the strategy's own number, such as B1.2.", "words"),
        missing("words", "no words", "Say in a few words what the strategy promises.", "item"),
        not_listed("kind", "the kind", KINDS),
        Rule(
            _has_no_rule, "the rule is not one of the list",
            f"Write one of {', '.join(RULES)}: docs/strategy.md says what each asks for.", "rule",
        ),
        given_twice(("item",), "an item of this id stands above", "Give it another, or take one of them out."),
        *below_nought("interval", "target"),
    ),
    checks=(*given("item", "kind", "words"), dated("since"), one_of("kind", *KINDS), one_of("rule", *RULES)),
    first=_plain,
)  # fmt: skip
