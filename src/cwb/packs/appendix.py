"""The first exhibit of every pack: its first numbers."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from cwb.charts.figure import Figure
from cwb.charts.tables import Column
from cwb.evidence.data import PackData
from cwb.evidence.finding import Finding


def _months(data: PackData) -> str:
    """That the ledger does not hold every month of the period, where it holds some."""
    held, wanted = data.months_held()
    return f". The ledger holds {held} of the period's {wanted} months" if 0 < held < wanted else ""


def scorecard(data: PackData, findings: Sequence[Finding], title: str, says: tuple[str, ...]) -> Figure:
    """A pack's first exhibit: the numbers that members ask for, each with its range or the reason why it is not known; then
    what is remarked on them."""
    rows = pd.DataFrame(
        [
            {
                "label": finding.label,
                "value": finding.signed,
                "note": finding.bounds if finding.value is not None else f"not known: {finding.undefined}",
            }
            for finding in findings
        ]
    )
    return Figure(
        id="scorecard",
        title=title,
        subtitle=f"{data.settings.council.name}, {data.period.label}. Local means {data.settings.local.name}{_months(data)}",
        table=rows,
        columns=(
            Column("label", "Measure"),
            Column("value", "Value"),
            Column("note", "Range, or why it is not known"),
        ),
        caption="The numbers of this pack in short",
        source=f"{data.settings.council.name}; each number is explained below",
        pack=data.pack,
        findings=tuple(findings),
        says=says,
        tiles=tuple(rows.itertuples(index=False, name=None)),
    )
