"""What was tried to keep money local, year by year: the evidence journey of the council and its partners.

One row per initiative.
"""

from __future__ import annotations

from cwb.sources.fields import TEXT, Field, start_year
from cwb.sources.tables import TableSource

SOURCE = TableSource(
    name="initiatives",
    row="one thing that was tried to keep money local",
    absent="no list of initiatives was supplied",
    has_form=True,
    roles_only=True,
    fields={
        "year": start_year("year", "financial year"),
        "title": Field(("what was tried", "initiative", "title"), TEXT, "what was tried").needed(
            "no title", "Say what was tried."
        ),
        "bodies": Field(("bodies", "anchors", "partners"), TEXT, "who took part"),
        "status": Field(("status", "standing"), TEXT, "how far it is"),
        "outcome": Field(("outcome", "what moved", "result"), TEXT, "what came of it"),
    },
    marks=frozenset({"initiative", "what was tried"}),
    key=("financial_year", "title"),
)
