"""Every case of ../shared/cases: what is right by its README, and what comes out of a small council made of its files.

    python tests/benchmarks/cases_right.py [CASE …]

One line a case: its name, what is right, what came out, yes or no. A case without files (m01 to m03, k01, k03) is made of what its
README says. Exits with 1 where one is not right. Postcodes are made once; every case is built anew.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cwb.evidence.data import PackData, open_data
from cwb.sources.check import check_paths
from cwb.sources.report import FileReport

ROOT = Path(__file__).parents[2]
CASES = ROOT.parent / "shared" / "cases"
TOML = """baseline = "2024-25"
[council]
name = "Netherby District Council"
home_district = "E07000243"
buyer_names = ["Netherby District Council"]
[local]
name = "Stevenage"
districts = ["E07000243"]
[matching]
whole_register = 1
"""
REGISTER = (
    "CompanyName, CompanyNumber,RegAddress.PostTown,RegAddress.PostCode,CompanyCategory,CompanyStatus,DissolutionDate,"
    "IncorporationDate,Accounts.AccountCategory,SICCode.SicText_1,PreviousName_1.CompanyName"
)


@dataclass
class Case:
    """A council made of a case's files. `data` opens its tables, `reports` are the accounts of its files."""

    folder: Path

    @property
    def data(self) -> PackData:
        return open_data("local_supplier_base", "2025-26", str(self.folder / "cwb.toml"))

    @property
    def reports(self) -> tuple[FileReport, ...]:
        return self.data.lineage.reports

    def put(self, name: str, text: str) -> None:
        path = self.folder / "data" / "raw" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def one(self, sql: str) -> str:
        """The columns of the first row of a query, one blank between them; numbers as £ have two decimals."""
        return "; ".join(
            " ".join("-" if v is None else f"{v}" for v in row.values()) for row in self.data.rows(sql)
        )

    def told(self, *words: str) -> str:
        """Which of some words the accounts of the files say."""
        said = " ".join(
            " ".join((*report.notes, *(one.in_words(one.column) for one in report.unread), *(f"{r.reason} {r.value}" for r in report.refusals), report.error or ""))
            for report in self.reports
        )  # fmt: skip
        return ", ".join(word for word in words if word in said)


PAID = (
    "SELECT count(*) AS n, sum(amount_gbp) AS gbp, count(CASE WHEN supplier_key IS NULL THEN 1 END) AS unnamed, "
    "min(payment_month) AS first, max(payment_month) AS last FROM spend_lines"
)
AWARDED = "SELECT count(DISTINCT award_key) AS n, sum(value_part_gbp) AS gbp FROM award_lines"


def paid(case: Case) -> str:
    return case.one(PAID)


def awarded(case: Case) -> str:
    return case.one(AWARDED)


def companies(case: Case, *names: str) -> None:
    rows = [f"{name},{n:08},TOWN,SG1 1AA,Private Limited Company,Active,,01/04/2015,,62020 - IT," for n, name in enumerate(names, 1000001)]  # fmt: skip
    case.put("companies/BasicCompanyData-2026-03-01.csv", "\n".join([REGISTER, *rows]))


def ledger(case: Case, *names: str) -> None:
    rows = [f'14/04/2025,"{name}",100.00,T{n}' for n, name in enumerate(names)]
    case.put("spend/april.csv", "\n".join(["Payment Date,Supplier Name,Net Amount,Transaction Number", *rows]))


MATCHES = "SELECT match_status, count(*) AS n FROM spend_lines GROUP BY 1 ORDER BY 1"


def several(case: Case) -> str:
    companies(case, "ALDER HOUSE CARE LTD", "BIRKSIDE CARE LTD")
    ledger(case, *(f"Alder House Care Ltd{mark}Birkside Care Ltd" for mark in ("; ", " / ", ", ", "\n")))
    return f"{case.one(MATCHES)}, {case.told('to several suppliers at once')}"


def placeholders(case: Case) -> str:
    words = (
        "Various", "Sundry", "Refunds", "Petty Cash", "Confidential", "Individual", "Unknown", "TBC", "Exempt", "Foster Carer",
        "Not Disclosed",
    )  # fmt: skip
    companies(case, *(f"{word.upper()} LIMITED" for word in words))
    ledger(case, *words)
    return f"{paid(case)}, {case.one(MATCHES)}"


def pointed(case: Case) -> str:
    companies(case, "MEADOWBANK CIC", "FENLAKE PLC", "ORCHARD LLP")
    ledger(case, "Meadowbank C.I.C.", "Fenlake P.L.C.", "Orchard L.L.P.")
    return case.one("SELECT display_name, match_status FROM spend_lines ORDER BY 1")


def one_time(case: Case) -> str:
    return case.one("SELECT count(DISTINCT supplier_key) AS n, sum(amount_gbp) AS gbp FROM spend_lines")


def per_file(case: Case) -> str:
    """What `cwb check` keeps of each file by itself."""
    folder = case.folder / "data" / "raw" / "notices"
    return ", ".join(f"{path.name} {check_paths([path])[0].kept}" for path in sorted(folder.iterdir()))


def awards_of_files(case: Case) -> str:
    return f"{awarded(case)}, {per_file(case)}"


def suppliers_of_contracts(case: Case) -> str:
    return case.one(
        "SELECT contract_reference, count(*) AS n, count(supplier_key) AS named, min(match_status) AS status FROM contract_lines "
        "WHERE contract_reference <> 'R4' GROUP BY 1 ORDER BY 1"
    )


def contract_terms(case: Case) -> str:
    terms = case.one("SELECT contract_reference, start_date, end_date FROM contract_lines ORDER BY 1")
    return f"{terms}; told: {case.told('2 x 12 months', '31/03/2026 + 1 year', 'Ongoing', '31/09/2026', 'only the month')}"


def planned(case: Case) -> str:
    lines = case.one("SELECT title, value_gbp FROM pipeline_lines ORDER BY title")
    (report,) = check_paths([case.folder / "data" / "raw" / "pipeline"])
    return f"{report.kept}: {lines}; told: {case.told('£250k - £300k', 'TBC')}"


def vendor_numbers(case: Case) -> str:
    ledger(case, "Fellgate Minibuses Ltd")
    prepared = case.data
    import pandas as pd  # noqa: PLC0415

    vendors = pd.read_parquet(prepared.settings.processed / "vendors.parquet").sort_values("supplier_id")
    return " ".join("-" if pd.isna(number) else number for number in vendors["company_number"])


def removed(case: Case) -> str:
    raw = case.folder / "data" / "raw"
    for name in ("companies", "charities"):
        (raw / name).mkdir(exist_ok=True)
    for path in list(raw.glob("*.csv")):
        path.rename(raw / "companies" / path.name)
    for path in list(raw.glob("*.json")):
        path.rename(raw / "charities" / path.name)
    return case.one(
        "SELECT charity_number, is_active, ended_date FROM organisations WHERE name ILIKE '%old mill hostel%'"
    )


def postcode_in_street(case: Case) -> str:
    return case.one("SELECT postcode, company_number FROM suppliers")


def award_of_contracts_finder(case: Case) -> str:
    return f"{awarded(case)}, {case.one('SELECT company_number, is_sme FROM suppliers')}"


def cold_notebook(case: Case) -> str:
    """The README's own papermill, in a project where nothing is prepared."""
    shutil.copytree(ROOT / "notebooks", case.folder / "notebooks")
    shutil.copy(ROOT / "cwb.toml", case.folder)
    shutil.rmtree(case.folder / "data", ignore_errors=True)
    run(case.folder, "-m", "cwb", "sample")
    notebook = "notebooks/01_local_supplier_base.ipynb"
    done = run(case.folder, "-m", "papermill", notebook, "out.ipynb", "-p", "period", "2023-24")
    return "runs" if done.returncode == 0 else done.stderr.strip().splitlines()[-1]


def c_locale(case: Case) -> str:
    """Check and match in a folder with an accent, where Python is told nothing but the C locale."""
    home = case.folder / "Projet é"
    home.mkdir()
    ledger(case, "Fellgate Minibuses Ltd")
    shutil.copy(case.folder / "cwb.toml", home)
    shutil.copytree(case.folder / "data" / "raw", home / "data" / "raw")
    said = []
    for extra in ({}, {"PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}):
        for command in ("check", "match"):
            done = run(home, "-m", "cwb", command, LC_ALL="C", **extra)
            bad = "Traceback" in done.stderr or "bad_cast" in done.stderr + done.stdout
            said.append(
                "traceback" if bad else "works" if done.returncode == 0 else f"told: {done.stderr.strip()[:200]}"
            )
    return ", ".join(said)


def run(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    asked = {**os.environ, "PYTHONPATH": str(ROOT / "src"), **environment}
    return subprocess.run([sys.executable, *arguments], cwd=folder, env=asked, capture_output=True, text=True, encoding="utf-8", errors="replace", check=False)  # fmt: skip


# Case → what is right, how it is looked at, and what that gives where it is right.
RIGHT: dict[str, tuple[str, Callable[[Case], str], str]] = {
    "c02": ("3 payments, £2,500.00, one name withheld", paid, "3 2500.00 1 202504 202504"),
    "c04": ("30 payments of April 2025, £3,000.00", paid, "30 3000.00 0 202504 202504"),
    "c07": ("3 payments of April 2025, £2,500.00", paid, "3 2500.00 0 202504 202504"),
    "c09": ("3 payments, £2,500.00", paid, "3 2500.00 0 202504 202504"),
    "d01": ("5 payments of April 2025", paid, "5 500.00 0 202504 202504"),
    "k01": ("the README's papermill runs from cold", cold_notebook, "runs"),
    "k03": ("works, or is told, in the C locale", c_locale, "works, works, works, works"),
    "m01": ("four cells of two firms: no match whole, told", several, "no match 4, to several suppliers at once"),
    "m02": ("11 words: no supplier, no match", placeholders, "11 1100.00 11 202504 202504, no match 11"),
    "m03": ("three organisations, matched, shown", pointed, "Fenlake P.L.C. matched; Meadowbank C.I.C. matched; Orchard L.L.P. matched"),
    "n02": ("one award, £50,000", awarded, "1 50000.00"),
    "n03": ("no award", awarded, "0 -"),
    "n05": ("one award of £120,000 in each file", awards_of_files, "2 240000.00, compiled.json 1, linked.json 1"),
    "n06": ("two releases in each file", per_file, "2026-lines.json 2, 2026.jsonl 2"),
    "n07": ("two awards, £20,000 in pounds", awarded, "2 20000.00"),
    "n08": ("two awards without a value", awarded, "2 -"),
    "n10": ("one award of £88,000, its number and SME", award_of_contracts_finder, "1 88000.00, 01234560 True"),
    "n11": ("postcode SG1 1AA", postcode_in_street, "SG1 1AA 01234560"),
    "n12": ("one award of £250,000", awarded, "1 250000.00"),
    "r02": ("R1 several suppliers or three, R2 and R3 nobody", suppliers_of_contracts, "R1 1 0 no match; R2 1 0 no match; R3 1 0 no match"),
    "r03": (
        "R3 April 2025 to March 2028; the others' texts told", contract_terms,
        "R1 2025-04-01 2026-03-31; R2 2025-04-01 -; R3 2025-04-01 2028-03-31; R4 2025-04-01 -; R5 2025-04-01 -; told: 2 x 12 months, "
        "31/03/2026 + 1 year, Ongoing, 31/09/2026, only the month",
    ),
    "r05": ("4 kept, Signs £40,000, Roofs read, the others told", planned, "4: Roofs 1200000.00; Signs 40000.00; Turf -; Vans -; told: £250k - £300k, TBC"),
    "r06": ("SC123456 twice, OC301234, 01234567, none, none", vendor_numbers, "SC123456 SC123456 OC301234 01234567 - -"),
    "real-birmingham": ("3 lines, £81.25", paid, "3 81.25 0 202502 202502"),
    "real-gla": ("3 payments £13,600.00 and 1 payment £800.50", paid, "4 14400.50 0 202504 202504"),
    "real-networkrail": ("1 payment, £800.50", paid, "1 800.50 0 202501 202501"),
    "s02": ("one body, ended on 2024-01-15", removed, "1190001 False 2024-01-15"),
    "s04": ("three suppliers, £700.00", one_time, "3 700.00"),
    "w01": ("18 payments, £1,800.00, none names a supplier", paid, "18 1800.00 18 202504 202504"),
}  # fmt: skip


def main() -> int:
    wanted = sys.argv[1:]
    print("| case | what is right | what came out | right |\n|---|---|---|---|")
    all_right = True
    with tempfile.TemporaryDirectory() as top:
        shared = Path(top) / "data" / "processed"
        for folder in sorted(path for path in CASES.iterdir() if path.is_dir()):
            name = next((name for name in RIGHT if folder.name.startswith(name)), None)
            if wanted and (name is None or name not in wanted):
                continue
            if name is None:
                print(f"| {folder.name} | not known here: see its README | - | no |", flush=True)
                all_right = False
                continue
            right, look, expected = RIGHT[name]
            home = Path(top) / folder.name
            home.mkdir()
            (home / "cwb.toml").write_text(TOML, encoding="utf-8")
            # What is beside the README is what a council has in data/raw.
            shutil.copytree(folder, home / "data" / "raw", ignore=shutil.ignore_patterns("README"))
            if shared.is_dir():
                (home / "data" / "processed").mkdir()
                for path in shared.glob("*.parquet"):
                    shutil.copy(path, home / "data" / "processed")
            try:
                out = look(Case(home))
            except Exception as error:
                out = f"{type(error).__name__}: {error}"
            if not shared.is_dir() and (home / "data" / "processed").is_dir():
                shutil.copytree(home / "data" / "processed", shared)
            is_right = out == expected
            all_right = all_right and is_right
            shown = " ".join(out.split()).replace("|", "/")
            print(f"| {folder.name} | {right} | {shown} | {'yes' if is_right else 'no'} |", flush=True)
    return 0 if all_right else 1


if __name__ == "__main__":
    sys.exit(main())
