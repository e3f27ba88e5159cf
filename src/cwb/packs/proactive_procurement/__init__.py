"""Pack 08: pro-active procurement."""

from cwb.evidence.data import PackData
from cwb.evidence.finding import Finding
from cwb.packs.pack import Pack
from cwb.packs.proactive_procurement.days_to_pay import days_to_pay
from cwb.packs.proactive_procurement.learning import learning
from cwb.packs.proactive_procurement.people_headlines import HEADLINES
from cwb.packs.proactive_procurement.savings import savings


def title(data: PackData, found: dict[str, Finding]) -> str:
    """What the first exhibit says."""
    prompt = found["paid_30_share"]
    if prompt.value is None:
        return "How many invoices are paid in time is not known"
    return f"{prompt} of undisputed invoices of {data.period.short_label} were paid within thirty days"


PACK = Pack(
    id="proactive_procurement",
    notebook="08_proactive_procurement.ipynb",
    question="Do we know what we buy, pay in time, and learn from it?",
    measures=(days_to_pay, savings, learning),
    headline="paid_30_share",
    first=(
        "paid_30_share",
        "days_to_pay_mean",
        "saving_cash",
        "debrief_share",
        "training_sessions",
        "key_supplier_met_share",
    ),
    title=title,
    headlines=HEADLINES,
)
