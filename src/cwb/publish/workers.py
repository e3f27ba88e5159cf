"""Calls in worker processes that end with their parent, however it dies, and are tried again where a worker died.

Workers are spawned, never forked, so that Windows does the same as everything else. Nothing heavy is imported here.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterator, Mapping
from concurrent.futures import BrokenExecutor, CancelledError, Future, ProcessPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from functools import cached_property
from multiprocessing.connection import Connection
from queue import SimpleQueue
from typing import TypeVar

from cwb.base.ending import children_without_interrupts, raise_if_stopping
from cwb.base.garbage import look_seldom

T = TypeVar("T")
Calls = Mapping[str, tuple[object, ...]]


class Workers:
    """`number` processes beside this one, begun when the first is needed; each calls `warm` before its first call. They end with
    the block."""

    def __init__(self, number: int, warm: Callable[[], None]):
        self.number, self._warm, self._open = number, warm, ExitStack()

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, *error: object) -> None:
        self._open.__exit__(*error)  # type: ignore[arg-type]

    @cached_property
    def _pool(self) -> ProcessPoolExecutor:
        return self._open.enter_context(_workers(self.number, self._warm))

    def begin(self, function: Callable[..., T], *arguments: object) -> Callable[[], T]:
        """Begin a call and go on; what is returned gives its result. Without a worker, or where it died, it is made here then."""
        future = _submit(self._pool, function, arguments) if self.number else None

        def result() -> T:
            if future is None or isinstance(future.exception(), BrokenExecutor | MemoryError):
                return function(*arguments)
            return future.result()

        return result

    def each(
        self, function: Callable[..., T], calls: Calls, here: bool = False
    ) -> Generator[tuple[str, T | Exception]]:
        """Call a function with each of the arguments; name and result as soon as one is done.

        `here` lets this process take calls beside the workers; where there are none, it makes all. A call that raises gives its
        error. A worker that dies takes its calls with it: each of these is tried once more, and by itself.
        """
        again = []
        for name, future in self._done(function, calls, here):
            error = future.exception()
            if isinstance(error, BrokenExecutor | MemoryError):
                again.append(name)
            else:
                yield name, error if isinstance(error, Exception) else future.result()
        if again:
            # By itself: others keep what they have read in memory, and where one has died none of them works any more.
            self._open.close()
            self.__dict__.pop("_pool", None)
        for name in again:
            with _workers(1, self._warm) as pool:
                future = _submit(pool, function, calls[name])
                error = future.exception()
                yield name, error if isinstance(error, Exception) else future.result()

    def _done(self, function: Callable[..., T], calls: Calls, here: bool) -> Generator[tuple[str, Future[T]]]:
        """Each call once it is done. Nobody has one in store: whoever is free takes the next."""
        waiting, done = deque(calls), SimpleQueue[tuple[str, Future[T]]]()

        def serve(pool: ProcessPoolExecutor) -> None:
            # A thread for each worker. What a future calls when it is done must not submit: from Python 3.12 on it may be
            # called by who has the pool's lock.
            with suppress(IndexError):
                while True:
                    name = waiting.popleft()
                    future = _submit(pool, function, calls[name])
                    with suppress(CancelledError):
                        future.exception()
                    done.put((name, future))

        for _ in range(self.number):
            threading.Thread(target=serve, args=(self._pool,), daemon=True).start()
        try:
            for _ in calls:
                while (here or not self.number) and waiting and done.empty():
                    with suppress(IndexError):
                        name = waiting.popleft()
                        done.put((name, _called(function, calls[name])))
                yield done.get()
        finally:
            waiting.clear()


def _called(function: Callable[..., T], arguments: tuple[object, ...]) -> Future[T]:
    """A call in this process."""
    future: Future[T] = Future()
    try:
        future.set_result(function(*arguments))
    except Exception as error:
        future.set_exception(error)
    # A cell of a notebook may have caught what told this process to end.
    raise_if_stopping()
    return future


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


def _submit(pool: ProcessPoolExecutor, function: Callable[..., T], arguments: tuple[object, ...]) -> Future[T]:
    """A call in a worker; one that cannot be begun, for a worker has died or none can be started, is one whose worker died."""
    try:
        with children_without_interrupts():
            return pool.submit(function, *arguments)
    except (RuntimeError, OSError) as error:
        failed: Future[T] = Future()
        failed.set_exception(
            error if isinstance(error, BrokenExecutor) else BrokenExecutor(f"{type(error).__name__}: {error}")
        )
        return failed


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
    look_seldom()
    warm()
