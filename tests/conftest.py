"""Shared by all tests: the real files where they are at hand, one illustrative project, a browser where there is one."""

from __future__ import annotations

import os
import shutil
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from filelock import FileLock

from cwb.base.progress import quiet
from cwb.council.config import Settings, load_config
from cwb.publish.run import run
from cwb.sample import write_sample
from cwb.sources.database import connect
from cwb.sources.datasets.postcodes import build_places

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared" / "data"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    skip = pytest.mark.skip(reason="the real files of ../shared are not here")
    for item in items:
        if item.get_closest_marker("shared") and not SHARED.is_dir():
            item.add_marker(skip)


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium; without one the test is skipped, but fails where CI is set."""
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if found is None:
        if os.environ.get("CI"):
            pytest.fail("no Chromium was found, and CI must test in one")
        pytest.skip("no Chromium was found")
    return found


@pytest.fixture
def con(tmp_path: Path) -> duckdb.DuckDBPyConnection:
    return connect(scratch=tmp_path / "duckdb")


@pytest.fixture(scope="session")
def shared_by_workers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of this run of the tests, one for all processes in which they run."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


def made_once(folder: Path, make: Callable[[Path], None]) -> Path:
    """`folder`, made by the first process that asks while the others wait."""
    with FileLock(folder.with_suffix(".lock")):
        if not (folder / "made").is_file():
            make(folder)
            (folder / "made").touch()
    return folder


@pytest.fixture(scope="session")
def places(shared_by_workers: Path) -> Path:
    """Processed postcodes and the outlines drawn from them: the same for all councils, and ten seconds to make."""
    return made_once(shared_by_workers / "places", _make_places)


def _make_places(folder: Path) -> None:
    folder.mkdir()
    shutil.copy(ROOT / "tests" / "cases" / "pack_01" / "cwb.toml", folder)
    settings = load_config(folder / "cwb.toml")
    settings.processed.mkdir(parents=True)
    build_places(connect(scratch=folder / "duckdb"), settings, defaultdict(list), quiet)


def copy_places(places: Path, processed: Path) -> None:
    """Give a council the places that all share."""
    processed.mkdir(parents=True, exist_ok=True)
    for made in (places / "data" / "processed").glob("*-????????.parquet"):
        shutil.copy(made, processed)


@pytest.fixture(scope="session")
def project(shared_by_workers: Path, places: Path) -> Path:
    """The illustrative council as a user has it: settings, notebooks, raw files, and two reports."""
    return made_once(shared_by_workers / "project", lambda folder: _make_project(folder, places))


def _make_project(folder: Path, places: Path) -> None:
    folder.mkdir()
    shutil.copy(ROOT / "cwb.toml", folder)
    shutil.copytree(ROOT / "notebooks", folder / "notebooks")
    copy_places(places, folder / "data" / "processed")
    settings = load_config(folder / "cwb.toml")
    write_sample(settings, quiet)
    for period in ("2023-24", "2026-27-Q2"):
        run(period, folder / "cwb.toml")


@pytest.fixture(scope="session")
def settings(project: Path) -> Settings:
    return load_config(project / "cwb.toml")


@pytest.fixture
def council(tmp_path: Path, places: Path) -> Callable[..., Path]:
    """Make a project of a council of tests/councils, or of given settings, with given raw files."""

    def make(name_or_toml: str, **files: list[Path]) -> Path:
        if "\n" in name_or_toml:
            (tmp_path / "cwb.toml").write_text(name_or_toml, encoding="utf-8")
        else:
            shutil.copytree(ROOT / "tests" / "councils" / name_or_toml, tmp_path, dirs_exist_ok=True)
        for source, paths in files.items():
            folder = tmp_path / "data" / "raw" / source
            folder.mkdir(parents=True)
            for path in paths:
                shutil.copy(path, folder)
        copy_places(places, tmp_path / "data" / "processed")
        return tmp_path

    return make
