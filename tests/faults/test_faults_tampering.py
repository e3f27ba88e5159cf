"""Ninety ways to change a report after it was made, hashes put right where somebody clever would: each is named.

The report is built once and made again once; a copy of it is changed and compared. The last tests go through the whole command.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import stat
from dataclasses import dataclass
from pathlib import Path

import pytest
from forging import PERIOD, RAW, Change, Tampered, copied, write_council
from typer.testing import CliRunner

from conftest import put_places
from cwb.base.errors import Fault, PackError
from cwb.base.kept import sha256_of
from cwb.base.progress import quiet
from cwb.cli import app
from cwb.council.config import Settings, load_config
from cwb.publish import intact
from cwb.publish import verify as module
from cwb.publish.check_value import bearing, grouped, printed
from cwb.publish.intact import check_copy, unchanged
from cwb.publish.manifest import CodeHashes, code_hashes, read_manifest
from cwb.publish.placing import partial_of
from cwb.publish.run import run

ROOT = Path(__file__).parents[2]
PAGE, MANIFEST, INDEX = "01_local_supplier_base.html", "manifest.json", "index.html"
TABLE = "tables/local_supplier_base/concentration.csv"
ZERO = "0" * 64


@dataclass(frozen=True)
class Standing:
    """A project with a report, and the same report as it was made again in another folder."""

    folder: Path
    made: Path
    code: CodeHashes


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory, place_tables: Path) -> Standing:
    folder, clean = tmp_path_factory.mktemp("project"), tmp_path_factory.mktemp("clean")
    councils = ROOT / "tests" / "councils" / "hertfordshire"
    write_council((councils / "cwb.toml").read_text(encoding="utf-8"), folder)
    shutil.copy(councils / "anchors.csv", folder)
    shutil.copytree(ROOT / "notebooks", folder / "notebooks", ignore=shutil.ignore_patterns(".*"))
    for processed in (folder / "data" / "processed", clean / "processed"):
        put_places(place_tables, processed)
    report = run(PERIOD, folder / "cwb.toml")
    manifest, _ = read_manifest(report)
    assert manifest is not None
    settings = load_config(folder / "cwb.toml")
    data = settings.data.model_copy(update={"processed": clean / "processed"})
    settings = settings.model_copy(update={"data": data})
    assert module.make_again(settings, manifest, "cwb.toml", clean / "report", quiet) == []
    return Standing(folder, clean / "report", code_hashes())


@pytest.fixture
def tampered(standing: Standing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Tampered:
    """A copy to change; what is made again is there already."""

    def again(_settings: object, _manifest: object, _config: str, made: Path, _progress: object) -> list[object]:
        shutil.copytree(standing.made, made)
        return []

    monkeypatch.setattr(module, "make_again", again)
    for of in (module, intact):
        monkeypatch.setattr(of, "code_hashes", lambda: standing.code)
    return copied(standing.folder, tmp_path / "copy")


def case(
    number: int, done: str, change: Change, file: str, says: str = "", holds: str = "named"
) -> pytest.ParameterSet:  # type: ignore[name-defined]
    """One row of the table: `change` is made, and the fault of `file` says `says`."""
    mark = pytest.mark.fault(f"T{number:02}", done, holds)
    return pytest.param(change, file, says, marks=mark, id=f"T{number:02}")


def text(name: str, old: str, new: str) -> Change:
    """Another text in a file, and all hashes put right."""

    def change(of: Tampered) -> None:
        of.change(name, old, new)
        of.sign()

    return change


def finding(**parts: object) -> Change:
    """Other parts of the second finding, and all hashes put right."""

    def change(of: Tampered) -> None:
        first, second, *rest = of.findings()
        of.write_findings([first, {**second, **parts}, *rest])
        of.sign()

    return change


def tells(**entries: object) -> Change:
    """Other entries of the manifest alone."""

    def change(of: Tampered) -> None:
        of.tell(**entries)
        index = of.report / INDEX
        index.write_bytes(bearing(index.read_bytes(), grouped(sha256_of(of.report / MANIFEST))))

    return change


def entry(part: str, number: int, **values: object) -> Change:
    """Another entry in one of the manifest's lists."""

    def change(of: Tampered) -> None:
        listed = list(of.manifest[part])  # type: ignore[call-overload]
        listed[number] = {**listed[number], **values}
        tells(**{part: listed})(of)

    return change


def signed(do: Change) -> Change:
    def change(of: Tampered) -> None:
        do(of)
        of.sign()

    return change


def put(name: str, content: str) -> Change:
    def change(of: Tampered) -> None:
        path = of.folder / name if name.startswith(("data/", "notebooks/")) else of.report / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")

    return change


def a_bar_longer(of: Tampered) -> None:
    page = (of.report / PAGE).read_text(encoding="utf-8")
    bars = re.finditer(r'<rect x="0%" y="50%" width="([\d.]+)%"', page)
    bar = next(bar for bar in bars if 0 < float(bar[1]) < 50)
    of.change(PAGE, bar[0], bar[0].replace(f'width="{bar[1]}', f'width="{2 * float(bar[1]):g}'))


def without_a_pack(of: Tampered) -> None:
    (of.report / "05_contract_emissions.html").unlink()
    shutil.rmtree(of.report / "tables" / "contract_emissions")
    of.write_findings([one for one in of.findings() if one["pack"] != "contract_emissions"])
    of.tell(notebooks=of.manifest["notebooks"][:-1])  # type: ignore[index]
    of.sign()


def without_banners(of: Tampered) -> None:
    for page in of.report.glob("*.html"):
        of.change(page.name, '<p class="banner">', '<p hidden class="banner">')
    of.tell(illustrative=False)
    of.sign()


def as_link(of: Tampered) -> None:
    away = of.folder / "elsewhere.html"
    (of.report / PAGE).rename(away)
    (of.report / PAGE).symlink_to(away)


def lines_turned(of: Tampered) -> None:
    path = of.report / TABLE
    head, *rows = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([head, *reversed(rows)]))


def key_twice(of: Tampered) -> None:
    path = of.report / MANIFEST
    path.write_bytes(path.read_bytes().replace(b'{\n "council"', b'{\n "council": "Other",\n "council"', 1))


def nested(depth: int) -> Change:
    """An entry of the manifest that is a list in a list in a list …"""

    def change(of: Tampered) -> None:
        path = of.report / MANIFEST
        lists = b"[" * depth + b"]" * depth
        path.write_bytes(
            path.read_bytes().replace(b'{\n "council"', b'{\n "more": ' + lists + b',\n "council"', 1)
        )

    return change


def one_row_less(of: Tampered) -> None:
    path = of.report / TABLE
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-1]))


def raw_gone(of: Tampered) -> None:
    (of.folder / "data" / "raw" / "vendors" / "vendors.csv").unlink()


def remembered(of: Tampered) -> None:
    """A raw file is changed and data/processed says that its hash is the old one."""
    path = of.folder / "data" / "raw" / "spend" / "april.csv"
    old = sha256_of(path)
    path.write_text(RAW["spend/april.csv"].replace("7000.00", "7001.00"), encoding="utf-8")
    state = path.stat()
    known = {str(path.resolve()): [state.st_size, state.st_mtime_ns, state.st_ctime_ns, state.st_ino, old]}
    processed = load_config(of.folder / "cwb.toml").processed
    processed.mkdir(parents=True)
    (processed / "hashes.json").write_text(json.dumps(known), encoding="utf-8")


CASES = [
    # --- pages, with all hashes put right
    case(1, "A share in a pack's page is written as 99%", text(PAGE, "21%", "99%"), PAGE, "99%"),
    case(2, "A share on the first page is written as 99%", text(INDEX, "21%", "99%"), INDEX, "99%"),
    case(3, "A bar of a chart is drawn longer", signed(a_bar_longer), PAGE, "made again"),
    case(4, "What a chart says to those who cannot see it is changed", text(PAGE, "local 21%", "local 79%"), PAGE, "79%"),
    case(5, "The banner of illustrative data is hidden on every page", without_banners, INDEX, "hidden"),
    case(6, "A page is emptied", signed(put(PAGE, "")), PAGE, "here nothing"),
    case(7, "A sentence is added to a page", text(PAGE, "</main>", "<p>All is local.</p></main>"), PAGE, "All is local."),
    case(8, "A script is added to a page", text(PAGE, "</body>", "<script>1</script></body>"), PAGE, "<script>"),
    case(9, "A page may load from elsewhere", text(PAGE, "default-src", "img-src *; default-src"), PAGE, "img-src *"),
    case(10, "The style sheet hides a sentence", text(PAGE, "</style>", ".says{display:none}</style>"), PAGE, "display:none"),
    case(11, "A comment that nobody sees is added", text(PAGE, "</main>", "<!-- --></main>"), PAGE, "<!-- -->"),
    case(12, "A character that is not seen is added", text(PAGE, "Community wealth building,", "Community\u200b wealth building,"), PAGE, "\\u200b"),
    case(13, "A link between pages leads elsewhere", text(INDEX, 'href="02_gap', 'href="https://a.test/02_gap'), INDEX, "a.test"),
    case(14, "The page for suppliers leaves a contract out", text("opportunities.html", "Repairs", "Nothing"), "opportunities.html", "Repairs"),
    case(15, "The list for suppliers has another size", text("opportunities.csv", "100,000", "900,000"), "opportunities.csv", "900,000"),
    case(16, "A line end of a page is Windows' own", text(PAGE, "<body>\n", "<body>\r\n"), PAGE, "\\r"),
    # --- tables and findings, with all hashes put right
    case(17, "A cell of a table is changed", text(TABLE, "7000.00", "9000.00"), TABLE, "row 2, column 'Pounds (£)': here 9000.00, made again 7000.00"),
    case(18, "A row of a table is taken out", signed(one_row_less), TABLE, "row 8: the row is not there"),
    case(19, "The rows of a table are turned round", signed(lines_turned), TABLE, "row 2"),
    case(20, "The line ends of a table are changed", text(TABLE, "\r\n", "\n"), TABLE, "line ends"),
    case(21, "A heading of a table has another unit", text(TABLE, "(£)", "(£m)"), TABLE, "row 1"),
    case(22, "The value of a finding is changed", finding(value=0.99), "findings.json", "value: here 0.99"),
    case(23, "The range of a finding is made narrow", finding(high=0.22), "findings.json", "high: here 0.22"),
    case(24, "How much is known of a finding is raised", finding(known_share=1), "findings.json", "known_share: here 1"),
    case(25, "A caveat of a finding is left out", finding(sources=[]), "findings.json", "sources"),
    case(26, "A finding is taken out", signed(lambda of: of.write_findings(of.findings()[1:])), "findings.json", "missing"),
    case(27, "A finding is added", signed(lambda of: of.write_findings([*of.findings(), {"id": "made_up", "pack": "x"}])), "findings.json", "no measure makes this finding"),
    case(28, "A finding is told twice", signed(lambda of: of.write_findings([*of.findings(), of.findings()[0]])), "findings.json", "line"),
    case(29, "The findings are no JSON any more", signed(put("findings.json", "[" * 100_000)), "findings.json", "line 1"),
    # --- files
    case(30, "A table is taken out, and out of the manifest", signed(lambda of: (of.report / TABLE).unlink()), TABLE, "missing"),
    case(31, "A whole pack is taken out of pages, tables, findings and manifest", without_a_pack, "05_contract_emissions.html", "missing"),
    case(32, "A page is added, and to the manifest", signed(put("06_more.html", "<p>More")), "06_more.html", "not part"),
    case(33, "A hidden file is added, and to the manifest", signed(put("tables/.note", "x")), "tables/.note", "not part"),
    case(34, "An empty folder is added", lambda of: (of.report / "tables" / "more").mkdir(), "tables/more", "empty"),
    case(35, "A page is a link to the same page elsewhere", as_link, PAGE, "link"),
    case(36, "A page differs in the case of its name alone", signed(lambda of: (of.report / PAGE).rename(of.report / PAGE.upper())), PAGE.upper(), "not part"),
    case(37, "A folder of pages for print is in another case", put("Print/a.pdf", "x"), "Print/a.pdf", "not part"),
    case(38, "A file is added under the name of the folder for print", put("print", "x"), "print", "not part"),
    # --- the manifest
    case(39, "The manifest is gone", lambda of: (of.report / MANIFEST).unlink(), MANIFEST, "no manifest"),
    case(40, "The manifest is cut short", put(MANIFEST, '{"council": "Tr'), MANIFEST, "cannot be read"),
    case(41, "The manifest names another council", tells(council="Large Council"), MANIFEST, "of Large Council"),
    case(42, "The manifest names another period", tells(period="2022-23"), MANIFEST, "the report is of 2022-23"),
    case(43, "The manifest says that the data are real", tells(illustrative=False), MANIFEST, "here false, made again true"),
    case(44, "The hash of a raw file is another", entry("inputs", 0, sha256=ZERO), "contracts/register.csv", "changed"),
    case(45, "A raw file is left out of the manifest", tells(inputs=[]), "spend/april.csv", "was not there"),
    case(46, "A package is said to have supplied other places", entry("inputs", -1, name="Ordnance Survey"), MANIFEST, "Ordnance Survey"),
    case(47, "A notebook is left out of the manifest", tells(notebooks=[]), MANIFEST, "notebooks, 01_local"),
    case(48, "A notebook that makes no pack is added", entry("notebooks", 0, name="00_explore.ipynb"), "00_explore.ipynb", "no pack is made"),
    case(49, "A notebook outside the project is named", entry("notebooks", 0, name="../../x.ipynb"), "../../x.ipynb", "no pack is made"),
    case(50, "A library has another version", lambda of: tells(versions={**of.manifest["versions"], "pandas": "9.9"})(of), MANIFEST, "here 9.9"),  # type: ignore[dict-item]
    case(51, "The code is said to be other code", tells(made_by={"code": ZERO, "environment": ZERO}), MANIFEST, "made by other code"),
    case(52, "The manifest says nothing of the code", tells(made_by=None), MANIFEST, "made by other code"),
    case(53, "A whole report is said to be a part", tells(is_whole=False), MANIFEST, "is_whole"),
    case(54, "A pack is said not to have been built", tells(not_built=["05_contract_emissions.ipynb"]), "05_contract_emissions.ipynb", "could not be built"),
    case(55, "Parameters are named that were not passed", tells(parameters={"period": "2022-23"}), MANIFEST, "parameters"),
    case(56, "An entry that no manifest has is added", tells(approved="yes"), MANIFEST, "approved"),
    case(57, "An entry of the manifest is there twice", key_twice, MANIFEST, "line 2"),
    case(58, "The size of a file is another", entry("outputs", 3, bytes=1), MANIFEST, "bytes"),
    case(59, "The hash of a file is another", entry("outputs", 3, sha256=ZERO), MANIFEST, "sha256"),
    case(60, "The settings' hash is another", lambda of: tells(settings={**of.manifest["settings"], "sha256": ZERO})(of), "cwb.toml", "changed"),  # type: ignore[dict-item]
    case(61, "The manifest's own hash is another", lambda of: (of.report / MANIFEST).write_text(json.dumps({**of.manifest, "sha256": ZERO}, indent=1, ensure_ascii=False) + "\n", encoding="utf-8", newline="\n"), MANIFEST, "sha256"),
    case(62, "The check value on the first page is another", lambda of: (of.report / INDEX).write_bytes(bearing((of.report / INDEX).read_bytes(), grouped(ZERO))), INDEX, "0000-0000"),
    case(93, "An entry of the manifest is lists in lists, 200 deep", nested(200), MANIFEST, "more"),
    case(94, "An entry of the manifest is lists in lists, 90,000 deep", nested(90_000), MANIFEST, "cannot be read"),
    # --- what the report was made of
    case(63, "A raw file is changed", lambda of: of.change("data/raw/spend/april.csv", "7000.00", "7001.00"), "spend/april.csv", "changed"),
    case(64, "A raw file is added", put("data/raw/spend/may.csv", RAW["spend/april.csv"]), "spend/may.csv", "was not there"),
    case(65, "A raw file is taken away", raw_gone, "vendors/vendors.csv", "missing"),
    case(66, "What is told of a raw file is changed", lambda of: of.change("data/raw/spend/april.csv.source.toml", "The council", "Us"), "spend/april.csv.source.toml", "changed"),
    case(67, "A raw file is changed and data/processed remembers its old hash", remembered, "spend/april.csv", "changed"),
    case(68, "The settings are changed", lambda of: of.change("cwb.toml", "[local]", "# nothing\n[local]"), "cwb.toml", "changed"),
    case(69, "A table of the settings is changed", lambda of: (of.folder / "anchors.csv").open("a").write("\n"), "anchors.csv", "changed"),
    case(70, "A notebook is changed", lambda of: of.change("notebooks/02_gap_analysis.ipynb", "nbformat_minor\": 5", "nbformat_minor\":  5"), "02_gap_analysis.ipynb", "changed"),
    case(71, "The settings are of another council", lambda of: of.change("cwb.toml", "Tried Council", "Other Council"), MANIFEST, "the settings are of Other Council"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "file", "says"), CASES)
def test_what_is_changed_is_named(change: Change, file: str, says: str, tampered: Tampered) -> None:
    change(tampered)
    faults = tampered.faults()
    assert [fault for fault in faults if fault.file == file and says in str(fault)], list(map(str, faults))


@pytest.mark.fault("T72", "Nothing is changed, in a copy of the project", "holds: every byte is the same")
def test_what_is_not_changed_holds(tampered: Tampered) -> None:
    tampered.sign()
    assert tampered.faults() == []


@pytest.mark.fault("T73", "Many things are changed at once", "each is named in one go")
def test_all_is_named_at_once(tampered: Tampered) -> None:
    text(PAGE, "21%", "99%")(tampered)
    text(TABLE, "7000.00", "9000.00")(tampered)
    finding(value=0.99)(tampered)
    put("more.html", "x")(tampered)
    raw_gone(tampered)
    named = {fault.file for fault in tampered.faults()}
    assert named >= {PAGE, TABLE, "findings.json", "more.html", "vendors/vendors.csv"}
    # What merely follows in the manifest from another file is not told once more.
    assert MANIFEST not in named


@pytest.mark.fault("T74", "The report of another period is put into the folder of this one", "named")
def test_a_report_in_the_folder_of_another_period(tampered: Tampered) -> None:
    other = tampered.report.rename(tampered.report.with_name("2022-23"))
    assert "its folder is that of 2022-23" in str(module.verify(other, tampered.folder / "cwb.toml")[0])


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has no named pipes")
@pytest.mark.fault("T75", "A named pipe stands in the place of a page", "named, and nobody waits for it")
def test_a_pipe_is_not_read(tampered: Tampered) -> None:
    (tampered.report / PAGE).unlink()
    os.mkfifo(tampered.report / PAGE)
    assert [(fault.file, fault.rule) for fault in tampered.faults()] == [(PAGE, "this is no file")]


@pytest.mark.fault("T76", "PDFs are put into print/", "holds, and says that it did not look there")
def test_print_is_not_looked_at(tampered: Tampered) -> None:
    put("print/pack.pdf", "x")(tampered)
    assert tampered.faults() == []
    assert "print/ was not looked at" in module.remarks(tampered.report)[0]


@pytest.mark.fault("T77", "print/ is a link to another folder", "named")
def test_print_that_is_a_link(tampered: Tampered) -> None:
    (tampered.report / "print").symlink_to(tampered.folder)
    assert [fault.file for fault in tampered.faults()] == ["print"]
    assert module.remarks(tampered.report) == []


@pytest.mark.fault(
    "T78", "A page with terminal codes is put into the report", "named, and no code reaches the screen"
)
def test_what_is_shown_is_printable(tampered: Tampered) -> None:
    text(PAGE, "21%", "\x1b[2J99%")(tampered)
    put("\x1b[2Jmore.html", "x")(tampered)
    told = "\n".join(map(str, tampered.faults()))
    assert "99%" in told
    assert "more.html" in told
    assert "\x1b" not in told


@pytest.mark.fault("T79", "A page is changed and `cwb run` is asked again", "it is built again")
def test_a_forged_report_is_not_unchanged(tampered: Tampered) -> None:
    assert unchanged(PERIOD, tampered.folder / "cwb.toml") == tampered.report
    tampered.change(INDEX, "21%", "99%")
    assert unchanged(PERIOD, tampered.folder / "cwb.toml") is None


# --- a copy without raw files, by its check value -----------------------------------------------------------------


def copy_and_value(of: Tampered) -> str:
    """The check value that the council publishes; the copy stands alone afterwards."""
    shutil.rmtree(of.folder / "data")
    (of.folder / "cwb.toml").unlink()
    value = printed((of.report / INDEX).read_bytes())
    assert value is not None
    return value


@pytest.mark.fault("T80", "A true copy is compared with its check value", "the same, and says that it did no more")
def test_a_true_copy(tampered: Tampered, monkeypatch: pytest.MonkeyPatch) -> None:
    value = copy_and_value(tampered)
    assert value == grouped(sha256_of(tampered.report / MANIFEST))
    put("print/pack.pdf", "x")(tampered)
    monkeypatch.chdir(tampered.report)
    for written in (value, value.upper().replace("-", " "), value.replace("-", "")):
        done = CliRunner().invoke(app, ["verify", "--hash", written])
        assert (done.exit_code, done.exception) == (0, None)
        assert "byte for byte" in done.output
        assert "nothing was computed again" in done.output
        assert "print/ was not looked at" in done.output


@pytest.mark.parametrize(
    ("change", "file"),
    [
        pytest.param(
            text(PAGE, "21%", "99%"), MANIFEST, id="T81",
            marks=pytest.mark.fault("T81", "A copy has forged pages and a manifest made anew", "another check value"),
        ),
        pytest.param(
            lambda of: of.change(PAGE, "21%", "99%"), PAGE, id="T82",
            marks=pytest.mark.fault("T82", "A copy has a forged page and the published manifest", "named"),
        ),
        pytest.param(
            lambda of: of.change(INDEX, "21%", "99%"), INDEX, id="T83",
            marks=pytest.mark.fault("T83", "A copy has a forged first page that bears the published value", "named"),
        ),
        pytest.param(
            lambda of: of.change(INDEX, "</footer>", '<code id="check-value">' + grouped(ZERO) + "</code></footer>"), INDEX, id="T84",
            marks=pytest.mark.fault("T84", "The first page bears a second check value", "named"),
        ),
        pytest.param(
            put("tables/.note", "x"), "tables/.note", id="T85",
            marks=pytest.mark.fault("T85", "A copy has a hidden file more", "named"),
        ),
        pytest.param(
            lambda of: of.tell(outputs=[{"name": "../../../cwb.toml", "sha256": ZERO, "bytes": 1}]), "../../../cwb.toml", id="T86",
            marks=pytest.mark.fault("T86", "A copy's manifest names a file outside the report", "named, and the file is not read"),
        ),
        pytest.param(
            lambda of: (of.report / INDEX).write_bytes(bearing((of.report / INDEX).read_bytes(), grouped(ZERO))), INDEX, id="T87",
            marks=pytest.mark.fault("T87", "A copy's first page bears another check value than its own", "named"),
        ),
    ],
)  # fmt: skip
def test_a_copy_that_is_not_the_published_one(change: Change, file: str, tampered: Tampered) -> None:
    value = copy_and_value(tampered)
    change(tampered)
    assert file in [fault.file for fault in check_copy(tampered.report, value)]


@pytest.mark.fault("T88", "Half a check value is given", "refused: the whole value is asked for")
@pytest.mark.parametrize("value", ["", "1a2b-3c4d", "g" * 64, "0" * 65])
def test_half_a_value_is_refused(value: str, tampered: Tampered) -> None:
    done = CliRunner().invoke(app, ["verify", str(tampered.report), "--hash", value])
    assert done.exit_code == 1
    assert "a check value has 16 groups" in str(done.exception)


# --- the whole command --------------------------------------------------------------------------------------------


@pytest.fixture
def project(standing: Standing, tmp_path: Path, place_tables: Path) -> Tampered:
    """A copy whose report is really made again."""
    copy = copied(standing.folder, tmp_path / "copy of another name")
    put_places(place_tables, copy.folder / "data" / "processed")
    return copy


@pytest.mark.fault(
    "T89", "data/processed is full of rubbish, and the report may only be read", "holds: neither is used"
)
def test_the_whole_command_holds(project: Tampered, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("spend.parquet", "lineage.json", "hashes.json", "lines/tables.json"):
        path = load_config(project.folder / "cwb.toml").processed / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"rubbish")
    for path in project.report.rglob("*"):
        path.chmod(stat.S_IREAD | (stat.S_IEXEC if path.is_dir() else 0))
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(app, ["verify", str(project.report), "--config", str(project.folder / "cwb.toml")])
    assert (done.exit_code, done.exception) == (0, None), done.output
    assert f"{PERIOD} holds: every byte of it was made again" in done.output
    assert not list((project.folder / "data" / "processed").rglob("*.part"))


@pytest.mark.fault("T90", "Pages, tables, findings and hashes of a gutted report agree with one another", "named")
def test_the_whole_command_names_a_gutted_report(tampered: Tampered, monkeypatch: pytest.MonkeyPatch) -> None:
    for page in tampered.report.glob("*.html"):
        page.write_text(page.read_text(encoding="utf-8").replace("21%", "99%"), encoding="utf-8", newline="\n")
    finding(value=0.99, low=0.99, high=0.99)(tampered)
    monkeypatch.chdir(tampered.folder)
    done = CliRunner().invoke(app, ["verify", f"reports/{PERIOD}"])
    assert done.exit_code == 1
    assert "holds" not in done.output
    for name in (INDEX, PAGE, "findings.json"):
        assert name in done.output


@pytest.mark.fault(
    "T91", "A report of one pack beside the one that stands is verified", "holds, and says what it is without"
)
@pytest.mark.fault(
    "T92", "A report was made with a parameter of a notebook's own", "holds, made with the same; told"
)
def test_a_report_of_one_pack_with_a_parameter_holds(
    project: Tampered, place_tables: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    really = module.make_again

    def again(settings: Settings, *rest: object) -> list[Fault]:
        put_places(place_tables, settings.shared_processed)
        return really(settings, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "make_again", again)
    path = project.folder / "notebooks" / "02_gap_analysis.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    parameters = next(cell for cell in notebook["cells"] if "parameters" in cell["metadata"].get("tags", []))
    parameters["source"] = [*parameters["source"], '\nnote: str = "none"  # a word']
    shows = {"cell_type": "code", "source": ["print(note)"], "outputs": [], "execution_count": None}
    notebook["cells"].append({**shows, "id": "note", "metadata": {}})
    path.write_text(json.dumps(notebook), encoding="utf-8")
    with pytest.raises(PackError, match=r"2023-24\.partial"):
        run(PERIOD, project.folder / "cwb.toml", packs=module.all_packs()[1:2], parameters={"note": "seen"})
    report = partial_of(project.report)
    assert ">seen" in (report / "02_gap_analysis.html").read_text(encoding="utf-8")
    assert module.verify(report, project.folder / "cwb.toml") == []
    packs, passed = module.remarks(report)
    assert "without 01_local_supplier_base.ipynb" in packs
    assert "note = seen" in passed
