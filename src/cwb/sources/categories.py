"""What was bought: one classification for a whole table, chosen by how much of the spend it covers.

CPV divisions are preferred, then ProClass level 1, then the council's own category. Schemes are never mixed in
one table: lines without the chosen scheme are "Not categorised".

`Bridge` leads from what is bought to the industries that supply it. There is no official table from CPV to SIC: ours is
a dated judgement with a confidence, and a council's own corrections win over it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from cwb.base.rows import records
from cwb.base.values import cpv_code
from cwb.reference import table

NOT_CATEGORISED = "Not categorised"
ENOUGH = 0.5


@dataclass(frozen=True)
class CrosswalkEntry:
    """The industries of one thing bought. `codes` are SIC 2007 codes or their beginnings; `sellers` are wholesale and
    retail that may sell it; `via` says by what it was found: "CPV 7731", "ProClass 240000", "category", "" for nothing."""

    codes: tuple[str, ...] = ()
    sellers: tuple[str, ...] = ()
    confidence: str = "none"
    via: str = ""


class Bridge:
    """CPV code, ProClass code or the council's own category → industries; the longest CPV prefix that fits wins.

    `own` are the rows of `cwb.sources.crosswalk`, which win over the reference tables.
    """

    def __init__(self, own: pd.DataFrame):
        self._prefixes, self._categories = _crosswalk("cpv_to_sic", "cpv_prefix", "CPV"), {}
        self._proclass = _crosswalk("proclass_to_sic", "proclass_code", "ProClass")
        self.version = str(table("cpv_to_sic")["version"].iloc[0])
        for row in records(own):
            key = row["cpv_prefix"] or row["category"]
            found = CrosswalkEntry(
                tuple(row["sic_codes"].split()), (), row["confidence"], f"the council's own table, {key}"
            )
            if row["cpv_prefix"]:
                self._prefixes[row["cpv_prefix"]] = found
            else:
                self._categories[row["category"].lower()] = found
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


def _crosswalk(name: str, key: str, scheme: str) -> dict[str, CrosswalkEntry]:
    return {
        row[key]: CrosswalkEntry(
            tuple(row["sic_codes"].split()),
            tuple(row["seller_codes"].split()),
            row["confidence"],
            f"{scheme} {row[key]}",
        )
        for row in table(name).to_dict("records")
    }


def categorise(lines: pd.DataFrame) -> tuple[pd.Series, str]:
    """Category of each line and the name of the scheme. `lines` needs `cpv_code`, `proclass_code`, `category`,
    `amount_gbp`."""
    options = (
        (_cpv(lines), "CPV divisions"),
        (_proclass(lines), "ProClass level 1"),
        (_own(lines), "the council's own categories"),
    )
    pounds = lines["amount_gbp"].abs()
    total = pounds.sum()
    shares = [pounds[labels.notna()].sum() / total if total else 0.0 for labels, _ in options]
    best = next((i for i, share in enumerate(shares) if share >= ENOUGH), None)
    if best is None:
        best = max(range(len(options)), key=lambda i: shares[i])
    labels, scheme = options[best]
    return labels.fillna(NOT_CATEGORISED), scheme


def _cpv(lines: pd.DataFrame) -> pd.Series:
    divisions = dict(table("cpv_divisions").itertuples(index=False, name=None))
    return _looked_up(lines["cpv_code"], lambda text: divisions.get((cpv_code(text) or "")[:2]))


def _proclass(lines: pd.DataFrame) -> pd.Series:
    names = dict(table("proclass").itertuples(index=False, name=None))
    return _looked_up(lines["proclass_code"], lambda text: names.get(text.strip()[:6]))


def _looked_up(codes: pd.Series, find: Callable[[str], str | None]) -> pd.Series:
    """Each code's label, found once for each distinct code."""
    codes = codes.astype(object)
    labels = {code: find(code) for code in codes.unique() if isinstance(code, str)}
    return pd.Series([labels.get(code) for code in codes], index=codes.index, dtype=object)


def _own(lines: pd.DataFrame) -> pd.Series:
    def tidy(text: object) -> str | None:
        return text.strip().capitalize() if isinstance(text, str) and text.strip() else None

    return pd.Series([tidy(text) for text in lines["category"].astype(object)], index=lines.index, dtype=object)
