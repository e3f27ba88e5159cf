"""`cwb run` of what has not changed: told at once and never wrongly. And commands import only what they need."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cwb.cli import app
from cwb.council.config import load_config
from cwb.council.periods import Period
from cwb.packs.registry import all_packs
from cwb.publish import intact, manifest
from cwb.publish.check_value import BLANK, bearing
from cwb.publish.intact import unchanged
from cwb.publish.manifest import origin_of, write_manifest
from cwb.sources.store import Lineage

ROOT = Path(__file__).parents[1]
SETTINGS = """baseline = "2023-24"
anchor_table = "anchors.csv"
[council]
name = "Tried Council"
home_district = "E07000243"
[local]
name = "Hertfordshire"
districts = ["E07000243"]
"""
PERIOD = "2025-26-Q2"


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A council with a report of which nothing has changed: two files and the manifest that `cwb run` writes."""
    shutil.copytree(ROOT / "notebooks", tmp_path / "notebooks", ignore=shutil.ignore_patterns(".*"))
    (tmp_path / "cwb.toml").write_text(SETTINGS, encoding="utf-8")
    (tmp_path / "anchors.csv").write_text("Body,Kind,Spelling\nBig Trust,NHS,BIG TRUST\n", encoding="utf-8")
    spend = tmp_path / "data" / "raw" / "spend"
    spend.mkdir(parents=True)
    (spend / "july.csv").write_text("Supplier,Date,Amount\nAcme,01/07/2025,10.00\n", encoding="utf-8")
    (spend / "july.csv.source.toml").write_text('publisher = "us"\n', encoding="utf-8")
    report = tmp_path / "reports" / PERIOD
    (report / "tables").mkdir(parents=True)
    (report / "index.html").write_text(f'<p>index <code id="check-value">{BLANK}</code>', encoding="utf-8")
    (report / "tables" / "one.csv").write_text("a,b\r\n", encoding="utf-8")
    write(tmp_path / "cwb.toml")
    assert unchanged(PERIOD, tmp_path / "cwb.toml") == report
    return tmp_path / "cwb.toml"


def write(config: Path, is_whole: bool = True) -> None:
    settings = load_config(config)
    report = settings.reports / PERIOD
    (report / "manifest.json").unlink(missing_ok=True)
    lineage = Lineage("key", (), {"postcodes": "of a package"})
    origin = origin_of(settings, all_packs(), config.name)
    write_manifest(report, settings, Period.parse(PERIOD), all_packs(), (), lineage, origin, is_whole, {})


def bear(index: Path, value: str) -> None:
    index.write_bytes(bearing(index.read_bytes(), value))


def put(name: str, text: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    return change


def add(name: str) -> Callable[[Path], None]:
    """One more byte at the end, such as a blank in settings: what it means need not change."""

    def change(folder: Path) -> None:
        with (folder / name).open("ab") as handle:
            handle.write(b"\n")

    return change


def drop(name: str) -> Callable[[Path], None]:
    return lambda folder: (folder / name).unlink()


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(add("cwb.toml"), id="settings"),
        pytest.param(add("anchors.csv"), id="table of the settings"),
        pytest.param(add("data/raw/spend/july.csv"), id="raw file"),
        pytest.param(drop("data/raw/spend/july.csv"), id="raw file gone"),
        pytest.param(put("data/raw/spend/june.csv", "Supplier\n"), id="another raw file"),
        pytest.param(put("data/raw/vendors/vendors.csv", "Supplier\n"), id="raw file of another source"),
        pytest.param(add("data/raw/spend/july.csv.source.toml"), id="sidecar"),
        pytest.param(drop("data/raw/spend/july.csv.source.toml"), id="sidecar gone"),
        pytest.param(add("notebooks/02_gap_analysis.ipynb"), id="notebook"),
        pytest.param(add(f"reports/{PERIOD}/index.html"), id="page"),
        pytest.param(
            lambda folder: bear(folder / "reports" / PERIOD / "index.html", BLANK.replace("0", "1")),
            id="check value",
        ),
        pytest.param(add(f"reports/{PERIOD}/tables/one.csv"), id="table"),
        pytest.param(drop(f"reports/{PERIOD}/tables/one.csv"), id="table gone"),
        pytest.param(put(f"reports/{PERIOD}/notes.txt", "mine"), id="file that is not its own"),
        pytest.param(add(f"reports/{PERIOD}/manifest.json"), id="manifest"),
        pytest.param(put(f"reports/{PERIOD}/manifest.json", "{}"), id="manifest that is none"),
        pytest.param(drop(f"reports/{PERIOD}/manifest.json"), id="manifest gone"),
        pytest.param(lambda folder: shutil.rmtree(folder / "reports"), id="no report"),
    ],
)
def test_what_differs_is_built_again(change: Callable[[Path], None], config: Path) -> None:
    change(config.parent)
    assert unchanged(PERIOD, config) is None


def test_another_period_is_another_report(config: Path) -> None:
    assert unchanged("2025-26-Q1", config) is None
    # A folder renamed by hand is no report of that period.
    reports = config.parent / "reports"
    (reports / PERIOD).rename(reports / "2025-26-Q1")
    assert unchanged("2025-26-Q1", config) is None


def test_settings_of_another_name_make_another_report(config: Path) -> None:
    other = config.with_name("other.toml")
    shutil.copy(config, other)
    assert unchanged(PERIOD, other) is None


def test_print_is_no_part_of_a_report(config: Path) -> None:
    put(f"reports/{PERIOD}/print/pack.pdf", "x")(config.parent)
    assert unchanged(PERIOD, config) == config.parent / "reports" / PERIOD


@pytest.mark.parametrize("what", ["code", "environment"])
def test_other_code_or_libraries_may_give_another_report(
    what: str, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = intact.code_hashes()
    monkeypatch.setattr(intact, "code_hashes", lambda: replace(now, **{what: "0" * 64}))
    assert unchanged(PERIOD, config) is None


def test_the_code_is_every_file_of_the_library_its_tables_and_templates_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = tmp_path / "cwb"
    shutil.copytree(ROOT / "src" / "cwb", library, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(manifest.cwb, "__file__", str(library / "__init__.py"))
    before = intact.code_hashes()
    seen = {before.code}
    for name in ("reference/thresholds.csv", "publish/template/cwb/index.html.j2", "evidence/sums.py"):
        add(name)(library)
        seen.add(intact.code_hashes().code)
    (library / "reference" / "thresholds.csv").rename(library / "reference" / "limits.csv")
    seen.add(intact.code_hashes().code)
    assert len(seen) == 5
    (library / "__pycache__").mkdir()
    (library / "__pycache__" / "x.pyc").write_bytes(b"x")
    assert intact.code_hashes().code in seen


def test_a_report_that_is_not_whole_is_built_again(config: Path) -> None:
    write(config, is_whole=False)
    assert unchanged(PERIOD, config) is None


def test_a_report_of_an_earlier_version_is_built_again(config: Path) -> None:
    path = config.parent / "reports" / PERIOD / "manifest.json"
    stated = json.loads(path.read_text(encoding="utf-8"))
    for key in ("made_by", "is_whole"):
        path.write_bytes(manifest.encode({name: value for name, value in stated.items() if name != key}))
        assert unchanged(PERIOD, config) is None


def test_run_says_so_and_again_builds_anyway(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    built: list[str] = []

    def build(period: str, given: Path, progress: object, replace: bool) -> Path:
        built.append(period)
        return config.parent / "reports" / PERIOD

    monkeypatch.setattr("cwb.publish.run.run", build)
    monkeypatch.chdir(config.parent)
    done = CliRunner().invoke(app, ["run", PERIOD])
    assert done.exit_code == 0
    assert done.output.startswith(f"Unchanged: reports/{PERIOD}/index.html")
    assert len(done.output.splitlines()) == 1
    assert built == []
    CliRunner().invoke(app, ["run", PERIOD, "--again"])
    assert built == [PERIOD]
    add("data/raw/spend/july.csv")(config.parent)
    done = CliRunner().invoke(app, ["run", PERIOD])
    assert "Unchanged" not in done.output
    assert built == [PERIOD, PERIOD]


@pytest.mark.parametrize("period", ["2023-24", "2026-27-Q2"])
def test_a_report_that_run_wrote_is_unchanged(period: str, project: Path) -> None:
    assert unchanged(period, project / "cwb.toml") == project / "reports" / period


def imported(*arguments: str, cwd: Path, ends_with: int = 0) -> set[str]:
    """The packages that a command has imported when it ends."""
    asked = f"sys.argv = ['cwb', *{list(arguments)!r}]"
    code = (
        f"import sys, atexit\n{asked}\natexit.register(lambda: print('\\n'.join(sys.modules), file=sys.stderr))\n"
    )
    code += "from cwb.cli import main\nmain()"
    done = subprocess.run([sys.executable, "-c", code], cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == ends_with, done.stderr
    return {name.split(".")[0] for name in done.stderr.split()}


HEAVY = {"pandas", "duckdb", "numpy", "pyarrow", "geopandas", "papermill", "nbconvert", "plotly"}


def test_help_and_version_import_nothing_heavy(tmp_path: Path) -> None:
    for arguments in (("--help",), ("--version",), ("run", "--help"), ("rows", "--help")):
        assert not imported(*arguments, cwd=tmp_path) & {*HEAVY, "jinja2"}


def test_what_needs_no_tables_imports_no_tables(config: Path) -> None:
    assert not imported("run", PERIOD, cwd=config.parent) & HEAVY


def test_fetch_imports_nothing_that_draws_or_maps(config: Path) -> None:
    found = imported("fetch", "no such thing", cwd=config.parent, ends_with=1)
    assert not found & {"geopandas", "papermill", "nbconvert", "plotly", "rapidfuzz"}


def test_check_imports_nothing_that_draws(config: Path) -> None:
    found = imported("check", "--json", cwd=config.parent)
    assert "duckdb" in found
    assert not found & {"papermill", "nbconvert", "plotly"}
