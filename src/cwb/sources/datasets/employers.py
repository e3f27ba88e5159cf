"""Employers of 250 staff or more, from the yearly CSV of the gender pay gap service.

One row per employer and year of reporting. Columns: `employer_name`, `current_name` (since then), `company_number` (blank for
public bodies), `employer_size` (band of staff as published), `is_large` (250 staff or more; NULL where no band is given),
`postcode` (registered address), `reported_in` (the year in its file's name, else that name), and the source columns. The name of the person responsible is never read. Source: the
service's own page of fields (seen 2026-11); every employer of 250 staff or more must report (SI 2017/172, for public bodies
SI 2017/353), smaller ones may. Refused: a row without name or without size.
"""

from __future__ import annotations

import re

import pandas as pd

from cwb.base.values import company_number, find_postcode, parse_number
from cwb.sources.fields import FLAG, RAW, TEXT, Field, coded, computed
from cwb.sources.tables import TableSource

LARGE = 250


def is_large(band: str | None) -> bool | None:
    """Whether a band ("250 to 499", "20,000 or more", "Less than 250") is of 250 staff or more; None for no band."""
    text = (band or "").lower()
    if "less than" in text:
        return False
    least = parse_number(text.split(" ")[0].replace(",", ""))
    return None if least is None else least >= LARGE


def _last(kept: pd.DataFrame, _: pd.DataFrame) -> pd.DataFrame:
    return kept.assign(
        is_large=[is_large(band) for band in kept["employer_size"]],
        reported_in=[_year(file) or file for file in kept["source_file"]],
    )


def _year(file: str) -> str | None:
    """The first year in a file's name ("gender_pay_gap_2024.csv", "2023 to 2024.csv")."""
    found = re.search(r"(?<!\d)20\d\d(?!\d)", file.rsplit("/", 1)[-1])
    return found and found[0]


SOURCE = TableSource(
    name="employers",
    absent="no list of large employers was supplied",
    fields={
        "employer_name": Field(("employername", "employer name"), TEXT).needed(
            "no employer", "Fetch the file again."
        ),
        "current_name": Field(("currentname", "current name"), TEXT),
        "company_number": Field(("companynumber", "company number"), coded(company_number)),
        "employer_size": Field(("employersize", "employer size"), TEXT),
        "postcode": Field(("postcode",), coded(find_postcode)),
        "address": Field(("address",), stored=None),
        "is_large": computed(FLAG),
        "reported_in": computed(RAW),
    },
    marks=frozenset({"employer_size"}),
    key=("employer_name", "company_number", "employer_size", "postcode", "reported_in"),
    last=_last,
)
