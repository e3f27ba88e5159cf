"""Cells that name several firms: suppliers of their own where a register lists them all, else "several suppliers"."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from cwb.base.no_name import firms_in
from cwb.evidence.data import open_data

TOML = (Path(__file__).parent / "cases" / "pack_01" / "cwb.toml").read_text(encoding="utf-8")
HEAD = "CompanyName, CompanyNumber,RegAddress.PostTown,RegAddress.PostCode,CompanyCategory,CompanyStatus,DissolutionDate,IncorporationDate,Accounts.AccountCategory,SICCode.SicText_1,PreviousName_1.CompanyName"
REGISTER = "\n".join(
    [HEAD, *(f"{name},0100000{n},TOWN,SG1 1AA,Private Limited Company,Active,,01/04/2015,,62020 - IT," for n, name in enumerate(("ELM CARE LTD", "ASH & SONS LTD", "OAK WORKS LIMITED")))]
)  # fmt: skip
SEVERAL = [
    "Elm Care Ltd; Oak Works Ltd",
    "Elm Care Ltd / Ash & Sons Ltd",
    "Elm Care Ltd, Ash and Sons Limited and Oak Works Ltd",
]
STAY = ["Elm Care Ltd; Yew Ltd", "Elm Care Ltd & others", "Ash & Sons Ltd"]


@pytest.mark.parametrize(
    ("cell", "first"),
    [("A Ltd; B and C Ltd", ("A Ltd", "B and C Ltd")), ("A Ltd, B and C Ltd", ("A Ltd", "B and C Ltd")), ("A Ltd and B Ltd", ("A Ltd", "B Ltd"))],
)  # fmt: skip
def test_the_surest_way_to_part_a_cell_comes_first(cell: str, first: tuple[str, ...]) -> None:
    assert next(firms_in(cell)) == first


def test_firms_on_a_register_are_suppliers_of_their_own(council: Callable[..., Path], tmp_path: Path) -> None:
    contracts = [
        "Contract Reference,Contract Title,Supplier Name,Start Date,End Date,Contract Value,Company Number"
    ]
    contracts += [
        f'R{n},Job {n},"{cell}",14/04/2023,13/04/2025,900,09999999' for n, cell in enumerate([*SEVERAL, *STAY])
    ]
    awards = ["Award ID,Buyer Name,Title,Date,Value Amount,Supplier Name"]
    awards += [
        f'A{n},Small Council,Job {n},2023-05-02,100.00,"{cell}"' for n, cell in enumerate([*SEVERAL, *STAY])
    ]
    spend = [
        "Supplier Name,Payment Date,Net Amount",
        f'"{SEVERAL[0]}",14/04/2023,50.00',
        "Elm Care Ltd,15/04/2023,7.00",
    ]
    files = {}
    for name, text in {"contracts": contracts, "awards": awards, "spend": spend, "companies": [REGISTER]}.items():
        path = tmp_path / f"{'BasicCompanyData-2023-03-01' if name == 'companies' else name}.csv"
        path.write_text("\n".join(text), encoding="utf-8")
        files[name] = [path]
    data = open_data("local_supplier_base", "2023-24", str(council(TOML, **files) / "cwb.toml"))
    found = data.rows("SELECT contract_reference, match_status, org_id FROM contract_lines ORDER BY 1, 3")
    by_contract = {
        f"R{n}": [r["match_status"] for r in found if r["contract_reference"] == f"R{n}"] for n in range(6)
    }
    assert [len(by_contract[f"R{n}"]) for n in range(6)] == [2, 2, 3, 1, 1, 1]
    assert {status for n in range(3) for status in by_contract[f"R{n}"]} == {"matched"}
    assert [status for n in (3, 4) for status in by_contract[f"R{n}"]] == ["no match", "no match"]
    parts = data.rows("SELECT award_key, supplier_count, value_part_gbp FROM award_lines ORDER BY 1, 3")
    assert [(row["supplier_count"], float(row["value_part_gbp"])) for row in parts if row["award_key"].endswith("A2")] == [
        (3, 33.33), (3, 33.33), (3, 33.34),
    ]  # fmt: skip
    # A payment says nothing of how it is divided.
    paid = data.rows("SELECT supplier_key, amount_gbp FROM spend_lines ORDER BY amount_gbp")
    assert [(row["supplier_key"] is None, float(row["amount_gbp"])) for row in paid] == [
        (False, 7.0),
        (True, 50.0),
    ]
    (ledger,) = data.lineage.of("spend")
    assert "1 row (£50.00) to several suppliers at once: in totals, and no supplier's" in ledger.notes
