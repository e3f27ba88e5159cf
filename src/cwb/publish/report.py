"""A whole report of a period, built into a folder that is given: every notebook through papermill, rendered and checked.

Nothing is put in place here: `cwb.publish.run` builds into a hidden folder beside the reports, `cwb verify` into one that
is thrown away.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from itertools import zip_longest
from pathlib import Path

from cwb.base.characters import printable
from cwb.base.ending import raise_if_stopping
from cwb.base.errors import Fault, PackError, SourceError
from cwb.base.kept import State
from cwb.base.progress import Progress, naming, quiet
from cwb.council.config import Settings
from cwb.council.periods import Period
from cwb.evidence.data import PackData, data_of, sharing_tables
from cwb.evidence.record import NAME, unique, write_records
from cwb.lines.build import prepare_lines, table_states
from cwb.packs.annex import PACK as ANNEX
from cwb.packs.decisions import decisions_taken, why_none
from cwb.packs.pack import Pack
from cwb.packs.registry import all_packs
from cwb.publish import datapackage, explorer, ical, workbook
from cwb.publish.brief import committee
from cwb.publish.brief.assemble import assemble
from cwb.publish.brief.page import render_brief
from cwb.publish.contradictions import contradictions
from cwb.publish.execute import Parameters
from cwb.publish.explorer.page import render_explorer
from cwb.publish.manifest import Origin, origin_of, write_manifest
from cwb.publish.pages import EXHIBIT_ID, PAGE, TABLE
from cwb.publish.work import BuildJob, BuiltPack, build_packs, workers_for
from cwb.publish.workers import Workers
from cwb.sources.inputs import list_inputs
from cwb.sources.store import Lineage


@dataclass(frozen=True)
class Outcome:
    """What a report in its folder consists of: the packs that it has, why it lacks the others, what its tables are of, and
    what went wrong with single exhibits of the packs that it has or contradicts itself in them."""

    built: tuple[Pack, ...]
    failed: dict[Pack, tuple[Fault, ...]]
    lineage: Lineage
    exhibit_faults: tuple[Fault, ...] = ()

    @property
    def faults(self) -> list[Fault]:
        return [*(fault for of_pack in self.failed.values() for fault in of_pack), *self.exhibit_faults]


@sharing_tables()
def build_report(
    settings: Settings,
    period: Period,
    stage: Path,
    config: str = "cwb.toml",
    packs: tuple[Pack, ...] | None = None,
    progress: Progress = quiet,
    parameters: Parameters | None = None,
) -> Outcome:
    """Build `packs` (all) for a period into the folder `stage`, which is empty; the manifest is written last.

    `settings` say where the processed tables are made; `config` is the name of their file. Raises `CwbError` (files, a
    period without data, every pack failed); a pack that failed beside others is told in the outcome, index and manifest.
    """
    packs = packs or all_packs()
    # One state of the world: figures are of these files, and the manifest states their hashes.
    inputs = list_inputs(settings, is_remembered=False)
    origin = origin_of(settings, packs, config, inputs.hashes)
    lineage = prepare_lines(settings, progress, inputs)
    states = table_states(settings)
    data = data_of(settings, period, "", lineage)
    require_data(data)
    for pack in packs:
        pack.check(data)
    with workers_for(packs) as workers:
        results = _build(packs, BuildJob(settings, period, config, parameters or {}, lineage), progress, workers)
        built = tuple(pack for pack in packs if not results[pack.id].faults)
        raise_if_stopping()
        if changes := [*inputs.changes(settings), *_changes(settings, packs, origin, config, states)]:
            raise SourceError(changes)
        failed = {pack: results[pack.id].faults for pack in packs if results[pack.id].faults}
        pages = {pack.html_name: results[pack.id].exhibits for pack in built}
        exhibit_faults = (
            *(f for pack in built for f in results[pack.id].exhibit_faults),
            *contradictions(pages, period),
        )
        outcome = Outcome(built, failed, lineage, exhibit_faults)
        if not built:
            raise PackError(outcome.faults)
        for pack in built:
            _write_pack(stage, pack, results[pack.id])
        parts = [part for pack in built if (part := results[pack.id].part) is not None]
        shown = [f for pack in built for exhibit in results[pack.id].exhibits for f in exhibit.findings]
        findings = unique([*shown, *(f for part in parts for f in part.findings)])
        _write_text(stage / NAME, write_records(findings))
        exhibits = {pack: results[pack.id].exhibits for pack in built}
        sheets = workbook.evidence_sheets(period, exhibits, findings)
        # It takes as long as all that follows.
        book = workers.begin(workbook.evidence_workbook, settings, period, sheets)
        package = datapackage.describe_tables(settings, period, exhibits, lineage)
        _write_text(stage / "tables" / datapackage.NAME, package)
        every = [exhibit for of_pack in exhibits.values() for exhibit in of_pack]
        if calendar := ical.duties_calendar(every, settings.council.name, data.report_day):
            _write(stage / ical.NAME, calendar)
        if settings.report.explorer:
            rows = {pack: found for pack in built if (found := results[pack.id].rows) is not None}
            _write_text(stage / explorer.PAGE, render_explorer(settings, period, rows))
        why_failed = {pack.question: str(of_pack[0]) for pack, of_pack in outcome.failed.items()}
        taken, none_taken = decisions_taken(data), why_none(data)
        brief = assemble(settings, period, parts, why_failed, findings, lineage.reports, taken, none_taken)
        _write(stage / committee.NAME, committee.committee_report(brief, settings, period))
        _write(stage / workbook.NAME, book())
        _write_text(stage / "index.html", render_brief(brief, settings, period, _further(stage)))
        is_whole = built == all_packs() and not parameters and not exhibit_faults
        write_manifest(
            stage, settings, period, built, tuple(outcome.failed), lineage, origin, is_whole, parameters or {}
        )
        return outcome


def _further(stage: Path) -> tuple[tuple[str, str], ...]:
    """Files of the report besides its packs."""
    files = (
        (ANNEX.html_name, "Annex: how the figures of all packs were made, with every file, match and definition"),
        (PAGE, "Coming contracts, a page for suppliers that can be published as it is"),
        (ical.NAME, "What we must still publish, with its days, for any calendar program"),
        (explorer.PAGE, "The rows behind every number, to search and sort"),
        (committee.NAME, "This brief as a report to the committee (Word)"),
        (workbook.NAME, "Every table and every number (Excel)"),
    )
    return tuple((name, what) for name, what in files if (stage / name).is_file())


def _changes(
    settings: Settings, packs: tuple[Pack, ...], then: Origin, config: str, states: dict[str, State]
) -> list[Fault]:
    """Settings, their tables, notebooks and processed tables that are not any more as they were."""
    now = origin_of(settings, packs, config, then.inputs)
    before, after = {**then.settings, **then.notebooks}, {**now.settings, **now.notebooks}
    names = [name for name in sorted(before.keys() | after.keys()) if before.get(name) != after.get(name)]
    tables = table_states(settings)
    names += [name for name in sorted(states.keys() | tables.keys()) if states.get(name) != tables.get(name)]
    names += ["the code of cwb"] if then.code != now.code else []
    remedy = "Run again when nobody edits it."
    return [Fault(file=name, rule="it was changed while the packs were built", remedy=remedy) for name in names]


def _build(packs: tuple[Pack, ...], job: BuildJob, progress: Progress, workers: Workers) -> dict[str, BuiltPack]:
    results: dict[str, BuiltPack] = {}
    progress(f"{len(packs)} packs", 0, len(packs))
    with closing(build_packs(packs, job, workers)) as built:
        for result in built:
            results[result.pack_id] = result
            progress(next(pack.notebook for pack in packs if pack.id == result.pack_id), len(results), len(packs))
    return results


def require_data(data: PackData) -> None:
    """Raise `PackError` for a period without a payment, award or contract: a typing error, not a pack of unknowns."""
    tables = ("spend_lines", "award_lines", "contract_lines")
    if any(data.count(data.relation(table)) for table in tables):
        return
    days = " UNION ALL ".join(f"SELECT financial_year, quarter_number FROM {table}" for table in tables)
    rows = data.rows(f"SELECT DISTINCT financial_year, quarter_number FROM ({days}) ORDER BY ALL")
    quarters = [Period(row["financial_year"], row["quarter_number"]) for row in rows]
    remedy = "The raw files hold none of any period."
    if quarters:
        remedy = f"The raw files hold quarters from {' and '.join(_runs(quarters))}."
    if lost := [report.file for report in data.lineage.reports if report.is_lost]:
        remedy += f" Of {', '.join(lost[:3])} no row could be counted: cwb check says why."
    rule = f"no payment, award or contract falls in {data.period.label}"
    raise PackError(Fault(rule=rule, value=str(data.period), remedy=remedy))


def _runs(quarters: Sequence[Period]) -> Iterator[str]:
    """Quarters that follow one another, each run of them by its first and last."""
    first = quarters[0]
    for quarter, following in zip_longest(quarters, quarters[1:]):
        if following is None or following.start != quarter.end + timedelta(days=1):
            yield f"{first}" if first == quarter else f"{first} to {quarter}"
            first = following


def _write_pack(stage: Path, pack: Pack, result: BuiltPack) -> None:
    _write_text(stage / pack.html_name, result.page)
    if result.supplier_page:
        _write_text(stage / PAGE, result.supplier_page)
    for exhibit in result.exhibits:
        if exhibit.csv is not None:
            _write_text(stage / "tables" / exhibit.csv_name, "\ufeff" + exhibit.csv)
            if exhibit.id == EXHIBIT_ID:
                _write_text(stage / TABLE, "\ufeff" + exhibit.csv)


def _write_text(path: Path, text: str) -> None:
    """Write a file of the report: UTF-8, and no character that is not printable but tab, line ends and the mark
    with which a CSV begins, whatever its source."""
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    _write(path, (mark + printable(text)).encode("utf-8"))


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with naming(path):
        path.write_bytes(content)
