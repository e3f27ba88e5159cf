"""Who could supply it: local organisations by industry, those we know already, and social enterprises among them.

An organisation is *registered local* when its registered office is in the local area, *known* when it was paid in the
last three years and its place is local. Neither says whether it has the capacity, the quality or the wish.
"""

from __future__ import annotations

import heapq
import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cached_property

from cwb.base.privacy import WITHHELD
from cwb.base.rows import Row
from cwb.entities.matching.match import MATCHED
from cwb.evidence.data import PackData
from cwb.evidence.relation import Relation
from cwb.packs.account.register_dates import registered_by_then, registers_missing
from cwb.packs.market.industry import Industries, Need
from cwb.packs.market.turnover import Certainty, Turnover, company_sizes, turnover_of
from cwb.packs.registers_at_hand import has_whole_register

# Of the classes kept out of the social enterprises these are no suppliers at all.
_NO_SUPPLIERS = "('ended', 'twice', 'dormant', 'property')"
# What holds of an organisation that trades, wherever it is.
TRADES = ("NOT is_double", "is_active", f"rule IS NULL OR rule NOT IN {_NO_SUPPLIERS}")
_KNOWN_YEARS = 3
SURE_GRADES = ("A", "B")


def in_business(data: PackData) -> Relation:
    """Organisations that trade and are, or may be, in the local area: active, not dormant, no management companies of flats
    and estates, registered by the end of the period, each once. Ask of the fact IS_LOCAL which are; the place of an office may not be known."""
    return data.relation("organisations").where("is_local IS NOT FALSE", registered_by_then(data), *TRADES)


def paid_lately(data: PackData) -> Relation:
    """Payments to suppliers by name in the three years up to the end of the period."""
    last = data.period.end
    first = (last.year - _KNOWN_YEARS) * 100 + last.month
    lines = Relation("spend_lines", ("spend_lines",))
    return lines.where(
        f"payment_month > {first}", f"payment_month <= {last.year * 100 + last.month}", "supplier_key IS NOT NULL"
    )


@dataclass(frozen=True)
class Organisation:
    """One local organisation in business."""

    org_id: str
    name: str
    grade: str | None
    lad_code: str | None
    sic_codes: str | None
    turnover: Turnover


@dataclass(frozen=True)
class KnownSupplier:
    """One local supplier paid in the last three years. `cpv` holds the first three digits of what it was paid for,
    `categories` the council's own. `org_id` and `sic_codes` are of an accepted match, `candidate_sic_codes` of the best
    candidate of one under review. `best_year` is the most that we paid it in one of the three years."""

    supplier_key: str
    display_name: str
    org_id: str | None
    grade: str | None
    lad_code: str | None
    sic_codes: str | None
    candidate_sic_codes: str | None
    match_evidence: str
    pounds: Decimal
    best_year: Decimal
    turnover: Turnover
    cpv: frozenset[str]
    categories: frozenset[str]

    @property
    def identity(self) -> str:
        """What it counts once by, beside the register."""
        return self.org_id or self.supplier_key


def local_organisations(data: PackData) -> tuple[Organisation, ...]:
    """Local organisations in business, by their ids."""
    lines = in_business(data).where("is_local")
    rows = data.rows(
        f"""SELECT org_id, name, grade, lad_code, sic_codes, accounts_category, income_gbp FROM {lines.source}
            WHERE {lines.condition} ORDER BY org_id"""
    )
    sizes = company_sizes(data.period.end)
    return tuple(
        Organisation(
            turnover=turnover_of(row.pop("accounts_category"), row.pop("income_gbp"), Decimal(0), sizes), **row
        )
        for row in rows
    )


def known_suppliers(data: PackData) -> tuple[KnownSupplier, ...]:
    """Local suppliers paid in the three years up to the end of the period, most pounds first."""
    lines, sizes = paid_lately(data).where("is_local"), company_sizes(data.period.end)
    where = f"FROM {lines.source} WHERE {lines.condition}"
    cpv, categories = (
        _texts(data, f"SELECT DISTINCT supplier_key, {column} AS text {where} AND {column} IS NOT NULL")
        for column in ("cpv_code", "own_category")
    )
    rows = data.rows(
        f"""SELECT l.supplier_key, l.pounds, s.display_name, s.org_id, s.grade, s.lad_code, s.sic_codes,
                s.candidate_sic_codes, s.match_status, s.match_evidence, o.accounts_category, o.income_gbp
            FROM (SELECT supplier_key, sum(amount_gbp) AS pounds {where} GROUP BY supplier_key) l
            JOIN suppliers s ON s.supplier_key = l.supplier_key
            LEFT JOIN organisations o ON o.org_id = s.org_id
            ORDER BY l.pounds DESC, l.supplier_key"""
    )
    best = _best_years(
        data.period.end,
        data.rows(
            f"SELECT supplier_key, payment_month, sum(amount_gbp) AS pounds {where} GROUP BY supplier_key, payment_month"
        ),
    )
    found = []
    for row in rows:
        key, is_accepted = row["supplier_key"], row.pop("match_status") == MATCHED
        accounts, income = row.pop("accounts_category"), row.pop("income_gbp")
        if not is_accepted:
            # Of a match under review nothing is taken, its organisation least of all.
            row["org_id"] = accounts = income = None
        row["best_year"] = best.get(key, Decimal(0))
        row["turnover"] = turnover_of(accounts, income, row["best_year"], sizes)
        codes = frozenset(text[:3] for text in cpv.get(key, ()))
        words = frozenset(text.strip().lower() for text in categories.get(key, ()))
        found.append(KnownSupplier(**row, cpv=codes, categories=words))
    return tuple(found)


def _best_years(last: date, rows: Iterable[Row]) -> dict[str, Decimal]:
    """Supplier → the most that it was paid in one of the twelve months up to a day and those before them."""
    years: dict[tuple[str, int], Decimal] = {}
    for row in rows:
        year, month = divmod(row["payment_month"], 100)
        key = row["supplier_key"], (last.year * 12 + last.month - year * 12 - month) // 12
        years[key] = years.get(key, Decimal(0)) + row["pounds"]
    best: dict[str, Decimal] = {}
    for (supplier, _), pounds in years.items():
        best[supplier] = max(best.get(supplier, Decimal(0)), pounds)
    return best


def _texts(data: PackData, sql: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for row in data.rows(sql):
        found.setdefault(row["supplier_key"], []).append(row["text"])
    return found


@dataclass(frozen=True)
class Capable:
    """Local suppliers of one purchase. `registered` are positions in `Supply.organisations`, `known` in `Supply.known`; `count`
    is how many different ones there are, `social_ab` and `social_c` how many of them are social enterprises of grades A and B,
    and of C. `able` is about how many turn over enough, None where the size of the purchase is not known; `proven` is how
    many of the known we have paid as much in one year as a year of the purchase costs. `at_most`: those for the most that a year may cost."""

    registered: frozenset[int]
    known: frozenset[int]
    count: int
    social_ab: int
    social_c: int
    able: int | None
    proven: int
    at_most: Capable | None = None


@dataclass(frozen=True)
class Supply:
    """The supply side, looked up by need. Another choice of who counts is another `Supply` (`dataclasses.replace`).

    `has_register` is whether the register of companies is whole: on a part of one nobody's absence says that there is none;
    `lists_social` whether the other registers of social enterprises were supplied too; `turnover_part` which part of its turnover a
    year of a contract may be; `certainty` how a firm counts of which it is not known whether it turns over enough.
    """

    organisations: tuple[Organisation, ...]
    known: tuple[KnownSupplier, ...]
    has_register: bool = False
    lists_social: bool = False
    turnover_part: Decimal = Decimal(1)
    certainty: Certainty = Certainty.LIKELY

    def within(self, district: str) -> Supply:
        """Those of one district alone."""
        return replace(
            self,
            organisations=tuple(one for one in self.organisations if one.lad_code == district),
            known=tuple(one for one in self.known if one.lad_code == district),
        )

    @cached_property
    def _registered_by_code(self) -> Industries:
        return Industries(one.sic_codes for one in self.organisations)

    @cached_property
    def _known_by_code(self) -> Industries:
        return Industries(one.sic_codes for one in self.known)

    @cached_property
    def _known_by_purchase(self) -> dict[str, set[int]]:
        """Groups of CPV (three digits) and categories → positions of those whom we bought them from."""
        found: dict[str, set[int]] = {}
        for n, supplier in enumerate(self.known):
            for bought in (*supplier.cpv, *supplier.categories):
                found.setdefault(bought, set()).add(n)
        found.pop("", None)
        return found

    def capable(self, need: Need, with_sellers: bool = False) -> Capable:
        """Who could serve a need: by industry, or because we bought the same (three digits of CPV, or category) from them.

        A body in the industry that is surely too small is left out.
        """
        codes = (*need.sic_codes, *(need.seller_codes if with_sellers else ()))
        registered = self._registered_by_code.find(codes)
        annual = need.annual_gbp
        if annual is not None:
            needed = annual / self.turnover_part
            is_too_small = {
                size: not size.chance(needed, Certainty.POSSIBLE)
                for size in {self.organisations[n].turnover for n in registered}
            }
            registered = {n for n in registered if not is_too_small[self.organisations[n].turnover]}
        group, category = (need.cpv_code or "")[:3], (need.category or "").strip().lower()
        bought = set().union(
            *(self._known_by_purchase.get(one, ()) for one in (group, category, *need.also_bought))
        )
        found = self._count(registered, self._known_by_code.find(codes) | bought, annual)
        if annual is None and need.most_gbp is not None:
            found = replace(found, at_most=self.capable(replace(need, annual_gbp=need.most_gbp), with_sellers))
        return found

    def _count(self, registered: set[int], known: set[int], annual: Decimal | None) -> Capable:
        grades = {self.organisations[n].org_id: self.organisations[n].grade for n in registered}
        sizes = {self.organisations[n].org_id: self.organisations[n].turnover for n in registered}
        for n in known:
            supplier = self.known[n]
            grades.setdefault(supplier.identity, supplier.grade)
            # It knows what the register says and what we paid.
            sizes[supplier.identity] = supplier.turnover
        return Capable(
            frozenset(registered),
            frozenset(known),
            len(grades),
            sum(grade in SURE_GRADES for grade in grades.values()),
            sum(grade == "C" for grade in grades.values()),
            None if annual is None and sizes else self._able(sizes.values(), (annual or 0) / self.turnover_part),
            0 if annual is None else sum(self.known[n].best_year >= annual for n in known),
        )

    def _able(self, sizes: Iterable[Turnover], needed: Decimal) -> int:
        many = Counter(sizes)
        return round(math.fsum(number * size.chance(needed, self.certainty) for size, number in many.items()))

    def names(self, found: Capable, most: int, social_only: bool = False) -> list[str]:
        """Candidates by name: those we know first, by what we paid them, then grade A, grade B and others by their ids. Names that may
        be an individual's are left out; so are bodies without a grade where `social_only`.
        """
        chosen: dict[str, str] = {}
        for n in sorted(found.known):
            supplier = self.known[n]
            if supplier.display_name != WITHHELD and (not social_only or supplier.grade in SURE_GRADES):
                chosen.setdefault(supplier.identity, supplier.display_name)
                if len(chosen) == most:
                    return list(chosen.values())
        bodies = (self.organisations[n] for n in found.registered)
        wanted = [body for body in bodies if not social_only or body.grade in SURE_GRADES]
        # As many more as could be known already.
        for body in heapq.nsmallest(most + len(chosen), wanted, key=lambda body: (_rank(body.grade), body.org_id)):
            chosen.setdefault(body.org_id, body.name)
        return list(chosen.values())[:most]


def supply_of(data: PackData) -> Supply:
    """The supply side of a period, as reported."""
    return data.cached("supply", _supply)


def _supply(data: PackData) -> Supply:
    part = Decimal(str(data.settings.gap.turnover_part))
    whole = has_whole_register(data)
    local, known = local_organisations(data), known_suppliers(data)
    return Supply(local, known, whole, whole and not registers_missing(data), part)


def _rank(grade: str | None) -> int:
    return SURE_GRADES.index(grade) if grade in SURE_GRADES else len(SURE_GRADES)
