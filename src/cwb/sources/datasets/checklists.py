"""The sustainability checklist of each procurement: whether it was completed, and which commitments it touched.

One row per procurement. Columns: `reference`, `title`, `started`, `is_completed` (None where it is not stated),
`commitments` (those touched, separated by semicolons, of a list without a column for each), `answers` (of one with: a line for
each that is answered, its heading, a tab and the answer), and the source columns. A column of a commitment is headed by its number and
its words ("B2.7 less waste"): the form's own headings are the list of commitments, of whatever council. Answers: touched, not touched,
does not apply; blank is not stated. Refused: no reference, a reference given twice; a file with a column of persons whole.
"""

from __future__ import annotations

import re

import pandas as pd

from cwb.reference import table
from cwb.sources.constraints import unique
from cwb.sources.fields import DAY, FLAG, TEXT, Field, Kind, bare, coded, given_twice
from cwb.sources.report import Unread
from cwb.sources.table_texts import BETWEEN
from cwb.sources.tables import TableSource
from cwb.sources.unread import Tally, states_nothing

TOUCHED, NOT_TOUCHED, DOES_NOT_APPLY = ANSWERS = ("touched", "not touched", "does not apply")
_WORDS = {
    "touched": TOUCHED, "yes": TOUCHED, "nottouched": NOT_TOUCHED, "no": NOT_TOUCHED, "doesnotapply": DOES_NOT_APPLY,
    "notapplicable": DOES_NOT_APPLY, "na": DOES_NOT_APPLY,
}  # fmt: skip
# B2.7, or B2.7 and its words.
_HEADING = re.compile(r"\s*[A-Z]{1,2}\d+(?:\.\d+)+\b.*", re.IGNORECASE | re.DOTALL)


def _pairs(text: str | None) -> list[tuple[str, str]]:
    """Heading and text of each cell that the columns of commitments fill."""
    return [
        (heading, cell)
        for line in (text or "").split("\n")
        for heading, _, cell in [line.partition(BETWEEN)]
        if cell
    ]


def _answers(text: str | None) -> str | None:
    read = [(heading, _WORDS.get(bare(cell))) for heading, cell in _pairs(text)]
    return None if text is None else "\n".join(f"{heading}{BETWEEN}{answer}" for heading, answer in read if answer)


_ANSWERS: Kind = coded(_answers)


class _Checklists(TableSource):
    """The list, whose columns of commitments are those that it has."""

    def _unread(self, texts: pd.DataFrame, kept: pd.DataFrame) -> tuple[Unread, ...]:
        tally = Tally()
        for text, row in zip(texts["answers"], texts["source_row"], strict=True):
            for heading, cell in _pairs(text):
                if bare(cell) not in _WORDS and not states_nothing(cell):
                    tally.add(heading, cell, int(row))
        return (*super()._unread(texts, kept), *tally.account())


SOURCE = _Checklists(
    name="checklists",
    absent="no list of sustainability checklists was supplied",
    has_form=True,
    roles_only=True,
    further=_HEADING,
    further_field="answers",
    fields={
        "reference": Field(("procurement reference", "reference")).needed(
            "no procurement reference", "Give the reference."
        ),
        "title": Field(("procurement", "title"), TEXT),
        "started": Field(("started on", "procurement date", "date"), DAY),
        "is_completed": Field(("checklist completed", "completed"), FLAG),
        "commitments": Field(("commitments touched", "commitments"), TEXT),
        "answers": Field((), _ANSWERS),
    },
    required=("is_completed",),
    marks=frozenset({"commitments", "is_completed"}),
    key=("reference",),
    rules=(given_twice(("reference",), "reference given twice", "Keep one row for each procurement."),),
    checks=(unique("reference"),),
)


# How evidence of a strategy's item names the share of checklists that touch it (`cwb.evidence.definitions`).
_OF_CHECKLIST = "commitment_share_item_"


def commitments_of(district: str) -> dict[str, str]:
    """Number → words of the items of a council's strategy whose evidence is its checklist; none where no strategy is shipped."""
    rows = table("strategies")
    own = rows[rows["lad_code"].eq(district) & rows["Evidence"].str.startswith(_OF_CHECKLIST)]
    return dict(zip(own["Item"], own["Words"], strict=True))
