"""Build the packs of a period: every notebook through papermill, rendered, checked, and put in place at once.

A report is built in a hidden folder until it is complete. A run none of whose packs could be built leaves the reports as
they were; where some packs failed, the report is written without them, and its index, its manifest and the command's
last lines say so.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from cwb.base.characters import printable
from cwb.base.errors import Fault, PackError
from cwb.base.progress import Progress, quiet
from cwb.council.config import load_config
from cwb.council.periods import Period
from cwb.evidence.data import PackData
from cwb.evidence.record import NAME, unique, write_records
from cwb.lines.build import prepare_lines
from cwb.lines.engine import Engine
from cwb.packs.pack import Pack
from cwb.packs.registry import all_packs
from cwb.publish.execute import Parameters, check_parameters
from cwb.publish.manifest import origin_of, write_manifest
from cwb.publish.pages import EXHIBIT_ID, PAGE, TABLE, render_index
from cwb.publish.work import BuildJob, BuiltPack, build_packs


def run(
    period: str,
    config: str | Path = "cwb.toml",
    packs: tuple[Pack, ...] | None = None,
    progress: Progress = quiet,
    parameters: Parameters | None = None,
) -> Path:
    """Build `packs` (all) for `period` and return the folder of the report.

    Raises `CwbError` (settings, files, every pack failed) with nothing new left in reports, and `PackError` after writing
    the others where some packs failed.
    """
    settings = load_config(config)
    wanted = Period.parse(period)
    packs = packs or all_packs()
    # Before anything is built, and only where a caller passes some: each notebook checks its own again.
    for pack in packs if parameters else ():
        check_parameters(pack, settings, parameters or {})
    origin = origin_of(settings, packs, Path(config).name)
    lineage = prepare_lines(settings, progress)
    require_data(PackData(settings, wanted, "", lineage, Engine(settings)))
    results = _build(packs, BuildJob(settings, wanted, Path(config).name, parameters or {}, lineage), progress)
    built = tuple(pack for pack in packs if not results[pack.id].faults)
    failed = {pack: results[pack.id].faults for pack in packs if results[pack.id].faults}
    faults = [fault for of_pack in failed.values() for fault in of_pack]
    told = [fault for pack in built for fault in results[pack.id].told]
    if not built:
        raise PackError(faults)
    settings.reports.mkdir(parents=True, exist_ok=True)
    target, stage = settings.reports / str(wanted), settings.reports / f".{wanted}-part"
    shutil.rmtree(stage, ignore_errors=True)
    stage.mkdir()
    try:
        for pack in built:
            _write_pack(stage, pack, results[pack.id])
        first = {pack: numbers for pack in built if (numbers := results[pack.id].first) is not None}
        shown = [f for pack in built for exhibit in results[pack.id].exhibits for f in exhibit.findings]
        findings = unique([*shown, *(f for numbers in first.values() for f in numbers.findings)])
        _write_text(stage / NAME, write_records(findings))
        why_failed = {pack: str(of_pack[0]) for pack, of_pack in failed.items()}
        page = render_index(settings, wanted, first, why_failed, findings, lineage.reports)
        _write_text(stage / "index.html", page)
        is_whole = built == all_packs() and not parameters and not told
        write_manifest(stage, settings, wanted, built, tuple(failed), lineage, origin, is_whole)
        _put_in_place(stage, target)
    finally:
        shutil.rmtree(stage, ignore_errors=True)
    if faults or told:
        raise PackError([*faults, *told])
    return target


def _build(packs: tuple[Pack, ...], job: BuildJob, progress: Progress) -> dict[str, BuiltPack]:
    results: dict[str, BuiltPack] = {}
    progress(f"{len(packs)} packs", 0, len(packs))
    for result in build_packs(packs, job):
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
    quarters = [str(Period(row["financial_year"], row["quarter_number"])) for row in rows]
    remedy = "The raw files hold none of any period."
    if quarters:
        remedy = f"The raw files hold quarters from {quarters[0]} to {quarters[-1]}."
    rule = f"no payment, award or contract falls in {data.period.label}"
    raise PackError(Fault(rule=rule, value=str(data.period), remedy=remedy))


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
    path.parent.mkdir(parents=True, exist_ok=True)
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    path.write_bytes((mark + printable(text)).encode("utf-8"))


def _put_in_place(stage: Path, target: Path) -> None:
    old = target.with_name(f".{target.name}-old")
    shutil.rmtree(old, ignore_errors=True)
    try:
        if target.exists():
            target.rename(old)
        stage.rename(target)
    except PermissionError:
        if old.exists() and not target.exists():
            old.rename(target)
        remedy = "Close the files of this report that are open in other programs, and run again."
        raise PackError(Fault(file=target.name, rule="the report's folder is in use", remedy=remedy)) from None
    shutil.rmtree(old, ignore_errors=True)
