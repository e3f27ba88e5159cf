"""The schemas of the lists that a council's officers keep: what was tried, corrections of the crosswalk, one-off projects,
decisions of members."""

from __future__ import annotations

from cwb.lines.columns import SOURCE, flag, pounds, reference, text, written
from cwb.lines.table import Column, Table

INITIATIVES = Table(
    "initiatives",
    "one thing that was tried to keep money local",
    (
        *SOURCE,
        Column(
            "financial_year", "INTEGER", "calendar year in which the financial year begins", "year", needed=True
        ),
        written("title", "what was tried", needed=True),
        written("bodies", "who took part"),
        written("status", "how far it is"),
        written("outcome", "what came of it"),
    ),
)
CROSSWALK = Table(
    "crosswalk",
    "one correction of the council's to the bridge from what is bought to industries",
    (
        *SOURCE,
        text("cpv_prefix", "first digits of a CPV code"),
        written("category", "category of the council's own"),
        text("sic_codes", "industries that supply it", needed=True),
        text("confidence", "how sure it is", ("high", "medium", "low"), needed=True),
    ),
)
ONE_OFFS = Table(
    "one_offs",
    "one rule of the approved list of capital and one-off projects",
    (
        *SOURCE,
        Column("financial_year", "INTEGER", "calendar year in which the financial year begins", "year", needed=True),
        written("project", "project", needed=True),
        text("kind", "capital or one-off", ("capital", "one-off"), needed=True),
        written("reason", "why it is left out of Chart B", needed=True),
        written("approving_role", "role that approved it", needed=True),
        Column("approved_date", "DATE", "day on which it was approved", needed=True),
        text("match_on", "field of the ledger that finds it", needed=True),
        text("match_value", "value of that field", needed=True),
        pounds("approved_gbp", "pounds approved for the year", needed=True),
    ),
)  # fmt: skip
DECISIONS = Table(
    "decisions",
    "one decision of members",
    (
        *SOURCE,
        Column("decided_date", "DATE", "day on which it was taken", needed=True),
        written("decision", "what was decided", needed=True),
        written("role", "role that it was given to"),
        Column("due_date", "DATE", "day by which it is due"),
        Column("done_date", "DATE", "day on which it was done"),
        flag("is_done", "it is stated to be done; NULL where a day is stated that cannot be read"),
        flag("is_due_read", "no day is stated by which it is due, or one that can be read", needed=True),
        reference("finding", "id of the finding that it is about"),
        written("outcome", "what came of it"),
    ),
)
