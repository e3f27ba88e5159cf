"""Bad input: numbers and dates as people and programs write them, and settings that reach for what is not theirs."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from broken_files import text_of
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cwb.base.errors import ConfigError
from cwb.base.values import parse_date, parse_money, parse_number
from cwb.council.config import load_config
from cwb.council.sections import leaves_its_folder
from cwb.sources.check import check_files
from cwb.sources.database import connect
from cwb.sources.register_sql import day, pounds
from cwb.sources.report import FileReport, RawFile
from cwb.sources.spend_sql import _money

HEADINGS = ("Supplier name", "Payment date", "Net amount")
SETTINGS = '[council]\nname = "A Council"\nhome_district = "E07000243"\n[local]\nname = "Here"\ndistricts = ["E07000243"]\n'
# What no ledger of a council means: refused, and told with the row.
NO_AMOUNT = (
    "1_000", "1_000.50", "1.234", "12.345", "£999.000", "1.000,00", "1.234.567", "12,50", "1,23,456", "1,0000", "1,000,", "1e-400",
    "1e400", "1e5", "1E5", "0x10", "0b1", "٣", "１２３", "१२", "--5", "-(5)", "(-5)", "(5)-", "-5 CR", "+-5", "-+5", "5 CR-", "NaN",
    "nan", "inf", "-Infinity", "9" * 40, "0" * 40, "$5", "5€", "5%", "1/2", "½", "5p", "1'000", "1 0000", "1 2 3", "TRUE", "e5", ".",
)  # fmt: skip
AMOUNTS = {
    "1 000": "1000.00", "1,000.00 CR": "-1000.00", "1,000.00CR": "-1000.00", "1,000.00 DR": "1000.00", "5-": "-5.00",
    "(5)": "-5.00", "£-5": "-5.00", "- £5": "-5.00", "-£5": "-5.00", "£ 5": "5.00", "+5": "5.00", " 5 ": "5.00", "5.": "5.00",
    ".5": "0.50", "0.125": "0.13", "1234.567": "1234.57", "833.3333333": "833.33", "-1.13687E-13": "0.00", "1E+05": "100000.00",
    "1.5E7": "15000000.00", "−7": "-7.00", "£1,234,567.89": "1234567.89", "£1.25m": "1250000.00",
}  # fmt: skip


def spend(tmp_path: Path, *rows: tuple[str, str, str]) -> FileReport:
    path = tmp_path / "a.csv"
    path.write_text(text_of([HEADINGS, *rows]), encoding="utf-8")
    (report,) = check_files({"spend": [RawFile.of(path)]})
    return report


@pytest.mark.fault(
    "I24",
    "Amounts as no ledger writes them: 1_000, 1.234, 1e-400, 0x10, ٣, full-width digits, --5, (-5), 1.000,00, inf",
    "Each row is refused and told, none is guessed",
)
def test_no_amount_is_guessed(tmp_path: Path) -> None:
    assert [text for text in NO_AMOUNT if parse_money(text) is not None] == []
    report = spend(
        tmp_path, ("Good Ltd", "01/04/2025", "5.00"), *(("Acme Ltd", "01/04/2025", text) for text in NO_AMOUNT)
    )
    assert (report.kept, report.refused, report.gbp_kept) == (1, len(NO_AMOUNT), Decimal(5))
    assert [refusal.value for refusal in report.refusals] == [text.strip() for text in NO_AMOUNT]


@pytest.mark.fault(
    "I25",
    "Amounts as ledgers and programs write them: (5), 5-, CR, DR, - £5, 1 000, 1E+05, £1.25m",
    "Each is read as it is meant",
)
def test_amounts_are_read(tmp_path: Path) -> None:
    assert {text: str(parse_money(text)) for text in AMOUNTS} == AMOUNTS
    report = spend(tmp_path, *(("Acme Ltd", "01/04/2025", text) for text in AMOUNTS))
    assert (report.kept, report.gbp_kept) == (len(AMOUNTS), sum(map(Decimal, AMOUNTS.values())))


@pytest.mark.fault(
    "I26",
    "Any text at all as an amount",
    "Both readers of amounts, Python's and DuckDB's, read the same or nothing",
)
@settings(max_examples=300, deadline=None)
@given(texts=st.lists(st.one_of(
    st.text("0123456789.,-+()£ _eECRDRkm٣'%\u00a0", max_size=12),
    st.decimals(-10**12, 10**12, places=4).map(str),
    st.from_regex(r"-?[0-9]{1,18}(\.[0-9]{0,14})?", fullmatch=True),
), min_size=1, max_size=40))  # fmt: skip
@example(texts=[*NO_AMOUNT, *AMOUNTS])
def test_both_readers_agree(readers: duckdb.DuckDBPyConnection, texts: list[str]) -> None:
    given_texts = sorted(set(texts))
    asked = f"SELECT t, {_money('t')}, {pounds('t')} FROM (SELECT unnest(?::VARCHAR[]) AS t)"
    for text, amount, register in readers.execute(asked, [given_texts]).fetchall():
        read = parse_money(text)
        assert amount == read, text
        assert (register is None) == (read is None), text


@pytest.mark.fault(
    "I27", "Counts, shares, years and turnovers: 1_000, 12,5, ٣, 1e-400, nan, inf", "No number is read of them"
)
def test_no_number_is_guessed() -> None:
    odd = (
        "1_000",
        "12,5",
        "1,23",
        "٣",
        "１",
        "1e-400",
        "1e400",
        "nan",
        "inf",
        "-inf",
        "0x1",
        "",
        " ",
        ".",
        "+",
        "1 2",
    )
    assert [text for text in odd if parse_number(text) is not None] == []
    assert [parse_number(text) for text in ("1,000", "12.5", "-3", "1.5e-05", ".5")] == [
        1000,
        12.5,
        -3,
        1.5e-05,
        0.5,
    ]


@pytest.mark.fault(
    "I28",
    "Dates of the years 1, 1066, 2204 and 9999, of other scripts, infinity and epoch",
    "Each row is refused and told",
)
def test_far_dates_are_told(tmp_path: Path) -> None:
    far = (
        "01/04/0001", "0001-04-01", "01/04/1066", "2204-04-01", "01/04/9999", "9999-12-31", "٠١/٠٤/٢٠٢٥", "infinity", "epoch",
        "99999999", "-1", "0", "31/02/2025", "2025-13-13", "01/04/20255",
    )  # fmt: skip
    assert [text for text in far if parse_date(text) is not None] == []
    report = spend(tmp_path, ("Good Ltd", "01/04/2025", "5.00"), *(("Acme Ltd", text, "5.00") for text in far))
    assert (report.kept, report.refused) == (1, len(far))


@pytest.mark.fault(
    "I29",
    "A register dates its entries infinity, epoch, before Christ or in 9999",
    "They are not known; dates of its own time are read",
)
def test_far_dates_of_registers() -> None:
    texts = [
        "infinity",
        "epoch",
        "0044-03-15 (BC)",
        "9999-12-31",
        "0001-01-01",
        "1856-07-14",
        "14/07/1856",
        "2024-02-29T00:00:00",
    ]
    with connect() as con:
        found = con.execute(f"SELECT CAST({day('t')} AS VARCHAR) FROM (SELECT unnest(?::VARCHAR[]) AS t)", [texts])
        read = [text for (text,) in found.fetchall()]
    assert read == [None, None, None, None, None, "1856-07-14", "1856-07-14", "2024-02-29"]


@pytest.mark.fault(
    "I30",
    "A workbook's cell holds the number 1.234, which as a text would be refused",
    "It is an amount: the cell says that it is a number",
)
def test_a_number_in_a_workbook(tmp_path: Path) -> None:
    import xlsxwriter  # noqa: PLC0415 - only here

    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADINGS)
        sheet.write_row(1, 0, ["Acme Ltd", "01/04/2025", 1.234])
        sheet.write_row(2, 0, ["Bolt Ltd", "01/04/2025", 41.665])
    (report,) = check_files({"spend": [RawFile.of(tmp_path / "a.xlsx")]})
    assert (report.kept, report.gbp_kept) == (2, Decimal("42.90"))


@pytest.mark.fault("I31", "Settings hold numbers that are none: nan, inf", "Refused by name of the setting")
@pytest.mark.parametrize("number", ["nan", "inf", "-inf"])
def test_settings_without_numbers(number: str, tmp_path: Path) -> None:
    content = (
        SETTINGS.replace("[local]", f"threshold_gbp = {number}\n[local]") + f"[matching]\naccept = {number}\n"
    )
    (tmp_path / "cwb.toml").write_text(content, encoding="utf-8")
    with pytest.raises(ConfigError, match=r"council\.threshold_gbp.*\n.*matching\.accept|matching"):
        load_config(tmp_path / "cwb.toml")


OUT = (
    "../x.csv", "a/../../x.csv", "/etc/passwd", "\\\\server\\share\\x", "C:\\x.csv", "c:x.csv", "~/x.csv", "~root/x", "..\\x.csv", "**/../x",
    "", "//server/x", "a\\..\\..\\x",
)  # fmt: skip


@pytest.mark.fault(
    "I32",
    "A pattern of files leaves the raw folder: .., absolute, a drive, a share, ~",
    "Refused by name of the setting",
)
@pytest.mark.parametrize("pattern", OUT)
def test_patterns_stay_in_the_raw_folder(pattern: str, tmp_path: Path) -> None:
    assert leaves_its_folder(pattern)
    (tmp_path / "cwb.toml").write_text(f"{SETTINGS}[data.files]\nspend = ['{pattern}']\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"data\.files"):
        load_config(tmp_path / "cwb.toml")


@pytest.mark.fault(
    "I33", "The table of anchors lies elsewhere: .., absolute, a drive, ~", "Refused, and the file is not opened"
)
@pytest.mark.parametrize("name", [name for name in OUT if name])
def test_the_anchor_table_stays_beside_the_settings(name: str, tmp_path: Path) -> None:
    (tmp_path / "cwb.toml").write_text(f"anchor_table = '{name}'\n{SETTINGS}", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"anchor_table.*lies beside cwb\.toml"):
        load_config(tmp_path / "cwb.toml")


@pytest.mark.fault("I34", "Names that only look so: two dots in a name, a folder, stars", "They are taken")
def test_names_within_their_folders() -> None:
    inside = ("spend/a..b.csv", "2024/**/*.csv", "a~b.csv", "spend/[a].csv", "x/~y.csv", "...csv")
    assert [name for name in inside if leaves_its_folder(name)] == []


@pytest.mark.fault(
    "I35",
    "The council's name is only signs, so that its folder would be that of all councils",
    "Refused by name of the setting",
)
@pytest.mark.parametrize("name", ["!!!", "..", "/", "\\u202e", "../.."])
def test_a_council_without_letters(name: str, tmp_path: Path) -> None:
    (tmp_path / "cwb.toml").write_text(SETTINGS.replace("A Council", name), encoding="utf-8")
    with pytest.raises(ConfigError, match=r"council\.name"):
        load_config(tmp_path / "cwb.toml")


@pytest.mark.fault(
    "I36", "A pattern of a mapping is made to take a matcher for ever (a*a*a*…b)", "It is matched at once"
)
def test_patterns_do_not_hang(tmp_path: Path) -> None:
    hard = "*a" * 200 + "b"
    (tmp_path / "cwb.toml").write_text(
        f"{SETTINGS}[[mappings]]\nfiles = ['{hard}']\ncolumns = {{ A = 'net' }}\n", encoding="utf-8"
    )
    (mapping,) = load_config(tmp_path / "cwb.toml").mappings
    assert not mapping.fits("spend/" + "a" * 5_000 + ".csv")


@pytest.mark.fault(
    "I37",
    "Headings, sheets, folders and files hold quotation marks, SQL and braces",
    "They are names: rows are read and nothing is run",
)
def test_names_are_no_sql(tmp_path: Path) -> None:
    folder = tmp_path / "a'; DROP TABLE x; --" / 'b"c [d]*{e}?'
    folder.mkdir(parents=True)
    path = folder / 'it\'s "x" [1]; --.csv'
    headings = [*HEADINGS, "x'); DROP TABLE y; --", 'a"b', "{c}", "c0", "source_row"]
    path.write_text(
        text_of([headings, ['O\'Neil "&" Sons Ltd', "01/04/2025", "5.00", "'", '"', "{}", "1", "2"]]),
        encoding="utf-8",
    )
    (report,) = check_files({"spend": [RawFile.of(path)]})
    assert (report.error, report.kept) == (None, 1)
    assert report.unmatched_columns == tuple(headings[3:])


@pytest.mark.fault(
    "I38",
    "Settings of each wrong kind: a list for a name, a text for a number, unknown keys, a table twice",
    "All are told at once, by name",
)
def test_settings_of_wrong_kinds(tmp_path: Path) -> None:
    content = '[council]\nname = ["a"]\nhome_district = 5\nnew = 1\n[local]\nname = {}\ndistricts = "E07000243"\n[bounds]\ncells = "many"\nrows = 0\n'
    (tmp_path / "cwb.toml").write_text(content, encoding="utf-8")
    with pytest.raises(ConfigError) as raised:
        load_config(tmp_path / "cwb.toml")
    told = {fault.column for fault in raised.value.faults}
    assert {
        "council.name",
        "council.home_district",
        "council.new",
        "local.name",
        "local.districts",
        "bounds.cells",
        "bounds.rows",
    } <= told


@pytest.mark.fault(
    "I39",
    "Any bytes at all as settings, or as a ledger",
    "They are read or refused by name, never with another error",
)
@settings(max_examples=60, deadline=None)
@given(
    content=st.one_of(
        st.binary(max_size=300), st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass"))
    )
)
@example(content=b'"a\nb,c\n"d",e\n')
def test_any_bytes(content: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("any")
    path = folder / "a.csv"
    path.write_bytes(content)
    (folder / "cwb.toml").write_bytes(content)
    with pytest.raises(ConfigError):
        load_config(folder / "cwb.toml")
    (report,) = check_files({"contracts": [RawFile.of(path)]})
    assert report.error
