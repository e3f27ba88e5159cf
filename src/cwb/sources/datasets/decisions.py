"""What members decided, whom it was given to, and what came of it: the form behind the brief's "decisions taken".

One row per decision. The same decision of the same day in a second file is a duplicate.
"""

from __future__ import annotations

import pandas as pd

from cwb.base.values import parse_flag
from cwb.sources.constraints import dated
from cwb.sources.fields import DAY, FLAG, REFERENCE, TEXT, Field, computed, ends_first, given_twice
from cwb.sources.tables import TableSource
from cwb.sources.unread import states_nothing


def _with_states(kept: pd.DataFrame, texts: pd.DataFrame) -> pd.DataFrame:
    """The kept rows with what their cells say of being done and due."""
    done = [
        True if pd.notna(day) else _is_done(text) for day, text in zip(kept["done"], texts["done"], strict=True)
    ]
    read = [pd.notna(day) or states_nothing(text) for day, text in zip(kept["due"], texts["due"], strict=True)]
    return kept.assign(
        is_done=pd.Series(done, kept.index, dtype=object), is_due_read=pd.Series(read, kept.index, dtype=object)
    )


def _is_done(text: str | None) -> bool | None:
    return False if states_nothing(text) else parse_flag(text)


SOURCE = TableSource(
    name="decisions",
    row="one decision of members",
    absent="no list of decisions was supplied",
    has_form=True,
    roles_only=True,
    fields={
        "decided": Field(
            ("date", "decided on", "date of decision"), DAY, "day on which it was taken", "decided_date"
        ).needed("no day of the decision", "Give the day on which it was taken, or take the row out."),
        "decision": Field(("decision", "what was decided"), TEXT, "what was decided").needed(
            "no decision", "Say what was decided."
        ),
        "role": Field(("role", "owner (role)", "owner"), TEXT, "role that it was given to"),
        "due": Field(("due", "due date", "due by"), DAY, "day by which it is due", "due_date"),
        "done": Field(("done on", "completed on"), DAY, "day on which it was done", "done_date"),
        "is_done": computed(FLAG, "it is stated to be done; NULL where a day is stated that cannot be read"),
        "is_due_read": computed(
            FLAG, "no day is stated by which it is due, or one that can be read", is_always_given=True
        ),
        "finding": Field(("finding", "finding id"), REFERENCE, "id of the finding that it is about"),
        "outcome": Field(("outcome", "what came of it"), TEXT, "what came of it"),
    },
    marks=frozenset({"decision", "due", "done"}),
    key=("decided_date", "decision"),
    checks=(dated("decided_date"),),
    rules=(
        given_twice(
            ("decided", "decision"),
            "decision given twice",
            "Keep one row for each decision of a day, with what came of it.",
        ),
    ),
    doubts=tuple(
        ends_first("decided", day, "before the day of the decision", "Correct one of the two days.")
        for day in ("due", "done")
    ),
    unescaped=("decision", "role", "outcome"),
    last=_with_states,
)
