"""Where the strategy's own words do not agree: reported once, never corrected."""

from __future__ import annotations

from cwb.packs.exhibits import counted
from cwb.packs.measure import Column, Definition, Measured, PackData, Result, Shown, ask, measure
from cwb.packs.questions import Thing, count
from cwb.packs.strategy_tracker.items import names_in, rows_of

_REMARK = Thing("item", "item", "remarks")


@measure(
    Definition(
        "own_words_count", "Places where the strategy's words differ", "count", "count",
        "Rows of kind remark of the strategy's table: where two places of it say two things, or a word of it cannot be measured.",
    ),
    question="Where do the strategy's own words not agree?",
    needs=("strategy",),
    main=("own_words_count",),
    columns=(Column("words", "What the strategy says"), Column("about", "Items")),
)  # fmt: skip
def own_words(data: PackData) -> Result:
    """Remarks on the strategy's own words.

    One row per remark, in the order of the table: `words`, `about` (the items).
    """
    own = [row for row in rows_of(data) if row["kind"] == "remark"]
    rows = [(row["words"], ", ".join(names_in(row["part_of"]))) for row in own]
    none = None if rows else "the table of the strategy has no remark on its own words"
    remarks = count("own_words_count", of=data.relation("strategy").where("kind = 'remark'"), per=_REMARK)
    return Result.of(ask(data, remarks.unless(none)), rows)


@own_words.shown
def exhibit(m: Measured) -> Shown:
    found = m["own_words_count"]
    return Shown(
        title=f"The strategy's own words leave {counted(found, 'question', 'questions')} open",
        subtitle=f"For whoever writes the next strategy. {m.data.settings.council.name}",
        says=(
            "Both readings are shown and neither is corrected: statuses follow from the evidence of each item.",
        ),
        caption="Where the strategy's own words do not agree",
    )
