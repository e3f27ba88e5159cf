"""What a local supplier may want to know: what is coming, when, and how big."""

from __future__ import annotations

from decimal import Decimal

from cwb.charts.wording import counted, silent
from cwb.council.periods import long_date
from cwb.packs.market.demand import SOURCES, Origin, Purchase, planned_purchases
from cwb.packs.market.grading import PURCHASE, graded_relation
from cwb.packs.market.horizon import ahead
from cwb.packs.market.missing import as_far_as_known, may_be_more
from cwb.packs.measure import Column, Definition, Measured, PackData, Result, Shown, Undefined, ask, measure
from cwb.packs.questions import always, count

_STEPS = (30_000, 100_000, 250_000, 500_000, 1_000_000, 5_000_000)
IS_OPEN = always("is_committed IS NOT TRUE")


def size_of(value: Decimal | None) -> str:
    """A stated value as a range: an estimate to the pound would promise what nobody knows."""
    if value is None:
        return "Not stated"
    for low, high in zip((0, *_STEPS), _STEPS, strict=False):
        if value < high:
            return f"£{low:,} to £{high:,}" if low else f"Under £{high:,}"
    return f"£{_STEPS[-1]:,} or more"


@measure(
    Definition(
        "opportunity_count", "Purchases that may come", "count", "count",
        "Planned and published purchases, and contracts that end in the months looked ahead, that the pipeline does not say are "
        "committed to a framework or contract. Whether a contract that ends is bought again is not decided.",
        version=4,
    ),
    question="What is coming that a supplier could bid for?",
    needs=(),
    columns=(
        Column("title", "Purchase"),
        Column("what", "What"),
        Column("when", "When"),
        Column("size", "Size over the whole term"),
        Column("starts", "Starts"),
        Column("suits", "Said to suit"),
        Column("status", "Status"),
        Column("notice", "Notice", "link"),
        Column("cpv_code", "Product code"),
        Column("reference", "Reference"),
    ),
)  # fmt: skip
def opportunities(data: PackData) -> Result:
    """Planned and published purchases and contracts that end, which a supplier may come to bid for, soonest first.

    One row per purchase: `title`, `what` (goods, services or works), `when` (until when bids are taken, else when they are
    expected; of a contract that ends its last day, for nobody has said that it is bought again), `size` (a range), `starts`,
    `suits` (small firms, social enterprises, where a notice says so), `status`, `notice` (its address), `cpv_code`, `reference`. Left out:
    purchases that the pipeline says are committed to a framework or contract.
    """
    may_come = [row for row in planned_purchases(data) if row.is_committed is not True]
    if not may_come:
        raise Undefined("every planned purchase is committed already")
    may_come.sort(key=lambda row: (row.bids_close or row.tender_date, row.title))
    lines = graded_relation(data).with_sources(*SOURCES)
    answers = ask(data, count("opportunity_count", of=lines, where=IS_OPEN, per=PURCHASE))
    return Result.of(as_far_as_known(data, answers, ("opportunity_count",)), [_row(row) for row in may_come])


def _row(purchase: Purchase) -> dict[str, str | None]:
    is_ending = purchase.origin is Origin.ENDING
    suits = (
        name
        for flag, name in ((purchase.suits_sme, "small firms"), (purchase.suits_vcse, "social enterprises"))
        if flag
    )
    return {
        "title": purchase.title,
        "what": (purchase.kind or "").capitalize(),
        "when": _when(purchase),
        "size": size_of(purchase.value_gbp),
        "starts": f"{purchase.start_date:%B %Y}" if purchase.start_date is not None and not is_ending else "",
        "suits": " and ".join(suits),
        "status": _status(purchase),
        "notice": purchase.notice_url,
        "cpv_code": purchase.cpv_code,
        "reference": purchase.reference,
    }


def _when(purchase: Purchase) -> str:
    if purchase.bids_close is not None:
        return f"Bids close on {long_date(purchase.bids_close)}"
    if purchase.origin is Origin.ENDING:
        # Its last day, with extensions that may be taken.
        return f"Present contract ends in {purchase.tender_date:%B %Y} at the latest"
    return f"Bids expected in {purchase.tender_date:%B %Y}"


def _status(purchase: Purchase) -> str:
    if purchase.bids_close is not None:
        return "Open for bids"
    if purchase.origin is Origin.ENDING:
        return "No decision yet"
    return "Planned, published" if purchase.notice_url else "Planned"


@opportunities.shown
def exhibit(m: Measured) -> Shown:
    verb = "is" if m["opportunity_count"].value == 1 else "are"
    purchases = counted(m["opportunity_count"], "purchase", "purchases")
    committed = m.data.count(graded_relation(m.data).where("is_committed IS TRUE"))
    left_out = silent(committed, "planned purchase is", "planned purchases are", "committed already and left out")
    return Shown(
        title=f"{purchases} {verb} open or planned, or may follow a contract that ends",
        subtitle=f"Soonest first; sizes are ranges and dates may move. {ahead(m.data)}",
        says=(
            *may_be_more(m.data),
            "Where a present contract ends nobody has decided yet whether it is bought again, brought in-house or stopped. What is "
            "published links to its notice, which says how to bid.",
            *left_out,
        ),
        caption="Purchases that are open, planned, or may follow a contract that ends",
    )
