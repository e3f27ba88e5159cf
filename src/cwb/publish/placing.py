"""A finished report is put where the one that stands is; after a crash between any two steps the old or the new is found.

Beside a report `2023-24` there may be `2023-24.partial`, which a later run wrote and which was worse (`cwb.publish.losses`).
"""

from __future__ import annotations

import shutil
from pathlib import Path

from cwb.base.ending import raise_if_stopping
from cwb.base.errors import Fault, PackError
from cwb.base.lock import writing

_PARTIAL = ".partial"


def partial_of(report: Path) -> Path:
    """Where a run puts its report when the one that stands is better."""
    return report.with_name(report.name + _PARTIAL)


def is_partial(report: Path) -> bool:
    """Whether a folder is such a report, which is none of the period's own."""
    return report.name.endswith(_PARTIAL)


def stage_of(report: Path) -> Path:
    """The hidden folder in which a report is built."""
    return report.with_name(f".{report.name}-part")


def _old_of(report: Path) -> Path:
    return report.with_name(f".{report.name}-old")


def put_in_place(stage: Path, report: Path) -> None:
    """Put the report that was built in `stage` where `report` is, which goes.

    The old one is moved aside first. A process that dies before the next step leaves none of that name, and
    `recover` brings the old one back. Raises `PackError` where a file of it is open in another program.
    """
    old = _old_of(report)
    raise_if_stopping()
    recover_one(report)
    try:
        if report.exists():
            report.rename(old)
        stage.rename(report)
    except PermissionError:
        recover_one(report)
        remedy = "Close the files of this report that are open in other programs, and run again."
        raise PackError(Fault(file=report.name, rule="the report's folder is in use", remedy=remedy)) from None
    except BaseException:
        recover_one(report)
        raise
    shutil.rmtree(old, ignore_errors=True)


def recover_one(report: Path) -> None:
    """Bring back a report that was moved aside and not replaced; take away what a process that died has left of it."""
    old = _old_of(report)
    if old.exists() and not report.exists():
        old.rename(report)
    shutil.rmtree(old, ignore_errors=True)


def bring_back(report: Path) -> None:
    """For who reads a report: if a run that died has moved it aside, bring it back."""
    if _old_of(report).exists() and not report.exists():
        with writing(report.parent):
            recover_one(report)


def recover(reports: Path) -> None:
    """After a crash: bring back every report that was moved aside, take away what was half built. The caller holds the lock."""
    for old in reports.glob(".*-old"):
        recover_one(reports / old.name[1:].removesuffix("-old"))
    for stage in reports.glob(".*-part"):
        shutil.rmtree(stage, ignore_errors=True)
