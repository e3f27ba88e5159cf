"""What members decided, whom it was given to, and what came of it: the form behind the brief's "decisions taken".

One row per decision. Columns: `decided_date`, `decision`, `role` (not a person), `due_date`, `done_date`, `is_done` (True with a
day or "yes"; False where nothing or "no" is stated; None for anything else), `is_due_read` (False where a day is stated that
cannot be read), `finding` (id of the finding that it is about), `outcome`, and the source columns. Refused: no day that can be
read, no decision; the same decision of the same day in a second file is a duplicate.
"""

from __future__ import annotations

import pandas as pd
import pyarrow as pa

from cwb.base.values import parse_flag
from cwb.sources.constraints import dated, given
from cwb.sources.fields import DAY, TEXT, Field, missing, without_apostrophe
from cwb.sources.tables import TableSource
from cwb.sources.unread import states_nothing


def _plain(texts: pd.DataFrame) -> tuple[pd.DataFrame, tuple[str, ...]]:
    return without_apostrophe(texts, "decision", "role", "outcome"), ()


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
    absent="no list of decisions was supplied",
    has_form=True,
    roles_only=True,
    fields={
        "decided": Field(("date", "decided on", "date of decision"), DAY, stored="decided_date"),
        "decision": Field(("decision", "what was decided"), TEXT),
        "role": Field(("role", "owner (role)", "owner"), TEXT),
        "due": Field(("due", "due date", "due by"), DAY, stored="due_date"),
        "done": Field(("done on", "completed on"), DAY, stored="done_date"),
        "finding": Field(("finding", "finding id"), TEXT),
        "outcome": Field(("outcome", "what came of it"), TEXT),
    },
    required=("decided", "decision"),
    marks=frozenset({"decision", "due", "done"}),
    key=("decided_date", "decision"),
    rules=(
        missing("decided", "no day of the decision", "Give the day on which it was taken, or take the row out.", "decided"),
        missing("decision", "no decision", "Say what was decided.", "role"),
    ),
    checks=(*given("decided_date", "decision"), dated("decided_date")),
    added={"is_done": pa.bool_(), "is_due_read": pa.bool_()},
    first=_plain,
    last=_with_states,
)  # fmt: skip
