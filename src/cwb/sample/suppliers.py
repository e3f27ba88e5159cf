"""Fictional suppliers in real districts.

One row per supplier: `supplier_id`, `supplier_name`, `ring`, `postcode` (None for some, as in real lists),
`registered_postcode`, `kind`, `company_number` (from 99000000, which Companies House has not issued; a society's begins
RS99), `charity_number`, `listed_name` and `listed_number` (as the vendor list has them: some shortened or misspelt, one
number in three missing), `is_sme`, `is_vcse`, `size`, `category`, `weight` (how much the council buys there).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import duckdb
import numpy as np
import pandas as pd

from cwb.council.config import Settings
from cwb.sources.places import ELSEWHERE, HOME, LOCAL, REGION, UNKNOWN, ring_of

# Category of spend → (CPV code, ProClass code, share of recurrent spend, trades in names, lean towards local).
CATEGORIES: dict[str, tuple[str, str, float, tuple[str, ...], float]] = {
    "Building repairs and maintenance": ("45453000", "390000", 0.17, ("Building Services", "Property Repairs", "Roofing", "Electrical Contractors"), 1.5),
    "Housing and temporary accommodation": ("70333000", "250000", 0.11, ("Housing", "Lettings", "Homes"), 1.6),
    "Waste, cleansing and fleet": ("90500000", "180000", 0.12, ("Waste Services", "Recycling", "Fleet Services", "Street Care"), 0.6),
    "Information technology": ("72000000", "270000", 0.13, ("Software", "Systems", "Digital", "Networks"), 0.15),
    "Agency staff and recruitment": ("79600000", "260000", 0.08, ("Recruitment", "Staffing", "Resourcing"), 0.5),
    "Grounds and parks": ("77310000", "240000", 0.05, ("Landscapes", "Tree Care", "Grounds Maintenance"), 2.2),
    "Energy and utilities": ("09300000", "370000", 0.09, ("Energy", "Water Services", "Power"), 0.02),
    "Consultancy and professional services": ("79410000", "150000", 0.08, ("Consulting", "Surveyors", "Architects", "Legal"), 0.6),
    "Leisure, arts and events": ("92000000", "290000", 0.05, ("Leisure", "Theatre Company", "Events", "Sports Trust"), 1.8),
    "Cleaning and facilities": ("90910000", "130000", 0.04, ("Cleaning", "Facilities", "Hygiene Services"), 1.6),
    "Community grants and support": ("85300000", "321000", 0.04, ("Community Trust", "Advice Service", "Youth Project"), 3.0),
    "Printing, post and office supplies": ("30190000", "340000", 0.02, ("Print", "Office Supplies", "Stationery"), 1.0),
    "Vehicles and plant": ("34000000", "380000", 0.02, ("Motors", "Plant Hire", "Vehicle Services"), 1.2),
}  # fmt: skip
_HEADS = (
    "Quill", "Bram", "Tolver", "Ash", "Harrow", "Fen", "Oster", "Pell", "Wynd", "Marl", "Corv", "Tarn", "Sedge",
    "Larks", "Holm", "Brack", "Elder", "Yarrow", "Nether", "Over", "Kest", "Alder", "Cinder", "Dray", "Hurst",
)  # fmt: skip
_TAILS = ("mere", "wick", "stone", "field", "combe", "leigh", "brook", "gate", "ford", "more", "well", "stead")
_GIVEN = ("Avery", "Robin", "Sam", "Jo", "Kit", "Lee", "Pat", "Ash", "Drew", "Alex")
_FAMILY = ("Samplewright", "Testerton", "Mockridge", "Placehold", "Fixtureman", "Dummwell", "Stubbington")
# How many suppliers of each kind, per ring.
_COUNTS = {HOME: 110, LOCAL: 250, REGION: 110, ELSEWHERE: 400, UNKNOWN: 30}
_INDIVIDUALS = 24
_MISSION_LED = (
    "Community grants and support",
    "Leisure, arts and events",
    "Grounds and parks",
    "Cleaning and facilities",
)
_MISSION_KINDS, _OTHER_KINDS = (0.72, 0.11, 0.12, 0.05), (0.98, 0.01, 0.01, 0.0)


def make_suppliers(con: duckdb.DuckDBPyConnection, settings: Settings, seed: int) -> pd.DataFrame:
    """Draw the suppliers. `con` has the view `postcodes`; the same seed gives the same table."""
    rng = np.random.default_rng(seed)
    pools = _postcode_pools(con, settings, rng)
    names = stems(rng, _HEADS, _TAILS)
    rows: list[dict[str, object]] = []
    for ring, count in _COUNTS.items():
        for number in range(count):
            category = _category(rng, ring)
            mission = category in _MISSION_LED
            individual = ring in (HOME, LOCAL) and number < _INDIVIDUALS // 2
            kind = (
                "individual"
                if individual
                else rng.choice(
                    ["company", "cic", "charity", "society"], p=_MISSION_KINDS if mission else _OTHER_KINDS
                )
            )
            stem = next(names)
            place = str(rng.choice(pools[ring])) if ring != UNKNOWN else None
            rows.append(_supplier(rng, len(rows) + 1, ring, category, kind, stem, place, pools))
    return _as_listed(pd.DataFrame(rows), np.random.default_rng(seed + 7))


def _as_listed(vendors: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Numbers by kind, and what the vendor list says of them: a list kept by hand has gaps and slips."""
    short = {
        "Services": "Svcs",
        "Building": "Bldg",
        "Contractors": "Contr",
        "Consulting": "Consult",
        "Recruitment": "Recruit",
    }
    numbers, charities, names, listed = [], [], [], []
    for v in vendors.itertuples():
        digits = f"{v.Index + 1:04d}"
        number = f"RS99{digits}" if v.kind == "society" and v.company_number else v.company_number
        is_charity = v.kind == "charity" and v.ring != UNKNOWN
        if is_charity and v.Index % 2:
            number = None
        numbers.append(number)
        charities.append(f"997{digits}" if is_charity else None)
        draw, name = rng.random(), v.supplier_name
        is_short = draw < 0.35
        if is_short and v.kind != "individual":
            words = [short.get(word, word) for word in name.split()]
            at = int(rng.integers(2, 6))
            slip = words[0][:at] + words[0][at + 1 :]
            choice = int(rng.integers(6))
            name = {0: " ".join(words), 1: " ".join([slip, *words[1:]]), 2: name.upper(), 3: name[:30]}.get(
                choice, name
            )
        names.append(name)
        listed.append(None if is_short else number)
    return vendors.assign(
        company_number=numbers, charity_number=charities, listed_name=names, listed_number=listed
    )


def district_pools(con: duckdb.DuckDBPyConnection, settings: Settings, seed: int) -> dict[str, list[str]]:
    """District of the local area → some of its postcodes."""
    rng = np.random.default_rng(seed + 8)
    rows = con.execute(
        "SELECT lad_code, list(postcode ORDER BY postcode) FROM postcodes WHERE easting IS NOT NULL "
        "AND list_contains(?, lad_code) GROUP BY lad_code ORDER BY lad_code",
        [list(settings.local.districts)],
    ).fetchall()
    return {
        code: [str(p) for p in rng.choice(found, size=min(250, len(found)), replace=False)] for code, found in rows
    }


def _postcode_pools(
    con: duckdb.DuckDBPyConnection, settings: Settings, rng: np.random.Generator
) -> dict[str, list[str]]:
    rows = con.execute(
        "SELECT lad_code, list(postcode ORDER BY postcode) FROM postcodes "
        "WHERE easting IS NOT NULL AND lad_code LIKE 'E%' GROUP BY lad_code ORDER BY lad_code"
    ).fetchall()
    pools: dict[str, list[str]] = {ring: [] for ring in (HOME, LOCAL, REGION, ELSEWHERE)}
    for lad_code, found in rows:
        ring = ring_of(lad_code, settings)
        wanted = 400 if ring == HOME else 60
        pools[ring] += [str(p) for p in rng.choice(found, size=min(wanted, len(found)), replace=False)]
    return pools


def stems(rng: np.random.Generator, heads: Sequence[str], tails: Sequence[str]) -> Iterator[str]:
    """Invented names without end, each once before any comes again."""
    pairs = [head + tail for head in heads for tail in tails]
    while True:
        yield from (pairs[index] for index in rng.permutation(len(pairs)))


def _category(rng: np.random.Generator, ring: str) -> str:
    near = ring in (HOME, LOCAL)
    weights = np.array(
        [share * (lean if near else 1 / max(lean, 0.2)) for _, _, share, _, lean in CATEGORIES.values()]
    )
    return str(rng.choice(list(CATEGORIES), p=weights / weights.sum()))


def _supplier(
    rng: np.random.Generator,
    number: int,
    ring: str,
    category: str,
    kind: str,
    stem: str,
    postcode: str | None,
    pools: dict[str, list[str]],
) -> dict[str, object]:
    trade = str(rng.choice(CATEGORIES[category][3]))
    registered = postcode if rng.random() < 0.85 else str(rng.choice(pools[ELSEWHERE]))
    row: dict[str, object] = {
        "supplier_id": f"V{number:05d}",
        "kind": kind,
        "ring": ring,
        "postcode": postcode,
        "registered_postcode": registered or str(rng.choice(pools[ELSEWHERE])),
        "category": category,
        # Without a number nothing tells where these are: a vendor list always has some.
        "company_number": f"99{number:06d}" if ring != UNKNOWN else None,
        "is_vcse": kind in ("cic", "charity", "society"),
        "weight": float(min(rng.pareto(1.6) + 0.05, 12.0)),
    }
    if kind == "individual":
        row |= {
            "supplier_name": f"{rng.choice(_GIVEN)} {rng.choice(_FAMILY)}",
            "company_number": None,
            "size": "micro",
            "weight": row["weight"] * 0.1,  # type: ignore[operator]
        }
    else:
        form = {"company": "Ltd", "cic": "CIC", "charity": "Charitable Trust", "society": "Co-operative Limited"}
        row["supplier_name"] = f"{stem} {trade} {form[kind]}"
        sizes = ["micro", "small", "medium", "large"]
        shares = [0.3, 0.38, 0.22, 0.1] if ring in (HOME, LOCAL) else [0.08, 0.24, 0.3, 0.38]
        row["size"] = str(rng.choice(sizes, p=shares))
    row["is_sme"] = row["size"] != "large"
    # One list in eight says nothing of size; a flag that is not stated is not "no".
    if rng.random() < 0.12:
        row |= {"size": None, "is_sme": None}
    if rng.random() < 0.08:
        row["is_vcse"] = None
    return row
