"""The contracts register, in the LGA/ESD schema, the Code's template, or a council's own layout.

One row per line of the register. Columns: `contract_reference`, `ocid`, `title`, `description`, `contract_type`, `department`,
`buyer_name`, `supplier_name`, `supplier_postcode`, `company_number`, `charity_number`, `start_date`, `end_date`, `extension_date`,
`review_date`, `value_gbp` (whole term, as published), `annual_value_gbp`, `is_sme`, `is_vcse`, `process`, `cpv_code`, `proclass_code`,
`category`, `irrecoverable_vat` (as published), `value_basis`, `is_income`, `insourced_from`, `kpi_count`, `option_months` and
`option_count` (extensions that the contract allows), `is_extended` (the first was taken), `expiry_date` (current expiry; the end where a
register has one date alone), and the source columns. Contact points are dropped on load. Refused: no title, no supplier, or a start date
that is not a date ("TBC"). An end date that is not a date, or lies before the start, is left empty: the contract still started in its
period. A month alone ("Apr-25") begins on its first and ends on its last day.
"""

from __future__ import annotations

from cwb.base.values import company_number, cpv_code
from cwb.sources.constraints import at_least, dated
from cwb.sources.fields import (
    DAY,
    FLAG,
    LAST_DAY,
    NUMBER,
    POSTCODE,
    STATED_POUNDS,
    TEXT,
    Field,
    coded,
    ends_first,
    negative,
    unstated,
)
from cwb.sources.tables import TableSource

_ENDS_FIRST = "the day lies before the contract's start"
_ASK_FOR_DAYS = "Ask who keeps the register for the contract's first and last day."

SOURCE = TableSource(
    name="contracts",
    title="contracts (a register)",
    absent="no contracts register was supplied",
    fields={
        "contract_reference": Field((
            "contractreference", "contract reference number / id", "contract reference", "reference number",
            "contract number", "contract id", "contract ref",
        )),
        "ocid": Field(("opencontractingid", "open contracting id", "ocid")),
        "title": Field((
            "contracttitle", "title of the agreement", "title of agreement", "contract title", "title",
        ), TEXT).needed("no title", "Ask who keeps the register for the title of the agreement."),
        "description": Field((
            "description of goods and services", "description of the goods and/or services",
            "contract description", "description",
        )),
        "contract_type": Field(("contracttype", "contract type")),
        "department": Field((
            "organisationalunit", "local authority directorate/service responsible",
            "local authority department responsible", "directorate name", "directorate", "department",
        )),
        "buyer_name": Field(("organisationlabel", "organisation name", "purchasing body", "buyer"), TEXT),
        "supplier_name": Field((
            "suppliername", "supplier company name", "supplier name", "supplier supplier name", "supplier",
            "vendor",
        ), TEXT).needed("no supplier", "Ask who keeps the register for the supplier's name."),
        "supplier_postcode": Field(("supplier postcode", "supplierpostcode"), POSTCODE),
        "company_number": Field((
            "companieshouseregistrationnumber", "supplier registered company number", "company number",
            "company registration number",
        ), coded(company_number)),
        "charity_number": Field((
            "charitycommissionnumber", "supplier registered charity number", "charity number",
        )),
        "start_date": Field(("startdate", "contract start date", "start date", "validity start"), DAY).needed(
            "start date cannot be read",
            "Ask who keeps the register for the date, or say under dates in [[mappings]] of cwb.toml in which order day and month stand.",
        ),
        "end_date": Field((
            "enddate", "current expiry date", "final end date", "end date", "contract end date", "validity end",
        ), LAST_DAY),
        "extension_date": Field((
            "lastextensiondate", "extension period", "latest end date with extensions",
        ), LAST_DAY),
        "review_date": Field(("reviewdate", "review date")),
        "value": Field(
            (
                "contractvalue",
                "contract value",
                "total contract value (including extensions)",
                "total contract value",
                "extended value",
                "original value",
                "total value",
                "value",
                "amount",
            ),
            STATED_POUNDS,
            stored="value_gbp",
        ),
        "annual_value": Field(("annual value", "annual contract value"), STATED_POUNDS, stored="annual_value_gbp"),
        "irrecoverable_vat": Field(("irrecoverablevat", "irrecoverable vat", "irrecoverable vat amount")),
        "is_sme": Field(("smesupplier", "sme supplier", "sme supplier?", "sme"), FLAG),
        "is_vcse": Field(("vcsesupplier", "vcse supplier", "vcse supplier?", "vcse"), FLAG),
        "process": Field(("processtype", "tender type", "process used", "pre-contractual process used")),
        "cpv_code": Field(("cpvcode", "procurement classification: cpv code", "cpv code"), coded(cpv_code)),
        "proclass_code": Field((
            "proclasscode", "procurement classification: proclass code", "proclass classification",
        )),
        "category": Field((
            "procurementcategory", "procurement classification: council's procurement category label",
            "proclass description", "product category", "category",
        ), TEXT),
        "value_basis": Field(("value basis",), TEXT),
        "is_income": Field(("income",), FLAG),
        "insourced_from": Field(("insourced from",), TEXT),
        "kpi_count": Field(("kpis", "number of kpis", "kpis number"), NUMBER),
        "option_months": Field(("extension option (months)", "option to extend (months)"), NUMBER),
        "option_count": Field(("how many extensions",), NUMBER),
        "is_extended": Field(("extension 1 taken?", "extension 1 taken"), FLAG),
        # The end takes this heading first where a register has no other.
        "expiry_date": Field(("current expiry", "current end date", "current expiry date"), LAST_DAY),
    },
    required=("end_date",),
    marks=frozenset({"end_date", "start_date", "title"}),
    key=("contract_reference", "title", "supplier_name", "start_date"),
    money="value_gbp",
    rules=(
        unstated("start_date", "no start date", "Ask who keeps the register for the contract's start date.", "start_date"),
        negative("value", "value is negative", "Ask who keeps the register for the contract's value; changes are not contracts."),
    ),
    # It would count as ended, and its payments as under no contract.
    doubts=tuple(
        ends_first("start_date", last, _ENDS_FIRST, _ASK_FOR_DAYS)
        for last in ("end_date", "extension_date", "expiry_date")
    ),
    checks=(dated("start_date"), at_least("value_gbp", 0)),
)  # fmt: skip
