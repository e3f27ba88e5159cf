"""Check a report again: every hash, and every finding and table recomputed from the raw files."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cwb.base.errors import CwbError, Fault
from cwb.base.progress import Progress, quiet
from cwb.council.config import Settings, load_config
from cwb.council.periods import Period
from cwb.lines.build import prepare_lines
from cwb.pack.first_page import first_numbers
from cwb.pack.manifest import KEYS, NAME, encode
from cwb.pack.registry import PACKS, notebook_path
from cwb.sources.inputs import hash_inputs
from cwb.sources.report import sha256_of
from cwb.tables import to_csv

_AGAIN = "Build the report again with cwb run, or restore the file."


def verify(report: Path, config: str | Path = "cwb.toml", progress: Progress = quiet) -> list[Fault]:
    """All that is wrong with a report, by name; an empty list means that it holds.

    Hashes are checked first; findings are recomputed even when a hash fails, so that one call tells everything.
    """
    faults: list[Fault] = []
    try:
        settings = load_config(config)
        manifest = _read_manifest(report, faults)
        if manifest is None:
            return faults
        faults += _check_outputs(report, manifest)
        faults += _check_inputs(settings, manifest, Path(config).name)
        faults += _recompute(report, settings, manifest, progress)
    except CwbError as error:
        faults += error.faults
    return faults


def _read_manifest(report: Path, faults: list[Fault]) -> dict[str, Any] | None:
    """The manifest, None if there is nothing to check by; what is wrong with it goes into `faults`."""
    path = report / NAME
    if not path.is_file():
        faults.append(Fault(file=NAME, rule=f"no manifest in {report.name}", remedy=_AGAIN))
        return None
    raw = path.read_bytes()
    try:
        manifest: dict[str, Any] = json.loads(raw)
        agrees = encode(manifest) == raw
        readable = manifest.keys() >= KEYS
    except (ValueError, AttributeError):
        readable = False
    if not readable:
        faults.append(Fault(file=NAME, rule="the manifest cannot be read", remedy=_AGAIN))
        return None
    if not agrees:
        faults.append(Fault(file=NAME, rule="the manifest has been changed", remedy=_AGAIN))
    return manifest


def _check_outputs(report: Path, manifest: dict[str, Any]) -> Iterator[Fault]:
    listed = {entry["name"]: entry for entry in manifest.get("outputs", [])}
    for name, entry in listed.items():
        path = report / name
        if not path.is_file():
            yield Fault(file=name, rule="the file is missing", remedy=_AGAIN)
        elif sha256_of(path) != entry["sha256"]:
            yield Fault(file=name, rule="the file has been changed since it was built", remedy=_AGAIN)
    for path in sorted(report.rglob("*")):
        name = path.relative_to(report).as_posix()
        if path.is_file() and name != NAME and name not in listed:
            yield Fault(file=name, rule="the file is not part of the report", remedy="Remove it.")


def _check_inputs(settings: Settings, manifest: dict[str, Any], config: str) -> Iterator[Fault]:
    now = hash_inputs(settings)
    then = {f"{e['source']}:{e['name']}": e["sha256"] for e in manifest["inputs"] if e["sha256"]}
    remedy = "Build the report again with cwb run, or restore the raw file."
    for key in sorted(then.keys() - now.keys()):
        yield Fault(file=key.split(":", 1)[1], rule="the raw file is missing", remedy=remedy)
    for key, digest in sorted(now.items()):
        name = key.split(":", 1)[1]
        if key not in then:
            yield Fault(file=name, rule="the raw file was not there when the report was built", remedy=remedy)
        elif then.get(key, digest) != digest:
            yield Fault(file=name, rule="the raw file has been changed since the report was built", remedy=remedy)
    if sha256_of(settings.folder / config) != manifest["settings"]["sha256"]:
        yield Fault(file=config, rule="the settings have been changed since the report was built", remedy=_AGAIN)
    for entry in manifest["settings"].get("tables", []):
        path = settings.folder / entry["name"]
        if not path.is_file() or sha256_of(path) != entry["sha256"]:
            rule = "this table of the settings has been changed since the report was built"
            yield Fault(file=entry["name"], rule=rule, remedy=_AGAIN)
    for name in manifest.get("not_built", []):
        yield Fault(
            file=name, rule="this pack could not be built", remedy="Mend what the index says, and run again."
        )
    for entry in manifest["notebooks"]:
        pack = next((p for p in PACKS if p.notebook == entry["name"]), None)
        if pack is None or sha256_of(notebook_path(settings, pack)) != entry["sha256"]:
            yield Fault(
                file=entry["name"],
                rule="the notebook has been changed since the report was built",
                remedy=_AGAIN,
            )


def _recompute(report: Path, settings: Settings, manifest: dict[str, Any], progress: Progress) -> Iterator[Fault]:
    """Everything again from raw in a folder of its own, by calling the measures and not the notebook."""
    try:
        told = json.loads((report / "findings.json").read_text(encoding="utf-8"))
        stated = {(f["pack"], f["id"]): f for f in told}
    except (OSError, ValueError, TypeError, KeyError):
        yield Fault(file="findings.json", rule="the findings cannot be read", remedy=_AGAIN)
        return
    with tempfile.TemporaryDirectory() as folder:
        data = settings.data.model_copy(update={"processed": Path(folder)})
        apart = settings.model_copy(update={"data": data})
        lineage = prepare_lines(apart, progress)
        names = {entry["name"] for entry in manifest["notebooks"]}
        for pack in (p for p in PACKS if p.notebook in names):
            dataset = pack.open(apart, Period.parse(manifest["period"]), lineage)
            for number, function in enumerate(pack.measures):
                progress(function.__name__, number, len(pack.measures))
                measure = function(dataset)
                for finding in measure.findings.values():
                    if stated.pop((pack.id, finding.id), None) != finding.as_dict():
                        yield Fault(
                            file="findings.json",
                            column=finding.id,
                            rule="the raw files give another value for this finding",
                            remedy=_AGAIN,
                        )
                figure = pack.figure_of(measure)
                if figure.undefined:
                    continue
                path = report / "tables" / figure.csv_name
                made = ("\ufeff" + to_csv(figure.table, figure.columns)).encode("utf-8")
                if not path.is_file() or path.read_bytes() != made:
                    yield Fault(
                        file=f"tables/{figure.csv_name}",
                        rule="the raw files give another table",
                        remedy=_AGAIN,
                    )
            for changed in first_numbers(pack, apart, dataset.period, lineage).findings:
                if stated.pop((pack.id, changed["id"]), None) != changed:
                    yield Fault(
                        file="findings.json",
                        column=changed["id"],
                        rule="the raw files give another value for this finding",
                        remedy=_AGAIN,
                    )
    for _, finding_id in sorted(stated):
        yield Fault(
            file="findings.json",
            column=finding_id,
            rule="no measure makes this finding",
            remedy=_AGAIN,
        )
