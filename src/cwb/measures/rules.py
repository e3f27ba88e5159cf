"""The rules of procurement, for packs that are not yet made of relations; they stand in `cwb.packs.market.rules`."""

from dataclasses import asdict
from typing import Any

import pandas as pd

from cwb.packs.market import rules
from cwb.packs.market.rules import (
    ABOVE,
    BANDS,
    BELOW,
    DEPENDS,
    SMALL,
    UNKNOWN_VALUE,
    Band,
    in_force,
    light_touch,
)

__all__ = [
    "ABOVE",
    "BANDS",
    "BELOW",
    "DEPENDS",
    "SMALL",
    "UNKNOWN_VALUE",
    "Band",
    "band",
    "in_force",
    "light_touch",
    "routes",
]


def band(value: Any, *contract: Any) -> Band:
    """The band of a value that may be missing from a frame."""
    return rules.band(None if pd.isna(value) else value, *contract)


def routes(*contract: Any, **more: Any) -> tuple[dict[str, Any], ...]:
    """Routes as rows."""
    return tuple(asdict(route) for route in rules.routes(*contract, **more))
