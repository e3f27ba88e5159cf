"""Header aliases: which published column holds which field. A list of aliases, never a contract.

Sources: LGA/ESD Spend and Contracts schemas (2019), the LGA practitioner guide's templates (2015), and the
headers of the publishers listed in the project's notes (Hyndburn, Harrogate, Salford, Leeds, Camden, …).
Aliases are written as `normalise_header` leaves them. Earlier aliases of a field win over later ones.
"""

from __future__ import annotations

from collections.abc import Sequence

from cwb.sources import register_layouts, strategy_layouts
from cwb.sources.layout import Layout, normalise_header

SPEND = Layout(
    source="spend",
    fields={
        "organisation_name": (
            "organisation name", "organisationlabel", "organisation label", "body name", "authority name",
            "name of body", "entity", "entuty", "body",
        ),
        "payment_date": (
            "payment date", "paymentdate", "date paid", "paid date", "date of payment", "actual payment date",
            "paym acc date", "payment date - g/l date", "invoice payment date", "date", "transaction date",
            "trans date", "date of transaction", "posting date", "gl date", "entry date", "date incurred",
            "date incurred -payment date", "effective date", "invoice date",
        ),
        "supplier_name": (
            "supplier name", "supplier (beneficiary) name", "supplier(beneficiary) name",
            "supplier (beneficiary)", "beneficiary name", "beneficiaryname", "benificiary name",
            "published supplier name", "final supplier name", "amended supplier name", "updated beneficiary",
            "reported beneficiary", "supplier final", "supplier", "suppklier", "beneficiary", "payee",
            "vendor name", "vendor", "vendor name 2", "creditor name", "merchant name",
            "supplier name redacted", "supplier description", "name",
        ),
        "supplier_id": (
            "supplier id", "supplier number", "supplier no", "supplier ref", "vendor id", "vendor number",
            "beneficiary id", "beneficiaryotherid", "local supplier (beneficiary) internal reference",
            "local supplier internal reference", "address book no", "creditor number", "supplier name",
        ),
        "company_number": (
            "companieshouseregistrationnumber", "supplier registered company number", "company registration",
            "company registration number", "company number",
        ),
        "charity_number": (
            "charitycommissionnumber", "supplier registered charity number", "charity registration",
            "charity number",
        ),
        "net": (
            "net amount", "net value", "net", "amount (excl vat)", "amount (ex vat)", "amount (excluding vat)",
            "amount excluding vat", "expenditure amount (exc vat)", "invoice line value (net of vat)",
            "spend (excluding vat)", "3 spend (excluding vat)", "total (excludes vat)", "net amounte",
            "trans original net amt", "net amount gbp",
        ),
        "gross": (
            "gross", "gross value", "gross amount", "gross invoice value", "total invoice amount",
            "amount (inc vat)", "amount (including vat)", "amount including vat", "gross amount gbp",
        ),
        "amount": (
            "amount", "payment amount", "amount paid", "transaction amount", "amount gbp", "invoice line amount",
            "invoiced value", "distribution amount", "distrib amount sum", "sum of amount", "ap amount",
            "amount in sterling", "invoice amount", "total amount", "total", "value",
        ),
        "vat": ("vat", "vat amount", "vat value", "vat amt", "tax"),
        "irrecoverable_vat": (
            "irrecoverable vat", "irrecoverablevatamount", "irrecoverable vat amount gbp",
            "irrecoverable vat amount", "non recoverable vat", "non-recoverable vat", "non recurring vat",
            "unclaimed vat",
        ),
        "department": (
            "department", "directorate", "organisationalunit", "organisational unit", "organisation unit",
            "directorate / service where expenditure occurred",
            "directorate / service where expenditure incurred", "directorate/service area",
            "dept. where expenditure incurred", "dept where expenditure incurred", "local authority department",
            "la department", "department area", "service cost centre", "service area categorisation",
            "directotate", "expense area", "division", "portfolio", "business unit description",
        ),
        "service": (
            "service category label", "servicecategorylabel", "service label", "service area", "service",
            "service division label", "service / division code", "cost centre name", "cost centre description",
            "cost centre", "service code",
        ),
        "purpose": (
            "purpose of spend (summary)", "purpose", "purpose of spend", "purpose of expenditure",
            "summary of purpose", "invoice description", "narrative", "description", "extended description",
            "detailed expenditure type",
        ),
        "category": (
            "categoryinternalname", "category internal name",
            "procurement classification: council's procurement category name", "expenditure category",
            "purpose of expenditure (expenditure category)", "expense type", "expenditure type",
            "expenses type", "expense code description", "account detail", "account description",
            "account desc", "nominal description", "gl description", "g/l description",
            "gl account description", "subjective description", "material group description",
            "procurement classification", "procurement (merchant category)", "merchant category",
            "supplier category", "category", "spend type", "activity", "account", "code description",
            "group description", "expenditure code",
        ),
        "cpv_code": ("cpvcode", "procurement classification: cpv code", "cpv code", "cpv"),
        "proclass_code": (
            "proclasscode", "procurement classification: proclass code", "proclass code", "proclass",
        ),
        "transaction_number": (
            "transaction number", "transactionnumber", "transaction no", "transno", "trans no",
            "payment number", "payment reference number", "hbc ref no", "document no", "documentno",
            "sap document number", "internal ref", "internal ref number", "invoice number", "invoice no",
            "invoiceref", "unique reference", "reference",
        ),
        "card": (
            "card transaction", "cardtransaction", "procurement card", "p-card tran",
            "procurement card (yes/no)", "payment type",
        ),
        "contract_reference": ("contract reference", "contractref", "contract ref", "contract number"),
        "capital_revenue": (
            "capital or revenue (c/r)", "capital/ revenue", "capital /revenue", "capital / revenue",
            "capital/revenue", "capital or revenue", "cap/rev",
        ),
    },
    required=("payment_date", "supplier_name", ("net", "gross", "amount")),
)  # fmt: skip

CONTRACTS = Layout(
    source="contracts",
    fields={
        "contract_reference": (
            "contractreference", "contract reference number / id", "contract reference", "reference number",
            "contract number", "contract id", "contract ref",
        ),
        "ocid": ("opencontractingid", "open contracting id", "ocid"),
        "title": ("contracttitle", "title of the agreement", "title of agreement", "contract title", "title"),
        "description": (
            "description of goods and services", "description of the goods and/or services",
            "contract description", "description",
        ),
        "contract_type": ("contracttype", "contract type"),
        "department": (
            "organisationalunit", "local authority directorate/service responsible",
            "local authority department responsible", "directorate name", "directorate", "department",
        ),
        "buyer_name": ("organisationlabel", "organisation name", "purchasing body", "buyer"),
        "supplier_name": (
            "suppliername", "supplier company name", "supplier name", "supplier supplier name", "supplier",
            "vendor",
        ),
        "supplier_postcode": ("supplier postcode", "supplierpostcode"),
        "company_number": (
            "companieshouseregistrationnumber", "supplier registered company number", "company number",
            "company registration number",
        ),
        "charity_number": ("charitycommissionnumber", "supplier registered charity number", "charity number"),
        "start_date": ("startdate", "contract start date", "start date", "validity start"),
        "end_date": (
            "enddate", "current expiry date", "final end date", "end date", "contract end date", "validity end",
        ),
        "extension_date": ("lastextensiondate", "extension period", "latest end date with extensions"),
        "review_date": ("reviewdate", "review date"),
        "value": (
            "contractvalue", "contract value", "total contract value (including extensions)",
            "total contract value", "extended value", "original value",
        ),
        "annual_value": ("annual value", "annual contract value"),
        "irrecoverable_vat": ("irrecoverablevat", "irrecoverable vat", "irrecoverable vat amount"),
        "is_sme": ("smesupplier", "sme supplier", "sme supplier?", "sme"),
        "is_vcse": ("vcsesupplier", "vcse supplier", "vcse supplier?", "vcse"),
        "process": (
            "processtype", "tender type", "process used", "pre-contractual process used",
        ),
        "cpv_code": ("cpvcode", "procurement classification: cpv code", "cpv code"),
        "proclass_code": (
            "proclasscode", "procurement classification: proclass code", "proclass classification",
        ),
        "category": (
            "procurementcategory", "procurement classification: council's procurement category label",
            "proclass description", "product category", "category",
        ),
    },
    required=("title", "supplier_name", "start_date", "end_date"),
    marks=frozenset({"title", "start_date", "end_date"}),
)  # fmt: skip

VENDORS = Layout(
    source="vendors",
    fields={
        "supplier_id": (
            "supplier id", "supplier number", "supplier no", "vendor id", "vendor number", "vendor no",
            "creditor number",
        ),
        "supplier_name": ("supplier name", "vendor name", "supplier", "vendor", "name", "creditor name"),
        "postcode": (
            "postcode", "post code", "supplier postcode", "paying address postcode", "address postcode",
            "remittance postcode",
        ),
        "company_number": ("company number", "companies house number", "company registration number"),
        "charity_number": ("charity number", "registered charity number"),
        "is_sme": ("sme", "sme supplier", "is sme"),
        "is_vcse": ("vcse", "vcse supplier", "is vcse", "vcse / social enterprise"),
        "size": ("business size", "size", "size band"),
    },
    required=("supplier_id", "supplier_name"),
    marks=frozenset({"postcode", "size"}),
)  # fmt: skip

ONE_OFFS = Layout(
    source="one_offs",
    fields={
        "project": ("project", "project name", "scheme"),
        "kind": ("kind", "type", "capital or one-off"),
        "reason": ("reason", "reason for exclusion"),
        "approving_role": ("approved by (role)", "approving role", "approved by role"),
        "approved_date": ("approved on", "approved date", "date approved"),
        "period": ("financial year", "year", "period"),
        "match_on": ("match on", "matched on"),
        "match_value": ("match value", "value to match", "matched value"),
        "expected": ("expected amount", "expected amount (net)", "amount", "approved amount"),
    },
    required=("project", "kind", "reason", "approving_role", "period", "match_on", "match_value", "expected"),
    marks=frozenset({"approving_role", "match_on"}),
)  # fmt: skip

AWARDS = Layout(
    source="awards",
    fields={
        "award_id": ("award id",),
        "buyer_name": ("buyer name", "organisation name"),
        "title": ("title",),
        "description": ("description",),
        "award_date": ("date", "awarded date", "award date"),
        "value": ("value amount", "awarded value", "award value"),
        "currency": ("value currency",),
        "start_date": ("contractperiod startdate", "contract start date", "start date"),
        "end_date": ("contractperiod enddate", "contract end date", "end date"),
        "published_date": ("datepublished", "published date"),
        "supplier_name": ("supplier name",),
        "identifier_scheme": ("identifier scheme",),
        "identifier_id": ("identifier id",),
        "street": ("address streetaddress",),
        "locality": ("address locality",),
        "postcode": ("address postalcode",),
        "country": ("address countryname",),
        "is_sme": ("sme",),
        "is_vcse": ("vco", "vcse"),
    },
    required=("award_id", "buyer_name", "award_date", "supplier_name"),
    marks=frozenset({"award_id", "published_date"}),
)  # fmt: skip

ALL = (*register_layouts.ALL, *strategy_layouts.ALL, AWARDS, ONE_OFFS, CONTRACTS, SPEND, VENDORS)

__all__ = ["ALL", "AWARDS", "CONTRACTS", "ONE_OFFS", "SPEND", "VENDORS", "Layout", "normalise_header", "recognise"]


def recognise(headers: Sequence[str]) -> str | None:
    """The dataset whose required columns these headers hold; None when no layout fits.

    Between several that fit, the one with most of its own marks wins, then the one that uses most columns.
    """
    scored = []
    for layout in ALL:
        found = layout.match(headers)
        if not layout.missing(found):
            scored.append((len(layout.marks & found.keys()), len(found), layout.source))
    return max(scored)[2] if scored else None
