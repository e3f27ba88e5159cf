"""How `cwb verify` words what differs, and what it says when a report cannot be made again; nothing is built here.

What is named of whole reports is in faults/test_faults_tampering.py, and that the packs of whole councils hold in test_pack.py.
"""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cwb.base.errors import CwbError, Fault
from cwb.cli import app
from cwb.council.config import Settings, load_config
from cwb.council.periods import Period
from cwb.packs.registry import all_packs
from cwb.publish import verify as module
from cwb.publish.check_value import BLANK, bearing, grouped, printed, ungrouped
from cwb.publish.differences import differences
from cwb.publish.folder import files_of
from cwb.publish.manifest import NAME, CodeHashes, origin_of, write_manifest
from cwb.publish.page_places import place_in_page
from cwb.sources.store import Lineage

ROOT = Path(__file__).parents[1]
AGAIN = "Build the report again with cwb run, or restore the file."
INDEX = f'<p>60 of 100 <code id="check-value">{BLANK}</code></p>'
FINDINGS = [{"id": "a", "pack": "made", "value": 60, "n": None}, {"id": "b", "pack": "made", "value": 40, "n": 1}]


# --- two folders ------------------------------------------------------------------------------------------------


def folder(path: Path, **files: str) -> Path:
    path.mkdir()
    for name, text in files.items():
        (path / name.replace("_", ".")).write_bytes(text.encode("utf-8"))
    return path


def told(tmp_path: Path, name: str, here: str, again: str) -> list[str]:
    """What is said of one file that is so in the report and so when made again."""
    faults = differences(folder(tmp_path / "here", **{name: here}), folder(tmp_path / "made", **{name: again}))
    assert all(fault.file == name.replace("_", ".") and fault.remedy == AGAIN for fault in faults)
    return [str(fault).removesuffix(f". {AGAIN}").partition(".")[2].partition(" ")[2] for fault in faults]


@pytest.mark.parametrize(
    ("here", "again", "says"),
    [
        ("a,b\r\n1,2\r\n", "a,b\r\n1,2\r\n", []),
        ("a,b\r\n1,3\r\n", "a,b\r\n1,2\r\n", ["row 2, column 'b': here 3, made again 2"]),
        ("\ufeffa,c\r\n", "\ufeffa,b\r\n", ["row 1, column 'b': here c, made again b"]),
        ("a,b\r\n1\r\n", "a,b\r\n1,2\r\n", ["row 2, column 'b': here nothing, made again 2"]),
        ("a\r\n1,9\r\n", "a\r\n1\r\n", ["row 2, column '2': here 9, made again nothing"]),
        ("a\r\n", "a\r\n1\r\n", ["row 2: the row is not there"]),
        ("a\r\n1\r\n", "a\r\n", ["row 2: the row is not made again"]),
        ("a\r\n'1'\r\n", "a\r\n1\r\n", ["row 2, column 'a': here '1', made again 1"]),
        ('a\r\n"1"\r\n', "a\r\n1\r\n", ['line 2: here "1", made again 1']),
        ("a\r\n1 \r\n", "a\r\n1\r\n", ["row 2, column 'a': here '1 ', made again '1'"]),
        ("", "a\r\n", ["row 1: the row is not there"]),
    ],
)
def test_a_table_is_told_by_its_first_other_cell(here: str, again: str, says: list[str], tmp_path: Path) -> None:
    assert told(tmp_path, "t_csv", here, again) == says


def test_rows_of_a_table_are_numbered_as_a_spreadsheet_does(tmp_path: Path) -> None:
    here, again = ("a\r\n" + '"x\r\ny"\r\n' * 9 + end for end in ("1\r\n", "2\r\n"))
    assert told(tmp_path, "t_csv", here, again) == ["row 11, column 'a': here 1, made again 2"]


@pytest.mark.parametrize(
    ("here", "says"),
    [
        (FINDINGS, []),
        ([FINDINGS[0] | {"value": 99}, FINDINGS[1]], ["column 'a': value: here 99, made again 60"]),
        ([FINDINGS[0], FINDINGS[1] | {"n": True}], ["column 'b': n: here true, made again 1"]),
        ([FINDINGS[0], FINDINGS[1] | {"n": 1.0}], ["column 'b': n: here 1.0, made again 1"]),
        ([FINDINGS[0] | {"n": "none"}, FINDINGS[1]], ["column 'a': n: here none, made again nothing"]),
        ([FINDINGS[0] | {"more": 1}, FINDINGS[1]], ["column 'a': more: here 1, made again nothing"]),
        (FINDINGS[1:], ["column 'a': the finding is missing"]),
        ([*FINDINGS, {"id": "z"}, {"id": "y"}], [f"column '{name}': no measure makes this finding" for name in "yz"]),
        ([{**FINDINGS[0], "value": 1}, {**FINDINGS[1], "value": 1}], ["column 'a': value: here 1, made again 60", "column 'b': value: here 1, made again 40"]),
        (FINDINGS[::-1], ["line 1"]),
        ([FINDINGS[0], FINDINGS[0], FINDINGS[1]], ["line 1"]),
        ([1], ["line 1"]),
        ({"a": 1}, ["line 1"]),
    ],
)  # fmt: skip
def test_every_other_finding_is_told(here: object, says: list[str], tmp_path: Path) -> None:
    found = told(tmp_path, "findings_json", json.dumps(here), json.dumps(FINDINGS))
    assert [text[: len(said)] for text, said in zip(found, says, strict=True)] == says


@pytest.mark.parametrize("here", ["", "{", "\ud83d".encode("utf-8", "replace").decode(), "[" * 50_000])
def test_findings_that_are_none_are_told_by_their_line(here: str, tmp_path: Path) -> None:
    (says,) = told(tmp_path, "findings_json", here, json.dumps(FINDINGS))
    assert says.startswith("line 1: here ")


PAGE = "<h1>Pack</h1><style>p{}</style><h2>Local &amp; near</h2><p>It is\n21% of £5</p><!-- x --><p>End</p>"


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("21%", "99%", ("Local & near", "It is\n99% of £5", "It is\n21% of £5")),
        ("Pack", "Sack", ("", "Sack", "Pack")),
        ("<p>End</p>", "", ("Local & near", "", "End")),
        ("End", "End</p><p>More", ("Local & near", "More", "")),
        ("p{}", "p{display:none}", ("Pack", "<style>p{display:none}</style>", "<style>p{}</style>")),
        ("<p>End", "<p hidden>End", ("Local & near", "<p hidden>", "<p>")),
        ("<!-- x -->", "<!-- y -->", ("Local & near", "<!-- y -->", "<!-- x -->")),
        ("&amp;", "&#38;", ("", "Local &#38; near", "Local &amp; near")),
        ("<p>End</p>", "<p>End</p >", ("Local & near", "</p >", "</p>")),
    ],
)
def test_a_page_is_told_by_heading_and_text(old: str, new: str, place: tuple[str, str, str]) -> None:
    assert place_in_page(PAGE.replace(old, new), PAGE) == place


def test_a_long_text_is_shown_around_what_differs(tmp_path: Path) -> None:
    words = "word " * 50
    (says,) = told(tmp_path, "p_html", f"<h2>H</h2><p>{words}here {words}", f"<h2>H</h2><p>{words}there {words}")
    assert says.startswith("under “H”: here …")
    assert "here word" in says
    assert "there word" in says
    assert len(says) < 200


def test_a_file_far_longer_than_it_is_made_is_not_read_whole(tmp_path: Path) -> None:
    here, made = folder(tmp_path / "here", a_txt="x"), folder(tmp_path / "made", a_txt="x")
    with (here / "a.txt").open("r+b") as handle:
        os.truncate(handle.fileno(), 1 << 40)
    (fault,) = differences(here, made)
    assert fault.file == "a.txt"
    assert len(str(fault)) < 400


def test_an_unreadable_file_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here, made = folder(tmp_path / "here", a_txt="x", b_txt="y"), folder(tmp_path / "made", a_txt="x", b_txt="z")
    opened = Path.open

    def refuse(path: Path, *rest: object, **more: object) -> object:
        if path == here / "a.txt":
            raise PermissionError(13, "Permission denied")
        return opened(path, *rest, **more)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", refuse)
    rules = [(fault.file, fault.rule) for fault in differences(here, made)]
    assert rules == [("a.txt", "there is no permission to read it"), ("b.txt", "line 1: here y, made again z")]


def test_files_and_folders_are_compared_by_name(tmp_path: Path) -> None:
    here, made = folder(tmp_path / "here", a_txt="x", c_txt="x"), folder(tmp_path / "made", a_txt="x", b_txt="x")
    (here / "empty" / "er").mkdir(parents=True)
    (here / "print").mkdir()
    (here / "print" / "x.pdf").write_bytes(b"x")
    rules = [(fault.file, fault.rule.partition(":")[0]) for fault in differences(here, made)]
    assert rules == [
        ("b.txt", "the file is missing"),
        ("c.txt", "the file is not part of the report"),
        ("empty/er", "the folder is empty and not part of the report"),
    ]
    assert list(files_of(here)[0]) == ["a.txt", "c.txt"]


# --- the check value ----------------------------------------------------------------------------------------------


def test_a_check_value_is_read_as_people_write_it() -> None:
    digest = "0123456789abcdef" * 4
    value = grouped(digest)
    assert value.startswith("0123-4567-89ab-cdef-0123")
    for text in (value, value.upper(), value.replace("-", " "), f" {value}\n", value.replace("-", "‑"), digest):
        assert ungrouped(text) == digest
    for text in ("", value[:-1], value + "0", value.replace("f", "g"), "é"):
        with pytest.raises(CwbError, match="a check value has 16 groups of 4"):
            ungrouped(text)


def test_a_page_has_one_place_for_it() -> None:
    page = INDEX.encode()
    value = grouped("ab" * 32)
    assert printed(page) == BLANK
    assert printed(bearing(page, value)) == value
    assert bearing(bearing(page, value), BLANK) == page
    for other in (b"<p>", page + page, page.replace(b"check-value", b"other"), page.replace(b"0-", b"O-")):
        assert printed(other) is None
        assert bearing(other, value) == other


VALUES = ["-".join([digit * 4] * 16) for digit in "12"]


def test_a_first_page_with_another_value_alone_is_told_by_it(tmp_path: Path) -> None:
    one, two = (INDEX.replace(BLANK, value) for value in VALUES)
    assert told(tmp_path, "index_html", one, two) == [
        f"column 'check value': here {VALUES[0]}, made again {VALUES[1]}"
    ]
    shutil.rmtree(tmp_path / "here")
    shutil.rmtree(tmp_path / "made")
    assert told(tmp_path, "index_html", one.replace("60", "61"), two) == ["here 61 of 100, made again 60 of 100"]


def test_a_value_on_another_page_is_text_like_any(tmp_path: Path) -> None:
    one, two = (INDEX.replace(BLANK, value) for value in VALUES)
    (says,) = told(tmp_path, "a_html", one, two)
    assert says.startswith("here 1111-")


MANIFEST = {
    "council": "A",
    "outputs": [{"name": "a.csv", "sha256": "1"}],
    "settings": {"name": "cwb.toml"},
    "sha256": "9",
}


@pytest.mark.parametrize(
    ("change", "known", "says"),
    [
        ({"council": "B"}, [], ["column 'council': here B, made again A"]),
        ({"council": "B", "sha256": "8"}, [], ["column 'council': here B, made again A"]),
        ({"versions": "2", "sha256": "8"}, [], ["column 'versions': here 2, made again nothing"]),
        ({"sha256": "8"}, [], ["column 'sha256': here 8, made again 9"]),
        ({"outputs": [{"name": "a.csv", "sha256": "2"}]}, [], ["column 'outputs, a.csv, sha256': here 2, made again 1"]),
        ({"outputs": [{"name": "a.csv", "sha256": "2"}]}, ["a.csv"], []),
        ({"outputs": [{"name": "a.csv", "sha256": "2"}], "council": "B"}, ["a.csv"], ["column 'council': here B, made again A"]),
        ({"settings": {"name": "cwb.toml", "more": 1}}, ["cwb.toml"], []),
        ({"settings": {"name": "cwb.toml", "more": 1}}, ["other.toml"], ["column 'settings, more': here 1, made again nothing"]),
    ],
)  # fmt: skip
def test_entries_of_a_manifest_are_told_but_those_that_follow_from_files(
    change: dict[str, object], known: list[str], says: list[str], tmp_path: Path
) -> None:
    here = folder(tmp_path / "here", manifest_json=json.dumps(MANIFEST | change))
    again = folder(tmp_path / "made", manifest_json=json.dumps(MANIFEST))
    faults = [Fault(file=name, rule="changed", remedy="") for name in known]
    found = [str(fault) for fault in differences(here, again, faults)]
    assert len(found) == len(says)
    assert all(said in text for text, said in zip(found, says, strict=True))


# --- a report that cannot be made again ---------------------------------------------------------------------------


@pytest.fixture
def report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A report that says that it is of pack 01 and was made of one file."""
    # The hash of all the code takes longer than everything else here.
    code = CodeHashes("1" * 64, "2" * 64)
    for place in ("manifest", "verify"):
        monkeypatch.setattr(f"cwb.publish.{place}.code_hashes", lambda: code)
    toml = (ROOT / "tests" / "cases" / "pack_01" / "cwb.toml").read_text(encoding="utf-8")
    (tmp_path / "cwb.toml").write_text(toml, encoding="utf-8")
    (tmp_path / "data" / "raw" / "spend").mkdir(parents=True)
    (tmp_path / "data" / "raw" / "spend" / "april.csv").write_text("Supplier\nA\n", encoding="utf-8")
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "notebooks" / all_packs()[0].notebook).write_text("{}", encoding="utf-8")
    (tmp_path / "reports").mkdir()
    report = folder(tmp_path / "reports" / "2023-24", index_html=INDEX)
    sign(report)
    return report


def sign(report: Path, failed: int = 0, **parameters: str | float) -> None:
    (report / NAME).unlink(missing_ok=True)
    settings, packs = load_config(report.parents[1] / "cwb.toml"), all_packs()[:1]
    origin, lineage = origin_of(settings, packs, "cwb.toml"), Lineage("", (), {})
    not_built = all_packs()[1 : 1 + failed]
    write_manifest(report, settings, Period.parse("2023-24"), packs, not_built, lineage, origin, False, parameters)


def rules(report: Path) -> list[tuple[str | None, str]]:
    return [(fault.file, fault.rule) for fault in module.verify(report, report.parents[1] / "cwb.toml")]


def make(report: Path, monkeypatch: pytest.MonkeyPatch, *faults: Fault, raised: bool = False) -> list[Settings]:
    """What is made again is the report, or cannot be made; the settings that it was made with."""
    used: list[Settings] = []

    def again(settings: Settings, _manifest: object, _config: str, made: Path, _progress: object) -> list[Fault]:
        used.append(settings)
        if raised:
            raise CwbError(faults)
        shutil.copytree(report, made)
        return list(faults)

    monkeypatch.setattr(module, "make_again", again)
    return used


def test_raw_files_that_cannot_be_read_are_told_beside_the_rest(
    report: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(report, monkeypatch, Fault(file="april.csv", rule="no header was found", remedy="Add one."), raised=True)
    (report.parents[1] / "cwb.toml").open("a").write("\n")
    assert rules(report) == [
        ("cwb.toml", "the settings have been changed since the report was built"),
        ("april.csv", "no header was found"),
    ]


def test_packs_that_cannot_be_made_again_are_told(report: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    used = make(report, monkeypatch, Fault(file="01.ipynb", rule="a cell failed", remedy="Mend it."))
    assert ("01.ipynb", "a cell failed") in rules(report)
    # It was tried with tables of a folder of its own, which is gone, and data/processed was left alone.
    assert report.parents[1] not in used[0].processed.parents
    assert not used[0].shared_processed.parent.exists()
    assert not (report.parents[1] / "data" / "processed").exists()


def test_a_pack_that_was_not_built_is_told(report: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(report, monkeypatch)
    sign(report, failed=1)
    assert rules(report)[0] == (all_packs()[1].notebook, "this pack could not be built")


def test_a_notebook_that_is_gone(report: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(report, monkeypatch)
    monkeypatch.setattr("cwb.publish.intact.find_notebook", lambda *_: missing())
    assert (None, "no notebook") in rules(report)


def missing() -> None:
    raise CwbError(Fault(rule="no notebook", remedy="Run it elsewhere."))


def test_a_manifest_of_no_pack_is_told(report: Path) -> None:
    body = (report / NAME).read_text(encoding="utf-8").replace(all_packs()[0].notebook, "09_other.ipynb")
    (report / NAME).write_text(body, encoding="utf-8")
    assert (NAME, "it names the notebook of no pack") in rules(report)


@pytest.mark.parametrize("text", ["", "[]", "{", "{}", '{"council": "A"}', "\u00ff", "[" * 100_000])
def test_a_manifest_that_cannot_be_read(text: str, report: Path) -> None:
    (report / NAME).write_bytes(text.encode("latin-1"))
    assert rules(report) == [(NAME, "the manifest cannot be read")]


def test_a_folder_that_is_none(report: Path) -> None:
    assert rules(report.with_name("2024-25")) == [(NAME, "no manifest in 2024-25")]
    assert module.remarks(report.with_name("2024-25")) == []


def test_settings_that_cannot_be_read_are_told(report: Path) -> None:
    (report.parents[1] / "cwb.toml").write_text("nonsense =", encoding="utf-8")
    ((_, rule),) = rules(report)
    assert "TOML" in rule


def test_the_folder_in_which_one_stands(report: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(report, monkeypatch)
    monkeypatch.chdir(report)
    done = CliRunner().invoke(app, ["verify", "."])
    assert (done.exit_code, done.exception) == (0, None), done.output
    assert "holds: every byte of it was made again" in done.output
    assert "without 02_gap_analysis.ipynb" in done.output


def test_parameters_of_the_caller_are_told(report: Path) -> None:
    assert not any("parameters" in remark for remark in module.remarks(report))
    sign(report, floor=0.5, area="a")
    told = "It was made with other parameters than the notebooks' own: floor = 0.5, area = a."
    assert told in module.remarks(report)
