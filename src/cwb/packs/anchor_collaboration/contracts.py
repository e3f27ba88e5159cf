"""Contracts of all bodies that end within the horizon, and the groups of them that end near each other in one category.

A contract comes from a register, or from an award notice where no register has the same supplier and last day. Left out are
contracts without a CPV code or a last day, and those of bodies that the settings do not name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cache, reduce
from itertools import groupby

from cwb.base.days import months_after
from cwb.council.sections import BUSINESS
from cwb.packs.anchor_collaboration.payments import NOT_IN_SETTINGS, bodies_of
from cwb.packs.exhibits import as_reason, silent
from cwb.packs.market.horizon import horizon
from cwb.packs.measure import PackData, Undefined, ask, undefined
from cwb.packs.questions import (
    CONTRACT,
    ONE,
    PLACE,
    Assumption,
    Fact,
    Finding,
    Question,
    Relation,
    Thing,
    at_least,
    total,
    value_of_rows,
)
from cwb.reference import table

# How many digits of the CPV code make a category.
DIGITS = 3
GROUP = Thing("group_key", "group_name", "groups of contracts")
ANNUAL = "coalesce(annual_gbp, 0)"
CAN_MOVE = Fact(
    "NOT is_local AND is_served",
    "suppliers' places and local markets are known",
    "A vendor list with postcodes and the public register of companies would settle it.",
    ("companies",),
    "a vendor list with postcodes",
)
NO_CONTRACT = "no contract was supplied that has a product code and ends in the months looked ahead"

_SETTLES = "The value and the term of each contract would settle it."
ONE_BODY = "contracts of fewer than two public bodies were supplied"


@dataclass(frozen=True)
class Contract:
    """One contract of one body. `annual_gbp` is None without value or term; `is_local` says whether one of its suppliers is
    local, None where none is known to be and the place of one is not known; the last three name the row it comes from."""

    contract_key: str
    body: str
    title: str
    reference: str | None
    cpv_code: str
    last_day: date
    annual_gbp: Decimal | None
    value_gbp: Decimal | None
    value_gross_gbp: Decimal | None
    value_basis: str
    is_local: bool | None
    origin: str
    source_file: str
    source_sheet: str | None
    source_row: int

    @property
    def category(self) -> str:
        """The first digits of its code."""
        return self.cpv_code[:DIGITS]


@dataclass(frozen=True)
class Group:
    """Contracts of at least two bodies in one category whose ends lie within the window, in the order of their ends."""

    contracts: tuple[Contract, ...]

    @property
    def key(self) -> str:
        return f"{self.contracts[0].category} {self.first_day}"

    @property
    def first_day(self) -> date:
        return self.contracts[0].last_day

    @property
    def cpv_code(self) -> str:
        """The code of most of them; of several the smallest."""
        counts = Counter(contract.cpv_code for contract in self.contracts)
        return min(counts, key=lambda code: (-counts[code], code))

    @property
    def name(self) -> str:
        """The category in words."""
        return category_name(self.cpv_code)

    @property
    def bodies(self) -> list[str]:
        return sorted({contract.body for contract in self.contracts})

    @property
    def annual_by_body(self) -> dict[str, Decimal]:
        """Pounds a year of each body of which a contract states them, largest first."""
        pounds: dict[str, Decimal] = {}
        for contract in self.contracts:
            if contract.annual_gbp is not None:
                pounds[contract.body] = pounds.get(contract.body, Decimal(0)) + contract.annual_gbp
        return dict(sorted(pounds.items(), key=lambda item: (-item[1], item[0])))

    @property
    def largest(self) -> str | None:
        """The body that is known to buy most of it."""
        return next(iter(self.annual_by_body), None)

    @property
    def silent(self) -> list[str]:
        """The bodies of whose contracts one states no value or no term, one name a contract."""
        return [contract.body for contract in self.contracts if contract.annual_gbp is None]

    @property
    def lead(self) -> str | None:
        """The body that buys most of it; None where another may buy more."""
        return None if self.is_partner_least else self.largest

    @property
    def is_partner_least(self) -> bool:
        """Whether the bodies but the largest may bring more than they state."""
        return not {self.largest}.issuperset(self.silent)

    @property
    def annual_gbp(self) -> Decimal | None:
        """Pounds a year of all; None where no contract states them."""
        pounds = self.annual_by_body
        return sum(pounds.values(), Decimal(0)) if pounds else None

    @property
    def partner_gbp(self) -> Decimal | None:
        """What all bodies but the largest buyer bring; None where fewer than two state what they buy."""
        pounds = list(self.annual_by_body.values())
        return sum(pounds[1:], Decimal(0)) if len(pounds) > 1 else None


@cache
def _categories() -> dict[str, str]:
    rows = table("cpv_to_sic")
    return dict(zip(rows["cpv_prefix"], rows["cpv_name"], strict=True))


def category_name(code: str) -> str:
    """What a CPV code buys, by its first three digits, else by its division."""
    names = _categories()
    return next((names[code[:n]] for n in range(DIGITS, 1, -1) if code[:n] in names), f"CPV {code[:DIGITS]}")


def ending_contracts(data: PackData) -> tuple[Contract, ...]:
    """Contracts of all bodies, in force at the end of the period, whose last day lies after it and within the horizon, each
    once. One that has not begun is bought already, and is no option; a business is no contracting authority, and its contracts are
    none either."""
    return data.cached("ending_contracts", _ending)


def _ending(data: PackData) -> tuple[Contract, ...]:
    first, last = horizon(data)
    rows = data.rows(
        f"""SELECT agreement_key AS contract_key, body, coalesce(title, 'Title not stated') AS title, reference, cpv_code, last_day, annual_gbp,
            value_gbp, value_gross_gbp, value_basis, is_local, origin, {PLACE} FROM agreement_lines
        WHERE NOT is_on_register AND cpv_code IS NOT NULL AND last_day > DATE '{first}' AND last_day <= DATE '{last}'
            AND coalesce(start_date <= DATE '{first}', TRUE)
        ORDER BY {PLACE}"""
    )
    known = public_bodies(data)
    found: dict[str, list[Contract]] = {}
    for row in rows:
        contract = Contract(**row)
        found.setdefault(contract.contract_key, []).append(contract)
    return tuple(_together(of) for of in found.values() if of[0].body in known)


def _together(rows: Sequence[Contract]) -> Contract:
    """A contract that stands in several rows, of several suppliers or of lots: local where one of its suppliers is."""
    return replace(
        rows[0],
        is_local=reduce(_either, [one.is_local for one in rows]),
        annual_gbp=value_of_rows(one.annual_gbp for one in rows),
        value_gbp=value_of_rows(one.value_gbp for one in rows),
        value_gross_gbp=value_of_rows(one.value_gross_gbp for one in rows),
    )


def public_bodies(data: PackData) -> set[str]:
    """The contracting authorities among the bodies of the settings, the council among them."""
    return {body.name for body in bodies_of(data) if body.kind not in (NOT_IN_SETTINGS, BUSINESS)}


def why_no_groups(data: PackData) -> str | None:
    """Why it is not known which contracts are aligned; None where contracts of two public bodies are at hand."""
    if not ending_contracts(data):
        return NO_CONTRACT
    with_register = {row["body"] for row in data.rows("SELECT DISTINCT body FROM agreement_lines")}
    return None if len(with_register & public_bodies(data)) > 1 else ONE_BODY


def _either(one: bool | None, other: bool | None) -> bool | None:
    if one or other:
        return True
    return None if one is None or other is None else False


def clusters(contracts: Sequence[Contract], window_months: int) -> list[Group]:
    """Groups of contracts in one category of at least two bodies whose ends lie within the window.

    Contracts are taken in the order of their ends; a new group begins when the next end is later than the window after the
    group's first.
    """
    ordered = sorted(contracts, key=lambda c: (c.category, c.last_day, c.body, c.title, c.contract_key))
    parts: list[list[Contract]] = []
    for _, same_category in groupby(ordered, key=lambda c: c.category):
        until = date.min
        for contract in same_category:
            if contract.last_day > until:
                parts.append([])
                until = months_after(contract.last_day, window_months)
            parts[-1].append(contract)
    return [Group(tuple(part)) for part in parts if len({contract.body for contract in part}) > 1]


def groups(data: PackData) -> list[Group]:
    """The groups of the period, none where no two bodies' contracts end near each other; raise `Undefined` where there are no
    contracts, or those of one body alone."""
    if reason := why_no_groups(data):
        raise Undefined(reason)
    return clusters(ending_contracts(data), data.settings.collaboration.window_months)


def ask_pounds(data: PackData, contracts: Sequence[Contract], *questions: Question) -> dict[str, Finding]:
    """Findings of the pounds a year of some contracts. Where some state no value or no term a sum is the least, and a caveat says
    how many these are; where all are, nothing is known."""
    without = sum(contract.annual_gbp is None for contract in contracts)
    if contracts and without == len(contracts):
        reason = "no contract states both a value and a term"
        return undefined(data, [question.id for question in questions], reason)
    caveats = silent(without, "contract states", "contracts state", "no value or no term")
    found = ask(
        data, *(replace(question, caveats=(*question.caveats, *caveats)) for question in questions)
    ).findings
    why = as_reason(caveats)
    return {name: at_least(one, _SETTLES, why) if without else one for name, one in found.items()}


def may_move(lines: Relation) -> Question:
    """Pounds a year of contracts that a local market could take over."""
    return total("option_shift", of=lines, where=CAN_MOVE, by=ANNUAL, per=CONTRACT)


def shift(data: PackData, times: Decimal = ONE, low: Decimal = ONE, high: Decimal = ONE) -> Assumption:
    """The share that is taken to move, times a factor with a range of its own."""
    part = Decimal(str(data.settings.gap.shift))
    return Assumption(part * times, part * low, part * high, "gap.shift")
