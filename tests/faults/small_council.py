"""A council of a few payments with its tables made, and runs of it whose packs are ready: what a run does beside them is real."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path

import pytest

from conftest import copy_places
from cwb.base.errors import Fault
from cwb.council.config import Settings, load_config
from cwb.lines.build import prepare_lines
from cwb.packs.pack import Pack
from cwb.packs.registry import all_packs
from cwb.publish import report as report_module
from cwb.publish.work import BuildJob, BuiltPack

SRC = Path(__file__).parents[2] / "src"
PERIOD = "2023-24"
TOML = """
[council]
name = "Small Council"
home_district = "E07000243"
[local]
name = "Hertfordshire"
districts = ["E07000243", "E07000099"]
"""
FILES = {
    "spend/april.csv": "Supplier Name,Payment Date,Net Amount\nAcme Ltd,04/04/2023,100.00\nBolt Ltd,15/04/2023,50.00\n",
    "spend/may.csv": "Supplier Name,Payment Date,Net Amount\nAcme Ltd,04/05/2023,70.00\nBolt Ltd,25/05/2023,30.00\n",
    "spend/may.csv.source.toml": 'publisher = "Small Council"\n',
    "vendors/vendors.csv": "Supplier ID,Supplier Name,Postcode\n1,Acme Ltd,SG1 1AA\n2,Bolt Ltd,SG14 1AB\n",
}


def make_council(folder: Path, place_tables: Path) -> Path:
    """The project of the council, with its tables made; its settings file."""
    for name, text in FILES.items():
        path = folder / "data" / "raw" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    config = folder / "cwb.toml"
    config.write_text(TOML, encoding="utf-8")
    copy_places(place_tables, folder)
    prepare_lines(load_config(config))
    return config


_MADE: dict[Path, Path] = {}


@pytest.fixture
def small(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, place_tables: Path) -> Path:
    """The settings file of a copy of the council, to be damaged; postcodes, which are large, are a link."""
    if place_tables not in _MADE:
        _MADE[place_tables] = make_council(tmp_path_factory.mktemp("small"), place_tables)
    made = _MADE[place_tables]
    folder = tmp_path / "council"

    def copy(source: str, target: str) -> None:
        (os.link if "postcodes-" in source else shutil.copy2)(source, target)

    shutil.copytree(made.parent, folder, copy_function=copy)
    return folder / made.name


def ready_packs(monkeypatch: pytest.MonkeyPatch, failing: tuple[str, ...] = (), before: object = None) -> None:
    """Let runs find their packs built: a page each; those of the ids in `failing` could not be built. `before` is called
    while packs are being built."""

    def built(packs: tuple[Pack, ...], job: BuildJob, workers: object) -> Generator[BuiltPack]:
        if callable(before):
            before(job)
        for pack in packs:
            fault = Fault(file=pack.notebook, rule="its worker ended", remedy="Run it again.")
            yield BuiltPack(pack.id, f"<p>{pack.id}", faults=(fault,) if pack.id in failing else ())

    monkeypatch.setattr(report_module, "build_packs", built)


def bytes_of(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, hidden ones left out."""
    found = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    return {name: path.read_bytes() for name, path in found.items() if not name.startswith(".")}


def pages_of(folder: Path) -> set[str]:
    return {path.name for path in folder.glob("[0-9][0-9]_*.html")}


def cwb(*arguments: str, cwd: Path, code: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    """A command in a process of its own; `code` runs before it."""
    process = start(*arguments, cwd=cwd, code=code, **environment)
    out, err = process.communicate(timeout=120)
    return subprocess.CompletedProcess(arguments, process.returncode, out, err)


def start(*arguments: str, cwd: Path, code: str = "", **environment: str) -> subprocess.Popen[str]:
    """The same, not waited for; it is the leader of a group of its own."""
    program = (
        f"import sys; sys.argv = ['cwb', *{list(arguments)!r}]\n{code}\nfrom cwb.__main__ import main\nmain()\n"
    )
    variables = {**os.environ, "PYTHONPATH": str(SRC), **environment}
    return subprocess.Popen(
        [sys.executable, "-c", program],
        cwd=cwd,
        env={name: value for name, value in variables.items() if value},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        start_new_session=True,
    )


def settings_of(config: Path) -> Settings:
    return load_config(config)


def notebooks_of(report: Path) -> set[str]:
    manifest = json.loads((report / "manifest.json").read_text(encoding="utf-8"))
    return {notebook["name"] for notebook in manifest["notebooks"]}


IDS = tuple(pack.id for pack in all_packs())
