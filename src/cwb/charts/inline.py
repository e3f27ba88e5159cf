"""Rows as the data of a static chart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt


def chart_of(rows: Sequence[Mapping[str, Any]]) -> alt.Chart:
    """An Altair chart of plain rows. Of a data frame Altair would make the same rows, anew for every layer."""
    return alt.Chart(alt.InlineData(values=rows))
