"""What could bring other code than ours onto a council's computer, and whether it is refused or told."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
import zipfile
from email.message import Message
from pathlib import Path
from typing import cast

import pytest

import supply_chain as chain
from supply_chain import LOCKS, ROOT, Locked

HASH = "a" * 64


def fault(number: str, done: str, holds: str) -> pytest.MarkDecorator:
    return pytest.mark.fault(number, done, holds)


# --- what pip takes -------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A package of one empty module, in a folder that stands for an index."""
    path = tmp_path_factory.mktemp("index") / "tiny_part-1.0-py3-none-any.whl"
    inside = "tiny_part-1.0.dist-info"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("tiny_part.py", "")
        archive.writestr(f"{inside}/METADATA", "Metadata-Version: 2.1\nName: tiny-part\nVersion: 1.0\n")
        archive.writestr(f"{inside}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{inside}/RECORD", "tiny_part.py,,\n")
    return path


def install(folder: Path, index: Path, lines: str, *options: str) -> subprocess.CompletedProcess[str]:
    """pip as the Makefile calls it, with a folder for an index and for a place to install to."""
    lock = folder / "tiny.lock"
    lock.write_text(lines, encoding="utf-8")
    where = ["--no-index", "--find-links", str(index), "--target", str(folder / "installed")]
    command = [sys.executable, "-m", "pip", "--isolated", "install", "--disable-pip-version-check", *where]
    return subprocess.run(
        [*command, *options, "-r", str(lock)], capture_output=True, text=True, encoding="utf-8", check=False
    )


@fault("S01", "A package's file is exchanged: its hash is not that of the lock", "pip installs nothing")
def test_a_wheel_with_another_hash_is_refused(wheel: Path, tmp_path: Path) -> None:
    good = f"tiny-part==1.0 --hash=sha256:{hashlib.sha256(wheel.read_bytes()).hexdigest()}\n"
    bad = install(tmp_path, wheel.parent, f"tiny-part==1.0 --hash=sha256:{HASH}\n", "--require-hashes")
    assert bad.returncode
    assert "DO NOT MATCH THE HASHES" in bad.stderr
    assert not (tmp_path / "installed").exists()
    assert install(tmp_path, wheel.parent, good, "--require-hashes").returncode == 0


@fault("S02", "A line of a lock has lost its hash", "pip installs nothing")
def test_a_line_without_hash_is_refused(wheel: Path, tmp_path: Path) -> None:
    done = install(tmp_path, wheel.parent, "tiny-part==1.0\n", "--require-hashes")
    assert done.returncode
    assert "Hashes are required" in done.stderr
    assert not (tmp_path / "installed").exists()


@fault("S03", "An index offers a source archive, whose set-up would run", "pip takes wheels alone")
def test_a_source_archive_is_refused(wheel: Path, tmp_path: Path) -> None:
    source = tmp_path / "index" / "other_part-1.0.tar.gz"
    source.parent.mkdir()
    source.write_bytes(b"never opened")
    line = f"other-part==1.0 --hash=sha256:{hashlib.sha256(source.read_bytes()).hexdigest()}\n"
    done = install(tmp_path, source.parent, f"--only-binary :all:\n{line}", "--require-hashes")
    assert done.returncode
    assert "No matching distribution" in done.stderr
    for name in LOCKS[:2]:
        assert (ROOT / name).read_text(encoding="utf-8").startswith("--only-binary :all:\n"), name


# --- what a lock may hold -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", LOCKS)
@fault("S04", "Every line of the three locks is read", "Each is one version with its SHA-256 hashes")
def test_every_line_has_hashes(name: str) -> None:
    lines = chain.locked(name)
    assert len(lines) > 5
    assert len({(line.name, line.marker) for line in lines}) == len(lines)


LINES = (
    ("S05", "A line without hash in a lock", "tiny-part==1.0"),
    ("S06", "A range in place of a version", f"tiny-part>=1.0 --hash=sha256:{HASH}"),
    ("S07", "A weak hash (MD5)", "tiny-part==1.0 --hash=md5:" + "a" * 32),
    ("S08", "A weak hash beside a strong one", f"tiny-part==1.0 --hash=sha256:{HASH} --hash=sha1:{HASH[:40]}"),
    ("S09", "Another index named in a lock", "--extra-index-url https://packages.example/simple"),
    ("S10", "A folder named in a lock as a source of wheels", "--find-links wheels"),
    ("S11", "A package by its address", f"tiny-part @ https://packages.example/t.whl --hash=sha256:{HASH}"),
    ("S12", "A package in a folder of its own, to be edited", "-e ./tiny"),
)


@pytest.mark.parametrize(
    "line", [pytest.param(line, marks=fault(n, d, "The line is named")) for n, d, line in LINES]
)
def test_a_line_that_lets_anything_else_in_is_named(line: str) -> None:
    good = f"--only-binary :all:\n\ngood==2.0 ; sys_platform == 'win32' \\\n    --hash=sha256:{HASH}\n"
    assert chain.read_lock(good) == [Locked("good", "2.0", "sys_platform == 'win32'", (HASH,))]
    with pytest.raises(ValueError, match=re.escape(line[:20])):
        chain.read_lock(good + line + "\n")


@fault(
    "S13", "A dependency is added to pyproject and the locks are forgotten", "It is named; none is missing today"
)
def test_a_dependency_that_is_not_locked_is_named() -> None:
    lines = [Locked("pandas", "3.0.1", "", (HASH,))]
    assert chain.not_locked(["pandas>=3.0", "nowhere>=1"], lines) == ["nowhere>=1"]
    asked = chain.project()
    assert chain.not_locked(asked["run"], chain.locked("requirements.lock")) == []
    everything = [one for group in ("run", "test", "dev") for one in asked[group]]
    assert chain.not_locked(everything, chain.locked("requirements-dev.lock")) == []


@fault("S14", "pyproject asks for a newer version than the lock has", "It is named")
def test_a_version_that_does_not_fit_is_named() -> None:
    lines = [Locked("pandas", "3.0.1", "", (HASH,))]
    assert chain.not_locked(["pandas>=3.1"], lines) == ["pandas>=3.1"]


@fault("S15", "The three locks hold different versions or files of one package", "They agree")
def test_the_locks_agree() -> None:
    build, run, dev = ({(one.name, one.version): set(one.hashes) for one in chain.locked(name)} for name in LOCKS)
    assert run.items() <= dev.items()
    shared = build.keys() & dev.keys()
    assert {name for name, _ in build} & {name for name, _ in dev} == {name for name, _ in shared}
    assert all(build[key] == dev[key] for key in shared)


@fault(
    "S16",
    "A lock made on one system is used on another",
    "It names what Windows and macOS alone need, and their files",
)
def test_the_locks_are_for_every_system() -> None:
    markers = {line.marker for line in chain.locked("requirements.lock")}
    assert any("win32" in marker for marker in markers)
    assert any("darwin" in marker for marker in markers)
    # A compiled package has a file for each system and Python.
    numpy = [len(line.hashes) for line in chain.locked("requirements.lock") if line.name == "numpy"]
    assert all(files > 20 for files in numpy)


@fault("S17", "Somebody publishes a package that is called cwb", "No lock and no command asks an index for it")
def test_no_index_is_asked_for_cwb_itself() -> None:
    assert all(line.name != "cwb" for name in LOCKS for line in chain.locked(name))
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert "$(INSTALL) --no-index --editable ." in makefile


# --- how they are installed -----------------------------------------------------------------------------------


@fault(
    "S18", "What builds cwb is exchanged for another on the index", "It is of a lock too, and pip fetches no other"
)
def test_what_builds_is_locked() -> None:
    build = chain.locked("requirements-build.lock")
    system = re.search(
        r"\[build-system\]\nrequires = (\[.*\])", (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    )
    assert system
    assert chain.not_locked(json.loads(system[1]), build) == []
    assert chain.not_locked(chain.project()["build"], build) == []
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert re.search(r"^INSTALL := .*--no-build-isolation\b.*--no-deps$", makefile, re.M)


@fault("S19", "A command of Makefile or CI installs without hashes", "None does")
def test_every_installation_requires_hashes() -> None:
    for name in ("Makefile", ".ci/run"):
        text = (ROOT / name).read_text(encoding="utf-8")
        commands = re.findall(r"^\s+(?:\$\(INSTALL\)|.*\b(?:pip|uv pip) install).*$", text, re.M)
        assert len(commands) == (4 if name == "Makefile" else 0)
        for command in commands:
            assert (
                "--require-hashes -r" in re.sub(r" --(only|no)-binary \S+", "", command)
                or "--no-index --editable ." in command
            )


@fault(
    "S20",
    "The conda route takes packages of its own choice",
    "It takes Python alone; all else is of the same locks",
)
def test_conda_takes_the_same_locks() -> None:
    text = (ROOT / "environment.yml").read_text(encoding="utf-8")
    listed = re.findall(r"^\s+- (.*)$", text.split("dependencies:")[1], re.M)
    assert listed == [
        "python >=3.11,<3.14",
        "pip",
        "pip:",
        "--require-hashes",
        "-r requirements-build.lock",
        "-r requirements.lock",
    ]
    assert "--no-build-isolation --no-deps --editable ." in text


@fault(
    "S21",
    "A hook of another repository is moved to other code under the same tag",
    "Hooks are pinned by commit, or are of the locks",
)
def test_hooks_are_pinned_by_commit() -> None:
    text = (ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8")
    pinned = re.findall(r"^\s+rev: (\S+)", text, re.M)
    assert len(pinned) == text.count("repo: https://")
    assert all(re.fullmatch(r"[0-9a-f]{40}", one) for one in pinned)
    locked = {line.name for line in chain.locked("requirements-dev.lock")}
    assert set(re.findall(r"^\s+entry: (\w+)", text, re.M)) <= locked


@fault("S22", "A lock or a set-up file names an index, a mirror or a folder of one machine", "None does")
def test_no_index_and_no_folder_is_named() -> None:
    for name in (*LOCKS, "Makefile", "environment.yml", "pyproject.toml", ".ci/run"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert not re.search(r"https?://|file://|index-url|find-links|trusted-host|/opt/|/root/|/work/", text), (
            name
        )


# --- what is asked for ----------------------------------------------------------------------------------------


@fault(
    "S23", "A dependency that nothing uses", "It is named; every one is imported, or its reason is written down"
)
def test_no_dependency_is_unused() -> None:
    assert chain.unused({"pandas", "leftover"}, {"pandas"}) == {"leftover"}
    asked = chain.project()
    assert chain.unused(chain.names_of(asked["run"]), chain.imported(ROOT / "src")) == set()
    tools = chain.names_of([*asked["test"], *asked["dev"]])
    assert chain.unused(tools, chain.imported(ROOT / "tests")) == set()


@fault(
    "S24", "The code imports what only another package asks for", "It is named; all that is imported is asked for"
)
def test_everything_imported_is_asked_for() -> None:
    asked = chain.project()
    run = chain.names_of(asked["run"])
    assert chain.imported(ROOT / "src") - run == set()
    assert chain.imported(ROOT / "tests") - run - chain.names_of([*asked["test"], *asked["dev"]]) == set()


# --- licences and known faults --------------------------------------------------------------------------------


class _Stated:
    """A package that states its licence in one of the ways in which packages do."""

    def __init__(self, **fields: str) -> None:
        self.metadata = Message()
        for name, value in fields.items():
            self.metadata[name.replace("_", "-")] = value


def _licence(**fields: str) -> str:
    return chain.licence_of(cast("chain.Distribution", _Stated(**fields)))


@fault("S25", "A package states no licence", "make audit names it, until a person has read it")
def test_a_package_without_licence_is_named() -> None:
    assert _licence() == ""
    assert not chain.is_accepted("tiny-part", "")
    assert chain.is_accepted("axe-playwright-python", "")


@fault("S26", "A package has a licence that binds a council (AGPL), alone or among others", "make audit names it")
def test_a_licence_that_is_not_accepted_is_named() -> None:
    assert not chain.is_accepted("tiny-part", _licence(License="AGPL-3.0"))
    assert not chain.is_accepted("tiny-part", _licence(License_Expression="MIT AND AGPL-3.0-only"))
    assert not chain.is_accepted("tiny-part", _licence(Classifier="License :: Other/Proprietary License"))
    assert chain.is_accepted("tiny-part", _licence(Classifier="License :: OSI Approved :: MIT License"))
    assert chain.is_accepted("tiny-part", _licence(License_Expression="(MIT OR Apache-2.0) AND BSD-3-Clause"))


@fault("S27", "All that is installed is asked for its licence", "Each is accepted")
def test_every_licence_is_accepted() -> None:
    lines = [line for name in LOCKS for line in chain.locked(name)]
    stated, _ = chain.licences(lines)
    assert [name for name, licence in stated.items() if not chain.is_accepted(name, licence)] == []


def _answer(**vulns: list[dict[str, object]] | None) -> str:
    """pip-audit's JSON: None for a package that it did not look up."""
    told = [
        {"name": name, "skip_reason": "not found"}
        if found is None
        else {"name": name, "version": "1", "vulns": found}
        for name, found in vulns.items()
    ]
    return json.dumps({"dependencies": told, "fixes": []})


TWO = [Locked("one", "1", "", (HASH,)), Locked("two", "1", "", (HASH,))]


@pytest.mark.parametrize("answer", ["", _answer(one=None)])
@fault(
    "S28",
    "No database of known faults can be reached",
    "make audit says that nothing was looked up, never that nothing was found",
)
def test_no_database_is_said(answer: str) -> None:
    faults, told = chain.look_up(TWO, lambda _: answer)
    assert faults == []
    assert told.startswith("No database of known faults is at hand: none was looked up")


@fault("S29", "A package has a known fault; another is not in the database", "Both are named")
def test_known_faults_are_named() -> None:
    known: list[dict[str, object]] = [{"id": "PYSEC-1", "fix_versions": ["2"]}]
    answers = {1: _answer(one=[]), 2: _answer(one=known, two=None)}
    faults, told = chain.look_up(TWO, lambda lines: answers[len(lines)])
    assert faults == ["one 1: PYSEC-1, mended in 2"]
    assert told == "1 of 2 packages were looked up, 1 known faults found. Not looked up: two."


@fault("S30", "A lock is changed after the installation", "The next make installs by it")
def test_a_changed_lock_is_installed() -> None:
    wanted = ROOT / "Makefile"
    rules = dict(re.findall(r"^(\$\(VENV\)/\S+): (.*)$", wanted.read_text(encoding="utf-8"), re.M))
    assert rules["$(VENV)/.installed"].split() == [
        "requirements-build.lock",
        "requirements.lock",
        "pyproject.toml",
    ]
    assert "requirements-dev.lock" in rules["$(VENV)/.tested"]
