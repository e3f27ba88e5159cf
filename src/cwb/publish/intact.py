"""Compare a report's manifest with the files that are there now: by hashes alone, no table is read.

`cwb run` uses it to see whether there is anything to do, `cwb verify --hash` to check a copy without raw files, `cwb verify` to
name what the report was made of and has changed. Nothing heavy is imported here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from pathlib import Path

from cwb.base.errors import CwbError, Fault
from cwb.base.kept import sha256_of
from cwb.council.config import Settings, load_config
from cwb.council.periods import Period
from cwb.council.raw_files import why_unreadable
from cwb.publish.check_value import INDEX, grouped, listed_hash, printed, ungrouped
from cwb.publish.folder import REMOVE, files_of, shown
from cwb.publish.manifest import AGAIN, NAME, Manifest, code_hashes, read_manifest
from cwb.publish.notebooks import find_notebook
from cwb.sources.inputs import hash_inputs

_GET = "Ask the council for the report, or for its check value, again."
_RAW_REMEDY = "Build the report again with cwb run, or restore the raw file."


def unchanged(period: str, config: Path) -> Path | None:
    """The report of a period, if building it again would give the same bytes; None if it is not there or might not.

    The same are the period, the settings, every raw file, the notebooks, the code with its reference tables, Python and
    every library; the report was built of all packs, none of which failed, and every byte of it is as it was written.
    """
    settings, wanted = load_config(config), Period.parse(period)
    report = settings.reports / str(wanted)
    manifest, faults = read_manifest(report)
    if manifest is None or faults or not manifest.is_whole:
        return None
    if (manifest.period, manifest.settings.name) != (str(wanted), config.name):
        return None
    try:
        if manifest.made_by != code_hashes():
            return None
        checks = chain(check_outputs(report, manifest), check_inputs(settings, manifest, config.name))
        return report if next(checks, None) is None else None
    except CwbError:
        # Whatever stands in the way is reported by the build.
        return None


def check_copy(report: Path, value: str) -> list[Fault]:
    """All that keeps a folder from being, byte for byte, the report with this check value; `print/` is not looked at.

    Nothing is computed again and no raw file is read. Raises `CwbError` for what is no check value.
    """
    wanted = ungrouped(value)
    manifest, faults = read_manifest(report)
    if manifest is not None and (found := sha256_of(report / NAME)) != wanted:
        rule = f"this is another report than the one with that check value; its own is {grouped(found)}"
        faults = [Fault(file=NAME, rule=rule, remedy=_GET)]
    if manifest is not None:
        faults += check_outputs(report, manifest)
    return [replace(fault, remedy=_GET) for fault in faults]


def check_outputs(report: Path, manifest: Manifest) -> Iterator[Fault]:
    """Files of the report that are missing, changed, or not part of it; a check value that is not that of the manifest."""
    found, faults = files_of(report)
    yield from faults
    strange = {fault.file for fault in faults}
    listed = {output.name: output.sha256 for output in manifest.outputs}
    for name, digest in listed.items():
        if name not in found:
            if shown(name) not in strange:
                yield Fault(file=shown(name), rule="the file is missing", remedy=AGAIN)
            continue
        try:
            is_same = listed_hash(report, name) == digest
        except OSError as error:
            yield Fault(*why_unreadable(found[name], error), file=shown(name))
            continue
        if not is_same:
            yield Fault(file=shown(name), rule="the file has been changed since it was built", remedy=AGAIN)
        elif name == INDEX and printed(found[name].read_bytes()) != grouped(sha256_of(report / NAME)):
            rule = "the check value on the first page is not that of the manifest"
            yield Fault(file=name, rule=rule, remedy=AGAIN)
    for name in sorted(found.keys() - listed.keys() - {NAME}):
        yield Fault(file=shown(name), rule="the file is not part of the report", remedy=REMOVE)


def check_inputs(settings: Settings, manifest: Manifest, config: str) -> Iterator[Fault]:
    """Raw files, settings and notebooks that differ from those the report was built from; packs that it lacks."""
    try:
        yield from _check_raw(hash_inputs(settings), manifest)
    except CwbError as error:
        yield from error.faults
    if sha256_of(settings.folder / config) != manifest.settings.sha256:
        yield Fault(file=config, rule="the settings have been changed since the report was built", remedy=AGAIN)
    for table in manifest.settings.tables:
        path = settings.folder / table.name
        if table.name not in settings.tables or not path.is_file() or sha256_of(path) != table.sha256:
            rule = "this table of the settings has been changed since the report was built"
            yield Fault(file=shown(table.name), rule=rule, remedy=AGAIN)
    for name in manifest.not_built:
        yield Fault(
            file=shown(name),
            rule="this pack could not be built",
            remedy="Mend what the index says, and run again.",
        )
    for notebook in manifest.notebooks:
        try:
            is_same = sha256_of(find_notebook(settings, notebook.name)) == notebook.sha256
        except CwbError as error:
            yield from error.faults
            continue
        if not is_same:
            rule = "the notebook has been changed since the report was built"
            yield Fault(file=shown(notebook.name), rule=rule, remedy=AGAIN)


def _check_raw(now: dict[str, str], manifest: Manifest) -> Iterator[Fault]:
    then = {f"{file.source}:{file.name}": file.sha256 for file in manifest.inputs if file.sha256}
    for key in sorted(then.keys() - now.keys()):
        yield Fault(file=shown(key.split(":", 1)[1]), rule="the raw file is missing", remedy=_RAW_REMEDY)
    for key, digest in sorted(now.items()):
        name = key.split(":", 1)[1]
        if key not in then:
            rule = "the raw file was not there when the report was built"
            yield Fault(file=name, rule=rule, remedy=_RAW_REMEDY)
        elif then[key] != digest:
            rule = "the raw file has been changed since the report was built"
            yield Fault(file=name, rule=rule, remedy=_RAW_REMEDY)
