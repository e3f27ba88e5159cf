"""The council's own vendor list: who a supplier id is, and where.

One row per supplier id. Columns: `supplier_id`, `supplier_name`, `postcode` (paying address), `country` (as stated), `company_number`,
`charity_number`, `is_sme`, `is_vcse` (True, False or None for not stated), `size`, and the source columns. Refused: rows
without id or name, and later rows with an id already given.
"""

from __future__ import annotations

from cwb.base.values import company_number
from cwb.sources.constraints import COMPANY_NUMBER, matches, unique
from cwb.sources.fields import FLAG, POSTCODE, TEXT, Field, coded, given_twice, word
from cwb.sources.tables import TableSource

SOURCE = TableSource(
    name="vendors",
    absent="no vendor list was supplied",
    fields={
        "supplier_id": Field((
            "supplier id", "supplier number", "supplier no", "vendor id", "vendor number", "vendor no",
            "creditor number",
        )).needed("no supplier id", "Add the id that the ledger uses for this supplier."),
        "supplier_name": Field((
            "supplier name", "vendor name", "supplier", "vendor", "name", "creditor name",
        ), TEXT).needed("no supplier name", "Add the supplier's name."),
        "postcode": Field((
            "postcode", "post code", "supplier postcode", "paying address postcode", "address postcode",
            "remittance postcode",
        ), POSTCODE),
        "country": Field(("country", "supplier country", "address country", "country name"), TEXT),
        "company_number": Field((
            "company number", "companies house number", "company registration number",
        ), coded(company_number)),
        "charity_number": Field(("charity number", "registered charity number")),
        "is_sme": Field(("sme", "sme supplier", "is sme"), FLAG),
        "is_vcse": Field(("vcse", "vcse supplier", "is vcse", "vcse / social enterprise"), FLAG),
        "size": Field((
            "business size", "size", "size band",
        ), word(micro="micro", small="small", medium="medium", large="large")),
    },
    marks=frozenset({"postcode", "size"}),
    key=("supplier_id",),
    rules=(given_twice(("supplier_id",), "supplier id given twice", "Keep one row per supplier id."),),
    checks=(unique("supplier_id"), matches("company_number", COMPANY_NUMBER)),
)  # fmt: skip
