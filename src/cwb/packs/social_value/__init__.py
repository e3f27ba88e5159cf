"""Pack 06: what suppliers promised and delivered beyond the contract, and how ethical our buying is."""

from cwb.evidence.data import PackData
from cwb.evidence.finding import Finding
from cwb.packs.pack import Pack
from cwb.packs.social_value.ethics import HEADLINES
from cwb.packs.social_value.low_prices import low_prices
from cwb.packs.social_value.pledges import pledges
from cwb.packs.social_value.registry import registry
from cwb.packs.social_value.statement import statement


def title(data: PackData, found: dict[str, Finding]) -> str:
    """What the first exhibit says."""
    evidenced = found["pledge_evidenced_count"]
    if evidenced.value is None:
        return "What shows that we do what we pledged against modern slavery is not known"
    return f"{evidenced} of ten pledges against modern slavery have evidence"


PACK = Pack(
    id="social_value",
    notebook="06_social_value.ipynb",
    question="What did suppliers deliver beyond the contract, and is our buying ethical?",
    measures=(statement, pledges, registry, low_prices),
    headline="pledge_evidenced_count",
    first=("pledge_evidenced_count", "registry_spend_share", "statement_age_days", "low_price_flagged"),
    title=title,
    headlines=HEADLINES,
)
