"""The schema of each line-level table: what one row is, its columns with types and units, and what must hold of them.

A column that is a fact of a supplier, a contract or an organisation (`is_local`, `is_sme`) is true, false or NULL, and
NULL means not known. Text columns with a closed list of values state it.
"""

from __future__ import annotations

from cwb.entities.matching.kinds import MatchEvidence
from cwb.entities.matching.match import MATCHED, NO_MATCH, REVIEW
from cwb.lines.agreements import NOTICE, REGISTER
from cwb.lines.table import POUNDS, Column, PlaceEvidence, Table
from cwb.sources.places import RINGS


def _text(name: str, meaning: str, one_of: tuple[str, ...] = (), needed: bool = False) -> Column:
    return Column(name, "VARCHAR", meaning, one_of=one_of, needed=needed)


def _flag(name: str, meaning: str, needed: bool = False) -> Column:
    return Column(
        name, "BOOLEAN", meaning, "true, false" + ("" if needed else ", NULL = not known"), needed=needed
    )


def _pounds(name: str, meaning: str, needed: bool = False) -> Column:
    return Column(name, POUNDS, meaning, "£", needed=needed)


_SOURCE = (
    _text("source_file", "raw file, seen from the raw folder", needed=True),
    _text("source_sheet", "sheet of a workbook"),
    Column("source_row", "BIGINT", "row as a spreadsheet numbers it", needed=True),
)
_PERIOD = (
    Column("financial_year", "INTEGER", "calendar year in which the financial year begins", "year", needed=True),
    Column("quarter_number", "INTEGER", "1 (April to June) to 4 (January to March)", needed=True),
)
_SUPPLIER = (
    _text("supplier_key", "who was paid: a vendor id, else a name; NULL where withheld or not stated"),
    _text("payee_key", "the supplier, or the line itself where no supplier is named", needed=True),
    _text("display_name", "the name as a pack may show it", needed=True),
    _text("ring", "how near the supplier is", RINGS, needed=True),
    _text("lad_code", "district of the supplier's place"),
    _flag("is_local", "the supplier's place is in the local area"),
    _flag("is_home", "the supplier's place is in the council's own district"),
    _text("place_evidence", "what gave the place", tuple(PlaceEvidence), needed=True),
    _flag("is_local_by_office", "its registered office is in the local area"),
    _flag("is_local_if_reviewed", "local, were the best candidates of matches under review right"),
    _flag("is_local_by_number", "local, without places that a match by name alone gave"),
    _flag("is_sme", "stated to be a small or medium business"),
    _flag("is_vcse", "stated to be a voluntary, community or social enterprise"),
    _text("size", "stated size", ("micro", "small", "medium", "large")),
    _text("match_status", "whether it is matched to an organisation", (MATCHED, REVIEW, NO_MATCH), needed=True),
    _text("match_evidence", "by what, or why not", tuple(MatchEvidence), needed=True),
    _text("supplier_kind", "organisation, individual, or a kind of public body"),
    _text("org_id", "organisation matched or under review"),
    _text("organisation_key", "organisation of a match that stands, else the payee", needed=True),
    _text("grade", "grade of the organisation as a social enterprise", ("A", "B", "C")),
    _flag("is_social_enterprise", "matched to an organisation of grade A or B; NULL for C and where no match stands"),
    _flag("is_social_if_reviewed", "the same, were the best candidates of matches under review right"),
)  # fmt: skip
_PAYMENT = (
    Column("payment_date", "DATE", "day of payment", needed=True),
    Column("payment_month", "INTEGER", "year and month of payment, 202604 for April 2026", needed=True),
    _pounds("amount_gbp", "amount, net of VAT where the file allows", needed=True),
    _pounds("gross_gbp", "amount including VAT, where stated"),
    _pounds("payment_gbp", "pounds of the whole payment of which this line is part", needed=True),
    _text("vat_basis", "what the amount is", ("net", "gross", "not stated"), needed=True),
    _text("department", "department"),
    _text("service", "service"),
    _text("purpose", "purpose"),
    _text("category", "what was bought, by one classification for the whole table", needed=True),
    _text("own_category", "what was bought, in the publisher's own words"),
    _text("cpv_code", "CPV code as published"),
    _text("proclass_code", "ProClass code as published"),
    _text("transaction_number", "number of the payment"),
    _text("contract_reference", "reference of the contract"),
)

SPEND = Table(
    "spend_lines",
    "one payment line of the council's ledger",
    (
        *_SOURCE,
        *_PERIOD,
        *_PAYMENT,
        _text("project", "capital or one-off project of the approved list"),
        _flag("is_one_off", "on the year's approved list of capital and one-off projects; NULL for a year without a list"),
        _flag("is_pass_through", "money passed on to another body; NULL, for no list of it is read yet"),
        Column("contract_last_day", "DATE", "last day, extensions included, of the contract that the line names, where known"),
        _flag("is_capital", "on that list as capital; NULL for a year without a list"),
        _text("product_code", "product group of the emission factors, by CPV code or the supplier's industry; NULL: not known"),
        Column("product_score", "INTEGER", "how well the product is known", "4 by CPV group or industry, 5 by CPV division"),
        _text("product_category", "where GHG Protocol scope 3 (or scope 1 and 2) counts the product"),
        _text("contract_unit", "the contract, where its emissions are reported; NULL: no report of it"),
        _text("supplier_unit", "the supplier, where it reports for all that it supplies; NULL: no such report"),
        *_SUPPLIER,
    ),
    by_year=True,
)  # fmt: skip
ANCHORS = Table(
    "anchor_lines",
    "one payment line of another anchor institution",
    (*_SOURCE, *_PERIOD, _text("body", "the institution that paid", needed=True), *_PAYMENT, *_SUPPLIER),
    by_year=True,
)
AWARDS = Table(
    "award_lines",
    "one supplier of one award, told by Contracts Finder or Find a Tender",
    (
        *_SOURCE,
        *_PERIOD,
        Column("award_date", "DATE", "day of the award", needed=True),
        _text("award_key", "the award", needed=True),
        _text("notice_source", "service that told it", needed=True),
        _text("title", "title"),
        _text("buyer_name", "buyer as the notice has it", needed=True),
        _text("body", "the council or anchor of the settings that is the buyer; NULL for others"),
        _flag("is_own", "the council is the buyer", needed=True),
        _pounds("value_gbp", "stated value of the whole award over its term"),
        _pounds("value_part_gbp", "this supplier's equal part of it; the parts of an award sum to it"),
        Column("supplier_count", "INTEGER", "suppliers of the award", "suppliers", needed=True),
        _text("cpv_code", "CPV code"),
        *_SUPPLIER,
    ),
)
CONTRACTS = Table(
    "contract_lines",
    "one supplier of one contract of the council's register",
    (
        *_SOURCE,
        *_PERIOD,
        _text("contract_key", "the contract: its reference, else its title, and its start", needed=True),
        _text("contract_reference", "reference"),
        _text("title", "title", needed=True),
        Column("start_date", "DATE", "first day", needed=True),
        Column("end_date", "DATE", "last day"),
        Column("extension_date", "DATE", "last day if it is extended"),
        _pounds("value_gbp", "value over the whole term, as published"),
        _pounds("annual_gbp", "value of a year, as published"),
        _text("department", "department"),
        _text("cpv_code", "CPV code"),
        _text("proclass_code", "ProClass code"),
        _text("own_category", "the council's own category"),
        *_SUPPLIER,
    ),
)
AGREEMENTS = Table(
    "agreement_lines",
    "one supplier of one contract of the council or another anchor, told by a register or an award notice",
    (
        *_SOURCE,
        _text("origin", "what tells it", (REGISTER, NOTICE), needed=True),
        _text("body", "the council, or the anchor as the settings or the file name it", needed=True),
        _text("agreement_key", "the contract: body, reference (else title) and first day; of a notice the award", needed=True),
        _text("reference", "reference of the contract or the notice"),
        _text("title", "title; NULL where a notice states none"),
        _text("cpv_code", "CPV code"),
        Column("start_date", "DATE", "first day"),
        Column("last_day", "DATE", "last day, extensions included"),
        _pounds("value_gbp", "value over the whole term, as published"),
        _pounds("annual_gbp", "value of a year: as stated, else over the years of the term; NULL without value or term"),
        _flag("is_told", "a notice of a contract that a register tells too", needed=True),
        *_SUPPLIER,
    ),
)  # fmt: skip
INITIATIVES = Table(
    "initiatives",
    "one thing that was tried to keep money local",
    (
        *_SOURCE,
        Column(
            "financial_year", "INTEGER", "calendar year in which the financial year begins", "year", needed=True
        ),
        _text("title", "what was tried", needed=True),
        _text("bodies", "who took part"),
        _text("status", "how far it is"),
        _text("outcome", "what came of it"),
    ),
)
PIPELINE = Table(
    "pipeline_lines",
    "one planned purchase of the council's pipeline",
    (
        *_SOURCE,
        _text("pipeline_reference", "reference"),
        _text("title", "title", needed=True),
        _text("department", "department"),
        Column("tender_date", "DATE", "day on which bids are expected to be asked for", needed=True),
        Column("start_date", "DATE", "expected first day"),
        Column("end_date", "DATE", "expected last day"),
        _pounds("value_gbp", "estimated value over the whole term"),
        _text("value_basis", "whether the value includes VAT"),
        _text("kind", "goods, services or works, as stated"),
        _text("cpv_code", "CPV code"),
        _text("own_category", "the council's own category"),
        _text("contract_reference", "reference of the contract that it replaces"),
        _flag("is_light_touch", "stated to be a light touch service"),
        _flag("is_committed", "committed to a framework or contract"),
    ),
)
NOTICES = Table(
    "notices",
    "one notice of Find a Tender",
    (
        *_SOURCE,
        _text("ocid", "process", needed=True),
        _text("notice_id", "notice", needed=True),
        _text("notice_type", "type of notice"),
        Column("notice_date", "DATE", "day of publication"),
        _text("buyer_name", "buyer as the notice has it"),
        _flag("is_own", "the council is the buyer", needed=True),
        _text("title", "title"),
        _text("cpv_code", "CPV code"),
        _text("kind", "goods, services or works, as stated"),
        _pounds("value_gbp", "stated value"),
        _text("value_basis", "whether the value includes VAT"),
        Column("tender_date", "DATE", "day on which bids are asked for"),
        Column("bids_until", "DATE", "day until which bids are taken"),
        Column("start_date", "DATE", "first day of the contract"),
        Column("end_date", "DATE", "last day of the contract"),
        _flag("is_light_touch", "stated to be a light touch service"),
        _flag("suits_sme", "said to suit small and medium businesses"),
        _flag("suits_vcse", "said to suit voluntary, community and social enterprises"),
    ),
)
ORGANISATIONS = Table(
    "organisations",
    "one organisation, whatever registers it is on",
    (
        *_SOURCE,
        _text("org_id", "organisation", needed=True),
        _text("name", "registered name", needed=True),
        _text("company_number", "Companies House number"),
        _text("charity_number", "charity number"),
        _text("mutual_number", "FCA registration number"),
        _text("legal_form", "legal form"),
        _flag("is_active", "still on its register"),
        _text("postcode", "postcode of the office"),
        _text("lad_code", "district of the office"),
        _flag("is_local", "the office is in the local area"),
        Column("registered_date", "DATE", "day of registration"),
        Column("registered_year", "INTEGER", "calendar year of registration", "year"),
        Column("ended_date", "DATE", "day on which it ended"),
        _text("sic_codes", "industries, SIC 2007"),
        _text("section", "section of the industry that it states first; NULL where none is stated"),
        _text("accounts_category", "kind of accounts that a company files"),
        _pounds("income_gbp", "latest yearly income, of charities"),
        _flag("is_followed", "on a register that keeps bodies which have ended", needed=True),
        _text("grade", "grade as a social enterprise", ("A", "B", "C")),
        _text("rule", "rule that gave the grade"),
        _flag("is_double", "told by another row already", needed=True),
    ),
)
SUPPLIERS = Table(
    "suppliers",
    "one supplier of the ledger, the awards or the register",
    (
        *(column for column in _SUPPLIER if column.name not in ("payee_key", "organisation_key")),
        _text("supplier_id", "vendor id"),
        _text("company_number", "Companies House number"),
        _text("charity_number", "charity number"),
        _text("postcode", "postcode of the place"),
        Column("miles", "INTEGER", "as the crow flies from the middle of the council's district", "miles, whole"),
        _text("legal_form", "legal form of the organisation matched"),
        _text("sic_codes", "industries of the organisation matched"),
        _text("section", "section of the first of them; NULL where none is stated"),
        _text("candidate_sic_codes", "industries of the best candidate, were a match under review right"),
    ),
)
BUSINESS_COUNTS = Table(
    "business_counts",
    "one count of the ONS: enterprises of a district, a section and a size",
    (
        *_SOURCE,
        _text("counted_on", "day of the count", needed=True),
        _text("lad_code", "district", needed=True),
        _text("section", "section of industry, as in organisations"),
        _text("size_band", "size, or Total", needed=True),
        Column(
            "units",
            "BIGINT",
            "enterprises registered for VAT or PAYE, rounded to 5 by the publisher",
            "enterprises",
            needed=True,
        ),
        _flag("is_local", "the district is of the local area", needed=True),
        _flag("is_newest", "of the newest count supplied", needed=True),
    ),
)
CROSSWALK = Table(
    "crosswalk",
    "one correction of the council's to the bridge from what is bought to industries",
    (
        *_SOURCE,
        _text("cpv_prefix", "first digits of a CPV code"),
        _text("category", "category of the council's own"),
        _text("sic_codes", "industries that supply it", needed=True),
        _text("confidence", "how sure it is", ("high", "medium", "low"), needed=True),
    ),
)
ONE_OFFS = Table(
    "one_offs",
    "one rule of the approved list of capital and one-off projects",
    (
        *_SOURCE,
        Column("financial_year", "INTEGER", "calendar year in which the financial year begins", "year", needed=True),
        _text("project", "project", needed=True),
        _text("kind", "capital or one-off", ("capital", "one-off"), needed=True),
        _text("reason", "why it is left out of Chart B", needed=True),
        _text("approving_role", "role that approved it", needed=True),
        _text("match_on", "field of the ledger that finds it", needed=True),
        _text("match_value", "value of that field", needed=True),
        _pounds("approved_gbp", "pounds approved for the year", needed=True),
    ),
)  # fmt: skip
KILOGRAMS = "DECIMAL(28,9)"
EMISSION_FACTORS = Table(
    "emission_factors",
    "one product group in one year of one release of the Defra factors",
    (
        *_SOURCE,
        _text("release", "release", needed=True),
        _text("code", "product group of the publisher, not SIC", needed=True),
        _text("product", "name of the product group", needed=True),
        Column("factor_year", "INTEGER", "calendar year, whose prices it is in", "year", needed=True),
        Column("kgco2e_per_gbp", "DECIMAL(18,12)", "factor, basic prices, without VAT", "kgCO2e per £", needed=True),
    ),
)  # fmt: skip
DEFLATORS = Table(
    "deflators",
    "prices of one year",
    (
        *_SOURCE,
        _text("kind", "kind of year", ("financial", "calendar"), needed=True),
        Column("start_year", "INTEGER", "calendar year in which the year begins", "year", needed=True),
        Column("index_value", "DECIMAL(18,6)", "prices", "100 in the release's base year", needed=True),
        _flag("is_forecast", "a forecast by the release's own words"),
        _text("release", "release", needed=True),
    ),
)
REPORTS = Table(
    "report_lines",
    "one report of emissions for one financial year, of a contract or of all that a supplier supplies",
    (
        *_SOURCE,
        Column("financial_year", "INTEGER", "calendar year in which the financial year begins", "year", needed=True),
        _text("unit", "what it is about: the contract's reference, or a number for the supplier", needed=True),
        _text("contract_reference", "reference of the contract; NULL for all that the supplier supplies"),
        _text("display_name", "the supplier as a pack may show it", needed=True),
        _text("method", "method", ("supplier-specific", "hybrid", "average-data"), needed=True),
        Column("kgco2e", KILOGRAMS, "emissions of what the council bought", "kgCO2e"),
        Column("supplier_kgco2e", KILOGRAMS, "all emissions of the supplier", "kgCO2e"),
        _pounds("turnover_gbp", "the supplier's turnover of the year"),
        _flag("is_assured", "assured by a third party"),
        _flag("is_baseline", "marked as the contract's baseline"),
        _flag("has_upstream", "the supplier's total has what it buys (scope 3) in it"),
        Column("planned_share", "DECIMAL(9,6)", "reduction planned by the year of net zero", "0 to 1 of the baseline"),
    ),
)  # fmt: skip
PLANS = Table(
    "plan_lines",
    "one supplier of the ledger and one carbon reduction plan of its; or a plan of nobody in the ledger",
    (
        *_SOURCE,
        _text("plan_key", "the plan", needed=True),
        _text("display_name", "whose plan it is, as a pack may show it", needed=True),
        _text("plan_supplier", "the supplier: same company number, or same name; NULL: nobody in the ledger"),
        Column("commitment_year", "INTEGER", "year of net zero; NULL: the plan names none", "year"),
        Column("sign_off_date", "DATE", "day of sign-off; NULL: not signed off"),
    ),
)
CHECKLISTS = Table(
    "checklist_lines",
    "one procurement of the sustainability checklist that has a date",
    (
        *_SOURCE,
        *_PERIOD,
        _text("reference", "procurement", needed=True),
        _flag("is_completed", "its checklist is completed"),
        _text("commitments", "commitments of the strategy that it touched, by semicolons"),
    ),
)
FILES = Table(
    "files",
    "one raw file",
    (
        _text("source_file", "raw file", needed=True),
        _text("source", "what kind of file", needed=True),
        Column("rows", "BIGINT", "rows read", "rows", needed=True),
        Column("kept", "BIGINT", "rows kept", "rows", needed=True),
        Column("refused", "BIGINT", "rows refused with a reason", "rows", needed=True),
        Column("duplicates", "BIGINT", "rows delivered twice", "rows", needed=True),
        _pounds("gbp_in", "pounds read", needed=True),
        _pounds("gbp_kept", "pounds kept", needed=True),
        _pounds("gbp_refused", "pounds refused", needed=True),
        _pounds("gbp_duplicates", "pounds delivered twice", needed=True),
    ),
)
TABLES = (
    SPEND,
    SUPPLIERS,
    AWARDS,
    CONTRACTS,
    NOTICES,
    PIPELINE,
    ORGANISATIONS,
    ANCHORS,
    AGREEMENTS,
    INITIATIVES,
    ONE_OFFS,
    BUSINESS_COUNTS,
    CROSSWALK,
    EMISSION_FACTORS,
    DEFLATORS,
    REPORTS,
    PLANS,
    CHECKLISTS,
    FILES,
)


def table_named(name: str) -> Table:
    """The table of that name; raise `KeyError` where there is none."""
    return {table.name: table for table in TABLES}[name]
