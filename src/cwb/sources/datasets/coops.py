"""Co-operatives UK open data: co-operatives of every legal form, live and dead.

One row per organisation. Columns: `coop_id`, `coop_name`, `trading_name`, `legal_form` ("Society", "Company", …),
`registrar`, `company_number` (where Companies House is the registrar), `mutual_number` (where the FCA is),
`postcode` (whole postcodes only), `sic_codes`, `sector`, `ownership`, `is_live`, `registration_date`,
`dissolution_date`, and the source columns. Source: formats.md 4.4.
"""

from __future__ import annotations

from cwb.sources.constraints import given
from cwb.sources.register import RegisterRule
from cwb.sources.register_sql import day, number, postcode, text
from cwb.sources.registers import RegisterSource

_FCA = "upper($registrar) IN ('FCA', 'FSA', 'FINANCIAL CONDUCT AUTHORITY')"

SOURCE = RegisterSource(
    name="coops",
    absent="no list of co-operatives was supplied",
    by_folder=True,
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
    key="coop_id",
    registered="registration_date",
    columns={
        "coop_id": "$coop_id",
        "coop_name": text("$coop_name"),
        "trading_name": text("$trading_name"),
        "legal_form": text("$legal_form"),
        "registrar": text("$registrar"),
        "company_number": f"CASE WHEN lower($registrar) = 'companies house' THEN {number('$registered_number')} END",
        "mutual_number": f"CASE WHEN {_FCA} THEN cwb_mutual_number($registered_number) END",
        "postcode": postcode("$postcode"),
        # "UKSIC07-4711": groups and classes as published, not always down to five digits.
        "sic_codes": "nullif(regexp_extract($sic, 'UKSIC07-([0-9]{2,5})', 1), '')",
        "sector": text("$sector"),
        "ownership": text("$ownership"),
        "is_live": "lower($status) = 'live'",
        "registration_date": day("$registration_date"),
        "dissolution_date": day("$dissolution_date"),
    },
    rules=(
        RegisterRule("coop_id IS NULL", "no organisation id", "Fetch the file again.", "coop_name"),
        RegisterRule("coop_name IS NULL", "no name", "Fetch the file again.", "coop_id"),
    ),
    checks=given("coop_id", "coop_name"),
)
