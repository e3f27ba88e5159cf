"""Make a report again from raw files, settings and notebooks in a clean folder, and compare every byte.

Nothing of data/processed is used and nothing of the report but its manifest, which says for which period, of which packs and
with which parameters it was made.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import cwb
from cwb.base.errors import CwbError, Fault
from cwb.base.progress import Progress, quiet
from cwb.council.config import Settings, load_config
from cwb.council.periods import Period
from cwb.packs.registry import all_packs
from cwb.publish.differences import differences
from cwb.publish.folder import has_print, shown
from cwb.publish.intact import check_inputs
from cwb.publish.manifest import AGAIN, NAME, Manifest, code_hashes, read_manifest
from cwb.publish.placing import is_partial
from cwb.publish.report import build_report

_PRINT = "print/ was not looked at: its PDFs are made by a browser, and are no part of what is checked."


def verify(report: Path, config: str | Path = "cwb.toml", progress: Progress = quiet) -> list[Fault]:
    """All that is wrong with a report, by name; an empty list means that every byte of it is made again as it is.

    What was changed since it was built (raw files, settings, notebooks, code) is named first, and the report is then compared
    with what is made of them now.
    """
    faults: list[Fault] = []
    # On Windows a file that something still holds open cannot go; that must not stand in the way of what was found.
    with tempfile.TemporaryDirectory(prefix="cwb-verify-", ignore_cleanup_errors=True) as clean:
        try:
            settings = _in_clean_folder(load_config(config), Path(clean))
            manifest, faults = read_manifest(report)
            if manifest is None:
                return faults
            faults += _check_origin(report, settings, manifest)
            faults += check_inputs(settings, manifest, Path(config).name)
            rebuilt = Path(clean) / "report"
            faults += make_again(settings, manifest, Path(config).name, rebuilt, progress)
            progress("comparing", 0, 1)
            faults += differences(report, rebuilt, faults)
        except CwbError as error:
            faults += error.faults
    # What cannot be read is met twice: when its hash is taken and when it is read.
    return list(dict.fromkeys(faults))


def make_again(
    settings: Settings, manifest: Manifest, config: str, rebuilt: Path, progress: Progress
) -> list[Fault]:
    """Make the report that a manifest tells of anew into a folder; why packs of it could not be made.

    Raises `CwbError` where none can be made.
    """
    packs = tuple(pack for pack in all_packs() if pack.notebook in _notebooks(manifest))
    if not packs:
        raise CwbError(Fault(file=NAME, rule="it names the notebook of no pack", remedy=AGAIN))
    rebuilt.mkdir()
    period = Period.parse(manifest.period)
    return build_report(settings, period, rebuilt, config, packs, progress, dict(manifest.parameters)).faults


def _in_clean_folder(settings: Settings, folder: Path) -> Settings:
    """The same settings with another place for processed tables, so that none that are there can be used."""
    data = settings.data.model_copy(update={"processed": folder / "processed"})
    return settings.model_copy(update={"data": data})


def remarks(report: Path) -> list[str]:
    """What a reader must know of a report that holds: which packs it is without, what it was made with, `print/`."""
    manifest, _ = read_manifest(report)
    remarks = [_PRINT] if has_print(report) else []
    if manifest is None:
        return remarks
    if lacking := [pack.notebook for pack in all_packs() if pack.notebook not in _notebooks(manifest)]:
        remarks.append(f"It is a report of some packs alone, without {', '.join(lacking)}.")
    if manifest.parameters:
        passed = ", ".join(f"{name} = {value}" for name, value in manifest.parameters.items())
        remarks.append(f"It was made with other parameters than the notebooks' own: {shown(passed)}.")
    return remarks


def _notebooks(manifest: Manifest) -> set[str]:
    return {*manifest.not_built, *(notebook.name for notebook in manifest.notebooks)}


def _check_origin(report: Path, settings: Settings, manifest: Manifest) -> Iterator[Fault]:
    """Whether it is a report of this council, of the period of its folder, and of the code that is running."""
    if manifest.council != settings.council.name:
        rule = f"the report is of {shown(manifest.council)}, and the settings are of {settings.council.name}"
        yield Fault(
            file=NAME, column="council", rule=rule, remedy="Verify it with its own settings, with --config."
        )
    folder = report.absolute().stem if is_partial(report.absolute()) else report.absolute().name
    if _is_period(folder) and folder != manifest.period:
        rule = f"the report is of {shown(manifest.period)}, and its folder is that of {folder}"
        yield Fault(file=NAME, column="period", rule=rule, remedy="Move it to the folder of its own period.")
    for notebook in sorted(_notebooks(manifest) - {pack.notebook for pack in all_packs()}):
        yield Fault(file=shown(notebook), rule="no pack is made of this notebook", remedy=AGAIN)
    remedy = "Such a report cannot hold. Verify it with what made it; what differs below may come from that alone."
    now, then = code_hashes(), manifest.made_by
    if then is None or then.code != now.code:
        version = shown(str(manifest.versions.get("cwb", "not known")))
        rule = f"the report was made by other code of cwb (version {version}) than verifies it ({cwb.__version__})"
        yield Fault(file=NAME, column="made_by, code", rule=rule, remedy=remedy)
    if then is None or then.environment != now.environment:
        rule = "the report was made with another Python or other installed packages"
        yield Fault(file=NAME, column="made_by, environment", rule=rule, remedy=remedy)


def _is_period(name: str) -> bool:
    try:
        return str(Period.parse(name)) == name
    except CwbError:
        return False
