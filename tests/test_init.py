"""`cwb init` and `cwb status`: from an empty folder to the files that would settle most."""

from __future__ import annotations

import json
import re
import shutil
from importlib import import_module
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner, Result

from conftest import copy_places
from cwb.cli import app
from cwb.cli.project import note_of
from cwb.council.config import Settings, load_config
from cwb.council.named import all_districts, district_named
from cwb.council.new import NewCouncil, new_settings
from cwb.council.raw_files import FOLDER_NOTE
from cwb.council.sections import SOURCES
from cwb.packs.would_add import Unsettled, would_add
from cwb.publish.notebooks import shipped_notebooks
from cwb.sources.check import check_paths
from cwb.sources.forms import templates
from cwb.sources.neighbours import neighbours
from cwb.sources.registry import sources
from cwb.sources.report import FileReport

HYNDBURN = "E07000120"


@pytest.mark.parametrize(
    ("name", "district"),
    [
        ("Hyndburn Borough Council", "Hyndburn"),
        ("North Herts Council", "North Hertfordshire"),
        ("City of York Council", "York"),
        ("City of London Corporation", "City of London"),
        ("Durham County Council", "County Durham"),
        ("St. Albans City & District Council", "St Albans"),
        ("London Borough of Camden", "Camden"),
        ("Newcastle City Council", "Newcastle upon Tyne"),
        ("Bristol City Council", "Bristol, City of"),
        ("Hull City Council", "Kingston upon Hull, City of"),
        ("Hyndburn B.C.", "Hyndburn"),
        (HYNDBURN.lower(), "Hyndburn"),
    ],
)
def test_a_council_s_name_tells_its_district(name: str, district: str) -> None:
    found = district_named(name).found
    assert found is not None
    assert found.name == district


def test_every_name_of_the_table_is_its_own_district() -> None:
    for one in all_districts().values():
        assert district_named(one.name).found == one


@pytest.mark.parametrize(
    ("name", "candidate", "is_county"),
    [
        ("Suffolk County Council", "West Suffolk", True),
        ("Hyndbrn Council", "Hyndburn", False),
        ("Armagh Council", "Armagh City, Banbridge and Craigavon", False),
    ],
)
def test_a_name_that_fits_none_names_candidates(name: str, candidate: str, is_county: bool) -> None:
    named = district_named(name)
    assert (named.found, named.is_county) == (None, is_county)
    assert candidate in [one.name for one in named.candidates]
    assert district_named("Atlantis Council").candidates == ()


@pytest.mark.parametrize(
    ("name", "now", "since"),
    [
        ("Harrogate Borough Council", "North Yorkshire", "1 April 2023"),
        ("South Bucks DC", "Buckinghamshire", "1 April 2020"),
        ("Northampton Borough Council", "West Northamptonshire", "1 April 2021"),
        ("Poole", "Bournemouth, Christchurch and Poole", "1 April 2019"),
    ],
)
def test_a_council_that_was_abolished_is_told_which_has_its_area(
    name: str, now: str, since: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = cwb("init", "--name", name)
    assert ran.exit_code == 1
    text = " ".join(faults(ran).split())
    assert f"there is no council of this name since {since}: {now} has its area" in text
    assert f"It may mean {now} (E0" in text


def test_neighbours_are_those_whose_postcodes_are_next(place_tables: Path, con: duckdb.DuckDBPyConnection) -> None:
    (postcodes,) = place_tables.glob("postcodes-*.parquet")
    known = all_districts()
    found = [known[code].name for code in neighbours(con, postcodes, HYNDBURN)]
    assert found == ["Blackburn with Darwen", "Burnley", "Ribble Valley", "Rossendale"]
    # No grid reference of Northern Ireland lies in England, where its own grid would put it.
    assert all(code.startswith("N") for code in neighbours(con, postcodes, "N09000003"))
    assert neighbours(con, postcodes, "E06000053") == ()  # the Isles of Scilly


def test_new_settings_are_valid_with_their_defaults_in_force_too(tmp_path: Path) -> None:
    home = all_districts()[HYNDBURN]
    text = new_settings(NewCouncil('Hyndburn "B" \\ Council', home, "Here", [home], "its own alone", "2023-24"))
    (tmp_path / "cwb.toml").write_text(text, encoding="utf-8")
    plain = load_config(tmp_path / "cwb.toml")
    assert plain.council.name == 'Hyndburn "B" \\ Council'
    # Every commented line that is a setting or the head of a section.
    spoken = re.sub(r"(?m)^# (?=\[[a-z.]+\]$|\[\[[a-z.]+\]\]$|[a-z_]+ = )", "", text)
    assert spoken.count("\n[") > text.count("\n[") + 6
    (tmp_path / "cwb.toml").write_text(spoken, encoding="utf-8")
    spoken_settings = load_config(tmp_path / "cwb.toml")
    for section in ("evidence", "gap", "collaboration", "emissions", "matching", "report"):
        assert getattr(spoken_settings, section) == getattr(plain, section)
        for key in type(Settings.model_fields[section].default).model_fields:
            assert re.search(rf"^# {key}( =|:)", text, re.M)
    assert (len(spoken_settings.anchors), len(spoken_settings.published)) == (1, 1)


@pytest.fixture
def empty(tmp_path: Path, place_tables: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    copy_places(place_tables, tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def cwb(*arguments: str, said: str | None = None) -> Result:
    return CliRunner().invoke(app, list(arguments), input=said)


def faults(done: Result) -> str:
    return str(done.exception)


def test_from_an_empty_folder_to_the_account_of_a_ledger(empty: Path) -> None:
    done = cwb("init", "--name", "Hyndburn Borough Council", "--baseline", "2023-24")
    assert done.exit_code == 0, done.output
    assert "Local: Hyndburn, Blackburn with Darwen, Burnley, Ribble Valley, Rossendale" in done.output
    assert "data/raw/spend/" in done.output
    assert "cwb run 2023-24" in done.output
    settings = load_config(empty / "cwb.toml")
    assert settings.local.districts[0] == settings.council.home_district == HYNDBURN
    assert settings.local.name == "Hyndburn and its neighbours"
    assert {path.parent.name for path in (empty / "data" / "raw").glob(f"*/{FOLDER_NOTE}")} == set(SOURCES)
    assert {path.stem for path in (empty / "forms").iterdir()} == set(templates())
    assert {path.name for path in (empty / "notebooks").iterdir()} == {path.name for path in shipped_notebooks()}
    # Nothing that is there is written over, and what is missing is added again.
    (empty / "forms" / "pipeline.csv").write_text("filled in", encoding="utf-8")
    (empty / "data" / "raw" / "spend" / FOLDER_NOTE).unlink()
    before = (empty / "cwb.toml").read_text(encoding="utf-8")
    again = cwb("init")
    assert "stays as it is" in again.output
    assert "Added: 1 folder in data/raw/" in again.output
    assert (empty / "cwb.toml").read_text(encoding="utf-8") == before
    assert (empty / "forms" / "pipeline.csv").read_text(encoding="utf-8") == "filled in"
    fault = faults(cwb("init", "--name", "Burnley"))
    assert "it is there, and is not written over" in fault
    assert "Write cwb init alone to add what is missing" in fault
    assert cwb("init", "--name", "Burnley", "--local", "district", "--replace").exit_code == 0
    assert (empty / "cwb.toml.before").read_text(encoding="utf-8") == before
    # What would settle most: the ledger, and then not the forms that are written from it.
    first = json.loads(cwb("status", "--json").output)
    assert [one["source"] for one in first if one["files"]] == []
    assert first[0]["source"] == "spend"
    assert sum(first[0]["adds"].values()) > 100
    assert {one["source"] for one in first[-4:]} == {"pass_through", "places", "approved_names", "decisions"}
    (empty / "data" / "raw" / "spend" / "april.csv").write_text(
        "Supplier Name,Payment Date,Net Amount\nAcme,04/04/2023,10.00\nBolt,TBC,5.00\n", encoding="utf-8"
    )
    checked = cwb("check")
    assert checked.exit_code == 0, checked.output
    # The notes in the folders are neither read nor told.
    assert FOLDER_NOTE not in checked.output
    assert re.search(r"spend +1 +2 +1 +1 +0 +0 +10 +2023-04-04", checked.output)
    shown = cwb("status").output
    assert re.search(r"spend +1 +not read yet", shown)
    assert "vendors: " in shown


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ((), "the council's name is not given"),
        (("--name", "--"), "the council's name is not given"),
        (("--name", "Suffolk County Council"), "a county has several districts.*West Suffolk .*--local"),
        (("--name", "Hyndbrn"), "It may mean Hyndburn .E07000120.. Say the district with --district"),
        (("--name", "Hyndburn", "--local", "Burnley; Nowhere"), "no district of the table is called so.*--local"),
        (("--name", "Hyndburn", "--local", "district", "--baseline", "soon"), "soon"),
    ],
)
def test_what_cannot_be_told_ends_with_a_fault_and_nothing_written(
    arguments: tuple[str, ...], expected: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = cwb("init", *arguments)
    assert done.exit_code == 1
    assert re.search(expected, faults(done))
    assert list(tmp_path.iterdir()) == []


def test_at_a_terminal_it_asks_and_takes_what_is_said(empty: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_module("cwb.cli.init"), "_is_asked", lambda: True)
    said = "Lancashire County Council\nRibble Valley\nHyndburn; Burnley\n\nLancashire\n2023-24\n"
    done = cwb("init", said=said)
    assert done.exit_code == 0, done.output
    settings = load_config(empty / "cwb.toml")
    assert settings.home_name == "Ribble Valley"
    assert settings.local.name == "Lancashire"
    names = [all_districts()[code].name for code in settings.local.districts]
    assert names == ["Ribble Valley", "Hyndburn", "Burnley"]


def test_a_region_and_a_district_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for local, number, name in (("region", 12, "North East"), ("district", 1, "Gateshead")):
        assert cwb("init", "--name", "Gateshead Council", "--local", local, "--replace").exit_code == 0
        settings = load_config(tmp_path / "cwb.toml")
        assert (len(settings.local.districts), settings.local.name) == (number, name)


def test_a_note_says_what_goes_there_and_where_it_comes_from() -> None:
    companies, pipeline = note_of(sources()["companies"]), note_of(sources()["pipeline"])
    assert "cwb fetch companies (Companies House, https://" in companies
    assert "forms/pipeline.csv" in pipeline
    assert "expected tender date" in pipeline


def test_the_words_that_a_column_takes_are_told_before_and_after_it_is_filled_in(tmp_path: Path) -> None:
    """Else who fills in the form must guess them, and is told only that a value cannot be read."""
    assert "“Test part 1: value” takes one of: strong, weak, not known." in note_of(sources()["insourcing"])
    path = tmp_path / "insourcing" / "all.csv"
    path.parent.mkdir()
    path.write_text(
        "Contract reference,Service,Test part 1: value,Decision,Decided on,Start in house\n"
        "C1,Cleaning,Pass,extend,01/05/2025,\nC2,Bins,strong,extend,one day,\n",
        encoding="utf-8",
    )
    (report,) = check_paths([tmp_path])
    told = {one.column: one.in_words(report.heading_of(one.column)) for one in report.unread}
    assert told["test_value"].endswith("(first: row 2, 'Pass'). Write one of: strong, weak, not known")
    assert told["decided"].endswith("(first: row 3, 'one day')")
    assert FileReport.from_dict(json.loads(json.dumps(report.as_dict()))) == report


def test_what_would_settle_most_is_counted_from_the_report() -> None:
    """The sources that a report's own words name come first, by how many of its numbers name them."""
    vendors = would_add("vendors", None)
    assert vendors.by_pack["local_supplier_base"] > 20
    lists = "A vendor list with the postcode of each supplier, or the form of places, would settle it."
    unsettled = {
        "local_share": Unsettled("places are known for only 9%", lists),
        "register_count": Unsettled("no contracts register was supplied", None),
    }
    assert would_add("vendors", unsettled).named == would_add("places", unsettled).named == 1
    assert would_add("contracts", unsettled).named == 1
    assert would_add("pipeline", unsettled).by_pack == {}
    assert would_add("vendors", unsettled).by_pack == {"local_supplier_base": 2}


def test_the_status_counts_rows_and_tells_the_newest_day(sample: Path) -> None:
    done = cwb("status", "--json", "--config", str(sample / "cwb.toml"))
    spend = next(one for one in json.loads(done.output) if one["source"] == "spend")
    assert spend["rows"] > 1000
    assert spend["newest"].startswith("2026-")


@pytest.mark.parametrize("name", ["2026-27-Q2.partial", "old"])
def test_the_status_passes_over_a_folder_that_is_no_report(name: str, sample: Path, tmp_path: Path) -> None:
    shutil.copytree(sample, tmp_path / "council", ignore=shutil.ignore_patterns("reports"))
    folder = tmp_path / "council" / "reports" / name
    folder.mkdir(parents=True)
    (folder / "findings.json").write_text("[]", encoding="utf-8")
    done = cwb("status", "--config", str(tmp_path / "council" / "cwb.toml"))
    assert done.exit_code == 0, done.output


def test_every_source_says_what_it_is() -> None:
    for source in sources().values():
        first = note_of(source).splitlines()[0]
        assert first.endswith(".")
        assert len(first) < 130
