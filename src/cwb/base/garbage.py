"""How often Python looks for objects that only refer to one another: seldom, for a command soon ends, and nearly all it makes it keeps."""

from __future__ import annotations

import gc

# Objects made, and not freed, between two looks; Python's own number is a few hundred or thousand.
_OBJECTS = 100_000


def look_seldom() -> None:
    """Let the collector of this process look seldom: what is freed by itself, as most is, is freed as before."""
    _, middle, old = gc.get_threshold()
    gc.set_threshold(_OBJECTS, middle, old)
