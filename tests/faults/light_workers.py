"""What workers of tests do: nothing that takes long to import."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

import psutil

from cwb.base.ending import Stopped, end_on_signals, leave
from cwb.publish.workers import Workers


def warm() -> None:
    """Nothing to import."""


def name_of(name: str, folder: str, _deaths: dict[str, int]) -> str:
    """The name; a call in `deaths` kills its worker that many times first."""
    seen = Path(folder) / name
    count = int(seen.read_text(encoding="utf-8")) if seen.is_file() else 0
    if count < _deaths.get(name, 0):
        seen.write_text(str(count + 1), encoding="utf-8")
        time.sleep(0.2)
        os.kill(os.getpid(), signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)
    return name


def short_of_memory(name: str, folder: str, _deaths: dict[str, int]) -> str:
    """The name, at the second try."""
    seen = Path(folder) / name
    if name in _deaths and not seen.is_file():
        seen.touch()
        raise MemoryError
    return name


def alone(name: str, folder: str) -> str:
    """How many workers there are, at the second try; at the first it has too little memory."""
    if not (seen := Path(folder) / name).is_file():
        seen.touch()
        raise MemoryError
    children = psutil.Process(os.getppid()).children()
    return str(sum("spawn_main" in " ".join(child.cmdline()) for child in children))


def wait_and_touch(name: str, folder: str) -> str:
    """A call of a fifth of a second that leaves a file of its name when it begins."""
    (Path(folder) / name).touch()
    time.sleep(0.2)
    return name


def sleep(folder: str, number: int) -> None:
    """Say who one is, and be busy for minutes."""
    (Path(folder) / f"{number}.pid").write_text(str(os.getpid()), encoding="utf-8")
    time.sleep(120)


def main(folder: str) -> None:
    """A command with two busy workers."""
    end_on_signals()
    try:
        with Workers(2, warm) as workers:
            for _ in workers.each(sleep, {str(n): (folder, n) for n in (1, 2)}):
                pass
    except Stopped:
        leave()


if __name__ == "__main__":
    main(sys.argv[1])
