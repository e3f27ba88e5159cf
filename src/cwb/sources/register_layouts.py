"""Headings of public registers, of the pipeline and of what analysts decide (formats.md 3, 4, 9.4, 11.2)."""

from __future__ import annotations

from cwb.sources.layout import Layout

COMPANIES = Layout(
    source="companies",
    fields={
        "company_name": ("companyname",),
        "company_number": ("companynumber",),
        "town": ("regaddress.posttown",),
        "postcode": ("regaddress.postcode",),
        "category": ("companycategory",),
        "status": ("companystatus",),
        "dissolution_date": ("dissolutiondate",),
        "incorporation_date": ("incorporationdate",),
        "accounts_category": ("accounts.accountcategory",),
        **{f"sic_{n}": (f"siccode.sictext {n}",) for n in range(1, 5)},
        **{f"previous_{n}": (f"previousname {n}.companyname",) for n in range(1, 11)},
    },
    required=("company_name", "company_number", "postcode"),
    marks=frozenset({"status", "category"}),
)

MUTUALS = Layout(
    source="mutuals",
    fields={
        "society_number": ("society number",),
        # "Registation" is how the register itself spells it.
        "registration_number": ("full registation number", "full registration number"),
        "society_name": ("society name",),
        "address": ("society address",),
        "registered_as": ("registered as",),
        "registration_act": ("registration act",),
        "registration_date": ("registration date",),
        "deregistration_date": ("deregistration date",),
        "status": ("society status",),
        "classification": ("reporting classification",),
    },
    required=("registration_number", "society_name", "status"),
    marks=frozenset({"registered_as", "registration_number"}),
)

CHARITIES = Layout(
    source="charities",
    fields={
        "charity_number": ("registered charity number",),
        "linked_number": ("linked charity number",),
        "charity_name": ("charity name",),
        "charity_type": ("charity type",),
        "status": ("charity registration status",),
        "registration_date": ("date of registration",),
        "removal_date": ("date of removal",),
        "income": ("latest income",),
        "postcode": ("charity contact postcode",),
        "company_number": ("charity company registration number",),
        "is_cio": ("charity is cio",),
        "activities": ("charity activities",),
        "is_insolvent": ("charity insolvent",),
    },
    required=("charity_number", "charity_name", "status"),
    marks=frozenset({"charity_name", "linked_number"}),
)

COOPS = Layout(
    source="coops",
    fields={
        "coop_id": ("cuk organisation id", "org id", "organisation id"),
        "registered_number": ("registered number", "registration number"),
        "registrar": ("registrar",),
        "coop_name": ("registered name", "name"),
        "trading_name": ("trading name",),
        "legal_form": ("legal form",),
        "postcode": ("registered postcode", "postcode"),
        "sic": ("sic code",),
        "sector": ("sector - simplified, high level", "sector"),
        "ownership": ("ownership classification",),
        "status": ("registered status", "status"),
        "registration_date": ("incorporation date",),
        "dissolution_date": ("dissolved date",),
    },
    required=("coop_id", "coop_name", "registrar"),
    marks=frozenset({"coop_id", "registrar"}),
)

BUSINESS_COUNTS = Layout(
    source="business_counts",
    fields={
        "date": ("date name", "date"),
        "geography_name": ("geography name",),
        "lad_code": ("geography code",),
        "industry": ("industry name",),
        "size_band": ("employment sizeband name",),
        "legal_status": ("legal status name",),
        "count": ("obs value",),
    },
    required=("lad_code", "industry", "count"),
    marks=frozenset({"industry", "size_band"}),
)

PIPELINE = Layout(
    source="pipeline",
    fields={
        "pipeline_reference": ("reference", "pipeline reference", "project reference", "ref"),
        "title": ("title", "procurement title", "project", "contract title", "description of procurement"),
        "description": ("description", "summary", "scope"),
        "department": ("department", "directorate", "service", "service area"),
        "kind": ("kind", "goods, services or works", "category type", "contract type", "type"),
        "cpv_code": ("cpv code", "cpv"),
        "category": ("category", "proclass description", "procurement category"),
        "value": (
            "estimated total value", "estimated value", "total contract value", "estimated contract value",
            "indicative value", "value",
        ),
        "value_basis": ("value basis", "vat", "inc or ex vat"),
        "tender_date": (
            "expected tender date", "procurement start date", "estimated procurement start",
            "anticipated tender date", "tender date", "advert date", "estimated date of tender",
        ),
        "start_date": (
            "expected contract start", "estimated contract start date", "contract start date",
            "expected start date", "anticipated start date",
        ),
        "end_date": ("expected contract end", "estimated contract end date", "contract end date"),
        "is_light_touch": ("light touch", "light touch regime"),
        "is_committed": ("committed", "already committed", "framework call-off"),
        "contract_reference": ("current contract reference", "replaces contract", "existing contract reference"),
        "contact": ("how to register", "contact", "where it will be advertised"),
    },
    required=("title", "tender_date"),
    marks=frozenset({"tender_date"}),
)  # fmt: skip

REVIEW = Layout(
    source="review",
    fields={
        "supplier_key": ("supplier key",),
        "supplier_name": ("supplier name",),
        "decision": ("decision",),
        "company_number": ("company number",),
        "charity_number": ("charity number",),
        "mutual_number": ("mutual number",),
        "decided_by": ("decided by (role)", "decided by"),
        "decided_on": ("decided on",),
        "note": ("note", "reason"),
    },
    required=("supplier_key", "decision"),
    marks=frozenset({"supplier_key", "decision"}),
)

CROSSWALK = Layout(
    source="crosswalk",
    fields={
        "cpv_prefix": ("cpv prefix", "cpv"),
        "category": ("category",),
        "sic_codes": ("sic codes", "sic divisions", "sic prefixes"),
        "confidence": ("confidence",),
        "note": ("note",),
    },
    required=(("cpv_prefix", "category"), "sic_codes"),
    marks=frozenset({"sic_codes"}),
)

ALL = (COMPANIES, MUTUALS, CHARITIES, COOPS, BUSINESS_COUNTS, PIPELINE, REVIEW, CROSSWALK)
