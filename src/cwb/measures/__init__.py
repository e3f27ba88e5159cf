"""matched → measured: one package a notebook; tables in, tables out, nothing read or written."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cwb.measures.workbench import MeasureFunction


def measures_of(pack: str) -> Sequence[MeasureFunction]:
    """All measures of a pack, in the order of its notebook."""
    found: Sequence[MeasureFunction] = importlib.import_module(f"cwb.measures.{pack}").MEASURES
    return found
