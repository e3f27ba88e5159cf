"""What was tried to keep money local, year by year: the evidence journey of the council and its partners.

One row per initiative. Columns: `period` (financial year), `title`, `bodies`, `status`, `outcome`, and the source columns.
Refused: no title, a year that cannot be read.
"""

from __future__ import annotations

from cwb.sources.constraints import given
from cwb.sources.fields import FINANCIAL_YEAR, TEXT, Field, missing
from cwb.sources.tables import TableSource

SOURCE = TableSource(
    name="initiatives",
    absent="no list of initiatives was supplied",
    has_form=True,
    roles_only=True,
    fields={
        "year": Field(("year", "financial year"), FINANCIAL_YEAR, stored="period"),
        "title": Field(("what was tried", "initiative", "title"), TEXT),
        "bodies": Field(("bodies", "anchors", "partners"), TEXT),
        "status": Field(("status", "standing"), TEXT),
        "outcome": Field(("outcome", "what moved", "result"), TEXT),
    },
    required=("year", "title"),
    marks=frozenset({"initiative", "what was tried"}),
    key=("period", "title"),
    rules=(
        missing("title", "no title", "Say what was tried.", "year"),
        missing("year", "not a financial year", "Write it as 2024-25.", "year"),
    ),
    checks=given("period", "title"),
)
