"""Pack 04: what the anchor institutions buy, with whom, and where buying together could help local suppliers."""

from cwb.charts.wording import counted, sentence_case
from cwb.evidence.data import PackData
from cwb.evidence.finding import Finding
from cwb.packs.anchor_collaboration.aligned import aligned
from cwb.packs.anchor_collaboration.bodies import bodies
from cwb.packs.anchor_collaboration.headlines import HEADLINES
from cwb.packs.anchor_collaboration.journey import journey
from cwb.packs.anchor_collaboration.multiplier import multiplier
from cwb.packs.anchor_collaboration.option_routes import option_routes
from cwb.packs.anchor_collaboration.options import options
from cwb.packs.anchor_collaboration.sensitivity import sensitivity
from cwb.packs.anchor_collaboration.shared_categories import shared_categories
from cwb.packs.anchor_collaboration.shared_suppliers import shared_suppliers
from cwb.packs.pack import Pack


def title(data: PackData, found: dict[str, Finding]) -> str:
    """What the first exhibit says of its numbers, or of those that are known."""
    share, many, brought = (found[name] for name in ("anchor_local_share", "option_count", "option_partner_value"))
    if many.value:
        worth = f"; others add {brought}" if brought.is_stated and many.is_stated else ""
        groups = counted(many, "group of contracts", "groups of contracts")
        return sentence_case(f"{groups} could still be bought together{worth}")
    if share.value is not None:
        who = "the anchors spend together" if data.settings.anchors else "the council spends"
        return f"{share} of what {who} is local"
    if many.value == 0:
        return "No group of the anchors' contracts can still be started together"
    return "What the anchors could buy together is not known"


PACK = Pack(
    id="anchor_collaboration",
    notebook="04_anchor_collaboration.ipynb",
    question="What could the anchor institutions buy together?",
    measures=(
        bodies,
        shared_suppliers,
        shared_categories,
        aligned,
        options,
        option_routes,
        multiplier,
        journey,
        sensitivity,
    ),
    headline="anchor_local_share",
    first=(
        "anchor_spend_total",
        "anchor_local_share",
        "anchor_body_count",
        "shared_supplier_count",
        "shared_supplier_share",
        "option_count",
        "option_partner_value",
        "option_shift",
    ),
    title=title,
    headlines=HEADLINES,
    chosen=(("anchor_local_share", "local_share"),),
)
