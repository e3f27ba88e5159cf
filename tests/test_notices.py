"""Notices in OCDS: what stands as an award, which file forms are read, what counts as pounds, and who the buyers are."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest

from cwb.council.config import load_config
from cwb.evidence.data import open_data
from cwb.lines.build import prepare_lines
from cwb.packs.local_supplier_base.awards_by_body import awards_by_body
from cwb.packs.market.demand import planned_purchases
from cwb.packs.measure import Undefined
from cwb.sources.check import check_paths
from cwb.sources.datasets import notices
from cwb.sources.registry import sources
from cwb.sources.report import FileReport, RawFile
from cwb.sources.source import Job

Release = dict[str, Any]


def award(number: str = "1", pounds: object = 50_000, **changes: object) -> Release:
    """An award of pounds to "Hazel Joinery Ltd"."""
    made = {
        "id": number, "status": "active", "date": "2026-05-06", "value": {"amount": pounds, "currency": "GBP"},
        "suppliers": [{"id": "S", "name": "Hazel Joinery Ltd"}],
    }  # fmt: skip
    return made | changes


def release(*awards: Release, number: str = "000201-2026", day: str = "2026-05-08", **changes: object) -> Release:
    """An award notice (UK6) of the council of Oldmere."""
    made = {
        "ocid": "ocds-h6vhtk-0a0001", "id": number, "date": f"{day}T10:00:00+01:00", "tag": ["award"],
        "buyer": {"id": "B", "name": "Oldmere Borough Council"},
        "parties": [
            {"id": "B", "name": "Oldmere Borough Council", "roles": ["buyer"]},
            {"id": "S", "name": "Hazel Joinery Ltd", "roles": ["supplier"], "address": {"postalCode": "SG1 1AA"}},
        ],
        "tender": {"title": "Doors", "documents": [{"id": number, "noticeType": "UK6"}]}, "awards": list(awards),
    }  # fmt: skip
    return made | changes


def tender(number: str = "000201-2026", kind: str = "UK6", **changes: object) -> Release:
    return {"title": "Doors", "documents": [{"id": number, "noticeType": kind}]} | changes


class Stored:
    """What a build makes of files: tables of notices and awards, and reports."""

    def __init__(self, folder: Path, con: duckdb.DuckDBPyConnection):
        self.folder, self.con = folder, con

    def of(self, **files: object) -> tuple[pd.DataFrame, list[FileReport]]:
        """The awards of files by name; a text as it is, a list as a release package."""
        paths = []
        for name, content in files.items():
            given = {"releases": content} if isinstance(content, list) else content
            stem, _, suffix = name.rpartition("_")
            path = self.folder / f"{stem}.{suffix}"
            path.write_text(given if isinstance(given, str) else json.dumps(given), encoding="utf-8")
            paths.append(path)
        job = Job(self.con, self.folder, self.folder / "scratch")
        csv = [RawFile.of(path) for path in paths if path.suffix == ".csv"]
        reports = sources()["notices"].store(job, [RawFile.of(path) for path in paths if path.suffix != ".csv"])
        reports += sources()["awards"].store(job, csv)
        target = job.table("awards")
        assert all(report.reconciles() for report in reports)
        return pd.read_parquet(target) if target.exists() else pd.DataFrame(), reports

    def pounds(self, *releases: Release) -> list[float | None]:
        """The stated values of the awards of releases, smallest first."""
        table, _ = self.of(p_json=list(releases))
        once = table.drop_duplicates("award_key") if len(table) else pd.DataFrame({"value_gbp": []})
        return sorted((None if pd.isna(v) else v for v in once["value_gbp"]), key=lambda v: v or 0)


@pytest.fixture
def stored(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> Stored:
    return Stored(tmp_path, con)


# --- what stands as an award ----------------------------------------------------------------------------------


@pytest.mark.parametrize("status", ["cancelled", "Unsuccessful", "WITHDRAWN", "terminated"])
def test_an_award_that_is_no_more_counts_nowhere_and_is_told(status: str, stored: Stored) -> None:
    table, (report, *_) = stored.of(p_json=[release(award("1", 300_000, status=status), award("2", 20_000))])
    assert list(table["value_gbp"]) == [20_000]
    assert report.kept == 1
    assert report.notes == (f"1 award not counted: {status.lower()}",)


@pytest.mark.parametrize(
    "parts",
    [
        {"contracts": [{"id": "1", "awardID": "1", "status": "Cancelled"}]},
        {"contracts": [{"id": "1", "awardID": "1", "status": "terminated"}]},
        {"tender": tender(status="withdrawn")},
        {"tender": tender(lots=[{"id": "L1", "status": "unsuccessful"}])},
    ],
)
def test_the_status_of_contract_tender_and_lot_is_read_too(parts: Release, stored: Stored) -> None:
    assert stored.pounds(release(award(relatedLots=["L1"]), **parts)) == []


def test_a_lot_that_is_cancelled_takes_only_its_own_award(stored: Stored) -> None:
    lots = [{"id": "L1", "status": "cancelled"}, {"id": "L2", "status": "complete"}]
    awards = [award("1", 100, relatedLots=["L1"]), award("2", 200, relatedLots=["L2"])]
    assert stored.pounds(release(*awards, tender=tender(lots=lots))) == [200]


def test_find_a_tender_marks_lots_of_the_older_regime_cancelled_whatever_became_of_them(stored: Stored) -> None:
    older = {"title": "Doors", "legalBasis": {"scheme": "CELEX"}, "lots": [{"id": "L1", "status": "cancelled"}]}
    assert stored.pounds(release(award(relatedLots=["L1"]), tender=older)) == [50_000]


def lots(*ids: str, **status: str) -> list[Release]:
    return [{"id": one} for one in ids] + [{"id": one, "status": said} for one, said in status.items()]


def cancels(number: str, day: str, **ended: str) -> Release:
    """A termination notice that names no other lots than those that it ends."""
    told = tender(number, "UK12", lots=lots(**ended))
    return release(number=number, day=day, tag=["tenderUpdate"], tender=told)


def test_a_notice_that_names_only_the_lot_that_it_ends_takes_back_no_other(stored: Stored) -> None:
    first, second = award("1", 1500, relatedLots=["L1"]), award("2", 2500, relatedLots=["L2"])
    back = cancels("000301-2026", "2026-06-01", L1="cancelled")
    assert stored.pounds(release(first, second), back) == [2500]
    # An award of both lots stands until both have ended; so does one that names none.
    for both in (award("3", 4000, relatedLots=["L1", "L2"]), award("3", 4000)):
        told = release(both, tender=tender(lots=lots("L1", "L2")))
        assert stored.pounds(told, back) == [4000]
        assert stored.pounds(told, back, cancels("000302-2026", "2026-06-09", L2="withdrawn")) == []
    # The only lot that any notice of the process names is all of it.
    assert stored.pounds(release(award()), back) == []


def test_a_cancellation_without_a_date_is_later_than_what_it_takes_back(stored: Stored) -> None:
    back = release(award(status="cancelled"), number="000301-2026", tag=["awardCancellation"])
    del back["date"]
    assert stored.pounds(release(award()), back) == []


def test_moments_with_different_offsets_are_compared_as_moments(stored: Stored) -> None:
    told = release(award(), date="2026-05-10T15:30:00+01:00")
    back = release(award(status="cancelled"), number="000301-2026", date="2026-05-10T15:00:00Z")
    assert stored.pounds(told, back) == []
    assert stored.pounds({**told, "date": "2026-05-10T16:30:00+01:00"}, back) == [50_000]


@pytest.mark.parametrize(
    ("later", "left"),
    [
        ({"tag": ["awardCancellation"], "awards": [award("1", status="cancelled")]}, [70_000]),
        ({"tag": ["awardCancellation"], "awards": [award("1")]}, [70_000]),
        ({"tag": ["awardUpdate"], "awards": [award("1", status="unsuccessful")]}, [70_000]),
        ({"tag": ["tenderCancellation"], "awards": [], "tender": tender("000301-2026", "UK12")}, []),
        ({"tag": ["tenderUpdate"], "awards": [], "tender": tender("000301-2026", "UK4", status="Withdrawn")}, []),
        (
            {"tag": ["contractTermination"], "awards": [], "tender": {}, "contracts": [
                {"id": "1", "awardID": "1", "status": "terminated", "documents": tender("000301-2026", "UK11")["documents"]}]},
            [70_000],
        ),
    ],
)  # fmt: skip
@pytest.mark.parametrize("is_first", [True, False])
def test_a_later_release_takes_back_in_whatever_order_files_give_them(
    later: Release, left: list[float], is_first: bool, stored: Stored
) -> None:
    told = release(award("1", 50_000), award("2", 70_000))
    back = release(number="000301-2026", day="2026-06-01", **later)
    assert stored.pounds(*([back, told] if is_first else [told, back])) == left


def test_an_award_told_again_after_it_was_taken_back_stands(stored: Stored) -> None:
    back = release(award(status="cancelled"), number="000301-2026", day="2026-06-01")
    again = release(award("1", 60_000), number="000401-2026", day="2026-07-01")
    assert stored.pounds(release(award()), back, again) == [60_000]


def test_what_is_taken_back_in_another_file_is_told_in_the_file_that_told_it(stored: Stored) -> None:
    back = release(award(status="cancelled"), number="000301-2026", day="2026-06-01")
    _, (first, second) = stored.of(may_json=[release(award())], june_json=[back])
    assert first.notes == (
        "1 award not counted: taken back by a later notice (first: 000201-2026, cancelled by 000301-2026)",
    )
    assert second.notes == ("1 award not counted: cancelled",)


@pytest.mark.parametrize("how", [{"period": {"endDate": "2026-05-31"}}, {"terminationRationaleClassifications": [{"id": "contractCompleted"}]}])  # fmt: skip
def test_a_contract_that_was_completed_is_not_taken_back(how: Release, stored: Stored) -> None:
    contract = {"id": "1", "awardID": "1", "status": "terminated", **how}
    ends = release(number="000301-2026", day="2026-06-01", tag=["contractTermination"], contracts=[contract],
                   tender=tender("000301-2026", "UK11"))  # fmt: skip
    assert stored.pounds(release(award()), ends) == [50_000]


# --- which award it is ----------------------------------------------------------------------------------------


def test_an_id_that_comes_again_for_another_lot_is_another_award(stored: Stored) -> None:
    in_one = release(award("1", 100_000, relatedLots=["1"]), award("1", 200_000, relatedLots=["2"]))
    assert stored.pounds(in_one) == [100_000, 200_000]
    later = release(award("1", 200_000, relatedLots=["2"]), number="000301-2026", day="2026-06-01")
    assert stored.pounds(release(award("1", 100_000, relatedLots=["1"])), later) == [100_000, 200_000]
    other_process = release(award("1", 200_000), ocid="ocds-h6vhtk-0a0002")
    assert stored.pounds(release(award("1", 100_000)), other_process) == [100_000, 200_000]
    without_lots = release(award("1", 100_000, title="North"), award("1", 200_000, title="South"))
    assert stored.pounds(without_lots) == [100_000, 200_000]


def test_a_further_notice_with_the_same_id_and_no_lots_is_another_award_unless_it_updates(stored: Stored) -> None:
    north = release(award("1", 100_000, title="North"))
    later = {"number": "000301-2026", "day": "2026-06-01"}
    south = award("1", 200_000, title="South")
    assert stored.pounds(north, release(south, **later)) == [100_000, 200_000]
    assert stored.pounds(north, release(south, **later, tag=["awardUpdate"])) == [200_000]
    elm = award("1", 300_000, title="North", suppliers=[{"name": "Elm Glass"}])
    assert stored.pounds(north, release(elm, **later)) == [100_000, 300_000]
    signed = {"id": "1", "awardID": "1", "title": "North", "value": {"amount": 90_000}}
    contract = release(
        south, number="000401-2026", day="2026-07-01", contracts=[signed], tender=tender("000401-2026", "UK7")
    )
    assert stored.pounds(north, release(south, **later), contract) == [90_000, 200_000]


def test_the_newest_notice_of_an_award_counts(stored: Stored) -> None:
    later = release(award("1", 65_000), number="000301-2026", day="2026-06-01", tag=["awardUpdate"])
    assert stored.pounds(later, release(award("1", 50_000, relatedLots=["1"]))) == [65_000]


def test_two_contracts_signed_under_one_award_count_both(stored: Stored) -> None:
    def signed(number: str, contract: str, pounds: int) -> Release:
        made = {"id": contract, "awardID": "1", "value": {"amount": pounds}, "dateSigned": "2026-06-01"}
        return release(award(), number=number, contracts=[made], tender=tender(number, "UK7"))

    assert stored.pounds(release(award()), signed("000301-2026", "1", 30_000), signed("000302-2026", "2", 15_000)) == [15_000, 30_000]  # fmt: skip


def test_awards_of_the_older_regime_count_since_the_procurement_act(stored: Stored) -> None:
    older = {"title": "Doors", "legalBasis": {"scheme": "CELEX", "id": "32014L0024"}}
    contract = {"id": "C", "awardID": "1", "value": {"amount": 40_000}, "dateSigned": "2025-06-30"}
    unsigned = award("1", status="active", value=None)
    new = release(unsigned, day="2025-07-01", tag=["award", "contract"], tender=older, contracts=[contract])
    old = release(award(), day="2025-02-23", tender=older, ocid="ocds-h6vhtk-0a0003")
    table, (report, *_) = stored.of(p_json=[new, old])
    assert table[["notice_type", "value_gbp"]].to_numpy().tolist() == [["older regime", 40_000]]
    assert report.notes == (
        "1 award not counted: older regime before 24 February 2025, which Contracts Finder tells",
    )


def test_a_correction_of_the_older_regime_replaces_and_a_further_award_does_not(stored: Stored) -> None:
    older = {"title": "Doors", "legalBasis": {"scheme": "CELEX"}}

    def told(number: str, pounds: int, tag: str) -> Release:
        return release(award(f"{number}-1", pounds), number=number, tag=[tag], tender=older)

    further = told("000301-2026", 20_000, "award")
    assert stored.pounds(told("000201-2026", 10_000, "award"), further) == [10_000, 20_000]
    corrected = told("000302-2026", 25_000, "awardUpdate")
    assert stored.pounds(told("000201-2026", 10_000, "award"), further, corrected) == [10_000, 25_000]


# --- forms of files -------------------------------------------------------------------------------------------


def test_compiled_records_are_read_and_records_of_links_are_told(stored: Stored) -> None:
    compiled = release(award(), tag=["compiled"])
    link = {"url": "https://example.invalid/1", "date": "2026-05-08", "tag": ["award"]}
    records = {"records": [
        {"ocid": compiled["ocid"], "releases": [link], "compiledRelease": compiled},
        {"ocid": "ocds-h6vhtk-0a0009", "releases": [link]},
    ]}  # fmt: skip
    table, (report, *_) = stored.of(p_json=records)
    assert list(table["value_gbp"]) == [50_000]
    assert [(r.row, r.reason) for r in report.refusals] == [
        (2, "the record holds only links to its releases, and no compiled release")
    ]
    _, (report, *_) = stored.of(q_json={"records": [records["records"][1]]})
    assert "nothing of it can be used (the record holds only links" in str(report.error)


def test_a_compiled_release_with_all_its_notices_counts_as_the_contract(stored: Stored) -> None:
    contract = {
        "id": "1",
        "awardID": "1",
        "value": {"amount": 48_000},
        "documents": [{"id": "000301-2026", "noticeType": "UK7"}],
    }
    compiled = release(
        award("1"), award("2", 7_000), tag=["compiled"], number="compiled", contracts=[contract], tender=tender()
    )
    table, _ = stored.of(p_json={"records": [{"compiledRelease": compiled}]})
    assert table[["notice_type", "value_gbp"]].to_numpy().tolist() == [["UK7", 48_000], ["UK6", 7_000]]


@pytest.mark.parametrize("suffix", ["jsonl", "json"])
def test_json_lines_are_read_and_a_broken_line_is_refused_by_itself(suffix: str, stored: Stored) -> None:
    other = release(award("1", 9_000), ocid="ocds-h6vhtk-0a0002")
    text = "\n".join([json.dumps(release(award())), '{"ocid": "ocds', "", json.dumps(other)])
    table, (report, *_) = stored.of(**{f"p_{suffix}": text})
    assert sorted(table["value_gbp"]) == [9_000, 50_000]
    assert [(r.row, r.reason) for r in report.refusals] == [(2, "the line is not JSON")]


def test_a_lone_line_of_json_lines_is_a_release(stored: Stored) -> None:
    assert len(stored.of(p_jsonl=json.dumps(release(award())))[0]) == 1


def test_contracts_finder_s_json_is_an_award_with_its_postcode_in_the_street(stored: Stored) -> None:
    supplier = {"id": "GB-COH-7654321", "name": "Hazel Joinery Ltd", "roles": ["supplier"],
                "address": {"streetAddress": "Unit 2, Mill Lane, Stevenage, sg1 1aa"}, "details": {"scale": "sme", "vcse": False}}  # fmt: skip
    one = release(
        award("u-1", 33_000, suppliers=[{"id": supplier["id"], "name": supplier["name"]}]),
        award("u-2", 5, suppliers=[{"name": "Not awarded to supplier"}]),
        ocid="ocds-b5fd17-u", number="u-77", parties=[supplier],
        tender={"title": "Doors", "contractPeriod": {"startDate": "2026-06-01T00:00:00+01:00", "endDate": "2027-05-31"}},
    )  # fmt: skip
    table, (report, *_) = stored.of(p_json=[one])
    row = table.iloc[0]
    assert (row["notice_source"], row["notice_type"], row["value_gbp"], row["value_basis"]) == (
        "Contracts Finder", "award", 33_000, "not stated",
    )  # fmt: skip
    assert (row["company_number"], row["postcode"], row["is_sme"], str(row["end_date"])) == (
        "07654321", "SG1 1AA", True, "2027-05-31",
    )  # fmt: skip
    assert report.notes == ("1 award not counted: no supplier is named",)


def test_the_csv_and_the_json_of_one_award_of_contracts_finder_count_once(stored: Stored) -> None:
    csv = "buyer_name,award_id,date,value_amount,datePublished,supplier_name\nOldmere Borough Council,u-1,2026-05-06,50000,2026-05-08,Hazel Joinery Ltd\n"
    one = release(award("u-1"), ocid="ocds-b5fd17-u", number="u-77", tender={"title": "Doors"})
    table, _ = stored.of(p_json=[one], a_csv=csv)
    assert list(table["value_gbp"]) == [50_000]


EXPORT = (
    "Notice Identifier,Notice Type,Organisation Name,Status,Published Date,Title,Contract start date,Contract end date,"
    "Awarded Date,Awarded Value,Supplier [Name|Address|Ref type|Ref Number|Is SME|Is VCSE]\n"
)


def test_the_search_export_of_contracts_finder_is_read(stored: Stored) -> None:
    rows = (
        "N1,Contract,Oldmere Borough Council,Awarded,2026-05-08,Doors,2026-06-01,2027-05-31,2026-05-06,1000,"
        '"[Hazel Joinery Ltd|Unit 2, Stevenage SG1 1AA|COMPANIES_HOUSE|7654321|Yes|No][Elm Glass|1 Road AL1 1AA|NONE||No|Yes]"\n'
        "N2,Contract,Oldmere Borough Council,Withdrawn,2026-05-09,Gates,,,2026-05-06,900,[Elm Glass|1 Road AL1 1AA|NONE||No|Yes]\n"
        "N3,Contract,Oldmere Borough Council,Open,2026-05-09,Roofs,,,,,\n"
    )
    table, (report,) = stored.of(a_csv=EXPORT + rows)
    columns = ["supplier_name", "company_number", "postcode", "value_gbp", "supplier_count", "is_sme"]
    assert table[columns].fillna("not stated").to_numpy().tolist() == [
        ["Hazel Joinery Ltd", "07654321", "SG1 1AA", 1000, 2, True],
        ["Elm Glass", "not stated", "AL1 1AA", 1000, 2, False],
    ]
    assert [(r.row, r.reason) for r in report.refusals] == [
        (3, "the award is cancelled, unsuccessful, withdrawn or terminated"),
        (4, "no supplier was awarded"),
    ]


# --- one bad release, and files of which nothing is kept --------------------------------------------------------


def test_numbers_such_as_000_cost_nothing(stored: Stored) -> None:
    text = json.dumps({"releases": [release(award("1", 12_345))]}).replace("12345", "0012345")
    table, (report, *_) = stored.of(p_json=text.replace('"B"', "000"))
    assert list(table["value_gbp"]) == [12_345]
    assert report.notes == ("numbers that JSON does not allow, such as 007 or 25., were read",)


@pytest.mark.parametrize(
    ("said", "pounds"), [("2200.", 2200), ("+2200.50", 2200.5), ("22.e2", 2200), ("+.22e+4", 2200)]
)
def test_numbers_are_read_as_people_write_them(said: str, pounds: float, stored: Stored) -> None:
    text = json.dumps({"releases": [release(award("1", 12_345, title="5. floor, +.5"))]}).replace("12345", said)
    table, _ = stored.of(p_json=text)
    assert list(table["value_gbp"]) == [pounds]
    assert list(table["title"]) == ["5. floor, +.5"]


@pytest.mark.parametrize(
    ("encoding", "notes"),
    [("cp1252", ("bytes that are not UTF-8 were read as Windows-1252",)), ("utf-16", ()), ("utf-8-sig", ())],
)
def test_a_page_in_another_encoding_is_read(encoding: str, notes: tuple[str, ...], tmp_path: Path) -> None:
    path = tmp_path / "p.json"
    text = json.dumps({"releases": [release(award(title="Café"))]}, ensure_ascii=False)
    path.write_bytes(text.encode(encoding))
    read = notices.read_notices(RawFile.of(path))
    assert list(read.awards["title"]) == ["Café"]
    assert read.report.notes == notes


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"%PDF-1.7\n", "it is a PDF. Download the notice as JSON"),
        (b"\x1f\x8b\x08\x00", "it is packed with gzip. Unpack it"),
        (b"PK\x03\x04\x00", "it is a zip archive or a workbook. Unpack it"),
        (b"\n<html>rate limited", "it is a web page or XML"),
        (b" \r\n", "the file is empty. Fetch it again"),
        (
            json.dumps({"releases": [release(award())]}).encode()[:-90],
            "it is not JSON, or breaks off. Fetch it again",
        ),
        (b'{"noticeList": []}', "not an OCDS release package"),
    ],
)
def test_a_file_that_is_no_notices_is_told_as_what_it_is(content: bytes, said: str, tmp_path: Path) -> None:
    path = tmp_path / "p.json"
    path.write_bytes(content)
    assert str(notices.read_notices(RawFile.of(path)).report.error).startswith(f"p.json: {said}")


def test_a_line_that_broke_off_is_to_be_fetched_again(tmp_path: Path) -> None:
    path = tmp_path / "p.jsonl"
    line = json.dumps(release(award()))
    path.write_text(f"{line}\n{line[:200]}", encoding="utf-8")
    (refusal,) = notices.read_notices(RawFile.of(path)).report.refusals
    assert refusal.remedy.startswith("Fetch the file again")


@pytest.mark.parametrize(
    "odd",
    [
        {"buyer": {"id": 7, "name": "Oldmere Borough Council"}},
        {"tag": 3},
        {"parties": [{"id": {}, "roles": 5}]},
        {"awards": [award("1", 10**400)]},
        {"awards": [award(1, suppliers=[{"name": 42}], relatedLots=[{}], date=2026)]},
        {"tender": {"title": {}, "lots": 9, "documents": [{"noticeType": "UK6", "id": []}]}},
    ],
)
def test_whatever_one_release_holds_the_others_are_read(odd: Release, stored: Stored) -> None:
    strange = release(award(), ocid="ocds-h6vhtk-0a0005") | odd
    table, (report, *_) = stored.of(p_json=[strange, 5, release(award("1", 8_000))])
    assert 8_000 in list(table["value_gbp"])
    assert [r.row for r in report.refusals][-1] == 2


def test_a_file_of_which_nothing_is_kept_is_a_failure(tmp_path: Path) -> None:
    folder = tmp_path / "notices"
    folder.mkdir()
    (folder / "p.json").write_text(json.dumps({"releases": [{"id": "1"}, {"id": "2"}]}), encoding="utf-8")
    (folder / "q.json").write_text(json.dumps({"releases": []}), encoding="utf-8")
    refused, empty = check_paths([tmp_path])
    assert (refused.rows, refused.refused) == (2, 2)
    assert "p.json: nothing of it can be used (no ocid: 2)" in str(refused.error)
    assert (empty.error, empty.notes) == (None, ("the file holds no releases",))


def test_one_award_with_an_impossible_date_leaves_the_others(stored: Stored) -> None:
    table, (report, *_) = stored.of(p_json=[release(award("1", date="2044-01-01"), award("2", 6_000))])
    assert list(table["value_gbp"]) == [6_000]
    assert report.notes == ("1 award not counted: award dated over a year after its notice, or before 2000",)


# --- pounds ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ({"amount": 900_000, "currency": "USD"}, "900000 USD"),
        ({"amount": 900_000, "currency": "eur"}, "900000 eur"),
        ({"amount": "50,000 - 90,000", "currency": "GBP"}, "50,000 - 90,000"),
        ({"amount": 0.01, "currency": "GBP"}, "£1 or less, which stands for no value"),
        ({"amount": 1, "amountGross": 1.2, "currency": "GBP"}, "£1 or less, which stands for no value"),
        ({"amount": 1, "amountGross": 1, "currency": "GBP"}, "£1 or less, which stands for no value"),
        ({"amount": 0}, "£1 or less, which stands for no value"),
    ],
)
def test_other_currencies_and_placeholders_are_no_pounds(value: Release, why: str, stored: Stored) -> None:
    table, (report, *_) = stored.of(p_json=[release(award(value=value))])
    assert table["value_gbp"].isna().all()
    if why.startswith("£1"):
        assert report.notes == (f"value not stated in pounds for 1 award: {why}",)
    else:
        assert [(one.column, one.rows, one.examples) for one in report.unread] == [("amount", 1, (why,))]


def test_what_is_signed_in_dollars_is_no_pounds_whatever_was_estimated(stored: Stored) -> None:
    signed = [
        {"id": str(n), "awardID": "1", "value": {"amount": 5_000, "currency": c}}
        for n, c in enumerate(("GBP", "USD"))
    ]
    contract = release(award("1", 8_000), contracts=signed, tender=tender(kind="UK7"))
    table, (report, *_) = stored.of(p_json=[contract])
    assert table["value_gbp"].isna().all()
    assert [one.examples for one in report.unread] == [("5000 USD",)]


def test_dates_numbers_and_postcodes_that_a_release_states_and_that_are_none_are_told(stored: Stored) -> None:
    parties = [
        {"id": "S", "roles": ["supplier"], "name": "Elm Glass", "identifier": {"scheme": "GB-COH", "id": "see annex"},
         "address": {"postalCode": "SG1", "country": "GB"}, "contactPoint": {"telephone": "Jane 01234"}},
        {"id": "F", "roles": ["supplier"], "name": "Glas GmbH", "address": {"postalCode": "10115", "country": "DE"}},
    ]  # fmt: skip
    told = award(contractPeriod={"startDate": "spring", "endDate": "2027-03-31T00:00:00Z"})
    _, (report, *_) = stored.of(p_json=[release(told, parties=parties)])
    assert {one.column: one.examples for one in report.unread} == {
        "startDate": ("spring",), "company number": ("see annex",), "postalCode": ("SG1",),
    }  # fmt: skip


def test_a_csv_of_awards_counts_pounds_only(stored: Stored) -> None:
    head = "buyer_name,award_id,date,value_amount,value_currency,datePublished,supplier_name\n"
    values = ["900000,USD", "£1.00,GBP", "0.01,GBP", "€5000,", "0,GBP", "25000,gbp", "7000,"]
    rows = [f"Oldmere,a{n},2026-05-06,{value},2026-05-08,Elm Glass" for n, value in enumerate(values)]
    table, (report,) = stored.of(a_csv=head + "\n".join(rows))
    assert [None if pd.isna(v) else v for v in table["value_gbp"]] == [None, None, None, None, None, 25_000, 7_000]
    assert (report.kept, report.gbp_kept) == (7, 32_000)
    assert [(one.column, one.rows, one.examples) for one in report.unread] == [
        ("value", 2, ("900000 USD", "€5000"))
    ]
    assert report.notes == (
        "2 values not stated in pounds: £1 or less, which stands for no value (first: row 3, '£1.00')",
    )


def test_a_second_lot_with_the_id_of_the_first_is_a_second_award(stored: Stored) -> None:
    head = "buyer_name,award_id,title,date,value_amount,datePublished,supplier_name,status\n"
    rows = (
        "Oldmere,a1,Lot 1,2026-05-06,100000,2026-05-08,Elm Glass,active\n"
        "Oldmere,a1,Lot 2,2026-05-06,200000,2026-05-08,Elm Glass,active\n"
        "Oldmere,a1,Lot 2,2026-05-06,200000,2026-05-08,Hazel Joinery Ltd,active\n"
        "Oldmere,a1,Lot 2,2026-05-06,200000,2026-05-08,Elm Glass,active\n"
        "Oldmere,a2,,2026-05-06,70000,2026-05-08,Elm Glass,active\n"
        "Oldmere,a2,,2026-05-06,70000,2026-06-08,Elm Glass,Cancelled\n"
    )
    table, (report,) = stored.of(a_csv=head + rows)
    once = table.drop_duplicates("award_key")
    assert once[["value_gbp", "supplier_count"]].to_numpy().tolist() == [[100_000, 1], [200_000, 2]]
    assert report.duplicates == 1
    assert [(r.row, r.reason) for r in report.refusals] == [
        (6, "published anew by a later row"),
        (7, "the award is cancelled, unsuccessful, withdrawn or terminated"),
    ]


def test_a_later_file_takes_an_award_back_or_corrects_it(stored: Stored) -> None:
    head = "buyer_name,award_id,date,value_amount,datePublished,supplier_name,status\n"
    may = "Oldmere,a1,2026-05-06,100,2026-05-08,Elm Glass,active\nOldmere,a2,2026-05-06,200,2026-05-08,Elm Glass,active\n"
    june = "Oldmere,a1,2026-05-06,,2026-06-08,,cancelled\nOldmere,a2,2026-05-06,250,2026-06-08,Elm Glass,active\n"
    table, (first, second) = stored.of(june_csv=head + june, may_csv=head + may)
    assert list(table["value_gbp"]) == [250]
    assert first.refused_by_reason() == {"the award is cancelled, unsuccessful, withdrawn or terminated": 1}
    assert second.refused_by_reason() == {"published anew by a later row": 2}
    # They are read rightly: a file of them is no failure, one of which nothing can be read is.
    assert second.error is None
    _, (broken,) = stored.of(b_csv=head + "Oldmere,a3,TBC,9,2026-05-08,Elm Glass,active\n")
    assert "b.csv: nothing of it can be used (award date cannot be read: 1)" in str(broken.error)


# --- buyers ---------------------------------------------------------------------------------------------------


def test_every_party_that_buys_is_a_buyer(tmp_path: Path) -> None:
    joint = release(award())
    joint["parties"] += [
        {"id": "H", "name": "Oldmere Hospital Trust", "roles": ["buyer"]},
        {"id": "C", "name": "Oldmere College", "roles": ["Buyer", "supplier"]},
    ]
    path = tmp_path / "p.json"
    path.write_text(json.dumps({"releases": [joint]}), encoding="utf-8")
    read = notices.read_notices(RawFile.of(path))
    for table in (read.notices, read.awards):
        assert len(table) == 1
        assert table.loc[0, "buyer_name"] == "Oldmere Borough Council"
        assert json.loads(table.loc[0, "other_buyers"]) == [
            {"name": "Oldmere Hospital Trust", "id": "H"},
            {"name": "Oldmere College", "id": "C"},
        ]


def test_a_purchase_that_a_later_notice_ends_is_marked(stored: Stored) -> None:
    open_notice = release(
        number="000101-2026", day="2026-03-01", tag=["tender"], tender=tender("000101-2026", "UK4")
    )
    ends = release(
        number="000301-2026", day="2026-06-01", tag=["tenderCancellation"], tender=tender("000301-2026", "UK12")
    )
    other = release(
        number="000102-2026", tag=["tender"], ocid="ocds-h6vhtk-0a0002", tender=tender("000102-2026", "UK4")
    )
    stored.of(p_json=[open_notice, other, ends])
    table = pd.read_parquet(stored.folder / "notices.parquet")
    assert table.set_index("notice_id")["is_withdrawn"].fillna(value=False).to_dict() == {
        "000101-2026": True, "000102-2026": False, "000301-2026": True,
    }  # fmt: skip


def test_a_purchase_stays_until_each_of_its_lots_has_ended_or_is_awarded(stored: Stored) -> None:
    open_notice = release(
        number="000101-2026",
        day="2026-03-01",
        tag=["tender"],
        tender=tender("000101-2026", "UK4", lots=lots("L1", "L2")),
    )

    def left(*later: Release) -> tuple[bool, str | None]:
        stored.of(p_json=[open_notice, *later])
        row = pd.read_parquet(stored.folder / "notices.parquet").set_index("notice_id").loc["000101-2026"]
        return row["is_withdrawn"] is True, None if row["awarded_date"] is None else str(row["awarded_date"])

    ends = cancels("000301-2026", "2026-06-01", L1="cancelled")
    assert left(ends) == (False, None)
    assert left(ends, cancels("000302-2026", "2026-06-09", L2="cancelled"))[0]
    of_second = release(award(relatedLots=["L2"]), number="000303-2026", day="2026-06-10")
    assert left(of_second) == (False, None)
    assert left(of_second, ends) == (False, "2026-06-10")
    assert left(release(award(), number="000303-2026", day="2026-06-10")) == (False, "2026-06-10")
    # An award that was none leaves the purchase open, and so does one before it was told anew.
    assert left(release(award(status="unsuccessful"), number="000303-2026", day="2026-06-10")) == (False, None)
    assert left(release(award(), number="000099-2026", day="2026-02-10")) == (False, None)


JOINT_SETTINGS = """
baseline = "2026-27"
[council]
name = "Oldmere Borough Council"
home_district = "E07000243"
buyer_names = ["Oldmere Borough Council"]
[local]
name = "Stevenage"
districts = ["E07000243"]
[[anchors]]
name = "Oldmere Hospital"
kind = "nhs"
aliases = ["Oldmere Hospital Trust"]
[[anchors]]
name = "Oldmere College"
kind = "college"
aliases = ["Oldmere College"]
buyer_ids = ["C"]
"""


def test_a_joint_award_is_one_of_each_body_that_made_it(council: Callable[..., Path], tmp_path: Path) -> None:
    """A consortium nobody knows leads; the council, a hospital by name and a college by id buy with it."""
    joint = release(award("1", 90_000), buyer={"id": "X", "name": "Buying Consortium"})
    joint["parties"] += [
        {"id": "H", "name": "Oldmere Hospital Trust", "roles": ["buyer"]},
        {"id": "C", "name": "The College", "roles": ["buyer"]},
    ]
    other = release(
        award("1", 1_000), ocid="ocds-h6vhtk-0a0002", buyer={"id": "Y", "name": "Elsewhere"}, parties=[]
    )
    path = tmp_path / "joint.json"
    path.write_text(json.dumps({"releases": [joint, other]}), encoding="utf-8")
    folder = council(JOINT_SETTINGS, notices=[path])
    prepare_lines(load_config(folder / "cwb.toml"))
    data = open_data("x", "2026-27", str(folder / "cwb.toml"))
    lines = data.sql("SELECT body, is_own, value_part_gbp FROM award_lines ORDER BY value_part_gbp, body")
    assert [
        (body if isinstance(body, str) else None, own, float(part))
        for body, own, part in lines.to_numpy().tolist()
    ] == [
        (None, False, 1_000),
        ("Oldmere Borough Council", True, 90_000),
        ("Oldmere College", False, 90_000),
        ("Oldmere Hospital", False, 90_000),
    ]
    together = awards_by_body(data)
    assert (together["anchor_award_count"].value, list(together.table["awards"])) == (1, [1, 1, 1])
    assert together.figure().says == (
        "Awards that several of these bodies made together (1) stand at each of them and count once among all.",
        "No award notices were supplied: there may be more awards.",
    )
    # Between the bodies it is one agreement, and one notice of the council.
    assert data.sql("SELECT body, value_gbp FROM agreement_lines")["body"].tolist() == ["Oldmere Borough Council"]
    assert sorted(data.sql("SELECT is_own FROM notices")["is_own"]) == [False, True]


NET = {"amount": 100_000, "amountGross": 120_000, "currency": "GBP"}
GROSS = {"amountGross": 60_000, "currency": "GBP"}


@pytest.mark.parametrize(
    ("changes", "net", "gross"),
    [
        ({"value": NET}, 100_000, 120_000),
        ({"value": GROSS}, 60_000, 60_000),
        ({"value": {"amount": 100_000}}, 100_000, None),
        ({"value": {"amountGross": 1.2}}, None, None),
        ({"lots": [{"id": "1", "value": NET}, {"id": "2", "value": NET}]}, 200_000, 240_000),
        # One lot does not say what it is with VAT, so neither does the whole.
        ({"lots": [{"id": "1", "value": NET}, {"id": "2", "value": {"amount": 5_000}}]}, 105_000, None),
        ({"value": {**NET, "currency": "USD"}}, None, None),
    ],
)
def test_an_open_tender_states_its_value_without_and_with_vat(
    changes: Release, net: float | None, gross: float | None, tmp_path: Path
) -> None:
    own = {"id": "000201-2026", "noticeType": "UK4", "url": "https://example.org/Notice/000201-2026"}
    asked = release(
        tender=tender(kind="UK4", documents=[{"id": "1", "url": "https://example.org/plan.pdf"}, own], **changes)
    )
    path = tmp_path / "open.json"
    path.write_text(json.dumps({"releases": [asked | {"tag": ["tender"]}]}), encoding="utf-8")
    notice = notices.read_notices(RawFile.of(path)).notices.iloc[0]
    assert (notice["value_gbp"], notice["value_gross_gbp"]) == (net, gross)
    assert notice["notice_url"] == own["url"]


def test_an_award_is_worth_the_gross_amount_of_its_contracts_together(stored: Stored) -> None:
    signed = [{"id": str(n), "awardID": "1", "dateSigned": "2026-05-06", "value": NET} for n in (1, 2)]
    told = release(award("1", value=GROSS), contracts=signed, tender=tender(kind="UK7"), tag=["contract"])
    table, _ = stored.of(p_json=[told])
    assert table[["value_gbp", "value_gross_gbp"]].to_numpy().tolist() == [[200_000, 240_000]]
    table, _ = stored.of(p_json=[release(award("1", value=GROSS))])
    assert table[["value_gbp", "value_gross_gbp"]].to_numpy().tolist() == [[60_000, 60_000]]


@pytest.mark.parametrize(("as_of", "is_open"), [("", False), ("2026-06-30", False), ("2026-05-31", True)])
def test_what_is_withdrawn_after_the_reports_day_was_open_on_it(
    as_of: str, is_open: bool, council: Callable[..., Path], tmp_path: Path
) -> None:
    period = {"tenderPeriod": {"endDate": "2027-06-01T12:00:00Z"}}
    asked = release(
        number="000101-2026", day="2026-03-01", tag=["tender"], tender=tender("000101-2026", "UK4", **period),
        buyer={"id": "B", "name": "Oldmere Borough Council"},
    )  # fmt: skip
    ends = release(
        number="000301-2026", day="2026-06-01", tag=["tenderCancellation"], tender=tender("000301-2026", "UK12"),
        buyer={"id": "B", "name": "Oldmere Borough Council"},
    )  # fmt: skip
    path = tmp_path / "open.json"
    path.write_text(json.dumps({"releases": [asked, ends]}), encoding="utf-8")
    day = f"[report]\nas_of = {as_of}\n" if as_of else ""
    folder = council(f"{JOINT_SETTINGS}{day}", notices=[path])
    data = open_data("x", "2025-26", str(folder / "cwb.toml"))
    if is_open:
        assert len(planned_purchases(data)) == 1
    else:
        with pytest.raises(Undefined):
            planned_purchases(data)
