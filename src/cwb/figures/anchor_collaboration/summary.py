"""The first exhibit of the pack."""

from __future__ import annotations

from typing import Any

from cwb.figures.apparatus import scorecard_of
from cwb.figures.figure import Figure
from cwb.measures import anchor_collaboration as measures


def scorecard(data: Any) -> Figure:
    """What the anchors spend together, what they share, and the options."""
    chosen = [
        (measures.bodies, "anchor_spend_total"),
        (measures.bodies, "anchor_local_share"),
        (measures.bodies, "anchor_body_count"),
        (measures.shared_suppliers, "shared_supplier_count"),
        (measures.shared_suppliers, "shared_supplier_share"),
        (measures.options, "option_count"),
        (measures.options, "option_partner_value"),
        (measures.options, "option_shift"),
    ]
    findings = [function(data)[name] for function, name in chosen]
    share, count, value = findings[1], findings[5], findings[6]
    if count.value:
        worth = f"; partners bring {value} a year" if value.value is not None else ""
        title = f"{count} groups of contracts could still be bought together{worth}"
    elif count.value == 0 and share.value is None:
        title = "No group of the anchors' contracts can still be started together"
    elif share.value is not None:
        title = f"{share} of what the anchors spend together is local"
    else:
        title = "What the anchors could buy together is not known"
    return scorecard_of(data, findings, title)
