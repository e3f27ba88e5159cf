"""What is behind."""

from __future__ import annotations

from cwb.council.periods import long_date
from cwb.packs.exhibits import counted, plural
from cwb.packs.measure import Column, Definition, Measured, PackData, Result, Shown, ask, measure
from cwb.packs.questions import always, count
from cwb.packs.strategy_tracker.rules import Status
from cwb.packs.strategy_tracker.statuses import ITEM, lines_of, relation_of


@measure(
    Definition(
        "tracker_behind", "Items behind", "count", "count",
        "Items whose rule, one of K1 to K7, says behind; of claims those that are contradicted.",
    ),
    question="Which promises are behind?",
    needs=("strategy",),
    main=("tracker_behind",),
    columns=(
        Column("item", "Item"),
        Column("words", "What was promised"),
        Column("why", "Why"),
        Column("figure", "Figures"),
        Column("last", "Last done"),
        Column("due", "Was due", on_paper=False),
        Column("owner", "Who"),
        Column("foundation", "Foundation", csv_only=True),
    ),
)  # fmt: skip
def behind(data: PackData) -> Result:
    """Items and sub-actions that are behind.

    One row per item, in the order of the strategy, actions by their sub-actions: `item`, `words`, `why`, `figure`, `last` (when it was
    last done), `due`, `owner` (a role), `foundation`.
    """
    answers = ask(
        data, count("tracker_behind", of=relation_of(data), where=always(f"status = '{Status.BEHIND}'"), per=ITEM)
    )
    rows = [
        (
            one.item,
            one.words,
            one.why,
            one.figure,
            long_date(one.last),
            long_date(one.due),
            one.owner,
            one.foundation,
        )
        for one in lines_of(data)
        if one.status == Status.BEHIND and not one.has_parts
    ]
    return Result.of(answers, rows)


@behind.shown
def exhibit(m: Measured) -> Shown:
    late = m["tracker_behind"]
    return Shown(
        title=f"{counted(late, 'item is', 'items are')} behind",
        subtitle=f"Items and parts of actions that are behind, with the reason and who owns them. {m.where}",
        says=(
            "An action is as far as the worst of its parts, so that one part can put it behind: the table has the parts that are, "
            f"{plural(f'{len(m.table):,}', 'row')} in all.",
        ),
        caption="What is behind",
    )
