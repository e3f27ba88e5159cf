"""What a council meets in its first hours: a cold start in a kernel, dirt in names, folders that cannot be read, dates
written month first."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb
import pandas as pd
import papermill
import pytest
import xlsxwriter

import cwb
from cwb.base.characters import printable, sql_printable
from cwb.base.database import connect as open_database
from cwb.base.errors import CwbError, machine_fault
from cwb.charts import static
from cwb.charts.charts import Bar, Bars
from cwb.charts.figure import EXHIBIT, Figure
from cwb.charts.tables import Column
from cwb.charts.tiles import Tile
from cwb.council.config import load_config
from cwb.council.raw_files import find_files, is_raw
from cwb.packs.registry import all_packs
from cwb.publish.run import run
from cwb.publish.verify import verify
from cwb.sources import tabular
from cwb.sources.check import check_files, check_paths
from cwb.sources.datasets.notices import read_notices
from cwb.sources.inputs import input_files
from cwb.sources.report import FileReport, RawFile
from cwb.sources.spend import read_spend
from cwb.sources.spend_sql import lines_of
from cwb.sources.store import build
from raw_files import read_entries, read_table
from report_texts import texts_in

ROOT = Path(__file__).parents[1]
SPEND = "Supplier Name,Supplier ID,Payment Date,Transaction No,Net Amount,Purpose of Spend"


def file(folder: Path, name: str, text: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_bytes(text.encode("utf-8"))
    return path


# --- a cold start in a kernel ---------------------------------------------------------------------------------


def test_a_notebook_starts_cold_in_a_real_kernel(council: Callable[..., Path], tmp_path: Path) -> None:
    spend = file(tmp_path / "given", "april.csv", f"{SPEND}\nAcme Services Ltd,V1,04/04/2023,1,10.00,Fuel\n")
    folder = council("hertfordshire", spend=[spend])
    assert not list((folder / "data" / "processed").glob("*/*"))
    made = papermill.execute_notebook(
        str(ROOT / "notebooks" / all_packs()[0].notebook),
        None,
        parameters={"period": "2023-24"},
        cwd=str(folder),
        kernel_name="python3",
        progress_bar=False,
    )
    shown = [o for cell in made.cells if cell.cell_type == "code" for o in cell.outputs]
    assert any(EXHIBIT in o.get("data", {}) for o in shown)


def test_one_function_opens_duckdb_and_its_bar_is_off(tmp_path: Path) -> None:
    opened = re.compile(r"duckdb\.(connect|sql|query|execute|read_\w+|from_\w+|default_connection)\(")
    source = Path(cwb.__file__).parent
    found = {
        path.relative_to(source).as_posix()
        for path in source.rglob("*.py")
        if opened.search(path.read_text(encoding="utf-8"))
    }
    assert found == {"base/database.py"}
    with open_database("300MB", tmp_path) as con:
        shown = con.execute("SELECT current_setting('enable_progress_bar'), current_setting('temp_directory')")
        assert shown.fetchall() == [(False, tmp_path.as_posix())]


# --- characters that no page may hold -------------------------------------------------------------------------

# A control character, space of a kind, an escape, C1 controls, and code points that are no characters.
DIRT = "\x01\x0b\x1b\x7f\x85\x9f\ufffe\uffff\ufdd0"
DIRTY, CLEAN = f"Ac{DIRT}me Works Ltd", "Ac  me Works Ltd"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("A\x0bB\x85C\x1cD", "A B C D"),
        ("A\x01B\x1b[0m\x7f\x9f", "AB[0m"),
        ("A\ud800B\udfffC\ufffeD", "ABCD"),
        ("Tab\tline\r\nfeed", "Tab\tline\r\nfeed"),
        ("Café £5 – Łódź 😀 \ufffd", "Café £5 – Łódź 😀 \ufffd"),
    ],
)
def test_what_is_printable(given: str, expected: str, con: duckdb.DuckDBPyConnection) -> None:
    assert printable(given) == expected
    if not re.search("[\ud800-\udfff]", given):
        asked = f"SELECT {sql_printable('given')} FROM (SELECT ?::VARCHAR AS given)"
        assert con.execute(asked, [given]).fetchall() == [(expected,)]


@pytest.mark.parametrize("direct_bytes", [0, tabular.DIRECT_BYTES], ids=["direct", "forgiving"])
def test_spend_is_read_without_them_and_says_so(
    direct_bytes: int, tmp_path: Path, con: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tabular, "DIRECT_BYTES", direct_bytes)
    rows = f"{DIRTY},V\x021,04/04/2023,1,10.00,Fu\x03el\nBolt Ltd,V2,05/04/2023,2,5.00,\n"
    path = file(tmp_path, "april.csv", f"{SPEND}\n{rows}")
    report = read_spend(con, RawFile.of(path), tmp_path / "out.parquet", tmp_path / "scratch")
    assert report.kept == 2
    assert any("invisible characters" in note for note in report.notes)
    read = con.execute(
        f"SELECT supplier_name, supplier_id, purpose FROM read_parquet('{tmp_path / 'out.parquet'}') "
        "WHERE is_data AND reason IS NULL AND supplier_id = 'V1'"
    )
    assert [name for name, *_ in read.fetchall()] in ([CLEAN], ["Ac me Works Ltd"])
    file(tmp_path, "april.csv", f"{SPEND}\nBolt Ltd,V2,05/04/2023,2,5.00,\n")
    assert read_spend(con, RawFile.of(path), tmp_path / "out.parquet", tmp_path / "scratch").notes == ()


def test_notices_are_read_without_them(tmp_path: Path) -> None:
    party = {"id": "s1", "name": f"{DIRTY}\ud800", "identifier": {"scheme": "GB-COH", "id": "0123\x014567"}}
    release = {
        "ocid": "ocds-1", "id": "000001-2025", "date": "2025-04-03T00:00:00Z", "buyer": {"name": "Buyer\x01", "id": "B\x02"},
        "parties": [party], "tender": {"title": "Wo\x1brks", "documents": [{"id": "000001-2025", "noticeType": "UK6"}]},
        "awards": [{"id": "a", "suppliers": [{"id": "s1", "name": party["name"]}], "date": "2025-04-03"}],
    }  # fmt: skip
    escaped = file(tmp_path, "escaped.json", json.dumps({"releases": [release]}))
    # Raw control characters are against JSON's own rule, and are met all the same.
    raw_text = json.dumps({"releases": [release]}).replace(r"\u0001", "\x01").replace(r"\u001b", "\x1b")
    raw = file(tmp_path, "raw.json", raw_text)
    for path in (escaped, raw):
        read = read_notices(RawFile.of(path))
        notices, awards, report = read.notices, read.awards, read.report
        assert report.error is None
        assert any("invisible characters" in note for note in report.notes)
        assert awards.loc[0, "supplier_name"] == "Ac me Works Ltd"
        assert awards.loc[0, "company_number"] == "01234567"
        assert (awards.loc[0, "buyer_name"], awards.loc[0, "buyer_id"]) == ("Buyer", "B")
        assert notices.loc[0, "title"] == "Works"


@pytest.mark.parametrize("dirt", [r"\u0001", r"\ud800", "\x01", "\t", r"\ufffe"])
def test_a_register_in_json_is_read_without_them(
    dirt: str, tmp_path: Path, con: duckdb.DuckDBPyConnection
) -> None:
    record = {"registered_charity_number": 200001, "charity_name": "Helping X Hands", "charity_registration_status": "Registered",
              "linked_charity_number": 0, "organisation_number": 1, "date_of_registration": "2001-01-01T00:00:00"}  # fmt: skip
    path = file(tmp_path, "charities.json", json.dumps([record]).replace("X", f"&{dirt}\\ud83d\\ude00"))
    report = read_entries(con, "charities", path, tmp_path / "out.parquet", tmp_path / "scratch")
    assert (report.error, report.kept) == (None, 1)
    names = con.execute(f"SELECT charity_name FROM read_parquet('{tmp_path / 'out.parquet'}')").fetchall()
    assert names == [("Helping &😀 Hands" if dirt != "\t" else "Helping & 😀 Hands",)]


def test_what_is_drawn_and_written_is_safe_by_itself() -> None:
    label = f"{DIRTY}\ud800"
    chart = Bars((Bar(label, 1.0, f"£1{DIRT}", group=label),), {label: 0})
    assert not dirty(static.draw(chart, label))
    columns = [Column("name", f"Na{DIRT}me")]
    table = pd.DataFrame({"name": pd.Series([label], dtype=object)})
    tile = Tile(label, label, label, label, ((label, label),), ((label, 1.0, label), (label, None, label)))
    figure = Figure("x", label, label, table, columns, label, label, chart, (label,), tiles=(tile,))
    assert not dirty(figure.to_html())
    assert not dirty(json.dumps(figure.exhibit(), ensure_ascii=False))


def dirty(text: str) -> list[str]:
    return re.findall(
        r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]|\\u00[01]", text
    )


def test_a_pack_of_names_with_control_characters(council: Callable[..., Path], tmp_path: Path) -> None:
    """All packs of such a council, and every other source, are built in test_faults_input_hostile."""
    given = tmp_path / "given"
    lines = "".join(f"{DIRTY} {n},V{n},0{n}/04/2023,{n},{n}000.00,Wo{DIRT}rks\n" for n in range(1, 8))
    spend = file(given, "ap\x01ril.csv", f"{SPEND}\n{lines}")
    folder = council("hertfordshire", spend=[spend])
    report = run("2023-24", folder / "cwb.toml", packs=all_packs()[:1])
    for name, text in texts_in(report):
        assert not dirty(text), name
    assert verify(report, folder / "cwb.toml") == []


def test_settings_lose_them_too(council: Callable[..., Path]) -> None:
    toml = (ROOT / "tests" / "councils" / "salford" / "cwb.toml").read_text(encoding="utf-8")
    folder = council(toml.replace('name = "Salford City', 'name = "Sal\\u0001ford City'))
    assert load_config(folder / "cwb.toml").council.name == "Salford City Council"


# --- what cannot be read is not absent ------------------------------------------------------------------------


# Root reads whatever it likes; without these two rights it is held to the permissions of a file like anybody else.
HELD_TO_PERMISSIONS = """
import ctypes, os, sys
if os.geteuid() == 0:
    libc = ctypes.CDLL(None)
    for right in (1, 2):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
        libc.prctl(24, right, 0, 0, 0)
os.execv(sys.executable, [sys.executable, *sys.argv[1:]])
"""


def cwb_here(*arguments: str, cwd: Path, held: bool = False) -> subprocess.CompletedProcess[str]:
    command = [
        *([sys.executable, "-c", HELD_TO_PERMISSIONS] if held else [sys.executable]),
        "-W",
        "ignore",
        "-m",
        "cwb",
    ]
    return subprocess.run(
        [*command, *arguments], cwd=cwd, capture_output=True, text=True, encoding="utf-8", check=False
    )


@pytest.fixture
def standing(council: Callable[..., Path], tmp_path: Path) -> Path:
    """A council with one payment, one contract and a report that was made of them."""
    spend = file(tmp_path / "given", "april.csv", f"{SPEND}\nAcme Services Ltd,V1,04/04/2023,1,10.00,Fuel\n")
    folder = council("hertfordshire", spend=[spend])
    file(folder / "reports" / "2023-24", "index.html", "good")
    return folder


def elsewhere(path: Path) -> Path:
    """Move a path away, and give where it is now."""
    away = path.with_name(f"{path.name}-away")
    path.rename(away)
    return away


def link_to_nowhere(raw: Path) -> str:
    elsewhere(raw / "spend")
    (raw / "spend").symlink_to(raw / "not-mounted")
    return "data/raw/spend"


def raw_linked_to_nowhere(raw: Path) -> str:
    elsewhere(raw)
    raw.symlink_to(raw.parent / "not-mounted")
    return "data/raw"


def file_linked_to_nowhere(raw: Path) -> str:
    (raw / "spend" / "may.csv").symlink_to(raw / "not-mounted.csv")
    return "data/raw/spend/may.csv"


def folder_within_linked_to_nowhere(raw: Path) -> str:
    (raw / "spend" / "2022").symlink_to(raw / "not-mounted")
    return "data/raw/spend/2022"


def file_for_folder(raw: Path) -> str:
    elsewhere(raw / "spend").rename(raw.parent / "away")
    file(raw, "spend", "x")
    return "data/raw/spend"


def file_for_the_raw_folder(raw: Path) -> str:
    elsewhere(raw)
    file(raw.parent, "raw", "x")
    return "data/raw"


def another_source(raw: Path) -> str:
    (raw / "contracts").symlink_to(raw / "not-mounted")
    return "data/raw/contracts"


def sidecar_linked_to_nowhere(raw: Path) -> str:
    (raw / "spend" / "april.csv.source.toml").symlink_to(raw / "not-mounted")
    return "data/raw/spend/april.csv.source.toml"


def a_pipe(raw: Path) -> str:
    os.mkfifo(raw / "spend" / "may.csv")
    return "data/raw/spend/may.csv"


BROKEN = (
    link_to_nowhere, raw_linked_to_nowhere, file_linked_to_nowhere, folder_within_linked_to_nowhere, file_for_folder,
    file_for_the_raw_folder, another_source, sidecar_linked_to_nowhere, a_pipe,
)  # fmt: skip


@pytest.mark.skipif(sys.platform == "win32", reason="links and pipes need a Unix")
@pytest.mark.parametrize("broken", BROKEN, ids=lambda function: function.__name__)
def test_what_cannot_be_read_stops_run_and_check(broken: Callable[[Path], str], standing: Path) -> None:
    shown = broken(standing / "data" / "raw")
    for told in (
        lambda: run("2023-24", standing / "cwb.toml"),
        lambda: check_files(input_files(load_config(standing / "cwb.toml"))),
    ):
        with pytest.raises(CwbError) as caught:
            told()
        (fault,) = caught.value.faults
        assert fault.file == shown
        assert fault.rule
        assert fault.remedy
        assert str(standing) not in str(fault)
    assert (standing / "reports" / "2023-24" / "index.html").read_text(encoding="utf-8") == "good"


@pytest.mark.skipif(sys.platform == "win32", reason="links need a Unix")
@pytest.mark.parametrize("arguments", [("run", "2023-24"), ("check",), ("check", "data/raw")], ids=" ".join)
def test_the_command_ends_with_one_and_names_the_path(arguments: tuple[str, ...], standing: Path) -> None:
    (standing / "data" / "raw" / "spend" / "may.csv").symlink_to("not-mounted.csv")
    done = cwb_here(*arguments, cwd=standing)
    assert done.returncode == 1
    assert "data/raw/spend/may.csv: the link leads nowhere. Put back what it links to" in done.stderr
    assert str(standing) not in done.stdout + done.stderr
    assert (standing / "reports" / "2023-24" / "index.html").read_text(encoding="utf-8") == "good"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="how root is held to permissions is Linux's own")
@pytest.mark.parametrize("name", ["spend", "spend/april.csv", "."])
def test_no_permission_is_a_fault(name: str, standing: Path) -> None:
    closed = standing / "data" / "raw" / name
    usual = closed.stat().st_mode
    closed.chmod(0)
    try:
        for arguments in (("check",), ("run", "2023-24"), ("check", "data/raw/spend")):
            done = cwb_here(*arguments, cwd=standing, held=True)
            assert done.returncode == 1, done.stdout
            assert (Path("data/raw") / name).as_posix() in done.stderr
            if arguments[-1] != "data/raw/spend" or name != ".":
                assert "there is no permission to read it. Let the account that runs cwb read it" in done.stderr
            assert str(standing) not in done.stdout + done.stderr
    finally:
        closed.chmod(usual)
    assert (standing / "reports" / "2023-24" / "index.html").read_text(encoding="utf-8") == "good"


def test_a_linked_folder_is_read_and_a_loop_ends(standing: Path) -> None:
    raw = standing / "data" / "raw"
    file(standing / "share" / "2022", "may.csv", f"{SPEND}\n")
    (raw / "spend" / "linked").symlink_to(standing / "share")
    (standing / "share" / "2022" / "back").symlink_to(raw / "spend")
    found = load_config(standing / "cwb.toml").files("spend")
    names = [path.relative_to(raw / "spend").as_posix() for path in found]
    assert names == ["april.csv", "linked/2022/may.csv"]


def test_patterns_choose_as_glob_does(tmp_path: Path) -> None:
    for name in (
        "a.csv",
        "b.txt",
        "spend/c.csv",
        "spend/deep/d.csv",
        "spend/.hidden/e.csv",
        "spend/README.csv",
        "x[1].csv",
    ):
        file((tmp_path / name).parent, Path(name).name, "")
    patterns = (
        "*.csv",
        "a.csv",
        "spend/*",
        "spend/**/*",
        "**/*.csv",
        "spend/d*/*.csv",
        "*/*.csv",
        "none/*",
        "spend",
    )
    for pattern in patterns:
        found, faults = find_files(tmp_path, "raw", (pattern,))
        expected = {p for p in tmp_path.glob(pattern) if p.is_file() and is_raw(p.relative_to(tmp_path))}
        assert (found, faults) == (sorted(expected), []), pattern
    assert find_files(tmp_path / "absent", "raw", ("**/*",)) == ([], [])


def test_a_file_with_brackets_in_its_name_is_checked(tmp_path: Path) -> None:
    path = file(tmp_path, "spend[1].csv", f"{SPEND}\nAcme Services Ltd,V1,04/04/2023,1,10.00,Fuel\n")
    assert [report.kept for report in check_paths([path])] == [1]


# --- the day first or the month first -------------------------------------------------------------------------

APRIL = [date(2025, 4, day) for day in range(1, 31)]


def payments(tmp_path: Path, *texts: str) -> Path:
    lines = "".join(f"Acme Services Ltd,V1,{text},{n},1.00,\n" for n, text in enumerate(texts))
    return file(tmp_path, "april.csv", f"{SPEND}\n{lines}")


def days_of(con: duckdb.DuckDBPyConnection, path: Path) -> tuple[list[date], FileReport]:
    target = path.with_suffix(".parquet")
    report = read_spend(con, RawFile.of(path), target, path.parent / "scratch")
    assert report.error is None
    assert report.reconciles()
    rows = con.execute(
        f"SELECT payment_date FROM {lines_of([target])} WHERE reason IS NULL ORDER BY source_sheet, source_row"
    )
    return [day for (day,) in rows.fetchall()], report


@pytest.mark.parametrize("direct_bytes", [0, tabular.DIRECT_BYTES], ids=["direct", "forgiving"])
@pytest.mark.parametrize(
    "form", ["%m/%d/%Y", "%m/%d/%y", "%m-%d-%Y", "%m.%d.%y", "%m/%d/%Y 00:00:00", "%m/%d/%Y 12:00:00 AM"]
)
def test_a_file_of_american_dates_is_read_month_first_and_says_so(
    form: str, direct_bytes: int, tmp_path: Path, con: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tabular, "DIRECT_BYTES", direct_bytes)
    days, report = days_of(con, payments(tmp_path, *(day.strftime(form) for day in APRIL)))
    assert days == APRIL
    assert any(note.startswith("the date of payment is read month first") for note in report.as_dict()["notes"])


def test_numbers_without_leading_noughts_and_other_forms_beside_them(
    tmp_path: Path, con: duckdb.DuckDBPyConnection
) -> None:
    days, _ = days_of(con, payments(tmp_path, "4/2/2025", "4/13/2025", "2025-04-05", "6 April 2025", "45754"))
    assert days == [date(2025, 4, day) for day in (2, 13, 5, 6, 7)]


@pytest.mark.parametrize(
    ("texts", "expected", "noted"),
    [
        (("04/01/2025", "04/02/2025"), [date(2025, 1, 4), date(2025, 2, 4)], False),
        (("04/01/2025", "13/02/2025"), [date(2025, 1, 4), date(2025, 2, 13)], False),
        # Both kinds: what cannot be day first is refused, and the file says that it holds both.
        (("04/01/2025", "13/02/2025", "02/14/2025"), [date(2025, 1, 4), date(2025, 2, 13)], True),
        # No month and no day: no evidence of anything.
        (("04/01/2025", "04/99/2025", "00/13/2025"), [date(2025, 1, 4)], False),
    ],
    ids=["undecidable", "day-first", "both", "neither"],
)
def test_without_clear_evidence_the_day_comes_first(
    texts: tuple[str, ...], expected: list[date], noted: bool, tmp_path: Path, con: duckdb.DuckDBPyConnection
) -> None:
    # A name that states no month: that would tell.
    days, report = days_of(con, payments(tmp_path, *texts).rename(tmp_path / "payments.csv"))
    assert days == expected
    assert report.refused == len(texts) - len(expected)
    assert any("that can only be read month first" in note for note in report.notes) is noted


def test_a_sheet_that_does_not_tell_goes_with_the_others(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    path = tmp_path / "year.xlsx"
    book = xlsxwriter.Workbook(str(path))
    for name, texts in {"April": ("04/01/2025", "04/02/2025"), "May": ("05/01/2025", "05/13/2025")}.items():
        sheet = book.add_worksheet(name)
        for number, row in enumerate([SPEND.split(","), *(["Acme Ltd", "V1", t, t, "1.00", ""] for t in texts)]):
            sheet.write_row(number, 0, row)
    book.close()
    days, report = days_of(con, path)
    assert days == [date(2025, 4, 1), date(2025, 4, 2), date(2025, 5, 1), date(2025, 5, 13)]
    assert sum("month first" in note for note in report.notes) == 2


def test_a_register_s_columns_tell_for_each_other(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    heading = "Title of agreement,Supplier name,Start date,End date,Contract value,Contract reference\n"
    path = file(tmp_path, "contracts.csv", f"{heading}Repairs,Acme Ltd,04/01/2025,03/31/2028,90000,C1\n")
    frame, report = read_table(con, "contracts", path, tmp_path / "scratch")
    assert (frame.loc[0, "start_date"], frame.loc[0, "end_date"]) == (date(2025, 4, 1), date(2028, 3, 31))
    assert [note.split(" is read")[0] for note in report.notes] == ["Start date", "End date"]
    path = file(tmp_path, "contracts.csv", f"{heading}Repairs,Acme Ltd,01/04/2025,31/03/2028,90000,C1\n")
    frame, report = read_table(con, "contracts", path, tmp_path / "scratch")
    assert (frame.loc[0, "start_date"], report.notes) == (date(2025, 4, 1), ())


def test_awards_and_pipelines_are_read_in_their_own_order(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    awards = file(
        tmp_path,
        "awards.csv",
        "buyer_name,award_id,date,value_amount,datePublished,supplier_name,address_streetAddress\n"
        "Buyer,a1,06/01/2021,1000,06/14/2021,Acme Ltd,\n",
    )
    frame, report = read_table(con, "awards", awards, tmp_path / "scratch")
    assert frame.loc[0, "award_date"] == date(2021, 6, 1)
    assert any("month first" in note for note in report.notes)
    pipeline = file(
        tmp_path,
        "pipeline.csv",
        "Title,Expected tender date,Contract start date\nRoof,09/01/2026,\nWalls,Q3 2026/27,12/31/2026\n",
    )
    frame, _ = read_table(con, "pipeline", pipeline, tmp_path / "scratch")
    assert list(frame["tender_date"]) == [date(2026, 9, 1), date(2026, 10, 1)]


def test_check_and_lineage_tell_the_order(council: Callable[..., Path], tmp_path: Path) -> None:
    path = payments(tmp_path / "given", *(day.strftime("%m/%d/%Y") for day in APRIL))
    (report,) = check_paths([path])
    assert any("month first" in note for note in report.notes)
    lineage = build(load_config(council("hertfordshire", spend=[path]) / "cwb.toml"))
    assert any("month first" in note for note in lineage.of("spend")[0].notes)


def test_what_the_drive_says_names_no_private_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    here = machine_fault(PermissionError(13, "Permission denied", str(tmp_path / "data" / "a.csv")))
    away = machine_fault(PermissionError(13, "Permission denied", "/home/someone/b.csv"))
    assert str(here).startswith("data/a.csv: there is no permission for it. Let the account")
    assert str(away).startswith("b.csv: there is no permission for it. Let the account")
    assert str(machine_fault(OSError("full"))).startswith("full. Check the drive")
