"""What the procurement team of the illustrative council keeps: procurements and bids, savings, results of contracts, and the one
log of activity. All of it fictional, and awkward where real forms are."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd

from cwb.council.config import Settings
from cwb.sample.cells import headed, write_csv, yes_no

_TENDERS, _ROUTES = (
    90,
    (
        "Open",
        "Selective",
        "Quotes",
        "Framework call-off",
        "Limited",
        "Direct award",
        "Waiver",
        "Reserved",
        "Breach",
    ),
)
# Won at a price far below the next.
_LOW = (31, 74, 79)
_CHANCES = (0.34, 0.12, 0.24, 0.12, 0.05, 0.06, 0.03, 0.03, 0.01)
_DEPARTMENTS = ("Housing", "Environment", "Corporate", "Leisure and culture", "Planning")


def _own(agreements: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """The council's own contracts, newest first."""
    own = agreements[agreements["buyer"] == settings.council.name]
    return own.sort_values(["start_date", "contract_reference"], ascending=[False, True])


def write_tenders(path: Path, settings: Settings, agreements: pd.DataFrame, seed: int) -> Path:
    """Procurements of three years and two quarters: some without award, without a second price, with a very low one; one route
    unknown."""
    rng = np.random.default_rng(seed + 61)
    references = list(_own(agreements, settings)["contract_reference"])
    rows = headed("tenders")
    for n in range(_TENDERS):
        advertised = settings.baseline_period.start + timedelta(days=int(n * 1240 / _TENDERS))
        route = str(rng.choice(_ROUTES, p=_CHANCES))
        competed = route in ("Open", "Selective", "Quotes", "Framework call-off", "Reserved")
        bids = (
            int(rng.choice([0, 1, 2, 3, 4, 5, 8, 14], p=[0.03, 0.15, 0.2, 0.24, 0.18, 0.12, 0.06, 0.02]))
            if competed
            else 1
        )
        valid = max(bids - int(rng.random() < 0.15), 0)
        if n in _LOW:
            route, competed, bids, valid = "Open", True, 4, 4
        estimate = round(float(rng.lognormal(11.2, 0.9)), -2)
        # Bids lie a few per cent apart; some are cheap beyond any other.
        winning = round(estimate * float(rng.uniform(0.88, 1.02)), 2)
        gap = 0.34 if n in _LOW else float(rng.uniform(0.015, 0.08))
        second = round(winning * (1 + gap), 2) if valid > 1 else ""
        is_price_only = n % 3 == 0 or n in _LOW
        awarded = advertised + timedelta(days=int(rng.integers(40, 110)))
        is_awarded = valid > 0 and awarded <= settings.baseline_period.start + timedelta(days=1270)
        debrief = f"{awarded + timedelta(days=int(rng.integers(2, 30))):%d/%m/%Y}" if rng.random() < 0.62 else ""
        lessons = f"{awarded + timedelta(days=int(rng.integers(10, 60))):%d/%m/%Y}" if rng.random() < 0.4 else ""
        looked = {31: "Yes", 74: "No", 79: "Yes"}.get(n, "")
        rows.append(
            [f"PROC-{n:03d}", f"Procurement {n:03d}", _DEPARTMENTS[n % 5] if n % 11 else "", route,
             "Above threshold" if estimate > 214_904 else "Below threshold", "", f"{estimate:.2f}", "Without VAT",
             f"{advertised:%d/%m/%Y}" if competed else "", f"{advertised + timedelta(days=int(rng.integers(12, 40))):%d/%m/%Y}" if competed else "",
             bids if competed or n % 2 else "", valid if competed else "", min(bids, int(rng.integers(0, bids + 1))) if competed else "",
             int(rng.integers(0, bids + 1)) if competed and n % 4 else "", f"{winning:.2f}" if is_awarded else "",
             (f"{second:.2f}" if second else "") if is_awarded else "", yes_no(bool(is_price_only)), looked, "Explained" if looked == "Yes" else "",
             f"{awarded:%d/%m/%Y}" if is_awarded else "", f"{winning:.2f}" if is_awarded else "",
             references[n % len(references)] if is_awarded and n % 4 == 0 and references else "",
             "" if is_awarded else "No bids" if bids == 0 else "Withdrawn", debrief if is_awarded else "", lessons if is_awarded else "",
             yes_no(bool(n % 3 == 1)) if n % 5 else "", yes_no(bool(rng.random() < 0.7)) if n % 6 else "", yes_no(bool(rng.random() < 0.6)), yes_no(n % 4 > 0) if n % 7 else "", "Yes" if n % 5 and n > 40 else ""]
        )  # fmt: skip
    rows.append(["PROC-999", "Sealed offers", "Housing", "By invitation", *[""] * (len(rows[0]) - 4)])
    return write_csv(path, rows)


def write_savings(path: Path, settings: Settings, agreements: pd.DataFrame) -> Path:
    """Savings signed and unsigned, realised and forecast, cash and avoided, of a year that is not over, one without a baseline."""
    first = settings.baseline_period.start_year
    references = [*_own(agreements, settings)["contract_reference"], "", "", ""]
    rows = headed("savings")
    for number, year, title, kind, cash, was, basis, now, cost, realised, is_signed, reference in (
        (1, 1, "Copier paper bought together", "Price", "Yes", 41_000, "Last price paid", 36_900, 0, "Yes", True, ""),
        (2, 2, "Fewer licences for software", "Volume", "Yes", 118_000, "Last price paid", 96_500, 4_000, "Yes", True, references[0]),
        (3, 2, "Smaller uniform for wardens", "Specification", "Yes", 22_000, "Mean bid", 19_500, "", "Yes", False, ""),
        (4, 3, "Rise of the cleaning contract held at 5%", "Avoided", "No", 216_000, "Quote", 210_000, 0, "Yes", True, references[1]),
        (5, 3, "Printing of bills stopped", "One-off", "Yes", 9_800, "Budget", 0, 1_200, "Yes", True, ""),
        (6, 3, "New insurance from April", "Price", "Yes", 310_000, "Indexed last price", 288_000, 0, "No", False, references[2]),
        (7, 3, "Advertising on roundabouts", "Income", "Yes", 0, "Budget", -14_500, 2_000, "Yes", True, ""),
        (8, 3, "Grounds maintenance", "Insourcing", "Yes", 432_600, "Indexed last price", 413_000, 0, "Yes", True, ""),
        (9, 3, "Desktop phones", "Price", "Yes", "", "Quote", 11_000, 0, "Yes", True, ""),
    ):  # fmt: skip
        of = first + year
        rows.append(
            [f"SAV-{number:02d}", title, kind, cash, was, basis, now, cost, f"{of}-{(of + 1) % 100:02d}", realised,
             "Head of finance" if is_signed else "", f"12/09/{of}" if is_signed else "", reference]
        )  # fmt: skip
    return write_csv(path, rows)


def write_performance(path: Path, settings: Settings, agreements: pd.DataFrame, seed: int) -> Path:
    """Two indicators of some contracts, a quarter at a time; one period that ends before it begins."""
    rng = np.random.default_rng(seed + 62)
    rows = headed("contract_performance")
    ratings = ("Good", "Approaching target", "Requires improvement", "Inadequate")
    year = settings.baseline_period.start_year + 3
    quarters = ((date(year, 4, 1), date(year, 6, 30)), (date(year, 7, 1), date(year, 9, 30)))
    for n, reference in enumerate(_own(agreements, settings)["contract_reference"].head(14)):
        for indicator, target in (
            ("Work finished on time", "95%"),
            ("Complaints answered within five days", "90%"),
        ):
            for first, last in quarters[: 1 + (n % 3 > 0)]:
                rating = str(rng.choice(ratings, p=[0.66, 0.2, 0.1, 0.04]))
                met = f"{last + timedelta(days=12):%d/%m/%Y}" if n % 4 else ""
                rows.append(
                    [reference, indicator, target, f"{int(rng.integers(70, 100))}%", rating, f"{first:%d/%m/%Y}",
                     f"{last:%d/%m/%Y}", "", met, "Yes" if rating == "Inadequate" else ""]
                )  # fmt: skip
    rows.append(
        ["C-UNKNOWN", "Work finished on time", "95%", "91%", "Good", f"30/06/{year}", f"01/04/{year}", "", "", ""]
    )
    return write_csv(path, rows)


def write_activity(path: Path, settings: Settings) -> Path:
    """The log: every kind at least once but a few that nobody has done; two old ones, one without a day."""
    first = settings.baseline_period.start_year
    rows = headed("activity")
    for day, year, kind, title, item, people, invited, staff, departments, reference, due, outcome in (
        ("14/05", 2, "Meet the buyer", "Meet the buyer at the town hall", "A1.2a; A5.1b; P3", 46, 120, "", "Housing; Corporate", "", "", "Nine firms registered"),
        ("20/05", 3, "Meet the buyer", "Meet the buyer with the county council", "A1.2a; A5.1b; P3", 61, 140, "", "Housing; Environment", "", "", ""),
        ("11/06", 3, "Supplier event", "Breakfast for builders", "A1.1a; A1.2a; B5.2", 18, 60, "", "Housing", "", "", ""),
        ("02/07", 3, "Webinar", "How to bid for work below the threshold", "A5.1b; B5.2", 33, 200, "", "", "", "", ""),
        ("04/06", 2, "Online guide updated", "Selling to the council", "A1.2a; A5.1b", "", "", "", "", "", f"04/06/{first + 3}", ""),
        ("30/06", 3, "Portal registrations", "Registrations in the quarter", "A1.2a", 27, "", "", "", "", "", ""),
        ("17/04", 3, "Anchor meeting", "Anchors' procurement leads", "A1.4a; B1.3", 9, 11, "", "", "", "", "Shared pipeline agreed"),
        ("16/07", 3, "Anchor meeting", "Anchors' procurement leads", "A1.4a; B1.3; W8", 8, 11, "", "", "", "", ""),
        ("23/04", 3, "Group meeting", "Contracts and procurement group", "B5.1; I5.2", 12, 14, 4, "Housing; Environment; Corporate", "", "", ""),
        ("23/07", 3, "Group meeting", "Contracts and procurement group", "B5.1; I5.2", 10, 14, 4, "Housing; Corporate", "", "", ""),
        ("09/10", 2, "Training", "Ethical procurement", "A5.2c; C1; W7", 5, 6, 5, "Corporate", "", "", ""),
        ("13/05", 3, "Training", "Five foundations for officers who buy", "B5.8; A5.2c; A5.4c; B5.15; A2.1a", 24, 40, 3, "Housing; Environment; Planning", "", "", ""),
        ("15/05", 2, "Guidance or intranet page", "How to weigh social value", "B3.2; B4.6; B5.3; A5.1c", "", "", "", "", "", "", ""),
        ("01/04", 2, "Checklist update", "Checklist with seventeen commitments", "A2.1a", "", "", "", "", "", "", ""),
        ("31/07", 3, "Pipeline published", "Pipeline of the next two years", "A5.1a; P6", "", "", "", "", "", f"31/10/{first + 3}", ""),
        ("15/07", 3, "Register published", "Contracts register, first quarter", "B5.11; A5.4a", "", "", "", "", "", f"15/10/{first + 3}", ""),
        ("24/07", 3, "Spend published", "Spend over £500, first quarter", "", "", "", "", "", "", "", ""),
        ("31/07", 3, "Large payments published", "Payments over £30,000, first quarter", "", "", "", "", "", "", "", ""),
        ("29/04", 3, "Payment notice published", "Payments compliance, to 31 March", "", "", "", "", "", "", "", ""),
        ("18/03", 2, "Statement", "Modern slavery statement", "A3.2a; C10", "", "", "", "", "", f"18/03/{first + 3}", ""),
        ("12/06", 3, "Spend review", "Spend reviewed for risks of slavery", "C7; W8", "", "", "", "", "", "", ""),
        ("03/09", 3, "Referral", "Car wash reported by a contractor", "C8; C9", 2, "", "", "", "", "", ""),
        ("05/06", 2, "Whistle-blowing notice", "Speak-up line on the intranet", "C5", "", "", "", "", "", "", ""),
        ("08/07", 3, "Supplier meeting", "Review with the repairs contractor", "I5.3", "", "", "", "Housing", "", "", ""),
        ("15/09", 3, "Debrief", "Bidders for grounds maintenance", "A5.2a; B5.13", 6, 7, "", "Environment", "PROC-074", "", ""),
        ("20/06", 3, "Benchmark", "Cost of a void repair", "B5.14; A5.4d", "", "", "", "Housing", "", "", ""),
        ("02/12", 0, "Staffing review", "Team of procurement", "B5.7; A5.2b", "", "", "", "", "", f"02/12/{first + 1}", ""),
        ("14/01", 3, "Strategy review", "Progress across the foundations", "B5.16; A5.5a", "", "", "", "", "", f"14/01/{first + 4}", ""),
        ("22/07", 3, "Case study", "Grounds kept by our own team", "A4.2a", "", "", "", "Environment", "", "", ""),
        ("09/09", 3, "Report to members", "Evidence packs of the first quarter", "A3.1a; B5.18; A1.2a", "", "", "", "", "", "", ""),
        ("one day", 3, "Training", "Contract management", "B5.15", "", "", "", "", "", "", ""),
    ):  # fmt: skip
        of = first + year
        rows.append(
            [f"{day}/{of}" if day[0].isdigit() else day, kind, title, item, people, invited, staff, departments, reference,
             "https://example.org/evidence" if len(title) % 3 else "", due, outcome]
        )  # fmt: skip
    return write_csv(path, rows)
