"""The first exhibit of the pack: what the anchors spend together, what they share, and the options."""

from __future__ import annotations

from cwb.charts.wording import counted, sentence_case
from cwb.evidence.data import PackData
from cwb.evidence.finding import Finding


def title(data: PackData, found: dict[str, Finding]) -> str:
    """What the first exhibit says of its numbers, or of those that are known."""
    share, many, brought = (found[name] for name in ("anchor_local_share", "option_count", "option_partner_value"))
    if many.value:
        worth = f"; partners bring {brought} a year" if brought.value is not None else ""
        groups = counted(many, "group of contracts", "groups of contracts")
        return sentence_case(f"{groups} could still be bought together{worth}")
    if share.value is not None:
        return f"{share} of what the anchors spend together is local"
    if many.value == 0:
        return "No group of the anchors' contracts can still be started together"
    return "What the anchors could buy together is not known"
