"""Every item of the strategy with its status, as rows that findings are counted from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from cwb.base.days import months_after
from cwb.base.rows import place_of
from cwb.charts.wording import sentence_case
from cwb.evidence.data import PackData
from cwb.packs.measure import Undefined
from cwb.packs.others import SharedFinding, found_by_others
from cwb.packs.questions import Relation, Thing, as_table
from cwb.packs.strategy_tracker.evidence import Log, Number
from cwb.packs.strategy_tracker.items import Item, items_of, parts_of
from cwb.packs.strategy_tracker.judge import DECIDED, World, log_rows, verdict_on, world_of
from cwb.packs.strategy_tracker.rules import REPORTED, Status, Verdict, of_parts
from cwb.sources.registry import sources

WHOLE = "The whole strategy"
ITEM = Thing("item", "display_name", "items of the strategy")
SHAPES = {Status.NO_DATA: "◆", Status.BEHIND: "▼", Status.NOT_DUE: "■", Status.ON_TRACK: "▲"}
_REVIEWED_MONTHS = 12
_MOST_FIGURES, _MOST_FILES = 2, 3


@dataclass(frozen=True)
class Line:
    """One item or sub-action with its status. `is_item` is false of a sub-action, which is a part of an action and counts by it.
    `settled_by` is what would settle it, `settler` whether that is a form, a file or a decision, or unknown; "" where it has a status."""

    source_file: str
    source_sheet: str | None
    source_row: int
    item: str
    display_name: str
    part_of: str
    foundation: str
    kind: str
    words: str
    rule: str
    status: str
    cannot_tell: bool
    why: str
    figure: str
    files: str
    last: date | None
    due: date | None
    since: date | None
    settled_by: str
    settler: str
    is_item: bool
    has_parts: bool
    is_reviewed: bool | None
    owner: str
    note: str

    @property
    def is_only_reported(self) -> bool:
        """On track because a number is reported, which nothing judges; of an action, where that is so of every part that decides."""
        return self.status == Status.ON_TRACK and self.why.endswith(REPORTED)

    @property
    def status_words(self) -> str:
        """The status in words with its shape."""
        status = Status(self.status)
        return f"{SHAPES[status]} {status}{': cannot tell' if self.cannot_tell else ''}"


def lines_of(data: PackData) -> tuple[Line, ...]:
    """All items and sub-actions of the period, in the order of the table. Raises `SourceError` for a table with faults."""
    return data.cached("strategy_lines", _lines)


def relation_of(data: PackData) -> Relation:
    """The items alone, as lines of a table; raise `Undefined` where the strategy has none."""
    if not any(line.is_item for line in lines_of(data)):
        raise Undefined("the table of the strategy has no item")
    return data.cached("strategy_relation", _relation).where("is_item")


def _relation(data: PackData) -> Relation:
    return data.add_table("strategy_items", as_table(Line, lines_of(data)), ("strategy", "activity"))


def _lines(data: PackData) -> tuple[Line, ...]:
    items, world = items_of(data), world_of(data)
    verdicts = {item.id: verdict_on(item, world) for item in items if item.kind != "action"}
    lines = []
    for item in items:
        parts = parts_of(items, item.id)
        verdict = _of_parts(parts, verdicts) if parts else verdicts[item.id]
        lines.append(_line(item, verdict, world, bool(parts)))
    return tuple(lines)


def _of_parts(parts: list[Item], verdicts: dict[str, Verdict]) -> Verdict:
    """An action by its parts, and which of them decides."""
    worst = of_parts([verdicts[part.id] for part in parts])
    deciding = [part.id for part in parts if verdicts[part.id].status is worst.status]
    return Verdict(
        worst.status, f"by {', '.join(deciding)}: {worst.why}", worst.cannot_tell, worst.last, worst.due,
        worst.settles,
    )  # fmt: skip


def _line(item: Item, verdict: Verdict, world: World, has_parts: bool) -> Line:
    row = item.row
    figures = _figures(item, world)
    is_open = verdict.status is Status.NO_DATA
    settled_by, settler = _settler(verdict) if is_open else ("", "")
    return Line(
        **place_of(row),
        item=item.id,
        display_name=f"{item.id} {row['words']}",
        part_of=item.part_of,
        foundation=row["foundation"] or WHOLE,
        kind=item.kind,
        words=sentence_case(row["words"]),
        rule=item.rule,
        status=verdict.status.value,
        cannot_tell=verdict.cannot_tell,
        why=verdict.why,
        figure="; ".join(_worded(one) for one in figures[:_MOST_FIGURES]),
        files=", ".join(_files(item, figures, world)),
        last=verdict.last,
        due=verdict.due,
        since=item.since,
        settled_by=settled_by,
        settler=settler,
        is_item=not item.is_part,
        has_parts=has_parts,
        is_reviewed=_is_reviewed(row["reviewed_date"], world.day),
        owner=row["owner"] or "",
        note=row["note"] or "",
    )


def _figures(item: Item, world: World) -> list[SharedFinding]:
    """The numbers of an item that are known: those that decide, then those that are only shown."""
    names = [term.finding for need in item.evidence for term in need if isinstance(term, Number)]
    found = (found_by_others(world.data, name) for name in dict.fromkeys((*names, *item.shown)))
    return [one for one in found if one.value is not None]


def _worded(found: SharedFinding) -> str:
    return f"{found.label}: {found.text}" + (f" ({found.bounds})" if found.bounds else "")


def _files(item: Item, figures: list[SharedFinding], world: World) -> list[str]:
    """The raw files behind an item's evidence, the log's last."""
    logs = [term for need in item.evidence for term in need if isinstance(term, Log)]
    rows = [row for term in logs for row in log_rows(item, term, world)]
    names = [name for one in figures for name in one.files] + [row["source_file"] for row in rows]
    once = list(dict.fromkeys(names))
    more = len(once) - _MOST_FILES
    return once if more <= 0 else [*once[:_MOST_FILES], f"{more} more"]


def _is_reviewed(reviewed: date | None, day: date) -> bool | None:
    if reviewed is None or reviewed > day:
        return None
    return months_after(reviewed, _REVIEWED_MONTHS) >= day


def _settler(verdict: Verdict) -> tuple[str, str]:
    """What would settle an item, and whether it is a form to fill in, a file to supply or a decision to take, or unknown."""
    for source in sources().values():
        if source.absent in verdict.why:
            words = source.words.partition(" (")[0]
            return (f"The form of {words}", "form") if source.form() else (f"A file of {words}", "file")
    if not verdict.settles:
        return (f"Not known yet: {verdict.why}", "unknown")
    return verdict.settles, "decision" if verdict.settles in DECIDED else "file"
