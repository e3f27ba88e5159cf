"""What a local supplier may want to know: what is coming, when, and how big."""

from __future__ import annotations

from decimal import Decimal

from cwb.charts.wording import counted
from cwb.packs.market.demand import SOURCES, Origin, Purchase, planned_purchases
from cwb.packs.market.grading import PURCHASE, graded_relation
from cwb.packs.market.horizon import ahead
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
        "opportunity_count", "Purchases open to suppliers", "count", "count",
        "Planned purchases that the pipeline does not say are committed to a framework or contract.",
        version=2,
    ),
    question="What is coming that a supplier could bid for?",
    needs=(),
)  # fmt: skip
def opportunities(data: PackData) -> Result:
    """Planned purchases that are still open to a supplier, soonest first.

    One row per purchase: `title`, `what` (goods, services or works), `expected` (month and year), `size` (a range), `starts`,
    `suits` (SMEs, VCSEs, where a notice says so), `status`, `cpv_code`, `reference`. Left out: purchases that the pipeline
    says are committed to a framework or contract.
    """
    still_open = [row for row in planned_purchases(data) if row.is_committed is not True]
    if not still_open:
        raise Undefined("every planned purchase is committed already")
    still_open.sort(key=lambda row: (row.tender_date, row.title))
    lines = graded_relation(data).with_sources(*SOURCES)
    answers = ask(data, count("opportunity_count", of=lines, where=IS_OPEN, per=PURCHASE))
    return Result.of(answers, [_row(row) for row in still_open])


def _row(purchase: Purchase) -> dict[str, str | None]:
    is_ending = purchase.origin is Origin.ENDING
    suits = (name for flag, name in ((purchase.suits_sme, "SMEs"), (purchase.suits_vcse, "VCSEs")) if flag)
    return {
        "title": purchase.title,
        "what": (purchase.kind or "").capitalize(),
        "expected": f"{purchase.tender_date:%B %Y}",
        "size": size_of(purchase.value_gbp),
        "starts": f"{purchase.start_date:%B %Y}" if purchase.start_date is not None and not is_ending else "",
        "suits": " and ".join(suits),
        "status": "A contract ends; whether it is bought again is not decided" if is_ending else "Planned",
        "cpv_code": purchase.cpv_code,
        "reference": purchase.reference,
    }


@opportunities.shown
def exhibit(m: Measured) -> Shown:
    return Shown(
        title=f"{counted(m['opportunity_count'], 'purchase is', 'purchases are')} still open to suppliers",
        subtitle=f"Soonest first; sizes are ranges and dates may move. {ahead(m.data)}",
        columns=(
            Column("title", "Purchase"),
            Column("what", "What"),
            Column("expected", "Expected"),
            Column("size", "Size over the whole term"),
            Column("starts", "Starts"),
            Column("suits", "Said to suit"),
            Column("status", "Standing"),
            Column("cpv_code", "CPV"),
            Column("reference", "Reference"),
        ),
        caption="Planned purchases that are still open",
    )
