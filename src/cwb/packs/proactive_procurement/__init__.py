"""Pack 08: how the council buys: its register, every pound of its ledger, notices and bids, how it pays, and what it learns."""

from cwb.evidence.data import PackData
from cwb.evidence.finding import Finding
from cwb.packs.pack import Pack
from cwb.packs.proactive_procurement.bids import bids
from cwb.packs.proactive_procurement.completeness import register_completeness
from cwb.packs.proactive_procurement.days_to_pay import days_to_pay
from cwb.packs.proactive_procurement.duty_calendar import duty_calendar
from cwb.packs.proactive_procurement.ended import procurements_ended
from cwb.packs.proactive_procurement.headlines import HEADLINES
from cwb.packs.proactive_procurement.indicators import indicators
from cwb.packs.proactive_procurement.learning import learning
from cwb.packs.proactive_procurement.near_limits import near_limits
from cwb.packs.proactive_procurement.off_register import off_register
from cwb.packs.proactive_procurement.pipeline_kept import pipeline_kept
from cwb.packs.proactive_procurement.repeats import repeats
from cwb.packs.proactive_procurement.results import results
from cwb.packs.proactive_procurement.savings import savings
from cwb.packs.proactive_procurement.spend_account import spend_account
from cwb.packs.proactive_procurement.within_council import within_council
from cwb.packs.proactive_procurement.without_competition import without_competition


def title(data: PackData, found: dict[str, Finding]) -> str:
    """What the first exhibit says of its numbers, or of those that are known."""
    live, filled = found["live_contract_share"], found["register_field_share"]
    if live.value is not None:
        return f"{live} of spend was under a live contract of our register"
    if filled.value is not None:
        return f"{filled} of what the Transparency Code asks for is filled in"
    return "How much of spend is under a contract is not known"


PACK = Pack(
    id="proactive_procurement",
    notebook="08_proactive_procurement.ipynb",
    question="Do we know what we buy, publish and pay in time, and learn from it?",
    measures=(
        register_completeness, spend_account, off_register, repeats, near_limits, without_competition, within_council, duty_calendar,
        procurements_ended, indicators, results, bids, pipeline_kept, days_to_pay, savings, learning,
    ),
    headline="live_contract_share",
    first=(
        "live_contract_share", "register_field_share", "off_register_count", "details_late", "single_bid_share", "paid_30_share",
        "saving_cash", "debrief_share",
    ),
    title=title,
    headlines=HEADLINES,
)  # fmt: skip
