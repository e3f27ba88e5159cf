"""What all commands share: two consoles, tables, progress, faults as text, paths relative to the working directory."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console, ConsoleOptions, RenderableType
from rich.markup import escape
from rich.measure import Measurement
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
    TransferSpeedColumn,
)
from rich.segment import Segment

from cwb.base.characters import visible
from cwb.base.errors import Fault
from cwb.cli.grouped import grouped

if TYPE_CHECKING:
    from rich.table import Table

    from cwb.base.progress import Progress as Step
    from cwb.council.config import Settings


class SafeConsole(Console):
    """A console on which no text of a file, nor a file's name, can do anything: what a terminal obeys is shown as its code."""

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterator[Segment]:
        for text, style, control in super().render(renderable, options):
            yield Segment(text if control else visible(text), style, control)


out, err = SafeConsole(soft_wrap=True), SafeConsole(stderr=True, soft_wrap=True)
Config = Annotated[Path, typer.Option("--config", help="The council's settings.")]


# Seconds until a redirected run first says where it is, and between two lines at least; a part of the time so far from then on.
_FIRST, _PART = 2.0, 0.1


@contextmanager
def bar_of(title: str, are_bytes: bool = False) -> Iterator[Step]:
    """A progress bar at a terminal; where the output goes to a file, a plain line on standard error now and then."""
    if not err.is_terminal:
        yield _lines_of(title, are_bytes)
        return
    counted = (DownloadColumn(), TransferSpeedColumn()) if are_bytes else ()
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), *counted, TimeElapsedColumn())
    with Progress(*columns, console=err, transient=True) as bar:
        task = bar.add_task(title, total=None)

        def step(what: str, done: int, total: int) -> None:
            bar.update(task, description=f"{title}: {escape(what)}", completed=done, total=total or None)

        yield step


def _lines_of(title: str, are_bytes: bool) -> Step:
    began = last = time.monotonic()

    def step(what: str, done: int, total: int) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last < max(_FIRST, (now - began) * _PART):
            return
        last = now
        unit, each = ("MB", 1_000_000) if are_bytes else ("", 1)
        of = f" of {total // each:,}" if total else ""
        counted = f" ({done // each:,}{of} {unit}".rstrip() + ")" if total > 1 or are_bytes else ""
        err.print(escape(f"{title}: {what}{counted}, {now - began:.0f} s"), highlight=False)

    return step


def show_table(table: Table) -> None:
    """Print a table; where it is wider than the console words go below one another, and columns of numbers stay whole."""
    table.box, table.show_edge, table.pad_edge, table.padding = SIMPLE_HEAD, False, False, 0
    least = Measurement.get(out, out.options.update(max_width=10_000), table).minimum
    SafeConsole(width=max(out.width, least)).print(table)


def show_faults(faults: list[Fault]) -> None:
    for line in grouped(faults):
        err.print(f"[bold red]Fault[/] {escape(line)}", highlight=False)


def fail(faults: list[Fault]) -> None:
    """Show faults and end with 1."""
    show_faults(faults)
    raise typer.Exit(1)


def show_strays(settings: Settings) -> None:
    """Tell of raw files that nothing reads."""
    from cwb.council.config import stray_files  # noqa: PLC0415 - --help must not wait for pandas

    for message in stray_files(settings):
        err.print(f"[yellow]Look at[/] {escape(message)}", highlight=False)


def near(path: Path) -> str:
    """A path relative to the working directory, where it is below it."""
    try:
        return path.resolve().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return str(path)


def know_names_as_utf8() -> None:
    """Start again where the language settings of the session are plain C: names with accents would be no text."""
    if sys.getfilesystemencoding().lower().replace("-", "") != "utf8":
        again = [sys.executable, "-X", "utf8", "-m", "cwb", *sys.argv[1:]]
        os.execve(sys.executable, again, os.environ | {"PYTHONUTF8": "1"})
