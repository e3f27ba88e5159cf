"""The first exhibit of the pack: how many social enterprises there are, what we buy from them, what we could."""

from __future__ import annotations

from cwb.evidence.data import PackData
from cwb.evidence.finding import Finding


def title(data: PackData, found: dict[str, Finding]) -> str:
    """What the first exhibit says of its numbers, or of those that are known."""
    count, share = found["se_count"], found["se_spend_share"]
    if count.value is not None and share.value is not None:
        return f"{count} likely social enterprises are local; such bodies receive {share} of spend"
    if count.value is not None:
        return f"{count} social enterprises, certain or likely, have their office in the local area"
    return "How many social enterprises there are is not known"
