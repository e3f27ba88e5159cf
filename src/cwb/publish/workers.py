"""Calls in worker processes that end with their parent, however it dies, and are tried again where a worker died.

Workers are spawned, never forked, so that Windows does the same as everything else. Nothing heavy is imported here.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Generator, Iterator, Mapping
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import TypeVar

from cwb.base.ending import children_without_interrupts

T = TypeVar("T")
Calls = Mapping[str, tuple[object, ...]]


def in_workers(
    number: int, warm: Callable[[], None], function: Callable[..., T], calls: Calls
) -> Generator[tuple[str, T | Exception]]:
    """Call a function with each of the arguments in `number` workers; name and result as soon as one is done.

    Each worker calls `warm` before its first. A call that raises gives its error. A worker that dies takes the calls of the
    others with it: each of these is tried once more, and by itself.
    """
    again = []
    with _workers(number, warm) as pool:
        futures: dict[Future[T], str] = _submit(pool, function, calls)
        for future in as_completed(futures):
            error = future.exception()
            if isinstance(error, BrokenExecutor | MemoryError):
                again.append(futures[future])
            else:
                yield futures[future], error if isinstance(error, Exception) else future.result()
    for name in again:
        with _workers(1, warm) as pool:
            (future,) = _submit(pool, function, {name: calls[name]})
            error = future.exception()
            yield name, error if isinstance(error, Exception) else future.result()


@contextmanager
def _workers(number: int, warm: Callable[[], None]) -> Iterator[ProcessPoolExecutor]:
    """Workers that end when the block is left by an error or this process dies: the pipe between them closes then."""
    context = multiprocessing.get_context("spawn")
    theirs, ours = context.Pipe(duplex=False)
    with children_without_interrupts():
        pool = ProcessPoolExecutor(number, mp_context=context, initializer=_begin, initargs=(theirs, warm))
    try:
        yield pool
        pool.shutdown()
    finally:
        ours.close()
        theirs.close()
        pool.shutdown(wait=False, cancel_futures=True)


def _submit(pool: ProcessPoolExecutor, function: Callable[..., T], calls: Calls) -> dict[Future[T], str]:
    with children_without_interrupts():
        return {pool.submit(function, *arguments): name for name, arguments in calls.items()}


def _begin(parent: Connection, warm: Callable[[], None]) -> None:
    """A worker's start. Nobody writes into `parent`: that it closes says that the worker is not needed any more."""

    def watch() -> None:
        try:
            parent.poll(None)
        finally:
            os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
    # Who presses Ctrl+C means the command, which ends its workers.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    warm()
