"""The schemas of what reviews of contracts are counted on: the register with its windows, decisions, insourcing's money, income."""

from __future__ import annotations

from cwb.lines.columns import SOURCE, compared_reference, day, declared, flag, pounds, text, written
from cwb.lines.table import Column, Table
from cwb.sources.datasets import insourcing
from cwb.sources.datasets.income import KINDS
from cwb.sources.datasets.insourcing import DECISIONS
from cwb.sources.fields import ShownBy

SMALL, ONE_OFF = "small", "bought once"
SAVING, COST = "saving", "cost"


REVIEWS = Table(
    "review_lines",
    "one row of the contracts register, with its window for review and what was decided of it",
    (
        *SOURCE,
        text("contract_key", "the contract: its reference, else its title and its start", needed=True),
        compared_reference("contract_reference", "reference"),
        written("title", "title", needed=True, shown_by=ShownBy.TITLE),
        text("display_name", "the supplier's name as a pack may show it", needed=True),
        written("department", "department"),
        day("start_date", "first day", needed=True),
        day("expiry_date", "current expiry; NULL: not known"),
        day("last_end_date", "last possible end, if every extension that the register states is taken"),
        day("opens_date", "first day of the window"),
        day("closes_date", "last day of the window"),
        day("extended_date", "first day of the first extension that was taken; NULL: none is known"),
        flag("is_end_twofold", "the register tells the first end from the current one", needed=True),
        pounds("annual_gbp", "value of a year: as stated, else over the years of the term; NULL without value or term"),
        pounds("value_gbp", "value over the whole term, as published"),
        text("apart", "why it is listed apart; NULL: it is not", (SMALL, ONE_OFF)),
        flag("is_service", "a service by its CPV code; NULL: no code"),
        flag("is_framework", "a framework by its type or title; NULL: no type is stated"),
        flag("is_concession", "a concession by its type or title; NULL: no type is stated"),
        day("review_begun_date", "day on which its review began"),
        text("decision", "first decision that has a day", DECISIONS),
        day("decided_date", "day of that decision"),
        flag("is_tested", "both parts of the public interest test are answered with strong or weak"),
    ),
)  # fmt: skip
# The contract and its service, what was decided, and the case study at the end.
_DECIDED = declared(insourcing.SOURCE)
INSOURCING = Table(
    "insourcing_lines",
    "one contract and service of the register of reviews",
    (
        *SOURCE,
        *_DECIDED[:2],
        Column("service_number", "INTEGER", "number of the service, the same in every row of it", needed=True),
        flag("is_on_register", "the contracts register has a contract of this reference", needed=True),
        *_DECIDED[2:-2],
        Column("first_traded_year", "INTEGER", "first financial year with income from external trading", "year"),
        flag(
            "is_cost_stated",
            "what bringing it in house cost is stated, here or on the form of savings",
            needed=True,
        ),
        *_DECIDED[-2:],
    ),
)
MONEY = Table(
    "insourcing_money",
    "one year's saving of a service in house, or one cost of bringing it there",
    (
        *SOURCE,
        text("kind", "saving or cost", (SAVING, COST), needed=True),
        written("name", "what is saved, or the service", needed=True),
        Column("financial_year", "INTEGER", "calendar year in which the saving's financial year begins", "year"),
        day(
            "cost_date",
            "day from which the cost counts; NULL of a cost: the service's start in house is not stated",
        ),
        day("decided_date", "day of the decision, of a cost whose day is not stated"),
        pounds("baseline_gbp", "last cost of the contract, at the prices of the year"),
        pounds("new_gbp", "full cost in house"),
        pounds("amount_gbp", "baseline less new cost; a cost of transition is negative", needed=True),
        flag("is_realised", "realised, and no forecast", needed=True),
        flag(
            "is_last_price",
            "compared with the last price paid, at the prices of the year or not; true of a cost",
            needed=True,
        ),
        flag("is_signed", "signed off by finance", needed=True),
        day("signed_date", "day on which finance signed it; NULL: not stated, or not signed"),
        flag("is_cost_stated", "what the change cost is stated, also by another row or as nothing", needed=True),
    ),
)
INCOME = Table(
    "income_lines",
    "income of one contract or unit, kind and financial year",
    (
        *SOURCE,
        text("contract_key", "the contract or unit, as the register writes references", needed=True),
        Column("income_year", "INTEGER", "calendar year in which the financial year begins", "year", needed=True),
        written("unit", "reference of the contract, or the unit that earns", needed=True),
        text("kind", "kind", KINDS, needed=True),
        pounds("income_gbp", "income", needed=True),
        pounds("direct_cost_gbp", "direct cost; NULL: not stated"),
        pounds("net_gbp", "income less direct cost; income where that is not stated", needed=True),
        flag("is_signed", "signed off by finance", needed=True),
    ),
)
REVIEW_TABLES = (REVIEWS, INSOURCING, MONEY, INCOME)
