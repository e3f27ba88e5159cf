"""How far the strategy is, foundation by foundation."""

from __future__ import annotations

from cwb.charts.wording import mid_sentence
from cwb.evidence.finding import Finding
from cwb.packs.exhibits import Stack, counted
from cwb.packs.measure import Column, Definition, Measured, PackData, Result, Shown, ask, measure
from cwb.packs.questions import always, count, number
from cwb.packs.strategy_tracker.rules import Status
from cwb.packs.strategy_tracker.statuses import ITEM, SHAPES, WHOLE, lines_of, relation_of

# In the order of the chart, and so of its colours: what is not known comes first, and what is behind stands out.
PARTS = {
    "no_data": Status.NO_DATA, "on_track": Status.ON_TRACK, "not_due": Status.NOT_DUE, "behind": Status.BEHIND,
}  # fmt: skip


@measure(
    Definition(
        "tracker_items", "Items of the strategy", "count", "count",
        "Claims, statements, commitments, outcomes, indicators, actions and priorities of the strategy's table. A sub-action is a "
        "part of its action.",
    ),
    Definition(
        "tracker_on_track", "Items on track", "count", "count",
        "Items whose rule, one of K1 to K7, says on track; of claims those that are evidenced.",
    ),
    Definition(
        "tracker_not_due", "Items not due", "count", "count",
        "Items whose first day, first year to compare, or target's day has not come.",
    ),
    question="How far is each foundation of the strategy?",
    needs=("strategy",),
    main=("tracker_items",),
    columns=(
        Column("foundation", "Foundation"),
        Column("items", "Items", "count"),
        Column("no_data", "No data", "count"),
        Column("cannot_tell", "Of these: cannot tell", "count"),
        Column("on_track", "On track", "count"),
        Column("reported", "Of these: reported, no target", "count"),
        Column("not_due", "Not due", "count"),
        Column("behind", "Behind", "count"),
    ),
)  # fmt: skip
def foundations(data: PackData) -> Result:
    """Items of the strategy by foundation and status.

    One row per foundation, in the order of the strategy, what is of no foundation last: `foundation`, `items`, `no_data`,
    `cannot_tell` (of these), `on_track`, `reported` (of these: a number is there, and no target or direction judges it), `not_due`,
    `behind`. Statuses are computed by the rules K1 to K7 from findings of all packs
    and from the log of activity; an action has the status of the worst of its sub-actions, and these are not counted. Source: the
    strategy's table, and section 7.3 of the formats of the strategy packs.
    """
    items = relation_of(data)
    answers = ask(
        data,
        count("tracker_items", of=items, per=ITEM),
        count("tracker_on_track", of=items, where=always(f"status = '{Status.ON_TRACK}'"), per=ITEM),
        count("tracker_not_due", of=items, where=always(f"status = '{Status.NOT_DUE}'"), per=ITEM),
    )
    lines = [line for line in lines_of(data) if line.is_item]
    names = sorted(dict.fromkeys(line.foundation for line in lines), key=lambda name: name == WHOLE)
    rows = []
    for name in names:
        own = [line for line in lines if line.foundation == name]
        by_status = {part: sum(line.status == status for line in own) for part, status in PARTS.items()}
        unsure, reported = (
            sum(flags) for flags in zip(*((one.cannot_tell, one.is_only_reported) for one in own), strict=True)
        )
        rows.append(
            {"foundation": name, "items": len(own), **by_status, "cannot_tell": unsure, "reported": reported}
        )
    columns = ["foundation", "items", "no_data", "cannot_tell", "on_track", "reported", "not_due", "behind"]
    return Result.of(answers, [[row[name] for name in columns] for row in rows])


@foundations.shown
def exhibit(m: Measured) -> Shown:
    items, on_track, table = m["tracker_items"], m["tracker_on_track"], m.table
    sums = {part: int(table[part].sum()) for part in (*PARTS, "cannot_tell", "reported")}
    unsure = (
        f", for {sums['cannot_tell']} of them because a range lies on both sides" if sums["cannot_tell"] else ""
    )
    bars = tuple(
        (
            row.foundation,
            tuple(
                (
                    f"{SHAPES[status]} {status}",
                    getattr(row, part) / row.items,
                    f"{getattr(row, part)}",
                )
                for part, status in PARTS.items()
            ),
        )
        for row in table.itertuples()
    )
    return Shown(
        title=f"{on_track} of {counted(items, 'item', 'items')} {'is' if on_track.value == 1 else 'are'} on track; "
        f"{sums['behind']} {'is' if sums['behind'] == 1 else 'are'} behind",
        subtitle=f"Items of the strategy by foundation and status, what nobody has data on first. {m.where}",
        chart=Stack(bars),
        says=(
            f"For {sums['no_data']} there is no data{unsure}; {sums['not_due']} {'is' if sums['not_due'] == 1 else 'are'} not due yet. Each status follows from a rule "
            "and from files, and nobody types it.",
            *_reported(sums["reported"], on_track),
        ),
        caption="Items of the strategy by foundation and status",
    )


def _reported(reported: int, on_track: Finding) -> tuple[str, ...]:
    """That not all of what is on track was judged by a target."""
    if not reported:
        return ()
    return (
        f"Of the {on_track} on track {reported} {'is' if reported == 1 else 'are'} so because the number is reported that the strategy "
        "asks for: it sets no target by which to judge it.",
    )


def line(data: PackData) -> str:
    """One sentence for the first page: how many of the items of each foundation that are due are on track, and how many are behind;
    then how many are not due or without data; "" without a strategy."""
    table = foundations(data).table
    if not len(table):
        return ""
    due = table.assign(due=table["items"] - table["not_due"])
    parts = [
        f"{mid_sentence(row.foundation)} {row.on_track} of {row.due}"
        + (f" ({row.behind} behind)" if row.behind else "")
        for row in due[due["due"] > 0].itertuples()
    ]
    unknown, waiting, every = (
        number(float(table[name].sum()), "count") for name in ("no_data", "not_due", "items")
    )
    unreported = f"no data for {unknown} of {every}" + (f", {waiting} not due" if waiting != "0" else "")
    of_due = ", of those due" if waiting != "0" else ""
    reported = int(table["reported"].sum())
    judged = (
        f" ({number(reported, 'count')} only {'reports' if reported == 1 else 'report'} a number)"
        if reported
        else ""
    )
    return f"Promises on track{of_due}: {', '.join(parts) or 'none is due'}{judged}; {unreported}."
