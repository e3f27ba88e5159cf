"""What the numbers rest on: every file's rows and pounds, and figures published before."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd

from cwb.dataset import Dataset
from cwb.errors import ConfigError, Fault
from cwb.evidence import Finding, Result, Workbench, measure, number
from cwb.periods import Period

_COUNTS = ("rows", "kept", "refused", "duplicates")


@measure(
    "rows_in",
    "rows_kept",
    "rows_refused",
    "rows_duplicated",
    "pounds_in",
    "pounds_kept",
    "pounds_refused",
    "pounds_duplicated",
    needs=(),
)
def coverage(data: Dataset, bench: Workbench) -> Result:
    """Every raw file: rows and pounds in, kept, refused and delivered twice; in = kept + refused + duplicates.

    One row per file: `file`, `source`, `rows`, `kept`, `refused`, `duplicates`, `gbp_in`, `gbp_kept`, `gbp_refused`,
    `gbp_duplicates`, `vat_basis`, `reasons`. The findings add up the spending files alone.
    """
    rows = [
        {
            **{key: report[key] for key in ("file", "source", *_COUNTS)},
            **{key: report[key] for key in ("gbp_in", "gbp_kept", "gbp_refused", "gbp_duplicates")},
            "vat_basis": report["vat_basis"] or "",
            "reasons": _reasons(report["refusals"]),
        }
        for report in data.lineage.reports
    ]
    spend = data.lineage.of("spend")
    if not spend:
        findings = [bench.finding(name, undefined="no spending file was supplied") for name in _FINDINGS]
    else:
        findings = [
            bench.finding(name, float(sum(Decimal(str(report[key])) for report in spend)))
            for name, key in _FINDINGS.items()
        ]
    return pd.DataFrame(rows), findings


_FINDINGS = {
    "rows_in": "rows",
    "rows_kept": "kept",
    "rows_refused": "refused",
    "rows_duplicated": "duplicates",
    "pounds_in": "gbp_in",
    "pounds_kept": "gbp_kept",
    "pounds_refused": "gbp_refused",
    "pounds_duplicated": "gbp_duplicates",
}


def _reasons(refusals: list[dict[str, object]]) -> str:
    counts: dict[str, int] = {}
    for refusal in refusals:
        counts[str(refusal["reason"])] = counts.get(str(refusal["reason"]), 0) + 1
    return "; ".join(f"{reason}: {count}" for reason, count in sorted(counts.items()))


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
