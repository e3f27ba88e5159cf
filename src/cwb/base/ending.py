"""How a command ends when it is told to: with one line, in three seconds, and nothing half written taken for whole.

SIGINT (Ctrl+C) and SIGTERM raise `Stopped` in the main thread. Code in between may catch it (a cell of a notebook, a
function that DuckDB calls), so that two things hold besides: nothing is put in its place any more (`cwb.base.progress.written`),
and where the command has not ended after two seconds, a thread ends it.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn, TextIO

_PATIENCE = 2.0
_LINE = "Stopped. What was there before is still there; run the command again to go on."


class Stopped(BaseException):
    """The command was told to end; no code but the command line's own may go on after it."""


class _State:
    """The signal's number, known to the thread first while the main one is inside a library; whether the main one has it too."""

    number = 0
    is_raised = False
    is_printed = False


def is_stopping() -> bool:
    """Whether the command was told to end."""
    return bool(_State.number)


def raise_if_stopping() -> None:
    """Raise `Stopped` once the command was told to end, though some code has caught it: before anything is made to count."""
    if _State.number:
        raise Stopped


def end_on_signals() -> None:
    """Let SIGINT and SIGTERM end this process; called once, by the command line alone, as early as can be."""
    if _State.number or signal.getsignal(signal.SIGTERM) is _stop:
        return
    ours, python = socket.socketpair()
    python.setblocking(False)
    signal.set_wakeup_fd(python.fileno(), warn_on_full_buffer=False)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _stop)
    threading.Thread(target=_watch, args=(ours, python), daemon=True).start()


def leave() -> NoReturn:
    """Say the one line and exit with 128 and the signal's number."""
    _print_once()
    # Errors while Python shuts down are not shown: a pool whose workers got the signal too may have closed its pipe by then.
    sys.unraisablehook = lambda _: None
    raise SystemExit(128 + _State.number) from None


def _stop(number: int, _frame: FrameType | None) -> None:
    # Not by the number: the thread that watches may have set it before the main thread came to this.
    if _State.is_raised:
        # Told twice: whatever is being tidied up can wait for the next command.
        _end(number)
    _State.number, _State.is_raised = number, True
    raise Stopped


def _watch(signalled: socket.socket, _kept: socket.socket) -> None:
    """End the process where its main thread does not: it may be far inside a library."""
    while (number := signalled.recv(1)[0]) not in (signal.SIGINT, signal.SIGTERM):
        pass
    _State.number = number
    time.sleep(_PATIENCE)
    _end(number)


def _end(number: int) -> NoReturn:
    if (err := _stderr()).isatty():
        # A progress bar hides the cursor.
        err.write("\x1b[?25h")
    _print_once()
    os._exit(128 + number)


def _print_once() -> None:
    if not _State.is_printed:
        _State.is_printed = True
        err = _stderr()
        err.write(f"\n{_LINE}\n" if err.isatty() else f"{_LINE}\n")
        err.flush()


def _stderr() -> TextIO:
    """The process's own: while a cell of a notebook runs in it, `sys.stderr` is the cell's."""
    return sys.__stderr__ or sys.stderr


@contextmanager
def children_without_interrupts() -> Iterator[None]:
    """Processes that start in this block never see Ctrl+C: their parent ends them, and says so once.

    Where the system has no signal masks (Windows) they see it until they ignore it themselves.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    # Started by the first child otherwise, and what starts it lets the signals through again.
    from multiprocessing import resource_tracker  # noqa: PLC0415 - only where there are children

    # It would warn of what a killed command could not give back, which it gives back itself.
    sys.warnoptions.append("ignore:resource_tracker:UserWarning")
    resource_tracker.ensure_running()
    sys.warnoptions.pop()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
