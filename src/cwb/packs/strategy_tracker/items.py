"""The items of the strategy as the council's table has them, and what is wrong with that table: all of it at once."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches

from cwb.base.errors import Fault, SourceError
from cwb.base.rows import PLACE, Row
from cwb.evidence.data import PackData
from cwb.packs.registry import all_packs, pack_with
from cwb.packs.strategy_tracker.evidence import Evidence, Log, Number, read_evidence
from cwb.sources.datasets.activity import KINDS as ACTIVITIES

PACK_ID = "strategy_tracker"


@dataclass(frozen=True)
class Item:
    """One item of the strategy; `row` is that of the table with all that it states. An action has no evidence of its own."""

    id: str
    part_of: str
    kind: str
    rule: str
    evidence: Evidence
    shown: tuple[str, ...]
    better: str
    months: int | None
    target: float | None
    by: date | None
    since: date | None
    row: Row

    @property
    def is_part(self) -> bool:
        return self.kind == "sub-action"


def names_in(text: str | None) -> tuple[str, ...]:
    """Ids that a cell lists, separated by semicolons or commas, in capitals but for the letter of a part: "A1.2A" is A1.2a."""
    found = (name.strip() for name in re.split(r"[;,]", text or ""))
    return tuple(name[:1].upper() + name[1:].lower() for name in found if name)


def items_of(data: PackData) -> tuple[Item, ...]:
    """All items in the order of the table; raise `SourceError` with every fault of the table at once."""
    check_strategy(data)
    return tuple(_item(row) for row in rows_of(data) if row["kind"] != "remark")


def rows_of(data: PackData) -> list[Row]:
    return data.rows(f"SELECT * FROM strategy ORDER BY {PLACE}")


def _item(row: Row) -> Item:
    months = row["interval_months"]
    return Item(
        names_in(row["item"])[0], next(iter(names_in(row["part_of"])), ""), row["kind"], row["rule"] or "",
        read_evidence(row["evidence"]), _ids(row["shown"]), row["better"] or "", None if months is None else int(months),
        row["target"], row["target_date"], row["since"], row,
    )  # fmt: skip


def _ids(text: str | None) -> tuple[str, ...]:
    return tuple(name.strip() for name in (text or "").split(";") if name.strip())


def check_strategy(data: PackData) -> None:
    """Raise `SourceError` with every row of the table that is refused or not read whole, and every id, kind and rule that nothing
    here has: a promise must not drop out of the tracker because of a typing error."""
    faults = [
        *(fault for report in data.lineage.of("strategy") for fault in report.faults()),
        *(
            Fault(
                "this value cannot be read", "Correct it, or leave the cell empty.", report.file, row=one.row,
                column=one.column, value=one.examples[0],
            )
            for report in data.lineage.of("strategy")
            for one in report.unread
        ),
    ]  # fmt: skip
    rows = rows_of(data)
    kinds = {names_in(row["item"])[0]: row["kind"] for row in rows}
    parts = {name for row in rows if row["kind"] == "sub-action" for name in names_in(row["part_of"])}
    for row in rows:
        faults += [*_of_place(row, kinds, parts), *_of_evidence(row)]
        faults += [_unknown(row, "shown", name) for name in _ids(row["shown"]) if not _is_found(name)]
    if faults:
        reports = {report.file: report for report in data.lineage.of("strategy")}
        raise SourceError([reports[one.file or ""].headed(one) for one in faults])


def _fault(row: Row, column: str, rule: str, remedy: str, value: str | None = None) -> Fault:
    stated = row[column] if value is None else value
    return Fault(rule, remedy, row["source_file"], row["source_sheet"], row["source_row"], column, stated)


def _is_found(name: str) -> bool:
    """Whether another pack has a finding of this id."""
    try:
        return pack_with(name).id != PACK_ID
    except KeyError:
        return False


def _unknown(row: Row, column: str, name: str) -> Fault:
    known = {
        one
        for pack in all_packs()
        if pack.id != PACK_ID
        for measure in pack.measures
        for one in measure.finding_ids
    }
    near = get_close_matches(name, sorted(known))
    remedy = f"Did you mean {', '.join(near)}?" if near else "The definitions in the annex list all ids."
    return _fault(row, column, "no other pack has a finding of this id", remedy, name)


def _of_place(row: Row, kinds: Mapping[str, str], parts: set[str]) -> Iterator[Fault]:
    """Faults of how the items hang together."""
    missing = [name for name in names_in(row["part_of"]) if name not in kinds]
    if missing:
        yield _fault(row, "part_of", "no item of the table is called so", "Name an item.", ", ".join(missing))
    if row["kind"] == "sub-action" and not any(kinds.get(name) == "action" for name in names_in(row["part_of"])):
        yield _fault(row, "part_of", "a sub-action is part of an action", "Name its action, such as A1.2.")
    if row["kind"] == "action" and names_in(row["item"])[0] not in parts:
        yield _fault(
            row, "item", "no sub-action is part of this action", "Give it one: it has no status of its own."
        )


def _of_evidence(row: Row) -> Iterator[Fault]:
    try:
        terms = [term for need in read_evidence(row["evidence"]) for term in need]
    except ValueError as what:
        yield _fault(
            row, "evidence", "it cannot be read", "docs/strategy.md says how evidence is written.", f"{what}"
        )
        return
    for term in terms:
        if isinstance(term, Log):
            strange = [kind for kind in term.kinds if kind not in ACTIVITIES]
            remedy = f"The log has {', '.join(ACTIVITIES)}."
            yield from (_fault(row, "evidence", "the log has no such kind", remedy, kind) for kind in strange)
        elif not _is_found(term.finding):
            yield _unknown(row, "evidence", term.finding)
        elif isinstance(term, Number) and not term.sign:
            yield from _untested(row, term)


def _untested(row: Row, term: Number) -> Iterator[Fault]:
    """What a rule needs of a finding that is put to no test."""
    if row["rule"] == "K7":
        remedy = f"Say what the claim makes of it, such as {term.finding} > 0."
        yield _fault(row, "evidence", "a claim is audited by a test", remedy, term.finding)
    if row["rule"] == "K1" and not row["better"]:
        remedy = "Say whether more or less is better, or write a test beside the finding."
        yield _fault(row, "better", "a direction has no better way", remedy, "")


def parts_of(items: Sequence[Item], action: str) -> list[Item]:
    """The sub-actions of an action."""
    return [item for item in items if item.is_part and item.part_of == action]
