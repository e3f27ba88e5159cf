"""The first exhibit of the pack."""

from __future__ import annotations

from typing import Any

import pandas as pd

from cwb.evidence import number
from cwb.figures.exhibits import signed
from cwb.figures.figure import Figure
from cwb.measures import local_supplier_base as measures
from cwb.tables import Column


def scorecard(data: Any) -> Figure:
    """The pack's first exhibit: the numbers that members ask for, each with its base or its reason."""
    chosen = [
        (measures.total_spend, "total_spend"),
        (measures.charts_a_and_b, "local_share"),
        (measures.charts_a_and_b, "local_share_without_one_offs"),
        (measures.trend, "local_share_without_one_offs_change"),
        (measures.home_suppliers, "home_supplier_count"),
        (measures.awards, "award_local_count"),
        (measures.business_size, "sme_share"),
        (measures.business_size, "vcse_share"),
    ]
    findings = [function(data)[name] for function, name in chosen]
    rows = pd.DataFrame(
        [
            {
                "label": finding.label,
                "value": signed(finding),
                "note": finding.bounds if finding.value is not None else f"not known: {finding.undefined}",
            }
            for finding in findings
        ]
    )
    spend, share, awarded = findings[0], findings[1], findings[5]
    if share.value is not None:
        title = f"{share} of {spend} spent in {data.period.short_label} is local"
    elif awarded.value is not None:
        title = f"{awarded} of {number(awarded.of or 0, 'count')} contracts awarded in {data.period.short_label} went to local suppliers"
    else:
        title = f"What is known of {data.period.short_label}"
    return Figure(
        id="scorecard",
        title=title,
        subtitle=f"{data.settings.council.name}, {data.period.label}. Local means {data.settings.local.name}",
        table=rows,
        columns=(
            Column("label", "Measure"),
            Column("value", "Value"),
            Column("note", "Range, or why it is not known"),
        ),
        caption="The numbers of this pack in short",
        source=f"{data.settings.council.name}; each number is explained below",
        tiles=tuple(rows.itertuples(index=False, name=None)),
    )
