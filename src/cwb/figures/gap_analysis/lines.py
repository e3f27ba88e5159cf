"""The horizon in words."""

from __future__ import annotations

from cwb.measures.workbench import Measure


def ahead(measure: Measure) -> str:
    data = measure.about
    return f"{data.settings.council.name}, within {data.settings.gap.horizon_months} months of the end of {data.period.short_label}"
