"""What a processed table was made of, as one hash: where the stamp is the same, the table is."""

from __future__ import annotations

import hashlib
import json
import platform
from importlib.metadata import version

from cwb import __version__
from cwb.reference import digests

# The libraries that read files, compute or write Parquet: another version may give another table.
_LIBRARIES = ("duckdb", "geopandas", "pandas", "pyarrow", "python-calamine", "rapidfuzz", "shapely")


def stamp_of(code: int, reference: tuple[str, ...] | None = None, **parts: object) -> str:
    """The hash over `parts` (inputs, settings, stamps of what was made before), versions and the code's reference tables.

    `code` is the number of the code that makes the table, raised when it makes another one of the same. `reference` names
    the reference tables that it may ask, by default all of them.
    """
    known = digests()
    stated = {
        "code": code,
        "parts": parts,
        "reference": known if reference is None else {name: known[name] for name in reference},
        "versions": {"cwb": __version__, "python": platform.python_version()}
        | {name: version(name) for name in _LIBRARIES},
    }
    return hashlib.sha256(json.dumps(stated, sort_keys=True, default=str).encode()).hexdigest()
