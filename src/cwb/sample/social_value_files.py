"""Social value of the illustrative council: an export with headings of its own and their mapping, returns of small contracts, jobs and
developers' plans. All of it fictional (measures too), and awkward where real ones are."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from cwb.council.config import Settings
from cwb.sample.cells import headed, write_csv

_PORTAL_FROM, _SMALL_TO = 214_904, 150_000
_HEADINGS = {
    "Contract reference": "Project no", "Contract title": "Project", "Measure reference": "Ref", "Theme": "Theme", "Measure title": "What is measured",
    "Unit": "Counted in", "Local economic value": "Local £?", "Target quantity": "Target (number)", "Delivered quantity": "Achieved (number)",
    "Target £": "Target value", "Delivered £": "Achieved value", "Proxy version": "Value set", "Period from": "From", "Period to": "To",
    "Evidence status": "Evidence", "unused": "Row id", "Theme work": "Jobs and skills",
}  # fmt: skip
# Reference, theme, words, unit, pounds a unit (invented here), whether it is local economic value.
_MEASURES = (
    ("V1", "Jobs and skills", "People helped into work", "people", 14_000, "No"),
    ("V2", "Economy", "Paid to local firms in the supply chain", "£", 1, "Yes"),
    ("V3", "Community", "Hours given to community groups", "hours", 20, "No"),
    ("V4", "Planet", "Waste reused or recycled", "tonnes", 100, "No"),
    ("V5", "Economy", "Small firms advised", "firms", 600, "No"),
)


def _own(agreements: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """The council's own contracts, newest first, those of sample registers without a start left out."""
    own = agreements[agreements["buyer"] == settings.council.name]
    return own.sort_values(["start_date", "contract_reference"], ascending=[False, True])


def _mixed(contracts: pd.DataFrame, many: int) -> pd.DataFrame:
    """So many of those that end first, and as many of those that began last."""
    ending = contracts.sort_values(["end_date", "contract_reference"]).head(many)
    return pd.concat([ending, contracts[~contracts.index.isin(ending.index)].head(many)])


def _spans(settings: Settings) -> tuple[tuple[date, date], ...]:
    """Two years, then two quarters of the year now."""
    year = settings.baseline_period.start_year + 3
    return (
        (date(year - 2, 4, 1), date(year - 1, 3, 31)),
        (date(year - 1, 4, 1), date(year, 3, 31)),
        (date(year, 4, 1), date(year, 6, 30)),
        (date(year, 7, 1), date(year, 9, 30)),
    )


def write_portal(folder: Path, settings: Settings, agreements: pd.DataFrame, seed: int) -> list[Path]:
    """The export and the mapping of its headings: older words of themes, two sets of values, a period within another, no unit, no theme."""
    rng = np.random.default_rng(seed + 71)
    own = _own(agreements, settings)
    spans = _spans(settings)
    large = _mixed(own[(own["value"] >= _PORTAL_FROM) & (own["end_date"] >= spans[3][0])], 8)
    rows: list[list[object]] = []
    for n, a in enumerate(large.itertuples()):
        if n % 5 == 4:
            continue  # above the threshold, and never put on the portal
        for reference, theme, words, unit, pounds, is_local in _MEASURES[: 3 + n % 3]:
            target = max(round(a.value * float(rng.uniform(0.02, 0.06)) / pounds), 2)
            for k, (first, last) in enumerate(spans):
                if a.start_date > last or a.end_date < first:
                    continue
                done = round(target * float(rng.uniform(0.15, 0.42)) / (1 if k < 2 else 4), 1)
                is_silent = n == 3 and reference == "V3"
                status = str(rng.choice(["Verified", "Submitted", "None", "Rejected"], p=[0.62, 0.25, 0.08, 0.05]))
                rows.append(
                    [a.contract_reference, a.title, reference, theme, words, unit, is_local, target, "" if is_silent else done,
                     target * pounds, "" if is_silent else round(done * pounds, 2), "2024" if n == 7 and k == 0 else "2025",
                     f"{first:%d/%m/%Y}", f"{last:%d/%m/%Y}", status]
                )  # fmt: skip
    first, last = spans[1]
    within = [*rows[0][:12], f"{first:%d/%m/%Y}", f"{date(first.year, 6, 30):%d/%m/%Y}", "Verified"]
    rows += [
        [*rows[0][:12], f"{first:%d/%m/%Y}", f"{last:%d/%m/%Y}", "Verified"] if rows[0][12] != f"{first:%d/%m/%Y}" else within,
        within,
        [*rows[1][:3], "Innovation", *rows[1][4:]],
        [*rows[2][:5], "", *rows[2][6:]],
    ]  # fmt: skip
    headings = [_HEADINGS[name] for name in list(_HEADINGS)[:15]]
    return [
        write_csv(folder / "social_value_columns.csv", [["our column", "export column"], *_HEADINGS.items()]),
        write_csv(
            folder / "portal_export.csv", [["Row id", *headings], *([n, *row] for n, row in enumerate(rows, 1))]
        ),
    ]


def write_returns(path: Path, settings: Settings, agreements: pd.DataFrame, seed: int) -> Path:
    """Returns of small contracts for two quarters and those a year before; one of a contract that no register lists, one without evidence."""
    rng = np.random.default_rng(seed + 72)
    own = _own(agreements, settings)
    rows = headed("social_value_returns")
    year = settings.baseline_period.start_year + 3
    quarters = [(date(y, m, 1), date(y, m + 2, 30)) for y in (year - 1, year) for m in (4, 7)]
    small = _mixed(own[(own["value"] < _SMALL_TO) & (own["end_date"] >= quarters[-1][0])], 15)
    for n, a in enumerate(small.itertuples()):
        if n % 3 == 2:
            continue
        for first, last in quarters:
            if a.start_date > last or a.end_date < first:
                continue
            for words, unit, promised in (
                ("Waste", "tonnes", 40),
                ("Waste recycled", "tonnes", 25),
                ("Hours of work experience", "hours", 60),
            ):
                if words.startswith("Waste") and n % 2:
                    continue
                done = round(
                    promised * float(rng.uniform(0.15, 0.3)) * (0.8 if words == "Waste recycled" else 1), 1
                )
                is_sure = rng.random() < 0.75
                rows.append(
                    [a.contract_reference, a.supplier_name, words, unit, promised, done, f"{first:%d/%m/%Y}", f"{last:%d/%m/%Y}",
                     "Yes" if n % 2 else "", "No" if n == 4 and unit == "hours" else "Yes", "Yes" if unit == "hours" else "No",
                     "Weighbridge tickets" if is_sure else "", "Contract manager" if is_sure else ""]
                )  # fmt: skip
    first, last = quarters[-1]
    rows.append(
        [
            "C-UNKNOWN",
            "A firm",
            "Waste",
            "tonnes",
            10,
            4,
            f"{first:%d/%m/%Y}",
            f"{last:%d/%m/%Y}",
            "",
            "Yes",
            "No",
            "",
            "",
        ]
    )
    return write_csv(path, rows)


def write_employment(path: Path, settings: Settings) -> Path:
    """A programme and four developers' plans: numbers "over", cumulative ones, a job without a basis, few people, a silent plan."""
    year = settings.baseline_period.start_year + 3
    rows = headed("employment")
    quarters = ((date(year, 4, 1), date(year, 6, 30)), (date(year, 7, 1), date(year, 9, 30)))
    sites = {
        "Town centre works hub": ("Programme", "", "", "", ""),
        "Station gateway": ("S106", "24/00101/FP", 12_400_000, f"01/10/{year - 2}", f"30/09/{year + 1}"),
        "Old brewery yard": ("S106", "24/00377/FP", 6_800_000, f"01/04/{year - 1}", f"31/03/{year + 1}"),
        "Library works": ("S106", "25/00012/FP", 9_100_000, f"01/01/{year - 1}", f"31/12/{year}"),
        "North quarter": ("S106", "25/00418/FP", 3_200_000, "", ""),
    }
    told = (
        ("Town centre works hub", "Training attendances", "", (188, 172), (150, 131), "persons"),
        ("Town centre works hub", "CSCS cards", "", ("over 40", 38), (30, 31), "persons"),
        ("Town centre works hub", "2a", "", (9, 11), (6, 7), "starts"),
        ("Town centre works hub", "2b", "", (14, 17), (11, 12), "persons"),
        ("Town centre works hub", "1b", "", (8, 12), (6, 7), "persons"),
        ("Town centre works hub", "Donations £", "", (12_500, 9_000), ("", ""), "£"),
        ("Station gateway", "2a", 12.4, (3, 4), (2, 2), "starts"),
        ("Station gateway", "2c", "", (2, 3), (1, 2), "persons"),
        ("Station gateway", "2b", "", (3.5, 4.2), ("", ""), "FTE"),
        ("Station gateway", "Local labour share", "25%", (180, 200), (41, 46), "persons"),
        ("Station gateway", "Local supply chain £", 1_240_000, (310_000, 290_000), ("", ""), "£"),
        ("Old brewery yard", "1a", 18, (6, 7), (5, 7), "persons"),
        ("Old brewery yard", "2a", 7, (1, 2), (1, 1), "starts"),
        ("Old brewery yard", "School work", 12, (3, 4), ("", ""), "events"),
        ("Old brewery yard", "Training weeks on site", 150, (58, 62), ("", ""), "weeks"),
        ("Library works", "Careers events", 6, (2, ""), ("", ""), "events"),
        ("Library works", "2a", 9, (4, ""), (3, ""), "starts"),
        ("North quarter", "2a", 3, (0, 1), (0, 0), "starts"),
    )  # fmt: skip
    for scheme, name, target, done, living, basis in told:
        kind, planning, build, begins, ends = sites[scheme]
        for k, (first, last) in enumerate(quarters):
            if done[k] == "":
                continue
            cumulative = 9 if scheme == "Station gateway" and name == "2a" and k == 1 else ""
            rows.append(
                [scheme, planning, kind, "", build, begins, ends, name, target, done[k], cumulative, living[k], basis,
                 f"{first:%d/%m/%Y}", f"{last:%d/%m/%Y}", "", "Site records" if len(name) % 3 else ""]
            )  # fmt: skip
    first, last = quarters[1]
    rows += [
        ["Old brewery yard", "24/00377/FP", "S106", "", "", "", "", "2b", "", 5, "", "", "", f"{first:%d/%m/%Y}", f"{last:%d/%m/%Y}", "", ""],
        ["Town centre works hub", "", "Programme", "", "", "", "", "Training attendances", "", "over 550", "", "", "persons",
         f"01/10/{year - 1}", f"{last:%d/%m/%Y}", "", ""],
    ]  # fmt: skip
    return write_csv(path, rows)
