"""The schemas of what the council has agreed to buy: awards, contracts of registers, both together, and planned purchases."""

from __future__ import annotations

from cwb.lines.agreements import NOTICE, REGISTER
from cwb.lines.columns import (
    PERIOD,
    REGISTER_TERMS,
    SOURCE,
    SUPPLIER,
    compared_reference,
    flag,
    pounds,
    reference,
    text,
    written,
)
from cwb.lines.table import Column, Table
from cwb.sources.fields import ShownBy

AWARDS = Table(
    "award_lines",
    "one supplier of one award and body that made it, published on Contracts Finder or Find a Tender",
    (
        *SOURCE,
        *PERIOD,
        Column("award_date", "DATE", "day of the award", needed=True),
        text("award_key", "the award", needed=True),
        text("notice_source", "service that published it", needed=True),
        written("title", "title", shown_by=ShownBy.TITLE),
        written("buyer_name", "buyer as the notice has it", needed=True),
        text("body", "the council or anchor of the settings that is the buyer; NULL for others"),
        flag("is_own", "the council is the buyer", needed=True),
        pounds("value_gbp", "stated value of the whole award over its term"),
        pounds("value_part_gbp", "this supplier's equal part of it; the parts of an award sum to it"),
        Column("supplier_count", "INTEGER", "suppliers of the award", "suppliers", needed=True),
        text("cpv_code", "CPV code"),
        *SUPPLIER,
    ),
)
CONTRACTS = Table(
    "contract_lines",
    "one supplier of one contract of the council's register",
    (
        *SOURCE,
        *PERIOD,
        text("contract_key", "the contract: its reference, else its title, and its start", needed=True),
        compared_reference("contract_reference", "reference"),
        written("title", "title", needed=True, shown_by=ShownBy.TITLE),
        Column("start_date", "DATE", "first day", needed=True),
        Column("end_date", "DATE", "last day"),
        Column("extension_date", "DATE", "last day if it is extended"),
        Column("last_day", "DATE", "last day, extensions included, those too that may be"),
        pounds("value_gbp", "value over the whole term, as published"),
        pounds("annual_gbp", "value of a year, as published"),
        written("department", "department"),
        text("cpv_code", "CPV code"),
        text("proclass_code", "ProClass code"),
        written("own_category", "the council's own category"),
        written("buys", "what it buys: the first three digits of its CPV code, else the council's own category"),
        *REGISTER_TERMS,
        *SUPPLIER,
    ),
)
AGREEMENTS = Table(
    "agreement_lines",
    "one supplier of one contract of the council or another anchor, from a register or an award notice",
    (
        *SOURCE,
        text("origin", "what tells it", (REGISTER, NOTICE), needed=True),
        text("body", "the council, or the anchor as the settings or the file name it", needed=True),
        text("agreement_key", "the contract: body, reference (else title) and first day; of a notice the award", needed=True),
        reference("reference", "reference of the contract or the notice"),
        written("title", "title; NULL where a notice states none", shown_by=ShownBy.TITLE),
        text("cpv_code", "CPV code"),
        Column("start_date", "DATE", "first day"),
        Column("last_day", "DATE", "last day, extensions included"),
        pounds("value_gbp", "value over the whole term, as published"),
        pounds("value_gross_gbp", "the same with VAT, where published so"),
        text("value_basis", "whether the value includes VAT"),
        pounds("annual_gbp", "value of a year: as stated, else over the years of the term; NULL without value or term"),
        flag("is_on_register", "a notice of a contract that a register lists too", needed=True),
        *SUPPLIER,
    ),
)  # fmt: skip
PIPELINE = Table(
    "pipeline_lines",
    "one planned purchase of the council's pipeline",
    (
        *SOURCE,
        compared_reference("pipeline_reference", "reference"),
        written("title", "title", needed=True, shown_by=ShownBy.TITLE),
        written("department", "department"),
        Column("tender_date", "DATE", "day on which bids are expected to be invited", needed=True),
        Column("first_tender_date", "DATE", "the same by the oldest file that tells of the purchase", needed=True),
        Column("start_date", "DATE", "expected first day"),
        Column("end_date", "DATE", "expected last day"),
        pounds("value_gbp", "estimated value over the whole term"),
        text("value_basis", "whether the value includes VAT"),
        text("kind", "goods, services or works, as stated"),
        text("cpv_code", "CPV code"),
        written("own_category", "the council's own category"),
        compared_reference("contract_reference", "reference of the contract that it replaces"),
        flag("is_light_touch", "stated to be a light touch service"),
        flag("is_committed", "committed to a framework or contract"),
    ),
)
