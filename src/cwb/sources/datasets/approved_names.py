"""Whose name may be shown, and whose not, as a person decided: the form that `cwb template approved-names` writes.

One row per name as payments, contracts or awards have it. Columns: `supplier_name`, `is_shown` (yes: an organisation, its
name may be shown; no: it may not, whatever it looks like), `reason`, `approved_by` (a role), `approved_on`, and the source
columns. Rows without a decision are passed over. Refused: a row without name, role or day, and a name decided twice.
"""

from __future__ import annotations

from cwb.sources.fields import DAY, FLAG, TEXT, Field, given_twice
from cwb.sources.tables import TableSource

SOURCE = TableSource(
    name="approved_names",
    absent="no approved name was supplied",
    roles_only=True,
    fields={
        "supplier_name": Field(("supplier name",), TEXT).needed(
            "no supplier name", "Keep the name that the form gives."
        ),
        "is_shown": Field(("organisation, may be shown (yes or no)", "may be shown"), FLAG).needed(
            "neither yes nor no", "Write yes or no."
        ),
        "reason": Field(("reason", "note"), TEXT),
        "approved_by": Field(("approved by (role)", "approved by"), TEXT).needed(
            "not said who approved the name", "Write the role of who did."
        ),
        "approved_on": Field(("approved on",), DAY).needed(
            "not said on which day the name was approved", "Write the day, as 31/03/2026."
        ),
    },
    marks=frozenset({"is_shown"}),
    key=("supplier_name",),
    rules=(
        given_twice(
            ("supplier_name",),
            "decided again in a later row",
            "Nothing to do: the later row stands.",
            keep="last",
        ),
    ),
    awaits=("is_shown",),
    awaiting="names of the form are not decided yet",
    unescaped=("supplier_name",),
)
