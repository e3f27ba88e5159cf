"""Packs 02 and 03 are built without any one file and say why."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from cwb.packs.registry import all_packs

TOML = """
baseline = "2025-26"
[council]
name = "Small Council"
home_district = "E07000243"
buyer_names = ["Small Council"]
[local]
name = "Hertfordshire"
districts = ["E07000243", "E07000099"]
[gap]
workable = 2
strong = 3
proven = 1
[[reservation.areas]]
name = "Stevenage"
districts = ["E07000243"]
"""
COMPANIES = (
    "CompanyName, CompanyNumber,RegAddress.PostCode,CompanyCategory,CompanyStatus,IncorporationDate,"
    "Accounts.AccountCategory,SICCode.SicText_1\n"
    '"ALPHA ROOFING LTD","00000001","SG1 1AA","Private Limited Company","Active","01/04/2015","MICRO ENTITY","43910 - Roofing"\n'
    '"BETA ROOFING LTD","00000002","SG5 1LA","Private Limited Company","Active","01/04/2015","FULL","43910 - Roofing"\n'
    '"GAMMA ROOFING CIC","00000003","SG1 1AA","Community Interest Company","Active","01/04/2025","FULL","43910 - Roofing"\n'
    '"DELTA SLEEPING ROOFS LTD","00000004","SG1 1AA","Private Limited Company","Active","01/04/2015","DORMANT","43910 - Roofing"\n'
    '"EPSILON ROOFING LTD","00000005","EC1A 1BB","Private Limited Company","Active","01/04/2015","FULL","43910 - Roofing"\n'
    '"ZETA CARE CIC","00000006","SG5 1LA","Community Interest Company","Active","01/04/2016","FULL","88990 - Social work"\n'
)
PIPELINE = (
    "Reference,Title,CPV code,Estimated total value,VAT,Expected tender date,Expected contract start,Expected contract end,"
    "Current contract reference,Committed\n"
    'P1,Roof renewal,45261000,"£100,000",including VAT,01/09/2026,01/12/2026,30/11/2027,C1,\n'
    'P2,Large roofs,45261000,"£6,000,000",including VAT,01/09/2026,01/12/2026,30/11/2027,,\n'
    'P3,Legal advice,79110000,"£180,000",,Q3 2026/27,,,,\n'
    "P4,Something,,,,01/10/2026,,,,Yes\n"
    'P5,Past,45261000,"£5,000",,01/02/2026,,,,\n'
    'P6,Far away,45261000,"£5,000",,01/02/2040,,,,\n'
)
CONTRACTS = (
    "Contract Reference number / ID,Title of the Agreement,Description of goods and services,Procurement classification: CPV code,"
    "Contract start date,End date,Contract value,Supplier name\n"
    "C1,Old roof contract,Roofs,45261000,01/04/2024,31/12/2026,50000,Beta Roofing Ltd\n"
    "C2,Youth work,Youth,85312000,01/04/2024,31/12/2026,50000,Zeta Care CIC\n"
    "C3,Long contract,Roofs,45261000,01/04/2024,31/03/2040,50000,Epsilon Roofing Ltd\n"
)
SPEND = (
    "Supplier Name,Company number,Payment Date,Net Amount,CPV Code,Contract Ref\n"
    "Beta Roofing Ltd,00000002,10/05/2025,20.00,45261000,C1\n"
    "Zeta Care CIC,00000006,10/05/2025,10.00,85312000,C2\n"
    "Epsilon Roofing Ltd,00000005,10/05/2025,100.00,45261000,\n"
    "Epsilon Roofing Ltd,00000005,10/06/2025,30.00,45261000,C3\n"
    "Big County Council,,10/06/2025,40.00,45261000,\n"
)
AWARDS = (
    "buyer_name,award_id,date,value_amount,datePublished,supplier_name,address_streetAddress\n"
    'Elsewhere,a1,2025-06-01,1000,2025-06-02,Big County Council,"1 Road, EC1A 1BB"\n'
)
FILES = {"companies": COMPANIES, "pipeline": PIPELINE, "contracts": CONTRACTS, "spend": SPEND, "awards": AWARDS}


@pytest.fixture
def folder(tmp_path: Path, council: Callable[..., Path]) -> Callable[..., Path]:
    def make(*sources: str) -> Path:
        given = tmp_path / "given"
        given.mkdir()
        paths = {}
        for source in sources:
            (given / f"{source}.csv").write_text(FILES[source], encoding="utf-8")
            paths[source] = [given / f"{source}.csv"]
        return council(TOML, **paths)

    return make


@pytest.mark.parametrize("missing", sorted(FILES))
def test_both_packs_stand_without_any_one_file_and_say_why(missing: str, folder: Callable[..., Path]) -> None:
    settings = folder(*(set(FILES) - {missing})) / "cwb.toml"
    reasons = {}
    for pack in all_packs()[1:3]:
        data = pack.open("2025-26", str(settings))
        assert pack.scorecard(data).title
        reasons[pack.id] = {measure(data).figure().undefined for measure in pack.measures}
    if missing == "companies":
        assert "no register of organisations was supplied" in reasons["social_enterprise_mapping"]
    if missing == "spend":
        assert "no spending file was supplied" in reasons["gap_analysis"]
