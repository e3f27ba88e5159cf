"""Which raw files there are, under which names, with which hashes, and what stands beside them."""

from __future__ import annotations

import tomllib
from pathlib import Path

from cwb.base.characters import printable
from cwb.base.errors import Fault, SourceError, fault
from cwb.council.config import Settings
from cwb.council.raw_files import SIDECAR
from cwb.council.sections import SOURCES
from cwb.sources.report import RawFile, sha256_of


def _label(settings: Settings, path: Path) -> str:
    """A file's name below the raw folder; what cannot be printed of it is shown as its code, so that names stay apart."""
    try:
        name = path.relative_to(settings.raw).as_posix()
    except ValueError:
        name = path.name
    return "".join(c if printable(c) == c else ascii(c)[1:-1] for c in name)


def input_files(settings: Settings) -> dict[str, list[RawFile]]:
    """Source → its raw files, each hashed once.

    Raises `SourceError` with a fault for each thing in a source's folder that cannot be read: it is not absent.
    """
    found: dict[str, list[RawFile]] = {}
    # The raw folder itself would be named once for every source.
    faults: dict[Fault, None] = {}
    for source in SOURCES:
        try:
            found[source] = [RawFile.of(path, _label(settings, path)) for path in settings.files(source)]
        except SourceError as error:
            faults |= dict.fromkeys(error.faults)
    if faults:
        raise SourceError(faults)
    return found


def hash_inputs(settings: Settings, files: dict[str, list[RawFile]] | None = None) -> dict[str, str]:
    """Source:name → SHA-256 of every raw file, and of the sidecars beside them."""
    hashes = {}
    for source, own in (input_files(settings) if files is None else files).items():
        for file in own:
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
    try:
        stated = tomllib.loads(beside.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SourceError(fault(f"not valid TOML: {error}", "Mend that line.", beside)) from None
    return {printable(str(key)): printable(str(value)) for key, value in stated.items()}
