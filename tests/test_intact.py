"""What `cwb run` and `cwb verify --hash` see of a report by hashes alone: each thing that changed, and a report where none did.

The report is three small files with a true manifest, made in milliseconds; whole reports are in faults/test_faults_tampering.py.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cwb.base.kept import sha256_of
from cwb.cli import app
from cwb.council.config import load_config
from cwb.council.periods import Period
from cwb.packs.registry import all_packs
from cwb.publish import intact
from cwb.publish.check_value import BLANK
from cwb.publish.intact import check_copy, check_inputs, check_outputs, unchanged
from cwb.publish.manifest import (
    NAME,
    CodeHashes,
    InputFile,
    Manifest,
    origin_of,
    read_manifest,
    write_manifest,
)
from cwb.sources.store import Lineage

ROOT = Path(__file__).parents[1]
CODE, OTHER = CodeHashes("1" * 64, "2" * 64), CodeHashes("3" * 64, "2" * 64)
NOT_BUILT = "02_gap_analysis.ipynb"


@pytest.fixture
def report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A whole report of pack 01, made of one raw file, a notebook, and settings that name a table."""
    # The hash of all the code takes longer than everything else here.
    for module in ("intact", "manifest"):
        monkeypatch.setattr(f"cwb.publish.{module}.code_hashes", lambda: CODE)
    council = ROOT / "tests" / "councils" / "hertfordshire"
    shutil.copy(council / "cwb.toml", tmp_path)
    shutil.copy(council / "anchors.csv", tmp_path)
    write(tmp_path / "data" / "raw" / "spend" / "april.csv", "Supplier\nA\n")
    write(tmp_path / "notebooks" / all_packs()[0].notebook, "{}")
    report = tmp_path / "reports" / "2023-24"
    write(report / "index.html", f'<p>60 of 100 <code id="check-value">{BLANK}</code></p>')
    write(report / "tables" / "one.csv", "a\n1\n")
    write(report / "tables" / "two.csv", "a\n2\n")
    sign(report)
    return report


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def sign(report: Path, is_whole: bool = True, period: str = "2023-24", failed: int = 0) -> None:
    """Write the manifest of what stands there."""
    (report / NAME).unlink(missing_ok=True)
    settings, packs = load_config(report.parents[1] / "cwb.toml"), all_packs()[:1]
    origin = origin_of(settings, packs, "cwb.toml")
    not_built = all_packs()[1 : 1 + failed]
    write_manifest(
        report, settings, Period.parse(period), packs, not_built, Lineage("", (), {}), origin, is_whole, {}
    )


def manifest_of(report: Path) -> Manifest:
    manifest, faults = read_manifest(report)
    assert manifest is not None
    assert faults == []
    return manifest


def by_hand(report: Path, **entries: object) -> None:
    """Write into a manifest and leave its own hash as it was."""
    body = json.loads((report / NAME).read_text(encoding="utf-8"))
    (report / NAME).write_text(json.dumps(body | entries, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def test_a_manifest_is_written_in_one_way_with_the_hash_of_all_the_rest(report: Path) -> None:
    text = (report / NAME).read_text(encoding="utf-8")
    assert text.startswith('{\n "council": "')
    assert text.endswith('"\n}\n')
    by_hand(report, council="Another Council")
    assert [fault.rule for fault in read_manifest(report)[1]] == ["the manifest has been changed"]


# --- is there anything to do? -------------------------------------------------------------------------------------


def test_a_report_of_the_same_inputs_needs_no_second_run(report: Path) -> None:
    assert unchanged("2023-24", report.parents[1] / "cwb.toml") == report
    assert unchanged("2024-25", report.parents[1] / "cwb.toml") is None


@pytest.mark.parametrize(
    "change",
    [
        lambda report: (report / NAME).unlink(),
        lambda report: by_hand(report, council="Another Council"),
        lambda report: sign(report, is_whole=False),
        lambda report: sign(report, period="2024-25"),
        lambda report: sign(report, failed=1),
        lambda report: write(report / "tables" / "one.csv", "a\n9\n"),
        lambda report: (report / "tables" / "one.csv").unlink(),
        lambda report: write(report / "tables" / "three.csv", "a\n"),
        lambda report: write(report.parents[1] / "data" / "raw" / "spend" / "april.csv", "Supplier\nB\n"),
        lambda report: write(report.parents[1] / "data" / "raw" / "spend" / "may.csv", "Supplier\nB\n"),
        lambda report: (report.parents[1] / "anchors.csv").open("a").write("\n"),
        lambda report: (report.parents[1] / "cwb.toml").open("a").write("\n"),
        lambda report: write(report.parents[1] / "notebooks" / all_packs()[0].notebook, "{ }"),
    ],
    ids=[
        "no manifest", "a manifest changed by hand", "not all packs were asked for", "of another period", "a pack failed",
        "a file changed", "a file is gone", "a file too many", "a raw file changed", "a raw file too many", "a table of the settings",
        "the settings", "a notebook",
    ],
)  # fmt: skip
def test_whatever_changed_is_built_again(change: Callable[[Path], object], report: Path) -> None:
    change(report)
    assert unchanged("2023-24", report.parents[1] / "cwb.toml") is None


def test_other_code_and_settings_of_another_name_build_again(
    report: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (report.parents[1] / "other.toml").write_bytes((report.parents[1] / "cwb.toml").read_bytes())
    assert unchanged("2023-24", report.parents[1] / "other.toml") is None
    monkeypatch.setattr(intact, "code_hashes", lambda: OTHER)
    assert unchanged("2023-24", report.parents[1] / "cwb.toml") is None


# --- what is told -------------------------------------------------------------------------------------------------


def outputs(report: Path) -> list[tuple[str | None, str]]:
    return [(fault.file, fault.rule) for fault in check_outputs(report, manifest_of(report))]


def test_every_file_of_a_report_that_is_not_as_it_was_is_told(report: Path) -> None:
    assert outputs(report) == []
    write(report / "tables" / "one.csv", "a\n9\n")
    (report / "tables" / "two.csv").unlink()
    write(report / "more.txt", "")
    write(report / "again.txt", "")
    assert outputs(report) == [
        ("tables/one.csv", "the file has been changed since it was built"),
        ("tables/two.csv", "the file is missing"),
        ("again.txt", "the file is not part of the report"),
        ("more.txt", "the file is not part of the report"),
    ]


def test_the_first_page_bears_the_value_of_the_manifest(report: Path) -> None:
    index = report / "index.html"
    page = index.read_text(encoding="utf-8")
    value = sha256_of(report / NAME)
    for other in ("0000", "ffff"):
        write(index, page.replace(value[:4], other, 1))
        assert outputs(report) == [("index.html", "the check value on the first page is not that of the manifest")]
    write(index, page.replace("60", "61"))
    assert outputs(report) == [("index.html", "the file has been changed since it was built")]


def test_a_copy_is_held_against_its_check_value(report: Path) -> None:
    value = sha256_of(report / NAME)
    assert check_copy(report, value) == []
    (fault,) = check_copy(report, "0" * 64)
    assert "this is another report than the one with that check value" in fault.rule
    (report / "tables" / "one.csv").unlink()
    assert [(fault.file, fault.remedy) for fault in check_copy(report, value)] == [
        ("tables/one.csv", "Ask the council for the report, or for its check value, again.")
    ]
    (report / NAME).unlink()
    assert [fault.rule for fault in check_copy(report, value)] == ["no manifest in 2023-24"]


@pytest.mark.parametrize("folder", [[], ["."]])
def test_the_folder_that_one_is_in_is_told_by_its_name(
    folder: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "copy").mkdir()
    monkeypatch.chdir(tmp_path / "copy")
    done = CliRunner().invoke(app, ["verify", "--hash", "0" * 64, *folder])
    assert (done.exit_code, "no manifest in copy." in done.output) == (1, True)


def inputs(report: Path, manifest: Manifest | None = None) -> list[tuple[str | None, str]]:
    settings = load_config(report.parents[1] / "cwb.toml")
    found = check_inputs(settings, manifest or manifest_of(report), "cwb.toml")
    return [(fault.file, fault.rule) for fault in found]


def test_everything_that_a_report_was_made_of_and_that_changed_is_told(report: Path) -> None:
    folder, manifest = report.parents[1], manifest_of(report)
    assert inputs(report) == []
    write(folder / "data" / "raw" / "spend" / "april.csv", "Supplier\nB\n")
    write(folder / "data" / "raw" / "spend" / "may.csv", "Supplier\nC\n")
    (folder / "cwb.toml").open("a").write("\n")
    write(folder / "notebooks" / all_packs()[0].notebook, "{ }")
    gone = InputFile("march: the last.csv", "spend", "0" * 64)
    told = inputs(report, replace(manifest, inputs=(*manifest.inputs, gone), not_built=(NOT_BUILT,)))
    assert told == [
        ("march: the last.csv", "the raw file is missing"),
        ("spend/april.csv", "the raw file has been changed since the report was built"),
        ("spend/may.csv", "the raw file was not there when the report was built"),
        ("cwb.toml", "the settings have been changed since the report was built"),
        (NOT_BUILT, "this pack could not be built"),
        (all_packs()[0].notebook, "the notebook has been changed since the report was built"),
    ]


@pytest.mark.parametrize("how", ["changed", "gone", "no longer named"])
def test_a_table_of_the_settings_that_is_another_is_told(how: str, report: Path) -> None:
    table, settings = report.parents[1] / "anchors.csv", load_config(report.parents[1] / "cwb.toml")
    manifest = manifest_of(report)
    if how == "changed":
        table.open("a").write("\n")
    elif how == "gone":
        table.unlink()
    else:
        settings = settings.model_copy(update={"anchor_table": ""})
    told = [(fault.file, fault.rule) for fault in check_inputs(settings, manifest, "cwb.toml")]
    assert told == [("anchors.csv", "this table of the settings has been changed since the report was built")]


def test_a_notebook_with_any_other_hash_is_told(report: Path) -> None:
    """A hash is another whether it comes before or after in the alphabet."""
    path, manifest = report.parents[1] / "notebooks" / all_packs()[0].notebook, manifest_of(report)
    was, seen = sha256_of(path), set()
    for text in ("{ }", "{}\n", "[]", "[ ]", "[]\n", "1", "2", "3"):
        write(path, text)
        seen.add(sha256_of(path) > was)
        assert inputs(report, manifest) == [
            (path.name, "the notebook has been changed since the report was built")
        ]
    assert seen == {True, False}
