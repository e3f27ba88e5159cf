"""manifest.json: what a report was made of and what it is made up of, each with its SHA-256."""

from __future__ import annotations

import hashlib
import json
from importlib.metadata import version
from pathlib import Path
from typing import Any

from cwb import __version__
from cwb.council.config import Settings
from cwb.council.periods import Period
from cwb.pack.registry import Pack, notebook_path
from cwb.sources.datasets.postcodes import PACKAGE
from cwb.sources.report import sha256_of
from cwb.sources.store import Lineage

NAME = "manifest.json"
KEYS = {"council", "period", "settings", "inputs", "notebooks", "outputs", "versions"}
# The libraries whose version can change a figure or a page.
_LIBRARIES = (
    "altair", "duckdb", "geopandas", "nbconvert", "pandas", "papermill", "plotly", "pyarrow", "python-calamine",
    "shapely", "vl-convert-python", PACKAGE,
)  # fmt: skip


def write_manifest(
    stage: Path,
    settings: Settings,
    period: Period,
    packs: tuple[Pack, ...],
    failed: tuple[Pack, ...],
    lineage: Lineage,
    config: str,
) -> None:
    """Write the manifest of everything in `stage`; it must be the last file written."""
    outputs = sorted(path for path in stage.rglob("*") if path.is_file())
    body: dict[str, Any] = {
        "council": settings.council.name,
        "period": str(period),
        "illustrative": settings.council.illustrative,
        "settings": {
            "name": config,
            "sha256": sha256_of(settings.folder / config),
            "tables": [{"name": name, "sha256": sha256_of(settings.folder / name)} for name in settings.tables],
        },
        "inputs": [
            {"name": name, "source": source, "sha256": digest}
            for source, name, digest in sorted(
                (*key.split(":", 1), digest) for key, digest in lineage.inputs.items()
            )
        ]
        + [{"name": text, "source": kind, "sha256": None} for kind, text in sorted(lineage.sources.items())],
        "notebooks": [
            {"name": pack.notebook, "sha256": sha256_of(notebook_path(settings, pack))} for pack in packs
        ],
        "not_built": [pack.notebook for pack in failed],
        "outputs": [
            {
                "name": path.relative_to(stage).as_posix(),
                "sha256": sha256_of(path),
                "bytes": path.stat().st_size,
            }
            for path in outputs
        ],
        "versions": {"cwb": __version__, **{name: version(name) for name in _LIBRARIES}},
    }
    (stage / NAME).write_bytes(encode(body))


def encode(body: dict[str, Any]) -> bytes:
    """The one way in which a manifest is written: with the hash of all the rest, so that no byte is free."""
    stated = {key: value for key, value in body.items() if key != "sha256"}
    digest = hashlib.sha256(_text(stated).encode()).hexdigest()
    return _text({**stated, "sha256": digest}).encode()


def _text(body: dict[str, Any]) -> str:
    return json.dumps(body, indent=1, ensure_ascii=False) + "\n"
