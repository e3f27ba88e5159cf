"""Packs 02 and 03 are built without any one file and say why."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from cwb.council.periods import Period
from cwb.evidence.data import PackData, open_data
from cwb.evidence.finding import Finding
from cwb.packs.account.register_dates import old_registers, registers_shown
from cwb.packs.market.demand import planned_purchases
from cwb.packs.registry import all_packs
from cwb.packs.social_enterprise_mapping.grades import grades

TOML = """
baseline = "2025-26"
[[mappings]]
files = ["spend/*.csv"]
dates = "day first"
[council]
name = "Small Council"
home_district = "E07000243"
buyer_names = ["Small Council"]
[local]
name = "Hertfordshire"
districts = ["E07000243", "E07000099"]
[matching]
whole_register = 6  # these six are all that there are
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


def registers_told(
    council: Callable[..., Path], given: Path, period: str, more: str = ""
) -> tuple[PackData, Finding]:
    """A pack's data and the number of social enterprises, of registers of one old and one new day."""
    head = "CompanyName, CompanyNumber,RegAddress.PostCode,CompanyCategory,CompanyStatus,IncorporationDate\n"
    rows = "OAK CIC,00000001,SG1 1AA,Community Interest Company,Active,01/05/2020\nELM CIC,00000002,SG1 1AA,Community Interest Company,Active,01/06/2025\n"
    coops = (
        "CUK Organisation ID,Registered Number,Registrar,Registered Name,Legal Form,Registered Postcode,Registered Status,"
        "Incorporation Date\nR1,00000009,Companies House,ASH CO-OPERATIVE LTD,Company,SG1 1AA,Live,02/03/2017\n"
    )
    given.mkdir()
    files = {"companies": "companies-2026-01-01.csv", "coops": "coops.csv"}
    for source, text in (("companies", head + rows), ("coops", coops)):
        (given / files[source]).write_text(text, encoding="utf-8")
    toml = ROOT_TOML + more
    folder = council(toml, **{source: [given / name] for source, name in files.items()})
    data = open_data("social_enterprise_mapping", period, str(folder / "cwb.toml"))
    return data, grades(data)["se_certain_count"]


ROOT_TOML = """
[matching]
whole_register = 1  # the few companies are all that there are
[council]
name = "Small Council"
home_district = "E07000243"
[local]
name = "Hertfordshire"
districts = ["E07000243", "E07000099"]
"""


def test_who_registered_after_the_period_is_not_in_it_and_old_registers_say_so(
    council: Callable[..., Path], tmp_path: Path
) -> None:
    data, found = registers_told(council, tmp_path / "given", "2024-25")
    # OAK, and not ELM of June 2025.
    assert found.value == 1
    assert old_registers(data) == (
        "The register of co-operatives has no entry after March 2017, over 18 months before the period ends: who has "
        "registered or ended since is not known from it.",
    )
    # CICs and societies are on the registers of companies and of societies alone.
    lacking = "No register of societies was supplied: what it alone lists is missing."
    assert found.caveats == (*old_registers(data), lacking)
    assert (
        registers_shown(data)
        == "registers of companies (January 2026) and co-operatives (newest entry of March 2017)"
    )
    assert "registers of companies (January 2026)" in grades(data).figure().subtitle
    later = data.at(Period.parse("2027-28"))
    assert grades(later)["se_certain_count"].value == 2
    assert old_registers(later)[0].startswith("The register of companies is of January 2026, over 18 months")


def test_the_market_of_pack_02_says_that_a_register_is_old(council: Callable[..., Path], tmp_path: Path) -> None:
    given = tmp_path / "given"
    given.mkdir()
    (given / "companies-2023-01-01.csv").write_text(COMPANIES, encoding="utf-8")
    (given / "pipeline.csv").write_text(PIPELINE, encoding="utf-8")
    others = Path(__file__).parent / "cases" / "pack_02" / "just_half_of_the_markets_are_known"
    settings = council(
        TOML, companies=[given / "companies-2023-01-01.csv"], pipeline=[given / "pipeline.csv"],
        contracts=[others / "contracts.csv"], notices=[others / "notices.json"],
    )  # fmt: skip
    data = open_data("gap_analysis", "2025-26", str(settings / "cwb.toml"))
    (told,) = old_registers(data)
    assert told.startswith("The register of companies is of January 2023, over 18 months before the period ends")
    shown = {pack_measure.id: pack_measure(data) for pack_measure in all_packs()[1].measures}
    for measure, finding in (
        ("grades", "lines_served_share"), ("grades", "lines_none"), ("gap", "reservable_count"), ("supply", "local_organisation_count"),
    ):  # fmt: skip
        assert shown[measure][finding].caveats == (told,)
        assert told in shown[measure].figure().says
    assert "registers of companies (January 2023)" in shown["supply"].figure().subtitle


def test_a_tender_is_open_while_a_lot_of_it_is_neither_ended_nor_awarded(
    council: Callable[..., Path], tmp_path: Path
) -> None:
    def notice(
        process: str, number: str, kind: str, day: str, lots: list[dict[str, str]], **more: object
    ) -> dict[str, object]:
        told = {
            "documents": [{"id": number, "noticeType": kind}],
            "title": process,
            "tenderPeriod": {"endDate": "2026-07-15"},
        }
        return {
            "ocid": process, "id": number, "date": day, "buyer": {"id": "B", "name": "Small Council"}, "tender": told | {"lots": lots}, **more,
        }  # fmt: skip

    both = [{"id": "1"}, {"id": "2"}]
    award = {"id": "1", "date": "2026-06-10", "suppliers": [{"name": "Elm"}]}
    of_first: dict[str, object] = {"tag": ["award"], "awards": [award | {"relatedLots": ["1"]}]}
    releases = [
        notice(process, f"1-{process}", "UK4", "2026-05-04", both) for process in ("all", "later", "lot", "ended")
    ]
    releases += [
        notice("all", "2", "UK6", "2026-06-10", both, tag=["award"], awards=[award]),
        # After the period: on its last day the tender was open.
        notice("later", "3", "UK6", "2026-07-01", both, tag=["award"], awards=[award | {"date": "2026-07-01"}]),
        notice("lot", "4", "UK6", "2026-06-10", both, **of_first),
        notice("ended", "5", "UK12", "2026-05-14", [{"id": "1", "status": "cancelled"}], tag=["tenderUpdate"]),
    ]
    page = tmp_path / "page.json"
    page.write_text(json.dumps({"releases": releases}), encoding="utf-8")
    data = open_data("gap_analysis", "2026-27-Q1", str(council(TOML, notices=[page]) / "cwb.toml"))
    assert sorted(purchase.title for purchase in planned_purchases(data)) == ["ended", "later", "lot"]


def test_the_age_of_a_register_is_a_setting(council: Callable[..., Path], tmp_path: Path) -> None:
    data, found = registers_told(council, tmp_path / "given", "2024-25", "[evidence]\nregister_months = 120\n")
    assert old_registers(data) == ()
    assert found.caveats == ("No register of societies was supplied: what it alone lists is missing.",)
