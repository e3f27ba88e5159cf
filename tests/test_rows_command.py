"""`cwb rows` as an officer calls it: files that open, near names for slips, nothing half written."""

from __future__ import annotations

import csv
import io
import json
from decimal import Decimal
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from typer.testing import CliRunner

from cwb.base.errors import CwbError
from cwb.base.privacy import TITLE_WITHHELD, WITHHELD
from cwb.cli import app
from cwb.evidence.finding import Finding
from cwb.publish import rows as rows_module
from cwb.publish.rows import FoundRows, ask_rows, write_rows

QUARTER = "2026-27-Q2"


@pytest.fixture
def config(project: Path) -> Path:
    return project / "cwb.toml"


def findings(project: Path) -> dict[str, dict[str, object]]:
    told = json.loads((project / "reports" / QUARTER / "findings.json").read_text(encoding="utf-8"))
    return {f["id"]: f for f in told}


def test_the_csv_adds_up_to_what_the_report_states(project: Path, config: Path, tmp_path: Path) -> None:
    target = tmp_path / "rows.csv"
    write_rows(ask_rows("local_share", QUARTER, {}, False, config), target)
    rows = list(csv.DictReader(io.StringIO(target.read_text(encoding="utf-8-sig"))))
    assert list(rows[0]) == ["thing", "part", "weight", "lines", "source_file", "source_sheet", "source_row"]
    of = {part: sum(Decimal(r["weight"]) for r in rows if r["part"] == part) for part in ("in", "out", "unknown")}
    stated = findings(project)["local_share"]
    assert float(of["in"] / sum(of.values())) == pytest.approx(stated["value"], abs=1e-9)
    assert sum(of.values()) == Decimal(str(stated["of"]))


@pytest.mark.parametrize(
    "finding", ["local_share", "home_supplier_change", "one_off_spend", "award_local_count", "rows_in"]
)
def test_a_workbook_holds_the_rows_and_how_the_number_follows(finding: str, config: Path, tmp_path: Path) -> None:
    target = tmp_path / "rows.xlsx"
    found = ask_rows(finding, QUARTER, {}, False, config)
    write_rows(found, target)
    book = openpyxl.load_workbook(target)
    assert book.sheetnames == ["Rows", "How it is calculated"]
    assert book["Rows"].max_row == len(found.frame) + 1
    about = {row[0]: row[1] for row in book["How it is calculated"].iter_rows(values_only=True)}
    assert about["Id"] == finding
    assert about["Definition"]
    assert about["From these rows"]
    assert about.get("To be read with it", "") == " ".join(found.finding.caveats)
    assert not list(tmp_path.glob("*.part"))


def test_lines_instead_of_things(config: Path) -> None:
    lines = ask_rows("total_spend", QUARTER, {}, True, config).frame
    things = ask_rows("total_spend", QUARTER, {}, False, config).frame
    assert sum(lines["amount_gbp"]) == sum(things["weight"])
    assert len(lines) == things["lines"].sum()
    # Keys and purposes may hold a person's name: they stay behind.
    assert not {"supplier_key", "payee_key", "purpose", "supplier_id"} & set(lines.columns)


def test_where_keeps_a_part(config: Path) -> None:
    part = ask_rows("total_spend", QUARTER, {"category": "Construction work"}, True, config)
    assert set(part.frame["category"]) == {"Construction work"}
    assert "Only lines with category = Construction work" in part.summary[-1]


def test_what_is_not_known_gives_the_rows_that_would_settle_it(config: Path) -> None:
    found = ask_rows("plan_spend_share", QUARTER, {}, False, config)
    assert set(found.frame["part"]) == {"unknown"}
    assert "would settle it" in " ".join(found.summary)
    weights = [abs(weight) for weight in found.frame["weight"]]
    assert weights == sorted(weights, reverse=True)


def test_a_change_since_a_period_has_rows(project: Path, config: Path) -> None:
    found = ask_rows("local_share_since_2026-27-Q1", QUARTER, {}, False, config)
    assert {"weight_now", "weight_then"} <= set(found.frame.columns)
    assert found.finding.value == pytest.approx(findings(project)["local_share_since_2026-27-Q1"]["value"])


@pytest.mark.parametrize(
    ("finding", "why"),
    [
        ("rows_in_since_2025-26-Q2", "it is of today's files alone"),
        ("top_ten_share_since_2025-26-Q2", "it is of today's files alone"),
        ("home_supplier_change_since_2025-26-Q2", "it is of today's files alone"),
        ("total_spend_since_2019-20-Q2", "months are missing in Q2 2019/20"),
        ("total_spend_since_2023-24", "a quarter is not compared with a year"),
        ("local_share_since_2026-27-Q2", "it is the baseline itself"),
    ],
)
def test_what_cannot_be_compared_is_refused(finding: str, why: str, config: Path) -> None:
    with pytest.raises(CwbError, match=why):
        ask_rows(finding, QUARTER, {}, False, config)


def test_a_title_does_not_give_back_a_withheld_name(config: Path) -> None:
    """Titles of awards often name who won: where a supplier is withheld, so is the title, in things and in lines."""
    for finding in ("anchor_award_count", "register_count"):
        lines = ask_rows(finding, "2024-25", {}, True, config).frame
        withheld = lines[lines["display_name"] == WITHHELD]
        assert set(withheld["title"]) <= {TITLE_WITHHELD}
        assert not {"org_id", "contract_key"} & set(lines.columns)
    assert TITLE_WITHHELD in set(ask_rows("anchor_award_count", "2024-25", {}, False, config).frame["thing"])


@pytest.mark.parametrize(
    ("finding", "period", "where", "said"),
    [
        ("local_shar", QUARTER, {}, "no finding of this name (found 'local_shar'). Similar ones: local_share"),
        ("local_share", "2026-27-Q5", {}, "a period is a financial year or a quarter of one"),
        ("local_share", "2012-13", {}, "The raw files hold quarters from"),
        (
            "local_share",
            QUARTER,
            {"departmnt": "x"},
            "no column of this name (found 'departmnt'). Similar ones: department",
        ),
        ("local_share", QUARTER, {"supplier_key": "x"}, "no column of this name"),
        ("local_share", QUARTER, {"category": "Construction wrk"}, "Similar ones: Construction work"),
        ("local_share_gross", QUARTER, {}, "has no rows: no file of the period states amounts with VAT"),
    ],
)
def test_a_slip_names_the_near_ones(
    finding: str, period: str, where: dict[str, str], said: str, config: Path
) -> None:
    with pytest.raises(CwbError) as told:
        ask_rows(finding, period, where, False, config)
    assert said in str(told.value)


def small(count: int = 1) -> FoundRows:
    frame = pd.DataFrame({"thing": ["=1+1"] * count, "part": ["in"] * count, "weight": [Decimal("-2.50")] * count})
    return FoundRows(Finding("total_spend", "p", QUARTER, "gbp", -2.5), frame, ("as shown",))


def test_nothing_that_a_spreadsheet_would_run(tmp_path: Path) -> None:
    write_rows(small(), tmp_path / "rows.csv")
    assert "'=1+1,in,-2.50" in (tmp_path / "rows.csv").read_text(encoding="utf-8-sig")
    write_rows(small(), tmp_path / "rows.xlsx")
    cell = openpyxl.load_workbook(tmp_path / "rows.xlsx")["Rows"]["A2"]
    assert (cell.value, cell.data_type) == ("=1+1", "s")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("rows.pdf", "rows are written as .xlsx or .csv"),
        ("nowhere/rows.csv", "there is no folder nowhere"),
        ("folder.csv", "this is a folder"),
    ],
)
def test_a_target_that_cannot_be_written(name: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(CwbError, match=said):
        write_rows(small(), tmp_path / name)


def test_more_rows_than_a_sheet_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows_module, "MOST_ROWS", 3)
    with pytest.raises(CwbError, match=r"a worksheet holds 3 rows, and these are 4\. Write them as CSV"):
        write_rows(small(4), tmp_path / "rows.xlsx")
    assert list(tmp_path.iterdir()) == []
    write_rows(small(4), tmp_path / "rows.csv")
    write_rows(small(3), tmp_path / "rows.xlsx")


def test_a_write_that_breaks_leaves_the_earlier_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "rows.csv"
    write_rows(small(), target)
    before = target.read_bytes()

    def broken(self: FoundRows) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(FoundRows, "csv", broken)
    with pytest.raises(CwbError, match="it cannot be written: No space left on device"):
        write_rows(small(), target)
    assert target.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["rows.csv"]


def test_the_command_as_called(config: Path, tmp_path: Path) -> None:
    run = CliRunner()
    piped = run.invoke(app, ["rows", "local_share", "--period", QUARTER, "--config", str(config)])
    assert piped.exit_code == 0
    assert "thing,part,weight" in piped.stdout
    wrong = run.invoke(
        app, ["rows", "local_share", "--period", QUARTER, "--where", "Housing", "--config", str(config)]
    )
    assert isinstance(wrong.exception, CwbError)
    assert "Write it as department=Housing" in str(wrong.exception)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("local_share", "-o", "rows.txt"), "rows are written as .xlsx or .csv"),
        (("local_share", "-o", "nowhere/rows.csv"), "there is no folder nowhere"),
        (("local_shrae",), "no finding of this name"),
        (("local_share_since_yesterday",), "yesterday"),
        (("referral_count",), "is a number of people"),
    ],
)
def test_what_cannot_be_is_told_before_any_table_is_made(
    given: tuple[str, ...], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(rows_module, "load_config", lambda _: None)
    monkeypatch.setattr(rows_module, "prepare_lines", lambda *_: pytest.fail("tables are made"))
    done = CliRunner().invoke(app, ["rows", *given, "--period", "2025-26"])
    assert said in str(done.exception)
