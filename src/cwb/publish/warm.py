"""What a process that builds packs does before its first one. Nothing heavy is imported before it is called."""

from __future__ import annotations

import os
import signal
import sys
import threading
from multiprocessing.connection import Connection


def skip_address_grammar() -> None:
    """Let jsonschema do without its check of international web addresses, which nothing here has.

    For it a grammar is compiled at import, which takes as long as all other imports together (python-jsonschema, issue
    1428). A module that is None counts as not installed, and then jsonschema leaves the check out.
    """
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]


def end_with(parent: Connection) -> None:
    """End this process as soon as its parent has ended, however it did, or has closed its end of the pipe."""

    def watch() -> None:
        try:
            parent.poll(None)
        finally:
            os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
    # Who presses Ctrl+C means the command, which ends its workers.
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def warm(parent: Connection) -> None:
    """A worker's start: import what runs, draws and renders, start the drawing engine, share tables between packs.

    `parent` is its end of a pipe into which nobody writes: that it closes says that the worker is not needed any more.
    """
    end_with(parent)
    skip_address_grammar()
    from cwb.charts.charts import Bar, Bars  # noqa: PLC0415 - only after the above
    from cwb.charts.static import draw  # noqa: PLC0415
    from cwb.evidence.data import PACK_DATA_CACHE  # noqa: PLC0415
    from cwb.packs.registry import all_packs  # noqa: PLC0415
    from cwb.publish import execute, first_page, pages, render  # noqa: F401, PLC0415

    draw(Bars((Bar("warm", 1.0, "1"),), {"": 0}), "warm", "warm")
    all_packs()
    PACK_DATA_CACHE.set({})
