"""Every source: rows and pounds in = kept + refused + duplicates, by one rule, and what is told is what is stored."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cwb.council.sections import SOURCES
from cwb.sources.check import check_paths
from cwb.sources.refusal import ZERO
from cwb.sources.report import FileReport

Row = tuple[object, ...]


@dataclass(frozen=True)
class Sample:
    """A source's headings, its n-th good row, a row that is refused, and the pounds of each.

    `twice` says what a row given twice in one file is: "duplicate" (a register, and a form in every column), "refused" (of another
    `TableSource` by the rule `given_twice`) or "kept" (without it; a ledger repeats lines).
    """

    headings: Row
    good: Callable[[int], Row]
    bad: Row
    twice: str
    gbp: Decimal = ZERO
    bad_gbp: Decimal = ZERO


def sample(headings: str, good: str, bad: str, twice: str, gbp: str = "0.00", bad_gbp: str = "0.00") -> Sample:
    """`#` stands for the number of the row."""
    return Sample(
        tuple(headings.split("|")),
        lambda n: tuple(good.replace("#", str(n)).split("|")),
        tuple(bad.split("|")),
        twice,
        Decimal(gbp),
        Decimal(bad_gbp),
    )


PAYMENTS = sample(
    "Organisation name|Supplier name|Payment date|Net amount|Transaction number",
    "A Council|Acme #|04/04/2023|10.01|T#", "A Council|Acme|TBC|7.50|T", "kept", "10.01", "7.50",
)  # fmt: skip
REGISTER = sample(
    "Contract title|Supplier name|Start date|End date|Contract value",
    "Roads #|Acme|01/04/2023|31/03/2024|90000.10", "Bins|Acme|TBC|31/03/2024|5.00", "kept", "90000.10", "5.00",
)  # fmt: skip
SAMPLES = {
    "spend": PAYMENTS,
    "anchor_spend": PAYMENTS,
    "contracts": REGISTER,
    "anchor_contracts": REGISTER,
    "vendors": sample("Supplier ID|Supplier name|Postcode", "V#|Acme #|SG1 1AA", "V|||", "refused"),
    "awards": sample(
        "buyer_name|award_id|date|value_amount|datePublished|supplier_name",
        "Council|a#|2022-04-19|1000.50|2022-05-26|Acme", "Council|b|2044-04-19|5.25|2022-05-26|Cog",
        "duplicate", "1000.50", "5.25",
    ),
    "one_offs": sample(
        "Project|Kind|Reason|Approved by (role)|Approved on|Financial year|Match on|Match value|Expected amount",
        "Homes #|capital|New|Officer|01/05/2023|2023-24|contract reference|C#|100.10",
        "Cafe|revenue|Once|Officer|01/05/2023|2023-24|supplier id|V1|5.05", "kept", "100.10", "5.05",
    ),
    "pipeline": sample(
        "Reference|Title|Expected tender date|Estimated value",
        "P#|Roads #|01/09/2026|250.25", "P|Bins|one day|7.75", "duplicate", "250.25", "7.75",
    ),
    "review": sample(
        "Supplier key|Decision|Company number", "id V#|match|01234567", "id V|perhaps|01234567", "duplicate"
    ),
    "pass_through": sample(
        "Supplier name|Kind|Decision|Reason|Approved by (role)|Approved on",
        "Acme #|grant|pass-through|Paid on|Officer|01/05/2023", "|grant|purchase|Paid on|Officer|01/05/2023", "duplicate",
    ),
    "approved_names": sample(
        "Supplier name|May be shown|Approved by (role)|Approved on", "Acme #|yes|Officer|01/05/2023", "|yes|Officer|01/05/2023",
        "duplicate",
    ),
    "places": sample(
        "Supplier key|Postcode|Told by (role)|Told on", "id V#|SG1 1AA|Officer|01/05/2023", "|SG1 1AA|Officer|01/05/2023",
        "duplicate",
    ),
    "crosswalk": sample("CPV prefix|Category|SIC codes", "45#||43", "4500||none", "refused"),
    "initiatives": sample("Year|What was tried", "2024-25|Try #", "one day|Try", "duplicate"),
    "decisions": sample("Date|Decision|Due|Done on", "01/05/2024|Try #|01/06/2024|", "in May|Try|01/06/2024|", "duplicate"),
    "supplier_emissions": sample(
        "Contract reference|Supplier name|Year|Method|Emissions (kgCO2e)",
        "C#|Acme|2024-25|supplier-specific|100", "C|Acme|2024-25|guess|100", "duplicate",
    ),
    "carbon_plans": sample("Supplier name|Net zero commitment year", "Acme #|2045", "Acme|soon", "duplicate"),
    "checklists": sample("Procurement reference|Checklist completed|B2.7 less waste", "P#|yes|touched", "|yes|touched", "duplicate"),
    "employee_owned": sample(
        "Company number|Corporate owner|Confirmed", "0000000#|An EOT Ltd|yes", "none|An EOT Ltd|yes", "duplicate",
    ),
    "tenders": sample("Reference|Title|Route|Bids received", "T#|Roads #|open|3", "T|Roads|by lot|3", "duplicate"),
    "savings": sample(
        "Reference|Title|Kind|Cash released|Baseline cost|Baseline is|New cost|Financial year|Realised",
        "S#|Paper #|price|yes|100|budget|90|2025-26|yes", "S|Paper|price|yes||budget|90|2025-26|yes", "duplicate",
    ),
    "insourcing": sample(
        "Contract reference|Service|Test part 1: value|Decision|Decided on|Start in house",
        "C#|Cleaning|strong|extend|01/05/2025|", "C|Cleaning|strong|keep|01/05/2025|", "duplicate",
    ),
    "income": sample(
        "Contract reference or unit|Kind|Financial year|Income|Direct cost",
        "Unit #|lease|2025-26|100.10|20", "Unit|lease|last year|5.05|", "duplicate", "100.10", "5.05",
    ),
    "activity": sample("Date|Kind|Title|Item", "01/05/2025|training|Session #|B5.8", "in May|training|Session|B5.8", "duplicate"),
    "contract_classes": sample(
        "Class|Recognised by|Value|Approved by (role)|Approved on", "Grants #|Words|grant|Monitoring officer|01/04/2025",
        "Rents|Words||Monitoring officer|01/04/2025", "duplicate",
    ),
    "social_value": sample(
        "Contract reference|Measure reference|Theme|Unit|Local economic value|Target £|Delivered £|Period from|Period to",
        "C#|M1|Work|people|no|100|10.50|01/04/2025|30/06/2025", "C|M1|Work||no|100|3.50|01/04/2025|30/06/2025", "duplicate", "10.50", "3.50",
    ),
    "social_value_returns": sample(
        "Contract reference|Measure|Unit|Period from|Period to|Relates only to this contract and period|Was a commitment in the contract",
        "C#|Hours|hours|01/04/2025|30/06/2025|yes|no", "C|Hours|hours|01/04/2025|30/06/2025|yes|", "duplicate",
    ),
    "employment": sample(
        "Scheme|Kind|Measure|Delivered in period|Basis|Period from|Period to",
        "Site #|S106|2a|6|starts|01/04/2025|30/06/2025", "Site|S106|2a|6||01/04/2025|30/06/2025", "duplicate",
    ),
    "strategy": sample("Item|Kind|Words|Rule", "B1.#|commitment|More of it|K4", "B9|promise|More of it|K4", "duplicate"),
    "contract_performance": sample(
        "Contract reference|KPI|Rating|Period from|Period to",
        "C#|Calls answered|good|01/04/2025|30/06/2025", "C|Calls answered|good|01/04/2025|31/03/2025", "duplicate",
    ),
    "invoices": sample(
        "Supplier id|Invoice number|Received on|Paid on|Amount gross", "V1|I#|01/04/2025|01/05/2025|120.00",
        "V1|I|||60.50", "duplicate", "120.00", "60.50",
    ),
    "benchmarks": sample(
        "Service|Measure|Ours|Theirs|Year|Like for like", "Service #|Cost a void|10|9|2025-26|yes", "Service|Cost|10||2025-26|yes", "duplicate",
    ),
    "modern_slavery": sample(
        "StatementYear|OrganisationName|ParentName|StatementSummaryURL", "2026|Acme #|Best #|https://r.example/#",
        "2026|||https://r.example/x", "duplicate",
    ),
    "companies": sample(
        "CompanyName|CompanyNumber|RegAddress.PostCode", "ACME #|1000000#|SG1 1AA", "|10000000|", "duplicate"
    ),
    "mutuals": sample(
        "Full Registation Number|Society Name|Society Status|Registered As", "3000#R|Acme #|Registered|Society",
        "|Acme|Registered|Society", "duplicate",
    ),
    "charities": sample(
        "registered_charity_number|charity_name|charity_registration_status|linked_charity_number",
        "10000#|Acme #|Registered|0", "|Acme|Registered|0", "duplicate",
    ),
    "coops": sample(
        "CUK Organisation ID|Registered Name|Registrar", "R#|Acme #|FCA", "R||FCA", "duplicate"
    ),
    "employers": sample("EmployerName|CompanyNumber|EmployerSize|PostCode", "Acme #||250 to 499|SG1 1AA", "|||SG1 1AA", "kept"),
    "business_counts": sample(
        "date|geography code|industry name|employment sizeband name|obs value",
        "202#|E07000243|A : Farming|Total|5", "2020|nowhere|A : Farming|Total|5", "duplicate",
    ),
    "factors": sample("Code|Product|2021|2022|2023", "#|Thing|0.1|0.2|0.3", "none|Note|0.1|0.2|0.3", "duplicate"),
    "deflators": sample("Financial year|Index", "201#-1#|8#.5", "2023-24|104.2 p", "duplicate"),
    "postcodes": sample("pcds|lad23cd|east1m|north1m", "SG1 #AA|E07000243|523000|224000", "", "duplicate"),
}  # fmt: skip
# Of these a row that cannot be used is no row of the table at all: places of no district.
WITHOUT_REFUSALS = ("postcodes",)


def write(path: Path, rows: list[Row]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    buffer = io.StringIO()
    csv.writer(buffer).writerows(rows)
    path.write_text(buffer.getvalue(), encoding="utf-8")


def outcome(source: str, kinds: list[str], twice: str) -> tuple[int, int, int]:
    """Rows kept, refused and doubled, counted by hand from what was written."""
    good, doubled, bad = (kinds.count(kind) for kind in ("good", "doubled", "bad"))
    bad = 0 if source in WITHOUT_REFUSALS else bad
    first = good + doubled
    return {
        "kept": (first + doubled, bad, 0),
        "refused": (first, bad + doubled, 0),
        "duplicate": (first, bad, doubled),
    }[twice]


@pytest.mark.parametrize("source", sorted(SAMPLES))
@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(kinds=st.lists(st.sampled_from(["good", "bad", "doubled"]), min_size=1, max_size=7))
def test_rows_and_pounds_reconcile(
    source: str, kinds: list[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    kinds = ["good", *kinds]
    one, rows = SAMPLES[source], []
    for number, kind in enumerate(kinds, start=1):
        rows += [one.bad] if kind == "bad" else [one.good(number)] * (2 if kind == "doubled" else 1)
    if source in WITHOUT_REFUSALS:
        rows = [row for row in rows if row != one.bad]
    folder = tmp_path_factory.mktemp("raw") / source / "body"
    name = "2024.csv"
    write(folder / name, [one.headings, *rows])
    # The same file again, as a publisher delivers a register each quarter.
    write(folder / "again" / name, [one.headings, *rows])
    # Where no body's name is in the path, the folder below the source is the body of another anchor.
    found = {report.file: report for report in check_paths([folder.parents[1]])}
    assert len(found) == 2, found
    first, again = (found[f"{source}/body/{part}{name}"] for part in ("", "again/"))
    kept, refused, doubled = outcome(source, kinds, one.twice)
    for report in (first, again):
        assert not report.error
        assert report.source == source
        assert report.reconciles(), report
        assert (report.rows, report.refused) == (len(rows), refused)
        bad = sum(row == one.bad for row in rows)
        refused_again = kinds.count("doubled") if one.twice == "refused" else 0
        assert report.gbp_in == (len(rows) - bad) * one.gbp + bad * one.bad_gbp
        assert report.gbp_refused == bad * one.bad_gbp + refused_again * one.gbp
    if source in ("companies", "mutuals", "charities", "coops", "business_counts"):
        # Of two snapshots of a register the entries stand in the newest, which is the last of the same date.
        first, again = sorted((first, again), key=lambda report: -report.kept)
    assert (first.kept, first.duplicates) == (kept, doubled)
    assert first.gbp_kept == kept * one.gbp
    assert (again.kept, again.gbp_kept) == (0, ZERO)
    assert again.duplicates == kept + doubled
    assert again.duplicate_of


def test_releases_reconcile(tmp_path: Path) -> None:
    release = {
        "ocid": "ocds-1",
        "id": "1-2026",
        "date": "2026-07-13",
        "tender": {"legalBasis": {"scheme": "CELEX"}},
    }
    for name in ("a.json", "b.json"):
        path = tmp_path / "notices" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps({"releases": [release, release, {"id": "no ocid"}]}), encoding="utf-8")
    first, again = check_paths([tmp_path])
    assert (first.rows, first.kept, first.refused, first.duplicates) == (3, 1, 1, 1)
    assert (again.rows, again.kept, again.refused, again.duplicates) == (3, 0, 1, 2)
    assert first.reconciles()
    assert again.reconciles()


def test_every_source_is_reconciled_here() -> None:
    assert set(SOURCES) == {*SAMPLES, "notices", "boundaries"}


def test_a_release_of_factors_given_twice_counts_products_and_not_years(tmp_path: Path) -> None:
    one = SAMPLES["factors"]
    for part in ("", "again/"):
        write(tmp_path / "factors" / f"{part}2024.csv", [one.headings, one.good(1), one.good(2)])
    found: dict[str, FileReport] = {report.file: report for report in check_paths([tmp_path])}
    assert {(r.rows, r.kept, r.duplicates) for r in found.values()} == {(2, 2, 0), (2, 0, 2)}
