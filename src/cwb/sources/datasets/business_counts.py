"""ONS UK business counts (Nomis): how many enterprises or local units a district has, by industry and size.

One row per district, industry section and size band. Columns: `counted_on` (the publisher's date name), `lad_code`,
`section` (SIC 2007 section, "A" to "U"), `section_name`, `size_band` ("Total", "Micro (0 to 9)", …), `units` (rounded
to 5 by the publisher: 0 may be 1 or 2), and the source columns. VAT- or PAYE-registered units only.
Source: formats.md 11.2.
"""

from __future__ import annotations

from cwb.sources.constraints import at_least, given, matches
from cwb.sources.register import RegisterRule
from cwb.sources.register_sql import text
from cwb.sources.registers import RegisterSource

SOURCE = RegisterSource(
    name="business_counts",
    absent="no business counts were supplied",
    by_folder=True,
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
    key="counted_on, lad_code, section, size_band",
    columns={
        "counted_on": text("$date"),
        "lad_code": "nullif(regexp_extract($lad_code, '[EWSN][0-9]{8}'), '')",
        "section": "nullif(regexp_extract($industry, '^([A-U]) *:', 1), '')",
        "section_name": "trim(regexp_replace($industry, '^[A-U] *:', ''))",
        "size_band": "coalesce(nullif(trim(regexp_extract($size_band, '^[A-Za-z]+')), ''), 'Total')",
        "units": "CASE WHEN regexp_full_match($count, ' *-?[0-9]{1,9} *') THEN try_cast($count AS INTEGER) END",
    },
    rules=(
        RegisterRule(
            "lad_code IS NULL", "not a district's code", "Ask Nomis for geographies by code.", "lad_code"
        ),
        RegisterRule("units IS NULL", "not a count", "Fetch the file again.", "count"),
        RegisterRule("units < 0", "a count below nought", "Fetch the file again.", "count"),
    ),
    checks=(
        *given("lad_code", "section", "units"),
        matches("lad_code", "[ENSW][0-9]{8}"),
        matches("section", "[A-U]"),
        at_least("units", 0),
    ),
    # Totals over all industries, and legal statuses one by one, would count units twice.
    passed_over="NOT regexp_matches(coalesce($industry, ''), '^[A-U] *:') "
    "OR NOT (coalesce($legal_status, 'Total') ILIKE 'total%')",
)
