"""ONS UK business counts (Nomis): how many enterprises or local units a district has, by industry and size.

One row per district, industry section and size band. Columns: `counted_on` (the publisher's date name), `lad_code`,
`section` (SIC 2007 section, "A" to "U"), `section_name`, `size_band` ("Total", "Micro (0 to 9)", …), `units` (rounded
to 5 by the publisher: 0 may be 1 or 2), and the source columns. VAT- or PAYE-registered units only.
Source: formats.md 11.2.
"""

from __future__ import annotations

from cwb.sources import schemas
from cwb.sources.register_layouts import BUSINESS_COUNTS
from cwb.sources.register_sql import text
from cwb.sources.registers import Register, Rule

REGISTER = Register(
    layout=BUSINESS_COUNTS,
    key="counted_on, lad_code, section, size_band",
    columns={
        "counted_on": text("$date"),
        "lad_code": "nullif(regexp_extract($lad_code, '[EWSN][0-9]{8}'), '')",
        "section": "nullif(regexp_extract($industry, '^([A-U]) *:', 1), '')",
        "section_name": "trim(regexp_replace($industry, '^[A-U] *:', ''))",
        "size_band": "coalesce(nullif(trim(regexp_extract($size_band, '^[A-Za-z]+')), ''), 'Total')",
        "units": "try_cast($count AS INTEGER)",
    },
    rules=(
        Rule("lad_code IS NULL", "not a district's code", "Ask Nomis for geographies by code.", "lad_code"),
        Rule("units IS NULL", "not a count", "Fetch the file again.", "count"),
        Rule("units < 0", "a count below nought", "Fetch the file again.", "count"),
    ),
    schema=schemas.BUSINESS_COUNTS,
    # Totals over all industries, and legal statuses one by one, would count units twice.
    passed_over="NOT regexp_matches(coalesce($industry, ''), '^[A-U] *:') "
    "OR NOT (coalesce($legal_status, 'Total') ILIKE 'total%')",
)
