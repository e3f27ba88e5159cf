"""The sustainability checklist of each procurement: whether it was completed, and which commitments it touched.

One row per procurement. Columns: `reference`, `title`, `started`, `is_completed` (None where it is not stated),
`commitments` (separated by semicolons), and the source columns. Refused: no reference, a reference given twice.
"""

from __future__ import annotations

from cwb.sources.constraints import given, unique
from cwb.sources.fields import DAY, FLAG, TEXT, Field, given_twice, missing
from cwb.sources.tables import TableSource

SOURCE = TableSource(
    name="checklists",
    absent="no list of sustainability checklists was supplied",
    has_form=True,
    fields={
        "reference": Field(("procurement reference", "reference")),
        "title": Field(("procurement", "title"), TEXT),
        "started": Field(("started on", "procurement date", "date"), DAY),
        "is_completed": Field(("checklist completed", "completed"), FLAG),
        "commitments": Field(("commitments touched", "commitments"), TEXT),
    },
    required=("reference", "is_completed"),
    marks=frozenset({"commitments", "is_completed"}),
    key=("reference",),
    rules=(
        missing("reference", "no procurement reference", "Give the reference.", "title"),
        given_twice(("reference",), "reference given twice", "Keep one row for each procurement."),
    ),
    checks=(*given("reference"), unique("reference")),
)
