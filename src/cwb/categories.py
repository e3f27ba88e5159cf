"""What was bought: one classification for a whole table, chosen by how much of the spend it covers.

CPV divisions are preferred, then ProClass level 1, then the council's own category. Schemes are never mixed in
one table: lines without the chosen scheme are "Not categorised".
"""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from cwb.reference import table
from cwb.values import cpv_code

NOT_CATEGORISED = "Not categorised"
_ENOUGH = 0.5


def categorise(lines: pd.DataFrame) -> tuple[pd.Series, str]:
    """Category of each line and the name of the scheme. `lines` needs `cpv_code`, `proclass_code`, `category`,
    `amount_gbp`."""
    options = (
        (_cpv(lines), "CPV divisions"),
        (_proclass(lines), "ProClass level 1"),
        (_own(lines), "the council's own categories"),
    )
    pounds = lines["amount_gbp"].abs()
    total = pounds.sum()
    shares = [pounds[labels.notna()].sum() / total if total else 0.0 for labels, _ in options]
    best = next((i for i, share in enumerate(shares) if share >= _ENOUGH), None)
    if best is None:
        best = max(range(len(options)), key=lambda i: shares[i])
    labels, scheme = options[best]
    return labels.fillna(NOT_CATEGORISED), scheme


def _cpv(lines: pd.DataFrame) -> pd.Series:
    divisions = dict(table("cpv_divisions").itertuples(index=False, name=None))
    return _looked_up(lines["cpv_code"], lambda text: divisions.get((cpv_code(text) or "")[:2]))


def _proclass(lines: pd.DataFrame) -> pd.Series:
    names = dict(table("proclass").itertuples(index=False, name=None))
    return _looked_up(lines["proclass_code"], lambda text: names.get(text.strip()[:6]))


def _looked_up(codes: pd.Series, find: Callable[[str], str | None]) -> pd.Series:
    """Each code's label, found once for each distinct code."""
    codes = codes.astype(object)
    labels = {code: find(code) for code in codes.unique() if isinstance(code, str)}
    return pd.Series([labels.get(code) for code in codes], index=codes.index, dtype=object)


def _own(lines: pd.DataFrame) -> pd.Series:
    def tidy(text: object) -> str | None:
        return text.strip().capitalize() if isinstance(text, str) and text.strip() else None

    return pd.Series([tidy(text) for text in lines["category"].astype(object)], index=lines.index, dtype=object)
