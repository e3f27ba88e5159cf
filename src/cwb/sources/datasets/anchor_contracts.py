"""Contracts registers of other anchors, each in a folder of the body's name, with columns as in contracts.

Two bodies may hold the same contract: whose folder a row is from is part of what it is.
"""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from cwb.sources.datasets import contracts
from cwb.sources.fields import RAW, computed


def _with_folder(rows: pd.DataFrame, _: pd.DataFrame) -> pd.DataFrame:
    parts = rows["source_file"].str.split("/")
    return rows.assign(folder=[one[1] if len(one) > 2 else "" for one in parts])


SOURCE = replace(
    contracts.SOURCE,
    name="anchor_contracts",
    title="",
    absent="no contracts register of another anchor was supplied",
    by_folder=True,
    may_lack_a_file=True,
    key=("folder", *contracts.SOURCE.key),
    fields={**contracts.SOURCE.fields, "folder": computed(RAW)},
    last=_with_folder,
)
