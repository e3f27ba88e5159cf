"""What a person should know of ids and decisions: an id of the vendor list that is no identity, a decision that a file contradicts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import pandas as pd

from cwb.base.rows import Row

ID_SET_ASIDE, DECISION_CONTRADICTED = "id set aside", "decision contradicted"
COLUMNS = ("kind", "supplier_id", "supplier_key", "names", "decided", "stated")
_NUMBERS = ("company_number", "charity_number")


def stated_numbers(rows: Iterable[tuple[str | None, Row]]) -> dict[str, dict[str, set[str]]]:
    """Of each supplier, by key, the company and the charity numbers that files give it."""
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: {name: set() for name in _NUMBERS})
    for key, row in rows:
        for name in _NUMBERS:
            if key and row.get(name):
                found[key][name].add(row[name])
    return found


def remarks_of(
    aside: dict[str, int], decisions: list[Row], stated: dict[str, dict[str, set[str]]]
) -> pd.DataFrame:
    """One row per remark.

    Columns: `kind`; `supplier_id` that was set aside with the number of `names` it bears; `supplier_key` of a decision, the
    number `decided` (empty where the decision is that there is no match) and the number `stated` by a file.
    """
    rows = [
        {"kind": ID_SET_ASIDE, "supplier_id": supplier_id, "names": names}
        for supplier_id, names in sorted(aside.items())
    ]
    for decision in decisions:
        for issuer, numbers in stated.get(decision["supplier_key"], {}).items():
            decided = decision[issuer] or ""
            # A decision for a company says nothing of a charity's number.
            speaks = decided or decision["decision"] == "no match"
            rows += [
                {"kind": DECISION_CONTRADICTED, "supplier_key": decision["supplier_key"], "decided": decided, "stated": number}
                for number in sorted(numbers - {decided})
                if speaks
            ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype({"names": "Int64"})
