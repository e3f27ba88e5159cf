"""Packs as they are built: whole or not at all, the same bytes again, and every changed byte found by name."""

from __future__ import annotations

import json
import re
import shutil
import sys
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import nbformat
import pandas as pd
import papermill
import pytest

import gallery
from conftest import built_project
from cwb.base.errors import ConfigError, PackError
from cwb.base.kept import sha256_of
from cwb.base.lock import LOCK
from cwb.charts import live, static
from cwb.charts.charts import Bar, Bars, describe
from cwb.charts.figure import EXHIBIT, PLOTLY, TITLE_WORDS, Figure, short_heading
from cwb.charts.palette import PAPER, SEQUENCE, contrast
from cwb.charts.tables import Column, to_csv, to_html
from cwb.council.periods import Period
from cwb.evidence.data import open_data
from cwb.packs.pack import Pack
from cwb.packs.registry import all_packs, pack_of
from cwb.publish.manifest import encode
from cwb.publish.notebooks import find_notebook
from cwb.publish.render import asked_once, clean, markdown, output, render_notebook, stylesheet
from cwb.publish.run import run
from cwb.publish.verify import verify
from report_texts import texts_in

NOTEBOOK = "01_local_supplier_base"
HOSTILE = "<img src=x onerror=alert(1)>"


@pytest.fixture
def copied(project: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    shutil.copytree(project, folder)
    return folder


def test_a_report_is_whole(project: Path) -> None:
    report = project / "reports" / "2023-24"
    names = {path.relative_to(report).as_posix() for path in report.rglob("*") if path.is_file()}
    assert {
        f"{NOTEBOOK}.html",
        "index.html",
        "findings.json",
        "manifest.json",
        "tables/local_supplier_base/spend-by-ring.csv",
        "02_gap_analysis.html",
        "03_social_enterprise_mapping.html",
        "04_anchor_collaboration.html",
        "05_contract_emissions.html",
        "09_strategy_tracker.html",
        "annex.html",
        "opportunities.html",
        "opportunities.csv",
        "explore.html",
    } <= names
    assert all(page.stat().st_size < 400_000 for page in report.glob("*.html") if page.name != "explore.html")
    assert not [p for p in report.parent.iterdir() if p.name.startswith(".") and p.name != LOCK]


def test_findings_have_the_agreed_form(project: Path) -> None:
    found = json.loads((project / "reports" / "2023-24" / "findings.json").read_text(encoding="utf-8"))
    by_id = {finding["id"]: finding for finding in found}
    assert {"total_spend", "local_share", "local_share_without_one_offs"} <= by_id.keys()
    for finding in found:
        assert {"id", "pack", "unit", "n", "of", "low", "high", "coverage", "sources", "caveats"} <= finding.keys()
        assert ("value" in finding) != ("undefined" in finding)
    assert by_id["total_spend"]["value"] == 70_000_000
    assert round(by_id["local_share"]["value"], 2) == 0.18
    assert round(by_id["local_share_without_one_offs"]["value"], 2) == 0.35


def test_no_private_path_and_no_clock_in_a_report(project: Path) -> None:
    report = project / "reports" / "2023-24"
    for name, text in texts_in(report):
        assert str(project) not in text, name
        assert "/root" not in text, name
        assert "/tmp" not in text, name


def take_as_made_again(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let `cwb verify` take the report of the project for the one that it would make."""

    def again(_settings: object, _manifest: object, _config: str, made: Path, _progress: object) -> list[object]:
        shutil.copytree(project / "reports" / "2023-24", made)
        return []

    monkeypatch.setattr("cwb.publish.verify.make_again", again)


@pytest.mark.parametrize(
    "name",
    [
        f"reports/2023-24/{NOTEBOOK}.html",
        "reports/2023-24/index.html",
        "reports/2023-24/findings.json",
        "reports/2023-24/manifest.json",
        "reports/2023-24/tables/local_supplier_base/bridge.csv",
        "data/raw/illustrative/spend/payments_2023-04.csv",
        "data/raw/illustrative/vendors/vendor_list.csv",
        "cwb.toml",
        f"notebooks/{NOTEBOOK}.ipynb",
    ],
)
def test_one_changed_byte_fails_by_name(
    name: str, project: Path, copied: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # To make it again takes long and has a test of its own.
    take_as_made_again(project, monkeypatch)
    path = copied / name
    raw = bytearray(path.read_bytes())
    at = len(raw) - 2 if path.suffix in (".toml", ".json") else len(raw) // 2
    raw[at] = ord(" ") if raw[at] != ord(" ") else ord("\n")
    path.write_bytes(bytes(raw))
    faults = verify(copied / "reports" / "2023-24", copied / "cwb.toml")
    assert any(Path(name).name in (fault.file or "") for fault in faults)


def test_the_same_inputs_give_the_same_bytes_but_for_a_finding_changed_with_its_hash(
    copied: Path, request: pytest.FixtureRequest
) -> None:
    """Made again of raw files by two workers, what one process made of tables is the same to the byte. Reports that `.ci/run` has built
    were made by workers: one process makes these again."""
    if built_project() is None:
        request.getfixturevalue("several_cores")
    report = copied / "reports" / "2023-24"
    path = report / "findings.json"
    path.write_text(
        path.read_text(encoding="utf-8").replace('"value": 70000000', '"value": 80000000'), encoding="utf-8"
    )
    manifest = json.loads((report / "manifest.json").read_text(encoding="utf-8"))
    for entry in manifest["outputs"]:
        if entry["name"] == "findings.json":
            entry["sha256"] = sha256_of(path)
    (report / "manifest.json").write_bytes(encode(manifest))
    faults = verify(report, copied / "cwb.toml")
    # This one and no other file.
    assert [(fault.file, fault.column) for fault in faults] == [("findings.json", "total_spend")]
    assert faults[0].rule == "value: here 80000000, made again 70000000"


# --- what must fail, and leave nothing that looks whole -------------------------------------------------------


def change_notebook(folder: Path, source: str, replacement: str | None) -> None:
    path = folder / "notebooks" / f"{NOTEBOOK}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    if replacement is None:
        notebook.cells = [cell for cell in notebook.cells if source not in cell.source]
    else:
        for cell in notebook.cells:
            cell.source = cell.source.replace(source, replacement)
    nbformat.write(notebook, path)


@pytest.mark.parametrize(
    ("source", "replacement", "expected"),
    [
        ("pack.scorecard(data)", "1 / 0", "a cell failed with ZeroDivisionError"),
        ("pack.bridge(data)", None, "lacks the exhibits bridge"),
        ("pack.trend(data)", "pack.trend(data);", "lacks the exhibits trend"),
    ],
)
def test_a_broken_notebook_leaves_no_pack(
    source: str, replacement: str | None, expected: str, copied: Path
) -> None:
    shutil.rmtree(copied / "reports")
    change_notebook(copied, source, replacement)
    main = sys.modules["__main__"]
    with pytest.raises(PackError, match=expected):
        run("2023-24", copied / "cwb.toml", packs=all_packs()[:1])
    assert not list((copied / "reports").glob("*/*"))
    assert sys.modules["__main__"] is main, "what travels to a worker is found by its module"


def test_an_unknown_parameter_stops_the_run(project: Path) -> None:
    before = sorted((project / "reports").iterdir())
    with pytest.raises(PackError, match="unknown parameter perod"):
        run("2023-24", project / "cwb.toml", parameters={"perod": "2023-24"})
    assert sorted((project / "reports").iterdir()) == before


def test_a_failed_run_leaves_the_earlier_report(copied: Path) -> None:
    change_notebook(copied, "pack.scorecard(data)", "1 / 0")
    before = (copied / "reports" / "2023-24" / "findings.json").read_bytes()
    with pytest.raises(PackError):
        run("2023-24", copied / "cwb.toml", packs=all_packs()[:1])
    assert (copied / "reports" / "2023-24" / "findings.json").read_bytes() == before


@pytest.mark.parametrize("period", ["2012-13", "2031-32-Q1"])
def test_a_period_without_data_is_a_fault(period: str, project: Path) -> None:
    with pytest.raises(PackError, match="The raw files hold quarters"):
        run(period, project / "cwb.toml")


def test_a_period_that_is_none(project: Path) -> None:
    with pytest.raises(ConfigError, match="Write it as 2025-26"):
        run("2023", project / "cwb.toml")


# --- the notebook by its other readers ------------------------------------------------------------------------


# The others run under nbval in .ci/run.
@pytest.mark.parametrize("pack", [pack_of("strategy_tracker")], ids=lambda pack: pack.id)
def test_papermill_runs_the_notebook_raw_with_the_same_numbers(pack: Pack, project: Path, tmp_path: Path) -> None:
    executed = papermill.execute_notebook(
        str(project / "notebooks" / pack.notebook),
        str(tmp_path / "out.ipynb"),
        parameters={"period": "2026-27-Q2"},
        cwd=str(project),
        kernel_name="python3",
        progress_bar=False,
    )
    shown = [o for cell in executed.cells if cell.cell_type == "code" for o in cell.outputs]
    exhibits = [o.data[EXHIBIT] for o in shown if EXHIBIT in o.get("data", {})]
    assert tuple(sorted(e["id"] for e in exhibits)) == tuple(sorted(pack.exhibits))
    # Every chart is there for JupyterLab too.
    charts = [o for o in shown if o.get("data", {}).get(EXHIBIT, {}).get("is_chart")]
    assert charts
    assert all(PLOTLY in o.data for o in charts)
    # A real kernel and the in-process engine give the same page, byte for byte.
    settings = open_data("x", "2026-27-Q2", str(project / "cwb.toml")).settings
    page = render_notebook(executed, settings, Period.parse("2026-27-Q2"))
    assert page == (project / "reports" / "2026-27-Q2" / pack.html_name).read_text(encoding="utf-8")


def test_notebooks_are_thin_and_without_outputs() -> None:
    for path in sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb")):
        notebook = nbformat.read(path, as_version=4)
        code = [cell for cell in notebook.cells if cell.cell_type == "code"]
        assert [cell for cell in code if "parameters" in cell.metadata.get("tags", [])] == [code[0]]
        for cell in code:
            assert cell.outputs == []
            assert cell.execution_count is None
            if cell is not code[1]:
                assert len(cell.source.splitlines()) <= 2
            assert not any(word in cell.source for word in ("def ", "try:", "for ", "if "))


def test_a_running_head_cannot_leave_its_style() -> None:
    css = stylesheet('</style><img src=x> "a" \\ {b}, É & Co')
    assert '"\\3c /style\\3e \\3c img src\\3d x\\3e  \\22 a\\22  \\5c  \\7b b\\7d , É \\26  Co"' in css
    assert "RUNNING HEAD" not in css


def test_a_question_that_is_not_known_is_asked_once() -> None:
    """A section's heading and that of its exhibit were the same words, with only a definition between."""

    def page(section: str, *questions: str) -> str:
        shown = [
            Figure("x", asked, "", pd.DataFrame(), (), "", "", undefined="no file").to_html()
            for asked in questions
        ]
        return asked_once("\n".join((markdown(f"## {section}"), "<p>Definition.</p>", *shown)))

    once = page("Are the council's promises met?", "Are the council's promises met?")
    assert once.count("promises met?") == 1
    assert (
        '<figure class="exhibit undefined" id="fig-x" aria-labelledby="s-are-the-council-s-promises-met"><p>'
        in once
    )
    # Another question keeps its heading, and so does one that follows another exhibit.
    assert "<h3" in page("Are promises met?", "Are all promises met?")
    assert page("Which are late?", "Which are due?", "Which are late?").count("<h3") == 2


def test_headings_are_short_and_without_typed_numbers(project: Path) -> None:
    settings = open_data("x", "2023-24", str(project / "cwb.toml")).settings
    for pack in all_packs():
        for cell in nbformat.read(find_notebook(settings, pack.notebook), as_version=4).cells:
            if cell.cell_type == "markdown":
                text = cell.source.replace("section 151", "").replace("tCO2e", "")
                assert not any(character.isdigit() for character in text), cell.source


def test_a_council_with_awards_and_no_ledger_gets_its_pack(council: Callable[..., Path], tmp_path: Path) -> None:
    awards = tmp_path / "awards.csv"
    awards.write_text(
        "buyer_name,award_id,date,value_amount,datePublished,supplier_name,address_streetAddress\n"
        'Stevenage Borough Council,a1,2021-06-01,1000,2021-06-02,Acme Ltd,"1 Road, SG1 1AA"\n',
        encoding="utf-8",
    )
    folder = council("hertfordshire", awards=[awards])
    report = run("2021-22", folder / "cwb.toml", packs=all_packs()[:1])
    findings = {f["id"]: f for f in json.loads((report / "findings.json").read_text(encoding="utf-8"))}
    assert findings["award_count"]["value"] == 1
    assert findings["award_local_count"]["value"] == 1
    assert findings["total_spend"]["undefined"] == "no spending file was supplied"
    assert "Not known, because no spending file was supplied." in (report / f"{NOTEBOOK}.html").read_text("utf-8")
    assert verify(report, folder / "cwb.toml") == []


# --- figures and tables ---------------------------------------------------------------------------------------


def test_colours_stand_out_on_paper_and_from_their_neighbours() -> None:
    assert len(SEQUENCE) <= 4
    assert all(contrast(colour, PAPER) >= 3 for colour in SEQUENCE)
    assert all(contrast(one, other) >= 3 for one, other in pairwise(SEQUENCE))


def test_a_heading_of_sixteen_words_is_refused() -> None:
    with pytest.raises(ValueError, match="at most 15 words"):
        Figure("x", " ".join(["word"] * 16), "", pd.DataFrame(), (), "", "")


def test_a_title_that_numbers_make_too_long_is_a_sentence_under_the_question() -> None:
    fits = " ".join(["word"] * 15)
    assert short_heading(fits, "How many?") == (fits, ())
    assert short_heading(f"{fits} more", "How many?") == ("How many?", (f"{fits} more.",))
    questions = [one.question for pack in all_packs() for one in (pack, *pack.measures)]
    assert all(len(question.split()) <= TITLE_WORDS for question in questions)


COLUMNS = (Column("name", "Name"), Column("pounds", "Pounds (£)", "gbp"), Column("share", "Share", "share"))


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_a_cell_that_a_spreadsheet_would_run_is_neutralised(start: str) -> None:
    frame = pd.DataFrame({"name": [f"{start}HYPERLINK(1)"], "pounds": [-5.0], "share": [-0.25]})
    row = to_csv(frame, COLUMNS).split("\r\n", 1)[1]
    assert row.lstrip('"').startswith(f"'{start}")
    # True negatives stay numbers.
    assert ",-5.00,-0.250000" in row


def test_tables_have_caption_scope_and_escaped_text() -> None:
    frame = pd.DataFrame({"name": [HOSTILE], "pounds": [None], "share": [0.1]})
    made = to_html(frame, COLUMNS, "A caption")
    assert "<caption>A caption</caption>" in made
    assert made.count('scope="col"') == 3
    assert made.count('scope="row"') == 1
    assert "<img" not in made
    assert "not known" in made


@pytest.mark.parametrize(
    "markup",
    [
        HOSTILE,
        "<script>alert(1)</script>",
        '<a href="javascript:alert(1)">x</a>',
        "<svg onload=alert(1)>",
        '<table onclick="x()"><tr><td style="background:url(//x)">1</td></tr></table>',
    ],
)
def test_markup_of_unknown_origin_is_cleaned(markup: str) -> None:
    for made in (clean(markup), markdown(f"text {markup}\n\n{markup}")):
        assert "<img" not in made
        assert "<script" not in made
        assert "<svg" not in made
        assert "javascript:" not in made
        assert " on" not in made.replace(" onerror=alert(1)&gt;", "").replace(" onload=alert(1)&gt;", "")
        assert "style=" not in made


def test_every_route_to_the_page_is_harmless() -> None:
    frame = pd.DataFrame({"supplier": [HOSTILE]})
    routes = {
        "frame": {"text/html": frame.to_html()},
        "styler": {"text/html": frame.style.to_html()},
        "f-string": {"text/html": f"<b>{HOSTILE}</b>"},
        "markdown": {"text/markdown": HOSTILE},
        "plain": {"text/plain": HOSTILE},
    }
    for name, data in routes.items():
        made = output(nbformat.v4.new_output("display_data", data=data))
        assert "<img" not in made, name
    assert "<img" not in output(nbformat.v4.new_output("stream", name="stdout", text=HOSTILE))


@pytest.mark.parametrize("name", gallery.CHARTS)
def test_both_drawings_print_the_numbers_of_the_name(name: str) -> None:
    chart = gallery.CHARTS[name]
    shown = json.dumps(live.draw(chart, "Title", "Subtitle"), ensure_ascii=False)
    numbers = set(re.findall(r"[−£]?\d(?:[\d,.]*\d)?%?m?", describe(chart).rstrip(".")))
    drawn = re.sub(r'aria-label="[^"]*"', "", static.draw(chart, "name"))
    assert {number for number in numbers if number not in shown or number not in drawn} == set()


def test_two_bars_of_one_name_stand_in_two_rows_live_and_on_paper() -> None:
    bars = Bars((Bar("Works", 3.0, "£3"), Bar("Works", 2.0, "£2"), Bar("Other", 1.0, "£1")), {"": 0})
    figure = live.draw(bars, "Title", "Subtitle")
    assert list(figure["data"][0]["y"]) == [0, 1, 2]
    assert list(figure["layout"]["yaxis"]["ticktext"]) == ["Works", "Works", "Other"]
    # Room beyond the longest bar for its value.
    assert figure["layout"]["xaxis"]["range"][1] > 3.0
    drawn = static.draw(bars, "name")
    assert drawn.count(">Works<") == 2


def test_in_a_notebook_things_say_what_they_are(project: Path) -> None:
    data = open_data("local_supplier_base", "2026-27-Q2", str(project / "cwb.toml"))
    pack = pack_of("local_supplier_base")
    measured = pack.total_spend(data)
    assert repr(data).startswith("<tables of Stevenage Borough Council (illustrative), Q2 2026/27")
    assert repr(pack).startswith("<pack local_supplier_base: ")
    assert repr(pack.total_spend) == f"<measure total_spend: {pack.total_spend.question}>"
    assert "total_spend" in repr(measured)
    with pytest.raises(KeyError, match="total_spend has no finding 'total_spnd': total_spend"):
        measured["total_spnd"]
    with pytest.raises(AttributeError, match=r'it is a finding: pack.charts_a_and_b\(data\)\["local_share"\]'):
        pack.local_share  # noqa: B018
