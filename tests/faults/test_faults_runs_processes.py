"""Runs: one writer a folder, workers that end with their parent, and commands that end when they are told to."""

from __future__ import annotations

import os
import platform
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import _ExecutorManagerThread
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb
import light_workers
import psutil
import pytest
from light_workers import alone, name_of, short_of_memory, wait_and_touch, warm
from small_council import PERIOD, SRC, ready_packs, settings_of, small
from typer.testing import CliRunner

from cwb.base import lock as lock_module
from cwb.base.errors import CwbError
from cwb.base.lock import LOCK, WRITER, writing
from cwb.cli import app
from cwb.lines.build import prepare_lines
from cwb.publish.workers import Workers

__all__ = ["small"]
fault = pytest.mark.fault
posix = pytest.mark.skipif(sys.platform == "win32", reason="signals of Windows are others")


def python(code: str, *arguments: str) -> subprocess.Popen[str]:
    """A process of its own that says "ready" when it has come so far."""
    process = subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        env={**os.environ, "PYTHONPATH": f"{SRC}{os.pathsep}{Path(__file__).parent}"},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True, encoding="utf-8", start_new_session=True,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n", process.communicate()[1]
    return process


def holder(folder: Path) -> subprocess.Popen[str]:
    """Another process that holds a folder until its input ends."""
    return python(
        "import sys\nfrom pathlib import Path\nfrom cwb.base.lock import writing\n"
        "with writing(Path(sys.argv[1])):\n    print('ready', flush=True)\n    sys.stdin.read()",
        str(folder),
    )


@pytest.fixture
def held(tmp_path: Path) -> Iterator[tuple[Path, subprocess.Popen[str]]]:
    folder = tmp_path / "held"
    process = holder(folder)
    yield folder, process
    process.kill()
    process.communicate()


@fault(
    "R80",
    "a second cwb wants to write while one writes",
    "it says who writes and since when, waits, and goes on when the other has ended",
)
def test_a_second_writer_waits(held: tuple[Path, subprocess.Popen[str]], caplog: pytest.LogCaptureFixture) -> None:
    folder, other = held
    who = (folder / WRITER).read_text(encoding="utf-8")
    assert f"process {other.pid}" in who
    assert platform.node() in who
    assert "since 20" in who
    assert other.stdin is not None
    # Ends the other one in a moment.
    subprocess.Popen(
        [sys.executable, "-c", f"import os, signal, time; time.sleep(1); os.kill({other.pid}, signal.SIGTERM)"]
    )
    with writing(folder):
        assert f"process {os.getpid()}" in (folder / WRITER).read_text(encoding="utf-8")
    assert f"process {other.pid}" in caplog.records[0].message
    assert "Waiting" in caplog.records[0].message
    assert not (folder / WRITER).exists()


@fault("R81", "a cwb that writes is killed", "the next one takes over at once and says whose work it was")
def test_a_lock_whose_process_is_gone_is_taken_over(
    held: tuple[Path, subprocess.Popen[str]], caplog: pytest.LogCaptureFixture
) -> None:
    folder, other = held
    other.kill()
    other.wait()
    with writing(folder):
        pass
    assert f"process {other.pid}" in caplog.records[0].message
    assert "taken over" in caplog.records[0].message


@fault("R82", "a cwb writes for hours", "the second one ends after its patience, and names who holds the folder")
def test_patience_ends(held: tuple[Path, subprocess.Popen[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lock_module, "PATIENCE", 0.3)
    with pytest.raises(CwbError, match=f"process {held[1].pid}.*still writing"), writing(held[0]):
        pass


@pytest.mark.parametrize(
    "hurt",
    [
        pytest.param(lambda f: (f / WRITER).write_bytes(b"\xff\x00\xfe" * 999), marks=fault("R83", "the words beside a lock are damaged", "they are no hindrance")),
        pytest.param(lambda f: (f / LOCK).write_text("anything", encoding="utf-8"), marks=fault("R84", "a lock file is left over with words in it", "it is no hindrance")),
        pytest.param(shutil.rmtree, marks=fault("R85", "the folder to be locked is not there", "it is made")),
    ],
)  # fmt: skip
def test_what_is_left_of_a_lock_is_no_hindrance(hurt: Callable[[Path], object], tmp_path: Path) -> None:
    folder = tmp_path / "one"
    folder.mkdir()
    hurt(folder)
    with writing(folder):
        assert (folder / LOCK).exists()
        # What is called within asks for it again.
        with writing(folder, tmp_path / "two"):
            pass
        assert (folder / WRITER).exists()
    with writing(folder):
        pass


COMMANDS = {
    "R86": ("cwb run", ["run", PERIOD]),
    "R87": ("cwb fetch", ["fetch", "mutuals"]),
    "R88": ("cwb sample", ["sample"]),
    "R89": ("cwb match", ["match"]),
    "R90": ("cwb review", ["review"]),
    "R91": ("cwb template places", ["template", "places"]),
    "R92": ("cwb rows", ["rows", "total_spend", "--period", PERIOD]),
}


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(arguments, marks=fault(number, f"{name} must write while another cwb writes", "it waits, and writes nothing meanwhile"), id=number)
        for number, (name, arguments) in COMMANDS.items()
    ],
)  # fmt: skip
def test_every_command_that_writes_waits(
    arguments: list[str], small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lock_module, "PATIENCE", 0.2)
    settings = settings_of(small)
    (settings.processed / "matched.json").write_text("{}", encoding="utf-8")
    other = holder(settings.shared_processed)
    try:
        done = CliRunner().invoke(app, [*arguments, "--config", str(small)])
    finally:
        other.kill()
        other.communicate()
    assert "still writing into this folder" in str(done.exception)
    assert (settings.processed / "matched.json").read_text(encoding="utf-8") == "{}"
    assert not list((small.parent / "reports").glob("*/*"))


@fault(
    "R93",
    "a notebook is opened while another cwb writes",
    "it waits where tables must be made, and opens at once where they are there",
)
def test_a_notebook_waits_only_where_it_must_write(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lock_module, "PATIENCE", 0.2)
    settings = settings_of(small)
    other = holder(settings.shared_processed)
    try:
        prepare_lines(settings)
        (settings.processed / "tables" / "tables.json").unlink()
        with pytest.raises(CwbError, match="still writing"):
            prepare_lines(settings)
    finally:
        other.kill()
        other.communicate()
    prepare_lines(settings)


@fault(
    "R94",
    "a run waited for another that built the same report",
    "it finds the report unchanged and builds nothing",
)
def test_a_run_that_waited_looks_again(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from cwb.publish import intact  # noqa: PLC0415

    ready_packs(monkeypatch)
    asked: list[str] = []

    def unchanged(period: str, config: Path) -> Path | None:
        asked.append(period)
        return small.parent / "reports" / PERIOD if len(asked) > 1 else None

    monkeypatch.setattr(intact, "unchanged", unchanged)
    done = CliRunner().invoke(app, ["run", PERIOD, "--config", str(small)])
    assert "Unchanged" in done.output
    assert len(asked) == 2


# --- workers ---------------------------------------------------------------------------------------------------------


def built(function: Callable[..., str], deaths: dict[str, int], folder: Path) -> dict[str, str]:
    calls = {name: (name, str(folder), deaths) for name in ("a", "b", "c")}
    with Workers(2, warm) as workers:
        done = dict(workers.each(function, calls))
    return {name: result if isinstance(result, str) else type(result).__name__ for name, result in done.items()}


@posix
@pytest.mark.parametrize(
    ("function", "deaths", "expected"),
    [
        pytest.param(name_of, {"a": 1}, {"a": "a", "b": "b", "c": "c"}, marks=fault("R95", "a worker is killed once", "what it built is tried again by itself; nothing is lost")),
        pytest.param(name_of, {"b": 9}, {"a": "a", "b": "BrokenProcessPool", "c": "c"}, marks=fault("R96", "a worker is killed whenever it builds one pack", "this pack alone is lost")),
        pytest.param(short_of_memory, {"c": 1}, {"a": "a", "b": "b", "c": "c"}, marks=fault("R97", "a worker has too little memory beside the others", "what it built is tried again by itself")),
    ],
)  # fmt: skip
def test_a_worker_that_dies_is_replaced_once(
    function: Callable[..., str], deaths: dict[str, int], expected: dict[str, str], tmp_path: Path
) -> None:
    assert built(function, deaths, tmp_path) == expected


@posix
def test_a_second_try_has_the_memory_of_the_others(tmp_path: Path) -> None:
    with Workers(2, warm) as workers:
        assert dict(workers.each(alone, {name: (name, str(tmp_path)) for name in ("a", "b")})) == {
            "a": "1",
            "b": "1",
        }


@posix
def test_after_a_death_there_are_workers_again(tmp_path: Path) -> None:
    with Workers(2, warm) as workers:
        assert dict(workers.each(name_of, {"a": ("a", str(tmp_path), {"a": 1})})) == {"a": "a"}
        assert workers.begin(os.getpid)() != os.getpid()


@posix
def test_no_call_is_begun_by_the_thread_that_ends_another(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """From Python 3.12 on the pool's own thread holds the pool's lock while it fails the calls of a dead worker: begun by it, the
    next call would wait for that lock for ever."""
    begun_by: set[type[threading.Thread]] = set()
    submit = ProcessPoolExecutor.submit

    def watched(pool: ProcessPoolExecutor, *call: Any, **more: Any) -> Any:
        begun_by.add(type(threading.current_thread()))
        return submit(pool, *call, **more)

    monkeypatch.setattr(ProcessPoolExecutor, "submit", watched)
    assert built(name_of, {"a": 1}, tmp_path) == {"a": "a", "b": "b", "c": "c"}
    assert begun_by
    assert _ExecutorManagerThread not in begun_by


def test_without_a_worker_this_process_makes_all_calls(tmp_path: Path) -> None:
    deaths: dict[str, int] = {}
    calls = {name: (name, str(tmp_path), deaths) for name in ("a", "b")}
    with Workers(0, warm) as workers:
        assert dict(workers.each(name_of, calls)) == {"a": "a", "b": "b"}
        assert workers.begin(name_of, *calls["b"])() == "b"


def test_calls_that_nobody_waits_for_are_not_begun(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Who takes no more results begins no more calls, and nothing is printed of those that were waiting."""
    calls = {name: (name, str(tmp_path)) for name in ("a", "b", "c", "d", "e", "f")}
    with Workers(2, warm) as workers, closing(workers.each(wait_and_touch, calls)) as each:
        next(each)
    begun = len(list(tmp_path.iterdir()))
    time.sleep(0.5)
    assert len(list(tmp_path.iterdir())) == begun < len(calls)
    assert capfd.readouterr().err == ""


def wait_for(what: Callable[[], bool], seconds: float) -> bool:
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        if what():
            return True
        time.sleep(0.05)
    return False


@posix
@pytest.mark.parametrize(
    ("number", "to_group", "code", "lines"),
    [
        pytest.param(signal.SIGINT, False, 130, 1, marks=fault("R98", "Ctrl+C while workers are busy", "one line, exit code 130, workers gone, within three seconds")),
        pytest.param(signal.SIGINT, True, 130, 1, marks=fault("R99", "Ctrl+C at a terminal, which reaches the workers too", "one line and no word of theirs, exit code 130")),
        pytest.param(signal.SIGTERM, False, 143, 1, marks=fault("R100", "SIGTERM while workers are busy", "one line, exit code 143, workers gone, within three seconds")),
        pytest.param(signal.SIGTERM, True, 143, 1, marks=fault("R101", "SIGTERM to the command and its workers", "one line, exit code 143")),
        pytest.param(getattr(signal, "SIGKILL", 9), False, -9, 0, marks=fault("R102", "the command is killed while workers are busy", "its workers end by themselves")),
        pytest.param(getattr(signal, "SIGHUP", 1), False, -1, 0, marks=fault("R103", "the terminal is closed while workers are busy", "the workers end with the command")),
    ],
)  # fmt: skip
def test_workers_end_with_their_parent(number: int, to_group: bool, code: int, lines: int, tmp_path: Path) -> None:
    if signal.getsignal(number) is signal.SIG_IGN:
        pytest.skip("who runs the tests ignores this signal (nohup), and so does whatever they start")
    process = subprocess.Popen(
        [sys.executable, light_workers.__file__, str(tmp_path)],
        env={**os.environ, "PYTHONPATH": str(SRC)},
        stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    assert wait_for(lambda: len([p for p in tmp_path.glob("*.pid") if p.read_text()]) == 2, 60)
    pids = [int(path.read_text(encoding="utf-8")) for path in tmp_path.glob("*.pid")]
    began = time.monotonic()
    (os.killpg if to_group else os.kill)(process.pid, number)
    _, err = process.communicate(timeout=30)
    # The machine of a test may be busy; the command's own patience is two seconds.
    assert time.monotonic() - began < 10
    assert process.returncode == code
    assert len(err.splitlines()) == lines, err
    assert wait_for(lambda: not any(psutil.pid_exists(pid) for pid in pids), 10)


@fault(
    "R109",
    "Ctrl+C reaches a function that DuckDB calls for each text",
    "the query fails; no value becomes unknown by it",
)
def test_an_interrupt_is_no_unknown_value(monkeypatch: pytest.MonkeyPatch) -> None:
    from cwb.sources import database  # noqa: PLC0415

    def interrupted(text: str) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr(database, "clean_text", interrupted)
    with pytest.raises((duckdb.Error, KeyboardInterrupt)):
        database.connect().execute("SELECT cwb_text('a')").fetchall()
    monkeypatch.setattr(database, "clean_text", lambda text: str(int(text)))
    assert database.connect().execute("SELECT cwb_text('a')").fetchall() == [(None,)]


TOLD = "from cwb.base.ending import end_on_signals\nend_on_signals()\nprint('ready', flush=True)\n"


@posix
@pytest.mark.parametrize(
    "code",
    [
        pytest.param("from cwb.__main__ import main\nimport sys\nsys.argv = ['cwb', '--version']\nimport time\ntime.sleep(60)", marks=fault("R104", "Ctrl+C while cwb is being started", "one line and no traceback")),
        pytest.param("import hashlib\nhashlib.pbkdf2_hmac('sha256', b'a', b'b', 400_000_000)", marks=fault("R105", "Ctrl+C deep in a library that does not return", "the command is ended all the same")),
        pytest.param("import time\nwhile True:\n    try:\n        time.sleep(60)\n    except BaseException:\n        pass", marks=fault("R106", "code catches what Ctrl+C raises and goes on", "the command is ended all the same")),
        pytest.param("from pathlib import Path\nimport sys, time\nfrom cwb.base.progress import written\ntry:\n    time.sleep(60)\nexcept BaseException:\n    pass\nwith written(Path(sys.argv[1]) / 'made') as part:\n    part.touch()", marks=fault("R107", "code catches what Ctrl+C raises and would put a file in place", "the file is not put in place")),
        pytest.param("import threading, time\ndef closed():\n    raise OSError('closed before it was asked')\nthreading._register_atexit(closed)\ntime.sleep(60)", marks=fault("R153", "a library fails while Python ends after Ctrl+C", "one line and no traceback")),
    ],
)  # fmt: skip
def test_told_to_end_it_ends(code: str, tmp_path: Path) -> None:
    # Whatever raises `Stopped` at the top ends as the command line does.
    body = "\n".join(f"    {line}" for line in code.splitlines())
    process = python(
        f"{TOLD}from cwb.base.ending import Stopped, leave\ntry:\n{body}\nexcept Stopped:\n    leave()",
        str(tmp_path),
    )
    time.sleep(0.3)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert err.splitlines() == ["Stopped. What was there before is still there; run the command again to go on."]
    assert list(tmp_path.iterdir()) == []


@posix
@fault(
    "R108",
    "SIGTERM while cwb run builds packs with its own workers",
    "exit code 143, one line, no worker left, the report that stands untouched; the next run builds",
)
def test_a_real_run_is_told_to_end(small: Path) -> None:
    from small_council import start  # noqa: PLC0415

    process = start("run", PERIOD, "--config", str(small), cwd=small.parent)
    mine = psutil.Process(process.pid)
    # One of its children is what tidies up, which does next to nothing; the other is a worker beside the command itself, which
    # has heard from it once it imports what packs need.
    assert wait_for(lambda: any(child.cpu_times().user > 0.8 for child in mine.children(recursive=True)), 110)
    children = mine.children(recursive=True)
    assert len(children) >= 2
    process.send_signal(signal.SIGTERM)
    _, err = process.communicate(timeout=30)
    assert process.returncode == 143, err
    said = [line for line in err.splitlines() if not line.startswith(f"Building {PERIOD}: ")]
    assert len(said) == 1, err
    _, alive = psutil.wait_procs(children, timeout=10)
    assert not alive
    # A busy machine may need more than the command's two seconds: what it leaves then is no report, and the next run tidies up.
    assert all(path.name.startswith(".") for path in (small.parent / "reports").iterdir())
    with writing(settings_of(small).shared_processed):
        pass
