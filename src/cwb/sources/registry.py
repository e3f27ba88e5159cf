"""All sources by name: every module of `cwb.sources.datasets`."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib import import_module

from cwb.council.sections import SOURCES
from cwb.sources.source import Source


@cache
def sources() -> dict[str, Source]:
    """Name → source, the council's own payments first."""
    found = {name: import_module(f"cwb.sources.datasets.{name}").SOURCE for name in SOURCES}
    assert all(source.name == name for name, source in found.items())
    return dict(sorted(found.items(), key=lambda item: (item[0] != "spend", item[0])))


def why_absent(name: str) -> str:
    """Why a number cannot be computed when a kind of file was not supplied; raise `KeyError` for an unknown one."""
    return "no register of organisations was supplied" if name == "organisations" else sources()[name].absent


def recognise(headers: Sequence[str]) -> str | None:
    """The source whose required columns these headers hold; None when no layout fits.

    Between several that fit, the one with most of its own marks wins, then the one that uses most columns.
    """
    scored = []
    for name, source in sources().items():
        layout = source.layout
        if layout is None or (source.by_folder and name.startswith("anchor_")):
            continue
        found = layout.match(headers)
        if not layout.missing(found):
            scored.append((len(layout.marks & found.keys()), len(found), name))
    return max(scored)[2] if scored else None
