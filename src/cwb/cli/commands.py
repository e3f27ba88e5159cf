"""The work of the commands match, review and template; the command line only shows the lines that they return."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Callable
from pathlib import Path

from cwb.base.characters import neutral
from cwb.base.database import MOST_MEMORY
from cwb.base.errors import CwbError, Fault
from cwb.base.privacy import WITHHELD
from cwb.base.progress import Progress, written
from cwb.council.config import Settings, load_config
from cwb.entities.matched import open_registers, prepare, read_parquet, spent_with
from cwb.entities.matching.evaluate import evaluate, read_labelled
from cwb.entities.matching.queue import write_queue
from cwb.entities.remarks import match_remarks
from cwb.entities.unapproved import write_unapproved
from cwb.entities.unplaced import write_unplaced
from cwb.lines.suggested import write_suggested
from cwb.packs.decisions_form import write_decisions_form
from cwb.sources.checklist_form import write_checklist_form
from cwb.sources.database import connect
from cwb.sources.forms import write_template
from cwb.sources.strategy_form import write_strategy_form

# Forms that are written from what is known of the council, most of them from its own payments.
FILLED = {
    "places": write_unplaced,
    "pass-through": write_suggested,
    "approved-names": write_unapproved,
    "decisions": write_decisions_form,
    "strategy": write_strategy_form,
    "checklists": write_checklist_form,
}

# Those that are made from the council's own payments are of no use before these.
FROM_PAYMENTS = frozenset(FILLED) - {"checklists", "strategy"}


def matching_account(config: Path, progress: Progress) -> list[str]:
    """Match all suppliers; the account by status and evidence, in suppliers and pounds of all periods."""
    settings = load_config(config)
    prepare(settings, progress)
    suppliers = read_parquet(settings.processed / "suppliers.parquet")
    if suppliers.empty:
        return ["There are no suppliers: no ledger, award or contract was supplied."]
    spent = spent_with(settings)
    suppliers["pounds"] = [float(spent.get(key, 0)) for key in suppliers["supplier_key"]]
    total = suppliers["pounds"].sum()
    lines = [f"{len(suppliers):,} suppliers, £{total:,.0f} of named spend in all periods"]
    for (status, evidence), group in suppliers.groupby(["match_status", "match_evidence"]):
        share = f", {group['pounds'].sum() / total:.1%} of spend" if total else ""
        lines.append(f"  {status}: {evidence}: {len(group):,} suppliers{share}")
    return lines + match_remarks(settings)


def evaluate_matching(labelled: Path, errors: Path, config: Path, progress: Progress) -> list[str]:
    """Precision, recall and coverage on labelled names; the errors go to a CSV file."""
    settings = load_config(config)
    # Before tables are made, which may take minutes.
    with tempfile.TemporaryDirectory() as scratch:
        names = read_labelled(labelled, Path(scratch))
    if errors.is_dir():
        raise CwbError(Fault(file=errors.name, rule="this is a folder", remedy="Give the name of a file."))
    prepare(settings, progress)
    con = connect(MOST_MEMORY)
    try:
        if not open_registers(con, settings):
            remedy = "Put one under data/raw, or use cwb fetch."
            raise CwbError(Fault(rule="there is no register to match with", remedy=remedy))
        result = evaluate(con, settings, names)
    finally:
        con.close()
    wrong = result.rows[result.rows["verdict"] != "right"]
    with written(errors) as part, part.open("w", encoding="utf-8-sig", newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow(wrong.columns)
        writer.writerows(
            [neutral(str(v)) if v is not None else "" for v in row] for row in wrong.itertuples(index=False)
        )
    return [
        f"{len(names):,} labelled names, {result.findable:,} of them on the registers at hand",
        f"precision {_share(result.precision)}: {result.right:,} right of {result.matched:,} matched",
        f"recall {_share(result.recall)}: {result.right:,} of {result.findable:,}",
        f"review {result.in_review:,}, the best candidate right in {result.right_in_review:,}",
        f"matched by spend {_share(result.by_spend)}",
        f"errors in {errors.name}",
    ]


def _share(value: float | None) -> str:
    return "not known" if value is None else f"{value:.4f}"


def write_review(config: Path, progress: Progress) -> tuple[Path, list[str]]:
    """Write the review queue; its path and the first rows in words."""
    settings: Settings = load_config(config)
    prepare(settings, progress)
    path, rows = write_queue(settings)
    lines = [f"{len(rows):,} suppliers wait to be decided or confirmed"]
    for row in rows.head(10).to_dict("records"):
        # A terminal names nobody: why it waits, and the candidates, are in the queue.
        is_hidden = row["display_name"] == WITHHELD
        why = (
            row["match_evidence"]
            if is_hidden
            else f"{row['match_detail']}; {row['candidate_1'] or 'no candidate'}"
        )
        lines.append(f"  £{row['spend_gbp']:,.0f}  {row['display_name']}: {why}")
    return path, lines


def write_form_of(name: str, folder: Path, config: Path, near: Callable[[Path], str], progress: Progress) -> str:
    """Write a form, which what is known of the council fills in for those of `FILLED`; where it is, and what to do."""
    fill = FILLED.get(name)
    if fill is None:
        path = write_template(name, folder, FILLED)
        # The form of anchors is a table of the settings, no file of a folder.
        return (
            near(path)
            if name == "anchors"
            else f"{near(path)}: an empty form. Fill it in and put it into the folder {name.replace('-', '_')}."
        )
    path, message = fill(load_config(config), folder, progress)
    return f"{near(path)}: {message}. Fill it in and put it into the folder {name.replace('-', '_')}."
