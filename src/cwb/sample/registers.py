"""Public registers of the sample, in their publishers' layouts: fictional organisations in real districts.

Generated here: companies (the suppliers', and local ones the council does not buy from), societies, charities,
co-operatives, and business counts. Numbers begin with 99, which no register has issued. Among the local bodies are the
classes that a map of social enterprises must keep out: management companies of flats, dormant and ended bodies,
academies, clubs, societies registered twice.
"""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd

from cwb.council.config import Settings
from cwb.reference import table
from cwb.sample.cells import write_csv
from cwb.sample.suppliers import CATEGORIES, stems
from cwb.sources.places import district_names

# What a firm of each category states as its industry.
INDUSTRIES: dict[str, tuple[str, ...]] = {
    "Building repairs and maintenance": ("41202", "43210", "43220", "43290", "43310", "43320", "43341", "43390", "43910", "43999"),
    "Housing and temporary accommodation": ("68209", "68201", "55900"),
    "Waste, cleansing and fleet": ("38110", "38320", "81299", "49410", "45200"),
    "Information technology": ("62012", "62020", "62090", "63110", "61900"),
    "Agency staff and recruitment": ("78109", "78200", "78300"),
    "Grounds and parks": ("81300", "01610", "02400"),
    "Energy and utilities": ("35140", "35230", "36000"),
    "Consultancy and professional services": ("70229", "71111", "71129", "69102", "69201", "74902"),
    "Leisure, arts and events": ("90010", "90030", "93110", "93130", "82301", "91020"),
    "Cleaning and facilities": ("81210", "81222", "81229", "81100"),
    "Community grants and support": ("88990", "88910", "87300", "85590", "86900"),
    "Printing, post and office supplies": ("18129", "17230", "53202", "46499"),
    "Vehicles and plant": ("45112", "45200", "77110", "77320"),
}  # fmt: skip
_HEADS = ("Oak", "Thistle", "Kestrel", "Mill", "Raven", "Clay", "Birch", "Lark", "Sparrow", "Flint", "Heron", "Bramble",
          "Copper", "Juniper", "Rowan", "Chalk", "Linden", "Fox", "Otter", "Wren")  # fmt: skip
_TAILS = ("bury", "croft", "dale", "ridge", "hollow", "meadow", "bridge", "acre", "haven", "view", "shaw", "lea")
_LOCAL_COMPANIES = 1_800
# What mission-led bodies of the sample do; elsewhere in the economy they are few.
_MISSION = ("88990", "88910", "87300", "85590", "86900", "90010", "90030", "93110", "81210", "81300", "38320")
_FORMS = {
    "company": "Private Limited Company",
    "cic": "Community Interest Company",
    "guarantee": "PRI/LTD BY GUAR/NSC (Private, limited by guarantee, no share capital)",
    "society": "Registered Society",
}


@dataclass(frozen=True)
class Register:
    """Bodies of all registers, one row each: `kind`, `name`, `number`, `charity_number`, `postcode`, `sic`, `accounts`,
    `status`, `born`, `ended` (None while it lives), `previous` (a former name, or None), `is_second` (registered twice)."""

    bodies: pd.DataFrame


def make_registers(vendors: pd.DataFrame, pools: dict[str, list[str]], settings: Settings, seed: int) -> Register:
    """The suppliers' entries, then local bodies of every kind. `pools` has local postcodes by district."""
    rng = np.random.default_rng(seed + 3)
    last = date(settings.baseline_period.start_year + 3, 9, 1)
    rows = [_of_vendor(rng, v, last) for v in vendors.itertuples() if v.company_number or v.charity_number]
    names = stems(rng, _HEADS, _TAILS)
    districts = list(settings.local.districts)
    for number in range(_LOCAL_COMPANIES):
        rows.append(_local(rng, next(names), number, pools[districts[int(rng.integers(len(districts)))]], last))
    return Register(pd.DataFrame(rows))


def _born(rng: np.random.Generator, last: date) -> date:
    return last - timedelta(days=int(365.25 * min(rng.exponential(11.0), 60.0)) + int(rng.integers(300)))


def _accounts(rng: np.random.Generator, size: object) -> str:
    return {"micro": "MICRO ENTITY", "small": "TOTAL EXEMPTION FULL", "medium": "MEDIUM", "large": "FULL"}.get(
        str(size), str(rng.choice(["MICRO ENTITY", "TOTAL EXEMPTION FULL"]))
    )


def _row(**given: object) -> dict[str, object]:
    nothing = {
        "charity_number": None,
        "ended": None,
        "previous": None,
        "is_second": False,
        "income": None,
        "status": "Active",
    }
    return nothing | given


def _of_vendor(rng: np.random.Generator, v, last: date) -> dict[str, object]:  # type: ignore[no-untyped-def]
    kind = v.kind if v.kind in ("cic", "society") else "guarantee" if v.kind == "charity" else "company"
    sic = str(rng.choice(INDUSTRIES[v.category]))
    previous = f"{v.supplier_name.split()[0]} {v.category.split()[0]} Limited" if rng.random() < 0.06 else None
    return _row(
        kind=kind if v.company_number else "charity", name=v.supplier_name, number=v.company_number,
        charity_number=v.charity_number, postcode=v.registered_postcode, sic=sic, accounts=_accounts(rng, v.size),
        born=_born(rng, last), previous=previous, income=float(rng.lognormal(12.5, 1.0)) if v.charity_number else None,
    )  # fmt: skip


def _local(rng: np.random.Generator, stem: str, number: int, pool: list[str], last: date) -> dict[str, object]:
    """One local body that the council does not buy from."""
    lean = np.array([share * trade_lean**1.5 for _, _, share, _, trade_lean in CATEGORIES.values()])
    category = str(rng.choice(list(CATEGORIES), p=lean / lean.sum()))
    trade = str(
        rng.choice(
            ["Works", "Group", "Partners", "Care", "Studio", "Collective", "Direct", "Solutions", "Trading"]
        )
    )
    draw = rng.random()
    mission = str(rng.choice(_MISSION))
    common = {
        "number": f"995{number:05d}", "postcode": str(rng.choice(pool)), "sic": str(rng.choice(INDUSTRIES[category])),
        "accounts": _accounts(rng, rng.choice(["micro", "micro", "small", "small", "medium"])), "born": _born(rng, last),
    }  # fmt: skip
    if draw < 0.06:
        return _row(**common | {"kind": "cic", "name": f"{stem} {trade} CIC", "sic": mission})
    if draw < 0.08:
        return _row(
            **common | {"kind": "guarantee", "name": f"{stem} House Management Company Limited", "sic": "98000"}
        )
    if draw < 0.095:
        return _row(**common | {"kind": "guarantee", "name": f"{stem} Academy Trust", "sic": "85310"})
    if draw < 0.115:
        return _row(**common | {"kind": "guarantee", "name": f"{stem} {trade} Limited"})
    if draw < 0.15:
        return _society(rng, stem, number, common | {"sic": mission}, last)
    if draw < 0.2:
        return _charity(rng, stem, number, common | {"sic": mission})
    if draw < 0.23:
        return _row(
            **common
            | {"kind": "company", "name": f"{stem} {trade} Limited", "accounts": "DORMANT", "sic": "99999"}
        )
    if draw < 0.25:
        return _row(**common | {"kind": "company", "name": f"{stem} {trade} Ltd", "status": "Liquidation"})
    return _row(
        **common
        | {"kind": "company", "name": f"{stem} {trade} {category.split(maxsplit=1)[0].strip(',')} Limited"}
    )


def _society(
    rng: np.random.Generator, stem: str, number: int, common: dict[str, object], last: date
) -> dict[str, object]:
    kinds = ("Co-operative Society", "Community Benefit Society", "Credit Union", "Working Men's Club")
    kind = str(rng.choice(kinds, p=[0.4, 0.4, 0.1, 0.1]))
    words = {"Co-operative Society": "Co-operative Limited", "Community Benefit Society": "Community Benefit Society Limited",
             "Credit Union": "Credit Union Limited", "Working Men's Club": "Working Men's Club and Institute"}  # fmt: skip
    born = common["born"]
    assert isinstance(born, date)
    ended = born + timedelta(days=int(rng.integers(400, 4000))) if rng.random() < 0.2 else None
    return _row(
        **common | {
            "kind": "society", "name": f"{stem} {words[kind]}", "number": f"RS99{number % 10_000:04d}", "registered_as": kind,
            "ended": ended if ended and ended < last else None, "is_second": kind == "Co-operative Society" and rng.random() < 0.15,
        }
    )  # fmt: skip


def _charity(rng: np.random.Generator, stem: str, number: int, common: dict[str, object]) -> dict[str, object]:
    is_company = rng.random() < 0.4
    return _row(
        **common | {
            "kind": "guarantee" if is_company else "charity", "name": f"{stem} {'Foundation' if is_company else 'Community Trust'}",
            "number": common["number"] if is_company else None, "charity_number": f"994{number % 10_000:04d}",
            "is_cio": not is_company and rng.random() < 0.5, "income": float(rng.lognormal(10.6, 1.6)),
        }
    )  # fmt: skip


def write_companies(path: Path, bodies: pd.DataFrame) -> Path:
    """Companies House's product: 55 columns, header names with leading blanks, every data field quoted."""
    header = [
        "CompanyName", " CompanyNumber", "RegAddress.CareOf", "RegAddress.POBox", "RegAddress.AddressLine1",
        " RegAddress.AddressLine2", "RegAddress.PostTown", "RegAddress.County", "RegAddress.Country",
        "RegAddress.PostCode", "CompanyCategory", "CompanyStatus", "CountryOfOrigin", "DissolutionDate",
        "IncorporationDate", "Accounts.AccountRefDay", "Accounts.AccountRefMonth", "Accounts.NextDueDate",
        "Accounts.LastMadeUpDate", "Accounts.AccountCategory", "Returns.NextDueDate", "Returns.LastMadeUpDate",
        "Mortgages.NumMortCharges", "Mortgages.NumMortOutstanding", "Mortgages.NumMortPartSatisfied",
        "Mortgages.NumMortSatisfied", "SICCode.SicText_1", "SICCode.SicText_2", "SICCode.SicText_3",
        "SICCode.SicText_4", "LimitedPartnerships.NumGenPartners", "LimitedPartnerships.NumLimPartners", "URI",
    ]  # fmt: skip
    for n in range(1, 11):
        blank = "" if n == 1 else " "
        header += [f"{blank}PreviousName_{n}.CONDATE", f" PreviousName_{n}.CompanyName"]
    header += ["ConfStmtNextDueDate", " ConfStmtLastMadeUpDate"]
    titles = dict(table("sic")[["sic_code", "title"]].itertuples(index=False, name=None))
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as handle:
        handle.write(",".join(header) + "\r\n")
        writer = csv.writer(handle, quoting=csv.QUOTE_ALL)
        for b in bodies[bodies["number"].notna()].itertuples():
            row = [""] * len(header)
            is_society = b.kind == "society"
            row[0], row[1], row[10], row[11] = b.name.upper(), b.number, _FORMS[b.kind], b.status
            row[12], row[14] = "United Kingdom", f"{b.born:%d/%m/%Y}"
            # The product has neither address nor industry of societies, and leaves out what has ended.
            if is_society and b.ended:
                continue
            if not is_society:
                row[9], row[19] = b.postcode, b.accounts
                row[26] = f"{b.sic} - {titles.get(b.sic, 'Dormant Company')}"
            if b.previous:
                row[33], row[34] = "01/04/2019", b.previous.upper()
            writer.writerow(row)
            if b.is_second:
                old = list(row)
                old[1], old[10] = f"IP{b.number[2:]}", "Industrial and Provident Society"
                writer.writerow(old)
    return path


def write_mutuals(path: Path, bodies: pd.DataFrame) -> Path:
    """The FCA's list, in cp1252, its misspelt heading and one-line addresses as published."""
    header = ["Society Number", "Full Registation Number", "Society Name", "Society Address", "Registered As",
              "Registration Act", "Registration Date", "Deregistration Date", "Society Status",
              "Reporting Classification"]  # fmt: skip
    rows = []
    for b in bodies[bodies["kind"] == "society"].itertuples():
        number = str(int(b.number[2:]))
        registered_as = getattr(b, "registered_as", None)
        rows.append(
            [number, f"{number}R", b.name, f"1 Example Road, Exampleton, {b.postcode}",
             registered_as if isinstance(registered_as, str) else "Co-operative Society",
             "Co-operative and Community Benefit Societies Act 2014", f"{b.born:%d/%m/%Y}",
             f"{b.ended:%d/%m/%Y}" if b.ended else "", "Deregistered" if b.ended else "Registered", ""]
        )  # fmt: skip
    return write_csv(path, [header, *rows], "cp1252")


def write_charities(path: Path, bodies: pd.DataFrame) -> Path:
    """The Charity Commission's extract: a JSON array with a byte-order mark."""
    rows = []
    for b in bodies[bodies["charity_number"].notna()].itertuples():
        rows.append(
            {
                "date_of_extract": "2026-09-01T00:00:00", "organisation_number": int(b.charity_number),
                "registered_charity_number": int(b.charity_number), "linked_charity_number": 0,
                "charity_name": b.name.upper(), "charity_type": "Other", "charity_registration_status": "Registered",
                "date_of_registration": f"{b.born}T00:00:00", "date_of_removal": None,
                "latest_income": round(b.income or 0.0, 2), "charity_contact_postcode": b.postcode,
                "charity_company_registration_number": b.number, "charity_is_cio": bool(getattr(b, "is_cio", False) is True),
                "charity_activities": "Fictional charity of the illustrative council.",
            }
        )  # fmt: skip
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(rows, indent=0), encoding="utf-8-sig")
    return path


def write_coops(path: Path, bodies: pd.DataFrame) -> Path:
    """Co-operatives UK's list of 2017: most societies, and a few companies."""
    header = ["CUK Organisation ID", "Registered Number", "Registrar", "Registered Name", "Trading Name", "Legal Form",
              "Registered Street", "Registered City", "Registered State/Province", "Registered Postcode", "UK Nation",
              "SIC Code", "Sector - Simplified, High Level", "Ownership Classification", "Registered Status",
              "Incorporation Date", "Dissolved Date"]  # fmt: skip
    chosen = bodies[
        (bodies["kind"] == "society") | (bodies["name"].str.contains("Collective") & bodies["number"].notna())
    ]
    rows = []
    for n, b in enumerate(chosen.itertuples()):
        is_society = b.kind == "society"
        rows.append(
            [f"R9{n:05d}", f"{int(b.number[2:])}R" if is_society else b.number, "FCA" if is_society else "Companies House",
             b.name, "", "Society" if is_society else "Company", "1 Example Road", "Exampleton", "", b.postcode, "England",
             f"UKSIC07-{b.sic[:4]}", "Other", "Members", "Dead" if b.ended else "Live",
             f"{b.born.day}/{b.born.month}/{b.born.year}", ""]
        )  # fmt: skip
    return write_csv(path, [header, *rows])


def write_business_counts(path: Path, settings: Settings, seed: int) -> Path:
    """Nomis: enterprises by district, section and size band, rounded to 5."""
    rng = np.random.default_rng(seed + 4)
    names = district_names()
    sections = table("sic")[["section", "section_title"]].drop_duplicates().itertuples(index=False)
    listed = [(row.section, row.section_title) for row in sections]
    bands = ("Micro (0 to 9)", "Small (10 to 49)", "Medium-sized (50 to 249)", "Large (250+)")
    header = ["DATE_NAME", "GEOGRAPHY_NAME", "GEOGRAPHY_CODE", "INDUSTRY_NAME", "EMPLOYMENT_SIZEBAND_NAME",
              "LEGAL_STATUS_NAME", "OBS_VALUE"]  # fmt: skip
    rows: list[list[object]] = []
    year = settings.baseline_period.start_year + 3
    for code in settings.local.districts:
        size = rng.uniform(0.7, 1.5) * (0.7 if code == settings.council.home_district else 1.0)
        for letter, title in listed:
            micro = int(5 * round(rng.gamma(2.0, 110.0) * size / 5))
            parts = [micro, 5 * round(micro * 0.1 / 5), 5 * round(micro * 0.02 / 5), 5 * round(micro * 0.004 / 5)]
            for band, units in (("Total", sum(parts)), *zip(bands, parts, strict=True)):
                rows.append([year, names[code], code, f"{letter} : {title}", band, "Total", units])
    return write_csv(path, [header, *rows])
