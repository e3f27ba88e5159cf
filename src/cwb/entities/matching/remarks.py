"""What a person should know of ids, decisions and places: an id of the vendor list that is no identity or bears another name, a
decision that a file contradicts, a row of a form that is nobody's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import pandas as pd

from cwb.base.privacy import WITHHELD, evidenced_name
from cwb.base.rows import Row
from cwb.entities.matching.names import normalise_name

ID_SET_ASIDE, DECISION_CONTRADICTED = "id set aside", "decision contradicted"
ID_RENAMED, DECISION_OF_NOBODY, PLACE_OF_NOBODY = "id renamed", "decision of nobody", "place of nobody"
PLACE_OF_INDIVIDUAL, PLACE_NOT_IN_DIRECTORY = "place of an individual", "place not in the directory"
PLACE_OVERRIDDEN = "place overridden"
COLUMNS = (
    "kind",
    "supplier_id",
    "supplier_key",
    "names",
    "decided",
    "stated",
    "other_name",
    "source_file",
    "source_row",
)
_NUMBERS = ("company_number", "charity_number")


def stated_numbers(rows: Iterable[tuple[str | None, Row]]) -> dict[str, dict[str, set[str]]]:
    """Of each supplier, by key, the company and the charity numbers that files give it."""
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: {name: set() for name in _NUMBERS})
    for key, row in rows:
        for name in _NUMBERS:
            if key and row.get(name):
                found[key][name].add(row[name])
    return found


def bearers_of(rows: Iterable[tuple[str | None, Row]]) -> dict[str, set[str]]:
    """The suppliers' keys, each of itself, and those that bear a name, by the key that the name alone would have."""
    found: dict[str, set[str]] = defaultdict(set)
    for key, row in rows:
        if key:
            found[f"name:{normalise_name(row['supplier_name'])}"].add(key)
    for key in {key for keys in found.values() for key in keys}:
        found[key] = {key}
    return found


def carried(given: list[Row], bearers: dict[str, set[str]]) -> tuple[list[Row], list[Row]]:
    """The rows of a form under the keys that suppliers have now, and those that are nobody's.

    A later file may change a key ("name:delta works" is the vendor "id:D" once a list has it). The row goes with its name
    where just one supplier bears that, unless another row speaks of that supplier.
    """
    kept = [row for row in given if bearers.get(row["supplier_key"]) == {row["supplier_key"]}]
    spoken = {row["supplier_key"] for row in kept}
    nobody = []
    for row in given:
        key = row["supplier_key"]
        if key in spoken:
            continue
        is_name = key.startswith("name:")
        name = ":".join(key.split(":")[:2]) if is_name else f"name:{normalise_name(row.get('supplier_name'))}"
        now = bearers.get(name, set())
        # A key with number and postcode is of one among several: another of that name is not it.
        is_it = not is_name or key == name or now == {name}
        if len(now) == 1 and is_it and not now & spoken:
            kept.append(row | {"supplier_key": next(iter(now))})
            spoken |= now
        else:
            nobody.append(row)
    return kept, nobody


def remarks_of(
    aside: dict[str, int],
    decisions: list[Row],
    stated: dict[str, dict[str, set[str]]],
    renamed: dict[str, str],
    unused: dict[str, list[Row]],
) -> pd.DataFrame:
    """One row per remark.

    Columns: `kind`; `supplier_id` that was set aside with the number of `names` it bears; `supplier_key` of a decision, the
    number `decided` (empty where the decision is that there is no match) and the number `stated` by a file; the `other_name`,
    as it may be shown, of an id whose payments bear it beside the vendor's; the file and row of a form's row that is not used, of
    which `unused` has the rows by kind.
    """
    rows: list[Row] = [
        {"kind": ID_SET_ASIDE, "supplier_id": supplier_id, "names": names}
        for supplier_id, names in sorted(aside.items())
    ]
    rows += [
        {
            "kind": ID_RENAMED,
            "supplier_id": supplier_id,
            "supplier_key": f"id:{supplier_id}",
            "other_name": evidenced_name(name)[0] or WITHHELD,
        }
        for supplier_id, name in sorted(renamed.items())
    ]
    rows += [
        {"kind": kind, "source_file": row.get("source_file"), "source_row": row.get("source_row")}
        for kind, lost in unused.items()
        for row in lost
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
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype({"names": "Int64", "source_row": "Int64"})
