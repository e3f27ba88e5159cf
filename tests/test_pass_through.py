"""Decisions on money passed on: of which years they hold, and whose ledger they are about."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from cwb.evidence.data import open_data
from cwb.lines.suggested import HEADINGS, write_suggested
from cwb.packs.anchor_collaboration.bodies import bodies, exhibit

CASES = Path(__file__).parent / "cases"
TOML = (CASES / "pack_04" / "cwb.toml").read_text(encoding="utf-8")
HEAD = "Body,Supplier name,Kind,Decision,Reason,Approved by (role),Approved on,First financial year,Last financial year"
SPEND = "Supplier Name,Payment Date,Net Amount\n" + "".join(
    f"Shire Fund,14/04/{year},1000.00\n" for year in (2021, 2022, 2023, 2024)
)
OTHERS = "Supplier Name,Payment Date,Net Amount,Entity\nShire Fund,14/04/2023,9000.00,{0}\nHMRC,15/04/2023,4000.00,{0}\nClay Ltd,16/04/2023,500.00,{0}\n"


def folder(council: Callable[..., Path], tmp_path: Path, rows: str, toml: str = TOML, **more: str) -> Path:
    files = {}
    for name, text in {"spend": SPEND, "pass_through": f"{HEAD}\n{rows}", **more}.items():
        path = tmp_path / f"{name}.csv"
        path.write_text(text, encoding="utf-8")
        files[name] = [path]
    return council(toml, **files)


@pytest.mark.parametrize(
    ("approved", "first", "last", "as_of", "years"),
    [
        # Decided in 2023-24: the years that had ended by then stay as they were published.
        ("01/05/2023", "", "", "", [2023, 2024]),
        ("31/03/2024", "", "", "", [2023, 2024]),
        ("01/04/2024", "", "", "", [2024]),
        # Meant: the row says from when, or until when.
        ("01/05/2023", "2021-22", "", "", [2021, 2022, 2023, 2024]),
        ("01/05/2023", "2022-23", "2022-23", "", [2022]),
        ("01/05/2024", "", "2022-23", "", [2021, 2022]),
        # The report's day says of all.
        ("01/05/2024", "", "", "2024-05-01", [2021, 2022, 2023, 2024]),
        ("02/05/2024", "2021-22", "", "2024-05-01", []),
    ],
)
def test_a_decision_changes_no_year_that_had_ended_unless_it_says_so(
    approved: str,
    first: str,
    last: str,
    as_of: str,
    years: list[int],
    council: Callable[..., Path],
    tmp_path: Path,
) -> None:
    toml = f"{TOML}\n[report]\nas_of = {as_of}\n" if as_of else TOML
    at = folder(
        council, tmp_path, f",Shire Fund,precept,pass-through,Collected,Officer,{approved},{first},{last}\n", toml
    )
    data = open_data("anchor_collaboration", "2023-24", str(at / "cwb.toml"))
    found = data.rows("SELECT financial_year FROM pass_through_lines ORDER BY 1")
    assert [row["financial_year"] for row in found] == years


def test_a_decision_is_about_the_ledger_of_its_body(council: Callable[..., Path], tmp_path: Path) -> None:
    other = tomllib.loads(TOML)["anchors"][0]
    rows = f"{other['aliases'][0]},shire fund,precept,pass-through,Collected,Officer,01/05/2023,,\n"
    at = folder(council, tmp_path, rows, anchor_spend=OTHERS.format(other["name"]))
    data = open_data("anchor_collaboration", "2023-24", str(at / "cwb.toml"))
    passed = data.rows("SELECT body, amount_gbp, kind FROM pass_through_lines")
    assert [(row["body"], float(row["amount_gbp"]), row["kind"]) for row in passed] == [
        (other["name"], 9000.0, "precept")
    ]
    # The council's own payments to it stay, and HMRC's is suggested.
    assert len(data.rows("SELECT 1 FROM spend_lines")) == 4
    left = data.rows(
        "SELECT supplier_name, suggested_as FROM (SELECT display_name AS supplier_name, suggested_as FROM anchor_lines) ORDER BY 1"
    )
    assert [row["suggested_as"] for row in left] == [None, "tax"]
    said = " ".join(exhibit(bodies(data)).says)
    assert "£9,000 more left these other bodies and bought nothing: money passed on, as decided." in said
    assert "At least £4,000 of what other bodies spent may be money passed on" in said
    path, _ = write_suggested(data.settings, tmp_path, lambda *_: None)
    form = [line.split(",") for line in path.read_text(encoding="utf-8-sig").splitlines()]
    assert [(row[1], row[8], row[HEADINGS.index("Body")]) for row in form[1:]] == [
        ("HMRC", "2023-24", other["name"])
    ]


def test_a_decision_never_fits_all_payees_that_are_not_shown(council: Callable[..., Path], tmp_path: Path) -> None:
    """Payees that are not shown have one name on the form: a decision on it must say words too."""
    spend = (
        "Supplier Name,Payment Date,Net Amount,Purpose\nMoor Pension Scheme,14/04/2024,900.00,Contributions\n"
        "Jane Doe,15/04/2024,80.00,Home repair grant\nAnna Bell,16/04/2024,7.00,Legal advice\n"
        "Clay Ltd,17/04/2024,60.00,Start-up grant for Jane Doe\nClay Ltd,18/04/2024,500.00,Bricks\n"
    )
    (tmp_path / "none").mkdir()
    at = folder(council, tmp_path / "none", "", spend=spend)
    data = open_data("local_supplier_base", "2024-25", str(at / "cwb.toml"))
    path, said = write_suggested(data.settings, tmp_path, lambda *_: None)
    form = [line.split(",") for line in path.read_text(encoding="utf-8-sig").splitlines()]
    assert [row[1:3] for row in form[1:]] == [["Payee not shown", "grant"], ["Clay Ltd", "grant"]]
    assert "of 1 more the payee is not shown" in said


def test_a_row_for_all_who_are_not_shown_is_refused(council: Callable[..., Path], tmp_path: Path) -> None:
    rows = ",Payee not shown,pension,pass-through,Paid on,Officer,01/05/2023,,\n"
    at = folder(council, tmp_path, rows)
    data = open_data("local_supplier_base", "2023-24", str(at / "cwb.toml"))
    (report,) = data.lineage.of("pass_through")
    assert [refused.reason for refused in report.refusals] == ["would fit every payee that is not shown"]
