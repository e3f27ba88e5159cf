"""manifest.json: what a report was made of and what it is made up of, each with its SHA-256."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from cwb import __version__
from cwb.base.errors import PackError
from cwb.council.config import Settings
from cwb.council.periods import Period
from cwb.packs.pack import Pack
from cwb.publish.intact import NAME, encode, made_by
from cwb.publish.notebooks import find_notebook
from cwb.sources.datasets.postcodes import PACKAGE
from cwb.sources.inputs import hash_inputs
from cwb.sources.report import sha256_of
from cwb.sources.store import Lineage

# The libraries whose version can change a figure or a page.
_LIBRARIES = (
    "altair", "duckdb", "geopandas", "nbconvert", "pandas", "papermill", "plotly", "pyarrow", "python-calamine",
    "shapely", "vl-convert-python", PACKAGE,
)  # fmt: skip


@dataclass(frozen=True)
class Origin:
    """What a report is made of, each with its SHA-256: the settings and their tables, raw files, notebooks, the code.

    It is taken before anything is read, so that what changes while packs are built counts as changed since.
    """

    settings: dict[str, str]
    inputs: dict[str, str]
    notebooks: dict[str, str]
    made_by: dict[str, str]


def origin_of(settings: Settings, packs: tuple[Pack, ...], config: str) -> Origin:
    """What is there now; a notebook that is missing is left out, and told by the pack that lacks it."""
    notebooks = {}
    for pack in packs:
        with suppress(PackError):
            notebooks[pack.notebook] = sha256_of(find_notebook(settings, pack.notebook))
    own = {name: sha256_of(settings.folder / name) for name in (config, *settings.tables)}
    return Origin(own, hash_inputs(settings), notebooks, made_by())


def write_manifest(
    stage: Path,
    settings: Settings,
    period: Period,
    packs: tuple[Pack, ...],
    failed: tuple[Pack, ...],
    lineage: Lineage,
    origin: Origin,
    is_whole: bool,
) -> None:
    """Write the manifest of everything in `stage`; it must be the last file written.

    `is_whole` says that all packs there are were asked for and built, with the notebooks' own parameters.
    """
    config, *tables = origin.settings
    outputs = sorted(path for path in stage.rglob("*") if path.is_file())
    body: dict[str, Any] = {
        "council": settings.council.name,
        "period": str(period),
        "illustrative": settings.council.illustrative,
        "settings": {
            "name": config,
            "sha256": origin.settings[config],
            "tables": [{"name": name, "sha256": origin.settings[name]} for name in tables],
        },
        "inputs": [
            {"name": name, "source": source, "sha256": digest}
            for source, name, digest in sorted(
                (*key.split(":", 1), digest) for key, digest in origin.inputs.items()
            )
        ]
        + [{"name": text, "source": kind, "sha256": None} for kind, text in sorted(lineage.sources.items())],
        "notebooks": [{"name": pack.notebook, "sha256": origin.notebooks[pack.notebook]} for pack in packs],
        "is_whole": is_whole,
        "not_built": [pack.notebook for pack in failed],
        "outputs": [
            {
                "name": path.relative_to(stage).as_posix(),
                "sha256": sha256_of(path),
                "bytes": path.stat().st_size,
            }
            for path in outputs
        ],
        "made_by": origin.made_by,
        "versions": {"cwb": __version__, **{name: version(name) for name in _LIBRARIES}},
    }
    (stage / NAME).write_bytes(encode(body))
