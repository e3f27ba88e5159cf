"""Pack 07: which contracts must be reviewed before they end, what came in-house, what it saved and what it earns."""

from cwb.council.periods import long_date
from cwb.evidence.data import PackData
from cwb.evidence.finding import Finding
from cwb.packs.exhibits import counted
from cwb.packs.insourcing.decisions import decisions
from cwb.packs.insourcing.headlines import HEADLINES
from cwb.packs.insourcing.in_house import counted_from, in_house
from cwb.packs.insourcing.income import income
from cwb.packs.insourcing.review_states import review_states
from cwb.packs.insourcing.review_windows import review_windows
from cwb.packs.insourcing.savings import savings
from cwb.packs.pack import Pack


def title(data: PackData, found: dict[str, Finding]) -> str:
    """What the first exhibit says of its numbers, or of those that are known."""
    now, closed, so_far = (found[name] for name in ("review_in_window", "review_closed", "insourced_total"))
    if now.value is not None:
        return f"{counted(now, 'contract is', 'contracts are')} open for review, and {counted(closed, 'window', 'windows')} closed without a decision"
    if so_far.value is not None:
        return f"{counted(so_far, 'service', 'services')} came in-house since {long_date(counted_from(data))}; which contracts are due is not known"
    return "Which contracts must be reviewed for insourcing is not known"


PACK = Pack(
    id="insourcing",
    notebook="07_insourcing.ipynb",
    question="Which contracts could come in-house, what did it bring, and what do we earn?",
    measures=(review_windows, review_states, decisions, in_house, savings, income),
    headline="review_done_share",
    first=(
        "review_in_window",
        "review_due_soon",
        "review_closed",
        "review_done_share",
        "insourced_total",
        "insource_saving_net",
        "income_gbp",
        "jobs_in_house",
    ),
    title=title,
    headlines=HEADLINES,
    on_spend=False,
)
