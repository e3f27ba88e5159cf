"""The one log of everything that is done and counted: events, meetings, training, guidance, reviews, reports.

One row per thing done. Columns: `activity_date`, `kind`, `title`, `item` (items of the strategy, as B1.2, separated by
semicolons), `people`, `invited`, `in_procurement` (of the people), `departments` (separated by semicolons), `reference` (of a
contract or tender), `evidence`, `next_date`, `outcome`, and the source columns. Refused: no day that can be read, an unknown
kind, no title, a number below nought. A file with a column of persons is refused whole.
"""

from __future__ import annotations

from cwb.sources.constraints import dated, given, one_of
from cwb.sources.fields import DAY, NUMBER, TEXT, Field, below_nought, choice, missing, not_listed
from cwb.sources.tables import TableSource

KINDS = (
    "supplier event", "meet the buyer", "webinar", "online guide updated", "portal registrations", "anchor meeting",
    "group meeting", "training", "guidance or intranet page", "checklist update", "pipeline published", "register published",
    "spend published", "large payments published", "payment notice published", "statement", "spend review", "referral",
    "whistle-blowing notice", "supplier meeting", "debrief", "benchmark", "staffing review", "strategy review", "case study", "report to members",
)  # fmt: skip

SOURCE = TableSource(
    name="activity",
    title="activity (the log)",
    absent="no log of activity was supplied",
    has_form=True,
    roles_only=True,
    fields={
        "activity": Field(("date", "held on", "done on"), DAY, stored="activity_date"),
        "kind": Field(("kind",), choice(*KINDS)),
        "title": Field(("title", "what was done"), TEXT),
        "item": Field(("item", "strategy item"), TEXT),
        "people": Field(("people attending",), NUMBER),
        "invited": Field(("people invited",), NUMBER),
        "in_procurement": Field(("of whom in procurement",), NUMBER),
        "departments": Field(("departments",), TEXT),
        "reference": Field(("contract or tender reference",)),
        "evidence": Field(("evidence address",), TEXT),
        "next": Field(("next due on",), DAY, stored="next_date"),
        "outcome": Field(("outcome",), TEXT),
    },
    required=("activity", "kind", "title"),
    marks=frozenset({"people", "item", "next"}),
    key=("activity_date", "kind", "title"),
    rules=(
        missing("activity", "no day that can be read", "Give the day on which it was done.", "title"),
        not_listed("kind", "the kind", KINDS),
        missing("title", "no title", "Say what was done.", "kind"),
        *below_nought("people", "invited", "in_procurement"),
    ),
    checks=(*given("activity_date", "kind", "title"), dated("activity_date"), one_of("kind", *KINDS)),
)
