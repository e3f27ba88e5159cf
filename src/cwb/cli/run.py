"""`cwb run`: the packs of a period, built where anything has changed and no other cwb is writing."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from cwb.cli.terminal import Config, bar_of, near, out, show_strays


def run(
    period: Annotated[str, typer.Argument(help="2025-26, or a quarter such as 2025-26-Q2.")],
    again: Annotated[bool, typer.Option("--again", help="Build even if nothing has changed.")] = False,
    replace: Annotated[
        bool, typer.Option("--replace", help="Put the report in place though the one that stands has more.")
    ] = False,
    config: Config = Path("cwb.toml"),
) -> None:
    """Build the packs of a period into reports/PERIOD: validate, match, run the notebooks, render, write hashes.

    Where nothing has changed since it was built, by the hashes, the report stays as it is and the command says so. A report
    that lacks a pack or a source of the one that stands is put into reports/PERIOD.partial, and the command ends with 1.
    While another cwb writes into the folders, this one waits.
    """
    from cwb.base.lock import writing  # noqa: PLC0415 - --help must not wait for it
    from cwb.council.config import find_config, load_config  # noqa: PLC0415
    from cwb.publish.intact import unchanged  # noqa: PLC0415 - what builds takes seconds to import
    from cwb.publish.placing import recover  # noqa: PLC0415

    path = find_config(config)
    is_forced = again or replace
    if not is_forced and (report := unchanged(period, path)):
        _print_unchanged(report, config)
        return
    settings = load_config(config)
    with writing(settings.shared_processed, settings.reports):
        recover(settings.reports)
        # Another run may have built it meanwhile, or a report that was moved aside is back.
        if not is_forced and (report := unchanged(period, path)):
            _print_unchanged(report, config)
            return
        from cwb.publish.run import run as run_packs  # noqa: PLC0415

        with bar_of(f"Building {period}") as step:
            report = run_packs(period, path, progress=step, replace=replace)
    show_strays(load_config(config))
    out.print(f"Open {escape(near(report / 'index.html'))}", highlight=False)


def _print_unchanged(report: Path, config: Path) -> None:
    from cwb.council.config import load_config  # noqa: PLC0415

    show_strays(load_config(config))
    index = escape(near(report / "index.html"))
    out.print(f"Unchanged: {index} is of these files, settings and code (--again builds anyway)", highlight=False)
