"""Statements of the public registry of modern slavery statements, each with the council's suppliers that it may be of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import duckdb
import pyarrow as pa

from cwb.entities.matching.match import MATCHED
from cwb.entities.matching.names import normalise_name
from cwb.lines.columns import SOURCE, flag, text, written
from cwb.lines.table import Column, Table, add_list
from cwb.sources.datasets.modern_slavery import TURNOVER_BANDS
from cwb.sources.tabular import sql_text

BY_NUMBER, BY_NAME, BY_GROUP = "company number", "same name", "parent of a group statement"
REGISTRY = Table(
    "registry_lines",
    "one organisation of one modern slavery statement on the public registry, and the council's supplier that it is",
    (
        *SOURCE,
        Column("registry_year", "INTEGER", "registry year: that of the day six months after the year covered ends", "year", needed=True),
        text("statement_key", "address of the statement's summary"),
        written("organisation_name", "organisation as the registry has it", needed=True),
        text("company_number", "Companies House number on the registry"),
        flag("is_group", "the statement covers several organisations"),
        Column("end_date", "DATE", "last day of the year that it covers"),
        Column("approved_date", "DATE", "day on which it was approved"),
        Column("topics", "INTEGER", "of the six recommended topics those that it says it covers", "topics"),
        text("turnover_band", "turnover, as stated", TURNOVER_BANDS),
        text("registered_supplier", "supplier of the council, matched to an organisation, that it is of; NULL for none"),
        text("found_by", "by what that supplier was found", (BY_NUMBER, BY_NAME, BY_GROUP)),
    ),
)  # fmt: skip
_KEYS = ("organisation_name", "parent_name", "company_number", "is_group")


def registry_selects(
    con: duckdb.DuckDBPyConnection, statements: str | None, suppliers: str | None, organisations: str | None
) -> dict[str, str]:
    """The SQL of the table, where there are files of the registry and suppliers. A supplier is found by the number of the company
    that it is matched to; else by its name, unless both have numbers and they differ, or as the parent that a group names."""
    if not statements or not suppliers:
        return {}
    listed = con.execute(f"SELECT DISTINCT {', '.join(_KEYS)} FROM {statements} ORDER BY ALL").fetchall()
    paid = _Suppliers(con, suppliers, organisations)
    nobody: list[tuple[str | None, str | None]] = [(None, None)]
    found = [(*row, *one) for row in listed for one in paid.of(*row) or nobody]
    names = (*_KEYS, "registered_supplier", "found_by")
    add_list(con, "registry_suppliers", names, found, is_group=pa.bool_())
    same = " AND ".join(f"f.{name} IS NOT DISTINCT FROM s.{name}" for name in _KEYS)
    sql = f"SELECT s.*, registered_supplier, found_by FROM {statements} s JOIN registry_suppliers f ON {same}"
    return {REGISTRY.name: sql}


class _Suppliers:
    """The suppliers that are matched to an organisation, by its number and by their names."""

    def __init__(self, con: duckdb.DuckDBPyConnection, suppliers: str, organisations: str | None):
        # A number that a file gives is the company's, whether or not a register at hand has it.
        numbers, join = "s.company_number, s.supplier_name, s.organisation_name", ""
        if organisations:
            numbers = "coalesce(o.company_number, s.company_number), s.supplier_name, o.name"
            join = f"LEFT JOIN {organisations} o USING (org_id)"
        rows = con.execute(
            f"SELECT supplier_key, {numbers} FROM {suppliers} s {join} WHERE match_status = {sql_text(MATCHED)} ORDER BY supplier_key"
        ).fetchall()
        self._number: dict[str, str | None] = {}
        self._by_number: dict[str, set[str]] = defaultdict(set)
        self._by_name: dict[str, set[str]] = defaultdict(set)
        for key, number, *names in rows:
            self._number[key] = number
            if number:
                self._by_number[number].add(key)
            for name in {normalise_name(name) for name in names if name} - {""}:
                self._by_name[name].add(key)

    def of(
        self, name: str, parent: str | None, number: str | None, is_group: bool | None
    ) -> list[tuple[str, str]]:
        """The suppliers that an entry of the registry may be, each with by what."""
        found = dict.fromkeys(self._by_number.get(number or "", ()), BY_NUMBER)
        for key in self._called(name):
            if not number or not self._number[key]:
                found.setdefault(key, BY_NAME)
        for key in self._called(parent) if is_group else ():
            found.setdefault(key, BY_GROUP)
        return sorted(found.items())

    def _called(self, name: str | None) -> Iterable[str]:
        return self._by_name.get(normalise_name(name), ()) if name else ()
