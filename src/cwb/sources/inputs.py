"""Which raw files there are, under which names, with which hashes, and their sidecars."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

from cwb.base.errors import Fault, SourceError
from cwb.council.config import Settings
from cwb.council.raw_files import SIDECAR
from cwb.council.sections import SOURCES
from cwb.council.toml_text import read_toml
from cwb.sources.mapping import faults_of, mapping_of
from cwb.sources.report import RawFile, sha256_of

# A file changed twice in one tick of its clock would look unchanged; younger files are hashed each time.
_SETTLED_NS = 2_000_000_000


class _Digests:
    """SHA-256 of raw files, remembered beside the processed tables while a file's size, times and place are the same.

    Every worker of a run needs them; they are computed once.
    """

    def __init__(self, settings: Settings):
        self._path = settings.processed / "hashes.json"
        self._known: dict[str, list[object]] = {}
        if self._path.is_file():
            self._known = json.loads(self._path.read_text(encoding="utf-8"))
        self._current: dict[str, list[object]] = {}

    def of(self, path: Path, is_remembered: bool = True) -> str:
        state = path.stat()
        seen = [state.st_size, state.st_mtime_ns, state.st_ctime_ns, state.st_ino]
        name = str(path.resolve())
        known = self._known.get(name, [])
        digest = str(known[-1]) if is_remembered and known[:-1] == seen else sha256_of(path)
        if time.time_ns() - state.st_mtime_ns > _SETTLED_NS:
            self._current[name] = [*seen, digest]
        return digest

    def save(self) -> None:
        """Workers of one run may save at once: each writes its own part."""
        if self._current != self._known:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            part = self._path.with_name(f"{self._path.name}.{os.getpid()}.part")
            part.write_text(json.dumps(self._current), encoding="utf-8")
            part.replace(self._path)


def input_files(settings: Settings, is_remembered: bool = True) -> dict[str, list[RawFile]]:
    """Source → its raw files, each hashed once; `is_remembered` takes a digest that is known while a file looks the same.

    Raises `SourceError` with a fault for each thing in a source's folder that cannot be read (it is not absent), and for
    each mapping of the settings that its source cannot follow.
    """
    found: dict[str, list[RawFile]] = {}
    digests = _Digests(settings)
    # The raw folder itself would be named once for every source.
    faults: dict[Fault, None] = {}
    for source in SOURCES:
        try:
            found[source] = []
            for path in settings.files(source):
                label = settings.label_of(path)
                mapping = mapping_of(settings.mappings, label)
                if mapping:
                    # What only asks whether a report is of these files reads no tables.
                    from cwb.sources.registry import sources  # noqa: PLC0415

                    faults |= dict.fromkeys(faults_of(mapping, sources()[source]))
                file = RawFile(label, path, digests.of(path, is_remembered), mapping, settings.bounds)
                found[source].append(file)
        except SourceError as error:
            faults |= dict.fromkeys(error.faults)
    if faults:
        raise SourceError(faults)
    digests.save()
    return found


def hash_inputs(settings: Settings, files: dict[str, list[RawFile]] | None = None) -> dict[str, str]:
    """Source:name → SHA-256 of every raw file, and of the sidecars beside them; without `files` of their bytes as they
    are now, whatever is remembered."""
    hashes = {}
    for source, raw_files in (input_files(settings, False) if files is None else files).items():
        for file in raw_files:
            hashes[f"{source}:{file.label}"] = file.sha256
            beside = sidecar_of(file.path)
            if beside.is_file():
                hashes[f"{source}:{file.label}{SIDECAR}"] = sha256_of(beside)
    return hashes


def sidecar_of(path: Path) -> Path:
    return path.with_name(path.name + SIDECAR)


def read_sidecar(path: Path) -> dict[str, str]:
    """What `<file>.source.toml` says of a raw file: publisher, url, retrieved, licence, citation; {} without one.

    Raises `SourceError` for a sidecar that is not TOML.
    """
    beside = sidecar_of(path)
    if not beside.is_file():
        return {}
    return {key: str(value) for key, value in read_toml(beside, SourceError).items()}
