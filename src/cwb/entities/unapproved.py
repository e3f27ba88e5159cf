"""The form of names that are not shown: whose may be, because it is an organisation, is for a person to say.

It names payees, so that it is written beside the settings and never into a report. Names that are plainly a person's are
left out, and those that somebody has decided.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from cwb.base.characters import neutral
from cwb.base.database import connect
from cwb.base.no_name import no_name
from cwb.base.privacy import WITHHELD, is_plainly_person
from cwb.base.progress import Progress
from cwb.council.config import Settings
from cwb.entities.matched import prepare, read_parquet, table_sql
from cwb.entities.shown import approvals, spelt
from cwb.sources.datasets import approved_names
from cwb.sources.forms import NAMES_PAYEES, new_form, write_form
from cwb.sources.tabular import sql_text

HEADINGS = (*approved_names.SOURCE.headings, "Payments", "Pounds (£)", "Running share of what is not shown")
FORM = "approved-names"


def unapproved(settings: Settings) -> tuple[list[tuple[str, int, Decimal]], Decimal]:
    """Names as payments have them, number of payments and pounds of all periods, most pounds first; and the pounds of all
    payees that are not shown."""
    lines = table_sql(settings.processed, "lines")
    if lines is None:
        return [], Decimal(0)
    decided = approvals(read_parquet(settings.processed / "approved_names.parquet"))
    with connect() as con:
        rows = con.execute(
            f"""SELECT supplier_name, count(*), sum(amount_gbp) AS pounds FROM {lines}
            WHERE display_name = {sql_text(WITHHELD)} GROUP BY 1 ORDER BY pounds DESC, 1"""
        ).fetchall()
    total = sum((pounds for _, _, pounds in rows), Decimal(0))
    return [
        (name, many, pounds)
        for name, many, pounds in rows
        if name and pounds > 0 and spelt(name) not in decided and not no_name(name) and not is_plainly_person(name)
    ], total


def write_unapproved(settings: Settings, folder: Path, progress: Progress) -> tuple[Path, str]:
    """Write the form into a folder; its path, and how much waits. Raises `CwbError` where it is there."""
    path = new_form(FORM, folder)
    prepare(settings, progress)
    rows, total = unapproved(settings)
    cells, so_far = [], Decimal(0)
    for name, many, pounds in rows:
        so_far += pounds
        cells.append((neutral(name), "", "", "", "", f"{many}", f"{pounds:.2f}", f"{so_far / total:.3f}"))
    write_form(path, [(NAMES_PAYEES,), HEADINGS, *cells])
    if not rows:
        return path, "no name waits that may be an organisation's"
    return (
        path,
        f"{len(rows):,} names, £{so_far:,.0f} of the £{total:,.0f} whose payees are not shown, wait for a person's word",
    )
