"""The schema of each line-level table: what one row is, its columns with types and units, and what must hold of them.

A column that is a fact of a supplier, a contract or an organisation (`is_local`, `is_sme`) is true, false or NULL, and
NULL means not known. Text columns with a closed list of values state it.
"""

from __future__ import annotations

from cwb.lines.checklists import CHECKLIST_ANSWERS
from cwb.lines.columns import (
    PAYMENT,
    PERIOD,
    SOURCE,
    SUPPLIER,
    flag,
    pounds,
    text,
    written,
)
from cwb.lines.contract_cover import COVER
from cwb.lines.invoices import INVOICES
from cwb.lines.notice_details import NOTICE_DETAILS
from cwb.lines.register_cells import REGISTER_CELLS
from cwb.lines.registry import REGISTRY
from cwb.lines.repeat_purchases import REPEATS
from cwb.lines.schema_contracts import AGREEMENTS, AWARDS, CONTRACTS, PIPELINE
from cwb.lines.schema_emissions import CHECKLISTS, DEFLATORS, EMISSION_FACTORS, PLANS, REPORTS
from cwb.lines.schema_forms import FORMS
from cwb.lines.schema_reviews import REVIEW_TABLES
from cwb.lines.table import Column, Table
from cwb.sources.fields import ShownBy

SPEND = Table(
    "spend_lines",
    "one payment line of the council's ledger, money passed on to other bodies left out",
    (
        *SOURCE,
        *PERIOD,
        *PAYMENT,
        written("project", "capital or one-off project of the approved list"),
        flag("is_one_off", "on the year's approved list of capital and one-off projects; NULL for a year without a list"),
        Column("approved_date", "DATE", "day on which leaving that project out was approved"),
        text("suggested_as", "kind of money passed on that the line may be, and nobody has decided; NULL: none"),
        flag("is_divisible", "the amount can be divided by 1.2 in whole pence, as amounts that include VAT at 20% can", needed=True),
        Column("contract_last_day", "DATE", "last day, extensions included, of the contract that the line names, where known and in force"),
        flag("is_contract_open", "the contract that the line names has begun, and its last day is not known"),
        flag("is_capital", "on that list as capital; NULL for a year without a list"),
        text("product_code", "product group of the emission factors, by CPV code or the supplier's industry; NULL: not known"),
        Column("product_score", "INTEGER", "how well the product is known", "4 by CPV group or industry, 5 by CPV division"),
        text("product_category", "where GHG Protocol scope 3 (or scope 1 and 2) counts the product"),
        text("contract_unit", "the contract, where its emissions are reported; NULL: no report of it"),
        text("supplier_unit", "the supplier, where it reports for all that it supplies; NULL: no such report"),
        *COVER,
        *REPEATS,
        *SUPPLIER,
    ),
    by_year=True,
)  # fmt: skip
PASS_THROUGH = Table(
    "pass_through_lines",
    "one payment line of the council's or another body's ledger that a person has decided to be money passed on, which buys nothing",
    (
        *SOURCE,
        *PERIOD,
        text("body", "the other institution that paid; NULL: the council"),
        *PAYMENT,
        text("kind", "what is passed on", needed=True),
        written("reason", "why it is no purchase", needed=True),
        written("approving_role", "role that decided", needed=True),
        *SUPPLIER,
    ),
    by_year=True,
)
ANCHORS = Table(
    "anchor_lines",
    "one payment line of another anchor institution, money passed on left out",
    (
        *SOURCE,
        *PERIOD,
        text("body", "the institution that paid", needed=True),
        *PAYMENT,
        text("suggested_as", "kind of money passed on that the line may be, and nobody has decided; NULL: none"),
        *SUPPLIER,
    ),
    by_year=True,
)
NOTICES = Table(
    "notices",
    "one notice of Find a Tender",
    (
        *SOURCE,
        text("ocid", "process", needed=True),
        text("notice_id", "notice", needed=True),
        text("notice_type", "type of notice"),
        Column("notice_date", "DATE", "day of publication"),
        written("buyer_name", "buyer as the notice has it"),
        flag("is_own", "the council is the buyer", needed=True),
        written("title", "title", shown_by=ShownBy.TITLE),
        text("notice_url", "where it can be read"),
        text("cpv_code", "CPV code"),
        text("kind", "goods, services or works, as stated"),
        pounds("value_gbp", "stated value"),
        pounds("value_gross_gbp", "the same with VAT, where stated so"),
        text("value_basis", "whether the value includes VAT"),
        Column("tender_date", "DATE", "day on which bids are invited"),
        Column("bids_until", "DATE", "day until which bids are taken"),
        Column("start_date", "DATE", "first day of the contract"),
        Column("end_date", "DATE", "last day of the contract"),
        flag("is_light_touch", "stated to be a light touch service"),
        flag("suits_sme", "said to suit small and medium businesses"),
        flag("suits_vcse", "said to suit voluntary, community and social enterprises"),
        flag("is_withdrawn", "this notice or a later one ends the purchase; NULL: none says so"),
        Column("withdrawn_date", "DATE", "when it ended; NULL: not withdrawn, or the day is not stated"),
        Column(
            "awarded_date",
            "DATE",
            "when this notice or a later one left none of its lots open; NULL: one is, or may be",
        ),
    ),
)
ORGANISATIONS = Table(
    "organisations",
    "one organisation, whatever registers it is on",
    (
        *SOURCE,
        text("org_id", "organisation", needed=True),
        text("name", "registered name", needed=True),
        text("company_number", "Companies House number"),
        text("charity_number", "charity number"),
        text("mutual_number", "FCA registration number"),
        text("legal_form", "legal form"),
        flag("is_active", "still on its register"),
        text("postcode", "postcode of the office"),
        text("lad_code", "district of the office"),
        flag("is_local", "the office is in the local area"),
        Column("registered_date", "DATE", "day of registration"),
        Column("registered_year", "INTEGER", "calendar year of registration", "year"),
        Column("ended_date", "DATE", "day on which it ended"),
        text("sic_codes", "industries, SIC 2007"),
        text("section", "section of the industry that it states first; NULL where none is stated"),
        text("accounts_category", "kind of accounts that a company files"),
        pounds("income_gbp", "latest yearly income, of charities"),
        flag("is_followed", "on a register that keeps bodies which have ended", needed=True),
        text("grade", "grade as a social enterprise", ("A", "B", "C")),
        text("rule", "rule that gave the grade"),
        flag("is_double", "already listed by another row", needed=True),
    ),
)
SUPPLIERS = Table(
    "suppliers",
    "one supplier of the ledger, the awards or the register",
    (
        *(column for column in SUPPLIER if column.name not in ("payee_key", "organisation_key")),
        text("supplier_id", "vendor id"),
        text("company_number", "Companies House number"),
        text("charity_number", "charity number"),
        text("postcode", "postcode of the place"),
        Column("miles", "INTEGER", "as the crow flies from the middle of the council's district", "miles, whole"),
        text("legal_form", "legal form of the organisation matched"),
        text("sic_codes", "industries of the organisation matched"),
        text("section", "section of the first of them; NULL where none is stated"),
        text("candidate_sic_codes", "industries of the best candidate, were a match under review right"),
    ),
)
BUSINESS_COUNTS = Table(
    "business_counts",
    "one count of the ONS: enterprises of a district, a section and a size",
    (
        *SOURCE,
        text("counted_on", "day of the count", needed=True),
        text("lad_code", "district", needed=True),
        text("section", "section of industry, as in organisations"),
        text("size_band", "size, or Total", needed=True),
        Column(
            "units",
            "BIGINT",
            "enterprises registered for VAT or PAYE, rounded to 5 by the publisher",
            "enterprises",
            needed=True,
        ),
        flag("is_local", "the district is of the local area", needed=True),
        flag("is_newest", "of the newest count supplied", needed=True),
    ),
)
FILES = Table(
    "files",
    "one raw file",
    (
        text("source_file", "raw file", needed=True),
        text("source", "what kind of file", needed=True),
        Column("rows", "BIGINT", "rows read", "rows", needed=True),
        Column("kept", "BIGINT", "rows kept", "rows", needed=True),
        Column("refused", "BIGINT", "rows refused with a reason, but for totals", "rows", needed=True),
        Column("totals", "BIGINT", "rows that only add up others, counted no second time", "rows", needed=True),
        Column("duplicates", "BIGINT", "rows delivered twice", "rows", needed=True),
        pounds("gbp_in", "pounds read", needed=True),
        pounds("gbp_kept", "pounds kept", needed=True),
        pounds("gbp_refused", "pounds refused, but for totals", needed=True),
        pounds("gbp_totals", "pounds of totals", needed=True),
        pounds("gbp_duplicates", "pounds delivered twice", needed=True),
    ),
)
TABLES = (
    SPEND,
    PASS_THROUGH,
    SUPPLIERS,
    AWARDS,
    CONTRACTS,
    NOTICES,
    PIPELINE,
    ORGANISATIONS,
    ANCHORS,
    AGREEMENTS,
    BUSINESS_COUNTS,
    EMISSION_FACTORS,
    DEFLATORS,
    REPORTS,
    PLANS,
    CHECKLISTS,
    REGISTER_CELLS,
    CHECKLIST_ANSWERS,
    *FORMS,
    REGISTRY,
    *REVIEW_TABLES,
    *NOTICE_DETAILS,
    INVOICES,
    FILES,
)


def table_named(name: str) -> Table:
    """The table of that name; raise `KeyError` where there is none."""
    return {table.name: table for table in TABLES}[name]
