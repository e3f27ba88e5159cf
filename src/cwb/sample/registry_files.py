"""Files of the public registry of modern slavery statements in its exact layout, quirks of its writer included: a BOM, lists
joined by line breaks within a cell, cells in quotation marks only where they hold a comma or a break, and marks within a text
that are not doubled. Everybody in them is made up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from cwb.council.config import Settings
from cwb.sources.datasets.modern_slavery import TURNOVER_BANDS

_TOPICS = ("OrgStructure", "Policies", "RisksAssessment", "DueDiligence", "Training", "Goals")
_RISK = ("", "Area", "SupplyChainTier", "GroupAffected", "OtherGroupAffected", "Location", "Mitigation")
HEADER = (
    "StatementYear", "OrganisationName", "Address", "SectorType", "CompanyNumber", "LastUpdated", "GroupSubmission", "ParentName",
    "StatementURL", "EmailAddressNoURL", "StatementSummaryURL", "StatementStartDate", "StatementEndDate", "ApprovingPerson",
    "DateApproved", *(name for topic in _TOPICS for name in (f"StatementIncludes{topic}", f"No{topic}Reason")),
    "OrganisationSectors", "OtherOrganisationSector", "Turnover", "YearsProducingStatements", "Policies", "OtherPolicies",
    "NoPolicies", "Training", "OtherTraining", "NoTraining", "WorkingConditionsEngagement", "NoEngagement", "SocialAudits",
    "NoSocialAudits", "GrievanceMechanisms", "NoGrievanceMechanisms", "OtherMonitoring", "NoRisks",
    *(f"Risk{n}{part}" for n in (1, 2, 3) for part in _RISK), "ILOIndicatorsInStatement", "NoILOIndicatorsInStatement",
    "ILOIndicatorsActions", "ILOIndicatorsNoActions", "DemonstrateProgress", "PDFDate", "PDFURL",
)  # fmt: skip
_POLICIES = "Freedom of workers to terminate employment\r\nFreedom of movement\r\nAccess to remedy, compensation and justice"
_HOST = "https://registry.example/statement-summary"


def as_the_registry_writes(rows: Sequence[Sequence[str]]) -> str:
    """The text of a file as its writer has it: marks around a cell with a comma or a break, none of those within doubled."""
    lines = (",".join(f'"{c}"' if "," in c or "\r" in c or "\n" in c else c for c in row) for row in rows)
    return "\ufeff" + "".join(f"{line}\r\n" for line in lines)


def statement(year: int, name: str, address: str, **given: str) -> list[str]:
    """One organisation of one statement of a registry year; `given` are cells by their headings."""
    cells = {
        "StatementYear": str(year), "OrganisationName": name, "Address": "1 High Street, Exampletown", "SectorType": "Private",
        "LastUpdated": f"12/02/{year}", "GroupSubmission": "No", "StatementURL": f"https://{address}.example/statement",
        "StatementSummaryURL": f"{_HOST}/{address}/{year}", "StatementStartDate": f"01/01/{year - 1}",
        "StatementEndDate": f"31/12/{year - 1}", "ApprovingPerson": "Robin Samplewright, Director", "DateApproved": f"10/02/{year}",
        **{f"StatementIncludes{topic}": "Yes" for topic in _TOPICS}, "Policies": _POLICIES,
    }  # fmt: skip
    return [(cells | given).get(heading, "") for heading in HEADER]


def write_registry(folder: Path, vendors: pd.DataFrame, settings: Settings, seed: int) -> list[Path]:
    """The files of three registry years, the last that of the current one."""
    first = settings.baseline_period.start_year + 1
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for year in range(first, first + 3):
        path = folder / f"StatementSummaries{year}.csv"
        rows = [HEADER, *_statements(year, first, vendors, np.random.default_rng(seed + 71))]
        # The last row breaks off: no rule tells where its cells end, so that it is counted and not guessed.
        broken = f'{year},Broken off Limited,"1 High Street, Exampletown\r\n'
        path.write_text(as_the_registry_writes(rows) + broken, encoding="utf-8", newline="")
        written.append(path)
    return written


def _statements(year: int, first: int, vendors: pd.DataFrame, rng: np.random.Generator) -> Iterator[list[str]]:
    """Most of the large suppliers and some others, not all of them every year; then bodies that the council does not pay."""
    for v in vendors.itertuples():
        chance = {"large": 0.75, "medium": 0.3}.get(v.size, 0.01) if v.kind == "company" else 0.0
        is_on, from_year, until = (float(rng.random()) < chance, *rng.choice(3, 2))
        draw = float(rng.random())
        is_told = first + min(from_year, until) <= year and not (draw < 0.15 and year > first)
        if not is_on or not is_told or (draw > 0.92 and year == first + 2):
            continue
        number, address = v.company_number or "", f"s{v.Index:04d}"
        band = TURNOVER_BANDS[int(rng.integers(1, 5))] if v.size == "large" else TURNOVER_BANDS[0]
        covers = {f"StatementIncludes{topic}": "Yes" if rng.random() < 0.8 else "No" for topic in _TOPICS}
        said = covers | {"CompanyNumber": number, "Turnover": band}
        if v.Index % 7 == 0:
            # Found by its name alone, on some pages of the registry without a number.
            said["CompanyNumber"] = ""
        if v.Index % 9 == 0:
            said |= {"GroupSubmission": "Yes", "ParentName": f'{v.supplier_name.split()[0]} "Holdings", plc'}
        if v.Index % 11 == 0:
            said["OtherPolicies"] = 'Suppliers sign our "Fair Work, Fair Pay" code, each year'
        yield statement(year, v.supplier_name, address, **said)
    for n in range(40):
        yield statement(
            year, f'The "Sample {n}" Group, Limited' if n % 5 == 0 else f"Sample {n} Limited", f"o{n:03d}"
        )
    yield statement(
        year,
        "1024",
        "n1",
        GroupSubmission="Yes",
        ParentName="Numbered Samples Limited",
        StatementEndDate=f"31/03/{year}",
    )
