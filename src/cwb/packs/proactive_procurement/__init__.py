"""Pack 08: whether notices are in time, contracts have indicators, and tenders draw bids."""

from cwb.evidence.data import PackData
from cwb.evidence.finding import Finding
from cwb.packs.pack import Pack
from cwb.packs.proactive_procurement.bids import bids
from cwb.packs.proactive_procurement.duty_calendar import duty_calendar
from cwb.packs.proactive_procurement.ended import procurements_ended
from cwb.packs.proactive_procurement.indicators import indicators
from cwb.packs.proactive_procurement.notice_headlines import NOTICE_HEADLINES
from cwb.packs.proactive_procurement.pipeline_kept import pipeline_kept
from cwb.packs.proactive_procurement.results import results


def title(data: PackData, found: dict[str, Finding]) -> str:
    """What the first exhibit says."""
    return f"{found['details_late']} contract details notices late or not published"


PACK = Pack(
    id="proactive_procurement",
    notebook="08_proactive_procurement.ipynb",
    question="Do we publish what we must, in time, and do our tenders draw bids?",
    measures=(duty_calendar, indicators, results, bids, procurements_ended, pipeline_kept),
    headline="details_late",
    first=("details_due", "details_late"),
    title=title,
    headlines=NOTICE_HEADLINES,
)
