"""What all commands share: the two consoles, a progress bar, faults as text, paths relative to the working directory."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console, ConsoleOptions, RenderableType
from rich.markup import escape
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.segment import Segment

from cwb.base.characters import visible
from cwb.base.errors import Fault

if TYPE_CHECKING:
    from cwb.base.progress import Progress as Step
    from cwb.council.config import Settings


class SafeConsole(Console):
    """A console on which no text of a file, nor a file's name, can do anything: what a terminal obeys is shown as its code."""

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterator[Segment]:
        for text, style, control in super().render(renderable, options):
            yield Segment(text if control else visible(text), style, control)


out, err = SafeConsole(soft_wrap=True), SafeConsole(stderr=True, soft_wrap=True)
Config = Annotated[Path, typer.Option("--config", help="The council's settings.")]


@contextmanager
def bar_of(title: str) -> Iterator[Step]:
    """A progress bar at a terminal; nothing is drawn when the output goes to a file."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as bar:
        task = bar.add_task(title, total=None)

        def step(what: str, done: int, total: int) -> None:
            bar.update(task, description=f"{title}: {escape(what)}", completed=done, total=total)

        yield step


def show_faults(faults: list[Fault]) -> None:
    for fault in faults:
        err.print(f"[bold red]Fault[/] {escape(str(fault))}", highlight=False)


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
