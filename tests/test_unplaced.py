"""The form of suppliers without a place: written largest first, filled in, read, and what each way settles."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from cwb.base.errors import CwbError
from cwb.base.progress import quiet
from cwb.base.rows import plain
from cwb.council.config import load_config
from cwb.entities.matched import prepare, read_parquet
from cwb.entities.remarks import match_remarks
from cwb.entities.unplaced import write_unplaced
from cwb.sources.datasets.places import SOURCE
from cwb.sources.forms import NAMES_PAYEES
from cwb.sources.report import RawFile
from cwb.sources.source import Job

HEADER = "Supplier Name,Payment Date,Transaction No,Net Amount"
LINES = (
    "Quarry Works Ltd,04/04/2023,1,600.00",
    "Zephyr Pipes Ltd,04/04/2023,2,250.00",
    "Island Boats Ltd,04/04/2023,3,100.00",
    "Mr John Smith,04/04/2023,4,50.00",
    "Refunded Again Ltd,04/04/2023,5,-75.00",
    "Various,04/04/2023,6,900.00",
)


@pytest.fixture
def ledger(council: Callable[..., Path], tmp_path: Path) -> Path:
    spend = tmp_path / "april.csv"
    spend.write_text("\n".join((HEADER, *LINES)) + "\n", encoding="utf-8")
    return council("hertfordshire", spend=[spend])


def test_the_form_is_largest_first_and_comes_back_as_places(ledger: Path, tmp_path: Path) -> None:
    settings = load_config(ledger / "cwb.toml")
    target = tmp_path / "forms"
    target.mkdir()
    path, settles = write_unplaced(settings, target, quiet)
    head, *lines = path.read_text(encoding="utf-8-sig").splitlines()
    assert NAMES_PAYEES in head
    rows = list(csv.DictReader(lines))
    # £1,000 has no place: £600, £250 and £100 of firms, and £50 of a person, who is on no form.
    assert [(row["Supplier name"], row["Spend (£)"]) for row in rows] == [
        ("Quarry Works Ltd", "600.00"), ("Zephyr Pipes Ltd", "250.00"), ("Island Boats Ltd", "100.00"),
    ]  # fmt: skip
    assert [row["Running share of what is not placed"] for row in rows] == ["0.600", "0.850", "0.950"]
    assert settles == "the first 2 rows settle 85% of £1,000 paid to suppliers without a place"
    with pytest.raises(CwbError, match="a file of this name is there"):
        write_unplaced(settings, target, quiet)

    rows[0]["Postcode"], rows[1]["Outside the UK (yes)"], rows[2]["Postcode"] = "sg11aa", "yes", "JE2 3AB"
    for row in rows:
        row["Told by (role)"], row["Told on"] = "Buyer", "31/03/2024"
    folder = ledger / "data" / "raw" / "places"
    folder.mkdir()
    with (folder / "places.csv").open("w", encoding="utf-8", newline="") as handle:
        handle.write(f"{head}\n")
        writer = csv.DictWriter(handle, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    prepare(settings)
    placed = plain(read_parquet(settings.processed / "suppliers.parquet")).set_index("supplier_name")
    assert {name: (row.ring, row.place_source or None) for name, row in placed.iterrows()} == {
        "Quarry Works Ltd": ("home", "form of places"),
        "Zephyr Pipes Ltd": ("elsewhere", "form of places"),
        "Island Boats Ltd": ("elsewhere", "form of places"),
        "Mr John Smith": ("unknown", None),
        "Refunded Again Ltd": ("unknown", None),
    }


def test_a_paying_address_outranks_the_form(ledger: Path, tmp_path: Path) -> None:
    for source, text in (
        ("vendors", "Supplier ID,Supplier Name,Postcode\nV1,Quarry Works Ltd,LU1 2AA\n"),
        (
            "places",
            "Supplier key,Supplier name,Postcode,Told by,Told on\n"
            "id:V1,Quarry Works Ltd,SG1 1AA,Buyer,31/03/2024\nname:zephyr pipes,,,,\n",
        ),
    ):
        folder = ledger / "data" / "raw" / source
        folder.mkdir()
        (folder / "given.csv").write_text(text, encoding="utf-8")
    settings = load_config(ledger / "cwb.toml")
    prepare(settings)
    placed = read_parquet(settings.processed / "suppliers.parquet").set_index("supplier_name")
    assert placed.loc["Quarry Works Ltd", ["postcode", "place_source"]].tolist() == ["LU1 2AA", "vendor list"]
    assert match_remarks(settings) == [
        "places/given.csv, row 2: this place is not used, since the vendor list has another address of the supplier; correct one of "
        "the two."
    ]


def test_a_place_that_says_too_much_or_not_by_whom_and_when_is_refused(
    tmp_path: Path, con: duckdb.DuckDBPyConnection
) -> None:
    path = tmp_path / "places.csv"
    path.write_text(
        "Supplier key,Postcode,Outside the UK (yes),Told by (role),Told on\n"
        "name:both,SG1 1AA,yes,Buyer,31/03/2024\n"
        "name:nobody,SG1 1AA,,,31/03/2024\n"
        "name:no day,SG1 1AA,,Buyer,\n"
        "name:jersey,JE2 3AB,yes,Buyer,31/03/2024\n"
        "name:no,SG1 1AA,no,Buyer,31/03/2024\n"
        "name:abroad,,yes,Buyer,31/03/2024\n",
        encoding="utf-8",
    )
    kept, report = SOURCE.read(Job(con, tmp_path, tmp_path), RawFile("places/places.csv", path, "0"))
    assert list(kept["supplier_key"]) == ["name:jersey", "name:no", "name:abroad"]
    assert [(one.row, one.reason) for one in report.refusals] == [
        (2, "a postcode of the United Kingdom, and outside the UK"),
        (3, "not said who told the place"),
        (4, "not said on which day the place was told"),
    ]
