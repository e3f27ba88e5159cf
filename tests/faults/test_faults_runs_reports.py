"""Runs: a good report is never replaced by a worse one, and a crash between any two steps leaves the old or the new."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from small_council import IDS, PERIOD, bytes_of, notebooks_of, ready_packs, settings_of, small
from typer.testing import CliRunner

from cwb.base.errors import Fault, PackError
from cwb.cli import app
from cwb.packs.registry import all_packs
from cwb.publish import manifest
from cwb.publish.losses import Lost
from cwb.publish.manifest import encode
from cwb.publish.placing import is_partial, partial_of, recover
from cwb.publish.run import run

__all__ = ["small"]
fault = pytest.mark.fault


def report_of(config: Path) -> Path:
    return config.parent / "reports" / PERIOD


def in_manifest(report: Path, **changes: object) -> None:
    """Other words in a manifest, signed."""
    path = report / "manifest.json"
    path.write_bytes(encode({**json.loads(path.read_text(encoding="utf-8")), **changes}))


def no_vendors(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.rmtree(config.parent / "data" / "raw" / "vendors")


def no_file_of_vendors(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (config.parent / "data" / "raw" / "vendors" / "vendors.csv").unlink()


def one_pack(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ready_packs(monkeypatch, failing=IDS[1:])


def lost_pack(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ready_packs(monkeypatch, failing=IDS[2:3])


def lost_pack_and_new_input(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lost_pack(config, monkeypatch)
    with (config.parent / "data" / "raw" / "spend" / "may.csv").open("a", encoding="utf-8") as handle:
        handle.write("Acme Ltd,06/05/2023,5.00\n")


def lost_pack_and_code(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lost_pack(config, monkeypatch)
    in_manifest(report_of(config), made_by={"code": "0" * 64, "environment": "0" * 64})


def lost_pack_and_broken_manifest(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lost_pack(config, monkeypatch)
    (report_of(config) / "manifest.json").write_text("{", encoding="utf-8")


def known_number(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The standing report has a number that this run does not make, of the same files and code."""
    number = {"id": "total_spend", "pack": "local_supplier_base", "period": PERIOD, "label": "Total spend", "kind": "total",
              "state": "stated", "unit": "gbp", "value": 250.0}  # fmt: skip
    (report_of(config) / "findings.json").write_text(json.dumps([number]), encoding="utf-8")


WORSE = {
    "R60": ("all packs but one are lost", one_pack, "could not be built"),
    "R61": ("one pack is lost", lost_pack, "03_social_enterprise_mapping.ipynb could not be built"),
    "R62": ("one pack is lost while an input has changed", lost_pack_and_new_input, "could not be built"),
    "R63": ("one pack is lost after the code has changed", lost_pack_and_code, "could not be built"),
    "R64": ("one pack is lost and the manifest of the report that stands is damaged", lost_pack_and_broken_manifest, "could not be built"),
    "R65": ("the folder of a source is gone", no_vendors, "no file of the source vendors is left"),
    "R66": ("the folder of a source is empty", no_file_of_vendors, "no file of the source vendors is left"),
    "R67": ("a number is not known any more, of the same files and code", known_number, "not known any more: Total spend"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("lose", "says"),
    [
        pytest.param(lose, says, marks=fault(number, done, "the report that stands is kept, this one is written as 2023-24.partial, told, and ends with an error"), id=number)
        for number, (done, lose, says) in WORSE.items()
    ],
)  # fmt: skip
def test_a_good_report_is_never_replaced_by_a_worse_one(
    lose: Callable[[Path, pytest.MonkeyPatch], None], says: str, small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready_packs(monkeypatch)
    report = run(PERIOD, small)
    lose(small, monkeypatch)
    before = bytes_of(report)
    with pytest.raises(PackError) as caught:
        run(PERIOD, small)
    assert says in str(caught.value)
    assert "2023-24.partial" in str(caught.value)
    assert "--replace" in str(caught.value)
    assert bytes_of(report) == before
    partial = partial_of(report)
    assert (partial / "index.html").is_file()
    assert is_partial(partial)
    assert not is_partial(report)


@fault("R68", "a worse report is asked for with --replace", "it is put in place; what failed is still told")
def test_replace_puts_it_in_place(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ready_packs(monkeypatch)
    report = run(PERIOD, small)
    lost_pack(small, monkeypatch)
    with pytest.raises(PackError, match="03_social"):
        run(PERIOD, small)
    with pytest.raises(PackError, match="03_social"):
        run(PERIOD, small, replace=True)
    assert "03_social_enterprise_mapping.ipynb" not in notebooks_of(report)
    # Nothing is left beside it, and the next good one is put in place by itself.
    assert not partial_of(report).exists()
    ready_packs(monkeypatch)
    run(PERIOD, small)
    assert len(notebooks_of(report)) == len(IDS)


@fault("R69", "a good run follows a partial one", "it is put in place and the partial one is taken away")
def test_a_good_run_takes_the_partial_one_away(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ready_packs(monkeypatch)
    report = run(PERIOD, small)
    lost_pack(small, monkeypatch)
    with pytest.raises(PackError):
        run(PERIOD, small)
    assert partial_of(report).exists()
    ready_packs(monkeypatch)
    run(PERIOD, small)
    assert not partial_of(report).exists()


@fault(
    "R70",
    "one of two files of a source is taken away on purpose",
    "the report is put in place; what is gone is told",
)
def test_changed_inputs_may_have_less_and_it_is_told(
    small: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    ready_packs(monkeypatch)
    report = run(PERIOD, small)
    known_number(small, monkeypatch)
    (small.parent / "data" / "raw" / "spend" / "may.csv").unlink()
    run(PERIOD, small)
    assert any("not known any more: Total spend" in one.message for one in caplog.records)
    assert not partial_of(report).exists()
    assert "may.csv" not in (report / "manifest.json").read_text(encoding="utf-8")


@fault("R71", "a pack is lost where no report stands", "the others are written, and the lost one is told")
def test_without_a_standing_report_what_there_is_is_written(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lost_pack(small, monkeypatch)
    with pytest.raises(PackError, match="03_social"):
        run(PERIOD, small)
    assert len(notebooks_of(report_of(small))) == len(IDS) - 1
    # Nor is it worse than itself.
    with pytest.raises(PackError, match="03_social"):
        run(PERIOD, small)
    assert not partial_of(report_of(small)).exists()


@fault(
    "R71a",
    "an exhibit contradicts itself where a report stands",
    "the report in its place is whole of this run, with nothing of the earlier one, and the run's last words say so",
)
def test_a_contradiction_leaves_no_mixture(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ready_packs(monkeypatch)
    report = run(PERIOD, small)
    before = bytes_of(report)
    (report / "of_the_earlier.html").write_text("", encoding="utf-8")
    monkeypatch.setattr(
        "cwb.publish.report.contradictions", lambda *_: [Fault(rule="a contradiction: two numbers", remedy="")]
    )
    with pytest.raises(PackError, match="a contradiction: two numbers") as caught:
        run(PERIOD, small)
    assert "the whole of this run's report is in place, and nothing of an earlier one" in str(
        caught.value.faults[-1]
    )
    after = bytes_of(report)
    assert before.keys() == after.keys()
    assert json.loads(after["manifest.json"])["is_whole"] is False


@fault(
    "R72", "every pack is lost", "an error; the report that stands is left as it is and no partial one is written"
)
def test_no_pack_at_all(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ready_packs(monkeypatch)
    before = bytes_of(run(PERIOD, small))
    ready_packs(monkeypatch, failing=IDS)
    with pytest.raises(PackError):
        run(PERIOD, small)
    assert bytes_of(small.parent / "reports") == {f"{PERIOD}/{name}": content for name, content in before.items()}


@fault(
    "R73",
    "a lost pack on the command line",
    "exit code 1, the report that stands is kept, and --replace puts the other in place",
)
def test_the_command_ends_with_one(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ready_packs(monkeypatch)
    monkeypatch.setattr("cwb.cli.end_on_signals", lambda: None, raising=False)
    report = run(PERIOD, small)
    before = bytes_of(report)
    lost_pack(small, monkeypatch)
    done = CliRunner().invoke(app, ["run", PERIOD, "--again", "--config", str(small)])
    assert isinstance(done.exception, PackError)
    assert bytes_of(report) == before
    done = CliRunner().invoke(app, ["run", PERIOD, "--replace", "--config", str(small)])
    assert bytes_of(report) != before


@fault("R74", "a report is asked for of fewer packs than stand", "the report that stands is kept")
def test_fewer_packs_than_stand(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ready_packs(monkeypatch)
    report = run(PERIOD, small)
    with pytest.raises(PackError, match=r"05_contract_emissions.ipynb is not in it"):
        run(PERIOD, small, packs=all_packs()[:1])
    assert len(notebooks_of(report)) == len(IDS)


# --- a crash between any two steps -----------------------------------------------------------------------------------


class Died(BaseException):
    """As if the power went: no code may go on."""


def dying(monkeypatch: pytest.MonkeyPatch, at: int) -> list[str]:
    """Die at the n-th step that changes the drive, and at every one after it: nothing can be tidied up. The steps so far."""
    steps: list[str] = []

    def hook(owner: object, name: str) -> None:
        real = getattr(owner, name)

        def step(*args: object, **kwargs: object) -> object:
            if len(steps) >= at:
                raise Died
            steps.append(f"{name} {Path(str(args[0])).name}")
            return real(*args, **kwargs)

        monkeypatch.setattr(owner, name, step)

    for name in ("rename", "replace", "unlink", "write_text", "write_bytes", "mkdir"):
        hook(Path, name)
    hook(shutil, "rmtree")
    return steps


def standing_bytes(config: Path) -> dict[str, bytes]:
    """The report as the next command finds it."""
    recover(settings_of(config).reports)
    return bytes_of(report_of(config))


@fault(
    "R75",
    "the process dies at every rename, write, deletion and folder of a run over a standing report, one run a step",
    "the next command finds the old or the new report whole, never neither; the step after it is the new one",
)
def test_dying_at_every_step_leaves_the_old_or_the_new(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one = all_packs()[:1]
    monkeypatch.setattr("cwb.publish.run.lost", lambda *_: Lost())
    hashes = manifest.code_hashes()
    monkeypatch.setattr(manifest, "code_hashes", lambda: hashes)
    ready_packs(monkeypatch)
    old = bytes_of(run(PERIOD, small))
    new = bytes_of(run(PERIOD, small, packs=one))
    assert old != new
    run(PERIOD, small)
    seen = []
    for at in range(200):
        with monkeypatch.context() as patched:
            steps = dying(patched, at)
            try:
                run(PERIOD, small, packs=one)
            except Died:
                died = True
            else:
                died = False
        found = standing_bytes(small)
        assert found in (old, new), (at, steps)
        seen.append(found == new)
        if not died:
            break
        if found == new:
            run(PERIOD, small)
    # All steps were tried; the new one counts from one of them on.
    assert len(seen) > 8
    assert seen == sorted(seen)
    assert seen[-1]
    assert sorted(path.name for path in (small.parent / "reports").iterdir()) == [".cwb.lock", PERIOD]


@fault(
    "R76",
    "the process dies at every step while tables are made",
    "the next command makes them, with the same figures",
)
def test_dying_while_tables_are_made(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from cwb.lines.build import prepare_lines  # noqa: PLC0415
    from cwb.lines.engine import Engine  # noqa: PLC0415

    settings = settings_of(small)
    marker = settings.processed / "tables" / "tables.json"
    for at in range(2, 60, 3):
        marker.write_text("{}", encoding="utf-8")
        (settings.processed / "lineage.json").unlink(missing_ok=True)
        with monkeypatch.context() as patched:
            dying(patched, at)
            try:
                prepare_lines(settings)
            except Died:
                continue
        break
    prepare_lines(settings)
    (row,) = Engine(settings).rows("SELECT count(*) AS n, sum(amount_gbp) AS gbp FROM spend_lines")
    assert (row["n"], float(row["gbp"])) == (4, 250.0)


@fault(
    "R77",
    "a run died after the old report was moved aside",
    "cwb run brings it back before it does anything else, and finds it unchanged",
)
def test_a_report_that_was_moved_aside_comes_back(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ready_packs(monkeypatch)
    report = run(PERIOD, small)
    before = bytes_of(report)
    report.rename(report.with_name(f".{PERIOD}-old"))
    shutil.copytree(report.with_name(f".{PERIOD}-old"), report.with_name(f".{PERIOD}-part"))
    done = CliRunner().invoke(app, ["run", PERIOD, "--config", str(small)])
    assert "Unchanged" in done.output
    assert bytes_of(small.parent / "reports") == {f"{PERIOD}/{name}": content for name, content in before.items()}


@fault(
    "R78",
    "a file of the standing report is open in another program (Windows)",
    "the run ends by the report's name, and the report is still there",
)
def test_a_report_that_is_in_use(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ready_packs(monkeypatch)
    report = run(PERIOD, small)
    before, rename = bytes_of(report), Path.rename

    def refused(self: Path, target: Path) -> Path:
        if self.name == f".{PERIOD}-part":
            raise PermissionError(13, "in use", str(self))
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", refused)
    with pytest.raises(PackError, match="the report's folder is in use"):
        run(PERIOD, small)
    assert bytes_of(report) == before


@fault(
    "R79",
    "a run died after the old report was moved aside, and the report is verified next",
    "it is brought back and verified",
)
def test_verify_finds_a_report_that_was_moved_aside(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ready_packs(monkeypatch)
    report = run(PERIOD, small)
    report.rename(report.with_name(f".{PERIOD}-old"))
    monkeypatch.setattr("cwb.publish.verify.verify", lambda *_: [])
    done = CliRunner().invoke(app, ["verify", str(report), "--config", str(small)])
    assert "holds" in done.output
    assert (report / "index.html").is_file()
