"""The council's own ledger exports, or its published payments over £250 or £500.

What a row is, and how it is read: `cwb.sources.spend`. Sources: LGA/ESD Spend and Contracts schemas (2019), the LGA
practitioner guide's templates (2015), and the headers of publishers (Hyndburn, Harrogate, Salford, Leeds, Camden, …).
Aliases are written as `normalise_header` leaves them. Earlier aliases of a field win over later ones.
"""

from __future__ import annotations

from cwb.sources.spend import PaymentsSource

SOURCE = PaymentsSource(
    name="spend",
    absent="no spending file was supplied",
    fields={
        "organisation_name": (
            "organisation name", "organisationlabel", "organisation label", "body name", "authority name",
            "name of body", "entity", "entuty", "body",
        ),
        "payment_date": (
            "payment date", "paymentdate", "date paid", "paid date", "date of payment", "actual payment date",
            "paym acc date", "payment date - g/l date", "invoice payment date", "date", "transaction date",
            "trans date", "date of transaction", "posting date", "clearing date", "cleared date", "date cleared",
            "pay date", "payment run date", "bacs date", "cheque date", "gl date", "invoice gl date", "entry date",
            "date incurred", "date incurred -payment date", "effective date", "invoice date", "payment month",
            "month", "month paid", "month of payment", "year month", "payment period", "accounting period",
            "financial period", "period", "updated",
        ),
        "supplier_name": (
            "supplier name", "supplier (beneficiary) name", "supplier(beneficiary) name",
            "supplier (beneficiary)", "beneficiary name", "beneficiaryname", "benificiary name",
            "published supplier name", "final supplier name", "amended supplier name", "updated beneficiary",
            "reported beneficiary", "supplier final", "supplier", "suppklier", "beneficiary", "payee",
            "vendor name", "vendor", "vendor name 2", "creditor name", "merchant name", "supplier name redacted",
            "supplier description", "supplier/payee", "payee name", "supplier id(t)", "supplier id (t)", "name",
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
        "postcode": (
            "supplier postcode", "supplier post code", "vendor postcode", "beneficiary postcode", "payee postcode", "postcode",
            "post code", "supplier address", "vendor address", "payee address", "beneficiary address",
        ),
        "charity_number": (
            "charitycommissionnumber", "supplier registered charity number", "charity registration",
            "charity number",
        ),
        "net": (
            "net amount", "net value", "net", "amount (excl vat)", "amount (ex vat)", "amount (excluding vat)",
            "amount excluding vat", "expenditure amount (exc vat)", "invoice line value (net of vat)",
            "spend (excluding vat)", "3 spend (excluding vat)", "total (excludes vat)", "net amounte",
            "trans original net amt", "net amount gbp", "billing net amt", "net amt", "net spend", "net payment",
        ),
        "gross": (
            "gross", "gross value", "gross amount", "gross invoice value", "total invoice amount",
            "amount (inc vat)", "amount (including vat)", "amount including vat", "gross amount gbp",
            "billing gross amt", "billing gross amount", "gross amt", "gross spend", "original gross amt",
        ),
        "amount": (
            "amount", "payment amount", "amount paid", "transaction amount", "amount gbp", "invoice line amount",
            "invoiced value", "distribution amount", "distrib amount sum", "sum of amount", "ap amount",
            "amount in sterling", "billing amount", "billed amount", "invoice amount", "total amount", "amount spent",
            "spend amount", "payment value", "payment", "total", "value", "total spend", "spend",
        ),
        # Of the amounts; that of the amounts before they were billed only where these are all there is.
        "currency": (
            "billing cur code", "billing currency", "currency", "currency code", "payment currency",
            "invoice currency", "original cur", "original currency",
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
            "directotate", "expense area", "division", "portfolio", "business unit description", "nstrg",
        ),
        "service": (
            "service category label", "servicecategorylabel", "service label", "service area", "service",
            "service division label", "service / division code", "cost centre name", "cost centre description",
            "cost centre", "service code", "cipfsubs",
        ),
        "purpose": (
            "purpose of spend (summary)", "purpose", "purpose of spend", "purpose of expenditure",
            "summary of purpose", "invoice description", "narrative", "description", "extended description",
            "detailed expenditure type",
        ),
        "category": (
            "categoryinternalname", "category internal name",
            "procurement classification: council's procurement category name", "expenditure category",
            "purpose of expenditure (expenditure category)", "expense type", "expenditure type", "expenses type",
            "expense code description", "account detail", "account description", "account desc",
            "nominal description", "gl description", "g/l description", "gl account description",
            "subjective description", "material group description", "procurement classification",
            "expenditure account code description", "expenditure account", "trans cac desc 1",
            "procurement (merchant category)", "merchant category", "supplier category", "category",
            "category family", "cipfsubj", "spend type", "activity", "account", "code description", "group description", "expenditure code",
        ),
        "cpv_code": (
            "cpvcode", "procurement classification: cpv code", "cpv code", "cpv",
        ),
        "proclass_code": (
            "proclasscode", "procurement classification: proclass code", "proclass code", "proclass",
        ),
        "transaction_number": (
            "transaction number", "transactionnumber", "transaction no", "transno", "trans no", "payment number",
            "payment reference number", "hbc ref no", "document no", "documentno", "document number",
            "sap document number",
            "internal ref", "internal ref number", "invoice number", "invoice no", "invoiceref",
            "unique reference", "reference",
        ),
        "card": (
            "card transaction", "cardtransaction", "procurement card", "p-card tran",
            "procurement card (yes/no)", "payment type",
        ),
        "contract_reference": (
            "contract reference", "contractref", "contract ref", "contract number",
        ),
        "capital_revenue": (
            "capital or revenue (c/r)", "capital/ revenue", "capital /revenue", "capital / revenue",
            "capital/revenue", "capital or revenue", "cap/rev",
        ),
    },
)  # fmt: skip
