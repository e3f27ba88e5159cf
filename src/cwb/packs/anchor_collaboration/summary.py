"""The first exhibit of the pack: what the anchors spend together, what they share, and the options."""

from __future__ import annotations

from cwb.evidence.data import PackData
from cwb.figures.apparatus import scorecard_of
from cwb.figures.figure import Figure
from cwb.figures.wording import counted, sentence_case
from cwb.packs.anchor_collaboration.bodies import bodies
from cwb.packs.anchor_collaboration.options import options
from cwb.packs.anchor_collaboration.shared_suppliers import shared_suppliers

CHOSEN = (
    (bodies, "anchor_spend_total"),
    (bodies, "anchor_local_share"),
    (bodies, "anchor_body_count"),
    (shared_suppliers, "shared_supplier_count"),
    (shared_suppliers, "shared_supplier_share"),
    (options, "option_count"),
    (options, "option_partner_value"),
    (options, "option_shift"),
)


def scorecard(data: PackData) -> Figure:
    """The numbers that members ask for, each with its range or the reason why it is not known."""
    findings = [function(data)[name] for function, name in CHOSEN]
    share, many, brought = findings[1], findings[5], findings[6]
    title = "What the anchors could buy together is not known"
    if many.value:
        worth = f"; partners bring {brought} a year" if brought.value is not None else ""
        title = (
            f"{counted(many, 'group of contracts', 'groups of contracts')} could still be bought together{worth}"
        )
    elif share.value is not None:
        title = f"{share} of what the anchors spend together is local"
    elif many.value == 0:
        title = "No group of the anchors' contracts can still be started together"
    return scorecard_of(data, findings, sentence_case(title))
