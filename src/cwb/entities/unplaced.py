"""The form of suppliers whose place is not known: what a person must find out, the largest first.

It names suppliers, so that it is written beside the settings and never into a report. Those that may be individuals are
left out: where a person lives is nothing for a form.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pandas as pd

from cwb.base.characters import neutral
from cwb.base.progress import Progress
from cwb.council.config import Settings
from cwb.entities.matched import prepare, read_parquet, spent_with
from cwb.entities.matching.supplier_kinds import INDIVIDUAL
from cwb.sources.datasets import places
from cwb.sources.forms import NAMES_PAYEES, new_form, write_form
from cwb.sources.places import UNKNOWN

_WHO, _WHERE = places.SOURCE.headings[:2], places.SOURCE.headings[2:]
HEADINGS = (*_WHO, "Spend (£)", "Running share of what is not placed", *_WHERE)
FORM = "places"
_ENOUGH = Decimal("0.8")


def unplaced(settings: Settings) -> tuple[pd.DataFrame, Decimal]:
    """The suppliers that are paid and have no place, and the pounds of all suppliers without one.

    One row per supplier, most pounds first: `supplier_key`, `supplier_name`, `pounds` (of all periods), `running` (share of
    those pounds that this row and those above it settle). Credits alone settle nothing and are left out.
    """
    suppliers = read_parquet(settings.processed / "suppliers.parquet")
    spent = spent_with(settings)
    if suppliers.empty:
        return pd.DataFrame(columns=["supplier_key", "supplier_name", "pounds", "running"]), Decimal(0)
    paid = suppliers.assign(pounds=[spent.get(key, Decimal(0)) for key in suppliers["supplier_key"]])
    waiting = paid[(paid["ring"] == UNKNOWN) & (paid["pounds"] > 0)]
    total = sum(waiting["pounds"], Decimal(0))
    named = waiting[waiting["supplier_kind"] != INDIVIDUAL]
    named = named.sort_values(["pounds", "supplier_key"], ascending=[False, True], ignore_index=True)
    running, so_far = [], Decimal(0)
    for pounds in named["pounds"]:
        so_far += pounds
        running.append(so_far / total)
    return named[["supplier_key", "supplier_name", "pounds"]].assign(running=running), total


def write_unplaced(settings: Settings, folder: Path, progress: Progress) -> tuple[Path, str]:
    """Write the form into a folder; its path, and what filling it in would settle. Raises `CwbError` where it is there."""
    path = new_form(FORM, folder)
    prepare(settings, progress)
    rows, total = unplaced(settings)
    cells = (
        (neutral(key), neutral(name), f"{pounds:.2f}", f"{running:.3f}", "", "", "", "")
        for key, name, pounds, running in rows.itertuples(index=False)
    )
    write_form(path, [(NAMES_PAYEES,), HEADINGS, *cells])
    return path, _settles(rows, total)


def _settles(rows: pd.DataFrame, total: Decimal) -> str:
    """How far the form gets: "the first 40 rows settle 80% of £1,234,567 paid to suppliers without a place"."""
    if rows.empty:
        return "every supplier that is no individual has a place"
    enough = [number for number, running in enumerate(rows["running"], 1) if running >= _ENOUGH]
    first = enough[0] if enough else len(rows)
    which = "the first row settles" if first == 1 else f"the first {first:,} rows settle"
    return (
        f"{which} {float(rows['running'].iloc[first - 1]):.0%} of £{total:,.0f} paid to suppliers without a place"
    )
