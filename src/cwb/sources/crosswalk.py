"""From what is bought to the industries that supply it.

There is no official table from CPV to SIC: ours is a dated judgement with a confidence, and a council's own corrections
win over it.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from cwb.base.rows import records
from cwb.base.values import cpv_code
from cwb.reference import table


@dataclass(frozen=True)
class CrosswalkEntry:
    """The industries of one thing bought. `codes` are SIC 2007 codes or their beginnings; `sellers` are wholesale and
    retail that may sell it; `via` says how it was found: "CPV 7731", "ProClass 240000", "category", "" for nothing."""

    codes: tuple[str, ...] = ()
    sellers: tuple[str, ...] = ()
    confidence: str = "none"
    via: str = ""


class Crosswalk:
    """CPV code, ProClass code or the council's own category → industries; the longest CPV prefix that fits wins.

    `corrections` are the rows of `cwb.sources.datasets.crosswalk`, which win over the reference tables.
    """

    def __init__(self, corrections: pd.DataFrame):
        self._prefixes, self._categories = _entries("cpv_to_sic", "cpv_prefix", "CPV"), {}
        self._proclass = _entries("proclass_to_sic", "proclass_code", "ProClass")
        self.version = str(table("cpv_to_sic")["version"].iloc[0])
        for row in records(corrections):
            key = row["cpv_prefix"] or row["category"]
            entry = CrosswalkEntry(
                tuple(row["sic_codes"].split()), (), row["confidence"], f"the council's own table, {key}"
            )
            if row["cpv_prefix"]:
                self._prefixes[row["cpv_prefix"]] = entry
            else:
                self._categories[row["category"].lower()] = entry
            self.version = f"{table('cpv_to_sic')['version'].iloc[0]} with the council's own corrections"

    def find(self, cpv: object = None, proclass: object = None, category: object = None) -> CrosswalkEntry:
        """The first that is known of the council's own category, the CPV code and the ProClass code."""
        if isinstance(category, str) and category.strip().lower() in self._categories:
            return self._categories[category.strip().lower()]
        code = cpv_code(cpv) if isinstance(cpv, str) else None
        beginnings = (code[:length] for length in range(8, 1, -1)) if code else ()
        for beginning in beginnings:
            if beginning in self._prefixes:
                return self._prefixes[beginning]
        if isinstance(proclass, str):
            return (
                self._proclass.get(proclass.strip()[:6])
                or self._proclass.get(proclass.strip()[:2] + "0000")
                or CrosswalkEntry()
            )
        return CrosswalkEntry()


def _entries(name: str, key: str, scheme: str) -> dict[str, CrosswalkEntry]:
    return {
        row[key]: CrosswalkEntry(
            tuple(row["sic_codes"].split()),
            tuple(row["seller_codes"].split()),
            row["confidence"],
            f"{scheme} {row[key]}",
        )
        for row in table(name).to_dict("records")
    }
