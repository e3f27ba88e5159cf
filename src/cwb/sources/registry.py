"""All sources by name: every module of `cwb.sources.datasets`."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib import import_module

from cwb.council.sections import SOURCES
from cwb.sources.layout import Layout, normalise_header
from cwb.sources.source import Source


@cache
def sources() -> dict[str, Source]:
    """Name → source, the council's own payments first."""
    found = {name: import_module(f"cwb.sources.datasets.{name}").SOURCE for name in SOURCES}
    assert all(source.name == name for name, source in found.items())
    return dict(sorted(found.items(), key=lambda item: (item[0] != "spend", item[0])))


def about(name: str) -> str:
    """What the files of a source are, in a sentence: the first of its module."""
    text = import_module(f"cwb.sources.datasets.{name}").__doc__ or sources()[name].words
    return text.strip().split("\n")[0].replace("`", "")


def why_absent(name: str) -> str:
    """Why a number cannot be computed when a kind of file was not supplied; raise `KeyError` for an unknown one."""
    return "no register of organisations was supplied" if name == "organisations" else sources()[name].absent


def recognise(headers: Sequence[str]) -> str | None:
    """The source whose required columns these headers hold; None when no layout fits.

    Between several that fit, the one with most of its own marks wins, then the one that uses most columns. A source that
    asks only for columns that payments have too (a vendor list: id and name) does not take a file with a column of amounts.
    """
    # A row of data has no heading of any layout: most rows that are asked about are such.
    if not any(normalise_header(header).replace(" ", "") in _headings() for header in headers):
        return None
    scored = []
    for name, layout in _layouts():
        if not layout.missing(layout.match(headers)):
            scored.append((*layout.fit(headers), name))
    if not scored:
        return None
    best = max(scored)[2]
    return "spend" if _is_looser_than_payments(best, headers) else best


@cache
def _layouts() -> list[tuple[str, Layout]]:
    """The layouts that a header may be recognised by."""
    found = [
        (name, source)
        for name, source in sources().items()
        if not (source.by_folder and name.startswith("anchor_"))
    ]
    return [(name, source.layout) for name, source in found if source.layout is not None]


@cache
def _headings() -> frozenset[str]:
    """Every heading of these layouts, without blanks."""
    return frozenset(heading for _, layout in _layouts() for heading in layout.headings)


def _is_looser_than_payments(name: str, headers: Sequence[str]) -> bool:
    """Whether headers state amounts that were paid and the layout that fits them asks for less than payments do."""
    layout, payments = sources()[name].layout, sources()["spend"].layout
    if layout is None or payments is None or name == "spend":
        return False
    found, paid = layout.match(headers), payments.match(headers)
    required = {found[field] for field in layout.required if isinstance(field, str)}
    return bool({"net", "gross", "amount"} & paid.keys()) and required <= set(paid.values())
