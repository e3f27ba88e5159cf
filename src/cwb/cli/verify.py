"""`cwb verify`: whether a report is what its raw files give, or, by its check value, the one that the council published."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from cwb.base.errors import CwbError, Fault
from cwb.cli.terminal import Config, bar_of, err, fail, near, out


def verify(
    report: Annotated[
        Path | None, typer.Argument(help="A report's folder, such as reports/2025-26-Q2.", show_default=False)
    ] = None,
    value: Annotated[
        str | None,
        typer.Option("--hash", metavar="VALUE", help="Only compare the folder (this one) with a check value."),
    ] = None,
    config: Config = Path("cwb.toml"),
) -> None:
    """Make a report again from raw files, settings and notebooks in a clean folder, and compare every byte.

    Every difference is named, and the command ends with 1. Without raw files, --hash tells whether a copy is the report that
    bears this check value on its first page.
    """
    if value is not None:
        # "." has no name of its own.
        _compare((report or Path()).absolute(), value)
        return
    if report is None:
        remedy = "Write cwb verify reports/2025-26-Q2, or give a check value with --hash."
        raise CwbError(Fault(rule="no report is named", remedy=remedy))
    from cwb.council.config import find_config  # noqa: PLC0415 - --help must not wait for pandas
    from cwb.publish.placing import bring_back  # noqa: PLC0415
    from cwb.publish.verify import remarks  # noqa: PLC0415
    from cwb.publish.verify import verify as verify_report  # noqa: PLC0415

    report = report.absolute()
    bring_back(report)
    with bar_of(f"Verifying {report.name}") as step:
        faults = verify_report(report, find_config(config), step)
    for text in remarks(report):
        err.print(escape(text), highlight=False)
    if faults:
        fail(faults)
    out.print(
        f"{escape(near(report))} holds: every byte of it was made again from the raw files.", highlight=False
    )


def _compare(report: Path, value: str) -> None:
    from cwb.publish.folder import has_print  # noqa: PLC0415
    from cwb.publish.intact import check_copy  # noqa: PLC0415

    faults = check_copy(report, value)
    if faults:
        fail(faults)
    out.print(f"{escape(near(report))} is the report with this check value, byte for byte.", highlight=False)
    out.print(
        "No more was done: no raw file was read and nothing was computed again, which cwb verify without --hash does.",
        highlight=False,
    )
    if has_print(report):
        out.print("print/ was not looked at.", highlight=False)
