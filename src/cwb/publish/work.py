"""Packs built in parallel: each notebook is run and rendered in this process or in a worker that is warm before its first pack.

Workers are spawned, never forked, so that Windows does the same as everything else. One pack, or one core, needs none; and this
process, which is warm before any worker, builds packs too.
"""

from __future__ import annotations

import os
from collections.abc import Generator
from dataclasses import dataclass, replace

from cwb.base.errors import CwbError, Fault
from cwb.charts.figure import ExhibitRecord, in_short
from cwb.council.config import Settings
from cwb.council.periods import Period
from cwb.evidence.data import data_of, given_tables
from cwb.lines.build import require_tables
from cwb.packs.others import SharedFinding, given_findings, shared_findings
from cwb.packs.pack import Pack
from cwb.packs.registry import pack_of
from cwb.publish.brief.gather import gather
from cwb.publish.brief.model import PackPart
from cwb.publish.execute import Parameters, execute
from cwb.publish.explorer.rows import rows_of_pack
from cwb.publish.explorer.store import PackRows
from cwb.publish.pages import EXHIBIT_ID, render_supplier_page
from cwb.publish.render import exhibits_of, render_notebook
from cwb.publish.warm import warm
from cwb.publish.workers import Workers
from cwb.sources.store import Lineage

_LARGEST_PACK = 1_000_000
_REMEDY = "All others stand. Look for an odd value in the files behind it, and tell the makers of cwb."


@dataclass(frozen=True)
class BuildJob:
    """What all packs of a run share: `config` is the settings' file name, `parameters` go to every notebook; `of_others`
    is what the packs built before have found, for one that asks them."""

    settings: Settings
    period: Period
    config: str
    parameters: Parameters
    lineage: Lineage
    of_others: tuple[SharedFinding, ...] = ()


@dataclass(frozen=True)
class BuiltPack:
    """A pack as it will be written: its page, its exhibits, the page for suppliers if it has one, its part of the brief, the rows
    behind its findings for the explorer, and what other packs may use; or what went wrong. `exhibit_faults` are those of single
    exhibits, which say so in their places."""

    pack_id: str
    page: str = ""
    exhibits: tuple[ExhibitRecord, ...] = ()
    supplier_page: str = ""
    part: PackPart | None = None
    rows: PackRows | None = None
    found: tuple[SharedFinding, ...] = ()
    faults: tuple[Fault, ...] = ()
    exhibit_faults: tuple[Fault, ...] = ()


def build_pack(pack: Pack, job: BuildJob) -> BuiltPack:
    """Run and render one pack; a fault of the notebook or of its inputs is returned and not raised."""
    with given_findings(job.of_others):
        return _build(pack, job)


def _build(pack: Pack, job: BuildJob) -> BuiltPack:
    try:
        require_tables(job.settings, job.lineage)
        with given_tables(job.settings, job.lineage):
            notebook = execute(pack, job.settings, job.period, job.config, job.parameters)
    except CwbError as error:
        return BuiltPack(pack.id, faults=tuple(error.faults))
    shown = exhibits_of(notebook)
    page = render_notebook(notebook, job.settings, job.period)
    faults = _missing(pack, [exhibit.id for exhibit, _ in shown], page)
    if faults:
        return BuiltPack(pack.id, faults=faults)
    supplier_page = next(
        (render_supplier_page(job.settings, job.period, e, markup) for e, markup in shown if e.id == EXHIBIT_ID),
        "",
    )
    data = data_of(job.settings, job.period, pack.id, job.lineage)
    what = "its part of the brief"
    try:
        part = gather(pack, data) if pack.first else None
        what = "the rows behind its numbers"
        rows = rows_of_pack(pack.id, pack.findings(data)) if job.settings.report.explorer else None
        what = "what it tells other packs"
        found = shared_findings(pack, data)
    except Exception as error:
        rule = f"{what} failed with {in_short(error)}"
        return BuiltPack(pack.id, faults=(Fault(file=pack.notebook, rule=rule, remedy=_REMEDY),))
    exhibits = tuple(exhibit for exhibit, _ in shown)
    return BuiltPack(
        pack.id, page, exhibits, supplier_page, part, rows, found, exhibit_faults=_not_drawn(pack, exhibits)
    )


def _not_drawn(pack: Pack, exhibits: tuple[ExhibitRecord, ...]) -> tuple[Fault, ...]:
    return tuple(
        Fault(
            file=pack.html_name,
            column=one.id,
            rule=f"this exhibit could not be drawn: {one.failed}",
            remedy=_REMEDY,
        )
        for one in exhibits
        if one.failed
    )


def _missing(pack: Pack, shown: list[str], page: str) -> tuple[Fault, ...]:
    missing = set(pack.exhibits) - set(shown) | {name for name in shown if f'id="fig-{name}"' not in page}
    if missing:
        rule = f"the pack lacks the exhibits {', '.join(sorted(missing))}"
        return (Fault(file=pack.notebook, rule=rule, remedy="Restore their cells in the notebook."),)
    if len(page.encode()) > _LARGEST_PACK:
        return (Fault(file=pack.html_name, rule="a pack is under 1 MB", remedy="Shorten its longest table."),)
    return ()


def workers_for(packs: tuple[Pack, ...]) -> Workers:
    """Workers beside this process: of packs and cores there is one for each."""
    return Workers(min(len(packs), os.cpu_count() or 1) - 1, warm)


def build_packs(packs: tuple[Pack, ...], job: BuildJob, workers: Workers) -> Generator[BuiltPack]:
    """Build packs and yield each as soon as it is done, in no set order; one that fails does not stop the others. Those that ask
    others for what they found are built last."""
    found: list[SharedFinding] = []
    for built in _build_all(tuple(pack for pack in packs if not pack.asks_others), job, workers):
        found += built.found
        yield built
    job = replace(job, of_others=tuple(found))
    yield from _build_all(tuple(pack for pack in packs if pack.asks_others), job, workers)


def _build_all(packs: tuple[Pack, ...], job: BuildJob, workers: Workers) -> Generator[BuiltPack]:
    if len(packs) < 2 or not workers.number:
        yield from (build_pack(pack, job) for pack in packs)
        return
    by_id = {pack.id: pack for pack in _longest_first(packs)}
    calls = {name: (name, job) for name in by_id}
    for pack_id, result in workers.each(_build_by_id, calls, here=True):
        yield _lost(by_id[pack_id], result) if isinstance(result, Exception) else result


def _lost(pack: Pack, error: Exception) -> BuiltPack:
    what = (
        "it needs more memory than there is"
        if isinstance(error, MemoryError)
        else f"{type(error).__name__}: {error}"
    )
    remedy = "Close other programs and run it again."
    return BuiltPack(pack.id, faults=(Fault(file=pack.notebook, rule=f"its worker ended: {what}", remedy=remedy),))


def _build_by_id(pack_id: str, job: BuildJob) -> BuiltPack:
    # Measures are functions, which do not travel to another process: the worker finds the pack by its id.
    return build_pack(pack_of(pack_id), job)


def _longest_first(packs: tuple[Pack, ...]) -> list[Pack]:
    """The packs with most exhibits first, so that the last to finish is a short one."""
    return sorted(packs, key=lambda pack: (-len(pack.exhibits), pack.id))
