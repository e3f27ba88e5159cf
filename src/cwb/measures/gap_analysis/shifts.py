"""What leaves in a category as one purchase."""

from __future__ import annotations

from typing import Any

import pandas as pd

from cwb.dataset import Dataset

_CODES_FROM = 0.1


def as_line(data: Dataset, away: pd.DataFrame) -> dict[str, Any]:
    """What leaves in a category as one purchase: the industries of every code that makes a tenth of it or more."""
    keys = (
        away[["cpv_code", "proclass_code", "category"]]
        .astype("str")
        .where(away[["cpv_code", "proclass_code", "category"]].notna(), "")
    )
    pounds = away["amount_gbp"].groupby([keys[c] for c in keys.columns]).sum()
    total = pounds.sum()
    codes: dict[str, None] = {}
    for (cpv, proclass, category), spent in pounds.items():
        if total > 0 and spent / total >= _CODES_FROM:
            codes |= dict.fromkeys(data.bridge.find(cpv or None, proclass or None, category or None).codes)
    return {"sic_codes": tuple(codes), "seller_codes": (), "annual_gbp": None, "cpv_code": None, "category": None}
