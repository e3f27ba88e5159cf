"""Which raw files there are, under which names, with which hashes, and their sidecars."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from cwb.base.errors import Fault, SourceError
from cwb.base.kept import SETTLED_NS, State, read_record, sha256_of, state_of, write_record
from cwb.council.config import Settings
from cwb.council.raw_files import SIDECAR, why_unreadable
from cwb.council.sections import SOURCES, FileMapping
from cwb.council.toml_text import read_toml
from cwb.sources.mapping import faults_of, mapping_of
from cwb.sources.report import RawFile


class _Digests:
    """SHA-256 of raw files, remembered beside the processed tables while a file's size, times and place are the same."""

    def __init__(self, settings: Settings):
        self._path = settings.processed / "hashes.json"
        record = read_record(self._path)
        self._known = dict(record.more) if record else {}
        self._current: dict[str, object] = {}

    def of(self, path: Path, state: State, is_remembered: bool) -> str:
        name = str(path.resolve())
        known = self._known.get(name)
        is_known = is_remembered and isinstance(known, list) and tuple(known[:-1]) == state
        digest = str(known[-1]) if is_known and isinstance(known, list) else sha256_of(path)
        if time.time_ns() - state[1] > SETTLED_NS:
            self._current[name] = [*state, digest]
        return digest

    def save(self) -> None:
        """Remember them; where the folder cannot be written they are computed again next time."""
        if self._current != self._known:
            with suppress(OSError):
                write_record(self._path, "", (), **self._current)


@dataclass(frozen=True)
class Inputs:
    """The raw files as they were at one moment: by source, with the SHA-256 of each and of the sidecars beside them.

    `hashes` are by source:name, `states` by path, `hashed_ns` is the moment.
    """

    files: dict[str, list[RawFile]]
    hashes: dict[str, str]
    states: dict[Path, State]
    hashed_ns: int

    def changes(self, settings: Settings) -> list[Fault]:
        """What is not any more as it was then, by name; files that were younger than their clock's tick are hashed again."""
        try:
            found, faults = _listed(settings)
        except SourceError as error:
            return list(error.faults)
        labels = {file.path: (source, file.label) for source, files in self.files.items() for file in files}
        now = {path: label for files in found.values() for label, path, _ in files}
        faults += [_changed(label, "it was added") for path, label in now.items() if path not in labels]
        for path, (source, label) in labels.items():
            beside = sidecar_of(path)
            for one, name in ((path, label), (beside, label + SIDECAR)):
                before = self.states.get(one)
                try:
                    state = state_of(one)
                except FileNotFoundError:
                    faults += [_changed(name, "it was taken away")] if before else []
                    continue
                except OSError as error:
                    faults.append(_unreadable(name, one, error))
                    continue
                is_young = state[1] > self.hashed_ns - SETTLED_NS
                if state != before or (is_young and sha256_of(one) != self.hashes[f"{source}:{name}"]):
                    faults.append(_changed(name, "it was changed"))
        return faults


def _changed(label: str, what: str) -> Fault:
    remedy = "Run again when nothing writes into the raw folder."
    return Fault(
        file=label, rule=f"{what} while it was being used: figures and hashes would be of two files", remedy=remedy
    )


def _unreadable(label: str, path: Path, error: OSError) -> Fault:
    rule, remedy = why_unreadable(path, error)
    return Fault(file=label, rule=rule, remedy=f"{remedy}.")


_Listed = dict[str, list[tuple[str, Path, FileMapping | None]]]


def _listed(settings: Settings) -> tuple[_Listed, list[Fault]]:
    """Source → label, path and mapping of its files, in order; a fault for whatever is there and cannot be read."""
    found: _Listed = {}
    # The raw folder itself would be named once for every source.
    faults: dict[Fault, None] = {}
    for source in SOURCES:
        try:
            labelled = [(settings.label_of(path), path) for path in settings.files(source)]
            found[source] = [(label, path, mapping_of(settings.mappings, label)) for label, path in labelled]
        except SourceError as error:
            faults |= dict.fromkeys(error.faults)
    return found, list(faults)


def list_inputs(settings: Settings, is_remembered: bool = True) -> Inputs:
    """The raw files, each hashed once; `is_remembered` takes a digest that is known while a file looks the same.

    Raises `SourceError` with a fault for each thing in a source's folder that cannot be read (it is not absent), and for
    each mapping of the settings that its source cannot follow.
    """
    began = time.time_ns()
    listed, faults = _listed(settings)
    inputs = Inputs({source: [] for source in SOURCES}, {}, {}, began)
    digests = _Digests(settings)
    for source, label, path, mapping in ((source, *one) for source, files in listed.items() for one in files):
        if mapping:
            # What only asks whether a report is of these files reads no tables.
            from cwb.sources.registry import sources  # noqa: PLC0415

            faults += faults_of(mapping, sources()[source])
        for one, name in ((path, label), (sidecar_of(path), label + SIDECAR)):
            try:
                state = state_of(one)
                digest = digests.of(one, state, is_remembered)
            except OSError as error:
                if one is path or not isinstance(error, FileNotFoundError):
                    faults.append(_unreadable(name, one, error))
                continue
            inputs.states[one], inputs.hashes[f"{source}:{name}"] = state, digest
            if one is path:
                inputs.files[source].append(RawFile(label, path, digest, mapping, settings.bounds))
    if faults:
        raise SourceError(dict.fromkeys(faults))
    digests.save()
    return inputs


def input_files(settings: Settings) -> dict[str, list[RawFile]]:
    """Source → its raw files, as `list_inputs` finds them."""
    return list_inputs(settings).files


def hash_inputs(settings: Settings) -> dict[str, str]:
    """Source:name → SHA-256 of every raw file and sidecar, of their bytes as they are now, whatever is remembered."""
    return list_inputs(settings, False).hashes


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
