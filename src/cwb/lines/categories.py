"""What each line bought, by one classification for the whole table, and which projects are on the approved list.

The classification is chosen by how much of the spend it covers: schemes are never mixed in one table, and lines without
the chosen one are "Not categorised".
"""

from __future__ import annotations

import duckdb

from cwb.base.privacy import shown_text
from cwb.base.values import cpv_code
from cwb.lines.table import add_list
from cwb.reference import table

NOT_CATEGORISED = "Not categorised"
ENOUGH = 0.5
SCHEMES = {
    "cpv_code": "CPV divisions",
    "proclass_code": "ProClass level 1",
    "category": "the council's own categories",
}


def _label(column: str, text: str) -> str | None:
    if column == "cpv_code":
        divisions = dict(table("cpv_divisions").itertuples(index=False, name=None))
        return divisions.get((cpv_code(text) or "")[:2])
    if column == "proclass_code":
        return dict(table("proclass").itertuples(index=False, name=None)).get(text.strip()[:6])
    tidy = " ".join((shown_text(text) or "").split())
    return tidy[:1].upper() + tidy[1:] or None


def choose_category(con: duckdb.DuckDBPyConnection, relation: str, labels_table: str) -> tuple[str, str]:
    """Make the table `labels_table` (text, label) in `con` and return the column it labels and the scheme's name.

    The first scheme that covers half of the pounds (credits by their size) is taken, else the one that covers most.
    """
    best: tuple[float, str] | None = None
    total = con.execute(f"SELECT coalesce(sum(abs(amount_gbp)), 0) FROM {relation}").fetchall()[0][0]
    labels: dict[str, dict[str, str]] = {}
    for column in SCHEMES:
        texts = con.execute(
            f"SELECT {column}, sum(abs(amount_gbp)) FROM {relation} WHERE {column} IS NOT NULL GROUP BY 1"
        ).fetchall()
        found = {text: (_label(column, text), pounds) for text, pounds in texts}
        labels[column] = {text: label for text, (label, _) in found.items() if label}
        share = sum(pounds for label, pounds in found.values() if label) / total if total else 0
        if best is None or (best[0] < ENOUGH and share > best[0]):
            best = (float(share), column)
        if best[0] >= ENOUGH:
            break
    assert best is not None
    chosen = best[1]
    add_list(con, labels_table, ("text", "label"), sorted(labels[chosen].items()))
    return chosen, SCHEMES[chosen]


def category_column() -> str:
    """The label of a line joined to its labels as `c`."""
    return f"coalesce(c.label, '{NOT_CATEGORISED}') AS category, l.category AS own_category, cpv_code, proclass_code, transaction_number, contract_reference"
