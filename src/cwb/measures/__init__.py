"""matched → measured: one package a notebook; tables in, tables out, nothing read or written."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cwb.measures.workbench import MeasureFunction


# Packs whose measures are relations over line-level tables.
ON_KERNEL = frozenset({"local_supplier_base", "contract_emissions"})


def measures_of(pack: str) -> Sequence[MeasureFunction]:
    """All measures of a pack, in the order of its notebook."""
    home = "packs" if pack in ON_KERNEL else "measures"
    found: Sequence[MeasureFunction] = importlib.import_module(f"cwb.{home}.{pack}").MEASURES
    return found
