"""Companies House "Free company data product": every live company of the United Kingdom, 55 columns, about 5.7m rows.

One row per company. Columns: `company_number`, `company_name`, `town`, `postcode` (registered office, often an
accountant's), `country` (of that office, as published), `category` (legal form, as published), `status`, `incorporation_date`, `dissolution_date`,
`accounts_category`, `sic_codes` (up to four five-digit codes, blank-separated), `previous_names` (a list), and the
source columns. Live companies only, as published: keep older files, and companies dissolved since stay known.
Source: formats.md 3.1 to 3.5.
"""

from __future__ import annotations

from cwb.sources.constraints import COMPANY_NUMBER, given, matches
from cwb.sources.register import RegisterRule
from cwb.sources.register_sql import day, number, postcode, sic, text
from cwb.sources.registers import RegisterSource

_SIC = ", ".join(sic(f"$sic_{n}") for n in range(1, 5))
_PREVIOUS = ", ".join(f"$previous_{n}" for n in range(1, 11))

SOURCE = RegisterSource(
    name="companies",
    absent="no Companies House file was supplied",
    by_folder=True,
    fields={
        "company_name": ("companyname",),
        "company_number": ("companynumber",),
        "town": ("regaddress.posttown",),
        "postcode": ("regaddress.postcode",),
        "country": ("regaddress.country",),
        "category": ("companycategory",),
        "status": ("companystatus",),
        "dissolution_date": ("dissolutiondate",),
        "incorporation_date": ("incorporationdate",),
        "accounts_category": ("accounts.accountcategory",),
        **{f"sic_{n}": (f"siccode.sictext {n}",) for n in range(1, 5)},
        **{f"previous_{n}": (f"previousname {n}.companyname",) for n in range(1, 11)},
    },
    required=("company_name", "company_number", "postcode"),
    marks=frozenset({"category", "status"}),
    key="company_number",
    registered="incorporation_date",
    columns={
        "company_number": number("$company_number"),
        "company_name": text("$company_name"),
        "town": text("$town"),
        "postcode": postcode("$postcode"),
        "country": text("$country"),
        "category": "$category",
        "status": "$status",
        "incorporation_date": day("$incorporation_date"),
        "dissolution_date": day("$dissolution_date"),
        "accounts_category": "$accounts_category",
        "sic_codes": f"nullif(concat_ws(' ', {_SIC}), '')",
        "previous_names": f"list_filter([{_PREVIOUS}], lambda x: x IS NOT NULL)",
    },
    rules=(
        RegisterRule("company_number IS NULL", "no company number", "Fetch the file again.", "company_name"),
        RegisterRule("company_name IS NULL", "no company name", "Fetch the file again.", "company_number"),
    ),
    checks=(*given("company_number", "company_name"), matches("company_number", COMPANY_NUMBER)),
)
