"""Procurements of the council, one row a procurement or lot: bids, prices, what became of it, and what was learnt.

A flag is None where nothing is stated.
"""

from __future__ import annotations

import pandas as pd

from cwb.base.values import cpv_code
from cwb.sources.fields import (
    COMPARED_REFERENCE,
    COUNT,
    DAY,
    FLAG,
    POUNDS,
    TEXT,
    TITLE,
    Field,
    Rule,
    choice,
    coded,
    given_twice,
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


def _bids(heading: str, meaning: str) -> Field:
    return Field((heading,), COUNT, meaning, unit="bids", from_nought=True)


def _more_than_all(part: str) -> Rule:
    """Some of the bids are more than all of them."""

    def broken(_: pd.DataFrame, values: pd.DataFrame) -> pd.Series:
        return values[part].astype("float64") > values["bids"].astype("float64")

    return Rule(broken, "more bids than were received", "Correct one of the two numbers.", part)


def _price(heading: str, meaning: str, stored: str) -> Field:
    return Field((heading,), POUNDS, meaning, stored, from_nought=True)


SOURCE = TableSource(
    name="tenders",
    row="one procurement of the council, or one lot of it",
    absent="no list of procurements and their bids was supplied",
    has_form=True,
    roles_only=True,
    fields={
        "tender_reference": Field(
            ("reference", "tender reference", "procurement reference"), COMPARED_REFERENCE, "reference"
        ).needed("no reference", "Give the reference of the procurement."),
        "title": Field(("title", "procurement"), TITLE, "what was to be bought").needed(
            "no title", "Say what was to be bought."
        ),
        "department": Field(("department", "directorate"), TEXT, "department"),
        "route": Field(("route", "procedure"), choice(*ROUTES), "how it was bought").listed("the route"),
        "threshold_band": Field(("threshold band",), TEXT, "band of value, as stated"),
        "cpv_code": Field(("cpv code",), coded(cpv_code), "CPV code"),
        "estimated": _price("estimated value", "estimated value", "estimated_gbp"),
        "value_basis": Field(("value basis",), TEXT, "what that value is"),
        "advertised": Field(("advertised on",), DAY, "day on which it was advertised", "advertised_date"),
        "deadline": Field(("deadline", "bids until"), DAY, "last day for bids", "deadline_date"),
        "bids": _bids("bids received", "bids received"),
        "valid_bids": _bids("valid bids", "valid bids"),
        "sme_bids": _bids("bids from smes", "bids from small and medium businesses"),
        "local_bids": _bids("bids from local firms", "bids from local firms"),
        "winning": _price("winning price", "price that won", "winning_gbp"),
        "second": _price("second lowest valid price", "second lowest valid price", "second_gbp"),
        "is_price_only": Field(("price only",), FLAG, "decided by price alone"),
        "is_low_price_looked_at": Field(("low price looked at",), FLAG, "a low price was looked at"),
        "look_outcome": Field(("outcome of look",), choice(*LOOK_OUTCOMES), "what came of that"),
        "awarded": Field(("awarded on",), DAY, "day of the award", "awarded_date"),
        "award": _price("award value", "value of the award", "award_gbp"),
        "contract_reference": Field(("contract reference",), COMPARED_REFERENCE, "reference of the contract"),
        "not_awarded": Field(("not awarded, why", "not awarded"), TEXT, "why it was not awarded"),
        "debrief": Field(("debrief on",), DAY, "day on which bidders were told why", "debrief_date"),
        "lessons": Field(("lessons recorded on",), DAY, "day on which lessons were written down", "lessons_date"),
        "is_feedback_asked": Field(("supplier feedback asked",), FLAG, "suppliers were asked what they thought"),
        "is_lots_considered": Field(("lots considered",), FLAG, "splitting it into lots was considered"),
        "is_checklist_done": Field(("checklist done",), FLAG, "the sustainability checklist was completed"),
        "is_slavery_clause": Field(("slavery clause used",), FLAG, "the contract may be ended for modern slavery"),
        "is_whistle_blowing": Field(
            ("whistle-blowing policy required",), FLAG, "bidders must have a policy on whistle-blowing"
        ),
    },
    marks=frozenset({"valid_bids", "route", "second"}),
    key=("tender_reference", "title"),
    doubts=tuple(map(_more_than_all, ("valid_bids", "sme_bids", "local_bids"))),
    rules=(
        given_twice(
            ("tender_reference", "title"),
            "procurement or lot given twice",
            "Keep one row for each procurement; of its lots give each a title of its own.",
        ),
    ),
)
