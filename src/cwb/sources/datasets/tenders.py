"""Procurements of the council, one row a procurement or lot: bids, prices, what became of it, and what was learnt.

Columns: `tender_reference`, `title`, `department`, `route`, `threshold_band`, `cpv_code`, `estimated_gbp`, `value_basis`,
`advertised_date`, `deadline_date`, `bids`, `valid_bids`, `sme_bids`, `local_bids`, `winning_gbp`, `second_gbp`, `is_price_only`,
`is_low_price_looked_at`, `look_outcome`, `awarded_date`, `award_gbp`, `contract_reference`, `not_awarded`, `debrief_date`,
`lessons_date`, `is_feedback_asked`, `is_lots_considered`, `is_checklist_done`,
`is_slavery_clause` (the contract may be ended for modern slavery), `is_whistle_blowing` (bidders must have a policy) (flags are None where nothing is stated), and the
source columns. Refused: no reference, no title, an unknown route, a number below nought. A file with a column of persons is
refused whole.
"""

from __future__ import annotations

from cwb.base.values import cpv_code
from cwb.sources.constraints import at_least, given, one_of
from cwb.sources.fields import (
    DAY,
    FLAG,
    NUMBER,
    POUNDS,
    TEXT,
    Field,
    below_nought,
    choice,
    coded,
    missing,
    not_listed,
)
from cwb.sources.tables import TableSource

ROUTES = (
    "open",
    "selective",
    "limited",
    "direct award",
    "framework call-off",
    "quotes",
    "reserved",
    "waiver",
    "breach",
)
LOOK_OUTCOMES = ("explained", "withdrawn", "rejected", "not asked")

SOURCE = TableSource(
    name="tenders",
    absent="no list of procurements and their bids was supplied",
    has_form=True,
    roles_only=True,
    fields={
        "tender_reference": Field(("reference", "tender reference", "procurement reference")),
        "title": Field(("title", "procurement"), TEXT),
        "department": Field(("department", "directorate"), TEXT),
        "route": Field(("route", "procedure"), choice(*ROUTES)),
        "threshold_band": Field(("threshold band",), TEXT),
        "cpv_code": Field(("cpv code",), coded(cpv_code)),
        "estimated": Field(("estimated value",), POUNDS, stored="estimated_gbp"),
        "value_basis": Field(("value basis",), TEXT),
        "advertised": Field(("advertised on",), DAY, stored="advertised_date"),
        "deadline": Field(("deadline", "bids until"), DAY, stored="deadline_date"),
        "bids": Field(("bids received",), NUMBER),
        "valid_bids": Field(("valid bids",), NUMBER),
        "sme_bids": Field(("bids from smes",), NUMBER),
        "local_bids": Field(("bids from local firms",), NUMBER),
        "winning": Field(("winning price",), POUNDS, stored="winning_gbp"),
        "second": Field(("second lowest valid price",), POUNDS, stored="second_gbp"),
        "is_price_only": Field(("price only",), FLAG),
        "is_low_price_looked_at": Field(("low price looked at",), FLAG),
        "look_outcome": Field(("outcome of look",), choice(*LOOK_OUTCOMES)),
        "awarded": Field(("awarded on",), DAY, stored="awarded_date"),
        "award": Field(("award value",), POUNDS, stored="award_gbp"),
        "contract_reference": Field(("contract reference",)),
        "not_awarded": Field(("not awarded, why", "not awarded"), TEXT),
        "debrief": Field(("debrief on",), DAY, stored="debrief_date"),
        "lessons": Field(("lessons recorded on",), DAY, stored="lessons_date"),
        "is_feedback_asked": Field(("supplier feedback asked",), FLAG),
        "is_lots_considered": Field(("lots considered",), FLAG),
        "is_checklist_done": Field(("checklist done",), FLAG),
        "is_slavery_clause": Field(("slavery clause used",), FLAG),
        "is_whistle_blowing": Field(("whistle-blowing policy required",), FLAG),
    },
    required=("tender_reference", "title", "route"),
    marks=frozenset({"valid_bids", "route", "second"}),
    key=("tender_reference", "title"),
    rules=(
        missing("tender_reference", "no reference", "Give the reference of the procurement.", "title"),
        missing("title", "no title", "Say what was to be bought.", "tender_reference"),
        not_listed("route", "the route", ROUTES),
        *below_nought("bids", "valid_bids", "sme_bids", "local_bids", "estimated", "winning", "second", "award"),
    ),
    checks=(*given("tender_reference", "title", "route"), one_of("route", *ROUTES), at_least("bids", 0)),
)
