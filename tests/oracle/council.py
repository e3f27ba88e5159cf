"""One council's payments with their suppliers, cut to periods, and the sums that all figures are made of."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from oracle.agreements import awards
from oracle.bounds import Figure, Thing, nets, total
from oracle.places import Directory, Supplier
from oracle.reading import Payment, payments, plain, table


class Line(NamedTuple):
    """A payment with its supplier, empty where the name is withheld, and whether it is one-off."""

    paid: Payment
    supplier: Supplier | None
    is_one_off: bool
    body: str

    @property
    def thing(self) -> str:
        """What a fact of the line belongs to: its supplier, or itself where the name is withheld."""
        return self.supplier.key if self.supplier else self.paid.line


Fact = Callable[[Supplier], bool | None]


@dataclass(frozen=True)
class Period:
    """A financial year from April, or one quarter of it (0: the whole year)."""

    year: int
    quarter: int

    @classmethod
    def of(cls, text: str) -> Period:
        return cls(int(text[:4]), int(text[-1]) if "Q" in text else 0)

    @property
    def name(self) -> str:
        return f"{self.year}-{(self.year + 1) % 100:02d}"

    @property
    def months(self) -> set[tuple[int, int]]:
        numbers = range(3 * self.quarter - 3, 3 * self.quarter) if self.quarter else range(12)
        return {(self.year + (n + 3) // 12, (n + 3) % 12 + 1) for n in numbers}

    @property
    def start(self) -> date:
        return date(*min(self.months), 1)

    def cut(self, rows: Iterable[Any], day: Callable[[Any], date]) -> list[Any]:
        """The rows whose day lies in the period."""
        first, last = self.start, self.end
        return [row for row in rows if first <= day(row) <= last]

    @property
    def end(self) -> date:
        year, month = max(self.months)
        return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


class Council:
    """Everything read once: settings, payments with their suppliers, awards, the register."""

    def __init__(self, folder: Path):
        self.settings: dict[str, Any] = tomllib.loads((folder / "cwb.toml").read_text(encoding="utf-8"))
        self.raw = folder / self.settings["data"]["raw"]
        self.awards = awards(self.raw)
        told = [one for award in self.awards for one in award.suppliers]
        self.directory = Directory(self.raw, folder / self.settings["data"]["processed"], told)
        self.local = set(self.settings["local"]["districts"])
        self.home = self.settings["council"]["home_district"]
        paid, self.account = payments(self.raw / "spend")
        rules = [
            (row["Financial year"], row["Match on"].lower(), row["Match value"].upper())
            for path in sorted((self.raw / "one_offs").glob("*.csv"))
            for row in table(path)
            if row["Reason"] and row["Approved by (role)"]
        ]
        self.listed = {year for year, _, _ in rules}
        self.lines = [
            Line(one, self._of(one), self._is_one_off(one, set(rules)), self.settings["council"]["name"])
            for one in paid
        ]
        self.months = {(line.paid.day.year, line.paid.day.month) for line in self.lines}

    def _of(self, paid: Payment) -> Supplier | None:
        return self.directory.supplier(paid.supplier, paid.vendor) if paid.supplier else None

    @staticmethod
    def _is_one_off(paid: Payment, rules: set[tuple[str, str, str]]) -> bool:
        year = Period(paid.day.year - (paid.day.month < 4), 0).name
        fields = {
            "contract reference": paid.contract, "transaction number": paid.transaction, "supplier id": paid.vendor,
        }  # fmt: skip
        return any((year, name, (value or "").strip().upper()) in rules for name, value in fields.items())

    @cached_property
    def anchor_lines(self) -> list[Line]:
        """Payments of the other bodies: their ids of suppliers say nothing here."""
        found = []
        for anchor in self.settings["anchors"]:
            folder = self.raw / "anchor_spend" / "-".join(plain(anchor["name"]).split())
            for one in payments(folder)[0] if folder.is_dir() else []:
                known = self._of(one._replace(vendor=None))
                found.append(Line(one, known, False, anchor["name"]))
        return found

    def is_local(self, supplier: Supplier) -> bool | None:
        return None if supplier.district is None else supplier.district in self.local

    def is_home(self, supplier: Supplier) -> bool | None:
        return None if supplier.district is None else supplier.district == self.home

    def in_period(self, period: Period) -> list[Line]:
        return period.cut(self.lines, lambda line: line.paid.day)

    def is_whole(self, *periods: Period) -> bool:
        return all(period.months <= self.months for period in periods)


def pounds(lines: Iterable[Line]) -> Fraction:
    return sum((line.paid.pounds for line in lines), Fraction())


def by_supplier(parts: Iterable[tuple[list[Line], Fraction]], fact: Fact) -> list[Thing]:
    """Net pounds of each supplier over all parts, each part times its factor, with a fact of the supplier.

    A line whose supplier is withheld stands alone, and its fact is not known.
    """
    return nets(
        (line.thing, line.paid.pounds * factor, fact(line.supplier) if line.supplier else None)
        for lines, factor in parts
        for line in lines
    )


def things(lines: list[Line], fact: Fact) -> list[Thing]:
    return by_supplier([(lines, Fraction(1))], fact)


def named(lines: Iterable[Line]) -> dict[str, Supplier]:
    return {line.supplier.key: line.supplier for line in lines if line.supplier}


def count(suppliers: Iterable[Supplier], fact: Fact) -> list[Thing]:
    return [Thing(Fraction(1), fact(one)) for one in suppliers]


def change_of_count(now: dict[str, Supplier], then: dict[str, Supplier], fact: Fact) -> Figure:
    """Suppliers of both periods cancel out, whatever their fact."""
    differences = [(one, (key in now) - (key in then)) for key, one in (then | now).items()]
    return total(Thing(Fraction(weight), fact(one)) for one, weight in differences)
