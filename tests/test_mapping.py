"""Headings, date order and currency that the settings map, and what `cwb check` proposes to map."""

from __future__ import annotations

from contextlib import chdir
from datetime import date
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner, Result

from cwb.base.errors import ConfigError, CwbError, SourceError
from cwb.cli import app
from cwb.council.config import Settings, load_config, stray_files
from cwb.council.sections import FileMapping
from cwb.sources.check import check_files, files_of_paths
from cwb.sources.database import connect
from cwb.sources.inputs import input_files
from cwb.sources.mapping import as_toml, write_mappings
from cwb.sources.proposals import Proposal, mappings_of, proposals
from cwb.sources.report import FileReport
from cwb.sources.source import Job
from cwb.sources.spend_sql import lines_of
from cwb.sources.store import store_all

SETTINGS = """# Kept as it is.
[council]
name = "A Council"   # us
home_district = "E07000243"
[local]
name = "Here"
districts = ["E07000243"]
"""
LEDGER = "Ref,To,Settled,Sum\n1,Acme Ltd,03/04/2025,1200.00\n2,Bolt CIC,05/04/2025,20.50\n3,Jane Smith,06/04/2025,7.25\n"
MAPPED = """
[[mappings]]
files = "spend/north*.csv"
columns = { "To" = "supplier_name", "SETTLED" = "payment_date", "Sum" = "net" }
"""


def made(folder: Path, mapping: str = "", **files: str) -> Settings:
    """Settings with a mapping, and raw files by source__name."""
    (folder / "cwb.toml").write_text(SETTINGS + mapping, encoding="utf-8")
    for name, text in files.items():
        source, _, stem = name.partition("__")
        path = folder / "data" / "raw" / source / f"{stem}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return load_config(folder / "cwb.toml")


def checked(settings: Settings) -> list[FileReport]:
    return check_files(input_files(settings))


def proposed(settings: Settings) -> list[Proposal]:
    files = input_files(settings)
    return proposals(files, check_files(files))


def test_mapped_headings_are_read_in_the_files_they_fit(tmp_path: Path) -> None:
    settings = made(tmp_path, MAPPED, spend__north_april=LEDGER, spend__south=LEDGER)
    north, south = checked(settings)
    assert (north.error, north.kept, north.gbp_kept, north.vat_basis) == (None, 3, Decimal("1227.75"), "net")
    assert "missing payment_date, supplier_name" in (south.error or "")


def test_a_mapped_heading_wins_over_a_known_one_and_may_be_passed_over(tmp_path: Path) -> None:
    text = "Supplier,Date,Billed,Net amount,Amount\nAcme,03/04/2025,04/05/2025,1.00,9.00\n"
    mapping = '[[mappings]]\nfiles = "spend"\ncolumns = { "billed" = "payment_date", "Net amount" = "unused" }\n'
    settings = made(tmp_path, mapping, spend__a=text)
    with connect() as con:
        (report,) = store_all(Job(con, tmp_path / "t", tmp_path / "s"), input_files(settings))
        row = con.execute(
            f"SELECT payment_date, amount_gbp FROM {lines_of([tmp_path / 't/spend/0000.parquet'])}"
        ).fetchall()
    assert row == [(date(2025, 5, 4), Decimal("9.00"))]
    assert "Date" in report.unmatched_columns


def test_a_mapped_heading_that_a_file_has_not_is_told(tmp_path: Path) -> None:
    text = "Supplier,Date,Amount\nAcme,03/04/2025,1.00\n"
    settings = made(tmp_path, MAPPED, spend__north=text)
    assert any(
        "the settings map a column 'settled', which this file has not" in note
        for note in checked(settings)[0].notes
    )
    assert stray_files(settings) == []
    (tmp_path / "data" / "raw" / "spend" / "north.csv").rename(tmp_path / "data" / "raw" / "spend" / "south.csv")
    assert "spend/north*.csv: named in [[mappings]]" in stray_files(settings)[0]


def test_the_order_of_dates_that_is_told_settles_what_proves_none(tmp_path: Path) -> None:
    spend = "Supplier,Date,Amount\n" + "".join(f"Acme,{m:02d}/04/2025,1.00\n" for m in range(1, 8))
    vendors = "Supplier ID,Supplier name,Postcode\n1,Acme Ltd,SG1 1AA\n"
    contracts = "Title,Supplier,Start date,End date\nRoads,Acme Ltd,03/04/2025,05/04/2026\n"
    mapping = '[[mappings]]\nfiles = ["spend", "contracts"]\ndates = "month first"\n'
    settings = made(tmp_path, mapping, spend__a=spend, vendors__v=vendors, contracts__c=contracts)
    with connect() as con:
        store_all(Job(con, tmp_path / "t", tmp_path / "s"), input_files(settings))
        days = con.execute(
            f"SELECT payment_date FROM {lines_of([tmp_path / 't/spend/0000.parquet'])} ORDER BY 1"
        ).fetchall()
    assert [day for (day,) in days] == [date(2025, month, 4) for month in range(1, 8)]
    table = pd.read_parquet(tmp_path / "t" / "contracts.parquet")
    assert (table["start_date"][0], table["end_date"][0]) == (date(2025, 3, 4), date(2026, 5, 4))


def test_amounts_of_another_currency_are_no_pounds_and_told(tmp_path: Path) -> None:
    spend = "Supplier,Date,Amount\nAcme,13/04/2025,100.00\n"
    contracts = "Title,Supplier,Start date,End date,Contract value\nRoads,Acme Ltd,13/04/2025,15/04/2026,500\n"
    mapping = '[[mappings]]\nfiles = ["spend", "contracts"]\ncurrency = "USD"\n'
    ledger, register = checked(made(tmp_path, mapping, spend__a=spend, contracts__c=contracts))
    assert (ledger.kept, ledger.refused_by_reason()) == (0, {"amount is not in pounds": 1})
    assert ledger.refusals[0].value == "100.00 USD"
    assert (register.kept, register.gbp_kept) == (1, Decimal(0))
    assert [(one.column, one.rows, one.examples) for one in register.unread] == [("value", 1, ("500 USD",))]


def test_pounds_that_are_told_win_over_a_column_of_currencies(tmp_path: Path) -> None:
    spend = "Supplier,Date,Amount,Currency\nAcme,13/04/2025,100.00,USD\nBolt,13/04/2025,5.00,GBP\n"
    assert checked(made(tmp_path, "", spend__a=spend))[0].gbp_kept == Decimal("5.00")
    mapping = '[[mappings]]\nfiles = "spend/a.csv"\ncurrency = "GBP"\n'
    assert checked(made(tmp_path, mapping, spend__a=spend))[0].gbp_kept == Decimal("105.00")


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ('files = "spend"\ndates = "American"', ("mappings (no. 1).dates", "'day first', 'month first'")),
        ('files = "spend"\ncurrency = "pounds"', ("mappings (no. 1).currency",)),
        ('files = []\ncurrency = "GBP"', ("mappings (no. 1).files",)),
        ('file = "spend"', ("mappings (no. 1).file", "this setting is not known")),
        (
            'files = "spend"\ncolumns = { "To" = "suplier" }',
            ("mappings.columns.To", "no field of spend", "supplier_name"),
        ),
        ('files = "companies"\ndates = "day first"', ("mappings.dates", "public register", "Take the line out")),
        ('files = "notices"\ndates = "day first"', ("no headings to map",)),
    ],
)
def test_a_mapping_that_cannot_be_followed_names_key_and_remedy(
    lines: str, told: tuple[str, ...], tmp_path: Path
) -> None:
    with pytest.raises((ConfigError, SourceError)) as caught:
        input_files(
            made(tmp_path, f"[[mappings]]\n{lines}\n", spend__a=LEDGER, companies__c="x\n", notices__n="{}")
        )
    assert all(part in str(caught.value) for part in told)


def test_near_headings_and_values_are_proposed_and_read_so(tmp_path: Path) -> None:
    text = LEDGER.replace("To,Settled,Sum", "Suplier name,Settled,Sum")
    (one,) = proposed(made(tmp_path, "", spend__north=text))
    assert one.columns == {"Suplier name": "supplier_name", "Settled": "payment_date", "Sum": "amount"}
    assert one.report is not None
    assert (one.report.kept, one.report.gbp_kept) == (3, Decimal("1227.75"))
    assert len(one.samples) == 3
    assert "supplier_name Acme Ltd, amount_gbp 1200.00" in one.samples[0]
    # A name that may be a person's is not shown.
    assert "Jane" not in " ".join((*one.samples, *one.reasons, *one.doubts))


@pytest.mark.parametrize(
    ("text", "doubt"),
    [
        (LEDGER.replace("Ref,", "Sent,").replace("\n1,", "\n01/04/2025,").replace("\n2,", "\n02/04/2025,").replace("\n3,", "\n02/04/2025,"),
         "nothing is proposed for payment_date: 'Sent' and 'Settled' both hold dates"),
        # The nearer to a known heading is the wrong one.
        (LEDGER.replace("Ref,", "Paid dt,").replace("Settled", "Invoice dt")
         .replace("\n1,", "\n01/04/2025,").replace("\n2,", "\n02/04/2025,").replace("\n3,", "\n02/04/2025,"),
         "nothing is proposed for payment_date: 'Paid dt' and 'Invoice dt' both hold dates"),
        (LEDGER.replace(".00", "").replace(".50", "").replace(".25", ""), "no other column holds pounds and pence"),
        (LEDGER.replace(" Ltd", "").replace(" CIC", ""), "no other column holds names of firms"),
    ],
)  # fmt: skip
def test_what_is_ambiguous_is_not_proposed_and_said(text: str, doubt: str, tmp_path: Path) -> None:
    (one,) = proposed(made(tmp_path, "", spend__north=text))
    assert not one.columns
    assert any(doubt in said for said in one.doubts)
    assert not mappings_of([one], {}, None)


@pytest.mark.parametrize(
    ("headings", "said"),
    [
        ("Ref,Supplier,Date,Spent in £000,Note", "may not be in pounds but in thousands"),
        ("Ref,Supplier,Date,Net amount £k,Note", "may not be in pounds but in thousands"),
        ("Ref,Supplier,Date,Debit,Credit", "'Debit' may be only one side of the account"),
        ("Ref,Supplier,Date,Sum,Credit", "'Credit' may be only one side of the account"),
    ],
)
def test_amounts_that_only_a_person_can_judge_are_not_proposed(headings: str, said: str, tmp_path: Path) -> None:
    rows = "".join(f"\n{n},Firm {n} Ltd,{n}/04/2025,{n}.25," for n in range(1, 6))
    (one,) = proposed(made(tmp_path, "", spend__a=f"{headings}{rows}\n6,Firm 6 Ltd,20/04/2025,,500.00\n"))
    assert not one.columns
    assert any(said in doubt and "only you know" in doubt for doubt in one.doubts)


def test_a_floor_in_a_heading_is_no_scale(tmp_path: Path) -> None:
    rows = "".join(f"\nFirm {n} Ltd,{n}/04/2025,{n}0000.25" for n in range(1, 6))
    (one,) = proposed(made(tmp_path, "", spend__a=f'Supplier,Date,"Sums over £10,000"{rows}\n'))
    assert one.columns == {"Sums over £10,000": "amount"}


REGISTER = "Title,Supplier,Start date,End date,{}\n" + "".join(
    f"Job {n},Firm {n} Ltd,{n}/04/2025,{n}/04/2026,{n}00.50,0{n}/03/2025\n" for n in range(1, 6)
)


@pytest.mark.parametrize("heading", ["Value", "Total Value (£)", "Amount"])
def test_a_register_s_plain_value_is_read(heading: str, tmp_path: Path) -> None:
    settings = made(tmp_path, "", contracts__c=REGISTER.format(f"{heading},Noted"))
    (report,) = checked(settings)
    assert (report.kept, report.gbp_kept) == (5, Decimal("1502.50"))
    assert proposed(settings) == []


@pytest.mark.parametrize(
    ("headings", "columns"),
    [
        ("Contrct vlaue,Noted", {"Contrct vlaue": "value"}),  # near
        ("Worth,Noted", {"Worth": "value"}),  # by its values
        ("Worth,Extnsion period", {"Extnsion period": "extension_date", "Worth": "value"}),
        ("Contract value,Extnsion period", {"Extnsion period": "extension_date"}),
        ("Contract value,Noted", {}),  # dates of anything
        ("Contract value,Review date", {}),
    ],
)
def test_a_file_that_is_read_without_its_pounds_or_a_date_has_a_proposal_too(
    headings: str, columns: dict[str, str], tmp_path: Path
) -> None:
    found = proposed(made(tmp_path, "", contracts__c=REGISTER.format(headings)))
    assert [dict(one.columns) for one in found] == ([columns] if columns else [])
    for one in found:
        assert one.report is not None
        assert (one.report.kept, one.report.gbp_kept) == (5, Decimal("1502.50"))
        assert "value_gbp 100.5" in one.samples[0] or "value" not in columns.values()


@pytest.mark.parametrize(("heading", "said"), [("Worth £000", "thousands"), ("Cost p.a", "one year")])
def test_a_register_s_doubtful_value_is_told_and_may_be_passed_over(
    heading: str, said: str, tmp_path: Path
) -> None:
    text = REGISTER.format(f"{heading},Noted")
    (one,) = proposed(made(tmp_path, "", contracts__c=text))
    assert not one.columns
    assert said in one.doubts[0]
    mapping = f'[[mappings]]\nfiles = "contracts"\ncolumns = {{ "{heading}" = "unused" }}\n'
    assert proposed(made(tmp_path, mapping, contracts__c=text)) == []


def test_a_near_heading_whose_values_are_of_another_kind_is_not_proposed(tmp_path: Path) -> None:
    text = (
        LEDGER.replace("Ref,To", "Paymnt date,Supplier")
        .replace("\n1,", "\nyes,")
        .replace("\n2,", "\nno,")
        .replace("\n3,", "\nno,")
    )
    (one,) = proposed(made(tmp_path, "", spend__north=text))
    assert one.columns["Settled"] == "payment_date"


def test_one_end_of_a_term_is_not_taken_for_the_other(tmp_path: Path) -> None:
    text = "Title,Firm,Begins\nRoads,Acme Ltd,03/04/2025\nBins,Bolt CIC,05/04/2025\nParks,Dale plc,06/04/2025\n"
    (one,) = proposed(made(tmp_path, "", contracts__c=text))
    assert not one.columns
    assert any("'Begins' may be start_date or end_date" in doubt for doubt in one.doubts)


def test_a_register_in_the_ledger_s_folder_is_not_mapped_to_payments(tmp_path: Path) -> None:
    text = (
        "Contract Title,Supplier Company Name,Start Date,End Date,Total Contract Value\n"
        + "Roads,Acme Ltd,1/1/22,1/1/23,5.00\n" * 4
    )
    assert proposed(made(tmp_path, "", spend__c=text)) == []


def test_a_folder_of_alike_files_is_one_mapping_and_the_settings_keep_their_comments(tmp_path: Path) -> None:
    settings = made(tmp_path, "", spend__a=LEDGER, spend__b=LEDGER.replace("04/2025", "05/2025"))
    files = input_files(settings)
    mappings = mappings_of(proposals(files, check_files(files)), files, settings)
    assert [mapping.files for mapping in mappings] == [("spend",)]
    config = tmp_path / "cwb.toml"
    config.write_bytes(SETTINGS.rstrip("\n").replace("\n", "\r\n").encode())
    write_mappings(config, mappings)
    text = config.read_bytes().decode()
    assert text.startswith(SETTINGS.rstrip("\n").replace("\n", "\r\n"))
    assert "\n" not in text.replace("\r\n", "")
    settings = load_config(config)
    assert settings.mappings == tuple(mappings)
    assert [report.kept for report in checked(settings)] == [3, 3]
    assert not list(tmp_path.glob("*.part"))


def test_names_of_files_and_headings_may_hold_any_mark(tmp_path: Path) -> None:
    mapping = FileMapping(files=("spend/a [[]1].csv",), columns={'Paid "to" \\ \N{POUND SIGN}': "supplier_name"})
    made(tmp_path)
    write_mappings(tmp_path / "cwb.toml", [mapping])
    (read,) = load_config(tmp_path / "cwb.toml").mappings
    assert read == mapping
    assert read.fits("spend/a [1].csv")
    assert "[[mappings]]" in as_toml(read)


def test_settings_that_cannot_take_a_mapping_stay_as_they_are(tmp_path: Path) -> None:
    text = "mappings = []\n" + SETTINGS
    (tmp_path / "cwb.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError):
        write_mappings(tmp_path / "cwb.toml", [FileMapping(files=("spend",))])
    assert (tmp_path / "cwb.toml").read_text(encoding="utf-8") == text


def test_a_file_outside_the_raw_folder_is_proposed_and_not_written(tmp_path: Path) -> None:
    settings = made(tmp_path)
    (tmp_path / "spend.csv").write_text(LEDGER, encoding="utf-8")
    files = files_of_paths([tmp_path / "spend.csv"], settings)
    found = proposals(files, check_files(files))
    assert mappings_of(found, files, settings)
    with pytest.raises(CwbError, match="only files below the raw folder"):
        mappings_of(found, files, settings, is_strict=True)


def test_check_writes_what_it_proposes_and_reads_it_then(tmp_path: Path) -> None:
    made(tmp_path, "", spend__north=LEDGER)

    def run(*more: str) -> Result:
        with chdir(tmp_path):
            return CliRunner().invoke(app, ["check", *more], catch_exceptions=False)

    first = run()
    assert first.exit_code == 1
    assert "run cwb check --write-mapping" in first.stdout
    assert "mappings" not in (tmp_path / "cwb.toml").read_text(encoding="utf-8")
    # A path is mapped as the settings say when it is below their raw folder.
    assert run("data/raw/spend", "--write-mapping").exit_code == 1
    assert run().exit_code == 0
    assert run("data/raw/spend/north.csv").exit_code == 0
