"""Charity Commission for England and Wales, full register extract, table `charity` (JSON, or tab-separated text).

One row per charity; linked charities (subsidiaries) are passed over. Columns: `charity_number`, `charity_name`,
`postcode`, `company_number` (of a charity that is also a company), `status` ("Registered", "Removed"),
`registration_date`, `removal_date`, `income_gbp` (latest), `is_cio`, `activities`, `extract_date`, and the source columns. Telephone
numbers and e-mail addresses are never read. Source: formats.md 4.2.
"""

from __future__ import annotations

from cwb.sources.constraints import given, matches
from cwb.sources.register import RegisterRule
from cwb.sources.register_sql import day, number, postcode, pounds, text
from cwb.sources.registers import RegisterSource

SOURCE = RegisterSource(
    name="charities",
    absent="no charity register was supplied",
    by_folder=True,
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
        "extract_date": ("date of extract",),
    },
    required=("charity_number", "charity_name", "status"),
    marks=frozenset({"charity_name", "linked_number"}),
    key="charity_number",
    registered="registration_date",
    extracted="extract_date",
    columns={
        "charity_number": "nullif(regexp_extract($charity_number, '[0-9]{5,7}'), '')",
        "charity_name": text("$charity_name"),
        "postcode": postcode("$postcode"),
        "company_number": number("$company_number"),
        "status": text("$status"),
        "registration_date": day("$registration_date"),
        "removal_date": day("$removal_date"),
        "income_gbp": pounds("$income"),
        "is_cio": "lower($is_cio) IN ('true', '1', 't', 'yes')",
        "activities": text("left($activities, 300)"),
        "extract_date": day("$extract_date"),
    },
    rules=(
        RegisterRule("charity_number IS NULL", "no charity number", "Fetch the file again.", "charity_name"),
        RegisterRule("charity_name IS NULL", "no charity name", "Fetch the file again.", "charity_number"),
    ),
    checks=(*given("charity_number", "charity_name"), matches("charity_number", "[0-9]{5,7}")),
    # A linked charity is part of another one, under the other's number.
    passed_over="coalesce(try_cast($linked_number AS INTEGER), 0) <> 0",
)
