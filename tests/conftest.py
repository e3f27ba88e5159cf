"""Shared by all tests: the real files where they are at hand, one illustrative project, a browser where there is one."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

import duckdb
import geopandas as gpd
import pandas as pd
import pytest
from filelock import FileLock

from cwb.base.garbage import look_seldom
from cwb.base.progress import quiet
from cwb.council.config import Settings, load_config
from cwb.evidence.data import PackData, known_period, open_data
from cwb.lines.build import prepare_lines
from cwb.publish.warm import skip_address_grammar
from cwb.sample import write_sample
from cwb.sources.database import connect
from cwb.sources.datasets import boundaries, postcodes
from cwb.sources.fetch.line import Line, open_line
from cwb.sources.source import Job
from publisher import Server

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared" / "data"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
# A pack's id and a period → the tables for them.
Opened = Callable[[str, str], PackData]
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--write-shown", action="store_true", help="write the shown.txt of the cases anew, to be read through"
    )


def pytest_configure() -> None:
    look_seldom()
    # Before any test imports what publishes.
    skip_address_grammar()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Modules that need the illustrative council come first: of two processes one makes it, and the other does not wait for it."""
    needs = {item.path: 0 for item in items}
    for item in items:
        names = getattr(item, "fixturenames", ())
        needs[item.path] = max(needs[item.path], 2 * ("project" in names), "sample" in names)
    items.sort(key=lambda item: -needs[item.path])
    skip = pytest.mark.skip(reason="the real files of ../shared are not here")
    for item in items:
        if item.get_closest_marker("shared") and not SHARED.is_dir():
            item.add_marker(skip)


@pytest.fixture(scope="session", autouse=True)
def one_core() -> Iterator[None]:
    """Packs are built in the process of the tests, which has imported all that two workers would import anew for each report.

    `several_cores` builds them in workers, as does every command that a test starts as a process of its own.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("cwb.publish.work.os", SimpleNamespace(cpu_count=lambda: 1))
        yield


@pytest.fixture
def several_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    """Build packs in two workers."""
    monkeypatch.setattr("cwb.publish.work.os", SimpleNamespace(cpu_count=lambda: 2))


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium; without one the test is skipped, but fails where CI is set."""
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if found is None:
        if os.environ.get("CI"):
            pytest.fail("no Chromium was found, and CI must test in one")
        pytest.skip("no Chromium was found")
    return found


@pytest.fixture(scope="session")
def started(chromium: str) -> Iterator[Browser]:
    """One browser for all tests of a process: two of Playwright's loops cannot run beside each other."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only few tests need it

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture
def browser(started: Browser) -> Iterator[Browser]:
    """A browser whose pages are closed after each test: one that plays a slow tablet keeps a core busy while it is open."""
    yield started
    for context in started.contexts:
        context.close()


@pytest.fixture
def con(tmp_path: Path) -> duckdb.DuckDBPyConnection:
    return connect(scratch=tmp_path / "duckdb")


@pytest.fixture(scope="session")
def readers() -> Iterator[duckdb.DuckDBPyConnection]:
    """DuckDB with the readers of dates, money and names, for all tests of a process that only ask it."""
    with connect() as opened:
        yield opened


@pytest.fixture(scope="session")
def postcodes_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for processed tables whose postcodes are made once for all tests."""
    return tmp_path_factory.mktemp("processed")


def _once(folder: Path, make: Callable[[], None]) -> Path:
    """Make a folder once, whatever number of processes the tests run in: the first makes it and the others wait."""
    with FileLock(folder.with_suffix(".lock")):
        if not (marker := folder.with_suffix(".made")).is_file():
            folder.mkdir(exist_ok=True)
            make()
            marker.touch()
    return folder


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all processes of a run share."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@pytest.fixture(scope="session", autouse=True)
def places_made_once(shared_folder: Path) -> Iterator[None]:
    """What every council makes of the package of postcodes is made once for all of them: the table, and each area's outlines.

    `cwb verify` and a council in an empty folder make both anew, which takes six and three seconds.
    """
    package, draw = postcodes.from_package, boundaries.from_postcodes

    def once(name: str, make: Callable[[], pd.DataFrame]) -> Path:
        folder = shared_folder / name
        return _once(folder, lambda: make().to_parquet(folder / "all.parquet")) / "all.parquet"

    def from_package() -> pd.DataFrame:
        if given := given_places():
            return pd.read_parquet(next(given.glob("postcodes-*.parquet")))
        return pd.read_parquet(once("package", package))

    def from_postcodes(of: pd.DataFrame, districts: tuple[str, ...]) -> gpd.GeoDataFrame:
        # Fewer postcodes than the country has are a test's own.
        if len(of) < 1_000_000:
            return draw(of, districts)
        name = f"outlines-{hashlib.sha256(','.join(districts).encode()).hexdigest()[:16]}"
        return gpd.read_parquet(once(name, lambda: draw(of, districts)))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(postcodes, "from_package", from_package)
        patch.setattr(boundaries, "from_postcodes", from_postcodes)
        yield


@pytest.fixture(scope="session")
def place_tables(shared_folder: Path) -> Path:
    """Postcodes, and the outlines of the illustrative council's districts, as a council has them in data/processed."""
    if given := given_places():
        return given
    folder = shared_folder / "places"

    def make() -> None:
        shutil.copy(ROOT / "cwb.toml", folder)
        settings = load_config(folder / "cwb.toml")
        settings.processed.mkdir(parents=True)
        job = Job(
            connect(scratch=folder),
            settings.processed,
            folder / "scratch",
            districts=settings.local.districts,
            shared=settings.shared_processed,
        )
        for source in (postcodes.SOURCE, boundaries.SOURCE):
            source.store(job, [])

    return _once(folder, make) / "data" / "processed"


def built_project() -> Path | None:
    """A project in which `make packs` has built the illustrative council's reports already, where the environment names one: `.ci/run`
    does, so that what it has just built is not built again."""
    named = os.environ.get("CWB_TEST_PROJECT")
    return Path(named) if named else None


def given_places() -> Path | None:
    """A folder that holds the tables of places already: `make mutants`, which starts pytest for each mutant anew, names one, and a
    project that is built has one, of which its tables are made."""
    if "CWB_TEST_PLACES" in os.environ:
        return Path(os.environ["CWB_TEST_PLACES"])
    built = built_project()
    return load_config(built / "cwb.toml").shared_processed if built else None


@pytest.fixture(scope="session")
def sample(shared_folder: Path, place_tables: Path) -> Path:
    """The illustrative council as a user has it, with its tables ready and no report yet."""
    folder = shared_folder / "project"

    def make() -> None:
        shutil.copy(ROOT / "cwb.toml", folder)
        shutil.copytree(ROOT / "notebooks", folder / "notebooks")
        copy_places(place_tables, folder)
        settings = load_config(folder / "cwb.toml")
        if built := built_project():
            made = load_config(built / "cwb.toml")
            shutil.copytree(made.folder / made.data.raw, settings.folder / settings.data.raw)
            shutil.copytree(made.processed, settings.processed)
        else:
            write_sample(settings, quiet)
        prepare_lines(settings)

    return _once(folder, make)


@pytest.fixture(scope="session")
def project(sample: Path) -> Path:
    """The same council with two reports."""
    from cwb.publish.run import run  # noqa: PLC0415 - as `skip_address_grammar` says

    def make() -> None:
        built = built_project()
        for period in ("2023-24", "2026-27-Q2"):
            if built:
                shutil.copytree(built / "reports" / period, sample / "reports" / period)
            else:
                run(period, sample / "cwb.toml")

    _once(sample.with_name("reports-of-project"), make)
    return sample


@pytest.fixture(scope="session")
def settings(sample: Path) -> Settings:
    return load_config(sample / "cwb.toml")


@pytest.fixture(scope="session")
def illustrative(sample: Path) -> Opened:
    """The illustrative council for a pack and a period. All tests of a process share its tables, what was asked of them and what was
    measured, as the packs of a run do; a test that changes what it is given opens its own."""
    opened: dict[tuple[str, str], PackData] = {}

    def of(pack: str, period: str) -> PackData:
        if (pack, period) not in opened:
            other = next(iter(opened.values()), None)
            opened[pack, period] = (
                open_data(pack, period, str(sample / "cwb.toml"))
                if other is None
                else PackData(other.settings, known_period(period), pack, other.lineage, other.engine)
            )
        return opened[pack, period]

    return of


def copy_places(place_tables: Path, folder: Path) -> None:
    """Give a project the tables of places."""
    put_places(place_tables, folder / "data" / "processed")


def put_places(place_tables: Path, processed: Path) -> None:
    """Put the tables of places into a folder. Postcodes, which are large, are a link where the drive has such: cwb writes beside a
    table that is there, and never into it."""
    processed.mkdir(parents=True, exist_ok=True)
    for made in place_tables.glob("*-????????.*"):
        target = processed / made.name
        target.unlink(missing_ok=True)
        if made.match("postcodes-*.parquet"):
            with suppress(OSError):
                target.symlink_to(made)
        if not target.exists():
            shutil.copy(made, target)


@pytest.fixture
def council(tmp_path: Path, place_tables: Path) -> Callable[..., Path]:
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
        copy_places(place_tables, tmp_path)
        return tmp_path

    return make


@pytest.fixture
def server() -> Iterator[Server]:
    """A publisher on this machine."""
    made = Server()
    yield made
    made.http.shutdown()


@pytest.fixture
def line() -> Iterator[Line]:
    """A line to a publisher on this machine that never waits between two tries."""
    with open_line(timeout=2, loopback=True) as opened:
        opened.wait = lambda _: None
        yield opened
