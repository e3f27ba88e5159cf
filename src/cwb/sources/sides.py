"""A column that says of each amount whether it is a debit or a credit: where amounts have no signs, a file of both is refused.

Which of the two is a payment is not guessed: in a ledger of costs it is the debit, in an account of suppliers the credit (an invoice).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from glob import escape

import duckdb

from cwb.base.errors import Fault, SourceError, fault
from cwb.council.sections import FileMapping
from cwb.sources.headers import Header
from cwb.sources.layout import UNUSED, Layout, normalise_header
from cwb.sources.mapping import as_toml
from cwb.sources.register_sql import pounds
from cwb.sources.report import RawFile
from cwb.sources.source import Holds
from cwb.sources.tabular import Grid, sql_text

_DEBIT, _CREDIT = r"\b(debits?|dr|d)\b", r"\b(credits?|cr|c)\b"
_BETWEEN = r"\s*(/|-|&|or|and)?\s*"
# SAP's indicator says S (Soll) and H (Haben).
_HEADING = re.compile(rf"{_DEBIT}{_BETWEEN}{_CREDIT}|{_CREDIT}{_BETWEEN}{_DEBIT}|\bs\s*/\s*h\b|^shkzg$")
_DEBITS, _CREDITS = ("DR", "D", "DEBIT", "S"), ("CR", "C", "CREDIT", "H")


def refuse_unsigned(
    con: duckdb.DuckDBPyConnection,
    tables: Iterable[tuple[Grid, Header]],
    layout: Layout,
    holds: Mapping[str, Holds],
    file: RawFile,
) -> None:
    """Raise `SourceError` where debits and credits both have amounts above nought. A column that holds anything else than these two
    words, or of which the settings speak, tells no sides."""
    for grid, header in tables:
        amounts = [at for name, at in header.columns.items() if holds.get(name) is Holds.POUNDS]
        for at, cell in enumerate(header.cells[: grid.width]):
            heading = normalise_header(cell)
            if heading in layout.mapped or not _HEADING.search(heading):
                continue
            if any(_is_unsigned(con, grid, header, at, amount) for amount in amounts):
                raise SourceError(_fault(grid, header, " ".join(cell.split()), file))


def _fault(grid: Grid, header: Header, heading: str, file: RawFile) -> Fault:
    mapping = FileMapping(files=(escape(file.label),), columns={**file.columns, heading: UNUSED})
    return fault(
        f"'{heading}' tells debits from credits, and the amounts of both have no sign: added up, what was paid back would count as "
        "paid",
        "Ask for the amounts with a minus where money came back. Or, if all of them are to be added up, say it in "
        f"cwb.toml:\n{as_toml(mapping)}",
        grid.path,
        sheet=grid.sheet,
        row=header.row or None,
    )


def _is_unsigned(con: duckdb.DuckDBPyConnection, grid: Grid, header: Header, at: int, amount: int) -> bool:
    listed = {side: ", ".join(map(sql_text, marks)) for side, marks in (("d", _DEBITS), ("c", _CREDITS))}
    # The rows of a large file have no numbers yet: the heading itself is among them.
    above = "false" if grid.is_direct else f"source_row <= {header.row}"
    debits, credits, others = con.execute(
        f"""SELECT count(*) FILTER (side IN ({listed["d"]}) AND pounds > 0),
                   count(*) FILTER (side IN ({listed["c"]}) AND pounds > 0),
                   count(*) FILTER (side NOT IN ({listed["d"]}, {listed["c"]}))
            FROM (SELECT nullif(upper(trim(c{at}, ' .')), '') AS side, {pounds(f"c{amount}")} AS pounds
                  FROM ({grid.relation}) WHERE NOT ({above}) AND trim(c{at}) <> {sql_text(header.cells[at].strip())})"""
    ).fetchall()[0]
    return bool(debits and credits and not others)
