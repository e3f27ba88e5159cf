"""Who could supply it: local organisations by industry, those we know already, and social enterprises among them.

An organisation is *registered local* when its registered office is in the local area, *known* when it was paid or won an
award and its place is local. Neither tells whether it has the capacity, the quality or the wish.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from cwb.base.privacy import WITHHELD
from cwb.base.rows import plain
from cwb.council.sections import Gap
from cwb.dataset import Dataset
from cwb.measures.rules import in_force
from cwb.sources.places import LOCAL_RINGS

NONE, THIN, WORKABLE, STRONG, NOT_MAPPED = "None", "Thin", "Workable", "Strong", "Not mapped"
GRADES = (NONE, THIN, WORKABLE, STRONG, NOT_MAPPED)
# Of the classes kept out of the social enterprises these are no suppliers at all.
_NO_SUPPLIERS = frozenset({"ended", "twice", "dormant", "property"})
_KNOWN_YEARS = 3


class Industries:
    """Rows of a frame found by their SIC codes: `codes` are blank-separated five-digit codes, one text a row."""

    def __init__(self, codes: Iterable[object]):
        self._rows: dict[str, set[int]] = {}
        for position, text in enumerate(codes):
            for code in text.split() if isinstance(text, str) else ():
                self._rows.setdefault(code, set()).add(position)

    def find(self, beginnings: Iterable[str]) -> set[int]:
        """Positions of the rows with a code that begins so, or that is itself the beginning of one asked for.

        A register that gives "62" for a body says that it may do all of 62.
        """
        wanted = tuple(beginnings)
        if not wanted:
            return set()
        sets = [
            rows
            for code, rows in self._rows.items()
            if code.startswith(wanted) or any(w.startswith(code) for w in wanted)
        ]
        return set().union(*sets)


def in_business(organisations: pd.DataFrame) -> pd.DataFrame:
    """Organisations that trade: active, not dormant, no management companies of flats and estates."""
    if organisations.empty:
        return organisations
    out = ~organisations["is_active"].astype(bool) | organisations["rule"].isin(_NO_SUPPLIERS)
    return organisations[~out].reset_index(drop=True)


def known_suppliers(data: Dataset) -> pd.DataFrame:
    """Local suppliers paid in the three years up to the end of the period.

    One row per supplier: `supplier_key`, `display_name`, `org_id`, `grade`, `sic_codes`, `lad_code`, `pounds_gbp`, `cpv`
    (first three digits of what it was paid for, a set), `categories` (a set).
    """
    columns = [
        "supplier_key",
        "display_name",
        "org_id",
        "grade",
        "sic_codes",
        "lad_code",
        "pounds_gbp",
        "cpv",
        "categories",
    ]
    if data.lines.empty:
        return pd.DataFrame(columns=columns)
    last = pd.Timestamp(data.period.end)
    lines = data.lines
    paid = lines["payment_date"].between(last - pd.DateOffset(years=_KNOWN_YEARS), last)
    lines = lines[paid & lines["ring"].isin(LOCAL_RINGS) & lines["supplier_key"].notna()]
    found = lines.groupby("supplier_key").agg(
        display_name=("display_name", "first"),
        org_id=("org_id", "first"),
        grade=("grade", "first"),
        lad_code=("lad_code", "first"),
        pounds_gbp=("amount_gbp", "sum"),
        cpv=("cpv_code", lambda c: frozenset(str(x)[:3] for x in c.dropna().unique())),
        categories=("category", lambda c: frozenset(str(x).strip().lower() for x in c.dropna().unique())),
    )
    suppliers = data.table("suppliers").set_index("supplier_key")
    # Of a match under review nothing is taken, its organisation least of all.
    stands = suppliers["match_status"].reindex(found.index) == "matched"
    found["org_id"] = found["org_id"].where(stands)
    found["sic_codes"] = suppliers["sic_codes"].reindex(found.index)
    return found.reset_index().sort_values(
        ["pounds_gbp", "supplier_key"], ascending=[False, True], ignore_index=True
    )


@dataclass(frozen=True)
class Capable:
    """Local suppliers able to serve one purchase. `registered` are positions in `Supply.organisations`, `known` in
    `Supply.known`; `count` is how many different ones there are."""

    registered: frozenset[int]
    known: frozenset[int]
    count: int
    social_ab: int
    social_c: int


class Supply:
    """The supply side of one dataset, looked up by purchase. Another choice of who counts gives its own two tables."""

    def __init__(
        self, data: Dataset, organisations: pd.DataFrame | None = None, known: pd.DataFrame | None = None
    ):
        self.data = data
        self.organisations = in_business(data.local_organisations) if organisations is None else organisations
        self.known = known_suppliers(data) if known is None else known

    @cached_property
    def _registered(self) -> Industries:
        return Industries(self.organisations["sic_codes"] if len(self.organisations) else ())

    @cached_property
    def _known(self) -> Industries:
        return Industries(self.known["sic_codes"])

    @cached_property
    def _sizes(self) -> dict[str, float]:
        rows = in_force("company_sizes", self.data.period.end)
        return {row["accounts_category"]: float(row["most_turnover_gbp"]) for row in rows}

    def _too_small(self, rows: set[int], annual: float | None) -> set[int]:
        """Those for whom one year of the contract would be more of their turnover than `gap.turnover_part`.

        A company that files micro-entity accounts turns over £1m at most: with a half, it is left out above £500,000.
        """
        if annual is None or not rows:
            return set()
        part = self.data.settings.gap.turnover_part
        small = [kind for kind, most in self._sizes.items() if annual > part * most]
        if not small:
            return set()
        kinds = self.organisations["accounts_category"].to_numpy()
        return {row for row in rows if kinds[row] in small}

    def capable(self, line: dict[str, Any], with_sellers: bool = False) -> Capable:
        """Who could serve a line of `cwb.measures.demand`: by industry, or because we bought the same from them.

        The same means the same three digits of CPV, or the same category of the council's own.
        """
        codes = (*line["sic_codes"], *(line["seller_codes"] if with_sellers else ()))
        registered = self._registered.find(codes) if len(self.organisations) else set()
        annual = line["annual_gbp"] if line["annual_gbp"] == line["annual_gbp"] else None
        registered -= self._too_small(registered, annual)
        known = self._known.find(codes)
        group, category = str(line["cpv_code"] or "")[:3], str(line["category"] or "").strip().lower()
        bought = {
            n
            for n, (cpv, own) in enumerate(zip(self.known["cpv"], self.known["categories"], strict=True))
            if (group and group in cpv) or (category and category in own)
        }
        return self._count(frozenset(registered), frozenset(known | bought))

    def _count(self, registered: frozenset[int], known: frozenset[int]) -> Capable:
        ids = {self._org_ids[n]: self._grades[n] for n in registered}
        for n in known:
            org, key, grade = self._known_ids[n]
            ids.setdefault(org or key, grade)
        grades = list(ids.values())
        return Capable(
            registered, known, len(ids), sum(g in ("A", "B") for g in grades), sum(g == "C" for g in grades)
        )

    @cached_property
    def _org_ids(self) -> list[str]:
        return list(self.organisations["org_id"]) if len(self.organisations) else []

    @cached_property
    def _grades(self) -> list[str | None]:
        return list(self.organisations["grade"].astype(object)) if len(self.organisations) else []

    @cached_property
    def _names(self) -> list[str]:
        return list(self.organisations["name"].astype(str)) if len(self.organisations) else []

    @cached_property
    def _known_names(self) -> list[str]:
        return list(self.known["display_name"].astype(str))

    @cached_property
    def _known_ids(self) -> list[tuple[str | None, str, str | None]]:
        return list(plain(self.known[["org_id", "supplier_key", "grade"]]).itertuples(index=False, name=None))

    @cached_property
    def _places(self) -> list[int]:
        """Where each organisation stands when candidates are named: grade A, grade B, others; then by its id."""
        order = sorted(range(len(self._org_ids)), key=lambda n: (_rank(self._grades[n]), self._org_ids[n]))
        places = [0] * len(order)
        for place, n in enumerate(order):
            places[n] = place
        return places

    def names(self, found: Capable, most: int, social_only: bool = False) -> list[str]:
        """Candidates by name: those we know first, by what we paid them, then social enterprises, then others.

        Names that may be an individual's are left out; so are bodies without a grade where `social_only`.
        """
        chosen: dict[str, str] = {}
        for n in sorted(found.known):
            org, key, grade = self._known_ids[n]
            if self._known_names[n] != WITHHELD and (not social_only or grade in ("A", "B")):
                chosen.setdefault(org or key, self._known_names[n])
                if len(chosen) == most:
                    return list(chosen.values())
        wanted = [n for n in found.registered if not social_only or self._grades[n] in ("A", "B")]
        # As many more as could be known already.
        for n in heapq.nsmallest(most + len(chosen), wanted, key=self._places.__getitem__):
            chosen.setdefault(self._org_ids[n], self._names[n])
        return list(chosen.values())[:most]


def _rank(grade: object) -> int:
    return {"A": 0, "B": 1}.get(str(grade), 2)


def grade_of(found: Capable, is_mapped: bool, rule: Gap) -> str:
    """None: nobody. Thin: fewer than `workable` capable local suppliers. Strong: at least `strong`, of whom at least
    `proven` are known to us for it; an industry on a register alone is weak evidence. Workable: what is between.

    A purchase whose code leads to no industry is not mapped, which is not the same as none. With 3, 8 and 2: five capable
    ones are workable; forty of whom one is known are workable; eight of whom two are known are strong.
    """
    if not is_mapped and found.count == 0:
        return NOT_MAPPED
    if found.count == 0:
        return NONE
    if found.count < rule.workable:
        return THIN
    return STRONG if found.count >= rule.strong and len(found.known) >= rule.proven else WORKABLE
