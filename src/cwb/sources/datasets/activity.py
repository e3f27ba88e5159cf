"""The one log of everything that is done and counted: events, meetings, training, guidance, reviews, reports.

One row per thing done.
"""

from __future__ import annotations

from cwb.sources.constraints import dated
from cwb.sources.fields import COMPARED_REFERENCE, COUNT, DAY, LABEL, TEXT, Field, choice
from cwb.sources.tables import TableSource

KINDS = (
    "supplier event", "meet the buyer", "webinar", "online guide updated", "portal registrations", "anchor meeting",
    "group meeting", "training", "guidance or intranet page", "checklist update", "pipeline published", "register published",
    "spend published", "large payments published", "payment notice published", "statement", "spend review", "referral",
    "whistle-blowing notice", "supplier meeting", "debrief", "benchmark", "staffing review", "strategy review", "case study", "report to members",
)  # fmt: skip


def _people(heading: str, meaning: str) -> Field:
    return Field((heading,), COUNT, meaning, unit="people", from_nought=True)


SOURCE = TableSource(
    name="activity",
    row="one thing done, from the log",
    title="activity (the log)",
    absent="no log of activity was supplied",
    has_form=True,
    roles_only=True,
    fields={
        "activity": Field(("date", "held on", "done on"), DAY, "day on which it was done", "activity_date").needed(
            "no day that can be read", "Give the day on which it was done."
        ),
        "kind": Field(("kind",), choice(*KINDS), "kind").listed("the kind"),
        "title": Field(("title", "what was done"), TEXT, "what was done").needed("no title", "Say what was done."),
        "item": Field(
            ("item", "strategy item"), LABEL, "items of the strategy that it serves, separated by semicolons"
        ),
        "people": _people("people attending", "people attending"),
        "invited": _people("people invited", "people invited"),
        "in_procurement": _people("of whom in procurement", "of them in procurement"),
        "departments": Field(("departments",), TEXT, "departments that took part, separated by semicolons"),
        "reference": Field(
            ("contract or tender reference",), COMPARED_REFERENCE, "reference of the contract or tender"
        ),
        "evidence": Field(("evidence address",), TEXT, "where the evidence is"),
        "next": Field(("next due on",), DAY, "day on which it is due again", "next_date"),
        "outcome": Field(("outcome",), TEXT, "what came of it"),
    },
    marks=frozenset({"people", "item", "next"}),
    key=("activity_date", "kind", "title"),
    checks=(dated("activity_date"),),
)
