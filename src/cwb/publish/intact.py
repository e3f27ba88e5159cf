"""Compare a report's manifest with the files that are there now: by hashes alone, no table is read.

`cwb verify` begins with it, and `cwb run` uses it to see whether there is anything to do. Nothing heavy is imported here.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from cwb.base.errors import CwbError, Fault
from cwb.council.config import Settings, load_config
from cwb.council.periods import Period
from cwb.publish.manifest import AGAIN, NAME, Manifest, code_hashes, read_manifest
from cwb.publish.notebooks import find_notebook
from cwb.sources.inputs import hash_inputs
from cwb.sources.report import sha256_of


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


def check_outputs(report: Path, manifest: Manifest) -> Iterator[Fault]:
    """Files of the report that are missing, changed, or not part of it."""
    listed = {output.name: output for output in manifest.outputs}
    for name, output in listed.items():
        path = report / name
        if not path.is_file():
            yield Fault(file=name, rule="the file is missing", remedy=AGAIN)
        elif sha256_of(path) != output.sha256:
            yield Fault(file=name, rule="the file has been changed since it was built", remedy=AGAIN)
    for path in sorted(report.rglob("*")):
        name = path.relative_to(report).as_posix()
        if path.is_file() and name != NAME and name not in listed:
            yield Fault(file=name, rule="the file is not part of the report", remedy="Remove it.")


def check_inputs(settings: Settings, manifest: Manifest, config: str) -> Iterator[Fault]:
    """Raw files, settings and notebooks that differ from those the report was built from; packs that it lacks."""
    now = hash_inputs(settings)
    then = {f"{file.source}:{file.name}": file.sha256 for file in manifest.inputs if file.sha256}
    remedy = "Build the report again with cwb run, or restore the raw file."
    for key in sorted(then.keys() - now.keys()):
        yield Fault(file=key.split(":", 1)[1], rule="the raw file is missing", remedy=remedy)
    for key, digest in sorted(now.items()):
        name = key.split(":", 1)[1]
        if key not in then:
            yield Fault(file=name, rule="the raw file was not there when the report was built", remedy=remedy)
        elif then[key] != digest:
            yield Fault(file=name, rule="the raw file has been changed since the report was built", remedy=remedy)
    if sha256_of(settings.folder / config) != manifest.settings.sha256:
        yield Fault(file=config, rule="the settings have been changed since the report was built", remedy=AGAIN)
    for table in manifest.settings.tables:
        path = settings.folder / table.name
        if not path.is_file() or sha256_of(path) != table.sha256:
            rule = "this table of the settings has been changed since the report was built"
            yield Fault(file=table.name, rule=rule, remedy=AGAIN)
    for name in manifest.not_built:
        yield Fault(
            file=name, rule="this pack could not be built", remedy="Mend what the index says, and run again."
        )
    for notebook in manifest.notebooks:
        if sha256_of(find_notebook(settings, notebook.name)) != notebook.sha256:
            rule = "the notebook has been changed since the report was built"
            yield Fault(file=notebook.name, rule=rule, remedy=AGAIN)
