"""The register of reviews of the illustrative council, its income, and what services in house saved. All of it fictional, and awkward
where real forms are."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pandas as pd

from cwb.council.config import Settings
from cwb.sample.cells import headed, write_csv

_REVIEWS = [
    "Contract reference", "Service", "Review begun on", "Test part 1: value", "Part 1: social value", "Part 1: economy",
    "Test part 2: readiness", "Contract cost a year", "In-house cost a year", "Transition cost", "Posts (FTE)", "Decision", "Decided on",
    "Decided by (role)", "Reason", "Start in house", "First sold externally on", "Case study address", "Case study on",
]  # fmt: skip
_DAYS_A_MONTH = 30.44


def _due(settings: Settings, agreements: pd.DataFrame, first: date, last: date, most: int) -> list[str]:
    """References of the council's contracts whose window closes between two days, the largest first."""
    own = agreements[
        (agreements["buyer"] == settings.council.name) & agreements["contract_reference"].str.startswith("CON")
    ]
    ends = [end - timedelta(days=round(18 * _DAYS_A_MONTH)) for end in own["end_date"]]
    due = own[[first <= day <= last for day in ends]]
    return list(due.sort_values(["value", "contract_reference"], ascending=[False, True])["contract_reference"])[
        :most
    ]


def write_reviews(path: Path, settings: Settings, agreements: pd.DataFrame) -> Path:
    """Reviews in time, late, begun and undecided, without a day; services in house that sell, that sold before, that have no case
    study; a decision of no listed kind, and one before its contract began."""
    year = settings.baseline_period.start_year + 3
    closing = _due(settings, agreements, date(year, 7, 3), date(year, 9, 27), 6)
    earlier = _due(settings, agreements, date(year - 1, 10, 5), date(year, 6, 25), 6)
    open_now = _due(settings, agreements, date(year, 10, 10), date(year + 1, 3, 20), 5)
    old = _due(settings, agreements, date(year - 2, 1, 5), date(year - 1, 3, 20), 3)
    named = {
        row.contract_reference: f"{row.category} ({row.contract_reference})" for row in agreements.itertuples()
    }
    rows: list[list[object]] = [list(_REVIEWS)]

    def add(
        reference: str, service: str, decision: str, decided: str = "", begun: str = "", **more: object
    ) -> None:
        cells = {"Contract reference": reference, "Service": service, "Decision": decision, "Decided on": decided,
                 "Review begun on": begun, "Decided by (role)": "Head of commercial services" if decided else "", **more}  # fmt: skip
        rows.append([cells.get(name, "") for name in _REVIEWS])

    strong = dict(zip(_REVIEWS[3:7], ("Strong", "Strong", "Weak", "Strong"), strict=True))
    weak = dict(zip(_REVIEWS[3:7], ("Weak", "Strong", "Not known", "Weak"), strict=True))
    reason = {"Reason": "No bid team or depot, and the market is strong"}
    for reference, decision, more in zip(
        closing,
        ("Re-procure", "Insource", "Extend", "Not yet", "Re-procure"),
        (weak | reason, strong, {}, {}, reason),
        strict=False,
    ):
        day = "" if decision == "Not yet" else f"14/06/{year}"
        add(reference, named[reference], decision, day, f"02/03/{year}", **more)
    for reference, decision in zip(earlier, ("Re-procure", "Extend", "Stop", "Not yet"), strict=False):
        late = "" if decision == "Not yet" else f"21/09/{year}"
        add(reference, named[reference], decision, late, "", **(reason if decision == "Stop" else {}))
    for reference, more in zip(open_now, (strong, weak, {}), strict=False):
        add(reference, named[reference], "Not yet", "", f"01/09/{year}", **more)
    in_house = [*old, "C-OLD-1", "C-OLD-2", "C-OLD-3"][:3]
    add(
        in_house[0], "Grounds maintenance", "Insource", f"10/02/{year - 1}", f"12/11/{year - 2}", **strong,
        **{"Contract cost a year": 420_000, "In-house cost a year": 413_000, "Transition cost": 45_000, "Posts (FTE)": 11.5,
           "Start in house": f"01/04/{year - 1}", "First sold externally on": f"02/06/{year}",
           "Case study address": "https://example.org/grounds", "Case study on": f"22/07/{year}"},
    )  # fmt: skip
    add(
        "C-VOIDS", "Void cleaning", "Mixed", f"03/03/{year - 1}", "", **strong,
        **{"Contract cost a year": 96_000, "In-house cost a year": 91_500, "Transition cost": 6_000, "Posts (FTE)": 4,
           "Start in house": f"01/08/{year - 1}", "First sold externally on": f"10/03/{year - 1}"},
    )  # fmt: skip
    add(
        in_house[2], "Payroll", "Shared service", f"15/05/{year}", "", **strong,
        **{"Contract cost a year": 61_000, "In-house cost a year": 58_000, "Start in house": f"01/07/{year}"},
    )  # fmt: skip
    add("C-ELSEWHERE", "Lift servicing", "Insource", f"04/08/{year}", "", **{"Posts (FTE)": 2, "Start in house": f"01/09/{year}"})  # fmt: skip
    add("LONG-03", "Parking enforcement", "Not yet", "", f"15/06/{year}", **strong)
    add("C-ELSEWHERE-2", "Printing", "Extend", "", "")
    add("C-ELSEWHERE-3", "Catering", "Keep as it is", f"04/08/{year}", "")
    add(open_now[-1] if open_now else "C-ELSEWHERE-4", "Too early", "Extend", "01/01/2001", "")
    return write_csv(path, rows)


def write_income(path: Path, settings: Settings) -> Path:
    """Income of four years: a loss, no direct cost stated, not signed; one row without a year that can be read."""
    first = settings.baseline_period.start_year
    rows = headed("income")
    for unit, kind, incomes, cost_part, is_signed in (
        ("Leisure centres", "Concession", (212_000, 224_000, 231_500), "", True),
        ("Grounds maintenance", "External trading", (0, 0, 0, 8_000), 0.7, False),
        ("Pest control", "External trading", (41_000, 38_500, 35_200), 1.12, True),
        ("Roundabouts", "Sponsorship", (12_400, 13_100, 14_500), 0.15, True),
        ("Copier contract", "Rebate", (0, 2_150, 2_310), 0, True),
        ("Park café", "Lease", (18_000, 18_000, 19_500), 0.08, False),
    ):
        for offset, income in enumerate(incomes):
            of = first + offset
            cost = f"{income * cost_part:.2f}" if isinstance(cost_part, float | int) else cost_part
            if income:
                signed = ("Head of finance", f"30/06/{of + 1}") if is_signed else ("", "")
                rows.append([unit, kind, f"{of}-{(of + 1) % 100:02d}", f"{income:.2f}", cost, *signed])
    rows.append(["Town market", "Lease", "last year", "4100.00", "", "", ""])
    return write_csv(path, rows)


def write_insourcing_savings(path: Path, settings: Settings) -> Path:
    """What services in house saved in a year that is over: signed, unsigned, and a forecast."""
    year = settings.baseline_period.start_year + 2
    label = f"{year}-{(year + 1) % 100:02d}"
    after = f"{year + 1}-{(year + 2) % 100:02d}"
    signed = ["Head of finance", f"30/06/{year + 1}"]
    rows: list[list[object]] = [
        *headed("savings"),
        ["INS-01", "Grounds maintenance", "Insourcing", "Yes", 432_600, "Indexed last price", 413_000, 0, label, "Yes", *signed, ""],
        ["INS-02", "Void cleaning", "Insourcing", "Yes", 96_000, "Last price paid", 91_500, 0, label, "Yes", "", "", ""],
        ["INS-03", "Void cleaning", "Insourcing", "Yes", 97_900, "Indexed last price", 90_000, 0, after, "No", "", "", ""],
    ]  # fmt: skip
    return write_csv(path, rows)


def write_long_contracts(path: Path, settings: Settings, agreements: pd.DataFrame) -> Path:
    """A second sheet of the register, with types, options and both ends: extended with and without a review, a framework that has ended and
    still has orders, a concession, no end, months typed as a number of extensions."""
    year = settings.baseline_period.start_year + 3
    own = agreements[agreements["buyer"] == settings.council.name].sort_values("contract_reference")
    firms = list(own["supplier_name"].drop_duplicates())
    rows: list[list[object]] = [
        ["Contract reference", "Contract title", "Supplier name", "Contract type", "Directorate", "CPV code", "Start date", "End date",
         "Current expiry date", "Extension 1 taken?", "Option to extend (months)", "How many extensions", "Contract value", "Annual value"]
    ]  # fmt: skip
    for n, (title, kind, department, code, start, end, expiry, months, many, annual) in enumerate((
        ("Leisure centres", "Service concession", "Leisure and culture", "92610000", "01/04/2018", "31/03/2033", "31/03/2033", 12, 5, ""),
        ("Agency staff framework", "Framework", "Corporate", "79620000", "01/04/2021", f"31/03/{year - 1}", f"31/03/{year - 1}", "", "", 640_000),
        ("Parking enforcement", "Contract", "Environment", "98351110", f"01/08/{year - 4}", f"31/07/{year}", f"31/07/{year + 2}", 24, 1, 310_000),
        ("Pest control", "Contract", "Environment", "90922000", f"01/09/{year - 3}", f"31/08/{year}", f"31/08/{year + 1}", 12, 2, 38_000),
        ("Void property cleaning", "Contract", "Housing", "90911000", f"01/03/{year - 2}", f"29/02/{year + 2}", f"29/02/{year + 2}", 12, 24, 96_500),
        ("Cash collection", "Contract", "Corporate", "66110000", "01/04/2019", "TBC", "TBC", "", "", 27_400),
        ("Library of things", "Contract", "Leisure and culture", "92511000", f"01/10/{year - 2}", f"30/09/{year + 2}", f"30/09/{year + 2}", 12, 2, 1_150_000),
    )):  # fmt: skip
        taken = "Yes" if end != expiry else ""
        value = 4 * annual if isinstance(annual, int) else ""
        rows.append(
            [
                f"LONG-{n + 1:02d}",
                title,
                firms[n],
                kind,
                department,
                code,
                start,
                end,
                expiry,
                taken,
                months,
                many,
                value,
                annual,
            ]
        )
    return write_csv(path, rows)
