"""How good the matching is, on names whose organisation is known.

A labelled file has a column of names, one of the organisation's number (company, charity or mutual; empty where it is
on no register), and may have a postcode and an amount. Nothing is tuned on it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb
import pandas as pd

from cwb.base.database import connect, rows_with
from cwb.base.errors import SourceError, fault
from cwb.base.privacy import is_person
from cwb.base.rows import plain
from cwb.base.values import company_number, mutual_number, parse_money, parse_postcode
from cwb.council.config import Settings
from cwb.entities.matching.match import MATCHED, REVIEW, match_suppliers
from cwb.sources.headers import find_header
from cwb.sources.layout import Layout
from cwb.sources.tabular import open_grids

LABELLED = Layout(
    source="labelled",
    fields={
        "name": ("supplier name", "name", "supplier", "organisation name", "trading name"),
        "company_number": (
            "company number",
            "number",
            "company no",
            "registered number",
            "companies house number",
        ),
        "charity_number": ("charity number",),
        "mutual_number": ("mutual number",),
        "postcode": ("postcode", "post code", "supplier postcode"),
        "amount": ("amount", "spend", "net amount", "value"),
    },
    required=("name", ("company_number", "charity_number", "mutual_number")),
)
_ISSUERS = ("company_number", "charity_number", "mutual_number")


@dataclass(frozen=True)
class Evaluation:
    """`rows` has each labelled name with what was found and `verdict`; the rest are its figures.

    `precision`: right of all matched. `recall`: right of all whose organisation is on the registers at hand. `by_spend`:
    share of the amounts that is matched; None without amounts.
    """

    rows: pd.DataFrame
    matched: int
    right: int
    findable: int
    in_review: int
    right_in_review: int
    by_spend: float | None

    @property
    def precision(self) -> float | None:
        return self.right / self.matched if self.matched else None

    @property
    def recall(self) -> float | None:
        return self.right / self.findable if self.findable else None


def read_labelled(path: Path, scratch: Path) -> pd.DataFrame:
    """The labelled names as texts with canonical numbers; raise `SourceError` for a file without the columns."""
    with open_grids(path, scratch, direct=False) as grids:
        if not grids:
            raise SourceError(fault("the file holds no rows", "Give names and numbers.", path))
        header = find_header(grids[0], LABELLED)
        chosen = ", ".join(f"nullif(trim(c{index}), '') AS {name}" for name, index in header.columns.items())
        with connect() as con:
            frame = con.execute(
                f"SELECT {chosen} FROM ({grids[0].relation}) WHERE source_row > {header.row} ORDER BY source_row"
            ).df()
    frame = frame.reindex(columns=list(LABELLED.fields)).astype(object)
    frame = frame.where(frame.notna(), None)
    frame["company_number"] = [company_number(n) for n in frame["company_number"]]
    frame["mutual_number"] = [mutual_number(n) for n in frame["mutual_number"]]
    frame["postcode"] = [parse_postcode(p) for p in frame["postcode"]]
    frame["amount"] = [float(parse_money(a) or 0) for a in frame["amount"]]
    return frame[frame["name"].notna()].reset_index(drop=True)


def evaluate(con: duckdb.DuckDBPyConnection, settings: Settings, labelled: pd.DataFrame) -> Evaluation:
    """Match labelled names, as if the registers at hand were whole, as suppliers of whom nothing else is known; compare.

    `con` has the view `organisations` and the tables of `load_names`.
    """
    suppliers = pd.DataFrame(
        {
            "supplier_key": [str(n) for n in range(len(labelled))],
            "supplier_name": labelled["name"],
            "postcode": labelled["postcode"],
            "company_number": None,
            "charity_number": None,
            "is_individual": [is_person(name) for name in labelled["name"]],
        }
    )
    found, _ = match_suppliers(con, suppliers, pd.DataFrame(), settings.matching, has_register=True)
    rows = (
        labelled.add_prefix("true_")
        .rename(columns={"true_name": "supplier_name"})
        .join(found.drop(columns="supplier_key"))
    )
    rows = plain(rows)
    same = pd.Series(False, index=rows.index)
    for issuer in _ISSUERS:
        same |= rows[f"true_{issuer}"].notna() & (rows[f"true_{issuer}"] == rows[issuer])
    matched, review = rows["match_status"] == MATCHED, rows["match_status"] == REVIEW
    findable = _on_a_register(con, rows)
    rows["verdict"] = "not matched, and on no register"
    rows.loc[findable, "verdict"] = "missed"
    rows.loc[review, "verdict"] = "review, best candidate wrong"
    rows.loc[review & same, "verdict"] = "review, best candidate right"
    rows.loc[matched, "verdict"] = "wrong"
    rows.loc[matched & same, "verdict"] = "right"
    amounts = rows["true_amount"].astype(float)
    return Evaluation(
        rows=rows,
        matched=int(matched.sum()),
        right=int((matched & same).sum()),
        findable=int(findable.sum()),
        in_review=int(review.sum()),
        right_in_review=int((review & same).sum()),
        by_spend=float(amounts[matched].sum() / amounts.sum()) if amounts.sum() else None,
    )


def _on_a_register(con: duckdb.DuckDBPyConnection, rows: pd.DataFrame) -> pd.Series:
    known = pd.Series(False, index=rows.index)
    for issuer in _ISSUERS:
        numbers = rows[f"true_{issuer}"]
        known |= numbers.isin([number for (number,) in rows_with(con, issuer, "organisations", issuer, numbers)])
    return known
