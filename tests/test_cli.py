"""The commands as people and programs call them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import chdir
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from cwb.base.errors import ConfigError, CwbError
from cwb.cli import app
from cwb.council.config import load_config
from test_reconcile import SAMPLES, write

ROOT = Path(__file__).parents[1]
HEADER = "Supplier Name,Payment Date,Transaction No,Net Amount"


def as_process(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-W", "ignore", "-m", "cwb", *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, encoding="utf-8", check=False)


def cwb(*arguments: str, cwd: Path) -> Result:
    """A command in this process; what escapes it as an exception would be a traceback."""
    with chdir(cwd):
        done = CliRunner().invoke(app, list(arguments))
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done


def test_check_as_json(tmp_path: Path) -> None:
    (tmp_path / "one.csv").write_text(f"{HEADER}\nAcme,04/04/2023,1,10.00\nBolt,TBC,2,5.00\n", encoding="utf-8")
    (tmp_path / "two.csv").write_text(f"{HEADER}\nAcme,04/04/2023,1,10.00\n", encoding="utf-8")
    done = cwb("check", str(tmp_path), "--json", cwd=tmp_path)
    assert done.exit_code == 0, done.stderr
    one, two = json.loads(done.stdout)
    keys = (
        "source",
        "rows",
        "kept",
        "refused",
        "duplicates",
        "gbp_in",
        "gbp_kept",
        "gbp_refused",
        "gbp_duplicates",
    )
    assert [one[key] for key in keys] == ["spend", 2, 1, 1, 0, 15.0, 10.0, 5.0, 0.0]
    assert [two[key] for key in keys] == ["spend", 1, 0, 0, 1, 10.0, 0.0, 0.0, 10.0]
    refusal = one["refusals"][0]
    assert (refusal["row"], refusal["reason"], refusal["value"]) == (3, "payment date cannot be read", "TBC")
    assert refusal["remedy"]


def test_check_without_a_path_takes_what_the_settings_name(tmp_path: Path) -> None:
    """A good row of every source that is a table; that of a contractor's return is of no contract in this register."""
    shutil.copy(ROOT / "cwb.toml", tmp_path)
    raw = load_config(tmp_path / "cwb.toml").raw
    for source, one in SAMPLES.items():
        folder = raw / source / ("hertfordshire-county-council" if source.startswith("anchor_") else "")
        write(folder / "2024.csv", [one.headings, one.good(1)])
    done = cwb("check", "--json", cwd=tmp_path)
    reports = json.loads(done.stdout)
    assert {report["source"] for report in reports} == set(SAMPLES)
    assert {report["source"] for report in reports if report["kept"] != 1} == {"social_value_returns"}
    # Nothing is kept of one file.
    assert done.exit_code == 1


def test_check_looks_at_the_targets_as_a_run_does(tmp_path: Path) -> None:
    settings = (
        '[council]\nname = "A"\nhome_district = "E07000243"\n[local]\nname = "H"\ndistricts = ["E07000243"]\n'
    )
    target = '[[targets]]\nfinding = "local_shar"\nvalue = 0.3\n'
    (tmp_path / "cwb.toml").write_text(settings + target, encoding="utf-8")
    (tmp_path / "data" / "raw").mkdir(parents=True)
    with pytest.raises(ConfigError, match="no pack has a finding of this id"):
        cwb("check", cwd=tmp_path)


def test_a_register_under_a_spending_name_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "spend"
    folder.mkdir()
    (folder / "2022-07.csv").write_text(
        "Contract Title,Supplier Company Name,Start Date,End Date\nRoads,Acme,1/1/22,1/1/23\n", encoding="utf-8"
    )
    done = cwb("check", str(folder), cwd=tmp_path)
    assert done.exit_code == 1
    assert "this is not a file of spend" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


def test_a_file_of_which_nothing_is_kept_is_a_failure(tmp_path: Path) -> None:
    (tmp_path / "spend").mkdir()
    (tmp_path / "spend" / "q1.csv").write_text(
        "Supplier,Date,Net Amount\nAcme,Quarter 1,5.00\nBolt,Quarter 1,6.00\n", encoding="utf-8"
    )
    done = cwb("check", "spend", cwd=tmp_path)
    assert done.exit_code == 1
    assert "Nothing read of q1.csv: none of its 2 rows is kept" in " ".join(done.stdout.split())
    # One row kept is a file read; what was refused of it is told. Rows delivered before are kept elsewhere.
    text = "Supplier,Date,Net Amount\nAcme,Quarter 1,5.00\nBolt,03/06/2025,6.00\n"
    for name in ("q1.csv", "q1-again.csv"):
        (tmp_path / "spend" / name).write_text(text, encoding="utf-8")
    assert cwb("check", "spend", cwd=tmp_path).exit_code == 0


def test_a_register_under_no_such_name_is_known_by_its_columns(tmp_path: Path) -> None:
    (tmp_path / "register.csv").write_text(
        "Contract Title,Supplier Company Name,Start Date,End Date\nRoads,Acme,1/1/22,1/1/23\n", encoding="utf-8"
    )
    done = cwb("check", "register.csv", "--json", cwd=tmp_path)
    assert json.loads(done.stdout)[0]["source"] == "contracts"


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("check", "nowhere.csv"), "nowhere.csv: no such file or folder"),
        (("check",), "no settings file 'cwb.toml'"),
        (("run", "2023-24"), "no settings file 'cwb.toml'"),
        (("verify", "reports/2023-24"), "no settings file 'cwb.toml'"),
        (("sample",), "no settings file 'cwb.toml'"),
    ],
)
def test_a_mistake_gives_a_fault_and_no_traceback(
    arguments: tuple[str, ...], expected: str, tmp_path: Path
) -> None:
    done = as_process(*arguments, cwd=tmp_path)
    assert done.returncode == 1
    # A long path of a folder breaks the line anywhere.
    assert expected in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02", b"PK\x03\x04 not a workbook", "é".encode("utf-16")])
@pytest.mark.parametrize("name", ["spend.csv", "spend.xlsx", "spend.pdf", "notices.json"])
def test_no_file_gives_a_traceback(name: str, content: bytes, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    done = cwb("check", name, cwd=tmp_path)
    assert done.exit_code == 1
    assert name in done.stdout
    assert "Traceback" not in done.stderr


def test_all_unreadable_files_are_told_at_once(council: Callable[..., Path], tmp_path: Path) -> None:
    files = [tmp_path / "a.csv", tmp_path / "b.csv"]
    for path in files:
        path.write_text("x,y\n1,2\n", encoding="utf-8")
    done = as_process("run", "2023-24", cwd=council("hertfordshire", spend=files))
    assert done.returncode == 1
    assert "a.csv" in done.stderr
    assert "b.csv" in done.stderr
    assert not list(tmp_path.glob("reports/[!.]*"))


@pytest.mark.skipif(os.name == "nt", reason="names of files are always UTF-8 there")
def test_a_folder_with_an_accent_where_the_language_settings_are_plain_c(tmp_path: Path) -> None:
    folder = tmp_path / "Projet é"
    folder.mkdir()
    (folder / "spend.csv").write_text(
        "Supplier Name,Payment Date,Amount\nÉlan Ltd,14/04/2023,5.00\n", encoding="utf-8"
    )
    plain = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "TMPDIR": str(folder)}
    command = [sys.executable, "-m", "cwb", "check", str(folder / "spend.csv")]
    done = subprocess.run(command, env=os.environ | plain, capture_output=True, encoding="utf-8", check=False)
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    # Without the command line, as in a notebook's kernel, the fault is told.
    code = "from pathlib import Path; from cwb.base.database import connect; connect(scratch=Path.cwd())"
    told = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | plain,
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert "the language settings of this session cannot read the accents" in told.stderr


def test_a_form_that_is_none_is_answered_with_all(tmp_path: Path) -> None:
    with pytest.raises(CwbError) as caught:
        cwb("template", "poem", cwd=tmp_path)
    for name in ("activity", "places", "pass-through", "approved-names", "decisions"):
        assert str(caught.value).count(f" {name}") == 1
