"""Build the packs of a period and put the report in place at once.

A report is built in a hidden folder until it is complete. A run none of whose packs could be built leaves the reports as
they were. One that lost a pack or a source that the standing report has is put beside it, as `2023-24.partial`; where no
report stands, it is written without them, and its index, its manifest and the command's last lines say so.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from cwb.base.errors import Fault, PackError
from cwb.base.lock import writing
from cwb.base.progress import Progress, quiet, tell
from cwb.council.config import load_config
from cwb.council.periods import Period
from cwb.packs.advice_rules import check_rules
from cwb.packs.pack import Pack
from cwb.packs.registry import all_packs
from cwb.packs.targets import check_named_findings
from cwb.publish.execute import Parameters, check_parameters
from cwb.publish.losses import Lost, lost
from cwb.publish.placing import partial_of, put_in_place, recover, stage_of
from cwb.publish.report import build_report


def run(
    period: str,
    config: str | Path = "cwb.toml",
    packs: tuple[Pack, ...] | None = None,
    progress: Progress = quiet,
    parameters: Parameters | None = None,
    replace: bool = False,
) -> Path:
    """Build `packs` (all) for `period` and return the folder of the report.

    `replace` puts a report in place though the one that stands has more. Raises `CwbError` (settings, files, every pack
    failed) with nothing new left in reports, and `PackError` after writing where some packs failed, an exhibit
    contradicts itself or the standing report was kept: its last fault says what stands in reports.
    """
    settings = load_config(config)
    wanted = Period.parse(period)
    check_rules(settings, {pack.id: pack.measures for pack in all_packs()})
    check_named_findings(settings, all_packs())
    # Before anything is built, and only where a caller passes some: each notebook checks its own again.
    for pack in (packs or all_packs()) if parameters else ():
        check_parameters(pack, settings, parameters or {})
    report = settings.reports / str(wanted)
    stage = stage_of(report)
    if os.path.lexists(report) and not report.is_dir():
        rule, remedy = "something stands where the report's folder goes", "Move it away, and run again."
        raise PackError(Fault(file=report.name, rule=rule, remedy=remedy))
    with writing(settings.shared_processed, settings.reports):
        recover(settings.reports)
        stage.mkdir()
        try:
            outcome = build_report(settings, wanted, stage, Path(config).name, packs, progress, parameters)
            # That they are still as they were hashed is known; they may have been edited between being read and being hashed.
            if load_config(config) != settings:
                rule = "it was changed while the packs were built"
                raise PackError(Fault(file=Path(config).name, rule=rule, remedy="Run again when nobody edits it."))
            missing = Lost() if replace else lost(report, stage)
            put_in_place(stage, partial_of(report) if missing.worse else report)
        finally:
            shutil.rmtree(stage, ignore_errors=True)
        if not missing.worse:
            shutil.rmtree(partial_of(report), ignore_errors=True)
    if missing.worse:
        raise PackError([*outcome.faults, *_kept(report, missing)])
    for what in missing.gone:
        tell(f"The report before had more, and inputs or code have changed since: {what}.")
    if outcome.faults:
        raise PackError([*outcome.faults, _in_place(report)])
    return report


def _in_place(report: Path) -> Fault:
    """What stands in reports after a run with faults: never pages of two builds."""
    rule = "the whole of this run's report is in place, and nothing of an earlier one; it lacks or contradicts what is named above"
    return Fault(file=report.name, rule=rule, remedy="Mend that and run again before you hand it on.")


def _kept(report: Path, missing: Lost) -> list[Fault]:
    remedy = f"Mend that and run again, or put this run's report in place with cwb run {report.name} --replace."
    why = "; ".join((*missing.worse, *missing.gone))
    kept = f"this run's report has less than the one that stands, which is kept ({why}); it is in {partial_of(report).name}"
    return [Fault(file=report.name, rule=kept, remedy=remedy)]
