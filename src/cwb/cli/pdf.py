"""`cwb pdf`: the pages of a report as PDFs, by a browser of this machine."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from cwb.base.errors import CwbError, Fault
from cwb.cli.terminal import Config, bar_of, near, out

if TYPE_CHECKING:
    from cwb.council.config import Settings


def pdf(
    period: Annotated[
        str | None, typer.Argument(help="A period with a report, such as 2025-26-Q2; without one, the last.")
    ] = None,
    pages: Annotated[
        list[str] | None,
        typer.Argument(help="Pages by the beginnings of their names: index 01 annex; all without."),
    ] = None,
    browser: Annotated[
        Path | None, typer.Option("--browser", help="A Chromium, Chrome or Edge, where none is found.")
    ] = None,
    config: Config = Path("cwb.toml"),
) -> None:
    """Print the pages of a report into its folder print/, tagged, with title, bookmarks, alt texts and page numbers.

    It takes a Chromium, Chrome or Edge of this machine, and says how to print by hand where there is none. The PDFs are no
    part of the report that cwb verify checks; a new report of the period begins without them.
    """
    from cwb.base.lock import writing  # noqa: PLC0415 - --help must not wait for them
    from cwb.council.config import load_config  # noqa: PLC0415
    from cwb.publish.placing import bring_back  # noqa: PLC0415
    from cwb.publish.printing import BY_HAND, find_browser, pages_of, print_pages  # noqa: PLC0415

    settings = load_config(config)
    report = _report_of(settings, period)
    bring_back(report)
    chosen = pages_of(report, pages or ())
    found = browser or find_browser()
    if found is None:
        rule = "no Chromium, Chrome or Edge is found on this machine"
        raise CwbError(Fault(rule=rule, remedy=f"Name one with --browser. Or: {BY_HAND}"))
    with writing(settings.reports), bar_of("Printing") as step:
        printed = print_pages(report, chosen, found, step)
    for path in printed:
        out.print(f"Printed {escape(near(path))}", highlight=False)


def _report_of(settings: Settings, period: str | None) -> Path:
    """The folder of a period's report, or of the last period that has one."""
    from cwb.council.periods import Period  # noqa: PLC0415
    from cwb.publish.manifest import NAME  # noqa: PLC0415

    if period is not None:
        return settings.reports / str(Period.parse(period))
    reports = []
    for manifest in settings.reports.glob(f"[0-9]*/{NAME}"):
        try:
            reports.append((Period.parse(manifest.parent.name).end, manifest.parent))
        except CwbError:
            continue
    if not reports:
        remedy = "Build one first: cwb run 2025-26-Q2."
        raise CwbError(Fault(rule="there is no report yet", remedy=remedy))
    return max(reports)[1]
