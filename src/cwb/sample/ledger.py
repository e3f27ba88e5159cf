"""The ledger of the illustrative council, calibrated to its published baseline.

The baseline year's total, one-off projects and local share come from `[[published]]` in the settings; later
years drift from there. One row per ledger line: `date`, `supplier_id`, `supplier_name` (None when withheld),
`amount` (pounds), `category`, `purpose`, `transaction_number`, `contract_reference`, `project`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from cwb.council.config import Settings
from cwb.council.periods import Period
from cwb.council.sections import BUSINESS
from cwb.sources.places import ELSEWHERE, HOME, LOCAL, REGION, UNKNOWN

LINES_A_YEAR = 12_000
_ANCHOR_AWARDS = 60
# The logarithm of the pounds of a middling contract over three and a half years, by kind of body.
_ANCHOR_SIZE = {"council": 13.6, "nhs": 13.3, "university": 13.0, "college": 12.2}


@dataclass(frozen=True)
class Year:
    """What a sample year comes to, in pounds. Local spend is the home district's and the rest of the local area's."""

    period: Period
    total: float
    one_offs: float
    local: float
    home_part: float
    unknown: float
    lines: int


@dataclass(frozen=True)
class Project:
    """A capital or one-off project of the sample and how its lines are found."""

    reference: str
    name: str
    kind: str
    period: str
    amount: float
    reason: str


_PROJECTS = (
    ("Town centre regeneration, phase one", "capital", 0.42),
    ("New homes, first site", "capital", 0.31),
    ("Leisure centre rebuild: design", "capital", 0.11),
    ("Bus interchange completion", "capital", 0.09),
    ("Telephone system replacement", "one-off", 0.03),
    ("Flood repair after storm", "one-off", 0.04),
)
_REASONS = {
    "capital": "Capital works let nationally before the strategy; they do not recur.",
    "one-off": "A single event that does not recur.",
}


def years(settings: Settings) -> list[Year]:
    """The sample's years: the published baseline, then two and a half years of slow change."""
    base = settings.baseline_period
    published = {p.finding: p.value for p in settings.published if p.period == settings.baseline}
    total = published.get("total_spend", 70_000_000.0)
    recurrent = published.get("spend_without_one_offs", total * 0.53)
    share = published.get("local_share_without_one_offs", 0.35)
    # Chart A's 18% and Chart B's 35% are both rounded; the local spend that gives both lies in a narrow band.
    low, high = local_band(total, recurrent, published.get("local_share", share * recurrent / total), share)
    local = round((low + high) / 2, 2) if low < high else share * recurrent
    drift = ((1.0, 1.0, 1.0), (0.83, 0.58, 1.035), (0.80, 0.46, 1.085))
    result = []
    for step, (size, projects, lean) in enumerate(drift):
        year_total = round(total * size, 2)
        one_offs = round((total - recurrent) * projects, 2)
        year_local = local if step == 0 else round((year_total - one_offs) * local / recurrent * lean, 2)
        result.append(
            Year(
                Period(base.start_year + step),
                year_total,
                one_offs,
                year_local,
                0.33 + 0.02 * step,
                round(year_total * 0.017, 2),
                LINES_A_YEAR,
            )
        )
    half = Year(
        Period(base.start_year + 3),
        round(total * 0.41, 2),
        round((total - recurrent) * 0.21, 2),
        round((total * 0.41 - (total - recurrent) * 0.21) * local / recurrent * 1.12, 2),
        0.40,
        round(total * 0.41 * 0.015, 2),
        LINES_A_YEAR // 2,
    )
    return [*result, half]


def local_band(total: float, recurrent: float, share_a: float, share_b: float) -> tuple[float, float]:
    """The local spend, in pounds, that rounds to `share_a` of the total and to `share_b` without one-offs.

    With £70.0m and £37.2m, 18% and 35%: from £12.834m to £12.950m, if no one-off project is local.
    """
    return max((share_a - 0.005) * total, (share_b - 0.005) * recurrent), min(
        (share_a + 0.005) * total, (share_b + 0.005) * recurrent
    )


def make_ledger(settings: Settings, vendors: pd.DataFrame, seed: int) -> tuple[pd.DataFrame, list[Project]]:
    """Draw the lines of all years, and the projects that Chart B leaves out."""
    rng = np.random.default_rng(seed + 1)
    frames, projects = [], []
    for year in years(settings):
        lines, of_year = _year(rng, vendors, year)
        frames.append(lines)
        projects += of_year
    ledger = pd.concat(frames, ignore_index=True).sort_values(["date", "supplier_id"], ignore_index=True)
    ledger["transaction_number"] = [f"51{n:06d}" for n in range(100_000, 100_000 + len(ledger))]
    return ledger, projects


def _payment_days(year: Year) -> list[date]:
    """The unfinished year stops at the end of its second quarter."""
    return payment_span(year.period, None if year.lines == LINES_A_YEAR else Period(year.period.start_year, 2).end)


def payment_span(period: Period, last: date | None = None) -> list[date]:
    """Days of payment runs, which are on Tuesdays and Fridays."""
    end = last or period.end
    span = (period.start + timedelta(days=n) for n in range((end - period.start).days + 1))
    return [day for day in span if day.weekday() in (1, 4)]


def _year(rng: np.random.Generator, vendors: pd.DataFrame, year: Year) -> tuple[pd.DataFrame, list[Project]]:
    days = _payment_days(year)
    elsewhere = year.total - year.one_offs - year.local - year.unknown
    parts = {
        HOME: (year.local * year.home_part, 0.14),
        LOCAL: (year.local * (1 - year.home_part), 0.27),
        REGION: (elsewhere * 0.16, 0.11),
        ELSEWHERE: (elsewhere * 0.84, 0.44),
        UNKNOWN: (year.unknown, 0.04),
    }
    frames = []
    for ring, (pounds, share) in parts.items():
        # Suppliers come and go: each year one in eight is not paid.
        pool = vendors[(vendors["ring"] == ring) & (rng.random(len(vendors)) > 0.12)]
        count = int(year.lines * share)
        weights = pool["weight"] / pool["weight"].sum()
        chosen = pool.iloc[rng.choice(len(pool), size=count, p=weights)]
        frame = pd.DataFrame(
            {
                "date": [days[i] for i in rng.integers(len(days), size=count)],
                "supplier_id": chosen["supplier_id"].to_numpy(),
                "supplier_name": chosen["supplier_name"].to_numpy(),
                "category": chosen["category"].to_numpy(),
                "amount": amounts(rng, count, round(pounds, 2)),
                "project": None,
                "contract_reference": None,
            }
        )
        if ring == UNKNOWN:
            withheld = rng.random(count) < 0.5
            frame.loc[withheld, ["supplier_id", "supplier_name"]] = None
        frames.append(frame)
    lines = pd.concat(frames, ignore_index=True)
    lines["purpose"] = "Supplies and services"
    _mark_contracts(lines)
    project_lines, projects = _project_lines(rng, vendors, year, days)
    return pd.concat([lines, project_lines], ignore_index=True), projects


def amounts(rng: np.random.Generator, count: int, total: float) -> np.ndarray:
    """Amounts to the penny that sum to `total`, most of them small, one in seventy a credit note."""
    raw = rng.lognormal(6.6, 1.35, count)
    raw[rng.random(count) < 0.014] *= -0.4
    pennies = np.round(raw / raw.sum() * total * 100).astype(np.int64)
    pennies[pennies == 0] = 25_00
    pennies[np.argmax(pennies)] += round(total * 100) - pennies.sum()
    amounts: np.ndarray = pennies / 100
    return amounts


def _mark_contracts(lines: pd.DataFrame) -> None:
    """Large suppliers are paid under a contract; its reference follows from the supplier."""
    totals = lines.groupby("supplier_id")["amount"].transform("sum")
    under = totals > 25_000
    lines.loc[under, "contract_reference"] = "CON" + lines.loc[under, "supplier_id"].str[1:]


def _project_lines(
    rng: np.random.Generator, vendors: pd.DataFrame, year: Year, days: list[date]
) -> tuple[pd.DataFrame, list[Project]]:
    away = vendors[vendors["ring"] == ELSEWHERE].sort_values("weight", ascending=False)
    builders = away[away["category"] == "Building repairs and maintenance"]
    frames, projects = [], []
    left = year.one_offs
    for number, (name, kind, share) in enumerate(_PROJECTS, start=1):
        last = number == len(_PROJECTS)
        amount = round(left, 2) if last else round(year.one_offs * share, 2)
        left -= amount
        reference = f"CAP-{year.period.start_year}-{number:02d}"
        builder = builders.iloc[int(rng.integers(len(builders)))]
        count = int(rng.integers(8, 20))
        frames.append(
            pd.DataFrame(
                {
                    "date": [days[i] for i in rng.integers(len(days), size=count)],
                    "supplier_id": builder["supplier_id"],
                    "supplier_name": builder["supplier_name"],
                    "category": builder["category"],
                    "amount": amounts(rng, count, amount),
                    "project": name,
                    "contract_reference": reference,
                    "purpose": name,
                }
            )
        )
        projects.append(Project(reference, name, kind, str(year.period), amount, _REASONS[kind]))
    return pd.concat(frames, ignore_index=True), projects


def make_agreements(settings: Settings, vendors: pd.DataFrame, lines: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Contracts behind the ledger, and awards of the anchor institutions: one row per contract.

    Columns of the supplier, then `contract_reference`, `buyer`, `start_date`, `end_date`, `award_date`, `years`,
    `value`, `title`.
    """
    rng = np.random.default_rng(seed + 2)
    spent = (
        lines.dropna(subset=["contract_reference"]).groupby("contract_reference", as_index=False)["amount"].sum()
    )
    suppliers = lines.drop_duplicates("contract_reference").set_index("contract_reference")["supplier_id"]
    spent["supplier_id"] = spent["contract_reference"].map(suppliers)
    tables = [spent.assign(buyer=settings.council.name)]
    # A business gives no notice.
    bodies = [anchor for anchor in settings.anchors if anchor.kind != BUSINESS]
    for number, anchor in enumerate(bodies, start=1):
        chosen = vendors.iloc[rng.choice(len(vendors), size=_ANCHOR_AWARDS, replace=False)]
        tables.append(
            pd.DataFrame(
                {
                    "contract_reference": [f"ANC{number:02d}-{n:03d}" for n in range(_ANCHOR_AWARDS)],
                    "amount": rng.lognormal(_ANCHOR_SIZE.get(anchor.kind, 12.5), 1.0, _ANCHOR_AWARDS),
                    "supplier_id": chosen["supplier_id"].to_numpy(),
                    "buyer": [anchor.aliases[n % len(anchor.aliases)] for n in range(_ANCHOR_AWARDS)],
                }
            )
        )
    table = pd.concat(tables, ignore_index=True).merge(vendors, on="supplier_id")
    return _with_dates(table, settings, rng).sort_values("contract_reference", ignore_index=True)


def _with_dates(table: pd.DataFrame, settings: Settings, rng: np.random.Generator) -> pd.DataFrame:
    first = settings.baseline_period.start
    offsets = rng.integers(-400, 1310, size=len(table))
    table["start_date"] = [first + timedelta(days=int(n)) for n in offsets]
    table["years"] = rng.choice([1, 2, 3, 4], size=len(table), p=[0.25, 0.3, 0.3, 0.15])
    table["end_date"] = [
        s + timedelta(days=365 * int(y) - 1) for s, y in zip(table["start_date"], table["years"], strict=True)
    ]
    table["award_date"] = [
        s - timedelta(days=int(n))
        for s, n in zip(table["start_date"], rng.integers(10, 60, len(table)), strict=True)
    ]
    table["value"] = (table["amount"].clip(lower=5_000) / 3.5 * table["years"]).round(-2)
    table["title"] = table["category"] + ": " + table["supplier_name"].str.rsplit(" ", n=1).str[0]
    return table
