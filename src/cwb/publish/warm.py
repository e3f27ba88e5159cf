"""What a process that builds packs does before its first one. Nothing heavy is imported before it is called."""

from __future__ import annotations

import sys


def skip_address_grammar() -> None:
    """Let jsonschema do without its check of international web addresses, which nothing here has.

    For it a grammar is compiled at import, which takes as long as all other imports together (python-jsonschema, issue
    1428). A module that is None counts as not installed, and then jsonschema leaves the check out.
    """
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]


def warm() -> None:
    """A worker's start: import what runs, draws and renders, share tables between packs."""
    skip_address_grammar()
    from cwb.charts import static  # noqa: F401, PLC0415 - only after the above
    from cwb.evidence.data import PACK_DATA_CACHE  # noqa: PLC0415
    from cwb.packs.registry import all_packs  # noqa: PLC0415
    from cwb.publish import execute, pages, render  # noqa: F401, PLC0415

    all_packs()
    PACK_DATA_CACHE.set({})
