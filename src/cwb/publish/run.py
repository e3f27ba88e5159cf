"""Build the packs of a period and put the report in place at once.

A report is built in a hidden folder until it is complete. A run none of whose packs could be built leaves the reports as
they were; where some packs failed, the report is written without them, and its index, its manifest and the command's
last lines say so.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from cwb.base.errors import Fault, PackError
from cwb.base.progress import Progress, quiet
from cwb.council.config import load_config
from cwb.council.periods import Period
from cwb.packs.pack import Pack
from cwb.packs.registry import all_packs
from cwb.publish.execute import Parameters, check_parameters
from cwb.publish.report import build_report


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
    # Before anything is built, and only where a caller passes some: each notebook checks its own again.
    for pack in (packs or all_packs()) if parameters else ():
        check_parameters(pack, settings, parameters or {})
    settings.reports.mkdir(parents=True, exist_ok=True)
    target, stage = settings.reports / str(wanted), settings.reports / f".{wanted}-part"
    shutil.rmtree(stage, ignore_errors=True)
    stage.mkdir()
    try:
        outcome = build_report(settings, wanted, stage, Path(config).name, packs, progress, parameters)
        _put_in_place(stage, target)
    finally:
        shutil.rmtree(stage, ignore_errors=True)
    if outcome.faults:
        raise PackError(outcome.faults)
    return target


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
