"""Figures published before, beside what the rows say now."""

from __future__ import annotations

import pandas as pd

from cwb.base.errors import ConfigError, Fault
from cwb.council.periods import Period
from cwb.dataset import Dataset
from cwb.evidence.finding import Finding, number
from cwb.measures.workbench import Result, Workbench, measure


@measure("published_restated", needs=())
def revisions(data: Dataset, bench: Workbench) -> Result:
    """Figures published before, beside what the rows say now.

    One row per published figure: `label`, `period`, `published`, `now`, `agrees`, `source`. A figure agrees when
    today's value, rounded as the published one was, equals it.
    """
    rows = []
    for told in data.settings.published:
        finding = _recompute(data, told.finding, told.period)
        agrees = (
            finding.value is not None
            and abs(round(finding.value / told.rounding) * told.rounding - told.value) < told.rounding / 2
        )
        rows.append(
            {
                "label": finding.label,
                "period": Period.parse(told.period).label,
                "published": number(told.value, finding.unit),
                "now": number(finding.value, finding.unit)
                if finding.value is not None
                else f"Not known: {finding.undefined}",
                "agrees": "Yes" if agrees else "No" if finding.value is not None else "Not known",
                "source": told.source,
            }
        )
    restated = sum(row["agrees"] == "No" for row in rows)
    finding = bench.finding("published_restated", restated, of=len(rows))
    columns = ["label", "period", "published", "now", "agrees", "source"]
    return pd.DataFrame(rows, columns=columns), [finding]


def _recompute(data: Dataset, finding_id: str, period: str) -> Finding:
    from cwb.measures.local_supplier_base import MEASURES  # noqa: PLC0415 - the list holds this module's own

    wanted = Period.parse(period)
    other = data if wanted == data.period else data.at(wanted)
    for function in MEASURES:
        if finding_id in function.finding_ids:  # type: ignore[attr-defined]
            return function(other)[finding_id]
    raise ConfigError(
        Fault(
            file="cwb.toml",
            column="published.finding",
            rule="this finding is not known",
            value=finding_id,
            remedy="Use an id of the README's table of findings.",
        )
    )
