"""Every item of the strategy, with its status."""

from __future__ import annotations

from collections.abc import Callable

from cwb.council.periods import long_date
from cwb.packs.exhibits import or_why, range_text
from cwb.packs.measure import Column, Definition, Measured, PackData, Paper, Result, Shown, ask, measure
from cwb.packs.questions import Fact, share
from cwb.packs.strategy_tracker.rules import Status
from cwb.packs.strategy_tracker.settling import in_order
from cwb.packs.strategy_tracker.statuses import ITEM, WHOLE, Line, lines_of, relation_of

IS_REVIEWED = Fact(
    "is_reviewed",
    "when items were last reviewed is known",
    "The column Last reviewed on of the strategy's table would settle it.",
)


@measure(
    Definition(
        "items_reviewed_share", "Items reviewed in 12 months", "share", "share",
        "Items that the council has reviewed in the twelve months up to the period's end divided by all items.",
    ),
    question="How far is each promise, and when was it last looked at?",
    needs=("strategy",),
    columns=(
        Column("foundation", "Foundation"),
        Column("item", "Item"),
        Column("words", "What was promised"),
        Column("status", "Status"),
        Column("why", "Why"),
        Column("figure", "Figures, with their range"),
        Column("last", "Newest evidence"),
        Column("due", "Next due"),
        Column("since", "Since", csv_only=True),
        Column("rule", "Rule", csv_only=True),
        Column("kind", "Kind", csv_only=True),
        Column("part_of", "Part of", csv_only=True),
        Column("settled_by", "What would settle it", csv_only=True),
        Column("owner", "Who", csv_only=True),
        Column("note", "Note of the council", csv_only=True),
    ),
)  # fmt: skip
def items(data: PackData) -> Result:
    """All items and sub-actions.

    One row per item or sub-action: `foundation`, `item`, `words`, `status` (a shape and a word), `why`, `figure` (with its range), `last` (newest
    evidence), `due` (when it is due next), `since`, `rule`, `kind`, `part_of`, `settled_by`, `owner`, `note`. By foundation; within one
    first what there is no data on, in the order of what settles most, then what is behind, not due, on track.
    """
    reviewed = share("items_reviewed_share", of=relation_of(data), where=IS_REVIEWED, by=None, per=ITEM)
    lines = lines_of(data)
    rows = [
        (one.foundation, one.item, one.words, one.status_words, one.why, one.figure, long_date(one.last), long_date(one.due), long_date(one.since),
         one.rule, one.kind, one.part_of, one.settled_by, one.owner, one.note)
        for one in sorted(lines, key=_order(lines))
    ]  # fmt: skip
    return Result.of(ask(data, reviewed), rows)


def _order(lines: tuple[Line, ...]) -> Callable[[Line], tuple[int, int, int]]:
    """By foundation, then by status, then by what settles most."""
    names = sorted(dict.fromkeys(line.foundation for line in lines), key=lambda name: name == WHOLE)
    settling = {what: place for place, (what, _) in enumerate(in_order(lines))}
    statuses = list(Status)

    def order(line: Line) -> tuple[int, int, int]:
        place = settling.get((line.settled_by, line.settler), len(settling))
        return names.index(line.foundation), statuses.index(Status(line.status)), place

    return order


@items.shown
def exhibit(m: Measured) -> Shown:
    reviewed = m["items_reviewed_share"]
    sentence = f"{reviewed} of the items were reviewed in the twelve months before{range_text(reviewed)}."
    return Shown(
        title="The promises by foundation, those without data first",
        subtitle=f"Items and parts of actions by foundation: status, figures with their range, and days. {m.where}",
        says=(
            or_why(reviewed, sentence, "Which items were reviewed lately"),
            "A range on both sides of what a promise asks for cannot tell how far it is: that is no data, too.",
        ),
        caption="All items of the strategy",
        paper=Paper.SENTENCES,
    )
