"""What suppliers report of the emissions of a contract or of themselves, for one financial year.

One row per report. Columns: `contract_reference`, `supplier_name`, `company_number`, `financial_year`, `method`
("supplier-specific", "hybrid", "average-data"), `kgco2e` (of what the council bought; for a hybrid report computed later from
the supplier's total, turnover and the council's spend), `supplier_kgco2e`, `turnover_gbp`, `is_assured`, `is_baseline`,
`planned_share` (reduction planned by 2030, 0 to 1), `has_upstream` (whether the supplier's total covers scope 3, so that
what it bought is in it; None where not stated), `ghg_category`, `evidence`, and the source columns. A quantity with a
factor gives the emissions of an average-data row. Refused: neither contract nor supplier, an unknown year or method, no
figure, a figure below nought, a hybrid report without turnover.
"""

from __future__ import annotations

import pandas as pd
import pyarrow as pa

from cwb.base.values import company_number
from cwb.sources.constraints import at_least, within
from cwb.sources.fields import (
    FLAG,
    NUMBER,
    POUNDS,
    SHARE,
    TEXT,
    Field,
    Kind,
    Rule,
    coded,
    computed,
    start_year,
    word,
)
from cwb.sources.tables import TableSource
from cwb.sources.unread import is_unread

METHODS = ("supplier-specific", "hybrid", "average-data")
_METHOD = word(supplier=METHODS[0], specific=METHODS[0], hybrid=METHODS[1], average=METHODS[2])
# Whether the scopes covered name scope 3: "1, 2 and 3", "1-3"; None where they are not stated.
_UPSTREAM = Kind(pa.bool_(), lambda text: "3" in text if text else None)


def _numbers(values: pd.DataFrame, name: str) -> pd.Series:
    return values[name].astype("float64")


def _kgco2e(values: pd.DataFrame) -> pd.Series:
    """Emissions of what the council bought: as reported in kilograms or tonnes, else the quantity times its factor."""
    reported = _numbers(values, "kgco2e").combine_first(_numbers(values, "tco2e") * 1000)
    return reported.combine_first(_numbers(values, "quantity") * _numbers(values, "factor"))


def _no_figure(_: pd.DataFrame, values: pd.DataFrame) -> pd.Series:
    is_total = (values["method"] == "hybrid") & values["supplier_tco2e"].notna()
    return values["method"].notna() & _kgco2e(values).isna() & ~is_total


def _unread(name: str) -> Rule:
    """The figure is stated, and nothing that can be read in its place."""
    return Rule(
        lambda texts, values: _no_figure(texts, values) & is_unread(texts, values, name),
        "the emissions, or what they are computed from, cannot be read",
        "Write a number as 172.99.",
        name,
    )


def _is_total_alone(texts: pd.DataFrame, values: pd.DataFrame) -> pd.Series:
    """A supplier's total says nothing of the contract until it is shared out, which is the method "hybrid"."""
    return _no_figure(texts, values) & values["supplier_tco2e"].notna()


def _no_turnover(_: pd.DataFrame, values: pd.DataFrame) -> pd.Series:
    return (values["method"] == "hybrid") & _kgco2e(values).isna() & ~(_numbers(values, "turnover") > 0)


def _last(rows: pd.DataFrame, _: pd.DataFrame) -> pd.DataFrame:
    return rows.assign(kgco2e=_kgco2e(rows), supplier_kgco2e=_numbers(rows, "supplier_tco2e") * 1000)


SOURCE = TableSource(
    name="supplier_emissions",
    absent="no supplier's report of emissions was supplied",
    has_form=True,
    roles_only=True,
    fields={
        "contract_reference": Field(("contract reference", "contract"), TEXT),
        "supplier_name": Field(("supplier name", "supplier"), TEXT),
        "company_number": Field(("company number",), coded(company_number)),
        "year": start_year("year", "financial year", "reporting year"),
        "method": Field(("method",), _METHOD).needed("the method is not known", f"Write {', '.join(METHODS)}."),
        "kgco2e": Field(("emissions (kgco2e)", "kgco2e", "emissions kgco2e"), NUMBER),
        "tco2e": Field(("emissions (tco2e)", "tco2e", "emissions tco2e"), NUMBER, stored=None),
        "supplier_tco2e": Field(
            ("supplier total emissions (tco2e)", "organisation emissions (tco2e)"), NUMBER, stored=None
        ),
        "turnover": Field(("supplier turnover", "turnover"), POUNDS, stored="turnover_gbp"),
        "quantity": Field(("quantity",), NUMBER, stored=None),
        "unit": Field(("unit",), stored=None),
        "factor": Field(("factor (kgco2e per unit)", "factor"), NUMBER, stored=None),
        "is_assured": Field(("assured", "verified"), FLAG),
        "is_baseline": Field(("baseline", "is baseline"), FLAG),
        "planned_share": Field(("planned reduction by 2030", "planned reduction"), SHARE),
        "scopes": Field(("scopes covered", "scopes"), _UPSTREAM, stored="has_upstream"),
        "ghg_category": Field(("ghg category", "scope and category", "category"), TEXT),
        "evidence": Field(("evidence", "source"), TEXT),
        "supplier_kgco2e": computed(NUMBER),
    },
    # "Emissions" alone may be kilograms or tonnes.
    required=(("contract_reference", "supplier_name"), ("kgco2e", "tco2e", "supplier_tco2e", "quantity")),
    marks=frozenset({"kgco2e", "method", "supplier_tco2e"}),
    key=("contract_reference", "supplier_name", "financial_year"),
    rules=(
        Rule(
            lambda texts, _: texts["contract_reference"].isna() & texts["supplier_name"].isna(),
            "neither contract nor supplier",
            "Name the contract or the supplier.",
            "year",
        ),
        *(_unread(name) for name in ("kgco2e", "tco2e", "supplier_tco2e", "quantity", "factor")),
        Rule(
            _is_total_alone,
            "the supplier's total alone, by a method that needs what the contract emits",
            "Write hybrid as the method, with the supplier's turnover; or give the emissions of the contract.",
            "method",
        ),
        Rule(
            lambda texts, values: _no_figure(texts, values) & values["supplier_tco2e"].isna(),
            "no emissions are stated",
            "Give kgCO2e, or a quantity and its factor.",
            "kgco2e",
        ),
        Rule(
            _no_turnover,
            "a total without the supplier's turnover",
            "Give the turnover of the same year.",
            "turnover",
        ),
        Rule(
            lambda _, values: _kgco2e(values) < 0,
            "emissions below nought",
            "Offsets and avoided emissions are not emissions.",
            "kgco2e",
        ),
        Rule(
            lambda _, values: ~_numbers(values, "planned_share").fillna(0).between(0, 1),
            "a planned reduction above 100%",
            "Write it as a part of the baseline: 50%.",
            "planned_share",
        ),
    ),
    checks=(at_least("kgco2e", 0), within("planned_share", "0", "1")),
    last=_last,
)
