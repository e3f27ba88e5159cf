"""Schemas of validated tables: what must hold in data/processed, checked lazily so that all faults show at once.

A failure here is not the user's mistake but ours: readers refuse bad rows before this. The check guards the
contract between `sources` and everything after it.
"""

from __future__ import annotations

from datetime import date

import duckdb
import pandas as pd
import pandera.errors
import pandera.pandas as pa
import pyarrow as arrow

from cwb.base.errors import Fault, SourceError

_DAY_ONE, _DAY_LAST = date(1990, 1, 1), date(2100, 12, 31)
COMPANY_NUMBER = r"^(?:\d{8}|[A-Z]{2}\d{6}|[A-Z]{2}\d{5}[A-Z]|R0\d{6}|[A-Z]{2}\d{4,6}[A-Z]?)$"


def _between(low: object, high: object) -> pa.Check:
    return pa.Check.in_range(low, high)


SPEND = pa.DataFrameSchema(
    {
        "source_row": pa.Column(checks=pa.Check.ge(1), nullable=False),
        "payment_date": pa.Column(checks=_between(_DAY_ONE, _DAY_LAST), nullable=False),
        "amount_gbp": pa.Column(nullable=False),
        "vat_basis": pa.Column(checks=pa.Check.isin(["net", "gross", "not stated"]), nullable=False),
        "is_redacted": pa.Column(nullable=False),
    },
    name="spend",
)

VENDORS = pa.DataFrameSchema(
    {
        "supplier_id": pa.Column(str, nullable=False, unique=True),
        "supplier_name": pa.Column(str, nullable=False),
        "postcode": pa.Column(str, nullable=True),
        "company_number": pa.Column(str, checks=pa.Check.str_matches(COMPANY_NUMBER), nullable=True),
    },
    name="vendors",
)

CONTRACTS = pa.DataFrameSchema(
    {
        "title": pa.Column(str, nullable=False),
        "supplier_name": pa.Column(str, nullable=False),
        "start_date": pa.Column(checks=_between(_DAY_ONE, _DAY_LAST), nullable=False),
        "value_gbp": pa.Column(float, checks=pa.Check.ge(0), nullable=True),
    },
    name="contracts",
)

AWARDS = pa.DataFrameSchema(
    {
        "award_key": pa.Column(str, nullable=False),
        "supplier_name": pa.Column(str, nullable=False),
        "buyer_name": pa.Column(str, nullable=False),
        "award_date": pa.Column(checks=_between(_DAY_ONE, _DAY_LAST), nullable=False),
        "value_gbp": pa.Column(float, checks=pa.Check.ge(0), nullable=True),
        "supplier_count": pa.Column(int, checks=pa.Check.ge(1), nullable=False),
    },
    unique=["award_key", "supplier_name"],
    name="awards",
)

ONE_OFFS = pa.DataFrameSchema(
    {
        "project": pa.Column(str, nullable=False),
        "kind": pa.Column(str, checks=pa.Check.isin(["capital", "one-off"]), nullable=False),
        "reason": pa.Column(str, nullable=False),
        "approving_role": pa.Column(str, nullable=False),
        "match_on": pa.Column(
            str,
            checks=pa.Check.isin(["contract_reference", "transaction_number", "supplier_id"]),
            nullable=False,
        ),
        "match_value": pa.Column(str, nullable=False),
        "expected_gbp": pa.Column(float, nullable=False),
    },
    name="one_offs",
)

COMPANIES = pa.DataFrameSchema(
    {
        "company_number": pa.Column(checks=pa.Check.str_matches(COMPANY_NUMBER), nullable=False),
        "company_name": pa.Column(nullable=False),
    },
    name="companies",
)

MUTUALS = pa.DataFrameSchema(
    {
        "mutual_number": pa.Column(checks=pa.Check.str_matches(r"^[A-Z]{0,2}[0-9]+[A-Z]*$"), nullable=False),
        "society_name": pa.Column(nullable=False),
    },
    name="mutuals",
)

CHARITIES = pa.DataFrameSchema(
    {
        "charity_number": pa.Column(checks=pa.Check.str_matches(r"^[0-9]{5,7}$"), nullable=False),
        "charity_name": pa.Column(nullable=False),
    },
    name="charities",
)

COOPS = pa.DataFrameSchema(
    {"coop_id": pa.Column(nullable=False), "coop_name": pa.Column(nullable=False)}, name="coops"
)

BUSINESS_COUNTS = pa.DataFrameSchema(
    {
        "lad_code": pa.Column(checks=pa.Check.str_matches(r"^[ENSW]\d{8}$"), nullable=False),
        "section": pa.Column(checks=pa.Check.str_matches(r"^[A-U]$"), nullable=False),
        "units": pa.Column(checks=pa.Check.ge(0), nullable=False),
    },
    name="business_counts",
)

PIPELINE = pa.DataFrameSchema(
    {
        "title": pa.Column(str, nullable=False),
        "tender_date": pa.Column(checks=_between(_DAY_ONE, _DAY_LAST), nullable=False),
        "value_gbp": pa.Column(float, checks=pa.Check.ge(0), nullable=True),
    },
    name="pipeline",
)

REVIEW = pa.DataFrameSchema(
    {
        "supplier_key": pa.Column(str, nullable=False, unique=True),
        "decision": pa.Column(str, checks=pa.Check.isin(["match", "no match"]), nullable=False),
    },
    name="review",
)

CROSSWALK = pa.DataFrameSchema(
    {
        "cpv_prefix": pa.Column(str, checks=pa.Check.str_matches(r"^\d{2,8}$"), nullable=True),
        "sic_codes": pa.Column(str, nullable=False),
        "confidence": pa.Column(str, checks=pa.Check.isin(["high", "medium", "low"]), nullable=False),
    },
    name="crosswalk",
)

INITIATIVES = pa.DataFrameSchema(
    {"period": pa.Column(str, nullable=False), "title": pa.Column(str, nullable=False)}, name="initiatives"
)

SUPPLIER_EMISSIONS = pa.DataFrameSchema(
    {
        "period": pa.Column(str, nullable=False),
        "method": pa.Column(
            str, checks=pa.Check.isin(["supplier-specific", "hybrid", "average-data"]), nullable=False
        ),
        "kgco2e": pa.Column(float, checks=pa.Check.ge(0), nullable=True),
        "planned_share": pa.Column(float, checks=_between(0, 1), nullable=True),
    },
    name="supplier_emissions",
)

CARBON_PLANS = pa.DataFrameSchema(
    {
        "supplier_name": pa.Column(str, nullable=False),
        "commitment_year": pa.Column(float, checks=_between(1990, 2100), nullable=True),
    },
    name="carbon_plans",
)

CHECKLISTS = pa.DataFrameSchema({"reference": pa.Column(str, nullable=False, unique=True)}, name="checklists")

FACTORS = pa.DataFrameSchema(
    {
        "release": pa.Column(str, nullable=False),
        "code": pa.Column(str, nullable=False),
        "year": pa.Column(int, checks=_between(1990, 2100), nullable=False),
        "kgco2e_per_gbp": pa.Column(float, checks=_between(0, 1000), nullable=False),
    },
    unique=["release", "code", "year"],
    name="factors",
)

DEFLATORS = pa.DataFrameSchema(
    {
        "kind": pa.Column(str, checks=pa.Check.isin(["financial", "calendar"]), nullable=False),
        "year": pa.Column(str, nullable=False),
        "index_value": pa.Column(float, checks=pa.Check.gt(0), nullable=False),
        "is_forecast": pa.Column(object, checks=pa.Check.isin([True, False]), nullable=True),
    },
    name="deflators",
)

POSTCODES = pa.DataFrameSchema(
    {
        "postcode": pa.Column(nullable=False),
        "lad_code": pa.Column(checks=pa.Check.str_matches(r"^[ENSW]\d{8}$"), nullable=False),
    },
    name="postcodes",
)


def validate(frame: pd.DataFrame, schema: pa.DataFrameSchema) -> pd.DataFrame:
    """Return the frame, or raise `SourceError` with every broken rule: column, row, value."""
    if frame.empty:
        # Columns of no row have no type that could be checked.
        return frame
    try:
        return schema.validate(frame, lazy=True)
    except pandera.errors.SchemaErrors as error:
        cases = error.failure_cases
        raise SourceError(
            [
                Fault(
                    rule=f"{schema.name}: {case.check}",
                    column=str(case.column),
                    row=int(case.index) if isinstance(case.index, int) else None,
                    value=str(case.failure_case),
                    remedy="Please report this: the reader should have refused the row.",
                )
                for case in cases.head(50).itertuples()
            ]
        ) from None


def validate_stream(
    con: duckdb.DuckDBPyConnection, relation: str, schema: pa.DataFrameSchema, rows: int = 500_000
) -> None:
    """Validate the kept rows of a relation chunk by chunk, so that memory does not grow with the file."""
    wanted = ", ".join(schema.columns)
    reader = con.sql(f"SELECT {wanted} FROM {relation} WHERE reason IS NULL").to_arrow_reader(rows)
    for batch in reader:
        frame = arrow.Table.from_batches([batch]).to_pandas(types_mapper=pd.ArrowDtype)
        validate(frame, schema)
