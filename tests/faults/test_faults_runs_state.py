"""Runs: unreadable is not absent, one state of the world a run, and processed tables that are safe to damage."""

from __future__ import annotations

import errno
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from small_council import PERIOD, bytes_of, ready_packs, settings_of, small

from cwb.base.errors import CwbError, PackError, SourceError
from cwb.evidence.data import given_tables, open_data
from cwb.lines.build import prepare_lines, require_tables
from cwb.lines.engine import Engine, tables_folder
from cwb.publish.run import run
from cwb.publish.work import BuildJob
from cwb.sources import inputs as inputs_module
from cwb.sources.inputs import list_inputs

__all__ = ["small"]
fault = pytest.mark.fault


def raw(config: Path) -> Path:
    return config.parent / "data" / "raw"


def refuse(monkeypatch: pytest.MonkeyPatch, name: str, number: int = errno.EACCES) -> None:
    """Let the drive refuse whatever bears a name: root may read everything, so that no mode of a file does."""
    scandir, opened, stat = os.scandir, Path.open, Path.stat

    def check(path: object) -> None:
        if isinstance(path, str | os.PathLike) and name in (Path(path).name, Path(path).parent.parent.name):
            raise OSError(number, os.strerror(number), str(path))

    monkeypatch.setattr(os, "scandir", lambda path=".": (check(path), scandir(path))[1])
    monkeypatch.setattr(Path, "open", lambda self, *a, **k: (check(self), opened(self, *a, **k))[1])
    if number != errno.EACCES or name == "raw":
        monkeypatch.setattr(Path, "stat", lambda self, **k: (check(self), stat(self, **k))[1])


def dangling(path: Path) -> None:
    path.unlink() if path.is_file() else shutil.rmtree(path, ignore_errors=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to(path.with_name("nothing"))


def as_file(path: Path) -> None:
    shutil.rmtree(path, ignore_errors=True)
    path.write_text("x", encoding="utf-8")


def test_what_is_there_is_read(small: Path) -> None:
    assert len(list_inputs(settings_of(small)).hashes) == 4


UNREADABLE = {
    "R01": ("a source's folder may not be read", lambda f, m: refuse(m, "spend")),
    "R02": ("a raw file may not be read", lambda f, m: refuse(m, "april.csv")),
    "R03": ("a sidecar may not be read", lambda f, m: refuse(m, "may.csv.source.toml")),
    "R04": ("a raw file is a link that leads nowhere", lambda f, m: dangling(f / "spend/april.csv")),
    "R05": ("a source's folder is a link that leads nowhere", lambda f, m: dangling(f / "spend")),
    "R06": ("a sidecar is a link that leads nowhere", lambda f, m: dangling(f / "spend/may.csv.source.toml")),
    "R07": ("a file stands where a source's folder is expected", lambda f, m: as_file(f / "spend")),
    "R08": ("a folder within a source's folder may not be read", lambda f, m: ((f / "spend/2023").mkdir(), refuse(m, "2023"))),
    "R09": ("the raw folder itself may not be read", lambda f, m: refuse(m, "raw")),
    "R10": ("the drive fails when a raw file is looked at", lambda f, m: refuse(m, "april.csv", errno.EIO)),
    "R11": ("a source of the council that has no file may not be read", lambda f, m: ((f / "grants_of").mkdir(), (f / "contracts").mkdir(), refuse(m, "contracts"))),
    "R12": ("a pipe stands among the raw files", lambda f, m: os.mkfifo(f / "spend/june.csv") if hasattr(os, "mkfifo") else pytest.skip("no pipes here")),
}  # fmt: skip


@pytest.mark.parametrize(
    ("hurt", "named"),
    [
        pytest.param(
            hurt,
            {"R01": "spend", "R03": "may.csv.source.toml", "R05": "spend", "R06": "may.csv.source.toml", "R07": "spend",
             "R08": "2023", "R09": "raw", "R11": "contracts", "R12": "june.csv"}.get(number, "april.csv"),
            marks=fault(number, done, "an error that names it; the report that stands is left as it is"), id=number,
        )
        for number, (done, hurt) in UNREADABLE.items()
    ],
)  # fmt: skip
def test_unreadable_is_not_absent(
    hurt: Callable[[Path, pytest.MonkeyPatch], object], named: str, small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready_packs(monkeypatch)
    report = run(PERIOD, small)
    before = bytes_of(report)
    with monkeypatch.context() as patched:
        hurt(raw(small), patched)
        with pytest.raises(SourceError) as caught:
            run(PERIOD, small)
    assert any((one.file or "").endswith(named) for one in caught.value.faults)
    assert bytes_of(report) == before


@fault("R13", "the drive that holds the raw files is gone", "an error; the report that stands is left as it is")
def test_no_raw_folder_at_all(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ready_packs(monkeypatch)
    before = bytes_of(run(PERIOD, small))
    shutil.rmtree(raw(small))
    with pytest.raises(CwbError):
        run(PERIOD, small)
    assert bytes_of(small.parent / "reports" / PERIOD) == before


@fault(
    "R14", "a pack's notebook is a link that leads nowhere", "an error that names it; no other notebook is taken"
)
def test_a_notebook_that_cannot_be_read_is_not_absent(small: Path) -> None:
    from cwb.publish.notebooks import find_notebook  # noqa: PLC0415

    dangling(small.parent / "notebooks" / "02_gap_analysis.ipynb")
    with pytest.raises(PackError, match=r"02_gap_analysis.ipynb: it is there and cannot be read"):
        find_notebook(settings_of(small), "02_gap_analysis.ipynb")


# --- one state of the world a run ------------------------------------------------------------------------------------


def longer(path: Path) -> None:
    with path.open("a", encoding="utf-8") as handle:
        handle.write("Acme Ltd,05/05/2023,1.00\n")


def same_size_and_time(path: Path) -> None:
    """As a careless copy does it: other pounds, and neither size nor time tell."""
    state = path.stat()
    path.write_text(path.read_text(encoding="utf-8").replace("70.00", "71.00"), encoding="utf-8")
    os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns))


def put(path: Path) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text("Supplier Name,Payment Date,Net Amount\nAcme Ltd,05/06/2023,1.00\n", encoding="utf-8")


CHANGES: dict[str, tuple[str, Callable[[Path], object], str]] = {
    "R15": ("a raw file gets a row while packs are built", lambda f: longer(f / "data/raw/spend/may.csv"), "spend/may.csv"),
    "R16": ("a raw file is changed in mid-run, its size and time kept", lambda f: same_size_and_time(f / "data/raw/spend/may.csv"), "spend/may.csv"),
    "R17": ("a raw file vanishes in mid-run", lambda f: (f / "data/raw/spend/may.csv").unlink(), "spend/may.csv"),
    "R18": ("a raw file comes in mid-run", lambda f: put(f / "data/raw/spend/june.csv"), "spend/june.csv"),
    "R19": ("a sidecar is changed in mid-run", lambda f: longer(f / "data/raw/spend/may.csv.source.toml"), "spend/may.csv.source.toml"),
    "R20": ("a sidecar comes in mid-run", lambda f: put(f / "data/raw/spend/april.csv.source.toml"), "spend/april.csv.source.toml"),
    "R21": ("the settings are changed in mid-run", lambda f: longer(f / "cwb.toml"), "cwb.toml"),
    "R22": ("a processed table is changed in mid-run", lambda f: longer(f / "data/processed/small-council/vendors.parquet"), "small-council/vendors.parquet"),
    "R23": ("a processed table vanishes in mid-run", lambda f: (f / "data/processed/small-council/outlines.parquet").unlink(), "small-council/outlines.parquet"),
    "R24": ("the folder of a source becomes a link that leads nowhere in mid-run", lambda f: dangling(f / "data/raw/vendors"), "data/raw/vendors"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "named"),
    [
        pytest.param(change, named, marks=fault(number, done, "the run ends by the file's name; no report is written"), id=number)
        for number, (done, change, named) in CHANGES.items()
    ],
)  # fmt: skip
def test_what_changes_while_packs_are_built_ends_the_run(
    change: Callable[[Path], object], named: str, small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready_packs(monkeypatch, before=lambda _: change(small.parent))
    with pytest.raises(CwbError) as caught:
        run(PERIOD, small)
    assert named in [one.file for one in caught.value.faults]
    assert not (small.parent / "reports" / PERIOD).exists()


@pytest.mark.parametrize(
    ("change", "what"),
    [
        pytest.param(lambda path: path.unlink(), "taken away", marks=fault("R25", "a raw file vanishes between being hashed and being read", "an error that names it, whatever its reader said")),
        pytest.param(longer, "changed", marks=fault("R26", "a raw file changes between being hashed and being read", "an error that names it; no table is kept of it")),
    ],
)  # fmt: skip
def test_what_is_read_is_what_was_hashed(
    change: Callable[[Path], object], what: str, small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = settings_of(small)
    put(raw(small) / "spend" / "june.csv")
    listed = list_inputs(settings)
    change(raw(small) / "spend" / "june.csv")
    with pytest.raises(SourceError, match=f"spend/june.csv: it was {what} while it was being used"):
        prepare_lines(settings, inputs=listed)
    assert not (settings.processed / "lineage.json").exists()


@fault("R27", "a raw file vanishes between being listed and being hashed", "an error that names it")
def test_a_file_that_goes_before_it_is_hashed(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(path: Path) -> str:
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(path))

    monkeypatch.setattr(inputs_module, "sha256_of", gone)
    with pytest.raises(SourceError, match=r"spend/april.csv: it was there a moment ago and is gone"):
        list_inputs(settings_of(small), is_remembered=False)


@fault(
    "R28",
    "a run that builds has its figures compared with its manifest",
    "the manifest states the hashes of what was read, which was hashed once",
)
def test_inputs_are_hashed_once_a_run(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ready_packs(monkeypatch)
    monkeypatch.setattr(inputs_module, "SETTLED_NS", 0)
    hashed: list[str] = []
    real = inputs_module.sha256_of
    monkeypatch.setattr(inputs_module, "sha256_of", lambda path: hashed.append(path.name) or real(path))
    report = run(PERIOD, small)
    assert sorted(hashed) == ["april.csv", "may.csv", "may.csv.source.toml", "vendors.csv"]
    stated = json.loads((report / "manifest.json").read_text(encoding="utf-8"))["inputs"]
    lineage = json.loads((settings_of(small).processed / "lineage.json").read_text(encoding="utf-8"))
    assert {f"{f['source']}:{f['name']}": f["sha256"] for f in stated if f["sha256"]} == lineage["inputs"]


@fault(
    "R29",
    "a notebook of a run opens its data after the raw files have changed",
    "it takes the run's tables and makes none",
)
def test_a_notebook_within_a_run_makes_nothing(small: Path) -> None:
    settings = settings_of(small)
    lineage = prepare_lines(settings)
    before = bytes_of(settings.processed)
    longer(raw(small) / "spend" / "may.csv")
    with given_tables(settings, lineage):
        data = open_data("x", PERIOD, str(small))
    assert data.count(data.spend()) == 4
    assert bytes_of(settings.processed) == before


@pytest.mark.parametrize(
    "hurt",
    [
        pytest.param(shutil.rmtree, marks=fault("R30", "the tables are gone when a worker begins", "the pack fails and names them; nothing is made again in a worker")),
        pytest.param(lambda folder: shutil.rmtree(folder / "suppliers"), marks=fault("R31", "one table is gone when a worker begins", "the pack fails and names it")),
        pytest.param(lambda folder: (folder / "tables.json").write_text("{", encoding="utf-8"), marks=fault("R32", "the record beside the tables is damaged when a worker begins", "the pack fails and names it")),
    ],
)  # fmt: skip
def test_a_worker_whose_tables_are_missing_fails_by_name(hurt: Callable[[Path], object], small: Path) -> None:
    from cwb.council.periods import Period  # noqa: PLC0415
    from cwb.packs.registry import all_packs  # noqa: PLC0415
    from cwb.publish.work import build_pack  # noqa: PLC0415

    settings = settings_of(small)
    job = BuildJob(settings, Period.parse(PERIOD), "cwb.toml", {}, prepare_lines(settings))
    hurt(tables_folder(settings))
    before = bytes_of(settings.processed)
    (one, *_) = build_pack(all_packs()[0], job).faults
    assert (one.file or "").startswith("small-council/tables/")
    assert bytes_of(settings.processed) == before


@fault("R33", "the tables were made of other files when a worker begins", "the pack fails and says so")
def test_a_worker_does_not_take_tables_of_other_files(small: Path) -> None:
    settings = settings_of(small)
    lineage = prepare_lines(settings)
    longer(raw(small) / "spend" / "may.csv")
    prepare_lines(settings)
    with pytest.raises(CwbError, match="made of other files"):
        require_tables(settings, lineage)


# --- processed tables are safe to damage -----------------------------------------------------------------------------


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def other_pounds(path: Path) -> None:
    """A table that can be read, with other figures, of the same number of rows."""
    frame = pd.read_parquet(path)
    frame["amount_gbp"] = frame["amount_gbp"] * 2
    frame.to_parquet(path, index=False)


def other_word(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


DAMAGE: dict[str, tuple[str, Callable[[Path], object]]] = {
    "R34": ("a validated table is cut short", lambda f: cut(f / "spend/0000.parquet")),
    "R35": ("a validated table has other pounds", lambda f: other_pounds(f / "spend/0000.parquet")),
    "R36": ("a validated table is deleted", lambda f: (f / "vendors.parquet").unlink()),
    "R37": ("a table of payments is added", lambda f: shutil.copy(f / "spend/0000.parquet", f / "spend/0009.parquet")),
    "R38": ("a matched table is cut short", lambda f: cut(f / "lines.parquet")),
    "R39": ("the suppliers are deleted", lambda f: (f / "suppliers.parquet").unlink()),
    "R40": ("a line-level table is cut short", lambda f: cut(next((f / "tables/spend_lines").rglob("*.parquet")))),
    "R41": ("a line-level table is deleted", lambda f: shutil.rmtree(f / "tables/spend_lines")),
    "R42": ("a line-level table is empty", lambda f: next((f / "tables/suppliers").rglob("*.parquet")).write_bytes(b"")),
    "R43": ("lineage.json is cut short", lambda f: cut(f / "lineage.json")),
    "R44": ("lineage.json states other rows", lambda f: other_word(f / "lineage.json", '"rows": 2', '"rows": 3')),
    "R45": ("matched.json is no JSON", lambda f: (f / "matched.json").write_bytes(b"\xff\xfe{")),
    "R46": ("tables.json is a list", lambda f: (f / "tables/tables.json").write_text("[]", encoding="utf-8")),
    "R47": ("the memory of hashes is damaged", lambda f: (f / "hashes.json").write_text('{"a": [', encoding="utf-8")),
    "R48": ("the outlines are deleted", lambda f: (f / "outlines.parquet").unlink()),
    "R49": ("the outlines of all councils are cut short", lambda f: [cut(one) for one in f.parent.glob("outlines-*.parquet")] + [(f / "outlines.parquet").unlink()]),
    "R50": ("a byte in the middle of a table is turned, its time kept", lambda f: turned(f / "lines.parquet")),
    "R51": ("a table is a link that leads nowhere", lambda f: dangling(f / "suppliers.parquet")),
    "R52": ("everything processed is deleted but one table", lambda f: [shutil.rmtree(f / "tables"), *(one.unlink() for one in f.glob("*.json"))]),
}  # fmt: skip


def turned(path: Path) -> None:
    state, content = path.stat(), bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(bytes(content))
    os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns))


@pytest.mark.parametrize(
    "hurt",
    [
        pytest.param(hurt, marks=fault(number, done, "it is noticed and told; the tables are made again and the figures are the same"), id=number)
        for number, (done, hurt) in DAMAGE.items()
    ],
)  # fmt: skip
def test_damaged_tables_are_made_again(
    hurt: Callable[[Path], object],
    small: Path,
    caplog: pytest.LogCaptureFixture,
    request: pytest.FixtureRequest,
) -> None:
    settings = settings_of(small)
    hurt(settings.processed)
    caplog.clear()
    lineage = prepare_lines(settings)
    engine = Engine(settings)
    (row,) = engine.rows("SELECT count(*) AS n, sum(amount_gbp) AS gbp FROM spend_lines")
    assert (row["n"], float(row["gbp"])) == (4, 250.0)
    assert [one.rows for one in lineage.of("spend")] == [2, 2]
    assert engine.rows_of("suppliers") == 2
    quiet = ("R47", "R52")
    told = [one.message for one in caplog.records]
    assert any("made again" in text for text in told) or request.node.callspec.id in quiet
    # It has healed: nothing is made a second time.
    caplog.clear()
    state = (settings.processed / "lineage.json").stat().st_mtime_ns
    prepare_lines(settings)
    assert ((settings.processed / "lineage.json").stat().st_mtime_ns, caplog.records) == (state, [])


@fault("R53", "the postcodes of all councils are cut short", "they are made again, and what is made of them")
def test_damaged_postcodes_are_made_again(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from cwb.sources.datasets import postcodes  # noqa: PLC0415

    settings = settings_of(small)
    target = postcodes.default_postcodes(settings.shared_processed)
    whole = target.read_bytes()
    # The package's own take ten seconds; what they are is no matter here.
    frame = pd.read_parquet(target)
    monkeypatch.setattr(postcodes, "from_package", lambda: frame)
    target.unlink()
    target.write_bytes(whole[:1000])
    prepare_lines(settings)
    assert len(pd.read_parquet(target)) == len(frame)


@fault("R54", "a register's table is cut short", "the register is read again")
def test_a_damaged_register_is_read_again(small: Path) -> None:
    settings = settings_of(small)
    register = raw(small) / "companies" / "companies.csv"
    register.parent.mkdir()
    register.write_text(
        "CompanyName,CompanyNumber,RegAddress.PostCode,CompanyCategory,CompanyStatus,IncorporationDate\n"
        "ACME LTD,01234567,SG1 1AA,Private Limited Company,Active,01/01/2001\n",
        encoding="utf-8",
    )
    prepare_lines(settings)
    table = settings.processed / "companies.parquet"
    cut(table)
    assert prepare_lines(settings).of("companies")[0].kept == 1
    assert len(pd.read_parquet(table)) == 1
