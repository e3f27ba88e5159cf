"""One writer a folder: who writes into a folder of tables or reports holds its lock, and a second one waits and says for whom.

The lock is the drive's own (`.cwb.lock`), which ends with the process that holds it, however that dies. Beside it stands
in words who holds it and since when (`.cwb.writer.txt`); what a dead writer left there is told and taken over.
"""

from __future__ import annotations

import getpass
import os
import platform
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from cwb.base.errors import CwbError, Fault
from cwb.base.progress import tell

LOCK, WRITER = ".cwb.lock", ".cwb.writer.txt"
# How long a second writer waits; a run of a large council takes minutes.
PATIENCE = 1800.0
# Folders that this process holds: what a command holds, the functions that it calls hold too.
_held: set[Path] = set()


@contextmanager
def writing(*folders: Path) -> Iterator[None]:
    """Hold the locks of these folders, which are made where they are not there.

    While another process has one, the user is told who, and this one waits. Raises `CwbError` after half an hour.
    """
    for folder in folders:
        # By the name that was given: what a link that leads nowhere stands for is not made.
        folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        # In one order for all, so that two never wait for one another.
        for folder in sorted({folder.resolve() for folder in folders} - _held):
            stack.enter_context(_holding(folder))
        yield


@contextmanager
def _holding(folder: Path) -> Iterator[None]:
    lock, writer = FileLock(folder / LOCK), folder / WRITER
    try:
        lock.acquire(timeout=0)
    except Timeout:
        who = _read(writer) or "another cwb"
        tell(f"{who} is writing into {folder.name}. Waiting until it has ended (Ctrl+C stops waiting).")
        try:
            lock.acquire(timeout=PATIENCE, poll_interval=0.2)
        except Timeout:
            rule = f"{who} is still writing into this folder"
            remedy = "Run again when it has ended, or end it."
            raise CwbError(Fault(file=folder.name, rule=rule, remedy=remedy)) from None
    else:
        if left := _read(writer):
            tell(f"{left} did not end its work in {folder.name}; taken over.")
    try:
        _held.add(folder)
        writer.write_text(_who(), encoding="utf-8")
        yield
    finally:
        _held.discard(folder)
        try:
            with suppress(OSError):
                writer.unlink(missing_ok=True)
        finally:
            lock.release()


def _read(writer: Path) -> str:
    try:
        return " ".join(writer.read_text(encoding="utf-8", errors="replace").split())[:300]
    except OSError:
        return ""


def _who() -> str:
    """The command, who started it, where and when: "cwb run 2023-24 (process 71, user ann, computer pc4, since …)"."""
    try:
        user = getpass.getuser()
    except (OSError, KeyError, ImportError):
        user = "not known"
    # The name alone of whatever was started, never the folder that it is in.
    command = " ".join([Path(sys.argv[0] or "python").name.replace("__main__.py", "cwb"), *sys.argv[1:4]])
    since = datetime.now().astimezone().isoformat(sep=" ", timespec="seconds")
    return f"{command} (process {os.getpid()}, user {user}, computer {platform.node()}, since {since})\n"
