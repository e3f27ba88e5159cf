"""The first exhibit of the pack: how many social enterprises there are, what we buy from them, what we could."""

from __future__ import annotations

from cwb.evidence.data import PackData
from cwb.figures.apparatus import scorecard_of
from cwb.figures.figure import Figure
from cwb.packs.social_enterprise_mapping.bought import bought
from cwb.packs.social_enterprise_mapping.contestable import contestable
from cwb.packs.social_enterprise_mapping.grades import grades
from cwb.packs.social_enterprise_mapping.targets import targets

CHOSEN = (
    (grades, "se_count"),
    (grades, "se_certain_count"),
    (grades, "se_home_count"),
    (bought, "se_spend"),
    (bought, "se_spend_share"),
    (bought, "se_supplier_count"),
    (contestable, "se_contestable_share"),
    (targets, "se_target_count"),
)


def scorecard(data: PackData) -> Figure:
    """The numbers that members ask for, each with its range or the reason why it is not known."""
    findings = [function(data)[name] for function, name in CHOSEN]
    count, share = findings[0], findings[4]
    title = "How many social enterprises there are is not known"
    if count.value is not None and share.value is not None:
        title = f"{count} likely social enterprises are local; such bodies receive {share} of spend"
    elif count.value is not None:
        title = f"{count} social enterprises, certain or likely, have their office in the local area"
    return scorecard_of(data, findings, title)
