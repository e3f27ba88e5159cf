"""Rows of award CSVs: which rows are one award, which publish an award anew, and suppliers packed into one cell.

Contracts Finder publishes awards as one row per supplier (the flat CSV of its OCDS) or, from its search, as one row per
notice with all suppliers in one cell: "[Name|Address|Ref type|Ref Number|Is SME|Is VCSE][…]".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pandas as pd

from cwb.sources.ocds import Json
from cwb.sources.ocds_awards import CONTRACTS_FINDER

# In these, by stored column and by field, rows of one award id tell awards (lots) apart.
APART = ("ocid", "lot", "title", "value_gbp", "award_date", "start_date", "end_date")
APART_FIELDS = tuple("value" if name == "value_gbp" else name for name in APART)
_SCHEMES = {"COMPANIES_HOUSE": "GB-COH", "CHARITY_COMMISSION": "GB-CHC"}


def one_row_per_supplier(texts: pd.DataFrame) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """The rows with their packed suppliers one a row, and a note where there are any."""
    if not texts["packed"].notna().any():
        return texts, ()
    rows: list[Json] = []
    for row in texts.to_dict("records"):
        suppliers = list(_packed(row["packed"])) if row["packed"] and not row["supplier_name"] else []
        rows += [{**row, **supplier} for supplier in suppliers] or [row]
    table = pd.DataFrame(rows, columns=list(texts.columns), dtype=object)
    more = len(table) - len(texts)
    note = f"suppliers of one cell are counted as rows: {more:,} more than the file has"
    return table.where(table.notna(), None), (note,) if more else ()


def _packed(cell: str) -> Iterable[Json]:
    """The suppliers of one cell."""
    for block in cell.strip().removeprefix("[").removesuffix("]").split("]["):
        # A name may hold the mark too; the five parts after it may not.
        name, *parts = block.rsplit("|", 5)
        street, scheme, number, sme, vcse = [part.strip() or None for part in parts] + [None] * (5 - len(parts))
        if name.strip():
            yield {
                "supplier_name": name.strip(),
                "street": street,
                "identifier_scheme": _SCHEMES.get((scheme or "").upper(), scheme),
                "identifier_id": number,
                "is_sme": sme,
                "is_vcse": vcse,
            }


def _same(texts: pd.DataFrame) -> pd.Series:
    """What rows of one award have in common: id, process and lot as published."""
    parts = (texts[name].fillna("") for name in ("award_id", "ocid", "lot"))
    return pd.Series(list(zip(*parts, strict=True)), index=texts.index, dtype=object)


def latest_published(texts: pd.DataFrame, values: pd.DataFrame) -> dict[object, pd.Timestamp]:
    """Award (id, process, lot) → the day on which it was published last, if only to take it back."""
    published = pd.to_datetime(values["published_date"])
    return dict(published.groupby(_same(texts)).max().dropna())


def superseded_by(latest: dict[object, pd.Timestamp]) -> Callable[[pd.DataFrame, pd.DataFrame], pd.Series]:
    """Whether a later row, of whatever file, publishes the same award anew."""
    return lambda texts, values: (
        pd.to_datetime(values["published_date"]) < pd.to_datetime(_same(texts).map(latest))
    )


def award_keys(table: pd.DataFrame) -> pd.DataFrame:
    """The table with `award_key` and `supplier_count`: an award is its id, with a number where several have the same one."""
    shown = table.reindex(columns=list(APART)).astype(str)
    apart = pd.Series(list(shown.itertuples(index=False, name=None)), index=table.index)
    # In the order of the rows; every supplier of an award has the award's number.
    numbers = apart.groupby(table["notice_id"], sort=False).transform(lambda found: pd.factorize(found)[0])
    keys = [
        notice_id if not number else f"{notice_id}/{number + 1}"
        for notice_id, number in zip(table["notice_id"], numbers, strict=True)
    ]
    keyed = table.assign(award_key=keys)
    return keyed.assign(supplier_count=keyed.groupby("award_key")["supplier_name"].transform("size"))


def not_listed(notices: list[pd.DataFrame], listed: pd.DataFrame) -> list[pd.DataFrame]:
    """The awards of notices without those of Contracts Finder that its CSV lists too, by award id and supplier."""
    if not len(listed):
        return notices
    pairs = set(zip(listed["notice_id"], listed["supplier_name"], strict=True))
    found = []
    for table in notices:
        again = [
            source == CONTRACTS_FINDER and (award_id, name) in pairs
            for source, award_id, name in zip(
                table["notice_source"], table["award_id"], table["supplier_name"], strict=True
            )
        ]
        found.append(table[[not one for one in again]])
    return found
