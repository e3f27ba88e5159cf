"""One hash over everything that a processed table was computed from: tables of the same stamp are the same."""

from __future__ import annotations

import hashlib
import json
import platform
from functools import cache
from importlib.metadata import version

from cwb import __version__
from cwb.reference import digests

# The libraries that read files, compute or write Parquet: another version may give another table.
_LIBRARIES = ("duckdb", "geopandas", "numpy", "pandas", "pyarrow", "python-calamine", "rapidfuzz", "shapely")


@cache
def _versions() -> dict[str, str]:
    own = {"cwb": __version__, "python": platform.python_version()}
    return own | {name: version(name) for name in _LIBRARIES}


def stamp_of(code: int, reference: tuple[str, ...] | None = None, **parts: object) -> str:
    """The hash over `parts` (inputs, settings, stamps of earlier stages), versions and the code's reference tables.

    `code` is the version of the code that writes the table, raised when its result changes. `reference` names the
    reference tables that it may read, by default all of them.
    """
    known = digests()
    content = {
        "code": code,
        "parts": parts,
        "reference": known if reference is None else {name: known[name] for name in reference},
        "versions": _versions(),
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()
