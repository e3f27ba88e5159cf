"""A made-up national register and supplier names with faults, for measuring and fitting the matching.

Nothing in it is real. Names follow the kinds that registers hold: a coined word and a trade, a surname and sons,
initials, a place and a trade, numbered shells, families of one stem (X Services, X Services (Midlands), X Group).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

TRADES = [
    "accountancy",
    "accountants",
    "advisory",
    "agencies",
    "air-conditioning",
    "analytics",
    "animation",
    "antiques",
    "apparel",
    "appliances",
    "aquatics",
    "architects",
    "architecture",
    "art",
    "arts",
    "associates",
    "auctions",
    "audio",
    "automation",
    "automotive",
    "aviation",
    "bakery",
    "bathrooms",
    "beauty",
    "bedding",
    "bikes",
    "biotech",
    "blinds",
    "boats",
    "bookkeeping",
    "books",
    "boutique",
    "brewing",
    "brickwork",
    "brokers",
    "builders",
    "building",
    "cabinets",
    "cafe",
    "cakes",
    "capital",
    "cargo",
    "care",
    "carpentry",
    "carpets",
    "cars",
    "catering",
    "ceramics",
    "childcare",
    "cinema",
    "civil",
    "cladding",
    "claims",
    "clean",
    "cleaning",
    "climate",
    "clinic",
    "clothing",
    "coaches",
    "coaching",
    "coatings",
    "coffee",
    "commercial",
    "communications",
    "community",
    "components",
    "computers",
    "computing",
    "concrete",
    "construction",
    "consultancy",
    "consultants",
    "consulting",
    "contractors",
    "contracts",
    "conversions",
    "cosmetics",
    "couriers",
    "courses",
    "crafts",
    "creative",
    "credit",
    "cuisine",
    "curtains",
    "cycles",
    "dairy",
    "damp",
    "data",
    "decorating",
    "decorators",
    "delivery",
    "demolition",
    "dental",
    "design",
    "designs",
    "detailing",
    "developments",
    "digital",
    "display",
    "distribution",
    "diving",
    "doors",
    "drainage",
    "driving",
    "drylining",
    "education",
    "electrical",
    "electricians",
    "electronics",
    "electronics",
    "employment",
    "energy",
    "engineering",
    "engineers",
    "enterprises",
    "entertainment",
    "environmental",
    "equestrian",
    "equipment",
    "estates",
    "events",
    "excavation",
    "exhibitions",
    "export",
    "fabrication",
    "facilities",
    "farm",
    "farming",
    "farms",
    "fashion",
    "fencing",
    "films",
    "finance",
    "financial",
    "fire",
    "fisheries",
    "fitness",
    "fittings",
    "flooring",
    "floors",
    "flowers",
    "foods",
    "footwear",
    "forestry",
    "foundation",
    "framing",
    "freight",
    "fuels",
    "furnishings",
    "furniture",
    "gallery",
    "games",
    "garage",
    "gardens",
    "gas",
    "genetics",
    "gifts",
    "glass",
    "glazing",
    "golf",
    "graphics",
    "greetings",
    "groundworks",
    "guarding",
    "gym",
    "hair",
    "hairdressing",
    "haulage",
    "health",
    "heating",
    "hire",
    "homecare",
    "homes",
    "horticulture",
    "hospitality",
    "hotels",
    "housing",
    "hygiene",
    "imaging",
    "imports",
    "industries",
    "information",
    "inns",
    "insulation",
    "insurance",
    "interiors",
    "investments",
    "ironwork",
    "it",
    "jewellers",
    "jewellery",
    "joinery",
    "kebab",
    "kitchens",
    "laboratories",
    "labels",
    "land",
    "landscapes",
    "landscaping",
    "language",
    "laser",
    "laundry",
    "law",
    "learning",
    "leasing",
    "legal",
    "leisure",
    "lettings",
    "lift",
    "lighting",
    "limousines",
    "linen",
    "livestock",
    "locksmiths",
    "lofts",
    "logistics",
    "machinery",
    "maintenance",
    "management",
    "manufacturing",
    "marine",
    "marketing",
    "marquees",
    "masonry",
    "massage",
    "materials",
    "mechanical",
    "media",
    "medical",
    "metals",
    "minerals",
    "mobile",
    "models",
    "mortgages",
    "motors",
    "music",
    "networks",
    "news",
    "nurseries",
    "nursery",
    "nursing",
    "nutrition",
    "office",
    "oil",
    "optical",
    "optics",
    "organics",
    "packaging",
    "paints",
    "pallets",
    "paper",
    "partners",
    "partnership",
    "parts",
    "paving",
    "payroll",
    "pest",
    "pets",
    "pharma",
    "pharmacy",
    "photography",
    "physiotherapy",
    "pictures",
    "pizza",
    "plant",
    "plants",
    "plastering",
    "plastics",
    "play",
    "plumbing",
    "pools",
    "pottery",
    "poultry",
    "power",
    "press",
    "pressings",
    "print",
    "printers",
    "printing",
    "produce",
    "productions",
    "products",
    "projects",
    "promotions",
    "properties",
    "property",
    "protection",
    "publishing",
    "pumps",
    "racing",
    "radio",
    "rail",
    "recovery",
    "recruitment",
    "recycling",
    "refrigeration",
    "refurbishment",
    "removals",
    "renewables",
    "rentals",
    "repairs",
    "research",
    "residential",
    "resources",
    "restaurant",
    "restoration",
    "retail",
    "risk",
    "roofing",
    "rooms",
    "rubber",
    "safety",
    "sailing",
    "sales",
    "salon",
    "sandwiches",
    "scaffolding",
    "school",
    "science",
    "scientific",
    "seafood",
    "security",
    "seeds",
    "sensors",
    "services",
    "sheds",
    "shipping",
    "shoes",
    "shops",
    "shopfitting",
    "signs",
    "skips",
    "software",
    "solar",
    "solutions",
    "sound",
    "spa",
    "spices",
    "sports",
    "staffing",
    "stationery",
    "steel",
    "stone",
    "storage",
    "strategy",
    "structures",
    "studio",
    "studios",
    "supplies",
    "surfacing",
    "surgical",
    "surveying",
    "surveyors",
    "systems",
    "takeaway",
    "tankers",
    "tax",
    "taxis",
    "technical",
    "technologies",
    "technology",
    "telecom",
    "testing",
    "textiles",
    "theatre",
    "therapy",
    "tiles",
    "timber",
    "tiling",
    "tools",
    "tourism",
    "toys",
    "trade",
    "trading",
    "training",
    "translation",
    "transport",
    "travel",
    "trees",
    "tuition",
    "tyres",
    "upholstery",
    "utilities",
    "valeting",
    "vans",
    "vehicles",
    "vending",
    "ventilation",
    "ventures",
    "veterinary",
    "video",
    "vineyards",
    "warehousing",
    "waste",
    "watches",
    "water",
    "web",
    "weddings",
    "welding",
    "wellbeing",
    "wholesale",
    "windows",
    "wines",
    "wireless",
    "woodwork",
    "workwear",
    "yachts",
    "yoga",
]
COMMON = (
    "services",
    "solutions",
    "consulting",
    "properties",
    "construction",
    "trading",
    "developments",
    "holdings",
    "investments",
    "management",
    "building",
    "engineering",
    "transport",
    "care",
    "property",
    "design",
    "media",
    "systems",
    "group",
    "estates",
)
TAILS = (
    "group",
    "holdings",
    "international",
    "uk",
    "(uk)",
    "europe",
    "midlands",
    "north",
    "south",
    "east",
    "west",
    "london",
    "2000",
    "and co",
    "company",
    "the",
    "scotland",
    "wales",
    "global",
    "direct",
    "online",
    "plus",
    "express",
    "worldwide",
)
GIVEN = [
    "james",
    "john",
    "robert",
    "michael",
    "david",
    "william",
    "richard",
    "thomas",
    "mark",
    "charles",
    "stephen",
    "paul",
    "andrew",
    "peter",
    "mary",
    "susan",
    "linda",
    "karen",
    "helen",
    "sarah",
    "emma",
    "laura",
    "anna",
    "kate",
    "jane",
    "alex",
    "sam",
    "chris",
    "lee",
    "ian",
    "neil",
    "craig",
    "scott",
    "adam",
    "ben",
    "tom",
    "jack",
    "harry",
    "george",
    "oliver",
    "muhammad",
    "ali",
    "ahmed",
    "hassan",
    "fatima",
    "priya",
    "raj",
    "amit",
    "sanjay",
    "wei",
    "li",
    "chen",
    "maria",
    "jose",
    "ana",
    "piotr",
    "jan",
    "anna",
    "olga",
    "elena",
    "ivan",
]
ONSETS = [
    "b",
    "bl",
    "br",
    "c",
    "ch",
    "cl",
    "cr",
    "d",
    "dr",
    "f",
    "fl",
    "fr",
    "g",
    "gl",
    "gr",
    "h",
    "j",
    "k",
    "kn",
    "l",
    "m",
    "n",
    "p",
    "ph",
    "pl",
    "pr",
    "qu",
    "r",
    "s",
    "sc",
    "sh",
    "sk",
    "sl",
    "sm",
    "sn",
    "sp",
    "st",
    "str",
    "sw",
    "t",
    "th",
    "tr",
    "tw",
    "v",
    "w",
    "wh",
    "y",
    "z",
]
VOWELS = ["a", "e", "i", "o", "u", "ea", "ee", "oo", "ai", "ou", "ie"]
CODAS = [
    "b",
    "ck",
    "d",
    "ff",
    "g",
    "k",
    "l",
    "ll",
    "m",
    "n",
    "nd",
    "ng",
    "nt",
    "p",
    "r",
    "rd",
    "rk",
    "rm",
    "rn",
    "rt",
    "s",
    "sh",
    "sk",
    "ss",
    "st",
    "t",
    "th",
    "v",
    "x",
    "z",
]
ENDS = [
    "ton",
    "ham",
    "ford",
    "ley",
    "by",
    "worth",
    "field",
    "wood",
    "well",
    "bourne",
    "stead",
    "wick",
    "dale",
    "combe",
    "mere",
    "gate",
    "bridge",
    "hurst",
    "shaw",
    "well",
]
_LETTERS = np.array(list("abcdefghijklmnopqrstuvwxyz"))


def words(rng: np.random.Generator, count: int) -> np.ndarray:
    """Coined words, all different: surnames, brands and places."""
    made: set[str] = set()
    while len(made) < count:
        n = count - len(made) + 100
        o1, v1, c1 = rng.choice(ONSETS, n), rng.choice(VOWELS, n), rng.choice(CODAS, n)
        o2, v2, end = rng.choice(ONSETS, n), rng.choice(VOWELS, n), rng.choice(ENDS, n)
        kind = rng.integers(0, 4, n)
        for i in range(n):
            base = o1[i] + v1[i] + c1[i]
            made.add(
                base
                if kind[i] == 0
                else base + end[i]
                if kind[i] == 1
                else o1[i] + v1[i] + o2[i] + v2[i] + c1[i]
                if kind[i] == 2
                else base + v2[i]
            )
    found = np.array(sorted(w for w in made if len(w) > 3))
    rng.shuffle(found)
    return found


def register(rng: np.random.Generator, count: int) -> pd.DataFrame:
    """About `count` organisations: `number`, `name`, `postcode`; names are unique, as company law wants them."""
    coined = words(rng, min(max(count // 8, 3_000), 400_000))
    rank = 1 / np.arange(1, len(coined) + 1) ** 0.55
    weights = rank / rank.sum()
    trades = np.array(TRADES)
    trade_rank = 1 / np.arange(1, len(trades) + 1) ** 0.6
    order = rng.permutation(len(trades))
    trade_weights = np.empty(len(trades))
    trade_weights[order] = trade_rank / trade_rank.sum()
    n = int(count * 1.25)
    w1, w2 = coined[rng.choice(len(coined), n, p=weights)], coined[rng.choice(len(coined), n, p=weights)]
    t1, t2 = (
        trades[rng.choice(len(trades), n, p=trade_weights)],
        trades[rng.choice(len(trades), n, p=trade_weights)],
    )
    common, tail = rng.choice(COMMON, n), rng.choice(TAILS, n)
    given = rng.choice(GIVEN, n)
    i1, i2 = _LETTERS[rng.integers(0, 26, n)], _LETTERS[rng.integers(0, 26, n)]
    digits = rng.integers(1, 2000, n).astype(str)
    kind = rng.choice(14, n, p=[0.17, 0.12, 0.1, 0.08, 0.08, 0.07, 0.06, 0.06, 0.06, 0.06, 0.05, 0.04, 0.03, 0.02])
    form = rng.choice(
        ["LIMITED", "LTD", "LLP", "CIC", "PLC", "C.I.C."], n, p=[0.52, 0.42, 0.03, 0.015, 0.005, 0.01]
    )
    templates = {
        0: lambda i: f"{w1[i]} {t1[i]}",
        1: lambda i: f"{w1[i]} {common[i]}",
        2: lambda i: f"{w1[i]} {w2[i]} {t1[i]}",
        3: lambda i: f"{w1[i]} {t1[i]} {common[i]}",
        4: lambda i: f"{given[i]} {w1[i]} {t1[i]}",
        5: lambda i: f"{i1[i]} {i2[i]} {w1[i]} {t1[i]}",
        6: lambda i: f"{i1[i]}.{i2[i]}. {w1[i]}",
        7: lambda i: f"{w1[i]} & {w2[i]}",
        8: lambda i: f"{w1[i]}",
        9: lambda i: f"{w1[i]} {t1[i]} {tail[i]}",
        10: lambda i: f"{w1[i]} & sons {t1[i]}",
        11: lambda i: f"{t1[i]} {t2[i]} {tail[i]}",
        12: lambda i: f"{i1[i]}{i2[i]}{i1[-i]} {t1[i]}",
        13: lambda i: f"{digits[i]} {w1[i]} road management company",
    }
    names = pd.Series([templates[k](i).upper() for i, k in enumerate(kind)])
    frame = pd.DataFrame({"name": names + " " + pd.Series(form), "core": names})
    frame = frame[~frame["core"].duplicated()].head(count).reset_index(drop=True)
    m = len(frame)
    areas = np.array(
        ["AB", "B", "BS", "CB", "E", "EN", "G", "HP", "L", "LU", "M", "N", "NE", "S", "SE", "SG", "SW", "W", "WD"]
    )
    frame["postcode"] = (
        pd.Series(rng.choice(areas, m))
        + pd.Series(rng.integers(1, 40, m).astype(str))
        + " "
        + pd.Series(rng.integers(1, 10, m).astype(str))
        + pd.Series(_LETTERS[rng.integers(0, 26, m)]).str.upper()
        + pd.Series(_LETTERS[rng.integers(0, 26, m)]).str.upper()
    )
    # One office in four is an accountant's or a formation agent's, shared by hundreds.
    agents = frame["postcode"].to_numpy()[rng.integers(0, m, max(m // 1_500, 3))]
    frame["postcode"] = np.where(rng.random(m) < 0.25, rng.choice(agents, m), frame["postcode"])
    frame["number"] = [f"{n:08d}" for n in range(1_000_000, 1_000_000 + m)]
    return frame[["number", "name", "postcode"]]


FAULTS = (
    "none",
    "form",
    "case and marks",
    "typo",
    "two typos",
    "cut",
    "order",
    "abbreviation",
    "t/a",
    "branch",
    "word lost",
)
_SHORT = {
    "services": "svcs",
    "building": "bldg",
    "construction": "constr",
    "engineering": "eng",
    "management": "mgmt",
    "consultants": "consult",
    "international": "intl",
    "maintenance": "maint",
    "associates": "assocs",
    "property": "prop",
    "transport": "transp",
    "equipment": "equip",
    "technology": "tech",
    "developments": "dev",
    "systems": "sys",
    "recruitment": "recr",
    "solutions": "solns",
    "environmental": "env",
    "communications": "comms",
    "electrical": "elec",
    "contractors": "contr",
    "properties": "props",
    "design": "dsgn",
    "training": "trng",
    "mechanical": "mech",
}


def _typo(rng: np.random.Generator, text: str) -> str:
    at = int(rng.integers(1, max(len(text) - 1, 2)))
    letter = str(rng.choice(_LETTERS))
    return [
        text[:at] + text[at + 1 :],
        text[:at] + letter + text[at:],
        text[:at] + letter + text[at + 1 :],
        text[:at] + text[at + 1 : at + 2] + text[at : at + 1] + text[at + 2 :],
    ][int(rng.integers(4))]


def spoil(rng: np.random.Generator, name: str, fault: str, cut: int) -> str:
    """The name as a ledger might have it, with one kind of fault."""
    bare, _, form = name.rpartition(" ")
    plain = bare.title()
    match fault:
        case "form":
            return plain
        case "case and marks":
            return (
                plain.replace("&", "And").replace(".", "") + (", " if rng.random() < 0.5 else " ") + form.lower()
            )
        case "typo":
            return f"{_typo(rng, plain)} {form.title()}"
        case "two typos":
            return f"{_typo(rng, _typo(rng, plain))} {form.title()}"
        case "cut":
            return f"{plain} {form.title()}"[:cut].rstrip()
        case "order":
            parts = plain.split()
            moved = parts[1:] + parts[:1]
            return f"{' '.join(moved)}" if rng.random() < 0.5 else f"{' '.join(moved)} {form}"
        case "abbreviation":
            shorter = [
                _SHORT.get(w.lower(), w if len(w) < 9 or rng.random() < 0.6 else w[:4]) for w in plain.split()
            ]
            return f"{' '.join(shorter)} {form.title()}"
        case "t/a":
            other = " ".join(str(rng.choice(TRADES)).title() for _ in range(2))
            return f"{plain} {form.title()} T/A {other}"
        case "branch":
            return f"{plain} {form.title()} - {rng.choice(['Stevenage', 'Luton', 'Branch 12', 'Head Office', 'Hitchin', 'Northern'])!s}"
        case "word lost":
            parts = plain.split()
            lost = int(rng.integers(len(parts))) if len(parts) > 2 else len(parts)
            return " ".join([*parts[:lost], *parts[lost + 1 :], form.title()])
    return name


def suppliers(rng: np.random.Generator, whole: pd.DataFrame, count: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Suppliers with faults, and the register without the fifth of them that are truly absent.

    Suppliers have `supplier_name`, `postcode` (missing for six in ten; else their office's in three cases of four),
    `number` (None where absent) and `fault`.
    """
    chosen = whole.iloc[rng.choice(len(whole), count, replace=False)]
    absent = rng.random(count) < 0.2
    kinds = rng.choice(FAULTS, count, p=[0.12, 0.12, 0.1, 0.14, 0.06, 0.14, 0.06, 0.1, 0.06, 0.05, 0.05])
    cuts = rng.choice([20, 25, 30, 35], count)
    rows = [spoil(rng, name, kind, int(cut)) for name, kind, cut in zip(chosen["name"], kinds, cuts, strict=True)]
    place = rng.random(count)
    others = whole["postcode"].to_numpy()[rng.integers(0, len(whole), count)]
    postcodes = [
        own if p < 0.3 else other if p < 0.4 else None
        for own, other, p in zip(chosen["postcode"], others, place, strict=True)
    ]
    given = pd.DataFrame(
        {
            "supplier_name": rows,
            "postcode": pd.Series(postcodes, dtype=object),
            "number": pd.Series(np.where(absent, None, chosen["number"]), dtype=object),
            "fault": np.where(absent, "absent", kinds),
        }
    )
    left = whole.drop(index=chosen.index[absent])
    return given, left
