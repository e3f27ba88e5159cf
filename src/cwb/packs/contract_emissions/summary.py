"""The first exhibit of the pack: the total with its range and quality, what suppliers did, and the strategy's indicators."""

from __future__ import annotations

from cwb.evidence.data import PackData
from cwb.evidence.finding import Finding


def title(data: PackData, found: dict[str, Finding]) -> str:
    """What the first exhibit says of its numbers, or of those that are known."""
    total, did, plan = (
        found[name] for name in ("emissions_total", "emissions_supplier_change", "plan_spend_share")
    )
    if total.value is not None and did.value is not None:
        moved = "less" if did.value < 0 else "more"
        return f"Purchases emit about {total}; suppliers' own changes make it {did:magnitude} {moved}"
    if total.value is not None:
        return f"Purchases of {data.period.short_label} emit about {total}"
    if plan.value is not None:
        return f"{plan} of spend is with suppliers that have a current carbon plan"
    return "What purchases emit is not known"
