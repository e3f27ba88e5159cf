"""Savings and income by project and financial year, as the form of savings asks for them.

One row per project and financial year. Columns: `saving_reference`, `title`, `kind`, `is_cash` (cash is released), `baseline_gbp`,
`baseline_kind`, `new_gbp`, `cost_to_achieve_gbp`, `financial_year` (calendar year in which it begins), `is_realised`,
`signed_role`, `signed_date`, `contract_reference`, and the source columns. Refused: no reference or title, an unknown kind,
whether cash is released or the saving is realised not stated, no baseline or one of unknown kind, no new cost, no year.
A file with a column of persons is refused whole.
"""

from __future__ import annotations

import pandas as pd
import pyarrow as pa

from cwb.sources.constraints import given, one_of
from cwb.sources.fields import (
    DAY,
    FINANCIAL_YEAR,
    FLAG,
    POUNDS,
    TEXT,
    Field,
    choice,
    missing,
    not_listed,
)
from cwb.sources.tables import TableSource

KINDS = ("price", "volume", "specification", "insourcing", "income", "avoided", "one-off")
BASELINES = ("last price paid", "indexed last price", "budget", "quote", "mean bid")


def _with_year(kept: pd.DataFrame, _: pd.DataFrame) -> pd.DataFrame:
    return kept.assign(financial_year=[int(text[:4]) for text in kept["year"]])


SOURCE = TableSource(
    name="savings",
    absent="no list of savings was supplied",
    has_form=True,
    roles_only=True,
    fields={
        "saving_reference": Field(("reference", "saving reference")),
        "title": Field(("title", "saving"), TEXT),
        "kind": Field(("kind",), choice(*KINDS)),
        "is_cash": Field(("cash released",), FLAG),
        "baseline": Field(("baseline cost",), POUNDS, stored="baseline_gbp"),
        "baseline_kind": Field(("baseline is",), choice(*BASELINES)),
        "new": Field(("new cost",), POUNDS, stored="new_gbp"),
        "cost_to_achieve": Field(("cost to achieve",), POUNDS, stored="cost_to_achieve_gbp"),
        "year": Field(("financial year",), FINANCIAL_YEAR, stored=None),
        "is_realised": Field(("realised",), FLAG),
        "signed_role": Field(("signed off by finance (role)", "signed off by (role)"), TEXT),
        "signed": Field(("signed off on",), DAY, stored="signed_date"),
        "contract_reference": Field(("contract reference",)),
    },
    required=(
        "saving_reference",
        "title",
        "kind",
        "is_cash",
        "baseline",
        "baseline_kind",
        "new",
        "year",
        "is_realised",
    ),
    marks=frozenset({"baseline_kind", "cost_to_achieve", "is_cash"}),
    key=("saving_reference", "title", "kind", "financial_year"),
    rules=(
        missing("saving_reference", "no reference", "Give the saving a reference.", "title"),
        missing("title", "no title", "Say what is saved.", "saving_reference"),
        not_listed("kind", "the kind", KINDS),
        missing("is_cash", "whether cash is released is not stated", "Write yes or no.", "title"),
        missing("baseline", "a saving without a baseline", "Give the cost that it is compared with.", "title"),
        not_listed("baseline_kind", "what the baseline is", BASELINES),
        missing("new", "no new cost", "Give the cost now.", "title"),
        missing("year", "not a financial year", "Write it as 2026-27.", "year"),
        missing("is_realised", "whether it is realised is not stated", "Write yes or no.", "title"),
    ),
    checks=(
        *given(
            "saving_reference",
            "title",
            "kind",
            "is_cash",
            "baseline_gbp",
            "new_gbp",
            "financial_year",
            "is_realised",
        ),
        one_of("kind", *KINDS),
        one_of("baseline_kind", *BASELINES),
    ),
    added={"financial_year": pa.int32()},
    last=_with_year,
)
