"""Comparisons of the council's own services with others': cost or quality, like for like or not.

One row per comparison. Columns: `service`, `measure`, `unit`, `ours`, `theirs`, `group_name` (of a body or a group, never of a
person), `year` (calendar year in which its financial year begins), `is_like_for_like`, `told_by` (who published it), and the source
columns. Refused: no service or measure, a number that cannot be read, no year, like for like not stated. A file with a column of
persons is refused whole.
"""

from __future__ import annotations

import pandas as pd
import pyarrow as pa

from cwb.base.values import parse_number
from cwb.sources.constraints import given, within
from cwb.sources.fields import FINANCIAL_YEAR, FLAG, TEXT, Field, Kind, missing
from cwb.sources.tables import TableSource

# A number as people write it, with or without its pound sign: the unit has a column of its own.
_PLAIN = Kind(pa.float64(), lambda text: parse_number((text or "").strip().removeprefix("£").strip()))


def _with_year(kept: pd.DataFrame, _: pd.DataFrame) -> pd.DataFrame:
    return kept.assign(year=[int(text[:4]) for text in kept["of_year"]])


SOURCE = TableSource(
    name="benchmarks",
    absent="no comparison of services with others' was supplied",
    has_form=True,
    roles_only=True,
    fields={
        "service": Field(("service",), TEXT),
        "measure": Field(("measure",), TEXT),
        "unit": Field(("unit",), TEXT),
        "ours": Field(("ours",), _PLAIN),
        "theirs": Field(("theirs",), _PLAIN),
        "group_name": Field(("their name or group", "compared with"), TEXT),
        "of_year": Field(("year", "financial year"), FINANCIAL_YEAR, stored=None),
        "is_like_for_like": Field(("like for like",), FLAG),
        "told_by": Field(("source",), TEXT),
    },
    required=("service", "measure", "ours", "theirs", "of_year", "is_like_for_like"),
    marks=frozenset({"ours", "theirs", "is_like_for_like"}),
    key=("service", "measure", "group_name", "year"),
    rules=(
        missing("service", "no service", "Name the service that is compared.", "measure"),
        missing("measure", "no measure", "Say what is compared.", "service"),
        missing("ours", "our number cannot be read", "Give a plain number; its unit has a column.", "ours"),
        missing("theirs", "their number cannot be read", "Give a plain number; its unit has a column.", "theirs"),
        missing("of_year", "not a year", "Write it as 2026-27, or as the year in which it begins.", "of_year"),
        missing("is_like_for_like", "whether it is like for like is not stated", "Write yes or no.", "service"),
    ),
    checks=(*given("service", "measure", "ours", "theirs", "year"), within("year", "2000", "2099")),
    added={"year": pa.int32()},
    last=_with_year,
)
