"""Shared by every long step: progress reports, words for the user, and files that are written whole or not at all."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from cwb.base.ending import raise_if_stopping

Progress = Callable[[str, int, int], None]


def quiet(_what: str, _done: int, _total: int) -> None:
    """Reports no progress."""


def tell(text: str) -> None:
    """Say something that the user should know and that stops nothing: on standard error, in a notebook too."""
    logging.getLogger("cwb").warning(text)


@contextmanager
def naming(path: Path) -> Iterator[None]:
    """Let what a drive refuses while a file is written bear the file's name: "no space left" alone has none."""
    try:
        yield
    except OSError as error:
        error.filename = error.filename or str(path)
        raise


@contextmanager
def written(path: Path) -> Iterator[Path]:
    """A temporary name beside `path`, renamed to it when the block ends well."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    try:
        with naming(path):
            yield part
        raise_if_stopping()
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
