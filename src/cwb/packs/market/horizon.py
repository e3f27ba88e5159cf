"""How far ahead demand is looked at."""

from __future__ import annotations

from datetime import date

from cwb.base.days import month_end_after
from cwb.evidence.data import PackData


def horizon(data: PackData) -> tuple[date, date]:
    """The last day of the period, and the day up to which demand is looked at."""
    return data.period.end, month_end_after(data.period.end, data.settings.gap.horizon_months)


def ahead(data: PackData) -> str:
    """Council and horizon, for subtitles."""
    months = data.settings.gap.horizon_months
    return f"{data.settings.council.name}, within {months} months of the end of {data.period.short_label}"
