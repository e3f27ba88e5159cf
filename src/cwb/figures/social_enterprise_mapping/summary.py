"""The first exhibit of the pack."""

from __future__ import annotations

from typing import Any

from cwb.figures.apparatus import scorecard_of
from cwb.figures.figure import Figure
from cwb.measures import social_enterprise_mapping as measures


def scorecard(data: Any) -> Figure:
    """How many social enterprises there are, what we buy from them, what we could."""
    chosen = [
        (measures.grades, "se_count"),
        (measures.grades, "se_certain_count"),
        (measures.grades, "se_home_count"),
        (measures.bought, "se_spend"),
        (measures.bought, "se_spend_share"),
        (measures.bought, "se_supplier_count"),
        (measures.contestable, "se_contestable_share"),
        (measures.targets, "se_target_count"),
    ]
    findings = [function(data)[name] for function, name in chosen]
    count, share = findings[0], findings[4]
    if count.value is not None and share.value is not None:
        title = f"{count} likely social enterprises are local; such bodies receive {share} of spend"
    elif count.value is not None:
        title = f"{count} social enterprises, certain or likely, have their office in the local area"
    else:
        title = "How many social enterprises there are is not known"
    return scorecard_of(data, findings, title)
