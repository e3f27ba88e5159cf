"""Rows of which the headings cannot tell what they hold: they are refused whatever they hold, and say why."""

from __future__ import annotations

from dataclasses import dataclass

from cwb.sources.csv_rows import CUT_AMOUNT
from cwb.sources.headers import Header
from cwb.sources.tabular import WORKBOOK, Grid

# The columns of the texts of a small table in which such a row says so.
MISPLACED, CELLS = "misplaced", "misplaced_cells"
ABOVE = "it stands above the headings"
WIDE = "it has more cells than headings: a comma without quotation marks?"
MISPLACED_REMEDIES = {
    ABOVE: "Ask the publisher for the file with its headings above all rows.",
    WIDE: "Ask the publisher for the file as XLSX, or with quotation marks around cells that hold a comma, as in 1,234.56.",
}


@dataclass(frozen=True)
class Misplaced:
    """SQL of such rows in one grid: whether a row `is_above` its headings, or `is_wide`, and `cells`, what a wide one holds."""

    is_above: str = "false"
    is_wide: str = "false"
    cells: str = "NULL::VARCHAR"

    @property
    def reason(self) -> str:
        """SQL: why a row is refused; NULL for all others."""
        return f"CASE WHEN {self.is_above} THEN '{ABOVE}' WHEN {self.is_wide} THEN '{WIDE}' END"


def misplaced_in(grid: Grid, header: Header) -> Misplaced:
    """A cell right of the headings is there for a comma without quotation marks, where the row is longer than that of the headings,
    or where two cells beside one another are one amount. Else it may be a note beside the table; in a workbook it always may."""
    is_above = f"source_row IN ({', '.join(map(str, header.above))})" if header.above else "false"
    headings = next((at for at, cell in reversed([*enumerate(header.cells, 1)]) if cell.strip()), grid.width)
    if grid.encoding == WORKBOOK or grid.width <= headings:
        return Misplaced(is_above)
    right = range(headings, grid.width)
    beyond = [f"c{at}" for at in right if at >= len(header.cells)]
    is_longer = f"nullif(trim(concat({', '.join(beyond)})), '') IS NOT NULL" if beyond else "false"
    row = ", ".join(f"coalesce(c{at}, '')" for at in range(grid.width))
    is_cut = f"regexp_matches(concat_ws(',', {row}), '{CUT_AMOUNT}')"
    filled = f"coalesce({', '.join(f'c{at}' for at in right)}) IS NOT NULL"
    last = " ".join(f"WHEN c{at} IS NOT NULL THEN {at + 1}" for at in reversed(right))
    # CASE and not AND: few rows have a cell there, and only these are looked at.
    is_wide = f"CASE WHEN {filled} THEN {is_longer} OR {is_cut} ELSE false END"
    cells = f"CASE {last} END || ' cells, {headings} headings'"
    return Misplaced(is_above, is_wide, f"CASE WHEN {is_wide} THEN {cells} END")
