"""Runs: disk full, memory short, folders missing, odd paths and locales: told plainly with the file's name, or it works."""

from __future__ import annotations

import errno
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from small_council import PERIOD, bytes_of, cwb, notebooks_of, ready_packs, settings_of, small
from typer.testing import CliRunner

from cwb.base.database import connect, file_sql, parquet_sql
from cwb.base.errors import PackError, machine_fault
from cwb.base.progress import written
from cwb.cli import app
from cwb.lines.build import prepare_lines
from cwb.lines.engine import Engine
from cwb.packs.registry import all_packs
from cwb.publish.execute import _cell_fault
from cwb.publish.run import run

__all__ = ["small"]
fault = pytest.mark.fault
FULL = Path("/dev/full")
has_full = pytest.mark.skipif(not FULL.exists(), reason="no device that is always full")


def refuse_at(monkeypatch: pytest.MonkeyPatch, name: str, number: int, how: str = "write_bytes") -> None:
    """Let the drive refuse to write files of a name."""
    real = getattr(Path, how)

    def step(self: Path, *arguments: object, **options: object) -> object:
        if name in self.name:
            # As a write does it, without the file's name.
            raise OSError(number, os.strerror(number))
        return real(self, *arguments, **options)

    monkeypatch.setattr(Path, how, step)


WRITES = {
    "R120": ("the disk is full when a page is written", "01_local_supplier_base.html", errno.ENOSPC, "write_bytes", "the disk is full"),
    "R121": ("the disk is full when the findings are written", "findings.json", errno.ENOSPC, "write_bytes", "the disk is full"),
    "R122": ("the disk is full when the manifest is written", "manifest.json", errno.ENOSPC, "write_bytes", "the disk is full"),
    "R123": ("the share of the disk is used up when the index is written", "index.html", errno.EDQUOT, "write_bytes", "your share of the disk is full"),
    "R124": ("the disk has become one that can only be read", "index.html", errno.EROFS, "write_bytes", "the disk can only be read"),
    "R125": ("the disk is full when a record of tables is written", "lineage.json", errno.ENOSPC, "write_text", "the disk is full"),
    "R126": ("the drive fails when the manifest is written", "manifest.json", errno.EIO, "write_bytes", os.strerror(errno.EIO)),
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "number", "how", "says"),
    [pytest.param(*rest, marks=fault(no, done, "told plainly with the file's name; the report that stands is left as it is"), id=no) for no, (done, *rest) in WRITES.items()],
)  # fmt: skip
def test_what_the_drive_refuses_is_told(
    name: str, number: int, how: str, says: str, small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready_packs(monkeypatch)
    report = run(PERIOD, small)
    before = bytes_of(report)
    (settings_of(small).processed / "lineage.json").unlink()
    with monkeypatch.context() as patched:
        refuse_at(patched, name, number, how)
        done = CliRunner().invoke(app, ["run", PERIOD, "--again", "--config", str(small)])
    found = machine_fault(done.exception) if done.exception else None
    assert found is not None
    assert found.file is not None
    assert found.file.endswith(name)
    assert found.rule == says
    assert bytes_of(small.parent / "reports") == {f"{PERIOD}/{path}": content for path, content in before.items()}
    run(PERIOD, small)


def to_parquet(path: Path) -> None:
    pd.DataFrame({"a": range(100_000)}).to_parquet(path)


def copy_to(path: Path) -> None:
    connect().execute(f"COPY (SELECT range AS a FROM range(100000)) TO '{path.as_posix()}' (FORMAT parquet)")


def text_to(path: Path) -> None:
    path.write_text("a" * 100_000, encoding="utf-8")


@has_full
@pytest.mark.parametrize(
    "write",
    [
        pytest.param(to_parquet, marks=fault("R127", "a real full disk under a table that pandas writes", "told with the table's name; the one before is still there")),
        pytest.param(copy_to, marks=fault("R128", "a real full disk under a table that DuckDB writes", "told with the table's name; the one before is still there")),
        pytest.param(text_to, marks=fault("R129", "a real full disk under a text", "told with the file's name; the one before is still there")),
    ],
)  # fmt: skip
def test_a_disk_that_is_really_full(write: Callable[[Path], None], tmp_path: Path) -> None:
    target = tmp_path / "table.parquet"
    target.write_bytes(b"before")
    (tmp_path / "table.parquet.part").symlink_to(FULL)
    with pytest.raises((OSError, duckdb.Error)) as caught, written(target) as part:
        write(part)
    found = machine_fault(caught.value)
    assert found is not None
    assert (found.rule, (found.file or "").split("/")[-1]) == ("the disk is full", "table.parquet")
    assert target.read_bytes() == b"before"


def too_little() -> None:
    con = connect("2MB")
    con.execute("SET temp_directory = ''")
    con.execute(
        "SELECT a, count(*) FROM (SELECT hash(range) AS a FROM range(3000000)) GROUP BY 1 ORDER BY 2 LIMIT 3"
    )


def memory_error() -> None:
    raise MemoryError


@pytest.mark.parametrize(
    "starve",
    [
        pytest.param(too_little, marks=fault("R130", "DuckDB has too little memory", "told, with the setting that bounds it")),
        pytest.param(memory_error, marks=fault("R131", "Python has too little memory", "told, with the setting that bounds it")),
    ],
)  # fmt: skip
def test_short_of_memory(starve: Callable[[], None]) -> None:
    with pytest.raises((MemoryError, duckdb.Error)) as caught:
        starve()
    assert "not enough memory. Close other programs, or set [engine] memory" in str(machine_fault(caught.value))


@fault(
    "R132",
    "a cell of a notebook has too little memory",
    "told by the notebook's name, with the setting that bounds it",
)
def test_a_cell_that_is_short_of_memory() -> None:
    error = type("CellError", (Exception,), {"ename": "OutOfMemoryException", "evalue": "failed to allocate"})()
    assert str(_cell_fault("02_gap_analysis.ipynb", error)).startswith(
        "02_gap_analysis.ipynb: there is not enough"
    )


def as_file(path: Path) -> None:
    shutil.rmtree(path, ignore_errors=True)
    path.write_text("x", encoding="utf-8")


def as_link(path: Path) -> None:
    shutil.rmtree(path, ignore_errors=True)
    path.symlink_to(path.with_name("nothing"))


PLACES = {
    "R133": ("a file stands where the reports go", lambda f: as_file(f / "reports"), "reports"),
    "R134": ("the folder of reports is a link that leads nowhere", lambda f: as_link(f / "reports"), "reports"),
    "R135": ("a file stands where the processed tables go", lambda f: as_file(f / "data/processed"), "data/processed"),
    "R136": ("a file stands where the council's tables go", lambda f: as_file(f / "data/processed/small-council"), "data/processed/small-council"),
    "R137": ("a file stands where the report goes", lambda f: ((f / "reports").mkdir(), as_file(f / "reports" / PERIOD)), PERIOD),
    "R138": ("a folder stands where a table goes", lambda f: ((f / "data/processed/small-council/lines.parquet").unlink(), (f / "data/processed/small-council/lines.parquet").mkdir()), "lines.parquet"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("hurt", "named"),
    [pytest.param(hurt, named, marks=fault(no, done, "an error that names it"), id=no) for no, (done, hurt, named) in PLACES.items()],
)  # fmt: skip
def test_what_stands_in_the_way_is_named(
    hurt: Callable[[Path], object], named: str, small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready_packs(monkeypatch)
    monkeypatch.chdir(small.parent)
    hurt(small.parent)
    done = CliRunner().invoke(app, ["run", PERIOD])
    assert done.exception is not None
    found = done.exception.faults[0] if isinstance(done.exception, PackError) else machine_fault(done.exception)
    assert found is not None
    assert (found.file or "").endswith(named)


NAMES = {
    "R139": ("an apostrophe", "Bob's"),
    "R140": ("brackets", "a[x]b"),
    "R141": ("braces", "a{y,z}"),
    "R142": ("spaces, a percent sign and a hash", "a 100% #1"),
    "R143": ("accents and other scripts", "Ünïcödé 你好"),
    "R144": ("an equals sign, which looks like a partition", "year=2023"),
    "R145": ("a star", "a*b"),
    "R146": ("a question mark", "a?b"),
    "R147": ("double quotes and a dollar sign", 'a"b" $c'),
}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows forbids several of these names")
@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=fault(no, f"the project's folder has {what} in its name", "tables are made and read, the same as anywhere"), id=no) for no, (what, name) in NAMES.items()],
)  # fmt: skip
def test_a_folder_of_any_name(name: str, small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # One beside it that a pattern would take for it.
    neighbour = small.parent.with_name("aXb")
    shutil.copytree(small.parent, neighbour, symlinks=True)
    with (neighbour / "data" / "raw" / "spend" / "may.csv").open("a", encoding="utf-8") as more:
        more.write("Acme Ltd,04/06/2023,999.00\n")
    folder = small.parent.rename(small.parent.with_name(name))
    ready_packs(monkeypatch)
    shutil.rmtree(folder / "data" / "processed" / "small-council")
    report = run(PERIOD, folder / "cwb.toml")
    engine = Engine(settings_of(folder / "cwb.toml"))
    (row,) = engine.rows("SELECT count(*) AS n, sum(amount_gbp) AS gbp FROM spend_lines")
    assert (row["n"], float(row["gbp"])) == (4, 250.0)
    assert "year" not in engine.columns_of("spend_lines")
    assert (report / "index.html").is_file()


@fault(
    "R148",
    "a raw file has quotes, brackets, accents, a star and a hash in its name",
    "it is read, under its own name",
)
@pytest.mark.skipif(sys.platform == "win32", reason="Windows forbids several of these names")
def test_a_raw_file_of_any_name(small: Path) -> None:
    spend = small.parent / "data" / "raw" / "spend"
    name = "m'ä\"y [1] 100% #2 *?.csv"
    (spend / "may.csv").rename(spend / name)
    (report,) = [one for one in prepare_lines(settings_of(small)).of("spend") if one.file != "spend/april.csv"]
    assert (report.file, report.rows) == (f"spend/{name}", 2)


@fault("R149", "two folders, one of which a pattern would take for the other", "each file is read by itself")
def test_a_name_is_no_pattern(tmp_path: Path) -> None:
    con = connect()
    for number, name in enumerate(("aXb", "a=b")):
        (tmp_path / name).mkdir()
        con.execute(f"COPY (SELECT {number} AS n) TO {file_sql(tmp_path / name / 'f.parquet')} (FORMAT parquet)")
    assert con.execute(f"SELECT * FROM {parquet_sql(tmp_path / 'a=b' / 'f.parquet')}").fetchall() == [(1,)]


@pytest.mark.skipif(sys.platform == "win32", reason="the environment of Windows is another")
@fault(
    "R150",
    "HOME is not set, the temporary folder is not there, the locale is C, and the folder's name has all of these",
    "a whole run builds all packs",
)
def test_a_whole_run_in_a_poor_environment(small: Path) -> None:
    folder = small.parent.rename(small.parent.with_name('Bob\'s "b" é [x] 100% #1 {y} & $z'))
    environment = {"HOME": "", "PYTHONUTF8": "", "LC_ALL": "C", "TMPDIR": "/nonexistent", "TEMP": "", "TMP": ""}
    done = cwb("run", PERIOD, cwd=folder, **environment)
    assert done.returncode == 0, done.stderr
    assert notebooks_of(folder / "reports" / PERIOD) == {pack.notebook for pack in all_packs()}
    assert "é" not in (folder / "reports" / PERIOD / "manifest.json").read_text(encoding="utf-8")


@pytest.mark.skipif(sys.platform == "win32", reason="the environment of Windows is another")
@fault("R151", "the home folder cannot be written and does not exist", "cwb check gives its account")
def test_check_without_a_home(small: Path) -> None:
    done = cwb("check", "--all", cwd=small.parent, HOME="/proc/nowhere", LC_ALL="C", PYTHONUTF8="")
    assert done.returncode == 0, done.stderr
    assert "april.csv" in done.stdout + done.stderr


@fault(
    "R152",
    "the processed folder cannot be written when hashes would be remembered",
    "they are computed again next time; nothing is told",
)
def test_hashes_that_cannot_be_remembered(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from cwb.sources.inputs import list_inputs  # noqa: PLC0415

    settings = settings_of(small)
    (settings.processed / "hashes.json").unlink(missing_ok=True)
    monkeypatch.setattr("cwb.sources.inputs.SETTLED_NS", 0)
    refuse_at(monkeypatch, "hashes.json", errno.EROFS, "write_text")
    assert len(list_inputs(settings).hashes) == 4
