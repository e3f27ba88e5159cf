"""Bad input: what nobody sees and what a terminal obeys, in every kind of file; and one value that an exhibit cannot bear."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from broken_files import workbook, zipped
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.table import Table

from cwb.base.characters import printable, sql_is_unprintable, sql_printable
from cwb.base.errors import PackError
from cwb.charts import static
from cwb.charts.charts import Bar, Bars
from cwb.charts.figure import EXHIBIT, Figure, read_exhibit
from cwb.charts.tables import Column
from cwb.cli.terminal import SafeConsole
from cwb.council.config import load_config
from cwb.packs.registry import pack_of
from cwb.publish.run import run
from cwb.sources import tabular
from cwb.sources.datasets.notices import read_notices
from cwb.sources.inputs import read_sidecar
from cwb.sources.report import RawFile
from cwb.sources.spend import read_spend
from raw_files import read_entries, read_table

HEADINGS = "Supplier name,Payment date,Transaction number,Net amount,Purpose"
ROOT = Path(__file__).parents[2]
COUNCIL = '[council]\nname = "A{} Council"\nhome_district = "E07000243"\n[local]\nname = "Here{}"\ndistricts = ["E07000243"]\n'
# Of each kind one: a control, an escape, DEL, C1, a soft hyphen, joiners, marks and overrides of direction, isolates, a byte order
# mark, tags, selectors, private use, what is no character.
HIDDEN = (
    "\x01", "\x1a", "\x1b", "\x7f", "\x9b", "\u00ad", "\u034f", "\u061c", "\u180e", "\u200b", "\u200d", "\u200f", "\u202e",
    "\u2060", "\u2066", "\u2069", "\u206f", "\ufe0f", "\ufeff", "\ufff9", "\ue000", "\ufdd0", "\ufffe", "\U000e0041", "\U000f0000",
)  # fmt: skip


def spend_of(con: duckdb.DuckDBPyConnection, path: Path) -> tuple[list[str], tuple[str, ...]]:
    target = path.with_name("out.parquet")
    report = read_spend(con, RawFile.of(path), target, path.parent / "scratch")
    assert report.error is None
    names = con.execute(f"SELECT supplier_name FROM read_parquet('{target}') WHERE is_data AND reason IS NULL")
    return [name for (name,) in names.fetchall()], report.notes


@pytest.mark.fault(
    "I01",
    "A supplier's name with each kind of character that nobody sees, in a small CSV",
    "It is the same supplier as without, and the account counts the cells",
)
def test_a_name_with_hidden_characters_in_a_small_file(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    rows = "".join(f"Ac{hidden}me Ltd,01/04/2025,{n},5.00,\n" for n, hidden in enumerate(HIDDEN))
    (tmp_path / "a.csv").write_text(f"{HEADINGS}\nAcme Ltd,01/04/2025,99,5.00,\n{rows}", encoding="utf-8")
    names, notes = spend_of(con, tmp_path / "a.csv")
    assert set(names) == {"Acme Ltd"}
    assert f"{len(HIDDEN)} cells had invisible characters taken out (first: row 3)" in notes


@pytest.mark.fault(
    "I02",
    "The same in a large CSV, which DuckDB reads itself",
    "It is the same supplier, and the account counts the cells",
)
def test_a_name_with_hidden_characters_in_a_large_file(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tabular, "DIRECT_BYTES", 0)
    rows = "".join(f"Ac{hidden}me Ltd,01/04/2025,{n},5.00,\n" for n, hidden in enumerate(HIDDEN))
    (tmp_path / "a.csv").write_text(
        f"{HEADINGS}\nAcme Ltd,01/04/2025,99,5.00,\n{rows}", encoding="utf-8", newline=""
    )
    names, notes = spend_of(con, tmp_path / "a.csv")
    assert set(names) == {"Acme Ltd"}
    assert f"{len(HIDDEN)} cells had invisible characters taken out" in notes


@pytest.mark.fault("I03", "The same in a workbook", "It is the same supplier, and the account counts the cells")
def test_a_name_with_hidden_characters_in_a_workbook(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    names = [f"Ac{hidden}me Ltd" for hidden in HIDDEN[5:] if hidden != "\ufffe"]
    rows = [HEADINGS.split(","), *([name, "01/04/2025", str(n), "5.00", ""] for n, name in enumerate(names))]
    (tmp_path / "a.xlsx").write_bytes(workbook(rows))
    found, notes = spend_of(con, tmp_path / "a.xlsx")
    assert set(found) == {"Acme Ltd"}
    assert any("cells had invisible characters taken out" in note for note in notes)


@pytest.mark.fault(
    "I04", "The same in notices, as they are and escaped (\\u200b)", "They are taken out and counted"
)
@pytest.mark.parametrize("is_escaped", [True, False])
def test_notices_with_hidden_characters(is_escaped: bool, tmp_path: Path) -> None:
    releases = [
        {"ocid": f"o{n}", "id": f"{n}-2025", "date": "2025-04-03", "tag": ["award"], "buyer": {"name": f"Bu{hidden}yer"},
         "tender": {"title": f"Wo{hidden}rks"}, "awards": []}
        for n, hidden in enumerate(HIDDEN)
    ]  # fmt: skip
    path = tmp_path / "a.json"
    path.write_text(json.dumps({"releases": releases}, ensure_ascii=is_escaped), encoding="utf-8")
    read = read_notices(RawFile.of(path))
    assert set(read.notices["title"]) == {"Works"}
    assert set(read.notices["buyer_name"]) == {"Buyer"}
    assert f"{2 * len(HIDDEN)} texts had invisible characters taken out" in read.report.notes


@pytest.mark.fault(
    "I05", "The same in a register of JSON in an archive, and in a small table", "They are taken out and counted"
)
def test_registers_with_hidden_characters(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    rows = [
        {"registered_charity_number": 100000 + n, "charity_name": f"Ac{hidden}me", "charity_registration_status": "Registered",
         "linked_charity_number": 0}
        for n, hidden in enumerate(HIDDEN)
    ]  # fmt: skip
    archive = tmp_path / "charity.zip"
    archive.write_bytes(zipped("charity.json", json.dumps(rows, ensure_ascii=False).encode()))
    report = read_entries(con, "charities", archive, tmp_path / "out.parquet", tmp_path / "scratch")
    assert report.error is None
    names = con.execute(f"SELECT DISTINCT charity_name FROM read_parquet('{tmp_path / 'out.parquet'}')").fetchall()
    assert names == [("Acme",)]
    assert any("texts had invisible characters taken out" in note for note in report.notes)
    table = tmp_path / "vendors.csv"
    table.write_text("Supplier ID,Supplier name,Postcode\nV\u200b1,Ac\u202eme,SG1\u2060 1AA\n", encoding="utf-8")
    kept, account = read_table(con, "vendors", table, tmp_path / "scratch")
    assert kept[["supplier_id", "supplier_name", "postcode"]].values.tolist() == [["V1", "Acme", "SG1 1AA"]]
    assert "3 cells had invisible characters taken out (first: row 2)" in account.notes


@pytest.mark.fault("I06", "The same in the settings and in a sidecar", "They are taken out")
def test_settings_and_sidecars_with_hidden_characters(tmp_path: Path) -> None:
    (tmp_path / "cwb.toml").write_text(COUNCIL.format("\u202e", "\u200b"), encoding="utf-8")
    settings = load_config(tmp_path / "cwb.toml")
    assert (settings.council.name, settings.local.name) == ("A Council", "Here")
    (tmp_path / "a.csv.source.toml").write_text('publisher = "A\u2066 b\\u001b[2J"\n', encoding="utf-8")
    assert read_sidecar(tmp_path / "a.csv") == {"publisher": "A b[2J"}


@pytest.mark.fault(
    "I07", "Any text at all", "Python and DuckDB take the same characters out, and know the same texts"
)
@settings(deadline=None)
@given(text=st.text(st.characters(exclude_categories=("Cs",)), max_size=30))
def test_both_readers_take_out_the_same(readers: duckdb.DuckDBPyConnection, text: str) -> None:
    asked = f"SELECT {sql_printable('t')}, {sql_is_unprintable('t')} FROM (SELECT ?::VARCHAR AS t)"
    assert readers.execute(asked, [text]).fetchall() == [(printable(text), printable(text) != text)]


@pytest.mark.fault(
    "I08", "A table, a fault and a name are shown that hold a terminal's commands", "The screen gets their codes"
)
def test_the_console_shows_codes() -> None:
    stream = io.StringIO()
    console = SafeConsole(file=stream, force_terminal=False, width=200)
    table = Table("The name of a file that is shown")
    table.add_row("a\x1b]0;owned")
    console.print(table)
    console.print("Fault: b\x1b[2J\u200b\u202e\x9b.csv", highlight=False)
    said = stream.getvalue()
    assert printable(said) == said
    assert r"a\x1b]0;owned" in said
    assert r"b\x1b[2J\u200b\u202e\x9b.csv" in said


# --- an exhibit that fails ---------------------------------------------------------------------------------------


def _figure() -> Figure:
    table = pd.DataFrame({"name": ["Acme"]})
    chart = Bars((Bar("Acme", 1.0, "1", group=""),), {"": 0})
    return Figure("x", "A title", "", table, (Column("name", "Name"),), "Names", "a.csv", chart)


@pytest.mark.fault(
    "I09",
    "Drawing a chart raises an error, which IPython would swallow",
    "The exhibit's place says what went wrong",
)
def test_a_chart_that_cannot_be_drawn_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> str:
        raise ValueError("Acme<b> has no width\nand more")

    monkeypatch.setattr(static, "draw", broken)
    bundle = _figure()._repr_mimebundle_()
    assert "could not be drawn: ValueError: Acme&lt;b&gt; has no width" in str(bundle["text/html"])
    assert read_exhibit(bundle[EXHIBIT]).failed == "ValueError: Acme<b> has no width"


SPEND = "Supplier ID,Supplier name,Payment date,Transaction number,Net amount,Purpose\n"


@pytest.fixture
def small(council: Callable[..., Path], tmp_path: Path) -> Path:
    given = tmp_path / "given"
    given.mkdir()
    rows = "".join(f"V{n},Firm {n} Ltd,0{n}/04/2023,{n},{n}000.00,Works\n" for n in range(1, 8))
    (given / "april.csv").write_text(SPEND + rows, encoding="utf-8")
    return council("hertfordshire", spend=[given / "april.csv"])


@pytest.mark.fault(
    "I10",
    "Of one pack an exhibit cannot be shown and a measure cannot be computed",
    "Each says so in its place, all others stand, and the run ends with both by name",
)
def test_one_failed_exhibit_costs_no_other(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pack = pack_of("local_supplier_base")
    shown, computed = (
        next(m for m in pack.measures if m.id == name) for name in ("total_spend", "spend_by_district")
    )

    def broken(_: object) -> object:
        raise ZeroDivisionError("an odd value")

    monkeypatch.setitem(shown.__dict__, "exhibits", [broken])
    monkeypatch.setitem(computed.__dict__, "function", broken)
    with pytest.raises(PackError) as raised:
        run("2023-24", small / "cwb.toml", packs=(pack,))
    *of_exhibits, at_the_end = raised.value.faults
    told = {fault.column: str(fault) for fault in of_exhibits}
    assert set(told) == {measure.id.replace("_", "-") for measure in (shown, computed)}
    assert "the whole of this run's report is in place" in str(at_the_end)
    assert all("ZeroDivisionError: an odd value" in text for text in told.values())
    page = (small / "reports" / "2023-24" / pack.html_name).read_text(encoding="utf-8")
    assert page.count("it could not be drawn: ZeroDivisionError: an odd value") == 1
    assert "it could not be computed: ZeroDivisionError: an odd value" in page
    assert all(f'id="fig-{name}"' in page for name in pack.exhibits)


@pytest.mark.fault(
    "I11", "A measure fails whose findings others use", "What rests on it is not known and says why"
)
def test_a_failed_measure_has_no_findings() -> None:
    measure = pack_of("local_supplier_base").measures[0]

    def broken(_: object) -> object:
        raise KeyError("gone")

    class Data:
        measured: dict[str, object] = {}  # noqa: RUF012 - one test
        pack, period = "local_supplier_base", "2023-24"

        def why_not(self, _: str) -> None:
            return None

    failed = replace(measure, function=broken)
    found = failed(Data())  # type: ignore[arg-type]
    assert found.failed == "KeyError: 'gone'"
    assert all(one.value is None and "KeyError" in str(one.undefined) for one in found.findings.values())
