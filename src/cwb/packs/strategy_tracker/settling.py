"""What nobody has data on, and what would settle most of it."""

from __future__ import annotations

from cwb.packs.exhibits import counted, or_why
from cwb.packs.measure import Column, Definition, Measured, PackData, Result, Shown, ask, measure
from cwb.packs.questions import always, count, number, share
from cwb.packs.strategy_tracker.rules import Status
from cwb.packs.strategy_tracker.statuses import ITEM, Line, lines_of, relation_of

# What is decided and what is a file, as a member reads it.
_KINDS = {
    "form": "A form to fill in",
    "file": "A file or a register",
    "decision": "A decision of the council",
    "unknown": "Nobody knows yet",
}


@measure(
    Definition(
        "tracker_no_data", "Items without data", "count", "count",
        "Items of which it is not known how far they are, those whose range lies on both sides included.",
    ),
    Definition(
        "tracker_evidenced_share", "Items due of which files tell", "share", "share",
        "Items on track or behind divided by all that are due.",
        excluded="Items that are not due, of which a day tells.",
        version=2,
    ),
    question="What has nobody any data on, and what would settle most?",
    needs=("strategy",),
    main=("tracker_no_data",),
    columns=(
        Column("what", "What would settle them"),
        Column("kind", "What that is"),
        Column("promises", "Items and parts", "count"),
        Column("ids", "Which"),
    ),
)  # fmt: skip
def settling(data: PackData) -> Result:
    """What would settle items without data.

    One row per form, file or decision, most promises first: `what`, `kind`, `promises` (items and sub-actions that wait for it first
    of all), `ids`. An item that lacks several things waits for the first of them.
    """
    items = relation_of(data)
    due = items.where(f"status <> '{Status.NOT_DUE}'")
    answers = ask(
        data,
        count("tracker_no_data", of=items, where=always(f"status = '{Status.NO_DATA}'"), per=ITEM),
        share("tracker_evidenced_share", of=due, where=always(f"status <> '{Status.NO_DATA}'"), by=None, per=ITEM),
    )
    rows = [
        (
            what.removesuffix(".").removesuffix(" would settle it").rstrip(","),
            _KINDS[kind],
            len(waiting),
            ", ".join(line.item for line in waiting),
        )
        for (what, kind), waiting in in_order(lines_of(data))
    ]
    return Result.of(answers, rows)


def in_order(lines: tuple[Line, ...]) -> list[tuple[tuple[str, str], list[Line]]]:
    """What would settle items and sub-actions without data, with those that wait for it, most of them first."""
    waiting: dict[tuple[str, str], list[Line]] = {}
    for line in lines:
        if line.settled_by and not line.has_parts:
            waiting.setdefault((line.settled_by, line.settler), []).append(line)
    return sorted(waiting.items(), key=lambda one: (-len(one[1]), one[0]))


@settling.shown
def exhibit(m: Measured) -> Shown:
    no_data, known = m["tracker_no_data"], m["tracker_evidenced_share"]
    if not len(m.table):
        says: tuple[str, ...] = ("Files tell how far each item is.",)
    else:
        first = m.table.iloc[0]
        promises = number(float(first["promises"]), "count")
        waits = "item or part of an action waits" if first["promises"] == 1 else "items or parts of actions wait"
        ties = int((m.table["promises"] == first["promises"]).sum())
        settles = f"What settles most is this: {first['what']}. {promises} {waits} for it first."
        if ties > 1:
            settles = f"No one thing settles most: for each of {number(float(ties), 'count')} things {promises} {waits} first."
        says = (
            settles,
            or_why(
                known,
                f"Files tell how far {known} of the items that are due are.",
                "How far the items that are due are",
            ),
        )
    return Shown(
        title=f"For {counted(no_data, 'item', 'items')} of the strategy there is no data",
        subtitle=f"What would settle items and parts of actions without data, most first. {m.where}",
        says=says,
        caption="What would settle most",
    )
