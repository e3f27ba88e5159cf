"""The schemas of forms that are taken as they are: procurements, savings, the log of activity, contracts' performance.

Their columns have the names of the source's own, so that the table is the validated file with the types given here.
"""

from __future__ import annotations

from cwb.lines.columns import SOURCE, day, flag, number, pounds, reference, text, written
from cwb.lines.schema_social_value import SOCIAL_VALUE_FORMS
from cwb.lines.table import Column, ShownBy, Table
from cwb.sources.datasets.activity import KINDS as ACTIVITIES
from cwb.sources.datasets.contract_performance import RATINGS
from cwb.sources.datasets.savings import BASELINES, KINDS
from cwb.sources.datasets.strategy import KINDS as ITEM_KINDS
from cwb.sources.datasets.strategy import RULES
from cwb.sources.datasets.tenders import LOOK_OUTCOMES, ROUTES

TENDERS = Table(
    "tenders",
    "one procurement of the council, or one lot of it",
    (
        *SOURCE,
        reference("tender_reference", "reference", needed=True),
        written("title", "what was to be bought", needed=True, shown_by=ShownBy.TITLE),
        written("department", "department"),
        text("route", "how it was bought", ROUTES, needed=True),
        written("threshold_band", "band of value, as stated"),
        text("cpv_code", "CPV code"),
        pounds("estimated_gbp", "estimated value"),
        written("value_basis", "what that value is"),
        day("advertised_date", "day on which it was advertised"),
        day("deadline_date", "last day for bids"),
        number("bids", "bids received", "bids"),
        number("valid_bids", "valid bids", "bids"),
        number("sme_bids", "bids from small and medium businesses", "bids"),
        number("local_bids", "bids from local firms", "bids"),
        pounds("winning_gbp", "price that won"),
        pounds("second_gbp", "second lowest valid price"),
        flag("is_price_only", "decided by price alone"),
        flag("is_low_price_looked_at", "a low price was looked at"),
        text("look_outcome", "what came of that", LOOK_OUTCOMES),
        day("awarded_date", "day of the award"),
        pounds("award_gbp", "value of the award"),
        reference("contract_reference", "reference of the contract"),
        written("not_awarded", "why it was not awarded"),
        day("debrief_date", "day on which bidders were told why"),
        day("lessons_date", "day on which lessons were written down"),
        flag("is_feedback_asked", "suppliers were asked what they thought"),
        flag("is_lots_considered", "splitting it into lots was considered"),
        flag("is_checklist_done", "the sustainability checklist was completed"),
        flag("is_slavery_clause", "the contract may be ended for modern slavery"),
        flag("is_whistle_blowing", "bidders must have a policy on whistle-blowing"),
    ),
)
SAVINGS = Table(
    "savings",
    "one saving or income of one project and financial year",
    (
        *SOURCE,
        Column("financial_year", "INTEGER", "calendar year in which the financial year begins", "year", needed=True),
        reference("saving_reference", "reference", needed=True),
        written("title", "what is saved", needed=True),
        text("kind", "kind", KINDS, needed=True),
        flag("is_cash", "cash is released", needed=True),
        pounds("baseline_gbp", "cost that it is compared with", needed=True),
        text("baseline_kind", "what that cost is", BASELINES, needed=True),
        pounds("new_gbp", "cost now", needed=True),
        pounds("cost_to_achieve_gbp", "cost to achieve it; NULL: not stated"),
        flag("is_realised", "realised, and no forecast", needed=True),
        written("signed_role", "role of finance that signed it"),
        day("signed_date", "day on which it was signed"),
        reference("contract_reference", "reference of the contract"),
    ),
)  # fmt: skip
ACTIVITY = Table(
    "activity",
    "one thing done, from the log",
    (
        *SOURCE,
        day("activity_date", "day on which it was done", needed=True),
        text("kind", "kind", ACTIVITIES, needed=True),
        written("title", "what was done", needed=True),
        text("item", "items of the strategy that it serves, separated by semicolons"),
        number("people", "people attending", "people"),
        number("invited", "people invited", "people"),
        number("in_procurement", "of them in procurement", "people"),
        written("departments", "departments that took part, separated by semicolons"),
        reference("reference", "reference of the contract or tender"),
        written("evidence", "where the evidence is"),
        day("next_date", "day on which it is due again"),
        written("outcome", "what came of it"),
    ),
)
PERFORMANCE = Table(
    "contract_performance",
    "one performance indicator of one contract and period",
    (
        *SOURCE,
        reference("contract_reference", "reference of the contract", needed=True),
        written("indicator", "indicator", needed=True),
        written("target", "target, as stated"),
        written("result", "result, as stated"),
        text("rating", "rating", RATINGS, needed=True),
        day("period_from", "first day of the period", needed=True),
        day("period_to", "last day of the period", needed=True),
        text("notice_id", "notice that told it"),
        day("meeting_date", "day of the contract meeting"),
        flag("is_improvement_planned", "an improvement plan was agreed"),
    ),
)
BENCHMARKS = Table(
    "benchmarks",
    "one comparison of a service of the council with another's",
    (
        *SOURCE,
        written("service", "service", needed=True),
        written("measure", "what is compared", needed=True),
        written("unit", "unit of the numbers"),
        Column("ours", "DOUBLE", "the council's number", needed=True),
        Column("theirs", "DOUBLE", "the other's number", needed=True),
        written("group_name", "body or group that is compared with"),
        Column("year", "INTEGER", "calendar year in which its financial year begins", "year", needed=True),
        flag("is_like_for_like", "like for like", needed=True),
        written("told_by", "who published it"),
    ),
)
STRATEGY = Table(
    "strategy",
    "one item of the council's strategy",
    (
        *SOURCE,
        text("item", "the item's number in the strategy", needed=True),
        text("part_of", "of a sub-action its action; of a remark the items that it is about"),
        text("foundation", "foundation of the strategy; NULL: the whole of it"),
        text("kind", "kind of item", ITEM_KINDS, needed=True),
        written("words", "what it promises, shortened", needed=True),
        text("rule", "rule by which its status is computed", RULES),
        text("evidence", "findings and kinds of the log that are its evidence"),
        text("shown", "findings that are shown beside it and do not decide"),
        written("settled_by", "what would settle an item without evidence"),
        text("better", "which way is better, for K1", ("more", "less")),
        Column("interval_months", "DOUBLE", "how often it is to be done", "months"),
        Column("target", "DOUBLE", "target, in the unit of its evidence"),
        day("target_date", "day by which the target is to be reached"),
        day("since", "day from which it holds"),
        written("source", "where the strategy says it"),
        written("owner", "role that owns it"),
        day("reviewed_date", "day on which the council last reviewed it"),
        written("note", "the council's note"),
    ),
)
EMPLOYEE_OWNED = Table(
    "employee_owned",
    "one corporate owner of one company that may be employee-owned",
    (
        *SOURCE,
        text("company_number", "number of the business", needed=True),
        flag("is_signal", "its owner's name and control are a sign", needed=True),
        flag("is_confirmed", "somebody confirmed that employees own it; NULL: not asked yet"),
        day("notified_date", "day from which the owner is on the register"),
        day("ceased_date", "day on which the owner ceased to be one"),
        written("checked_role", "role that confirmed it or not"),
        day("checked_date", "day on which it was looked at"),
    ),
)
FORMS = (TENDERS, SAVINGS, ACTIVITY, PERFORMANCE, BENCHMARKS, STRATEGY, EMPLOYEE_OWNED, *SOCIAL_VALUE_FORMS)
