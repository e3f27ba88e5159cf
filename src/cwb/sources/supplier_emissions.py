"""What suppliers report of the emissions of a contract or of themselves, for one financial year.

One row per report. Columns: `contract_reference`, `supplier_name`, `company_number`, `period` (financial year), `method`
("supplier-specific", "hybrid", "average-data"), `kgco2e` (of what the council bought; for a hybrid report made later from
the supplier's total, turnover and the council's spend), `supplier_kgco2e`, `turnover_gbp`, `is_assured`, `is_baseline`,
`planned_share` (reduction planned by 2030, 0 to 1), `has_upstream` (whether the supplier's total covers scope 3, so that
what it bought is in it; None where not stated), `ghg_category`, `evidence`, and the source columns. A quantity with a
factor gives the emissions of an average-data row.
"""

from __future__ import annotations

from pathlib import Path

import duckdb
import pandas as pd

from cwb.base.values import clean_text, company_number, parse_flag, parse_number
from cwb.sources import schemas
from cwb.sources.frames import Sieve, parse, text_frame
from cwb.sources.initiatives import financial_year
from cwb.sources.report import FileReport
from cwb.sources.strategy_layouts import SUPPLIER_EMISSIONS

METHODS = ("supplier-specific", "hybrid", "average-data")
_WORDS = {
    "supplier": "supplier-specific",
    "specific": "supplier-specific",
    "hybrid": "hybrid",
    "average": "average-data",
}


def _has_upstream(text: str | None) -> bool | None:
    """Whether the scopes covered name scope 3: "1, 2 and 3", "1-3"; None where they are not stated."""
    return "3" in text if text else None


def share(text: str | None) -> float | None:
    """ "30%", "30" or "0.3" as 0.3; None for anything else."""
    found = parse_number((text or "").strip().rstrip("%"))
    if found is None:
        return None
    return found / 100 if "%" in (text or "") or found > 1 else found


def _method(text: str | None) -> str | None:
    return next((method for word, method in _WORDS.items() if word in (text or "").lower()), None)


def read_supplier_emissions(
    con: duckdb.DuckDBPyConnection, path: Path, scratch: Path, label: str | None = None
) -> tuple[pd.DataFrame, FileReport]:
    """Read one file of reports. Refused: neither contract nor supplier, an unknown year or method, no figure, a figure
    below nought, a hybrid report without turnover."""
    frame, report = text_frame(con, path, SUPPLIER_EMISSIONS, scratch, label)
    stated_year, stated_method = frame["year"].copy(), frame["method"].copy()
    frame["period"], frame["method"] = parse(frame, "year", financial_year), parse(frame, "method", _method)
    numbers = {
        c: parse(frame, c, parse_number)
        for c in ("kgco2e", "tco2e", "supplier_tco2e", "turnover", "quantity", "factor")
    }
    kg = numbers["kgco2e"].combine_first(numbers["tco2e"].map(lambda t: None if t is None else t * 1000))
    made = [q * f if q is not None and f is not None else None for q, f in
            zip(numbers["quantity"], numbers["factor"], strict=True)]  # fmt: skip
    kg = kg.combine_first(pd.Series(made, index=frame.index, dtype=object))
    total = numbers["supplier_tco2e"].map(lambda t: None if t is None else t * 1000)
    is_hybrid = frame["method"] == "hybrid"
    sieve = Sieve(frame.assign(stated_year=stated_year, stated_method=stated_method), report)
    nobody = frame["contract_reference"].isna() & frame["supplier_name"].isna()
    sieve.refuse(nobody, "neither contract nor supplier", "Name the contract or the supplier.", "stated_year")
    sieve.refuse(frame["period"].isna(), "not a financial year", "Write it as 2024-25.", "stated_year")
    sieve.refuse(
        frame["method"].isna(), "the method is not known", f"Write {', '.join(METHODS)}.", "stated_method"
    )
    nothing = kg.isna() & ~(is_hybrid & total.notna())
    sieve.refuse(nothing, "no emissions are stated", "Give kgCO2e, or a quantity and its factor.", "stated_method")
    lone = is_hybrid & kg.isna() & ~numbers["turnover"].map(lambda t: t is not None and t > 0).astype(bool)
    sieve.refuse(
        lone, "a total without the supplier's turnover", "Give the turnover of the same year.", "turnover"
    )
    negative = pd.Series([v is not None and v < 0 for v in kg], index=frame.index)
    sieve.refuse(negative, "emissions below nought", "Offsets and avoided emissions are not emissions.", "kgco2e")
    planned = parse(frame, "planned_share", share)
    beyond = pd.Series([v is not None and not 0 <= v <= 1 for v in planned], index=frame.index)
    sieve.refuse(
        beyond, "a planned reduction above 100%", "Write it as a part of the baseline: 50%.", "planned_share"
    )
    frame_of = {"kgco2e": kg, "supplier_kgco2e": total, "turnover_gbp": numbers["turnover"]}
    sieve.frame = sieve.frame.assign(**frame_of)
    kept = sieve.kept()
    kept["planned_share"] = parse(kept, "planned_share", share)
    for column in ("kgco2e", "supplier_kgco2e", "turnover_gbp", "planned_share"):
        kept[column] = kept[column].astype("float64")
    kept["company_number"] = parse(kept, "company_number", company_number)
    for column in ("supplier_name", "ghg_category", "evidence", "contract_reference"):
        kept[column] = parse(kept, column, clean_text)
    for column in ("is_assured", "is_baseline"):
        kept[column] = parse(kept, column, parse_flag)
    kept["has_upstream"] = parse(kept, "scopes", _has_upstream)
    spare = [
        "scopes",
        "year",
        "tco2e",
        "supplier_tco2e",
        "turnover",
        "quantity",
        "unit",
        "factor",
        "stated_year",
        "stated_method",
    ]
    return schemas.validate(kept.drop(columns=spare), schemas.SUPPLIER_EMISSIONS), report
