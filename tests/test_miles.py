"""How far a supplier is: from the middle of the council's district, in whole miles, of a payee that is not shown by district."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd

from cwb.council.config import load_config
from cwb.lines.build import prepare_lines

HOME = "E07000243"
SPEND = """Supplier ID,Supplier Name,Payment Date,Transaction No,Net Amount
1,Acme Roofing Ltd,04/04/2023,1,600.00
2,Mr John Smith,04/04/2023,2,50.00
3,Nowhere Pipes Ltd,04/04/2023,3,20.00
"""


def test_miles_are_of_a_postcode_or_of_a_whole_district(
    council: Callable[..., Path], tmp_path: Path, place_tables: Path
) -> None:
    postcodes = pd.read_parquet(next(place_tables.glob("postcodes-*.parquet")))
    outward = postcodes["postcode"].str.split(" ").str[0]
    # A district whose letters begin others too: EN1 is not EN10.
    firm, person = postcodes[outward == "SG5"].iloc[0], postcodes[outward == "EN1"]
    assert (outward == "EN10").any()
    (spend := tmp_path / "april.csv").write_text(SPEND, encoding="utf-8")
    vendors = tmp_path / "vendors.csv"
    vendors.write_text(
        f"Supplier ID,Supplier Name,Postcode\n1,Acme Roofing Ltd,{firm.postcode}\n2,Mr John Smith,{person.postcode.iloc[0]}\n",
        encoding="utf-8",
    )
    settings = load_config(council("hertfordshire", spend=[spend], vendors=[vendors]) / "cwb.toml")
    prepare_lines(settings)
    found = pd.read_parquet(settings.processed / "tables" / "suppliers").set_index("supplier_id")
    middle = postcodes[postcodes["lad_code"] == HOME][["easting", "northing"]].mean()

    def miles(place: pd.Series) -> int:
        east, north = place["easting"] - middle["easting"], place["northing"] - middle["northing"]
        return round(float((east**2 + north**2) ** 0.5) / 1609.344)

    assert found.loc["2", "postcode"] == "EN1"
    assert found.loc["1", "miles"] == miles(firm)
    assert found.loc["2", "miles"] == miles(person[["easting", "northing"]].mean())
    # Who has no place has no miles.
    assert found["miles"].isna().sum() == 1
