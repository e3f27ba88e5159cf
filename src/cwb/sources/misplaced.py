"""Rows of which the headings cannot tell what they hold: they are refused whatever they hold, and say why."""

from __future__ import annotations

from cwb.sources.headers import Header

# The column of the reason in the texts of a small table.
MISPLACED = "misplaced"
ABOVE = "it stands above the headings"
MISPLACED_REMEDIES = {
    ABOVE: "Ask the publisher for the file with its headings above all rows.",
}


def sql_is_above(header: Header) -> str:
    """SQL: whether a row stands above the headings and holds a date and an amount all the same."""
    return f"source_row IN ({', '.join(map(str, header.above))})" if header.above else "false"
