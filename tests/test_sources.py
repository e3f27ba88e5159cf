"""The smaller sources: vendor lists, registers, one-off lists, awards, notices, companies, postcodes."""

from __future__ import annotations

import copy
import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import geopandas as gpd
import pandas as pd
import pytest
import xlsxwriter
from shapely.geometry import box

from cwb.base.errors import SourceError
from cwb.reference import districts
from cwb.sources.datasets import boundaries, notices, postcodes
from cwb.sources.layout import Layout, normalise_header
from cwb.sources.ocds_latest import settle
from cwb.sources.registry import recognise, sources
from cwb.sources.report import FileReport, RawFile
from cwb.sources.source import Job
from raw_files import read_table


def read_notices(
    path: Path, seen: dict[tuple[str, str], str] | None = None
) -> tuple[pd.DataFrame, pd.DataFrame, FileReport]:
    read = notices.read_notices(RawFile.of(path), seen)
    return read.notices, read.awards, read.report


LAYOUTS: list[Layout] = [layout for source in sources().values() if (layout := source.layout)]


def write(folder: Path, text: str, name: str = "file.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_refused_row_is_no_row_that_another_repeats(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    """Of two rows for one thing the one that is refused refuses the other not: neither the first of vendors nor the last decision."""
    vendors = write(tmp_path, "Supplier ID,Supplier name\nV1,\nV1,Acme Ltd\nV1,Acme again\n", "vendors.csv")
    frame, report = read_table(con, "vendors", vendors, tmp_path)
    assert list(frame["supplier_name"]) == ["Acme Ltd"]
    assert [(r.row, r.reason) for r in report.refusals] == [
        (2, "no supplier name"), (4, "supplier id given twice"),
    ]  # fmt: skip
    names = write(
        tmp_path,
        'Supplier name,"Organisation, may be shown (yes or no)",Approved by (role),Approved on\n'
        "Acme,yes,Head,01/04/2026\nAcme,no,Head,02/04/2026\nAcme,yes,,03/04/2026\n",
        "names.csv",
    )
    frame, report = read_table(con, "approved_names", names, tmp_path)
    assert [(row.is_shown, row.source_row) for row in frame.itertuples()] == [(False, 3)]
    assert [(r.row, r.reason) for r in report.refusals] == [
        (2, "decided again in a later row"), (4, "not said who approved the name"),
    ]  # fmt: skip


def test_vendors_keep_unknown_apart_from_no(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    text = (
        "Supplier ID,Supplier name,Postcode,Company number,SME,VCSE,Business size\n"
        "V1,Acme Ltd,sg1 1aa,1234567,Yes,,Small (10 to 49)\nV2,Bolt,nonsense,,No,No,\n"
        "V1,Acme again,SG1 1AB,,,,\n,No id,SG1 1AB,,,,\nV5,,SG1 1AB,,,,\n"
    )
    frame, report = read_table(con, "vendors", write(tmp_path, text), tmp_path)
    assert report.refused_by_reason() == {"no supplier id": 1, "no supplier name": 1, "supplier id given twice": 1}
    assert [r.row for r in report.refusals] == [4, 5, 6]
    first, second = frame.iloc[0], frame.iloc[1]
    assert (first["postcode"], first["company_number"], first["size"]) == ("SG1 1AA", "01234567", "small")
    assert first["is_sme"] is True
    assert first["is_vcse"] is None
    assert second["is_sme"] is False
    assert second["postcode"] is None
    assert [(one.column, one.row, one.examples) for one in report.unread] == [("postcode", 3, ("nonsense",))]


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        ("z_2025.csv", "vendors_2026.csv"),
        ("vendors_2026-27-Q1.csv", "vendors_2026-27-Q2.csv"),
        ("vendors_2026.csv", "as_corrected.csv"),
        ("a.csv", "b.csv"),
    ],
)
def test_of_a_row_that_files_tell_differently_the_newest_counts(
    older: str, newer: str, tmp_path: Path, con: duckdb.DuckDBPyConnection
) -> None:
    heading = "Supplier ID,Supplier name,Postcode,SME\n"
    texts = {
        older: f"{heading}V1,Acme Ltd,EC1A 1BB,No\nV2,Bolt,SG1 1AA,Yes\n",
        newer: f"{heading}V1,Acme Ltd,SG1 1AA,Yes\nV2,Bolt,SG1 1AA,Yes\n",
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    source = sources()["vendors"]
    reports = {
        one.file: one
        for one in source.store(
            Job(con, tmp_path, tmp_path), [RawFile.of(tmp_path / name) for name in sorted(texts)]
        )
    }
    stored = con.execute(
        f"SELECT supplier_id, postcode, is_sme, source_file FROM '{tmp_path / 'vendors.parquet'}' ORDER BY 1"
    ).fetchall()
    assert stored[0] == ("V1", "SG1 1AA", True, newer)
    assert stored[1] == ("V2", "SG1 1AA", True, min(texts))
    assert sum(one.kept for one in reports.values()) == sum(one.duplicates for one in reports.values()) == 2
    assert all(one.reconciles() for one in reports.values())
    told = f"1 row delivered again in {newer} says another thing there, and what stands there counts: it is newer by name"
    assert [note for note in reports[older].notes if "delivered again" in note] == [told]
    assert not any("delivered again" in note for note in reports[newer].notes)


def test_a_register_refuses_tbc_starts_and_notes_tbc_ends(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    text = (
        "Contract Title,Supplier Company Name,Supplier Postcode,Start Date,End Date,Total Contract Value\n"
        "Roads,Acme,SG1 1AA,01/04/2023,31/03/2024,1000.00\nBins,Bolt,SG1 1AA,TBC,TBC,2000.00\n"
        "Parks,Cog,SG1 1AA,01/05/2023,TBC,-\n"
    )
    frame, report = read_table(con, "contracts", write(tmp_path, text), tmp_path)
    assert [(r.row, r.reason, r.value) for r in report.refusals] == [(3, "start date cannot be read", "TBC")]
    assert report.gbp_refused == Decimal(2000)
    assert report.reconciles()
    assert [one.in_words(report.heading_of(one.column)) for one in report.unread] == [
        "1 value of End Date cannot be read and taken as not known (first: row 4, 'TBC')"
    ]
    # A dash in a register is "no value stated", never a free contract.
    assert pd.isna(frame.loc[1, "value_gbp"])


def test_a_penny_or_a_pound_in_a_register_is_no_value(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    text = (
        "Contract Title,Supplier Name,Start Date,End Date,Contract Value\n"
        "Roads,Acme,01/04/2024,31/03/2025,£0.01\nBins,Bolt,01/04/2024,31/03/2025,1\nParks,Cog,01/04/2024,31/03/2025,0\n"
        "Trees,Dot,01/04/2024,31/03/2025,£1.01\n"
    )
    frame, report = read_table(con, "contracts", write(tmp_path, text), tmp_path)
    assert frame["value_gbp"].isna().tolist() == [True, True, True, False]
    assert report.reconciles()
    # A nought says that nothing is stated; a penny pretends to.
    assert tuple(one.in_words(report.heading_of(one.column)) for one in report.unread) == (
        "2 values of Contract Value cannot be read and taken as not known (first: row 2, '£0.01'; also '1')",
    )


def test_months_and_values_that_a_register_states_in_words(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    text = (
        "Contract Title,Supplier Name,Start Date,End Date,Contract Value\n"
        "Roads,Acme,Jun-24,May-27,£1.5m\nBins,Bolt,01/07/2024,rolling,20k - 30k\n"
        "Parks,Cog,01/05/2024,30/04/2025,5 per annum\nTrees,Dot,02/05/2024,2 years,\n"
    )
    frame, report = read_table(con, "contracts", write(tmp_path, text), tmp_path)
    assert (frame.loc[0, "start_date"], frame.loc[0, "end_date"]) == (date(2024, 6, 1), date(2027, 5, 31))
    assert (report.kept, report.gbp_kept) == (4, Decimal(1_500_000))
    assert report.notes == (
        "1 of Start Date states only the month",
        "1 of End Date states only the month",
    )
    assert tuple(one.in_words(report.heading_of(one.column)) for one in report.unread) == (
        "2 values of End Date cannot be read and taken as not known (first: row 3, 'rolling'; also '2 years')",
        "2 values of Contract Value cannot be read and taken as not known (first: row 3, '20k - 30k'; also '5 per annum')",
    )


def test_a_contract_in_two_sheets_of_a_register_counts_once(
    tmp_path: Path, con: duckdb.DuckDBPyConnection
) -> None:
    path = tmp_path / "register.xlsx"
    book = xlsxwriter.Workbook(str(path))
    rows = [["Roads", "Acme", "01/04/2024", "31/03/2025", 10], ["Bins", "Bolt", "01/04/2024", "31/03/2025", 7]]
    for name, kept in (("Homes", rows[:1]), ("All", rows)):
        sheet = book.add_worksheet(name)
        for number, row in enumerate([["Title", "Supplier", "Start date", "End date", "Contract value"], *kept]):
            sheet.write_row(number, 0, row)
    book.close()
    job = Job(con, tmp_path, tmp_path / "scratch")
    (report,) = sources()["contracts"].store(job, [RawFile.of(path)])
    # 10 and 7 in one sheet, 10 again in the other.
    assert (report.rows, report.kept, report.duplicates) == (3, 2, 1)
    assert (report.gbp_in, report.gbp_kept, report.gbp_duplicates) == (27, 17, 10)


def test_nothing_leaves_the_figures_unapproved(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    head = (
        "Project,Kind,Reason,Approved by (role),Approved on,Financial year,Match on,Match value,Expected amount\n"
    )
    rows = (
        "Homes,capital,New homes,Section 151 officer,30/06/2024,2023/24,contract reference,C1,100.00\n"
        "Lifts,one off,,Section 151 officer,,2023-24,supplier id,V1,5.00\n"
        "Phones,one-off,Once,,30/06/2024,2023-24,supplier id,V1,5.00\n"
        "Cafe,revenue,Once,Chief officer,30/06/2024,2023-24,supplier id,V1,5.00\n"
        "Flood,one-off,Once,Chief officer,30/06/2024,last year,supplier id,V1,5.00\n"
        "Storm,one-off,Once,Chief officer,30/06/2024,2023-24,name,V1,5.00\n"
        "Bridge,one-off,Once,Chief officer,one day,2023-24,supplier id,V1,5.00\n"
    )
    frame, report = read_table(con, "one_offs", write(tmp_path, head + rows), tmp_path)
    assert list(frame["project"]) == ["Homes"]
    assert (frame.loc[0, "financial_year"], frame.loc[0, "match_on"]) == (2023, "contract_reference")
    assert [(r.row, r.reason, r.value) for r in report.refusals] == [
        (3, "no reason", None),
        (4, "no approving role", None),
        (5, "kind is neither capital nor one-off", "revenue"),
        (6, "not a financial year", "last year"),
        (7, "match on is not a known field", "name"),
        (8, "no day of approval", "one day"),
    ]


AWARD_HEAD = (
    "buyer_name,award_id,date,value_amount,datePublished,supplier_name,identifier_scheme,identifier_id,"
    "address_streetAddress,sme,vco\n"
)


def test_awards_of_contracts_finder(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    rows = (
        'Council,a1,2022-04-19T00:00:00,1000.0,2022-05-26T12:24:42,Bolt &amp; Co,GB-COH,6568642,"1 Road, SG1 1AA",1.0,\n'
        'Council,a1,2022-04-19T00:00:00,1000.0,2022-05-26T12:24:42,Acme,,,"2 Road AL1 1AA",,\n'
        "Council,a2,2044-04-19T00:00:00,5.0,2022-05-26T12:24:42,Cog,,,,,\n"
        "Council,a3,TBC,5.0,2022-05-26T12:24:42,Cog,,,,,\n"
        "Council,a4,2022-04-19T00:00:00,5.0,2022-05-26T12:24:42,NOT AWARDED TO SUPPLIER,,,,,\n"
        "Council,a5,2022-04-19T00:00:00,0,2022-05-26T12:24:42,Dot,,,,,\n"
    )
    frame, report = read_table(con, "awards", write(tmp_path, AWARD_HEAD + rows), tmp_path)
    assert [(r.row, r.reason) for r in report.refusals] == [
        (4, "award dated over a year after its notice, or before 2000"),
        (5, "award date cannot be read"),
        (6, "no supplier was awarded"),
    ]
    assert list(frame["supplier_name"]) == ["Bolt & Co", "Acme", "Dot"]
    assert list(frame["supplier_count"]) == [2, 2, 1]
    assert list(frame["postcode"][:2]) == ["SG1 1AA", "AL1 1AA"]
    assert frame.loc[0, "company_number"] == "06568642"
    assert pd.isna(frame.loc[2, "value_gbp"])


def release(kind: str, notice_id: str, **changes: Any) -> dict[str, Any]:
    made: dict[str, Any] = {
        "ocid": "ocds-h6vhtk-000001",
        "id": notice_id,
        "date": "2026-07-13T08:38:58+01:00",
        "buyer": {"id": "GB-PPON-X", "name": "Council"},
        "parties": [
            {
                "id": "GB-COH-1",
                "name": "Acme Ltd",
                "roles": ["supplier"],
                "identifier": {"scheme": "GB-PPON", "id": "P"},
                "additionalIdentifiers": [{"scheme": "GB-COH", "id": "1234567"}],
                "address": {"postalCode": "sg11aa", "country": "GB"},
                "details": {"scale": "sme", "vcse": False},
                "contactPoint": {"name": "A Person"},
            }
        ],
        "tender": {"title": "Roads", "legalBasis": {"scheme": "UKPGA", "id": "2023/54"}},
        "awards": [
            {
                "id": "1",
                "value": {"amount": 100, "amountGross": 120, "currency": "GBP"},
                "suppliers": [{"id": "GB-COH-1", "name": "Acme Ltd"}],
                "date": "2026-06-26T00:00:00+01:00",
            }
        ],
    }
    document = {"id": notice_id, "noticeType": kind}
    if kind == "UK7":
        made["contracts"] = [
            {
                "id": "1",
                "awardID": "1",
                "value": {"amount": 90},
                "dateSigned": "2026-07-01",
                "documents": [document],
            }
        ]
    else:
        made["awards"][0]["documents"] = [document]
    return {**made, **changes}


def package(folder: Path, *releases: dict[str, Any], name: str = "page.json") -> Path:
    path = folder / name
    path.write_text(json.dumps({"releases": list(releases)}), encoding="utf-8")
    return path


def test_one_award_told_twice_counts_once_with_its_signed_value(tmp_path: Path) -> None:
    told, awarded, report = read_notices(
        package(tmp_path, release("UK6", "000001-2026"), release("UK7", "000002-2026"))
    )
    assert list(told["notice_type"]) == ["UK6", "UK7"]
    assert len(awarded) == 2
    award = settle(awarded).awards
    assert len(award) == 1
    row = award.iloc[0]
    assert (row["notice_type"], row["value_gbp"], row["value_basis"]) == ("UK7", 90.0, "excluding VAT")
    assert (row["company_number"], row["postcode"]) == ("01234567", "SG1 1AA")
    assert (row["is_sme"], row["is_vcse"]) == (True, False)
    assert report.reconciles()
    assert "A Person" not in award.to_csv()


def test_a_release_given_twice_is_a_duplicate(tmp_path: Path) -> None:
    seen: dict[tuple[str, str], str] = {}
    one = release("UK6", "000001-2026")
    read_notices(package(tmp_path, one), seen)
    _, _, report = read_notices(package(tmp_path, copy.deepcopy(one), name="page2.json"), seen)
    assert (report.rows, report.kept, report.duplicates) == (1, 0, 1)
    assert report.duplicate_of == ("page.json",)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"ocid": ""}, "no ocid"),
        ({"buyer": []}, "an award without a buyer"),
        ({"awards": [], "tender": {}}, "neither a notice type nor a legal basis is stated"),
    ],
)
def test_releases_refused(changes: dict[str, Any], reason: str, tmp_path: Path) -> None:
    _, awarded, report = read_notices(package(tmp_path, release("UK6", "1-2026", **changes)))
    assert [r.reason for r in report.refusals] == [reason]
    assert awarded.empty


def test_an_award_of_2044_is_refused_with_its_date(tmp_path: Path) -> None:
    one = release("UK6", "1-2026")
    one["awards"][0]["date"] = "2044-01-01T00:00:00Z"
    _, awarded, report = read_notices(package(tmp_path, one))
    assert (report.refusals[0].row, report.refusals[0].value) == (1, "2044-01-01")
    assert awarded.empty


@pytest.mark.parametrize("stray", [{"value": {"amount": float("inf")}}, {"value": {"amount": 0}}, {"value": []}])
def test_a_value_that_is_none_is_not_stated(stray: dict[str, Any], tmp_path: Path) -> None:
    one = release("UK6", "1-2026")
    one["awards"][0] |= stray
    _, awarded, _ = read_notices(package(tmp_path, one))
    assert pd.isna(awarded.loc[0, "value_gbp"])


def test_a_file_that_is_no_package(tmp_path: Path) -> None:
    _, _, report = read_notices(write(tmp_path, "Too Many Requests", "page.json"))
    assert "page.json: it is not JSON, or breaks off. Fetch it again" in (report.error or "")


@pytest.mark.parametrize(
    "header",
    [
        "pcd7,pcd8,pcds,doterm,lad25cd,east1m,north1m",
        "pcd,pcd2,pcds,doterm,oslaua,oseast1m,osnrth1m",
        "pcds,laua,oseast1m,osnrth1m",
    ],
)
def test_any_release_of_nspl_or_onspd(header: str, tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    names = header.split(",")
    place = {"pcds": "SG1 1AA", "lad25cd": "E07000101", "oslaua": "E07000101", "laua": "E07000101"}
    row = ",".join(place.get(n, "523000" if "ast" in n else "224000") for n in names)
    other = row.replace("SG1 1AA", "IM1 1AA").replace("E07000101", "M99999999")
    frame = postcodes.from_files(con, [RawFile.of(write(tmp_path, f"{header}\n{row}\n{other}\n"))])[0]
    # The superseded code of Stevenage becomes the one in force; the Isle of Man has no district.
    assert frame.to_dict("records") == [
        {"postcode": "SG1 1AA", "lad_code": "E07000243", "easting": 523000.0, "northing": 224000.0}
    ]


def test_a_postcode_file_without_districts_says_so(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    _, (report,) = postcodes.from_files(con, [RawFile.of(write(tmp_path, "pcds\nSG1 1AA\n"))])
    assert "no column for lad_code, easting, northing" in (report.error or "")


def test_boundaries_of_the_council_s_own_file(tmp_path: Path) -> None:
    shapes = gpd.GeoDataFrame(
        {"LAD25CD": ["E07000243", "E07000099"]}, geometry=[box(0, 0, 9e3, 9e3), box(9e3, 0, 2e4, 9e3)], crs=27700
    )
    path = tmp_path / "lad.geojson"
    shapes.to_file(path)
    outlines = boundaries.from_file(path, ("E07000243",))
    assert list(outlines["lad_code"]) == ["E07000243"]
    with pytest.raises(SourceError, match="no outline for E07000096"):
        boundaries.from_file(path, ("E07000096",))


def test_layouts_are_written_as_headers_are_normalised() -> None:
    for layout in LAYOUTS:
        for name, aliases in layout.fields.items():
            for alias in aliases:
                assert normalise_header(alias) == alias.strip(), (layout.source, name, alias)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\ufeffNet Amount(£)", "net amount"),
        ("Net Amount (Â£)", "net amount"),
        ("Name:  ", "name"),
        ("* SUPPLIER FINAL", "supplier final"),
        ("HBC Ref No.", "hbc ref no"),
        ("4. Date paid", "date paid"),
        ("creditor_name", "creditor name"),
    ],
)
def test_headers_are_normalised(text: str, expected: str) -> None:
    assert normalise_header(text) == expected


def test_each_layout_recognises_its_own_first_aliases() -> None:
    for layout in LAYOUTS:
        headings = [aliases[0] for aliases in layout.fields.values()]
        # Another anchor's file is told by its folder: its headings are those of the council's own.
        assert recognise(headings) == layout.source.removeprefix("anchor_")


def test_the_districts_table_is_whole() -> None:
    table = districts()
    assert table["lad_code"].is_unique
    # 296 in England, 22 in Wales, 32 in Scotland, 11 in Northern Ireland.
    assert table["lad_code"].str[0].value_counts().to_dict() == {"E": 296, "S": 32, "W": 22, "N": 11}
    assert (table["source"] != "").all()


def test_a_contract_that_ends_before_it_begins_has_no_known_end(
    tmp_path: Path, con: duckdb.DuckDBPyConnection
) -> None:
    path = tmp_path / "register.csv"
    path.write_text(
        "Contract reference,Title,Supplier name,Start date,End date,Current expiry,Contract value\n"
        "C1,Roads,Acme Ltd,01/04/2025,31/03/2024,31/03/2027,100\n"
        "C2,Parks,Bolt Ltd,01/04/2025,01/04/2025,31/03/2025,100\n"
    )
    found, report = read_table(con, "contracts", path, tmp_path)
    assert [str(day) for day in found["end_date"]] == ["None", "2025-04-01"]
    assert [str(day) for day in found["expiry_date"]] == ["2027-03-31", "None"]
    assert [(one.column, one.row, one.examples) for one in report.unread] == [
        ("end_date", 2, ("31/03/2024",)),
        ("expiry_date", 3, ("31/03/2025",)),
    ]
    assert report.notes[-2:] == (
        "End date: the day lies before the contract's start in 1 row, and is not known (first: row 2). "
        "Ask who keeps the register for the contract's first and last day.",
        "Current expiry: the day lies before the contract's start in 1 row, and is not known (first: row 3). "
        "Ask who keeps the register for the contract's first and last day.",
    )


@pytest.mark.parametrize(
    ("source", "rows", "kept", "refused", "unread"),
    [
        (
            "invoices",
            "Supplier id,Invoice number,Received on,Paid on,Amount gross\nV1,1,24/10/2025,01/01/2020,5\nV1,2,24/10/2025,01/10/2025,5\n",
            1, ["paid over a year before it was received"], [],
        ),
        (
            "carbon_plans",
            "Supplier,Net zero commitment year,Baseline total (tCO2e),Target reduction\nA,2045,-5,150\nB,2045,0,-5%\nC,2045,5,50\n",
            3, [], [("baseline_tco2e", ("-5",)), ("target_share", ("150", "-5%"))],
        ),
        (
            "savings",
            "Reference,Title,Kind,Cash released,Baseline cost,Baseline is,New cost,Financial year,Realised\n"
            "1,A,price,yes,1200 CR,budget,5,2025-26,yes\n2,B,price,yes,1200,budget,-5,2025-26,yes\n3,C,price,yes,5,budget,0,2025-26,yes\n4,D,income,yes,0,budget,-5,2025-26,yes\n",
            2, ["a cost below zero, and no income"] * 2, [],
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_is_told(
    source: str, rows: str, kept: int, refused: list[str], unread: list[tuple[str, tuple[str, ...]]],
    tmp_path: Path, con: duckdb.DuckDBPyConnection,
) -> None:  # fmt: skip
    path = tmp_path / "a.csv"
    path.write_text(rows)
    _, report = read_table(con, source, path, tmp_path)
    assert (report.error, report.kept, report.reconciles()) == (None, kept, True)
    assert [one.reason for one in report.refusals] == refused
    assert [(one.column, one.examples) for one in report.unread] == unread
