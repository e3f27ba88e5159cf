"""What a report says it was made of, held against what is there now: by hashes alone, no table is read.

`cwb verify` begins with it, and `cwb run` asks it whether there is anything to do. Nothing heavy is imported here.
"""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Iterator
from importlib.metadata import distributions
from itertools import chain
from pathlib import Path
from typing import Any

import cwb
from cwb.base.errors import CwbError, Fault
from cwb.council.config import Settings, load_config
from cwb.council.periods import Period
from cwb.publish.notebooks import find_notebook
from cwb.sources.inputs import hash_inputs
from cwb.sources.report import sha256_of

NAME = "manifest.json"
KEYS = {"council", "period", "settings", "inputs", "notebooks", "outputs", "versions"}
AGAIN = "Build the report again with cwb run, or restore the file."


def unchanged(period: str, config: Path) -> Path | None:
    """The report of a period, if building it again would give the same bytes; None if it is not there or might not.

    The same are the period, the settings, every raw file, the notebooks, the code with its reference tables, Python and
    every library; the report was built of all packs, none of which failed, and every byte of it is as it was written.
    """
    settings, wanted = load_config(config), Period.parse(period)
    report = settings.reports / str(wanted)
    faults: list[Fault] = []
    manifest = read_manifest(report, faults)
    if manifest is None or faults:
        return None
    try:
        stated = (manifest["period"], manifest["settings"]["name"], manifest["made_by"], manifest["is_whole"])
        if stated != (str(wanted), config.name, made_by(), True):
            return None
        differs = next(chain(check_outputs(report, manifest), check_inputs(settings, manifest, config.name)), None)
    except (CwbError, KeyError, TypeError):
        # A report from before these were written; or what stands in the way is told by the build.
        return None
    return report if differs is None else None


def made_by() -> dict[str, str]:
    """The code that makes reports: hashes of every file of the library, and of Python with all that is installed."""
    root = Path(cwb.__file__).parent
    code = hashlib.sha256()
    for path in sorted(path for path in root.rglob("*") if path.is_file() and "__pycache__" not in path.parts):
        code.update(f"{path.relative_to(root).as_posix()} {sha256_of(path)}\n".encode())
    installed = sorted({f"{found.name} {found.version}" for found in distributions()})
    environment = "\n".join([platform.python_version(), *installed])
    return {"code": code.hexdigest(), "environment": hashlib.sha256(environment.encode()).hexdigest()}


def encode(body: dict[str, Any]) -> bytes:
    """The one way in which a manifest is written: with the hash of all the rest, so that no byte is free."""
    stated = {key: value for key, value in body.items() if key != "sha256"}
    digest = hashlib.sha256(_text(stated).encode()).hexdigest()
    return _text({**stated, "sha256": digest}).encode()


def _text(body: dict[str, Any]) -> str:
    return json.dumps(body, indent=1, ensure_ascii=False) + "\n"


def read_manifest(report: Path, faults: list[Fault]) -> dict[str, Any] | None:
    """The manifest, None if there is nothing to check by; what is wrong with it goes into `faults`."""
    path = report / NAME
    if not path.is_file():
        faults.append(Fault(file=NAME, rule=f"no manifest in {report.name}", remedy=AGAIN))
        return None
    raw = path.read_bytes()
    try:
        manifest: dict[str, Any] = json.loads(raw)
        agrees = encode(manifest) == raw
        readable = manifest.keys() >= KEYS
    except (ValueError, AttributeError):
        readable = False
    if not readable:
        faults.append(Fault(file=NAME, rule="the manifest cannot be read", remedy=AGAIN))
        return None
    if not agrees:
        faults.append(Fault(file=NAME, rule="the manifest has been changed", remedy=AGAIN))
    return manifest


def check_outputs(report: Path, manifest: dict[str, Any]) -> Iterator[Fault]:
    """Files of the report that are missing, changed, or not its own."""
    listed = {entry["name"]: entry for entry in manifest.get("outputs", [])}
    for name, entry in listed.items():
        path = report / name
        if not path.is_file():
            yield Fault(file=name, rule="the file is missing", remedy=AGAIN)
        elif sha256_of(path) != entry["sha256"]:
            yield Fault(file=name, rule="the file has been changed since it was built", remedy=AGAIN)
    for path in sorted(report.rglob("*")):
        name = path.relative_to(report).as_posix()
        if path.is_file() and name != NAME and name not in listed:
            yield Fault(file=name, rule="the file is not part of the report", remedy="Remove it.")


def check_inputs(settings: Settings, manifest: dict[str, Any], config: str) -> Iterator[Fault]:
    """Raw files, settings and notebooks that are not those of which the report was built; packs that it lacks."""
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
        yield Fault(file=config, rule="the settings have been changed since the report was built", remedy=AGAIN)
    for entry in manifest["settings"].get("tables", []):
        path = settings.folder / entry["name"]
        if not path.is_file() or sha256_of(path) != entry["sha256"]:
            rule = "this table of the settings has been changed since the report was built"
            yield Fault(file=entry["name"], rule=rule, remedy=AGAIN)
    for name in manifest.get("not_built", []):
        yield Fault(
            file=name, rule="this pack could not be built", remedy="Mend what the index says, and run again."
        )
    for entry in manifest["notebooks"]:
        if sha256_of(find_notebook(settings, entry["name"])) != entry["sha256"]:
            yield Fault(
                file=entry["name"],
                rule="the notebook has been changed since the report was built",
                remedy=AGAIN,
            )
