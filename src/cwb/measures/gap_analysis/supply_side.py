"""Organisations by the industry that they state first."""

from __future__ import annotations

import pandas as pd

from cwb.reference import table

NOT_STATED = "Industry not stated"


def sections() -> dict[str, str]:
    """First two digits of a SIC code → "F Construction"."""
    rows = table("sic")
    return {
        row.sic_code[:2]: f"{row.section} {row.section_title.capitalize()}" for row in rows.itertuples(index=False)
    }


def first_section(codes: pd.Series) -> pd.Series:
    """The section of the first SIC code that a body gives; "Industry not stated" for none, or 99999."""
    names = sections()
    return codes.astype(object).map(
        lambda text: names.get(text[:2], NOT_STATED) if isinstance(text, str) and text else NOT_STATED
    )
