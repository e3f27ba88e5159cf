"""What every command shares: the two consoles, a bar of progress, faults as text, paths as seen from here."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from cwb.base.errors import Fault

if TYPE_CHECKING:
    from cwb.base.progress import Progress as Step

out, err = Console(soft_wrap=True), Console(stderr=True, soft_wrap=True)
Config = Annotated[Path, typer.Option("--config", help="The council's settings.")]


@contextmanager
def bar_of(title: str) -> Iterator[Step]:
    """A bar for people at a terminal; nothing is drawn when the output goes to a file."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as bar:
        task = bar.add_task(title, total=None)

        def step(what: str, done: int, total: int) -> None:
            bar.update(task, description=f"{title}: {escape(what)}", completed=done, total=total)

        yield step


def fail(faults: list[Fault]) -> None:
    for fault in faults:
        err.print(f"[bold red]Fault[/] {escape(str(fault))}", highlight=False)
    raise typer.Exit(1)


def near(path: Path) -> str:
    """A path as seen from here, when it is below here."""
    try:
        return path.resolve().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return str(path)
