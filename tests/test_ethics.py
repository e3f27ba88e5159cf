"""The registry of modern slavery statements as its writer writes it, its years, its fetch; and the limit of low prices."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import duckdb
import pytest

from conftest import Opened
from cwb.base.errors import CwbError
from cwb.council.config import Settings, load_config
from cwb.packs.social_value import PACK
from cwb.packs.social_value.log import pledges_on
from cwb.packs.social_value.low_prices import gap_of, upper_fence
from cwb.sample.registry_files import HEADER, as_the_registry_writes, statement
from cwb.sources.check import check_paths
from cwb.sources.datasets.modern_slavery import registry_year
from cwb.sources.fetch.address import FetchError
from cwb.sources.fetch.command import fetch_dataset
from cwb.sources.fetch.datasets import fetch_years
from cwb.sources.fetch.line import Line, open_line
from cwb.sources.unescaped_csv import rows
from publisher import Server, send, small_settings

STARTS = re.compile(r"20\d\d,")
# Unique statements of the registry years 2019 to 2026 as its page had them (formats-strategy.md 3.3).
PUBLISHED = {2019: 33, 2020: 2537, 2021: 4752, 2022: 2989, 2023: 3065, 2024: 3619, 2025: 3497, 2026: 217}


def split(text: str, width: int) -> list[tuple[list[str] | None, bool]]:
    return list(rows(text.splitlines(keepends=True), width, STARTS))


@pytest.mark.parametrize(
    ("written", "cells"),
    [
        ("2026,Plain Ltd,x", ["2026", "Plain Ltd", "x"]),
        ('2026,"Smith, Ltd",x', ["2026", "Smith, Ltd", "x"]),
        ('2026,The "Big" Co,x', ["2026", 'The "Big" Co', "x"]),
        ('2026,"Quoted" Co,x', ["2026", '"Quoted" Co', "x"]),
        ('2026,"Smith, "Acme" Ltd",x', ["2026", 'Smith, "Acme" Ltd', "x"]),
        ('2026,"a "b", c",x', ["2026", 'a "b", c', "x"]),
        ('2026,"a, "b", c","d, e"', ["2026", 'a, "b", c', "d, e"]),
        ('2026,"our "Fair Work, Fair Pay" code","d, e"', ["2026", 'our "Fair Work, Fair Pay" code', "d, e"]),
        ('2026,"pipes, 12" wide",x', ["2026", 'pipes, 12" wide', "x"]),
        ('2026,"doubled, ""as"" others do",x', ["2026", 'doubled, "as" others do', "x"]),
        ('2026,"one\r\ntwo "three"\r\nfour",x', ["2026", 'one\r\ntwo "three"\r\nfour', "x"]),
        # A list within a cell has a line that begins as a row does.
        ('2026,"2024, first\r\n2025, second",x', ["2026", "2024, first\r\n2025, second", "x"]),
        ('2026,"2023, a\r\n2024, b\r\n2025, "c"",x', ["2026", '2023, a\r\n2024, b\r\n2025, "c"', "x"]),
        ('2026,12" pipes,x', ["2026", '12" pipes', "x"]),
        ('2026,"breaks off', None),
        ("2026,too,many,cells", None),
    ],
)  # fmt: skip
def test_a_row_is_split_by_its_writer_s_own_rule(written: str, cells: list[str] | None) -> None:
    after = "2026,Next Ltd,x\r\n"
    found = split(f"{written}\r\n{after}", 3)
    # Whatever it is, the row after it is not swallowed.
    assert [one for one, _ in found] == [cells, ["2026", "Next Ltd", "x"]]


def test_a_row_that_fits_in_no_way_is_given_up_in_time() -> None:
    ((cells, is_mended),) = split("2026," + '"a,",' * 4_000, 70)
    assert (cells, is_mended) == (None, True)


def test_every_published_statement_is_read_of_files_with_the_defect() -> None:
    """20,709 statements, each fifth with marks that are not doubled: none is lost or run together."""
    found: dict[int, set[str]] = {}
    for year, count in PUBLISHED.items():
        written = (
            statement(year, f'The "Sample {n}" Group, Limited' if n % 5 == 0 else f"Sample {n} Limited", f"s{n}")
            for n in range(count)
        )
        text = as_the_registry_writes(list(written)).removeprefix("\ufeff")
        read = [cells for cells, _ in split(text, len(HEADER))]
        found[year] = {cells[HEADER.index("StatementSummaryURL")] for cells in read if cells}
        assert sum(is_mended for _, is_mended in split(text, len(HEADER))[:5]) == 1
    assert {year: len(own) for year, own in found.items()} == PUBLISHED
    assert sum(map(len, found.values())) == 20_709


def test_a_statement_belongs_to_the_year_six_months_after_the_year_that_it_covers() -> None:
    days = {date(2026, 3, 31): 2026, date(2025, 12, 31): 2026, date(2026, 9, 30): 2027, date(2026, 6, 30): 2026, date(2026, 7, 1): 2027}  # fmt: skip
    assert {day: registry_year(day) for day in days} == days


def test_columns_of_persons_are_stored_nowhere_and_columns_may_stand_in_any_order(project: Path) -> None:
    settings = load_config(project / "cwb.toml")
    raw = next((settings.raw / "modern_slavery").glob("*2026.csv")).read_text(encoding="utf-8")
    assert raw.startswith("\ufeffStatementYear,OrganisationName")
    assert "Samplewright" in raw
    stored = duckdb.sql(f"SELECT * FROM '{settings.processed / 'modern_slavery.parquet'}'").df()
    assert not {"approving_person", "ApprovingPerson", "EmailAddressNoURL"} & set(stored.columns)
    assert "Samplewright" not in stored.to_csv()
    # A number for a name is the name of the parent.
    assert "Numbered Samples Limited" in set(stored["organisation_name"])
    assert not stored["organisation_name"].str.isdigit().any()


def test_what_cannot_be_split_is_refused_by_row_and_what_was_mended_is_counted(tmp_path: Path) -> None:
    folder = tmp_path / "modern_slavery"
    folder.mkdir()
    lines = [HEADER, statement(2026, 'The "One" Group, Ltd', "a"), statement(2026, "Two Ltd", "b")]
    text = as_the_registry_writes(lines) + '2026,Broken Ltd,"1 High\r\n'
    (folder / "StatementSummaries2026.csv").write_text(text, encoding="utf-8", newline="")
    (report,) = check_paths([tmp_path])
    assert (report.rows, report.kept, report.refused) == (3, 2, 1)
    assert [(one.row, one.reason) for one in report.refusals] == [(4, "its quotation marks do not tell where one column ends")]  # fmt: skip
    assert report.notes[0].startswith("1 row has quotation marks within a text")
    assert "ApprovingPerson" not in report.unmatched_columns


# --- fetched ---------------------------------------------------------------------------------------------------


@pytest.fixture
def settings(tmp_path: Path, server: Server) -> Settings:
    small = small_settings(tmp_path, server)
    address = f"{server.url}/Summaries{{registry_year}}.csv"
    return small.model_copy(
        update={"data": small.data.model_copy(update={"addresses": {"modern-slavery": address}})}
    )


@pytest.fixture
def line() -> Iterator[Line]:
    with open_line(timeout=0.5, loopback=True) as opened:
        yield replace(opened, wait=lambda _: None)


def test_several_years_are_fetched_each_under_its_own_name(settings: Settings, line: Line, server: Server) -> None:
    for year in (2025, 2026):
        body = as_the_registry_writes([HEADER, statement(year, "Acme Ltd", "a")]).encode()
        server.answers[f"/Summaries{year}.csv"] = lambda h, _, body=body: send(h, body)
    folder = fetch_years(settings, "modern-slavery", range(2025, 2027), line, lambda *_: None)
    names = sorted(path.name for path in folder.iterdir())
    assert names == [f"StatementSummaries{year}.csv{end}" for year in (2025, 2026) for end in ("", ".source.toml")]
    # A year that is not there yet is told, and what came before it stays.
    with pytest.raises(FetchError, match="answered 404"):
        fetch_years(settings, "modern-slavery", range(2026, 2028), line, lambda *_: None)
    assert sorted(path.name for path in folder.iterdir()) == names


def test_years_are_asked_for_as_years(project: Path) -> None:
    for first, last, rule in (("2026-01-01", None, "not a year"), ("2026", "2025", "before the first")):
        with pytest.raises(FetchError, match=rule):
            fetch_dataset("modern-slavery", first, last, project / "cwb.toml", lambda *_: None)
    with pytest.raises(FetchError, match="for notices and for files of registry years"):
        fetch_dataset("mutuals", "2026", None, project / "cwb.toml", lambda *_: None)


# --- low prices and pledges ------------------------------------------------------------------------------------


def test_the_limit_of_low_prices() -> None:
    """Worked example 3 of formats-strategy.md 3.5: quartiles of 5% and 7%, limit 10%; 15% lies beyond it and 1% does not."""
    assert gap_of(Decimal(100_000), Decimal(115_000)) == Fraction(15, 100)
    assert gap_of(Decimal(100_000), Decimal(101_000)) == Fraction(1, 100)
    gaps = [Fraction(n, 100) for n in (1, 5, 5, 5, 6, 6, 7, 7, 7, 15)]
    assert upper_fence(gaps) == Fraction(10, 100)
    assert gap_of(None, Decimal(1)) is gap_of(Decimal(1), None) is gap_of(Decimal(0), Decimal(1)) is None


def test_a_price_at_the_limit_is_flagged_and_one_penny_nearer_is_not() -> None:
    gaps = [Fraction(n, 100) for n in (5, 5, 5, 5, 5, 7, 7, 7, 7, 7)]
    assert gap_of(Decimal(100_000), Decimal(110_000)) == upper_fence(gaps)
    assert gap_of(Decimal(100_000), Decimal("109999.99")) < upper_fence(gaps)  # type: ignore[operator]


def test_the_ten_pledges_stand_in_the_charter_s_order_and_before_it_there_are_none() -> None:
    assert list(pledges_on(date(2026, 9, 30))) == [f"C{n}" for n in range(1, 11)]
    assert pledges_on(date(2017, 12, 31)) == {}


def test_a_council_that_keeps_none_of_it_is_told_so(illustrative: Opened) -> None:
    """Before the log and the registry begin nothing is a number, and every exhibit says why."""
    data = illustrative(PACK.id, "2018-19")
    for measure in PACK.measures:
        measured = measure(data)
        if measured.id in ("statement", "registry", "low_prices"):
            assert measured.undefined
        assert measured.figure().title
    assert issubclass(FetchError, CwbError)
