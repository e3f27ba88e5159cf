"""Pack 09: every promise of the strategy with its evidence, or an honest "no data"."""

from cwb.evidence.data import PackData
from cwb.evidence.finding import Finding, number
from cwb.packs.exhibits import plural
from cwb.packs.pack import Pack
from cwb.packs.strategy_tracker.behind import behind
from cwb.packs.strategy_tracker.claims import claims
from cwb.packs.strategy_tracker.foundations import foundations, line
from cwb.packs.strategy_tracker.headlines import HEADLINES
from cwb.packs.strategy_tracker.items import PACK_ID, check_strategy
from cwb.packs.strategy_tracker.items_table import items
from cwb.packs.strategy_tracker.own_words import own_words
from cwb.packs.strategy_tracker.settling import settling


def title(data: PackData, found: dict[str, Finding]) -> str:
    """What the first exhibit says of its numbers, or that there is no table of the strategy."""
    known, every, waiting = (found[f"tracker_{name}"] for name in ("evidenced_share", "items", "not_due"))
    if every.value and waiting.value == every.value:
        return "No promise of the strategy is due yet"
    if known.value is None:
        return "How far the strategy's promises are is not known"
    return (
        f"Files tell how far {known} of the {plural(number(known.of or 0, 'count'), 'promise')} that are due are"
    )


PACK = Pack(
    id=PACK_ID,
    notebook="09_strategy_tracker.ipynb",
    question="Which promises can be shown, which are late, and on which has nobody data?",
    measures=(foundations, claims, settling, behind, items, own_words),
    headline="tracker_evidenced_share",
    first=(
        "tracker_items",
        "tracker_on_track",
        "tracker_behind",
        "tracker_not_due",
        "tracker_no_data",
        "tracker_evidenced_share",
        "claims_evidenced",
        "items_reviewed_share",
    ),
    title=title,
    headlines=HEADLINES,
    asks_others=True,
    check=check_strategy,
    line=line,
    on_spend=False,
)
